"""Streams: the past alone decides, what is found, what stays quiet, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from warum.domain.anomaly import (
    Stream,
    alarm_score,
    count_interval,
    count_surprise,
    scores,
    share_interval,
    share_surprise,
)
from warum.domain.anomaly.profiles import Profile
from warum.domain.anomaly.tails import Tail
from warum.kernel.refusal import Refusal

HOUR = 3_600_000_000
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def hours(count: int) -> list[int]:
    return [hour * HOUR for hour in range(count)]


def scored(values: np.ndarray) -> np.ndarray:
    told = scores(hours(len(values)), values)
    assert not isinstance(told, Refusal)
    return told


def daily(rng: np.random.Generator, count: int) -> np.ndarray:
    hour = np.arange(count)
    return 100 + 50 * np.sin(2 * np.pi * hour / 24) + 5 * rng.standard_normal(count)


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=260), st.lists(numbers, max_size=30))
def test_what_comes_later_changes_no_score(first: list[float], later: list[float]) -> None:
    whole = scored(np.array(first + later))
    assert (whole[: len(first)] == scored(np.array(first))).all()


@pytest.mark.parametrize("fault", ["spike", "dead", "level", "flat"])
def test_a_fault_is_told_within_half_a_day(fault: str) -> None:
    values = daily(np.random.default_rng(1), 900)
    at = 700
    match fault:
        case "spike":
            values[at] += 80
        case "dead":
            values[at:] = 0
        case "level":
            values[at:] += 60
        case _:
            values[at:] = values[at]
    told = scored(values)
    assert told[at : at + 13].max() >= alarm_score
    assert told[at : at + 13].max() > told[:at].max()


def test_a_quiet_stream_is_left_alone() -> None:
    alarms = sum(int((scored(daily(np.random.default_rng(seed), 1_500)) >= alarm_score).sum()) for seed in range(6))
    # Of nine thousand points; where an alarm costs little, as in NAB, some are worth it.
    assert alarms <= 20


def test_a_constant_stream_is_never_unusual() -> None:
    assert (scored(np.full(500, 7.0)) == 0).all() or scored(np.full(500, 7.0)).max() < 1


def test_an_incident_is_told_once() -> None:
    values = daily(np.random.default_rng(2), 900)
    values[700:760] += 300
    assert 1 <= (scored(values)[700:760] >= alarm_score).sum() <= 3


def test_a_reading_names_what_led_to_it() -> None:
    stream = Stream()
    for hour, value in enumerate(daily(np.random.default_rng(3), 600)):
        stream.see(hour * HOUR, float(value))
    reading = stream.see(600 * HOUR, 900.0)
    assert reading.score >= alarm_score and all(look.endswith(" high") for look in reading.leading)


def test_ranks_by_hand() -> None:
    tail = Tail(9)
    for number in range(1, 20):
        tail.see(float(number))
    above, below = tail.see(10.5)
    # 9 of 19 are above, 10 below.
    assert above == pytest.approx(-np.log10(10 / 21)) and below == pytest.approx(-np.log10(11 / 21))


def test_a_mile_above_the_rest_is_rarer_than_a_hair() -> None:
    def at(number: float) -> float:
        tail = Tail(10)
        for each in np.random.default_rng(4).standard_normal(500):
            tail.see(float(each))
        return tail.see(number)[0]

    assert 2 < at(3.2) < at(5) < at(50)


def test_one_odd_day_does_not_become_what_is_usual() -> None:
    profile = Profile(1_440, 7)
    for day in range(6):
        for hour in range(24):
            profile.see((day * 24 + hour) * HOUR, 1_000.0 if day == 4 else float(hour))
    assert profile.see(6 * 24 * HOUR, 0.0) == 0.0
    assert profile.see((6 * 24 + 1) * HOUR, 0.0) == 1.0


@pytest.mark.parametrize(
    ("at", "values", "code"),
    [([], [], "nothing_there"), ([0, 1], [1.0], "shape_wrong"), ([0, 1], [1.0, float("nan")], "not_a_number")],
)
def test_what_cannot_be_judged_is_refused(at: list[int], values: list[float], code: str) -> None:
    told = scores(at, values)
    assert isinstance(told, Refusal) and told.code == code


def test_counts_by_hand() -> None:
    none = count_surprise(0, 7.0)
    assert not isinstance(none, Refusal) and none.low and none.p == pytest.approx(np.exp(-7))
    wide = count_surprise(0, 7.0, 5.0)
    assert not isinstance(wide, Refusal) and wide.p == pytest.approx((5 / 12) ** 5)
    many = count_surprise(12, 7.0)
    assert not isinstance(many, Refusal) and not many.low
    assert many.p == pytest.approx(1 - stats.poisson(7).cdf(11))
    assert count_interval(7.0) == (3, 12)


def test_shares_by_hand() -> None:
    told = share_surprise(3, 3, 0.25)
    assert not isinstance(told, Refusal) and not told.low and told.p == pytest.approx(0.25**3)
    assert share_interval(100, 0.5) == (42, 58)
    # Beta(1, 1): every part is as likely.
    flat = share_surprise(10, 10, 0.5, 2.0)
    assert not isinstance(flat, Refusal) and flat.p == pytest.approx(1 / 11)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.floats(0.1, 200), st.floats(0.5, 1e4))
def test_a_chance_is_a_chance(count: int, expected: float, size: float) -> None:
    told = count_surprise(count, expected, size)
    assert not isinstance(told, Refusal) and 0 <= told.p <= 1


def test_odd_counts_are_refused() -> None:
    for told, code in (
        (count_surprise(-1, 2.0), "negative_count"),
        (count_surprise(1, 0.0), "nothing_expected"),
        (count_surprise(float("nan"), 1.0), "not_a_number"),
        (count_interval(0.0), "nothing_expected"),
        (share_surprise(3, 2, 0.5), "part_outside"),
        (share_surprise(1, 2, 1.0), "nothing_expected"),
        (share_interval(2, float("nan")), "not_a_number"),
    ):
        assert isinstance(told, Refusal) and told.code == code
