"""Figures beside the records that people work with: what each program, publisher, link and arm brought over a span of
time, and what a list of conversions sums up to.

Spans are half open, in microseconds; clicks are counted by UTC hours, conversions by when they were booked. Live
traffic alone is counted, unless a filter says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from warum.domain.conversion import Status
from warum.domain.inquiries.rule import Booked
from warum.ports.catalog import Link
from warum.ports.views import ConversionFilter


class Subject(StrEnum):
    """What figures are about."""

    PROGRAM = "program"
    PUBLISHER = "publisher"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A span, and whose traffic; None does not narrow."""

    from_us: int
    until_us: int
    program: int | None = None
    publisher: int | None = None
    link: int | None = None


class Seen(NamedTuple):
    """Counted requests. ``clicks_bare`` are those of ``clicks`` that nobody can be credited for, ``clicks_reference``
    those without consent on a legal basis; None where the counts do not tell them apart."""

    impressions: int = 0
    clicks: int = 0
    clicks_reference: int | None = None
    clicks_bare: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """Conversions of one status in one currency."""

    status: Status
    currency: str
    count: int
    sale_minor: int
    retained_minor: int
    commission_minor: int


class Partners(NamedTuple):
    approved: int = 0
    applied: int = 0


class LinkOrder(StrEnum):
    NEWEST = "newest"
    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilter:
    """Which links; None does not narrow. ``search`` is part of a name, or a code."""

    within: Within
    offer: int | None = None
    retired: bool | None = None
    search: str | None = None
    order: LinkOrder = LinkOrder.NEWEST
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link with the names around it, and what it brought."""

    link: Link
    publisher_name: str
    program_name: str
    offer_name: str
    created_us: int
    seen: Seen
    drops: int


@dataclass(frozen=True, slots=True)
class ArmTotal:
    """Conversions of one arm in one currency. Those declined are counted, and bring no money."""

    arm: int
    currency: str
    count: int
    declined: int
    retained_minor: int
    commission_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A conversion as far as its commission goes. Declined ones earn nothing under any rule and are left out."""

    conversion: int
    publisher: int
    group: str
    click_at_us: int
    rule: int | None
    currency: str
    status: Status
    retained_minor: int
    commission_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An announcement to a publisher, with its last attempt.

    Attributes:
        attempts: how many there were; the fields after it are None while there was none.
    """

    id: int
    target: int
    conversion: int
    seq: int
    event_id: str
    state: str
    due_us: int
    attempts: int
    at_us: int | None
    answered: int | None
    outcome: str | None
    duration_ms: int | None


class FigureStore(Protocol):
    def totals(self, which: ConversionFilter) -> list[Total]:
        """Over all pages of the list: ``before`` and ``limit`` are not looked at."""
        ...

    def seen(self, by: Subject, within: Within) -> Mapping[int, Seen]: ...

    def totals_by(self, by: Subject, within: Within) -> Mapping[int, Sequence[Total]]:
        """Credited conversions, by the id of what they are credited to."""
        ...

    def partners(self, by: Subject) -> Mapping[int, Partners]:
        """Partnerships by program or publisher."""
        ...

    def links(self, which: LinkFilter) -> list[LinkLine]: ...

    def arms_seen(self, offer: int, within: Within) -> Mapping[int, Seen]:
        """By the number of the arm, over every allocation of the offer."""
        ...

    def arm_totals(self, offer: int, within: Within) -> list[ArmTotal]: ...

    def drops(self, link: int, within: Within) -> list[tuple[str, int]]:
        """(reason, how many), the most frequent first."""
        ...

    def clicks_with_consent(self, within: Within) -> Mapping[int, int]:
        """By publisher."""
        ...

    def priced(self, program: int, within: Within) -> list[Priced]:
        """Live conversions of the program that are credited to somebody."""
        ...

    def booked(self, program: int, within: Within, *, zone: str) -> Iterator[Booked]:
        """The same with those declined, some at a time. Months are those of the IANA zone."""
        ...

    def told(self, *, publisher: int, before: int | None, limit: int) -> list[Told]:
        """Newest first; ``before`` is the id of the last one seen."""
        ...
