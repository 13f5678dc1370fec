"""One batch of the journal in one transaction, its offset in it: each record counts exactly once in the database.

A batch takes what it needs in a few queries, plans, and writes in bulk. It holds no more timers than ``TIMERS_MAX``:
where more fall due, it ends before the first record that has to wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from warum.app.ingest.facts import Broken, Item, Known, Plan, Reported, Seen, reported, seen_us
from warum.app.ingest.plan import plan_batch
from warum.app.log.entries import ReportFate, ToldReport, enter_clicks, enter_reports
from warum.app.steps import write_steps
from warum.app.timers import release_due
from warum.domain.conversion import Conversion
from warum.domain.records import Click, Impression, Postback, RecordType
from warum.domain.token import TokenKeys, Touch
from warum.kernel.ids import RecordId
from warum.ports.conversions import ClickKey, OrderKey, SeenReport
from warum.ports.database import Database, Role, Scope, Tx
from warum.ports.journal import Journal, RawRecord
from warum.ports.tracking import Position, Quarantined

BATCH_MAX: Final = 500
TIMERS_MAX: Final = 1_000
SYSTEM: Final = Scope(Role.SYSTEM)

_APPLIED: Final = "applied"


class UnknownRecord(Exception):
    """A newer edge wrote a record of a type that this version does not know. The consumer stops before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """What the consumer works with.

    Attributes:
        token_keys: read click tokens and link references.
    """

    database: Database
    journal: Journal
    token_keys: TokenKeys


@dataclass(frozen=True, slots=True)
class Consumed:
    """What a batch did. Without records it only released timers, or there was nothing to do (``timers`` 0)."""

    records: int
    timers: int
    position: Position


def ingest(deps: Ingest, stream: int, *, limit: int = BATCH_MAX) -> Consumed:
    """Consume at most ``limit`` records of a stream.

    Raises:
        LookupError, ValueError, and what the database says about bad data: a record of the batch is at fault.
        ConversionChanged: somebody changed a conversion at the same time; nothing was written, repeat it.
        DatabaseUnavailable, DatabaseMisfit: see ``ports.database``.
        UnknownRecord: a newer edge wrote the journal.
    """
    with deps.database.transaction(SYSTEM) as tx:
        position = tx.tracking.position(stream, lock=True)
        raws, cursor = deps.journal.read(stream, position.cursor, limit)
        if not raws:
            return Consumed(0, 0, position)
        items = [_item(deps, raw) for raw in raws]
        watermarks = list(accumulate(map(seen_us, items), max, initial=position.watermark_us))[1:]
        due = tx.conversions.due(watermarks[-1], TIMERS_MAX + 1)
        if len(due) > TIMERS_MAX:
            last = due.pop()
            assert last.standing.release_at_us is not None  # or it would not be due
            items = [item for item, at_us in zip(items, watermarks, strict=True) if at_us < last.standing.release_at_us]
            if not items:
                return Consumed(0, _release(deps, tx, watermarks[0]), position)
            raws, cursor = deps.journal.read(stream, position.cursor, len(items))
            due = [one for one in due if (one.standing.release_at_us or 0) <= watermarks[len(items) - 1]]
        known = _load(deps, tx, items, due)
        plan = plan_batch(items, known, watermark_us=position.watermark_us)
        after = Position(cursor, watermarks[len(items) - 1])
        _write(deps, tx, stream, plan, known, after)
    return Consumed(len(items), len(due), after)


def release_before_next(deps: Ingest, stream: int) -> None:
    """Release what is due before the next record of a stream, without it."""
    with deps.database.transaction(SYSTEM) as tx:
        position = tx.tracking.position(stream)
    raws, _ = deps.journal.read(stream, position.cursor, 1)
    until_us = max((position.watermark_us, *(seen_us(_item(deps, raw)) for raw in raws)))
    more = True
    while more:
        with deps.database.transaction(SYSTEM) as tx:
            more = _release(deps, tx, until_us) == TIMERS_MAX


def quarantine_next(deps: Ingest, stream: int, reason: str) -> RecordId | None:
    """Put the next record of a stream aside, with its bytes and the reason, and step over it."""
    with deps.database.transaction(SYSTEM) as tx:
        position = tx.tracking.position(stream, lock=True)
        raws, cursor = deps.journal.read(stream, position.cursor, 1)
        if not raws:
            return None
        raw, at_us = raws[0], position.watermark_us
        tx.tracking.quarantine([Quarantined(record=raw.id, type=raw.type, body=raw.body, reason=reason, at_us=at_us)])
        enter_reports(tx, _set_aside(deps, raw))
        tx.tracking.advance(stream, Position(cursor, at_us))
    return raw.id


def consume_released(deps: Ingest, found: Quarantined) -> None:
    """Consume a record that was released from quarantine, at the watermark of its stream. It counts once: what its
    first reading wrote was undone, and whoever comes second here finds it gone.

    Raises:
        LookupError, ValueError, and what the database says about bad data: it fails again; nothing was written.
        ConversionChanged, DatabaseUnavailable, DatabaseMisfit: as ``ingest``.
    """
    stream = found.record.stream
    with deps.database.transaction(SYSTEM) as tx:
        position = tx.tracking.position(stream, lock=True)
        if not tx.tracking.leave_quarantine(found.record):
            return
        item = _item(deps, RawRecord(found.record, found.type, found.body))
        if isinstance(item, Broken):
            raise ValueError(item.fault)
        known = _load(deps, tx, [item], due=())
        plan = plan_batch([item], known, watermark_us=position.watermark_us)
        _write(deps, tx, stream, plan, known, position)


