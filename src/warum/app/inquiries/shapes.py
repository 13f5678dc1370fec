"""What inquiries are asked with, and what an answer looks like outside: codes and numbers for programs, words for
people, and where the rows are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from warum.app.border import Amount, Currency, Moment, OfferRef, ProgramRef, ProposalRef, PublisherRef, border
from warum.app.explain.shapes import Lang
from warum.app.programs import Group
from warum.domain.catalog import CommissionKind
from warum.domain.decisions import Unit
from warum.domain.explain.record import Label


class Length(StrEnum):
    """How much is said."""

    CARD = "card"
    MAIL = "mail"
    PAGE = "page"


Since = Annotated[date | None, Field(description="First day. Left out: 89 days before the last one.")]
Until = Annotated[date | None, Field(description="Last day, included. Left out: today.")]
InLanguage = Annotated[Lang, Field(description="Of the words.")]
HowLong = Annotated[Length, Field(description="A card has two sentences, a mail is plain text, a page has sections.")]
Base = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^(https?://[^\s/]+)?$",
        description="Where people open the console, such as https://warum.example; a mail's link begins with it.",
    ),
]
ArmNumber = Annotated[int | None, Field(ge=0, le=254, description="Number of an arm.")]
Propensity = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]


@border
class CreativeInquiry:
    """Days are UTC days of the exposure."""

    offer: OfferRef
    since: Since = None
    until: Until = None
    lang: InLanguage = Lang.EN
    length: HowLong = Length.PAGE
    base: Base = ""


@border
class ExperimentInquiry:
    """Days are UTC days of the exposure."""

    offer: OfferRef
    since: Since = None
    until: Until = None
    control: Annotated[ArmNumber, Field(description="The arm that others are compared with. Left out: the first.")] = (
        None
    )
    lang: InLanguage = Lang.EN
    length: HowLong = Length.PAGE
    base: Base = ""


@border
class PolicyInquiry:
    """Which shares: ``arm`` gives everything to one, ``propensities`` lists them in the order of the allocation in
    force; with neither, all arms alike. Days are UTC days of the exposure."""

    offer: OfferRef
    arm: ArmNumber = None
    propensities: Annotated[tuple[Propensity, ...], Field(max_length=255, description="They sum to 1.")] = ()
    since: Since = None
    until: Until = None
    lang: InLanguage = Lang.EN
    length: HowLong = Length.PAGE
    base: Base = ""


@border
class RuleInquiry:
    """The rule as for rule.add, for sales. Days are those of the booking, in the program's time zone."""

    program: ProgramRef
    kind: CommissionKind = CommissionKind.PERCENT
    percent: Annotated[Decimal | None, Field(ge=0, le=100)] = None
    amount: Amount | None = None
    currency: Currency | None = None
    publisher: PublisherRef | None = None
    group: Group = ""
    since: Since = None
    until: Until = None
    lang: InLanguage = Lang.EN
    length: HowLong = Length.PAGE
    base: Base = ""


@border
class ProposalExplain:
    proposal: ProposalRef
    lang: InLanguage = Lang.EN
    length: HowLong = Length.PAGE
    base: Base = ""


@border
class ValueOut:
    """A named value of a statement or of a figure."""

    name: str
    value: str


@border
class StatementOut:
    """One sentence: a code, and what is filled in."""

    code: str
    parameters: tuple[ValueOut, ...]


@border
class SourceOut:
    """Which rows: with ``offer`` by the time of the exposure, otherwise by that of the booking."""

    table: Annotated[str, Field(description="impression, click or conversion.")]
    program: ProgramRef | None
    offer: OfferRef | None
    arm: int | None
    publisher: PublisherRef | None
    status: Annotated[str, Field(description="Of conversions; empty for all.")]
    from_at: Moment
    until_at: Moment


@border
class NumberOut:
    name: str
    value: Annotated[int, Field(description="In the unit: minor units of money; shares and ratios in ppm.")]
    low: int | None
    high: int | None
    unit: Unit
    confidence: Annotated[str | None, Field(description="How often such an interval holds what it is about.")]


@border
class InquiryFigure:
    """A number that the answer was made from."""

    name: str
    value: int
    unit: Unit
    of: Annotated[tuple[ValueOut, ...], Field(description="The arm, publisher, month, status, currency it belongs to.")]
    label: Annotated[str, Field(description="The same in words, without the currency; empty for the whole.")]
    rows: SourceOut | None


@border
class SaidSection:
    key: str
    title: str
    sentences: tuple[str, ...]


@border
class Said:
    """The words, at the length that was asked for."""

    lang: Lang
    length: Length
    label: Annotated[str, Field(description="Exact, an estimate, or not known yet.")]
    subject: Annotated[str | None, Field(description="Of a mail.")]
    text: Annotated[str, Field(description="All of it as plain text.")]
    sections: Annotated[tuple[SaidSection, ...], Field(description="Of a page.")]


@border
class InquiryOut:
    """An answer. Every number in its words stands in its statements, its number or its figures."""

    inquiry: str
    label: Label
    verdict: Annotated[str, Field(description="A short code, such as best, open, more, sound, not_sound.")]
    currency: str
    claim: StatementOut
    number: NumberOut | None
    reasons: tuple[StatementOut, ...]
    considered: tuple[StatementOut, ...]
    would_change: tuple[StatementOut, ...]
    sureness: StatementOut
    limits: Annotated[tuple[StatementOut, ...], Field(description="What is not in the number.")]
    figures: tuple[InquiryFigure, ...]
    rows: tuple[SourceOut, ...]
    path: Annotated[str, Field(description="Where the console shows it.")]
    said: Said
