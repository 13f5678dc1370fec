"""How rare a number is beside all that came before it.

Within what was seen, by rank. Beyond the largest three in a hundred, by a generalised Pareto tail with a fixed shape
(peaks over threshold; Coles 2001, ch. 4): by rank alone the largest of a thousand would be rare once in a thousand, be
it a hair or a mile above the next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from math import log10
from typing import Final

tail_share: Final = 0.03
tail_shape: Final = 0.3
"""Heavier than exponential, as waiting times, prices and traffic are; 0.2 and 0.4 measure the same."""
tail_points_min: Final = 5
surprise_max: Final = 12.0
kept_points: Final = 20_000
"""Older numbers are forgotten; a stream by the minute has a fortnight of them."""


class Tail:
    """The numbers so far, in order. ``warm_points`` have to be there before anything is surprising."""

    def __init__(self, warm_points: int) -> None:
        self._warm = warm_points
        self._ordered: list[float] = []
        self._in_time: deque[float] = deque()

    def see(self, number: float) -> tuple[float, float]:
        """How surprising the number is from above and from below, as -log10 of the chance; then it is remembered."""
        ordered = self._ordered
        above = below = 0.0
        if len(ordered) >= self._warm:
            above, below = self._above(number), self._below(number)
        insort(ordered, number)
        self._in_time.append(number)
        if len(ordered) > kept_points:
            del ordered[bisect_left(ordered, self._in_time.popleft())]
        return above, below

    def _above(self, number: float) -> float:
        ordered = self._ordered
        count = len(ordered)
        beyond = _tail_points(count)
        edge = ordered[count - beyond - 1]
        if number <= edge:
            return -log10((count - bisect_left(ordered, number) + 1) / (count + 2))
        mean = sum(ordered[count - beyond :]) / beyond - edge
        return _surprise(count, beyond, number - edge, mean, edge, ordered[count // 2])

    def _below(self, number: float) -> float:
        ordered = self._ordered
        count = len(ordered)
        beyond = _tail_points(count)
        edge = ordered[beyond]
        if number >= edge:
            return -log10((bisect_right(ordered, number) + 1) / (count + 2))
        mean = edge - sum(ordered[:beyond]) / beyond
        return _surprise(count, beyond, edge - number, mean, edge, ordered[count // 2])


def _tail_points(count: int) -> int:
    return max(int(tail_share * count), tail_points_min)


def _surprise(count: int, beyond: int, excess: float, mean: float, edge: float, middle: float) -> float:
    # A tail of equal numbers has no mean excess; the floor keeps a hair above them from being a miracle.
    scale = max(mean, 1e-3 * abs(edge - middle) + 1e-12 * (1.0 + abs(edge)))
    in_tail = -log10((beyond + 1) / (count + 2))
    return min(in_tail + log10(1.0 + tail_shape * excess / scale) / tail_shape, surprise_max)
