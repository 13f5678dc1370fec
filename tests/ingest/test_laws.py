"""Laws of the consumer: the same records make the same books, however they are cut into batches and however often they
are repeated; and the books always close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from warum.app.ingest import ingest
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Postback, Record, Tick
from warum.domain.token import Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US
from warum.ports.figures import Subject, Within
from warum.ports.overview import Span

from .world import KEYS, SYSTEM, MemoryJournal, Network, us

START_US = us("2027-05-01")
ORDERS = ("A", "B", "C")
FEW = settings(max_examples=15, deadline=None)


@dataclass(frozen=True)
class Event:
    """Something that happens to an order, so many hours after what was before."""

    order: str
    what: str
    hours: int
    amount_minor: int


EVENTS = st.lists(
    st.builds(
        Event,
        order=st.sampled_from(ORDERS),
        what=st.sampled_from(
            ["click", "booked", "booked", "amended", "stayed", "refunded", "cancelled", "approved", "unknown"]
        ),
        hours=st.sampled_from([0, 1, 30, 24 * 5]),
        amount_minor=st.integers(0, 100_000),
    ),
    min_size=1,
    max_size=16,
)
BATCHES = st.lists(st.integers(1, 7), min_size=1, max_size=6)


@FEW
@given(events=EVENTS, batches=BATCHES)
def test_any_cut_into_batches_makes_the_same_books(shared_network: Network, events: list[Event], batches: list[int]):
    records = _records(shared_network, events)
    at_once = _books_after(shared_network, records, [500])
    assert _books_after(shared_network, records, batches) == at_once
    proof = shared_network.proof()
    assert proof.balanced


@FEW
@given(events=EVENTS, batches=BATCHES, again=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=6))
def test_any_repetition_of_reports_makes_the_same_books(
    shared_network: Network, events: list[Event], batches: list[int], again: list[tuple[int, int]]
):
    records = _records(shared_network, events)
    once = _books_after(shared_network, records, [500])
    repeated = list(records)
    for index, later in again:
        record = records[index % len(records)]
        place = max(repeated.index(record), later) + 1
        before = repeated[min(place, len(repeated)) - 1]
        if isinstance(record, Postback):
            # The same message, received once more.
            repeated.insert(place, replace(record, seen_us=max(record.seen_us, before.seen_us)))
    assert _books_after(shared_network, repeated, batches) == once


@FEW
@given(events=EVENTS)
def test_the_books_are_what_the_conversions_say(shared_network: Network, events: list[Event]):
    """Conservation: debits equal credits, totals equal postings, and publishers hold what their conversions and paid
    clicks earn."""
    _books_after(shared_network, _records(shared_network, events), [5])
    proof = shared_network.proof()
    assert proof.balanced
    assert proof.debits_minor == proof.credits_minor
    held = tuple(
        map(sum, zip(*(shared_network.balance(publisher) for publisher in shared_network.publishers), strict=True))
    )
    ((pending, approved),) = shared_network.rows(
        """
        select coalesce(sum(commission_minor) filter (where status = 'pending'), 0)::bigint,
            coalesce(sum(commission_minor) filter (where status in ('approved', 'paid')), 0)::bigint
        from warum.conversion where publisher_id is not null
        """
    )
    ((paid_clicks,),) = shared_network.rows(
        "select coalesce(sum(clicks_token), 0)::bigint from warum.rollup_hour where link_id = %s",
        shared_network.links["ben", "retail"],
    )
    assert held == (pending, approved + 7 * paid_clicks)


@FEW
@given(events=EVENTS, span=st.tuples(st.integers(-30, 600), st.integers(1, 600)))
def test_what_money_did_in_a_span_is_what_its_transactions_did(
    shared_network: Network, events: list[Event], span: tuple[int, int]
):
    """The overview reads whole days from sums that were kept; they must be those of the postings."""
    _books_after(shared_network, _records(shared_network, events), [5])
    begin_us = START_US + span[0] * HOUR_US + 1
    asked = Span(begin_us, begin_us + span[1] * HOUR_US)
    with shared_network.database.transaction(SYSTEM) as tx:
        flows = tx.overview.flows(asked)
    assert [(one.kind, one.currency, one.steps, one.pending_minor, one.confirmed_minor) for one in flows] == (
        shared_network.rows(_FLOWS, asked.from_us, asked.until_us)
    )


@FEW
@given(events=EVENTS, span=st.tuples(st.integers(-30, 600), st.integers(1, 600)))
def test_what_links_and_publishers_brought_is_what_their_hours_hold(
    shared_network: Network, events: list[Event], span: tuple[int, int]
):
    """Lists read whole days from sums that were kept; they must be those of the hours."""
    _books_after(shared_network, _records(shared_network, events), [5])
    asked = Within(from_us=START_US + span[0] * HOUR_US, until_us=START_US + sum(span) * HOUR_US)
    for by, column in ((Subject.LINK, "link_id"), (Subject.PUBLISHER, "publisher_id")):
        with shared_network.database.transaction(SYSTEM) as tx:
            seen = tx.figures.seen(by, asked)
        assert [(one, *seen[one]) for one in sorted(seen)] == shared_network.rows(
            f"""
            select {column}, sum(impressions)::bigint, sum(clicks_token + clicks_reference + clicks_bare)::bigint,
                sum(clicks_reference)::bigint, sum(clicks_bare)::bigint
            from warum.rollup_hour where hour >= warum.at(%s) and hour < warum.at(%s) and mode = 0 group by 1 order by 1
            """,
            asked.from_us,
            asked.until_us,
        )


_FLOWS = """
    select t.kind, p.currency, (count(distinct t.id) filter (where t.conversion_id is not null))::bigint,
        sum((c.kind = 'pending')::int * p.amount_minor - (d.kind = 'pending')::int * p.amount_minor)::bigint,
        sum((c.kind = 'confirmed')::int * p.amount_minor - (d.kind = 'confirmed')::int * p.amount_minor)::bigint
    from warum.txn t join warum.posting p on p.txn_id = t.id
    join warum.account c on c.id = p.credit join warum.account d on d.id = p.debit
    where p.book in ('live_memo', 'live_gl') and t.at >= warum.at(%s) and t.at < warum.at(%s)
    group by 1, 2 order by 1, 2
