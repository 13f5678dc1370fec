"""Designs: their formulas against simulated trials, and what cannot be planned."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.experiment.refused import given, refused

from warum.domain.experiment.designs import (
    Geo,
    Holdout,
    Switchback,
    best_block,
    days_needed,
    effect_min,
    geo,
    power,
    rate_spread,
)
from warum.domain.experiment.fixed import two_means, two_rates
from warum.domain.experiment.sequences import rate_differences

Floats = NDArray[np.float64]

HOLDOUT = Holdout(units_day=500, held_out=0.2, spread=given(rate_spread(0.1)))
SWITCHBACK = Switchback(block_hours=4, carry_over_hours=1, units_hour=50, spread=8.0, level_spread=2.0, level_hours=6.0)


def near(share: float, runs: int, of: float) -> bool:
    return abs(share - of) <= 3.5 * sqrt(of * (1 - of) / runs)


def test_a_textbook_size() -> None:
    # 10 % against 12 %, 80 % power at 5 %, equal groups: about 3,623 a group with the variance of the control.
    plan = given(days_needed(Holdout(units_day=100, held_out=0.5, spread=0.3), 0.02))
    assert plan.days == pytest.approx(71, abs=1)
    assert plan.power >= 0.8 and plan.effect_min <= 0.02


def test_power_of_a_holdout_is_what_simulated_trials_find() -> None:
    rng, runs, days, effect = np.random.default_rng(30), 1_500, 14, 0.02
    units = [int(500 * days * 0.2), int(500 * days * 0.8)]
    found = sum(
        given(two_rates(units, rng.binomial(units, [0.1 - effect / 2, 0.1 + effect / 2]))).p_value < 0.05
        for _ in range(runs)
    )
    assert abs(found / runs - given(power(HOLDOUT, effect, days))) < 0.05


def test_a_trial_that_may_always_be_read_has_at_least_the_power_planned() -> None:
    rng, runs, days = np.random.default_rng(31), 500, 20
    design = replace(HOLDOUT, held_out=0.5)
    effect = given(effect_min(design, days, always=True))
    found = 0
    for _ in range(runs):
        seen = rng.multinomial(500, [0.5, 0.5], size=days)
        hits = rng.binomial(seen, [0.1 - effect / 2, 0.1 + effect / 2])
        found += given(rate_differences(seen, hits, planned_units=500 * days))[0].decided_at is not None
    assert found / runs >= 0.8 - 3.5 * sqrt(0.16 / runs)


@pytest.mark.parametrize("always", [False, True])
def test_power_effect_and_days_agree(always: bool) -> None:
    for design in (HOLDOUT, SWITCHBACK):
        effect = given(effect_min(design, 21, always=always))
        assert given(power(design, effect, 21, always=always)) == pytest.approx(0.8, abs=1e-4)
        assert given(power(design, -effect, 21, always=always)) == pytest.approx(0.8, abs=1e-4)
        assert given(days_needed(design, effect * 1.0001, always=always)).days <= 21
        assert given(effect_min(design, 40, always=always)) < effect


def level(rng: np.random.Generator, steps: int, a_step: float, spread: float, hours: float) -> Floats:
    """The level at each step: stationary, forgetting with the time given."""
    kept, values = exp(-a_step / hours), np.zeros(steps)
    shocks = rng.standard_normal(steps) * spread
    values[0] = shocks[0]
    for step in range(1, steps):
        values[step] = kept * values[step - 1] + sqrt(1 - kept**2) * shocks[step]
    return values


def trial(rng: np.random.Generator, design: Switchback, days: int, effect: float, carried: float) -> list[Floats]:
    """The means of off and of on blocks; after a switch, ``carried`` of the other state's effect is felt for the
    carry-over's hours."""
    a_step = 0.25
    length, skipped = int(design.block_hours / a_step), int(design.carry_over_hours / a_step)
    blocks = int(days * 24 / design.block_hours)
    on = rng.permutation(np.arange(blocks) % 2)
    per_step = design.units_hour * a_step
    values = level(rng, blocks * length, a_step, design.level_spread, design.level_hours)
    values += rng.standard_normal(blocks * length) * design.spread / sqrt(per_step)
    values = values.reshape(blocks, length) + effect * on[:, None]
    values[1:, : int(1 / a_step)] += carried * effect * (on[:-1] - on[1:])[:, None]
    means = values[:, skipped:].mean(axis=1)
    return [means[on == 0], means[on == 1]]


def test_power_of_a_switchback_is_what_simulated_trials_find() -> None:
    rng, runs, days = np.random.default_rng(32), 800, 10
    effect = given(effect_min(SWITCHBACK, days))
    tests = [given(two_means(*trial(rng, SWITCHBACK, days, effect, carried=0.8))) for _ in range(runs)]
    estimates = np.array([test.estimate for test in tests])
    assert near(float(np.mean([test.p_value < 0.05 for test in tests])), runs, 0.8)
    assert estimates.mean() == pytest.approx(effect, rel=0.06)  # the carry-over was left out
    assert estimates.std() == pytest.approx(given_error(SWITCHBACK, days), rel=0.1)


def test_a_carry_over_that_is_left_in_spoils_the_estimate() -> None:
    rng, careless = np.random.default_rng(33), replace(SWITCHBACK, carry_over_hours=0)
    estimates = [given(two_means(*trial(rng, careless, 10, 2.0, carried=0.8))).estimate for _ in range(300)]
    assert np.mean(estimates) < 1.75


def given_error(design: Switchback, days: int) -> float:
    return given(design.precision(days)).standard_error


