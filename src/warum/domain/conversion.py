"""A conversion and its life: ``pending -> approved -> paid``, or ``declined`` with a reason.

Partners report steps in words of their own; the dialect translates them into ``Step``, the program's vertical decides
what a step means for the standing, and the commission and the ledger follow from the standing alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warum.domain.mode import Mode
from warum.kernel.ids import RecordId


class Status(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    PAID = "paid"


class Step(StrEnum):
    """What a partner can report about an order."""

    BOOKED = "booked"
    AMENDED = "amended"
    STAYED = "stayed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REFUNDED = "refunded"
    APPROVED = "approved"
    DECLINED = "declined"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a conversion was declined, as the publisher reads it."""

    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REFUNDED = "refunded"
    DECLINED_BY_ADVERTISER = "declined_by_advertiser"


class Credit(StrEnum):
    """What the conversion was credited by."""

    TOKEN = "token"
    REFERENCE = "reference"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One step as a vertical reads it. Times in microseconds, amounts in minor units, days as ISO text."""

    step: Step
    at_us: int
    amount_minor: int | None
    retained_minor: int | None
    check_in: str | None
    check_out: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a conversion stands with its vertical.

    Attributes:
        sale_minor: what was sold, after amendments.
        retained_minor: what the advertiser keeps of it; commissions are counted on this.
        release_at_us: when the hold is over and the conversion is approved; None while nothing has started the clock.
    """

    status: Status
    reason: Reason | None
    sale_minor: int
    retained_minor: int
    check_in: str | None
    check_out: str | None
    release_at_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whom a conversion is credited to and why; ids are None and ``why`` says the reason when to nobody.

    Attributes:
        why: ``token``, ``reference``, or a code such as ``no_click``, ``forged_click_id``, ``outside_window``.
        click_at_us: when the credited click was; for a reference, the last moment it can have been.
    """

    credit: Credit
    why: str
    publisher: int | None = None
    partnership: int | None = None
    link: int | None = None
    allocation: int | None = None
    arm: int | None = None
    click_at_us: int | None = None
    click_record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A conversion as it stands now. Its history is the sequence of its events.

    Attributes:
        seq: how many events it has had; the row version.
        rule: the commission rule version valid at click time; None when unattributed or no rule applies.
    """

    id: int
    advertiser: int
    program: int
    order_id: str | None
    event_type: str
    group: str
    mode: Mode
    currency: str
    booked_at_us: int
    attribution: Attribution
    rule: int | None
    standing: Standing
    commission_minor: int
    status_raw: str
    seq: int


class EventKind(StrEnum):
    """What an event of a conversion's history was."""

    BOOKED = "booked"
    AMENDED = "amended"
    STAYED = "stayed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REFUNDED = "refunded"
    APPROVED = "approved"
    DECLINED = "declined"
    RELEASED = "released"
    """The hold ran out."""
    NOTED = "noted"
    """A report that changed nothing (unknown word, late repetition): kept, for a person to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionEvent:
    """One step of a conversion's history; append-only.

    Attributes:
        source: the journal record it came from; None for a timer or a person.
        note: why it changed nothing, when it did not.
    """

    conversion: int
    seq: int
    kind: EventKind
    at_us: int
    seen_us: int
    source: RecordId | None
    status_raw: str | None
    before: Status | None
    after: Standing
    commission_minor: int
    rule: int | None
    note: str | None = None
