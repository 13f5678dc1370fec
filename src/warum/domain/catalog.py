"""What partners agreed: advertisers, programs, offers, links, allocations, commission rules.

The ``Edge*`` records are what the tracking edge needs of it, no more: they make up the snapshot. Each is latest-wins by
its id, and carries everything the redirect needs, so that the edge never asks a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

PROPENSITY_ONE: Final = 1_000_000
"""Propensities are whole parts per million that sum to this, so that a draw can be replayed on any machine."""


ARM_DEEP_LINK: Final = 255
"""The arm of a click whose publisher named the page itself: it says nothing about any arm of the allocation."""


class ProgramStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class PartnershipStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    DECLINED = "declined"
    ENDED = "ended"


class Validation(StrEnum):
    """Who confirms: the hold running out, or a person of the advertiser."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A program's terms as far as conversions go.

    Attributes:
        currencies: ISO 4217; an amount in another currency is refused, never converted.
        window_days: how long after a click a conversion is credited.
        hold_days: how long a conversion stays pending after the vertical's clock started.
        timezone: IANA name; days, months and tiers of the program follow it.
    """

    program: int
    advertiser: int
    code: str
    vertical: str
    currencies: tuple[str, ...]
    window_days: int
    hold_days: int
    validation: Validation
    timezone: str


class CommissionKind(StrEnum):
    PERCENT = "percent"
    FIXED = "fixed"
    PER_CLICK = "per_click"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRule:
    """One version of a commission rule. A version never changes; a new one follows it.

    Attributes:
        publisher: the rule is for this publisher alone; None is for everybody in the program.
        group: commission group; ``""`` is the default group.
        rate_ppm: for ``percent``, parts per million of the retained amount.
        amount_minor: for ``fixed`` and ``per_click``.
        currency: of ``amount_minor``; None for ``percent``.
        valid_from_us: clicks from then on fall under it.
    """

    id: int
    program: int
    publisher: int | None
    group: str
    kind: CommissionKind
    rate_ppm: int
    amount_minor: int
    currency: str | None
    valid_from_us: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeAdvertiser:
    """What the edge knows of an advertiser.

    Attributes:
        code: public code in ``/p/{code}``.
        hosts: exact host names that the advertiser proved; deep links lead nowhere else.
        credit_without_consent: the recorded legal basis; None keeps the link reference off.
        token_hash: SHA-256 (hex) of the shared postback token; None until one is made.
        secret_sealed: the HMAC secret, sealed under the master key (hex); None until one is made.
    """

    id: int
    code: str
    name: str
    hosts: tuple[str, ...]
    credit_without_consent: str | None
    token_hash: str | None
    secret_sealed: str | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeProgram:
    """What the edge knows of a program. ``starts_us`` and ``ends_us`` bound its flight; None is open."""

    id: int
    advertiser: int
    code: str
    vertical: str
    currencies: tuple[str, ...]
    window_days: int
    status: ProgramStatus
    starts_us: int | None
    ends_us: int | None
    click_param: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeArm:
    """One arm of an allocation: a landing page, with its propensity in parts per million.

    Attributes:
        creative: what is shown for it on publishers' pages; None for a plain landing page.
    """

    arm: int
    url: str
    propensity_ppm: int
    creative: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeAllocation:
    """An immutable table of arms. Propensities sum to PROPENSITY_ONE."""

    id: int
    offer: int
    arms: tuple[EdgeArm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLink:
    """A tracking link of a partnership.

    Attributes:
        allocation: the allocation in force for the link's offer.
        active: False once retired, or while its partnership is not approved; the link stays until its window
            ends.
        publisher_kind: what its publisher does.
    """

    id: int
    code: str
    advertiser: int
    program: int
    publisher: int
    partnership: int
    allocation: int
    active: bool
    publisher_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgePlan:
    """The contexts that an offer tells apart, with the allocation in force in each. Of an offer without one, and in a
    context that is not among them, the link's allocation is in force.

    Attributes:
        id: of the offer.
        dimensions: as in ``domain.contexts``, in their order.
    """

    id: int
    dimensions: tuple[str, ...]
    contexts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeCreative:
    """What a slot shows for an arm.

    Attributes:
        language: ``de`` or ``en``.
        price_minor, currency: None for none; not shown from ``price_until_us`` on (None: always).
        available: False once sold out or retired; it is then shown nowhere.
    """

    id: int
    language: str
    headline: str
    text: str
    image_url: str | None
    image_alt: str
    price_minor: int | None
    currency: str | None
    price_until_us: int | None
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSlot:
    """A place on a publisher's page. What it shows is drawn from the allocation of its link, and clicks go there.

    Attributes:
        format: ``card``, ``banner`` or ``line``.
    """

    id: int
    code: str
    link: int
    format: str
    active: bool


EdgeEntry: TypeAlias = EdgeAdvertiser | EdgeProgram | EdgeAllocation | EdgePlan | EdgeLink | EdgeCreative | EdgeSlot
