"""Which creatives of an offer are shown, in which shares.

Allocations are immutable and every impression and click names its own. So what is sold out leaves by way of another
allocation, and the log holds the propensities that were in force, at any time."""

from __future__ import annotations

from collections.abc import Collection

from warum.app.call import Call
from warum.domain.creatives import derived_shares
from warum.ports.catalog import Arm, Offer
from warum.ports.database import Tx


def settle(tx: Tx, call: Call, offers: Collection[Offer], changed: Collection[int]) -> None:
    """Bring allocations and edge in line with the creatives of some offers. Call it last in a transaction.

    Args:
        offers: locked, each.
        changed: the creatives that were changed.
    """
    renewed: dict[int, int] = {}
    for offer in offers:
        arms = _arms(tx, offer.id)
        in_force = () if offer.allocation is None else tx.catalog.allocation(offer.allocation)
        # Of an offer that is sold out as a whole, the edge shows nothing: the creatives themselves say so.
        if arms and arms != list(in_force):
            renewed[offer.id] = tx.catalog.add_allocation(
                advertiser=offer.advertiser, offer=offer.id, arms=arms, at_us=call.now_us, derived=True
            )
    # What is used before what uses it.
    tx.snapshot.queue("creative", changed, at_us=call.now_us)
    tx.snapshot.queue("allocation", renewed.values(), at_us=call.now_us)
    for offer in renewed:
        tx.snapshot.queue_links_of(offer=offer, at_us=call.now_us)


def _arms(tx: Tx, offer: int) -> list[Arm]:
    """The arms of the creatives that can be shown."""
    shown = [creative for creative in tx.creatives.of_offer(offer) if creative.available]
    if not shown:
        return []
    wished = tx.creatives.wished_shares(offer)
    shares = derived_shares([wished.get(creative.id) for creative in shown])
    return [
        Arm(arm=creative.arm, landing_page=creative.landing_page, propensity_ppm=share, creative=creative.id)
        for creative, share in zip(shown, shares, strict=True)
    ]
