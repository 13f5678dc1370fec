"""The effect without lots: known answers, intervals that hold the truth, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from tests.experiment.refused import given, refused

from warum.domain.causal import Among, Effect, estimate_effect, examined
from warum.domain.causal.scores import estimate
from warum.domain.experiment.refuters import Observed
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

NAN = float("nan")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def world(seed: int, units: int = 600, pull: float = 0.8) -> tuple[Floats, Floats, Floats]:
    """Two covariates; the first moves treatment and, on a curve, the outcome. The mean effect is 1."""
    source = rng(seed)
    covariates = source.standard_normal((units, 2))
    level = covariates[:, 0]
    treated = (source.random(units) < 1 / (1 + np.exp(-pull * level))).astype(float)
    outcome = level + 0.5 * level**2 + treated * (1 + 0.5 * level) + source.standard_normal(units)
    return outcome, treated, covariates


def estimated(outcome: Floats, treated: Floats, covariates: Floats, seed: int = 0) -> Effect:
    return given(estimate_effect(outcome, treated, covariates, rng(seed)))


def test_a_vector_by_hand() -> None:
    """With models that say 2 with, 1 without and one half, a unit contributes 1 + 2 (y - 2) or 1 - 2 (y - 1)."""

    def outcomes(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), 2.0 if target.mean() > 3 else 1.0)

    def half(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), 0.5)

    data = Observed(
        outcome=np.array([4.0, 6.0, 1.0, 3.0]), treated=np.array([1.0, 1.0, 0.0, 0.0]), covariates=np.zeros((4, 1))
    )
    # Contributions: 5, 9, 1, -3; their mean is 3 and their variance (4 + 36 + 4 + 36) / 3.
    told = estimate(data, rng(), Among.EVERYONE, outcomes, half, 2)
    assert told.effect == pytest.approx(3.0)
    assert told.error == pytest.approx((80 / 3 / 4) ** 0.5)


def test_confounding_is_taken_out() -> None:
    told = estimated(*world(3, units=4_000))
    assert told.difference > 1.5
    assert abs(told.effect - 1) < 3 * told.error < 0.3
    assert told.low < told.effect < told.high
    assert told.imbalance_after < 0.1 < told.imbalance_before
    assert told.effective_treated < told.treated < told.units == 4_000
    assert 0 < told.propensity_low < told.propensity_high < 1 and told.beyond == 0


def test_intervals_hold_the_truth() -> None:
    """Of 120 intervals at 95 %, fewer than 106 hold it in one sound estimator of 500."""
    held = [told.low <= 1 <= told.high for told in (estimated(*world(seed)) for seed in range(100, 220))]
    assert sum(held) >= 106


def test_one_right_model_is_enough() -> None:
    def nothing(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), float(target.mean()))

    data = world(5, units=4_000)
    without_outcome = given(estimate_effect(*data, rng(), of_outcome=nothing))
    without_treatment = given(estimate_effect(*data, rng(), of_treatment=nothing))
    assert without_outcome.effect == pytest.approx(1, abs=0.2)
    assert without_treatment.effect == pytest.approx(1, abs=0.2)
    assert given(estimate_effect(*data, rng(), of_outcome=nothing, of_treatment=nothing)).effect > 1.5


@drawn(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
@settings(max_examples=15, deadline=None)
def test_effects_move_with_the_outcome(seed: int, shift: float, scale: float) -> None:
    """Another origin of the outcome changes nothing, another unit only the unit, and swapped groups only the sign."""
    outcome, treated, covariates = world(seed, units=200)
    told = estimate_effect(outcome, treated, covariates, rng(seed))
    moved = estimate_effect(shift + scale * outcome, treated, covariates, rng(seed))
    if isinstance(told, Refusal) or isinstance(moved, Refusal):
        assert isinstance(told, Refusal) and isinstance(moved, Refusal) and told.code == moved.code
        return
    assert moved.effect == pytest.approx(scale * told.effect, rel=1e-6, abs=1e-6 * scale)
    assert moved.error == pytest.approx(scale * told.error, rel=1e-6)


def test_the_same_seed_gives_the_same_answer() -> None:
    assert estimated(*world(8), seed=4) == estimated(*world(8), seed=4)


def test_groups_with_nobody_in_common() -> None:
    outcome, _, covariates = world(1)
    refused(estimate_effect(outcome, (covariates[:, 0] > 0).astype(float), covariates, rng()), "no_overlap")


def test_groups_that_are_worth_too_little() -> None:
    outcome, _, covariates = world(1)
    few = np.zeros(600)
    few[:30] = 1.0
    refused(estimate_effect(outcome, few, covariates, rng()), "effective_group_too_small")


def test_an_outcome_of_nearly_all_zeros() -> None:
    _, treated, covariates = world(1)
    outcome = np.zeros(600)
    outcome[:8] = 100.0
    refused(estimate_effect(outcome, treated, covariates, rng()), "too_few_events")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("missing", "not_a_number"),
        ("endless", "not_a_number"),
        ("one_arm", "one_arm"),
        ("half_treated", "treatment_not_binary"),
        ("constant_outcome", "constant_series"),
        ("constant_covariate", "constant_series"),
        ("twice", "covariates_dependent"),
        ("treatment_itself", "covariates_dependent"),
        ("too_few", "too_few_units"),
        ("lengths", "shape_wrong"),
        ("nothing", "nothing_there"),
    ],
)
def test_what_is_wrong_with_the_data_is_named(change: str, code: str) -> None:
    outcome, treated, covariates = world(2)
    match change:
        case "missing":
            outcome[3] = NAN
        case "endless":
            covariates[3, 1] = np.inf
        case "one_arm":
            treated[:] = 1
        case "half_treated":
            treated[0] = 0.5
        case "constant_outcome":
            outcome[:] = 4
        case "constant_covariate":
            covariates[:, 1] = 4
        case "twice":
            covariates[:, 1] = 3 * covariates[:, 0]
        case "treatment_itself":
            covariates[:, 1] = treated
        case "too_few":
            outcome, treated, covariates = outcome[:12], treated[:12], covariates[:12]
        case "lengths":
            treated = treated[1:]
        case _:
            outcome = outcome[:0]
    refused(estimate_effect(outcome, treated, covariates, rng()), code)


def test_what_is_asked_has_to_make_sense() -> None:
    refused(estimate_effect(*world(2), rng(), alpha=1.0), "level_outside")
    refused(estimate_effect(*world(2), rng(), folds=1), "too_few_runs")
    refused(examined(*world(2), rng(), runs=3), "too_few_runs")


def test_an_effect_comes_with_the_attempts_on_it() -> None:
    outcome, treated, covariates = world(6)
    told = given(examined(outcome, treated, covariates, rng(), before=covariates[:, 0] ** 2, runs=20))
    assert [attempt.refuter for attempt in told.attempts] == [
        "placebo_treatment",
        "random_common_cause",
        "data_subset",
        "placebo_outcome",
        "unmeasured_confounder",
    ]
    assert told.effect.low < 1 < told.effect.high
    # A covariate of pure chance shakes most such worlds: learnt from 600 units, it moves weights of 1 / propensity.
    assert not {"placebo_treatment", "data_subset", "placebo_outcome"} & set(told.shaken)


def test_no_effect_does_not_survive() -> None:
    outcome, treated, covariates = world(7)
    outcome = outcome - treated * (1 + 0.5 * covariates[:, 0])
    assert given(examined(outcome, treated, covariates, rng(), runs=20)).shaken
