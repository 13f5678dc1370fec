"""The shape of an explanation: what an answer holds, part by part."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    AllocationRef,
    ConversionRef,
    LinkRef,
    Money,
    TargetRef,
    TxnRef,
    border,
)
from warum.app.conversions import ConversionOut
from warum.app.programs import RuleOut
from warum.domain.conversion import Credit, EventKind, Status
from warum.domain.ledger import AccountKind, Book


class Lang(StrEnum):
    EN = "en"
    DE = "de"


@border
class ConversionExplain:
    conversion: Annotated[ConversionRef | None, Field(description="Which one; or an order id with its advertiser.")] = (
        None
    )
    order_id: Annotated[str | None, Field(max_length=200, description="The advertiser's order id.")] = None
    advertiser: Annotated[AdvertiserRef | None, Field(description="Whose order id it is.")] = None
    event_type: Annotated[str, Field(max_length=64)] = "sale"
    lang: Annotated[Lang, Field(description="Language of the words: en or de.")] = Lang.EN


@border
class ClickFacts:
    at: Annotated[datetime, Field(description="For a link reference, the last moment it can have been.")]
    link: LinkRef
    link_name: str
    publisher_name: str
    landing_page: str | None
    arm: int | None
    allocation: AllocationRef | None
    propensity: Annotated[str | None, Field(description="With which probability this arm was drawn.")]
    record: Annotated[str | None, Field(description="stream/segment/number; null for a link reference.")]


@border
class HoldFacts:
    state: Annotated[str, Field(description="running, waiting_for_stay, waiting_for_word, over or void.")]
    release_at: datetime | None
    hold_days: int
    check_out: str | None


@border
class StepFacts:
    seq: int
    kind: EventKind
    at: datetime
    seen: datetime
    record: Annotated[str | None, Field(description="The journal record; null for a timer or a person.")]
    status_raw: Annotated[str | None, Field(description="The partner's own word.")]
    status_before: Status | None
    status_after: Status
    reason: str | None
    retained_before: Money | None
    retained_after: Money
    commission_before: Money | None
    commission_after: Money
    note: str | None


@border
class PostingFacts:
    txn: TxnRef
    kind: str
    at: datetime
    book: Book
    debit: AccountKind
    credit: AccountKind
    amount: Money


@border
class DeliveryFacts:
    target: TargetRef
    step: int
    event_id: str
    state: str
    attempt: int | None
    at: datetime | None
    answered: int | None
    outcome: str | None


@border
class SectionOut:
    title: str
    sentences: tuple[str, ...]


@border
class Explanation:
    conversion: ConversionOut
    click: Annotated[ClickFacts | None, Field(description="Null when it is credited to nobody.")]
    consent: Annotated[str, Field(description="consent, legal_basis or none.")]
    legal_basis: str | None
    credit: Credit
    why: str
    window_days: int
    vertical: str
    timezone: Annotated[str, Field(description="The program's, in which the words give times.")]
    rule: RuleOut | None
    hold: HoldFacts
    steps: tuple[StepFacts, ...]
    steps_erased: Annotated[int, Field(description="Earlier steps whose content was erased.")]
    postings: tuple[PostingFacts, ...]
    deliveries: tuple[DeliveryFacts, ...]
    words: Annotated[tuple[SectionOut, ...], Field(description="The same in words.")]
