"""Offers: what a program promotes, its landing pages, and the allocation that shares visitors among them, or among the
creatives that show them (``app.creatives``).

An allocation is immutable, since every click names the one it was drawn under; to change shares is to put a new one in
force. Landing pages lie on hosts that the advertiser proved, so that a link never leads to somebody else's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from warum.app.advertisers import proved_hosts
from warum.app.border import (
    AllocationRef,
    CreativeRef,
    LandingPageRef,
    Limit,
    Name,
    OfferRef,
    ProgramRef,
    ReasonText,
    Version,
    border,
    missing,
    stale,
)
from warum.app.call import Call, Done
from warum.app.creatives.shares import bring_in_line
from warum.app.decisions.words import Words
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.contexts import ANY, contexts, phrase
from warum.kernel.ids import public
from warum.kernel.money import split
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Arm, Offer
from warum.ports.database import Tx

arms_max: Final = 32
PROPENSITY_PPM_MIN: Final = 10_000
"""One in a hundred: below that, what an arm would bring is never learned."""

Propensities = Annotated[
    tuple[Annotated[Decimal, Field(ge=0, le=1)], ...],
    Field(
        max_length=arms_max,
        description="Share of visitors of each arm in its order, such as 0.5; they sum to 1, and none is below 0.01. "
        "Left out: equal shares.",
    ),
]


@border
class LandingPageIn:
    name: Name
    url: Annotated[str, Field(min_length=8, max_length=2000, description="On a host that the advertiser proved.")]


@border
class ArmOut:
    arm: int
    landing_page: LandingPageRef
    creative: Annotated[CreativeRef | None, Field(description="What is shown for it; null: a plain landing page.")]
    name: Annotated[str, Field(description="Of the landing page.")]
    url: str
    propensity: Annotated[str, Field(description="With which probability a visitor is sent there.")]


@border
class ArmInContext:
    arm: int
    propensity: str


@border
class ContextOut:
    context: Annotated[str, Field(description="Such as device=phone.")]
    words: Words
    allocation: AllocationRef
    own: Annotated[bool, Field(description="Whether somebody set its shares; if not, they are those of the offer.")]
    arms: tuple[ArmInContext, ...]


@border
class OfferOut:
    id: OfferRef
    program: ProgramRef
    name: str
    allocation: Annotated[
        AllocationRef | None, Field(description="The one of the offer as a whole; it stands in for unknown contexts.")
    ]
    arms: tuple[ArmOut, ...]
    dimensions: Annotated[tuple[str, ...], Field(description="By which contexts are told apart; see contexts.")]
    contexts: Annotated[tuple[ContextOut, ...], Field(description="The shares in each, side by side.")]
    row_version: int


@border
class Offers:
    offers: tuple[OfferOut, ...]


@border
class OfferCreate:
    program: ProgramRef
    name: Name
    landing_pages: Annotated[
        tuple[LandingPageIn, ...],
        Field(min_length=1, max_length=arms_max, description="Where visitors go; each is one arm."),
    ]
    propensities: Propensities = ()


def create_offer(tx: Tx, call: Call, ask: OfferCreate) -> Done[OfferOut] | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    hosts = proved_hosts(tx, program.advertiser)
    for page in ask.landing_pages:
        if refusal := unproved(page.url, hosts, field="landing_pages"):
            return refusal
    shares_ppm = _shares_ppm(ask.propensities, len(ask.landing_pages))
    if isinstance(shares_ppm, Refusal):
        return shares_ppm
    offer = tx.catalog.add_offer(advertiser=program.advertiser, program=program.id, name=ask.name, at_us=call.now_us)
    pages = [
        tx.catalog.add_landing_page(
            advertiser=program.advertiser, offer=offer, name=page.name, url=page.url, at_us=call.now_us
        )
        for page in ask.landing_pages
    ]
    arms = [
        Arm(arm=number, landing_page=page, propensity_ppm=share_ppm)
        for number, (page, share_ppm) in enumerate(zip(pages, shares_ppm, strict=True))
    ]
    return _allocated(tx, call, offer, program.advertiser, arms, before=None)


@border
class AllocationReplace:
    """The arms stay those in force: the landing pages, or the creatives that can be shown."""

    offer: OfferRef
    context: Annotated[
        str,
        Field(
            max_length=100,
            description="Such as device=phone, of those that the offer tells apart. Left out: the "
            "offer as a whole; contexts without shares of their own follow it.",
        ),
    ] = ANY
    propensities: Propensities = ()
    reason: ReasonText | None = None
    expected_version: Version | None = None


def replace_allocation(tx: Tx, call: Call, ask: AllocationReplace) -> Done[OfferOut] | Refusal:
    found = tx.catalog.offer(ask.offer, lock=True)
    if found is None:
        return missing("offer", ask.offer)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    if ask.context != ANY and ask.context not in contexts(found.dimensions):
        known = ", ".join(contexts(found.dimensions)) or "none"
        return Refusal(
            code="context_unknown",
            message=f"The offer does not tell this context apart; it has {known}. Choose with offer.contexts.set.",
            field="context",
            kind=Kind.CONFLICT,
        )
    in_force = found.allocation_in(ask.context)
    arms = () if in_force is None else tx.catalog.allocation(in_force)
    if not arms:
        return Refusal(
            code="offer_without_allocation", message="The offer has nothing to share among.", kind=Kind.CONFLICT
        )
    shares_ppm = _shares_ppm(ask.propensities, len(arms))
    if isinstance(shares_ppm, Refusal):
        return shares_ppm
    shared = [replace(arm, propensity_ppm=share_ppm) for arm, share_ppm in zip(arms, shares_ppm, strict=True)]
    return _allocated(tx, call, found.id, found.advertiser, shared, before=found.row_version, context=ask.context)


@border
class OfferShow:
    offer: OfferRef


def show_offer(tx: Tx, call: Call, ask: OfferShow) -> OfferOut | Refusal:
    found = tx.catalog.offer(ask.offer)
    return missing("offer", ask.offer) if found is None else offer_out(tx, found)


@border
class OfferList:
    program: ProgramRef | None = None
    after: Annotated[OfferRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_offers(tx: Tx, call: Call, ask: OfferList) -> Offers | Refusal:
    found = tx.catalog.offers(program=ask.program, after=ask.after or 0, limit=ask.limit)
    return Offers(offers=tuple(offer_out(tx, offer) for offer in found))


def unproved(url: str, hosts: frozenset[str], *, field: str) -> Refusal | None:
    """Why nobody is sent to this address, or shown what is there; None when it lies on one of the hosts."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    # A browser reads a backslash as a slash and drops control characters: such an address may lead elsewhere.
    plain = url.isprintable() and not set(url) & set(' \\<>"')
    if parts is None or host is None or not plain or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return Refusal(
            code="url_malformed",
            message=f"{url} is no address on the web; it begins with https:// and a host name.",
            field=field,
        )
    if host not in hosts:
        return Refusal(
            code="host_not_proved",
            message=f"The advertiser has not proved that {host} is its own. Do that first: advertiser.host.add "
            "gives a challenge, advertiser.host.prove records the evidence.",
            field=field,
            kind=Kind.CONFLICT,
        )
    return None