def test_the_best_block_is_the_most_exact_of_those_that_can_be_used() -> None:
    noisy, hours = replace(SWITCHBACK, spread=40.0), [0.5, 1.5, 3, 4, 6, 12, 24, 84]
    best = given(best_block(noisy, 14, hours))
    assert 1.5 < best.block_hours < 12
    for other in hours[1:-1]:
        assert given_error(best, 14) <= given_error(replace(noisy, block_hours=other), 14)
    # Without carry-over shorter is better: nothing is left out, and there are more blocks.
    assert given(best_block(replace(noisy, carry_over_hours=0), 14, [2, 4, 8, 24])).block_hours == 2


def regions(rng: np.random.Generator, days: int, count: int) -> Floats:
    """Regions of very different size that move in twos, with noise of their own."""
    size = np.repeat(np.exp(rng.normal(6, 1, count // 2)), 2) * np.tile([1.0, 1.3], count // 2)
    shared = np.repeat(rng.normal(0, 0.1, (days, count // 2)).cumsum(axis=0) * 0.2, 2, axis=1)
    week = 0.2 * np.sin(np.arange(days) * 2 * np.pi / 7)[:, None]
    return size * np.exp(shared + week + rng.normal(0, 0.05, (days, count)))


def test_regions_that_move_alike_are_paired() -> None:
    history = regions(np.random.default_rng(34), 200, 12)
    found = given(geo(history))
    assert sorted(found.pairs) == [(2 * pair, 2 * pair + 1) for pair in range(6)]
    assert found.left_over is None
    assert given(geo(history[:, :11])).left_over is not None


def test_power_of_pairs_is_what_simulated_trials_find() -> None:
    rng, runs, days = np.random.default_rng(35), 400, 14
    found, powers = 0, []
    for _ in range(runs):
        whole = regions(rng, 240 + days, 16)
        design = given(geo(whole[:240], before_days=28))
        powers.append(given(power(design, 0.04, days)))
        relative = whole / whole[:120].mean(axis=0)
        effects: list[float] = []
        for one, other in design.pairs:
            treated, control = (one, other) if rng.random() < 0.5 else (other, one)
            after = relative[240:, treated] * 1.04 - relative[240:, control]
            before = relative[212:240, treated] - relative[212:240, control]
            effects.append(float(after.mean() - before.mean()))
        t = np.mean(effects) / (np.std(effects, ddof=1) / sqrt(len(effects)))
        found += abs(float(t)) > 2.3646  # t of 7 degrees of freedom
    assert abs(found / runs - float(np.mean(powers))) < 0.1


def test_refusals_of_designs() -> None:
    refused(replace(HOLDOUT, held_out=1.0).precision(10), "share_outside")
    refused(replace(HOLDOUT, held_out=float("nan")).precision(10), "share_outside")
    refused(replace(HOLDOUT, spread=0.0).precision(10), "constant_series")
    refused(replace(HOLDOUT, spread=float("nan")).precision(10), "constant_series")
    refused(replace(HOLDOUT, units_day=0).precision(10), "too_few_units")
    refused(rate_spread(0.0), "constant_series")
    refused(rate_spread(float("nan")), "constant_series")
    refused(replace(SWITCHBACK, carry_over_hours=4).precision(10), "carry_over_too_long")
    refused(replace(SWITCHBACK, block_hours=float("nan")).precision(10), "carry_over_too_long")
    refused(replace(SWITCHBACK, block_hours=48).precision(4), "too_few_blocks")
    refused(replace(SWITCHBACK, units_hour=0).precision(4), "design_broken")
    refused(replace(SWITCHBACK, spread=0, level_spread=0).precision(4), "constant_series")
    refused(best_block(SWITCHBACK, 10, []), "nothing_there")
    refused(best_block(SWITCHBACK, 10, [1.0]), "carry_over_too_long")


def test_refusals_of_questions() -> None:
    refused(power(HOLDOUT, 0.0, 10), "effect_zero")
    refused(power(HOLDOUT, float("nan"), 10), "not_a_number")
    refused(power(HOLDOUT, 0.1, 0), "days_not_positive")
    refused(power(HOLDOUT, 0.1, 10, alpha=0.0), "level_outside")
    refused(effect_min(HOLDOUT, 10, power=1.0), "power_outside")
    refused(days_needed(HOLDOUT, 0.01, power=0.01), "power_outside")
    refused(days_needed(HOLDOUT, 1e-5), "effect_too_small")
    refused(days_needed(replace(HOLDOUT, units_day=0), 0.1), "too_few_units")
    refused(power(replace(HOLDOUT, units_day=0), 0.1, 10), "too_few_units")


def test_refusals_of_regions() -> None:
    history = regions(np.random.default_rng(36), 100, 8)
    refused(geo(history[:, :1]), "one_arm")
    refused(geo(history[:3]), "history_too_short")
    refused(geo(np.where(history > history.max() - 1e-9, np.nan, history)), "not_a_number")
    refused(geo(-history), "negative_count")
    refused(geo(history * np.array([0.0, *[1.0] * 7])), "constant_series")
    refused(given(geo(history[:, :4])).precision(7), "too_few_pairs")
    refused(given(geo(history)).precision(14), "history_too_short")
    refused(days_needed(given(geo(history)), 0.0001), "effect_too_small")
    still = Geo(pairs=((0, 1), (2, 3), (4, 5)), left_over=None, apart=np.zeros((100, 3)), before_days=7)
    refused(still.precision(7), "constant_series")
