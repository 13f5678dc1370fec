"""A budget split over lines (publisher, channel, day, or any mix), under any linear constraints.

What is maximised is the expectation over the draws of the curves, not the curves at their mean: a sum over lines, so
each line is reduced to its mean response on a grid of spends. Its concave envelope makes a linear program (HiGHS) in
which budget, caps, shares and the ceiling on cost / revenue are rows, and whose duals say what each binding row costs.
Where curves are S-shaped the envelope promises too much; the plan is then improved by steps on the curve itself.

Two laws. A plan never has a lower expectation than the current one, if that keeps the constraints, else than the
nearest plan that does. And the whole budget is spent, or ``binding`` names what forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from warum.domain.budget.inputs import no
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Kind, Refusal

grid_points: Final = 129
_tolerance: Final = 1e-7
_spending_worth: Final = 1e-9
"""Of two plans of the same response, the one that spends: a budget is meant to be used."""

_linprog: Any = cast(Any, optimize).linprog  # scipy comes without types


class Sense(StrEnum):
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What money can be put on.

    Attributes:
        current: spend of the plan in force, same unit as the budget; least, most: its bounds.
        spends: grid, rising from 0 and reaching ``most`` or what the budget allows at least.
        responses: draws x grid, not falling along the grid; in the unit of the goal, for the same horizon as the spend.
    """

    name: str
    current: float
    spends: Floats
    responses: Floats
    least: float = 0.0
    most: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """``weights . spend`` at most or at least ``amount``. A least share of line 0 of two: (1 - share, -share) >= 0."""

    name: str
    weights: Sequence[float]
    sense: Sense
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A row that holds with equality; ``price`` is what one unit more of room brings (0: another row binds too)."""

    name: str
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The split and what it promises.

    Attributes:
        spend: by line; unspent: budget less their sum.
        beside: the plan it is compared with: the current one, or the nearest that keeps the constraints.
        expected, expected_beside: mean response over the draws.
        gain_low, gain_high: 90 % interval of the difference; better: probability that it is above zero.
        binding: what holds the plan where it is; "budget" is among them if all is spent.
        current_kept: whether the current plan keeps all constraints.
    """

    spend: tuple[float, ...]
    unspent: float
    beside: tuple[float, ...]
    expected: float
    expected_beside: float
    gain_low: float
    gain_high: float
    better: float
    binding: tuple[Binding, ...]
    current_kept: bool


def allocate(
    lines: Sequence[Line],
    budget: float,
    *,
    constraints: Sequence[Constraint] = (),
    cost_revenue_max: float | None = None,
    fixed_costs: float = 0.0,
    step_max: float | None = None,
) -> Plan | Refusal:
    """The best split in expectation.

    Args:
        constraints: over the lines in their order.
        cost_revenue_max: spend + fixed costs are at most this share of the expected response, which is then money.
        step_max: largest change of a line relative to its current spend where its curve is well known; where the 90 %
            interval of its response is wide, the step shrinks with it (``step_shares``). None: no limit.

    Returns:
        A plan. A refusal for: no lines, numbers missing, a budget that is not positive, grids that do not rise, falling
        responses, constraints that contradict each other (the message names a smallest set that does).
    """
    refused = _refused(lines, budget, constraints, cost_revenue_max, fixed_costs, step_max)
    if refused is not None:
        return refused
    program = _Program(lines, budget, constraints, cost_revenue_max, fixed_costs, step_max)
    current = np.array([line.current for line in lines])
    kept = program.keeps(current)
    # The current plan keeps its own step limits, so those never make it infeasible.
    beside = current if kept else program.nearest(current)
    if beside is None:
        names = " / ".join(program.conflict())
        return no(
            "constraints_conflict",
            f"These cannot hold together: {names}. Loosen or remove one of them.",
            "constraints",
            Kind.CONFLICT,
        )
    candidates = [beside]
    if (best := program.best()) is not None:
        candidates += [plan for plan in (best[0], program.climbed(best[0])) if program.keeps(plan)]
    if program.bent or best is None:
        candidates.append(program.climbed(beside))
    chosen = max(candidates, key=lambda spend: program.expected(spend) + program.spending_worth * float(spend.sum()))
    if program.expected(chosen) < program.expected(beside):
        chosen = beside
    gains = program.drawn(chosen) - program.drawn(beside)
    low, high = np.quantile(gains, [0.05, 0.95])
    unspent = budget - float(chosen.sum())
    return Plan(
        spend=tuple(map(float, chosen)),
        unspent=max(unspent, 0.0) if abs(unspent) > _tolerance * budget else 0.0,
        beside=tuple(map(float, beside)),
        expected=program.expected(chosen),
        expected_beside=program.expected(beside),
        gain_low=float(low),
        gain_high=float(high),
        better=float((gains > 0).mean()),
        binding=program.binding(chosen, None if best is None else best[1]),
        current_kept=kept,
    )


