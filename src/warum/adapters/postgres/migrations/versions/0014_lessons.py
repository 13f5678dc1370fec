"""What creatives are chosen for, and what earlier campaigns taught about how much arms differ."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0014"
down_revision = "0013"

# Of all advertisers, and so nobody's own: staff and the system alone see it.
TABLES = {"lesson": Rights(None, None, "", "select, insert, update")}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
