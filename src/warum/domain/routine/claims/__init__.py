"""A publisher misses a sale: accept, reject with the reason, or ask a person.

Accepting takes the order in its own spelling, details that fit, and a proof whose it is; likeness alone accepts nothing
and goes to a person. So does everything that contradicts itself. Rejecting takes a fact that the publisher can contest;
that something is missing rejects nobody, but is said, with what would help.

A letter names no order id and nothing of another publisher, and where details differ it does not say what ours are:
otherwise claims would be a way to ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from warum.domain.commission import commission_minor, rule_at
from warum.domain.conversion import Conversion, Credit, Reason, Standing, Status
from warum.domain.mode import Mode
from warum.domain.routine.claims import letters
from warum.domain.routine.claims.matching import (
    alike,
    amount_fits,
    claimed_day,
    day_fits,
    fits,
    nearly,
    same,
    written_so,
)
from warum.domain.routine.claims.proof import Finding, by_touches, of_another, proven, voucher_of
from warum.domain.routine.claims.records import Answer, Facts, Judged, Order, Why
from warum.domain.token import TokenFault, Touch
from warum.kernel.money import amount_minor_max
from warum.kernel.period import local_date

_clock_slack: Final = timedelta(days=1)


def judge(facts: Facts, *, operator: str) -> Judged:
    """The answer to one claim.

    Args:
        operator: who signs the letter.
    """
    found = _found(facts)
    answer = answer_of(found.why)
    booked = _booked(facts, found) if answer is Answer.ACCEPT else None
    if answer is Answer.ACCEPT and booked is None:
        found, answer = Finding(why=Why.NO_RULE, order=found.order, conversion=found.conversion), Answer.ASK
    order = found.order
    return Judged(
        claim=facts.claim.id,
        answer=answer,
        why=found.why,
        letter=letters.letter(facts, found, commission_minor=booked[0] if booked else None, operator=operator),
        proof=found.proof if booked else None,
        order=None if order is None else order.id,
        conversion=None if found.conversion is None else found.conversion.id,
        currency=None if order is None else order.currency,
        sale_minor=order.amount_minor if booked and order else None,
        retained_minor=order.retained_minor if booked and order else None,
        commission_minor=booked[0] if booked else None,
        rule=booked[1] if booked else None,
        click_at_us=found.touch_at_us,
    )


def answer_of(why: Why) -> Answer:
    """The answer that a reason stands for."""
    if why in _ACCEPTING:
        return Answer.ACCEPT
    return Answer.REJECT if why in _REJECTING else Answer.ASK


def _found(facts: Facts) -> Finding:
    if _broken(facts):
        return Finding(why=Why.DATA_BROKEN)
    order = _which(facts)
    if isinstance(order, Finding):
        return order
    for step in STEPS:
        if finding := step(facts, order):
            return finding
    return proven(facts, order, _uncredited(facts))


def _broken(facts: Facts) -> bool:
    """Figures that cannot be, so that nothing should be concluded from them."""
    claim = facts.claim
    if not claim.order_id.strip() or (claim.amount_minor is not None and claim.amount_minor <= 0):
        return True
    return any(
        not 0 <= order.retained_minor <= order.amount_minor <= amount_minor_max
        for order in written_so(claim, facts.orders)
    )


def _which(facts: Facts) -> Order | Finding:
    """The order that is meant, or why none can be told."""
    claim, zone = facts.claim, facts.agreement.terms.timezone
    found = written_so(claim, facts.orders)
    if len(found) > 1:
        return Finding(why=Why.SEVERAL_ORDERS)
    if found:
        return found[0]
    if finding := _credited(facts, None):
        return finding
    if _uncredited(facts) is not None:
        return Finding(why=Why.RECORDS_CONTRADICT)
    known = [order.id for order in facts.orders] + [each.order_id or "" for each in facts.conversions]
    if any(alike(claim.order_id, each) for each in known):
        return Finding(why=Why.SPELLED_DIFFERENTLY)
    if any(_meant(facts, order) for order in facts.orders):
        return Finding(why=Why.ANOTHER_ORDER_FITS)
    day = claimed_day(claim)
    if day is None or day >= local_date(facts.orders_until_us, zone) - _clock_slack:
        return Finding(why=Why.NOT_YET_REPORTED if day else Why.DETAILS_MISSING)
    return Finding(why=Why.ORDER_UNKNOWN)


def _meant(facts: Facts, order: Order) -> bool:
    """Whether a number that nobody knows may be a slip for this order's: two of three things have to speak for it, the
    number being nearly its own, details that fit, a click of the claimant before it."""
    claim, zone = facts.claim, facts.agreement.terms.timezone
    near, whole = nearly(claim.order_id, order.id), fits(claim, order, zone)
    if near and whole:
        return True
    clicked = _clicked(facts, order, (*order.touches, *claim.touches)) and not _taken(facts, order)
    return clicked and (whole or (near and day_fits(claim, order, zone)))


def _clicked(facts: Facts, order: Order, touches: Sequence[Touch | TokenFault]) -> bool:
    return by_touches(facts, order, touches).publisher == facts.claim.publisher


def _taken(facts: Facts, order: Order) -> bool:
    return any(
        each.attribution.publisher is not None and same(each.order_id or "", order.id) for each in facts.conversions
    )


def _another_fits(facts: Facts, order: Order) -> Finding | None:
    """The id is that of an order whose details do not fit, and a slip away stands one whose details do, or that carries
    the claimant's click."""
    claim, zone = facts.claim, facts.agreement.terms.timezone
    if fits(claim, order, zone):
        return None
    slipped = any(
        (nearly(claim.order_id, other.id) or alike(claim.order_id, other.id))
        and (fits(claim, other, zone) or (_clicked(facts, other, other.touches) and day_fits(claim, other, zone)))
        for other in facts.orders
        if not _taken(facts, other)
    )
    return Finding(why=Why.ANOTHER_ORDER_FITS) if slipped else None


