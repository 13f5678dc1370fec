"""Journeys cut into steps of equal length, which is what models of what happens next are fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from warum.domain.attribution.journeys import Floats, Ints, Journeys

Bools: TypeAlias = NDArray[np.bool_]

rows_max_default: Final = 4_000
steps_max: Final = 60


@dataclass(frozen=True, slots=True)
class Panel:
    """Journeys in steps: what touched in each, and where the conversion came. Equal rows are one.

    Attributes:
        touched: rows x steps; bit c for channel c.
        last: (rows,) the last step that counts; ``bought`` whether the conversion came in it.
        weight: (rows,) people.
    """

    touched: Ints
    last: Ints
    bought: Bools
    weight: Floats
    channels: int


def panel(journeys: Journeys, step_us: int, rng: np.random.Generator, rows_max: int = rows_max_default) -> Panel:
    """Journeys in steps. Of too many rows without a conversion some are drawn, and count for the others."""
    steps = int(min(max(int(journeys.watched_us.max()) // step_us, 1), steps_max))
    touched = np.zeros((journeys.people, steps), dtype=np.int64)
    step = np.minimum(journeys.touch_us // step_us, steps - 1)
    np.bitwise_or.at(touched, (journeys.touch_person, step), np.left_shift(1, journeys.touch_channel))
    bought = journeys.converted
    last = np.where(bought, np.minimum(journeys.converted_us // step_us, steps - 1), 0)
    watched = np.clip(journeys.watched_us // step_us - 1, 0, steps - 1)
    last = np.where(bought, last, watched)
    key = np.column_stack([touched, last, bought])
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    weight: Floats = np.bincount(inverse.ravel(), weights=journeys.weight, minlength=len(first)).astype(np.float64)
    kept = np.flatnonzero(weight > 0)
    first, weight = first[kept], weight[kept]
    chosen, weight = _thinned(bought[first], weight, rows_max, rng)
    rows = first[chosen]
    return Panel(touched[rows], last[rows], bought[rows], weight, len(journeys.channels))


def _thinned(bought: Bools, weight: Floats, most: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Rows to keep and their weights: heavy rows and, if there is room, conversions surely; others by chance."""
    if len(weight) <= most:
        return np.arange(len(weight)), weight
    chance = np.minimum(np.where(bought, 4.0, 1.0) * weight, 1e9)
    # The chances of inclusion are raised until they add up to what is allowed.
    low, high = 0.0, float(most)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(middle * chance, 1.0).sum() < most else (low, middle)
    inclusion = np.minimum(low * chance, 1.0)
    kept = np.flatnonzero(rng.random(len(weight)) < inclusion)
    return kept, weight[kept] / inclusion[kept]
