"""Whether each advertiser's tracking is alive. Silence is held against the same hours of the same weekdays in the four
weeks before: what is usual on a Tuesday night is no news on a Tuesday night.

Silence is called dead tracking only where several clicks or bookings were to be expected; where few were, or nobody can
know yet, that is said instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import AdvertiserRef, border, moment
from warum.app.call import Call
from warum.app.overview.counted import counted_until_us
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, hour_start
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.overview import Heartbeat, Seen, Span

weeks: Final = 4
weeks_min: Final = 2
"""With fewer weeks before it there is nothing to compare with."""
expected_min: Final = 5
"""With five expected, nothing comes by chance in 7 of 1,000 cases (Poisson)."""
behind_us: Final = 10 * MINUTE_US

_WEEK_US: Final = 7 * DAY_US


class Signal(StrEnum):
    """How it goes, the worst last."""

    FINE = "fine"
    """Something came in the last whole hour, or the same hours were without any in one of the weeks before."""
    QUIET = "quiet"
    """Nothing came, and little was to be expected."""
    NEW = "new"
    """Nothing came for a while, and there is too little past to compare with."""
    NEVER = "never"
    """Nothing ever came."""
    UNKNOWN = "unknown"
    """The worker is behind; what came in is not counted yet."""
    SILENT = "silent"
    """Nothing came, and several were to be expected."""


@border
class SignalOut:
    signal: Signal
    last_at: Annotated[datetime | None, Field(description="When the last one came; of clicks, in which hour.")]
    silent_hours: Annotated[int, Field(description="Whole hours without any since, a week at most.")]
    usual: Annotated[
        tuple[int, ...],
        Field(description="How many came in the same hours of each of the last four weeks, the latest first."),
    ]


@border
class AdvertiserHealth:
    advertiser: AdvertiserRef
    name: str
    active: bool
    signal: Annotated[Signal, Field(description="The worse one of both.")]
    clicks: SignalOut
    conversions: SignalOut
    clicks_since: Annotated[int, Field(description="Clicks in the hours since the last conversion, a week at most.")]
    clicks_day: Annotated[int, Field(description="Clicks in the last 24 whole hours,")]
    clicks_day_usual: Annotated[tuple[int, ...], Field(description="and in the same ones of the weeks before.")]


@border
class Health:
    counted_until: Annotated[datetime | None, Field(description="What came in later is not counted yet.")]
    behind: Annotated[bool, Field(description="Whether the worker is too far behind to call anything silence.")]
    advertisers: Annotated[tuple[AdvertiserHealth, ...], Field(description="The worst first.")]


@border
class HealthShow:
    pass


def show_health(tx: Tx, call: Call, ask: HealthShow) -> Health | Refusal:
    until_us = counted_until_us(tx, call)
    behind = until_us is not None and until_us < call.deps.before_us(behind_us)
    # Whole hours alone: the begun one of the weeks before is over, and would be held against a part of itself.
    hour_us = hour_start(call.now_us if until_us is None else until_us)
    beats = tx.overview.heartbeats()
    spans = [(beat.advertiser, span) for beat in beats for span in _spans(beat, hour_us)]
    seen = iter(tx.overview.seen_within(spans))
    lines = [_told(beat, {span: next(seen) for span in _spans(beat, hour_us)}, hour_us, behind) for beat in beats]
    return Health(
        counted_until=moment(until_us),
        behind=behind,
        advertisers=tuple(sorted(lines, key=lambda line: (not line.active, -_severity(line.signal), line.name))),
    )


def _told(beat: Heartbeat, seen: Mapping[Span, Seen], hour_us: int, behind: bool) -> AdvertiserHealth:
    day = _day(hour_us)
    clicked, converted = _silence(beat.click_hour_us, hour_us), _silence(beat.conversion_hour_us, hour_us)
    clicks = _signal(beat, clicked, [seen[one].clicks for one in _before(beat, clicked)], beat.click_hour_us, behind)
    conversions = _signal(
        beat, converted, [seen[one].conversions for one in _before(beat, converted)], beat.conversion_us, behind
    )
    return AdvertiserHealth(
        advertiser=beat.advertiser,
        name=beat.name,
        active=beat.active,
        signal=max(clicks.signal, conversions.signal, key=_severity),
        clicks=clicks,
        conversions=conversions,
        clicks_since=0 if converted is None else seen[converted].clicks,
        clicks_day=seen[day].clicks,
        clicks_day_usual=tuple(seen[one].clicks for one in _before(beat, day)),
    )


def _signal(
    beat: Heartbeat, silence: Span | None, usual: Sequence[int], last_us: int | None, behind: bool
) -> SignalOut:
    if last_us is None:
        signal = Signal.NEVER
    elif silence is None:
        signal = Signal.FINE
    elif behind:
        signal = Signal.UNKNOWN
    elif len(usual) < weeks_min:
        signal = Signal.NEW
    elif not min(usual):
        signal = Signal.FINE
    else:
        signal = Signal.SILENT if sum(usual) >= expected_min * len(usual) else Signal.QUIET
    return SignalOut(
        signal=signal,
        last_at=moment(last_us),
        silent_hours=0 if silence is None else (silence.until_us - silence.from_us) // HOUR_US,
        usual=tuple(usual),
    )


def _severity(signal: Signal) -> int:
    return list(Signal).index(signal)


def _spans(beat: Heartbeat, hour_us: int) -> list[Span]:
    """Every span that has to be counted for an advertiser; none comes twice."""
    asked = [_silence(beat.click_hour_us, hour_us), _silence(beat.conversion_hour_us, hour_us), _day(hour_us)]
    return list(dict.fromkeys(one for span in asked if span is not None for one in (span, *_before(beat, span))))


def _silence(last_hour_us: int | None, hour_us: int) -> Span | None:
    """The whole hours since the last one with anything, a week at most; None where there are none."""
    if last_hour_us is None or last_hour_us + HOUR_US >= hour_us:
        return None
    return Span(max(last_hour_us + HOUR_US, hour_us - _WEEK_US), hour_us)


def _before(beat: Heartbeat, span: Span | None) -> list[Span]:
    """The same hours of the weeks before, as far as there was anything yet."""
    if span is None or beat.first_hour_us is None:
        return []
    spans = [Span(span.from_us - week * _WEEK_US, span.until_us - week * _WEEK_US) for week in range(1, weeks + 1)]
    return [one for one in spans if one.from_us >= beat.first_hour_us]


def _day(hour_us: int) -> Span:
    return Span(hour_us - DAY_US, hour_us)
