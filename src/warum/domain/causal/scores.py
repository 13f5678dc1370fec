"""The two means of an effect that are estimated, each from what models foretell of a unit that they have not seen
(cross-fitting: Chernozhukov et al. 2018, "Double/debiased machine learning").

**Among everyone** it is augmented inverse-propensity weighting (Robins, Rotnitzky and Zhao 1994): what the outcome
models miss is weighted by how unlikely the unit's own group was. Right where either model is. A learnt propensity near
0 or 1 costs dearly, for a few units then speak for many.

**Among the overlap** it is the partially linear estimate (Robinson 1988): what was not foretold of the outcome upon
what was not foretold of the treatment. A unit of propensity e counts e (1 - e) times (overlap weights: Crump, Hotz,
Imbens and Mitnik 2009; Li, Morgan and Zaslavsky 2018): most where both treatments do occur, hardly where only one does.
It is often told for a constant effect, and needs none: with the foretold outcome made of both groups' models, e times
with and 1 - e times without, its score is the efficient influence function of the weighted mean however effects differ,
and its interval is that mean's. The propensities have to be right. Where they are wrong and the outcomes right, it is
still a mean of the units' effects with weights that are never negative, but other ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final, assert_never

import numpy as np

from warum.domain.causal.learners import Learner, spline_logistic, spline_ridge
from warum.domain.experiment.refuters import Estimate, Observed
from warum.domain.shrinkage import Floats

propensity_min: Final = 0.01
"""Among everyone, propensities are taken as no nearer to 0 and 1 than this."""
folds_default: Final = 5


class Among(StrEnum):
    """Whose mean effect is asked for. ``EVERYONE``: of all units alike. ``OVERLAP``: of those who could have been in
    either group, each weighted by propensity times its complement. Where the effect is the same for all units, or the
    propensity is, both are one number."""

    EVERYONE = "everyone"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Fitted:
    """For each unit, by models that have not seen it: the outcome with and without the treatment, and its chance."""

    with_it: Floats
    without: Floats
    propensity: Floats


def estimate(
    data: Observed,
    rng: np.random.Generator,
    among: Among,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    folds: int = folds_default,
) -> Estimate:
    """The bare estimate from one split, for refuters, which ask time and again; overlap is not judged."""
    return median([contributions(data, fitted(data, rng, of_outcome, of_treatment, folds), among)])


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


def contributions(data: Observed, fit: Fitted, among: Among) -> Floats:
    """Each unit's own part in the mean effect: their mean is the estimate, their spread gives its error."""
    match among:
        case Among.EVERYONE:
            return _among_everyone(data, fit)
        case Among.OVERLAP:
            return _among_overlap(data, fit)
        case _:
            assert_never(among)


def median(contributions: list[Floats]) -> Estimate:
    """The median over splits; the error has what the splits differ by in it (Chernozhukov et al. 2018, section 3.4)."""
    effects = np.array([float(each.mean()) for each in contributions])
    errors = np.array([float(each.std(ddof=1)) / sqrt(len(each)) for each in contributions])
    effect = float(np.median(effects))
    return Estimate(effect=effect, error=sqrt(float(np.median(errors**2 + (effects - effect) ** 2))))


def _among_everyone(data: Observed, fit: Fitted) -> Floats:
    propensity = np.clip(fit.propensity, propensity_min, 1 - propensity_min)
    missed_with = data.treated * (data.outcome - fit.with_it) / propensity
    missed_without = (1 - data.treated) * (data.outcome - fit.without) / (1 - propensity)
    return fit.with_it - fit.without + missed_with - missed_without


def _among_overlap(data: Observed, fit: Fitted) -> Floats:
    unforeseen = data.treated - fit.propensity
    missed = data.outcome - fit.propensity * fit.with_it - (1 - fit.propensity) * fit.without
    effect = float(unforeseen @ missed) / float(unforeseen @ unforeseen)
    return effect + unforeseen * (missed - effect * unforeseen) / float((unforeseen**2).mean())
