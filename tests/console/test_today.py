"""The first page of the day: what is silent, what money did, what waits, what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import psycopg
import pytest

from conftest import Database
from console.conftest import Browser, World
from console.town import START_US, Town, opened, world_of
from warum.app import codec
from warum.app.call import perform
from warum.app.operations import BY_NAME
from warum.app.overview.health import expected_min
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor
from warum.web.api import make_app
from warum.web.console.acts import deeds
from warum.web.console.app import make_console
from warum.web.console.formats import Formats
from warum.web.console.look import Look


@pytest.fixture(scope="module")
def town(module_database: Database) -> Iterator[Town]:
    with opened(module_database) as town:
        town.build(days=37)
        yield town


@pytest.fixture(scope="module")
def world(town: Town) -> World:
    return world_of(town)


@pytest.fixture(scope="module")
def browser(world: World) -> Browser:
    return world.manager()


def rows(database: Database, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.admin) as connection:
        return connection.execute(query, values).fetchall()  # pyright: ignore


# Tracking ------------------------------------------------------------------------------------------------------------


def test_silence_is_held_against_the_same_hours(town: Town, browser: Browser) -> None:
    health = {one["name"]: one for one in town.do("overview.health")["advertisers"]}
    silent = health["Gasthaus Krone"]
    assert (silent["signal"], silent["clicks"]["signal"]) == ("silent", "fine")
    assert silent["conversions"]["silent_hours"] >= 16
    usual = silent["conversions"]["usual"]
    assert len(usual) == 4 and sum(usual) >= expected_min * 4 and min(usual) > 0
    assert silent["clicks_since"] > 100
    assert health["Hotel Seeblick"]["signal"] in ("fine", "quiet")
    page = browser.get("/").text
    assert re.search(
        r'role="alert".*?<b>Gasthaus Krone:</b> [\d,]+ clicks, and no conversion for \d+ hours', page, re.DOTALL
    )


def test_what_is_usual_is_counted_in_whole_hours(town: Town, module_database: Database) -> None:
    (silent,) = (one for one in town.do("overview.health")["advertisers"] if one["name"] == "Gasthaus Krone")
    hour = town.now_us - town.now_us % HOUR_US
    first = hour - silent["conversions"]["silent_hours"] * HOUR_US
    for week, counted in enumerate(silent["conversions"]["usual"], start=1):
        span = [from_us(moment - week * 7 * DAY_US) for moment in (first, hour)]
        ((seen,),) = rows(
            module_database,
            """
            select coalesce(sum(conversions), 0) from warum.rollup_hour join warum.advertiser a on a.id = advertiser_id
            where a.name = 'Gasthaus Krone' and hour >= %s and hour < %s
            """,
            *span,
        )
        assert seen == counted


def test_a_new_advertiser_is_not_called_silent(fresh_database: Database) -> None:
    with opened(fresh_database) as town:
        town.people()
        never = town.do("overview.health")["advertisers"]
        assert {one["signal"] for one in never} == {"never"}
        town.day()
        town.now_us += 9 * HOUR_US
        new = town.do("overview.health")["advertisers"]
        assert {one["signal"] for one in new} == {"new"}
        page = world_of(town).manager().get("/").text
        assert "no earlier weeks to compare with" in page and 'role="alert"><svg' not in page


def test_what_is_not_counted_yet_is_not_called_silence(town: Town) -> None:
    class Unread:
        """A journal with a record that the worker has not read."""

        def streams(self) -> list[int]:
            return [1]

        def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[Any], Cursor]:
            return [object()], after

        def decode(self, raw: Any) -> Any:
            raise NotImplementedError

    later = replace(town.deps, journal=Unread(), now_us=lambda: town.now_us + 2 * HOUR_US)
    operation = BY_NAME["overview.health"]
    caller = replace(_caller(), scope=Scope(Role.AUDITOR))
    told = codec.plain(operation, perform(operation, later, caller, operation.input()))
    assert told["behind"] and told["counted_until"] == from_us(town.now_us).isoformat().replace("+00:00", "Z")
    assert {one["conversions"]["signal"] for one in told["advertisers"]} <= {"unknown", "fine"}
    page = World(later, make_app(later, console=make_console(later))).manager().get("/").text
    assert "not counted yet" in page


def _caller() -> Any:
    from warum.app.call import Caller

    return Caller(scope=Scope(Role.MANAGER), kind=ActorKind.PERSON, actor="test")


# Money ---------------------------------------------------------------------------------------------------------------


def test_money_is_that_of_the_ledger(town: Town, module_database: Database) -> None:
    since, until = town.now_us - 7 * DAY_US, town.now_us
    (stages,) = town.do("overview.money", since=from_us(since).isoformat(), until=from_us(until).isoformat())["stages"]
    ((pending, earned),) = rows(
        module_database,
        """
        select sum(commission_minor) filter (where status = 'pending'),
            sum(commission_minor) filter (where status = 'approved') from warum.conversion
        """,
    )
    assert stages["pending"]["amount_minor"] == pending
    assert stages["confirmed"]["amount_minor"] == earned
    for key, kind in (("approved", "released"), ("taken_back", "cancelled")):
        ((count,),) = rows(
            module_database,
            "select count(*) from warum.conversion_event where kind = %s and at >= %s and at < %s",
            kind,
            from_us(since),
            from_us(until),
        )
        assert stages[key]["conversions"] == count
    ((booked, sold),) = rows(
        module_database,
        "select count(*), sum(sale_minor) from warum.conversion where booked_at >= %s and booked_at < %s",
        from_us(since),
        from_us(until),
    )
    assert (stages["booked"]["conversions"], stages["booked"]["amount"]["amount_minor"]) == (booked, sold)


def test_stages_of_two_weeks_join(town: Town) -> None:
    """What was pending when a week began is what it began with: the end of the week before."""
    now = town.now_us

    def stages(since: int, until: int) -> Any:
        asked = {"since": from_us(since).isoformat(), "until": from_us(until).isoformat()}
        return town.do("overview.money", **asked)["stages"][0]

    whole, first, second = (
        stages(now - 14 * DAY_US, now),
        stages(now - 14 * DAY_US, now - 7 * DAY_US),
        stages(now - 7 * DAY_US, now),
    )
    assert first["pending_then"] == whole["pending_then"]
    for key in ("booked", "approved", "taken_back"):
        for what in ("conversions", "amount"):
            parts = [
                one[key][what] if what == "conversions" else one[key][what]["amount_minor"] for one in (first, second)
            ]
            total = whole[key][what] if what == "conversions" else whole[key][what]["amount_minor"]
            assert sum(parts) == total
    began = stages(START_US - DAY_US, now)
    assert began["pending_then"]["amount_minor"] == began["confirmed_then"]["amount_minor"] == 0


def test_every_amount_leads_to_its_rows(browser: Browser) -> None:
    page = browser.get("/").text
    tiles = re.findall(
        r'<a class="card stat" href="([^"]*)">\s*<span class="stat-label">([^<]*)</span>'
        r'.*?<span class="stat-foot">(.*?)</a>',
        page,
        re.DOTALL,
    )
    assert [label for _, label, _ in tiles] == ["Sales", "Pending now", "Approved", "Declined", "Owed now"]
    for href, label, foot in tiles:
        listed = browser.get(unescape(href))
        assert listed.status_code == 200
        if counted := re.search(r"([\d,]+) conversions", foot):
            assert counted[1] in listed.text, label


# What waits, what changed --------------------------------------------------------------------------------------------


def test_what_waits_leads_to_where_it_is_done(browser: Browser, town: Town) -> None:
    page = browser.get("/").text
    assert "1 application of a publisher" in page
    waiting = town.do("overview.waiting")
    assert waiting["applications"] == 1 and waiting["reports"] == 0
    proposals = town.do("proposal.list")["proposals"]
    for proposal in proposals[:7]:
        assert f'href="/decisions/{proposal["id"]}"' in page
        assert proposal["headline"]["en"] in unescape(page)


def test_acts_are_sentences(browser: Browser) -> None:
    page = browser.get("/").text
    assert re.search(r"<b>network</b> approved the proposal for", page)
    assert "approved after their hold" in page


def test_the_same_by_the_same_hand_is_told_once(town: Town) -> None:
    news: Any = town.ask("overview.news", limit=100)
    look = Look("de", "light", Formats("de", "Europe/Berlin", town.now_us))
    told = deeds(look, news.acts, {"programs", "publishers", "decisions"}, 100)
    assert sum(deed.more + 1 for deed in told) == len(news.acts)
    whole = " ".join(deed.text for deed in told)
    assert "hat den Publisher" in whole and 'href="/publishers/pub_' in whole


def test_names_cannot_bring_markup(fresh_database: Database) -> None:
    with opened(fresh_database) as town:
        town.do("publisher.create", name="<img src=x onerror=alert(1)>")
        page = world_of(town).manager().get("/").text
        assert "<img" not in page and "&lt;img src=x" in page


def test_an_empty_house_says_what_to_do(fresh_database: Database) -> None:
    with opened(fresh_database) as town:
        page = world_of(town).manager().get("/").text
        for said in ("No advertiser yet", "No money yet", "No proposal waits", "Nothing waits for you"):
            assert said in page
        for way in ('href="/programs"', 'href="/live"', 'href="/decisions?tab=unknown"'):
            assert way in page


@pytest.mark.parametrize("query", ["", "?range=today", "?range=12m&compare=year", "?range=last_month&compare=none"])
def test_any_period(browser: Browser, query: str) -> None:
    assert browser.get(f"/{query}").status_code == 200
