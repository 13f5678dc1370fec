"""Putting a proposal's allocation in force, and the one before again. Whoever does it, a person or a bot within its
limits, comes through here; afterwards the edge has to be told (``announce``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

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
    offer = tx.catalog.offer(stored.offer, lock=True)
    if offer is None or offer.allocation != stored.allocation:
        return Refusal(
            code="allocation_replaced",
            message=f"The allocation of {public('offer', stored.offer)} was replaced after this was proposed, so the "
            "evidence does not speak of it any more. A new proposal will follow if there is one to make.",
            kind=Kind.CONFLICT,
        )
    effect = StoredEffect(
        proposal=stored.id,
        advertiser=stored.advertiser,
        offer=stored.offer,
        allocation_before=stored.allocation,
        allocation_after=_put(tx, offer, stored.allocation, proposal.change.after, now_us),
        applied_at_us=now_us,
    )
    tx.decisions.add_effect(effect)
    enter_effect(tx, effect, stored, shares=_ppm(proposal.change.after), actor=actor)
    return effect


def undo_effect(
    tx: Tx, effect: StoredEffect, stored: StoredProposal, proposal: Proposal, *, actor: ActorKind, now_us: int
) -> int | Refusal:
    """Restore the shares before; the allocation that does it. Creatives that are sold out just now are in it, too:
    bring the offer in line with them afterwards (``app.creatives``)."""
    offer = tx.catalog.offer(effect.offer, lock=True)
    if offer is None or not is_in_force(tx, effect):
        return Refusal(
            code="allocation_replaced",
            message=f"The allocation of {public('offer', effect.offer)} was changed again since; undoing this would "
            "undo that as well. Set the shares that you want with offer.allocate.",
            kind=Kind.CONFLICT,
        )
    allocation = _put(tx, offer, effect.allocation_after, proposal.change.before, now_us)
    tx.decisions.undo(effect.proposal, allocation=allocation, at_us=now_us)
    undone = replace(effect, allocation_undone=allocation, undone_at_us=now_us)
    enter_effect(tx, undone, stored, shares=_ppm(proposal.change.before), actor=actor)
    return allocation


def is_in_force(tx: Tx, effect: StoredEffect) -> bool:
    """Whether these are still the shares that somebody set last. What was derived from them does not count."""
    return [one.id for one in tx.evidence.allocations(effect.offer) if not one.derived][-1] == effect.allocation_after


def announce(tx: Tx, offer: int, allocation: int, *, now_us: int) -> None:
    """Queue the change for the edge: the table of arms before the links that draw from it. Do it last in a
    transaction."""
    tx.snapshot.queue("allocation", [allocation], at_us=now_us)
    tx.snapshot.queue_links_of(offer=offer, at_us=now_us)


def _ppm(shares: Shares) -> list[tuple[int, int]]:
    return [(share.arm, share.propensity_ppm) for share in shares]


def _put(tx: Tx, offer: Offer, like: int, shares: Shares, now_us: int) -> int:
    """A new allocation with the arms of another one and these shares."""
    ppm = {share.arm: share.propensity_ppm for share in shares}
    arms = [replace(arm, propensity_ppm=ppm[arm.arm]) for arm in tx.catalog.allocation(like)]
    return tx.catalog.add_allocation(advertiser=offer.advertiser, offer=offer.id, arms=arms, at_us=now_us)
