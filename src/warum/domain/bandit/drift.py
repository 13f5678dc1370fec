"""How fast what was seen gets old, told by the data themselves.

Each period is foretold from the periods before it, older ones counting less; the retention that foretells best is the
one to go on with. Only how arms compare is foretold: a period's total is taken as it came, so that a weekend or a sale,
which hits all arms alike, is not taken for drift. Without clear signs nothing gets old."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Floats
from warum.kernel.refusal import Kind, Refusal

RETENTIONS: Final = (1.0, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5)
"""The weight of a period beside that of the one after it."""
_clear: Final = log(20.0)
"""How much better drift has to foretell before it is believed: odds of twenty to one."""
_events_usual: Final = 5.0
"""Each arm starts as if it had that many events at the common rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Attributes:
    retention: the weight of a period beside that of the one after it.
    gain: by how much it foretells better than without drift, in logarithms of probability.
    """

    retention: float
    gain: float


def drift(exposures: Floats, events: Floats) -> Drift | Refusal:
    """The retention that the periods ask for; periods x arms, in the order of time."""
    if exposures.shape != events.shape or exposures.ndim != 2:
        return _no("periods_do_not_fit", "Exposures and events need the same periods and arms.")
    if exposures.shape[1] < 2:
        return _no("one_arm", "There are fewer than two arms, so there is nothing to compare. Add another arm.")
    if not (np.isfinite(exposures).all() and np.isfinite(events).all()):
        return _no("counts_not_finite", "A count is not a finite number. Count anew.")
    if (exposures < 0).any() or (events < 0).any():
        return _no("counts_negative", "A count is negative. Count anew.")
    if not exposures.sum() > 0:
        return _no("no_exposures", "None of the arms was shown yet. Show them first, in equal shares.")
    scores = [_foretold(exposures, events, retention) for retention in RETENTIONS]
    best = int(np.argmax(scores))
    gain = scores[best] - scores[0]
    return Drift(retention=RETENTIONS[best] if gain >= _clear else 1.0, gain=gain)


def weights(periods: int, retention: float) -> Floats:
    """Of each period, the last one counting whole."""
    return retention ** np.arange(periods - 1.0, -1.0, -1.0)


def _foretold(exposures: Floats, events: Floats, retention: float) -> float:
    """The logarithm of the probability with which the periods' events fall on the arms as they did."""
    usual = max(float(events.sum()), 1e-9) / float(exposures.sum())
    seen, had, score = np.zeros(exposures.shape[1]), np.zeros(exposures.shape[1]), 0.0
    for shown, counted in zip(exposures, events, strict=True):
        rates = (had + _events_usual) / (seen + _events_usual / usual)
        expected = np.maximum(shown, counted) * rates
        if counted.sum() > 0:
            share = np.where(counted > 0, expected / expected.sum(), 1.0)
            score += float(counted @ np.log(share))
        seen, had = retention * seen + shown, retention * had + counted
    return score


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
