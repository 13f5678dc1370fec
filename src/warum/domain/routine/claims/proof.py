"""Whose is the sale? What the order itself carries counts most, then a voucher code of its own, then a click that the
publisher can show.

Such a click proves that somebody clicked, not that it was the buyer: whoever has a link can make one. It is enough only
where nothing speaks against it: the order is known from the advertiser's system alone (had its conversion come in
without a click, the shop would have seen none), the click brought no other sale, nobody else claims the order, and the
publisher does not claim a large part of its sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warum.domain.attribution import attribute, last_moment
from warum.domain.catalog import PartnershipStatus
from warum.domain.conversion import Attribution, Conversion, Credit
from warum.domain.mode import Mode
from warum.domain.routine.claims.matching import alike, same
from warum.domain.routine.claims.records import Facts, Order, Proof, Why
from warum.domain.token import TokenFault, Touch
from warum.kernel.period import DAY_US

claims_free: Final = 2
"""Claims that anybody may have, however few its sales."""
claims_per_sales: Final = 5
"""From then on one claim for so many sales."""
click_time_slack_us: Final = DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, before it is told.

    Attributes:
        touch_at_us: of the click that is spoken of, at its latest.
        by_day: of that click only the UTC day is known.
        credit_at_us: the moment whose commission rule applies.
    """

    why: Why
    order: Order | None = None
    conversion: Conversion | None = None
    proof: Proof | None = None
    touch_at_us: int | None = None
    by_day: bool = False
    link: int | None = None
    credit_at_us: int | None = None


def by_touches(facts: Facts, order: Order, touches: Sequence[Touch | TokenFault]) -> Attribution:
    """Whom touches would credit the order to, by the rule that all money is paid by."""
    # A click of the test mode credits nobody with live money.
    live = [touch for touch in touches if isinstance(touch, TokenFault) or touch.mode is Mode.LIVE]
    return attribute(
        live,
        terms=facts.agreement.terms,
        booked_at_us=order.ordered_us,
        link_of=facts.links.get,
        reference_basis=facts.agreement.reference_basis,
    )


def of_another(facts: Facts, order: Order) -> Finding | None:
    """The order carries the click of another publisher. A later click that the claimant can show contradicts that."""
    kept = by_touches(facts, order, order.touches)
    if kept.publisher in (None, facts.claim.publisher):
        return None
    if facts.agreement.vouchers_first and voucher_of(facts, order) == facts.claim.publisher:
        return None
    shown = by_touches(facts, order, facts.claim.touches)
    later = shown.publisher == facts.claim.publisher and (shown.click_at_us or 0) > (kept.click_at_us or 0)
    return Finding(why=Why.RECORDS_CONTRADICT if later else Why.CLICK_OF_ANOTHER, order=order)


def proven(facts: Facts, order: Order, reported: Conversion | None) -> Finding:
    """The proof, or why there is none.

    Args:
        reported: the order's conversion that is credited to nobody; None where none came in.
    """
    claimant, owner = facts.claim.publisher, voucher_of(facts, order)
    kept = by_touches(facts, order, order.touches)
    shown = by_touches(facts, order, (*facts.claim.touches, *facts.clicks))
    code_counts = owner is not None and (facts.agreement.vouchers_first or kept.publisher is None)
    if code_counts and owner != claimant:
        contradicts = shown.publisher == claimant and shown.credit is Credit.TOKEN
        why = Why.RECORDS_CONTRADICT if contradicts and not facts.agreement.vouchers_first else Why.VOUCHER_OF_ANOTHER
        return Finding(why=why, order=order, conversion=reported)
    if code_counts:
        return _approved(facts, order, reported, Proof.VOUCHER, None)
    if kept.publisher == claimant:
        return _approved(facts, order, reported, Proof.ORDER, kept)
    why = _against_click(facts, order, reported, kept, shown)
    if why is not None:
        latest = _unusable(facts, order)[1] if shown.publisher is None else None
        return Finding(
            why=why,
            order=order,
            conversion=reported,
            touch_at_us=None if latest is None else last_moment(latest),
            by_day=latest is not None and latest.record is None,
            link=None if latest is None else latest.link,
        )
    return _approved(facts, order, reported, Proof.CLICK, shown)


