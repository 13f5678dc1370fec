"""What people look at beyond single rows: conversions with names, deliveries, counters, what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from warum.domain.conversion import Credit, Reason, Status
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionFilter:
    """Which conversions; None does not narrow. ``before`` is the id of the last one seen: the newest come first.

    Attributes:
        credited: to somebody, or to nobody.
        order_prefix: how the order id begins.
        offer, arm: what the credited click led to.
        clicked_from_us, clicked_until_us: when that click was.
        had: had one of these events (``EventKind``, by comma) from ``had_from_us`` until ``had_until_us``.
    """

    conversion: int | None = None
    advertiser: int | None = None
    publisher: int | None = None
    program: int | None = None
    link: int | None = None
    status: Status | None = None
    mode: Mode | None = None
    credited: bool | None = None
    order_id: str | None = None
    order_prefix: str | None = None
    booked_from_us: int | None = None
    booked_until_us: int | None = None
    offer: int | None = None
    arm: int | None = None
    clicked_from_us: int | None = None
    clicked_until_us: int | None = None
    had: str | None = None
    had_from_us: int | None = None
    had_until_us: int | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionLine:
    """A conversion with the names that a person knows. A name is None where it lies outside of the reader's rows."""

    id: int
    advertiser: int
    advertiser_name: str | None
    publisher: int | None
    publisher_name: str | None
    program: int
    program_code: str | None
    link: int | None
    order_id: str | None
    event_type: str
    mode: Mode
    credit: Credit
    credit_why: str
    status: Status
    reason: Reason | None
    currency: str
    sale_minor: int
    retained_minor: int
    commission_minor: int
    booked_at_us: int
    release_at_us: int | None
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One attempt to tell a publisher of a step; ``attempt`` is None while it waits for the first one."""

    target: int
    seq: int
    event_id: str
    state: str
    due_us: int
    attempt: int | None
    at_us: int | None
    answered: int | None
    outcome: str | None


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
class WaitingReport:
    """A report that could not be applied, with the reason; it waits for its order or for a person. ``body`` is the
    journal record's own bytes."""

    id: int
    advertiser: int
    order_id: str | None
    event_type: str
    mode: Mode
    reason: str
    message: str
    seen_us: int
    source: RecordId
    body: bytes
    resolved_us: int | None
    resolution: str | None


class ViewStore(Protocol):
    def conversions(self, which: ConversionFilter) -> list[ConversionLine]: ...

    def deliveries(self, conversion: int) -> list[DeliveryLine]:
        """By target, in order of steps and attempts."""
        ...

    def drops(self, *, from_us: int, until_us: int, advertiser: int | None) -> list[DropCount]:
        """Most frequent first."""
        ...

    def traffic(self, *, from_us: int, until_us: int, program: int | None, publisher: int | None) -> list[Traffic]: ...

    def reports(self, *, advertiser: int | None, resolved: bool, before: int | None, limit: int) -> list[WaitingReport]:
        """Newest first."""
        ...

    def report(self, report: int, *, lock: bool = False) -> WaitingReport | None: ...

    def resolve_report(self, report: int, *, resolution: str, at_us: int) -> None: ...

    def sessions(self, login_role: str) -> int:
        """How many connections this login role has to the database."""
        ...

    def server_version(self) -> str: ...

    def waiting(self) -> tuple[int, int]:
        """(open reports, records in quarantine)."""
        ...
