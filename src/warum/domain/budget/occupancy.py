"""A hotel's budget over nights: need dates first, nothing for nights that are nearly full.

A night below ``need`` is a need date. Those are served first, in proportion to the rooms they lack, up to what filling
them to ``need`` may cost; then all nights below the limit, in proportion to their free rooms under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from warum.domain.budget.inputs import no
from warum.domain.budget.pacing import Pace, filled
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """``name`` is its date; ``expected`` the rooms that will be sold without this budget, at most ``rooms``."""

    name: str
    rooms: int
    expected: float


def over_nights(
    budget_minor: int, nights: Sequence[Night], *, cost_per_room_minor: int, need: float = 0.6, limit: float = 0.95
) -> Pace | Refusal:
    """Spend by night, minor units.

    Args:
        cost_per_room_minor: what one more sold room may cost; with the free rooms it caps a night.
        need, limit: shares of the rooms, 0 < need <= limit <= 1.

    Returns:
        A pace; what is left when all nights are filled to the limit stays unspent, and the nights are named.
    """
    if not nights:
        return no("nothing_there", "There is no night to spend on.", "nights")
    if budget_minor <= 0 or cost_per_room_minor <= 0:
        return no("budget_not_positive", "Budget and cost per room have to be above zero.", "budget_minor")
    if not 0.0 < need <= limit <= 1.0:
        return no("limits_broken", "0 < need <= limit <= 1 has to hold, e.g. 0.6 and 0.95.", "need")
    for night in nights:
        if not isfinite(night.expected) or night.rooms <= 0 or not 0 <= night.expected <= night.rooms:
            return no(
                "occupancy_broken", f"{night.name}: expected rooms have to lie between 0 and all rooms.", "nights"
            )
    lacking = [max(need * night.rooms - night.expected, 0.0) for night in nights]
    free = [max(limit * night.rooms - night.expected, 0.0) for night in nights]
    first_caps = [int(rooms * cost_per_room_minor) for rooms in lacking]
    caps = [int(rooms * cost_per_room_minor) for rooms in free]
    first = filled(budget_minor, lacking, first_caps)
    rest = filled(budget_minor - sum(first), free, [cap - part for cap, part in zip(caps, first, strict=True)])
    parts = [a + b for a, b in zip(first, rest, strict=True)]
    unspent = budget_minor - sum(parts)
    full = tuple(
        f"occupancy limit on {n.name}" for n, part, cap in zip(nights, parts, caps, strict=True) if part == cap
    )
    return Pace(minor=tuple(parts), unspent_minor=unspent, binding=full if unspent else ("budget", *full))
