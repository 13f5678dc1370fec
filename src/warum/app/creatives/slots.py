"""Slots: places on publishers' pages that show the creatives of an offer. Each has a link of its own, so what a slot
brings is counted like everything else, by its link."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    Limit,
    LinkRef,
    OfferRef,
    PartnershipRef,
    ProgramRef,
    PublisherRef,
    ReasonText,
    SlotRef,
    Version,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.app.partnerships import LinkCreate, LinkRetire, create_link, link_code_chars, retire_link
from warum.domain.creatives import SlotFormat
from warum.kernel.ids import code, public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.creatives import Slot
from warum.ports.database import Tx

Format = Annotated[
    SlotFormat,
    Field(description="card: picture above text; banner: picture beside text, wide; line: text alone."),
]
_frame_px: Final = {SlotFormat.CARD: (320, 368), SlotFormat.BANNER: (736, 144), SlotFormat.LINE: (736, 80)}
"""Width and height of an iframe."""


@border
class SlotOut:
    id: SlotRef
    code: str
    html: Annotated[
        str,
        Field(description='For the publisher\'s page; data-warum-consent="1" says that consent was given.'),
    ]
    html_frame: Annotated[str, Field(description="The same as an iframe, for pages that take no script.")]
    url: Annotated[str, Field(description="What the script asks: JSON.")]
    link: Annotated[LinkRef, Field(description="Where its clicks go, and by which they are counted.")]
    publisher: PublisherRef
    program: ProgramRef
    partnership: PartnershipRef
    offer: OfferRef
    name: str
    format: SlotFormat
    retired_at: datetime | None
    row_version: int


@border
class Slots:
    slots: tuple[SlotOut, ...]


@border
class SlotCreate:
    partnership: PartnershipRef
    offer: Annotated[OfferRef, Field(description="Whose creatives it shows; empty until it has one.")]
    format: Format = SlotFormat.CARD
    name: Annotated[str, Field(max_length=200, description="For the publisher's own overview.")] = ""


def create_slot(tx: Tx, call: Call, ask: SlotCreate) -> Done[SlotOut] | Refusal:
    link = create_link(tx, call, LinkCreate(partnership=ask.partnership, offer=ask.offer, name=ask.name))
    if isinstance(link, Refusal):
        return link
    partnership = tx.catalog.partnership(ask.partnership)
    assert partnership is not None  # or there would be no link
    made = tx.creatives.add_slot(
        code=code(call.deps.entropy(link_code_chars)),
        partnership=partnership,
        offer=ask.offer,
        link=link.output.id,
        name=ask.name,
        shape=ask.format,
        at_us=call.now_us,
    )
    return _done(tx, call, made, before=None)


@border
class SlotRetire:
    """It shows nothing any more, and its link is retired with it."""

    slot: SlotRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def retire_slot(tx: Tx, call: Call, ask: SlotRetire) -> Done[SlotOut] | Refusal:
    found = tx.creatives.slot(ask.slot, lock=True)
    if found is None:
        return missing("slot", ask.slot)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    if found.retired_us is not None:
        return Refusal(code="slot_retired", message="This slot was retired already.", kind=Kind.CONFLICT)
    tx.creatives.save_slot(replace(found, retired_us=call.now_us))
    link = tx.catalog.link(found.link)
    if link is not None and link.retired_us is None:
        retire_link(tx, call, LinkRetire(link=link.id))
    return _done(tx, call, found.id, before=found.row_version)


@border
class SlotList:
    partnership: PartnershipRef | None = None
    offer: OfferRef | None = None
    program: ProgramRef | None = None
    after: Annotated[SlotRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_slots(tx: Tx, call: Call, ask: SlotList) -> Slots | Refusal:
    found = tx.creatives.slots(
        partnership=ask.partnership, offer=ask.offer, program=ask.program, after=ask.after or 0, limit=ask.limit
    )
    return Slots(slots=tuple(_out(call, slot) for slot in found))


def _done(tx: Tx, call: Call, slot: int, *, before: int | None) -> Done[SlotOut]:
    tx.snapshot.queue("slot", [slot], at_us=call.now_us)
    found = tx.creatives.slot(slot)
    assert found is not None
    return Done(
        output=_out(call, found),
        subject=public("slot", slot),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
        publisher=found.publisher,
    )


def _out(call: Call, found: Slot) -> SlotOut:
    edge = call.deps.edge_url
    width, height = _frame_px[found.format]
    return SlotOut(
        id=found.id,
        code=found.code,
        html=f'<div data-warum-slot="{found.code}" data-warum-consent="0"></div>\n'
        f'<script async src="{escape(edge)}/s.js"></script>',
        html_frame=f'<iframe src="{escape(edge)}/s/{found.code}?format=html&amp;cons=0" width="{width}" '
        f'height="{height}" style="border:0;max-width:100%" loading="lazy" title="Anzeige"></iframe>',
        url=f"{edge}/s/{found.code}",
        link=found.link,
        publisher=found.publisher,
        program=found.program,
        partnership=found.partnership,
        offer=found.offer,
        name=found.name,
        format=found.format,
        retired_at=moment(found.retired_us),
        row_version=found.row_version,
    )
