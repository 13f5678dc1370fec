"""Where the demo's clock stands at a start: where it was stopped; after a kill, not before anything written down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from warum.domain.records import Tick
from warum.edge.codec import encode
from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.kernel.period import DAY_US, HOUR_US
from warum.main.clock import ClockError, keep_clock, scaled_clock, started
from warum.main.config import Config
from warum.main.demo.timekeeping import ensure_clock, history_days, resting_clock, start_clock, stop_clock
from warum.main.secret_store import ensure_secrets


def test_the_first_clock_is_kept_and_its_first_week_ends_today(tmp_path: Path):
    clock = ensure_clock(tmp_path)
    assert clock.now_us() == clock.start_us
    assert clock.settles_us - clock.start_us == history_days * DAY_US
    assert clock.start_us % DAY_US == 0
    assert ensure_clock(tmp_path) == clock == scaled_clock(tmp_path)


def test_a_folder_that_lives_by_the_wall_is_refused(tmp_path: Path):
    ensure_secrets(tmp_path, now_us=0)
    with pytest.raises(ClockError, match="real clock"):
        ensure_clock(tmp_path)


def test_stopped_it_goes_on_where_it_stood(tmp_path: Path, module_database: Any):
    ensure_clock(tmp_path)
    config = Config(data=tmp_path, database_url=module_database.admin)
    start_clock(tmp_path, resting_clock(config, module_database.cluster.secrets))
    stop_clock(tmp_path)
    stopped = scaled_clock(tmp_path)
    assert stopped is not None
    assert stopped.begun_us is None
    assert resting_clock(config, module_database.cluster.secrets) == stopped


def test_killed_it_goes_on_after_the_newest_record(tmp_path: Path, module_database: Any):
    running = started(ensure_clock(tmp_path))
    keep_clock(tmp_path, running)
    newest_us = running.start_us + 5 * DAY_US
    journal = JournalWriter(stream_folder(tmp_path / "journal", 1), stream=1, files=RealFiles(), segment_bytes=1 << 20)
    for seen_us in (newest_us - HOUR_US, newest_us):
        journal.append(*encode(Tick(seen_us=seen_us)))
    batch = journal.take()
    assert batch is not None
    journal.write(batch)
    journal.close()
    config = Config(data=tmp_path, database_url=module_database.admin)
    rested = resting_clock(config, module_database.cluster.secrets)
    assert rested.begun_us is None
    assert newest_us < rested.at_us <= newest_us + HOUR_US
    assert scaled_clock(tmp_path) == rested
