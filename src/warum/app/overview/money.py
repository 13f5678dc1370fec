"""Money in its stages, as the ledger has it: what came in, what is pending, what was approved, what was taken back, and
what is owed now. What happened within a span is taken by when it was booked, not by what became of a conversion later,
so that one span can be held against another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import Moment, Money, border, money
from warum.app.call import Call
from warum.domain.conversion import EventKind
from warum.kernel.period import to_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.overview import Booked, Flow, Holding, Span, Which

TAKEN_BACK: Final = (EventKind.CANCELLED, EventKind.NO_SHOW, EventKind.REFUNDED, EventKind.DECLINED)
"""Events that take a commission away, in whole or in part."""
GIVEN: Final = (EventKind.RELEASED, EventKind.APPROVED)
"""Events that make a pending commission an earned one."""


@border
class FlowOut:
    """What happened within the span."""

    conversions: int
    amount: Money


@border
class Stages:
    """In one currency. Amounts are commissions, but for what was booked."""

    currency: str
    booked: Annotated[FlowOut, Field(description="Credited conversions of the span, and what they were sold for.")]
    approved: Annotated[FlowOut, Field(description="Confirmed within the span, whenever it was booked.")]
    taken_back: Annotated[FlowOut, Field(description="Declined, cancelled or refunded within the span.")]
    pending: Annotated[Money, Field(description="Now.")]
    pending_then: Annotated[Money, Field(description="When the span began.")]
    confirmed: Annotated[Money, Field(description="Earned and not paid out, now.")]
    confirmed_then: Annotated[Money, Field(description="When the span began.")]


@border
class MoneyStages:
    stages: Annotated[tuple[Stages, ...], Field(description="The currency with most conversions first.")]


@border
class MoneyShow:
    since: Moment
    until: Moment


def show_money(tx: Tx, call: Call, ask: MoneyShow) -> MoneyStages | Refusal:
    span = Span(to_us(ask.since), to_us(ask.until))
    if span.from_us >= span.until_us:
        return Refusal(code="dates_backwards", message="The span ends before it starts: swap the two.", field="until")
    flows = tx.overview.flows(span)
    after = [] if span.until_us >= call.now_us else tx.overview.flows(Span(span.until_us, call.now_us + 1))
    held = {one.currency: one for one in tx.overview.holdings()}
    booked = tx.overview.booked_totals(span, Which())
    currencies = {*held, *(one.currency for one in flows), *(one.currency for one in booked)}
    stages = [
        _stages(
            currency,
            [one for one in booked if one.currency == currency],
            [one for one in flows if one.currency == currency],
            [one for one in after if one.currency == currency],
            held.get(currency, Holding(currency, 0, 0)),
        )
        for currency in currencies
    ]
    return MoneyStages(stages=tuple(sorted(stages, key=lambda one: (-one.booked.conversions, one.currency))))


def _stages(
    currency: str, booked: Sequence[Booked], flows: Sequence[Flow], after: Sequence[Flow], held: Holding
) -> Stages:
    back = [flow for flow in flows if flow.kind in TAKEN_BACK]
    given = [flow for flow in flows if flow.kind not in TAKEN_BACK]
    since = (*flows, *after)
    return Stages(
        currency=currency,
        booked=FlowOut(
            conversions=sum(one.count for one in booked),
            amount=money(sum(one.sale_minor for one in booked), currency),
        ),
        approved=FlowOut(
            conversions=sum(flow.steps for flow in given if flow.kind in GIVEN),
            amount=money(sum(flow.confirmed_minor for flow in given), currency),
        ),
        taken_back=FlowOut(
            conversions=sum(flow.steps for flow in back),
            amount=money(-sum(flow.pending_minor + flow.confirmed_minor for flow in back), currency),
        ),
        pending=money(held.pending_minor, currency),
        pending_then=money(held.pending_minor - sum(flow.pending_minor for flow in since), currency),
        confirmed=money(held.confirmed_minor, currency),
        confirmed_then=money(held.confirmed_minor - sum(flow.confirmed_minor for flow in since), currency),
    )
