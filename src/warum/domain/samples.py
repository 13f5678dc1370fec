"""Judging a log of draws with known propensities: whether it is what the draws should have given, and what a change of
allocation brought.

Both rest on nothing but counts by arm, since the arm of every exposure was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Expected, Held, Outcome
from warum.domain.packing import Wide
from warum.kernel.refusal import Kind, Refusal

pending_ppm_max: Final = 200_000
"""With more undecided conversions than this, an outcome stays open."""

_normal_90: Final = 1.6448536269514722  # two-sided 90 % of a normal distribution


def sample_ratio(exposures: Sequence[Sequence[int]], propensities_ppm: Sequence[Sequence[int]]) -> float:
    """The probability of a deviation at least this large between exposures and propensities, over several allocations.

    Pearson's chi-square. A tiny value (below 0.001) means that exposures were lost or added for some arms more than for
    others, and that no comparison of these arms can be trusted (Fabijan et al., KDD 2019: sample ratio mismatch).
    """
    distance, freedom = 0.0, 0
    for counts, ppm in zip(exposures, propensities_ppm, strict=True):
        total = sum(counts)
        if not total:
            continue
        if any(count and not share for count, share in zip(counts, ppm, strict=True)):
            return 0.0
        expected = [total * share / PROPENSITY_ONE for share in ppm]
        distance += sum((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True) if mean)
        freedom += sum(share > 0 for share in ppm) - 1
    return chi_square_tail(distance, freedom)


def chi_square_tail(distance: float, freedom: int) -> float:
    """The probability that a chi-square variable exceeds ``distance``; 1 without degrees of freedom."""
    return float(special.chdtrc(freedom, distance)) if freedom > 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmLog:
    """An arm since a change: what the log of the new allocation holds.

    Attributes:
        before_ppm, after_ppm: its propensity before and after.
        approved_minor, pending_minor: retained amounts.
        square: sum of the squares of both.
    """

    arm: int
    before_ppm: int
    after_ppm: int
    exposures: int
    pending: int
    approved: int
    declined: int
    pending_minor: int
    approved_minor: int
    square: Wide


def measure(arms: Sequence[ArmLog], promise: Expected) -> Outcome | Refusal:
    """What a change of allocation brought over the exposures since, beside what was promised.

    The gain is the sum over arms of *(new - old propensity) x mean value of an exposure*, for all exposures: each arm's
    mean comes from exposures drawn at random, so it would have held under the old allocation as well. A pending
    conversion counts with its amount times the approved share of the decided ones.
    """
    total = sum(arm.exposures for arm in arms)
    unseen = [arm.arm for arm in arms if not arm.exposures and arm.before_ppm != arm.after_ppm]
    if not total or unseen:
        return Refusal(
            code="nothing_measured",
            message="There is no exposure since the change for at least one of the arms; nothing can be measured.",
            kind=Kind.CONFLICT,
        )
    approved, declined = sum(arm.approved for arm in arms), sum(arm.declined for arm in arms)
    pending = sum(arm.pending for arm in arms)
    kept = approved / (approved + declined) if approved + declined else 1.0
    moved = np.array([(arm.after_ppm - arm.before_ppm) / PROPENSITY_ONE for arm in arms])
    exposures = np.array([max(arm.exposures, 1) for arm in arms], dtype=np.float64)
    value = np.array([arm.approved_minor + kept * arm.pending_minor for arm in arms])
    gain = float(total * (moved @ (value / exposures)))
    spread = total * sqrt(float(moved**2 @ (_second_moments(arms, exposures) / exposures)))
    low, high = _promise_at(total, promise)
    pending_ppm = 0 if not pending else PROPENSITY_ONE * pending // (pending + approved + declined)
    return Outcome(
        held=_held(gain, low, high, pending_ppm),
        gain_minor=round(gain),
        low_minor=round(gain - _normal_90 * spread),
        high_minor=round(gain + _normal_90 * spread),
        promised_minor=round(promise.gain_minor * total / max(promise.exposures, 1)),
        promised_low_minor=round(low),
        promised_high_minor=round(high),
        exposures=total,
        pending_ppm=pending_ppm,
    )


def _second_moments(arms: Sequence[ArmLog], exposures: np.ndarray[tuple[int], np.dtype[np.float64]]):
    """The mean squared value of an exposure per arm, drawn towards all arms by the weight of one conversion: an arm
    that was rarely shown may have none, and is not certain because of that."""
    squares = np.array([arm.square for arm in arms], dtype=np.float64)
    conversions = sum(arm.pending + arm.approved for arm in arms)
    weight = exposures.sum() / max(conversions, 1)
    return (squares + weight * squares.sum() / exposures.sum()) / (exposures + weight)


def _promise_at(exposures: int, promise: Expected) -> tuple[float, float]:
    """The promised interval for this many exposures. What is unknown of the arms scales with them, chance with their
    root."""
    scale = exposures / max(promise.exposures, 1)

    def reach(measured: int, true: int) -> float:
        unknown, whole = float(promise.gain_minor - true), float(promise.gain_minor - measured)
        return sqrt((unknown * scale) ** 2 + max(whole**2 - unknown**2, 0.0) * scale)

    gain = promise.gain_minor * scale
    return (
        gain - reach(promise.measured_low_minor, promise.low_minor),
        gain + reach(promise.measured_high_minor, promise.high_minor),
    )


def _held(gain: float, low: float, high: float, pending_ppm: int) -> Held:
    if pending_ppm > pending_ppm_max:
        return Held.OPEN
    if gain < low:
        return Held.BELOW
    return Held.ABOVE if gain > high else Held.KEPT
