"""A ratio's change, split by the values of one dimension into rate and mix, so that the parts make the whole exactly.

With w a value's share of the denominator, r its own ratio and R the mean of the total ratio before and after, a value
adds *mean(w) x change of r* by its rate and *(mean(r) - R) x change of w* by its mix (Kitagawa 1955, "Components of a
difference between two rates"; subtracting R changes no sum, since shares sum to one, and gives a growing value a plus
only if it is better than the rest). A value that is there in one period alone acts by mix alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.domain.rootcause.leaves import Leaves, refusal
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one value adds to the change of the ratio; all effects add up to it. ``mix`` of a sum is 0."""

    value: str
    rate: float
    mix: float

    @property
    def total(self) -> float:
        return self.rate + self.mix


def effects(leaves: Leaves, dimension: str) -> tuple[Effect, ...] | Refusal:
    """By value of the dimension, the greatest first."""
    if refused := refusal(leaves):
        return refused
    if dimension not in leaves.dimensions:
        return Refusal(code="no_dimensions", message=f"There is no dimension {dimension}.", field="dimension")
    place = leaves.dimensions.index(dimension)
    names, codes = leaves.values[place], leaves.codes[:, place]

    def by_value(numbers: Floats) -> Floats:
        return np.asarray(np.bincount(codes, weights=numbers, minlength=len(names)), dtype=np.float64)

    before, after = by_value(leaves.before), by_value(leaves.after)
    if leaves.under_before is None or leaves.under_after is None:
        rate, mix = after - before, np.zeros(len(names))
    else:
        rate, mix = rate_and_mix(before, by_value(leaves.under_before), after, by_value(leaves.under_after))
    found = [
        Effect(value=name, rate=float(one), mix=float(other)) for name, one, other in zip(names, rate, mix, strict=True)
    ]
    return tuple(sorted(found, key=lambda effect: (-abs(effect.total), effect.value)))


def rate_and_mix(over0: Floats, under0: Floats, over1: Floats, under1: Floats) -> tuple[Floats, Floats]:
    """Both effects of each group on sum(over) / sum(under); what stands over a denominator of 0 counts as mix."""
    total0, total1 = float(under0.sum()), float(under1.sum())
    middle = (float(over0.sum()) / total0 + float(over1.sum()) / total1) / 2
    whole = (over1 - middle * under1) / total1 - (over0 - middle * under0) / total0
    both = (under0 > 0) & (under1 > 0)
    rates0 = np.divide(over0, under0, out=np.zeros_like(over0), where=both)
    rates1 = np.divide(over1, under1, out=np.zeros_like(over1), where=both)
    rate = np.where(both, (under0 / total0 + under1 / total1) / 2 * (rates1 - rates0), 0.0)
    return rate, whole - rate
