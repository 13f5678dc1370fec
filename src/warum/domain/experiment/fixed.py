"""Tests that may be read once, at a size set before. They are here to be compared with: read daily, a test at 5 % calls
out far more often than that."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import special

from warum.domain.experiment.inputs import Row, counted, level, no, numbers
from warum.domain.samples import chi_square_tail
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A difference (second minus first), its interval at 1 - alpha, and the p-value of no difference, two-sided."""

    __test__ = False  # the name is the field's; pytest has no business with it

    estimate: float
    low: float
    high: float
    statistic: float
    p_value: float


def two_rates(impressions: Row, successes: Row, *, alpha: float = 0.05) -> Test | Refusal:
    """The z-test of two proportions, pooled under the null; the interval is unpooled.

    Args:
        impressions, successes: two numbers each.

    Returns:
        A refusal for: not two arms, values missing, negative, not whole, no impressions of an arm, more successes than
        impressions, no variation (no success at all, or nothing else).
    """
    read = _counts(impressions, successes)
    if isinstance(read, Refusal):
        return read
    seen, hits = read
    if len(seen) != 2:
        return no("not_two_arms", f"This test compares two arms; there are {len(seen)}.", "impressions")
    if refused := level(alpha):
        return refused
    rate, pooled = hits / seen, float(hits.sum() / seen.sum())
    difference = float(rate[1] - rate[0])
    z = difference / sqrt(pooled * (1 - pooled) * float((1 / seen).sum()))
    reach = float(special.ndtri(1 - alpha / 2)) * sqrt(float((rate * (1 - rate) / seen).sum()))
    return Test(
        estimate=difference,
        low=difference - reach,
        high=difference + reach,
        statistic=z,
        p_value=float(2 * special.ndtr(-abs(z))),
    )


def many_rates(impressions: Row, successes: Row) -> float | Refusal:
    """The p-value of Pearson's chi-square that all arms have one rate. Refusals as for two."""
    read = _counts(impressions, successes)
    if isinstance(read, Refusal):
        return read
    seen, hits = read
    pooled = float(hits.sum() / seen.sum())
    distance = float(((hits - seen * pooled) ** 2 / (seen * pooled * (1 - pooled))).sum())
    return chi_square_tail(distance, len(seen) - 1)


def two_means(first: Row, second: Row, *, alpha: float = 0.05) -> Test | Refusal:
    """Welch's t-test (1947) on the units' outcomes.

    Returns:
        A refusal for: missing values, fewer than two units in an arm, outcomes that do not vary in both.
    """
    if refused := level(alpha):
        return refused
    arms: list[Floats] = []
    for values, field in ((first, "first"), (second, "second")):
        array = numbers(values, field, 1)
        if isinstance(array, Refusal):
            return array
        if len(array) < 2:
            return no("too_few_units", f"{field} has one unit; a spread needs two.", field)
        arms.append(array)
    parts = [float(arm.var(ddof=1)) / len(arm) for arm in arms]
    if not sum(parts) > 0:
        return no("constant_series", "The outcomes of both arms do not vary: no spread, no interval.")
    freedom = sum(parts) ** 2 / sum(part**2 / (len(arm) - 1) for part, arm in zip(parts, arms, strict=True))
    difference, error = float(arms[1].mean() - arms[0].mean()), sqrt(sum(parts))
    reach = float(special.stdtrit(freedom, 1 - alpha / 2)) * error
    return Test(
        estimate=difference,
        low=difference - reach,
        high=difference + reach,
        statistic=difference / error,
        p_value=float(2 * special.stdtr(freedom, -abs(difference / error))),
    )


def _counts(impressions: Row, successes: Row) -> tuple[Floats, Floats] | Refusal:
    seen, hits = _row(impressions, "impressions"), _row(successes, "successes")
    if isinstance(seen, Refusal):
        return seen
    if isinstance(hits, Refusal):
        return hits
    if seen.shape != hits.shape:
        return no("shape_wrong", "impressions and successes need the same arms.", "successes")
    if not (seen > 0).all():
        return no("no_impressions", f"Arm {int(seen[0].argmin())} has no impressions.", "impressions")
    if (hits > seen).any():
        return no("more_than_seen", f"Arm {int((hits > seen)[0].argmax())}: more successes than impressions.")
    if hits.sum() in (0, seen.sum()):
        return no("constant_series", "All outcomes are the same: there is nothing to tell the arms apart by.")
    return np.asarray(seen[0]), np.asarray(hits[0])


def _row(values: Row, field: str) -> Floats | Refusal:
    array = numbers(values, field, 1)
    return array if isinstance(array, Refusal) else counted(array[None, :], field)
