"""Webhooks: where advertisers and publishers hear of their receipts."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0011"
down_revision = "0010"

_SENDS = "update (position, first, last, size, attempts, due_at, tried_at, answered, outcome)"
TABLES = {"webhook": Rights("advertiser_id", "publisher_id", "select, insert, update", f"select, {_SENDS}")}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
