"""A missing sale is accepted only when it is the publisher's, and rejected only for a fact."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.catalog import (
    CommissionKind,
    CommissionRule,
    EdgeLink,
    PartnershipStatus,
    Terms,
    Validation,
)
from warum.domain.conversion import Attribution, Conversion, Credit, Reason, Standing, Status
from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.routine.claims import answer_of, judge
from warum.domain.routine.claims.matching import alike, nearly, same
from warum.domain.routine.claims.records import Agreement, Answer, Claim, Facts, Judged, Order, Proof, Why
from warum.domain.routine.drafts import LANGUAGES, draft
from warum.domain.routine.words import TEMPLATES
from warum.domain.token import TokenFault, Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, parse_iso
from warum.main.bench.routine_worlds import claims as worlds
from warum.main.bench.routine_worlds.scenarios import SCENARIOS

ANA, BEN = 31, 32
ORDERED = parse_iso("2027-05-03T12:00:00Z") or 0


def touch(publisher: int = ANA, at_us: int = ORDERED - HOUR_US, basis: Basis = Basis.CONSENT) -> Touch:
    record = None if basis is Basis.REFERENCE else RecordId(1, publisher, at_us % 1_000)
    return Touch(
        at_us=at_us, link=100 + publisher, allocation=1, arm=1, basis=basis, mode=Mode.LIVE, record=record
    )  # fmt: skip


def link(publisher: int) -> EdgeLink:
    return EdgeLink(
        id=100 + publisher, code="x", advertiser=5, program=7, publisher=publisher, partnership=publisher, allocation=1,
        active=True,
    )  # fmt: skip


ORDER = Order(
    id="A-0100", ordered_us=ORDERED, amount_minor=10_000, retained_minor=10_000, gross_minor=11_900, currency="EUR"
)
CLAIM = Claim(
    id=9, publisher=ANA, publisher_name="Ana", claimed_us=ORDERED + 8 * DAY_US, order_id="A-0100",
    ordered_day="2027-05-03", amount_minor=11_900, currency="EUR", touches=(touch(),),
)  # fmt: skip
FACTS = Facts(
    claim=CLAIM,
    agreement=Agreement(
        terms=Terms(
            program=7, advertiser=5, code="p", vertical="retail", currencies=("EUR",), window_days=30, hold_days=30,
            validation=Validation.MANUAL, timezone="Europe/Berlin",
        ),
        rules=(
            CommissionRule(
                id=1, program=7, publisher=None, group="", kind=CommissionKind.PERCENT, rate_ppm=80_000, amount_minor=0,
                currency=None, valid_from_us=0, version=1,
            ),
        ),
        standing=((0, PartnershipStatus.APPROVED),),
        vouchers={"ana10": ANA, "ben10": BEN},
        groups_excluded=frozenset({"gift cards"}),
        reference_basis="recorded",
        claim_days=60,
    ),
    orders=(ORDER,),
    orders_until_us=ORDERED + 7 * DAY_US,
    conversions=(),
    links={131: link(ANA), 132: link(BEN)},
)  # fmt: skip


def conversion(publisher: int | None, *, status: Status = Status.PENDING, reason: Reason | None = None) -> Conversion:
    credit = Attribution(
        credit=Credit.NONE if publisher is None else Credit.TOKEN, why="no_click", publisher=publisher
    )  # fmt: skip
    return Conversion(
        id=44, advertiser=5, program=7, order_id="A-0100", event_type="sale", group="", mode=Mode.LIVE, currency="EUR",
        booked_at_us=ORDERED, attribution=credit, rule=1,
        standing=Standing(
            status=status, reason=reason, sale_minor=10_000, retained_minor=10_000, check_in=None, check_out=None,
            release_at_us=None,
        ),
        commission_minor=800, status_raw="", seq=1,
    )  # fmt: skip


def judged(facts: Facts = FACTS, *, claim: Claim | None = None, order: Order | None = None) -> Judged:
    facts = facts if claim is None else replace(facts, claim=claim)
    facts = facts if order is None else replace(facts, orders=(order,))
    return judge(facts, operator="Netz")


def test_a_sale_is_accepted_to_the_cent_with_what_proves_it():
    found = judged(order=replace(ORDER, touches=(touch(),), retained_minor=6_050))
    assert (found.answer, found.why, found.proof) == (Answer.ACCEPT, Why.PROVEN_BY_ORDER, Proof.ORDER)
    assert (found.retained_minor, found.commission_minor, found.rule) == (6_050, 484, 1)
    assert judged(order=replace(ORDER, voucher="ANA10 ")).why is Why.PROVEN_BY_VOUCHER
    assert judged().why is Why.PROVEN_BY_CLICK


@pytest.mark.parametrize(
    ("why", "facts"),
    [
        (Why.ORDER_UNKNOWN, replace(FACTS, claim=replace(CLAIM, order_id="Z-7777", amount_minor=5_555))),
        (Why.ALREADY_CREDITED, replace(FACTS, conversions=(conversion(ANA),))),
        (
            Why.DECLINED,
            replace(
                FACTS,
                conversions=(conversion(ANA, status=Status.DECLINED, reason=Reason.DECLINED_BY_ADVERTISER),),
            ),
        ),
        (Why.CREDITED_TO_ANOTHER, replace(FACTS, conversions=(conversion(BEN),))),
        (Why.TEST_ORDER, replace(FACTS, orders=(replace(ORDER, mode=Mode.TEST),))),
        (Why.ORDER_CANCELLED, replace(FACTS, orders=(replace(ORDER, retained_minor=0),))),
        (Why.CURRENCY_NOT_LISTED, replace(FACTS, orders=(replace(ORDER, currency="USD"),))),
        (Why.GROUP_EXCLUDED, replace(FACTS, orders=(replace(ORDER, group="gift cards"),))),
        (Why.CLAIMED_LATE, replace(FACTS, claim=replace(CLAIM, claimed_us=ORDERED + 61 * DAY_US))),
        (Why.CLICK_OF_ANOTHER, replace(FACTS, orders=(replace(ORDER, touches=(touch(BEN),)),))),
        (Why.CLICK_OF_ANOTHER, replace(FACTS, claim=replace(CLAIM, touches=(touch(BEN),)))),
        (
            Why.VOUCHER_OF_ANOTHER,
            replace(FACTS, orders=(replace(ORDER, voucher="ben10"),), claim=replace(CLAIM, touches=())),
        ),
        (Why.OUTSIDE_WINDOW, replace(FACTS, claim=replace(CLAIM, touches=(touch(at_us=ORDERED - 31 * DAY_US),)))),
        (Why.CLICK_AFTER_ORDER, replace(FACTS, claim=replace(CLAIM, touches=(touch(at_us=ORDERED + HOUR_US),)))),
        (
            Why.NOT_APPROVED,
            replace(
                FACTS,
                agreement=replace(FACTS.agreement, standing=((ORDERED, PartnershipStatus.APPROVED),)),
            ),
        ),
    ],
)  # fmt: skip
def test_a_rejection_names_its_fact(why: Why, facts: Facts):
    found = judged(facts)
    assert (found.answer, found.why) == (Answer.REJECT, why)
    assert found.commission_minor is None


@pytest.mark.parametrize(
    ("why", "facts"),
    [
        (Why.DATA_BROKEN, replace(FACTS, orders=(replace(ORDER, retained_minor=-1),))),
        (Why.SPELLED_DIFFERENTLY, replace(FACTS, claim=replace(CLAIM, order_id="a100"))),
        (Why.ANOTHER_ORDER_FITS, replace(FACTS, claim=replace(CLAIM, order_id="A-0106"))),
        (Why.SEVERAL_ORDERS, replace(FACTS, orders=(ORDER, replace(ORDER, amount_minor=10_001)))),
        (Why.NOT_YET_REPORTED, replace(FACTS, orders=(), orders_until_us=ORDERED)),
        (Why.RECORDS_CONTRADICT, replace(FACTS, orders=(), conversions=(conversion(None),))),
        (
            Why.RECORDS_CONTRADICT,
            replace(FACTS, conversions=(conversion(ANA, status=Status.DECLINED, reason=Reason.CANCELLED),)),
        ),
        (Why.DETAILS_MISSING, replace(FACTS, claim=replace(CLAIM, amount_minor=None))),
        (Why.CURRENCY_DIFFERS, replace(FACTS, claim=replace(CLAIM, currency="CHF"))),
        (Why.AMOUNT_DIFFERS, replace(FACTS, claim=replace(CLAIM, amount_minor=15_000))),
        (Why.DAY_DIFFERS, replace(FACTS, claim=replace(CLAIM, ordered_day="2027-05-05"))),
        (Why.CLICK_TIME_DIFFERS, replace(FACTS, claim=replace(CLAIM, clicked_us=ORDERED - 3 * DAY_US))),
        (Why.CLICK_MISSING, replace(FACTS, claim=replace(CLAIM, touches=()))),
        (Why.CLICK_UNREADABLE, replace(FACTS, claim=replace(CLAIM, touches=(TokenFault.FORGED,)))),
        (Why.REFERENCE_ALONE, replace(FACTS, claim=replace(CLAIM, touches=(touch(basis=Basis.REFERENCE),)))),
        (
            Why.SUB_ID_SHARED,
            replace(
                FACTS,
                claim=replace(CLAIM, touches=()),
                clicks=(touch(at_us=ORDERED - 2), touch(at_us=ORDERED - 3)),
            ),
        ),
        (Why.ORDER_WITHOUT_CLICK, replace(FACTS, conversions=(conversion(None),))),
        (Why.CLAIMED_BY_OTHERS, replace(FACTS, others=(replace(CLAIM, publisher=BEN, order_id="a0100"),))),
        (Why.CLAIMS_MANY, replace(FACTS, claims_lately=3, sales_lately=14)),
        (Why.NO_RULE, replace(FACTS, agreement=replace(FACTS.agreement, rules=()))),
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_is_missing_goes_to_a_person(why: Why, facts: Facts):
    found = judged(facts)
    assert (found.answer, found.why) == (Answer.ASK, why)
    assert found.commission_minor is None


def test_a_click_that_brought_another_sale_proves_no_second_one():
    used = replace(conversion(ANA), order_id="B-1", attribution=Attribution(
        credit=Credit.TOKEN, why="token", publisher=ANA, click_record=touch().record,
    ))  # fmt: skip
    assert judged(replace(FACTS, conversions=(used,))).why is Why.CLICK_USED


def test_a_day_apart_is_somebody_else_s_time_zone():
    assert judged(claim=replace(CLAIM, ordered_day="2027-05-04")).answer is Answer.ACCEPT
    assert judged(claim=replace(CLAIM, amount_minor=10_000)).answer is Answer.ACCEPT


def test_a_later_click_that_the_shop_did_not_keep_is_for_a_person():
    kept = replace(ORDER, touches=(touch(BEN, ORDERED - 9 * HOUR_US),))
    assert judged(order=kept).why is Why.RECORDS_CONTRADICT
    assert judged(order=replace(kept, touches=(touch(BEN, ORDERED - 1),))).why is Why.CLICK_OF_ANOTHER


def test_every_reason_has_an_answer_and_its_words():
    for why in Why:
        assert answer_of(why) in Answer
        assert TEMPLATES[f"claim.found.{why.value}"].keys() == TEMPLATES[f"claim.do.{why.value}"].keys() == {"de", "en"}


def test_a_letter_tells_neither_order_ids_nor_what_ours_would_have_been():
    for facts in (
        FACTS,
        replace(FACTS, claim=replace(CLAIM, amount_minor=15_000)),
        replace(FACTS, conversions=(conversion(BEN),)),
        replace(FACTS, claim=replace(CLAIM, order_id="a100")),
    ):
        found = judged(facts)
        for language in LANGUAGES:
            text = draft(found.letter, language).body
            assert "A-0100" not in text
            assert "a100" not in text
            if found.answer is not Answer.ACCEPT:
                assert "100" not in text  # neither the amount without tax nor the number
                assert "cnv_44" not in text


def test_spellings():
    assert same(" A-1 ", "A-1")
    assert not same("a-1", "A-1")
    assert alike("A-0100", "a100")
    assert alike("HB/2027/0041", "hb 2027 41")
    assert alike("HB20270041", "HB/2027/0041")
    assert not alike("A-1001", "A-100")
    assert not alike("---", "...")
    assert nearly("A-1234", "A-1243")
    assert nearly("A-1234", "A-123")
    assert nearly("A-1234", "A-1235")
    assert not nearly("A-1234", "A-1256")
    assert not nearly("A-1234", "A-1234")


@given(st.sampled_from(sorted(SCENARIOS)), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_nothing_is_accepted_without_its_own_spelling_a_fitting_amount_and_a_proof(scenario: str, seed: int):
    facts = worlds.made(scenario, Random(seed)).facts
    found = judge(facts, operator="Netz")
    assert (
        judge(replace(facts, orders=facts.orders[::-1], conversions=facts.conversions[::-1]), operator="Netz") == found
    )
    if found.answer is Answer.ACCEPT:
        order = next(each for each in facts.orders if each.id == found.order)
        assert same(order.id, facts.claim.order_id)
        assert found.proof is not None
        assert found.retained_minor == order.retained_minor > 0
        assert order.mode is Mode.LIVE
        assert not any(
            each.attribution.publisher is not None and same(each.order_id or "", order.id) for each in facts.conversions
        )
    else:
        assert found.commission_minor is found.proof is None


@given(st.sampled_from(sorted(SCENARIOS)), st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_likeness_alone_accepts_nothing(scenario: str, seed: int):
    """Whatever fits otherwise: without a click of its own, or a code, nobody is credited."""
    facts = worlds.made(scenario, Random(seed)).facts
    bare = replace(
        facts,
        claim=replace(facts.claim, touches=()),
        clicks=(),
        orders=tuple(replace(each, touches=(), voucher="") for each in facts.orders),
    )
    assert judge(bare, operator="Netz").answer is not Answer.ACCEPT
