"""The score card of a bot: empty, with one promise, with hundreds, in German, and for those who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from conftest import Cluster, Database
from conftest import _copy as copied
from console.conftest import Browser, World
from console.test_decisions import young  # noqa: F401
from console.town import Town, opened, world_of
from decisions.promised import promised
from warum.app import sessions
from warum.kernel.ids import private
from warum.web.console import plots


@pytest.fixture
def town(cluster: Cluster, young: tuple[str, int]) -> Iterator[Town]:  # noqa: F811
    """Bots have just proposed, and nobody has decided anything."""
    name, now_us = young
    with copied(cluster, name) as database, opened(database) as town:
        town.now_us = now_us
        yield town


@pytest.fixture
def world(town: Town) -> World:
    return world_of(town)


@pytest.fixture
def browser(world: World) -> Browser:
    return world.manager()


def like(town: Town) -> int:
    return private("proposal", town.do("proposal.list")["proposals"][0]["id"]) or 0


def add(town: Town, count: int, **given: object) -> list[int]:
    return promised(town.admin, like(town), count, now_us=town.now_us, **given)  # pyright: ignore[reportArgumentType]


def page_of(browser: Browser, path: str = "/bots/creative") -> str:
    got = browser.get(path)
    assert got.status_code == 200
    return unescape(got.text)


def test_an_empty_house_says_what_a_score_card_is(fresh_database: Database) -> None:
    with opened(fresh_database) as empty:
        browser = world_of(empty).manager()
        page = page_of(browser)
        assert 'class="empty"' in page and "Once its time is over" in page and '<svg class="square-plot"' not in page
        assert "No promise yet" in page_of(browser, "/bots")


def test_one_promise_is_too_few_to_judge_by_and_says_when_its_time_is_over(town: Town, browser: Browser) -> None:
    town.do("proposal.approve", proposal=town.do("proposal.list")["proposals"][0]["id"])
    page = page_of(browser)
    assert "No outcome is final yet" in page and "Too few to tell" in page and "The next one runs until" in page
    assert "nothing measured yet" in page and "not known yet" in page
    assert "1 promise: 0 held, 1 open" in page
    add(town, 1)
    page = page_of(browser)
    assert "1 outcome is too few to judge by" in page and 'id="measured-title"' in page
    assert 'id="calibration-title"' not in page and "1 final outcome." in page


def test_hundreds_of_promises(town: Town, browser: Browser) -> None:
    made = add(town, 340, open_=5, every_us=3_600_000_000)
    add(town, 12, state="declined", reason="not_now", seed=4)
    score = town.do("bot.scorecard", bot="creative")["scorecards"][0]
    page = page_of(browser)
    for words in (score["words"], score["judgement"]["verdict"]["words"], score["judgement"]["trend"]["words"]):
        assert words["en"] in page
    assert "Of each €1.00 that it promised" in page and "Declined: would have brought" in page
    assert "Not now" in page and "estimates" in page
    # The numbers of a plot stand in a table beside it.
    for one in score["judgement"]["probability"]["bins"]:
        assert f"{one['came']['count']} of {one['came']['of']}" in page
    plotted = re.findall(r'<title id="(\w+)-title">', page)
    assert plotted == ["measured", "calibration"]
    assert len(re.findall(r"<tr data-row", page)) == 30
    older = re.search(r'href="(/bots/creative\?before=[^"]+)"', page)
    assert older is not None
    behind = page_of(browser, older[1])
    assert len(re.findall(r"<tr data-row", behind)) == 30
    first = {*re.findall(r'href="(/decisions/prp_\d+)"', page)}
    assert first.isdisjoint(re.findall(r'href="(/decisions/prp_\d+)"', behind))
    assert browser.get(f"/decisions/prp_{made[-1]}").status_code == 200


@pytest.mark.parametrize(
    ("habit", "said"),
    [({"narrow": 2.5}, "Trust its intervals less"), ({"shift": 1.5}, "It promises too much"), ({}, "about as often")],
)
def test_habits_are_told_in_words(town: Town, browser: Browser, habit: dict[str, float], said: str) -> None:
    add(town, 60, **habit)
    assert said in page_of(browser)


def test_german(town: Town, world: World) -> None:
    add(town, 60)
    add(town, 11, state="declined", seed=4)
    browser = world.browser()
    browser.get(sessions.demo_link(town.deps, name="Jo", email="jo@demo.example", locale="de"))
    page = page_of(browser)
    score = town.do("bot.scorecard", bot="creative")["scorecards"][0]
    assert score["words"]["de"] in page and score["judgement"]["verdict"]["words"]["de"] in page
    for said in ("Gewonnen und verloren", "Abgelehnt: hätte gebracht", "Von je 1,00", "Zeugnis"):
        assert said in page


def test_program_and_span_choose(town: Town, browser: Browser) -> None:
    add(town, 40)
    own = town.do("proposal.list", states=["applied"], limit=1)["proposals"][0]["program"]
    other = next(f"prg_{number}" for number in (1, 2) if f"prg_{number}" != own)
    assert "40 promises" in page_of(browser, f"/bots/creative?program={own}")
    nothing = page_of(browser, f"/bots/creative?program={other}&days=28")
    assert "No promise in this choice" in nothing and 'href="/bots/creative"' in nothing
    assert "28 promises" in page_of(browser, "/bots/creative?days=28")
    assert page_of(browser, "/bots/creative?days=5&program=what&before=x")
    assert browser.get("/bots/creative?program=prg_999").status_code == 404
    assert browser.get("/bots/nobody").status_code == 404


def test_pages_lead_there(town: Town, browser: Browser) -> None:
    proposal = town.do("proposal.list")["proposals"][0]["id"]
    for path in ("/", "/decisions?tab=bots", f"/decisions/{proposal}", "/bots"):
        assert 'href="/bots/creative"' in browser.get(path).text, path
    assert 'href="/bots"' in browser.get("/bots/creative").text


def test_what_was_declined_is_measured_and_called_an_estimate(town: Town, browser: Browser) -> None:
    (declined,) = add(town, 1, state="declined")
    for path in (f"/decisions/prp_{declined}", "/decisions?tab=done"):
        assert "what it would have brought" in page_of(browser, path), path


def test_a_square_has_one_scale() -> None:
    points = [plots.Point(-30, 10, -40, 60), plots.Point(90, 80, 70, 95, tone="good")]
    drawn = plots.square(points, str)
    assert drawn is not None and drawn.zero is not None
    for dot in drawn.dots:
        assert drawn.left <= dot.x <= drawn.right
        assert (
            dot.high is not None and dot.low is not None and drawn.top <= dot.high <= dot.y <= dot.low <= drawn.bottom
        )
    assert [tick.label for tick in drawn.across] == [tick.label for tick in drawn.up]
    assert float(drawn.across[0].label) <= -40 and float(drawn.across[-1].label) >= 95
    assert plots.square([], str) is None
    nothing = plots.square([plots.Point(0, 0, 0, 0)], str)
    assert nothing is not None and len(nothing.across) > 1
    many = plots.square(points * 40, str)
    assert many is not None and many.dots[0].low is None
