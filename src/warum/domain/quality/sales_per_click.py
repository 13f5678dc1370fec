"""More sales than the counted clicks can explain: a link reference that was copied.

A reference is the same for everybody who takes a link that day and can be passed on. Its sales are therefore held
against the clicks that were counted that day, at several times the rate at which anybody's clicks sell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.quality.chances import at_least_each, nine_in_ten
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.traffic import Traffic

sales_min: Final = 3
publishers_min: Final = 3
_times: Final = 3.0
_days_left_out: Final = 3
_rate_max: Final = 0.5
_sales_a_day_min: Final = 3


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags days whose references sold more often than clicks do."""
    own = [
        (one.kind, _usual(one)) for one in everybody if one.reference_clicks.any() and (one.reference_day >= 0).any()
    ]
    return [_one(one, [rate for kind, rate in own if kind == one.kind], [rate for _, rate in own]) for one in everybody]


def _usual(one: Traffic) -> float:
    """The publisher's own rate without its best days, so that a copied reference does not excuse itself."""
    referred = one.first() & (one.reference_day >= 0)
    sales = np.bincount(one.reference_day[referred], minlength=len(one.reference_clicks))
    kept = np.argsort(sales, kind="stable")[: max(1, len(sales) - _days_left_out)]
    clicks = float(one.reference_clicks[kept].sum())
    return float(sales[kept].sum()) / clicks if clicks else 0.0


def _one(one: Traffic, alike: Sequence[float], rates: Sequence[float]) -> Said:
    referred = one.first() & (one.reference_day >= 0)
    if referred.sum() < sales_min:
        return Unknown(publisher=one.publisher, code=Code.SALES_PER_CLICK, why=Thin.SALES_FEW)
    if len(rates) < publishers_min:
        return Unknown(publisher=one.publisher, code=Code.SALES_PER_CLICK, why=Thin.PEERS_FEW)
    days = len(one.reference_clicks)
    sales = np.bincount(one.reference_day[referred], minlength=days)
    common = float(np.median(alike if len(alike) >= publishers_min else rates))
    rate = min(_rate_max, _times * max(common, min(_usual(one), _times * common)))
    chances = at_least_each(sales, one.reference_clicks, np.full(days, rate))
    odd = (chances <= chance_max / days) & (sales >= _sales_a_day_min)
    if not odd.any():
        return None
    worst = int(np.where(odd, sales - rate * one.reference_clicks, -np.inf).argmax())
    clicks = int(one.reference_clicks[worst])
    return Flag(
        publisher=one.publisher,
        code=Code.SALES_PER_CLICK,
        sales=tuple(one.sale[(one.reference_day >= 0) & odd[np.maximum(one.reference_day, 0)]].tolist()),
        chance=min(1.0, float(chances[odd].min()) * days),
        evidence=(
            Evidence(
                name="sales_of_day",
                seen=float(sales[worst]),
                low=0.0,
                high=nine_in_ten(clicks, rate)[1],
                of=clicks,
            ),
            Evidence(name="odd_days", seen=float(odd.sum()), low=0.0, high=0.0, of=days),
        ),
        considered=(Innocent.CLICKS_UNCOUNTED, Innocent.SPLIT_ORDER),
    )


SIGNAL: Final = Signal(Code.SALES_PER_CLICK, judge)
