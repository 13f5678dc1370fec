"""A database that held proposals before there was advice takes the new columns, under row-level security as it is."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from conftest import Cluster, Database, create_database, drop_database
from warum.adapters.postgres.upgrade import upgrade

_NAME = "test_before_advice"
_ROWS = """
    set session_replication_role = replica;
    insert into warum.proposal (bot, advertiser_id, program_id, offer_id, allocation_id, facts, seed, body, digest,
        state, currency, stake_minor, stake_day_minor, gain_minor, low_minor, high_minor, probability_ppm, conversions,
        made_at, expires_at)
    values ('creative', 1, 2, 3, 4, '', 5, '{}', sha256('{}'), 'open', 'EUR', 1, 1, 1, 1, 1, 1, 1, now(), now());
    insert into warum.abstention (bot, advertiser_id, program_id, offer_id, facts, seed, body, digest, code, made_at)
    values ('creative', 1, 2, 3, '', 5, '{}', sha256('{}'), 'thin_data', now());
    """


@pytest.fixture
def earlier(cluster: Cluster, template_database: str) -> Iterator[Database]:
    database = cluster.database(_NAME)
    create_database(cluster.admin, _NAME)
    try:
        upgrade(database.owner, "0016")
        yield database
    finally:
        drop_database(cluster.admin, _NAME)


def test_what_was_proposed_before_is_about_its_offer(earlier: Database) -> None:
    with psycopg.connect(earlier.admin) as connection:
        connection.execute(_ROWS)
    upgrade(earlier.owner)
    with psycopg.connect(earlier.admin) as connection:
        proposals = connection.execute("select subject, idea from warum.proposal").fetchall()
        abstentions = connection.execute("select subject from warum.abstention").fetchall()
    assert proposals == [("off_3", "shares")]
    assert abstentions == [("off_3",)]