def step_shares(lines: Sequence[Line], step_max: float) -> Floats:
    """The step allowed to each line: ``step_max``, divided by 1 + twice the half width of the 90 % interval of its
    response at the current spend (at half of its grid where nothing is spent) relative to the mean."""
    shares = list[float]()
    for line in lines:
        at = line.current if line.current > 0 else float(line.spends[-1]) / 2
        there = _drawn_at(line, at)
        low, high = np.quantile(there, [0.05, 0.95])
        mean = float(there.mean())
        shares.append(step_max / (1.0 + float(high - low) / mean) if mean > 0 else 0.0)
    return np.array(shares)


class _Program:
    """Rows over spends, and segments of concave envelopes underneath them."""

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
        n = len(lines)
        self.means: list[Floats] = [line.responses.mean(axis=0) for line in lines]
        hulls: list[tuple[Floats, Floats]] = [
            _envelope(line.spends, mean) for line, mean in zip(lines, self.means, strict=True)
        ]
        self.bent = any(
            float((np.interp(line.spends, *hull) - mean).max()) > 1e-9 * max(float(mean[-1] - mean[0]), 1e-300)
            for line, mean, hull in zip(lines, self.means, hulls, strict=True)
        )
        self.owner: NDArray[np.int64] = np.concatenate([np.full(len(x) - 1, i) for i, (x, _) in enumerate(hulls)])
        self.width: Floats = np.concatenate([np.diff(x) for x, _ in hulls])
        self.slope: Floats = np.concatenate([np.diff(y) / np.diff(x) for x, y in hulls])
        self.start = float(np.sum([y[0] for _, y in hulls]))
        self.spending_worth = _spending_worth * max(float(self.slope.max(initial=0.0)), 1e-300)
        each = np.eye(n)
        rows: list[tuple[str, Floats, float]] = [("budget", np.ones(n), budget)]
        rows += [
            (f"at most on {line.name}", each[i], line.most) for i, line in enumerate(lines) if np.isfinite(line.most)
        ]
        rows += [(f"at least on {line.name}", -each[i], -line.least) for i, line in enumerate(lines) if line.least > 0]
        rows += [(f"known range of {line.name}", each[i], float(line.spends[-1])) for i, line in enumerate(lines)]
        for constraint in constraints:
            sign = 1.0 if constraint.sense is Sense.AT_MOST else -1.0
            rows.append(
                (constraint.name, sign * np.asarray(constraint.weights, dtype=np.float64), sign * constraint.amount)
            )
        if step_max is not None:
            for i, (line, share) in enumerate(zip(lines, step_shares(lines, step_max), strict=True)):
                # A line without spend could never begin: its step is measured by the mean of the others.
                around = line.current if line.current > 0 else float(np.mean([other.current for other in lines]))
                rows.append((f"step of {line.name}", each[i], line.current + share * around))
                if line.current > share * around:
                    rows.append((f"step of {line.name}", -each[i], share * around - line.current))
        self.names = [name for name, _, _ in rows]
        self.rows = np.array([row for _, row, _ in rows])
        self.bounds = np.array([bound for _, _, bound in rows])
        self.scales = np.abs(self.rows).max(axis=1) * budget

    def expected(self, spend: Floats) -> float:
        """On the curves themselves, not on their envelopes."""
        total = 0.0
        for i, line in enumerate(self.lines):
            left, part = _place(line.spends, float(spend[i]))
            total += (1 - part) * float(self.means[i][left]) + part * float(self.means[i][left + 1])
        return total

    def drawn(self, spend: Floats) -> Floats:
        """Draws: response of the whole plan. Lines that have other numbers of draws are not of one posterior."""
        return np.sum([_drawn_at(line, float(spend[i])) for i, line in enumerate(self.lines)], axis=0)

    def room(self, spend: Floats) -> Floats:
        """What is left of each row, relative to the budget; negative where it is broken."""
        return (self.bounds - self.rows @ spend) / np.maximum(self.scales, 1e-300)

    def ceiling_room(self, spend: Floats) -> float:
        if self.ceiling is None:
            return float("inf")
        return (self.ceiling * self.expected(spend) - float(spend.sum()) - self.fixed) / self.budget

    def keeps(self, spend: Floats) -> bool:
        fits = bool((self.room(spend) >= -_tolerance).all() and (spend >= -_tolerance * self.budget).all())
        return fits and self.ceiling_room(spend) >= -_tolerance

    def best(self) -> tuple[Floats, dict[str, float]] | None:
        """The optimum over the envelopes and the price of each row."""
        matrix, bounds = self._segments(range(len(self.names)), ceiling=self.ceiling is not None)
        scale = max(float(self.slope.max(initial=0.0)), 1e-300)
        found = _linprog(
            -(self.slope + self.spending_worth) / scale,
            A_ub=matrix,
            b_ub=bounds / self.budget,
            bounds=np.column_stack([np.zeros(len(self.width)), self.width / self.budget]),
            method="highs",
        )
        if not found.success:
            return None
        prices = dict[str, float]()
        for name, dual in zip([*self.names, "cost-revenue ceiling"], found.ineqlin.marginals, strict=False):
            prices[name] = max(prices.get(name, 0.0), -float(dual) * scale)
        return self._gathered(np.asarray(found.x) * self.budget), prices

    def nearest(self, current: Floats) -> Floats | None:
        """The plan that keeps all rows with the least money moved; None if there is none."""
        matrix, bounds = self._segments(range(len(self.names)), ceiling=self.ceiling is not None)
        n, size = len(self.lines), len(self.width)
        gather = self._gather()
        moved = np.block([[gather, -np.eye(n)], [-gather, -np.eye(n)]])
        # Within a line, steeper segments first: otherwise the envelope's value would be understated.
        order = 1e-6 * (1.0 - self.slope / max(float(self.slope.max(initial=0.0)), 1e-300))
        found = _linprog(
            np.concatenate([order, np.ones(n)]),
            A_ub=np.vstack([np.hstack([matrix, np.zeros((len(matrix), n))]), moved]),
            b_ub=np.concatenate([bounds, current, -current]) / self.budget,
            bounds=np.column_stack(
                [np.zeros(size + n), np.concatenate([self.width / self.budget, np.full(n, np.inf)])]
            ),
            method="highs",
        )
        if not found.success:
            return None
        plan = self._gathered(np.asarray(found.x)[:size] * self.budget)
        return plan if self.keeps(plan) else None

    def conflict(self) -> list[str]:
        """A smallest set of names that contradict each other: each is left out by turns, and stays out if the others
        still do (deletion filter; Chinneck 2008). The empty plan breaks only what asks for spend."""
        kept = [*dict.fromkeys(self.names), *(["cost-revenue ceiling"] if self.ceiling is not None else [])]
        for name in list(kept):
            fewer = [other for other in kept if other != name]
            if fewer and not self._feasible(fewer):
                kept = fewer
        return kept

    def climbed(self, start: Floats) -> Floats:
        """From a start that keeps the rows, money is moved between pairs of lines, or put on or taken off one, while
        that helps on the curves themselves."""
        n = len(self.lines)
        moves = [np.eye(n)[i] - np.eye(n)[j] for i in range(n) for j in range(n) if i != j]
        moves += [sign * np.eye(n)[i] for i in range(n) for sign in (1.0, -1.0)]
        spend = start
        if not self.keeps(spend):
            return start
        size = self.budget / 2
        while size > self.budget / 4000:
            better = [
                tried
                for move in moves
                if self.keeps(tried := spend + size * move)
                and self._height(tried) > self._height(spend) + 1e-12 * abs(self._height(spend))
            ]
            if better:
                spend = max(better, key=self._height)
            else:
                size /= 2
        return self._filled(spend)

    def binding(self, spend: Floats, prices: dict[str, float] | None) -> tuple[Binding, ...]:
        tight = [name for name, room in zip(self.names, self.room(spend), strict=True) if room <= 10 * _tolerance]
        if self.ceiling_room(spend) <= 10 * _tolerance:
            tight.append("cost-revenue ceiling")
        known = {} if prices is None else prices
        return tuple(Binding(name=name, price=known.get(name, 0.0)) for name in dict.fromkeys(tight))

    def _filled(self, spend: Floats) -> Floats:
        """Whatever may still be spent is: each line by turns as far as its tightest row allows."""
        for i in range(len(spend)):
            uses = self.rows[:, i]
            room = self.bounds - self.rows @ spend
            # Rows that hardly weigh the line are left to the check below; dividing by them overflows.
            felt = uses > 1e-9
            more = float(np.min(room[felt] / uses[felt]))
            low, high = 0.0, max(more, 0.0)
            unit = np.eye(len(spend))[i]
            if not self.keeps(spend + high * unit):
                for _ in range(50):
                    middle = (low + high) / 2
                    low, high = (middle, high) if self.keeps(spend + middle * unit) else (low, middle)
                high = low
            if self._height(spend + high * unit) >= self._height(spend):
                spend = spend + high * unit
        return spend

    def _height(self, spend: Floats) -> float:
        return self.expected(spend) + self.spending_worth * float(spend.sum())

    def _gather(self) -> Floats:
        return (self.owner[None, :] == np.arange(len(self.lines))[:, None]).astype(np.float64)

    def _gathered(self, segments: Floats) -> Floats:
        return np.asarray(self._gather() @ segments)

    def _segments(self, which: Sequence[int] | range, *, ceiling: bool) -> tuple[Floats, Floats]:
        chosen = list(which)
        matrix, bounds = self.rows[chosen][:, self.owner], self.bounds[chosen]
        if ceiling and self.ceiling is not None:
            matrix = np.vstack([matrix, 1.0 - self.ceiling * self.slope])
            bounds = np.append(bounds, self.ceiling * self.start - self.fixed)
        return matrix, bounds

    def _feasible(self, names: Sequence[str]) -> bool:
        which = [i for i, name in enumerate(self.names) if name in names]
        matrix, bounds = self._segments(which, ceiling="cost-revenue ceiling" in names)
        if not len(matrix):
            return True
        # The known range is a row of its own and may be left out, so segments have no end here.
        last = np.append(self.owner[1:] != self.owner[:-1], True)
        ends = np.where(last, np.inf, self.width / self.budget)
        found = _linprog(
            np.zeros(len(self.width)),
            A_ub=matrix,
            b_ub=bounds / self.budget,
            bounds=np.column_stack([np.zeros(len(ends)), ends]),
            method="highs",
        )
        return bool(found.success)


