"""A promise and its outcome, and where in the promise the outcome lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from warum.domain.calibration.codes import Basis
from warum.domain.decisions import Held
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Kind, Refusal

outcomes_min: Final = 10
"""With fewer finished outcomes nothing is said about a bot."""

normal_90: Final = 1.6448536269514722  # two-sided 90 % of a normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A promise whose outcome is final.

    Attributes:
        gain_minor, low_minor, high_minor: measured, with its 90 % interval.
        promised_minor, promised_low_minor, promised_high_minor: what was said would be measured, 90 %, for as many
            exposures as there were.
        known_low_minor: the lower bound of the promised *true* gain, for the exposures that were expected.
        expected_minor, least_minor, exposures_expected: the promised gain, and the least that is worthwhile, for these.
        probability_ppm: stated probability that the true gain is at least the least worthwhile one.
        final_at_us: when it was measured for good.
    """

    basis: Basis
    currency: str
    held: Held
    gain_minor: int
    low_minor: int
    high_minor: int
    promised_minor: int
    promised_low_minor: int
    promised_high_minor: int
    expected_minor: int
    known_low_minor: int
    least_minor: int
    exposures: int
    exposures_expected: int
    probability_ppm: int
    final_at_us: int


def positions(promises: Sequence[Kept]) -> Floats:
    """Where in its promise each outcome lies: 0 below all of it, 0.5 at what was promised, 1 above all of it.

    The probability integral transform (Dawid 1984; Gneiting, Balabdaoui and Raftery 2007): of promises that hold, these
    are spread evenly between 0 and 1. A promise is read as two halves of normal distributions that meet at what was
    promised, each with its own bound.
    """
    return special.ndtr(_deviations(promises))


def few(count: int) -> Refusal | None:
    """The refusal of fewer outcomes than can be judged by."""
    if count >= outcomes_min:
        return None
    counted = {0: "No promise has a final outcome yet", 1: "1 promise is too few to judge by"}.get(
        count, f"{count} promises are too few to judge by"
    )
    return Refusal(
        code="outcomes_few",
        message=f"{counted}; {outcomes_min} with a final outcome are needed. Wait, or look at a longer period.",
        kind=Kind.CONFLICT,
    )


def _deviations(promises: Sequence[Kept]) -> Floats:
    away = np.array([one.gain_minor - one.promised_minor for one in promises], dtype=np.float64)
    down = np.array([one.promised_minor - one.promised_low_minor for one in promises], dtype=np.float64)
    up = np.array([one.promised_high_minor - one.promised_minor for one in promises], dtype=np.float64)
    # Half a minor unit: a promise without any width is still not certain to the cent.
    reach = np.maximum(np.where(away < 0, down, up), 0.5)
    return normal_90 * away / reach
