"""Laws of the estimators, on logs whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.evaluation import ESTIMATORS, Method, Prepared, prepared
from warum.domain.evaluation.estimators import (
    clipped,
    direct,
    dr,
    ips,
    shrunk,
    shrunk_weight,
    sndr,
    snips,
    switch,
    switched,
)
from warum.domain.evaluation.model import Floats, predicted

from .logs import ASKED, DRAWN, case


def facts(weight: list[float], reward: list[float], expected: list[float], direct: list[float]) -> Prepared:
    return Prepared(np.array(weight), np.array(reward), np.array(expected), np.array(direct), 0.01)


def by_hand() -> Prepared:
    return facts([0.5, 2.0, 1.0, 4.0], [1.0, 0.0, 1.0, 1.0], [0.4, 0.2, 0.6, 0.5], [0.3, 0.4, 0.5, 0.6])


def test_values_worked_out_by_hand():
    one = by_hand()
    assert direct(one).value == pytest.approx(0.45, abs=1e-12)
    assert ips(one).value == pytest.approx(5.5 / 4, abs=1e-12)
    assert snips(one).value == pytest.approx(5.5 / 7.5, abs=1e-12)
    # w (r - q): 0.3, -0.4, 0.4, 2.0
    assert dr(one).value == pytest.approx(0.45 + 2.3 / 4, abs=1e-12)
    assert sndr(one).value == pytest.approx(0.45 + 2.3 / 7.5, abs=1e-12)
    assert switch(one, most=2.0).value == pytest.approx(0.45 + 0.3 / 4, abs=1e-12)
    # l w / (w^2 + l) at l = 4: 2/4.25, 8/8, 4/5, 16/20
    shares = np.array([2 / 4.25, 1.0, 0.8, 0.8])
    assert shrunk(one, strength=4.0).value == pytest.approx(0.45 + float(shares @ [0.6, -0.2, 0.4, 0.5]) / 4, abs=1e-12)
    assert ips(one, weight_max=2.0).value == pytest.approx((0.5 + 1.0 + 2.0) / 4, abs=1e-12)


def test_shrinking_and_switching_end_in_direct_and_doubly_robust():
    one = by_hand()
    assert switch(one, most=0.0).value == shrunk(one, strength=0.0).value == direct(one).value
    assert switch(one, most=inf).value == shrunk(one, strength=inf).value == dr(one).value


@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=20), st.floats(0.0, 1e3), st.floats(1e-6, 1e6))
def test_weights_are_cut_as_documented(weight: list[float], most: float, strength: float):
    given_ = np.array(weight)
    assert (clipped(given_, most) == np.where(given_ > most, most, given_)).all()
    assert (switched(given_, most) == np.where(given_ > most, 0.0, given_)).all()
    less = shrunk_weight(given_, strength)
    assert (less >= 0).all()
    assert (less <= given_ + 1e-9).all()
    assert (less <= np.sqrt(strength) / 2 * (1 + 1e-9)).all()


@pytest.fixture(scope="module")
def many() -> list[Prepared]:
    """The same question put to 200 logs."""
    made = [case(seed, rounds=400) for seed in range(200)]
    return [prepared(one.log, one.target, np.random.default_rng(seed)) for seed, one in enumerate(made)]


def off(values: list[float]) -> float:
    """How many standard errors the mean lies from the truth."""
    return (np.mean(values) - case(0).truth) / (np.std(values) / np.sqrt(len(values)))


@pytest.mark.parametrize("method", [Method.IPS, Method.SNIPS, Method.DR, Method.SNDR])
def test_unbiased_whatever_the_model(method: Method, many: list[Prepared]):
    assert abs(off([ESTIMATORS[method](one, 0.95).value for one in many])) < 4


def test_doubly_robust_is_unbiased_with_a_wrong_model_and_direct_is_not(many: list[Prepared]):
    wrong = [replace(one, expected=np.full(400, 0.8), direct=np.full(400, 0.8)) for one in many]
    assert abs(off([dr(one).value for one in wrong])) < 4
    assert direct(wrong[0]).value == pytest.approx(0.8)


@pytest.mark.parametrize("drawn", [DRAWN, np.full((2, 3), 1 / 3)])
def test_all_agree_where_the_policy_is_the_logs_own(drawn: Floats):
    made = case(5, rounds=4_000, asked=drawn, drawn=drawn)
    told = prepared(made.log, made.target, np.random.default_rng(0))
    own = float(made.log.rewards.mean())
    assert ips(told).value == pytest.approx(own, abs=1e-12)
    assert snips(told).value == pytest.approx(own, abs=1e-12)
    for method, estimator in ESTIMATORS.items():
        assert estimator(told, 0.95).value == pytest.approx(own, abs=0.01), method


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000), shift=st.floats(-1e3, 1e3), scale=st.floats(0.01, 100))
def test_self_normalised_and_doubly_robust_follow_shift_and_scale(seed: int, shift: float, scale: float):
    made = case(seed, rounds=300)
    moved = replace(made.log, rewards=made.log.rewards * scale + shift)
    before = prepared(made.log, made.target, np.random.default_rng(seed))
    after = prepared(moved, made.target, np.random.default_rng(seed))
    for estimator in (direct, snips, sndr):
        expected = estimator(before).value * scale + shift
        assert estimator(after).value == pytest.approx(expected, abs=1e-6 * (scale + abs(shift) + 1))
    # Plain weights average one only in expectation, so here a shift does not pass through.
    assert ips(after).value == pytest.approx(
        ips(before).value * scale + shift * before.weight.mean(), rel=1e-6, abs=1e-6
    )


@given(st.lists(st.tuples(st.floats(0.01, 50), st.floats(-5, 5)), min_size=2, max_size=30))
def test_self_normalised_stays_within_the_rewards(rounds: list[tuple[float, float]]):
    weight, reward = [one[0] for one in rounds], [one[1] for one in rounds]
    value = snips(facts(weight, reward, [0.0] * len(reward), [0.0] * len(reward))).value
    assert min(reward) - 1e-9 <= value <= max(reward) + 1e-9


def test_no_round_is_judged_by_a_model_that_has_seen_it():
    made = case(3, rounds=500)
    fold = np.arange(500) % 5
    here = fold == 2
    changed = made.log.rewards.copy()
    changed[np.flatnonzero(here)[:40]] = np.random.default_rng(1).permutation(changed[np.flatnonzero(here)[:40]])
    swapped = predicted(made.log.features, made.log.actions, changed, made.target, fold).rewards
    before = predicted(made.log.features, made.log.actions, made.log.rewards, made.target, fold).rewards
    assert not np.array_equal(changed, made.log.rewards)
    assert np.allclose(swapped[here], before[here], atol=1e-12)
    assert not np.allclose(swapped[~here], before[~here], atol=1e-12)


def test_the_model_learns_what_there_is_and_calms_down_where_there_is_nothing():
    made = case(8, rounds=20_000)
    told = prepared(made.log, made.target, np.random.default_rng(0))
    assert direct(told).value == pytest.approx(made.truth, abs=0.02)
    rng = np.random.default_rng(2)
    alike = (rng.random(2_000) < 0.3).astype(np.float64)
    flat = predicted(
        np.empty((2_000, 0)), rng.integers(0, 10, 2_000), alike, np.full((2_000, 10), 0.1), np.arange(2_000) % 5
    )
    assert flat.rewards.std() < 0.25 * np.sqrt(0.3 * 0.7 / 200)


def test_a_biased_estimate_has_the_unbiased_ones_interval():
    made = case(4, asked=ASKED)
    told = prepared(made.log, made.target, np.random.default_rng(0))
    whole = dr(told)
    for one in (direct(told), switch(told), shrunk(told), ips(told, weight_max=0.5)):
        assert one.low <= min(whole.low, one.value)
        assert one.high >= max(whole.high, one.value)
