"""The mean effect of a treatment by augmented inverse-propensity weighting (Robins, Rotnitzky and Zhao 1994) with
cross-fitting (Chernozhukov et al. 2018, "Double/debiased machine learning").

Each unit's outcome with and without the treatment is foretold by models that have not seen it, and what they miss is
weighted by how likely the unit was to be treated as it was. The mean of the two is right where either the outcomes or
the propensities are modelled well, and its error follows from the spread of the units' own contributions. The split
into parts is random; it is done several times, and the median is taken, so that no answer hangs on one split.

The effect is the mean over all units that are there: what would have come, had all of them been treated rather than
none."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.causal.learners import Learner, spline_logistic, spline_ridge
from warum.domain.experiment.inputs import Row, Table, level, no
from warum.domain.experiment.refuters import Estimate, Observed, observed, unadjusted
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

propensity_min: Final = 0.01
"""Propensities are taken as no nearer to 0 and 1 than this."""
beyond_max: Final = 0.05
"""The share of units that may lie nearer. With more, the groups are different people, and no weights compare them."""
effective_min: Final = 50.0
"""Units that each group has to be worth after weighting (Kish 1965)."""
others_min: Final = 10
"""Units of each group whose outcome is not the commonest: a mean of nearly all zeros has no normal spread."""

folds_default: Final = 5
splits_default: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The mean effect, and what it stands on.

    Attributes:
        effect, error, low, high: in the units of the outcome; the interval holds the truth in 1 - alpha of cases.
        difference: of the groups' means as they are, without adjustment.
        units, treated: how many.
        propensity_low, propensity_high: between which the propensities of 98 % of the units lie.
        beyond: the share of units whose propensity was nearer to 0 or 1 than ``propensity_min``.
        effective_treated, effective_untreated: how many units the groups are worth after weighting.
        imbalance_before, imbalance_after: the largest difference of a covariate's means between the groups, in its
            standard deviations, as they are and after weighting; zero without covariates.
    """

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


@dataclass(frozen=True, slots=True)
class Fitted:
    """For each unit, by models that have not seen it: the outcome with and without the treatment, and its chance."""

    with_it: Floats
    without: Floats
    propensity: Floats


def estimate_effect(
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
) -> Effect | Refusal:
    """The mean effect of the treatment over all units, with covariates held fixed.

    Args:
        outcome, treated: one number for each unit; treated is 1 or 0.
        covariates: units x covariates, known before the treatment; categories as columns of 0 and 1 but one.
        of_outcome, of_treatment: the models on the way.
        folds: parts of one split, at least 2. splits: how often the units are split anew.

    Returns:
        A refusal for: what ``observed`` refuses (missing values, lengths, one group, constant columns and outcome, too
        few units); covariates that tell the groups apart; groups that are worth too little after weighting; an outcome
        that is nearly always the same.
    """
    if refused := level(alpha):
        return refused
    data = observed(outcome, treated, covariates)
    return data if isinstance(data, Refusal) else effect_of(data, rng, of_outcome, of_treatment, folds, splits, alpha)


def effect_of(
    data: Observed,
    rng: np.random.Generator,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
    splits: int = splits_default,
    alpha: float = 0.05,
) -> Effect | Refusal:
    """As ``estimate_effect``, from data that are known to be sound."""
    if folds < 2 or splits < 1:
        return no("too_few_runs", "Cross-fitting needs two folds and one split at least.", "folds")
    if refused := _outcome_too_rare(data):
        return refused
    fits = [fitted(data, rng, of_outcome, of_treatment, folds) for _ in range(splits)]
    # The first split judges the overlap: others differ by chance alone, and a refusal should not be drawn for.
    propensity = fits[0].propensity
    if refused := _no_overlap(data, propensity):
        return refused
    found = _median([_contributions(data, fit) for fit in fits])
    reach = float(special.ndtri(1 - alpha / 2)) * found.error
    weights = _weights(data, propensity)
    return Effect(
        effect=found.effect,
        error=found.error,
        low=found.effect - reach,
        high=found.effect + reach,
        difference=unadjusted(data).effect,
        units=len(data.treated),
        treated=int(data.treated.sum()),
        propensity_low=float(np.quantile(propensity, 0.01)),
        propensity_high=float(np.quantile(propensity, 0.99)),
        beyond=_beyond(propensity),
        effective_treated=_effective(weights[data.treated == 1]),
        effective_untreated=_effective(weights[data.treated == 0]),
        imbalance_before=_imbalance(data, np.ones(len(weights))),
        imbalance_after=_imbalance(data, weights),
    )


