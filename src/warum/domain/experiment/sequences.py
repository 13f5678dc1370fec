"""Confidence sequences: intervals of a difference that hold at every look at once, however long one goes on looking.

Two boundaries share the error. Four fifths go to one made for the planned size: the running sum of a trial behaves like
Brownian motion, and stays below ``c`` until the planned end with probability 1 - 4 x (1 - Phi(c)) at least (reflection
principle; the boundary of O'Brien and Fleming 1979, looked at without pause). One fifth goes to a normal mixture, which
holds without end (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021; asymptotic form: Waudby-Smith, Arbour,
Sinha, Kennedy and Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence sequences"). So at the
planned end an interval is 1.19 times as wide as one that may be read only once (at 5 %), a very large effect is seen
early, and who goes past the plan still has an interval that holds, 1.8 times as wide as such a one.

Both are asymptotic: variances are estimated. Therefore nothing is claimed before a number of events or units was seen,
and the variance of a difference of rates is the larger of two, of each arm by itself and of both as if alike: an arm
that is rarely shown and by chance had few successes would else look certain.

Arms have to be drawn at shares that stay as they are; where shares change while the level of all arms moves, totals
mislead (Simpson), and the parts have to be judged apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from warum.domain.experiment.inputs import Row, Table, counted, exposed, level, no, numbers, shares_of
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

Bools: TypeAlias = NDArray[np.bool_]

events_min: Final = 10
"""Successes, and failures, due to the smaller arm at the common rate before anything is said of a rate."""
units_min: Final = 30
"""Of each arm before anything is said of a mean."""

_planned_part: Final = 0.8
_mixing: Final = 11.53
"""The mixture's spread, in units of the planned information: -2 log(a) + log(1 - 2 log(a)) makes it tightest there
(Waudby-Smith et al. 2024, appendix), for a of 0.01, a fifth of 5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An arm beside another, after each period.

    Attributes:
        arm, against: the difference is *arm minus against*.
        estimate, low, high: in the units of the outcome (for rates: 0.01 is a point); infinite bounds where nothing can
            be said yet. The intervals of all comparisons and all looks hold together with probability 1 - alpha.
        p_value: the smallest so far, for all comparisons and looks together: at whatever moment one stops, it is
            below any ``x`` with probability ``x`` at most if no two arms differ.
        decided_at: the first period at whose end the interval was without zero.
    """

    arm: int
    against: int
    estimate: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    p_value: tuple[float, ...]
    decided_at: int | None


def rate_differences(
    impressions: Table,
    successes: Table,
    *,
    planned_units: float,
    shares: Row | None = None,
    control: int | None = 0,
    alpha: float = 0.05,
) -> tuple[Comparison, ...] | Refusal:
    """Differences of rates, readable after every period.

    Args:
        impressions, successes: periods x arms, new in each period (not running totals).
        planned_units: impressions of all arms for which the trial is planned. The interval is tightest there, and holds
            whatever it is, as long as it was set before.
        shares: planned shares of the arms; none means equal.
        control: every other arm is compared with this one; None compares all pairs.
        alpha: chance that any interval at any look misses; shared equally among the comparisons (Bonferroni).

    Returns:
        One comparison for each pair. A refusal for: shapes that differ, values missing, negative or not whole, one arm,
        no impressions, an arm never shown, more successes than impressions, too few successes or failures.
    """
    seen = exposed(impressions)
    if isinstance(seen, Refusal):
        return seen
    hits = counted(successes, "successes")
    if isinstance(hits, Refusal):
        return hits
    if hits.shape != seen.shape:
        return no("shape_wrong", "impressions and successes need the same periods and arms.", "successes")
    if (hits > seen).any():
        where = np.argwhere(hits > seen)[0].tolist()
        return no("more_than_seen", f"Period {where[0]}, arm {where[1]}: more successes than impressions.", "successes")
    units, events = seen.cumsum(axis=0), hits.cumsum(axis=0)
    asked = _asked(units, shares, control, alpha, planned_units)
    if isinstance(asked, Refusal):
        return asked
    apart = [pair for pair in asked.pairs if _events(units, events, pair)[-1] < events_min]
    if apart:
        arm, against = apart[0]
        hit, total = int(events[-1, [arm, against]].sum()), int(units[-1, [arm, against]].sum())
        return no(
            "too_few_events",
            f"Arms {arm} and {against} have {hit} successes in {total} impressions. Each arm should have had "
            f"{events_min} successes and as many failures before anything can be said.",
            "successes",
        )
    return tuple(_rates_compared(asked, units, events, pair) for pair in asked.pairs)


def mean_differences(
    units: Table,
    sums: Table,
    squares: Table,
    *,
    planned_units: float,
    shares: Row | None = None,
    control: int | None = 0,
    alpha: float = 0.05,
) -> tuple[Comparison, ...] | Refusal:
    """Differences of means, readable after every period.

    Args:
        units: periods x arms, new units in each period.
        sums, squares: periods x arms, the sum of their outcomes and of the outcomes' squares.
        planned_units, shares, control, alpha: as for rates.

    Returns:
        One comparison for each pair. A refusal for: shapes that differ, values missing, negative units or squares, one
        arm, no units, squares smaller than the sums allow, fewer than 30 units in an arm, outcomes that do not vary.
        Outcomes of which a handful make up the sum need far more than 30.
    """
    new = exposed(units, "units")
    if isinstance(new, Refusal):
        return new
    added, square = numbers(sums, "sums", 2), numbers(squares, "squares", 2)
    if isinstance(added, Refusal):
        return added
    if isinstance(square, Refusal):
        return square
    if not new.shape == added.shape == square.shape:
        return no("shape_wrong", "units, sums and squares need the same periods and arms.", "sums")
    if (square < 0).any():
        return no("negative_count", "A sum of squares cannot be negative.", "squares")
    if (square * new < added**2 * (1 - 1e-9) - 1e-9).any():
        return no("squares_too_small", "squares are smaller than the sums allow: n x squares >= sum^2.", "squares")
    total = new.cumsum(axis=0)
    asked = _asked(total, shares, control, alpha, planned_units)
    if isinstance(asked, Refusal):
        return asked
    if (total[-1] < units_min).any():
        arm = int(total[-1].argmin())
        return no(
            "too_few_units",
            f"Arm {arm} has {int(total[-1, arm])} units; {units_min} are needed before anything can be said.",
            "units",
        )
    counted_as = np.maximum(total, 1.0)
    mean = added.cumsum(axis=0) / counted_as
    moment = square.cumsum(axis=0) / counted_as
    spread = np.maximum(moment - mean**2, 0.0) * counted_as / np.maximum(counted_as - 1.0, 1.0)
    varied = spread > 1e-12 * moment
    if not varied[-1].all():
        arm = int((~varied[-1]).argmax())
        return no("constant_series", f"All outcomes of arm {arm} are the same: no spread, no interval.", "squares")

    def enough(arm: int, against: int) -> Bools:
        both = [arm, against]
        return (total[:, both].min(axis=1) >= units_min) & varied[:, both].all(axis=1)

    variance = spread / counted_as
    return tuple(
        asked.compare(
            mean[:, arm] - mean[:, against],
            variance[:, [arm, against]].sum(axis=1),
            total,
            enough(arm, against),
            (arm, against),
        )
        for arm, against in asked.pairs
    )


def _rates_compared(asked: _Asked, units: Floats, events: Floats, pair: tuple[int, int]) -> Comparison:
    both = list(pair)
    seen, hits = np.maximum(units[:, both], 1.0), events[:, both]
    rate, common = hits / seen, hits.sum(axis=1) / seen.sum(axis=1)
    apart = (rate * (1 - rate) / seen).sum(axis=1)
    alike = common * (1 - common) * (1 / seen).sum(axis=1)
    told = _events(units, events, pair) >= events_min
    return asked.compare(rate[:, 0] - rate[:, 1], np.maximum(apart, alike), units, told, pair)


def _events(units: Floats, events: Floats, pair: tuple[int, int]) -> Floats:
    """Successes or failures, whichever are fewer, due to the smaller arm after each period at the common rate."""
    both = list(pair)
    seen, hits = units[:, both], events[:, both].sum(axis=1)
    whole = seen.sum(axis=1)
    return np.minimum(hits, whole - hits) * seen.min(axis=1) / np.maximum(whole, 1.0)


def radius(clock: Floats, alpha: float) -> Floats:
    """Half the width of the interval in standard errors.

    Args:
        clock: units so far over planned units, positive.
        alpha: chance of a miss over all looks.
    """
    z = float(special.ndtri(1 - alpha * _planned_part / 4))
    grown = _mixing * clock
    mixture = np.sqrt((1 + grown) / grown * (np.log1p(grown) - 2 * log(alpha * (1 - _planned_part))))
    return np.minimum(mixture, np.where(clock <= 1 + 1e-9, z / np.sqrt(clock), np.inf))


def _p_values(z: Floats, clock: Floats) -> Floats:
    """The level at which ``radius`` would equal |z|."""
    planned = np.where(clock <= 1 + 1e-9, 4 * special.ndtr(-np.abs(z) * np.sqrt(clock)) / _planned_part, 1.0)
    grown = _mixing * clock
    mixture = np.sqrt(1 + grown) * np.exp(-0.5 * z**2 * grown / (1 + grown)) / (1 - _planned_part)
    return np.minimum(1.0, np.minimum(planned, mixture))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    pairs: tuple[tuple[int, int], ...]
    shares: Floats
    planned_units: float
    alpha: float

    def compare(
        self, estimate: Floats, variance: Floats, units: Floats, told: Bools, pair: tuple[int, int]
    ) -> Comparison:
        arm, against = pair
        both = [arm, against]
        clock = np.maximum(units[:, both].sum(axis=1), 1.0) / (self.planned_units * float(self.shares[both].sum()))
        error = np.sqrt(variance)
        away = np.where(told, radius(clock, self.alpha / len(self.pairs)) * error, np.inf)
        z = np.where(told, estimate / np.where(error > 0, error, 1.0), 0.0)
        p_value = np.minimum.accumulate(np.where(told, len(self.pairs) * _p_values(z, clock), 1.0))
        outside = np.flatnonzero(np.abs(estimate) > away)
        return Comparison(
            arm=arm,
            against=against,
            estimate=tuple(estimate.tolist()),
            low=tuple((estimate - away).tolist()),
            high=tuple((estimate + away).tolist()),
            p_value=tuple(np.minimum(p_value, 1.0).tolist()),
            decided_at=int(outside[0]) if len(outside) else None,
        )


def _asked(
    units: Floats, shares: Row | None, control: int | None, alpha: float, planned_units: float
) -> _Asked | Refusal:
    if refused := level(alpha):
        return refused
    arms = units.shape[1]
    if control is not None and not 0 <= control < arms:
        return no("control_unknown", f"There is no arm {control} among the {arms}.", "control")
    if not (np.isfinite(planned_units) and planned_units > 0):
        return no("plan_missing", "planned_units has to be a positive number, set before the trial.", "planned_units")
    planned = shares_of(shares, arms, 1)
    if isinstance(planned, Refusal):
        return planned
    if not (units[-1] > 0).all() or not (planned > 0).all():
        arm = int(np.minimum(units[-1], planned[0]).argmin())
        return no("arm_never_shown", f"Arm {arm} was never shown; leave it out or wait.", "impressions")
    return _Asked(
        pairs=tuple(_pairs(arms, control)), shares=planned[0], planned_units=float(planned_units), alpha=alpha
    )


def _pairs(arms: int, control: int | None) -> Iterator[tuple[int, int]]:
    if control is None:
        yield from ((later, earlier) for earlier, later in combinations(range(arms), 2))
    else:
        yield from ((arm, control) for arm in range(arms) if arm != control)
