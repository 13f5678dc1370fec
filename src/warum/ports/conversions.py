"""Conversions, their history and the reports that made it, in bulk: lists in, lists out, so that a batch costs a few
statements whatever its size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.domain.conversion import Conversion, ConversionEvent
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Refusal


class ConversionChanged(Exception):
    """A conversion was changed by somebody else since it was read. Nothing was written; read again and repeat."""


class OrderKey(NamedTuple):
    """An order of an advertiser: at most one conversion per event type."""

    advertiser: int
    mode: Mode
    event_type: str
    order_id: str


class ClickKey(NamedTuple):
    """What stands for the order where the partner has no order id: the record of the click."""

    advertiser: int
    mode: Mode
    event_type: str
    click: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenReport:
    """A partner's message by its own id, and the first record that brought it."""

    advertiser: int
    event_id: str
    record: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event as it is stored; ``entry`` of the log holds what it says."""

    event: ConversionEvent
    advertiser: int
    publisher: int | None
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """A report that could not be applied: it waits for its order or for a person.

    Attributes:
        reason: a refusal's code; ``order_unknown`` waits for the order.
        body: the journal record's own bytes.
        resolved_us: when it was settled, with how in ``resolution``; None while it is open.
    """

    advertiser: int
    order_id: str | None
    event_type: str
    mode: Mode
    reason: str
    message: str
    seen_us: int
    record: RecordId
    body: bytes
    resolved_us: int | None = None
    resolution: str | None = None


class ConversionStore(Protocol):
    """One transaction's view of the conversions."""

    def allocate_ids(self, count: int) -> list[int]:
        """Fresh conversion ids, ascending; those not used are never used."""
        ...

    def by_order(self, keys: Collection[OrderKey]) -> list[Conversion]: ...

    def by_click(self, keys: Collection[ClickKey]) -> list[Conversion]:
        """Conversions without an order id."""
        ...

    def due(self, until_us: int, limit: int) -> list[Conversion]:
        """Pending conversions whose hold ends at or before ``until_us``, in order of (release_at, id)."""
        ...

    def get(self, conversion: int, *, lock: bool = False) -> Conversion | None: ...

    def insert(self, conversions: Sequence[Conversion]) -> None: ...

    def update(self, changed: Sequence[tuple[int, Conversion]]) -> None:
        """Write conversions over the version that was read: (its ``seq``, the new standing).

        Raises:
            ConversionChanged: one of them is no longer at that ``seq``.
        """
        ...

    def append(self, events: Sequence[RecordedEvent]) -> None: ...

    def untaken(self, conversion: int) -> list[bytes]:
        """The canonical events that the log has not taken in yet (from before there was one), oldest first."""
        ...

    def untaken_conversions(self, limit: int) -> list[int]:
        """Of which some events wait to be taken in."""
        ...

    def take_in(self, taken: Sequence[tuple[int, int, int]]) -> None:
        """(conversion, seq, entry): the log holds these events from now on, and the history lets go of them."""
        ...

    def first_seen(self, reports: Sequence[SeenReport]) -> set[RecordId]:
        """Enter the reports; the records of those whose event id was not known before. No event id comes twice."""
        ...

    def open_reports(self, reports: Sequence[OpenReport]) -> None:
        """Keep reports that were not applied; one that is kept already stays as it is."""
        ...

    def waiting(self, keys: Collection[OrderKey]) -> list[OpenReport]:
        """Unresolved reports that came before their order, of these orders, by record."""
        ...

    def resolve(self, reports: Sequence[tuple[RecordId, int]], *, resolution: str) -> None:
        """Close open reports, each at its own time."""
        ...

    def judge(self, reports: Sequence[tuple[RecordId, Refusal]]) -> None:
        """Reports stay open, for another reason than before."""
        ...
