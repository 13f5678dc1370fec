"""The order of events and the reading of the file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from warum.kernel.period import HOUR_US, iso
from warum.main.replay.plan import FileError, Kind, read_plan

from .independent import expected
from .made_up import made_up


def test_the_events_are_those_of_the_rows_in_the_order_of_time(tmp_path: Path):
    path = tmp_path / "bookings.csv"
    path.write_text(made_up(300))
    plan = read_plan(path, vertical="hotel", limit=None)
    events = [plan.event(index) for index in range(len(plan))]
    assert len(events) == len(set(events)) == expected(path)["events"]
    assert events == sorted(events)
    for row, booking in enumerate(plan.bookings, 1):
        click = [event for event in events if event.row == row and event.kind is Kind.CLICK]
        assert [event.at_us for event in click] == ([] if booking.agent is None else [booking.booked_at_us - HOUR_US])
    assert {iso(event.at_us)[10:] for event in events} == {"T11:00:00Z", "T12:00:00Z", "T18:00:00Z"}


def test_a_moment_tells_how_many_events_lie_before_it(tmp_path: Path):
    path = tmp_path / "bookings.csv"
    path.write_text(made_up(50))
    plan = read_plan(path, vertical="hotel", limit=None)
    assert plan.position(plan.first_us - 1) == 0
    assert plan.position(plan.last_us) == len(plan)
    for index in range(1, len(plan)):
        if plan.event(index - 1).at_us < plan.event(index).at_us:
            assert plan.position(plan.event(index).at_us - 1) == index


def test_a_gzipped_file_is_read_as_well_and_a_limit_makes_another_plan(tmp_path: Path):
    plain, zipped = tmp_path / "bookings.csv", tmp_path / "bookings.csv.gz"
    plain.write_text(made_up(50))
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    whole = read_plan(plain, vertical="hotel", limit=None)
    assert read_plan(zipped, vertical="hotel", limit=None).bookings == whole.bookings
    part = read_plan(plain, vertical="hotel", limit=20)
    assert part.bookings == whole.bookings[:20]
    assert part.digest != whole.digest


@pytest.mark.parametrize(
    ("content", "vertical", "words"),
    [
        (None, "hotel", "cannot be read"),
        (b"", "hotel", "no column hotel"),
        (b"hotel,agent\n", "hotel", "no column lead_time"),
        (made_up(0).encode(), "hotel", "no booking"),
        (made_up(9).replace("Check-Out", "Checked").encode(), "hotel", "row [0-9]: 'Checked' is not known"),
        (made_up(1).encode(), "casino", "no replay of 'casino'; known is: hotel"),
        (b"\x1f\x8bnonsense", "hotel", "not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_refused_in_words(
    tmp_path: Path, content: bytes | None, vertical: str, words: str
):
    path = tmp_path / "bookings.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError, match=words):
        read_plan(path, vertical=vertical, limit=None)
