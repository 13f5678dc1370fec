"""Contests, and the erasure of what may lead to a person.

The SQL stands in ``0012_contests.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0012"
down_revision = "0011"

TABLES = {"contest": Rights("advertiser_id", "publisher_id", "select, insert, update", "select")}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
