"""The linear program (HiGHS): rows over spends, and segments of concave envelopes underneath them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from warum.domain.budget.allocate.demands import Demands, ceiling_name
from warum.domain.budget.allocate.grid import envelope
from warum.domain.shrinkage import Floats

_linprog: Any = cast(Any, optimize).linprog  # scipy comes without types


class Program:
    """The demands with each curve replaced by its envelope.

    Attributes:
        bent: whether an envelope lies above its curve somewhere, so that it promises too much.
        owner, width, slope: of each segment: its line, how much money it holds, what a unit of that brings.
    """

    def __init__(self, demands: Demands) -> None:
        self.demands = demands
        lines = demands.lines
        hulls: list[tuple[Floats, Floats]] = [
            envelope(line.spends, mean) for line, mean in zip(lines, demands.means, strict=True)
        ]
        self.bent = any(
            float((np.interp(line.spends, *hull) - mean).max()) > 1e-9 * max(float(mean[-1] - mean[0]), 1e-300)
            for line, mean, hull in zip(lines, demands.means, hulls, strict=True)
        )
        self.owner: NDArray[np.int64] = np.concatenate([np.full(len(x) - 1, i) for i, (x, _) in enumerate(hulls)])
        self.width: Floats = np.concatenate([np.diff(x) for x, _ in hulls])
        self.slope: Floats = np.concatenate([np.diff(y) / np.diff(x) for x, y in hulls])
        self.start = float(np.sum([y[0] for _, y in hulls]))
        self.steepest = max(float(self.slope.max(initial=0.0)), 1e-300)

    def best(self) -> tuple[Floats, dict[str, float]] | None:
        """The optimum over the envelopes and the price of each row."""
        matrix, bounds = self._segments(range(len(self.demands.names)), ceiling=self.demands.ceiling is not None)
        scale = self.steepest
        found = _linprog(
            -(self.slope + self.demands.spending_worth) / scale,
            A_ub=matrix,
            b_ub=bounds / self.demands.budget,
            bounds=np.column_stack([np.zeros(len(self.width)), self.width / self.demands.budget]),
            method="highs",
        )
        if not found.success:
            return None
        prices = dict[str, float]()
        for name, dual in zip([*self.demands.names, ceiling_name], found.ineqlin.marginals, strict=False):
            prices[name] = max(prices.get(name, 0.0), -float(dual) * scale)
        return self._gathered(np.asarray(found.x) * self.demands.budget), prices

    def nearest(self, current: Floats) -> Floats | None:
        """The plan that keeps all rows with the least money moved; None if there is none."""
        matrix, bounds = self._segments(range(len(self.demands.names)), ceiling=self.demands.ceiling is not None)
        n, size = len(self.demands.lines), len(self.width)
        gather = self._gather()
        moved = np.block([[gather, -np.eye(n)], [-gather, -np.eye(n)]])
        # Within a line, steeper segments first: otherwise the envelope's value would be understated.
        order = 1e-6 * (1.0 - self.slope / self.steepest)
        found = _linprog(
            np.concatenate([order, np.ones(n)]),
            A_ub=np.vstack([np.hstack([matrix, np.zeros((len(matrix), n))]), moved]),
            b_ub=np.concatenate([bounds, current, -current]) / self.demands.budget,
            bounds=np.column_stack(
                [np.zeros(size + n), np.concatenate([self.width / self.demands.budget, np.full(n, np.inf)])]
            ),
            method="highs",
        )
        if not found.success:
            return None
        plan = self._gathered(np.asarray(found.x)[:size] * self.demands.budget)
        return plan if self.demands.keeps(plan) else None

    def conflict(self) -> list[str]:
        """A smallest set of names that contradict each other: each is left out by turns, and stays out if the others
        still do (deletion filter; Chinneck 2008). The empty plan breaks only what asks for spend."""
        kept = [*dict.fromkeys(self.demands.names), *([ceiling_name] if self.demands.ceiling is not None else [])]
        for name in list(kept):
            fewer = [other for other in kept if other != name]
            if fewer and not self._feasible(fewer):
                kept = fewer
        return kept

    def _gather(self) -> Floats:
        return (self.owner[None, :] == np.arange(len(self.demands.lines))[:, None]).astype(np.float64)

    def _gathered(self, segments: Floats) -> Floats:
        return np.asarray(self._gather() @ segments)

    def _segments(self, which: Sequence[int] | range, *, ceiling: bool) -> tuple[Floats, Floats]:
        chosen = list(which)
        matrix, bounds = self.demands.rows[chosen][:, self.owner], self.demands.bounds[chosen]
        if ceiling and self.demands.ceiling is not None:
            matrix = np.vstack([matrix, 1.0 - self.demands.ceiling * self.slope])
            bounds = np.append(bounds, self.demands.ceiling * self.start - self.demands.fixed)
        return matrix, bounds

    def _feasible(self, names: Sequence[str]) -> bool:
        which = [i for i, name in enumerate(self.demands.names) if name in names]
        matrix, bounds = self._segments(which, ceiling=ceiling_name in names)
        if not len(matrix):
            return True
        # The known range is a row of its own and may be left out, so segments have no end here.
        last = np.append(self.owner[1:] != self.owner[:-1], True)
        ends = np.where(last, np.inf, self.width / self.demands.budget)
        found = _linprog(
            np.zeros(len(self.width)),
            A_ub=matrix,
            b_ub=bounds / self.demands.budget,
            bounds=np.column_stack([np.zeros(len(ends)), ends]),
            method="highs",
        )
        return bool(found.success)
