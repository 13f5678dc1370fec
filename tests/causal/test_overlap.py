"""The effect among those who could have been in either group: known answers, laws, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from tests.experiment.refused import given, refused

from warum.domain.causal import Among, Effect, estimate_effect, estimate_effects, examined
from warum.domain.causal.scores import Fitted, contributions, estimate
from warum.domain.experiment.refuters import Observed
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

NAN = float("nan")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def world(seed: int, units: int = 600, pull: float = 2.0, bend: float = 0.5) -> tuple[Floats, Floats, Floats]:
    """Two covariates; the first moves treatment and, on a curve, the outcome. The effect is 1 + bend * level^2."""
    source = rng(seed)
    covariates = source.standard_normal((units, 2))
    level = covariates[:, 0]
    treated = (source.random(units) < chance(level, pull)).astype(float)
    outcome = level + 0.5 * level**2 + treated * (1 + bend * level**2) + source.standard_normal(units)
    return outcome, treated, covariates


def chance(level: Floats, pull: float) -> Floats:
    return 1 / (1 + np.exp(-pull * level))


def truth(pull: float = 2.0, bend: float = 0.5) -> float:
    """Of that world: the mean of 1 + bend * level^2 over a normal level, weighted by the chance times one less it."""
    level = np.linspace(-8, 8, 16_001)
    weights = np.exp(-(level**2) / 2) * chance(level, pull) * (1 - chance(level, pull))
    return float(weights @ (1 + bend * level**2) / weights.sum())


def estimated(outcome: Floats, treated: Floats, covariates: Floats, seed: int = 0) -> Effect:
    return given(estimate_effect(outcome, treated, covariates, rng(seed), among=Among.OVERLAP))


def test_a_vector_by_hand() -> None:
    """With models that say 2 with, 1 without and a quarter, 5/4 of the outcome is foretold. The treated miss 11/4 and
    19/4 at 3/4 of a treatment, the others -1/4 and 7/4 at -1/4: 21/4 by 5/4 is 4.2."""

    def outcomes(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), 2.0 if target.mean() > 3 else 1.0)

    def quarter(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), 0.25)

    data = Observed(
        outcome=np.array([4.0, 6.0, 1.0, 3.0]), treated=np.array([1.0, 1.0, 0.0, 0.0]), covariates=np.zeros((4, 1))
    )
    told = estimate(data, rng(), Among.OVERLAP, outcomes, quarter, 2)
    assert told.effect == pytest.approx(4.2)
    # What is left: -.4, 1.6, .8, 2.8, by 3/4, 3/4, -1/4, -1/4 and over 5/16.
    assert told.error == pytest.approx(sqrt((0.96**2 + 3.84**2 + 0.64**2 + 2.24**2) / 3 / 4))


def test_it_is_another_mean_where_effects_differ() -> None:
    """Effects are least where both treatments occur; each estimate finds its own mean, and not the other."""
    told = given(estimate_effects(*world(3, units=20_000, pull=1.5, bend=1.0), rng()))
    overlap, everyone = given(told[Among.OVERLAP]), given(told[Among.EVERYONE])
    assert abs(overlap.effect - truth(1.5, 1.0)) < 3 * overlap.error < 0.2
    assert abs(everyone.effect - 2) < 3 * everyone.error < 0.3
    assert truth(1.5, 1.0) < 1.7
    assert overlap.error < everyone.error
    assert overlap.among is Among.OVERLAP and everyone.among is Among.EVERYONE
    assert 0 < overlap.share < everyone.share == 1 and everyone.apart == 0
    assert overlap.imbalance_after < 0.1 < overlap.imbalance_before


def test_both_means_are_one_where_the_effect_is_the_same_for_all() -> None:
    assert truth(bend=0.0) == pytest.approx(1)
    told = given(estimate_effects(*world(4, units=8_000, pull=1.0, bend=0.0), rng()))
    for each in told.values():
        effect = given(each)
        assert abs(effect.effect - 1) < 3 * effect.error < 0.15


def test_it_says_how_unlike_all_units_those_are() -> None:
    """Everyone with a high level is treated: those of whom both occur lie below the mean."""
    source = rng(5)
    level = source.standard_normal((4_000, 1))
    treated = (source.random(4_000) < np.where(level[:, 0] > 0.5, 0.97, 0.4)).astype(float)
    told = estimated(level[:, 0] + source.standard_normal(4_000), treated, level)
    assert told.apart > 0.2 and told.share < 0.95


def test_intervals_hold_the_truth() -> None:
    """Of 120 intervals at 95 %, fewer than 106 hold it in one sound estimator of 500; the pull leaves many units that
    are nearly surely treated, or nearly surely not."""
    told = [estimated(*world(seed, pull=3.0)) for seed in range(100, 220)]
    assert sum(each.low <= truth(3.0) <= each.high for each in told) >= 106


def test_with_right_outcomes_and_wrong_chances_it_is_a_mean_of_effects() -> None:
    """Between the least and the largest effect, however wrong the chances are."""
    source = rng(6)
    covariates = source.standard_normal((20_000, 1))
    level = covariates[:, 0]
    effects = np.where(level > 0, 3.0, 1.0)
    treated = (source.random(20_000) < chance(level, 1.5)).astype(float)
    outcome = 10 * level + treated * effects
    for wrong in (np.full(20_000, 0.3), chance(-level, 1.0)):
        told = contributions(
            Observed(outcome=outcome, treated=treated, covariates=covariates),
            Fitted(10 * level + effects, 10 * level, wrong),
            Among.OVERLAP,
        )
        assert 1.2 < told.mean() < 2.8


@drawn(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
@settings(max_examples=15, deadline=None)
def test_effects_move_with_the_outcome(seed: int, shift: float, scale: float) -> None:
    """Another origin of the outcome changes nothing, and another unit only the unit."""
    outcome, treated, covariates = world(seed, units=250, pull=1.0)
    told = estimate_effects(outcome, treated, covariates, rng(seed))
    moved = estimate_effects(shift + scale * outcome, treated, covariates, rng(seed))
    assert not isinstance(told, Refusal) and not isinstance(moved, Refusal)
    for among in Among:
        here, there = told[among], moved[among]
        if isinstance(here, Refusal) or isinstance(there, Refusal):
            assert isinstance(here, Refusal) and isinstance(there, Refusal) and here.code == there.code
            continue
        assert there.effect == pytest.approx(scale * here.effect, rel=1e-6, abs=1e-6 * scale)
        assert there.error == pytest.approx(scale * here.error, rel=1e-6)
        assert there.share == pytest.approx(here.share)


@drawn(st.integers(0, 10_000), st.sampled_from(list(Among)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_units_does_not_matter(seed: int, among: Among) -> None:
    outcome, treated, covariates = world(seed, units=250, pull=1.0)
    covariates = np.round(covariates, 1)  # some units are known alike
    order = rng(seed + 1).permutation(250)
    assert estimate_effect(outcome, treated, covariates, rng(seed), among=among) == estimate_effect(
        outcome[order], treated[order], covariates[order], rng(seed), among=among
    )


@drawn(st.integers(0, 10_000), st.floats(-3, 3))
@settings(max_examples=10, deadline=None)
def test_an_effect_on_top_is_found_on_top(seed: int, more: float) -> None:
    """What the treatment brings to every unit alike comes on top of the mean, and leaves the error."""
    outcome, treated, covariates = world(seed, units=300, pull=1.0)
    told = estimated(outcome, treated, covariates, seed)
    raised = estimated(outcome + more * treated, treated, covariates, seed)
    assert raised.effect == pytest.approx(told.effect + more, abs=1e-6)
    assert raised.error == pytest.approx(told.error, rel=1e-6)


@drawn(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_swapped_treatments_swap_the_sign(seed: int) -> None:
    """With known models the two groups are treated alike."""
    source = rng(seed)
    with_it, without, propensity = source.random(40), source.random(40), source.uniform(0.05, 0.95, 40)
    treated = (source.random(40) < 0.5).astype(float)
    data = Observed(outcome=source.standard_normal(40), treated=treated, covariates=np.zeros((40, 1)))
    told = contributions(data, Fitted(with_it, without, propensity), Among.OVERLAP)
    swapped = contributions(replace(data, treated=1 - treated), Fitted(without, with_it, 1 - propensity), Among.OVERLAP)
    assert swapped == pytest.approx(-told)


def test_chances_that_are_the_same_for_all_count_all_units() -> None:
    def half(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return np.full(len(elsewhere), 0.5)

    told = given(estimate_effect(*world(7, pull=0.0), rng(), among=Among.OVERLAP, of_treatment=half))
    assert told.share == pytest.approx(1) and told.apart == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("units", [600, 4_000])
def test_groups_with_nobody_in_common(units: int) -> None:
    """A smooth model promises a seam of overlap between groups that share nobody; it is seen through."""
    outcome, _, covariates = world(1, units)
    for line in (covariates[:, 0], covariates.sum(axis=1)):
        told = estimate_effect(outcome, (line > 0).astype(float), covariates, rng(), among=Among.OVERLAP)
        refused(told, "no_overlap")


def test_chances_of_nought_and_one_are_no_overlap() -> None:
    def sure(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
        return (elsewhere[:, 0] > 0).astype(float)

    told = estimate_effect(*world(1), rng(), among=Among.OVERLAP, of_treatment=sure)
    refused(told, "no_overlap")


def test_it_answers_where_some_are_sure_to_be_treated() -> None:
    """Among everyone there is no answer then; among those who could have been in either group there is."""
    told = given(estimate_effects(*world(2, units=4_000, pull=4.0), rng()))
    refused(told[Among.EVERYONE], "no_overlap")
    overlap = given(told[Among.OVERLAP])
    assert overlap.beyond > 0.05 and abs(overlap.effect - truth(4.0)) < 3 * overlap.error < 0.3


def test_groups_that_are_worth_too_little() -> None:
    outcome, _, covariates = world(1)
    few = np.zeros(600)
    few[:30] = 1.0
    refused(estimate_effect(outcome, few, covariates, rng(), among=Among.OVERLAP), "effective_group_too_small")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("missing", "not_a_number"),
        ("one_arm", "one_arm"),
        ("half_treated", "treatment_not_binary"),
        ("constant_outcome", "constant_series"),
        ("constant_covariate", "constant_series"),
        ("treatment_itself", "covariates_dependent"),
        ("nearly_all_zeros", "too_few_events"),
        ("too_few", "too_few_units"),
        ("lengths", "shape_wrong"),
        ("nothing", "nothing_there"),
    ],
)
def test_what_is_wrong_with_the_data_is_named(change: str, code: str) -> None:
    outcome, treated, covariates = world(2)
    match change:
        case "missing":
            covariates[3, 0] = NAN
        case "one_arm":
            treated[:] = 0
        case "half_treated":
            treated[0] = 0.5
        case "constant_outcome":
            outcome[:] = 4
        case "constant_covariate":
            covariates[:, 1] = 4
        case "treatment_itself":
            covariates[:, 1] = treated
        case "nearly_all_zeros":
            outcome = np.where(np.arange(600) < 8, 100.0, 0.0)
        case "too_few":
            outcome, treated, covariates = outcome[:12], treated[:12], covariates[:12]
        case "lengths":
            treated = treated[1:]
        case _:
            outcome = outcome[:0]
    refused(estimate_effect(outcome, treated, covariates, rng(), among=Among.OVERLAP), code)
    refused(estimate_effects(outcome, treated, covariates, rng()), code)
    refused(examined(outcome, treated, covariates, rng(), among=Among.OVERLAP, runs=20), code)


def test_what_is_asked_has_to_make_sense() -> None:
    refused(estimate_effects(*world(2), rng(), alpha=0.0), "level_outside")
    refused(estimate_effects(*world(2), rng(), splits=0), "too_few_runs")


def test_an_effect_comes_with_the_attempts_on_it() -> None:
    outcome, treated, covariates = world(6, units=400)
    before = covariates[:, 0] ** 2
    told = given(examined(outcome, treated, covariates, rng(), before=before, among=Among.OVERLAP, runs=20))
    assert told.effect == estimated(outcome, treated, covariates)
    assert not {"placebo_treatment", "data_subset", "placebo_outcome"} & set(told.shaken)
    turned = slice(None, None, -1)
    again = examined(
        outcome[turned], treated[turned], covariates[turned], rng(), before=before[turned], among=Among.OVERLAP, runs=20
    )
    assert again == told
    refused(
        examined(outcome, treated, covariates, rng(), before=before[1:], among=Among.OVERLAP, runs=20), "shape_wrong"
    )
