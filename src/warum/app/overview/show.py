"""What came in over a span of time: requests, conversions as they stand now, by time, publisher and program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from warum.app.border import Moment, Money, ProgramRef, PublisherRef, border, missing, moment, money
from warum.app.call import Call
from warum.app.overview.counted import counted_until_us
from warum.app.status import DropOut
from warum.domain.conversion import Status
from warum.kernel.period import DAY_US, HOUR_US, from_us, hour_start, to_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.overview import Booked, Seen, SeenAt, SeenBy, Span, Which

days_max: Final = 3 * 366
_everybody: Final = 500
_buckets_max: Final = 2_000


class Unit(StrEnum):
    """How wide a bucket of a chart is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@border
class StatusCount:
    """Conversions that stand in a status now."""

    status: Status
    count: int
    commission: tuple[Money, ...]


@border
class OverviewTotals:
    impressions: int
    clicks: Annotated[int, Field(description="All of them,")]
    clicks_bare: Annotated[int, Field(description="and those among them that nobody can be credited for.")]
    conversions: Annotated[int, Field(description="Credited ones, in whatever status.")]
    statuses: tuple[StatusCount, ...]
    sale: Annotated[tuple[Money, ...], Field(description="What was sold, by currency.")]
    commission: Annotated[tuple[Money, ...], Field(description="Of conversions that are not declined, by currency.")]


@border
class OverviewBucket:
    at: Annotated[datetime, Field(description="Where the hour or day begins.")]
    impressions: int
    clicks: int
    conversions: int
    commission_minor: Annotated[int, Field(description="In the main currency.")]


@border
class PublisherLine:
    publisher: PublisherRef
    name: str
    impressions: int
    clicks: int
    conversions: int
    commission: tuple[Money, ...]


@border
class ProgramLine:
    program: ProgramRef
    name: str
    impressions: int
    clicks: int
    conversions: int
    commission: tuple[Money, ...]


@border
class Overview:
    now: datetime
    counted_until: Annotated[
        datetime | None, Field(description="What came in later is not counted yet; null: nothing ever was.")
    ]
    currency: Annotated[str | None, Field(description="The one with most conversions; null: there are none.")]
    totals: OverviewTotals
    buckets: Annotated[tuple[OverviewBucket, ...], Field(description="Empty ones are left out.")]
    publishers: Annotated[tuple[PublisherLine, ...], Field(description="Most commission first, then most clicks.")]
    programs: Annotated[tuple[ProgramLine, ...], Field(description="Most commission first, then most clicks.")]
    drops: Annotated[tuple[DropOut, ...], Field(description="What did not count in these hours, by reason.")]


@border
class OverviewShow:
    """Live traffic of a span; a begun hour counts by its share where the span ends in the past."""

    since: Moment
    until: Moment
    upto: Annotated[Moment | None, Field(description="Totals count until here, buckets until the end.")] = None
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    unit: Unit = Unit.HOUR
    timezone: Annotated[str, Field(max_length=64, description="Hours and days are those of this zone.")] = "UTC"
    lines: Annotated[int, Field(ge=0, le=100, description="How many publishers and programs at most.")] = 10


def show_overview(tx: Tx, call: Call, ask: OverviewShow) -> Overview | Refusal:
    span = Span(to_us(ask.since), to_us(ask.until))
    if refusal := _unfit(span, ask):
        return refusal
    if ask.program is not None and tx.catalog.program(ask.program) is None:
        return missing("program", ask.program)
    if ask.publisher is not None and tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    which = Which(program=ask.program, publisher=ask.publisher)
    cut = span if ask.upto is None else Span(span.from_us, max(span.from_us, min(to_us(ask.upto), span.until_us)))
    hours = _hours(span)
    seen_at = tx.overview.seen_at(hours, which, unit=ask.unit.value, zone=ask.timezone)
    whole = cut == span and (span.until_us % HOUR_US == 0 or span.until_us >= call.now_us)
    seen = _sum(one.seen for one in seen_at) if whole else _seen(tx, cut, which)
    booked = tx.overview.booked(cut, which, unit=ask.unit.value, zone=ask.timezone)
    later = (
        ()
        if cut == span
        else tx.overview.booked(Span(cut.until_us, span.until_us), which, unit=ask.unit.value, zone=ask.timezone)
    )
    by_status = [line for line in booked if line.status is not None]
    currency = _main_currency([*by_status, *(line for line in later if line.status is not None)])
    return Overview(
        now=from_us(call.now_us),
        counted_until=moment(counted_until_us(tx, call)),
        currency=currency,
        totals=_totals(seen, by_status),
        buckets=_buckets(seen_at, [*booked, *later], currency),
        publishers=_publishers(tx, hours, which, booked, ask.lines),
        programs=_programs(tx, hours, which, booked, ask.lines),
        drops=_drops(tx, hours, which) if ask.lines else (),
    )


def _unfit(span: Span, ask: OverviewShow) -> Refusal | None:
    if span.from_us >= span.until_us:
        return Refusal(code="dates_backwards", message="The span ends before it starts: swap the two.", field="until")
    width_us = span.until_us - span.from_us
    if width_us > days_max * DAY_US:
        return Refusal(code="span_too_long", message=f"Ask for {days_max} days at most.", field="since")
    if ask.unit is Unit.HOUR and width_us > _buckets_max * HOUR_US:
        return Refusal(code="buckets_too_many", message="Ask for days rather than hours.", field="unit")
    if not _is_zone(ask.timezone):
        return Refusal(code="timezone_unknown", message="Give a time zone such as Europe/Berlin.", field="timezone")
    return None


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False


