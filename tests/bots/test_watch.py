"""What the watch says of a finding: every kind has its words, and its letter says no number that the card does not."""

from __future__ import annotations

import re

import pytest

from warum.domain.advice import fields_of
from warum.domain.bots.origin import origin
from warum.domain.bots.watch import BOT, WatchFacts
from warum.domain.bots.watch.letters import WRITTEN
from warum.domain.bots.watch.tell import told
from warum.domain.bots.words import Language
from warum.domain.decisions import Note, Policy
from warum.domain.explain.tell import page
from warum.domain.explain.voice import Named, voice
from warum.domain.watch import Code, Finding, Hint, Level
from warum.kernel.period import DAY_US, HOUR_US

NOW_US = 20_800 * DAY_US
FACTS = WatchFacts(
    program=1,
    advertiser=2,
    currency="EUR",
    now_us=NOW_US,
    until_us=NOW_US,
    start_us=NOW_US - 35 * DAY_US + HOUR_US,
    hours=35 * 24,
    offset_us=HOUR_US,
    last_call_us=NOW_US - DAY_US,
    counts=(),
    policy=Policy(),
    goal=None,
    notes=(),
)
LANGUAGES: tuple[Language, ...] = ("de", "en")
NAMED = Named(called={"prg_1": "Hotel Ana", "pub_3": "Blog"}, publishers={3: "Blog"})


def finding(code: Code) -> Finding:
    publisher = code in (Code.PUBLISHER_IDLE, Code.TRAFFIC_DROP, Code.ATTACK)
    return Finding(
        code=code,
        level=Level.PUBLISHER if publisher else Level.NETWORK,
        of="pub_3" if publisher else "",
        links=4,
        since_us=NOW_US - 20 * HOUR_US,
        until_us=NOW_US + HOUR_US,
        seen=6,
        out_of=1_412,
        expected=37.4,
        low=27,
        high=49,
        lost_minor=310_000,
        daily_minor=340_000,
        p=1e-9,
        hints=tuple(Hint),
    )


@pytest.mark.parametrize("code", list(Code))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_told(code: Code, language: Language) -> None:
    said = told(FACTS, finding(code), origin(BOT, FACTS, model="test", seed=1))
    speech = voice(said.explanation, language, NAMED)
    sentences = [speech.statement(said.headline)]
    sentences += [each for section in page(said.explanation, language, NAMED) for each in section.sentences]
    assert all("{" not in each and "_" not in each for each in sentences)
    assert ("Blog" if said.subject == "pub_3" else "Hotel Ana") in sentences[0]
    assert said.stake_minor == 310_000 + 7 * 340_000


@pytest.mark.parametrize("code", list(Code))
def test_a_letter_says_the_numbers_of_the_claim_and_no_others(code: Code) -> None:
    said = told(FACTS, finding(code), origin(BOT, FACTS, model="test", seed=1))
    assert bool(said.steps) is (code in WRITTEN)
    for step, language in zip(said.steps, LANGUAGES, strict=False):
        assert step.language == language
        letter = fields_of(step)
        assert letter.get("publisher") == ("pub_3" if code is Code.PUBLISHER_IDLE else None)
        claim = voice(said.explanation, language, NAMED).statement(said.explanation.claim)
        written = f"{letter['subject']} {letter['body']}"
        assert "{" not in written and "Hotel Ana" not in written, "facts hold no names"
        assert set(re.findall(r"[0-9](?:[0-9.,:]*[0-9])?", written)) <= set(
            re.findall(r"[0-9](?:[0-9.,:]*[0-9])?", claim)
        )


def test_a_note_with_dates_takes_the_letter_away_and_one_without_does_not() -> None:
    def noted(note: Note) -> bool:
        facts = WatchFacts(**{**{name: getattr(FACTS, name) for name in FACTS.__slots__}, "notes": (note,)})
        said = told(facts, finding(Code.TRACKING_DEAD), origin(BOT, facts, model="test", seed=1))
        codes = [reason.code for reason in said.explanation.reasons]
        assert ("watch.noted" in codes) is not bool(said.steps)
        return "watch.noted" in codes

    assert noted(Note(author="usr_1", text="Scaffolding", starts_us=NOW_US - 2 * DAY_US, ends_us=NOW_US))
    assert not noted(Note(author="usr_1", text="They like blue"))
    assert not noted(Note(author="usr_1", text="Long ago", ends_us=NOW_US - 9 * DAY_US))
    assert not noted(Note(author="usr_1", text="To come", starts_us=NOW_US + 9 * DAY_US))
