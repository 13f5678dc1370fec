"""Which arms of an offer are shown, in which shares, in each of its contexts.

Allocations are immutable and every impression and click names its own. So what is sold out leaves by way of another
allocation, and the log holds the propensities that were in force, at any time. A context for which nobody set shares
follows the offer as a whole."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from warum.app.call import Call
from warum.domain.contexts import ANY, contexts
from warum.domain.creatives import derived_shares
from warum.ports.catalog import Arm, Offer
from warum.ports.creatives import Creative
from warum.ports.database import Tx


def settle(tx: Tx, call: Call, offers: Collection[Offer], changed: Collection[int]) -> None:
    """Bring allocations and edge in line with the creatives of some offers. Call it last in a transaction.

    Args:
        offers: locked, each.
        changed: the creatives that were changed.
    """
    bring_in_line(tx, offers, changed=changed, now_us=call.now_us)


def bring_in_line(
    tx: Tx,
    offers: Collection[Offer],
    *,
    changed: Collection[int] = (),
    made: AbstractSet[int] = frozenset(),
    replanned: bool = False,
    now_us: int,
) -> None:
    """Derive what follows from the shares that were set, in every context, and queue it all for the edge. Last in a
    transaction.

    Args:
        offers: locked, each, and as they stand now.
        changed: creatives that were changed.
        made: allocations that were put in force and that the edge does not know yet.
        replanned: whether the offers tell other contexts apart than before.
    """
    renewed: list[int] = [*made]
    linked: list[int] = []
    planned: list[int] = []
    for offer in offers:
        derived = _derived(tx, offer, now_us)
        renewed += derived.values()
        if ANY in derived or offer.allocation in made:
            linked.append(offer.id)
        own = [context for context in derived if context != ANY]
        if replanned or own or not made.isdisjoint(offer.contexts.values()):
            planned.append(offer.id)
    # What is used before what uses it.
    tx.snapshot.queue("creative", changed, at_us=now_us)
    tx.snapshot.queue("allocation", renewed, at_us=now_us)
    tx.snapshot.queue("plan", planned, at_us=now_us)
    for offer in linked:
        tx.snapshot.queue_links_of(offer=offer, at_us=now_us)


def _derived(tx: Tx, offer: Offer, now_us: int) -> dict[str, int]:
    """The allocations that had to be made anew, by context."""
    shown = [creative for creative in tx.creatives.of_offer(offer.id) if creative.available]
    whole = () if offer.allocation is None else tx.catalog.allocation(offer.allocation)
    own = tx.catalog.own_contexts(offer.id) if offer.dimensions else frozenset[str]()
    renewed: dict[str, int] = {}

    def derive(context: str, arms: Collection[Arm], in_force: Collection[Arm]) -> None:
        # Of an offer that is sold out as a whole, the edge shows nothing: the creatives themselves say so.
        if arms and tuple(arms) != tuple(in_force):
            renewed[context] = tx.catalog.add_allocation(
                advertiser=offer.advertiser,
                offer=offer.id,
                arms=tuple(arms),
                at_us=now_us,
                derived=True,
                context=context,
            )

    if shown:
        arms = _arms(shown, tx.creatives.wished_shares(offer.id))
        derive(ANY, arms, whole)
        whole = tuple(arms)
    for context in contexts(offer.dimensions):
        number = offer.allocation_in(context)
        in_force = () if number is None else tx.catalog.allocation(number)
        if context not in own or not in_force:
            derive(context, whole, in_force)
        elif shown:
            wished = tx.creatives.wished_shares(offer.id, context)
            derive(context, _arms(shown, wished) if wished else whole, in_force)
    return renewed


def _arms(shown: Collection[Creative], wished: dict[int, int]) -> list[Arm]:
    """The arms of the creatives that can be shown."""
    shares = derived_shares([wished.get(creative.id) for creative in shown])
    return [
        Arm(arm=creative.arm, landing_page=creative.landing_page, propensity_ppm=share, creative=creative.id)
        for creative, share in zip(shown, shares, strict=True)
    ]
