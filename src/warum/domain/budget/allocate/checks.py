"""What cannot be split, each with the words of its refusal; the order of the questions is the order of the answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum.domain.budget.allocate.terms import Constraint, Line
from warum.domain.budget.inputs import no
from warum.kernel.refusal import Refusal


def refused(
    lines: Sequence[Line],
    budget: float,
    constraints: Sequence[Constraint],
    ceiling: float | None,
    fixed: float,
    step_max: float | None,
) -> Refusal | None:
    """The first reason why there is no split, or None."""
    return (
        _amounts_refused(lines, budget, ceiling, fixed, step_max)
        or next((said for line in lines if (said := _line_refused(line, len(lines[0].responses), lines[0].name))), None)
        or next((said for asked in constraints if (said := _constraint_refused(asked, len(lines)))), None)
    )


def _amounts_refused(
    lines: Sequence[Line], budget: float, ceiling: float | None, fixed: float, step_max: float | None
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
    return None


def _line_refused(line: Line, draws: int, first: str) -> Refusal | None:
    bounds = (line.current, line.least)
    if not (np.isfinite(bounds).all() and np.isfinite(line.spends).all() and np.isfinite(line.responses).all()):
        return no("not_a_number", f"Spend or response of {line.name} has missing or infinite values.", "lines")
    if line.most != line.most or min(*bounds, line.most) < 0:
        return no("spend_negative", f"Spend and bounds of {line.name} must not be negative.", "lines")
    if line.responses.ndim != 2 or line.responses.shape[1:] != line.spends.shape or not line.responses.size:
        return no("shape_wrong", f"{line.name}: responses need a column for each spend of the grid.", "lines")
    if len(line.responses) != draws:
        return no("shape_wrong", f"{line.name} has another number of draws than {first}.", "lines")
    if len(line.spends) < 2 or line.spends[0] != 0 or (np.diff(line.spends) <= 0).any():
        return no("shape_wrong", f"The grid of {line.name} has to rise from zero.", "lines")
    if (np.diff(line.responses, axis=1) < -1e-9 * np.abs(line.responses).max()).any():
        return no("response_falls", f"More spend on {line.name} would bring less; such a curve is wrong.", "lines")
    return None


def _constraint_refused(constraint: Constraint, lines: int) -> Refusal | None:
    weights = np.asarray(constraint.weights, dtype=np.float64)
    if weights.shape != (lines,) or not np.isfinite([*weights, constraint.amount]).all() or not weights.any():
        return no(
            "constraint_broken", f"{constraint.name} needs one number for each line, not all zero.", "constraints"
        )
    return None
