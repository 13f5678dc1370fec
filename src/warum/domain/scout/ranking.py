"""The order of a program's publishers, and why it is this one.

Ranked by what a sale is expected to be worth after cancellations and declines. Newcomers, of whom hardly anything is
known, are not ranked low for it: together they keep a stated share, and each the same part of it, since nobody ever
becomes known who is never tried. Shares are the probabilities with which publishers are proposed.

The main parameters and their weights are told with every ranking (Regulation (EU) 2019/1150, Article 5). What anybody
pays to the operator is not among them, and nothing here reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final

import numpy as np

from warum.domain.arrays import Floats
from warum.domain.scout.forecast import Forecast
from warum.kernel.refusal import Refusal

SHARE_ONE: Final = 1_000_000
newcomers_share_ppm_default: Final = 150_000
newcomer_decided_max: Final = 9
"""With fewer than ten decided sales a publisher's kept share is mostly that of its like."""


class Because(StrEnum):
    """Why a publisher stands where it stands."""

    EXPECTED_NET = "expected_net"
    NEWCOMER = "newcomer"


class Main(StrEnum):
    """The main parameters of the ranking."""

    BOOKED_VALUE = "booked_value"
    KEPT_SHARE = "kept_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much a main parameter decides of the order: its share in how far the expected net values lie apart.

    Two shares add up to one; a negative one works against the other parameter.
    """

    parameter: Main
    weight_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One publisher in the ranking.

    Attributes:
        place: from 1 on; None for newcomers, who have a share instead.
        share_ppm: the probability with which it is proposed.
        tied_with: how many publishers' intervals of the established overlap its own so far that either may be ahead;
            a large number says that the place means little.
    """

    publisher: int
    place: int | None
    share_ppm: int
    because: Because
    forecast: Forecast
    tied_with: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Established publishers in order, then newcomers by their id. Payment buys no rank."""

    placed: tuple[Placed, ...]
    weights: tuple[Weight, ...]
    newcomers_share_ppm: int


def rank(forecasts: Sequence[Forecast], *, newcomers_share_ppm: int = newcomers_share_ppm_default) -> Ranking | Refusal:
    """Order publishers by expected net value.

    Args:
        newcomers_share_ppm: what newcomers keep together, in millionths; all of it goes to the others where there are
            none, and all to newcomers where there is nobody else.
    """
    if not 0 <= newcomers_share_ppm <= SHARE_ONE:
        return Refusal(
            "newcomers_share_outside", "The newcomers' share lies between 0 and 1,000,000.", "newcomers_share_ppm"
        )
    if not forecasts:
        return Refusal("publishers_few", "There is no publisher to rank.")
    new = sorted((one for one in forecasts if one.decided <= newcomer_decided_max), key=lambda one: one.publisher)
    known = sorted(
        (one for one in forecasts if one.decided > newcomer_decided_max),
        key=lambda one: (-one.net_minor, one.publisher),
    )
    kept = newcomers_share_ppm if new and known else SHARE_ONE * bool(new)
    shares_new = _split(kept, [1.0] * len(new))
    shares_known = _split(SHARE_ONE - kept, [one.net_minor for one in known])
    placed = [
        Placed(
            publisher=one.publisher,
            place=index + 1,
            share_ppm=share,
            because=Because.EXPECTED_NET,
            forecast=one,
            tied_with=sum(
                1 for other in known if other is not one and other.low_minor <= one.net_minor <= other.high_minor
            ),
        )
        for index, (one, share) in enumerate(zip(known, shares_known, strict=True))
    ]
    placed += [
        Placed(
            publisher=one.publisher, place=None, share_ppm=share, because=Because.NEWCOMER, forecast=one, tied_with=0
        )
        for one, share in zip(new, shares_new, strict=True)
    ]
    return Ranking(placed=tuple(placed), weights=_weights(known), newcomers_share_ppm=kept)


def _weights(known: Sequence[Forecast]) -> tuple[Weight, ...]:
    """The logarithm of the net value is a sum; each part's covariance with it, over the variance."""
    value, share = (
        np.asarray([log(max(number, 1e-9)) for number in column], dtype=np.float64)
        for column in ([one.value_minor for one in known], [one.kept_share for one in known])
    )
    net = value + share
    variance = _covariance(net, net)
    of_value = round(SHARE_ONE * _covariance(value, net) / variance) if variance > 0 else SHARE_ONE // 2
    return (
        Weight(parameter=Main.BOOKED_VALUE, weight_ppm=of_value),
        Weight(parameter=Main.KEPT_SHARE, weight_ppm=SHARE_ONE - of_value),
    )


def _covariance(left: Floats, right: Floats) -> float:
    return float(((left - left.mean()) * (right - right.mean())).mean()) if len(left) else 0.0


def _split(total: int, weights: Sequence[float]) -> list[int]:
    """Shares by weight that add up exactly; leftover units go to the first."""
    if not weights:
        return []
    whole = sum(weights)
    parts = [int(total * (weight / whole)) if whole > 0 else total // len(weights) for weight in weights]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts
