"""Click flooding and cookie stuffing: so many clicks nobody made that some visitor of the advertiser buys anyway.

Such a sale comes whenever it comes, unmoved by the click: delays are spread over the whole attribution window instead
of falling off, and there are many more clicks for a sale than peers need. Both together are required; either alone
has many innocent reasons."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Said, Signal, Thin, Unknown, chance_max
from warum.domain.quality.peers import of_rates, of_shares
from warum.domain.quality.traffic import Traffic

sales_min: Final = 10
_late_quantile: Final = 0.9
_each_z_min: Final = 1.0


def judge(everybody: Sequence[Traffic]) -> list[Said]:
    """Flags those whose sales come late and rarely."""
    kinds = [one.kind for one in everybody]
    timed = [one.delay_s[one.first() & np.isfinite(one.delay_s)] for one in everybody]
    own = [float(np.quantile(delays, _late_quantile)) for delays in timed if len(delays) >= sales_min]
    late_s = float(np.median(own)) if own else np.inf
    late = np.asarray([float((delays > late_s).sum()) for delays in timed])
    of = np.asarray([float(len(delays)) for delays in timed])
    clicks = np.asarray([float(one.clicks.sum()) for one in everybody])
    visits = np.asarray([float(one.first().sum()) for one in everybody])
    lateness = of_shares(late, of, kinds, least=sales_min)
    rarity = of_rates(visits, clicks, kinds, least=sales_min)
    said: list[Said] = []
    for index, (one, by_time, by_clicks) in enumerate(zip(everybody, lateness, rarity, strict=True)):
        if by_time is None or by_clicks is None:
            why = Thin.SALES_FEW if of[index] < sales_min else Thin.PEERS_FEW
            said.append(Unknown(publisher=one.publisher, code=Code.CLICK_FLOODING, why=why))
            continue
        chance = float(special.ndtr(-(by_time.z + by_clicks.z) / sqrt(2)))
        if min(by_time.z, by_clicks.z) < _each_z_min or chance > chance_max:
            said.append(None)
            continue
        held = np.isfinite(one.delay_s) & (one.delay_s > late_s)
        said.append(
            Flag(
                publisher=one.publisher,
                code=Code.CLICK_FLOODING,
                sales=tuple(one.sale[held].tolist()),
                chance=chance,
                evidence=(
                    Evidence(
                        name="late_share",
                        seen=float(late[index] / of[index]),
                        low=by_time.low,
                        high=by_time.high,
                        of=int(of[index]),
                    ),
                    Evidence(
                        name="clicks_per_sale",
                        seen=float(clicks[index] / visits[index]),
                        low=by_clicks.low,
                        high=by_clicks.high,
                        of=int(clicks[index]),
                    ),
                ),
                considered=(Innocent.LATE_DECISION, Innocent.BRAND_CAMPAIGN),
            )
        )
    return said


SIGNAL: Final = Signal(Code.CLICK_FLOODING, judge)
