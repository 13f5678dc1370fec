"""A day of an offer as counts: how often each arm was shown, and its conversions with the times at which they become
known. It is what a benchmark needs of the world, thousands of times quicker than single people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warum.sim.chances import amount_minor, approved_days, booking_days, cancelled_days, lead_days
from warum.sim.world import Floats, Offer, Past, World

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cohort:
    """What the exposures of one day led to.

    Attributes:
        exposures, clicks: by arm, as recorded.
        arm, amount, booked, decided, declined: one entry per conversion; times in days since day 0 of the world.
    """

    exposures: Integers
    clicks: Integers
    arm: Integers
    amount: Floats
    exposed: Floats
    booked: Floats
    decided: Floats
    declined: NDArray[np.bool_]


def cohort(world: World, offer: Offer, day: int, shares_ppm: tuple[int, ...], past: Past | None = None) -> Cohort:
    """The day under an allocation, after what was shown before. Equal arguments give equal days."""
    rng = np.random.default_rng([world.seed, 5, world.number_of(offer), day])
    true, life = world.day(offer, day, past, as_recorded=True), world.advertiser_of(offer).life
    delays = world.conditions.delays
    shares = np.array(shares_ppm, dtype=np.float64) / sum(shares_ppm)
    exposures = rng.multinomial(rng.poisson(true.exposures), shares)
    if world.conditions.traffic.loss is not None:
        exposures = rng.binomial(exposures, np.minimum(world.devices() @ world.recorded(offer), 1.0))
    clicks = rng.binomial(exposures, true.click)
    converted = rng.binomial(clicks, true.convert)

    publishers, arms = true.convert.shape
    each = converted.ravel()
    arms_by_cell: Integers = np.indices((publishers, arms))[1].ravel()
    arm: Integers = np.repeat(arms_by_cell, each)
    chance = rng.random((6, len(arm)))
    lead, nights = lead_days(life, chance[3]), 1.0 + np.floor(3 * chance[4])
    declined = chance[5] < np.repeat(true.declined.ravel(), each)
    # The chance of the cancellation's moment is what is left of the chance of cancelling.
    within = chance[5] / np.maximum(np.repeat(true.declined.ravel(), each), 1e-12)
    exposed = np.full(len(arm), day + 0.5)
    booked = exposed + booking_days(life, delays, world.pace(offer)[arm], chance[0], chance[1])
    lost_days = cancelled_days(life, delays, lead, nights, within)
    decided = booked + np.where(declined, lost_days, approved_days(life, lead, nights))
    return Cohort(
        exposures=exposures.sum(axis=0),
        clicks=clicks.sum(axis=0),
        arm=arm,
        amount=amount_minor(life, (true.amount / life.amount_minor)[arm], chance[2]),
        exposed=exposed,
        booked=booked,
        decided=decided,
        declined=declined,
    )
