"""The binomial distribution, as the signals ask for it."""

from __future__ import annotations

import numpy as np
from scipy import special

from warum.domain.arrays import Floats, Ints


def at_least(found: int, of: int, rate: float) -> float:
    """The chance of ``found`` or more out of ``of``; 0 where that is more than there are."""
    return float(at_least_each(np.asarray([found]), np.asarray([of]), np.asarray([rate]))[0])


def at_most(found: int, of: int, rate: float) -> float:
    """The chance of ``found`` or fewer."""
    return 1.0 if found >= of else float(special.betaincc(found + 1, of - found, rate))


def at_least_each(found: Ints, of: Ints, rate: Floats) -> Floats:
    """``at_least`` entry by entry."""
    inside = np.minimum(np.maximum(found, 1), np.maximum(of, 1))
    tail = special.betainc(inside, np.maximum(of, 1) - inside + 1, rate)
    return np.asarray(np.where(found <= 0, 1.0, np.where(found > of, 0.0, tail)), dtype=np.float64)


def nine_in_ten(of: int, rate: float) -> tuple[float, float]:
    """The counts between which nine in ten lie."""
    below = np.asarray(special.bdtr(np.arange(of + 1, dtype=np.float64), of, rate), dtype=np.float64)
    return float((below >= 0.05).argmax()), float((below >= 0.95).argmax())
