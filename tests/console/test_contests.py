"""Contests in the inbox: who objects to what, how long there is, and the answer that the publisher reads."""

from __future__ import annotations

import re
from typing import Any

import pytest

from console.conftest import Browser, World, csrf, fields_of
from console.seeded import ANA, Seeded, number
from console.test_conversions import reader
from warum.app import codec
from warum.app.call import perform
from warum.app.operations import BY_NAME
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal

WORDS = "The guest <b>did</b> arrive; I hold her confirmation."
ANSWER = "The hotel checked again: cancelled on the day before."


def do(world: World, name: str, **given: Any) -> Any:
    operation = BY_NAME[name]
    output = perform(operation, world.deps, ANA, codec.read(operation, given))
    assert not isinstance(output, Refusal), output
    return codec.plain(operation, output)


def contested(world: World, **about: str) -> str:
    """A new contest; those of tests before are answered."""
    for one in do(world, "contest.list", answered=False)["contests"]:
        do(world, "contest.answer", contest=one["id"], verdict="upheld", reason=ANSWER)
    return do(world, "contest.open", text=WORDS, **about)["id"]


def told(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_empty_part_says_so(browser: Browser, seeded: Seeded):
    assert "No decision is contested" in browser.get("/inbox?show=contests").text
    assert 'href="/inbox?show=reports" aria-current="true"' in browser.get("/inbox").text


def test_a_contest_says_who_objects_to_what_and_by_when(world: World, browser: Browser, seeded: Seeded):
    contest = contested(world, conversion=seeded.declined)
    page = browser.get("/inbox").text
    assert 'href="/inbox?show=contests" aria-current="true"' in page  # what has a deadline comes first
    assert "contests a decision" in page and "14 days left" in page
    assert "The guest &lt;b&gt;did&lt;/b&gt; arrive" in page
    assert f'href="/conversions/{seeded.declined}"' in page and f'id="{contest}"' in page
    assert "1 contest of a decision" in browser.get("/").text


def test_overdue_ones_are_told_plainly(world: World, browser: Browser, seeded: Seeded):
    contested(world, conversion=seeded.declined)
    now_us = world.now_us
    try:
        world.now_us += 14 * DAY_US
        page = world.manager().get("/inbox?show=contests").text
        assert "due today" in page and "overdue" not in page
        world.now_us += 2 * DAY_US
        manager = world.manager()
        page = manager.get("/inbox?show=contests").text
        assert "2 days overdue" in page and "It is late: answer this first." in page
        assert "1 contest whose answer is late" in manager.get("/").text
    finally:
        world.now_us = now_us


def test_an_answer_keeps_what_was_typed_until_it_can_be_taken(world: World, browser: Browser, seeded: Seeded):
    contest = contested(world, conversion=seeded.declined)
    action = f"/inbox/contests/{contest}/answer"
    form = fields_of(browser.get("/inbox?show=contests").text, action)
    short = browser.post(action, data={**form, "verdict": "upheld", "answer": "No."})
    assert short.status_code == 422
    assert "10 to 2,000 characters" in short.text and ">No.</textarea>" in short.text
    assert '<option value="upheld" selected>' in short.text
    unsaid = browser.post(action, data={**form, "verdict": "", "answer": ANSWER})
    assert unsaid.status_code == 422 and ANSWER in unsaid.text
    assert "Choose what becomes of the decision." in unsaid.text
    for _ in range(2):
        taken = browser.post(action, data={**form, "verdict": "upheld", "answer": ANSWER})
        assert (taken.status_code, taken.headers["location"]) == (303, "/inbox?show=contests")
    assert action not in browser.get("/inbox?show=contests").text
    page = browser.get(f"/conversions/{seeded.declined}").text
    assert "the decision stands" in page and ANSWER in page and "did&lt;/b&gt; arrive" in page
    other = browser.post(action, data={**form, "once": "another", "verdict": "changed", "answer": ANSWER})
    assert other.status_code == 409
    assert "answered this already" in other.text


def test_a_changed_decision_leads_to_where_it_is_made(world: World, browser: Browser, seeded: Seeded):
    partnership = seeded.partnership["Reisefeder", "seeblick"]
    do(world, "partnership.end", partnership=partnership, reason="Bid on our brand.")
    contest = contested(world, partnership=partnership)
    action = f"/inbox/contests/{contest}/answer"
    page = browser.get("/inbox?show=contests").text
    assert "Bid on our brand." in page
    taken = browser.post(action, data={**fields_of(page, action), "verdict": "changed", "answer": ANSWER})
    assert taken.headers["location"] == f"/partnerships/{partnership}"
    page = browser.get(f"/partnerships/{partnership}").text
    assert "Nothing has changed yet: make the other decision here." in page
    assert "the decision is changed" in page


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de", ("ficht eine Entscheidung an", "noch 14 Tage")), ("en", ("contests a decision", "14 days left"))],
)
def test_in_both_languages(world: World, seeded: Seeded, locale: str, said: tuple[str, ...]):
    contested(world, conversion=seeded.declined)
    page = world.operator(**{"accept-language": locale}).get("/inbox?show=contests").text
    assert all(words in page for words in said)


def test_an_auditor_reads_and_answers_nothing(world: World, seeded: Seeded):
    contest = contested(world, conversion=seeded.declined)
    auditor = reader(world)
    page = auditor.get("/inbox?show=contests").text
    assert "contests a decision" in page and f"/inbox/contests/{contest}/answer" not in page
    form = {"csrf": csrf(page), "verdict": "upheld", "answer": ANSWER}
    assert auditor.post(f"/inbox/contests/{contest}/answer", data=form).status_code == 403


def test_what_was_erased_is_told(world: World, browser: Browser, seeded: Seeded):
    contested(world, conversion=seeded.declined)
    do(world, "conversion.erase", conversion=seeded.declined, reason="The guest asked for it.")
    page = browser.get(f"/conversions/{seeded.declined}").text
    assert "whose content was erased" in page and "Its content was erased." in page
    page = browser.get("/inbox?show=contests").text
    assert "Its content was erased." in page and "did&lt;/b&gt;" not in page
    assert "erased what may lead to a person about" in told(browser.get("/").text)
    publisher = seeded.publisher["Slow Weekends"]
    do(world, "publisher.erase", publisher=publisher, reason="She asked for it.")
    assert f"erased publisher {number(publisher)}" in browser.get(f"/publishers/{publisher}").text
