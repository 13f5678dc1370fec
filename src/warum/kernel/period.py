"""Time. Stored and compared as microseconds since 1970 UTC; days and months follow a program's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 3_600 * SECOND_US
DAY_US: Final = 86_400 * SECOND_US

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Microseconds of an aware datetime; ValueError for a naive one, whose zone nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_us(moment_us: int) -> datetime:
    """The aware UTC datetime."""
    return _EPOCH + timedelta(microseconds=moment_us)


def iso(moment_us: int) -> str:
    """RFC 3339 with a Z, seconds or microseconds as needed."""
    return from_us(moment_us).isoformat().replace("+00:00", "Z")


def parse_iso(text: str) -> int | None:
    """Microseconds of an RFC 3339 moment; None without a zone or when it is no moment at all."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else to_us(moment)


def hour_start(moment_us: int) -> int:
    """The start of the UTC hour."""
    return moment_us - moment_us % HOUR_US


def utc_day(moment_us: int) -> int:
    """Days since 1970-01-01 UTC."""
    return moment_us // DAY_US


def local_date(moment_us: int, zone: str) -> date:
    """The calendar day of a moment in a zone."""
    return from_us(moment_us).astimezone(ZoneInfo(zone)).date()


def local_midnight(day: date, zone: str) -> int:
    """Microseconds of the start of a day in a zone."""
    return to_us(datetime.combine(day, time(), tzinfo=ZoneInfo(zone)))


def days_later(moment_us: int, days: int) -> int:
    """The same instant ``days`` x 24 hours on."""
    return moment_us + days * DAY_US