def _credited(facts: Facts, order: Order | None) -> Finding | None:
    """Somebody has the sale already."""
    credited = [each for each in _same_order(facts) if each.attribution.publisher is not None]
    own = next((each for each in credited if each.attribution.publisher == facts.claim.publisher), None)
    if own is not None:
        return Finding(why=_own(own, order), order=order, conversion=own)
    if not credited:
        return None
    contradicts = order is not None and (
        by_touches(facts, order, order.touches).publisher == facts.claim.publisher
        or (credited[0].attribution.credit is Credit.REFERENCE and _shows_token(facts, order))
        or (facts.agreement.vouchers_first and voucher_of(facts, order) == facts.claim.publisher)
    )
    return Finding(why=Why.RECORDS_CONTRADICT if contradicts else Why.CREDITED_TO_ANOTHER, order=order)


def _own(own: Conversion, order: Order | None) -> Why:
    """The publisher has it. If the advertiser's system keeps more of it than was credited, the two contradict."""
    standing = own.standing
    live = order is not None and order.mode is Mode.LIVE
    if standing.status is Status.DECLINED:
        undone = standing.reason is not Reason.DECLINED_BY_ADVERTISER
        return Why.RECORDS_CONTRADICT if live and undone and order and order.retained_minor else Why.DECLINED
    more = live and order is not None and order.retained_minor > standing.retained_minor
    return Why.RECORDS_CONTRADICT if more else Why.ALREADY_CREDITED


def _shows_token(facts: Facts, order: Order) -> bool:
    shown = by_touches(facts, order, facts.claim.touches)
    return shown.publisher == facts.claim.publisher and shown.credit is Credit.TOKEN


