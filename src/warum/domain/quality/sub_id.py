"""Sub ids that sell as none of the publisher's others do: one source among many that is bought, hijacked or made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.quality.chances import at_least_each, nine_in_ten
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.traffic import Traffic

subs_min: Final = 3
sales_min: Final = 5
_times: Final = 4.0
_rate_max: Final = 0.5


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags sub ids that sell at more than four times the rate of the publisher's others.

    Each is compared with the rest alone, and the level is shared among them.
    """
    return [_one(each) for each in everybody]


def _one(one: Traffic) -> Said:
    subs = len(one.sub_clicks)
    named = one.first() & (one.sub >= 0)
    if subs < subs_min or named.sum() < sales_min:
        thin = Thin.SALES_FEW if subs >= subs_min else Thin.CLICKS_FEW
        return Unknown(publisher=one.publisher, code=Code.SUB_ID, why=thin)
    sales = np.bincount(one.sub[named], minlength=subs)
    rest = (sales.sum() - sales + 1.0) / np.maximum(one.sub_clicks.sum() - one.sub_clicks, 1.0)
    rate = np.minimum(_rate_max, _times * rest)
    chances = at_least_each(sales, one.sub_clicks, rate) * subs
    odd = (chances <= chance_max) & (sales >= sales_min)
    if not odd.any():
        return None
    worst = int(np.where(odd, sales, -1).argmax())
    clicks = int(one.sub_clicks[worst])
    return Flag(
        publisher=one.publisher,
        code=Code.SUB_ID,
        sales=tuple(one.sale[(one.sub >= 0) & odd[np.maximum(one.sub, 0)]].tolist()),
        chance=min(1.0, float(chances[odd].min())),
        evidence=(
            Evidence(
                name="sub_sales",
                seen=float(sales[worst]),
                low=0.0,
                high=nine_in_ten(clicks, float(rate[worst]))[1],
                of=clicks,
            ),
        ),
        considered=(Innocent.GOOD_PLACEMENT,),
    )


SIGNAL: Final = Signal(Code.SUB_ID, judge)
