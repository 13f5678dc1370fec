"""People: who may sign in to the console, their sessions, and the links that work once.

The SQL stands in ``0003_people.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0003"
down_revision = "0002"

TABLES = {
    "user_account": Rights(None, None, "select, insert, update", ""),
    "session": Rights(None, None, "select, insert, update, delete", ""),
    "setup_link": Rights(None, None, "select, insert, update", ""),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES, hidden_from_reader=TABLES)
