"""MABWiser and Vowpal Wabbit as policies of the replay in ``creatives``: asked batch by batch for their shares, after
they were told the impressions and clicks of the last batch. Draws and clicks are the harness's own, as for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warum.domain.bandit.arrays import Bools, Floats
from warum.main.bench.anchors import Anchor, Skipped, opened

LIBRARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "mabwiser_policies": ("thompson", "epsilon_greedy", "ucb1"),
    "vowpal_wabbit": ("squarecb", "cover", "bag", "epsilon_greedy", "bag_tuned"),
}
"""The scripts, and what each may be asked to play."""


class Asked:
    """A policy that asks an anchor. The first batch of a game is even shares, as for all others."""

    def __init__(self, anchor: Anchor, policy: str, seed: int) -> None:
        self._anchor, self._policy, self._seed = anchor, policy, seed
        self._shown = self._clicks = np.zeros(0, np.int64)
        self._shares: Floats = np.zeros(0)
        self.skipped: Skipped | None = None

    def __call__(
        self, batch: int, shown: NDArray[np.int64], clicks: NDArray[np.int64], rng: np.random.Generator, present: Bools
    ) -> Floats | None:
        first = batch == 1
        if first:
            self._shown, self._clicks = np.zeros_like(shown), np.zeros_like(clicks)
            self._shares = present / present.sum(axis=1, keepdims=True)
        answer = self._anchor.ask(
            {
                "policy": self._policy,
                "first": first,
                "seed": [self._seed, shown.shape[1]],
                "shown": (shown - self._shown).tolist(),
                "clicks": (clicks - self._clicks).tolist(),
                "shares": self._shares.tolist(),
            }
        )
        if isinstance(answer, Skipped):
            self.skipped = answer
            return None
        self._shown, self._clicks = shown, clicks
        self._shares = np.array(answer["shares"], np.float64)
        return self._shares


def asked(play: Callable[[Asked, int], float], library: str, seeds: range, *, seconds: float) -> dict[str, object]:
    """The mean of ``play`` over seeds, for each policy of a library; ``skipped`` says why there are no more."""
    told: dict[str, object] = {}
    with opened(library, seconds=seconds) as anchor:
        for policy in LIBRARIES[library]:
            figures: list[float] = []
            for seed in seeds:
                one = Asked(anchor, policy, seed)
                figures.append(play(one, seed))
                if one.skipped is not None:
                    return {**told, "skipped": one.skipped.reason}
            told[policy] = round(float(np.mean(figures)), 4)
    return told
