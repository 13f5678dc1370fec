"""Models that an effect needs only on the way to it: of the outcome, and of who is treated.

Any function will do that learns from some units and foretells others (``Learner``); gradient boosting comes in through
the same door, from outside the domain. The two here are penalised regressions on natural cubic splines: smooth, quick,
the same on every machine, and enough where a few thousand units are there."""

from __future__ import annotations

from typing import Final, Protocol, cast

import numpy as np
from scipy import special

from warum.domain.shrinkage import Floats


class Learner(Protocol):
    """Learns a target (one number a unit; 0 or 1 where it is a treatment) from covariates (units x covariates), and
    foretells it for ``elsewhere`` (others x covariates): its mean, or the probability of 1."""

    def __call__(self, covariates: Floats, target: Floats, elsewhere: Floats) -> Floats: ...


_knots: Final = (0.05, 0.35, 0.65, 0.95)
"""Quantiles (Harrell 2015, Regression Modeling Strategies, table 2.3)."""
_knots_min: Final = 3
_straight_max: Final = 5
"""A column with no more values than this is taken as it is."""
_edges: Final = (0.01, 0.99)
_penalties: Final = np.logspace(-2, 5, 22)
_logistic_penalty: Final = 1.0
_newton_steps_max: Final = 50


def spline_ridge(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
    """Ridge regression on splines; the penalty is the one with the least generalised cross-validation error (Golub,
    Heath and Wahba 1979)."""
    design, there = _standard(splines(covariates, covariates), splines(covariates, elsewhere))
    middle = float(target.mean())
    if not design.shape[1]:
        return np.full(len(elsewhere), middle)
    values, vectors = cast("tuple[Floats, Floats]", np.linalg.eigh(design.T @ design))
    values = np.maximum(values, 0.0)
    along = vectors.T @ (design.T @ (target - middle))
    whole = float(((target - middle) ** 2).sum())
    coefficients = along / (values + _penalties[:, None])
    left = whole - 2 * coefficients @ along + (coefficients**2) @ values
    freedom = 1 + (values / (values + _penalties[:, None])).sum(axis=1)
    errors = left / np.maximum(1 - freedom / len(target), 1e-3) ** 2
    return middle + there @ (vectors @ coefficients[int(errors.argmin())])


def spline_logistic(covariates: Floats, target: Floats, elsewhere: Floats) -> Floats:
    """Logistic regression on splines, with half a squared unit of penalty on each standardised coefficient; then again
    with splines of the level that the first one found, so that the curve from level to chance is learnt, too.

    The outermost hundredths of each covariate count as if they lay at their edge: a chance that a few far values
    extrapolate to 0 or 1 would give these few all the weight."""
    low, high = np.quantile(covariates, _edges, axis=0)
    # A column that nearly never differs from one value keeps the few that do.
    low, high = (np.where(low < high, edge, end) for edge, end in ((low, -np.inf), (high, np.inf)))
    covariates, elsewhere = np.clip(covariates, low, high), np.clip(elsewhere, low, high)
    design, there = _standard(splines(covariates, covariates), splines(covariates, elsewhere))
    here, away = _levels(design, target, there)
    knots = np.unique(np.quantile(here, _knots))
    if len(knots) >= _knots_min:
        curve, curve_there = _standard(_natural(here, knots), _natural(away, knots))
        _, away = _levels(np.column_stack([design, curve]), target, np.column_stack([there, curve_there]))
    return cast("Floats", special.expit(away))


def splines(covariates: Floats, elsewhere: Floats) -> Floats:
    """The columns of ``elsewhere``, and the natural cubic splines of those with many values; knots lie at quantiles of
    ``covariates``, and beyond the outermost the splines go on straight."""
    columns = [elsewhere]
    for known, asked in zip(covariates.T, elsewhere.T, strict=True):
        if len(np.unique(known)) <= _straight_max:
            continue
        knots = np.unique(np.quantile(known, _knots))
        if len(knots) < _knots_min:
            continue
        columns.append(_natural(asked, knots))
    return np.column_stack(columns)


def _natural(values: Floats, knots: Floats) -> Floats:
    """Restricted cubic splines (Harrell 2015, equation 2.25), two fewer than knots."""
    above = np.maximum(values[:, None] - knots, 0.0)
    cubes = above * above * above
    last, before = knots[-1], knots[-2]
    towards_last = (last - knots[:-2]) / (last - before)
    towards_before = (before - knots[:-2]) / (last - before)
    parts = cubes[:, :-2] - cubes[:, [-2]] * towards_last + cubes[:, [-1]] * towards_before
    return parts / (last - knots[0]) ** 2


def _standard(design: Floats, there: Floats) -> tuple[Floats, Floats]:
    """Both with the first one's means at 0 and spreads at 1; columns that do not vary in it are left out."""
    middle, spread = design.mean(axis=0), design.std(axis=0)
    kept = spread > 1e-9 * (1 + np.abs(middle))
    return (design[:, kept] - middle[kept]) / spread[kept], (there[:, kept] - middle[kept]) / spread[kept]


def _levels(design: Floats, target: Floats, there: Floats) -> tuple[Floats, Floats]:
    """Penalised logistic regression by Newton's method: the logits of the units, and of the others."""
    design = np.column_stack([np.ones(len(design)), design])
    penalty = np.full(design.shape[1], _logistic_penalty)
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    share = min(max(float(target.mean()), 1e-6), 1 - 1e-6)
    weights[0] = np.log(share / (1 - share))
    loss = _loss(design, target, penalty, weights)
    for _ in range(_newton_steps_max):
        told = cast("Floats", special.expit(design @ weights))
        slope = design.T @ (target - told) - penalty * weights
        curve = (design.T * np.maximum(told * (1 - told), 1e-9)) @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while (after := _loss(design, target, penalty, weights + size * step)) > loss and size > 1e-6:
            size /= 2
        if after > loss:
            break
        weights = weights + size * step
        gained, loss = loss - after, after
        if gained < 1e-7 * len(target):
            break
    return design @ weights, weights[0] + there @ weights[1:]


def _loss(design: Floats, target: Floats, penalty: Floats, weights: Floats) -> float:
    level = design @ weights
    return float(np.logaddexp(0.0, level).sum() - target @ level + 0.5 * penalty @ weights**2)
