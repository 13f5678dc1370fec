"""What is shown to one visitor changes what others do, and so comparing visitors does not tell what a switch for
everybody would bring.

Three ways, each off by default. A *capacity*: what is booked today is not there tomorrow, for visitors of all arms.
*Carry-over*: who comes back has seen an arm before, and it lingers. *Shift*: publishers send more where a click has
earned more. In all three every arm of a day is hit alike, so a comparison between visitors of the same day does not see
it at all; only time tells, by switching everybody (``warum.domain.experiment.designs.Switchback``).

``Past`` is what the past leaves to a day. It follows expected bookings, not drawn ones: so the truth of any course of
action can be computed (``warum.sim.effects``), and is no guess from a long simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.sim.world.parties import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """How visitors change each other's chances.

    Attributes:
        capacity: how scarce the offer is. The chance of a booking is ``(1 + c) / (1 + c x s)`` of the usual one, with
            ``s`` the bookings of the last ``capacity_days`` days relative to those of usual days; 0 for plenty.
        capacity_days: how long a booking occupies what was booked.
        returning: share of the visitors that came the day before, and then saw an arm by that day's shares.
        linger: standard deviation of the logarithm of what an arm, once seen, does to a later booking.
        shift: by which power a publisher's traffic follows what an exposure earned the day before, relative to equal
            shares.
    """

    capacity: float = 0.0
    capacity_days: int = 1
    returning: float = 0.0
    linger: float = 0.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What an offer's past leaves to a day.

    Attributes:
        shown: arms; how many days' whole traffic each was shown to.
        usual: bookings of a usual day.
        sold: bookings of the last days, relative to usual ones; the last is yesterday's.
        shares: arms; yesterday's.
        earned: publishers; what an exposure earned yesterday, relative to equal shares.
    """

    shown: Floats
    usual: float
    sold: tuple[float, ...]
    shares: Floats
    earned: Floats


def available(interference: Interference, past: Past) -> float:
    """The chance of a booking relative to the usual one: what is left of the capacity."""
    scarce, sold = interference.capacity, past.sold[-interference.capacity_days :]
    return (1.0 + scarce) / (1.0 + scarce * sum(sold) / len(sold))


def lingering(interference: Interference, key: tuple[int, ...], arms: int) -> Floats:
    """By arm, what having seen it before does to a booking."""
    return np.exp(interference.linger * np.random.default_rng(key).standard_normal(arms))


def carried(interference: Interference, lingers: Floats, shares: Floats) -> float:
    """The mean of what was seen before, over visitors that come back and others. A visitor books or does not, so it is
    the same whether each has an own past or all have the mean."""
    return 1.0 - interference.returning + interference.returning * float(lingers @ shares)


def shifted(interference: Interference, past: Past) -> Floats:
    """Factor of each publisher's traffic."""
    return np.clip(past.earned**interference.shift, 0.2, 5.0)
