"""Curves as points on a grid of spends: where a spend falls, what the draws say there, the envelope above."""

from __future__ import annotations

from warum.domain.budget.allocate.terms import Line
from warum.domain.shrinkage import Floats


def drawn_at(line: Line, at: float) -> Floats:
    """Draws: the response of one line at a spend."""
    left, part = place(line.spends, at)
    return (1 - part) * line.responses[:, left] + part * line.responses[:, left + 1]


def place(grid: Floats, at: float) -> tuple[int, float]:
    """The grid's interval that holds a spend, by its left end, and how far inside; beyond the ends, the ends."""
    left = min(max(int((grid <= at).sum()) - 1, 0), len(grid) - 2)
    return left, min(max((at - float(grid[left])) / float(grid[left + 1] - grid[left]), 0.0), 1.0)


def envelope(spends: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """The least concave curve above the points (upper hull, Andrew 1979)."""
    hull: list[int] = []
    for i in range(len(spends)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (mean[b] - mean[a]) * (spends[i] - spends[b]) > (mean[i] - mean[b]) * (spends[b] - spends[a]):
                break
            hull.pop()
        hull.append(i)
    return spends[hull], mean[hull]
