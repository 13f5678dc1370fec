"""What the ledger moved, by day: a year of it is read in milliseconds.

The SQL stands in ``0008_money_by_day.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0008"
down_revision = "0007"

TABLES = {
    "rollup_money_day": Rights("advertiser_id", None, "select, insert, update", "select, insert, update"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
