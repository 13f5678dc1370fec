"""Contexts: shares of an offer's arms by device, time, publisher or region.

The SQL stands in ``0016_contexts.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
