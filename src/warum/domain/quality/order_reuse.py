"""Order ids that were used before: the same order sent again under another spelling.

The same id in the same spelling is one conversion and cannot be counted twice; ``A-100``, ``a100`` and ``A100/2`` can.
Orders that were split honestly look alike, so a few are ordinary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.quality.chances import at_least, nine_in_ten
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.traffic import Traffic

orders_min: Final = 10
_ordinary_min: Final = 0.02
_ordinary_max: Final = 0.5
_apart: Final = re.compile(r"[^0-9a-z]+")
_part: Final = re.compile(r"[-_/.# ]\d{1,2}$")


def root(order: str) -> str:
    """An order id without what spellings differ in: case, punctuation, and a short number of a part at its end."""
    folded = order.strip().casefold()
    shorter = _part.sub("", folded)
    return _apart.sub("", shorter if len(_apart.sub("", shorter)) >= 4 else folded)


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those who send far more repeated orders than the middle publisher."""
    again = [_again(one.order) for one in everybody]
    of = [sum(1 for order in one.order if order) for one in everybody]
    shares = [len(repeated) / count for repeated, count in zip(again, of, strict=True) if count >= orders_min]
    ordinary = max(_ordinary_min, float(np.median(shares))) if shares else _ordinary_min
    said: list[Said] = []
    for one, repeated, count in zip(everybody, again, of, strict=True):
        if count < orders_min:
            said.append(Unknown(publisher=one.publisher, code=Code.ORDER_REUSE, why=Thin.SALES_FEW))
            continue
        chance = at_least(len(repeated), count, min(ordinary, _ordinary_max))
        if chance > chance_max:
            said.append(None)
            continue
        said.append(
            Flag(
                publisher=one.publisher,
                code=Code.ORDER_REUSE,
                sales=tuple(int(one.sale[index]) for index in repeated),
                chance=chance,
                evidence=(
                    Evidence(
                        name="repeated_orders",
                        seen=float(len(repeated)),
                        low=0.0,
                        high=nine_in_ten(count, min(ordinary, _ordinary_max))[1],
                        of=count,
                    ),
                ),
                considered=(Innocent.SPLIT_ORDER,),
            )
        )
    return said


def _again(orders: Sequence[str]) -> list[int]:
    """Positions of orders whose root came before."""
    seen: set[str] = set()
    repeated: list[int] = []
    for index, order in enumerate(orders):
        if not order:
            continue
        name = root(order)
        if name in seen:
            repeated.append(index)
        seen.add(name)
    return repeated


SIGNAL: Final = Signal(Code.ORDER_REUSE, judge)
