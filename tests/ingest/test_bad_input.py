"""What partners get wrong is kept with its reason and counted, and never stops the rest."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import psycopg
import pytest

from warum.app.ingest import Consumer, ConsumerStopped
from warum.app.ingest.batch import BATCH_MAX
from warum.app.log import history
from warum.domain.conversion import Status
from warum.domain.records import Click
from warum.edge import codec
from warum.kernel.money import amount_minor_max

from .world import SYSTEM, Network


@pytest.fixture
def booked(network: Network) -> Network:
    token = network.click("ana", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=40_000, check_out="2027-06-14")
    return network


def test_an_unknown_status_word_is_kept_as_it_came_and_changes_nothing(booked: Network):
    booked.postback("unknown", at="2027-05-03", status_raw="verified?!")
    booked.consume()
    conversion = booked.conversion()
    assert (conversion.standing.status, conversion.status_raw) == (Status.PENDING, "booked")
    assert booked.open_reasons() == ["status_unknown"]
    assert booked.drops() == {"status_unknown": 1}
    with booked.database.transaction(SYSTEM) as tx:
        noted = history(tx, conversion.id)[-1]
    assert (noted.kind, noted.status_raw, noted.note) == ("noted", "verified?!", "status_unknown")


@pytest.mark.parametrize(
    ("step", "fields", "reason"),
    [
        ("booked", {"currency": "USD", "amount_minor": 100}, "currency_not_listed"),
        ("booked", {"amount_minor": None}, "amount_missing"),
        ("booked", {"amount_minor": -1}, "amount_out_of_range"),
        ("booked", {"amount_minor": amount_minor_max + 1}, "amount_out_of_range"),
        ("booked", {"amount_minor": 100, "order_id": None}, "order_id_missing"),
        ("booked", {"amount_minor": 100, "program": "nobody's"}, "program_unknown"),
        ("booked", {"amount_minor": 100, "program": None}, "program_unclear"),
        ("booked", {"amount_minor": 100, "program": "retail"}, "currency_missing"),
        ("unknown", {"amount_minor": 100}, "status_unknown"),
        ("cancelled", {"amount_minor": 100}, "order_unknown"),
        ("approved", {}, "order_unknown"),
    ],
)
def test_a_first_report_that_cannot_be_applied_waits_with_its_reason(
    network: Network, step: str, fields: dict[str, object], reason: str
):
    network.postback(step, at="2027-05-02", **{"program": "hotel", **fields})
    network.consume()
    assert network.open_reasons() == [reason]
    assert network.drops() == {reason: 1}
    assert network.rows("select count(*) from warum.conversion") == [(0,)]
    ((message, body),) = network.rows("select message, body from warum.report_open")
    assert message.endswith(".")
    assert codec.decode(4, body) == codec.decode(*network.journal.streams_[1][0])


@pytest.mark.parametrize(
    ("step", "fields", "reason"),
    [
        ("amended", {"amount_minor": 100, "currency": "CHF"}, "currency_differs"),
        ("amended", {"amount_minor": -1}, "amount_out_of_range"),
        ("booked", {"amount_minor": 39_999}, "amounts_differ"),
    ],
)
def test_a_later_report_that_cannot_be_applied_leaves_the_conversion_as_it_was(
    booked: Network, step: str, fields: dict[str, object], reason: str
):
    booked.consume()
    before = booked.conversion()
    booked.postback(step, at="2027-05-03", **fields)
    booked.consume()
    after = booked.conversion()
    assert replace(after, seq=before.seq) == before
    assert booked.open_reasons() == [reason]
    assert booked.drops()[reason] == 1


def test_a_shop_knows_no_stays(network: Network):
    token = network.click("ana", "retail", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=100, currency="EUR")
    network.postback("stayed", at="2027-05-03")
    network.consume()
    assert network.open_reasons() == ["step_not_applicable"]
    assert network.history() == ["booked", "noted"]


def test_the_reason_of_a_quarantine_repeats_nothing_of_the_record(booked: Network, caplog: pytest.LogCaptureFixture):
    booked.postback("booked", at="2027-05-03", order_id="mr-smith", event_type="x", amount_minor=1, program="hotel")
    with psycopg.connect(booked.admin_url, autocommit=True) as connection:
        connection.execute("alter table warum.conversion add constraint t check (event_type <> 'x')")
    try:
        booked.consume()
    finally:
        with psycopg.connect(booked.admin_url, autocommit=True) as connection:
            connection.execute("alter table warum.conversion drop constraint t")
    with booked.database.transaction(SYSTEM) as tx:
        (kept,) = tx.tracking.in_quarantine(10)
    assert kept.reason.startswith("CheckViolation: ")
    assert "mr-smith" not in kept.reason
    assert "mr-smith" not in caplog.text


def test_the_named_program_counts_and_a_click_of_another_one_is_not_credited(network: Network):
    token = network.click("ana", "hotel", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=100, currency="EUR", program="retail")
    network.consume()
    conversion = network.conversion()
    assert conversion.program == network.programs["retail"]
    assert conversion.attribution.why == "click_of_another_program"


def test_the_same_event_counts_once(booked: Network):
    again = booked.report("cancelled", at="2027-05-03", event_id="the same")
    for _ in range(3):
        booked.journal.append(again)
    booked.consume()
    booked.journal.append(again)
    booked.consume()
    assert booked.history() == ["booked", "cancelled"]
    assert booked.drops() == {"duplicate_event": 3}


def test_an_order_booked_twice_counts_once(booked: Network):
    booked.postback("booked", at="2027-05-03", amount_minor=40_000)
    booked.consume()
    assert booked.balance("ana") == (3_200, 0)
    assert booked.history() == ["booked"]
    assert booked.drops() == {"duplicate_order": 1}
    assert booked.open_reasons() == []


@pytest.mark.parametrize("batch_max", [1, 500])
def test_an_update_before_its_order_waits_for_it(network: Network, batch_max: int):
    token = network.click("ana", at="2027-05-01")
    network.postback("cancelled", at="2027-05-04")
    network.postback("amended", at="2027-05-03", amount_minor=50_000)
    network.consume(batch_max=batch_max)
    assert network.open_reasons() == ["order_unknown", "order_unknown"]
    network.postback("booked", at="2027-05-02", seen="2027-05-05", token=token, amount_minor=40_000)
    network.consume(batch_max=batch_max)
    assert network.history() == ["booked", "amended", "cancelled"]
    assert network.conversion().standing.sale_minor == 50_000
    assert network.open_reasons() == []
    assert network.rows("select distinct resolution from warum.report_open") == [("applied",)]


def test_what_waited_and_then_makes_no_sense_stays_open_for_another_reason(network: Network):
    token = network.click("ana", "retail", at="2027-05-01")
    network.postback("stayed", at="2027-05-03")
    network.consume()
    network.postback("no_show", at="2027-05-03")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=100, currency="EUR")
    network.consume()
    assert network.open_reasons() == ["step_not_applicable", "step_not_applicable"]


def test_a_record_that_does_not_decode_goes_into_quarantine(booked: Network):
    bad = booked.journal.append_raw(4, b"\xc1 not msgpack")
    booked.postback("cancelled", at="2027-05-03")
    booked.consume()
    assert booked.history() == ["booked", "cancelled"]
    with booked.database.transaction(SYSTEM) as tx:
        (kept,) = tx.tracking.in_quarantine(10)
    assert (kept.record, kept.type, kept.body) == (bad, 4, b"\xc1 not msgpack")
    assert kept.reason.startswith("does not decode")


def test_a_record_that_breaks_the_consumer_is_found_and_the_rest_goes_on(booked: Network):
    """A link that is not in the catalog, a day that is none, an id that no index holds: none can come from an edge in
    its senses."""
    for n in range(150):
        booked.postback("booked", at="2027-05-02", order_id=f"before {n}", amount_minor=100, program="hotel")
    no_link = booked.journal.append(
        Click(at_us=1, seen_us=1, link=999_999, allocation=1, arm=0, basis=0, mode=0)  # pyright: ignore
    )
    for n in range(150):
        booked.postback("booked", at="2027-05-02", order_id=f"after {n}", amount_minor=100, program="hotel")
    no_day = booked.postback("amended", at="2027-05-03", check_out="2027-13-45")
    no_text = booked.postback("booked", at="2027-05-03", order_id="\x00", amount_minor=1, program="hotel")
    no_room = booked.postback("booked", at="2027-05-03", event_id=Random(7).randbytes(9_000).hex(), amount_minor=1)
    booked.postback("cancelled", at="2027-05-04")
    consumer = booked.consume()
    with booked.database.transaction(SYSTEM) as tx:
        kept = tx.tracking.in_quarantine(10)
    assert [one.record for one in kept] == [no_link, no_day, no_text, no_room]
    assert kept[0].reason == "LookupError: link 999999 is not in the catalog"
    assert booked.rows("select count(*) from warum.conversion") == [(301,)]
    assert booked.history() == ["booked", "cancelled"]
    assert consumer.records == 2 + 300 + 1
    assert booked.proof().balanced


def test_a_record_of_a_newer_edge_stops_the_consumer(booked: Network):
    booked.journal.append_raw(99, b"")
    consumer = Consumer(booked.deps)
    with pytest.raises(ConsumerStopped, match="type 99"):
        while consumer.step():
            pass
    assert booked.rows("select count(*) from warum.quarantine") == [(0,)]


def test_when_everything_fails_the_records_are_not_to_blame(network: Network):
    for _ in range(BATCH_MAX):
        network.journal.append_raw(1, codec.encode(_lost_click())[1])
    consumer = Consumer(network.deps)
    with pytest.raises(ConsumerStopped, match="in a row"):
        while consumer.step():
            pass


def test_what_the_edge_did_not_count_is_counted_by_reason(network: Network):
    network.tally((0, 7, 1, "crawler", 3), (0, 0, 0, "unknown_link", 2), at="2027-05-01")
    network.tally((0, 7, 1, "crawler", 4), at="2027-05-01")
    network.consume()
    assert network.drops() == {"crawler": 7, "unknown_link": 2}


def _lost_click() -> Click:
    return Click(at_us=1, seen_us=1, link=999_999, allocation=1, arm=0, basis=0, mode=0)  # pyright: ignore
