"""The log of draws of an offer, as inquiries read it: counts by day, allocation and arm, in tables.

What was counted belongs to the day of the exposure, so arms of one day under one allocation are compared as they were
drawn, and a conversion that comes late counts for the day it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.bots.creative import ArmCounts, Period
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Shares, Unit
from warum.domain.explain.record import Figure, Source, Statement, state
from warum.domain.shrinkage import Floats
from warum.domain.worth import Cells
from warum.kernel.period import DAY_US, from_us

ratio_p_min: Final = 0.001
"""Customary for sample ratios: the check stops everything, so it has to be sure."""
_arrived_ppm_min: Final = 20_000
_COUNTS: Final = ("exposures", "clicks", "pending", "approved", "declined", "pending_minor", "approved_minor", "square")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraws:
    """What is known of an offer over a span.

    Attributes:
        drawn_at: ``impression`` or ``click``, whichever the arm is drawn at.
        from_us, until_us: the span that was asked for, cut at what has been counted.
        shares: the allocation in force now.
        periods: days, or parts of days under one allocation, in the order of time; none without an exposure.
        lags: conversions of the program by whole days between exposure and booking; empty when nobody knows.
    """

    offer: int
    program: int
    currency: str
    drawn_at: str
    now_us: int
    from_us: int
    until_us: int
    shares: Shares
    periods: tuple[Period, ...]
    lags: tuple[int, ...]

    @property
    def days(self) -> int:
        """Whole days with data."""
        covered_us, end_us = 0, 0
        for period in sorted(self.periods, key=lambda one: one.from_us):
            # Contexts have allocations in force side by side, and their days are the same days.
            covered_us += max(0, period.until_us - max(period.from_us, end_us))
            end_us = max(end_us, period.until_us)
        return round(covered_us / DAY_US)

    def arms_drawn(self) -> tuple[int, ...]:
        """Every arm that could be drawn in the span."""
        return tuple(
            sorted({share.arm for period in self.periods for share in period.shares if share.propensity_ppm > 0})
        )

    def arms_in_force(self) -> tuple[int, ...]:
        return tuple(share.arm for share in self.shares)

    def source(self, table: str, arm: int | None = None, status: str = "") -> Source:
        return Source(
            table=table, offer=self.offer, arm=arm, status=status, from_us=self.from_us, until_us=self.until_us
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Periods x arms.

    Attributes:
        clicks: None where the exposure is itself the click.
        shares: with which each arm was drawn.
        arrived: per period, the share of its conversions that has come in by now, by the delays seen so far.
    """

    arms: tuple[int, ...]
    exposures: Floats
    clicks: Floats | None
    conversions: Floats
    pending: Floats
    declined: Floats
    value: Floats
    square: Floats
    shares: Floats
    arrived: Floats

    @property
    def kept(self) -> Floats:
        """Conversions that are not declined."""
        return self.conversions - self.declined

    def cells(self) -> Cells:
        """For ``worth``; all periods tell the level."""
        return Cells(
            exposures=self.exposures,
            clicks=self.clicks,
            conversions=self.conversions,
            pending=self.pending,
            declined=self.declined,
            value=self.value,
            square=self.square,
            complete=self.arrived,
            level=np.ones(len(self.exposures)),
        )


def table(draws: OfferDraws, arms: Sequence[int]) -> Table:
    """The counts of these arms; those of others are left out."""
    place = {arm: index for index, arm in enumerate(arms)}
    counts = {name: np.zeros((len(draws.periods), len(place))) for name in _COUNTS}
    shares = np.zeros((len(draws.periods), len(place)))
    for row, period in enumerate(draws.periods):
        for share in period.shares:
            if share.arm in place:
                shares[row, place[share.arm]] = share.propensity_ppm / PROPENSITY_ONE
        for count in period.arms:
            if count.arm in place:
                for name in _COUNTS:
                    counts[name][row, place[count.arm]] += getattr(count, name)
    return Table(
        arms=tuple(arms),
        exposures=counts["exposures"],
        clicks=counts["clicks"] if draws.drawn_at == "impression" else None,
        conversions=counts["pending"] + counts["approved"] + counts["declined"],
        pending=counts["pending"],
        declined=counts["declined"],
        value=counts["pending_minor"] + counts["approved_minor"],
        square=counts["square"],
        shares=shares,
        arrived=np.array([_arrived_ppm(draws, period) / PROPENSITY_ONE for period in draws.periods]),
    )


def ratio_seen(draws: OfferDraws) -> tuple[Statement, ...]:
    """How often each arm was shown, and how often it was due."""
    due: dict[int, float] = {}
    seen: dict[int, int] = {}
    for period in draws.periods:
        total = sum(count.exposures for count in period.arms)
        for share in period.shares:
            due[share.arm] = due.get(share.arm, 0.0) + total * share.propensity_ppm / PROPENSITY_ONE
        for count in period.arms:
            seen[count.arm] = seen.get(count.arm, 0) + count.exposures
    return tuple(
        state("draws.ratio.arm", arm=arm, exposures=seen.get(arm, 0), due=round(due.get(arm, 0.0)))
        for arm in sorted({*due, *seen})
    )


def figures(draws: OfferDraws, arms: Sequence[int]) -> tuple[Figure, ...]:
    """The counts of each arm, with their rows."""
    return tuple(line for arm in arms for line in _arm_figures(draws, arm))


def _arm_figures(draws: OfferDraws, arm: int) -> Iterator[Figure]:
    total, of = arm_total(draws, arm), state("", arm=arm).parameters
    counted = [("exposures", draws.drawn_at, "", total.exposures)]
    if draws.drawn_at == "impression":
        counted.append(("clicks", "click", "", total.clicks))
    statuses = ("approved", "pending", "declined")
    counted += [(status, "conversion", status, getattr(total, status)) for status in statuses]
    for name, rows, status, value in counted:
        yield Figure(name=name, value=value, unit=Unit.COUNT, of=of, source=draws.source(rows, arm, status))
    value = total.approved_minor + total.pending_minor
    yield Figure(name="value", value=value, unit=Unit.MINOR, of=of, source=draws.source("conversion", arm))


def arm_total(draws: OfferDraws, arm: int) -> ArmCounts:
    """One arm over the whole span."""
    mine = [count for period in draws.periods for count in period.arms if count.arm == arm]
    return ArmCounts(arm=arm, **{name: sum(getattr(count, name) for count in mine) for name in _COUNTS})


def span_words(draws: OfferDraws) -> dict[str, str]:
    """First and last day, as parameters of a statement."""
    return {
        "from_day": from_us(draws.from_us).date().isoformat(),
        "until_day": from_us(max(draws.until_us - 1, draws.from_us)).date().isoformat(),
    }


def arrived_ppm(draws: OfferDraws) -> int:
    """The share of the span's conversions that has come in by now."""
    weights = [sum(count.exposures for count in period.arms) for period in draws.periods]
    parts = [_arrived_ppm(draws, period) for period in draws.periods]
    return sum(weight * part for weight, part in zip(weights, parts, strict=True)) // max(sum(weights), 1)


def _arrived_ppm(draws: OfferDraws, period: Period) -> int:
    total = sum(draws.lags)
    if not total:
        return PROPENSITY_ONE
    age = max(0.0, (draws.now_us - (period.from_us + period.until_us) / 2) / DAY_US)
    whole = min(int(age), len(draws.lags))
    partly = (age - whole) * draws.lags[whole] if whole < len(draws.lags) else 0.0
    share = (sum(draws.lags[:whole]) + partly) / total
    return max(round(share * PROPENSITY_ONE), _arrived_ppm_min)
