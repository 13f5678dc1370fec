"""Bot bursts: hours with many times the publisher's usual clicks, and hardly a sale from them.

Newsletters burst as well, but people open them and some buy; so it is not the burst that is flagged but a burst without
the sales that even half of the publisher's usual rate would bring. The publisher is compared with itself alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.arrays import Bools, Floats
from warum.domain.quality.chances import at_most, nine_in_ten
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.traffic import HOURS_A_DAY, Traffic

sales_min: Final = 10
days_min: Final = 7
_times: Final = 4.0
_clicks_min: Final = 10.0
_share_min: Final = 0.10
_rate_ordinary: Final = 0.5
"""A newsletter's clicks sell less often than the rest; half as often is still ordinary."""


def bursts(clicks: Floats) -> Bools:
    """Hours with more than four times what is usual at that hour, and more than ten clicks beyond it.

    The usual is the median over days of a three-hour neighbourhood, which a few days of bursts do not move.
    """
    by_day = clicks.reshape(-1, HOURS_A_DAY)
    around = np.median(by_day, axis=0)
    usual = np.maximum((np.roll(around, 1) + around + np.roll(around, -1)) / 3, float(by_day.mean(axis=1).min()) / 4)
    return (by_day > _times * usual + _clicks_min).ravel()


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those whose bursts bring clicks without sales; held are the sales from the bursts, if any."""
    return [_one(each) for each in everybody]


def _one(one: Traffic) -> Said:
    placed = one.first() & (one.click_hour >= 0)
    sales = int(placed.sum())
    if len(one.clicks) < days_min * HOURS_A_DAY:
        return Unknown(publisher=one.publisher, code=Code.BOT_BURST, why=Thin.CLICKS_FEW)
    if sales < sales_min:
        return Unknown(publisher=one.publisher, code=Code.BOT_BURST, why=Thin.SALES_FEW)
    burst = bursts(one.clicks.astype(np.float64))
    total = float(one.clicks.sum())
    share = float(one.clicks[burst].sum()) / total if total else 0.0
    if share < _share_min:
        return None
    from_bursts = placed & burst[np.where(placed, one.click_hour, 0)]
    due = _rate_ordinary * share / (_rate_ordinary * share + 1 - share)
    chance = at_most(int(from_bursts.sum()), sales, due)
    if chance > chance_max:
        return None
    low, high = nine_in_ten(sales, due)
    return Flag(
        publisher=one.publisher,
        code=Code.BOT_BURST,
        sales=tuple(one.sale[np.isin(one.visit, one.visit[from_bursts])].tolist()),
        chance=chance,
        evidence=(
            Evidence(name="burst_clicks_share", seen=share, low=0.0, high=_share_min, of=int(burst.sum())),
            Evidence(name="burst_sales", seen=float(from_bursts.sum()), low=low, high=high, of=sales),
        ),
        considered=(Innocent.NEWSLETTER,),
    )


SIGNAL: Final = Signal(Code.BOT_BURST, judge)