def _hours(span: Span) -> Span:
    """The whole hours around it."""
    return Span(hour_start(span.from_us), hour_start(span.until_us - 1) + HOUR_US)


def _seen(tx: Tx, span: Span, which: Which) -> Seen:
    """A begun hour counts by its share: nobody knows better, and a comparison with a whole one would be unfair."""
    begun_us = hour_start(span.until_us)
    first_us = hour_start(span.from_us)
    full = tx.overview.seen(Span(first_us, begun_us), which) if begun_us > first_us else Seen()
    if begun_us == span.until_us:
        return full
    part = tx.overview.seen(Span(begun_us, begun_us + HOUR_US), which)
    share = (span.until_us - begun_us) / HOUR_US
    return Seen(*(whole + round(share * count) for whole, count in zip(full, part, strict=True)))


def _sum(parts: Iterable[Seen]) -> Seen:
    total = Seen()
    for part in parts:
        total = Seen(*(mine + theirs for mine, theirs in zip(total, part, strict=True)))
    return total


def _main_currency(by_status: Sequence[Booked]) -> str | None:
    counts: defaultdict[str, int] = defaultdict(int)
    for line in by_status:
        counts[line.currency] += line.count
    return max(sorted(counts), key=lambda currency: counts[currency]) if counts else None


def _totals(seen: Seen, by_status: Sequence[Booked]) -> OverviewTotals:
    return OverviewTotals(
        impressions=seen.impressions,
        clicks=seen.clicks,
        clicks_bare=seen.clicks_bare,
        conversions=sum(line.count for line in by_status),
        statuses=tuple(
            StatusCount(
                status=status,
                count=sum(line.count for line in lines),
                commission=_amounts(lines, "commission_minor"),
            )
            for status in Status
            for lines in [[line for line in by_status if line.status is status]]
        ),
        sale=_amounts(by_status, "sale_minor"),
        commission=_amounts(by_status, "commission_minor"),
    )


def _amounts(lines: Iterable[Booked], what: Literal["sale_minor", "commission_minor"]) -> tuple[Money, ...]:
    """By currency, the largest amount first."""
    sums: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.sale_minor if what == "sale_minor" else line.commission_minor
    return tuple(money(sums[currency], currency) for currency in sorted(sums, key=lambda one: (-sums[one], one)))


def _buckets(seen_at: Sequence[SeenAt], booked: Sequence[Booked], currency: str | None) -> tuple[OverviewBucket, ...]:
    seen = {one.at_us: one.seen for one in seen_at}
    came = [(line.at_us, line) for line in booked if line.at_us is not None]
    moments = sorted({*seen, *(at_us for at_us, _ in came)})
    counts: defaultdict[int, int] = defaultdict(int)
    commissions: defaultdict[int, int] = defaultdict(int)
    for at_us, line in came:
        counts[at_us] += line.count
        commissions[at_us] += line.commission_minor if line.currency == currency else 0
    return tuple(
        OverviewBucket(
            at=from_us(at_us),
            impressions=seen.get(at_us, Seen()).impressions,
            clicks=seen.get(at_us, Seen()).clicks,
            conversions=counts[at_us],
            commission_minor=commissions[at_us],
        )
        for at_us in moments
    )


def _publishers(tx: Tx, hours: Span, which: Which, booked: Sequence[Booked], limit: int) -> tuple[PublisherLine, ...]:
    if not limit:
        return ()
    found = tx.overview.seen_by_publisher(hours, which, _everybody)
    lines = _grouped((line.publisher, line) for line in booked)
    return tuple(
        PublisherLine(
            publisher=one.id,
            name=one.name,
            impressions=one.seen.impressions,
            clicks=one.seen.clicks,
            conversions=sum(line.count for line in lines.get(one.id, ())),
            commission=_amounts(lines.get(one.id, ()), "commission_minor"),
        )
        for one in _foremost(found, lines, limit)
    )


def _programs(tx: Tx, hours: Span, which: Which, booked: Sequence[Booked], limit: int) -> tuple[ProgramLine, ...]:
    if not limit:
        return ()
    found = tx.overview.seen_by_program(hours, which, _everybody)
    lines = _grouped((line.program, line) for line in booked)
    return tuple(
        ProgramLine(
            program=one.id,
            name=one.name,
            impressions=one.seen.impressions,
            clicks=one.seen.clicks,
            conversions=sum(line.count for line in lines.get(one.id, ())),
            commission=_amounts(lines.get(one.id, ()), "commission_minor"),
        )
        for one in _foremost(found, lines, limit)
    )


def _grouped(pairs: Iterable[tuple[int | None, Booked]]) -> Mapping[int, list[Booked]]:
    lines: dict[int, list[Booked]] = {}
    for one, line in pairs:
        if one is not None:
            lines.setdefault(one, []).append(line)
    return lines


def _foremost(found: Sequence[SeenBy], lines: Mapping[int, list[Booked]], limit: int) -> list[SeenBy]:
    def rank(one: SeenBy) -> tuple[int, int]:
        return -sum(line.commission_minor for line in lines.get(one.id, ())), -one.seen.clicks

    return sorted(found, key=rank)[:limit]


def _drops(tx: Tx, hours: Span, which: Which) -> tuple[DropOut, ...]:
    """Drops know no publisher, and of a program only its advertiser."""
    if which.publisher is not None:
        return ()
    program = None if which.program is None else tx.catalog.program(which.program)
    advertiser = None if program is None else program.advertiser
    found = tx.views.drops(from_us=hours.from_us, until_us=hours.until_us, advertiser=advertiser)
    return tuple(DropOut(reason=line.reason, count=line.count) for line in found)
