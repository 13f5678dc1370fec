"""What arms are worth beside each other need not stay as it is: rates wander, an arm wears out as it is shown, seasons
favour one and then another, and one day the best arm may be the worst.

Only relative rates move, the level of all arms together keeps to the season that every world has; wearing out is the
exception, since what nobody can stand to see any more is clicked less whatever the others do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.sim.world.parties import Floats

wear_floor: Final = 0.3
"""What a creative that everybody knows still pulls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How the arms' relative rates move.

    Attributes:
        walk: standard deviation of a day's step of the logarithm, for clicks and conversions apart; 0.02 adds up to
            0.18 in twelve weeks.
        swap_day: from this day on the arm that was the best at first and the one that was the worst have changed
            places; None for never.
        wear: what an arm loses of its pull (logarithm) for each day's whole traffic of the offer that it was shown to.
        season: how far, in logarithms, an arm swings around its mean; every arm has its own time of the round.
        season_days: the length of a round.
    """

    walk: float = 0.0
    swap_day: int | None = None
    wear: float = 0.0
    season: float = 0.0
    season_days: int = 56


def wandered(drift: Drift, key: tuple[int, ...], day: int, arms: int) -> tuple[Floats, Floats]:
    """Factors of the arms' click and conversion rates on a day; day 0 has none of the walk."""
    rng = np.random.default_rng(key)
    phases = rng.random(arms)
    swing = np.sin(2 * np.pi * (day / drift.season_days + phases))
    # The days are drawn in their order, so a longer walk begins as the shorter one did.
    steps = rng.standard_normal((max(day, 0), 2, arms)).sum(axis=0) * drift.walk
    logs = steps + np.stack([np.zeros(arms), drift.season * swing])
    click, convert = np.exp(logs - logs.mean(axis=1, keepdims=True))
    return click, convert


def places(drift: Drift, day: int, worth: Floats) -> slice | list[int]:
    """By arm, whose part it plays on a day: its own, until best and worst change places."""
    if drift.swap_day is None or day < drift.swap_day:
        return slice(None)
    order = list(range(len(worth)))
    best, worst = int(worth.argmax()), int(worth.argmin())
    order[best], order[worst] = worst, best
    return order


def worn(drift: Drift, shown: Floats) -> Floats:
    """Factor of each arm's pull after having been shown to so many days' traffic."""
    return np.maximum(np.exp(-drift.wear * shown), wear_floor)
