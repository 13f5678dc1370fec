"""Which contexts an offer tells apart: device, time, kind of publisher, region (``domain.contexts``).

A context has allocations of its own, so a click that names its allocation says all that is kept of its context."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from warum.app.border import OfferRef, ReasonText, Version, border, missing, stale
from warum.app.call import Call, Done
from warum.app.creatives.shares import bring_in_line
from warum.app.offers import OfferOut, offer_done, offer_now
from warum.domain.contexts import ANY, chosen, contexts, contexts_max, dimensions_max
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.decisions import ASKED


@border
class ContextsSet:
    """Each context gets the arms of the offer and, until somebody sets others, its shares. Contexts that had shares of
    their own before get them back. None: visitors are told apart no more."""

    offer: OfferRef
    dimensions: Annotated[
        tuple[Annotated[str, Field(max_length=20)], ...],
        Field(
            max_length=dimensions_max,
            description=f"Up to {dimensions_max} of device, daypart, week, publisher and region, making at most "
            f"{contexts_max} contexts. All are read from the request as it comes, and none of it is kept.",
        ),
    ]
    reason: ReasonText | None = None
    expected_version: Version | None = None


def set_contexts(tx: Tx, call: Call, ask: ContextsSet) -> Done[OfferOut] | Refusal:
    dimensions = chosen(ask.dimensions)
    if isinstance(dimensions, Refusal):
        return dimensions
    # Whoever approves has the proposal first and the offer second; so it is here. A refusal takes it back.
    _withdraw(tx, ask.offer, told_apart={ANY, *contexts(dimensions)})
    found = tx.catalog.offer(ask.offer, lock=True)
    if found is None:
        return missing("offer", ask.offer)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    tx.catalog.save_dimensions(found.id, dimensions)
    changed = offer_now(tx, found.id)
    bring_in_line(tx, [changed], replanned=True, now_us=call.now_us)
    return offer_done(tx, found.id, before=found.row_version)


def _withdraw(tx: Tx, offer: int, *, told_apart: Collection[str]) -> None:
    """Take back what people are asked about in contexts that are told apart no more."""
    for asked in tx.decisions.proposals(states=ASKED, offer=offer, limit=contexts_max * 10):
        if asked.context not in told_apart:
            tx.decisions.supersede(asked.id)
