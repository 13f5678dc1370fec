"""What a score card reads of every promise, as columns: reading it out of each proposal's bytes takes far longer. They
are made from the bytes, so they can say nothing else."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0015"
down_revision = "0014"

_FIELDS: Final = ("least_minor", "exposures", "horizon_days")


def upgrade() -> None:
    # convert_from is only stable, since conversions can be replaced; that of UTF-8 to UTF-8 cannot.
    op.execute(
        """
        create function warum.expected(body bytea, field text) returns bigint
            language sql immutable parallel safe
            return case when get_byte(body, 0) = ascii('{')
                then (convert_from(body, 'UTF8')::jsonb -> 'expected' ->> field)::bigint end
        """
    )
    op.execute(
        "alter table warum.proposal "
        + ", ".join(
            f"add column {field} bigint generated always as (warum.expected(body, '{field}')) stored"
            for field in _FIELDS
        )
    )
    op.execute("create index proposal_bot on warum.proposal (bot, id)")
