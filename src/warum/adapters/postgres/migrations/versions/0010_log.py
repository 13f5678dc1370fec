"""The transparency log: series, keys of subjects, entries, leaves, the head, statements.

Both parties of a pair read its rows. Keys are for staff and the system alone: what a party may read is opened for it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0010"
down_revision = "0009"

_ERASES = "update (sealed, kept)"
TABLES = {
    "log_series": Rights(None, None, "select, insert", "select, insert, update (number_last)"),
    "log_key": Rights(
        None, None, "select, insert, update (key_sealed, erased_at)", "select, insert, update (key_sealed, erased_at)"
    ),
    "log_entry": Rights("advertiser_id", "publisher_id", f"select, insert, {_ERASES}", f"select, insert, {_ERASES}"),
    "log_queue": Rights(None, None, "select, insert", "select, insert, delete"),
    "log_leaf": Rights("advertiser_id", "publisher_id", "select", "select, insert"),
    "log_head": Rights(None, None, "select", "select, update"),
    "log_statement": Rights("advertiser_id", "publisher_id", "select", "select, insert"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES, hidden_from_reader={"log_series", "log_key", "log_entry"})
    op.execute("grant update (entry_id, canonical, salt) on warum.conversion_event to warum_worker")
    op.execute("grant update (entry_id) on warum.act to warum_worker")
