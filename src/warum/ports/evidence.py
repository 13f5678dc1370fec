"""What bots read, and how it is kept: the log of draws of an offer, and facts under the hash of their bytes. And what
draws are judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.domain.contexts import ANY
from warum.ports.catalog import Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAllocation:
    """An allocation of an offer, in force from its making until that of the next one in the same context. ``derived``:
    nobody set its shares, they follow from those that were."""

    id: int
    made_at_us: int
    derived: bool
    arms: tuple[Arm, ...]
    context: str = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAllocation:
    """What arms were drawn under.

    Attributes:
        shares: (arm, propensity in parts per million), in the order of the arms.
        floor_ppm: that the bot had to keep whose proposal this was; None where people set the shares, or they follow
            from others.
        context: of the offer.
    """

    id: int
    offer: int
    shares: tuple[tuple[int, int], ...]
    floor_ppm: int | None
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLink:
    """A link, whose offer says which allocations it may lead through. ``in_slot``: it belongs to a slot, so arms are
    drawn when they are shown."""

    id: int
    offer: int
    in_slot: bool


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
        """Every allocation that the offer had, in every context, oldest first."""
        ...

    def every_allocation(self) -> Iterator[DrawnAllocation]:
        """Every allocation that there ever was, oldest first, some at a time."""
        ...

    def every_link(self) -> Iterator[DrawnLink]:
        """Every link, retired ones included, some at a time."""
        ...

    def offer_log(
        self, allocations: Sequence[int], *, from_day: int, until_day: int, in_slots: bool = False, net: bool = False
    ) -> OfferLog:
        """What the draws of these allocations brought, on UTC days since 1970 by the time of the exposure, the last
        one exclusive. Live traffic alone. Deep links are not among it: they led past the arms.

        Args:
            in_slots: whether the draws are those of slots, when something is shown, or those of other links, when
                somebody clicks.
            net: whether amounts are what is left after the commission.
        """
        ...

    def keep_lesson(self, offer: int, body: bytes, *, at_us: int) -> None:
        """What an offer's campaign teaches so far, in place of what it taught before."""
        ...

    def lesson_learnt_us(self, offer: int) -> int | None: ...

    def lessons(self, *, but: int, limit: int) -> list[bytes]:
        """The newest lessons of all other offers in the network."""
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
