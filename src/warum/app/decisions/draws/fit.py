"""Whether arms were taken as often as their propensities say, one number per allocation.

A draw can be right and yet chosen: whoever can see where the next click would lead, and then decides whether to make
it, leaves records of which every one is as it was drawn. Only their counts show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.samples import sample_ratio

probability_min: Final = 1e-6
"""Below it an allocation is named. Of a million sound ones, one is."""

_expected_min: Final = 5.0
"""Pearson's chi-square is not to be trusted with fewer expected in a cell (Cochran 1954)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """An allocation whose counts do not fit.

    Attributes:
        in_slots: whether these are arms that slots showed, counted when they were seen.
        counts: (arm, times taken, propensity in parts per million).
    """

    allocation: int
    in_slots: bool
    probability: float
    counts: tuple[tuple[int, int, int], ...]


def fit(counts: Mapping[int, int], shares: Sequence[tuple[int, int]]) -> float | None:
    """The probability of counts at least this far from the shares; None when there are too few to say.

    Arms of which fewer than five are expected are put together."""
    total = sum(counts.get(arm, 0) for arm, _ in shares)
    cells: list[tuple[int, int]] = []
    count_held = ppm_held = 0
    for arm, ppm in sorted(shares, key=lambda share: share[1]):
        count_held, ppm_held = count_held + counts.get(arm, 0), ppm_held + ppm
        if total * ppm_held >= _expected_min * PROPENSITY_ONE:
            cells.append((count_held, ppm_held))
            count_held = ppm_held = 0
    if len(cells) < 2:
        return None
    # The largest share comes last, so nothing is left over but what has no share at all.
    return sample_ratio([[count for count, _ in cells]], [[ppm for _, ppm in cells]])
