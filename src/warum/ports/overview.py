"""The whole network at a glance: what came in over a span of time, how it goes for each advertiser, what money did.

Spans are half open and start and end with a UTC hour where they count clicks; conversions are taken by when they were
booked, to the microsecond. Live traffic alone is counted: a test brings nobody money."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.domain.conversion import Status
from warum.ports.decisions import StoredAbstention


class Span(NamedTuple):
    """From inclusive, until exclusive, microseconds."""

    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Whose traffic; None does not narrow."""

    program: int | None = None
    publisher: int | None = None


class Seen(NamedTuple):
    """Counted requests. ``clicks_bare`` are those of ``clicks`` that nobody can be credited for; ``conversions`` were
    credited, and count in the hour of their booking."""

    impressions: int = 0
    clicks: int = 0
    clicks_bare: int = 0
    conversions: int = 0


@dataclass(frozen=True, slots=True)
class SeenAt:
    """What a bucket of a chart saw. ``at_us`` is its beginning."""

    at_us: int
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """What one publisher or program brought."""

    id: int
    name: str
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Credited conversions of a span in one currency, as they stand now.

    Attributes:
        status, publisher, program, at_us: what this line is about: one of them, the others are None. ``at_us`` is the
            beginning of a bucket.
        commission_minor: of those that are not declined.
    """

    currency: str
    count: int
    sale_minor: int
    commission_minor: int
    status: Status | None = None
    publisher: int | None = None
    program: int | None = None
    at_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When an advertiser's tracking was last heard of.

    Attributes:
        first_hour_us: the first hour with anything; None when there never was one.
        click_hour_us: the last hour with a click.
        conversion_hour_us: the last hour in which a credited conversion was booked.
        conversion_us: the booking of the last one.
    """

    advertiser: int
    name: str
    active: bool
    first_hour_us: int | None
    click_hour_us: int | None
    conversion_hour_us: int | None
    conversion_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What one kind of event did to publishers' money within a span, in one currency.

    Attributes:
        kind: of the ledger's transaction: an ``EventKind``, or ``clicks``.
        steps: how many steps of conversions it were; a conversion may have taken the same one again.
        pending_minor, confirmed_minor: what came on these accounts, less what left them.
    """

    kind: str
    currency: str
    steps: int
    pending_minor: int
    confirmed_minor: int


class Holding(NamedTuple):
    """What is on publishers' accounts now, in one currency."""

    currency: str
    pending_minor: int
    confirmed_minor: int


class Pulse(NamedTuple):
    """Changes whenever anything that an overview shows may have changed."""

    read: int
    txn: int
    act: int
    event_us: int


class OverviewStore(Protocol):
    def seen(self, span: Span, which: Which) -> Seen: ...

    def seen_at(self, span: Span, which: Which, *, unit: str, zone: str) -> list[SeenAt]:
        """By hour, day or week (``unit``) of a time zone, in the order of time; empty buckets are left out."""
        ...

    def seen_by_publisher(self, span: Span, which: Which, limit: int) -> list[SeenBy]:
        """Most clicks first."""
        ...

    def seen_by_program(self, span: Span, which: Which, limit: int) -> list[SeenBy]:
        """Most clicks first."""
        ...

    def booked(self, span: Span, which: Which, *, unit: str, zone: str) -> list[Booked]:
        """By status, by publisher, by program and by bucket."""
        ...

    def booked_totals(self, span: Span, which: Which) -> list[Booked]:
        """By currency and status alone."""
        ...

    def heartbeats(self) -> list[Heartbeat]:
        """Of every advertiser, by name."""
        ...

    def seen_within(self, spans: Sequence[tuple[int, Span]]) -> list[Seen]:
        """What each (advertiser, span) saw, in the same order."""
        ...

    def flows(self, span: Span) -> list[Flow]: ...

    def holdings(self) -> list[Holding]: ...

    def applications(self) -> int:
        """Partnerships that wait for a decision."""
        ...

    def pulse(self) -> Pulse: ...

    def names(self, subjects: Collection[str]) -> Mapping[str, str]:
        """What people call these, by public id; what has no name, or is not there, is left out."""
        ...

    def unknowns(self, limit: int) -> list[StoredAbstention]:
        """What bots did not know last, of the offers that have no newer proposal; newest first."""
        ...
