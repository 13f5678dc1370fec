"""The scaled clock: its laws, its file, and who keeps away from whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.kernel.period import DAY_US, HOUR_US, SECOND_US
from warum.main import clock as clocks
from warum.main.clock import ClockError, ScaledClock, WallClock, clock_of, keep_clock, refuse_scaled, scaled_clock

START_US = 20_600 * DAY_US
SLOW = ScaledClock(start_us=START_US, settles_us=START_US + 10 * DAY_US, haste=14_400, speed=1_440, at_us=START_US)
RUNNING = ScaledClock(
    start_us=START_US, settles_us=START_US + 10 * DAY_US, haste=14_400, speed=1_440, at_us=START_US, begun_us=5_000_000
)
passed = st.integers(0, 10**12)


@given(passed, passed)
def test_it_never_runs_backwards(one: int, other: int):
    early, late = sorted((one, other))
    assert RUNNING.shows_us(early) <= RUNNING.shows_us(late)


def test_ten_days_in_the_first_minute_and_then_a_day_a_minute():
    begun_us = RUNNING.begun_us or 0
    assert RUNNING.shows_us(begun_us) == START_US
    assert RUNNING.shows_us(begun_us + 60 * SECOND_US) == START_US + 10 * DAY_US
    assert RUNNING.shows_us(begun_us + 120 * SECOND_US) == START_US + 11 * DAY_US


def test_before_its_start_it_shows_its_start():
    assert RUNNING.shows_us(0) == START_US
    assert SLOW.shows_us(10**12) == START_US


def test_what_was_hurried_through_once_is_not_hurried_through_again():
    late = clocks.interrupted(RUNNING, not_before_us=START_US + 12 * DAY_US)
    again = clocks.started(late)
    assert again.begun_us is not None
    assert again.shows_us(again.begun_us + 60 * SECOND_US) == START_US + 13 * DAY_US


@given(st.integers(0, 100 * DAY_US))
def test_waiting_until_a_moment_ends_at_that_moment(later_us: int):
    running = clocks.started(SLOW)
    assert running.begun_us is not None
    # The wait is measured from now, so measure from the same now.
    until_us = running.now_us() + later_us
    wait_s = running.wait_s(until_us)
    reached_us = (
        running.now_us() if wait_s == 0 else running.shows_us(clocks.monotonic_us() + round(wait_s * SECOND_US))
    )
    assert abs(reached_us - until_us) < HOUR_US


def test_a_clock_that_stands_still_cannot_be_waited_for():
    with pytest.raises(ClockError):
        SLOW.wait_s(START_US + 1)


def test_it_stands_still_while_it_is_stopped_and_never_goes_back_after_a_kill():
    stopped = clocks.stopped(RUNNING)
    assert stopped.now_us() == stopped.at_us >= START_US
    killed = clocks.interrupted(RUNNING, not_before_us=START_US + HOUR_US)
    assert killed.now_us() == START_US + HOUR_US
    assert clocks.interrupted(RUNNING, not_before_us=0).now_us() == START_US


def test_the_file_gives_the_same_clock_back(tmp_path: Path):
    assert scaled_clock(tmp_path) is None
    assert isinstance(clock_of(tmp_path), WallClock)
    for clock in (SLOW, RUNNING):
        keep_clock(tmp_path, clock)
        assert clock_of(tmp_path) == clock
    assert (tmp_path / clocks.FILE_NAME).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "clock": {}}',
        '{"format": 1, "clock": {"speed": 3}}',
        json.dumps(
            {
                "format": 1,
                "clock": {"start_us": 0, "settles_us": 0, "haste": 0, "speed": 1, "at_us": 0, "begun_us": None},
            }
        ),
    ],
)
def test_a_damaged_file_is_said_in_words(tmp_path: Path, text: str):
    (tmp_path / clocks.FILE_NAME).write_text(text)
    with pytest.raises(ClockError, match=r"clock\.json cannot be used"):
        clock_of(tmp_path)


def test_a_live_installation_keeps_out_of_a_demo(tmp_path: Path):
    refuse_scaled(tmp_path)
    keep_clock(tmp_path, SLOW)
    with pytest.raises(ClockError, match="warum demo"):
        refuse_scaled(tmp_path)
