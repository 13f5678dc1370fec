"""Which shares are wished for: those that bring most until the end of what is planned for, learning included
(``bandit.allocate``). Early on that keeps doubtful arms in the race, and near the end it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.allocations import toward
from warum.domain.bandit.allocate import wishes
from warum.domain.bandit.beliefs import Beliefs
from warum.domain.bots.creative.facts import CreativeFacts
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.shrinkage import Floats
from warum.domain.worth import Draws
from warum.kernel.period import DAY_US

_horizons_ahead: Final = 4.0
"""Without an end, shares are chosen for as many horizons: creatives are seldom kept for longer."""
_least: Final = 1e-12
_jitter: Final = 1e-9


def wished(
    draws: Draws, before: Sequence[int], facts: CreativeFacts, exposures: int, *, seen: float
) -> tuple[int, ...] | None:
    """The allocation, ppm, within the floor and the step; None when one step does not reach the floor.

    Args:
        exposures: expected within the horizon.
        seen: exposures so far.
    """
    policy = facts.policy
    left = exposures * _horizons_left(facts)
    shares = wishes(_beliefs(draws), np.array([seen + left]), np.array([left]))[0]
    floor = policy.floor_ppm / PROPENSITY_ONE
    want = [floor + (1.0 - len(before) * floor) * float(share) for share in shares]
    return toward(before, want, floor_ppm=policy.floor_ppm, step_ppm=policy.step_ppm)


def best_of(values: Floats) -> Floats:
    """How probable it is that each arm is the best."""
    return np.bincount(values.argmax(axis=1), minlength=values.shape[1]) / len(values)


def _horizons_left(facts: CreativeFacts) -> float:
    goal = facts.goal
    if goal is None or goal.ends_us is None:
        return _horizons_ahead
    return min(_horizons_ahead, (goal.ends_us - facts.now_us) / (facts.policy.horizon_days * DAY_US))


def _beliefs(draws: Draws) -> Beliefs:
    """The draws as one normal distribution of logarithms, in units that vary about as a Poisson count does: an event is
    worth the mean square over the mean amount."""
    unit = float(draws.amount.mean()) * (1.0 + draws.variation)
    logs = np.log(np.maximum(draws.value / unit, _least))
    mean, arms = logs.mean(axis=0), logs.shape[1]
    spread = np.cov(logs, rowvar=False).reshape(arms, arms) + _jitter * np.eye(arms)
    return Beliefs(mean[None], mean[None], spread[None], np.ones((1, arms), dtype=np.bool_), np.zeros(1))
