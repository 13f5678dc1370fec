"""An offer whose arms do well on different devices: the bot tells them apart, people decide, and all can be undone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from warum.app.decisions.replay import replay_decisions
from warum.domain.decisions import Autonomy, DeclineReason
from warum.ports.database import Role, Scope
from warum.ports.decisions import State

from .house import House

PHONE, DESKTOP = "device=phone", "device=desktop"
FIRST, SECOND = [0.06, 0.02], [0.02, 0.06]
DIFFERENT = {PHONE: FIRST, DESKTOP: SECOND}


def shares(house: House, context: str) -> list[float]:
    offer = house.do("offer.show", offer=house.offer)
    arms = offer.arms if not context else next(one.arms for one in offer.contexts if one.context == context)
    return [float(arm.propensity) for arm in arms]


def by_context(house: House) -> dict[str, Any]:
    return {one.context: one for one in house.do("proposal.list").proposals}


@pytest.fixture
def told_apart(house: House) -> House:
    house.do("offer.contexts.set", offer=house.offer, dimensions=("device",))
    return house


def test_two_devices_end_with_different_shares(told_apart: House) -> None:
    house = told_apart
    floor = float(house.do("policy.show", program=house.program, bot="creative").floor)
    for _ in range(3):
        house.days(10, [], contexts=DIFFERENT)
        house.round()
        for asked in by_context(house).values():
            house.do("proposal.approve", proposal=asked.id)
    assert shares(house, PHONE)[0] > 0.6 > 0.4 > shares(house, DESKTOP)[0]
    assert shares(house, "") == [0.5, 0.5]
    assert min(shares(house, PHONE) + shares(house, DESKTOP)) >= floor
    with house.worker.transaction(Scope(Role.SYSTEM)) as tx:
        assert replay_decisions(tx).mismatches == []


def test_a_proposal_says_in_which_context_it_holds(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    assert house.round().proposals == 2
    asked = by_context(house)
    assert set(asked) == {PHONE, DESKTOP}
    assert asked[PHONE].headline.en.startswith("On phones: ")
    assert asked[DESKTOP].claim.de.startswith("Auf Computern und Tablets: ")
    whole = [why for why in house.do("abstention.list", offer=house.offer).abstentions if not why.context]
    assert [why.code for why in whole] == ["no_exposures"]
    # The same is not said twice, in any of them.
    house.now_us += 3_600_000_000
    assert house.round().proposals == 0


def test_undo_restores_the_shares_of_that_context_and_of_no_other(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    house.round()
    asked = by_context(house)
    for one in asked.values():
        house.do("proposal.approve", proposal=one.id)
    desktop = shares(house, DESKTOP)
    assert desktop != [0.5, 0.5]
    house.do("proposal.undo", proposal=asked[PHONE].id)
    assert (shares(house, PHONE), shares(house, DESKTOP), shares(house, "")) == ([0.5, 0.5], desktop, [0.5, 0.5])
    assert house.do("proposal.show", proposal=asked[PHONE].id).proposal.state is State.UNDONE


def test_an_outcome_is_measured_in_its_context(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    house.round()
    phone = by_context(house)[PHONE]
    house.do("proposal.approve", proposal=phone.id)
    house.days(10, [], contexts=DIFFERENT)
    house.round()
    outcome = house.do("proposal.show", proposal=phone.id).outcomes[-1]
    assert outcome.final
    assert outcome.exposures == 2_800  # of a week on phones, and of nothing else


def test_a_change_in_one_context_leaves_the_proposals_of_others(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    house.round()
    before = by_context(house)
    house.do("offer.allocate", offer=house.offer, context=PHONE, propensities=(Decimal("0.3"), Decimal("0.7")))
    house.now_us += 3_600_000_000
    house.round()
    assert by_context(house)[DESKTOP].id == before[DESKTOP].id
    assert house.do("proposal.show", proposal=before[PHONE].id).proposal.state is State.SUPERSEDED
    refused = house.ask("proposal.approve", proposal=before[PHONE].id)
    assert refused.code == "proposal_decided"


def test_what_is_told_apart_no_more_is_asked_no_more_and_cannot_be_undone(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    house.round()
    asked = by_context(house)
    house.do("proposal.approve", proposal=asked[PHONE].id)
    phone = shares(house, PHONE)
    house.do("offer.contexts.set", offer=house.offer, dimensions=())
    assert house.do("proposal.list").proposals == ()
    assert house.do("proposal.show", proposal=asked[DESKTOP].id).proposal.state is State.SUPERSEDED
    assert house.ask("proposal.undo", proposal=asked[PHONE].id).code == "allocation_replaced"
    # Told apart again, each has what it had, and then it can be undone.
    house.do("offer.contexts.set", offer=house.offer, dimensions=("device",))
    assert (shares(house, PHONE), shares(house, DESKTOP)) == (phone, [0.5, 0.5])
    house.do("proposal.undo", proposal=asked[PHONE].id)
    assert shares(house, PHONE) == [0.5, 0.5]


def test_a_bot_within_its_limits_acts_in_each_context(told_apart: House) -> None:
    house = told_apart
    house.policy(autonomy=Autonomy.ACT, act_per_day=Decimal(1_000_000))
    house.days(14, [], contexts=DIFFERENT)
    assert house.round().applied == 2
    assert shares(house, PHONE)[0] > 0.5 > shares(house, DESKTOP)[0]
    kinds = [row[0] for row in house.rows("select kind from warum.snapshot_change order by id desc limit 3")]
    assert kinds == ["plan", "allocation", "allocation"]


def test_thin_contexts_stay_with_the_shares_of_the_offer(told_apart: House) -> None:
    house = told_apart
    house.days(14, SECOND, contexts={PHONE: [0.001, 0.001], DESKTOP: [0.001, 0.001]})
    house.round()
    (asked,) = house.do("proposal.list").proposals
    assert asked.context == ""
    house.do("proposal.approve", proposal=asked.id)
    assert shares(house, PHONE) == shares(house, DESKTOP) == shares(house, "") != [0.5, 0.5]
    house.do("proposal.undo", proposal=asked.id)
    assert shares(house, PHONE) == shares(house, DESKTOP) == shares(house, "") == [0.5, 0.5]


def test_declining_in_one_context_says_nothing_of_another(told_apart: House) -> None:
    house = told_apart
    house.days(14, [], contexts=DIFFERENT)
    house.round()
    asked = by_context(house)
    house.do("proposal.decline", proposal=asked[PHONE].id, reason=DeclineReason.EVIDENCE_WEAK)
    house.days(4, [], contexts=DIFFERENT)
    house.round()
    assert DESKTOP in by_context(house)
