"""What happens when: the events of a file of bookings, in the order of time.

A booking makes a click (if somebody sent the guest), a booking and an end: check-out, cancellation or no-show. All of
them lie on whole hours, so an event is one integer (hour, kind, row), and the order of integers is the order in which
things happened. A file whose row ends before it was booked is told just so: putting that right is the system's part."""

from __future__ import annotations

import csv
import gzip
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from warum.kernel.period import HOUR_US, to_us

_HOTEL_COLUMNS: Final = (
    "hotel",
    "agent",
    "lead_time",
    "arrival_date_year",
    "arrival_date_month",
    "arrival_date_day_of_month",
    "stays_in_weekend_nights",
    "stays_in_week_nights",
    "adr",
    "reservation_status",
    "reservation_status_date",
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        1,
    )
}
_HOTEL_ENDS: Final = {"Check-Out": "stayed", "Canceled": "cancelled", "No-Show": "no_show"}
_CENT: Final = Decimal("0.01")
_ROW_BITS: Final = 32
_KIND_BITS: Final = 4
_NOBODY: Final = ("NULL", "")  # the column ``agent`` of a booking that no publisher brought


class FileError(Exception):
    """The file cannot be replayed; the text says where and why."""


class Kind(IntEnum):
    """What happens in an event. Within one hour, this is the order."""

    CLICK = 0
    BOOKING = 1
    END = 2


class Event(NamedTuple):
    """``row`` counts from 1, as the order id does."""

    at_us: int
    kind: Kind
    row: int


@dataclass(frozen=True, slots=True)
class Booking:
    """A row of the file.

    Attributes:
        agent: who sent the guest; None for nobody.
        sale_minor: cents, never below 0.
        check_in, check_out: ISO days.
        end: the status word of the postback that ends it.
        booked_at_us, ended_at_us: noon of the booking's day and 18:00 of the last status' day, UTC.
    """

    program: str
    agent: str | None
    sale_minor: int
    check_in: str
    check_out: str
    booked_at_us: int
    end: str
    ended_at_us: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file.

    Attributes:
        digest: SHA-256 (hex) of the file's bytes and the number of rows taken: a folder belongs to one plan.
        bookings: row n is ``bookings[n - 1]``.
    """

    digest: str
    bookings: tuple[Booking, ...]
    keys: array[int]

    def __len__(self) -> int:
        return len(self.keys)

    def event(self, index: int) -> Event:
        return _event(self.keys[index])

    def position(self, at_us: int) -> int:
        """How many events happen until then."""
        return bisect_right(self.keys, _key(at_us, Kind.END, (1 << _ROW_BITS) - 1))

    @property
    def first_us(self) -> int:
        return self.event(0).at_us

    @property
    def last_us(self) -> int:
        return self.event(len(self.keys) - 1).at_us

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every program with each agent that ever brought it a guest."""
        return sorted({(booking.program, booking.agent) for booking in self.bookings if booking.agent is not None})

    @property
    def programs(self) -> list[str]:
        return sorted({booking.program for booking in self.bookings})


def read_plan(path: Path, *, vertical: str, limit: int | None) -> Plan:
    """The events of a file, which may be gzipped.

    Args:
        limit: take no more rows than this.

    Raises:
        FileError: there is no such file, no replay for the vertical, or a row that cannot be read.
    """
    read = _VERTICALS.get(vertical)
    if read is None:
        raise FileError(f"there is no replay of {vertical!r}; known is: {', '.join(sorted(_VERTICALS))}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None
    try:
        with _opened(path, content) as lines:
            bookings = tuple(read(path, csv.DictReader(lines), limit))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"{path} is not a CSV file: {error}.") from None
    if not bookings:
        raise FileError(f"{path} holds no booking.")
    digest = sha256(b"%s %d\n" % (vertical.encode(), len(bookings)) + content).hexdigest()
    return Plan(digest, bookings, array("Q", sorted(_keys(bookings))))


def _opened(path: Path, content: bytes) -> TextIO:
    if content[:2] == b"\x1f\x8b":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _hotel(path: Path, rows: csv.DictReader[str], limit: int | None) -> Iterable[Booking]:
    missing = [column for column in _HOTEL_COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise FileError(f"{path} has no column {', '.join(missing)}; is it a file of hotel bookings?")
    for number, row in enumerate(rows, 1):
        if limit is not None and number > limit:
            return
        try:
            yield _hotel_booking(row)
        except (ValueError, KeyError, InvalidOperation, TypeError) as error:
            raise FileError(f"{path}, row {number}: {_words(error)}.") from None


def _hotel_booking(row: Mapping[str, str]) -> Booking:
    arrival = date(
        int(row["arrival_date_year"]), _MONTHS[row["arrival_date_month"]], int(row["arrival_date_day_of_month"])
    )
    nights = int(row["stays_in_weekend_nights"]) + int(row["stays_in_week_nights"])
    sale = max(Decimal(row["adr"]) * nights, Decimal(0)).quantize(_CENT, ROUND_HALF_UP)
    booked = arrival - timedelta(days=int(row["lead_time"]))
    return Booking(
        program=row["hotel"],
        agent=None if row["agent"] in _NOBODY else row["agent"],
        sale_minor=int(sale.scaleb(2)),
        check_in=arrival.isoformat(),
        check_out=(arrival + timedelta(days=nights)).isoformat(),
        booked_at_us=_moment(booked, 12),
        end=_HOTEL_ENDS[row["reservation_status"]],
        ended_at_us=_moment(date.fromisoformat(row["reservation_status_date"]), 18),
    )


def _keys(bookings: Iterable[Booking]) -> Iterable[int]:
    for row, booking in enumerate(bookings, 1):
        if booking.agent is not None:
            yield _key(booking.booked_at_us - HOUR_US, Kind.CLICK, row)
        yield _key(booking.booked_at_us, Kind.BOOKING, row)
        yield _key(booking.ended_at_us, Kind.END, row)


def _key(at_us: int, kind: Kind, row: int) -> int:
    return (at_us // HOUR_US) << (_ROW_BITS + _KIND_BITS) | kind << _ROW_BITS | row


def _event(key: int) -> Event:
    hour, kind = key >> (_ROW_BITS + _KIND_BITS), (key >> _ROW_BITS) & ((1 << _KIND_BITS) - 1)
    return Event(hour * HOUR_US, Kind(kind), key & ((1 << _ROW_BITS) - 1))


def _moment(day: date, hour: int) -> int:
    return to_us(datetime.combine(day, time(hour), tzinfo=UTC))


def _words(error: Exception) -> str:
    return f"{error.args[0]!r} is not known" if isinstance(error, KeyError) else str(error) or "a number is not one"


_VERTICALS: Final[Mapping[str, Callable[[Path, csv.DictReader[str], int | None], Iterable[Booking]]]] = {
    "hotel": _hotel
}
