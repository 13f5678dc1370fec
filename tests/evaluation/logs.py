"""Small logs with known truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.domain.evaluation import Log
from warum.domain.evaluation.model import Floats


@dataclass(frozen=True)
class Case:
    log: Log
    target: Floats
    truth: float


RATES = np.array([[0.10, 0.30, 0.20], [0.40, 0.05, 0.20]])
"""Of three arms in two situations."""
DRAWN = np.array([[0.6, 0.2, 0.2], [0.2, 0.5, 0.3]])
ASKED = np.array([[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]])


def case(seed: int, rounds: int = 1_000, asked: Floats = ASKED, drawn: Floats = DRAWN, *, full: bool = False) -> Case:
    """The situations alternate, so that they add no noise of their own."""
    rng = np.random.default_rng(seed)
    situation = np.arange(rounds) % 2
    actions = (drawn.cumsum(axis=1)[situation] < rng.random((rounds, 1))).sum(axis=1)
    rewards = (rng.random(rounds) < RATES[situation, actions]).astype(np.float64)
    log = Log(
        actions=actions.astype(np.int64),
        rewards=rewards,
        propensity=drawn[situation, actions],
        arms=3,
        contexts=situation[:, None].astype(np.float64),
        propensities=drawn[situation] if full else None,
    )
    return Case(log, asked[situation], float((asked * RATES).sum(axis=1).mean()))
