"""What a commission rule would have cost: the conversions of the last days priced again, each by itself and rounded as
it would have been, so that the answer is exact for what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Final, Protocol

from pydantic import Field

from warum.app.border import Amount, Currency, Money, ProgramRef, PublisherRef, border, missing, money
from warum.app.call import Call
from warum.app.figures.shapes import within
from warum.app.programs import Group, RuleAdd, price_of
from warum.domain.catalog import CommissionKind, CommissionRule
from warum.domain.commission import click_rule_at, priced_minor, would_apply
from warum.kernel.period import DAY_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import Program
from warum.ports.database import Tx
from warum.ports.figures import Priced, Within

partners_shown_max: Final = 10


class AskedRule(Protocol):
    """What questions about a rule that nobody saved have in common."""

    @property
    def program(self) -> int: ...
    @property
    def kind(self) -> CommissionKind: ...
    @property
    def percent(self) -> Decimal | None: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def publisher(self) -> int | None: ...
    @property
    def group(self) -> str: ...


@border
class RulePreview:
    """The rule as for rule.add."""

    program: ProgramRef
    kind: CommissionKind
    percent: Annotated[Decimal | None, Field(ge=0, le=100)] = None
    amount: Amount | None = None
    currency: Currency | None = None
    publisher: PublisherRef | None = None
    group: Group = ""
    days: Annotated[int, Field(ge=1, le=400, description="How far to look back.")] = 30


@border
class RepricedPartner:
    publisher: PublisherRef
    publisher_name: str
    count: Annotated[int, Field(description="Conversions, or clicks, that fall under the rule.")]
    before: Money
    after: Money


@border
class Repriced:
    """Totals in one currency, over all conversions of the program."""

    currency: str
    before: Annotated[Money, Field(description="Commission as it is.")]
    after: Annotated[Money, Field(description="Commission as it would have been.")]
    retained: Annotated[Money, Field(description="What the advertiser kept of the sales.")]


@border
class RulePreviewOut:
    conversions: Annotated[int, Field(description="Credited in these days, declined ones left out.")]
    repriced: Annotated[int, Field(description="Of them, those that would have fallen under the rule.")]
    clicks: Annotated[int, Field(description="Clicks with consent that would have been paid; 0 for a rule of sales.")]
    totals: tuple[Repriced, ...]
    partners: Annotated[
        tuple[RepricedPartner, ...], Field(description="Those for whom it makes a difference, the largest first.")
    ]


def preview_rule(tx: Tx, call: Call, ask: RulePreview) -> RulePreviewOut | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    rule = draft_of(ask, program)
    if isinstance(rule, Refusal):
        return rule
    span = within(call, from_us(call.now_us - ask.days * DAY_US), None, program=program.id)
    rules = tx.catalog.rules([program.id]).get(program.id, ())
    per_click = rule.kind is CommissionKind.PER_CLICK
    booked = tx.figures.priced(program.id, span)
    if per_click:
        changes = list(_clicks(tx, span, rules, rule, call.now_us))
    else:
        changes = [change for one in booked if (change := _sale(one, rules, rule)) is not None]
    return RulePreviewOut(
        conversions=len(booked),
        repriced=0 if per_click else len(changes),
        clicks=sum(change.count for change in changes) if per_click else 0,
        totals=_totals([] if per_click else booked, changes),
        partners=_partners(tx, changes),
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    """What falls under the rule, priced both ways."""

    publisher: int
    currency: str
    count: int
    before_minor: int
    after_minor: int


def draft_of(ask: AskedRule, program: Program) -> CommissionRule | Refusal:
    """The rule that is asked about, as if it had always been there."""
    price = price_of(
        RuleAdd(program=ask.program, kind=ask.kind, percent=ask.percent, amount=ask.amount, currency=ask.currency),
        program,
    )
    if isinstance(price, Refusal):
        return price
    rate_ppm, amount_minor, currency = price
    return CommissionRule(
        id=0,
        program=program.id,
        publisher=ask.publisher,
        group=ask.group,
        kind=ask.kind,
        rate_ppm=rate_ppm,
        amount_minor=amount_minor,
        currency=currency,
        valid_from_us=0,
        version=0,
    )


def _sale(booked: Priced, rules: Iterable[CommissionRule], draft: CommissionRule) -> _Priced | None:
    """None when another rule would still be the one."""
    if not would_apply(
        draft,
        rules,
        publisher=booked.publisher,
        group=booked.group,
        currency=booked.currency,
        click_at_us=booked.click_at_us,
    ):
        return None
    after_minor = priced_minor(draft, booked.status, booked.retained_minor)
    return _Priced(booked.publisher, booked.currency, 1, booked.commission_minor, after_minor)


def _clicks(
    tx: Tx, span: Within, rules: Sequence[CommissionRule], draft: CommissionRule, now_us: int
) -> Iterable[_Priced]:
    """Clicks with consent, by publisher: those alone are paid, since they can be told apart. Both prices are those of
    today's rules."""
    assert draft.currency is not None
    rivals = [rule for rule in rules if rule.publisher != draft.publisher]
    for publisher, clicks in tx.figures.clicks_with_consent(span).items():
        chosen = click_rule_at([*rivals, replace(draft, valid_from_us=now_us)], publisher=publisher, click_at_us=now_us)
        if chosen is None or chosen.id != draft.id:
            continue
        paid = click_rule_at(rules, publisher=publisher, click_at_us=now_us)
        before_minor = paid.amount_minor * clicks if paid is not None and paid.currency == draft.currency else 0
        yield _Priced(publisher, draft.currency, clicks, before_minor, draft.amount_minor * clicks)


def _totals(booked: Iterable[Priced], changes: Iterable[_Priced]) -> tuple[Repriced, ...]:
    """Over all sales, or over all clicks."""
    before: defaultdict[str, int] = defaultdict(int)
    after: defaultdict[str, int] = defaultdict(int)
    retained: defaultdict[str, int] = defaultdict(int)
    for one in booked:
        before[one.currency] += one.commission_minor
        after[one.currency] += one.commission_minor
        retained[one.currency] += one.retained_minor
    sales = bool(before)
    for change in changes:
        before[change.currency] += 0 if sales else change.before_minor
        after[change.currency] += change.after_minor - (change.before_minor if sales else 0)
    return tuple(
        Repriced(
            currency=currency,
            before=money(before[currency], currency),
            after=money(after[currency], currency),
            retained=money(retained[currency], currency),
        )
        for currency in sorted(before)
    )


def _partners(tx: Tx, changes: Iterable[_Priced]) -> tuple[RepricedPartner, ...]:
    by_partner: defaultdict[tuple[int, str], list[_Priced]] = defaultdict(list)
    for change in changes:
        by_partner[change.publisher, change.currency].append(change)
    sums = [
        _Priced(
            publisher,
            currency,
            sum(one.count for one in of),
            sum(one.before_minor for one in of),
            sum(one.after_minor for one in of),
        )
        for (publisher, currency), of in by_partner.items()
    ]
    moved = [one for one in sums if one.before_minor != one.after_minor]
    largest = sorted(moved, key=lambda one: (-abs(one.after_minor - one.before_minor), one.publisher))
    return tuple(
        RepricedPartner(
            publisher=one.publisher,
            publisher_name=_name(tx, one.publisher),
            count=one.count,
            before=money(one.before_minor, one.currency),
            after=money(one.after_minor, one.currency),
        )
        for one in largest[:partners_shown_max]
    )


def _name(tx: Tx, publisher: int) -> str:
    found = tx.catalog.publisher(publisher)
    return "" if found is None else found.name
