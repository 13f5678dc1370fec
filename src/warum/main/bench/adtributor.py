"""Adtributor, as Bhagwan et al. publish it (NSDI 2014, "Adtributor: revenue debugging in advertising systems", section
3, algorithm 1), to measure root causes beside. It looks at one dimension at a time and names a set of its values.

A value's explanatory power is its share of the change; of a ratio, by the finite differences of its two parts, put to a
sum of one. Its surprise is the Jensen-Shannon divergence of its share before and after; of a ratio, the sum over both
parts. Values are taken by surprise, those that explain a tenth at least, until two thirds are explained; dimensions are
ordered by the surprise of what they took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.rootcause.leaves import Leaves
from warum.domain.shrinkage import Floats

explained_min: Final = 0.67
"""T_EP of the paper."""
each_min: Final = 0.1
"""T_EEP of the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Values of one dimension, the most surprising first."""

    dimension: str
    values: tuple[str, ...]
    surprise: float


def adtributor(leaves: Leaves, growth: float = 1.0) -> list[Candidate]:
    """The candidates, the most surprising first."""
    found: list[Candidate] = []
    for place, dimension in enumerate(leaves.dimensions):
        names, codes = leaves.values[place], leaves.codes[:, place]

        def by_value(numbers: Floats, codes: np.ndarray = codes, size: int = len(names)) -> Floats:
            return np.asarray(np.bincount(codes, weights=numbers, minlength=size), dtype=np.float64)

        forecast, actual = by_value(leaves.before * growth), by_value(leaves.after)
        surprise = _surprise(forecast, actual)
        if leaves.under_before is None or leaves.under_after is None:
            change = actual.sum() - forecast.sum()
            power = (actual - forecast) / change if change else np.zeros_like(actual)
        else:
            under, under_now = by_value(leaves.under_before), by_value(leaves.under_after)
            surprise = surprise + _surprise(under, under_now)
            whole, below = forecast.sum(), under.sum()
            moved = ((actual - forecast) * below - (under_now - under) * whole) / (below * (below + under_now - under))
            power = moved / moved.sum() if moved.sum() else np.zeros_like(moved)
        explained, taken, total = 0.0, list[str](), 0.0
        order: list[int] = np.argsort(-surprise, kind="stable").tolist()
        for index in order:
            if power[index] <= each_min:
                continue
            taken.append(names[index])
            explained += float(power[index])
            total += float(surprise[index])
            if explained > explained_min:
                found.append(Candidate(dimension=dimension, values=tuple(taken), surprise=total))
                break
    return sorted(found, key=lambda candidate: -candidate.surprise)


def _surprise(forecast: Floats, actual: Floats) -> Floats:
    p, q = forecast / max(forecast.sum(), 1e-300), actual / max(actual.sum(), 1e-300)
    both = np.maximum(p + q, 1e-300)
    left = np.where(p > 0, p * np.log(np.maximum(2 * p / both, 1e-300)), 0.0)
    right = np.where(q > 0, q * np.log(np.maximum(2 * q / both, 1e-300)), 0.0)
    return (left + right) / 2
