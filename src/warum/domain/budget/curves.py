"""How spend becomes response: it lingers (geometric adstock), and more of it brings less (saturation).

Adstock is normalised, so a constant spend lingers as itself; ``half`` is the lingering spend that brings half of
``most``, in both forms. So a curve at constant spend is ``most x form(spend / half)`` per period:

- ``hill``: ``u^slope / (1 + u^slope)`` (Hill 1910; Jin, Wang, Sun, Chan and Koehler 2017 for media). A slope above 1
  is S-shaped: little money brings almost nothing.
- ``logistic``: ``tanh(u x atanh(1/2))``, the same as ``(1 - exp(-cu)) / (1 + exp(-cu))`` with ``c = log 3``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import atanh
from typing import Final

import numpy as np

from warum.domain.shrinkage import Floats

lags_default: Final = 12
"""Periods after its own in which spend may still act; at a retention of 0.7 less than 1 % of the effect is cut off."""
_at_half: Final = atanh(0.5)


class Form(StrEnum):
    HILL = "hill"
    LOGISTIC = "logistic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One curve.

    Attributes:
        most: response per period that no spend exceeds, in units of the result.
        half: spend per period that brings half of it.
        retention: share of the effect that goes on into the next period, in [0, 1).
        slope: of the Hill form; 1 is concave.
    """

    most: float
    half: float
    retention: float = 0.0
    form: Form = Form.HILL
    slope: float = 1.0

    def steady(self, spend: Floats) -> Floats:
        """Response per period at this constant spend; any shape."""
        return self.most * saturated(spend / self.half, self.form, self.slope)

    def over_time(self, spend: Floats, lags: int = lags_default) -> Floats:
        """Response in each period to the spend of each period, none before the first."""
        return self.steady(lagged(spend, lags) @ lag_weights(np.array([self.retention]), lags)[:, 0])


def saturated(load: Floats, form: Form, slope: float = 1.0) -> Floats:
    """Share of the most at a load of lingering spend / half, which must not be negative."""
    if form is Form.LOGISTIC:
        return np.tanh(_at_half * load)
    powered = load if slope == 1.0 else load**slope
    # 1 - 1/(1+u) rather than u/(1+u): no overflow at loads beyond all measure.
    return 1.0 - 1.0 / (1.0 + powered)


def lagged(spend: Floats, lags: int = lags_default) -> Floats:
    """Periods x (lags + 1): the spend of each period and of those before it."""
    padded = np.concatenate([np.zeros(lags), spend])
    return np.lib.stride_tricks.sliding_window_view(padded, lags + 1)[:, ::-1].copy()


def lag_weights(retention: Floats, lags: int = lags_default) -> Floats:
    """(lags + 1) x curves: how the effect of a spend falls on the periods; each column adds up to one."""
    powers = retention[None, :] ** np.arange(lags + 1)[:, None]
    return powers / powers.sum(axis=0)
