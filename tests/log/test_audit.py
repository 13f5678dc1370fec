"""The audit of the house: quiet where everything agrees, and loud about every row that no leaf tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ingest.world import made_network
from log.test_sequence import SIGNER, Log, booked
from warum.app.call import LogReader
from warum.app.log.audit import Audit, audit


@pytest.fixture
def log(fresh_database: Any, tmp_path: Any) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        log = Log(network, tmp_path / "log")
        booked(log)
        booked(log, "1002", publisher="ben")
        network.postback("cancelled", at="2027-05-03", order_id="1002")
        network.click("ben", "retail", at="2027-05-01")
        network.consume()
        log.run()
        yield log


def found(log: Log) -> Audit:
    return audit(log.network.app, LogReader(shelf=log.shelf, vkey=SIGNER.vkey, edge_vkey=SIGNER.vkey))


def test_everything_agrees(log: Log):
    told = found(log)
    assert told.problems == []
    assert {kind for kind, count in told.checked.items() if count} >= {"leaves", "conversions", "rules", "balances"}


def test_what_waits_for_its_leaf_is_no_fault(log: Log):
    booked(log, "1003")
    told = found(log)
    assert told.problems == []
    assert told.checked["waiting"] == 1


_SOME = "where order_id = '1001'"
CHANGES = {
    "a commission": (f"update warum.conversion set commission_minor = commission_minor + 1 {_SOME}", "the log says"),
    "a credit": (
        f"update warum.conversion set publisher_id = (select max(id) from warum.publisher) {_SOME}",
        "the log says",
    ),
    "a history": ("delete from warum.conversion_event where seq = 2", "events in the database"),
    "a rule": ("update warum.commission_rule set rate_ppm = rate_ppm / 2", "rate_ppm is"),
    "a balance": ("update warum.account set credits = credits + 500 where kind = 'confirmed'", "the leaves add up to"),
    "a content": ("update warum.log_entry set sealed = null where about_kind = 'conversion'", "no erasure tells of it"),
    "contents that are swapped": (
        "update warum.log_entry set sealed = (select f.sealed from warum.log_entry f where f.about_kind = 'rule' "
        "limit 1) where about_kind = 'conversion'",
        "cannot be read",
    ),
    "a leaf": (
        "update warum.log_leaf set body = replace(convert_from(body, 'UTF8'), ':1}', ': 1}')::bytea where index = 1",
        "is not the one that was signed",
    ),
    "a leaf that is gone": ("delete from warum.log_leaf where index = 1", "is missing"),
    "a number": ("update warum.log_leaf set number = number + 100 where index = 1", "was due"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_root_changed_by_hand_is_found(log: Log, change: str):
    query, says = CHANGES[change]
    log.sql(query)
    told = found(log)
    assert told.count
    assert any(says in problem for problem in told.problems), told.problems


def test_a_conversion_that_no_leaf_tells_of_is_found(log: Log):
    log.sql(
        'insert into warum.conversion select (jsonb_populate_record(c, \'{"id": 999, "order_id": "x"}\')).* '
        f"from warum.conversion c {_SOME}"
    )
    assert any("cnv_999 stands in the database, and no leaf tells of it" in one for one in found(log).problems)
