"""What each link and each arm brought, by day: lists over a year are read in milliseconds.

The SQL stands in ``0009_counts_by_day.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0009"
down_revision = "0008"

TABLES = {
    "rollup_link_day": Rights("advertiser_id", "publisher_id", "select", "select, insert, update"),
    "rollup_arm_day": Rights("advertiser_id", None, "select", "select, insert, update"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
