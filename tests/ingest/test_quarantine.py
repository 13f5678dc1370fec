"""What was set aside is read again when staff say so: it counts once, or comes back with the new reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from warum.app.ingest import Consumer
from warum.domain.records import Record
from warum.kernel.ids import RecordId
from warum.ports.conversions import ConversionChanged
from warum.ports.journal import RawRecord

from .world import SYSTEM, MemoryJournal, Network


@dataclass
class OldReader(MemoryJournal):
    """A journal of which this version cannot read some records, until it is mended."""

    unread: dict[RecordId, str] = field(default_factory=dict[RecordId, str])

    def decode(self, raw: RawRecord) -> Record:
        if raw.id in self.unread:
            raise ValueError(self.unread[raw.id])
        return super().decode(raw)


@pytest.fixture
def journal(network: Network) -> OldReader:
    """Of the order and its click, which pays Ben 7 cents, neither can be read; what comes after can."""
    network.journal = journal = OldReader()
    journal.unread = {journal.next_id(): "no click"}
    token = network.click("ben", "retail", at="2027-05-01")
    journal.unread[journal.next_id()] = "no order"
    network.postback("booked", at="2027-05-02", token=token, amount_minor=10_000, currency="EUR")
    network.postback("cancelled", at="2027-05-03")
    network.consume()
    assert quarantine(network) == {click: "does not decode: no click", order: "does not decode: no order"}
    assert network.open_reasons() == ["order_unknown"]
    return journal


click, order = RecordId(1, 0, 0), RecordId(1, 0, 1)


def test_what_can_be_read_now_counts_once(network: Network, journal: OldReader):
    journal.unread.clear()
    consumer = Consumer(network.deps)
    assert not consumer.retry()
    for record in (click, order):
        release(network, record)
    assert [consumer.retry() for _ in range(4)] == [True, True, False, False]
    assert quarantine(network) == {}
    assert network.history() == ["booked", "cancelled"]  # what waited for the order found it
    assert network.balance("ben") == (0, 7)
    assert network.rows("select clicks_token, conversions from warum.rollup_hour order by hour") == [(1, 0), (0, 1)]
    assert network.open_reasons() == []
    assert network.proof().balanced
    assert not consumer.step()
    for record in (click, order):
        release(network, record, found=False)


def test_what_fails_again_comes_back_with_the_new_reason(network: Network, journal: OldReader):
    journal.unread = {order: "still no order"}
    release(network, order)
    consumer = Consumer(network.deps)
    assert [consumer.retry(), consumer.retry()] == [True, False]
    assert quarantine(network)[order] == "ValueError: does not decode: still no order"
    assert network.rows("select count(*) from warum.conversion") == [(0,)]
    journal.unread.clear()
    release(network, order)
    assert consumer.retry()
    assert order not in quarantine(network)


def test_a_report_that_came_again_meanwhile_is_a_repetition(network: Network, journal: OldReader):
    again = network.report("booked", at="2027-05-02", amount_minor=10_000, currency="EUR", program="retail")
    journal.unread = {journal.next_id(): "cut off"}
    journal.append(again)
    network.consume()
    (cut,) = journal.unread
    journal.append(again)
    network.consume()
    journal.unread.clear()
    release(network, cut)
    assert Consumer(network.deps).retry()
    assert network.history() == ["booked", "cancelled"]
    assert network.drops()["duplicate_event"] == 1


def test_it_waits_when_somebody_changes_the_same_conversion(
    network: Network, journal: OldReader, monkeypatch: pytest.MonkeyPatch
):
    journal.unread.clear()
    release(network, click)

    def busy(*_: object, **__: object) -> None:
        raise ConversionChanged

    consumer = Consumer(network.deps)
    with monkeypatch.context() as patched:
        patched.setattr("warum.app.ingest.batch.plan_batch", busy)
        assert consumer.retry()
    assert click not in quarantine(network)
    assert [consumer.retry(), consumer.retry()] == [True, False]
    assert network.balance("ben") == (0, 7)


def release(network: Network, record: RecordId, *, found: bool = True) -> None:
    with network.app.transaction(SYSTEM) as tx:
        assert (tx.tracking.release(record, 1) is not None) is found


def quarantine(network: Network) -> dict[RecordId, str]:
    with network.database.transaction(SYSTEM) as tx:
        return {one.record: one.reason for one in tx.tracking.in_quarantine(10)}
