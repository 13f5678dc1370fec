"""Shares of a count, and their differences, with intervals that hold for small counts, too."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy import special

level: Final = 0.90
"""Of every interval on a score card, as on a promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many, with the interval of the true share."""

    count: int
    of: int
    share: float
    low: float
    high: float


def share(count: int, of: int, level: float = level) -> Share:
    """The share with Jeffreys' interval (Brown, Cai and DasGupta 2001), closed at 0 and 1 where nothing speaks against
    them. ValueError without anything counted."""
    if not 0 <= count <= of or not of:
        raise ValueError(f"{count} of {of} is no share")
    tail = (1 - level) / 2
    low = float(special.betaincinv(count + 0.5, of - count + 0.5, tail)) if count else 0.0
    high = float(special.betaincinv(count + 0.5, of - count + 0.5, 1 - tail)) if count < of else 1.0
    return Share(count=count, of=of, share=count / of, low=low, high=high)


def difference(first: Share, second: Share, level: float = level) -> tuple[float, float]:
    """(low, high) of first minus second: Newcombe's hybrid of two score intervals (1998, method 10)."""
    (low, high), (other_low, other_high) = _wilson(first, level), _wilson(second, level)
    apart = first.share - second.share
    return (
        apart - sqrt((first.share - low) ** 2 + (other_high - second.share) ** 2),
        apart + sqrt((high - first.share) ** 2 + (second.share - other_low) ** 2),
    )


def _wilson(one: Share, level: float) -> tuple[float, float]:
    z = float(special.ndtri((1 + level) / 2))
    middle = (one.count + z * z / 2) / (one.of + z * z)
    reach = z / (one.of + z * z) * sqrt(one.of * one.share * (1 - one.share) + z * z / 4)
    return middle - reach, middle + reach
