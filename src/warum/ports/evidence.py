"""What bots read, and how it is kept: the log of draws of an offer, and facts under the hash of their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.ports.catalog import Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAllocation:
    """An allocation of an offer, in force from its making until the next one's. ``derived``: nobody set its shares,
    they follow from those that were, because a creative came or went."""

    id: int
    made_at_us: int
    derived: bool
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What was exposed: a UTC day under one allocation, one arm. ``clicks`` are those that can be credited."""

    day: int
    allocation: int
    arm: int
    impressions: int
    clicks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayConversions:
    """What came of a UTC day's clicks under one allocation, by arm and currency.

    Attributes:
        pending_minor, approved_minor: retained amounts; paid counts as approved.
        square: sum of the squares of both.
    """

    day: int
    allocation: int
    arm: int
    currency: str
    pending: int
    approved: int
    declined: int
    pending_minor: int
    approved_minor: int
    square: int


class DrawValue(NamedTuple):
    """What one conversion of a draw is worth, retained."""

    allocation: int
    arm: int
    pending: bool
    retained_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLog:
    """The log of draws of an offer."""

    counts: tuple[DayCount, ...]
    conversions: tuple[DayConversions, ...]


class EvidenceStore(Protocol):
    def keep_facts(self, *, kind: str, advertiser: int, body: bytes, at_us: int) -> bytes:
        """Store canonical bytes, unless they are; their hash."""
        ...

    def facts(self, facts: bytes) -> bytes | None: ...

    def allocations(self, offer: int) -> list[PastAllocation]:
        """Every allocation that the offer had, oldest first."""
        ...

    def offer_log(
        self, allocations: Sequence[int], *, from_day: int, until_day: int, in_slots: bool = False
    ) -> OfferLog:
        """What the draws of these allocations brought, on UTC days since 1970 by the time of the exposure, the last
        one exclusive. Live traffic alone. Deep links are not among it: they led past the arms.

        Args:
            in_slots: whether the draws are those of slots, when something is shown, or those of other links, when
                somebody clicks.
        """
        ...

    def awards(
        self, allocations: Sequence[int], currency: str, *, from_day: int, until_day: int, in_slots: bool = False
    ) -> list[DrawValue]:
        """One line for each conversion of these draws in a currency that is not declined."""
        ...

    def lags(self, program: int, *, from_us: int, days_max: int) -> tuple[int, ...]:
        """Conversions of a program's clicks since then by whole days between click and booking, the last entry being
        ``days_max`` and more; empty without any. Where the click's moment is known, that is: with a token."""
        ...
