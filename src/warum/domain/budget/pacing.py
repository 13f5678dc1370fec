"""A sum laid over days or nights: in proportion to weights, under caps, to the cent, and urgent ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from warum.domain.budget.inputs import no
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """``minor`` by day, minor units. ``unspent_minor`` is above zero only if every day is at its cap: ``binding``."""

    minor: tuple[int, ...]
    unspent_minor: int
    binding: tuple[str, ...]


def pace(
    budget_minor: int,
    weights: Sequence[float],
    *,
    caps_minor: Sequence[int | None] | None = None,
    spent_minor: int = 0,
) -> Pace | Refusal:
    """What is left of the budget over the days that are left.

    Args:
        weights: what is expected of each day (clicks, orders); a day of weight 0 gets nothing.
        caps_minor: by day, None where there is none.
        spent_minor: of the budget, already gone; more than the budget leaves nothing for any day.
    """
    caps = [None] * len(weights) if caps_minor is None else list(caps_minor)
    refused = _refused(budget_minor, weights, caps, spent_minor)
    if refused is not None:
        return refused
    parts = filled(max(budget_minor - spent_minor, 0), weights, caps)
    unspent = max(budget_minor - spent_minor, 0) - sum(parts)
    capped = tuple(f"cap of day {i}" for i, part in enumerate(parts) if caps[i] is not None and part == caps[i])
    idle = tuple(f"no demand on day {i}" for i, weight in enumerate(weights) if weight == 0)
    binding = (*capped, *idle) if unspent else ("budget", *capped)
    return Pace(minor=tuple(parts), unspent_minor=unspent, binding=binding)


def filled(total_minor: int, weights: Sequence[float], caps: Sequence[int | None]) -> list[int]:
    """Shares by weight; what a cap cuts off goes to the others; odd units to the first that have room."""
    parts = [0] * len(weights)
    left = total_minor
    while left > 0:
        unfilled = [i for i, w in enumerate(weights) if w > 0 and ((cap := caps[i]) is None or parts[i] < cap)]
        if not unfilled:
            break
        whole, before = sum(weights[i] for i in unfilled), left
        for i in unfilled:
            more, cap = int(before * (weights[i] / whole)), caps[i]
            taken = min(more, left, left if cap is None else cap - parts[i])
            parts[i] += taken
            left -= taken
        if left == before:
            # Less than one unit for each: one to the first that has room.
            parts[unfilled[0]] += 1
            left -= 1
    return parts


def _refused(budget: int, weights: Sequence[float], caps: Sequence[int | None], spent: int) -> Refusal | None:
    if not weights:
        return no("nothing_there", "There is no day left to spend on.", "weights")
    if len(caps) != len(weights):
        return no("shape_wrong", "Caps and weights need the same days.", "caps_minor")
    if budget <= 0:
        return no("budget_not_positive", "The budget has to be an amount above zero.", "budget_minor")
    if not all(isfinite(weight) for weight in weights):
        return no("not_a_number", "The weights of some days are missing.", "weights")
    if spent < 0 or min(weights) < 0 or any(cap is not None and cap < 0 for cap in caps):
        return no("spend_negative", "Weights, caps and what was spent must not be negative.", "weights")
    return None
