"""What each arm of an offer brought, beside the probability with which it is drawn now. Numbers of arms stay with what
they show, so that an arm's figures go on over a change of the allocation."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from pydantic import Field

from warum.app.border import Money, OfferRef, border, missing, money
from warum.app.call import Call
from warum.app.figures.shapes import Since, Until, per_click, within
from warum.app.offers import ArmOut, OfferOut, offer_out
from warum.domain.catalog import ARM_DEEP_LINK
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.figures import ArmTotal, Seen


@border
class ArmMoney:
    currency: str
    retained: Annotated[Money, Field(description="What the advertiser keeps of what this arm sold.")]
    commission: Money
    retained_per_click: Money | None


@border
class ArmFigures:
    number: int
    arm: Annotated[ArmOut | None, Field(description="As it stands in the allocation in force; null: no longer drawn.")]
    creative_name: str | None
    impressions: int
    clicks: int
    conversions: Annotated[int, Field(description="Credited, declined ones included.")]
    declined: int
    money: tuple[ArmMoney, ...]


@border
class OfferFiguresOut:
    offer: OfferOut
    arms: tuple[ArmFigures, ...]


@border
class OfferFigures:
    offer: OfferRef
    since: Since = None
    until: Until = None


def show_offer_figures(tx: Tx, call: Call, ask: OfferFigures) -> OfferFiguresOut | Refusal:
    found = tx.catalog.offer(ask.offer)
    if found is None:
        return missing("offer", ask.offer)
    offer = offer_out(tx, found)
    span = within(call, ask.since, ask.until)
    seen = tx.figures.arms_seen(found.id, span)
    totals: defaultdict[int, list[ArmTotal]] = defaultdict(list)
    for total in tx.figures.arm_totals(found.id, span):
        totals[total.arm].append(total)
    drawn = {arm.arm: arm for arm in offer.arms}
    names = {creative.arm: creative.name for creative in tx.creatives.of_offer(found.id)}
    numbers = sorted({*drawn, *seen, *totals} - {ARM_DEEP_LINK})
    return OfferFiguresOut(
        offer=offer,
        arms=tuple(
            ArmFigures(
                number=number,
                arm=drawn.get(number),
                creative_name=names.get(number),
                impressions=seen.get(number, Seen()).impressions,
                clicks=seen.get(number, Seen()).clicks,
                conversions=sum(total.count for total in totals[number]),
                declined=sum(total.declined for total in totals[number]),
                money=tuple(_money(total, seen.get(number, Seen()).clicks) for total in totals[number]),
            )
            for number in numbers
        ),
    )


def _money(total: ArmTotal, clicks: int) -> ArmMoney:
    each_minor = per_click(total.retained_minor, clicks)
    return ArmMoney(
        currency=total.currency,
        retained=money(total.retained_minor, total.currency),
        commission=money(total.commission_minor, total.currency),
        retained_per_click=None if each_minor is None else money(each_minor, total.currency),
    )
