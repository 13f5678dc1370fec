"""What a split is asked for and what it answers: lines and constraints in, a plan and what binds it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from warum.domain.shrinkage import Floats


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
