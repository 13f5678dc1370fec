"""What a list of conversions sums up to, and what publishers were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from warum.app.border import ConversionRef, Limit, PublisherRef, TargetRef, border, missing, moment
from warum.app.call import Call
from warum.app.conversions import ConversionList, filter_of
from warum.app.figures.shapes import TotalOut, total_out
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


@border
class ConversionTotals(ConversionList):
    """The same filters as for conversion.list; status, before and limit are not looked at."""


@border
class ConversionTotalsOut:
    totals: Annotated[tuple[TotalOut, ...], Field(description="By status and currency.")]


def show_totals(tx: Tx, call: Call, ask: ConversionTotals) -> ConversionTotalsOut | Refusal:
    which = filter_of(call, ask)
    if isinstance(which, Refusal):
        return which
    found = tx.figures.totals(replace(which, status=None))
    ordered = sorted(found, key=lambda total: (total.currency, list(type(total.status)).index(total.status)))
    return ConversionTotalsOut(totals=tuple(total_out(total) for total in ordered))


@border
class DeliveryList:
    publisher: PublisherRef
    before: Annotated[int | None, Field(ge=1, description="The number of the last one of the page before.")] = None
    limit: Limit = 50


@border
class DeliveryOut:
    """One announcement of one step, with its last attempt; null where there was none yet."""

    number: int
    target: TargetRef
    conversion: ConversionRef
    step: int
    event_id: str
    state: Annotated[str, Field(description="waiting, delivered or given_up.")]
    due_at: datetime
    attempts: int
    at: datetime | None
    answered: Annotated[int | None, Field(description="The HTTP status.")]
    outcome: str | None
    duration_ms: int | None


@border
class Deliveries:
    deliveries: tuple[DeliveryOut, ...]


def list_deliveries(tx: Tx, call: Call, ask: DeliveryList) -> Deliveries | Refusal:
    if tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    return Deliveries(
        deliveries=tuple(
            DeliveryOut(
                number=told.id,
                target=told.target,
                conversion=told.conversion,
                step=told.seq,
                event_id=told.event_id,
                state=told.state,
                due_at=from_us(told.due_us),
                attempts=told.attempts,
                at=moment(told.at_us),
                answered=told.answered,
                outcome=told.outcome,
                duration_ms=told.duration_ms,
            )
            for told in tx.figures.told(publisher=ask.publisher, before=ask.before, limit=ask.limit)
        )
    )
