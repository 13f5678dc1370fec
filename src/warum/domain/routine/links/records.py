"""A link on a publisher's page, what it leads to, and what could take its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from warum.domain.catalog import PartnershipStatus, ProgramStatus
from warum.domain.routine.drafts import Letter
from warum.domain.scout.idle import LinkSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit to a page.

    Attributes:
        status: of the last answer; None where there was none.
        final_url: where redirects ended.
    """

    at_us: int
    status: int | None
    final_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A landing page with the looks that were taken at it, in any order."""

    url: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a link can promote.

    Attributes:
        kind, place: what it is and where; a double room in Hamburg is not one in Munich.
        price_minor: None for none.
        price_until_us: when the price ends to hold; None for never.
        available: False once sold out or withdrawn.
        pages: its landing pages, the preferred first.
    """

    id: int
    name: str
    kind: str
    place: str
    price_minor: int | None
    currency: str
    price_until_us: int | None
    available: bool
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A link where a publisher put it.

    Attributes:
        url: as it stood there, with sub ids and macros.
        seen: what the last look at the publisher's page said; ``seen_us`` is when.
        clicks, usual: of the last ``days`` days, and of as many before on average.
        deep: the page that the publisher names in the link, with its looks; None where it names none.
    """

    publisher: int
    publisher_name: str
    page_url: str
    url: str
    offer: int
    seen: LinkSeen
    seen_us: int
    clicks: int
    usual: int
    days: int
    deep: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known around a placement.

    Attributes:
        tracking_host: where our links live.
        hosts: that the advertiser proved to be its own.
        offers: of the program, the placement's among them.
        codes: the publisher's own links of the program, by offer.
        timezone: in which days are told.
    """

    program: ProgramStatus
    partnership: PartnershipStatus
    tracking_host: str
    hosts: tuple[str, ...]
    offers: tuple[Offer, ...]
    codes: Mapping[int, str]
    timezone: str


class Answer(StrEnum):
    NOTHING = "nothing"
    RESTORE = "restore"
    REPLACE = "replace"
    REFUSE = "refuse"
    ASK = "ask"


class Why(StrEnum):
    """The reason of an answer."""

    NOTHING_BROKEN = "nothing_broken"

    LINK_GONE = "link_gone"
    PAGE_BROKEN = "page_broken"
    PRICE_EXPIRED = "price_expired"
    SOLD_OUT = "sold_out"

    PROGRAM_NOT_RUNNING = "program_not_running"
    PARTNERSHIP_NOT_APPROVED = "partnership_not_approved"
    NO_HONEST_REPLACEMENT = "no_honest_replacement"

    NOT_OUR_LINK = "not_our_link"
    OFFER_UNKNOWN = "offer_unknown"
    NOT_LOOKED = "not_looked"
    LOOK_AGAIN = "look_again"
    LOOKS_CONTRADICT = "looks_contradict"
    MEND_ALLOCATION = "mend_allocation"
    """A landing page of ours is broken and another works: the link may stay, the shares have to change."""
    LINK_TO_BE_MADE = "link_to_be_made"
    EQUALLY_NEAR = "equally_near"
    SUB_ID_PERSONAL = "sub_id_personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The answer for one placement. ``url`` and ``letter`` are there for ``RESTORE`` and ``REPLACE``; ``offer`` is what
    the link would promote then."""

    publisher: int
    answer: Answer
    why: Why
    url: str | None = None
    offer: int | None = None
    letter: Letter | None = None
