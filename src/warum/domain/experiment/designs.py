"""What an experiment would take: power, the smallest effect it can see, and how long it has to run.

A design says how exact its estimate is after so many days; everything else follows from that for all of them alike.
Effects are in the units of the outcome: points of a rate (0.01), money, or for regions a share of their level (0.05 is
five per cent). Everything is two-sided.

``always`` plans for a trial that may be read at any time (``sequences``): the boundary at the planned end, 2.33
standard errors in place of 1.96, and so about 1.3 times the days. What is decided earlier comes on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Final, Protocol

import numpy as np
from scipy import special

from warum.domain.experiment.inputs import Table, level, no, numbers
from warum.domain.experiment.sequences import radius
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

days_max: Final = 730
blocks_min: Final = 4
pairs_min: Final = 3
_hours_a_day: Final = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How exact an estimate is: its standard error, in units of the effect, and the degrees of freedom behind it."""

    standard_error: float
    freedom: float


class Design(Protocol):
    """Whatever can say how exact it is after so many days, or why it cannot."""

    def precision(self, days: int) -> Precision | Refusal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A design that runs for so many days."""

    days: int
    power: float
    effect_min: float
    standard_error: float


# The designs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """Every unit is drawn on its own; a part of them is held out.

    Attributes:
        units_day: units that enter on a day, both groups together.
        held_out: share of units that stay without the change.
        spread: standard deviation of a unit's outcome; ``rate_spread`` for rates.
    """

    units_day: float
    held_out: float
    spread: float

    def precision(self, days: int) -> Precision | Refusal:
        """Refuses shares outside 0 to 1, a spread that is not positive, and fewer than two units in a group."""
        if not 0.0 < self.held_out < 1.0:
            return no("share_outside", "The held-out share has to lie between 0 and 1.", "held_out")
        if not (isfinite(self.spread) and self.spread > 0):
            return no("constant_series", "An outcome without spread cannot be planned for.", "spread")
        units = self.units_day * days
        if not units * min(self.held_out, 1 - self.held_out) >= 2:
            return no("too_few_units", f"{days} days bring fewer than two units to a group.", "units_day")
        error = self.spread * sqrt(1 / (units * self.held_out) + 1 / (units * (1 - self.held_out)))
        return Precision(standard_error=error, freedom=units - 2)


def rate_spread(rate: float) -> float | Refusal:
    """The standard deviation of a yes or no that is yes at this rate."""
    if not 0.0 < rate < 1.0:
        return no("constant_series", "A rate has to lie between 0 and 1; at 0 or 1 nothing varies.", "rate")
    return sqrt(rate * (1 - rate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchback:
    """The change is switched on and off for everybody, by blocks of time drawn at random, half of them on (Bojinov,
    Simchi-Levi and Zhao 2023, "Design and analysis of switchback experiments"). The estimate is the difference of the
    mean of *on* and of *off* blocks.

    Attributes:
        block_hours: the length of a block.
        carry_over_hours: how long a switch is still felt; so much of each block's begin is left out.
        units_hour: units that come in an hour.
        spread: standard deviation of a unit's outcome around the level of its moment.
        level_spread: standard deviation of that level over time (weekdays and hours taken out, if the analysis does).
        level_hours: how long the level keeps to what it was: its correlation falls to 1/e in that time.
    """

    block_hours: float
    carry_over_hours: float
    units_hour: float
    spread: float
    level_spread: float
    level_hours: float

    def precision(self, days: int) -> Precision | Refusal:
        """Since blocks are drawn, what the level does from block to block adds up like noise, correlated or not; within
        a block it averages out the more, the longer the block is. Refuses a carry-over that fills the block, values
        that are not positive, and fewer than four blocks."""
        kept = self.block_hours - self.carry_over_hours
        if not (isfinite(kept) and self.carry_over_hours >= 0 and kept > 0):
            return no("carry_over_too_long", "The carry-over fills the whole block; take longer blocks.", "block_hours")
        if not (self.units_hour > 0 and self.level_hours > 0 and self.spread >= 0 and self.level_spread >= 0):
            return no("design_broken", "Units and the level's duration have to be positive, spreads at least 0.")
        blocks = int(days * _hours_a_day / self.block_hours)
        if blocks < blocks_min:
            return no("too_few_blocks", f"{days} days hold {blocks} blocks; {blocks_min} are needed.", "block_hours")
        ratio = self.level_hours / kept
        level_part = self.level_spread**2 * 2 * (ratio - ratio**2 * (1 - exp(-1 / ratio)))
        variance = level_part + self.spread**2 / (self.units_hour * kept)
        if not variance > 0:
            return no("constant_series", "An outcome without spread cannot be planned for.", "spread")
        return Precision(standard_error=2 * sqrt(variance / blocks), freedom=blocks - 2)


def best_block(design: Switchback, days: int, candidates: Sequence[float]) -> Switchback | Refusal:
    """The design with the block length, of the candidates, that is most exact. Refuses when none of them can be used,
    with what the last one lacks."""
    best: tuple[float, Switchback] | None = None
    refused = no("nothing_there", "No block length was given to choose from.", "candidates")
    for hours in candidates:
        tried = Switchback(
            block_hours=hours,
            carry_over_hours=design.carry_over_hours,
            units_hour=design.units_hour,
            spread=design.spread,
            level_spread=design.level_spread,
            level_hours=design.level_hours,
        )
        precision = tried.precision(days)
        if isinstance(precision, Refusal):
            refused = precision
            continue
        # Few blocks cost more than their standard error shows, by the quantile of their t distribution.
        reach = precision.standard_error * float(special.stdtrit(precision.freedom, 0.975))
        if best is None or reach < best[0]:
            best = reach, tried
    return refused if best is None else best[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """Pairs of regions that used to move alike; a coin says which of the two gets the change. The estimate is the mean,
    over pairs, of how the difference between both changed, relative to their level.

    Attributes:
        pairs: of regions, by their column in the history; the most alike first.
        left_over: the region without a partner, where their number is odd.
        apart: days x pairs: the difference of both regions' relative levels, from the part of the history that was not
            used to find the pairs.
        before_days: how many days before the start the estimate compares with.
    """

    pairs: tuple[tuple[int, int], ...]
    left_over: int | None
    apart: Floats
    before_days: int

    def precision(self, days: int) -> Precision | Refusal:
        """From how much the differences changed in the past between times of this length, when nothing was done.
        Refuses fewer than three pairs, a history that holds no two such times, and one without any change."""
        if len(self.pairs) < pairs_min:
            return no("too_few_pairs", f"There are {len(self.pairs)} pairs of regions; {pairs_min} are needed.")
        have, need = len(self.apart), self.before_days + 2 * days
        if days < 1 or have < need:
            return no(
                "history_too_short",
                f"Half of the history has {have} days; {need} are needed to see how a trial of {days} days would vary.",
                "history",
            )
        starts = range(self.before_days, have - days + 1, days)
        changes = np.stack(
            [
                self.apart[at : at + days].mean(axis=0) - self.apart[at - self.before_days : at].mean(axis=0)
                for at in starts
            ]
        )
        variance = float((changes**2).mean())  # the coin makes the mean zero, whatever drift a pair has
        if not variance > 0:
            return no("constant_series", "The regions of each pair never differed: nothing to plan with.", "history")
        return Precision(standard_error=sqrt(variance / len(self.pairs)), freedom=len(self.pairs) - 1)


def geo(history: Table, *, before_days: int = 28) -> Geo | Refusal:
    """Pairs of regions from their past.

    Args:
        history: days x regions of the outcome (sales, clicks), without a change. The first half finds the pairs, the
            second tells how well they keep together; one half for both would flatter them.

    Returns:
        A refusal for: missing or negative values, one region, fewer than two days in a half, a region that is always
        zero or never changes.
    """
    values = numbers(history, "history", 2)
    if isinstance(values, Refusal):
        return values
    days, regions = values.shape
    if regions < 2:
        return no("one_arm", "There is one region only; a pair needs two.", "history")
    if (values < 0).any():
        return no("negative_count", "The history has negative values.", "history")
    if days < 4 or before_days < 1:
        return no("history_too_short", f"The history has {days} days; four are the least that can be halved.")
    half = days // 2
    first = values[:half]
    flat = np.flatnonzero(first.max(axis=0) == first.min(axis=0))
    if len(flat):
        return no("constant_series", f"Region {flat[0]} never changes in the first half of the history.", "history")
    relative = values / first.mean(axis=0)
    pairs = _alike(relative[:half])
    paired = {region for pair in pairs for region in pair}
    left = [region for region in range(regions) if region not in paired]
    apart = np.stack([relative[half:, one] - relative[half:, other] for one, other in pairs], axis=1)
    return Geo(pairs=pairs, left_over=left[0] if left else None, apart=apart, before_days=before_days)


def _alike(relative: Floats) -> tuple[tuple[int, int], ...]:
    """Greedily the two regions that lie closest, then the next two."""
    regions = relative.shape[1]
    apart = [
        (float(((relative[:, one] - relative[:, other]) ** 2).mean()), one, other)
        for one in range(regions)
        for other in range(one + 1, regions)
    ]
    taken: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for _, one, other in sorted(apart):
        if one not in taken and other not in taken:
            pairs.append((one, other))
            taken |= {one, other}
    return tuple(pairs)


# What follows for all of them ---------------------------------------------------------------------------------------


def power(design: Design, effect: float, days: int, *, alpha: float = 0.05, always: bool = False) -> float | Refusal:
    """The probability that an effect of this size is found after so many days."""
    if refused := _question(effect, days, alpha):
        return refused
    precision = design.precision(days)
    if isinstance(precision, Refusal):
        return precision
    return _power(abs(effect) / precision.standard_error, precision.freedom, alpha, always)


def effect_min(
    design: Design, days: int, *, power: float = 0.8, alpha: float = 0.05, always: bool = False
) -> float | Refusal:
    """The smallest effect that is found with this probability after so many days."""
    if refused := _question(1.0, days, alpha) or _wanted(power, alpha):
        return refused
    precision = design.precision(days)
    if isinstance(precision, Refusal):
        return precision
    low, high = 0.0, 1.0
    while _power(high, precision.freedom, alpha, always) < power:
        low, high = high, 2 * high
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if _power(middle, precision.freedom, alpha, always) >= power else (middle, high)
    return high * precision.standard_error


def days_needed(
    design: Design, effect: float, *, power: float = 0.8, alpha: float = 0.05, always: bool = False
) -> Plan | Refusal:
    """The shortest run that finds an effect of this size with this probability.

    Refuses when two years do not suffice, saying what they would find, or with what the design itself refuses.
    """
    if refused := _question(effect, 1, alpha) or _wanted(power, alpha):
        return refused
    refused: Refusal | None = None
    able: list[int] = []
    for days in range(1, days_max + 1):
        precision = design.precision(days)
        if isinstance(precision, Refusal):
            refused = precision
            continue
        able.append(days)
        reached = _power(abs(effect) / precision.standard_error, precision.freedom, alpha, always)
        if reached < power:
            continue
        least = effect_min(design, days, power=power, alpha=alpha, always=always)
        if isinstance(least, Refusal):
            return least
        return Plan(days=days, power=reached, effect_min=least, standard_error=precision.standard_error)
    if isinstance(refused, Refusal) and not able:
        return refused
    days = able[-1]
    least = effect_min(design, days, power=power, alpha=alpha, always=always)
    return no(
        "effect_too_small",
        f"{days} days find an effect of {least:.3g} with {power:.0%} probability, not one of {abs(effect):.3g}; "
        "longer cannot be planned with these data.",
        "effect",
    )


def _power(away: float, freedom: float, alpha: float, always: bool) -> float:
    """Of an effect that lies so many standard errors from zero."""
    if always:
        # The sequences know no small samples; their boundary is scaled by what the t distribution adds.
        reach = float(radius(np.ones(1), alpha)[0])
        limit = float(special.stdtrit(freedom, special.ndtr(reach)))
    else:
        limit = float(special.stdtrit(freedom, 1 - alpha / 2))
    if freedom > 1_000 or away > 30:  # as normal; the noncentral t is slow and fails there
        return float(special.ndtr(away - limit) + special.ndtr(-away - limit))
    return float(1 - special.nctdtr(freedom, away, limit) + special.nctdtr(freedom, away, -limit))


def _question(effect: float, days: int, alpha: float) -> Refusal | None:
    if not isfinite(effect):
        return no("not_a_number", "The effect is not a number.", "effect")
    if effect == 0:
        return no("effect_zero", "An effect of zero cannot be found, however long one looks.", "effect")
    if days < 1:
        return no("days_not_positive", "A trial has to run for a day at least.", "days")
    return level(alpha)


def _wanted(power: float, alpha: float) -> Refusal | None:
    if alpha < power < 1.0:
        return None
    return no("power_outside", "The power has to lie between the error level and 1, for instance 0.8.", "power")
