"""What people look at: conversions with names, their postings and deliveries, balances, counters, what waits for a
person. Only reading, but for the marks that a person sets on what waited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from warum.domain.conversion import Conversion, Status
from warum.domain.ledger import AccountKind, Book
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionFilter:
    """Which conversions; None does not narrow. ``before`` is the id of the last one seen, newest come first."""

    advertiser: int | None = None
    publisher: int | None = None
    program: int | None = None
    status: Status | None = None
    mode: Mode | None = None
    order_id: str | None = None
    booked_from_us: int | None = None
    booked_until_us: int | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionLine:
    """A conversion with the names a person knows. A name is None when it lies outside of the reader's rows."""

    conversion: Conversion
    advertiser_name: str | None
    publisher_name: str | None
    program_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One step of a history. ``canonical`` are the bytes that the log commits to."""

    seq: int
    kind: str
    at_us: int
    seen_us: int
    source: RecordId | None
    canonical: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingLine:
    """One row of the ledger's journal."""

    txn: int
    kind: str
    at_us: int
    key: str
    book: Book
    debit: AccountKind
    credit: AccountKind
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One attempt to tell a publisher; without ``attempt`` it waits for the first one."""

    target: int
    seq: int
    event_id: str
    state: str
    attempt: int | None
    at_us: int | None
    answered: int | None
    outcome: str | None
    due_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What stands for a publisher with an advertiser, in minor units of one currency."""

    advertiser: int
    publisher: int
    currency: str
    mode: Mode
    pending_minor: int
    confirmed_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCount:
    """Requests that did not count, by reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a link brought. ``clicks_bare`` came without consent and without a legal basis: counted, never credited."""

    link: int
    publisher: int
    program: int
    impressions: int
    clicks_token: int
    clicks_reference: int
    clicks_bare: int
    conversions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """A report that could not be applied, with the reason; it waits for its order or for a person."""

    id: int
    advertiser: int
    order_id: str | None
    event_type: str
    mode: Mode
    reason: str
    message: str
    seen_us: int
    source: RecordId
    resolved_us: int | None
    resolution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that broke the consumer. It is kept as bytes; the rest went on."""

    source: RecordId
    type: int
    bytes: int
    reason: str
    at_us: int
    released_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLine:
    """How far the worker has read a stream of the journal."""

    stream: int
    segment: int
    position: int
    number: int
    watermark_us: int


class ViewStore(Protocol):
    def conversions(self, which: ConversionFilter) -> list[ConversionLine]: ...

    def conversion(self, conversion: int) -> ConversionLine | None: ...

    def events(self, conversion: int) -> list[EventLine]:
        """In the order in which they happened."""
        ...

    def postings(self, conversion: int) -> list[PostingLine]: ...

    def deliveries(self, conversion: int) -> list[DeliveryLine]: ...

    def balances(self, *, publisher: int | None, advertiser: int | None) -> list[Balance]: ...

    def drops(self, *, from_us: int, until_us: int, advertiser: int | None) -> list[DropCount]:
        """Most frequent first."""
        ...

    def traffic(self, *, from_us: int, until_us: int, program: int | None, publisher: int | None) -> list[Traffic]: ...

    def open_reports(
        self, *, advertiser: int | None, resolved: bool, after: int, limit: int
    ) -> Sequence[OpenReport]: ...

    def open_report(self, report: int) -> OpenReport | None: ...

    def resolve_report(self, report: int, *, resolution: str, at_us: int) -> None: ...

    def quarantine(self, *, limit: int) -> list[Quarantined]:
        """What was not released yet, newest first."""
        ...

    def quarantined(self) -> int:
        """How many were not released yet."""
        ...

    def streams(self) -> list[StreamLine]: ...
