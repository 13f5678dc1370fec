"""The verdict on a bot's promises, its coverage, and whether it has changed lately.

The verdict is read whenever somebody opens a page, so it must survive being looked at after every outcome: the chance
that a bot whose promises hold is *ever* called anything else stays below ``alpha``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

import numpy as np

from warum.domain.calibration.codes import Lately, Verdict
from warum.domain.calibration.promise import Kept, few, positions
from warum.domain.calibration.shares import Share, difference, share
from warum.domain.decisions import Held
from warum.kernel.refusal import Refusal

alpha: Final = 0.05

_proxy: Final = 1 / 12  # variance of the uniform distribution, and its sub-Gaussian proxy (Marchal and Arbel 2017)
_prior: Final = 3.5  # the bound is tightest at about nine times as many outcomes
_shifted: Final = 3.0  # standard errors from the middle, by the spread that was seen
_lately_level: Final = 0.95
_lately_min: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict and what it rests on.

    Attributes:
        outcomes: how many were judged.
        position: mean place of the outcomes in their promises; 0.5 is right, less means promised too much.
        distance: mean distance from what was promised, 0 to 1; 0.5 is right, more means over-confident.
        p_value: the chance, at most, that a bot whose promises hold ever looks as bad as this.
    """

    verdict: Verdict
    outcomes: int
    position: float
    distance: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """``recent`` and ``before`` are None where nothing was finished."""

    lately: Lately
    recent: Share | None
    before: Share | None


def judge(promises: Sequence[Kept]) -> Judgement | Refusal:
    """The verdict on promises with final outcomes.

    Under promises that hold, places are uniform, and so are distances; both are tested at half of ``alpha`` with
    Robbins' mixture (1970), whose bound holds at every look for sub-Gaussian sums. Outcomes are taken as independent.

    Returns:
        A refusal below ``outcomes_min``.
    """
    if refused := few(len(promises)):
        return refused
    place = positions(promises)
    distance = np.abs(2 * place - 1)
    moved = _p_value(float((place - 0.5).sum()), len(place))
    # Of a distance that is uniform between 0 and 1.
    spread = _p_value(float((distance - 0.5).sum()), len(place))
    p_value = min(1.0, 2 * min(moved, spread))
    return Judgement(
        verdict=Verdict.HOLDS if p_value >= alpha else _wrong(place, float(distance.mean()), moved, spread),
        outcomes=len(place),
        position=float(place.mean()),
        distance=float(distance.mean()),
        p_value=p_value,
    )


def coverage(promises: Sequence[Kept]) -> Share | Refusal:
    """How many outcomes lie in the 90 % interval that was promised, with the interval of the true share."""
    if refused := few(len(promises)):
        return refused
    return share(sum(one.held is Held.KEPT for one in promises), len(promises))


def trend(promises: Sequence[Kept], *, since_us: int) -> Trend:
    """How often promises held that were finished since then, against those before. A difference is called one when its
    95 % interval leaves 0 out."""
    held = [(one.final_at_us >= since_us, one.held is Held.KEPT) for one in promises]
    recent, before = ([kept for late, kept in held if late is which] for which in (True, False))
    shares = [share(sum(part), len(part)) if part else None for part in (recent, before)]
    if min(len(recent), len(before)) < _lately_min or shares[0] is None or shares[1] is None:
        return Trend(lately=Lately.TOO_FEW, recent=shares[0], before=shares[1])
    low, high = difference(shares[0], shares[1], _lately_level)
    lately = Lately.LESS if high < 0 else Lately.MORE if low > 0 else Lately.ALIKE
    return Trend(lately=lately, recent=shares[0], before=shares[1])


def _wrong(
    place: np.ndarray[tuple[int], np.dtype[np.float64]], distance: float, moved: float, spread: float
) -> Verdict:
    """Which way. Intervals that are too narrow throw places to both ends, which alone may move their mean: a shift has
    to stand out of the spread that was seen, too."""
    error = float(place.std(ddof=1)) / sqrt(len(place))
    away = float(place.mean()) - 0.5
    if moved <= spread or abs(away) > _shifted * error:
        return Verdict.TOO_HIGH if away < 0 else Verdict.TOO_LOW
    return Verdict.OVERCONFIDENT if distance > 0.5 else Verdict.TOO_MODEST


def _p_value(total: float, count: int) -> float:
    """One over the mixture martingale: the chance, at most, that it ever climbs so high."""
    return min(1.0, sqrt((count + _prior) / _prior) * exp(-(total**2) / (2 * _proxy * (count + _prior))))
