"""The value of a policy, from rounds that another one drew: the known estimators, one by one.

All take what ``prepared`` has worked out and give the mean reward per round under the target policy. With *w* the
weight of a round, *r* its reward, *q* the model's expectation for the chosen arm and *d* its expectation under the
target policy:

======================  ==============================  ==========================================================
direct                  mean of d                       as good as the model
ips                     mean of w r                     unbiased; Horvitz and Thompson 1952
snips                   sum of w r / sum of w           Swaminathan and Joachims 2015
dr                      mean of d + w (r - q)           unbiased whatever the model; Dudik, Langford and Li 2011
sndr                    the same, weights averaging 1   nearly unbiased
switch                  d + w (r - q) where w <= t      Wang, Agarwal and Dudik 2017
shrunk                  w replaced by l w / (w^2 + l)   DR with optimistic shrinkage; Su et al. 2020
======================  ==============================  ==========================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from typing import Final

import numpy as np

from warum.domain.evaluation.interval import interval, noise_floor
from warum.domain.evaluation.log import Log, weights
from warum.domain.evaluation.model import Floats, folds_default, predicted

level_default: Final = 0.95


class Method(StrEnum):
    """The estimators."""

    DIRECT = "direct"
    IPS = "ips"
    SNIPS = "snips"
    DR = "dr"
    SNDR = "sndr"
    SWITCH = "switch"
    SHRUNK = "shrunk"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate, in the unit of the rewards, per round.

    Attributes:
        error: standard error; of ``direct``, ``switch``, ``shrunk`` and clipped weights without their bias.
        low, high: the interval. Biased estimates have that of ``dr``, extended to themselves: nothing in an estimate
            tells how far off it is.
        tuned: the threshold of ``switch``, the lambda of ``shrunk``, the share of the correction in ``automatic``.
    """

    method: Method
    value: float
    error: float
    low: float
    high: float
    tuned: float | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A log beside a target policy; every array has one entry per round.

    Attributes:
        weight: target propensity / logged propensity.
        reward: what came.
        expected: the model's reward of the chosen arm.
        direct: the model's reward under the target policy.
        direct_variance: of the mean of ``direct``, if the model is right.
    """

    weight: Floats
    reward: Floats
    expected: Floats
    direct: Floats
    direct_variance: float

    @property
    def residual(self) -> Floats:
        return self.reward - self.expected


def prepared(log: Log, target: Floats, rng: np.random.Generator, folds: int = folds_default) -> Prepared:
    """Weights and cross-fitted expectations. The log has to have passed ``log.refusal``.

    Args:
        rng: deals the rounds to the folds; nothing else is random.
    """
    fold = rng.permutation(log.rounds) % folds
    told = predicted(log.features, log.actions, log.rewards, target, fold, folds)
    return Prepared(
        weight=weights(log, target),
        reward=log.rewards,
        expected=told.rewards[np.arange(log.rounds), log.actions],
        direct=np.einsum("na,na->n", target, told.rewards),
        direct_variance=told.direct_variance,
    )


def clipped(weight: Floats, most: float) -> Floats:
    """Weights, none above ``most`` (Ionides 2008)."""
    return np.minimum(weight, most)


def switched(weight: Floats, most: float) -> Floats:
    """Weights, those above ``most`` taken as zero: there the model alone speaks (Wang et al. 2017)."""
    return np.where(weight <= most, weight, 0.0)


def shrunk_weight(weight: Floats, strength: float) -> Floats:
    """*l w / (w^2 + l)*: none above sqrt(l) / 2; zero at l = 0, unchanged at infinity (Su et al. 2020)."""
    if strength == inf:
        return weight
    below = weight**2 + strength
    return np.divide(strength * weight, below, out=np.zeros_like(weight), where=below > 0)


def direct(facts: Prepared, level: float = level_default) -> Estimate:
    """The direct method: what the model says. Its standard error holds if the model is right, which nobody knows."""
    own = float(facts.direct.mean()), sqrt(facts.direct_variance)
    return _biased(Method.DIRECT, facts, *own, level)


def ips(facts: Prepared, level: float = level_default, weight_max: float = inf) -> Estimate:
    """Inverse propensity scoring; clipped weights (``weight_max``) bring less scatter and a bias."""
    weight = clipped(facts.weight, weight_max)
    found = _mean(Method.IPS, facts, weight * facts.reward, weight, level)
    if weight_max >= facts.weight.max():
        return found
    return _biased(Method.IPS, facts, found.value, found.error, level, weight_max)


def snips(facts: Prepared, level: float = level_default) -> Estimate:
    """Self-normalised: adding a constant to all rewards adds it to the estimate, and never leaves their range."""
    weight = facts.weight / facts.weight.mean()
    value = float((weight * facts.reward).mean())
    return _mean(Method.SNIPS, facts, value + weight * (facts.reward - value), weight, level)


def dr(facts: Prepared, level: float = level_default) -> Estimate:
    """Doubly robust: unbiased whatever the model says, since no round is judged by a model that has seen it."""
    return _mean(Method.DR, facts, facts.direct + facts.weight * facts.residual, facts.weight, level)


def sndr(facts: Prepared, level: float = level_default) -> Estimate:
    """Doubly robust, with weights that average one as they do in expectation."""
    weight = facts.weight / facts.weight.mean()
    mean = float((weight * facts.residual).mean())
    return _mean(Method.SNDR, facts, facts.direct + mean + weight * (facts.residual - mean), weight, level)


def switch(facts: Prepared, level: float = level_default, most: float | None = None) -> Estimate:
    """Switch-DR; the threshold of least estimated squared error unless it is given."""
    return _tuned(Method.SWITCH, facts, level, switched, np.quantile(facts.weight, _quantiles), most)


def shrunk(facts: Prepared, level: float = level_default, strength: float | None = None) -> Estimate:
    """DR with optimistic shrinkage; the lambda of least estimated squared error unless it is given."""
    grid = np.r_[0.0, np.quantile(facts.weight, _quantiles[1:]) ** 2, inf]
    return _tuned(Method.SHRUNK, facts, level, shrunk_weight, grid, strength)


ESTIMATORS: Final[Mapping[Method, Callable[[Prepared, float], Estimate]]] = {
    Method.DIRECT: direct,
    Method.IPS: ips,
    Method.SNIPS: snips,
    Method.DR: dr,
    Method.SNDR: sndr,
    Method.SWITCH: switch,
    Method.SHRUNK: shrunk,
}

_quantiles: Final = np.array([0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0])


def _tuned(
    method: Method,
    facts: Prepared,
    level: float,
    change: Callable[[Floats, float], Floats],
    grid: Floats,
    given: float | None,
) -> Estimate:
    """The least *estimated variance + squared difference from DR*. The difference holds chance as well, so the bias is
    rather over- than understated (the criterion of both papers)."""

    def loss(at: float) -> float:
        weight = change(facts.weight, at)
        off = float(((weight - facts.weight) * facts.residual).mean())
        return off**2 + float((facts.direct + weight * facts.residual).var()) / len(weight)

    best = min((float(at) for at in np.unique(grid)), key=loss) if given is None else given
    weight = change(facts.weight, best)
    own = _mean(method, facts, facts.direct + weight * facts.residual, weight, level)
    return _biased(method, facts, own.value, own.error, level, best)


def _biased(
    method: Method, facts: Prepared, value: float, error: float, level: float, tuned: float | None = None
) -> Estimate:
    whole = dr(facts, level)
    low, high = min(whole.low, value), max(whole.high, value)
    return Estimate(method=method, value=value, error=error, low=low, high=high, tuned=tuned)


def _mean(method: Method, facts: Prepared, parts: Floats, weight: Floats, level: float) -> Estimate:
    value = float(parts.mean())
    floor = noise_floor(weight, facts.expected, facts.reward, facts.residual)
    error, low, high = interval(value, parts, floor, level)
    if facts.reward.min() >= 0:  # what was never negative is not taken to become so
        low = max(low, 0.0)
    return Estimate(method=method, value=value, error=error, low=min(low, value), high=max(high, value))
