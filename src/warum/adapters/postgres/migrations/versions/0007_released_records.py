"""Records that staff let out of quarantine are tried once more by the consumer.

The SQL stands in ``0007_released_records.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
