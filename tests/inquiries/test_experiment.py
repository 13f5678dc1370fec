"""Was this experiment sound?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inquiries.draws import draws, even
from warum.domain.experiment.sequences import rate_differences
from warum.domain.explain.record import Explanation, Label
from warum.domain.inquiries.draws import OfferDraws, table
from warum.domain.inquiries.experiment import explain_experiment, stratified
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal


def ask(log: OfferDraws, control: int | None = None) -> Explanation:
    return explain_experiment(log, np.random.default_rng(1), control=control)


def codes(told: Explanation) -> set[str]:
    every = (*told.reasons, *told.considered, *told.would_change, *told.limits, told.claim)
    return {statement.code for statement in every}


def test_within_one_allocation_it_is_the_confidence_sequence_of_rates() -> None:
    counts = table(draws([0.02, 0.03]), (0, 1))
    pair = [1, 0]
    estimate, reach = stratified(
        counts.exposures[:, pair], counts.kept[:, pair], [1] * 28, planned_units=28_000.0, alpha=0.05
    )
    known = rate_differences(counts.exposures, counts.kept, planned_units=28_000.0)
    assert not isinstance(known, Refusal)
    assert estimate == pytest.approx(np.array(known[0].estimate), abs=1e-12)
    assert estimate - reach == pytest.approx(np.array(known[0].low), abs=1e-12)


def test_a_settled_comparison_is_sound_and_withstands_its_refuters() -> None:
    told = ask(draws([0.02, 0.04]))
    assert told.verdict == "sound" and told.claim.code == "experiment.sound_above"
    assert told.number is not None and told.number.low is not None and told.number.high is not None
    assert 0 < told.number.low < 20_000 < told.number.high
    assert {"experiment.held.placebo_treatment", "experiment.held.data_subset", "experiment.held.halves"} <= codes(told)


def test_a_comparison_without_a_difference_is_sound_and_open() -> None:
    told = ask(draws([0.03, 0.03]))
    assert told.verdict == "sound_but_open" and not told.considered
    assert told.would_change


def test_a_level_that_moves_with_the_shares_makes_no_difference() -> None:
    """Simpson: arm 1 is drawn more when everything sells better, and is no better."""
    log = draws(
        [0.02, 0.02], days=56, exposures=3_000, shares=[[800_000, 200_000], [200_000, 800_000]], levels=[1.0, 3.0]
    )
    counts = table(log, (0, 1))
    totals = counts.kept.sum(axis=0) / counts.exposures.sum(axis=0)
    assert totals[1] > 1.5 * totals[0]
    told = ask(log)
    assert told.verdict == "sound_but_open"
    assert "experiment.allocations" in codes(told)


def test_no_effect_is_told_where_the_split_is_broken() -> None:
    log = draws([0.02, 0.05])
    wrong = tuple(
        replace(period, shares=tuple(replace(one, propensity_ppm=450_000 + 100_000 * one.arm) for one in period.shares))
        for period in log.periods
    )
    told = ask(replace(log, periods=wrong))
    assert (told.verdict, told.number) == ("not_sound", None)
    assert {figure.name for figure in told.figures} == {"exposures"}
    assert "experiment.pair" not in codes(told) and "experiment.rate" not in codes(told)


def test_an_effect_that_turns_round_is_not_sound() -> None:
    first, second = draws([0.02, 0.08], days=14, seed=2), draws([0.05, 0.02], days=14, seed=3)
    late = tuple(
        replace(period, from_us=period.from_us + 14 * DAY_US, until_us=period.until_us + 14 * DAY_US)
        for period in second.periods
    )
    log = replace(first, periods=first.periods + late, until_us=second.until_us + 14 * DAY_US)
    told = ask(log)
    assert told.verdict == "not_sound"
    assert "experiment.shaken.halves" in codes(told)


def test_less_than_a_week_is_open_however_large_the_difference() -> None:
    told = ask(draws([0.02, 0.2], days=5))
    assert told.verdict.startswith("cannot_tell")
    assert "experiment.help.weeks" in codes(told)


def test_unfinished_conversions_keep_it_open() -> None:
    log = draws([0.02, 0.04], lags=(0,) * 29 + (1,))
    told = ask(replace(log, now_us=log.until_us))
    assert told.verdict == "sound_but_open" and "experiment.help.wait" in codes(told)


def test_one_arm_alone_cannot_be_compared() -> None:
    log = draws([0.02, 0.04], shares=[[1_000_000, 0]])
    told = ask(log)
    assert (told.label, told.verdict) == (Label.ABSTAINS, "cannot_tell_one_arm")


def test_nothing_seen() -> None:
    assert ask(replace(draws([0.02, 0.04]), periods=())).verdict == "cannot_tell_no_exposures"


def test_every_arm_stands_beside_the_control() -> None:
    told = ask(draws([0.02, 0.02, 0.02], shares=[even(3)]), control=2)
    against = [reason for reason in told.reasons if reason.code == "experiment.pair"]
    assert [(reason.value("arm"), reason.value("control_arm")) for reason in against] == [("0", "2"), ("1", "2")]


def test_equal_arms_are_seldom_called_different_however_often_one_looks() -> None:
    """150 comparisons of equal arms, looked at every day for four weeks; 5 % may ever be called settled."""
    wrong = 0
    for seed in range(150):
        counts = table(draws([0.03, 0.03], exposures=400, seed=seed), (0, 1))
        planned = 4 * float(counts.exposures[:7].sum())
        estimate, reach = stratified(counts.exposures, counts.kept, [1] * 28, planned_units=planned, alpha=0.05)
        wrong += bool((np.abs(estimate)[6:] > reach[6:]).any())
    assert wrong <= 13  # 5 % of 150 is 7.5; beyond 13 with probability 2 %
