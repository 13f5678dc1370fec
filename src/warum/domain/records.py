"""The records of the journal: what the edge saw, before anybody interpreted it.

A record is identified by where it stands (stream, segment, number). None holds an address, a user agent or anything
else about a person; a click without consent holds only the hour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from warum.domain.mode import Mode


class RecordType(IntEnum):
    """The type byte of the journal frame. An unknown one stops the consumer: it was written by a newer edge."""

    CLICK = 1
    IMPRESSION = 2
    TALLY = 3
    POSTBACK = 4
    TICK = 5


class Basis(IntEnum):
    """On what ground a click may be credited."""

    NONE = 0
    """No consent, and no legal basis recorded: counted, never credited."""
    CONSENT = 1
    MEMBER_REQUEST = 2
    """A logged-in cashback member asked for it."""
    REFERENCE = 3
    """No consent; the advertiser recorded a legal basis for the link reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A redirect that counts.

    Attributes:
        at_us: when it happened; without a token basis, the start of the UTC hour.
        seen_us: when the edge received it, likewise cut to the hour.
        sub_ids: the publisher's sub ids, sealed under the key of ``sub_day``; only with a token basis.
    """

    at_us: int
    seen_us: int
    link: int
    allocation: int
    arm: int
    basis: Basis
    mode: Mode
    sub_ids: bytes | None = None
    sub_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression:
    """A creative was shown. Times are cut to the hour: an impression is counted, never followed."""

    at_us: int
    seen_us: int
    link: int
    allocation: int
    arm: int
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Requests that did not count, by reason, since the last commit.

    Attributes:
        counts: (hour start in microseconds, link id or 0, advertiser id or 0, reason, count).
    """

    seen_us: int
    counts: tuple[tuple[int, int, int, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postback:
    """A conversion, an update or a cancellation as a partner reported it, after its dialect was read.

    Attributes:
        at_us: when the partner says it happened (receipt time when it does not say).
        event_id: the partner's id of this message, or one derived from its content; the same id counts once.
        step: what the status word means (a ``conversion.Step`` value); ``unknown`` when nobody defined it.
        status_raw: the word as it came.
        click_refs: click tokens and link references as they came, oldest first.
        amount_minor: the sale, or the amount after an amendment; None when not said.
        retained_minor: what the advertiser keeps after a partial refund or a cancellation fee; None when not said.
        check_in, check_out: ISO days, in the program's time zone.
    """

    at_us: int
    seen_us: int
    advertiser: int
    dialect: str
    event_id: str
    step: str
    status_raw: str
    mode: Mode
    event_type: str = "sale"
    program: str | None = None
    order_id: str | None = None
    click_refs: tuple[str, ...] = ()
    amount_minor: int | None = None
    retained_minor: int | None = None
    currency: str | None = None
    group: str = ""
    check_in: str | None = None
    check_out: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Nothing happened until then. Moves the watermark of a driven clock past the last event."""

    seen_us: int


Record: TypeAlias = Click | Impression | Tally | Postback | Tick
