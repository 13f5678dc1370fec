"""Facts to try bots on: counts with known rates, written down day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum.domain.bots.creative import ArmCounts, CreativeFacts, Period
from warum.domain.decisions import ArmShare, Policy
from warum.kernel.period import DAY_US, HOUR_US

DAY_ZERO = 20_000
ARMS = 3


def shares(*ppm: int) -> tuple[ArmShare, ...]:
    return tuple(ArmShare(arm=arm, propensity_ppm=each) for arm, each in enumerate(ppm))


EVEN = shares(333_334, 333_333, 333_333)


def period(day: int, arms: Sequence[ArmCounts], table: tuple[ArmShare, ...] = EVEN, allocation: int = 1) -> Period:
    from_us = (DAY_ZERO + day) * DAY_US
    return Period(from_us=from_us, until_us=from_us + DAY_US, allocation=allocation, shares=table, arms=tuple(arms))


def counts(arm: int, exposures: int, approved: int, *, clicks: int | None = None, amount: int = 8_000) -> ArmCounts:
    return ArmCounts(
        arm=arm,
        exposures=exposures,
        clicks=exposures if clicks is None else clicks,
        pending=0,
        approved=approved,
        declined=0,
        pending_minor=0,
        approved_minor=amount * approved,
        square=int(1.3 * amount**2) * approved,
    )


def facts(
    *,
    rates: Sequence[float] = (0.02, 0.02, 0.03),
    days: int = 21,
    exposures: int = 1_500,
    seed: int = 1,
    table: tuple[ArmShare, ...] = EVEN,
    policy: Policy | None = None,
) -> CreativeFacts:
    """An offer whose arms convert at these rates, drawn by the table."""
    rng = np.random.default_rng(seed)
    ppm = np.array([share.propensity_ppm for share in table], dtype=float)
    periods: list[Period] = []
    for day in range(days):
        shown = rng.multinomial(exposures, ppm / ppm.sum())
        sold = rng.binomial(shown, rates)
        periods.append(period(day, [counts(arm, int(shown[arm]), int(sold[arm])) for arm in range(len(table))], table))
    return CreativeFacts(
        program=7,
        offer=70,
        currency="EUR",
        drawn_at="click",
        now_us=(DAY_ZERO + days) * DAY_US + 3 * HOUR_US,
        allocation=1,
        shares=table,
        periods=tuple(periods),
        lags=(80, 10, 5, 5),
        policy=policy or Policy(),
    )