def _real(facts: Facts, order: Order) -> Finding | None:
    if order.mode is Mode.TEST:
        return Finding(why=Why.TEST_ORDER, order=order)
    if order.retained_minor == 0 and order.amount_minor > 0:
        return Finding(why=Why.ORDER_CANCELLED, order=order)
    return None


def _within_terms(facts: Facts, order: Order) -> Finding | None:
    agreement, claim = facts.agreement, facts.claim
    if order.currency not in agreement.terms.currencies:
        return Finding(why=Why.CURRENCY_NOT_LISTED, order=order)
    if order.group in agreement.groups_excluded:
        return Finding(why=Why.GROUP_EXCLUDED, order=order)
    zone = agreement.terms.timezone
    passed = local_date(claim.claimed_us, zone) - local_date(order.ordered_us, zone)
    if passed < -_clock_slack:
        return Finding(why=Why.RECORDS_CONTRADICT, order=order)
    if agreement.claim_days is not None and passed.days > agreement.claim_days:
        return Finding(why=Why.CLAIMED_LATE, order=order)
    return None


def _details(facts: Facts, order: Order) -> Finding | None:
    """What the publisher says of the order is so: whoever has only an id does not know."""
    claim = facts.claim
    if claim.amount_minor is None or claimed_day(claim) is None:
        return Finding(why=Why.DETAILS_MISSING, order=order)
    if claim.currency != order.currency:
        return Finding(why=Why.CURRENCY_DIFFERS, order=order)
    if not amount_fits(claim, order):
        return Finding(why=Why.AMOUNT_DIFFERS, order=order)
    if not day_fits(claim, order, facts.agreement.terms.timezone):
        return Finding(why=Why.DAY_DIFFERS, order=order)
    return None


STEPS: Final[tuple[Callable[[Facts, Order], Finding | None], ...]] = (
    _another_fits,
    _credited,
    _real,
    _within_terms,
    of_another,
    _details,
)
"""What is looked at before the proof, in this order."""


def _same_order(facts: Facts) -> list[Conversion]:
    return [
        each
        for each in facts.conversions
        if each.mode is Mode.LIVE and each.order_id is not None and same(each.order_id, facts.claim.order_id)
    ]


def _uncredited(facts: Facts) -> Conversion | None:
    return next((each for each in _same_order(facts) if each.attribution.publisher is None), None)


def _booked(facts: Facts, found: Finding) -> tuple[int, int] | None:
    """Commission in minor units, and the rule it follows; None where no rule applies."""
    order, at_us = found.order, found.credit_at_us
    if order is None or at_us is None:
        return None
    fitting = [rule for rule in facts.agreement.rules if rule.currency in (None, order.currency)]
    rule = rule_at(fitting, publisher=facts.claim.publisher, group=order.group, click_at_us=at_us)
    if rule is None:
        return None
    standing = Standing(
        status=Status.PENDING,
        reason=None,
        sale_minor=order.amount_minor,
        retained_minor=order.retained_minor,
        check_in=None,
        check_out=None,
        release_at_us=None,
    )
    return commission_minor(rule, standing), rule.id


_ACCEPTING: Final = frozenset({Why.PROVEN_BY_ORDER, Why.PROVEN_BY_VOUCHER, Why.PROVEN_BY_CLICK})
_REJECTING: Final = frozenset(
    {
        Why.ORDER_UNKNOWN,
        Why.ALREADY_CREDITED,
        Why.DECLINED,
        Why.CREDITED_TO_ANOTHER,
        Why.TEST_ORDER,
        Why.ORDER_CANCELLED,
        Why.CURRENCY_NOT_LISTED,
        Why.GROUP_EXCLUDED,
        Why.CLAIMED_LATE,
        Why.CLICK_OF_ANOTHER,
        Why.VOUCHER_OF_ANOTHER,
        Why.OUTSIDE_WINDOW,
        Why.CLICK_AFTER_ORDER,
        Why.NOT_APPROVED,
    }
)
