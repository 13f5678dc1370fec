"""What the live page shows of a period, read once for everybody who looks at the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from warum.app import codec
from warum.app.call import Caller, Deps, perform
from warum.app.operations import BY_NAME
from warum.app.overview.show import Overview, Unit
from warum.kernel.ids import public
from warum.kernel.period import HOUR_US, MINUTE_US, SECOND_US, from_us, local_date, local_midnight, to_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.overview import Pulse
from warum.web.console.hub import Hub
from warum.web.console.kept import Kept
from warum.web.console.periods import Days, Period, period_of

lines_max: Final = 8
_hours_days_max: Final = 2
_days_days_max: Final = 92
_behind_us: Final = MINUTE_US
_short_days_max: Final = 31
_long_stays_us: Final = 15 * SECOND_US

# What everybody of the house may see, read once for all of them.
_READER: Final = Scope(Role.AUDITOR)
_CALLER: Final = Caller(scope=_READER, kind=ActorKind.SYSTEM, actor="live")


class BoardRefused(Exception):
    """What was asked for is not there."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One view: a period as an address names it, in a time zone, perhaps of one program or publisher alone."""

    query: tuple[tuple[str, str], ...]
    zone: str
    program: int | None = None
    publisher: int | None = None

    def period(self, now_us: int) -> Period:
        return period_of(dict(self.query), local_date(now_us, self.zone))

    @property
    def narrowed(self) -> dict[str, object]:
        """The filters, as operations take them."""
        fields: dict[str, object] = {}
        if self.program is not None:
            fields["program"] = public("program", self.program)
        if self.publisher is not None:
            fields["publisher"] = public("publisher", self.publisher)
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of the chart: a bucket, and the one that it is held against. None: not yet, or nothing there."""

    at_us: int
    clicks: int | None
    conversions: int | None
    commission_minor: int | None
    clicks_other: int | None
    conversions_other: int | None
    commission_minor_other: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Equal boards look the same.

    Attributes:
        main, other: without the moments at which they were read.
        partial: the period is not over; the other one is counted up to the same time.
        behind_us: up to when everything is counted, where that is not just now.
    """

    period: Period
    unit: Unit
    main: Overview
    other: Overview | None
    slots: tuple[Slot, ...]
    partial: bool
    behind_us: int | None


def read_board(deps: Deps, asked: Asked) -> Board:
    """Raises BoardRefused when a filter names nothing."""
    now_us = deps.now_us()
    period = asked.period(now_us)
    unit = _unit(period.days)
    from_us_, until_us = period.days.bounds_us(asked.zone)
    partial = from_us_ < now_us < until_us

    def show(days: Days, upto_us: int | None, lines: int) -> Overview:
        first_us, last_us = days.bounds_us(asked.zone)
        return _overview(
            deps,
            {
                **asked.narrowed,
                "since": from_us(first_us),
                "until": from_us(last_us),
                "unit": unit.value,
                "timezone": asked.zone,
                "lines": lines,
                **({} if upto_us is None else {"upto": from_us(upto_us)}),
            },
        )

    main = show(period.days, None, lines_max)
    other = None
    if period.other is not None:
        first_us, _ = period.other.bounds_us(asked.zone)
        other = show(period.other, first_us + now_us - from_us_ if partial else None, 0)
    counted = main.counted_until
    return Board(
        period=period,
        unit=unit,
        main=_timeless(main),
        other=None if other is None else _timeless(other),
        slots=_slots(period, unit, asked.zone, now_us, main, other),
        partial=partial,
        behind_us=None if counted is None or to_us(counted) >= deps.before_us(_behind_us) else to_us(counted),
    )


def make_boards(deps: Deps) -> Kept[Asked, Board]:
    """The boards of one application. Those of long periods are read anew a few times a minute, however often somebody
    asks or something happens."""

    def stays_us(asked: Asked) -> int:
        return _long_stays_us if asked.period(deps.now_us()).days.count > _short_days_max else 0

    return Kept(lambda asked: read_board(deps, asked), stays_us=stays_us, now_us=deps.people_us)


def make_hub(deps: Deps, boards: Kept[Asked, Board]) -> Hub[Asked, Board]:
    """The hub of one application."""

    def pulse() -> Pulse:
        with deps.database.transaction(_READER) as tx:
            return tx.overview.pulse()

    return Hub(pulse, boards)


def _overview(deps: Deps, fields: Mapping[str, object]) -> Overview:
    operation = BY_NAME["overview.show"]
    ask = codec.read(operation, fields)
    found: Any = ask if isinstance(ask, Refusal) else perform(operation, deps, _CALLER, ask)
    if isinstance(found, Refusal):
        raise BoardRefused(found)
    return found


def _timeless(overview: Overview) -> Overview:
    return replace(overview, now=from_us(0), counted_until=None)


def _unit(days: Days) -> Unit:
    if days.count <= _hours_days_max:
        return Unit.HOUR
    return Unit.DAY if days.count <= _days_days_max else Unit.WEEK


def _slots(
    period: Period, unit: Unit, zone: str, now_us: int, main: Overview, other: Overview | None
) -> tuple[Slot, ...]:
    """Every bucket of the period, also the empty ones, each beside its counterpart."""
    starts = _starts(period.days, unit, zone)
    theirs = [] if period.other is None else _starts(period.other, unit, zone)
    came = {to_us(bucket.at): bucket for bucket in main.buckets}
    before = {} if other is None else {to_us(bucket.at): bucket for bucket in other.buckets}
    slots: list[Slot] = []
    for place, at_us in enumerate(starts):
        mine = came.get(at_us)
        past = at_us <= now_us
        compared = other is not None and place < len(theirs)
        their = before.get(theirs[place]) if compared else None
        slots.append(
            Slot(
                at_us=at_us,
                clicks=_value(past, mine and mine.clicks),
                conversions=_value(past, mine and mine.conversions),
                commission_minor=_value(past, mine and mine.commission_minor),
                clicks_other=_value(compared, their and their.clicks),
                conversions_other=_value(compared, their and their.conversions),
                commission_minor_other=_value(compared, their and their.commission_minor),
            )
        )
    return tuple(slots)


def _value(there: bool, count: int | None) -> int | None:
    return (count or 0) if there else None


def _starts(days: Days, unit: Unit, zone: str) -> list[int]:
    first_us, until_us = days.bounds_us(zone)
    match unit:
        case Unit.HOUR:
            return list(range(first_us, until_us, HOUR_US))
        case Unit.DAY:
            return [local_midnight(days.first + timedelta(days=place), zone) for place in range(days.count)]
        case Unit.WEEK:
            monday = days.first - timedelta(days=days.first.weekday())
            weeks = ((days.last - monday).days // 7) + 1
            return [local_midnight(monday + timedelta(weeks=place), zone) for place in range(weeks)]
