"""A change of commission, "publisher Y from 8 to 10 %", as a proposal: repricing what is sold anyway is exact, what the
new rate brings is an estimate.

Sales follow ``(new rate / old rate) ^ elasticity``. The elasticity is learnt elsewhere (earlier changes, holdouts) and
comes with its spread; without one, the proposal still says what the change costs and which elasticity would pay for it,
and that its effect is not known yet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, log
from typing import Final

import numpy as np

from warum.domain.budget.inputs import no
from warum.kernel.refusal import Refusal

_draws: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """``sales_minor`` at the old rate over the horizon; rates in basis points (800 is 8 %); ``margin`` is the share of
    a sale that is left to the advertiser before commission."""

    publisher: str
    sales_minor: int
    old_basis_points: int
    new_basis_points: int
    margin: float


@dataclass(frozen=True, slots=True)
class Elasticity:
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateProposal:
    """Minor units over the horizon.

    Attributes:
        repricing_minor: exact: more (or less) commission on the same sales, half a unit rounded away from zero.
        break_even: the elasticity at which the change pays for itself; None if none does (rate at or above the margin).
        extra_sales, gain: 90 % intervals with medians; None while no elasticity is known.
        better: probability that the gain is above zero.
    """

    change: RateChange
    repricing_minor: int
    break_even: float | None
    extra_sales: tuple[float, float, float] | None
    gain: tuple[float, float, float] | None
    better: float | None


def propose_rate(change: RateChange, elasticity: Elasticity | None, *, seed: int) -> RateProposal | Refusal:
    """What the change costs for sure and what it may bring.

    A refusal for: sales or rates that are not positive, the same rate, a margin outside (0, 1], a spread that is not
    positive.
    """
    old, new, sales = change.old_basis_points, change.new_basis_points, change.sales_minor
    if sales <= 0:
        return no("no_sales", f"{change.publisher} has no sales to reprice.", "sales_minor")
    if not (0 < old <= 10_000 and 0 < new <= 10_000) or old == new:
        return no("rates_broken", "Two different rates above 0 and up to 100 % are needed.", "new_basis_points")
    if not 0.0 < change.margin <= 1.0:
        return no("margin_broken", "The margin has to lie above 0 and at most at 1, e.g. 0.35.", "margin")
    if elasticity is not None and not (
        isfinite(elasticity.mean) and isfinite(elasticity.deviation) and elasticity.deviation > 0
    ):
        return no("elasticity_broken", "The elasticity needs a mean and a positive deviation.", "elasticity")
    exact = Fraction(sales * (new - old), 10_000)
    repricing = (1 if exact > 0 else -1) * int(abs(exact) + Fraction(1, 2))
    kept_old, kept_new = change.margin - old / 10_000, change.margin - new / 10_000
    pays = kept_old > 0 and kept_new > 0
    break_even = log(kept_old / kept_new) / log(new / old) if pays else None
    if elasticity is None:
        return RateProposal(
            change=change, repricing_minor=repricing, break_even=break_even, extra_sales=None, gain=None, better=None
        )
    drawn = elasticity.mean + elasticity.deviation * np.random.default_rng(seed).standard_normal(_draws)
    sold = sales * (new / old) ** drawn
    gain = sold * kept_new - sales * kept_old
    extra, won = np.quantile(sold - sales, [0.05, 0.5, 0.95]), np.quantile(gain, [0.05, 0.5, 0.95])
    return RateProposal(
        change=change,
        repricing_minor=repricing,
        break_even=break_even,
        extra_sales=(float(extra[0]), float(extra[1]), float(extra[2])),
        gain=(float(won[0]), float(won[1]), float(won[2])),
        better=float((gain > 0).mean()),
    )