"""


@FEW
@given(
    events=st.lists(
        st.builds(
            Event,
            order=st.just("A"),
            what=st.sampled_from(["amended", "stayed", "refunded", "cancelled", "no_show"]),
            hours=st.integers(1, 11),
            amount_minor=st.integers(0, 100_000),
        ),
        max_size=6,
    ),
    random=st.randoms(use_true_random=False),
    batches=BATCHES,
)
def test_what_comes_before_its_order_ends_where_it_would_have_ended_in_order(
    shared_network: Network, events: list[Event], random: Any, batches: list[int]
):
    booking, *updates = _records(shared_network, [Event("A", "booked", 0, 50_000), *events])[:-1]
    last_us = max((one.seen_us for one in updates), default=START_US) + 1
    # All within the hold, and seen at the end: in order, or shuffled and the booking last.
    in_order = [_seen(booking, last_us), *(_seen(one, last_us) for one in updates)]
    shuffled = list(in_order[1:])
    random.shuffle(shuffled)
    expected = _standings_after(shared_network, in_order, [500])
    assert _standings_after(shared_network, [*shuffled, in_order[0]], batches) == expected
    assert shared_network.open_reasons() == []


def _records(network: Network, events: Sequence[Event]) -> list[Record]:
    """The records of the events, the clock going forward, and a month of silence at the end."""
    now_us = START_US
    records: list[Record] = []
    clicks: dict[str, str] = {}
    for number, event in enumerate(events):
        now_us += event.hours * HOUR_US
        publisher = "ana" if event.order == "A" else "ben"
        program = "retail" if event.order == "C" else "hotel"
        link = network.links[publisher, program]
        if event.what == "click":
            touch = Touch(
                at_us=now_us,
                link=link,
                allocation=1,
                arm=0,
                basis=Basis.CONSENT,
                mode=Mode.LIVE,
                record=RecordId(1, 0, number),
            )
            clicks[event.order] = KEYS.token(touch)
            records.append(
                Click(
                    at_us=now_us,
                    seen_us=now_us,
                    link=link,
                    allocation=1,
                    arm=0,
                    basis=Basis.CONSENT,
                    mode=Mode.LIVE,
                )
            )
        else:
            records.append(
                Postback(
                    at_us=now_us,
                    seen_us=now_us,
                    advertiser=network.advertiser,
                    dialect="generic",
                    event_id=f"event {number}",
                    step=event.what,
                    status_raw=event.what,
                    mode=Mode.LIVE,
                    program=program,
                    order_id=event.order,
                    click_refs=(clicks[event.order],) if event.order in clicks else (),
                    amount_minor=event.amount_minor if event.what in ("booked", "amended", "approved") else None,
                    retained_minor=event.amount_minor // 2 if event.what in ("refunded", "no_show") else None,
                    currency="EUR",
                    check_out="2027-05-20" if event.what == "booked" and event.amount_minor % 2 else None,
                )
            )
    records.append(Tick(seen_us=now_us + 40 * DAY_US))
    return records


def _seen(record: Record, seen_us: int) -> Record:
    return replace(record, seen_us=seen_us)  # pyright: ignore


def _consume(network: Network, records: Sequence[Record], batches: Sequence[int]) -> None:
    network.reset()
    journal = network.journal = MemoryJournal()
    for record in records:
        journal.append(record)
    for size in cycle(batches):
        if not ingest(network.deps, 1, limit=size).records:
            break


def _books_after(network: Network, records: Sequence[Record], batches: Sequence[int]) -> dict[str, Any]:
    """Everything that counts after the records, without the numbers that the database gives."""
    _consume(network, records, batches)
    return {
        "conversions": network.rows(
            """
            select order_id, publisher_id, program_id, credit, credit_why, rule_id, status, reason, sale_minor,
                retained_minor, commission_minor, check_out, booked_at, release_at, seq
            from warum.conversion order by order_id
            """
        ),
        "history": network.rows(
            """
            select c.order_id, e.seq, e.kind, e.at
            from warum.conversion_event e join warum.conversion c on c.id = e.conversion_id order by 1, 2
            """
        ),
        "postings": network.rows(
            """
            select c.order_id, t.kind, t.at, p.book, p.amount_minor, d.kind, k.kind
            from warum.posting p join warum.txn t on t.id = p.txn_id join warum.conversion c on c.id = t.conversion_id
            join warum.account d on d.id = p.debit join warum.account k on k.id = p.credit
            order by 1, 3, 2, 4, 5, 6
            """
        ),
        "accounts": network.rows(
            "select book, kind, publisher_id, currency, debits, credits from warum.account order by 1, 2, 3, 4"
        ),
        "hours": network.rows("select * from warum.rollup_hour order by hour, link_id"),
        "open": network.rows(
            "select order_id, reason, resolution from warum.report_open order by order_id, reason, seen, resolution"
        ),
    }


def _standings_after(network: Network, records: Sequence[Record], batches: Sequence[int]) -> list[tuple[Any, ...]]:
    _consume(network, records, batches)
    return network.rows(
        """
        select order_id, status, reason, sale_minor, retained_minor, commission_minor, check_out, release_at
        from warum.conversion order by order_id
        """
    )