def doubly_robust(
    data: Observed,
    rng: np.random.Generator,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
) -> Estimate:
    """The bare estimate from one split, for refuters, which ask time and again; overlap is not judged."""
    return _median([_contributions(data, fitted(data, rng, of_outcome, of_treatment, folds))])


def fitted(data: Observed, rng: np.random.Generator, of_outcome: Learner, of_treatment: Learner, folds: int) -> Fitted:
    """Both models for every unit, learnt from the other parts of one random split. Parts have equal shares of the
    treated, so that none lacks a group."""
    part = np.empty(len(data.treated), np.int64)
    for group in (0.0, 1.0):
        units = np.flatnonzero(data.treated == group)
        part[rng.permutation(units)] = np.arange(len(units)) % folds
    told = [np.empty(len(data.treated)) for _ in range(3)]
    known = data.covariates
    for fold in range(folds):
        here, others = part == fold, part != fold
        for place, group in ((0, 1.0), (1, 0.0)):
            these = others & (data.treated == group)
            told[place][here] = of_outcome(known[these], data.outcome[these], known[here])
        told[2][here] = of_treatment(known[others], data.treated[others], known[here])
    return Fitted(*told)


def _contributions(data: Observed, fit: Fitted) -> Floats:
    """Each unit's own part in the mean effect (the uncentred influence function)."""
    propensity = np.clip(fit.propensity, propensity_min, 1 - propensity_min)
    missed_with = data.treated * (data.outcome - fit.with_it) / propensity
    missed_without = (1 - data.treated) * (data.outcome - fit.without) / (1 - propensity)
    return fit.with_it - fit.without + missed_with - missed_without


def _median(contributions: list[Floats]) -> Estimate:
    """The median over splits; the error has what the splits differ by in it (Chernozhukov et al. 2018, section 3.4)."""
    effects = np.array([float(each.mean()) for each in contributions])
    errors = np.array([float(each.std(ddof=1)) / sqrt(len(each)) for each in contributions])
    effect = float(np.median(effects))
    return Estimate(effect=effect, error=sqrt(float(np.median(errors**2 + (effects - effect) ** 2))))


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


def _no_overlap(data: Observed, propensity: Floats) -> Refusal | None:
    beyond = _beyond(propensity)
    if beyond > beyond_max:
        return no(
            "no_overlap",
            f"For {beyond:.0%} of the units the covariates tell nearly for certain whether they were treated "
            f"(propensity below {propensity_min:g} or above {1 - propensity_min:g}): the groups have nobody in common "
            "who could be compared. Compare only those who could have been in either group.",
            "treated",
        )
    weights = _weights(data, propensity)
    with_it, without = (_effective(weights[data.treated == group]) for group in (1.0, 0.0))
    if min(with_it, without) < effective_min:
        return no(
            "effective_group_too_small",
            f"After weighting, the treated are worth {with_it:.0f} units and the untreated {without:.0f}; each group "
            f"has to be worth {effective_min:.0f}. More data are needed, or groups that are more alike.",
            "treated",
        )
    return None


def _weights(data: Observed, propensity: Floats) -> Floats:
    limited = np.clip(propensity, propensity_min, 1 - propensity_min)
    return 1 / np.where(data.treated == 1, limited, 1 - limited)


def _beyond(propensity: Floats) -> float:
    return float(((propensity < propensity_min) | (propensity > 1 - propensity_min)).mean())


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def _imbalance(data: Observed, weights: Floats) -> float:
    if not data.covariates.shape[1]:
        return 0.0
    with_it, without = (
        np.average(data.covariates[data.treated == group], axis=0, weights=weights[data.treated == group])
        for group in (1.0, 0.0)
    )
    return float(np.max(np.abs(with_it - without) / data.covariates.std(axis=0)))
