"""MABWiser's bandits (Strong, Kleynhans and Kadioglu 2021), one per test, in the harness of ``bench creatives``.

Each learns from every impression of the last batch, 1 for a click and 0 for none. MABWiser gives a decision, not the
probability of it, so the shares of a batch are those of a hundred decisions; UCB1's decisions do not vary."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

decisions = 100


def answerer() -> Callable[[dict[str, Any]], dict[str, Any]]:
    mab: Any = import_module("mabwiser.mab")
    policies: dict[str, Callable[[], Any]] = {
        "thompson": lambda: mab.LearningPolicy.ThompsonSampling(),
        "epsilon_greedy": lambda: mab.LearningPolicy.EpsilonGreedy(epsilon=0.1),
        "ucb1": lambda: mab.LearningPolicy.UCB1(alpha=1),
    }
    bandits: list[Any] = []

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        """New counts of impressions and clicks (tests x arms) since the last question in; shares out."""
        shown, clicks = np.array(question["shown"]), np.array(question["clicks"])
        arms = list(range(shown.shape[1]))
        first = bool(question["first"])
        if first:
            seeds = np.random.default_rng(question["seed"]).integers(2**31, size=len(shown))
            bandits[:] = [mab.MAB(arms, policies[question["policy"]](), seed=int(seed)) for seed in seeds]
        shares = np.zeros(shown.shape)
        for test, bandit in enumerate(bandits):
            which = np.repeat(np.tile(arms, 2), [*clicks[test], *(shown[test] - clicks[test])])
            rewards = np.repeat([1, 0], [clicks[test].sum(), (shown[test] - clicks[test]).sum()])
            if first:
                bandit.fit(which, rewards)
            elif len(which):
                bandit.partial_fit(which, rewards)
            drawn = [bandit.predict() for _ in range(1 if question["policy"] == "ucb1" else decisions)]
            shares[test] = np.bincount(drawn, minlength=len(arms)) / len(drawn)
        return {"shares": shares.tolist()}

    return answer