def _allocated(
    tx: Tx, call: Call, offer: int, advertiser: int, arms: Sequence[Arm], *, before: int | None, context: str = ANY
) -> Done[OfferOut]:
    allocation = tx.catalog.add_allocation(
        advertiser=advertiser, offer=offer, arms=arms, at_us=call.now_us, context=context
    )
    bring_in_line(tx, [offer_now(tx, offer)], made={allocation}, now_us=call.now_us)
    return offer_done(tx, offer, before=before)


def offer_now(tx: Tx, offer: int) -> Offer:
    found = tx.catalog.offer(offer)
    assert found is not None  # it is locked, or was just made
    return found


def offer_done(tx: Tx, offer: int, *, before: int | None) -> Done[OfferOut]:
    found = offer_now(tx, offer)
    return Done(
        output=offer_out(tx, found),
        subject=public("offer", offer),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
    )


def _shares_ppm(shares: Sequence[Decimal], count: int) -> list[int] | Refusal:
    if not shares:
        return split(PROPENSITY_ONE, [1] * count)
    if len(shares) != count:
        return Refusal(
            code="propensities_count",
            message=f"There are {count} arms and {len(shares)} shares; give one share for each, or none.",
            field="propensities",
        )
    scaled = [share * PROPENSITY_ONE for share in shares]
    whole = [int(share) for share in scaled]
    if scaled != whole or sum(whole) != PROPENSITY_ONE:
        return Refusal(
            code="propensities_sum",
            message="The shares have to sum to exactly 1, with at most six decimals each.",
            field="propensities",
        )
    if min(whole) < PROPENSITY_PPM_MIN:
        return Refusal(
            code="propensity_too_small",
            message="A share below 0.01 teaches nothing about its arm; give it more, or leave it out.",
            field="propensities",
        )
    return whole


def offer_out(tx: Tx, found: Offer) -> OfferOut:
    pages = {page.id: page for page in found.landing_pages}
    arms = () if found.allocation is None else tx.catalog.allocation(found.allocation)
    return OfferOut(
        id=found.id,
        program=found.program,
        name=found.name,
        allocation=found.allocation,
        arms=tuple(
            ArmOut(
                arm=arm.arm,
                landing_page=arm.landing_page,
                creative=arm.creative,
                name=pages[arm.landing_page].name,
                url=pages[arm.landing_page].url,
                propensity=propensity(arm.propensity_ppm),
            )
            for arm in arms
        ),
        dimensions=found.dimensions,
        contexts=_contexts(tx, found),
        row_version=found.row_version,
    )


def _contexts(tx: Tx, found: Offer) -> tuple[ContextOut, ...]:
    own = tx.catalog.own_contexts(found.id) if found.contexts else frozenset[str]()
    return tuple(
        ContextOut(
            context=context,
            words=Words(de=phrase(context, "de"), en=phrase(context, "en")),
            allocation=allocation,
            own=context in own,
            arms=tuple(
                ArmInContext(arm=arm.arm, propensity=propensity(arm.propensity_ppm))
                for arm in tx.catalog.allocation(allocation)
            ),
        )
        for context, allocation in found.contexts.items()
    )


def propensity(share_ppm: int) -> str:
    """``propensity(333_334) == "0.333334"``."""
    return "1" if share_ppm == PROPENSITY_ONE else f"0.{share_ppm:06d}".rstrip("0").rstrip(".")
