"""What lists of records need: an act that a form makes once, and orders that are found by how their id begins.

The SQL stands in ``0006_records.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
