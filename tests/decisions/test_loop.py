"""The loop on a real database: facts, proposal, decision, effect, outcome; and what it must not do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from warum.app.bots import consider
from warum.app.bots.consider import GATHER
from warum.domain.creatives import Availability
from warum.domain.decisions import Autonomy, DeclineReason, Held, Verdict
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.decisions import State

from .house import House

BETTER = [0.02, 0.05]
"""The second page is worth two and a half times the first."""


def proposed(house: House) -> int:
    """The id of a proposal that waits after two weeks."""
    house.days(14, BETTER)
    assert house.round().proposals == 1
    return house.asked().id


def test_from_facts_to_outcome(house: House) -> None:
    house.days(14, BETTER)
    assert house.round().proposals == 1
    asked = house.asked()
    assert asked.state is State.OPEN
    assert asked.low.amount_minor < asked.gain.amount_minor < asked.high.amount_minor
    assert "Page 1" in asked.claim.en
    assert "Page 1" in asked.claim.de

    shown = house.do("proposal.show", proposal=asked.id)
    assert {line.name for line in shown.evidence} >= {"exposures", "conversions", "worth"}
    assert all(check.passed for check in shown.checks)
    assert shown.considered
    assert shown.counterfactuals
    assert [arm.before for arm in shown.arms] == ["0.5", "0.5"]
    assert house.shares() == ["0.5", "0.5"]

    before = house.rows("select max(id) from warum.snapshot_change")[0][0]
    house.now_us += HOUR_US
    done = house.do("proposal.approve", proposal=asked.id, expected_version=asked.row_version, seconds_shown=12)
    assert done.proposal.state is State.APPLIED
    assert done.decisions[0].actor == "ana"
    assert done.decisions[0].seconds_shown == 12
    assert house.shares() == [arm.after for arm in shown.arms]
    queued = house.rows("select kind, entry_id from warum.snapshot_change where id > %s order by id", before)
    assert queued == [("allocation", done.effect.allocation_after), ("link", house.link)]
    acts = house.do("act.list", subject=f"prp_{asked.id}").acts
    assert [(act.operation, act.actor) for act in acts] == [("proposal.approve", "person ana")]

    house.days(3, BETTER)
    assert house.round().outcomes == 1
    so_far = house.do("proposal.show", proposal=asked.id).outcomes
    assert [outcome.final for outcome in so_far] == [False]
    house.days(7, BETTER)
    house.round()
    last = house.do("proposal.show", proposal=asked.id).outcomes[-1]
    assert last.final
    assert last.held is Held.KEPT
    assert last.promised_low.amount_minor < last.gain.amount_minor < last.promised_high.amount_minor
    assert last.words.en.startswith("Kept")

    (card,) = house.do("bot.scorecard", bot="creative").scorecards
    assert (card.promises, card.kept, card.below, card.above, card.open) == (1, 1, 0, 0, 0)
    assert card.amounts[0].measured == last.gain


def test_with_equal_arms_it_says_why_it_is_quiet(house: House) -> None:
    house.days(14, [0.03, 0.03])
    assert house.round().proposals == 0
    (why,) = house.do("abstention.list", offer=house.offer).abstentions
    assert why.code in ("no_arm_better", "gain_small")
    assert why.words.de
    # The same reason is not written down every five minutes.
    house.now_us += 300 * 1_000_000
    assert house.round().abstentions == 0
    house.now_us += 7 * HOUR_US
    assert house.round().abstentions == 1


def test_thin_data_is_refused_in_words(house: House) -> None:
    house.days(6, BETTER, clicks=20)
    house.round()
    (why,) = house.do("abstention.list", offer=house.offer).abstentions
    assert why.code == "thin_data"
    assert "40" in why.words.en


def test_the_age_of_the_data_is_that_of_what_the_worker_read(house: House) -> None:
    house.days(14, BETTER)
    house.now_us += 5 * DAY_US
    house.round()
    (why,) = house.do("abstention.list", offer=house.offer).abstentions
    assert why.code == "data_too_old"


def test_the_same_is_not_said_twice(house: House) -> None:
    first = proposed(house)
    house.now_us += HOUR_US
    assert house.round().proposals == 0
    assert house.asked().id == first


def test_new_evidence_supersedes(house: House) -> None:
    first = proposed(house)
    house.days(6, [0.05, 0.30])
    house.round()
    assert house.asked().id != first
    assert house.do("proposal.show", proposal=first).proposal.state is State.SUPERSEDED
    refused = house.ask("proposal.approve", proposal=first)
    assert isinstance(refused, Refusal)
    assert refused.kind is Kind.CONFLICT


def test_a_declined_idea_returns_only_on_new_evidence(house: House) -> None:
    first = proposed(house)
    declined = house.do(
        "proposal.decline", proposal=first, reason=DeclineReason.EVIDENCE_WEAK, note="two weeks are short"
    )
    assert declined.proposal.state is State.DECLINED
    assert declined.decisions[0].reason_words.de
    house.days(2, BETTER)
    assert house.round().proposals == 0
    house.days(12, BETTER)
    assert house.round().proposals == 1
    assert house.asked().id != first


def test_another_reason_needs_its_note(house: House) -> None:
    refused = house.ask("proposal.decline", proposal=proposed(house), reason=DeclineReason.OTHER)
    assert isinstance(refused, Refusal)
    assert refused.field == "note"


def test_undo_restores_the_shares_and_is_measured(house: House) -> None:
    first = proposed(house)
    house.do("proposal.approve", proposal=first)
    house.days(2, BETTER)
    undone = house.do("proposal.undo", proposal=first, reason="the partner asked for it")
    assert undone.proposal.state is State.UNDONE
    assert [decision.verdict for decision in undone.decisions] == [Verdict.APPROVED, Verdict.UNDONE]
    assert house.shares() == ["0.5", "0.5"]
    house.days(3, BETTER)
    assert house.round().proposals == 0  # the idea was taken back; there is no new evidence
    outcome = house.do("proposal.show", proposal=first).outcomes[-1]
    assert outcome.final
    assert outcome.exposures == 800  # of the two days
    again = house.ask("proposal.undo", proposal=first)
    assert isinstance(again, Refusal)
    assert "ana undid it" in again.message


def test_undo_leaves_later_changes_alone(house: House) -> None:
    first = proposed(house)
    house.do("proposal.approve", proposal=first)
    house.do("offer.allocate", offer=house.offer)
    refused = house.ask("proposal.undo", proposal=first)
    assert isinstance(refused, Refusal)
    assert refused.code == "allocation_replaced"
    assert house.do("proposal.show", proposal=first).proposal.state is State.APPLIED


def test_a_proposal_dies_with_its_allocation(house: House) -> None:
    first = proposed(house)
    house.do("offer.allocate", offer=house.offer)
    refused = house.ask("proposal.approve", proposal=first)
    assert isinstance(refused, Refusal)
    assert refused.code == "allocation_replaced"
    house.round()
    assert house.do("proposal.show", proposal=first).proposal.state is State.SUPERSEDED


def test_who_comes_second_is_told_who_was_first(house: House) -> None:
    first = proposed(house)
    seen = house.asked().row_version
    house.do("proposal.decline", proposal=first, reason=DeclineReason.NOT_NOW, note="trade fair")
    refused = house.ask("proposal.approve", by="ben", proposal=first, expected_version=seen)
    assert isinstance(refused, Refusal)
    assert refused.kind is Kind.CONFLICT
    assert "ana declined it on 2024-10-18 at 00:00:00 UTC, because of not now (trade fair)." in refused.message
    assert house.shares() == ["0.5", "0.5"]
    assert len(house.rows("select 1 from warum.decision")) == 1


def test_of_two_at_the_same_moment_one_decides(house: House) -> None:
    first = proposed(house)
    asks = [
        lambda: house.ask("proposal.approve", by="ana", proposal=first),
        lambda: house.ask("proposal.approve", by="cem", proposal=first),
        lambda: house.ask("proposal.decline", by="ben", proposal=first, reason=DeclineReason.NOT_NOW),
    ]
    with ThreadPoolExecutor(len(asks)) as threads:
        answers = [running.result() for running in [threads.submit(ask) for ask in asks]]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 2
    (decision,) = house.rows("select actor, verdict from warum.decision")
    assert all(decision[0] in answer.message and decision[1] in answer.message for answer in refused)
    assert len(house.rows("select 1 from warum.effect")) == (decision[1] == "approved")


def test_what_a_person_decides_while_the_bot_thinks_stands(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = proposed(house)
    house.days(6, [0.05, 0.30])

    def gather(tx: Any, program: Any, offer: Any, policy: Any, **rest: Any) -> Any:
        facts = GATHER["creative"](tx, program, offer, policy, **rest)
        house.do("proposal.approve", proposal=first)
        return facts

    with monkeypatch.context() as patched:
        patched.setattr(consider, "GATHER", {"creative": gather})
        assert house.round().proposals == 0
    assert house.do("proposal.show", proposal=first).proposal.state is State.APPLIED
    house.do("proposal.undo", proposal=first)


def test_what_nobody_decides_expires(house: House) -> None:
    first = proposed(house)
    house.days(7, BETTER)
    refused = house.ask("proposal.approve", proposal=first)
    assert isinstance(refused, Refusal)
    assert refused.code == "proposal_expired"
    house.round()
    assert house.do("proposal.show", proposal=first).proposal.state is State.EXPIRED
    assert house.asked().id != first


def test_a_new_program_is_only_watched(empty_house: House) -> None:
    empty_house.build(shadow=True)
    empty_house.days(10, BETTER)
    assert empty_house.round().proposals == 1
    assert empty_house.do("proposal.list").proposals == ()
    (shadow,) = empty_house.do("proposal.list", states=(State.SHADOW,)).proposals
    refused = empty_house.ask("proposal.approve", proposal=shadow.id)
    assert isinstance(refused, Refusal)
    assert "only watches" in refused.message
    # One promise at a time; it is judged by the draws of the allocation that stayed.
    empty_house.days(3, BETTER)
    assert empty_house.round().proposals == 0
    empty_house.days(7, BETTER)
    assert empty_house.round().proposals == 1  # two weeks are over, now people are asked
    outcome = empty_house.do("proposal.show", proposal=shadow.id).outcomes[-1]
    assert outcome.final
    assert outcome.gain.amount_minor > 0
    (card,) = empty_house.do("bot.scorecard", bot="creative").scorecards
    assert (card.shadow, card.promises, card.asked) == (1, 1, 1)


def test_it_acts_within_its_limits_and_asks_beyond(house: House) -> None:
    house.policy(autonomy=Autonomy.ACT, act_per_day=Decimal("1.00"))
    house.days(14, BETTER)
    assert house.round().applied == 0
    house.policy(act_per_day=Decimal("10000.00"))
    before = house.rows("select max(id) from warum.snapshot_change")[0][0]
    done = house.round()
    assert done.applied == 1
    (applied,) = house.do("proposal.list", states=(State.APPLIED,)).proposals
    assert (applied.decision.actor_kind, applied.decision.actor) == (ActorKind.BOT, "creative")
    assert house.shares() != ["0.5", "0.5"]
    assert len(house.rows("select 1 from warum.snapshot_change where id > %s", before)) == 2
    (act,) = house.do("act.list", subject=f"prp_{applied.id}").acts
    assert act.actor == "bot creative"
    # One change at a time, so that it can be measured; a person can take it back.
    house.days(2, BETTER)
    assert house.round().applied == 0
    house.do("proposal.undo", proposal=applied.id)
    assert house.shares() == ["0.5", "0.5"]


def test_the_kill_switch(house: House) -> None:
    first = proposed(house)
    stopped = house.do("bot.stop", bot="creative", reason="it asked nonsense")
    assert stopped.stopped
    assert house.do("proposal.show", proposal=first).proposal.state is State.SUPERSEDED
    house.now_us += HOUR_US
    told = house.round()
    assert (told.proposals, told.abstentions) == (0, 0)
    again = house.ask("bot.stop", bot="creative", reason="once more")
    assert isinstance(again, Refusal)
    house.do("bot.start", bot="creative")
    assert house.round().proposals == 1
    house.policy(stopped=True)
    house.round()
    assert house.do("proposal.list").proposals == ()
    assert house.do("policy.show", program=house.program, bot="creative").stopped


def test_no_more_than_seven_are_asked_at_a_time(house: House) -> None:
    house.days(14, BETTER)
    house.round()
    first = house.asked()
    # Others with more and with less at stake, made of the same bytes.
    for number in range(9):
        offer = house.add_offer()
        house.rows(
            """
            insert into warum.proposal (bot, advertiser_id, program_id, subject, offer_id, allocation_id, facts, seed,
                body, digest, state, currency, stake_minor, stake_day_minor, gain_minor, low_minor, high_minor,
                probability_ppm, conversions, made_at, expires_at)
            select p.bot, p.advertiser_id, p.program_id, 'off_' || o.id, o.id, o.allocation_id, p.facts, p.seed, p.body,
                p.digest,
                'waiting', p.currency, p.stake_minor + %s, p.stake_day_minor, p.gain_minor, p.low_minor, p.high_minor,
                p.probability_ppm, p.conversions, p.made_at, p.expires_at
            from warum.proposal p, warum.offer o where p.id = %s and o.id = %s
            returning id
            """,
            1_000 * (number - 3),
            first.id,
            offer,
        )
    with house.worker.transaction(_SYSTEM) as tx:
        tx.decisions.rank(7)
    asked = house.do("proposal.list").proposals
    stakes = [one.stake.amount_minor for one in asked]
    assert len(asked) == 7
    assert stakes == sorted(stakes, reverse=True)
    waiting = house.do("proposal.list", states=(State.WAITING,)).proposals
    assert len(waiting) == 3
    assert max(one.stake.amount_minor for one in waiting) <= min(stakes)


def test_notes_and_goals_are_facts(house: House) -> None:
    house.do(
        "note.add",
        program=house.program,
        text="Scaffolding in front of the house",
        starts_at=from_us(house.now_us),
        ends_at=from_us(house.now_us + 3 * DAY_US),
    )
    over = house.now_us + 10 * DAY_US
    house.do("goal.set", program=house.program, cost_max=Decimal("0.12"), ends_at=from_us(over), expected_version=0)
    house.days(14, BETTER)
    house.round()
    (why,) = house.do("abstention.list", offer=house.offer).abstentions
    assert why.code == "outside_goal"
    (facts,) = house.rows("select convert_from(body, 'UTF8')::jsonb from warum.facts order by stored_at desc limit 1")[
        0
    ]
    assert facts["notes"][0]["text"] == "Scaffolding in front of the house"
    assert facts["notes"][0]["author"] == "ana"
    assert facts["goal"]["cost_ppm_max"] == 120_000
    stale = house.ask("goal.set", program=house.program, expected_version=0)
    assert isinstance(stale, Refusal)
    assert stale.kind is Kind.CONFLICT


def test_a_policy_is_refused_where_it_makes_no_sense(house: House) -> None:
    for field, ask in (
        ("horizon_days", {"horizon_days": 10}),
        ("floor", {"floor": Decimal("0.001")}),
        ("bot", {"bot": "crystal ball"}),
        ("gain_min", {"gain_min": Decimal("0.001")}),
    ):
        refused = house.ask("policy.set", **{"program": house.program, "bot": "creative", **ask})
        assert isinstance(refused, Refusal)
        assert refused.field == field


def test_in_slots_impressions_are_the_draws(house: House) -> None:
    house.days(7, BETTER)  # in links of their own, before there was a slot
    house.add_slot()
    house.days(14, BETTER, shown=20)
    house.round()
    asked = house.asked()
    shown = house.do("proposal.show", proposal=asked.id)
    assert {arm.name for arm in shown.arms} == {"Ad 0", "Ad 1"}
    exposures = [line for line in shown.evidence if line.name == "exposures"]
    assert {line.rows.table for line in exposures} == {"impression"}
    assert sum(int(line.value) for line in exposures) == 14 * 400 * 20
    house.do("proposal.approve", proposal=asked.id)
    after = house.rows("select creative_id from warum.allocation_arm where allocation_id = %s", house.in_force())
    assert all(creative is not None for (creative,) in after)
    house.days(9, BETTER, shown=20)
    house.round()
    outcome = house.do("proposal.show", proposal=asked.id).outcomes[-1]
    assert outcome.final
    assert outcome.exposures == 7 * 400 * 20


def test_what_sold_out_meanwhile_does_not_stop_an_undo(house: House) -> None:
    house.add_slot(3)
    house.days(14, [0.02, 0.05, 0.03], shown=20)
    house.round()
    asked = house.asked()
    before = house.in_force()
    house.do("proposal.approve", proposal=asked.id)
    creative = house.do("proposal.show", proposal=asked.id).arms[0].creative
    house.do("creative.availability", creative=creative, availability=Availability.SOLD_OUT)
    assert len(house.arms(house.in_force())) == 2
    house.do("proposal.undo", proposal=asked.id)
    assert len(house.arms(house.in_force())) == 2  # what is sold out stays out
    house.do("creative.availability", creative=creative, availability=Availability.IN_STOCK)
    assert house.arms(house.in_force()) == house.arms(before)


_SYSTEM = Scope(Role.SYSTEM)
