"""Logs of draws with known truth, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum.domain.bots.creative import ArmCounts, Period
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import ArmShare
from warum.domain.inquiries.draws import OfferDraws
from warum.domain.inquiries.policy import Award
from warum.kernel.period import DAY_US

START_US = 20_000 * DAY_US
VALUE_MINOR = 10_000


def even(arms: int) -> list[int]:
    parts = [PROPENSITY_ONE // arms] * arms
    parts[0] += PROPENSITY_ONE - sum(parts)
    return parts


def draws(
    rates: Sequence[float],
    *,
    days: int = 28,
    exposures: int = 1_000,
    shares: Sequence[Sequence[int]] | None = None,
    levels: Sequence[float] | None = None,
    seed: int = 1,
    lags: tuple[int, ...] = (1,),
) -> OfferDraws:
    """So many days of exposures drawn by the shares, and of conversions at these rates.

    Args:
        shares: ppm by arm of each allocation; the days are split evenly among them.
        levels: by which the rates are multiplied under each allocation.
    """
    rng = np.random.default_rng(seed)
    tables = [list(each) for each in shares] if shares else [even(len(rates))]
    scale = list(levels) if levels else [1.0] * len(tables)
    periods: list[Period] = []
    for day in range(days):
        place = day * len(tables) // days
        ppm = tables[place]
        shown = rng.multinomial(exposures, np.array(ppm, dtype=np.float64) / PROPENSITY_ONE)
        periods.append(
            Period(
                from_us=START_US + day * DAY_US,
                until_us=START_US + (day + 1) * DAY_US,
                allocation=place + 1,
                shares=tuple(ArmShare(arm=arm, propensity_ppm=share) for arm, share in enumerate(ppm)),
                arms=tuple(
                    arm_counts(arm, int(shown[arm]), int(rng.binomial(shown[arm], rate * scale[place])))
                    for arm, rate in enumerate(rates)
                ),
            )
        )
    return OfferDraws(
        offer=1,
        program=1,
        currency="EUR",
        drawn_at="click",
        now_us=START_US + (days + 60) * DAY_US,
        from_us=START_US,
        until_us=START_US + days * DAY_US,
        shares=periods[-1].shares,
        periods=tuple(periods),
        lags=lags,
    )


def arm_counts(arm: int, exposures: int, conversions: int) -> ArmCounts:
    return ArmCounts(
        arm=arm,
        exposures=exposures,
        clicks=exposures,
        pending=0,
        approved=conversions,
        declined=0,
        pending_minor=0,
        approved_minor=conversions * VALUE_MINOR,
        square=conversions * VALUE_MINOR**2,
    )


def awards(log: OfferDraws) -> list[Award]:
    return [
        Award(allocation=period.allocation, arm=count.arm, pending=False, retained_minor=VALUE_MINOR)
        for period in log.periods
        for count in period.arms
        for _ in range(count.approved)
    ]