def _place(grid: Floats, at: float) -> tuple[int, float]:
    """The grid's interval that holds a spend, by its left end, and how far inside; beyond the ends, the ends."""
    left = min(max(int((grid <= at).sum()) - 1, 0), len(grid) - 2)
    return left, min(max((at - float(grid[left])) / float(grid[left + 1] - grid[left]), 0.0), 1.0)


def _drawn_at(line: Line, at: float) -> Floats:
    left, part = _place(line.spends, at)
    return (1 - part) * line.responses[:, left] + part * line.responses[:, left + 1]


def _envelope(spends: Floats, mean: Floats) -> tuple[Floats, Floats]:
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


def _refused(
    lines: Sequence[Line],
    budget: float,
    constraints: Sequence[Constraint],
    ceiling: float | None,
    fixed: float,
    step_max: float | None,
) -> Refusal | None:
    if not lines:
        return no("nothing_there", "There is no line to put money on.", "lines")
    if not (np.isfinite(budget) and budget > 0):
        return no("budget_not_positive", "The budget has to be an amount above zero.", "budget")
    if ceiling is not None and not (np.isfinite(ceiling) and ceiling > 0):
        return no("ceiling_not_positive", "The ceiling of cost / revenue has to be above zero, e.g. 0.2.", "ceiling")
    if not (np.isfinite(fixed) and fixed >= 0) or (
        step_max is not None and not (np.isfinite(step_max) and step_max > 0)
    ):
        return no(
            "not_a_number", "Fixed costs and the largest step have to be numbers that are not negative.", "step_max"
        )
    for line in lines:
        bounds = (line.current, line.least)
        if not (np.isfinite(bounds).all() and np.isfinite(line.spends).all() and np.isfinite(line.responses).all()):
            return no("not_a_number", f"Spend or response of {line.name} has missing or infinite values.", "lines")
        if line.most != line.most or min(*bounds, line.most) < 0:
            return no("spend_negative", f"Spend and bounds of {line.name} must not be negative.", "lines")
        if line.responses.ndim != 2 or line.responses.shape[1:] != line.spends.shape or not line.responses.size:
            return no("shape_wrong", f"{line.name}: responses need a column for each spend of the grid.", "lines")
        if len(line.responses) != len(lines[0].responses):
            return no("shape_wrong", f"{line.name} has another number of draws than {lines[0].name}.", "lines")
        if len(line.spends) < 2 or line.spends[0] != 0 or (np.diff(line.spends) <= 0).any():
            return no("shape_wrong", f"The grid of {line.name} has to rise from zero.", "lines")
        if (np.diff(line.responses, axis=1) < -1e-9 * np.abs(line.responses).max()).any():
            return no("response_falls", f"More spend on {line.name} would bring less; such a curve is wrong.", "lines")
    for constraint in constraints:
        weights = np.asarray(constraint.weights, dtype=np.float64)
        if weights.shape != (len(lines),) or not np.isfinite([*weights, constraint.amount]).all() or not weights.any():
            return no(
                "constraint_broken", f"{constraint.name} needs one number for each line, not all zero.", "constraints"
            )
    return None
