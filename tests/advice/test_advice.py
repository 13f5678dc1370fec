"""What happens to an advice: asked once, taken back when it does not hold, followed step by step or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.house import House
from warum.app.decisions.proposals import LetterEdit
from warum.app.decisions.replay import replay_decisions
from warum.app.messages import MessageLanguage
from warum.domain.decisions import DeclineReason
from warum.kernel.canonical import fingerprint
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Role, Scope
from warum.ports.decisions import State
from warum.ports.log import About

_SYSTEM = Scope(Role.SYSTEM)


def tell(house: House, words: str, *, after_us: int = HOUR_US) -> None:
    """The bot looks again, and this is what it says."""
    house.do("note.add", program=house.program, text=words)
    house.now_us += after_us
    house.read_up_to_now()
    house.round()


def asked(house: House) -> list[Any]:
    return list(house.do("proposal.list").proposals)


def every(house: House) -> list[Any]:
    return list(house.do("proposal.list", states=tuple(State)).proposals)


def messages(house: House) -> list[Any]:
    return list(house.do("message.list").messages)


def replays(house: House) -> bool:
    with house.worker.transaction(_SYSTEM) as tx:
        found = replay_decisions(tx)
    return found.decisions > 0 and not found.mismatches


def test_an_advice_is_asked_once_and_stays_while_it_holds(house: House) -> None:
    tell(house, "letter 10 10000")
    (first,) = asked(house)
    assert (first.idea, first.subject_name, first.offer) == ("told", "Blog", None)
    assert first.stake.amount_minor == 10_000
    tell(house, "letter 11 10000")
    assert [one.id for one in asked(house)] == [first.id]
    assert replays(house)


def test_it_is_not_looked_more_often_than_the_bot_says(house: House) -> None:
    tell(house, "quiet", after_us=HOUR_US)
    tell(house, "letter", after_us=HOUR_US // 2)
    assert not asked(house)
    tell(house, "letter", after_us=HOUR_US // 2)
    assert len(asked(house)) == 1


def test_what_does_not_hold_any_more_is_taken_back(house: House) -> None:
    tell(house, "letter")
    tell(house, "quiet", after_us=23 * HOUR_US)
    assert len(asked(house)) == 1, "figures waver"
    tell(house, "quiet")
    assert not asked(house)
    assert [one.state for one in every(house)] == [State.SUPERSEDED]
    tell(house, "letter")
    assert len(asked(house)) == 1


def test_more_evidence_or_more_at_stake_is_said_anew(house: House) -> None:
    tell(house, "letter 10 10000")
    tell(house, "letter 40 10000")
    tell(house, "letter 40 20000")
    assert [one.state for one in every(house)] == [State.OPEN, State.SUPERSEDED, State.SUPERSEDED]


def test_a_declined_idea_returns_on_new_evidence_alone(house: House) -> None:
    tell(house, "letter 40 10000")
    (first,) = asked(house)
    house.do("proposal.decline", proposal=first.id, reason=DeclineReason.EVIDENCE_WEAK)
    for words in ("letter 40 10000", "letter 59 10000", "letter 59 19999"):
        tell(house, words, after_us=5 * DAY_US)
        assert not asked(house)
    tell(house, "letter 60 10000")
    assert len(asked(house)) == 1


@pytest.mark.parametrize(("language", "subject"), [("de", "Hallo"), ("en", "Hello")])
def test_approving_performs_the_steps_in_the_name_of_whoever_approves(
    house: House, language: str, subject: str
) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    shown = house.do("proposal.show", proposal=one.id)
    assert [step.letter.subject for step in shown.advice.steps] == ["Hallo", "Hello"]
    assert not messages(house), "a draft is no message"
    house.do("proposal.approve", proposal=one.id, language=MessageLanguage(language), by="bea")
    (message,) = messages(house)
    assert (message.subject, message.written_by, message.publisher) == (subject, "bea", house.publisher)
    shown = house.do("proposal.show", proposal=one.id)
    taken = [step.result for step in shown.advice.steps if step.taken_at is not None]
    assert taken == [f"msg_{message.id}"] and shown.proposal.state is State.APPLIED
    acts = [(act.actor, act.operation) for act in house.do("act.list", subject=taken[0]).acts]
    assert acts == [("person bea", "message.write")]
    assert replays(house)


def test_a_followed_advice_gets_its_time(house: House) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    house.do("proposal.approve", proposal=one.id)
    tell(house, "letter 1000 1000000", after_us=6 * DAY_US)
    assert not asked(house)
    tell(house, "letter", after_us=2 * DAY_US)
    assert len(asked(house)) == 1


def test_undo_takes_the_steps_back_while_it_can(house: House) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    house.do("proposal.approve", proposal=one.id)
    house.do("proposal.undo", proposal=one.id)
    (message,) = messages(house)
    assert message.withdrawn_at is not None
    again = house.ask("proposal.undo", proposal=one.id)
    assert isinstance(again, Refusal) and again.code == "not_applied"
    (step, _) = house.do("proposal.show", proposal=one.id).advice.steps
    assert step.undone_at is not None


def test_what_was_read_is_not_taken_back(house: House) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    house.do("proposal.approve", proposal=one.id)
    (message,) = messages(house)
    house.do("message.read", message=message.id)
    refused = house.ask("proposal.undo", proposal=one.id)
    assert isinstance(refused, Refusal) and refused.code == "message_read"
    assert house.do("proposal.show", proposal=one.id).proposal.state is State.APPLIED


def test_a_step_that_is_refused_leaves_nothing_behind(house: House) -> None:
    tell(house, "letter broken")
    (one,) = asked(house)
    refused = house.ask("proposal.approve", proposal=one.id)
    assert isinstance(refused, Refusal) and refused.code == "step_broken" and "Nothing was changed" in refused.message
    assert not messages(house) and asked(house)[0].state is State.OPEN
    assert not house.rows("select 1 from warum.step")


@pytest.mark.parametrize("step", [1, 2, 99])
def test_a_text_for_no_letter_of_the_approval_is_refused(house: House, step: int) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    edits = (LetterEdit(step=step, subject="Hi", body="there"),)
    refused = house.ask("proposal.approve", proposal=one.id, language=MessageLanguage.DE, letters=edits)
    assert isinstance(refused, Refusal) and refused.code == "letter_unknown"
    assert not messages(house)


def test_a_bot_may_not_propose_what_is_no_step(house: House, caplog: pytest.LogCaptureFixture) -> None:
    tell(house, "forbidden")
    assert not every(house)
    assert "may not propose partnership.end" in caplog.text


def test_an_advice_without_steps_asks_to_look(house: House) -> None:
    tell(house, "look")
    (one,) = asked(house)
    done = house.do("proposal.approve", proposal=one.id)
    assert done.advice.steps == () and done.proposal.state is State.APPLIED


def test_in_shadow_nobody_is_asked(house: House) -> None:
    house.do("policy.set", program=house.program, bot="teller", shadow_until=from_us(house.now_us + 14 * DAY_US))
    tell(house, "letter")
    assert [one.state for one in every(house)] == [State.SHADOW]
    tell(house, "letter 1000 1000000")
    assert len(every(house)) == 1, "one promise at a time"
    refused = house.ask("proposal.approve", proposal=every(house)[0].id)
    assert isinstance(refused, Refusal)


def test_not_knowing_is_written_down_once_a_day(house: House) -> None:
    for _ in range(3):
        tell(house, "unknown")
    assert house.rows("select subject, code from warum.abstention") == [(f"prg_{house.program}", "no_exposures")]
    (unknown,) = house.do("overview.unknowns").unknowns
    assert (unknown.subject, unknown.subject_name) == (f"prg_{house.program}", "Stays")
    assert replays(house)


def test_the_kill_switch_takes_back_what_is_asked(house: House) -> None:
    tell(house, "letter")
    house.do("bot.stop", bot="teller", reason="too chatty")
    house.round()
    assert not asked(house)


def test_a_promise_is_measured_when_its_time_is_over(house: House) -> None:
    tell(house, "promise")
    (one,) = asked(house)
    house.do("proposal.approve", proposal=one.id)
    # 150,000 were promised (10,000 to 90,000 more than 100,000); ten sales of about 15,000 each come in.
    house.now_us = (house.now_us // DAY_US + 1) * DAY_US
    house.days(6, [1.0, 1.0], clicks=2, value_minor=12_500)
    house.days(6, [], clicks=0)
    house.round()
    (outcome,) = house.do("proposal.show", proposal=one.id).outcomes[-1:]
    brought = house.rows("select sum(retained_minor)::bigint from warum.conversion")[0][0]
    assert outcome.final and outcome.gain.amount_minor == brought - 100_000
    assert outcome.held == (
        "kept" if 10_000 <= brought - 100_000 <= 90_000 else "below" if brought < 110_000 else "above"
    )
    (score,) = house.do("bot.scorecard", bot="teller").scorecards
    assert score.bot == "teller"
    (promise,) = house.do("bot.promises", bot="teller").promises
    assert (promise.idea, promise.subject_name) == ("told", "Blog")


def test_the_log_holds_it(house: House) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    house.do("proposal.approve", proposal=one.id)
    house.do("proposal.undo", proposal=one.id)
    with house.worker.transaction(_SYSTEM) as tx:
        contents = [content for _, content in tx.log.contents(About("proposal", one.id)) if content is not None]
    bodies = [dict(content.fields()) for content in contents]
    effects = {body["kind"]: body["steps"] for body in bodies if "steps" in body and "kind" in body}
    assert sorted(effects) == ["applied", "undone"]
    ((performed,),) = house.rows("select input from warum.step")
    assert effects["applied"] == [["message.write", "msg_1", fingerprint(performed).hex()]], (
        "what was sent, by its hash"
    )
    decision = next(body for body in bodies if body.get("verdict") == "approved")
    assert decision["idea"] == "told" and decision["subject"] == f"pub_{house.publisher}"
    assert [operation for operation, _ in decision["steps"]] == ["message.write", "message.write"]
    assert decision["effect"] == "reversible"


def test_erasing_a_publisher_empties_what_was_written_to_it(house: House) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    edits = (LetterEdit(step=0, subject="An Frau Blog", body="Liebe Frau Blog"),)
    house.do("proposal.approve", proposal=one.id, letters=edits)
    assert messages(house)[0].body == "Liebe Frau Blog"
    house.do("publisher.erase", publisher=house.publisher, reason="she asked for it", role=Role.OPERATOR)
    assert messages(house)[0].body == "-"
    assert "Frau" not in str(house.rows("select input from warum.step"))
    assert house.do("proposal.show", proposal=one.id).advice.steps[0].letter.body == "-"
