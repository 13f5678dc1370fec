"""Which order does a claim mean? The same id in the same spelling is it; everything else is a hint for a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from warum.domain.routine.claims.records import Claim, Order
from warum.kernel.period import local_date

_apart: Final = re.compile(r"[^0-9a-z]+")
_zeros: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_amount_tolerance_ppm: Final = 10_000
_amount_tolerance_minor: Final = 100
"""A hundredth, or a unit where that is more: roundings of tax and of shipping, no other order."""


def same(one: str, other: str) -> bool:
    """The same id in the same spelling; spaces around it are nobody's spelling."""
    return one.strip() == other.strip()


def alike(one: str, other: str) -> bool:
    """The same id but for case, punctuation and leading zeros, without being the same."""
    return not same(one, other) and not _plain(one).isdisjoint(_plain(other))


def _plain(order_id: str) -> set[str]:
    """What is left of an id: zeros are leading in each of its parts, or in the whole of it."""
    folded = order_id.strip().casefold()
    return {_apart.sub("", _zeros.sub("", folded)), _zeros.sub("", _apart.sub("", folded))} - {""}


def nearly(one: str, other: str) -> bool:
    """One slip apart: a sign more, less or another, or two neighbours swapped."""
    left, right = _bare(one), _bare(other)
    if left == right or abs(len(left) - len(right)) > 1 or min(len(left), len(right)) < 3:
        return False
    begin = 0
    while begin < min(len(left), len(right)) and left[begin] == right[begin]:
        begin += 1
    rest, other_rest = left[begin:], right[begin:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


def _bare(order_id: str) -> str:
    return _apart.sub("", order_id.strip().casefold())


def amount_fits(claim: Claim, order: Order) -> bool:
    """Whether the claimed amount is the order's, with or without tax."""
    if claim.amount_minor is None:
        return False
    known = [order.amount_minor] if order.gross_minor is None else [order.amount_minor, order.gross_minor]
    return any(abs(claim.amount_minor - each) <= _tolerance(each) for each in known)


def day_fits(claim: Claim, order: Order, zone: str) -> bool:
    """Whether the claimed day can be the order's: a day apart is the time zone of somebody else."""
    claimed = claimed_day(claim)
    return claimed is not None and abs((claimed - local_date(order.ordered_us, zone)).days) <= 1


def claimed_day(claim: Claim) -> date | None:
    try:
        return date.fromisoformat(claim.ordered_day)
    except ValueError:
        return None


def fits(claim: Claim, order: Order, zone: str) -> bool:
    """Amount, currency and day are all the order's."""
    return claim.currency == order.currency and amount_fits(claim, order) and day_fits(claim, order, zone)


def written_so(claim: Claim, orders: Sequence[Order]) -> list[Order]:
    """Orders with the claimed id; a test beside a live one of the same id does not count."""
    found = [order for order in orders if same(order.id, claim.order_id)]
    live = [order for order in found if not order.mode]
    return live or found


def _tolerance(amount_minor: int) -> int:
    return max(_amount_tolerance_minor, abs(amount_minor) * _amount_tolerance_ppm // 1_000_000)