def _against_click(
    facts: Facts, order: Order, reported: Conversion | None, kept: Attribution, shown: Attribution
) -> Why | None:
    """Why a click that the publisher shows is not enough; None if it is."""
    if shown.publisher is None:
        return _unusable(facts, order)[0]
    if shown.publisher != facts.claim.publisher:
        return Why.CLICK_OF_ANOTHER
    if shown.credit is Credit.REFERENCE:
        return Why.REFERENCE_ALONE
    own = by_touches(facts, order, facts.claim.touches)
    if own.publisher is None and len({touch.record for touch in facts.clicks}) > 1:
        return Why.SUB_ID_SHARED
    said, was = facts.claim.clicked_us, shown.click_at_us
    if said is not None and was is not None and abs(said - was) > click_time_slack_us:
        return Why.CLICK_TIME_DIFFERS
    if any(each.attribution.click_record == shown.click_record for each in facts.conversions):
        return Why.CLICK_USED
    if order.touches:
        return Why.RECORDS_CONTRADICT
    if reported is not None:
        return Why.ORDER_WITHOUT_CLICK
    if any(same(each.order_id, order.id) or alike(each.order_id, order.id) for each in facts.others):
        return Why.CLAIMED_BY_OTHERS
    many = facts.claims_lately > claims_free and facts.claims_lately * claims_per_sales > facts.sales_lately
    return Why.CLAIMS_MANY if many else None


def _unusable(facts: Facts, order: Order) -> tuple[Why, Touch | None]:
    """Why none of the claimant's clicks counts, and the latest that does not. One that cannot be read may be the right
    one, so that comes first; that one leads elsewhere says nothing of the sale, so that comes last."""
    said: dict[str, Touch | None] = {}
    for touch in sorted((*facts.claim.touches, *facts.clicks, *order.touches), key=_when):
        if isinstance(touch, TokenFault) or _whose(facts, touch) in (facts.claim.publisher, None):
            said[by_touches(facts, order, [touch]).why] = None if isinstance(touch, TokenFault) else touch
    if said.keys() & _UNREADABLE:
        return Why.CLICK_UNREADABLE, None
    for code, why in _REFUTING.items():
        if code in said:
            return why, said[code]
    return (Why.CLICK_NOT_USABLE if said.keys() - {"no_click"} else Why.CLICK_MISSING), None


def _when(touch: Touch | TokenFault) -> int:
    return 0 if isinstance(touch, TokenFault) else last_moment(touch)


def _whose(facts: Facts, touch: Touch) -> int | None:
    link = facts.links.get(touch.link)
    return None if link is None else link.publisher


def _approved(
    facts: Facts, order: Order, reported: Conversion | None, proof: Proof, credit: Attribution | None
) -> Finding:
    """A proof counts if the partnership was approved when the click was; of a code, when it was redeemed."""
    at_us = order.ordered_us if credit is None or credit.click_at_us is None else credit.click_at_us
    link = None if credit is None else credit.link
    why = _PROVEN[proof] if _approved_at(facts, at_us) else Why.NOT_APPROVED
    return Finding(
        why=why,
        order=order,
        conversion=reported,
        proof=proof if why in _PROVEN.values() else None,
        touch_at_us=at_us,
        by_day=credit is not None and credit.credit is Credit.REFERENCE,
        link=link,
        credit_at_us=at_us,
    )


def _approved_at(facts: Facts, at_us: int) -> bool:
    begun = [status for from_us, status in facts.agreement.standing if from_us <= at_us]
    return bool(begun) and begun[-1] is PartnershipStatus.APPROVED


def voucher_of(facts: Facts, order: Order) -> int | None:
    """The publisher to whom the order's voucher code belongs."""
    return facts.agreement.vouchers.get(order.voucher.strip().casefold()) if order.voucher.strip() else None


_UNREADABLE: Final = frozenset(TokenFault) | {"link_unknown"}
_REFUTING: Final = {"outside_window": Why.OUTSIDE_WINDOW, "click_after_conversion": Why.CLICK_AFTER_ORDER}
_PROVEN: Final = {
    Proof.ORDER: Why.PROVEN_BY_ORDER,
    Proof.VOUCHER: Why.PROVEN_BY_VOUCHER,
    Proof.CLICK: Why.PROVEN_BY_CLICK,
}
