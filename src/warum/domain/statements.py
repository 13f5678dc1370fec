"""What a month of receipts adds up to: per currency, what was earned and what is pending, before and after.

It is computed from the payloads of leaves and nothing else, so that both partners can compute the same from their
receipts (``docs/receipts.md``). A change of the ledger that no leaf tells of is in no statement, and is never paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from warum.domain.conversion import Status

_EARNS = frozenset({Status.APPROVED.value, Status.PAID.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One currency of a statement, minor units."""

    currency: str
    earned_before: int
    earned_change: int
    pending_before: int
    pending_change: int

    @property
    def earned(self) -> int:
        return self.earned_before + self.earned_change

    @property
    def pending(self) -> int:
        return self.pending_before + self.pending_change

    def fields(self) -> dict[str, str]:
        """As it stands in a payload."""
        return {
            "currency": self.currency,
            "earned_before": str(self.earned_before),
            "earned_change": str(self.earned_change),
            "earned": str(self.earned),
            "pending_before": str(self.pending_before),
            "pending_change": str(self.pending_change),
            "pending": str(self.pending),
        }


class Delta(NamedTuple):
    """What a record adds to its pair, minor units."""

    currency: str
    earned: int
    pending: int


def delta(payload: Mapping[str, Any]) -> Delta | None:
    """Of a payload of type ``conversion`` or ``clicks``; None for a test."""
    if payload["mode"] != "live":
        return None
    currency = payload["currency"]
    if "amount" in payload:
        return Delta(currency, int(payload["amount"]), 0)
    now = _worth(payload["after"]["status"], int(payload["commission"]))
    past = payload["before"]
    was = (0, 0) if past is None else _worth(past["status"], int(past["commission"]))
    return Delta(currency, now[0] - was[0], now[1] - was[1])


def totals(deltas: Iterable[Delta], before: Sequence[Mapping[str, str]]) -> list[Total]:
    """The currencies of a month, in alphabetical order; those with all zeros are left out.

    Args:
        before: the currencies of the statement before, as its payload has them.
    """
    earned, pending = defaultdict[str, int](int), defaultdict[str, int](int)
    for one in deltas:
        earned[one.currency] += one.earned
        pending[one.currency] += one.pending
    opening = {one["currency"]: one for one in before}
    found = [
        Total(
            currency=currency,
            earned_before=int(opening[currency]["earned"]) if currency in opening else 0,
            earned_change=earned[currency],
            pending_before=int(opening[currency]["pending"]) if currency in opening else 0,
            pending_change=pending[currency],
        )
        for currency in sorted(earned.keys() | pending.keys() | opening.keys())
    ]
    return [
        total
        for total in found
        if any((total.earned_before, total.earned_change, total.pending_before, total.pending_change))
    ]


def _worth(status: str, commission: int) -> tuple[int, int]:
    """(earned, pending) of a standing."""
    return (commission if status in _EARNS else 0), (commission if status == Status.PENDING.value else 0)
