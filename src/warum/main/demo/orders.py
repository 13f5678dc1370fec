"""What the advertisers still have to report: the orders that visitors placed or will place, with the click ids they
came with. A shop keeps such things in its own books; here they are lines in a file for each day of clicks.

Nothing about it can go wrong badly. A line that is lost, or cut in half by a kill, is an order that never happened; a
report that was sent before the end of a run and is sent again after it counts once, by its event id."""

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
"""Reports that were due so shortly before a start are sent again: nobody knows whether they went out."""


class Orders:
    """The reports to come, the earliest first.

    Args:
        data: the data folder.
        now_us: what was due long before is not sent again.
    """

    def __init__(self, data: Path, *, now_us: int) -> None:
        self._folder = data / FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._numbers = count()
        self._heap = [
            (report.at_us, next(self._numbers), report)
            for report in self._read(utc_day(now_us))
            if report.at_us > now_us - _again_us
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
        return heappop(self._heap)[2] if self._heap and self._heap[0][0] <= now_us else None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _file_of(self, day: int) -> TextIO:
        if self._file is None or day != self._day:
            self.close()
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
