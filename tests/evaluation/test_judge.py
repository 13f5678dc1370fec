"""The automatic choice: between direct and doubly robust, with an interval that holds the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.evaluation import Evaluation, Method, correction_share, evaluate
from warum.domain.evaluation.interval import interval

from .logs import Case, case


def judged(made: Case, seed: int = 0) -> Evaluation:
    answer = evaluate(made.log, made.target, np.random.default_rng(seed))
    assert isinstance(answer, Evaluation)
    return answer


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_share_grows_with_the_contradiction(one: float, other: float):
    assert 0.5 <= correction_share(one) <= 1.0
    if abs(one) <= abs(other):
        assert correction_share(one) <= correction_share(other)


def test_the_share_at_its_ends():
    assert correction_share(0.0) == 0.5
    assert correction_share(2.0) == pytest.approx(1 - np.exp(-1) / 2)
    assert correction_share(-30.0) == 1.0


def test_it_lies_between_the_two_and_says_how_far():
    told = judged(case(3))
    low, high = sorted([told.estimates[Method.DIRECT].value, told.estimates[Method.SNDR].value])
    assert low <= told.chosen.value <= high
    assert told.chosen.tuned is not None
    assert f"{told.chosen.tuned:.0%}" in told.reason
    assert (told.rounds, told.logged) == (1_000, case(3).log.rewards.mean())


def test_the_same_state_gives_the_same_answer():
    assert judged(case(3)) == judged(case(3))
    assert judged(case(3)).chosen.value == pytest.approx(judged(case(3), seed=1).chosen.value, abs=0.02)


def test_full_propensities_change_no_estimate():
    assert judged(case(3)).estimates == judged(case(3, full=True)).estimates


def test_its_interval_holds_the_truth_as_often_as_it_says():
    held = 0
    for seed in range(150):
        made = case(seed, rounds=400)
        chosen = judged(made, seed).chosen
        held += chosen.low <= made.truth <= chosen.high
    assert held >= 0.93 * 150


def test_amounts_that_may_be_negative_are_judged_too():
    made = case(6, rounds=2_000)
    moved = replace(made.log, rewards=100 * made.log.rewards - 20)
    answer = evaluate(moved, made.target, np.random.default_rng(0))
    assert isinstance(answer, Evaluation)
    assert answer.chosen.low < 100 * made.truth - 20 < answer.chosen.high


def test_an_interval_leans_to_where_the_rare_rewards_may_be():
    parts = (np.arange(1_000) < 12).astype(np.float64)
    error, low, high = interval(0.012, parts, 0.0, 0.95)
    assert error == pytest.approx(0.00345, abs=1e-4)
    assert 0.005 < low < 0.0075  # an exact Poisson interval is 0.0062 to 0.0210
    assert 0.019 < high < 0.024


def test_an_interval_is_never_narrower_than_its_floor():
    parts = np.full(100, 0.5)
    assert interval(0.5, parts, 0.0, 0.95) == (0.0, 0.5, 0.5)
    error, low, high = interval(0.5, parts, 0.01, 0.95)
    assert (error, high - 0.5) == (0.1, pytest.approx(0.196, abs=1e-3))
    assert 0.5 - low == pytest.approx(high - 0.5)
