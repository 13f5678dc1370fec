"""The causes of a change, in order, each with what it explains, down to what stays unexplained.

One cell after the other is taken out, the one that stands out most first, until nothing stands out beyond noise. Then
the way from before to after is walked step by step, so that the steps add up to the change exactly. A sum goes by its
causes, then by what moved everything alike, then by the rest. A ratio goes by the denominator first (a cause that
shifts the mix), then by the numbers over it (a cause that changes rates). A change within noise has no cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import erfc, isfinite, log, sqrt
from typing import Final

import numpy as np

from warum.domain.rootcause.cells import Cell, Cube, Found, dispersion_of, standout
from warum.domain.rootcause.leaves import Leaves, refusal
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

alpha_usual: Final = 0.01
causes_max: Final = 5
mix_share_min: Final = 0.05
"""A shift of the mix that explains less of the change than that is not told."""
_counts_mean_max: Final = 1e4  # whole numbers beyond that, by row, are rather cents
_events_usual: Final = 3.0  # a row's own rate counts as much as its values' when it has that many events


class Part(StrEnum):
    """By what a cause acts."""

    VALUE = "value"
    RATE = "rate"
    MIX = "mix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Attributes:
    factor: by how much the cell moved beside the rest.
    effect: how much of the change it makes, in the number's own units.
    share: of the change; negative where it works against it, beyond 1 where others do.
    p: the chance that such a cell stands out anywhere by noise alone.
    """

    cell: Cell
    part: Part
    factor: float
    effect: float
    share: float
    p: float
    rivals: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """``before + sum of the causes' effects + alike + mix + unexplained = after``.

    Attributes:
        before: what was expected, for a sum: the number before times its growth.
        alike: what moved everything by the same factor.
        mix: shifts of a ratio's mix that are no single cause.
        unexplained: what noise and many small things make.
        p: the chance of a change at least as great by noise alone.
    """

    before: float
    after: float
    causes: tuple[Cause, ...]
    alike: float
    mix: float
    unexplained: float
    p: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def explained_share(self) -> float:
        """Of the change, by the causes together."""
        return sum(cause.effect for cause in self.causes) / self.change if self.change else 0.0


def explain(
    leaves: Leaves, *, growth: float = 1.0, counts: bool = True, alpha: float = alpha_usual
) -> Explanation | Refusal:
    """Why the number changed.

    Args:
        leaves: what the number is made of.
        growth: by what factor a sum was expected to grow, for instance 1/4 where before are four weeks and after is
            one. A ratio needs none.
        counts: whether what is summed (over the denominator) are events; amounts of money are not.
        alpha: the chance of telling a cause where there is none.

    Returns:
        A refusal for rows that do not fit, and ``change_within_noise`` where neither the whole nor a cell has moved
        beyond it.
    """
    if refused := refusal(leaves):
        return refused
    if not (isfinite(growth) and growth > 0):
        return Refusal(code="growth_outside", message="The expected growth has to be a number above 0.", field="growth")
    if not 0.0 < alpha < 1.0:
        return Refusal(
            code="level_outside",
            message="The error level has to lie between 0 and 1, for instance 0.01.",
            field="alpha",
        )
    cube = Cube(leaves)
    told = (
        _of_sum(cube, leaves, growth, counts, alpha)
        if leaves.under_before is None or leaves.under_after is None
        else _of_ratio(cube, leaves, leaves.under_before, leaves.under_after, counts, alpha)
    )
    if not told.causes and told.p > alpha:
        return Refusal(
            code="change_within_noise",
            message=f"From {told.before:.4g} to {told.after:.4g} is no more than such a number varies by itself "
            f"(p {told.p:.2g}), and no part of it stands out. Take a longer time to compare.",
        )
    return told


def _of_sum(cube: Cube, leaves: Leaves, growth: float, counts: bool, alpha: float) -> Explanation:
    due = leaves.before * growth
    dispersion, found = _peeled(cube, leaves.before, leaves.after, due, counts, alpha)
    change = float(leaves.after.sum() - due.sum())
    model, causes = due.copy(), list[Cause]()
    for each in found:
        was = float(model.sum())
        model[each.rows] *= each.factor
        causes.append(_cause(each, Part.VALUE, float(model.sum()) - was, change))
    alike = float(model.sum()) * (_drift(model, leaves.after, found) - 1.0)
    return Explanation(
        before=float(due.sum()),
        after=float(leaves.after.sum()),
        causes=_in_order(causes),
        alike=alike,
        mix=0.0,
        unexplained=change - sum(cause.effect for cause in causes) - alike,
        p=_p(float(leaves.before.sum()), float(due.sum()), float(leaves.after.sum()), dispersion),
    )


