"""The score card as an operation: what it counts, what it says, whom it tells, and what people's hands did."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from decisions.house import House
from decisions.promised import promised
from warum.domain.calibration.codes import Basis, Override
from warum.domain.decisions import DeclineReason, Held
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Role, Scope
from warum.ports.decisions import State

BETTER = [0.03, 0.05]


@pytest.fixture
def asked(house: House) -> House:
    """A proposal waits."""
    house.days(14, BETTER)
    house.round()
    return house


def card(house: House, **ask: object):
    (found,) = house.do("bot.scorecard", **{"bot": "creative", **ask}).scorecards
    return found


def test_nothing_is_said_of_too_few_and_everything_of_enough(asked: House) -> None:
    first = asked.asked().id
    empty = card(asked).judgement
    assert (empty.verdict.code, empty.verdict.p_value, empty.coverage, empty.probability) == (
        "too_few",
        None,
        None,
        None,
    )
    assert empty.due_at is None and empty.amounts == () and empty.people.overridden is None
    promised(asked.admin, first, 9, now_us=asked.now_us)
    few = card(asked).judgement
    assert (few.verdict.code, few.verdict.outcomes) == (
        "too_few",
        9,
    ) and "9 outcomes are too few" in few.verdict.words.en
    assert few.amounts[0].ratio is None and few.amounts[0].total.count == 9
    promised(asked.admin, first, 31, now_us=asked.now_us, seed=5)
    told = card(asked)
    judged = told.judgement
    assert told.promises == told.kept + told.below + told.above + told.open == 40
    assert judged.coverage.of == 40 and judged.coverage.count == told.kept
    assert judged.probability.came.of == sum(one.came.of for one in judged.probability.bins) == 40
    assert judged.amounts[0].total.gain == told.amounts[0].measured
    assert judged.amounts[0].words.en.startswith("Of each €1.00 that it promised")
    assert card(asked, brief=True).judgement is None


def test_a_span_chooses_and_nonsense_is_refused(asked: House) -> None:
    promised(asked.admin, asked.asked().id, 40, now_us=asked.now_us)
    now = from_us(asked.now_us)
    assert card(asked, days=10).promises == 10
    assert card(asked, since=now - timedelta(days=10)).promises == 10
    assert card(asked, until=now - timedelta(days=10)).judgement.verdict.outcomes == 30
    assert card(asked, program=asked.program).promises == 40
    both = asked.ask("bot.scorecard", days=3, since=now)
    assert isinstance(both, Refusal) and both.code == "span_said_twice"
    backwards = asked.ask("bot.promises", since=now, until=now)
    assert isinstance(backwards, Refusal) and backwards.code == "dates_backwards"
    for name in ("bot.scorecard", "bot.promises"):
        assert isinstance(asked.ask(name, bot="nobody"), Refusal)
        assert isinstance(asked.ask(name, program=999), Refusal)


def test_promises_are_listed_in_pages(asked: House) -> None:
    made = promised(asked.admin, asked.asked().id, 12, now_us=asked.now_us, open_=2)
    first = asked.do("bot.promises", limit=5).promises
    assert [one.proposal for one in first] == made[:-6:-1]
    assert [one.final for one in first] == [False, False, True, True, True]
    rest = asked.do("bot.promises", before=first[-1].proposal).promises
    assert [one.proposal for one in rest] == made[-6::-1]


def test_currencies_and_bases_are_never_added(asked: House) -> None:
    first = asked.asked().id
    promised(asked.admin, first, 3, now_us=asked.now_us)
    promised(asked.admin, first, 4, now_us=asked.now_us, currency="CHF")
    promised(asked.admin, first, 5, now_us=asked.now_us, state="shadow")
    promised(asked.admin, first, 6, now_us=asked.now_us, state="declined")
    told = card(asked)
    sums = {(one.basis, one.promised.currency): one.total.count for one in told.judgement.amounts}
    assert sums == {
        (Basis.APPLIED, "EUR"): 3,
        (Basis.APPLIED, "CHF"): 4,
        (Basis.SHADOW, "EUR"): 5,
        (Basis.DECLINED, "EUR"): 6,
    }
    assert told.judgement.verdict.outcomes == told.promises == 12, "people may have known better than the bot"


def test_what_people_did_is_counted_once_with_its_reason(asked: House) -> None:
    first = asked.asked().id
    asked.now_us += 5 * HOUR_US
    asked.do("proposal.approve", proposal=first)
    went_along = card(asked).judgement
    assert (went_along.people.overridden.count, went_along.people.overridden.of) == (0, 1)
    assert went_along.people.seconds_to_decide == 5 * 3_600
    assert went_along.due_at == from_us(asked.now_us + 7 * DAY_US)
    asked.now_us += DAY_US
    asked.do("offer.allocate", offer=asked.offer, propensities=(Decimal("0.7"), Decimal("0.3")))
    by_hand = card(asked).judgement.people
    assert [(one.override, one.count) for one in by_hand.reasons] == [(Override.CHANGED, 1)]
    promised(asked.admin, first, 2, now_us=asked.now_us, state="undone")
    promised(asked.admin, first, 3, now_us=asked.now_us, state="declined", reason="data_wrong")
    people = card(asked).judgement.people
    assert people.overridden.of == 6
    assert (people.reasons[0].override, people.reasons[0].reason) == (Override.DECLINED, DeclineReason.DATA_WRONG)


def test_shares_set_by_hand_instead_of_an_open_proposal_override_it(asked: House) -> None:
    asked.now_us += HOUR_US
    asked.do("offer.allocate", offer=asked.offer, propensities=(Decimal("0.6"), Decimal("0.4")))
    asked.now_us += HOUR_US
    asked.round()
    (found,) = asked.do("proposal.list", states=(State.SUPERSEDED,)).proposals
    people = card(asked).judgement.people
    assert found.state is State.SUPERSEDED and people.overridden.count == people.overridden.of == 1
    assert people.reasons[0].words.de == "Von Hand anders verteilt" and people.seconds_to_decide is None


def test_the_road_not_taken_is_measured(asked: House) -> None:
    first = asked.asked().id
    asked.do("proposal.decline", proposal=first, reason=DeclineReason.NOT_NOW, note="")
    for _ in range(25):
        asked.days(1, BETTER)
        asked.round()
    outcomes = asked.do("proposal.show", proposal=first).outcomes
    assert outcomes and outcomes[-1].final and outcomes[-1].held in (Held.KEPT, Held.ABOVE)
    told = card(asked).judgement
    assert [one.basis for one in told.amounts][-1] is Basis.DECLINED
    assert told.amounts[-1].total.gain == outcomes[-1].gain


def test_only_the_house_sees_it(asked: House) -> None:
    promised(asked.admin, asked.asked().id, 12, now_us=asked.now_us)
    for name in ("bot.scorecard", "bot.promises"):
        for role in (Role.ADVERTISER, Role.PUBLISHER):
            refused = asked.ask(name, role=role)
            assert isinstance(refused, Refusal) and refused.code == "role_not_allowed"
        assert not isinstance(asked.ask(name, role=Role.AUDITOR), Refusal)
    # Behind the door there is a wall: not even the rows are there, for its own advertiser or for another.
    for party in (asked.advertiser, asked.advertiser + 1):
        with asked.app.transaction(Scope(Role.ADVERTISER, party)) as tx:
            assert tx.decisions.promises(None, None, limit=10) == []
            assert tx.decisions.scores(None, None) == []
