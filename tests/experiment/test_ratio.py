"""Sample ratio: false alarms under continuous peeking, what is found, where it is placed, what is refused."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import pytest
from tests.experiment.refused import given, refused

from warum.domain.experiment.ratio import CONCENTRATIONS, log_evidence, watch_experiments, watch_ratio
from warum.domain.experiment.reading import read_rates


def test_evidence_is_the_average_of_dirichlet_multinomials() -> None:
    counts, shares = (3, 7, 2), (0.2, 0.5, 0.3)
    ratios = [
        np.exp(
            lgamma(c)
            - lgamma(c + 12)
            + sum(lgamma(c * s + n) - lgamma(c * s) - n * log(s) for n, s in zip(counts, shares, strict=True))
        )
        for c in CONCENTRATIONS
    ]
    assert float(log_evidence(np.array(counts, float), np.array(shares))) == pytest.approx(log(np.mean(ratios)))


def test_its_mean_under_the_plan_is_one() -> None:
    # Summed over all outcomes of ten exposures of two arms, weighted by their probability.
    shares = np.array([0.3, 0.7])
    first = np.arange(11.0)
    counts = np.column_stack([first, 10 - first])
    ways = np.array([lgamma(11) - lgamma(n + 1) - lgamma(11 - n) for n in first])
    probability = np.exp(ways + counts @ np.log(shares))
    assert float(probability @ np.exp(log_evidence(counts, shares))) == pytest.approx(1.0)


def test_a_thousand_looks_seldom_raise_a_false_alarm() -> None:
    rng, alpha, runs = np.random.default_rng(11), 0.05, 400
    alarms = 0
    for _ in range(runs):
        counts = rng.multinomial(40, [0.5, 0.3, 0.2], size=1_000)
        running = counts.cumsum(axis=0).astype(float)
        alarms += bool((log_evidence(running, np.array([0.5, 0.3, 0.2])) >= -log(alpha)).any())
    assert alarms / runs <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / runs)


def test_nor_does_a_look_that_minds_any_start() -> None:
    rng, alpha, runs = np.random.default_rng(16), 0.05, 400
    alarms = placed = 0
    for _ in range(runs):
        ratio = given(watch_ratio(rng.multinomial(400, [0.5, 0.3, 0.2], size=50), [0.5, 0.3, 0.2], alpha=alpha))
        alarms += ratio.broken
        placed += bool(ratio.spans)
    assert max(alarms, placed) / runs <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / runs)


def test_a_lost_tenth_of_an_arm_is_found_and_placed() -> None:
    rng = np.random.default_rng(12)
    counts = rng.multinomial(4_000, [0.5, 0.5], size=60)
    counts[20:35, 1] = rng.binomial(counts[20:35, 1], 0.9)
    ratio = given(watch_ratio(counts))
    assert ratio.broken and ratio.alarm_at is not None and 20 <= ratio.alarm_at <= 24
    assert ratio.p_value < 0.001
    assert len(ratio.spans) == 1
    assert abs(ratio.spans[0].first - 20) <= 2 and abs(ratio.spans[0].last - 34) <= 2
    assert ratio.impressions == tuple(counts.sum(axis=0))


def test_shares_may_change_on_the_way() -> None:
    rng = np.random.default_rng(13)
    shares = [[0.5, 0.5]] * 20 + [[0.9, 0.1]] * 20
    counts = np.array([rng.multinomial(1_000, share) for share in shares])
    assert not given(watch_ratio(counts, shares)).broken
    late = given(watch_ratio(counts, [0.5, 0.5]))
    assert late.broken and late.alarm_at == 20
    assert late.spans[0].first == 20 and late.spans[0].last == 39


def test_an_arm_that_should_not_be_shown() -> None:
    ratio = given(watch_ratio([[50, 50, 0], [50, 49, 1]], [0.5, 0.5, 0.0]))
    assert ratio.broken and ratio.alarm_at == 1 and ratio.p_value == 0.0


def test_periods_without_exposures_say_nothing() -> None:
    ratio = given(watch_ratio([[0, 0], [10, 11], [0, 0]]))
    assert not ratio.broken and ratio.log_e[0] == pytest.approx(0.0, abs=1e-9)


def test_a_house_in_ordinary_times_hears_no_alarm() -> None:
    rng, runs = np.random.default_rng(14), 300
    alarms = sum(
        bool(given(watch_experiments(np.full(100, 40), rng.binomial(40, 0.06, size=100))).alarms) for _ in range(runs)
    )
    assert alarms / runs <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / runs)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_house_with_a_broken_time_hears_of_its_begin_and_end(share: float) -> None:
    rng = np.random.default_rng(15)
    chance = np.full(80, 0.02)
    chance[30:50] = share
    watch = given(watch_experiments(np.full(80, 40), rng.binomial(40, chance)))
    (alarm,) = watch.alarms
    assert 30 <= alarm.raised_at <= 32 and abs(alarm.since - 30) <= 1
    assert alarm.cleared_at is not None and 50 <= alarm.cleared_at <= 52
    assert alarm.until is not None and abs(alarm.until - 49) <= 1
    (span,) = watch.spans
    assert abs(span.first - 30) <= 1 and abs(span.last - 49) <= 1


def test_more_periods_than_can_be_compared() -> None:
    ratio = given(watch_ratio(np.tile([60, 40], (1_600, 1))))
    assert ratio.broken and ratio.spans == ()


def test_an_alarm_stands_until_it_is_over() -> None:
    watch = given(watch_experiments([30] * 10, [0] * 5 + [20] * 5))
    assert [(alarm.raised_at, alarm.cleared_at, alarm.until) for alarm in watch.alarms] == [(5, None, None)]
    assert len(watch.log_e) == 10


def test_two_broken_times_are_two() -> None:
    broken = [0] * 10 + [20] * 5 + [0] * 20 + [25] * 5 + [0] * 10
    watch = given(watch_experiments([30] * 50, broken))
    assert [(alarm.since, alarm.until) for alarm in watch.alarms] == [(10, 14), (35, 39)]
    assert [(span.first, span.last) for span in watch.spans] == [(10, 14), (35, 39)]


def test_no_effect_is_read_from_a_broken_split() -> None:
    answer = read_rates([[5_000, 4_000]] * 3, [[100, 200]] * 3, planned_units=27_000)
    refused(answer, "sample_ratio_broken")
    reading = given(read_rates([[5_000, 5_010]] * 3, [[100, 200]] * 3, planned_units=30_000))
    assert not reading.ratio.broken and reading.comparisons[0].decided_at == 0
    refused(read_rates([[5, 4]], [[1, 2]], planned_units=9), "too_few_events")
    refused(read_rates([[5], [4]], [[1], [2]], planned_units=9), "one_arm")


@pytest.mark.parametrize(
    ("counts", "shares", "code"),
    [
        ([], None, "shape_wrong"),
        ([1, 2], None, "shape_wrong"),
        ([[1, 2], [3]], None, "shape_wrong"),
        ([[]], None, "nothing_there"),
        ([[1.0, float("nan")]], None, "not_a_number"),
        ([[1.0, float("inf")]], None, "not_a_number"),
        ([[1, -2]], None, "negative_count"),
        ([[1, 2.5]], None, "not_a_count"),
        ([[4], [5]], None, "one_arm"),
        ([[0, 0], [0, 0]], None, "no_impressions"),
        ([[1, 2]], [0.5, 0.6], "shares_broken"),
        ([[1, 2]], [1.5, -0.5], "shares_broken"),
        ([[1, 2]], [0.5, float("nan")], "not_a_number"),
        ([[1, 2]], [0.2, 0.3, 0.5], "shape_wrong"),
        ([[1, 2]], [[0.5, 0.5], [0.5, 0.5]], "shape_wrong"),
    ],
)
def test_refusals(counts: list[list[float]], shares: list[float] | None, code: str) -> None:
    refused(watch_ratio(counts, shares), code)


def test_refusals_of_levels() -> None:
    refused(watch_ratio([[1, 2]], alpha=0.0), "level_outside")
    refused(watch_ratio([[1, 2]], alpha=float("nan")), "level_outside")


@pytest.mark.parametrize(
    ("tests", "broken", "code"),
    [
        ([], [], "nothing_there"),
        ([3], [1, 2], "nothing_there"),
        ([3, 2], [1, 3], "more_broken_than_judged"),
        ([0, 0], [0, 0], "nothing_there"),
        ([3, -2], [1, 0], "negative_count"),
        ([3, 2], [1, -1], "negative_count"),
        ([1] * 2_000, [0] * 2_000, "too_many_periods"),
    ],
)
def test_refusals_of_the_watch(tests: list[int], broken: list[int], code: str) -> None:
    refused(watch_experiments(tests, broken), code)


def test_refusals_of_tolerances() -> None:
    refused(watch_experiments([3], [1], tolerated=0.3), "share_outside")
    refused(watch_experiments([3], [1], tolerated=-0.1), "share_outside")
    refused(watch_experiments([3], [1], tolerated=float("nan")), "share_outside")
    refused(watch_experiments([3], [1], test_alpha=1.0), "level_outside")
