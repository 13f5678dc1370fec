"""Publishers who buy through their own links, where a program forbids it. One test order is nobody's business."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from warum.domain.quality.chances import at_least, nine_in_ten
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, chance_max
from warum.domain.quality.traffic import Traffic

own_min: Final = 2
_ordinary: Final = 0.01
"""Two people who share an address or an account are not always one."""


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those with several sales to themselves."""
    return [_one(each) for each in everybody]


def _one(one: Traffic) -> Said:
    first = one.first()
    own, sales = int((one.own & first).sum()), int(first.sum())
    chance = at_least(own, sales, _ordinary)
    if own < own_min or chance > chance_max:
        return None
    return Flag(
        publisher=one.publisher,
        code=Code.SELF_PURCHASE,
        sales=tuple(one.sale[one.own].tolist()),
        chance=chance,
        evidence=(
            Evidence(
                name="own_sales",
                seen=float(own),
                low=0.0,
                high=nine_in_ten(sales, _ordinary)[1],
                of=sales,
            ),
        ),
        considered=(Innocent.TEST_ORDER,),
    )


SIGNAL: Final = Signal(Code.SELF_PURCHASE, judge)
