"""What a policy would have brought, judged from another one's log: the automatic choice, or a refusal.

Between the direct method and the doubly robust one lies the old trade: the first is calm and biased by as much as its
model is wrong, the second is unbiased and scatters. Their difference *c* estimates the bias, with a standard error
*s*. Rules that pick one of the two by *c / s* fall back to "as before" where rewards are rare and nothing is ever
significant, most of all when a policy is good. So the two are mixed. Were the bias a normal variable of the size of
the noise, half of the correction should be taken; the belief in such a model fades with the likelihood of what is seen
under it. With z = c / s the share of the correction is

    share(z) = 1 - exp(-z^2 / 4) / 2

one half where the log cannot tell, all of it where it speaks clearly. The interval remains the unbiased estimate's own:
a choice made after looking, with an interval as if it had been made before, does not cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from warum.domain.evaluation.estimators import (
    ESTIMATORS,
    Estimate,
    Method,
    Prepared,
    level_default,
    prepared,
    sndr,
)
from warum.domain.evaluation.interval import noise_floor
from warum.domain.evaluation.log import Log, effective_size, refusal
from warum.domain.evaluation.model import Floats
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the target policy would have brought per round. An estimate, not a computation: it rests on draws.

    Attributes:
        chosen: the automatic estimate; the one to show.
        estimates: all others, by method.
        logged: the mean reward of the log, under its own policy.
        rounds: of the log; ``effective`` is what they are worth under the target policy.
        weight_max: the heaviest weight.
        reason: why the automatic estimate lies where it does, in a sentence.
    """

    chosen: Estimate
    estimates: Mapping[Method, Estimate]
    logged: float
    rounds: int
    effective: float
    weight_max: float
    reason: str


def evaluate(
    log: Log, target: Floats, rng: np.random.Generator, *, level: float = level_default
) -> Evaluation | Refusal:
    """Judge a target policy from a log, or say what is missing.

    Args:
        log: rounds with the propensities they were drawn with.
        target: (rounds, arms) the probability of each arm in each round; rows sum to one.
        rng: deals the rounds to the folds of the reward model; the same state gives the same estimate.
        level: of the intervals.

    Errors: those of ``log.refusal``.
    """
    if fault := refusal(log, target):
        return fault
    facts = prepared(log, target, rng)
    chosen, reason = automatic(facts, level)
    return Evaluation(
        chosen=chosen,
        estimates={method: estimator(facts, level) for method, estimator in ESTIMATORS.items()},
        logged=float(log.rewards.mean()),
        rounds=log.rounds,
        effective=effective_size(log, target),
        weight_max=float(facts.weight.max()),
        reason=reason,
    )


def automatic(facts: Prepared, level: float = level_default) -> tuple[Estimate, str]:
    """The mixture of the direct and the self-normalised doubly robust estimate, and why it lies where it does."""
    whole, calm = sndr(facts, level), float(facts.direct.mean())
    correction = whole.value - calm
    error = _correction_error(facts)
    share = correction_share(correction / error) if error > 0 else 1.0
    value = calm + share * correction
    distance = abs(correction) / error if error > 0 else 0.0
    told = "does not contradict" if distance < 2 else "contradicts"
    reason = (
        f"The log {told} the reward model (difference {distance:.1f} standard errors), so {share:.0%} of the doubly "
        "robust correction is taken. The interval is that of the whole correction."
    )
    estimate = Estimate(
        method=Method.AUTOMATIC,
        value=value,
        error=whole.error,
        low=min(whole.low, value),
        high=max(whole.high, value),
        tuned=share,
    )
    return estimate, reason


def correction_share(z: float) -> float:
    """How much of a correction of ``z`` standard errors to take, from 1/2 to 1."""
    return 1.0 - exp(-z * z / 4.0) / 2.0


def _correction_error(facts: Prepared) -> float:
    """With the floor that intervals have. Where the heavy rounds brought nothing the plain error is far too small, and
    would say that the log contradicts a model which the interval still holds."""
    weight = facts.weight / facts.weight.mean()
    parts = weight * (facts.residual - float((weight * facts.residual).mean()))
    floor = noise_floor(weight, facts.expected, facts.reward, facts.residual)
    return sqrt(max(float(parts.var()) / len(parts), floor))
