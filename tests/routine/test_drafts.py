"""Every number in a draft stands in its evidence; a draft says nothing else, and cannot be sent."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.routine import claims, drafts, reminders
from warum.domain.routine.drafts import LANGUAGES, Draft, Kind, Letter, Line, Party, draft
from warum.domain.routine.links import repair
from warum.domain.routine.words import TEMPLATES, TERMS
from warum.main.bench import routine
from warum.main.bench.routine_reading import unfounded
from warum.main.bench.routine_ways import watch, ways_out
from warum.main.bench.routine_worlds import claims as claim_worlds
from warum.main.bench.routine_worlds import links as link_worlds
from warum.main.bench.routine_worlds import reminders as reminder_worlds


def letters(seed: int) -> list[Letter]:
    """Letters of all kinds."""
    rng = Random(seed)
    claim, morning, link = claim_worlds.case(rng), reminder_worlds.case(rng), link_worlds.case(rng)
    told = reminders.reminders(
        morning.waiting, morning.programs, morning.asked, now_us=morning.now_us, operator="Netz 21 GmbH"
    )
    found = [
        claims.judge(claim.facts, operator="Netz 21 GmbH").letter,
        repair(link.placement, link.scene, now_us=link.now_us, operator="Netz 21 GmbH").letter,
        *(each.letter for each in told),
    ]
    return [letter for letter in found if letter is not None]


@given(st.integers(0, 2**32), st.sampled_from(LANGUAGES))
@settings(max_examples=150, deadline=None)
def test_every_number_of_a_draft_stands_in_its_evidence(seed, language):
    for letter in letters(seed):
        written = draft(letter, language)
        assert unfounded(written) == []
        assert written.evidence == letter.evidence
        assert "{" not in re.sub(r"https://\S+", "", written.body)


@given(st.integers(0, 2**32), st.sampled_from(LANGUAGES))
@settings(max_examples=100, deadline=None)
def test_a_draft_says_nothing_but_its_templates_and_its_evidence(seed, language):
    """What is left of a text without its evidence is what is left of its templates without their holes."""
    for letter in letters(seed):
        for line in (letter.subject, *letter.body):
            held = {each.name: drafts.spoken(each, language) for each in line.evidence}
            assert set(drafts.holes(line.code)) <= held.keys()
            assert held.keys() <= set(drafts.holes(line.code)), "nothing is carried along unsaid"


def test_a_wrong_number_is_noticed():
    """The reader that the law relies on does read."""
    evidence = (drafts.amount("sale", 123_450, "EUR"), drafts.day("due", "2027-05-03"), drafts.count("n", 1_200))
    said = Draft(
        to_party=Party.ADVERTISER, to=1, language="de", subject="", body="1.234,50\u00a0€, 3.\u00a0Mai 2027, 1.200",
        evidence=evidence,
    )  # fmt: skip
    assert unfounded(said) == []
    assert unfounded(replace(said, body="1.234,51\u00a0€")) == ["1.234,51\u00a0€"]
    assert unfounded(replace(said, body="4.\u00a0Mai 2027")) == ["4.\u00a0Mai 2027"]
    assert unfounded(replace(said, body="1.201")) == ["1.201"]
    assert unfounded(replace(said, language="en", body="€1,234.50 of 1,200 on 3\u00a0May 2027, at 08:00")) == ["08:00"]


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_templates_hold_no_digit_and_ask_the_same_in_both_languages(code: str):
    german, english = TEMPLATES[code]["de"], TEMPLATES[code]["en"]
    assert not re.search(r"\d", german + english)
    holes = [set(re.findall(r"\{(\w+)[|}]", text)) for text in (german, english)]
    assert holes[0] == holes[1]


def test_terms_hold_no_digit():
    assert not any(re.search(r"\d", words[language]) for words in TERMS.values() for language in LANGUAGES)


def test_a_name_cannot_write_lines_of_the_letter():
    name = drafts.named("name", "Ana\r\nBcc: all@example.org\u2028\x00 Blog" + "x" * 500)
    assert len(str(name.value).splitlines()) == 1
    assert len(str(name.value)) == drafts.name_chars_max
    line = Line("greeting", (name,))
    written = draft(Letter(to_party=Party.PUBLISHER, to=1, subject=line, body=(line,)), "de")
    assert "\n" not in written.subject


def test_a_draft_is_a_value_without_a_way_out():
    assert ways_out() == []
    written = draft(letters(1)[0], "de")
    with pytest.raises(FrozenInstanceError):
        written.body = ""  # pyright: ignore[reportAttributeAccessIssue]


def test_the_watch_sees_what_is_done(tmp_path):
    watched = watch()
    with watched.watching() as acts:
        (tmp_path / "a").write_text("x")
    assert acts == ["open"]
    (tmp_path / "b").write_text("x")
    assert acts == ["open"]


def test_kinds_are_all_spoken():
    for kind in Kind:
        value = {Kind.DAY: "2027-05-03", Kind.TERM: "status.paid"}.get(kind, 1_234)
        unit = {Kind.MONEY: "EUR", Kind.MOMENT: "Europe/Berlin"}.get(kind, "")
        for language in LANGUAGES:
            assert drafts.spoken(drafts.Evidence(name="x", kind=kind, value=value, unit=unit), language)


def test_the_benchmark_repeats_itself_and_counts():
    first = routine.run(["--cases", "30", "--seeds-beside", "1", "--seed", "90"])
    again = routine.run(["--cases", "30", "--seeds-beside", "1", "--seed", "90"])
    assert {**first, "seconds": 0} == {**again, "seconds": 0}
    assert first["sent_unseen"] == 0
    assert first["unfounded_numbers"] == 0
    wrong = first["wrong_by_kind"]
    assert isinstance(wrong, dict)
    assert first["right"] == 30 - sum(wrong.values())
