"""The mean effect of a treatment that was not dealt by lots, with an interval and what it stands on.

How it is estimated, and among whom: ``scores``. The split of the units into parts is random; it is done several times,
and the median is taken, so that no answer hangs on one split. The units are put in order first: the answer depends on
the seed and the units, not on the order in which they come."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from scipy import special

from warum.domain.arrays import Ints
from warum.domain.causal.compared import compared
from warum.domain.causal.learners import Learner, spline_logistic, spline_ridge
from warum.domain.causal.scores import Among, Fitted, contributions, fitted, folds_default, median
from warum.domain.experiment.inputs import Row, Table, level, no
from warum.domain.experiment.refuters import Observed, observed, unadjusted
from warum.kernel.refusal import Refusal

others_min: Final = 10
"""Units of each group whose outcome is not the commonest: a mean of nearly all zeros has no normal spread."""

splits_default: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The mean effect, and what it stands on.

    Attributes:
        among: whose mean it is. An effect among the overlap says nothing of people who are nearly always treated, or
            nearly never.
        effect, error, low, high: in the units of the outcome; the interval holds the truth in 1 - alpha of cases.
        difference: of the groups' means as they are, without adjustment.
        units, treated: how many.
        propensity_low, propensity_high: between which the propensities of 98 % of the units lie.
        beyond: the share of units whose propensity was nearer to 0 or 1 than ``propensity_min``.
        effective_treated, effective_untreated: how many units the groups are worth after weighting.
        imbalance_before, imbalance_after: the largest difference of a covariate's means between the groups, in its
            standard deviations, as they are and after weighting; zero without covariates.
        share: how much of all units those are worth whose mean it is; 1 among everyone.
        apart: the largest difference of a covariate's mean between them and all units, in its standard deviations.
    """

    among: Among
    effect: float
    error: float
    low: float
    high: float
    difference: float
    units: int
    treated: int
    propensity_low: float
    propensity_high: float
    beyond: float
    effective_treated: float
    effective_untreated: float
    imbalance_before: float
    imbalance_after: float
    share: float
    apart: float


def estimate_effect(
    outcome: Row,
    treated: Row,
    covariates: Table,
    rng: np.random.Generator,
    *,
    among: Among = Among.EVERYONE,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
    splits: int = splits_default,
    alpha: float = 0.05,
) -> Effect | Refusal:
    """The mean effect of the treatment, with covariates held fixed.

    Args:
        outcome, treated: one number for each unit; treated is 1 or 0.
        covariates: units x covariates, known before the treatment; categories as columns of 0 and 1 but one.
        among: all units, or those who could have been in either group. The latter is narrower where covariates tell
            much of the treatment, and another question where effects differ.
        of_outcome, of_treatment: the models on the way.
        folds: parts of one split, at least 2. splits: how often the units are split anew.

    Returns:
        A refusal for: what ``observed`` refuses (missing values, lengths, one group, constant columns and outcome, too
        few units); covariates that tell the groups apart; groups that are worth too little after weighting; an outcome
        that is nearly always the same.
    """
    told = estimate_effects(
        outcome,
        treated,
        covariates,
        rng,
        of_outcome=of_outcome,
        of_treatment=of_treatment,
        folds=folds,
        splits=splits,
        alpha=alpha,
    )
    return told if isinstance(told, Refusal) else told[among]


def estimate_effects(
    outcome: Row,
    treated: Row,
    covariates: Table,
    rng: np.random.Generator,
    *,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
    splits: int = splits_default,
    alpha: float = 0.05,
) -> dict[Among, Effect | Refusal] | Refusal:
    """Both means from the same models, each as ``estimate_effect`` has it; groups may do for one and not for the other.
    Where the two lie apart, effects differ between units, or a model is wrong."""
    if refused := level(alpha):
        return refused
    data = observed(outcome, treated, covariates)
    if isinstance(data, Refusal):
        return data
    data, _ = in_order(data)
    fits = fits_of(data, rng, of_outcome, of_treatment, folds, splits)
    if isinstance(fits, Refusal):
        return fits
    return {among: effect_of(data, fits, among, alpha) for among in Among}


def in_order(data: Observed) -> tuple[Observed, Ints]:
    """The units by their covariates, then treatment, then outcome, and where each of them was."""
    order = np.lexsort((data.outcome, data.treated, *data.covariates.T[::-1]))
    return (
        Observed(outcome=data.outcome[order], treated=data.treated[order], covariates=data.covariates[order]),
        order,
    )


def fits_of(
    data: Observed,
    rng: np.random.Generator,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
    splits: int = splits_default,
) -> list[Fitted] | Refusal:
    """The models of every split, of data that are known to be sound and in order."""
    if folds < 2 or splits < 1:
        return no("too_few_runs", "Cross-fitting needs two folds and one split at least.", "folds")
    if refused := _outcome_too_rare(data):
        return refused
    return [fitted(data, rng, of_outcome, of_treatment, folds) for _ in range(splits)]


def effect_of(data: Observed, fits: list[Fitted], among: Among, alpha: float) -> Effect | Refusal:
    """One of the means from the models of every split."""
    # The first split judges the overlap: others differ by chance alone, and a refusal should not be drawn for.
    groups = compared(data, fits[0].propensity, among)
    if isinstance(groups, Refusal):
        return groups
    found = median([contributions(data, fit, among) for fit in fits])
    reach = float(special.ndtri(1 - alpha / 2)) * found.error
    return Effect(
        among=among,
        effect=found.effect,
        error=found.error,
        low=found.effect - reach,
        high=found.effect + reach,
        difference=unadjusted(data).effect,
        units=len(data.treated),
        treated=int(data.treated.sum()),
        **asdict(groups),
    )


def _outcome_too_rare(data: Observed) -> Refusal | None:
    values, counts = np.unique(data.outcome, return_counts=True)
    others = data.outcome != values[counts.argmax()]
    with_it, without = int((others & (data.treated == 1)).sum()), int((others & (data.treated == 0)).sum())
    if min(with_it, without) >= others_min:
        return None
    return no(
        "too_few_events",
        f"{with_it} treated and {without} untreated units have an outcome other than {values[counts.argmax()]:g}; "
        f"each group needs {others_min}.",
        "outcome",
    )
