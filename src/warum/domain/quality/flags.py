"""What a signal says: a flag with its evidence, or why it cannot say anything.

A flag is a suggestion to hold the sales that it names until a person has decided. It declines nothing, and it never
touches what is already confirmed. The publisher sees the same evidence and can answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from warum.domain.quality.traffic import Traffic

chance_max: Final = 0.004
"""How often a signal may flag an honest publisher's window, by its own reckoning: four in a thousand."""


class Code(StrEnum):
    """The signals."""

    CLICK_FLOODING = "click_flooding"
    CLICK_INJECTION = "click_injection"
    COUPON_HIJACK = "coupon_hijack"
    BOT_BURST = "bot_burst"
    ORDER_REUSE = "order_reuse"
    SALES_PER_CLICK = "sales_per_click"
    SELF_PURCHASE = "self_purchase"
    SUB_ID = "sub_id"


class Innocent(StrEnum):
    """What else could explain it; each was weighed, and a publisher may say that it is so."""

    LATE_DECISION = "late_decision"
    BRAND_CAMPAIGN = "brand_campaign"
    PREFILLED_FORM = "prefilled_form"
    CLOCKS_APART = "clocks_apart"
    VOUCHER_AT_CHECKOUT = "voucher_at_checkout"
    NEWSLETTER = "newsletter"
    SPLIT_ORDER = "split_order"
    CLICKS_UNCOUNTED = "clicks_uncounted"
    TEST_ORDER = "test_order"
    GOOD_PLACEMENT = "good_placement"


class Thin(StrEnum):
    """Why a signal says nothing of a publisher."""

    SALES_FEW = "sales_few"
    PEERS_FEW = "peers_few"
    CLICKS_FEW = "clicks_few"
    TIMES_UNKNOWN = "times_unknown"
    JOURNEYS_FEW = "journeys_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One number beside what is usual.

    Attributes:
        name: what was measured; ``words`` spells it.
        seen: of this publisher.
        low, high: within which nine in ten of those compared lie, the luck of so few numbers included.
        of: how many sales, clicks or hours it rests on.
    """

    name: str
    seen: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A reason to hold sales until a person has decided.

    Attributes:
        sales: ids of the sales that are suggested to be held; the rest of the publisher's sales goes on.
        chance: how often an honest publisher would look like this or worse, at most.
        considered: innocent explanations, for the person who decides and for the publisher's answer.
    """

    publisher: int
    code: Code
    sales: tuple[int, ...]
    chance: float
    evidence: tuple[Evidence, ...]
    considered: tuple[Innocent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A signal that cannot say anything of a publisher, and why."""

    publisher: int
    code: Code
    why: Thin


Said: TypeAlias = Flag | Unknown | None
"""None: looked at, and nothing found."""

Judge: TypeAlias = Callable[[Sequence[Traffic]], list[Said]]


@dataclass(frozen=True, slots=True)
class Signal:
    """One way to look at traffic. ``judge`` sees all publishers, since most are compared with their peers, and answers
    for each in their order."""

    code: Code
    judge: Judge
