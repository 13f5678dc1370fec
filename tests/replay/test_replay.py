"""The replay against an independent computation, also when it dies on the way, and when it is repeated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from conftest import wished
from warum.main.holder import Holder
from warum.main.replay import main
from warum.main.replay.plan import read_plan

from .independent import expected
from .made_up import made_up

SHARED_DATA = Path(os.environ.get("WARUM_SHARED_DATA") or Path(__file__).parents[3] / "shared/data")
BOOKINGS = SHARED_DATA / "hotel_bookings/hotel_bookings.csv.gz"
COMMAND = (sys.executable, "-c", "import sys; from warum.main.replay import main; sys.exit(main(sys.argv[1:]))")
WHOLE_FILE = wished("WARUM_TEST_WHOLE_FILE", "") not in ("", "0")
PATIENCE_S = 1_800 if WHOLE_FILE else 400
FIGURES = (
    "bookings",
    "attributed",
    "unattributed",
    "publishers",
    "approved",
    "declined",
    "sale_minor_approved",
    "commission_minor_approved",
    "ledger_balanced",
    "events",
)

needs_bookings = pytest.mark.skipif(
    not BOOKINGS.exists(), reason=f"{BOOKINGS} is not there; WARUM_SHARED_DATA names the folder with the data sets"
)


def test_a_replay_that_died_twice_comes_to_the_same_figures_and_a_second_one_changes_nothing(tmp_path: Path):
    path, data = tmp_path / "bookings.csv", tmp_path / "data"
    path.write_text(made_up(1_500))
    arguments = (path, "--as", "hotel", "--json", "--data", data)

    first = start(arguments)
    wait_for_journal(data, 120_000, first)
    first.kill()
    first.communicate()

    second = start(arguments)
    # From where the first one really came to: its edge may have gone on while nobody looked.
    wait_for_journal(data, journal_bytes(data) + 130_000, second)
    edge = next(child for child in psutil.Process(second.pid).children() if "warum.main.edge" in child.cmdline())
    edge.send_signal(signal.SIGKILL)
    _, words = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 1
    assert "events are in the journal; going on from there" in words
    assert "warum replay: edge has ended" in words

    third, words = finish(arguments)
    assert "going on from there" in words
    assert third["events_sent"] < third["events"]
    assert figures(third) == expected(path)
    assert third["left_open"] == 0

    fourth, words = finish(arguments)
    assert "every report is sent once more" in words
    assert fourth["events_sent"] == 2 * third["bookings"]
    assert fourth["unchanged"] is True
    assert figures(fourth) == figures(third)


@needs_bookings
def test_real_bookings_come_to_what_the_file_says(tmp_path: Path):
    limit = None if WHOLE_FILE else 2_500
    limited = () if limit is None else ("--limit", str(limit))
    summary, _ = finish((BOOKINGS, "--as", "hotel", "--json", "--data", tmp_path / "data", *limited))
    assert figures(summary) == expected(BOOKINGS, limit)
    assert summary["peak_pss_mib"] is None or summary["peak_pss_mib"] < 1_536


def test_what_cannot_be_replayed_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path, data = tmp_path / "bookings.csv", tmp_path / "data"
    path.write_text(made_up(10))
    data.mkdir()

    def words(*arguments: object) -> str:
        assert main([str(argument) for argument in (*arguments, "--data", data)]) == 1
        return capsys.readouterr().err

    assert "nowhere.csv cannot be read" in words(tmp_path / "nowhere.csv", "--as", "hotel")
    assert "known is: hotel" in words(path, "--as", "retail")

    (data / "letter.txt").write_text("somebody else's")
    assert "is not the folder of a replay" in words(path, "--as", "hotel")

    mark = data / "replay.json"
    mark.write_text(json.dumps({"digest": read_plan(path, vertical="hotel", limit=None).digest}))
    holder = Holder(data / "holder")
    holder.acquire()
    assert f"{data} is in use by process {os.getpid()}" in words(path, "--as", "hotel")
    holder.release()

    assert "another file or another limit" in words(path, "--as", "hotel", "--limit", 9)


def figures(summary: dict[str, Any]) -> dict[str, Any]:
    """Those that the file decides."""
    return {name: summary[name] for name in FIGURES}


def start(arguments: Sequence[object]) -> subprocess.Popen[str]:
    command = (*COMMAND, *(str(argument) for argument in arguments))
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(arguments: Sequence[object]) -> tuple[dict[str, Any], str]:
    """Run to the end; the summary and what was said."""
    process = start(arguments)
    output, words = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, words
    return json.loads(output.splitlines()[-1]), words


def wait_for_journal(data: Path, size: int, process: subprocess.Popen[str]) -> None:
    """Until so many bytes of the journal are synced."""
    deadline = time.monotonic() + PATIENCE_S
    while journal_bytes(data) < size:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def journal_bytes(data: Path) -> int:
    """How many are synced: the mark of the journal says so."""
    mark = data / "journal/stream-1/head"
    return int.from_bytes(mark.read_bytes(), sys.byteorder) if mark.exists() else 0
