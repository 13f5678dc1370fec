"""Conversions as people see and decide them. What a person decides takes the same way as what a partner reports: the
vertical makes the standing, commission and ledger follow, the history keeps it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    ConversionRef,
    Limit,
    LinkRef,
    Moment,
    Money,
    OfferRef,
    ProgramRef,
    PublisherRef,
    ReasonText,
    Version,
    border,
    missing,
    moment,
    money,
    stale,
)
from warum.app.call import Call, Done
from warum.app.steps import write_steps
from warum.app.timers import rules_by_id
from warum.domain.conversion import Conversion, Credit, EventKind, Reason, Report, Status, Step
from warum.domain.ledger import AccountKind, Book
from warum.domain.lifecycle import Cause, move
from warum.domain.mode import Mode
from warum.kernel.ids import public
from warum.kernel.period import from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Scope, Tx
from warum.ports.ledger import Balance
from warum.ports.views import ConversionFilter, ConversionLine
from warum.verticals import VERTICALS

# What a person says of an order is what a partner would have reported.
_STEPS: Final = {
    Reason.CANCELLED: Step.CANCELLED,
    Reason.NO_SHOW: Step.NO_SHOW,
    Reason.REFUNDED: Step.REFUNDED,
    Reason.DECLINED_BY_ADVERTISER: Step.DECLINED,
}


class ModeWord(StrEnum):
    LIVE = "live"
    TEST = "test"


@border
class ConversionOut:
    id: ConversionRef
    status: Status
    reason: Annotated[Reason | None, Field(description="Why it was declined.")]
    advertiser: AdvertiserRef
    advertiser_name: str | None
    publisher: PublisherRef | None
    publisher_name: str | None
    program: ProgramRef
    program_code: str | None
    link: LinkRef | None
    order_id: Annotated[str | None, Field(description="The advertiser's own; publishers do not see it.")]
    event_type: str
    mode: ModeWord
    credit: Annotated[Credit, Field(description="What it was credited by.")]
    credit_why: Annotated[str, Field(description="The reason, also when it was credited to nobody.")]
    sale: Money
    retained: Annotated[Money, Field(description="What the advertiser keeps of the sale; commissions count on it.")]
    commission: Money
    booked_at: datetime
    release_at: Annotated[datetime | None, Field(description="When the hold is over; null: no clock is running.")]
    row_version: int


@border
class Conversions:
    conversions: tuple[ConversionOut, ...]


@border
class ConversionList:
    advertiser: AdvertiserRef | None = None
    publisher: PublisherRef | None = None
    program: ProgramRef | None = None
    link: LinkRef | None = None
    status: Status | None = None
    mode: ModeWord | None = None
    credited: Annotated[bool | None, Field(description="To somebody, or to nobody.")] = None
    order_id: Annotated[str | None, Field(max_length=200, description="The advertiser's order id.")] = None
    order_prefix: Annotated[str | None, Field(max_length=200, description="How the order id begins.")] = None
    booked_from: Moment | None = None
    booked_until: Moment | None = None
    offer: Annotated[OfferRef | None, Field(description="What the credited click led to,")] = None
    arm: Annotated[int | None, Field(ge=0, le=255, description="and which of its arms.")] = None
    clicked_from: Annotated[Moment | None, Field(description="When the credited click was.")] = None
    clicked_until: Moment | None = None
    had: Annotated[tuple[EventKind, ...], Field(max_length=len(EventKind), description="Had one of these events")] = ()
    had_from: Annotated[Moment | None, Field(description="from here")] = None
    had_until: Annotated[Moment | None, Field(description="until here.")] = None
    before: Annotated[ConversionRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_conversions(tx: Tx, call: Call, ask: ConversionList) -> Conversions | Refusal:
    which = filter_of(call, ask)
    if isinstance(which, Refusal):
        return which
    scope = call.caller.scope
    return Conversions(conversions=tuple(conversion_out(line, scope) for line in tx.views.conversions(which)))


def filter_of(call: Call, ask: ConversionList) -> ConversionFilter | Refusal:
    """Which conversions are meant, if the caller may look for them so."""
    if (ask.order_id or ask.order_prefix) is not None and not sees_order_ids(call.caller.scope):
        return Refusal(
            code="order_id_not_yours",
            message="Order ids are the advertiser's; look for the conversion's own id.",
            field="order_id",
            kind=Kind.FORBIDDEN,
        )
    return ConversionFilter(
        advertiser=ask.advertiser,
        publisher=ask.publisher,
        program=ask.program,
        link=ask.link,
        status=ask.status,
        mode=None if ask.mode is None else Mode[ask.mode.name],
        credited=ask.credited,
        order_id=ask.order_id,
        order_prefix=ask.order_prefix,
        booked_from_us=None if ask.booked_from is None else to_us(ask.booked_from),
        booked_until_us=None if ask.booked_until is None else to_us(ask.booked_until),
        offer=ask.offer,
        arm=ask.arm,
        clicked_from_us=None if ask.clicked_from is None else to_us(ask.clicked_from),
        clicked_until_us=None if ask.clicked_until is None else to_us(ask.clicked_until),
        had=",".join(ask.had) or None,
        had_from_us=None if ask.had_from is None else to_us(ask.had_from),
        had_until_us=None if ask.had_until is None else to_us(ask.had_until),
        before=ask.before,
        limit=ask.limit,
    )


@border
class ConversionShow:
    conversion: ConversionRef


def show_conversion(tx: Tx, call: Call, ask: ConversionShow) -> ConversionOut | Refusal:
    return _shown(tx, call, ask.conversion) or missing("conversion", ask.conversion)


@border
class ConversionApprove:
    """A person confirms it, before its hold is over or where the program waits for that word."""

    conversion: ConversionRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def approve(tx: Tx, call: Call, ask: ConversionApprove) -> Done[ConversionOut] | Refusal:
    return _decide(tx, call, ask.conversion, ask.expected_version, Step.APPROVED, ask.reason)


@border
class ConversionDecline:
    """A person declines it. The publisher reads both reasons."""

    conversion: ConversionRef
    reason: ReasonText
    because: Annotated[Reason, Field(description="The listed reason.")] = Reason.DECLINED_BY_ADVERTISER
    expected_version: Version | None = None


def decline(tx: Tx, call: Call, ask: ConversionDecline) -> Done[ConversionOut] | Refusal:
    return _decide(tx, call, ask.conversion, ask.expected_version, _STEPS[ask.because], ask.reason)


def own_conversion(tx: Tx, ask: ConversionApprove | ConversionDecline) -> Refusal | None:
    """Advertisers see the conversions of their own programs alone."""
    found = tx.views.conversions(ConversionFilter(conversion=ask.conversion, limit=1))
    return None if found else missing("conversion", ask.conversion)


@border
class BalanceOut:
    advertiser: AdvertiserRef
    publisher: PublisherRef
    mode: ModeWord
    pending: Annotated[Money, Field(description="What may still be earned.")]
    confirmed: Annotated[Money, Field(description="What was earned; below zero after a reversal.")]


@border
class Balances:
    balances: tuple[BalanceOut, ...]


@border
class BalanceList:
    publisher: PublisherRef | None = None
    advertiser: AdvertiserRef | None = None


def list_balances(tx: Tx, call: Call, ask: BalanceList) -> Balances | Refusal:
    held: dict[tuple[int, int, ModeWord, str], dict[AccountKind, int]] = {}
    for balance in tx.ledger.balances(publisher=ask.publisher, advertiser=ask.advertiser):
        kinds = held.setdefault(_of(balance), {})
        kinds[balance.account.kind] = balance.credits_minor - balance.debits_minor
    return Balances(
        balances=tuple(
            BalanceOut(
                advertiser=advertiser,
                publisher=publisher,
                mode=mode,
                pending=money(kinds.get(AccountKind.PENDING, 0), currency),
                confirmed=money(kinds.get(AccountKind.CONFIRMED, 0), currency),
            )
            for (advertiser, publisher, mode, currency), kinds in held.items()
        )
    )


def sees_order_ids(scope: Scope) -> bool:
    """An order id may lead to a person: it stays between the advertiser and the operator."""
    return scope.role is not Role.PUBLISHER


def conversion_out(line: ConversionLine, scope: Scope) -> ConversionOut:
    return ConversionOut(
        id=line.id,
        status=line.status,
        reason=line.reason if line.status is Status.DECLINED else None,
        advertiser=line.advertiser,
        advertiser_name=line.advertiser_name,
        publisher=line.publisher,
        # Who decides on their own conversion does it with more rights than they read with.
        publisher_name=None if scope.role is Role.ADVERTISER else line.publisher_name,
        program=line.program,
        program_code=line.program_code,
        link=line.link,
        order_id=line.order_id if sees_order_ids(scope) else None,
        event_type=line.event_type,
        mode=ModeWord(line.mode.word),
        credit=line.credit,
        credit_why=line.credit_why,
        sale=money(line.sale_minor, line.currency),
        retained=money(line.retained_minor, line.currency),
        commission=money(line.commission_minor, line.currency),
        booked_at=from_us(line.booked_at_us),
        release_at=moment(line.release_at_us),
        row_version=line.seq,
    )


def _shown(tx: Tx, call: Call, conversion: int) -> ConversionOut | None:
    lines = tx.views.conversions(ConversionFilter(conversion=conversion, limit=1))
    return conversion_out(lines[0], call.caller.scope) if lines else None


def _decide(
    tx: Tx, call: Call, conversion: int, expected: int | None, step: Step, reason: str | None
) -> Done[ConversionOut] | Refusal:
    current = tx.conversions.get(conversion, lock=True)
    if current is None:
        return missing("conversion", conversion)
    if refusal := stale(current.seq, expected) or _not_open(current, step):
        return refusal
    terms = tx.catalog.terms([current.program])
    report = Report(
        step=step,
        at_us=call.now_us,
        amount_minor=None,
        retained_minor=None,
        check_in=None,
        check_out=None,
        reason=reason,
    )
    program = terms[current.program]
    standing = VERTICALS[program.vertical].change(current.standing, report, program)
    if isinstance(standing, Refusal):
        return standing
    rules = rules_by_id(tx.catalog.rules([current.program]).values())
    cause = Cause(
        kind=EventKind(step.value),
        at_us=call.now_us,
        seen_us=call.now_us,
        note=reason,
    )
    transition = move(current, standing, None if current.rule is None else rules[current.rule], cause)
    write_steps(tx, [transition], terms=terms, actor=call.caller.kind)
    shown = _shown(tx, call, conversion)
    assert shown is not None
    return Done(
        output=shown,
        subject=public("conversion", conversion),
        before=current.seq,
        after=shown.row_version,
        advertiser=current.advertiser,
        publisher=current.attribution.publisher,
    )


def _not_open(current: Conversion, step: Step) -> Refusal | None:
    status = current.standing.status
    if status is Status.PAID:
        return Refusal(
            code="conversion_paid",
            message="It was paid; a change now is a reversal, which the next settlement nets.",
            kind=Kind.CONFLICT,
        )
    if status is Status.DECLINED and step is Step.APPROVED:
        return Refusal(
            code="conversion_declined",
            message="It was declined and retains nothing. Report what is retained with a postback of the same order.",
            kind=Kind.CONFLICT,
        )
    if status is (Status.APPROVED if step is Step.APPROVED else Status.DECLINED):
        return Refusal(
            code="conversion_status", message=f"It is {status.value} already; nothing was changed.", kind=Kind.CONFLICT
        )
    return None


def _of(balance: Balance) -> tuple[int, int, ModeWord, str]:
    account = balance.account
    mode = ModeWord.TEST if account.book in (Book.TEST_MEMO, Book.TEST_GL) else ModeWord.LIVE
    return account.advertiser, account.publisher, mode, account.currency
