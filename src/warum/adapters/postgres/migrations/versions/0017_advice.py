"""Advice: proposals that are not shares of arms, the steps that approving them performs, and messages to partners.

The SQL stands in ``0017_advice.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0017"
down_revision = "0016"

TABLES = {
    "look": Rights(None, None, "", "select, insert, update"),
    "step": Rights("advertiser_id", None, "select, insert, update", "select"),
    "message": Rights(None, "publisher_id", "select, insert, update", ""),
}

# A message to a publisher is not the advertiser's to read.
_OWN = """
    create policy advertiser on warum.message for select using (
        (select current_setting('warum.role', true)) = 'advertiser' and publisher_id is null
        and advertiser_id = (select nullif(current_setting('warum.party', true), '')::bigint)
    )
    """


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    secure(TABLES)
    op.execute(_OWN)
