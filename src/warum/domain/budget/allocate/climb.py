"""Steps on the curves themselves, where an envelope would promise too much; and spending what may still be spent."""

from __future__ import annotations

import numpy as np

from warum.domain.budget.allocate.demands import Demands
from warum.domain.shrinkage import Floats


def climbed(demands: Demands, start: Floats) -> Floats:
    """From a start that keeps the rows, money is moved between pairs of lines, or put on or taken off one, while
    that helps on the curves themselves."""
    n = len(demands.lines)
    moves = [np.eye(n)[i] - np.eye(n)[j] for i in range(n) for j in range(n) if i != j]
    moves += [sign * np.eye(n)[i] for i in range(n) for sign in (1.0, -1.0)]
    spend = start
    if not demands.keeps(spend):
        return start
    size = demands.budget / 2
    while size > demands.budget / 4000:
        better = [
            tried
            for move in moves
            if demands.keeps(tried := spend + size * move)
            and demands.height(tried) > demands.height(spend) + 1e-12 * abs(demands.height(spend))
        ]
        if better:
            spend = max(better, key=demands.height)
        else:
            size /= 2
    return _filled(demands, spend)


def _filled(demands: Demands, spend: Floats) -> Floats:
    """Whatever may still be spent is: each line by turns as far as its tightest row allows."""
    for i in range(len(spend)):
        uses = demands.rows[:, i]
        room = demands.bounds - demands.rows @ spend
        # Rows that hardly weigh the line are left to the check below; dividing by them overflows.
        felt = uses > 1e-9
        more = float(np.min(room[felt] / uses[felt]))
        low, high = 0.0, max(more, 0.0)
        unit = np.eye(len(spend))[i]
        if not demands.keeps(spend + high * unit):
            for _ in range(50):
                middle = (low + high) / 2
                low, high = (middle, high) if demands.keeps(spend + middle * unit) else (low, middle)
            high = low
        if demands.height(spend + high * unit) >= demands.height(spend):
            spend = spend + high * unit
    return spend
