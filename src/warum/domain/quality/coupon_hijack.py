"""Coupon hijack and late stuffing: a click at the checkout takes over what another publisher had brought.

Read from the journeys that visitors' own browsers hand in: another publisher's touch came before, and the sale follows
within minutes. Publishers of vouchers do so by their nature and are compared with each other; what is left is who does
it far more than its like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.arrays import Bools
from warum.domain.quality.fast_sales import beside_soon
from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.traffic import Traffic

journeys_min: Final = 8
_ordinary: Final = 0.10


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those whose sales often follow within minutes after another publisher's touch."""
    beside = beside_soon(everybody, _taken, ordinary=_ordinary, least=journeys_min)
    said: list[Said] = []
    for one, (by_share, limit) in zip(everybody, beside, strict=True):
        taken, told = _taken(one, limit)
        of = int((told & one.first()).sum())
        if by_share is None:
            why = Thin.JOURNEYS_FEW if of < journeys_min else Thin.PEERS_FEW
            said.append(Unknown(publisher=one.publisher, code=Code.COUPON_HIJACK, why=why))
            continue
        found = int((taken & one.first()).sum())
        if by_share.chance > chance_max:
            said.append(None)
            continue
        said.append(
            Flag(
                publisher=one.publisher,
                code=Code.COUPON_HIJACK,
                sales=tuple(one.sale[taken].tolist()),
                chance=by_share.chance,
                evidence=(
                    Evidence(name="taken_share", seen=found / of, low=by_share.low, high=by_share.high, of=of),
                    Evidence(name="soon_seconds", seen=limit, low=0.0, high=limit, of=found),
                ),
                considered=(Innocent.VOUCHER_AT_CHECKOUT,),
            )
        )
    return said


def _taken(one: Traffic, limit: float) -> tuple[Bools, Bools]:
    told = np.isfinite(one.delay_s) & (one.touched_before >= 0)
    return told & (one.touched_before == 1) & (one.delay_s < limit), told


SIGNAL: Final = Signal(Code.COUPON_HIJACK, judge)
