"""The path of money: catalog, conversions, ledger, tracking, deliveries, acts.

The SQL stands in ``0001_path_of_money.sql`` beside this file; grants and row-level security follow from the table of
tables below (a test walks every table and role).
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warum.adapters.postgres.security import Rights, secure

revision = "0001"
down_revision = None

TABLES = {
    "party": Rights("id", "id", "select, insert, update", "select"),
    "advertiser": Rights("id", None, "select, insert, update", "select"),
    "advertiser_host": Rights("advertiser_id", None, "select, insert, update", "select"),
    "publisher": Rights(None, "id", "select, insert, update", "select"),
    "program": Rights("advertiser_id", None, "select, insert, update", "select"),
    "offer": Rights("advertiser_id", None, "select, insert, update", "select"),
    "landing_page": Rights("advertiser_id", None, "select, insert", "select"),
    "allocation": Rights("advertiser_id", None, "select, insert", "select"),
    "allocation_arm": Rights("advertiser_id", None, "select, insert", "select"),
    "partnership": Rights("advertiser_id", "publisher_id", "select, insert, update", "select"),
    "link": Rights("advertiser_id", "publisher_id", "select, insert, update", "select"),
    "commission_rule": Rights("advertiser_id", "publisher_id", "select, insert", "select"),
    "conversion": Rights("advertiser_id", "publisher_id", "select, insert, update", "select, insert, update"),
    "conversion_event": Rights("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "report_seen": Rights("advertiser_id", None, "select, insert", "select, insert"),
    "report_open": Rights("advertiser_id", None, "select, insert, update", "select, insert, update"),
    "account": Rights(
        "advertiser_id",
        "publisher_id",
        "select, insert, update (debits, credits)",
        "select, insert, update (debits, credits)",
    ),
    "txn": Rights("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "posting": Rights("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "rollup_hour": Rights("advertiser_id", "publisher_id", "select", "select, insert, update"),
    "rollup_drop": Rights("advertiser_id", None, "select", "select, insert, update"),
    "sub_id": Rights("advertiser_id", "publisher_id", "select", "select, insert, delete"),
    "ingest_offset": Rights(None, None, "select", "select, insert, update"),
    "quarantine": Rights(None, None, "select, update", "select, insert"),
    "lake_file": Rights(None, None, "select", "select, insert"),
    "lake_offset": Rights(None, None, "select", "select, insert, update"),
    "postback_target": Rights(None, "publisher_id", "select, insert, update", "select"),
    "outbox": Rights(None, "publisher_id", "select, insert, update", "select, insert, update"),
    "delivery": Rights(None, "publisher_id", "select", "select, insert"),
    "snapshot_change": Rights(None, None, "select, insert", "select, update"),
    "act": Rights("advertiser_id", "publisher_id", "select, insert", "select, insert"),
    "api_key": Rights(None, None, "select, insert, update", ""),
}


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    op.execute("grant usage on schema warum to warum_app, warum_worker, warum_reader")
    secure(TABLES, hidden_from_reader={"api_key", "sub_id"})
