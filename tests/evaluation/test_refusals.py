"""What is missing is said in words, one thing at a time and in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.evaluation import Log, effective_size, ess_min, evaluate, log_from, weights
from warum.domain.evaluation.log import effective_rounds, refusal
from warum.kernel.refusal import Refusal

from .logs import Case, case


def refused(made: Case) -> Refusal:
    answer = evaluate(made.log, made.target, np.random.default_rng(0))
    assert isinstance(answer, Refusal)
    assert answer.message.endswith(".")
    return answer


def with_log(**changes: object) -> Case:
    made = case(1, full=True)
    return replace(made, log=replace(made.log, **changes))


def changed(values: np.ndarray, value: float) -> np.ndarray:
    values = values.copy()
    values[7] = value
    return values


def few() -> Case:
    return case(1, rounds=99)


def missing_reward() -> Case:
    return with_log(rewards=changed(case(1).log.rewards, np.nan))


def missing_context() -> Case:
    return with_log(contexts=np.full((1_000, 1), np.nan))


def endless_propensity() -> Case:
    return with_log(propensity=changed(case(1).log.propensity, np.inf))


def one_arm() -> Case:
    return with_log(actions=np.zeros(1_000, dtype=np.int64))


def unknown_arm() -> Case:
    return with_log(actions=changed(case(1).log.actions, 3))


def never() -> Case:
    return with_log(propensity=changed(case(1).log.propensity, 0.0))


def more_than_always() -> Case:
    return with_log(propensity=changed(case(1).log.propensity, 1.5))


def sums_to_more() -> Case:
    return with_log(propensities=np.full((1_000, 3), 0.4))


def of_another_arm() -> Case:
    made = case(1, full=True)
    return with_log(propensity=np.where(made.log.propensity == 0.6, 0.2, made.log.propensity))


def no_distribution() -> Case:
    made = case(1)
    return replace(made, target=made.target * 0.9)


def shut_arm() -> Case:
    """The third arm has propensity zero, and the policy wants it."""
    drawn = np.array([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]])
    return case(1, drawn=drawn, full=True)


def unseen_arm() -> Case:
    drawn = np.array([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]])
    return case(1, drawn=drawn)


def constant() -> Case:
    return with_log(rewards=np.zeros(1_000))


def far_away() -> Case:
    drawn = np.array([[0.98, 0.01, 0.01], [0.98, 0.01, 0.01]])
    return case(1, drawn=drawn, asked=np.array([[0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]))


def wrong_propensities() -> Case:
    made = case(1)
    return replace(made, log=replace(made.log, propensity=made.log.propensity / 2))


def hardly_rewarded() -> Case:
    return with_log(rewards=(np.arange(1_000) < 9).astype(np.float64))


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (lambda: replace(case(1), target=np.ones((3, 3))), "shapes_differ", "number of rounds"),
        (few, "too_few_rounds", "99 rounds; 100"),
        (missing_reward, "not_finite", "In reward a value is missing"),
        (missing_context, "not_finite", "In contexts"),
        (endless_propensity, "not_finite", "In propensity"),
        (one_arm, "one_arm", "Only one arm"),
        (unknown_arm, "action_unknown", "0 to 2"),
        (never, "propensity_out_of_range", "propensity 0;"),
        (more_than_always, "propensity_out_of_range", "propensity 1.5;"),
        (sums_to_more, "propensities_do_not_sum_to_one", "sum to 1.2"),
        (of_another_arm, "propensities_disagree", "chosen arm"),
        (no_distribution, "target_is_no_distribution", "do not sum to 1"),
        (shut_arm, "no_support", "could not be drawn, such as 2"),
        (unseen_arm, "no_support", "never chose, such as 2"),
        (constant, "rewards_constant", "Every reward is 0"),
        (far_away, "effective_size_too_small", "are the least"),
        (wrong_propensities, "weights_do_not_average_one", "1 is right"),
        (hardly_rewarded, "too_few_rewarded", "Only 9 rounds"),
    ],
)
def test_each_reason_has_its_words(make: Callable[[], Case], code: str, says: str):
    answer = refused(make())
    assert answer.code == code
    assert says in answer.message


def test_columns_that_are_missing_are_named():
    answer = log_from({"action": [0, 1], "reward": [0.0, 1.0]}, arms=2, features=["age"])
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.field) == ("column_missing", "propensity")
    assert "propensity, age" in answer.message


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"action": [0, 1], "reward": ["much", 1.0], "propensity": [0.5, 0.5]}, "not_a_number"),
        ({"action": [0, 1], "reward": [None, 1.0], "propensity": [0.5, 0.5]}, "not_finite"),
        ({"action": [0, 1], "reward": [1.0], "propensity": [0.5, 0.5]}, "columns_differ_in_length"),
        ({"action": [0.5, 1], "reward": [0.0, 1.0], "propensity": [0.5, 0.5]}, "action_unknown"),
    ],
)
def test_columns_that_cannot_be_read(columns: dict[str, list[float]], code: str):
    answer = log_from(columns, arms=2)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_an_empty_log_has_too_few_rounds():
    log = log_from({"action": [], "reward": [], "propensity": []}, arms=2)
    assert isinstance(log, Log)
    fault = refusal(log, np.empty((0, 2)))
    assert fault is not None
    assert fault.code == "too_few_rounds"


def test_columns_become_a_log_with_its_features():
    columns = {"action": [0, 1], "reward": [0.0, 1.0], "propensity": [0.5, 0.25], "age": [3, 4], "else": [1, 1]}
    log = log_from(columns, arms=2, features=["age"])
    assert isinstance(log, Log)
    assert log.features.tolist() == [[3.0], [4.0]]
    assert (log.rounds, log.actions.tolist()) == (2, [0, 1])


def test_a_heavy_weight_that_chance_kept_out_counts_where_it_is_known():
    drawn = np.array([[0.499, 0.5, 0.001], [0.499, 0.5, 0.001]])
    made = case(2, rounds=1_000, drawn=drawn, asked=np.array([[0.35, 0.35, 0.3]] * 2), full=True)
    blind = replace(made.log, propensities=None)
    assert effective_size(made.log, made.target) == pytest.approx(11, abs=1)
    assert effective_size(made.log, made.target) <= effective_size(blind, made.target)
    assert refused(made).code == "effective_size_too_small"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), away=st.floats(-6, 6), rounds=st.integers(100, 1_500), full=st.booleans())
def test_whatever_is_worth_too_little_is_refused(seed: int, away: float, rounds: int, full: bool):
    scores = np.random.default_rng(seed).normal(size=(2, 3)) * 2
    drawn = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    asked = np.exp(away * scores) / np.exp(away * scores).sum(axis=1, keepdims=True)
    made = case(seed, rounds=rounds, drawn=drawn, asked=asked, full=full)
    answer = evaluate(made.log, made.target, np.random.default_rng(0))
    if effective_rounds(weights(made.log, made.target)) < ess_min:
        assert isinstance(answer, Refusal)
    elif not isinstance(answer, Refusal):
        assert answer.effective >= ess_min
        assert 0 <= answer.chosen.low <= answer.chosen.value <= answer.chosen.high
