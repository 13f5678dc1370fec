"""Putting a proposal's allocation in force, and the one before again. Whoever does it, a person or a bot within its
limits, comes through here; afterwards the edge has to be told (``announce``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from warum.app.creatives.shares import bring_in_line
from warum.app.log.entries import enter_effect
from warum.domain.decisions import Proposal, Shares
from warum.kernel.ids import public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind, Offer
from warum.ports.database import Tx
from warum.ports.decisions import StoredEffect, StoredProposal

open_max: Final = 7
"""People are asked about no more proposals than these at a time: those with the most at stake."""


def apply_proposal(
    tx: Tx, stored: StoredProposal, proposal: Proposal, *, actor: ActorKind, now_us: int
) -> StoredEffect | Refusal:
    """Make the allocation that was proposed and put it in force, if the one it was made for still is."""
    told, allocation = stored.drawn()
    offer = tx.catalog.offer(told, lock=True)
    if offer is None or offer.allocation_in(stored.context) != allocation:
        return Refusal(
            code="allocation_replaced",
            message=f"The allocation of {public('offer', told)} was replaced after this was proposed, so the "
            "evidence does not speak of it any more. A new proposal will follow if there is one to make.",
            kind=Kind.CONFLICT,
        )
    effect = StoredEffect(
        proposal=stored.id,
        advertiser=stored.advertiser,
        offer=told,
        allocation_before=allocation,
        allocation_after=_put(tx, offer, stored, allocation, proposal.change.after, now_us),
        applied_at_us=now_us,
    )
    tx.decisions.add_effect(effect)
    enter_effect(tx, effect, stored, shares=_ppm(proposal.change.after), actor=actor)
    return effect


def undo_effect(
    tx: Tx, effect: StoredEffect, stored: StoredProposal, proposal: Proposal, *, actor: ActorKind, now_us: int
) -> int | Refusal:
    """Restore the shares before, in the context of the proposal; the allocation that does it. Creatives that are sold
    out just now are in it, too: ``announce`` brings the offer in line with them."""
    offer = tx.catalog.offer(effect.offer, lock=True)
    told_apart = offer is not None and offer.allocation_in(stored.context) is not None
    if offer is None or not told_apart or not is_in_force(tx, effect):
        return Refusal(
            code="allocation_replaced",
            message=f"The allocation of {public('offer', effect.offer)} was changed again since; undoing this would "
            "undo that as well. Set the shares that you want with offer.allocate.",
            kind=Kind.CONFLICT,
        )
    allocation = _put(tx, offer, stored, effect.allocation_after, proposal.change.before, now_us)
    tx.decisions.undo(effect.proposal, allocation=allocation, at_us=now_us)
    undone = replace(effect, allocation_undone=allocation, undone_at_us=now_us)
    enter_effect(tx, undone, stored, shares=_ppm(proposal.change.before), actor=actor)
    return allocation


def is_in_force(tx: Tx, effect: StoredEffect) -> bool:
    """Whether these are still the shares that somebody set last in their context. What was derived from them does not
    count."""
    past = tx.evidence.allocations(effect.offer)
    (context,) = (one.context for one in past if one.id == effect.allocation_after)
    return [one.id for one in past if one.context == context and not one.derived][-1] == effect.allocation_after


def announce(tx: Tx, changed: Sequence[tuple[int, int]], *, now_us: int) -> None:
    """Bring offers in line with their new allocations, and tell the edge. Last in a transaction.

    Args:
        changed: (offer, allocation) of each.
    """
    offers = [tx.catalog.offer(offer) for offer in dict.fromkeys(offer for offer, _ in changed)]
    found = [offer for offer in offers if offer is not None]
    bring_in_line(tx, found, made={allocation for _, allocation in changed}, now_us=now_us)


def _ppm(shares: Shares) -> list[tuple[int, int]]:
    return [(share.arm, share.propensity_ppm) for share in shares]


def _put(tx: Tx, offer: Offer, stored: StoredProposal, like: int, shares: Shares, now_us: int) -> int:
    """A new allocation in the proposal's context, with the arms of another one and these shares."""
    ppm = {share.arm: share.propensity_ppm for share in shares}
    arms = [replace(arm, propensity_ppm=ppm[arm.arm]) for arm in tx.catalog.allocation(like)]
    return tx.catalog.add_allocation(
        advertiser=offer.advertiser, offer=offer.id, arms=arms, at_us=now_us, context=stored.context
    )