def _of_ratio(
    cube: Cube, leaves: Leaves, under_before: Floats, under_after: Floats, counts: bool, alpha: float
) -> Explanation:
    ratio0, ratio1 = (
        float(leaves.before.sum() / under_before.sum()),
        float(leaves.after.sum() / under_after.sum()),
    )
    change = ratio1 - ratio0
    rates = _smooth_rates(leaves, under_before, counts)

    # The mix: how the denominator moved, at the rates of before.
    _, moved = _peeled(cube, under_before, under_after, under_before.copy(), _counted(under_after), alpha)
    model, at, mix, causes = under_before.copy(), _over(rates, under_before), 0.0, list[Cause]()
    for each in moved:
        model[each.rows] *= each.factor
        now = _over(rates, model)
        if abs(now - at) >= mix_share_min * abs(change):
            causes.append(_cause(each, Part.MIX, now - at, change))
        else:
            mix += now - at
        at = now
    settled = _over(rates, under_after)
    mix += settled - at

    # The rates, at the mix of after.
    due = under_after * rates
    dispersion, found = _peeled(cube, leaves.before, leaves.after, due, counts, alpha)
    total = float(under_after.sum())
    for each in found:
        was = float(due.sum())
        due[each.rows] *= each.factor
        causes.append(_cause(each, Part.RATE, (float(due.sum()) - was) / total, change))
    alike = float(due.sum()) * (_drift(due, leaves.after, found) - 1.0) / total
    return Explanation(
        before=ratio0,
        after=ratio1,
        causes=_in_order(causes),
        alike=alike,
        mix=mix,
        # What smoothing the rates moved is in here, too: it is ours, not the number's.
        unexplained=change - sum(cause.effect for cause in causes) - alike - mix,
        p=_p(float(leaves.before.sum()), ratio0 * total, float(leaves.after.sum()), dispersion),
    )


def _peeled(
    cube: Cube, before: Floats, after: Floats, due: Floats, counts: bool, alpha: float
) -> tuple[float, list[Found]]:
    """The cells that stand out, one after the other; what is due already follows those before."""
    left, found = due.copy(), list[Found]()
    dispersion = dispersion_of(cube, before, after, left, counts=counts)
    for _ in range(causes_max):
        each = standout(cube, before, after, left, dispersion)
        if each is None or each.p > alpha:
            break
        found.append(each)
        left[each.rows] *= each.factor
        dispersion = min(dispersion, dispersion_of(cube, before, after, left, counts=counts))
    return dispersion, found


def _counted(under: Floats) -> bool:
    """Denominators are counts where they are whole, such as clicks; costs are not taken for counts."""
    return bool((under == np.floor(under)).all()) and float(under.mean()) < _counts_mean_max


def _drift(model: Floats, after: Floats, found: list[Found]) -> float:
    """By what factor the rows outside of any cause moved."""
    outside = np.ones(len(model), dtype=np.bool_)
    for each in found:
        outside &= ~each.rows
    due = float(model[outside].sum())
    return float(after[outside].sum()) / due if due > 0 else 1.0


def _smooth_rates(leaves: Leaves, under: Floats, counts: bool) -> Floats:
    """Each row's rate before, drawn towards what its values' rates make of it: most rows have few events."""
    over, rows = leaves.before, len(leaves.before)
    unit = 1.0 if counts else float(np.median(over[over > 0]))
    weight = _events_usual * unit
    total = float(over.sum() / under.sum())
    usual = np.full(rows, total)
    for place, names in enumerate(leaves.values):
        codes = leaves.codes[:, place]
        above = np.bincount(codes, weights=over, minlength=len(names))
        below = np.bincount(codes, weights=under, minlength=len(names))
        usual *= ((above + weight) / (below + weight / total) / total)[codes]
    return (over + weight) / (under + weight / np.maximum(usual, 1e-300))


def _over(rates: Floats, under: Floats) -> float:
    total = float(under.sum())
    return float(rates @ under) / total if total > 0 else 0.0


def _p(was: float, due: float, now: float, dispersion: float) -> float:
    """Two-sided, of the logarithm of the whole's factor."""
    if not (now > 0 and due > 0):
        return 0.0 if was > 10 * dispersion else 1.0
    spread = sqrt(dispersion * (1.0 / max(was, 1e-300) + 1.0 / now))
    return erfc(abs(log(now / due)) / spread / sqrt(2.0))


def _cause(found: Found, part: Part, effect: float, change: float) -> Cause:
    share = effect / change if change else 0.0
    return Cause(
        cell=found.cell, part=part, factor=found.factor, effect=effect, share=share, p=found.p, rivals=found.rivals
    )


def _in_order(causes: list[Cause]) -> tuple[Cause, ...]:
    """By evidence, then by effect: a drift of everything can turn the sign of what one cause explains, but not how far
    its cell stands out."""
    return tuple(sorted(causes, key=lambda cause: (cause.p, -abs(cause.effect))))
