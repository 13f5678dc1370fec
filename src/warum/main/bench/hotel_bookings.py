"""The real hotel bookings as a program's sales: agents are its publishers, an arrival is when a booking falls due.

Antonio, Almeida and Nunes (Data in Brief 22, 2019). Read are only fields that stand at the time of the booking (dates,
nights, price, agent, hotel, segment), and the outcome together with the day on which it became known. Country, assigned
room, changes and requests are left alone: they were filled in or overwritten later, differently for who cancelled."""

from __future__ import annotations

import argparse
import calendar
import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from warum.domain.arrays import Bools, Ints
from warum.kernel.refusal import Refusal

FILE: Final = Path("hotel_bookings") / "hotel_bookings.csv.gz"
_MONTHS: Final = {name: number for number, name in enumerate(calendar.month_name) if name}
_columns: Final = (
    "hotel", "lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month",
    "stays_in_weekend_nights", "stays_in_week_nights", "adr", "agent", "market_segment", "reservation_status",
    "reservation_status_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bookings:
    """One entry per booking; days are ordinals.

    Attributes:
        value_minor: price per night x nights in cents, never below zero.
        stayed: whether it ended in a stay; known from ``outcome_day`` on.
        batch: equal for bookings of one agent, made on one day for one day of arrival.
        twin: whether the whole row stands in the file before.
        segments, hotels: names that ``segment`` and ``hotel`` number.
    """

    agent: Ints
    booked_day: Ints
    arrival_day: Ints
    outcome_day: Ints
    value_minor: Ints
    stayed: Bools
    batch: Ints
    segment: Ints
    hotel: Ints
    twin: Bools
    segments: tuple[str, ...]
    hotels: tuple[str, ...]

    def where(self, chosen: Bools) -> Bookings:
        return Bookings(
            self.agent[chosen], self.booked_day[chosen], self.arrival_day[chosen], self.outcome_day[chosen],
            self.value_minor[chosen], self.stayed[chosen], self.batch[chosen], self.segment[chosen],
            self.hotel[chosen], self.twin[chosen], self.segments, self.hotels,
        )  # fmt: skip


def options(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"warum bench {name}")
    default = Path(os.environ.get("WARUM_SHARED_DATA", "../shared/data"))
    parser.add_argument("--data", type=Path, default=default, help="folder that has hotel_bookings/")
    return parser


def not_measured(refused: Refusal) -> dict[str, object]:
    """The result instead of figures: a skip where there is no file, a failure where it cannot be used."""
    if refused.code == "file_missing":
        return {"skipped": refused.message}
    return {"refused": {"code": refused.code, "message": refused.message}, "passed": False}


def bookings(folder: Path) -> Bookings | Refusal:
    """All bookings that came through an agent, in the order of the file."""
    path = folder / FILE
    if not path.is_file():
        return Refusal(
            "file_missing", f"{path} is not there. Give the folder with --data; docs/benchmarks.md says more."
        )
    rows: list[tuple[int, int, int, int, int, bool, str, str, bool]] = []
    seen: set[tuple[str, ...]] = set()
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in _columns if name not in (reader.fieldnames or ())]
            if lacking:
                return Refusal("columns_missing", f"{path} lacks {', '.join(lacking)}.")
            rows.extend(_read(reader, seen))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        return Refusal("file_unreadable", f"{path} cannot be read: {error!r}.")
    if not rows:
        return Refusal("nothing_there", f"{path} has no booking of an agent.")
    agent, booked, arrival, outcome, value = (
        np.asarray([row[column] for row in rows], dtype=np.int64) for column in range(5)
    )
    segments, segment = np.unique([row[6] for row in rows], return_inverse=True)
    hotels, hotel = np.unique([row[7] for row in rows], return_inverse=True)
    _, batch = np.unique(np.stack([agent, booked, arrival]), axis=1, return_inverse=True)
    return Bookings(
        agent=agent,
        booked_day=booked,
        arrival_day=arrival,
        outcome_day=outcome,
        value_minor=value,
        stayed=np.asarray([row[5] for row in rows], dtype=np.bool_),
        batch=batch.ravel().astype(np.int64),
        segment=segment.astype(np.int64),
        hotel=hotel.astype(np.int64),
        twin=np.asarray([row[8] for row in rows], dtype=np.bool_),
        segments=tuple(str(name) for name in segments),
        hotels=tuple(str(name) for name in hotels),
    )


def _read(
    reader: csv.DictReader[str], seen: set[tuple[str, ...]]
) -> Iterator[tuple[int, int, int, int, int, bool, str, str, bool]]:
    for row in reader:
        whole = tuple(row.values())
        twin = whole in seen
        seen.add(whole)
        if row["agent"] in ("NULL", ""):
            continue
        arrival = date(
            int(row["arrival_date_year"]), _MONTHS[row["arrival_date_month"]], int(row["arrival_date_day_of_month"])
        ).toordinal()
        nights = int(row["stays_in_weekend_nights"]) + int(row["stays_in_week_nights"])
        yield (
            int(float(row["agent"])),
            arrival - int(row["lead_time"]),
            arrival,
            date.fromisoformat(row["reservation_status_date"]).toordinal(),
            max(0, round(float(row["adr"]) * 100)) * nights,
            row["reservation_status"] == "Check-Out",
            row["market_segment"],
            row["hotel"],
            twin,
        )
