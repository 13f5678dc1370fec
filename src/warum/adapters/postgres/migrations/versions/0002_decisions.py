"""Decisions: facts, policies, goals, notes, proposals, what people decided, and what came of it.

Bots run in the worker. Within the limits that a person set they may put a new allocation in force, so the worker gets
what that needs and no more of the catalog.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0002"
down_revision = "0001"

# For staff alone: evidence and notes of one advertiser may speak of its partners, and the other way round.
TABLES = {
    "facts": Rights(None, None, "select, insert", "select, insert"),
    "policy": Rights(None, None, "select, insert, update", "select"),
    "goal": Rights(None, None, "select, insert, update", "select"),
    "note": Rights(None, None, "select, insert", "select"),
    "bot_switch": Rights(None, None, "select, insert, update", "select"),
    "proposal": Rights(
        None, None, "select, update (state, row_version)", "select, insert, update (state, row_version)"
    ),
    "abstention": Rights(None, None, "select", "select, insert"),
    "decision": Rights(None, None, "select, insert", "select, insert"),
    "effect": Rights(None, None, "select, insert, update (allocation_undone, undone_at)", "select, insert"),
    "outcome": Rights(None, None, "select", "select, insert"),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
    op.execute("grant insert on warum.allocation, warum.allocation_arm, warum.snapshot_change to warum_worker")
    op.execute("grant update (allocation_id, row_version) on warum.offer to warum_worker")
