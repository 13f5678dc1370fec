"""The journal is cleared behind both of its readers, and not before its time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.kernel.period import DAY_US
from warum.main.retention import JournalRetention
from warum.ports.journal import Cursor
from warum.ports.tracking import Position

from .world import SYSTEM, Network

TODAY_US = 100 * DAY_US
KEEP_DAYS = 30


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Stream 1 with segments 0 to 4, last written on the days 10, 20, 69, 71 and 100."""
    folder = stream_folder(tmp_path, 1)
    writer = JournalWriter(folder, stream=1, files=RealFiles(), segment_bytes=70_000)
    for _ in range(4):
        writer.append(1, bytes(40_000))  # one fits into a segment; the writer prepares the one after the last
    if (batch := writer.take()) is not None:
        writer.write(batch)
    writer.close()
    for segment, day in enumerate((10, 20, 69, 71, 100)):
        at_ns = day * DAY_US * 1_000
        os.utime(folder / f"{segment:010d}.journal", ns=(at_ns, at_ns))
    return tmp_path


@pytest.mark.parametrize(
    ("ingest", "lake", "left"),
    [
        (4, 4, [3, 4]),  # the rest is too young
        (1, 4, [1, 2, 3, 4]),  # the ingest has it still before it
        (4, 2, [2, 3, 4]),  # so has the lake
        (4, None, [0, 1, 2, 3, 4]),  # the lake has not begun
        (None, 4, [0, 1, 2, 3, 4]),  # nor the ingest
    ],
)
def test_it_drops_what_is_old_and_behind_both_readers(
    network: Network, journal: Path, ingest: int | None, lake: int | None, left: list[int]
):
    with network.database.transaction(SYSTEM) as tx:
        if ingest is not None:
            tx.tracking.advance(1, Position(Cursor(ingest, 50_000, 0), 1))
        if lake is not None:
            tx.lake.advance(1, Cursor.START, Cursor(lake, 50_000, 0), [])
    retention = JournalRetention(network.database, journal, keep_days=KEEP_DAYS, wall_us=lambda: TODAY_US)
    for _ in range(2):
        assert not retention.step()
        assert sorted(int(path.stem) for path in stream_folder(journal, 1).glob("*.journal")) == left
