"""The operations of creatives and slots; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Change, Read
from warum.app.creatives import creatives, slots
from warum.app.roles import ADVERTISER_SIDE, EVERYBODY, STAFF, STAFF_OR_ADVERTISER

CREATIVES: Final[tuple[AnyOperation, ...]] = (
    Change(
        name="creative.create",
        summary="Create a creative of an offer: headline, text, image and price for publishers' pages.",
        input=creatives.CreativeCreate,
        output=creatives.CreativeOut,
        roles=STAFF,
        run=creatives.create_creative,
    ),
    Change(
        name="creative.change",
        summary="Change what a creative says, its price, or where it leads.",
        input=creatives.CreativeChange,
        output=creatives.CreativeOut,
        roles=STAFF,
        run=creatives.change_creative,
    ),
    Change(
        name="creative.availability",
        summary="Say that creatives are sold out, or that they are back.",
        input=creatives.CreativeAvailability,
        output=creatives.AvailabilityOut,
        roles=STAFF_OR_ADVERTISER,
        run=creatives.set_availability,
        own=creatives.own_creatives,
    ),
    Change(
        name="creative.retire",
        summary="Retire a creative, for ever.",
        input=creatives.CreativeRetire,
        output=creatives.CreativeOut,
        roles=STAFF,
        run=creatives.retire_creative,
    ),
    Read(
        name="creative.show",
        summary="Show a creative.",
        input=creatives.CreativeShow,
        output=creatives.CreativeOut,
        roles=ADVERTISER_SIDE,
        run=creatives.show_creative,
    ),
    Read(
        name="creative.list",
        summary="List creatives.",
        input=creatives.CreativeList,
        output=creatives.Creatives,
        roles=ADVERTISER_SIDE,
        run=creatives.list_creatives,
    ),
    Change(
        name="slot.create",
        summary="Create a slot of a partnership, with the lines of HTML for the publisher's page.",
        input=slots.SlotCreate,
        output=slots.SlotOut,
        roles=STAFF,
        run=slots.create_slot,
    ),
    Change(
        name="slot.retire",
        summary="Retire a slot: it shows nothing any more.",
        input=slots.SlotRetire,
        output=slots.SlotOut,
        roles=STAFF,
        run=slots.retire_slot,
    ),
    Read(
        name="slot.list",
        summary="List slots.",
        input=slots.SlotList,
        output=slots.Slots,
        roles=EVERYBODY,
        run=slots.list_slots,
    ),
)
