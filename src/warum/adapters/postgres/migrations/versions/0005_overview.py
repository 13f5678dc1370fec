"""What an overview of the whole network reads: coarser counts, and indexes by time.

The SQL stands in ``0005_overview.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0005"
down_revision = "0004"

TABLES = {
    "rollup_program": Rights("advertiser_id", None, "select", "select, insert, update"),
    "rollup_publisher_day": Rights("advertiser_id", "publisher_id", "select", "select, insert, update"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
