"""What a plan must keep and what it brings: the rows over its spends, and its response on the curves themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from warum.domain.budget.allocate.grid import drawn_at, place
from warum.domain.budget.allocate.terms import Binding, Constraint, Line, Sense
from warum.domain.shrinkage import Floats

tolerance: Final = 1e-7
"""Of the budget: closer is equal."""
ceiling_name: Final = "cost-revenue ceiling"
_spending_worth: Final = 1e-9
"""Of two plans of the same response, the one that spends: a budget is meant to be used."""


class Demands:
    """Rows ``row . spend <= bound`` with their names, and the ceiling, which follows the response.

    Attributes:
        means: per line, its mean response on its grid.
        spending_worth: what a spent unit is worth for itself; far below any response.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        budget: float,
        constraints: Sequence[Constraint],
        ceiling: float | None,
        fixed: float,
        step_max: float | None,
    ) -> None:
        self.lines, self.budget, self.ceiling, self.fixed = lines, budget, ceiling, fixed
        self.means: list[Floats] = [line.responses.mean(axis=0) for line in lines]
        steepest = max(
            float((np.diff(mean) / np.diff(line.spends)).max()) for line, mean in zip(lines, self.means, strict=True)
        )
        self.spending_worth = _spending_worth * max(steepest, 1e-300)
        rows = [*_rows_given(lines, budget, constraints), *_rows_of_steps(lines, step_max)]
        self.names = [name for name, _, _ in rows]
        self.rows = np.array([row for _, row, _ in rows])
        self.bounds = np.array([bound for _, _, bound in rows])
        self.scales = np.abs(self.rows).max(axis=1) * budget

    def expected(self, spend: Floats) -> float:
        """On the curves themselves, not on their envelopes."""
        total = 0.0
        for i, line in enumerate(self.lines):
            left, part = place(line.spends, float(spend[i]))
            total += (1 - part) * float(self.means[i][left]) + part * float(self.means[i][left + 1])
        return total

    def height(self, spend: Floats) -> float:
        return self.expected(spend) + self.spending_worth * float(spend.sum())

    def drawn(self, spend: Floats) -> Floats:
        """Draws: response of the whole plan. Lines that have other numbers of draws are not of one posterior."""
        return np.sum([drawn_at(line, float(spend[i])) for i, line in enumerate(self.lines)], axis=0)

    def room(self, spend: Floats) -> Floats:
        """What is left of each row, relative to the budget; negative where it is broken."""
        return (self.bounds - self.rows @ spend) / np.maximum(self.scales, 1e-300)

    def ceiling_room(self, spend: Floats) -> float:
        if self.ceiling is None:
            return float("inf")
        return (self.ceiling * self.expected(spend) - float(spend.sum()) - self.fixed) / self.budget

    def keeps(self, spend: Floats) -> bool:
        fits = bool((self.room(spend) >= -tolerance).all() and (spend >= -tolerance * self.budget).all())
        return fits and self.ceiling_room(spend) >= -tolerance

    def binding(self, spend: Floats, prices: Mapping[str, float]) -> tuple[Binding, ...]:
        """The rows that hold with equality, with the price of each where one is known."""
        tight = [name for name, room in zip(self.names, self.room(spend), strict=True) if room <= 10 * tolerance]
        if self.ceiling_room(spend) <= 10 * tolerance:
            tight.append(ceiling_name)
        return tuple(Binding(name=name, price=prices.get(name, 0.0)) for name in dict.fromkeys(tight))


def step_shares(lines: Sequence[Line], step_max: float) -> Floats:
    """The step allowed to each line: ``step_max``, divided by 1 + twice the half width of the 90 % interval of its
    response at the current spend (at half of its grid where nothing is spent) relative to the mean."""
    shares = list[float]()
    for line in lines:
        at = line.current if line.current > 0 else float(line.spends[-1]) / 2
        there = drawn_at(line, at)
        low, high = np.quantile(there, [0.05, 0.95])
        mean = float(there.mean())
        shares.append(step_max / (1.0 + float(high - low) / mean) if mean > 0 else 0.0)
    return np.array(shares)


_Row = tuple[str, Floats, float]


def _rows_given(lines: Sequence[Line], budget: float, constraints: Sequence[Constraint]) -> list[_Row]:
    n = len(lines)
    each = np.eye(n)
    rows: list[_Row] = [("budget", np.ones(n), budget)]
    rows += [(f"at most on {line.name}", each[i], line.most) for i, line in enumerate(lines) if np.isfinite(line.most)]
    rows += [(f"at least on {line.name}", -each[i], -line.least) for i, line in enumerate(lines) if line.least > 0]
    rows += [(f"known range of {line.name}", each[i], float(line.spends[-1])) for i, line in enumerate(lines)]
    for constraint in constraints:
        sign = 1.0 if constraint.sense is Sense.AT_MOST else -1.0
        rows.append(
            (constraint.name, sign * np.asarray(constraint.weights, dtype=np.float64), sign * constraint.amount)
        )
    return rows


def _rows_of_steps(lines: Sequence[Line], step_max: float | None) -> list[_Row]:
    if step_max is None:
        return []
    each, rows = np.eye(len(lines)), list[_Row]()
    for i, (line, share) in enumerate(zip(lines, step_shares(lines, step_max), strict=True)):
        # A line without spend could never begin: its step is measured by the mean of the others.
        around = line.current if line.current > 0 else float(np.mean([other.current for other in lines]))
        rows.append((f"step of {line.name}", each[i], line.current + share * around))
        if line.current > share * around:
            rows.append((f"step of {line.name}", -each[i], share * around - line.current))
    return rows
