"""A budget split over lines (publisher, channel, day, or any mix), under any linear constraints.

What is maximised is the expectation over the draws of the curves, not the curves at their mean: a sum over lines, so
each line is reduced to its mean response on a grid of spends. Its concave envelope makes a linear program
(``program``) in which budget, caps, shares and the ceiling on cost / revenue are rows, and whose duals say what each
binding row costs. Where curves are S-shaped the envelope promises too much; the plan is then improved by steps on the
curve itself (``climb``).

Two laws. A plan never has a lower expectation than the current one, if that keeps the constraints, else than the
nearest plan that does. And the whole budget is spent, or ``binding`` names what forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.budget.allocate.checks import refused
from warum.domain.budget.allocate.climb import climbed
from warum.domain.budget.allocate.demands import Demands, step_shares, tolerance
from warum.domain.budget.allocate.program import Program
from warum.domain.budget.allocate.terms import Binding, Constraint, Line, Plan, Sense
from warum.domain.budget.inputs import no
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Kind, Refusal

__all__ = ["Binding", "Constraint", "Line", "Plan", "Sense", "allocate", "grid_points", "step_shares"]

grid_points: Final = 129


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
    said = refused(lines, budget, constraints, cost_revenue_max, fixed_costs, step_max)
    if said is not None:
        return said
    demands = Demands(lines, budget, constraints, cost_revenue_max, fixed_costs, step_max)
    program = Program(demands)
    current = np.array([line.current for line in lines])
    kept = demands.keeps(current)
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
    best = program.best()
    chosen = _chosen(demands, program.bent, beside, None if best is None else best[0])
    gains = demands.drawn(chosen) - demands.drawn(beside)
    low, high = np.quantile(gains, [0.05, 0.95])
    unspent = budget - float(chosen.sum())
    return Plan(
        spend=tuple(map(float, chosen)),
        unspent=max(unspent, 0.0) if abs(unspent) > tolerance * budget else 0.0,
        beside=tuple(map(float, beside)),
        expected=demands.expected(chosen),
        expected_beside=demands.expected(beside),
        gain_low=float(low),
        gain_high=float(high),
        better=float((gains > 0).mean()),
        binding=demands.binding(chosen, {} if best is None else best[1]),
        current_kept=kept,
    )


def _chosen(demands: Demands, bent: bool, beside: Floats, best: Floats | None) -> Floats:
    """The highest of the plans found; the one it is compared with if none is higher."""
    candidates = [beside]
    if best is not None:
        candidates += [plan for plan in (best, climbed(demands, best)) if demands.keeps(plan)]
    if bent or best is None:
        candidates.append(climbed(demands, beside))
    chosen = max(candidates, key=demands.height)
    return chosen if demands.expected(chosen) >= demands.expected(beside) else beside
