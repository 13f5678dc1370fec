"""Creatives and slots, as use cases see them. Both carry ``row_version``; an update names the one it was made from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from warum.domain.contexts import ANY
from warum.domain.creatives import Availability, Language, SlotFormat
from warum.ports.catalog import Partnership


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """What can be shown for an offer.

    Attributes:
        arm: its number in every allocation of the offer.
        sku: the advertiser's own number of what is offered; several creatives may have the same.
        price_minor, currency: None for none; ``price_until_us`` is when the price stops being true, None is open.
    """

    id: int
    advertiser: int
    program: int
    offer: int
    arm: int
    landing_page: int
    name: str
    language: Language
    headline: str
    text: str
    image_url: str | None
    image_alt: str
    sku: str | None
    price_minor: int | None
    currency: str | None
    price_until_us: int | None
    availability: Availability
    availability_us: int
    retired_us: int | None
    row_version: int

    @property
    def available(self) -> bool:
        return self.availability is Availability.IN_STOCK and self.retired_us is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place on a publisher's page. ``link`` is its own; what the slot brings is counted by it."""

    id: int
    code: str
    advertiser: int
    publisher: int
    program: int
    partnership: int
    offer: int
    link: int
    name: str
    format: SlotFormat
    retired_us: int | None
    row_version: int


class CreativeStore(Protocol):
    def creatives(
        self, *, advertiser: int | None, program: int | None, offer: int | None, after: int, limit: int
    ) -> list[Creative]: ...

    def creative(self, creative: int) -> Creative | None: ...

    def of_offer(self, offer: int) -> list[Creative]:
        """Those that are not retired, by arm. Whoever changes one holds the offer's lock."""
        ...

    def of_skus(self, advertiser: int, skus: Collection[str]) -> list[Creative]:
        """Those that are not retired, by offer and arm."""
        ...

    def next_arm(self, offer: int) -> int:
        """The first number that no arm of the offer ever had."""
        ...

    def wished_shares(self, offer: int, context: str = ANY) -> dict[int, int]:
        """Parts per million by creative, each from the last allocation with it that somebody set in this context."""
        ...

    def add_creative(self, creative: Creative, at_us: int) -> int:
        """``id`` and ``row_version`` of the argument are not looked at; the new id."""
        ...

    def save_creative(self, creative: Creative) -> int: ...

    def slots(
        self, *, partnership: int | None, offer: int | None, program: int | None, after: int, limit: int
    ) -> list[Slot]: ...

    def slot(self, slot: int, *, lock: bool = False) -> Slot | None: ...

    def add_slot(
        self, *, code: str, partnership: Partnership, offer: int, link: int, name: str, shape: SlotFormat, at_us: int
    ) -> int: ...

    def save_slot(self, slot: Slot) -> int: ...
