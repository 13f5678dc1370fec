"""Click injection: a click is slipped in once somebody is about to buy, so that sales follow it sooner than a person
can buy anything.

What is too soon depends on what is sold, and is taken from the peers: the delay below which the middle publisher has at
most one sale in fifty. A fixed rule of five seconds misses whoever waits ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from warum.domain.arrays import Bools
from warum.domain.quality.fast_sales import beside_everybody, beside_soon
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.peers import Beside
from warum.domain.quality.traffic import Traffic

sales_min: Final = 10
_ordinary: Final = 0.02
_looks: Final = 2

_Look: TypeAlias = tuple[Beside | None, float]


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those with far more sales right after the click than their peers."""
    beside = beside_soon(everybody, _soon, ordinary=_ordinary, least=sales_min)
    # How soon a person can buy is a matter of the shop, so everybody is compared with everybody as well; kinds differ
    # in how soon their visitors do buy. The more telling of the two counts.
    whole = beside_everybody(everybody, _soon, ordinary=_ordinary, least=sales_min)
    beside = [_clearer(own, other) for own, other in zip(beside, whole, strict=True)]
    said: list[Said] = []
    for one, (by_time, limit) in zip(everybody, beside, strict=True):
        soon, timed = _soon(one, limit)
        of = int((timed & one.first()).sum())
        if by_time is None:
            thin = Thin.SALES_FEW if len(one.sale) < sales_min else Thin.TIMES_UNKNOWN
            why = thin if of < sales_min else Thin.PEERS_FEW
            said.append(Unknown(publisher=one.publisher, code=Code.CLICK_INJECTION, why=why))
            continue
        found = int((soon & one.first()).sum())
        chance = min(1.0, _looks * by_time.chance)
        if chance > chance_max:
            said.append(None)
            continue
        said.append(
            Flag(
                publisher=one.publisher,
                code=Code.CLICK_INJECTION,
                sales=tuple(one.sale[soon].tolist()),
                chance=chance,
                evidence=(
                    Evidence(name="soon_share", seen=found / of, low=by_time.low, high=by_time.high, of=of),
                    Evidence(name="soon_seconds", seen=limit, low=0.0, high=limit, of=found),
                ),
                considered=(Innocent.PREFILLED_FORM, Innocent.CLOCKS_APART),
            )
        )
    return said


def _clearer(own: _Look, other: _Look) -> _Look:
    if own[0] is None or other[0] is None:
        return other if own[0] is None else own
    return own if own[0].chance <= other[0].chance else other


def _soon(one: Traffic, limit: float) -> tuple[Bools, Bools]:
    timed = np.isfinite(one.delay_s)
    return timed & (one.delay_s < limit), timed


SIGNAL: Final = Signal(Code.CLICK_INJECTION, judge)
