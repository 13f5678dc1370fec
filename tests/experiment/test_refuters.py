"""Refuters: on data where the effect is real, where there is none, and where it is somebody else's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.experiment.refused import given, refused

from warum.domain.experiment.refuters import (
    Estimate,
    Observed,
    Verdict,
    adjusted,
    data_subset,
    e_value,
    observed,
    placebo_outcome,
    placebo_treatment,
    random_common_cause,
    unadjusted,
    unmeasured_confounder,
)

NAN = float("nan")


def world(
    seed: int, *, effect: float, hidden: float, units: int = 1_500, known: float = 0.3
) -> tuple[Observed, Sequence[float]]:
    """A known covariate and a hidden one move treatment and outcome; the outcome before the treatment comes along."""
    rng = np.random.default_rng(seed)
    seen, unseen = rng.standard_normal((2, units))
    treated = (known * seen + hidden * unseen + rng.standard_normal(units) > 0).astype(float)
    level = known * seen + hidden * unseen
    outcome = level + effect * treated + rng.standard_normal(units)
    before = level + rng.standard_normal(units)
    return given(observed(outcome, treated, np.column_stack([seen, rng.standard_normal(units)]))), before.tolist()


def rng() -> np.random.Generator:
    return np.random.default_rng(41)


def test_a_real_effect_holds() -> None:
    data, before = world(1, effect=0.5, hidden=0.0)
    assert adjusted(data).effect == pytest.approx(0.5, abs=0.15)
    placebo = given(placebo_treatment(data, rng()))
    assert placebo.verdict is Verdict.HELD and abs(placebo.seen) < 0.02 and placebo.share < 0.01
    assert placebo.low < 0 < placebo.high < placebo.effect
    assert given(random_common_cause(data, rng())).verdict is Verdict.HELD
    assert given(data_subset(data, rng())).verdict is Verdict.HELD
    assert given(placebo_outcome(data, before)).verdict is Verdict.HELD
    sensitivity = given(unmeasured_confounder(data))
    assert sensitivity.verdict is Verdict.HELD and sensitivity.strongest == 0
    assert 0 < sensitivity.low_at < sensitivity.effect_at < sensitivity.effect
    assert 0 < sensitivity.robustness_interval < sensitivity.robustness < 1


def test_no_effect_does_not_hold() -> None:
    verdicts = [
        (
            given(placebo_treatment(data, rng(), runs=100)).verdict,
            given(data_subset(data, rng())).verdict,
            given(unmeasured_confounder(data)).verdict,
        )
        for data in (world(seed, effect=0.0, hidden=0.0)[0] for seed in range(2, 14))
    ]
    placebo, subset, sensitivity = zip(*verdicts, strict=True)
    assert placebo.count(Verdict.HELD) <= 3  # one in twenty by chance
    assert subset.count(Verdict.SHAKEN) >= 4  # a sign that stays within its own data is weak evidence
    assert sensitivity.count(Verdict.SHAKEN) >= 11


def test_what_is_only_confounded_is_caught_by_the_outcome_before() -> None:
    for seed in range(20, 26):
        data, before = world(seed, effect=0.0, hidden=0.6)
        # Neither shuffling nor a chance covariate sees a hidden cause...
        assert given(placebo_treatment(data, rng(), runs=40)).verdict is Verdict.HELD
        assert given(random_common_cause(data, rng(), runs=20)).verdict is Verdict.HELD
        # ... an outcome that the treatment cannot have touched does.
        assert given(placebo_outcome(data, before)).verdict is Verdict.SHAKEN


def test_the_outcome_before_accuses_the_sound_as_seldom_as_promised() -> None:
    shaken = sum(
        given(placebo_outcome(*world(seed, effect=0.5, hidden=0.0, units=400))).verdict is Verdict.SHAKEN
        for seed in range(100, 400)
    )
    assert shaken / 300 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_an_effect_that_a_likeness_of_a_known_cause_explains_is_shaken() -> None:
    weak, _ = world(3, effect=0.15, hidden=0.0, known=0.8)
    assert given(unmeasured_confounder(weak)).verdict is Verdict.SHAKEN
    strong, _ = world(3, effect=2.0, hidden=0.0, known=0.3)
    assert given(unmeasured_confounder(strong, times=3)).verdict is Verdict.HELD


def test_the_bound_is_exact_where_the_confounder_is_known() -> None:
    # Leave out a covariate that is as strong as another: beside that other, the bound has to reach the full estimate.
    rng_ = np.random.default_rng(43)
    units = 200_000
    one, other = rng_.standard_normal((2, units))
    treated = (0.5 * one + 0.5 * other + rng_.standard_normal(units) > 0).astype(float)
    outcome = 0.5 * one + 0.5 * other + treated + rng_.standard_normal(units)
    short = given(observed(outcome, treated, one[:, None]))
    told = given(unmeasured_confounder(short))
    assert told.effect > 1.2
    assert told.effect_at == pytest.approx(1.0, abs=0.05)


def test_robustness_is_what_it_says() -> None:
    # Cinelli and Hazlett 2020, Darfur: estimate 0.097, error 0.023, 783 degrees of freedom: 13.9 % and 7.6 %.
    from warum.domain.experiment.refuters import _robustness

    away = 0.097 / 0.0232 / np.sqrt(783)
    assert _robustness(away) == pytest.approx(0.139, abs=0.001)
    assert _robustness(away - 1.963 / np.sqrt(782)) == pytest.approx(0.076, abs=0.001)


def test_without_covariates_the_question_is_open() -> None:
    data, _ = world(4, effect=0.5, hidden=0.0)
    bare = given(observed(data.outcome, data.treated))
    told = given(unmeasured_confounder(bare))
    assert told.verdict is Verdict.OPEN and told.strongest is None and told.effect_at == told.effect


def test_an_estimator_that_invents_effects_is_found_out() -> None:
    data, _ = world(5, effect=0.5, hidden=0.0)

    def inventive(given_data: Observed) -> Estimate:
        sound = adjusted(given_data)
        return Estimate(effect=sound.effect + 0.3, error=sound.error)

    assert given(placebo_treatment(data, rng(), estimator=inventive)).verdict is Verdict.SHAKEN

    def nervous(given_data: Observed) -> Estimate:
        sound = adjusted(given_data)
        return Estimate(effect=sound.effect + float(given_data.covariates[0, -1]), error=sound.error)

    assert given(random_common_cause(data, rng(), estimator=nervous)).verdict is Verdict.SHAKEN


def test_an_error_that_is_stated_too_small_is_found_out() -> None:
    data, _ = world(6, effect=0.5, hidden=0.0, units=400)

    def boastful(given_data: Observed) -> Estimate:
        sound = adjusted(given_data)
        return Estimate(effect=sound.effect, error=sound.error / 3)

    assert given(data_subset(data, rng())).verdict is Verdict.HELD
    assert given(data_subset(data, rng(), estimator=boastful)).verdict is Verdict.SHAKEN


def test_adjusting_is_least_squares_and_unadjusted_the_difference_of_means() -> None:
    data, _ = world(7, effect=0.5, hidden=0.0)
    with_it = data.treated == 1
    assert unadjusted(data).effect == pytest.approx(data.outcome[with_it].mean() - data.outcome[~with_it].mean())
    estimates = [adjusted(world(seed, effect=0.5, hidden=0.0, units=300)[0]) for seed in range(200)]
    spread = np.std([one.effect for one in estimates])
    assert np.mean([one.error for one in estimates]) == pytest.approx(spread, rel=0.15)


def test_e_values() -> None:
    # VanderWeele and Ding 2017: a risk ratio of 3.9 has 7.26; the lower end 1.8 has 3.0.
    told = given(e_value([1_000_000, 1_000_000], [100_000, 390_000]))
    assert told.ratio == pytest.approx(3.9) and told.e_value == pytest.approx(7.26, abs=0.01)
    assert told.verdict is Verdict.HELD
    protective = given(e_value([1_000_000, 1_000_000], [390_000, 100_000]))
    assert protective.e_value == pytest.approx(7.26, abs=0.01)
    unclear = given(e_value([100, 100], [10, 12]))
    assert unclear.e_value_interval == 1.0 and unclear.verdict is Verdict.SHAKEN


@pytest.mark.parametrize(
    ("outcome", "treated", "covariates", "code"),
    [
        ([1.0, NAN] * 20, [0, 1] * 20, None, "not_a_number"),
        ([1.0, 2.0] * 20, [0, NAN] * 20, None, "not_a_number"),
        ([1.0, 2.0] * 20, [0, 2] * 20, None, "treatment_not_binary"),
        ([1.0, 2.0] * 20, [0, 0] * 20, None, "one_arm"),
        ([1.0, 2.0] * 5, [0, 1] * 5, None, "too_few_units"),
        ([1.0, 1.0] * 20, [0, 1] * 20, None, "constant_series"),
        ([1.0, 2.0] * 20, [0, 1] * 20, [[1.0]] * 40, "constant_series"),
        ([1.0, 2.0] * 20, [0, 1] * 20, [[0.0], [1.0]] * 20, "covariates_dependent"),
        ([1.0, 2.0] * 20, [0, 1] * 20, [[1.0]] * 39, "shape_wrong"),
        ([1.0, 2.0] * 20, [0, 1] * 19, None, "shape_wrong"),
        ([], [], None, "nothing_there"),
    ],
)
def test_refusals_of_data(
    outcome: list[float], treated: list[float], covariates: list[list[float]] | None, code: str
) -> None:
    refused(observed(outcome, treated, covariates), code)


def test_refusals_of_questions() -> None:
    data, before = world(8, effect=0.5, hidden=0.0, units=100)
    refused(placebo_treatment(data, rng(), runs=3), "too_few_runs")
    refused(random_common_cause(data, rng(), runs=3), "too_few_runs")
    refused(data_subset(data, rng(), runs=3), "too_few_runs")
    refused(data_subset(data, rng(), share=1.0), "share_outside")
    refused(placebo_treatment(data, rng(), alpha=0.0), "level_outside")
    refused(placebo_outcome(data, before[:-1]), "shape_wrong")
    refused(placebo_outcome(data, [NAN, *before[1:]]), "not_a_number")
    refused(placebo_outcome(data, [1.0] * 100), "constant_series")
    refused(unmeasured_confounder(data, alpha=1.0), "level_outside")
    refused(unmeasured_confounder(data, times=0.0), "share_outside")
    exact = given(observed(data.treated * 2.0, data.treated, data.covariates))
    refused(unmeasured_confounder(exact), "constant_series")


def test_refusals_of_e_values() -> None:
    refused(e_value([10, 10, 10], [1, 1, 1]), "not_two_arms")
    refused(e_value([10, 0], [1, 0]), "no_impressions")
    refused(e_value([10, 10], [1, 0]), "too_few_events")
    refused(e_value([10, 10], [1, -1]), "negative_count")
    refused(e_value([10, 10], [1, 11]), "more_than_seen")
    refused(e_value([10, 10], [1, NAN]), "not_a_number")
    refused(e_value([10, 10], [1, 1], alpha=0.0), "level_outside")
