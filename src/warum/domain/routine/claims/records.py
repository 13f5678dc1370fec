"""What a claim is judged by, and what the judge says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from warum.domain.catalog import CommissionRule, EdgeLink, PartnershipStatus, Terms
from warum.domain.conversion import Conversion
from warum.domain.mode import Mode
from warum.domain.routine.drafts import Letter
from warum.domain.token import TokenFault, Touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A publisher says that a sale is missing. Whatever it says is its word, apart from touches that were read.

    Attributes:
        order_id: as it was written.
        ordered_day: ISO, in whatever zone the publisher lives; empty for none.
        amount_minor: with or without tax; None for none.
        touches: click ids that it sent, read by ``TokenKeys``.
        clicked_us: when it says the click was; None for nothing said.
        sub_id: what it says its sub id was; the clicks that carry it are in ``Facts.clicks``.
    """

    id: int
    publisher: int
    publisher_name: str
    claimed_us: int
    order_id: str
    ordered_day: str
    amount_minor: int | None
    currency: str
    touches: tuple[Touch | TokenFault, ...] = ()
    clicked_us: int | None = None
    sub_id: str = ""
    voucher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the advertiser's own system has it.

    Attributes:
        id: as it is written there.
        amount_minor: without tax; ``gross_minor`` is what the buyer saw, None where it is not told.
        retained_minor: what is left of ``amount_minor``; 0 after a cancellation.
        touches: click ids that the system kept with the order.
    """

    id: str
    ordered_us: int
    amount_minor: int
    retained_minor: int
    currency: str
    gross_minor: int | None = None
    group: str = ""
    mode: Mode = Mode.LIVE
    touches: tuple[Touch | TokenFault, ...] = ()
    voucher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the program and the publisher agreed, as far as claims go.

    Attributes:
        rules: commission rules of the program.
        standing: the partnership's status from each moment on, the earliest first.
        vouchers: codes that belong to one publisher each, in lower case.
        vouchers_first: whether a code counts before a click.
        groups_excluded: commission groups that earn nothing.
        reference_basis: as in ``attribution.attribute``.
        claim_days: how long after the order it can be claimed; None for ever.
    """

    terms: Terms
    rules: tuple[CommissionRule, ...]
    standing: tuple[tuple[int, PartnershipStatus], ...]
    vouchers: Mapping[str, int]
    vouchers_first: bool = False
    groups_excluded: frozenset[str] = frozenset()
    reference_basis: str | None = None
    claim_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a claim is judged by.

    Attributes:
        orders: of the advertiser, complete until ``orders_until_us``.
        conversions: of the advertiser, live and test.
        clicks: the publisher's clicks that carry the sub id it names.
        others: open claims of other publishers in the program.
        claims_lately, sales_lately: of this publisher in the program, in the last ninety days.
    """

    claim: Claim
    agreement: Agreement
    orders: tuple[Order, ...]
    orders_until_us: int
    conversions: tuple[Conversion, ...]
    links: Mapping[int, EdgeLink]
    clicks: tuple[Touch, ...] = ()
    others: tuple[Claim, ...] = ()
    claims_lately: int = 0
    sales_lately: int = 0


class Answer(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    ASK = "ask"
    """A person has to look: the data contradict each other, or do not say."""


class Why(StrEnum):
    """The reason of an answer. Each has one answer (``ANSWERS``) and words of its own."""

    PROVEN_BY_ORDER = "proven_by_order"
    PROVEN_BY_VOUCHER = "proven_by_voucher"
    PROVEN_BY_CLICK = "proven_by_click"

    ORDER_UNKNOWN = "order_unknown"
    ALREADY_CREDITED = "already_credited"
    DECLINED = "declined"
    CREDITED_TO_ANOTHER = "credited_to_another"
    TEST_ORDER = "test_order"
    ORDER_CANCELLED = "order_cancelled"
    CURRENCY_NOT_LISTED = "currency_not_listed"
    GROUP_EXCLUDED = "group_excluded"
    CLAIMED_LATE = "claimed_late"
    CLICK_OF_ANOTHER = "click_of_another"
    VOUCHER_OF_ANOTHER = "voucher_of_another"
    OUTSIDE_WINDOW = "outside_window"
    CLICK_AFTER_ORDER = "click_after_order"
    NOT_APPROVED = "not_approved"

    DATA_BROKEN = "data_broken"
    SPELLED_DIFFERENTLY = "spelled_differently"
    ANOTHER_ORDER_FITS = "another_order_fits"
    SEVERAL_ORDERS = "several_orders"
    NOT_YET_REPORTED = "not_yet_reported"
    RECORDS_CONTRADICT = "records_contradict"
    DETAILS_MISSING = "details_missing"
    CURRENCY_DIFFERS = "currency_differs"
    AMOUNT_DIFFERS = "amount_differs"
    DAY_DIFFERS = "day_differs"
    CLICK_TIME_DIFFERS = "click_time_differs"
    CLICK_MISSING = "click_missing"
    CLICK_UNREADABLE = "click_unreadable"
    CLICK_NOT_USABLE = "click_not_usable"
    REFERENCE_ALONE = "reference_alone"
    SUB_ID_SHARED = "sub_id_shared"
    CLICK_USED = "click_used"
    ORDER_WITHOUT_CLICK = "order_without_click"
    CLAIMED_BY_OTHERS = "claimed_by_others"
    CLAIMS_MANY = "claims_many"
    NO_RULE = "no_rule"


class Proof(StrEnum):
    """What shows that the sale is the publisher's."""

    ORDER = "order"
    """The advertiser's system kept the click with the order."""
    VOUCHER = "voucher"
    CLICK = "click"
    """The click is ours, and the order has no other; that they belong together is the publisher's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answer to one claim, for a person to approve.

    Attributes:
        order: the order that was looked at, as its system writes it; None for none.
        conversion: the conversion that speaks against it, or that would be credited; None for none.
        sale_minor, retained_minor, commission_minor, rule: what accepting books; None unless accepted.
        click_at_us: of the click that proves it, at its latest.
    """

    claim: int
    answer: Answer
    why: Why
    letter: Letter
    proof: Proof | None = None
    order: str | None = None
    conversion: int | None = None
    currency: str | None = None
    sale_minor: int | None = None
    retained_minor: int | None = None
    commission_minor: int | None = None
    rule: int | None = None
    click_at_us: int | None = None
