"""Attribution, commission, verticals and ledger: from a report to postings, as laws and as tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.attribution import attribute
from warum.domain.catalog import CommissionKind, CommissionRule, EdgeLink, Terms, Validation
from warum.domain.commission import click_rule_at, commission_minor, rule_at
from warum.domain.conversion import Attribution, Conversion, Credit, Reason, Report, Standing, Status, Step
from warum.domain.ledger import AccountKind, earned, plan
from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.token import TokenFault, Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, parse_iso
from warum.kernel.refusal import Refusal
from warum.verticals import VERTICALS
from warum.verticals.contract import release

TERMS = Terms(
    program=1,
    advertiser=1,
    code="stay",
    vertical="hotel",
    currencies=("EUR",),
    window_days=30,
    hold_days=3,
    validation=Validation.AUTOMATIC,
    timezone="Europe/Berlin",
)
LINKS = {
    1: EdgeLink(id=1, code="a", advertiser=1, program=1, publisher=7, partnership=1, allocation=1, active=True),
    2: EdgeLink(id=2, code="b", advertiser=1, program=1, publisher=8, partnership=2, allocation=1, active=False),
    3: EdgeLink(id=3, code="c", advertiser=2, program=9, publisher=7, partnership=3, allocation=2, active=True),
    4: EdgeLink(id=4, code="d", advertiser=1, program=5, publisher=7, partnership=4, allocation=2, active=True),
}
NOW = 100 * DAY_US


def touch(link: int, at_us: int, *, reference: bool = False) -> Touch:
    return Touch(
        at_us=at_us,
        link=link,
        allocation=1,
        arm=0,
        basis=Basis.REFERENCE if reference else Basis.CONSENT,
        mode=Mode.LIVE,
        record=None if reference else RecordId(0, 0, at_us % 1000),
    )


def credited(*touches: Touch | TokenFault, basis: str | None = "contract") -> Attribution:
    return attribute(touches, terms=TERMS, booked_at_us=NOW, link_of=LINKS.get, reference_basis=basis)


@pytest.mark.parametrize(
    ("touches", "why", "publisher"),
    [
        ([], "no_click", None),
        ([touch(1, NOW - HOUR_US)], "token", 7),
        ([touch(1, NOW - HOUR_US), touch(2, NOW - 2 * HOUR_US)], "token", 7),
        ([touch(2, NOW - HOUR_US), touch(1, NOW - 2 * HOUR_US)], "token", 8),
        ([touch(1, NOW - 30 * DAY_US)], "token", 7),
        ([touch(1, NOW - 30 * DAY_US - 1)], "outside_window", None),
        ([touch(1, NOW + HOUR_US)], "click_after_conversion", None),
        ([touch(3, NOW - HOUR_US)], "click_of_another_advertiser", None),
        ([touch(4, NOW - HOUR_US)], "click_of_another_program", None),
        ([touch(99, NOW - HOUR_US)], "link_unknown", None),
        ([TokenFault.FORGED], "forged_click_id", None),
        ([TokenFault.FORGED, touch(1, NOW - HOUR_US)], "token", 7),
        ([touch(1, NOW - 5 * DAY_US), touch(2, NOW - DAY_US, reference=True)], "token", 7),
        ([touch(2, NOW - DAY_US, reference=True)], "reference", 8),
        ([touch(2, NOW - 30 * DAY_US, reference=True)], "reference", 8),
        ([touch(2, NOW - 31 * DAY_US, reference=True)], "outside_window", None),
    ],
)
def test_attribution(touches, why, publisher):
    credit = credited(*touches)
    assert (credit.why, credit.publisher) == (why, publisher)
    assert (credit.credit is Credit.NONE) == (publisher is None)


def test_a_reference_counts_nothing_until_its_basis_is_recorded():
    assert credited(touch(2, NOW - DAY_US, reference=True), basis=None).why == "reference_without_basis"


def rule(**changes: object) -> CommissionRule:
    base = CommissionRule(
        id=1,
        program=1,
        publisher=None,
        group="",
        kind=CommissionKind.PERCENT,
        rate_ppm=80_000,
        amount_minor=0,
        currency=None,
        valid_from_us=0,
        version=1,
    )
    return replace(base, **changes)  # pyright: ignore[reportArgumentType]


def test_the_rule_version_valid_at_the_click_applies():
    rules = [
        rule(),
        rule(id=2, version=2, valid_from_us=50),
        rule(id=3, publisher=7, valid_from_us=20),
        rule(id=4, group="new"),
        rule(id=5, kind=CommissionKind.PER_CLICK, amount_minor=5, currency="EUR", rate_ppm=0),
    ]
    found = [
        rule_at(rules, publisher=publisher, group=group, click_at_us=at)
        for publisher, group, at in [(8, "", 49), (8, "", 50), (7, "", 19), (7, "", 60), (8, "new", 60), (8, "x", 60)]
    ]
    assert [r and r.id for r in found] == [1, 2, 1, 3, 4, 2]
    assert rule_at([rule(valid_from_us=10)], publisher=8, group="", click_at_us=9) is None
    paid = click_rule_at(rules, publisher=8, click_at_us=1)
    assert paid is not None
    assert paid.id == 5


# Verticals ---------------------------------------------------------------------------------------------------------


def report(step: Step, at: str = "2027-05-01T12:00:00Z", **said: object) -> Report:
    at_us = parse_iso(at)
    assert at_us is not None
    base = Report(
        step=step, at_us=at_us, amount_minor=None, retained_minor=None, check_in=None, check_out=None, reason=None
    )
    return replace(base, **said)  # pyright: ignore[reportArgumentType]


def booked(vertical: str, **said: object) -> Standing:
    standing = VERTICALS[vertical].book(report(Step.BOOKED, amount_minor=40_000, **said), TERMS)
    assert isinstance(standing, Standing)
    return standing


def changed(vertical: str, current: Standing, *reports: Report) -> Standing:
    for one in reports:
        answer = VERTICALS[vertical].change(current, one, TERMS)
        assert isinstance(answer, Standing)
        current = answer
    return current


def test_a_hotel_waits_for_the_planned_check_out_in_its_own_time_zone():
    stay = booked("hotel", check_in="2027-06-01", check_out="2027-06-04")
    assert stay.release_at_us == parse_iso("2027-06-07T22:00:00Z")
    later = changed("hotel", stay, report(Step.AMENDED, check_out="2027-06-06", amount_minor=60_000))
    assert (later.release_at_us, later.retained_minor) == (parse_iso("2027-06-09T22:00:00Z"), 60_000)


def test_a_hotel_without_dates_waits_for_the_reported_stay():
    stay = booked("hotel")
    assert stay.release_at_us is None
    stayed = changed("hotel", stay, report(Step.STAYED, at="2027-06-04T18:00:00Z"))
    assert stayed.release_at_us == parse_iso("2027-06-07T18:00:00Z")


@pytest.mark.parametrize(
    ("step", "said", "status", "reason", "retained"),
    [
        (Step.CANCELLED, {}, Status.DECLINED, Reason.CANCELLED, 0),
        (Step.CANCELLED, {"retained_minor": 10_000}, Status.PENDING, Reason.CANCELLED, 10_000),
        (Step.NO_SHOW, {}, Status.DECLINED, Reason.NO_SHOW, 0),
        (Step.NO_SHOW, {"retained_minor": 40_000}, Status.PENDING, Reason.NO_SHOW, 40_000),
        (Step.REFUNDED, {"retained_minor": 30_000}, Status.PENDING, Reason.REFUNDED, 30_000),
        (Step.DECLINED, {}, Status.DECLINED, Reason.DECLINED_BY_ADVERTISER, 0),
        (Step.APPROVED, {}, Status.APPROVED, None, 40_000),
        (Step.BOOKED, {"amount_minor": 1}, Status.PENDING, None, 40_000),
    ],
)
def test_what_a_hotel_keeps(step, said, status, reason, retained):
    after = changed("hotel", booked("hotel", check_out="2027-06-04"), report(step, **said))
    assert (after.status, after.reason, after.retained_minor) == (status, reason, retained)


def test_a_fee_reported_after_the_cancellation_brings_the_commission_back():
    stay = booked("hotel", check_out="2027-06-04")
    after = changed("hotel", stay, report(Step.CANCELLED), report(Step.CANCELLED, retained_minor=5_000))
    assert (after.status, after.retained_minor, after.release_at_us) == (Status.PENDING, 5_000, stay.release_at_us)


@pytest.mark.parametrize("vertical", VERTICALS)
def test_unknown_words_and_missing_amounts_are_refused_in_words(vertical):
    business = VERTICALS[vertical]
    for refused in (
        business.book(report(Step.UNKNOWN, amount_minor=1), TERMS),
        business.book(report(Step.BOOKED), TERMS),
        business.change(booked(vertical), report(Step.UNKNOWN), TERMS),
    ):
        assert isinstance(refused, Refusal)
        assert refused.message.endswith(".")


@pytest.mark.parametrize("step", [Step.STAYED, Step.NO_SHOW])
def test_a_shop_knows_no_stays(step):
    assert isinstance(VERTICALS["retail"].change(booked("retail"), report(step), TERMS), Refusal)


def test_manual_validation_waits_for_a_person():
    stay = booked("retail")
    assert release(stay, TERMS).status is Status.APPROVED
    waiting = release(stay, replace(TERMS, validation=Validation.MANUAL))
    assert waiting == replace(stay, release_at_us=None)  # the clock is done; nobody asks again every second
    assert waiting.status is Status.PENDING


# The ledger --------------------------------------------------------------------------------------------------------

standings = st.builds(
    Standing,
    status=st.sampled_from([Status.PENDING, Status.APPROVED, Status.DECLINED]),
    reason=st.none(),
    sale_minor=st.integers(0, 10**9),
    retained_minor=st.integers(0, 10**9),
    check_in=st.none(),
    check_out=st.none(),
    release_at_us=st.none(),
)


@pytest.mark.parametrize(
    ("before", "said", "retained"),
    [
        ([], {}, 40_000),
        ([], {"amount_minor": 30_000}, 30_000),
        ([], {"retained_minor": 25_000, "amount_minor": 40_000}, 25_000),
        # The price of the order, repeated after a partial refund, says nothing new.
        ([report(Step.REFUNDED, retained_minor=10_000)], {"amount_minor": 40_000}, 10_000),
        ([report(Step.CANCELLED)], {"amount_minor": 40_000}, 40_000),
    ],
)
@pytest.mark.parametrize("vertical", ["hotel", "retail"])
def test_what_is_approved_is_what_was_confirmed(vertical, before, said, retained):
    after = changed(vertical, booked(vertical), *before, report(Step.APPROVED, **said))
    assert (after.status, after.retained_minor, after.release_at_us) == (Status.APPROVED, retained, None)


@pytest.mark.parametrize("vertical", ["hotel", "retail"])
def test_what_was_declined_is_not_approved_for_nothing(vertical):
    gone = changed(vertical, booked(vertical), report(Step.CANCELLED))
    refused = VERTICALS[vertical].change(gone, report(Step.APPROVED), TERMS)
    assert isinstance(refused, Refusal) and refused.code == "nothing_retained"


def test_what_was_paid_stays_paid():
    paid = replace(booked("hotel"), status=Status.PAID)
    assert changed("hotel", paid, report(Step.APPROVED)).status is Status.PAID


@given(st.lists(standings, min_size=1, max_size=8), st.sampled_from(Mode))
def test_whatever_happens_the_accounts_show_the_last_standing(history, mode):
    """Every path to a standing leaves the same balances: a clawback is the same posting at every stage."""
    before: Conversion | None = None
    balance = dict.fromkeys(AccountKind, 0)
    for seq, standing in enumerate(history, 1):
        after = Conversion(
            id=5,
            advertiser=1,
            program=1,
            order_id="o",
            event_type="sale",
            group="",
            mode=mode,
            currency="EUR",
            booked_at_us=0,
            attribution=Attribution(credit=Credit.TOKEN, why="token", publisher=7),
            rule=1,
            standing=standing,
            commission_minor=commission_minor(rule(), standing),
            status_raw="",
            seq=seq,
        )
        txn = plan(before, after, kind="test", at_us=seq)
        for posting in txn.postings if txn else ():
            assert posting.amount_minor > 0
            assert posting.debit.book == posting.credit.book
            assert posting.debit.book.value.startswith(mode.word)
            balance[posting.debit.kind] -= posting.amount_minor
            balance[posting.credit.kind] += posting.amount_minor
        before = after
    assert before is not None
    assert (balance[AccountKind.PENDING], balance[AccountKind.CONFIRMED]) == earned(before)
    assert sum(balance.values()) == 0
    assert plan(before, replace(before, seq=99), kind="test", at_us=0) is None


def test_nobody_is_paid_for_an_unattributed_conversion():
    standing = booked("retail")
    lone = Conversion(
        id=5,
        advertiser=1,
        program=1,
        order_id="o",
        event_type="sale",
        group="",
        mode=Mode.LIVE,
        currency="EUR",
        booked_at_us=0,
        attribution=Attribution(credit=Credit.NONE, why="no_click"),
        rule=None,
        standing=standing,
        commission_minor=0,
        status_raw="",
        seq=1,
    )
    assert plan(None, lone, kind="booked", at_us=0) is None
