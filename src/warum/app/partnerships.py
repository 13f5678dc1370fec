"""Partnerships: a publisher applies to a program, a person decides, and links come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    Limit,
    LinkRef,
    OfferRef,
    PartnershipRef,
    ProgramRef,
    PublisherRef,
    ReasonText,
    Version,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.domain.catalog import PartnershipStatus, ProgramStatus
from warum.kernel.ids import code, public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Link, Partnership
from warum.ports.database import Tx

link_code_chars: Final = 10


@border
class PartnershipOut:
    id: PartnershipRef
    advertiser: AdvertiserRef
    publisher: PublisherRef
    program: ProgramRef
    status: PartnershipStatus
    application: str
    reason: str | None
    applied_at: datetime
    decided_at: datetime | None
    row_version: int


@border
class Partnerships:
    partnerships: tuple[PartnershipOut, ...]


@border
class PartnershipApply:
    publisher: PublisherRef
    program: ProgramRef
    application: Annotated[
        str, Field(max_length=2000, description="How the publisher means to promote it, in its own words.")
    ] = ""


def apply(tx: Tx, call: Call, ask: PartnershipApply) -> Done[PartnershipOut] | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    if tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    if program.status is ProgramStatus.ENDED:
        return _conflict("program_ended", "The program has ended and takes no applications.")
    found = tx.catalog.partnership_of(program=ask.program, publisher=ask.publisher, lock=True)
    if found is None:
        made = tx.catalog.add_partnership(
            advertiser=program.advertiser,
            publisher=ask.publisher,
            program=ask.program,
            application=ask.application,
            at_us=call.now_us,
        )
        return _done(tx, call, made, before=None)
    if found.status in (PartnershipStatus.APPLIED, PartnershipStatus.APPROVED):
        return _conflict(
            "partnership_exists",
            f"This publisher has {public('partnership', found.id)} with the program already ({found.status.value}).",
        )
    # Who was declined or left may apply again; what was before stands in the acts.
    tx.catalog.save_partnership(
        replace(
            found,
            status=PartnershipStatus.APPLIED,
            application=ask.application,
            reason=None,
            applied_us=call.now_us,
            decided_us=None,
        )
    )
    return _done(tx, call, found.id, before=found.row_version)


@border
class PartnershipApprove:
    partnership: PartnershipRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def approve(tx: Tx, call: Call, ask: PartnershipApprove) -> Done[PartnershipOut] | Refusal:
    return _decide(
        tx,
        call,
        ask.partnership,
        ask.expected_version,
        frm=(PartnershipStatus.APPLIED, PartnershipStatus.DECLINED),
        to=PartnershipStatus.APPROVED,
        reason=ask.reason,
    )


@border
class PartnershipDecline:
    partnership: PartnershipRef
    reason: ReasonText
    expected_version: Version | None = None


def decline(tx: Tx, call: Call, ask: PartnershipDecline) -> Done[PartnershipOut] | Refusal:
    return _decide(
        tx,
        call,
        ask.partnership,
        ask.expected_version,
        frm=(PartnershipStatus.APPLIED,),
        to=PartnershipStatus.DECLINED,
        reason=ask.reason,
    )


@border
class PartnershipEnd:
    """Its links stop counting. What was clicked before is credited until the window ends."""

    partnership: PartnershipRef
    reason: ReasonText
    expected_version: Version | None = None


def end(tx: Tx, call: Call, ask: PartnershipEnd) -> Done[PartnershipOut] | Refusal:
    return _decide(
        tx,
        call,
        ask.partnership,
        ask.expected_version,
        frm=(PartnershipStatus.APPROVED,),
        to=PartnershipStatus.ENDED,
        reason=ask.reason,
    )


@border
class PartnershipShow:
    partnership: PartnershipRef


def show_partnership(tx: Tx, call: Call, ask: PartnershipShow) -> PartnershipOut | Refusal:
    found = tx.catalog.partnership(ask.partnership)
    return missing("partnership", ask.partnership) if found is None else _out(found)


@border
class PartnershipList:
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    status: PartnershipStatus | None = None
    after: Annotated[PartnershipRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_partnerships(tx: Tx, call: Call, ask: PartnershipList) -> Partnerships | Refusal:
    found = tx.catalog.partnerships(
        program=ask.program, publisher=ask.publisher, status=ask.status, after=ask.after or 0, limit=ask.limit
    )
    return Partnerships(partnerships=tuple(_out(partnership) for partnership in found))


# Links.


@border
class LinkOut:
    id: LinkRef
    code: str
    url: Annotated[
        str, Field(description="What the publisher puts into its pages; cons=1 says that consent was given.")
    ]
    impression_url: str
    name: str
    publisher: PublisherRef
    program: ProgramRef
    partnership: PartnershipRef
    offer: OfferRef
    retired_at: datetime | None
    row_version: int


@border
class Links:
    links: tuple[LinkOut, ...]


@border
class LinkCreate:
    partnership: PartnershipRef
    offer: OfferRef
    name: Annotated[str, Field(max_length=200, description="For the publisher's own overview.")] = ""


def create_link(tx: Tx, call: Call, ask: LinkCreate) -> Done[LinkOut] | Refusal:
    partnership = tx.catalog.partnership(ask.partnership, lock=True)
    if partnership is None:
        return missing("partnership", ask.partnership)
    offer = tx.catalog.offer(ask.offer)
    if offer is None or offer.program != partnership.program:
        return missing("offer", ask.offer)
    if partnership.status is not PartnershipStatus.APPROVED:
        return _conflict(
            "partnership_not_approved",
            f"The partnership is {partnership.status.value}; a link needs an approved one (partnership.approve).",
        )
    if offer.allocation is None:
        return _conflict("offer_without_allocation", "The offer has no landing pages in force.")
    made = tx.catalog.add_link(
        code=code(call.deps.entropy(link_code_chars)),
        partnership=partnership,
        offer=offer.id,
        name=ask.name,
        at_us=call.now_us,
    )
    return _link_done(tx, call, made, before=None)


@border
class LinkRetire:
    """The redirect goes on, clicks no longer count; earlier clicks are credited until the window ends."""

    link: LinkRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def retire_link(tx: Tx, call: Call, ask: LinkRetire) -> Done[LinkOut] | Refusal:
    found = tx.catalog.link(ask.link, lock=True)
    if found is None:
        return missing("link", ask.link)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    if found.retired_us is not None:
        return _conflict("link_retired", "This link was retired already.")
    tx.catalog.save_link(replace(found, retired_us=call.now_us))
    return _link_done(tx, call, found.id, before=found.row_version)


@border
class LinkList:
    partnership: PartnershipRef | None = None
    offer: OfferRef | None = None
    program: ProgramRef | None = None
    after: Annotated[LinkRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_links(tx: Tx, call: Call, ask: LinkList) -> Links | Refusal:
    found = tx.catalog.links(
        partnership=ask.partnership, offer=ask.offer, program=ask.program, after=ask.after or 0, limit=ask.limit
    )
    return Links(links=tuple(link_out(call, link) for link in found))


def _decide(
    tx: Tx,
    call: Call,
    partnership: int,
    expected: int | None,
    *,
    frm: tuple[PartnershipStatus, ...],
    to: PartnershipStatus,
    reason: str | None,
) -> Done[PartnershipOut] | Refusal:
    found = tx.catalog.partnership(partnership, lock=True)
    if found is None:
        return missing("partnership", partnership)
    if refusal := stale(found.row_version, expected):
        return refusal
    if found.status not in frm:
        return _conflict(
            "partnership_status",
            f"The partnership is {found.status.value}; it has to be {' or '.join(status.value for status in frm)} "
            f"to become {to.value}.",
        )
    tx.catalog.save_partnership(replace(found, status=to, reason=reason, decided_us=call.now_us))
    tx.snapshot.queue_links_of(partnership=found.id, at_us=call.now_us)
    return _done(tx, call, found.id, before=found.row_version)


def _done(tx: Tx, call: Call, partnership: int, *, before: int | None) -> Done[PartnershipOut]:
    found = tx.catalog.partnership(partnership)
    assert found is not None
    return Done(
        output=_out(found),
        subject=public("partnership", partnership),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
        publisher=found.publisher,
    )


def _link_done(tx: Tx, call: Call, link: int, *, before: int | None) -> Done[LinkOut]:
    tx.snapshot.queue("link", [link], at_us=call.now_us)
    found = tx.catalog.link(link)
    assert found is not None
    return Done(
        output=link_out(call, found),
        subject=public("link", link),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
        publisher=found.publisher,
    )


def _out(found: Partnership) -> PartnershipOut:
    return PartnershipOut(
        id=found.id,
        advertiser=found.advertiser,
        publisher=found.publisher,
        program=found.program,
        status=found.status,
        application=found.application,
        reason=found.reason,
        applied_at=from_us(found.applied_us),
        decided_at=moment(found.decided_us),
        row_version=found.row_version,
    )


def link_out(call: Call, found: Link) -> LinkOut:
    return LinkOut(
        id=found.id,
        code=found.code,
        url=f"{call.deps.edge_url}/c/{found.code}",
        impression_url=f"{call.deps.edge_url}/i/{found.code}",
        name=found.name,
        publisher=found.publisher,
        program=found.program,
        partnership=found.partnership,
        offer=found.offer,
        retired_at=moment(found.retired_us),
        row_version=found.row_version,
    )


def _conflict(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