def return_to_quarantine(deps: Ingest, record: RecordId, reason: str) -> None:
    """Set a released record aside again, with the new reason."""
    with deps.database.transaction(SYSTEM) as tx:
        tx.tracking.return_to_quarantine(record, reason)


def _item(deps: Ingest, raw: RawRecord) -> Item:
    try:
        record = deps.journal.decode(raw)
    except LookupError as error:
        raise UnknownRecord(f"record {raw.id} is of type {raw.type}: {error}") from error
    except ValueError as error:
        return Broken(raw, f"does not decode: {error}")
    if isinstance(record, Postback):
        return reported(raw, record, [deps.token_keys.read(reference) for reference in record.click_refs])
    return Seen(raw, record)


def _load(deps: Ingest, tx: Tx, items: Sequence[Item], due: Sequence[Conversion]) -> Known:
    """Everything the plan needs, in a few queries whatever the size of the batch."""
    reports = [item for item in items if isinstance(item, Reported)]
    new = tx.conversions.first_seen(_first_of_each(reports))
    fresh = [report for report in reports if report.raw.id in new]
    orders = {key for report in fresh for key in report.keys if isinstance(key, OrderKey)}
    clicks = {key for report in fresh for key in report.keys if isinstance(key, ClickKey)}
    found = tx.conversions.by_order(orders) if orders else []
    missing = orders - {
        OrderKey(one.advertiser, one.mode, one.event_type, one.order_id) for one in found if one.order_id is not None
    }
    conversions = [*found, *(tx.conversions.by_click(clicks) if clicks else ())]
    begun = {key for report in fresh if report.may_begin for key in report.keys if key in missing}
    waiting = tx.conversions.waiting([key for key in begun if isinstance(key, OrderKey)])
    links = tx.catalog.edge_links(_links(items))
    programs_of = tx.catalog.programs_of({report.postback.advertiser for report in fresh})
    programs = {
        *(program for of_advertiser in programs_of.values() for program in of_advertiser),
        *(link.program for link in links.values()),
        *(conversion.program for conversion in (*conversions, *due)),
    }
    return Known(
        links=links,
        terms=tx.catalog.terms(programs),
        programs_of=programs_of,
        rules=tx.catalog.rules(programs),
        reference_bases=tx.catalog.reference_bases(programs_of.keys()),
        new_reports=frozenset(new),
        conversions=conversions,
        due=due,
        waiting=[_parked(deps, RawRecord(one.record, RecordType.POSTBACK, one.body)) for one in waiting],
        conversion_ids=iter(tx.conversions.allocate_ids(sum(report.may_begin for report in fresh))),
    )


def _write(deps: Ingest, tx: Tx, stream: int, plan: Plan, known: Known, position: Position) -> None:
    clicks = [paid.txn for paid in plan.paid_clicks]
    write_steps(tx, plan.transitions, terms=known.terms, other_txns=clicks)
    enter_clicks(tx, plan.paid_clicks)
    enter_reports(tx, plan.told)
    tx.conversions.open_reports(list(plan.open_reports.values()))
    tx.conversions.resolve(plan.resolved, resolution=_APPLIED)
    tx.conversions.judge(plan.judged)
    tx.tracking.add_counts(plan.counts)
    tx.tracking.add_drops(plan.drops)
    tx.tracking.add_sub_ids(plan.sub_ids)
    tx.tracking.quarantine(plan.quarantined)
    tx.tracking.advance(stream, position)


def _first_of_each(reports: Sequence[Reported]) -> list[SeenReport]:
    """The same event id may come twice in a batch; the first record is the one that counts."""
    first: dict[tuple[int, str], SeenReport] = {}
    for report in reports:
        postback = report.postback
        key = postback.advertiser, postback.event_id
        if key not in first:
            first[key] = SeenReport(advertiser=key[0], event_id=key[1], record=report.raw.id)
    return list(first.values())


def _set_aside(deps: Ingest, raw: RawRecord) -> list[ToldReport]:
    """Whom a record that went into quarantine was from, where it can still be read."""
    item = _item(deps, raw)
    if not isinstance(item, Reported):
        return []
    return [
        ToldReport(
            advertiser=item.postback.advertiser,
            record=raw.id,
            seen_us=item.postback.seen_us,
            fate=ReportFate.SET_ASIDE,
            reason="quarantine",
        )
    ]


def _links(items: Sequence[Item]) -> set[int]:
    links: set[int] = set()
    for item in items:
        if isinstance(item, Reported):
            links.update(touch.link for touch in item.touches if isinstance(touch, Touch))
        elif isinstance(item, Seen) and isinstance(item.record, Click | Impression):
            links.add(item.record.link)
    return links


def _parked(deps: Ingest, raw: RawRecord) -> Reported:
    postback = deps.journal.decode(raw)
    if not isinstance(postback, Postback):
        raise ValueError(f"the parked report {raw.id} is no postback")
    return reported(raw, postback, [deps.token_keys.read(reference) for reference in postback.click_refs])


def _release(deps: Ingest, tx: Tx, until_us: int) -> int:
    return release_due(tx, until_us=until_us, limit=TIMERS_MAX)
