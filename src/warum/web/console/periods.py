"""The period that a page shows, and the one that it is compared with, as they stand in its address:
``?range=30d&compare=previous``, or ``?range=custom&from=2026-05-01&until=2026-05-09``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from warum.kernel.period import local_midnight

PRESETS: Final = ("today", "yesterday", "7d", "30d", "month", "last_month", "12m")
COMPARISONS: Final = ("none", "previous", "weekdays", "year")
PRESET_DEFAULT: Final = "7d"

Comparison = Literal["none", "previous", "weekdays", "year"]

days_max: Final = 3 * 366
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days, both ends included."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def bounds_us(self, zone: str) -> tuple[int, int]:
        """From the first midnight to the one after the last day, in microseconds."""
        return local_midnight(self.first, zone), local_midnight(self.last + _ONE_DAY, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What the reader chose.

    Attributes:
        preset: one of ``PRESETS``, or ``custom``.
        other: the days to compare with; None when there is no comparison.
    """

    preset: str
    days: Days
    compare: Comparison
    other: Days | None

    def query(self, **changes: str) -> dict[str, str]:
        """The parameters that lead here, with some of them changed."""
        own = {"from": self.days.first.isoformat(), "until": self.days.last.isoformat()}
        query = {"range": self.preset, "compare": self.compare, **(own if self.preset == "custom" else {}), **changes}
        return query if query["range"] == "custom" else {k: v for k, v in query.items() if k not in own}


def period_of(query: Mapping[str, str], today: date) -> Period:
    """What the address says; what cannot be used is as if it were not there."""
    asked = query.get("range", PRESET_DEFAULT)
    custom = _custom(query) if asked == "custom" else None
    preset = "custom" if custom else asked if asked in PRESETS else PRESET_DEFAULT
    days = custom or _preset(preset, today)
    compare = _comparison(query.get("compare", "previous"))
    return Period(preset=preset, days=days, compare=compare, other=_other(days, compare))


def _comparison(asked: str) -> Comparison:
    match asked:
        case "none" | "weekdays" | "year":
            return asked
        case _:
            return "previous"


def _preset(preset: str, today: date) -> Days:
    month = today.replace(day=1)
    match preset:
        case "today":
            return Days(today, today)
        case "yesterday":
            return Days(today - _ONE_DAY, today - _ONE_DAY)
        case "30d":
            return Days(today - timedelta(days=29), today)
        case "month":
            return Days(month, today)
        case "last_month":
            last = month - _ONE_DAY
            return Days(last.replace(day=1), last)
        case "12m":
            return Days(_year_before(month), today)
        case _:
            return Days(today - timedelta(days=6), today)


def _custom(query: Mapping[str, str]) -> Days | None:
    try:
        first, last = date.fromisoformat(query["from"]), date.fromisoformat(query["until"])
    except (KeyError, ValueError):
        return None
    if first > last:
        first, last = last, first
    if first.year < 2000 or last.year > 2200 or (last - first).days >= days_max:
        return None
    return Days(first, last)


def _other(days: Days, compare: Comparison) -> Days | None:
    match compare:
        case "previous":
            return Days(days.first - timedelta(days=days.count), days.first - _ONE_DAY)
        case "weekdays":
            weeks = timedelta(days=-(-days.count // 7) * 7)
            return Days(days.first - weeks, days.last - weeks)
        case "year":
            # 364 days: a Saturday is held against a Saturday.
            return Days(days.first - timedelta(days=364), days.last - timedelta(days=364))
        case "none":
            return None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)
