"""Programs: an advertiser's terms, and the commission rules under them. A rule is never edited: a new version follows
it, and a click earns by the version that was valid when it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final
from zoneinfo import available_timezones

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    Amount,
    Code,
    Currency,
    Limit,
    Moment,
    Money,
    Name,
    ProgramRef,
    PublisherRef,
    ReasonText,
    RuleRef,
    Version,
    border,
    missing,
    moment,
    money,
    stale,
)
from warum.app.call import Call, Done
from warum.app.log.entries import rule_notice
from warum.domain.catalog import CommissionKind, CommissionRule, ProgramStatus, Validation
from warum.kernel.ids import code, public
from warum.kernel.money import amount_minor_max, exponent
from warum.kernel.period import SECOND_US, from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Program
from warum.ports.database import Tx
from warum.verticals import VERTICALS

code_chars: Final = 8
_PPM_PER_PERCENT: Final = 10_000

Days = Annotated[int, Field(ge=0, le=400)]
WindowDays = Annotated[int, Field(ge=1, le=400, description="Days after a click in which a conversion is credited.")]
HoldDays = Annotated[
    int,
    Field(
        ge=0,
        le=400,
        description="Days that a conversion stays pending: from the order for retail, from check-out for a hotel.",
    ),
]
Timezone = Annotated[
    str, Field(max_length=64, description="IANA name, such as Europe/Berlin; days and months follow it.")
]
ClickParam = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$",
        description="Name of the parameter that carries the click token to the advertiser's page.",
    ),
]
Group = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.-]{0,64}$", description="Commission group; left out, the rule is for everything else."
    ),
]


@border
class ProgramOut:
    id: ProgramRef
    advertiser: AdvertiserRef
    code: Annotated[str, Field(description="What a postback names it by.")]
    name: str
    vertical: str
    currencies: tuple[str, ...]
    timezone: str
    window_days: int
    hold_days: int
    validation: Validation
    status: ProgramStatus
    starts_at: datetime | None
    ends_at: datetime | None
    click_param: str
    row_version: int


@border
class Programs:
    programs: tuple[ProgramOut, ...]


@border
class ProgramCreate:
    advertiser: AdvertiserRef
    name: Name
    vertical: Annotated[str, Field(description=f"Kind of business: {' or '.join(VERTICALS)}.")]
    currencies: Annotated[
        tuple[Currency, ...],
        Field(min_length=1, max_length=40, description="What sales may be in; nothing is ever converted."),
    ] = ("EUR",)
    timezone: Timezone = "Europe/Berlin"
    window_days: WindowDays = 30
    hold_days: HoldDays = 30
    validation: Annotated[
        Validation, Field(description="Who confirms: the hold running out, or a person of the advertiser.")
    ] = Validation.AUTOMATIC
    status: ProgramStatus = ProgramStatus.RUNNING
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    click_param: ClickParam = "wrm"
    code: Code | None = None


def create_program(tx: Tx, call: Call, ask: ProgramCreate) -> Done[ProgramOut] | Refusal:
    if tx.catalog.advertiser(ask.advertiser) is None:
        return missing("advertiser", ask.advertiser)
    if ask.vertical not in VERTICALS:
        return Refusal(
            code="vertical_unknown",
            message=f"{ask.vertical} is not a kind of business we know; there are {', '.join(VERTICALS)}.",
            field="vertical",
        )
    program = Program(
        id=0,
        advertiser=ask.advertiser,
        code=ask.code or code(call.deps.entropy(code_chars)),
        name=ask.name,
        vertical=ask.vertical,
        currencies=tuple(dict.fromkeys(ask.currencies)),
        timezone=ask.timezone,
        window_days=ask.window_days,
        hold_days=ask.hold_days,
        validation=ask.validation,
        status=ask.status,
        starts_us=None if ask.starts_at is None else to_us(ask.starts_at),
        ends_us=None if ask.ends_at is None else to_us(ask.ends_at),
        click_param=ask.click_param,
        row_version=1,
    )
    if refusal := _refusal(program):
        return refusal
    if tx.catalog.program_by_code(program.code) is not None:
        return Refusal(
            code="code_taken",
            message=f"The code {program.code} is in use. Choose another, or leave it out.",
            field="code",
            kind=Kind.CONFLICT,
        )
    return _done(tx, call, tx.catalog.add_program(program, call.now_us), before=None)


@border
class ProgramChange:
    """What is left out stays. Conversions that exist keep the hold they were given."""

    program: ProgramRef
    name: Name | None = None
    currencies: Annotated[tuple[Currency, ...] | None, Field(min_length=1, max_length=40)] = None
    timezone: Timezone | None = None
    window_days: WindowDays | None = None
    hold_days: HoldDays | None = None
    validation: Validation | None = None
    status: ProgramStatus | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    reason: ReasonText | None = None
    expected_version: Version | None = None


def change_program(tx: Tx, call: Call, ask: ProgramChange) -> Done[ProgramOut] | Refusal:
    found = tx.catalog.program(ask.program, lock=True)
    if found is None:
        return missing("program", ask.program)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    changed = replace(
        found,
        name=found.name if ask.name is None else ask.name,
        currencies=found.currencies if ask.currencies is None else tuple(dict.fromkeys(ask.currencies)),
        timezone=found.timezone if ask.timezone is None else ask.timezone,
        window_days=found.window_days if ask.window_days is None else ask.window_days,
        hold_days=found.hold_days if ask.hold_days is None else ask.hold_days,
        validation=found.validation if ask.validation is None else ask.validation,
        status=found.status if ask.status is None else ask.status,
        starts_us=found.starts_us if ask.starts_at is None else to_us(ask.starts_at),
        ends_us=found.ends_us if ask.ends_at is None else to_us(ask.ends_at),
    )
    if refusal := _refusal(changed):
        return refusal
    tx.catalog.save_program(changed)
    return _done(tx, call, found.id, before=found.row_version)


@border
class ProgramShow:
    program: ProgramRef


def show_program(tx: Tx, call: Call, ask: ProgramShow) -> ProgramOut | Refusal:
    found = tx.catalog.program(ask.program)
    return missing("program", ask.program) if found is None else program_out(found)


@border
class ProgramList:
    advertiser: AdvertiserRef | None = None
    after: Annotated[ProgramRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_programs(tx: Tx, call: Call, ask: ProgramList) -> Programs | Refusal:
    found = tx.catalog.programs(advertiser=ask.advertiser, after=ask.after or 0, limit=ask.limit)
    return Programs(programs=tuple(program_out(program) for program in found))


# Commission rules.


@border
class RuleOut:
    id: RuleRef
    program: ProgramRef
    publisher: Annotated[PublisherRef | None, Field(description="For this publisher alone; null: for everybody.")]
    group: str
    kind: CommissionKind
    percent: Annotated[str | None, Field(description="Of the retained amount; null unless the kind is percent.")]
    amount: Annotated[Money | None, Field(description="Per sale or per click; null for a percentage.")]
    version: int
    valid_from: datetime


@border
class Rules:
    rules: tuple[RuleOut, ...]


@border
class RuleAdd:
    program: ProgramRef
    kind: Annotated[CommissionKind, Field(description="Share of the sale, fixed amount per sale, or amount per click.")]
    percent: Annotated[
        Decimal | None, Field(ge=0, le=100, description="For percent: 8 or 8.25, at most four decimals.")
    ] = None
    amount: Amount | None = None
    currency: Annotated[Currency | None, Field(description="Of the amount; left out, the program's only currency.")] = (
        None
    )
    publisher: Annotated[PublisherRef | None, Field(description="For this publisher alone.")] = None
    group: Group = ""
    valid_from: Annotated[
        Moment | None, Field(description="Clicks from then on fall under it. Left out: now. Never in the past.")
    ] = None
    reason: ReasonText | None = None


def add_rule(tx: Tx, call: Call, ask: RuleAdd) -> Done[RuleOut] | Refusal:
    # The program's lock makes versions of its rules follow one another.
    program = tx.catalog.program(ask.program, lock=True)
    if program is None:
        return missing("program", ask.program)
    if ask.publisher is not None and tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    price = price_of(ask, program)
    if isinstance(price, Refusal):
        return price
    rate_ppm, amount_minor, currency = price
    # Click tokens know whole seconds: a rule of this moment holds for a click of this second.
    this_second_us = call.now_us - call.now_us % SECOND_US
    valid_from_us = this_second_us if ask.valid_from is None else to_us(ask.valid_from)
    rules = tx.catalog.rules([program.id]).get(program.id, ())
    versions = [rule for rule in rules if rule.publisher == ask.publisher and rule.group == ask.group]
    # The first rule of a program may reach back: nothing was promised before it. A later one would change what clicks
    # have already been promised.
    if rules and valid_from_us < this_second_us:
        return Refusal(
            code="valid_from_past",
            message="Clicks since then were promised the rules in force. Let the new one begin now or later.",
            field="valid_from",
        )
    if any(rule.valid_from_us > valid_from_us for rule in versions):
        return Refusal(
            code="valid_from_before_newest",
            message="A newer version is planned to begin after that moment already; begin at its start or later.",
            field="valid_from",
            kind=Kind.CONFLICT,
        )
    rule = CommissionRule(
        id=0,
        program=program.id,
        publisher=ask.publisher,
        group=ask.group,
        kind=ask.kind,
        rate_ppm=rate_ppm,
        amount_minor=amount_minor,
        currency=currency,
        valid_from_us=valid_from_us,
        version=max((rule.version for rule in versions), default=0) + 1,
    )
    made = replace(rule, id=tx.catalog.add_rule(rule, advertiser=program.advertiser, at_us=call.now_us))
    tx.log.enter([rule_notice(tx, made, advertiser=program.advertiser, actor=call.caller.kind, at_us=call.now_us)])
    return Done(
        output=rule_out(made),
        subject=public("rule_version", made.id),
        before=made.version - 1 or None,
        after=made.version,
        advertiser=program.advertiser,
        publisher=ask.publisher,
    )


@border
class RuleList:
    program: ProgramRef


def list_rules(tx: Tx, call: Call, ask: RuleList) -> Rules | Refusal:
    rules = tx.catalog.rules([ask.program]).get(ask.program, ())
    return Rules(rules=tuple(rule_out(rule) for rule in rules))


def rule_out(rule: CommissionRule) -> RuleOut:
    return RuleOut(
        id=rule.id,
        program=rule.program,
        publisher=rule.publisher,
        group=rule.group,
        kind=rule.kind,
        percent=percent(rule.rate_ppm) if rule.kind is CommissionKind.PERCENT else None,
        amount=None if rule.currency is None else money(rule.amount_minor, rule.currency),
        version=rule.version,
        valid_from=from_us(rule.valid_from_us),
    )


def percent(rate_ppm: int) -> str:
    """``percent(82_500) == "8.25"``."""
    whole, rest = divmod(rate_ppm, _PPM_PER_PERCENT)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def price_of(ask: RuleAdd, program: Program) -> tuple[int, int, str | None] | Refusal:
    """(rate in ppm, amount in minor units, currency) of the rule."""
    if ask.kind is CommissionKind.PERCENT:
        if ask.percent is None or ask.amount is not None or ask.currency is not None:
            return Refusal(
                code="percent_alone",
                message="A share of the sale needs percent, and neither amount nor currency.",
                field="percent",
            )
        rate = ask.percent * _PPM_PER_PERCENT
        if rate != int(rate):
            return Refusal(
                code="percent_too_fine", message="A percentage has at most four decimals, as in 8.25.", field="percent"
            )
        return int(rate), 0, None
    if ask.amount is None or ask.percent is not None:
        return Refusal(code="amount_alone", message="A fixed commission needs amount, and no percent.", field="amount")
    currency = ask.currency or (program.currencies[0] if len(program.currencies) == 1 else None)
    if currency is None or currency not in program.currencies:
        return Refusal(
            code="currency_not_listed",
            message=f"The program's currencies are {', '.join(program.currencies)}; say which one the amount is in.",
            field="currency",
        )
    minor = ask.amount.scaleb(exponent(currency))
    if minor != int(minor) or minor > amount_minor_max:
        return Refusal(
            code="amount_not_payable",
            message=f"{ask.amount} {currency} cannot be paid: give at most {exponent(currency)} decimals.",
            field="amount",
        )
    return 0, int(minor), currency


def _refusal(program: Program) -> Refusal | None:
    if program.timezone not in available_timezones():
        return Refusal(
            code="timezone_unknown",
            message=f"{program.timezone} is no IANA time zone; write it as Europe/Berlin or UTC.",
            field="timezone",
        )
    if program.starts_us is not None and program.ends_us is not None and program.starts_us >= program.ends_us:
        return Refusal(
            code="flight_backwards", message="The flight ends before it starts: swap the two.", field="ends_at"
        )
    return None


def _done(tx: Tx, call: Call, program: int, *, before: int | None) -> Done[ProgramOut]:
    """Every change of a program is news to the edge."""
    tx.snapshot.queue("program", [program], at_us=call.now_us)
    found = tx.catalog.program(program)
    assert found is not None
    return Done(
        output=program_out(found),
        subject=public("program", program),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
    )


def program_out(found: Program) -> ProgramOut:
    return ProgramOut(
        id=found.id,
        advertiser=found.advertiser,
        code=found.code,
        name=found.name,
        vertical=found.vertical,
        currencies=found.currencies,
        timezone=found.timezone,
        window_days=found.window_days,
        hold_days=found.hold_days,
        validation=found.validation,
        status=found.status,
        starts_at=moment(found.starts_us),
        ends_at=moment(found.ends_us),
        click_param=found.click_param,
        row_version=found.row_version,
    )
