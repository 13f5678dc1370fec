"""Confidence sequences: coverage at all looks together, false alarms of two and of many arms, power, refusals."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import special
from tests.experiment.refused import given, refused

from warum.domain.experiment.fixed import many_rates, two_means, two_rates
from warum.domain.experiment.sequences import Comparison, mean_differences, radius, rate_differences

ALPHA = 0.05
RUNS = 1_200


def most(runs: int = RUNS, alpha: float = ALPHA) -> float:
    """The level and three Monte Carlo errors."""
    return alpha + 3 * sqrt(alpha * (1 - alpha) / runs)


def missed(one: Comparison, true: float) -> bool:
    return any(low > true or high < true for low, high in zip(one.low, one.high, strict=True))


def test_the_boundary_is_crossed_as_seldom_as_promised() -> None:
    rng, steps, runs = np.random.default_rng(20), 2_000, 1_500
    clock = np.arange(1, 2 * steps + 1) / steps
    crossed = 0
    for _ in range(runs):
        walk = rng.standard_normal(2 * steps).cumsum() / np.sqrt(np.arange(1, 2 * steps + 1))
        crossed += bool((np.abs(walk) > radius(clock, ALPHA)).any())
    assert 0.02 <= crossed / runs <= most(runs)  # it promises no more than it has to, either


def test_at_the_planned_end_it_costs_a_fifth_in_width() -> None:
    assert float(radius(np.ones(1), ALPHA)[0]) / float(special.ndtri(0.975)) == pytest.approx(1.187, abs=1e-3)
    assert float(radius(np.array([3.0]), ALPHA)[0]) < 1.9 * float(special.ndtri(0.975))


@pytest.mark.parametrize(
    ("rates", "share"), [((0.02, 0.02), 0.5), ((0.3, 0.3), 0.5), ((0.05, 0.05), 0.9), ((0.02, 0.026), 0.5)]
)
def test_rates_are_covered_at_all_looks_together(rates: tuple[float, float], share: float) -> None:
    rng = np.random.default_rng(21)
    bad = 0
    for _ in range(RUNS):
        total = rng.multinomial(8_000, [1 / 40] * 40)
        first = rng.binomial(total, share)
        seen = np.stack([first, total - first], axis=1)
        (one,) = given(
            rate_differences(seen, rng.binomial(seen, rates), planned_units=6_000, shares=[share, 1 - share])
        )
        bad += missed(one, rates[1] - rates[0])
    assert bad / RUNS <= most()


def test_means_are_covered_at_all_looks_together() -> None:
    rng = np.random.default_rng(22)
    bad = 0
    for _ in range(RUNS):
        values = rng.gamma(1.0, 10.0, size=(60, 20, 2)) + np.array([0.0, 2.0])
        (one,) = given(
            mean_differences(np.full((60, 2), 20), values.sum(axis=1), (values**2).sum(axis=1), planned_units=2_400)
        )
        bad += missed(one, 2.0)
    assert bad / RUNS <= most()


@pytest.mark.parametrize("control", [0, None])
def test_many_arms_share_one_error(control: int | None) -> None:
    rng = np.random.default_rng(23)
    bad, runs = 0, 600
    for _ in range(runs):
        seen = rng.multinomial(800, [0.2] * 5, size=30)
        answer = given(rate_differences(seen, rng.binomial(seen, 0.06), planned_units=24_000, control=control))
        assert len(answer) == (4 if control == 0 else 10)
        bad += any(one.decided_at is not None for one in answer)
    assert bad / runs <= most(runs)


def test_the_daily_test_cries_wolf_and_power_is_close_to_a_single_look() -> None:
    rng, runs = np.random.default_rng(24), 400
    daily = sequence = at_end = 0
    for true in (0.0, 0.013):
        for _ in range(runs):
            seen = rng.multinomial(260, [0.5, 0.5], size=30)
            hits = rng.binomial(seen, [0.05, 0.05 + true])
            running = [
                two_rates(units, events) for units, events in zip(seen.cumsum(axis=0), hits.cumsum(axis=0), strict=True)
            ]
            if true:
                (one,) = given(rate_differences(seen, hits, planned_units=7_800))
                sequence += one.decided_at is not None
                at_end += given(running[-1]).p_value < ALPHA
            else:
                daily += any(given(test).p_value < ALPHA for test in running[3:])
    assert daily / runs > 0.15
    assert 0.55 <= sequence / runs <= at_end / runs <= 0.85
    assert sequence / at_end > 0.75


def test_interval_and_p_value_say_the_same() -> None:
    rng = np.random.default_rng(25)
    for _ in range(200):
        seen = rng.multinomial(600, [0.4, 0.6], size=25)
        hits = rng.binomial(seen, [0.05, 0.065])
        (one,) = given(rate_differences(seen, hits, planned_units=10_000, shares=[0.4, 0.6]))
        decided = np.flatnonzero(np.array(one.p_value) <= ALPHA)
        assert one.decided_at == (decided[0] if len(decided) else None)
        assert list(one.p_value) == sorted(one.p_value, reverse=True)


def test_nothing_is_said_before_there_is_something_to_say() -> None:
    seen, hits = [[10, 10]] * 50, [[1, 0], [0, 1]] * 25
    (one,) = given(rate_differences(seen, hits, planned_units=1_000))
    assert one.low[0] == -np.inf and one.high[0] == np.inf and one.p_value[0] == 1.0
    assert np.isfinite(one.low[-1]) and one.decided_at is None


def test_the_sign_is_arm_minus_control() -> None:
    (one,) = given(rate_differences([[1_000, 1_000]], [[100, 200]], planned_units=2_000))
    assert (one.arm, one.against) == (1, 0) and one.estimate[0] == pytest.approx(0.1)
    (one,) = given(rate_differences([[1_000, 1_000]], [[100, 200]], planned_units=2_000, control=1))
    assert (one.arm, one.against) == (0, 1) and one.estimate[0] == pytest.approx(-0.1)


def test_the_tests_to_compare_with() -> None:
    two = given(two_rates([1_000, 1_000], [100, 130]))
    assert two.statistic == pytest.approx(2.1027, abs=1e-3) and two.p_value == pytest.approx(0.0355, abs=1e-3)
    assert two.low < 0.03 < two.high and two.estimate == pytest.approx(0.03)
    # Chi-square of two arms is the square of z.
    assert given(many_rates([1_000, 1_000], [100, 130])) == pytest.approx(two.p_value)
    welch = given(two_means([1.0, 2.0, 3.0, 4.0], [3.0, 5.0, 7.0, 9.0]))
    assert welch.statistic == pytest.approx(2.4249, abs=1e-3)


NAN = float("nan")


@pytest.mark.parametrize(
    ("seen", "hits", "code"),
    [
        ([[100, 100]], [[50, NAN]], "not_a_number"),
        ([[100, NAN]], [[50, 50]], "not_a_number"),
        ([[100, 100]], [[50, -1]], "negative_count"),
        ([[100], [100]], [[50], [50]], "one_arm"),
        ([[0, 0]], [[0, 0]], "no_impressions"),
        ([[100, 0]], [[50, 0]], "arm_never_shown"),
        ([[100, 100]], [[50, 101]], "more_than_seen"),
        ([[100, 100]], [[50, 50], [1, 1]], "shape_wrong"),
        ([[100, 100]], [[0, 0]], "too_few_events"),
        ([[100, 100]], [[100, 100]], "too_few_events"),
        ([[100, 100]], [[4, 3]], "too_few_events"),
        ([[100, 100]], [["a", "b"]], "shape_wrong"),
    ],
)
def test_refusals_of_rates(seen: list[list[float]], hits: list[list[float]], code: str) -> None:
    refused(rate_differences(seen, hits, planned_units=1_000), code)


def test_refusals_of_the_question() -> None:
    seen, hits = [[100, 100]], [[50, 50]]
    refused(rate_differences(seen, hits, planned_units=0), "plan_missing")
    refused(rate_differences(seen, hits, planned_units=NAN), "plan_missing")
    refused(rate_differences(seen, hits, planned_units=200, alpha=2.0), "level_outside")
    refused(rate_differences(seen, hits, planned_units=200, control=2), "control_unknown")
    refused(rate_differences(seen, hits, planned_units=200, shares=[0.5, 0.4]), "shares_broken")


def test_refusals_of_means() -> None:
    units = [[50, 50]]
    refused(mean_differences(units, [[50.0, 50.0]], [[50.0, 50.0]], planned_units=100), "constant_series")
    refused(mean_differences(units, [[50.0, 50.0]], [[60.0, 10.0]], planned_units=100), "squares_too_small")
    refused(mean_differences(units, [[50.0, NAN]], [[60.0, 60.0]], planned_units=100), "not_a_number")
    refused(mean_differences(units, [[50.0, 50.0]], [[60.0, -60.0]], planned_units=100), "negative_count")
    refused(mean_differences([[5, 5]], [[5.0, 5.0]], [[9.0, 9.0]], planned_units=100), "too_few_units")
    refused(mean_differences(units, [[50.0, 50.0]], [[60.0, 60.0, 1.0]], planned_units=100), "shape_wrong")
    refused(mean_differences([[0, 0]], [[0.0, 0.0]], [[0.0, 0.0]], planned_units=100), "no_impressions")
    refused(mean_differences([[9], [9]], [[1.0], [1.0]], [[1.0], [1.0]], planned_units=100), "one_arm")


def test_refusals_of_fixed_tests() -> None:
    refused(two_rates([100, 100, 100], [1, 2, 3]), "not_two_arms")
    refused(two_rates([100, 0], [1, 0]), "no_impressions")
    refused(two_rates([100, 100], [0, 0]), "constant_series")
    refused(two_rates([100, 100], [100, 100]), "constant_series")
    refused(two_rates([100, 100], [1, 101]), "more_than_seen")
    refused(two_rates([100, 100], [1, NAN]), "not_a_number")
    refused(two_rates([100, 100], [1, -1]), "negative_count")
    refused(two_rates([100], [1]), "one_arm")
    refused(many_rates([100, 100], [1, 1, 1]), "shape_wrong")
    refused(two_means([1.0], [1.0, 2.0]), "too_few_units")
    refused(two_means([1.0, 1.0], [1.0, 1.0]), "constant_series")
    refused(two_means([1.0, NAN], [1.0, 1.0]), "not_a_number")
    refused(two_means([], [1.0, 1.0]), "nothing_there")
