"""The watch over a real database: what breaks is found once, told in both languages, and a letter is ready."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from decisions.house import House
from warum.app.decisions.replay import replay_decisions
from warum.domain.bots import answers
from warum.domain.bots.watch import BOT, WatchFacts
from warum.domain.packing import record
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.ports.database import Role, Scope
from warum.ports.decisions import State

_SYSTEM = Scope(Role.SYSTEM)


@pytest.fixture
def watched(house: House) -> House:
    """A house with five ordinary weeks, about forty bookings a day, in which the watch may speak."""
    house.do("policy.set", program=house.program, bot="watch", shadow_until=from_us(house.now_us))
    house.do("bot.stop", bot="creative", reason="not its story")
    house.days(35, [0.1, 0.1], clicks=400)
    return house


def ideas(house: House) -> dict[str, Any]:
    house.round()
    return {one.idea: one for one in house.do("proposal.list").proposals if one.bot == "watch"}


def replays(house: House) -> bool:
    with house.worker.transaction(_SYSTEM) as tx:
        return not replay_decisions(tx).mismatches


def test_in_ordinary_weeks_nothing_is_said(watched: House) -> None:
    assert not ideas(watched)
    assert not watched.rows("select 1 from warum.abstention where bot = 'watch'")


def test_dead_tracking_is_found_with_its_numbers_and_a_letter(watched: House) -> None:
    watched.days(1, [0.0, 0.0], clicks=400)
    (one,) = ideas(watched).values()
    assert (one.idea, one.subject) == ("tracking_dead", f"prg_{watched.program}")
    assert "400 clicks" in one.claim.en and "0 bookings" in one.claim.en and "0 Buchungen" in one.claim.de
    assert one.stake.amount_minor > 0
    shown = watched.do("proposal.show", proposal=one.id).advice
    german, english = shown.steps
    assert german.letter.to == f"prg_{watched.program}" and "keine Buchungen" in german.letter.subject
    assert "0 reported bookings" in english.letter.body
    watched.do("proposal.approve", proposal=one.id)
    (message,) = watched.do("message.list").messages
    assert message.publisher is None and "Meldeadresse" in message.body
    assert replays(watched)


def test_what_recovers_is_taken_back(watched: House) -> None:
    watched.days(1, [0.0, 0.0], clicks=400)
    assert ideas(watched)
    watched.days(8, [0.1, 0.1], clicks=400)
    assert not ideas(watched)
    states = {one.state for one in watched.do("proposal.list", states=tuple(State)).proposals}
    assert states <= {State.SUPERSEDED, State.EXPIRED}


def test_one_bad_page_is_named_and_not_the_program(watched: House) -> None:
    watched.days(3, [0.1, 0.0], clicks=400)
    (one,) = ideas(watched).values()
    assert one.subject.startswith("lp_")
    shown = watched.do("proposal.show", proposal=one.id)
    said = [words.en for section in shown.advice.sections for words in section.sentences]
    assert any("others of the program" in sentence for sentence in said)


def test_a_wave_of_cancellations_is_found(watched: House) -> None:
    """One in five cancels; then everybody does on four days."""
    watched.tamper("update warum.conversion set status = 'declined', reason = 'cancelled' where id %% 5 = 0")
    watched.days(4, [0.1, 0.1], clicks=400, status="declined")
    watched.rows(
        """
        insert into warum.conversion_event (conversion_id, seq, advertiser_id, kind, at, seen, canonical, salt)
        select id, 1, advertiser_id, case status when 'declined' then 'cancelled' else 'approved' end, booked_at,
            booked_at, '', decode(repeat('00', 32), 'hex') from warum.conversion
        returning 1
        """
    )
    found = ideas(watched)
    assert "cancellation_wave" in found
    assert "cancelled: 100%" in found["cancellation_wave"].claim.en


def test_a_note_that_covers_it_is_told_and_no_letter_is_prepared(watched: House) -> None:
    watched.do(
        "note.add",
        program=watched.program,
        text="Scaffolding in front of the house",
        starts_at=from_us(watched.now_us),
        ends_at=from_us(watched.now_us + 5 * DAY_US),
    )
    watched.days(1, [0.0, 0.0], clicks=400)
    (one,) = ideas(watched).values()
    shown = watched.do("proposal.show", proposal=one.id).advice
    assert not shown.steps
    said = [words.en for section in shown.sections for words in section.sentences]
    assert any("Scaffolding in front of the house" in sentence for sentence in said)


def test_after_the_goal_is_over_it_is_quiet(watched: House) -> None:
    watched.do("goal.set", program=watched.program, ends_at=from_us(watched.now_us))
    watched.days(1, [0.0, 0.0], clicks=400)
    assert not ideas(watched)


def test_a_short_past_is_told_as_not_knowing(house: House) -> None:
    house.do("policy.set", program=house.program, bot="watch", shadow_until=from_us(house.now_us))
    house.days(6, [0.1, 0.1], clicks=400)
    house.round()
    told = [
        one.words.en for one in house.do("overview.unknowns").unknowns for one in [one.abstention] if one.bot == "watch"
    ]
    assert told == ["We do not know yet: there are not three weeks to compare with."]


def test_it_answers_whatever_it_is_given(watched: House) -> None:
    """Facts that cannot be are no reason to break."""
    watched.days(1, [0.0, 0.0], clicks=400)
    ideas(watched)
    (body,) = watched.rows("select f.body from warum.facts f where kind = 'watch'")[0]
    facts: WatchFacts = record(WatchFacts, json.loads(bytes(body)))
    spoiled = json.loads(bytes(body))
    for change in (
        {"hours": 0},
        {"hours": -5},
        {"hours": 3},
        {"counts": []},
        {"counts": [{**spoiled["counts"][0], "clicks": -1}]},
        {"counts": [{**spoiled["counts"][0], "declined": 9}]},
        {"counts": [{**spoiled["counts"][0], "hour": 10**9}]},
    ):
        odd: WatchFacts = record(WatchFacts, {**spoiled, **change})
        BOT.advise(odd, seed=1)
    (one,) = answers("watch", bytes(body), seed=1)
    assert one.made_at_us == facts.now_us


def test_every_number_of_the_claim_stands_in_the_record(watched: House) -> None:
    watched.days(1, [0.0, 0.0], clicks=400)
    (one,) = ideas(watched).values()
    (body,) = watched.rows("select body from warum.proposal where id = %s", one.id)[0]
    told = json.loads(bytes(body))
    values = {parameter["value"] for parameter in told["explanation"]["claim"]["parameters"]}
    day = from_us(watched.now_us - DAY_US)
    known = {re.sub(r"\D", "", value) for value in values} | {str(day.day), str(day.year)}
    for number in re.findall(r"[0-9][0-9.,:]*[0-9]|[0-9]", one.claim.en):
        plain = re.sub(r"\D", "", number)
        assert plain in known or any(plain in value for value in known), (number, values)
    assert watched.now_us % HOUR_US == 0
