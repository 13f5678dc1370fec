"""From a flag to a decision that only a person takes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.quality.flags import Code, Flag
from warum.domain.quality.review import (
    Actor,
    Case,
    State,
    answer,
    decide,
    false_positives,
    hold,
    hold_days_max,
    lapse,
)
from warum.kernel.refusal import Refusal

DAY_US = 86_400_000_000


def case(publisher: int = 1, code: Code = Code.BOT_BURST) -> Case:
    return Case(flag=Flag(publisher=publisher, code=code, sales=(1, 2), chance=0.001, evidence=(), considered=()))


def given_case(made: Case | Refusal) -> Case:
    assert isinstance(made, Case), made
    return made


def code_of(made: Case | Refusal) -> str:
    assert isinstance(made, Refusal), made
    return made.code


def test_flag_hold_answer_decision():
    held = given_case(hold(case(), by=Actor.PERSON, now_us=0))
    answered = given_case(answer(held, " It was our newsletter. "))
    released = given_case(decide(answered, decline=False, reason="The newsletter is real.", by=Actor.PERSON))
    assert (held.state, answered.answer, released.state) == (State.HELD, "It was our newsletter.", State.RELEASED)
    assert released.until_us is None
    assert code_of(hold(released, by=Actor.PERSON, now_us=0)) == "case_not_open"
    assert code_of(answer(released, "More.")) == "case_not_open"
    assert code_of(decide(released, decline=True, reason="No.", by=Actor.PERSON)) == "case_not_open"


@pytest.mark.parametrize("decline", [True, False])
def test_no_bot_decides_and_nobody_without_a_reason(decline: bool):
    assert code_of(decide(case(), decline=decline, reason="Sure.", by=Actor.BOT)) == "needs_person"
    assert code_of(hold(case(), by=Actor.BOT, now_us=0)) == "needs_person"
    assert code_of(decide(case(), decline=decline, reason="  ", by=Actor.PERSON)) == "reason_missing"
    assert code_of(answer(case(), " ")) == "answer_missing"


def test_a_hold_that_nobody_decides_ends_in_the_publishers_favour():
    held = given_case(hold(case(), by=Actor.PERSON, now_us=0))
    assert lapse(held, now_us=hold_days_max * DAY_US - 1) == held
    assert lapse(held, now_us=hold_days_max * DAY_US).state is State.RELEASED
    assert lapse(case(), now_us=10**18) == case()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=30))
def test_wrong_flags_are_counted_by_publisher(decisions: list[tuple[int, bool]]):
    cases = [
        given_case(decide(case(publisher), decline=decline, reason="Seen.", by=Actor.PERSON))
        for publisher, decline in decisions
    ]
    found = false_positives([*cases, case(9)])
    assert [one.publisher for one in found] == sorted({publisher for publisher, _ in decisions})
    assert sum(one.decided for one in found) == len(decisions)
    for one in found:
        assert 0.0 <= one.low <= one.released / one.decided <= one.high <= 1.0
    assert false_positives(cases, code=Code.SUB_ID) == ()
