"""What the advertisers still have to report: the orders that visitors placed or will place, with the click ids they
came with. A shop keeps such things in its own books; here they are lines in a file for each day of clicks.

Nothing about it can go wrong badly. A line that is lost, or cut in half by a kill, is an order that never happened.
What was sent before the end of a run is known from the moment of that end, which is noted when it is a proper one;
after a kill the reports of a day are sent again, and count once, by their event ids."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from heapq import heapify, heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any, Final, TextIO

from warum.kernel.period import DAY_US, from_us, utc_day
from warum.main.demo.story import Report

FOLDER: Final = "sample_network"

_kept_days: Final = 90
_again_us: Final = DAY_US
_NOTE: Final = "sent_until"
"""Holds the moment up to which reports were sent; only there while nobody sends."""


class Orders:
    """The reports to come, the earliest first.

    Args:
        data: the data folder.
        now_us: when sending begins.
    """

    def __init__(self, data: Path, *, now_us: int) -> None:
        self._folder = data / FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._numbers = count()
        self._open: dict[str, int] = {}
        self._sent_us = self._take_note(now_us)
        self._heap = [
            (report.at_us, next(self._numbers), report)
            for report in self._read(utc_day(now_us))
            if report.at_us > self._sent_us
        ]
        heapify(self._heap)
        self._day = -1
        self._file: TextIO | None = None

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, reports: Iterable[Report], *, clicked_us: int) -> None:
        """Remember what will be reported of a click."""
        told = list(reports)
        for report in told:
            heappush(self._heap, (report.at_us, next(self._numbers), report))
        file = self._file_of(utc_day(clicked_us))
        file.write(json.dumps([asdict(report) for report in told], separators=(",", ":")) + "\n")
        file.flush()

    def due(self, now_us: int) -> Report | None:
        """The next report whose time has come."""
        if not self._heap or self._heap[0][0] > now_us:
            return None
        report = heappop(self._heap)[2]
        self._sent_us = max(self._sent_us, report.at_us)
        self._open[report.event_id] = report.at_us
        return report

    def settled(self, report: Report) -> None:
        """The report was answered, or nobody will answer it."""
        self._open.pop(report.event_id, None)

    def close(self) -> None:
        """A proper end: nothing more is sent."""
        self._close_file()
        sent_us = min([self._sent_us, *(at_us - 1 for at_us in self._open.values())])
        self._note.write_text(str(sent_us), encoding="ascii")

    @property
    def _note(self) -> Path:
        return self._folder / _NOTE

    def _take_note(self, now_us: int) -> int:
        """Up to when reports were sent. The note is taken away, since what follows may end without another."""
        sent_us = now_us - _again_us
        with suppress(OSError, ValueError):
            sent_us = int(self._note.read_text(encoding="ascii"))
        self._note.unlink(missing_ok=True)
        return sent_us

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _file_of(self, day: int) -> TextIO:
        if self._file is None or day != self._day:
            self._close_file()
            self._day = day
            self._file = self._path(day).open("a", encoding="ascii")
            self._file.write("\n")  # the line before may be cut
            self._forget(day)
        return self._file

    def _read(self, today: int) -> Iterable[Report]:
        for path in sorted(self._folder.glob("*.jsonl")):
            if path < self._path(today - _kept_days):
                continue
            with path.open(encoding="ascii", errors="replace") as lines:
                for line in lines:
                    # A line that was cut is nobody's order.
                    with suppress(ValueError, TypeError):
                        fields: list[dict[str, Any]] = json.loads(line)
                        yield from [Report(**each) for each in fields]

    def _forget(self, today: int) -> None:
        for path in self._folder.glob("*.jsonl"):
            if path < self._path(today - _kept_days):
                path.unlink(missing_ok=True)

    def _path(self, day: int) -> Path:
        return self._folder / f"{from_us(day * DAY_US):%Y-%m-%d}.jsonl"
