"""An interval around a mean of skewed contributions.

Rewards are rare and weights are heavy, so a mean's distribution leans to one side and its empirical variance misses
what the log happens not to hold. Two things are done about it. The variance is never below the one that the reward
model expects of the weights (a rarely rewarded arm without any reward is not certain because of that). And the interval
is corrected for skewness by the monotone cubic transformation of Hall (JRSS B 54, 1992)."""

from __future__ import annotations

from math import cbrt, sqrt

import numpy as np
from scipy import special

from warum.domain.evaluation.model import Floats


def interval(value: float, parts: Floats, floor: float, level: float) -> tuple[float, float, float]:
    """Standard error, low and high.

    Args:
        value: the estimate.
        parts: (rounds,) each round's contribution, of which the estimate is the mean.
        floor: the least variance of the mean.
        level: such as 0.95.
    """
    rounds = len(parts)
    centred = parts - parts.mean()
    error = sqrt(max(float(centred @ centred) / (rounds - 1) / rounds, floor))
    if error == 0:
        return 0.0, value, value
    # Scaled before it is cubed: the cube of a small error is no number any more.
    skewness = float(((centred / (error * sqrt(rounds))) ** 3).mean())
    reach = float(special.ndtri(0.5 + level / 2))
    return error, value - error * _back(reach, skewness, rounds), value - error * _back(-reach, skewness, rounds)


def _back(normal: float, skewness: float, rounds: int) -> float:
    """The studentised quantile that Hall's transformation takes to the normal one."""
    lean = skewness / sqrt(rounds)
    if abs(lean) < 1e-9:
        return normal
    return (cbrt(1 + lean * (normal - lean / 6)) - 1) * 3 / lean


def noise_floor(weight: Floats, expected: Floats, rewards: Floats, residuals: Floats) -> float:
    """The variance of a weighted mean that the reward model leads to expect.

    Yes-or-no rewards scatter as *q (1 - q)*; others that are never negative in proportion to their mean, as sums of
    rare amounts do; the rest equally everywhere.
    """
    if np.isin(rewards, (0.0, 1.0)).all():
        scatter = expected * (1.0 - expected)
    elif rewards.min() >= 0:
        scatter = np.maximum(float(rewards @ rewards) / float(rewards.sum()) * expected - expected**2, 0.0)
    else:
        scatter = np.full(len(rewards), float(residuals.var()))
    return float(weight**2 @ scatter) / len(rewards) ** 2
