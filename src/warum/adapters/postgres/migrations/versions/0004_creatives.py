"""Creatives, and the slots on publishers' pages that show them.

The SQL stands in ``0004_creatives.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0004"
down_revision = "0003"

TABLES = {
    "creative": Rights("advertiser_id", None, "select, insert, update", "select"),
    "slot": Rights("advertiser_id", "publisher_id", "select, insert, update", "select"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
