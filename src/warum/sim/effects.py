"""What a course of action would really bring: the total effect of switching everybody, and what comparing visitors
says.

Where visitors change each other's chances (``world.interference``) the two differ. The *total effect* is what an
operator gets: everybody sees one arm, with all that follows from it, less the same with another one. The *split effect*
is what half of the visitors each show while both arms run at once. Both are exact means, computed day by day; no
draws."""

from __future__ import annotations

import numpy as np

from warum.sim.world import Floats, Offer, Past, World


def value(world: World, offer: Offer, shares: Floats, days: range, past: Past | None = None) -> Floats:
    """Expected approved value, minor units, of each of these days under the same shares (arms; they add up to one).

    Args:
        past: what came before the first of the days; without, the shares are in force from day 0 on.
    """
    remembers, values = world.conditions.remembers, list[float]()
    begin = days.start if past is not None or not remembers else 0
    past = world.begun(offer) if past is None and remembers else past
    for number in range(begin, days.stop):
        if number in days:
            true = world.day(offer, number, past)
            values.append(float(true.worth @ shares) * float(true.exposures.sum()))
        past = None if past is None else world.after(offer, number, shares, past)
    return np.array(values)


def total_effect(world: World, offer: Offer, arm: int, against: int, days: range) -> float:
    """Approved value a day, minor units: everybody is shown ``arm``, less everybody is shown ``against``."""
    alone = np.eye(len(offer.arms))
    return float((value(world, offer, alone[arm], days) - value(world, offer, alone[against], days)).mean())


def split_effect(world: World, offer: Offer, arm: int, against: int, days: range) -> float:
    """Approved value a day, minor units, as a comparison of visitors has it: half of them see ``arm``, the others
    ``against``, and the difference of their means is taken for all."""
    shares, past, effects = np.eye(len(offer.arms))[[arm, against]].mean(axis=0), world.begun(offer), list[float]()
    for number in range(days.stop):
        true = world.day(offer, number, past)
        if number in days:
            effects.append(float(true.worth[arm] - true.worth[against]) * float(true.exposures.sum()))
        past = world.after(offer, number, shares, past)
    return float(np.mean(effects))
