"""Who may see and touch a table: grants for the login roles, and row-level security that also binds the owner.

Every migration that makes a table names its rights here, so that none can be forgotten; a test walks all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from alembic import op

_ROLE = "(select current_setting('warum.role', true))"
_STAFF = f"{_ROLE} in ('operator', 'manager', 'system')"
_AUDITOR = f"{_ROLE} = 'auditor'"
_PARTY = "(select nullif(current_setting('warum.party', true), '')::bigint)"


class Rights(NamedTuple):
    """What a table is open to.

    Attributes:
        advertiser, publisher: the column that holds the party's id; the party sees the rows that carry its own. None:
            only staff and the system see the table.
        app, worker: SQL privileges of the login roles; empty for none.
    """

    advertiser: str | None
    publisher: str | None
    app: str
    worker: str


def secure(tables: Mapping[str, Rights], *, hidden_from_reader: Collection[str] = ()) -> None:
    """Grant and lock down tables of the schema ``warum``. An unset role or party sees nothing."""
    for table, rights in tables.items():
        op.execute(f"alter table warum.{table} enable row level security, force row level security")
        op.execute(f"create policy staff on warum.{table} using ({_STAFF}) with check ({_STAFF})")
        op.execute(f"create policy auditor on warum.{table} for select using ({_AUDITOR})")
        for role, column in (("advertiser", rights.advertiser), ("publisher", rights.publisher)):
            if column is not None:
                own = f"{column} = {_PARTY} and {_ROLE} = '{role}'"
                op.execute(f"create policy {role} on warum.{table} for select using ({own})")
        for login, privileges in (("warum_app", rights.app), ("warum_worker", rights.worker)):
            if privileges:
                op.execute(f"grant {privileges} on warum.{table} to {login}")
        if table not in hidden_from_reader:
            op.execute(f"grant select on warum.{table} to warum_reader")
    op.execute("grant usage on all sequences in schema warum to warum_app, warum_worker")
