"""From even chances to amounts and delays: one set of formulas for single people and for whole cohorts."""

from __future__ import annotations

from math import gamma

import numpy as np
from scipy import special

from warum.sim.world import Delays, Floats, Life

booking_days_max = 28.0
"""Whoever has not booked by then does not; it lies inside every program's window."""


def amount_minor(life: Life, factor: Floats, chance: Floats) -> Floats:
    """Log-normal around ``amount_minor x factor``, whole minor units."""
    spread = life.amount_spread
    deviation = np.asarray(special.ndtri(np.clip(chance, 1e-9, 1 - 1e-9)), dtype=np.float64)
    return np.maximum(np.round(life.amount_minor * factor * np.exp(spread * deviation - spread**2 / 2)), 1.0)


def booking_days(life: Life, delays: Delays, pace: Floats, same_day: Floats, delay: Floats) -> Floats:
    """Days from the click to the booking: a few minutes, or some days. ``pace`` is the arm's factor of the delay."""
    slow = delays.longer * pace
    wait = -np.log1p(-np.clip(delay, 0, 1 - 1e-12))
    wait = wait ** (1 / delays.shape) / gamma(1 + 1 / delays.shape)
    later = np.minimum(life.delay_days * slow * wait, booking_days_max)
    return np.where(same_day < life.same_day**slow, 0.002 + 0.02 * delay, later)


def lead_days(life: Life, chance: Floats) -> Floats:
    """Days from the booking to the arrival, a day at least; 0 where there is no stay."""
    return np.ceil(-life.lead_days * np.log1p(-np.clip(chance, 0, 0.999))) + 1.0 if life.lead_days else 0.0 * chance


def cancelled_days(life: Life, delays: Delays, lead: Floats, nights: Floats, chance: Floats) -> Floats:
    """Days from the booking to the cancellation: any time before arrival, or while goods may go back; late ones when an
    approval was due."""
    early = 1.0 - delays.late
    usual = np.minimum(chance / max(early, 1e-12), 1.0) * (lead if life.lead_days else 0.8 * life.hold_days)
    return np.where(chance < early, usual, approved_days(life, lead, nights))


def approved_days(life: Life, lead: Floats, nights: Floats) -> Floats:
    """Days from the booking to the approval."""
    return lead + nights + life.hold_days if life.lead_days else life.hold_days + 0.0 * lead
