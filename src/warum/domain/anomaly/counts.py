"""How surprising a count or a share is, and what would have been ordinary.

Counts of clicks and bookings vary more than a Poisson variable: a post that is read, a newsletter that is not sent. The
variance is taken as *mean x (1 + mean / size)*, a negative binomial one, where ``size`` says how steady the mean itself
is: 1/size is the squared relative deviation of the true mean from the expected one (Anscombe 1950). A share of n is
beta-binomial in the same manner. Chances are of this value or one more extreme, on the side where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import Any, Final

import scipy.special
import scipy.stats

from warum.kernel.refusal import Refusal

stats: Any = scipy.stats  # scipy comes without types
special: Any = scipy.special

steady: Final = 1e9
"""A size beyond which a negative binomial variable is a Poisson one."""
interval_level: Final = 0.9


@dataclass(frozen=True, slots=True)
class Surprise:
    """``p`` is the chance of a value at least as extreme on the side ``low`` says; ``low`` is below the expected."""

    p: float
    low: bool


def count_surprise(count: float, expected: float, size: float = steady) -> Surprise | Refusal:
    """Of a count beside its expected mean. Refuses negative or missing numbers, and where nothing was expected."""
    if refused := _counts(count, expected, size):
        return refused
    low = count < expected
    return Surprise(_at_most(floor(count), expected, size) if low else _at_least(ceil(count), expected, size), low)


def count_interval(expected: float, size: float = steady, level: float = interval_level) -> tuple[int, int] | Refusal:
    """Between which counts it would ordinarily lie, both included."""
    if refused := _counts(0, expected, size):
        return refused
    low, high = _negative_binomial(expected, size).interval(level)
    return int(low), int(high)


def share_surprise(part: int, whole: int, expected: float, size: float = steady) -> Surprise | Refusal:
    """Of ``part`` out of ``whole`` beside an expected share. Refuses a part beyond the whole, and a share of 0 or 1."""
    if refused := _shares(part, whole, expected, size):
        return refused
    low = part < expected * whole
    law = _beta_binomial(whole, expected, size)
    return Surprise(float(min(1.0, law.cdf(part) if low else law.sf(part - 1))), low)


def share_interval(
    whole: int, expected: float, size: float = steady, level: float = interval_level
) -> tuple[int, int] | Refusal:
    """Between which parts of the whole it would ordinarily lie, both included."""
    if refused := _shares(0, whole, expected, size):
        return refused
    law = _beta_binomial(whole, expected, size)
    tail = (1 - level) / 2
    return int(law.ppf(tail)), int(law.ppf(1 - tail))


def _at_most(count: int, mean: float, size: float) -> float:
    """The chance of at most so many. These are the functions behind ``nbinom`` and ``poisson``, which take a hundred
    times as long to be set up as to be asked."""
    if size >= steady:
        return float(special.pdtr(count, mean))
    return float(special.betainc(size, count + 1.0, size / (size + mean)))


def _at_least(count: int, mean: float, size: float) -> float:
    """The chance of at least so many."""
    if count <= 0:
        return 1.0
    if size >= steady:
        return float(special.pdtrc(count - 1, mean))
    return float(special.betainc(float(count), size, mean / (size + mean)))


def _negative_binomial(mean: float, size: float) -> Any:
    return stats.poisson(mean) if size >= steady else stats.nbinom(size, size / (size + mean))


def _beta_binomial(whole: int, share: float, size: float) -> Any:
    if size >= steady or whole == 0:
        return stats.binom(whole, share)
    return stats.betabinom(whole, share * size, (1 - share) * size)


def _counts(count: float, expected: float, size: float) -> Refusal | None:
    if not (isfinite(count) and isfinite(expected) and isfinite(size)):
        return Refusal(code="not_a_number", message="A count or what is expected is missing. Count anew.")
    if count < 0:
        return Refusal(code="negative_count", message="A count cannot be negative. Count anew.", field="count")
    if expected <= 0 or size <= 0:
        return Refusal(
            code="nothing_expected",
            message="Nothing was expected here, so nothing can be missing. Wait for a longer past.",
            field="expected",
        )
    return None


def _shares(part: int, whole: int, expected: float, size: float) -> Refusal | None:
    if not (isfinite(expected) and isfinite(size)):
        return Refusal(code="not_a_number", message="A count or what is expected is missing. Count anew.")
    if part < 0 or part > whole:
        return Refusal(code="part_outside", message="The part has to lie between 0 and the whole. Count anew.")
    if not 0 < expected < 1 or size <= 0:
        return Refusal(
            code="nothing_expected",
            message="The expected share has to lie between 0 and 1. Wait for a longer past.",
            field="expected",
        )
    return None
