"""Which cell stands out: a value, a pair or a triple of values of different dimensions whose rows moved otherwise than
the rest.

A cell is judged by a likelihood ratio, as in a spatial scan statistic (Kulldorff 1997): its rows moved by one factor,
the rest by another, against all by the same. A part of the true cell has fewer data, a whole that contains it has them
diluted, so the true cell is the most likely one. Numbers before and after are both noisy: given their sum, what came
after is binomial. Three things temper the ratio. ``dispersion``: sums of amounts and crowds vary more than counts.
Within each combination of dimensions, the cells' factors spread for no reason, a publisher's good and bad weeks; that
spread is measured robustly and counted as noise. And each combination pays for the number of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from warum.domain.rootcause.leaves import Codes, Leaves
from warum.domain.shrinkage import Floats

depth_max: Final = 3
events_min: Final = 5.0
"""Fewer events before and after, in units of the dispersion, are not looked at."""
spread_cells_min: Final = 6
"""Fewer cells say nothing of how far cells spread."""
rivals_max: Final = 2
rival_gap: Final = 9.0
"""In twice the logarithm of the likelihood: odds of ninety to one."""
drift_usual: Final = 0.15
"""How far everything drifts together, as a relative deviation: what decides which side of a contrast has moved."""
_median_of_square: Final = 0.4549  # of a standard normal variable
_median_deviation: Final = 1.06  # of the median of n such squares, times the root of n
_variance_max: Final = 0.1  # some twenty events before and after; thinner cells say little of how cells spread

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cell:
    """Dimensions and values, in the order of the leaves' dimensions."""

    dimensions: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A cell that stands out.

    Attributes:
        rows: which leaves lie in it.
        factor: by how much its rows moved beside the rest.
        p: the chance of such a cell anywhere if nothing stands out (Bonferroni).
        rivals: other cells that the same numbers speak for nearly as well, the best first.
    """

    cell: Cell
    rows: Mask
    factor: float
    p: float
    rivals: tuple[Cell, ...]


class Cube:
    """All combinations of up to three dimensions, each with the cell of every row."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        sizes = [len(names) for names in leaves.values]
        self.grids: list[_Grid] = []
        for depth in range(1, min(depth_max, len(sizes)) + 1):
            for places in combinations(range(len(sizes)), depth):
                shape = tuple(sizes[place] for place in places)
                flat = np.ravel_multi_index(tuple(leaves.codes[:, place] for place in places), shape)
                occupied, cells = np.unique(flat, return_inverse=True)
                self.grids.append(_Grid(places, shape, occupied, np.asarray(cells, dtype=np.int64)))

    def cell(self, grid: int, index: int) -> Cell:
        made = self.grids[grid]
        codes = np.unravel_index(int(made.occupied[index]), made.shape)
        return Cell(
            tuple(self._leaves.dimensions[place] for place in made.places),
            tuple(self._leaves.values[place][int(code)] for place, code in zip(made.places, codes, strict=True)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    value: float
    grid: int
    index: int
    square: float
    factor: float
    events: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Grid:
    """``cells`` names the cell of each row among the ``occupied`` ones."""

    places: tuple[int, ...]
    shape: tuple[int, ...]
    occupied: Codes
    cells: Codes


def standout(cube: Cube, before: Floats, after: Floats, due: Floats, dispersion: float) -> Found | None:
    """The cell that stands out most.

    Args:
        before, after: rows of the numbers as they were counted.
        due: rows; what was to be expected after, what is known already included.
        dispersion: variance over mean.
    """
    candidates: list[_Candidate] = []
    spreads: dict[tuple[int, ...], float] = {}
    was_all, due_all, now_all = float(before.sum()), float(due.sum()), float(after.sum())
    for number, grid in enumerate(cube.grids):
        was = _sums(grid, before)
        expected = _sums(grid, due)
        now = _sums(grid, after)
        able = (was + now >= events_min * dispersion) & (was > 0) & (expected > 0) & (was < was_all) & (now < now_all)
        # A pair of values moves at least as freely as either of them, even where it is too thin to show it.
        spread = max((spreads[part] for part in _parts(grid.places)), default=0.0)
        spreads[grid.places] = spread
        if not able.any():
            continue
        contrast = _contrast(was[able], expected[able], now[able], was_all, due_all, now_all)
        square = contrast.square / dispersion
        variance = contrast.variance * dispersion
        spread = spreads[grid.places] = max(spread, _spread(contrast.own, contrast.own_variance * dispersion))
        square *= variance / (variance + spread)
        # Between a cell and its complement, the one that moved less is taken as the one that drifted.
        price = 2.0 * np.log(len(grid.occupied)) + (contrast.drift / drift_usual) ** 2
        value = square - price
        places = np.flatnonzero(able)
        order: list[int] = np.argsort(-value, kind="stable")[: rivals_max + 1].tolist()
        candidates += [
            _Candidate(
                value=float(value[top]),
                grid=number,
                index=int(places[top]),
                square=float(square[top]),
                factor=float(np.exp(contrast.apart[top])),
                events=(float(was[places[top]]), float(now[places[top]])),
            )
            for top in order
        ]
    if not candidates:
        return None
    candidates.sort(key=lambda each: -each.value)
    best = candidates[0]
    # Each combination of dimensions has an equal part of the level, so that the few single values do not pay for the
    # many triples.
    looked_at = len(cube.grids) * len(cube.grids[best.grid].occupied)
    # A cell with the same events is no rival but another name.
    rivals = [each for each in candidates[1:] if each.value >= best.value - rival_gap and each.events != best.events]
    return Found(
        cell=cube.cell(best.grid, best.index),
        rows=cube.grids[best.grid].cells == best.index,
        factor=best.factor,
        p=min(1.0, float(special.erfc(np.sqrt(best.square / 2.0))) * looked_at),
        rivals=tuple(cube.cell(each.grid, each.index) for each in rivals[:rivals_max]),
    )


def dispersion_of(cube: Cube, before: Floats, after: Floats, due: Floats, *, counts: bool) -> float:
    """Variance over mean, robustly, from the pairs of values (or the single ones, where there are no pairs).

    Few cells can have moved by a cause; the median of the rest's squares says how far they vary. Counts vary at least
    as Poisson ones.
    """
    depth = min(2, max(len(grid.places) for grid in cube.grids))
    squares: list[Floats] = []
    for grid in cube.grids:
        if len(grid.places) != depth:
            continue
        was = _sums(grid, before)
        expected = _sums(grid, due)
        now = _sums(grid, after)
        able = (expected > 0) & (was > 0)
        if not able.any():
            continue
        # By the median, not the total: one cell that moved far would make all others look odd.
        expected = expected * _weighted_median(now[able] / expected[able], expected[able])
        able &= expected > 0
        # The difference varies by what came after and, scaled by the growth, by what came before.
        mean = expected[able] + expected[able] ** 2 / was[able]
        squares.append((now[able] - expected[able]) ** 2 / mean)
        if counts:
            squares[-1] = squares[-1][mean >= 10.0]
    every = np.concatenate(squares) if squares else np.zeros(0)
    if len(every) < spread_cells_min:
        every = np.ones(1) * _median_of_square * (1.0 if counts else max(1.0, _amount(before, after)))
    found = float(np.median(every)) / _median_of_square
    return max(found, 1.0 if counts else 1e-12 + 1e-9 * float(after.mean()))


def _sums(grid: _Grid, numbers: Floats) -> Floats:
    return np.asarray(np.bincount(grid.cells, weights=numbers, minlength=len(grid.occupied)), dtype=np.float64)


def _parts(places: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [] if len(places) == 1 else list(combinations(places, len(places) - 1))


@dataclass(frozen=True, slots=True)
class _Contrast:
    """By cell: twice the logarithm of the likelihood ratio, the logarithm of the factor beside the rest and its
    variance, the same of the cell by itself, and the logarithm of the rest's factor."""

    square: Floats
    apart: Floats
    variance: Floats
    own: Floats
    own_variance: Floats
    drift: Floats


def _contrast(was: Floats, due: Floats, now: Floats, was_all: float, due_all: float, now_all: float) -> _Contrast:
    rest_was, rest_due = np.maximum(was_all - was, 0.0), np.maximum(due_all - due, 1e-12)
    rest_now = np.maximum(now_all - now, 0.0)
    growth, rest_growth = due / np.maximum(was, 1e-300), rest_due / np.maximum(rest_was, 1e-300)
    common = max(now_all, 1e-300) / due_all
    inside = _likelihood(was, now, growth, None) - _likelihood(was, now, growth, common)
    outside = _likelihood(rest_was, rest_now, rest_growth, None) - _likelihood(rest_was, rest_now, rest_growth, common)
    half = 0.5
    factor = np.log((now + half) / (due + half * growth))
    drift = np.log((rest_now + half) / (rest_due + half * rest_growth))
    own_variance = 1 / (was + half) + 1 / (now + half)
    variance = own_variance + 1 / (rest_was + half) + 1 / (rest_now + half)
    return _Contrast(2.0 * np.maximum(inside + outside, 0.0), factor - drift, variance, factor, own_variance, drift)


def _likelihood(was: Floats, now: Floats, growth: Floats, factor: float | None) -> Floats:
    """Of ``now`` among both, given their sum; at the factor, or at the best one. Constants are left out."""
    odds = growth * (now / np.maximum(was * growth, 1e-300) if factor is None else factor)
    return special.xlogy(now, odds) - (now + was) * np.log1p(odds)


def _spread(apart: Floats, variance: Floats) -> float:
    """The variance of the cells' logarithms beyond their own, so that the median square is that of a normal one.

    A median of few squares is itself a matter of luck; one deviation of it is allowed for, or every second quiet grid
    would seem to spread, and its large cells could no longer stand out."""
    told = variance <= _variance_max
    apart, variance = apart[told], variance[told]
    if len(apart) < spread_cells_min:
        return 0.0
    usual = _median_of_square + _median_deviation / sqrt(len(apart))
    squares = (apart - np.median(apart)) ** 2
    if np.median(squares / variance) <= usual:
        return 0.0
    low, high = 0.0, float(squares.max()) / usual
    for _ in range(40):
        middle = (low + high) / 2
        if np.median(squares / (variance + middle)) > usual:
            low = middle
        else:
            high = middle
    return high


def _weighted_median(numbers: Floats, weights: Floats) -> float:
    order = np.argsort(numbers)
    running = np.cumsum(weights[order])
    return float(numbers[order][np.searchsorted(running, running[-1] / 2)])


def _amount(before: Floats, after: Floats) -> float:
    """The usual size of a row's number: a rough stand-in for a sum's variance over its mean where cells are few."""
    numbers: Sequence[float] = np.concatenate([before[before > 0], after[after > 0]]).tolist()
    return float(np.median(numbers)) if numbers else 1.0
