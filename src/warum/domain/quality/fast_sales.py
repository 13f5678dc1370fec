"""What the two signals about sales soon after a click share: which delay counts as soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from warum.domain.arrays import Bools
from warum.domain.quality.peers import Beside, of_shares
from warum.domain.quality.traffic import Traffic

_grid_s: Final = (5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 450.0, 600.0)
_sales_min: Final = 10
_alike_min: Final = 3

Taken: TypeAlias = Callable[[Traffic, float], tuple[Bools, Bools]]


def beside_soon(
    everybody: Sequence[Traffic], taken: Taken, *, ordinary: float, least: float
) -> list[tuple[Beside | None, float]]:
    """Each publisher beside its peers in sales that ``taken`` counts, and the delay that counts as soon for its kind.

    Args:
        taken: from traffic and that delay to which sales count, and out of which.
        ordinary: the share of sales that the middle publisher of a kind has within that delay.
    """
    kinds = [one.kind for one in everybody]
    answer: list[tuple[Beside | None, float]] = [(None, 0.0)] * len(everybody)
    for kind in sorted(set(kinds)):
        alike = [one for one in everybody if one.kind == kind]
        limit = _soon_s(alike if len(alike) >= _alike_min else everybody, ordinary, 0.5)
        for index, beside in enumerate(_beside(everybody, taken, limit, kinds, least)):
            if kinds[index] == kind:
                answer[index] = beside, limit
    return answer


def beside_everybody(
    everybody: Sequence[Traffic], taken: Taken, *, ordinary: float, least: float
) -> list[tuple[Beside | None, float]]:
    """The same without regard to kinds, at a delay so short that nine in ten publishers hardly have sales within it."""
    limit = _soon_s(everybody, ordinary, 0.9)
    alike = [""] * len(everybody)
    return [(beside, limit) for beside in _beside(everybody, taken, limit, alike, least)]


def _beside(
    everybody: Sequence[Traffic], taken: Taken, limit: float, kinds: Sequence[str], least: float
) -> list[Beside | None]:
    counts = [(*taken(one, limit), one.first()) for one in everybody]
    found = np.asarray([float((some & first).sum()) for some, _, first in counts])
    of = np.asarray([float((whole & first).sum()) for _, whole, first in counts])
    return of_shares(found, of, kinds, least=least)


def _soon_s(everybody: Sequence[Traffic], ordinary: float, publishers: float) -> float:
    """The longest delay below which this share of publishers has at most the ordinary share of its sales.

    A quantile of publishers, since the share over all sales would follow whoever cheats most.
    """
    timed = [one.delay_s[one.first() & np.isfinite(one.delay_s)] for one in everybody]
    judged = [delays for delays in timed if len(delays) >= _sales_min]
    found = _grid_s[0]
    for limit in _grid_s:
        if judged and float(np.quantile([float((d < limit).mean()) for d in judged], publishers)) <= ordinary:
            found = limit
    return found
