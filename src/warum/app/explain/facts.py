"""The facts of an explanation. What is the caller's own (the conversion, its history, postings, deliveries) is read in
the caller's rows, so that nobody is told of what is not theirs; the terms around it are then read for everybody who may
see the conversion: a publisher is owed the rule it is paid by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from warum.app.border import missing, moment, money
from warum.app.call import Call
from warum.app.conversions import conversion_out, sees_order_ids
from warum.app.explain.shapes import (
    ClickFacts,
    ConversionExplain,
    DeliveryFacts,
    Explanation,
    HoldFacts,
    PostingFacts,
    StepFacts,
)
from warum.app.explain.words import tell
from warum.app.log import history
from warum.app.offers import propensity
from warum.app.programs import rule_out
from warum.domain.catalog import Terms, Validation
from warum.domain.conversion import Conversion, ConversionEvent, Credit, Status
from warum.domain.mode import Mode
from warum.kernel.ids import public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Advertiser, Link, Offer, Publisher
from warum.ports.database import Role, Scope, Tx
from warum.ports.ledger import PostedTxn
from warum.ports.views import ConversionFilter, ConversionLine, DeliveryLine

_SYSTEM: Final = Scope(Role.SYSTEM)
_CONSENT: Final = {Credit.TOKEN: "consent", Credit.REFERENCE: "legal_basis", Credit.NONE: "none"}


def explain(call: Call, ask: ConversionExplain) -> Explanation | Refusal:
    with call.deps.database.transaction(call.caller.scope) as tx:
        line = _found(tx, call, ask)
        if isinstance(line, Refusal):
            return line
        conversion = tx.conversions.get(line.id)
        if conversion is None:
            return missing("conversion", line.id)
        booked = tx.ledger.of_conversion(line.id)
        told = tx.views.deliveries(line.id)
    with call.deps.database.transaction(_SYSTEM) as tx:
        past = history(tx, line.id)
        terms = tx.catalog.terms([conversion.program])[conversion.program]
        rules = tx.catalog.rules([conversion.program]).get(conversion.program, ())
        click = _click(tx, conversion)
        advertiser = tx.catalog.advertiser(conversion.advertiser)
        publisher = _publisher(tx, conversion)
    rule = next((rule for rule in rules if rule.id == conversion.rule), None)
    credit = conversion.attribution.credit
    basis = None if advertiser is None else advertiser.reference_basis
    facts = Explanation(
        conversion=conversion_out(_named(line, advertiser, publisher, terms), call.caller.scope),
        click=click,
        consent=_CONSENT[credit],
        legal_basis=basis if credit is Credit.REFERENCE else None,
        credit=credit,
        why=conversion.attribution.why,
        window_days=terms.window_days,
        vertical=terms.vertical,
        timezone=terms.timezone,
        rule=None if rule is None else rule_out(rule),
        hold=_hold(conversion, terms),
        steps=_steps(past, conversion.currency),
        # Steps are numbered without a gap. One that was made a moment ago may be among the past already.
        steps_erased=max(0, conversion.seq - len(past)),
        postings=_postings(booked),
        deliveries=tuple(_delivery(delivery) for delivery in told),
        words=(),
    )
    return replace(facts, words=tell(ask.lang, facts))


def _found(tx: Tx, call: Call, ask: ConversionExplain) -> ConversionLine | Refusal:
    if ask.conversion is not None:
        lines = tx.views.conversions(ConversionFilter(conversion=ask.conversion, limit=1))
        return lines[0] if lines else missing("conversion", ask.conversion)
    if ask.order_id is None or ask.advertiser is None:
        return Refusal(
            code="conversion_not_named",
            message="Say which conversion: its id, such as cnv_12, or an order id together with its advertiser.",
            field="conversion",
        )
    lines: list[ConversionLine] = []
    if sees_order_ids(call.caller.scope):
        which = ConversionFilter(advertiser=ask.advertiser, order_id=ask.order_id, limit=10)
        lines = [line for line in tx.views.conversions(which) if line.event_type == ask.event_type]
    if not lines:
        return Refusal(
            code="conversion_unknown",
            message=f"{public('advertiser', ask.advertiser)} has no conversion with the order id {ask.order_id} and "
            f"the event type {ask.event_type}, or it is not yours. A report that waits is in report.list.",
            field="order_id",
            kind=Kind.NOT_FOUND,
        )
    # The same order may have been tried in test mode before.
    return min(lines, key=lambda line: line.mode is Mode.TEST)


def _named(
    line: ConversionLine, advertiser: Advertiser | None, publisher: Publisher | None, terms: Terms
) -> ConversionLine:
    return replace(
        line,
        advertiser_name=None if advertiser is None else advertiser.name,
        publisher_name=None if publisher is None else publisher.name,
        program_code=terms.code,
    )


def _publisher(tx: Tx, conversion: Conversion) -> Publisher | None:
    publisher = conversion.attribution.publisher
    return None if publisher is None else tx.catalog.publisher(publisher)


def _click(tx: Tx, conversion: Conversion) -> ClickFacts | None:
    credit = conversion.attribution
    if credit.link is None or credit.click_at_us is None:
        return None
    link = tx.catalog.link(credit.link)
    publisher = _publisher(tx, conversion)
    if link is None or publisher is None:
        raise LookupError(f"{public('conversion', conversion.id)} is credited to a link that does not exist")
    page, share = _arm(tx, conversion, link, tx.catalog.offer(link.offer))
    return ClickFacts(
        at=from_us(credit.click_at_us),
        link=link.id,
        link_name=link.name,
        publisher_name=publisher.name,
        landing_page=page,
        arm=credit.arm,
        allocation=credit.allocation,
        propensity=share,
        record=None if credit.click_record is None else str(credit.click_record),
    )


def _arm(tx: Tx, conversion: Conversion, link: Link, offer: Offer | None) -> tuple[str | None, str | None]:
    """(name of the landing page, propensity) of the arm that was drawn."""
    credit = conversion.attribution
    if credit.allocation is None or offer is None:
        return None, None
    arm = next((arm for arm in tx.catalog.allocation(credit.allocation) if arm.arm == credit.arm), None)
    if arm is None:
        return None, None
    page = next((page.name for page in offer.landing_pages if page.id == arm.landing_page), None)
    return page, propensity(arm.propensity_ppm)


def _hold(conversion: Conversion, terms: Terms) -> HoldFacts:
    standing = conversion.standing
    match standing.status:
        case Status.PENDING if standing.release_at_us is not None:
            state = "running"
        case Status.PENDING:
            state = "waiting_for_word" if terms.validation is Validation.MANUAL else "waiting_for_stay"
        case Status.APPROVED | Status.PAID:
            state = "over"
        case Status.DECLINED:
            state = "void"
    return HoldFacts(
        state=state,
        release_at=moment(standing.release_at_us),
        hold_days=terms.hold_days,
        check_out=standing.check_out,
    )


def _steps(events: Sequence[ConversionEvent], currency: str) -> tuple[StepFacts, ...]:
    steps: list[StepFacts] = []
    before: ConversionEvent | None = None
    for event in events:
        steps.append(
            StepFacts(
                seq=event.seq,
                kind=event.kind,
                at=from_us(event.at_us),
                seen=from_us(event.seen_us),
                record=None if event.source is None else str(event.source),
                status_raw=event.status_raw,
                status_before=event.before,
                status_after=event.after.status,
                reason=None if event.after.reason is None else event.after.reason.value,
                retained_before=None if before is None else money(before.after.retained_minor, currency),
                retained_after=money(event.after.retained_minor, currency),
                commission_before=None if before is None else money(before.commission_minor, currency),
                commission_after=money(event.commission_minor, currency),
                note=event.note,
            )
        )
        before = event
    return tuple(steps)


def _postings(booked: Sequence[PostedTxn]) -> tuple[PostingFacts, ...]:
    return tuple(
        PostingFacts(
            txn=txn.id,
            kind=txn.kind,
            at=from_us(txn.at_us),
            book=posting.debit.book,
            debit=posting.debit.kind,
            credit=posting.credit.kind,
            amount=money(posting.amount_minor, posting.debit.currency),
        )
        for txn in booked
        for posting in txn.postings
    )


def _delivery(line: DeliveryLine) -> DeliveryFacts:
    return DeliveryFacts(
        target=line.target,
        step=line.seq,
        event_id=line.event_id,
        state=line.state,
        attempt=line.attempt,
        at=moment(line.at_us),
        answered=line.answered,
        outcome=line.outcome,
    )
