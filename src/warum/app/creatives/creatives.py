"""Creatives: headline, text, image and price of an offer, as publishers' pages show them.

An offer that has creatives is shown: they are its arms, drawn when a slot asks. One without creatives is linked: its
landing pages are the arms, drawn at the click. All creatives of an offer are in one language, so that every visitor may
be shown any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from warum.app.advertisers import proved_hosts
from warum.app.border import (
    AdvertiserRef,
    Amount,
    CreativeRef,
    Currency,
    LandingPageRef,
    Limit,
    Moment,
    Money,
    Name,
    OfferRef,
    ProgramRef,
    ReasonText,
    Version,
    border,
    missing,
    moment,
    money,
    stale,
)
from warum.app.call import Call, Done
from warum.app.creatives.shares import settle
from warum.app.offers import arms_max, propensity, unproved
from warum.domain.creatives import Availability, Language
from warum.kernel.ids import public
from warum.kernel.money import amount_minor_max, exponent
from warum.kernel.period import from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Offer
from warum.ports.creatives import Creative
from warum.ports.database import Tx

skus_max: Final = 1_000
_arm_max: Final = 254

Headline = Annotated[str, Field(min_length=1, max_length=90)]
Text = Annotated[str, Field(max_length=240, description="What stands under the headline; slots cut what is too long.")]
ImageUrl = Annotated[str, Field(min_length=8, max_length=2000, description="On a host that the advertiser proved.")]
ImageAlt = Annotated[
    str, Field(max_length=300, description="What the image shows, for people who cannot see it; needed with an image.")
]
Sku = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description="The advertiser's own number of what is offered; creatives with the same one sell out together.",
    ),
]


class Part(StrEnum):
    """What a creative can be without."""

    IMAGE = "image"
    PRICE = "price"
    SKU = "sku"


@border
class CreativeOut:
    id: CreativeRef
    advertiser: AdvertiserRef
    program: ProgramRef
    offer: OfferRef
    arm: Annotated[int, Field(description="Its number in every allocation of the offer.")]
    propensity: Annotated[
        str | None, Field(description="With which probability a slot shows it; null while it is shown nowhere.")
    ]
    landing_page: LandingPageRef
    name: str
    language: Language
    headline: str
    text: str
    image_url: str | None
    image_alt: str
    sku: str | None
    price: Money | None
    price_valid_until: datetime | None
    availability: Availability
    availability_at: Annotated[datetime, Field(description="Since when.")]
    retired_at: datetime | None
    row_version: int


@border
class Creatives:
    creatives: tuple[CreativeOut, ...]


@border
class CreativeCreate:
    """The first creative of an offer takes the place of its landing pages as arms. A new one gets the mean share of the
    others."""

    offer: OfferRef
    name: Name
    language: Language
    headline: Headline
    text: Text = ""
    landing_page: Annotated[
        LandingPageRef | None, Field(description="Of the offer; left out, its first one. See offer.show.")
    ] = None
    image_url: ImageUrl | None = None
    image_alt: ImageAlt = ""
    sku: Sku | None = None
    price: Amount | None = None
    currency: Annotated[Currency | None, Field(description="Of the price; left out, the program's only one.")] = None
    price_valid_until: Annotated[Moment | None, Field(description="From then on the price is not shown.")] = None


def create_creative(tx: Tx, call: Call, ask: CreativeCreate) -> Done[CreativeOut] | Refusal:
    offer = tx.catalog.offer(ask.offer, lock=True)
    if offer is None:
        return missing("offer", ask.offer)
    others = tx.creatives.of_offer(offer.id)
    arm = tx.creatives.next_arm(offer.id)
    if len(others) >= arms_max or arm > _arm_max:
        return _conflict(
            "creatives_too_many",
            f"An offer has at most {arms_max} creatives at a time, and {_arm_max + 1} arms in its life. Retire one, or "
            "make another offer.",
        )
    if others and others[0].language is not ask.language:
        return Refusal(
            code="language_differs",
            message=f"The creatives of this offer are in {others[0].language.value}. Make an offer for each language: "
            "what a visitor is shown is drawn among all creatives of an offer.",
            field="language",
            kind=Kind.CONFLICT,
        )
    page = ask.landing_page or offer.landing_pages[0].id
    until_us = None if ask.price_valid_until is None else to_us(ask.price_valid_until)
    price = _price(tx, offer, ask.price, ask.currency)
    if isinstance(price, Refusal):
        return price
    creative = Creative(
        id=0,
        advertiser=offer.advertiser,
        program=offer.program,
        offer=offer.id,
        arm=arm,
        landing_page=page,
        name=ask.name,
        language=ask.language,
        headline=ask.headline,
        text=ask.text,
        image_url=ask.image_url,
        image_alt=ask.image_alt,
        sku=ask.sku,
        price_minor=price[0],
        currency=price[1],
        price_until_us=until_us,
        availability=Availability.IN_STOCK,
        availability_us=call.now_us,
        retired_us=None,
        row_version=1,
    )
    if refusal := _refusal(tx, offer, creative):
        return refusal
    made = tx.creatives.add_creative(creative, call.now_us)
    settle(tx, call, [offer], [made])
    return _done(tx, made, before=None)


@border
class CreativeChange:
    """What is left out stays. What is learned of a creative stays its own, so correct a word here; for another message
    make another creative."""

    creative: CreativeRef
    name: Name | None = None
    headline: Headline | None = None
    text: Text | None = None
    landing_page: LandingPageRef | None = None
    image_url: ImageUrl | None = None
    image_alt: ImageAlt | None = None
    sku: Sku | None = None
    price: Amount | None = None
    currency: Annotated[Currency | None, Field(description="Of the price; left out, the program's only one.")] = None
    price_valid_until: Annotated[
        Moment | None, Field(description="Of the price given here; left out with one, it holds until further notice.")
    ] = None
    without: Annotated[tuple[Part, ...], Field(max_length=3, description="What is to be taken away.")] = ()
    reason: ReasonText | None = None
    expected_version: Version | None = None


def change_creative(tx: Tx, call: Call, ask: CreativeChange) -> Done[CreativeOut] | Refusal:
    found = _locked(tx, ask.creative, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    offer, creative = found
    changed = replace(
        creative,
        name=creative.name if ask.name is None else ask.name,
        headline=creative.headline if ask.headline is None else ask.headline,
        text=creative.text if ask.text is None else ask.text,
        landing_page=creative.landing_page if ask.landing_page is None else ask.landing_page,
        image_url=creative.image_url if ask.image_url is None else ask.image_url,
        image_alt=creative.image_alt if ask.image_alt is None else ask.image_alt,
        sku=creative.sku if ask.sku is None else ask.sku,
    )
    until_us = None if ask.price_valid_until is None else to_us(ask.price_valid_until)
    if ask.price is not None:
        price = _price(tx, offer, ask.price, ask.currency)
        if isinstance(price, Refusal):
            return price
        changed = replace(changed, price_minor=price[0], currency=price[1], price_until_us=until_us)
    elif until_us is not None:
        changed = replace(changed, price_until_us=until_us)
    for part in ask.without:
        changed = _without(changed, part)
    if refusal := _refusal(tx, offer, changed):
        return refusal
    tx.creatives.save_creative(changed)
    settle(tx, call, [offer], [creative.id])
    return _done(tx, creative.id, before=creative.row_version)


@border
class CreativeRetire:
    """It is shown nowhere any more; its clicks are credited until their window ends."""

    creative: CreativeRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def retire_creative(tx: Tx, call: Call, ask: CreativeRetire) -> Done[CreativeOut] | Refusal:
    found = _locked(tx, ask.creative, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    offer, creative = found
    tx.creatives.save_creative(replace(creative, retired_us=call.now_us))
    settle(tx, call, [offer], [creative.id])
    return _done(tx, creative.id, before=creative.row_version)


@border
class CreativeAvailability:
    """Of one creative, or of all that carry one of the advertiser's numbers. What is sold out is shown nowhere within a
    minute; when it is back it gets the share that it had. What is so already stays as it is."""

    availability: Availability
    creative: Annotated[CreativeRef | None, Field(description="Either this one, or advertiser and skus.")] = None
    advertiser: AdvertiserRef | None = None
    skus: Annotated[tuple[Sku, ...], Field(max_length=skus_max)] = ()
    reason: ReasonText | None = None
    expected_version: Annotated[Version | None, Field(description="Of the one creative.")] = None


@border
class AvailabilityOut:
    changed: tuple[CreativeRef, ...]
    unchanged: tuple[CreativeRef, ...]
    skus_unknown: Annotated[tuple[str, ...], Field(description="Numbers that no creative of the advertiser carries.")]


def set_availability(tx: Tx, call: Call, ask: CreativeAvailability) -> Done[AvailabilityOut] | Refusal:
    if (ask.creative is None) != (ask.advertiser is not None and bool(ask.skus)):
        return Refusal(
            code="creative_or_skus",
            message="Name either one creative, or an advertiser and its skus.",
            field="creative",
        )
    if ask.creative is not None:
        found = _locked(tx, ask.creative, ask.expected_version)
        if isinstance(found, Refusal):
            return found
        offer, creative = found
        changed = _save_availability(tx, call, [creative], ask.availability)
        if changed:
            settle(tx, call, [offer], changed)
        return Done(
            output=_availability_out([creative], changed, ()),
            subject=public("creative", creative.id),
            before=creative.row_version,
            after=creative.row_version + len(changed),
            advertiser=creative.advertiser,
        )
    assert ask.advertiser is not None
    if tx.catalog.advertiser(ask.advertiser) is None:
        return missing("advertiser", ask.advertiser)
    wanted = tuple(dict.fromkeys(ask.skus))
    # In the order of ids, so that two of these do not wait for each other; and read again under the locks.
    offers = [
        offer
        for number in sorted({creative.offer for creative in tx.creatives.of_skus(ask.advertiser, wanted)})
        if (offer := tx.catalog.offer(number, lock=True)) is not None
    ]
    creatives = [
        creative
        for creative in tx.creatives.of_skus(ask.advertiser, wanted)
        if creative.offer in {offer.id for offer in offers}
    ]
    changed = _save_availability(tx, call, creatives, ask.availability)
    if changed:
        concerned = {creative.offer for creative in creatives if creative.id in changed}
        settle(tx, call, [offer for offer in offers if offer.id in concerned], changed)
    known = {creative.sku for creative in creatives}
    return Done(
        output=_availability_out(creatives, changed, tuple(sku for sku in wanted if sku not in known)),
        subject=public("advertiser", ask.advertiser),
        before=None,
        after=None,
        advertiser=ask.advertiser,
    )


def own_creatives(tx: Tx, ask: CreativeAvailability) -> Refusal | None:
    """Advertisers see their own alone."""
    if ask.creative is not None:
        return None if tx.creatives.creative(ask.creative) else missing("creative", ask.creative)
    if ask.advertiser is not None and tx.catalog.advertiser(ask.advertiser) is None:
        return missing("advertiser", ask.advertiser)
    return None


@border
class CreativeShow:
    creative: CreativeRef


def show_creative(tx: Tx, call: Call, ask: CreativeShow) -> CreativeOut | Refusal:
    found = tx.creatives.creative(ask.creative)
    return missing("creative", ask.creative) if found is None else _out(found, _shares(tx, found.offer))


@border
class CreativeList:
    advertiser: AdvertiserRef | None = None
    program: ProgramRef | None = None
    offer: OfferRef | None = None
    after: Annotated[CreativeRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_creatives(tx: Tx, call: Call, ask: CreativeList) -> Creatives | Refusal:
    found = tx.creatives.creatives(
        advertiser=ask.advertiser, program=ask.program, offer=ask.offer, after=ask.after or 0, limit=ask.limit
    )
    shares = {offer: _shares(tx, offer) for offer in {creative.offer for creative in found}}
    return Creatives(creatives=tuple(_out(creative, shares[creative.offer]) for creative in found))


def _locked(tx: Tx, creative: int, expected: int | None) -> tuple[Offer, Creative] | Refusal:
    """The creative under the lock of its offer, and not retired."""
    found = tx.creatives.creative(creative)
    offer = None if found is None else tx.catalog.offer(found.offer, lock=True)
    found = None if offer is None else tx.creatives.creative(creative)
    if offer is None or found is None:
        return missing("creative", creative)
    if refusal := stale(found.row_version, expected):
        return refusal
    if found.retired_us is not None:
        return _conflict("creative_retired", "This creative was retired; make a new one.")
    return offer, found


def _save_availability(tx: Tx, call: Call, creatives: list[Creative], availability: Availability) -> list[int]:
    """The ids of those that were not so already."""
    changed = [creative for creative in creatives if creative.availability is not availability]
    for creative in changed:
        tx.creatives.save_creative(replace(creative, availability=availability, availability_us=call.now_us))
    return [creative.id for creative in changed]


def _availability_out(creatives: list[Creative], changed: list[int], unknown: tuple[str, ...]) -> AvailabilityOut:
    return AvailabilityOut(
        changed=tuple(changed),
        unchanged=tuple(creative.id for creative in creatives if creative.id not in changed),
        skus_unknown=unknown,
    )


def _price(
    tx: Tx, offer: Offer, amount: Decimal | None, currency: str | None
) -> tuple[int | None, str | None] | Refusal:
    """(minor units, currency); both None without a price."""
    if amount is None:
        return None, None
    program = tx.catalog.program(offer.program)
    assert program is not None  # an offer has one
    currency = currency or (program.currencies[0] if len(program.currencies) == 1 else None)
    if currency is None or currency not in program.currencies:
        return Refusal(
            code="currency_not_listed",
            message=f"The program's currencies are {', '.join(program.currencies)}; say which one the price is in.",
            field="currency",
        )
    minor = amount.scaleb(exponent(currency))
    if minor != int(minor) or minor > amount_minor_max:
        return Refusal(
            code="price_not_payable",
            message=f"{amount} {currency} cannot be paid: give at most {exponent(currency)} decimals.",
            field="price",
        )
    return int(minor), currency


def _without(creative: Creative, part: Part) -> Creative:
    match part:
        case Part.IMAGE:
            return replace(creative, image_url=None, image_alt="")
        case Part.PRICE:
            return replace(creative, price_minor=None, currency=None, price_until_us=None)
        case Part.SKU:
            return replace(creative, sku=None)


def _refusal(tx: Tx, offer: Offer, creative: Creative) -> Refusal | None:
    if creative.landing_page not in {page.id for page in offer.landing_pages}:
        return missing("landing_page", creative.landing_page)
    if creative.image_url is not None:
        if refusal := unproved(creative.image_url, proved_hosts(tx, creative.advertiser), field="image_url"):
            return refusal
        if not creative.image_alt:
            return Refusal(
                code="image_alt_missing",
                message="Say in a few words what the image shows, for people who cannot see it.",
                field="image_alt",
            )
    if creative.price_until_us is not None and creative.price_minor is None:
        return Refusal(
            code="price_missing",
            message="There is no price that could be valid until then; give one.",
            field="price",
        )
    return None


def _done(tx: Tx, creative: int, *, before: int | None) -> Done[CreativeOut]:
    found = tx.creatives.creative(creative)
    assert found is not None
    return Done(
        output=_out(found, _shares(tx, found.offer)),
        subject=public("creative", creative),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
    )


def _shares(tx: Tx, offer: int) -> dict[int, int]:
    """Propensities in force by creative."""
    found = tx.catalog.offer(offer)
    arms = () if found is None or found.allocation is None else tx.catalog.allocation(found.allocation)
    return {arm.creative: arm.propensity_ppm for arm in arms if arm.creative is not None}


def _out(found: Creative, shares_ppm: dict[int, int]) -> CreativeOut:
    share_ppm = shares_ppm.get(found.id) if found.available else None
    return CreativeOut(
        id=found.id,
        advertiser=found.advertiser,
        program=found.program,
        offer=found.offer,
        arm=found.arm,
        propensity=None if share_ppm is None else propensity(share_ppm),
        landing_page=found.landing_page,
        name=found.name,
        language=found.language,
        headline=found.headline,
        text=found.text,
        image_url=found.image_url,
        image_alt=found.image_alt,
        sku=found.sku,
        price=None if found.price_minor is None or found.currency is None else money(found.price_minor, found.currency),
        price_valid_until=moment(found.price_until_us),
        availability=found.availability,
        availability_at=from_us(found.availability_us),
        retired_at=moment(found.retired_us),
        row_version=found.row_version,
    )


def _conflict(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
