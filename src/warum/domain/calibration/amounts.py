"""Money that was promised, won and lost, in one currency and on one basis; nothing is converted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt

import numpy as np
from scipy import special

from warum.domain.calibration.codes import Basis
from warum.domain.calibration.promise import Kept, few, normal_90
from warum.domain.calibration.shares import level
from warum.kernel.refusal import Kind, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Measured gains, added up, with the 90 % interval of their sum, in minor units."""

    count: int
    gain_minor: int
    low_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """What came of each unit that was promised."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Finished promises in one currency.

    Attributes:
        total: all of them; chance cancels out of it in the long run.
        won, lost: those with a measured gain above zero, and the others. Each contains chance: a change without any
            effect is measured as a small win or a small loss.
        ratio: the measured sum by the promised one; or why that cannot be told.
    """

    basis: Basis
    currency: str
    promised_minor: int
    total: Sum
    won: Sum
    lost: Sum
    ratio: Ratio | Refusal


def amounts(promises: Sequence[Kept]) -> tuple[Amounts, ...]:
    """By basis and currency; none where nothing is finished."""
    found = {(one.basis, one.currency) for one in promises}
    return tuple(
        _amounts([one for one in promises if (one.basis, one.currency) == key])
        for key in product(Basis, sorted({currency for _, currency in found}))
        if key in found
    )


def ratio(promises: Sequence[Kept]) -> Ratio | Refusal:
    """Measured by promised, of promises in one currency.

    The error comes from how far each outcome lies from its share of the promise (the linearised ratio estimator,
    Cochran 1977, 6.4), so it holds what chance and what wrong promises add; large promises weigh more, as money does.

    Returns:
        A refusal for: too few outcomes, or promises that do not add up to more than nothing.
    """
    if refused := few(len(promises)):
        return refused
    measured = np.array([one.gain_minor for one in promises], dtype=np.float64)
    promised = np.array([one.promised_minor for one in promises], dtype=np.float64)
    count, whole = len(promises), float(promised.sum())
    if whole <= 0:
        return Refusal(
            code="promised_nothing",
            message="What was promised does not add up to a gain, so no share of it can have come.",
            kind=Kind.CONFLICT,
        )
    share = float(measured.sum()) / whole
    error = sqrt(count / (count - 1) * float(((measured - share * promised) ** 2).sum())) / whole
    reach = float(special.stdtrit(count - 1, (1 + level) / 2)) * error
    return Ratio(ratio=share, low=share - reach, high=share + reach)


def _amounts(promises: Sequence[Kept]) -> Amounts:
    first = promises[0]
    return Amounts(
        basis=first.basis,
        currency=first.currency,
        promised_minor=sum(one.promised_minor for one in promises),
        total=_sum(promises),
        won=_sum([one for one in promises if one.gain_minor > 0]),
        lost=_sum([one for one in promises if one.gain_minor <= 0]),
        ratio=ratio(promises),
    )


def _sum(promises: Sequence[Kept]) -> Sum:
    gain = sum(one.gain_minor for one in promises)
    spread = sqrt(sum(((one.high_minor - one.low_minor) / (2 * normal_90)) ** 2 for one in promises))
    return Sum(
        count=len(promises),
        gain_minor=gain,
        low_minor=round(gain - normal_90 * spread),
        high_minor=round(gain + normal_90 * spread),
    )
