"""How it goes: what runs, how far the worker is, what did not count and why, what waits for a person, who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    ActRef,
    AdvertiserRef,
    Limit,
    LinkRef,
    Moment,
    Money,
    ProgramRef,
    PublisherRef,
    ReasonText,
    ReportRef,
    border,
    missing,
    moment,
    money,
)
from warum.app.call import Call, Done
from warum.app.conversions import ModeWord
from warum.domain.records import Postback, RecordType
from warum.kernel.ids import RecordId, public
from warum.kernel.period import DAY_US, from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Act
from warum.ports.database import Tx
from warum.ports.journal import Journal, RawRecord
from warum.ports.tracking import Quarantined
from warum.ports.views import WaitingReport

WORKER_LOGIN: Final = "warum_worker"
_unread_max: Final = 1_000
_changes_max: Final = 1_000


@border
class StreamOut:
    """One stream of the journal, as far as the worker has read it."""

    stream: int
    last_record: Annotated[str | None, Field(description="stream/segment/number of the last record that was read.")]
    watermark: Annotated[datetime | None, Field(description="The newest receipt among what was read.")]
    waiting: Annotated[
        int | None,
        Field(description=f"Records not read yet, counted to {_unread_max}; null where the journal is elsewhere."),
    ]


@border
class DropOut:
    reason: str
    count: int


@border
class StatusOut:
    version: str
    now: datetime
    edge_url: str
    edge_up: Annotated[bool | None, Field(description="Null: nobody looked.")]
    worker_up: Annotated[bool, Field(description="Whether a worker is connected to the database.")]
    database_version: str
    streams: tuple[StreamOut, ...]
    snapshot_waiting: Annotated[int, Field(description="Changes that the edge has not heard of yet.")]
    postbacks_waiting: int
    postbacks_given_up: int
    reports_open: Annotated[int, Field(description="Reports that wait for their order or for a person.")]
    quarantined: Annotated[int, Field(description="Records that broke the consumer and were set aside.")]
    drops_day: Annotated[tuple[DropOut, ...], Field(description="What did not count in the last 24 hours.")]


@border
class StatusShow:
    pass


def show_status(tx: Tx, call: Call, ask: StatusShow) -> StatusOut | Refusal:
    reports_open, quarantined = tx.views.waiting()
    waiting, given_up = tx.deliveries.backlog()
    return StatusOut(
        version=call.deps.version,
        now=from_us(call.now_us),
        edge_url=call.deps.edge_url,
        edge_up=None if call.deps.edge_up is None else call.deps.edge_up(),
        worker_up=tx.views.sessions(WORKER_LOGIN) > 0,
        database_version=tx.views.server_version(),
        streams=_streams(tx, call),
        snapshot_waiting=len(tx.snapshot.pending(_changes_max)),
        postbacks_waiting=waiting,
        postbacks_given_up=given_up,
        reports_open=reports_open,
        quarantined=quarantined,
        drops_day=_drops(tx, call.now_us - DAY_US, call.now_us + DAY_US, None),
    )


@border
class DropList:
    advertiser: AdvertiserRef | None = None
    since: Annotated[Moment | None, Field(description="Whole hours count. Left out: 24 hours ago.")] = None
    until: Moment | None = None


@border
class Drops:
    drops: tuple[DropOut, ...]


def list_drops(tx: Tx, call: Call, ask: DropList) -> Drops | Refusal:
    since_us, until_us = _span(call, ask.since, ask.until)
    return Drops(drops=_drops(tx, since_us, until_us, ask.advertiser))


@border
class TrafficOut:
    link: LinkRef
    publisher: PublisherRef
    program: ProgramRef
    impressions: int
    clicks_token: Annotated[int, Field(description="Clicks with consent.")]
    clicks_reference: Annotated[int, Field(description="Clicks without consent, credited on a legal basis.")]
    clicks_bare: Annotated[int, Field(description="Clicks without consent and without a basis: counted, not credited.")]
    conversions: int


@border
class TrafficList:
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    since: Annotated[Moment | None, Field(description="Whole hours count. Left out: 24 hours ago.")] = None
    until: Moment | None = None


@border
class TrafficLines:
    traffic: tuple[TrafficOut, ...]


def list_traffic(tx: Tx, call: Call, ask: TrafficList) -> TrafficLines | Refusal:
    since_us, until_us = _span(call, ask.since, ask.until)
    found = tx.views.traffic(from_us=since_us, until_us=until_us, program=ask.program, publisher=ask.publisher)
    return TrafficLines(
        traffic=tuple(
            TrafficOut(
                link=line.link,
                publisher=line.publisher,
                program=line.program,
                impressions=line.impressions,
                clicks_token=line.clicks_token,
                clicks_reference=line.clicks_reference,
                clicks_bare=line.clicks_bare,
                conversions=line.conversions,
            )
            for line in found
        )
    )


@border
class ReportSaid:
    """What the partner said, as it came."""

    status: Annotated[str, Field(description="The partner's own word.")]
    step: Annotated[str, Field(description="What the word means; unknown when nobody defined it.")]
    amount: Money | None
    retained: Money | None
    currency: str | None
    program: str | None
    reason: str | None
    at: datetime
    clicks: Annotated[int, Field(description="How many click ids came along.")]
    event_id: str
    dialect: str


@border
class ReportOut:
    id: ReportRef
    advertiser: AdvertiserRef
    order_id: str | None
    event_type: str
    mode: ModeWord
    reason: Annotated[str, Field(description="A code; order_unknown waits for the order.")]
    message: str
    seen_at: datetime
    record: Annotated[str, Field(description="The journal record: stream/segment/number.")]
    said: Annotated[ReportSaid | None, Field(description="Null where the journal's records cannot be read.")]
    resolved_at: datetime | None
    resolution: str | None


@border
class Reports:
    reports: tuple[ReportOut, ...]


@border
class ReportList:
    advertiser: AdvertiserRef | None = None
    resolved: Annotated[bool, Field(description="Show those that were settled instead.")] = False
    before: Annotated[ReportRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_reports(tx: Tx, call: Call, ask: ReportList) -> Reports | Refusal:
    found = tx.views.reports(advertiser=ask.advertiser, resolved=ask.resolved, before=ask.before, limit=ask.limit)
    return Reports(reports=tuple(_report_out(call, report) for report in found))


@border
class ReportResolve:
    """Takes it off the list; it changes no conversion."""

    report: ReportRef
    resolution: Annotated[str, Field(min_length=3, max_length=500, description="What became of it, in words.")]


def resolve_report(tx: Tx, call: Call, ask: ReportResolve) -> Done[ReportOut] | Refusal:
    found = tx.views.report(ask.report, lock=True)
    if found is None:
        return missing("report", ask.report)
    if found.resolved_us is not None:
        return Refusal(
            code="report_resolved",
            message=f"It was settled already: {found.resolution}",
            field="report",
            kind=Kind.CONFLICT,
        )
    tx.views.resolve_report(found.id, resolution=ask.resolution, at_us=call.now_us)
    settled = tx.views.report(found.id)
    assert settled is not None
    return Done(
        output=_report_out(call, settled),
        subject=public("report", found.id),
        before=1,
        after=2,
        advertiser=found.advertiser,
    )


@border
class QuarantineOut:
    record: str
    type: int
    bytes: int
    reason: str
    at: datetime


@border
class Quarantine:
    records: tuple[QuarantineOut, ...]


@border
class QuarantineList:
    limit: Limit = 50


def list_quarantine(tx: Tx, call: Call, ask: QuarantineList) -> Quarantine | Refusal:
    return Quarantine(
        records=tuple(_quarantine_out(record) for record in tx.tracking.in_quarantine(ask.limit)),
    )


@border
class QuarantineRelease:
    """The worker reads it once more within a second or so: it counts from then on, or returns with the new reason."""

    record: Annotated[
        str, Field(pattern=r"^[0-9]{1,5}/[0-9]{1,10}/[0-9]{1,10}$", description="stream/segment/number, as listed.")
    ]
    reason: ReasonText | None = None


def release_from_quarantine(tx: Tx, call: Call, ask: QuarantineRelease) -> Done[QuarantineOut] | Refusal:
    stream, segment, number = map(int, ask.record.split("/"))
    released = tx.tracking.release(RecordId(stream, segment, number), call.now_us)
    if released is None:
        return Refusal(
            code="record_not_in_quarantine",
            message=f"There is no record {ask.record} in quarantine; quarantine.list names those that are.",
            field="record",
            kind=Kind.NOT_FOUND,
        )
    return Done(output=_quarantine_out(released), subject=str(released.record))


@border
class ActOut:
    id: ActRef
    at: datetime
    actor: Annotated[str, Field(description="person, bot, key or system, and which one.")]
    operation: str
    subject: str
    reason: str | None
    version_before: int | None
    version_after: int | None
    input_hash: Annotated[str, Field(description="SHA-256 of the canonical input.")]


@border
class Acts:
    acts: tuple[ActOut, ...]


@border
class ActList:
    subject: Annotated[str | None, Field(max_length=300, description="Public id of what was changed.")] = None
    before: Annotated[ActRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_acts(tx: Tx, call: Call, ask: ActList) -> Acts | Refusal:
    found = tx.acts.acts(subject=ask.subject, before=ask.before, limit=ask.limit)
    return Acts(acts=tuple(_act_out(act) for act in found))


def _streams(tx: Tx, call: Call) -> tuple[StreamOut, ...]:
    journal = call.deps.journal
    streams = sorted({*tx.tracking.positions(), *(() if journal is None else journal.streams())})
    return tuple(_stream(tx, journal, stream) for stream in streams)


def _stream(tx: Tx, journal: Journal | None, stream: int) -> StreamOut:
    position = tx.tracking.position(stream)
    cursor = position.cursor
    return StreamOut(
        stream=stream,
        last_record=None if cursor.number < 0 else str(RecordId(stream, cursor.segment, cursor.number)),
        watermark=moment(position.watermark_us or None),
        waiting=None if journal is None else len(journal.read(stream, cursor, _unread_max)[0]),
    )


def _drops(tx: Tx, since_us: int, until_us: int, advertiser: int | None) -> tuple[DropOut, ...]:
    found = tx.views.drops(from_us=since_us, until_us=until_us, advertiser=advertiser)
    return tuple(DropOut(reason=line.reason, count=line.count) for line in found)


def _span(call: Call, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    return (
        call.now_us - DAY_US if since is None else to_us(since),
        call.now_us + DAY_US if until is None else to_us(until),
    )


def _report_out(call: Call, found: WaitingReport) -> ReportOut:
    return ReportOut(
        id=found.id,
        advertiser=found.advertiser,
        order_id=found.order_id,
        event_type=found.event_type,
        mode=ModeWord(found.mode.word),
        reason=found.reason,
        message=found.message,
        seen_at=from_us(found.seen_us),
        record=str(found.source),
        said=None if call.deps.journal is None else _said(call.deps.journal, found),
        resolved_at=moment(found.resolved_us),
        resolution=found.resolution,
    )


def _said(journal: Journal, found: WaitingReport) -> ReportSaid | None:
    try:
        postback = journal.decode(RawRecord(found.source, RecordType.POSTBACK, found.body))
    except (LookupError, ValueError):
        return None
    if not isinstance(postback, Postback):
        return None
    currency = postback.currency

    def amount(minor: int | None) -> Money | None:
        return None if minor is None or currency is None else money(minor, currency)

    return ReportSaid(
        status=postback.status_raw,
        step=postback.step,
        amount=amount(postback.amount_minor),
        retained=amount(postback.retained_minor),
        currency=currency,
        program=postback.program,
        reason=postback.reason,
        at=from_us(postback.at_us),
        clicks=len(postback.click_refs),
        event_id=postback.event_id,
        dialect=postback.dialect,
    )


def _quarantine_out(found: Quarantined) -> QuarantineOut:
    return QuarantineOut(
        record=str(found.record),
        type=found.type,
        bytes=len(found.body),
        reason=found.reason,
        at=from_us(found.at_us),
    )


def _act_out(act: Act) -> ActOut:
    return ActOut(
        id=act.id,
        at=from_us(act.at_us),
        actor=f"{act.actor_kind.value} {act.actor}",
        operation=act.operation,
        subject=act.subject,
        reason=act.reason,
        version_before=act.version_before,
        version_after=act.version_after,
        input_hash=act.input_hash.hex(),
    )
