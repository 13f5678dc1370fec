"""Inquiries as operations, on a real database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from decisions.house import House
from warum.app.explain.shapes import Lang
from warum.app.inquiries.shapes import InquiryOut, Length
from warum.domain.catalog import CommissionKind
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Role

OFFER_INQUIRIES = ("inquiry.creative", "inquiry.experiment", "inquiry.policy")


def ask(house: House, name: str, **given: Any) -> InquiryOut:
    answer = house.ask(name, **given)
    assert isinstance(answer, InquiryOut), answer
    return answer


def refused(house: House, name: str, **given: Any) -> str:
    answer = house.ask(name, **given)
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_contexts_are_told_apart_and_answered_together(house: House) -> None:
    """The shares of each context differ, and so does what is usual there; only arms within a context compare."""
    house.do("offer.contexts.set", offer=house.offer, dimensions=("device",))
    rates = (0.02, 0.04)
    contexts = {one.context: rates for one in house.do("offer.show", offer=house.offer).contexts}
    assert len(contexts) == 2
    house.days(20, rates, clicks=800, contexts=contexts)
    best = ask(house, "inquiry.creative", offer=house.offer)
    assert (best.label, best.verdict) == ("estimate", "best")
    sound = ask(house, "inquiry.experiment", offer=house.offer)
    assert sound.verdict == "sound"
    assert "20 days" in str(sound)


def test_an_offer_is_asked_about_from_the_first_day_to_a_settled_answer(house: House) -> None:
    assert ask(house, "inquiry.creative", offer=house.offer).verdict == "no_exposures"
    assert ask(house, "inquiry.experiment", offer=house.offer).verdict == "cannot_tell_no_exposures"
    house.days(30, (0.02, 0.035), clicks=800)
    best = ask(house, "inquiry.creative", offer=house.offer)
    assert (best.label, best.verdict) == ("estimate", "best")
    assert "“Page 1” brings the most so far" in best.said.text
    sound = ask(house, "inquiry.experiment", offer=house.offer)
    assert sound.verdict == "sound"
    more = ask(house, "inquiry.policy", offer=house.offer, arm=1)
    assert more.verdict == "more"
    # The same question about the same rows has the same answer, and what was counted stands in the tables.
    assert ask(house, "inquiry.creative", offer=house.offer) == best
    counted = house.rows("select arm, sum(clicks_token) from warum.rollup_hour group by arm order by arm")
    drawn = [figure.value for figure in best.figures if figure.name == "exposures"]
    assert drawn == [int(clicks) for _, clicks in counted]


def test_days_narrow_what_is_counted(house: House) -> None:
    first = from_us(house.now_us).date()
    house.days(10, (0.02, 0.02))
    all_days = ask(house, "inquiry.creative", offer=house.offer)
    some = ask(house, "inquiry.creative", offer=house.offer, since=first, until=first + timedelta(days=4))

    def drawn(answer: InquiryOut) -> int:
        return sum(figure.value for figure in answer.figures if figure.name == "exposures")

    assert 2 * drawn(some) == drawn(all_days) == 4_000


def test_a_changed_allocation_is_compared_within_each(house: House) -> None:
    house.days(10, (0.02, 0.03), clicks=800)
    house.do("offer.allocate", offer=house.offer, propensities=(Decimal("0.3"), Decimal("0.7")))
    house.days(10, (0.02, 0.03), clicks=800)
    told = ask(house, "inquiry.experiment", offer=house.offer)
    assert "within each of the 2 allocations" in told.said.text
    judged = ask(house, "inquiry.policy", offer=house.offer, propensities=(Decimal("0.5"), Decimal("0.5")))
    assert judged.label == "estimate"


def test_a_rule_is_priced_again_to_the_cent(house: House) -> None:
    house.do("rule.add", program=house.program, kind=CommissionKind.PERCENT, percent=Decimal(8))
    house.days(6, (0.05, 0.05))
    house.days(3, (0.05, 0.05), status="pending")
    house.days(2, (0.05, 0.05), status="declined")
    # As the consumer would have booked them under 8 %.
    house.tamper(
        """update warum.conversion set commission_minor = case when status = 'declined' then 0
        else (2 * retained_minor * 80000 + 1000000) / 2000000 end"""
    )
    same = ask(house, "inquiry.rule", program=house.program, percent=Decimal(8))
    assert (same.label, same.verdict) == ("exact", "same")
    more = ask(house, "inquiry.rule", program=house.program, percent=Decimal("9.5"))
    ((due,),) = house.rows(
        """select sum((2 * retained_minor * 95000 + 1000000) / 2000000 - commission_minor)
        from warum.conversion where status <> 'declined'"""
    )
    assert more.number is not None and more.number.value == int(due) > 0
    assert more.number.low is None and more.number.high is None
    by_status = {
        next(one.value for one in figure.of if one.name == "status"): figure.value
        for figure in more.figures
        if figure.name == "conversions" and any(one.name == "status" for one in figure.of)
    }
    counted = dict(house.rows("select status, count(*) from warum.conversion group by status"))
    assert by_status == counted
    for kind in ("month", "publisher", "status"):
        parts = [
            figure.value
            for figure in more.figures
            if figure.name == "under_rule" and any(one.name == kind for one in figure.of)
        ]
        total = next(
            figure.value
            for figure in more.figures
            if figure.name == "under_rule" and [o.name for o in figure.of] == ["currency"]
        )
        assert sum(parts) == total


def test_months_are_those_of_the_programs_time_zone(house: House) -> None:
    house.days(30, (0.05, 0.05))
    told = ask(house, "inquiry.rule", program=house.program, percent=Decimal(5), lang=Lang.DE)
    months = {one.value for figure in told.figures for one in figure.of if one.name == "month"}
    assert months == {"2024-10", "2024-11"}
    assert {figure.label for figure in told.figures} >= {"Oktober 2024", "November 2024"}


def test_a_proposal_is_told_at_three_lengths_in_two_languages(house: House) -> None:
    house.days(20, (0.02, 0.04), clicks=800)
    house.round()
    proposal = house.asked()
    for lang, subject in (
        (Lang.DE, "Ein Vorschlag zu Weekend (Schätzung)"),
        (Lang.EN, "A proposal for Weekend (estimate)"),
    ):
        mail = ask(
            house, "proposal.explain", proposal=proposal.id, lang=lang, length=Length.MAIL, base="https://w.example"
        )
        assert mail.said.subject == subject
        assert f"https://w.example/decisions/prp_{proposal.id}" in mail.said.text
        page = ask(house, "proposal.explain", proposal=proposal.id, lang=lang)
        assert page.said.sections[0].sentences[0] == getattr(proposal.headline, lang.value)
        card = ask(house, "proposal.explain", proposal=proposal.id, lang=lang, length=Length.CARD)
        assert card.said.text.startswith(page.said.sections[0].sentences[0])
    assert refused(house, "proposal.explain", proposal=999) == "proposal_unknown"


@pytest.mark.parametrize("name", OFFER_INQUIRIES)
def test_what_cannot_be_asked_about_an_offer(house: House, name: str) -> None:
    day = from_us(house.now_us).date()
    assert refused(house, name, offer=999_999) == "offer_unknown"
    assert refused(house, name, offer=house.offer, since=day, until=day - timedelta(days=1)) == "span_backwards"
    assert (
        refused(house, name, offer=house.offer, since=day + timedelta(days=1), until=day + timedelta(days=2))
        == "span_ahead"
    )
    assert refused(house, name, offer=house.offer, since=date(2000, 1, 1), until=day) == "span_too_long"
    assert refused(house, name, offer=house.add_offer(pages=1)) == "one_arm"


def test_what_cannot_be_asked_about_shares_and_arms(house: House) -> None:
    house.days(3, (0.02, 0.02))
    half, offer = Decimal("0.5"), house.offer
    assert refused(house, "inquiry.policy", offer=offer, arm=7) == "arm_unknown"
    assert refused(house, "inquiry.policy", offer=offer, arm=0, propensities=(half, half)) == "shares_twice"
    assert refused(house, "inquiry.policy", offer=offer, propensities=(half,)) == "propensities_count"
    assert refused(house, "inquiry.policy", offer=offer, propensities=(half, Decimal("0.4"))) == "propensities_sum"
    assert refused(house, "inquiry.experiment", offer=offer, control=7) == "control_unknown"


def test_what_cannot_be_asked_about_a_rule(house: House) -> None:
    program = house.program
    assert refused(house, "inquiry.rule", program=999, percent=Decimal(8)) == "program_unknown"
    assert refused(house, "inquiry.rule", program=program, percent=Decimal(8), publisher=999) == "publisher_unknown"
    assert refused(house, "inquiry.rule", program=program) == "percent_alone"
    per_click = {"kind": CommissionKind.PER_CLICK, "amount": Decimal("0.1"), "currency": "EUR"}
    assert refused(house, "inquiry.rule", program=program, **per_click) == "rule_not_of_sales"
    nothing = ask(house, "inquiry.rule", program=program, percent=Decimal(8))
    assert (nothing.label, nothing.verdict) == ("abstains", "nothing_booked")


@pytest.mark.parametrize("role", [Role.ADVERTISER, Role.PUBLISHER])
def test_partners_are_not_told_of_the_house(house: House, role: Role) -> None:
    for name, given in (
        ("inquiry.creative", {"offer": house.offer}),
        ("inquiry.rule", {"program": house.program, "percent": Decimal(8)}),
    ):
        answer = house.ask(name, role=role, **given)
        assert isinstance(answer, Refusal) and answer.code == "role_not_allowed"


def test_auditors_read_the_same(house: House) -> None:
    house.days(12, (0.02, 0.03))
    by_auditor = house.ask("inquiry.creative", role=Role.AUDITOR, offer=house.offer)
    assert by_auditor == house.ask("inquiry.creative", offer=house.offer)


def test_slots_are_judged_by_what_they_showed(house: House) -> None:
    house.add_slot()
    house.days(12, (0.02, 0.03), shown=5)
    told = ask(house, "inquiry.creative", offer=house.offer)
    assert "impressions" in told.said.text and "“Ad 1”" in told.said.text
