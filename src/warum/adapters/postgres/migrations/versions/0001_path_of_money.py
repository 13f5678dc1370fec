"""The path of money: catalog, conversions, ledger, tracking, deliveries, acts.

The SQL stands in ``0001_path_of_money.sql`` beside this file; grants and row-level security follow from the table of
tables below, so that no table can be made without them (a test walks every table and role).
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

# table: (column of the advertiser, column of the publisher, rights of the app, rights of the worker)
# A party sees the rows that carry its id. No column: only staff and the system see the table.
TABLES: dict[str, tuple[str | None, str | None, str, str]] = {
    "party": ("id", "id", "select, insert, update", "select"),
    "advertiser": ("id", None, "select, insert, update", "select"),
    "advertiser_host": ("advertiser_id", None, "select, insert, update", "select"),
    "publisher": (None, "id", "select, insert, update", "select"),
    "program": ("advertiser_id", None, "select, insert, update", "select"),
    "offer": ("advertiser_id", None, "select, insert, update", "select"),
    "landing_page": ("advertiser_id", None, "select, insert", "select"),
    "allocation": ("advertiser_id", None, "select, insert", "select"),
    "allocation_arm": ("advertiser_id", None, "select, insert", "select"),
    "partnership": ("advertiser_id", "publisher_id", "select, insert, update", "select"),
    "link": ("advertiser_id", "publisher_id", "select, insert, update", "select"),
    "commission_rule": ("advertiser_id", "publisher_id", "select, insert", "select"),
    "conversion": ("advertiser_id", "publisher_id", "select, insert, update", "select, insert, update"),
    "conversion_event": ("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "report_seen": ("advertiser_id", None, "select, insert", "select, insert"),
    "report_open": ("advertiser_id", None, "select, insert, update", "select, insert, update"),
    "account": (
        "advertiser_id",
        "publisher_id",
        "select, insert, update (debits, credits)",
        "select, insert, update (debits, credits)",
    ),
    "txn": ("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "posting": ("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "rollup_hour": ("advertiser_id", "publisher_id", "select", "select, insert, update"),
    "rollup_drop": ("advertiser_id", None, "select", "select, insert, update"),
    "sub_id": ("advertiser_id", "publisher_id", "select", "select, insert, delete"),
    "ingest_offset": (None, None, "select", "select, insert, update"),
    "quarantine": (None, None, "select, update", "select, insert"),
    "lake_file": (None, None, "select", "select, insert"),
    "lake_offset": (None, None, "select", "select, insert, update"),
    "postback_target": (None, "publisher_id", "select, insert, update", "select"),
    "outbox": (None, "publisher_id", "select, insert, update", "select, insert, update"),
    "delivery": (None, "publisher_id", "select", "select, insert"),
    "snapshot_change": (None, None, "select, insert", "select, update"),
    "act": ("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "api_key": (None, None, "select, insert, update", ""),
}

STAFF = "(select current_setting('warum.role', true)) in ('operator', 'manager', 'system')"
AUDITOR = "(select current_setting('warum.role', true)) = 'auditor'"
PARTY = "(select nullif(current_setting('warum.party', true), '')::bigint)"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    op.execute("grant usage on schema warum to warum_app, warum_worker, warum_reader")
    op.execute("grant usage on all sequences in schema warum to warum_app, warum_worker")
    for table, (advertiser, publisher, app, worker) in TABLES.items():
        secure(table, advertiser, publisher)
        op.execute(f"grant {app} on warum.{table} to warum_app")
        if worker:
            op.execute(f"grant {worker} on warum.{table} to warum_worker")
    for table in TABLES.keys() - {"api_key", "sub_id"}:
        op.execute(f"grant select on warum.{table} to warum_reader")


def secure(table: str, advertiser: str | None, publisher: str | None) -> None:
    """Row-level security, forced also on the owner. An unset role or party sees nothing."""
    op.execute(f"alter table warum.{table} enable row level security, force row level security")
    op.execute(f"create policy staff on warum.{table} using ({STAFF}) with check ({STAFF})")
    op.execute(f"create policy auditor on warum.{table} for select using ({AUDITOR})")
    for role, column in (("advertiser", advertiser), ("publisher", publisher)):
        if column is not None:
            own = f"{column} = {PARTY} and (select current_setting('warum.role', true)) = '{role}'"
            op.execute(f"create policy {role} on warum.{table} for select using ({own})")
