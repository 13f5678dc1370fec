"""What happened before there was a log is taken in as it was: same histories, same books, and said to be taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.world import SYSTEM, made_network
from log.test_audit import found
from log.test_sequence import Log, booked
from warum.app.log import history
from warum.domain.conversion import Conversion, ConversionEvent
from warum.domain.leaves import LeafType
from warum.kernel.canonical import canonical
from warum.kernel.ids import private


@pytest.fixture
def log(fresh_database: Any, tmp_path: Any) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


def version_1(event: ConversionEvent, conversion: Conversion) -> bytes:
    """The canonical bytes that were kept before there was a log: numbers bare, the order id in the open."""
    after, credit = event.after, conversion.attribution
    fields: dict[str, Any] = {
        "v": 1,
        "conversion": str(event.conversion),
        "seq": event.seq,
        "kind": event.kind.value,
        "at": str(event.at_us),
        "seen": str(event.seen_us),
        "source": None if event.source is None else str(event.source),
        "status_raw": event.status_raw,
        "before": None if event.before is None else event.before.value,
        "after": {
            "status": after.status.value,
            "reason": None if after.reason is None else after.reason.value,
            "sale": str(after.sale_minor),
            "retained": str(after.retained_minor),
            "check_in": after.check_in,
            "check_out": after.check_out,
            "release_at": None if after.release_at_us is None else str(after.release_at_us),
        },
        "commission": str(event.commission_minor),
        "rule": None if event.rule is None else str(event.rule),
        "note": event.note,
    }
    if event.seq == 1:
        fields["order"] = {"order_id": conversion.order_id, "publisher": str(credit.publisher)}
    return canonical(fields)


def as_it_was(log: Log) -> None:
    """The database of an earlier version: events in the open, and no log."""
    with log.network.database.transaction(SYSTEM) as tx:
        ids = [row.id for row in tx.audit.conversions()]
        kept = [(tx.conversions.get(one), history(tx, one)) for one in ids]
    log.sql("update warum.conversion_event set entry_id = null, salt = sha256('salt')")
    for conversion, events in kept:
        assert conversion is not None
        for event in events:
            log.sql(
                "update warum.conversion_event set canonical = %s where conversion_id = %s and seq = %s",
                version_1(event, conversion),
                conversion.id,
                event.seq,
            )
    log.sql(
        "insert into warum.act (at, actor_kind, actor, operation, subject, input_hash) "
        "values (now(), 'person', 'usr_1', 'program.create', 'prg_1', sha256('x'))"
    )
    for table in ("log_queue", "log_leaf", "log_entry", "log_key", "log_series"):
        log.sql(f"delete from warum.{table}")


def test_histories_rules_and_acts_are_taken_in_once(log: Log):
    booked(log)
    booked(log, "1002", publisher="ben")
    log.network.postback("cancelled", at="2027-05-03", order_id="1002")
    log.network.consume()
    with log.network.database.transaction(SYSTEM) as tx:
        before = [history(tx, row.id) for row in list(tx.audit.conversions())]
    as_it_was(log)
    with log.network.database.transaction(SYSTEM) as tx:
        assert [history(tx, row.id) for row in list(tx.audit.conversions())] == before
    log.run()
    with log.network.database.transaction(SYSTEM) as tx:
        assert [history(tx, row.id) for row in list(tx.audit.conversions())] == before
    leaves = log.leaves()
    taken = [leaf for leaf in leaves if leaf.content.fields().get("taken_in")]
    assert len(taken) == len(leaves)
    assert {leaf.type for leaf in taken} == {LeafType.RULE, LeafType.CONVERSION, LeafType.ACT}
    # Rules come first: each conversion is checked against those that were entered before it.
    kinds = [leaf.type for leaf in leaves]
    assert kinds.index(LeafType.CONVERSION) > max(n for n, kind in enumerate(kinds) if kind is LeafType.RULE)
    assert found(log).problems == []
    log.run()
    assert len(log.leaves()) == len(leaves)


def test_what_was_taken_in_is_no_longer_in_the_open(log: Log):
    booked(log)
    as_it_was(log)
    log.run()
    assert log.network.rows("select count(*) from warum.conversion_event where canonical is not null") == [(0,)]
    (leaf,) = [leaf for leaf in log.leaves() if leaf.type is LeafType.CONVERSION]
    assert "1001" not in json.dumps(leaf.content.fields())
    assert private("conversion", leaf.content.fields()["conversion"]) == log.network.conversion().id
    booked(log, "1003")
    log.network.postback("stayed", at="2027-05-05", order_id="1001")
    log.network.consume()
    log.run()
    assert found(log).problems == []
