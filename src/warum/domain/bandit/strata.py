"""Arms in contexts, such as device class, part of the day, weekday, region or kind of publisher: none needs consent.

An arm's rate in a context is its rate overall, times the context's, times what only the two of them have together. How
much that last part matters is told by the data, and "hardly at all" is among the answers: a context with few exposures
follows the others, and one with many goes its own way."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Floats
from warum.domain.bandit.beliefs import Beliefs, Prior, believe, campaign
from warum.kernel.refusal import Kind, Refusal

_own_spreads: Final = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Standard deviations of the logarithm of what an arm and a context have together."""
_usual: Final = (0.3, 0.25, 0.2, 0.15, 0.1)
"""How plausible each of them is before any data."""
cells_max: Final = 400


def in_strata(
    exposures: Floats, events: Floats, prior: Prior, parts: tuple[tuple[object, ...], ...] = ()
) -> Beliefs | Refusal:
    """What is known of the arms in each context; contexts x arms. ``wishes`` makes shares of it, context by context."""
    if exposures.shape != events.shape or exposures.ndim != 2:
        return _no("strata_do_not_fit", "Exposures and events need the same contexts and arms.")
    contexts, arms = exposures.shape
    if arms < 2:
        return _no("one_arm", "There are fewer than two arms, so there is nothing to choose between. Add another arm.")
    if not (np.isfinite(exposures).all() and np.isfinite(events).all()):
        return _no("counts_not_finite", "A count is not a finite number. Count anew.")
    if (exposures < 0).any() or (events < 0).any():
        return _no("counts_negative", "A count is negative. Count anew.")
    if not exposures.sum() > 0:
        return _no("no_exposures", "None of the arms was shown yet. Show them first, in equal shares.")
    if contexts * arms > cells_max:
        return _no("too_many_strata", f"{contexts} contexts of {arms} arms are too many to tell apart. Merge some.")
    if len(parts) != len(prior.part_spreads):
        return _no("parts_do_not_fit", "Every kind of part needs a spread in the prior and an entry for every arm.")
    seen = campaign(
        exposures.reshape(-1),
        events.reshape(-1),
        (
            tuple(context for context in range(contexts) for _ in range(arms)),
            tuple(range(arms)) * contexts,
            *(tuple(kind) * contexts for kind in parts),
        ),
    )
    fits = [
        believe(
            replace(
                prior,
                arm_spread=own,
                part_spreads=(prior.level_spread, prior.arm_spread, *prior.part_spreads),
                scale_spread=0.0,
            ),
            seen,
        )
        for own in _own_spreads
    ]
    evidence = np.array([float(fit.evidence[0]) for fit in fits]) + np.log(_usual)
    weights = np.exp(evidence - evidence.max())
    weights /= weights.sum()
    return _mixed([_blocks(fit, contexts, arms) for fit in fits], weights)


def _blocks(fit: Beliefs, contexts: int, arms: int) -> Beliefs:
    """Context by context; what they have in common with others is no longer told."""
    covariance = fit.covariance[0].reshape(contexts, arms, contexts, arms)
    own = np.stack([covariance[context, :, context, :] for context in range(contexts)])
    present = np.ones((contexts, arms), dtype=np.bool_)
    shape = (contexts, arms)
    return Beliefs(fit.mode.reshape(shape), fit.mean.reshape(shape), own, present, np.repeat(fit.evidence, contexts))


def _mixed(fits: list[Beliefs], weights: Floats) -> Beliefs:
    mean = sum((weight * fit.mean for weight, fit in zip(weights, fits, strict=True)), np.zeros_like(fits[0].mean))
    mode = sum((weight * fit.mode for weight, fit in zip(weights, fits, strict=True)), np.zeros_like(mean))
    covariance = np.zeros_like(fits[0].covariance)
    for weight, fit in zip(weights, fits, strict=True):
        off = fit.mean - mean
        covariance += weight * (fit.covariance + off[:, :, None] * off[:, None, :])
    return Beliefs(mode, mean, covariance, fits[0].present, fits[int(weights.argmax())].evidence)


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
