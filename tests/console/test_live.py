"""What comes in: the numbers are those of the tables, they lead to their rows, and they move."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Database
from console.conftest import Browser, World
from console.town import START_US, Town, opened, world_of
from warum.kernel.period import DAY_US, HOUR_US, from_us
from warum.kernel.refusal import Refusal
from warum.web.console.hub import Hub
from warum.web.console.pages.live import change

DAYS = 16


@pytest.fixture(scope="module")
def town(module_database: Database) -> Iterator[Town]:
    with opened(module_database) as town:
        town.build(days=DAYS)
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


def hours(town: Town) -> st.SearchStrategy[tuple[int, int]]:
    whole = (town.now_us - START_US) // HOUR_US
    ends = st.integers(-5, whole + 5)
    return st.tuples(ends, ends).filter(lambda pair: pair[0] < pair[1])


def test_every_way_of_counting_counts_the_same(town: Town, module_database: Database) -> None:
    """Coarse counts, fine counts, whole days with the hours around them, and the parts of each."""

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(hours(town))
    def law(span: tuple[int, int]) -> None:
        first, until = (START_US + hour * HOUR_US for hour in span)
        shown = town.do(
            "overview.show", since=from_us(first).isoformat(), until=from_us(until).isoformat(), unit="day", lines=100
        )
        ((impressions, clicks, bare),) = rows(
            module_database,
            """
            select coalesce(sum(impressions), 0), coalesce(sum(clicks_token + clicks_reference + clicks_bare), 0),
                coalesce(sum(clicks_bare), 0)
            from warum.rollup_hour where hour >= %s and hour < %s
            """,
            from_us(first),
            from_us(until),
        )
        ((conversions, commission),) = rows(
            module_database,
            """
            select count(*), coalesce(sum(commission_minor), 0) from warum.conversion
            where booked_at >= %s and booked_at < %s
            """,
            from_us(first),
            from_us(until),
        )
        totals = shown["totals"]
        assert (totals["impressions"], totals["clicks"], totals["clicks_bare"]) == (impressions, clicks, bare)
        assert totals["conversions"] == conversions == sum(one["count"] for one in totals["statuses"])
        assert sum(one["amount_minor"] for one in totals["commission"]) == commission
        for parts in (shown["buckets"], shown["publishers"], shown["programs"]):
            assert sum(one["clicks"] for one in parts) == clicks
            assert sum(one["conversions"] for one in parts) == conversions

    law()


def test_one_publishers_hours_are_its_own(town: Town) -> None:
    span = {"since": from_us(START_US).isoformat(), "until": from_us(town.now_us).isoformat(), "unit": "day"}
    whole = town.do("overview.show", **span, lines=100)
    for line in whole["publishers"]:
        own = town.do("overview.show", **span, publisher=line["publisher"])
        assert (own["totals"]["clicks"], own["totals"]["conversions"]) == (line["clicks"], line["conversions"])
        assert own["drops"] == []
    for line in whole["programs"]:
        own = town.do("overview.show", **span, program=line["program"])
        assert (own["totals"]["clicks"], own["totals"]["conversions"]) == (line["clicks"], line["conversions"])


def test_a_begun_hour_counts_by_its_share(town: Town) -> None:
    since, day = START_US + 3 * DAY_US, START_US + 4 * DAY_US
    ask = {"since": from_us(since).isoformat(), "until": from_us(day).isoformat()}

    def upto(hour: float) -> int:
        moment = from_us(since + round(hour * HOUR_US)).isoformat()
        return town.do("overview.show", **ask, upto=moment)["totals"]["clicks"]

    assert upto(19) < upto(19.5) < upto(20)
    assert upto(19.5) - upto(19) == pytest.approx((upto(20) - upto(19)) / 2, abs=1)


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"until": from_us(START_US).isoformat()}, "dates_backwards"),
        ({"until": from_us(START_US + 2000 * DAY_US).isoformat()}, "span_too_long"),
        ({"until": from_us(START_US + 200 * DAY_US).isoformat()}, "buckets_too_many"),
        ({"timezone": "Middle/Earth"}, "timezone_unknown"),
        ({"timezone": "../../etc/passwd"}, "timezone_unknown"),
        ({"program": "prg_99"}, "program_unknown"),
        ({"publisher": "pub_99"}, "publisher_unknown"),
    ],
)
def test_what_cannot_be_counted_is_refused(town: Town, given_: dict[str, str], code: str) -> None:
    ask = {"since": from_us(START_US).isoformat(), "until": from_us(START_US + DAY_US).isoformat(), **given_}
    refused = town.ask("overview.show", **ask)
    assert isinstance(refused, Refusal) and refused.code == code


def test_the_page_says_what_the_operation_says(browser: Browser, town: Town) -> None:
    page = browser.get("/live?range=30d").text
    start = START_US - 2 * HOUR_US  # Berlin's midnight
    totals = town.do(
        "overview.show", since=from_us(start).isoformat(), until=from_us(town.now_us).isoformat(), unit="day"
    )["totals"]
    for count in (totals["clicks"], totals["impressions"], totals["conversions"]):
        assert f"{count:,}" in page
    assert "Hotel Seeblick" in page and "Anas Reiseblog" in page
    assert "Crawler" in page


def test_every_number_leads_to_its_rows(browser: Browser) -> None:
    page = browser.get("/live?range=7d&compare=none").text
    stats = re.findall(r'<(a|div) class="card stat"(?: href="([^"]*)")?', page)
    assert len(stats) == 6 and all(tag == "a" for tag, _ in stats)
    links = {unescape(href) for _, href in stats}
    assert any(href.startswith("/conversions?") and "credited=yes" in href for href in links)
    for href in links:
        assert browser.get(href).status_code == 200, href
    shown = re.search(r'<span class="stat-label">Conversions</span>\s*<strong class="stat-value">([\d,]+)', page)
    listed = browser.get(next(href for href in links if href.startswith("/conversions?"))).text
    assert shown is not None and shown[1] in listed


def test_a_row_narrows_the_page_and_a_chip_widens_it(browser: Browser) -> None:
    page = browser.get("/live").text
    narrow = re.search(r'<a href="([^"]*)" title="[^"]*Hotel Seeblick[^"]*"', page)
    assert narrow is not None
    program = browser.get(unescape(narrow[1])).text
    assert "Program: Hotel Seeblick" in program and "Stadtbummel" not in program
    back = re.search(r'<span class="chip">Program: Hotel Seeblick<a href="([^"]*)"', program)
    assert back is not None and "program=" not in back[1]
    assert browser.get("/live?program=prg_99").status_code == 404
    assert browser.get("/live?program=nonsense&range=odd&show=odd&compare=odd").status_code == 200


@pytest.mark.parametrize(
    "query", ["range=today", "range=yesterday", "range=12m", "range=30d&compare=weekdays", "show=commission"]
)
def test_any_period_can_be_looked_at(browser: Browser, query: str) -> None:
    page = browser.get(f"/live?{query}")
    assert page.status_code == 200
    assert "data-chart" in page.text


def test_german(world: World, town: Town) -> None:
    browser = world.manager()
    token = re.search(r'name="csrf" (?:value|content)="([0-9a-f]{64})"', browser.get("/").text)
    assert token is not None
    browser.post("/look", data={"locale": "de", "csrf": token[1]})
    page = browser.get("/live").text
    assert "Einblendungen" in page and "Provision" in page and "Impressions" not in page
    browser.post("/look", data={"locale": "en", "csrf": token[1]})


def test_without_a_click_there_is_a_link_to_try(fresh_database: Database) -> None:
    with opened(fresh_database) as town:
        browser = world_of(town).manager()
        assert "There is no tracking link yet" in browser.get("/live").text
        town.people()
        page = browser.get("/live").text
        assert "Open a link of yours" in page and "http://edge.example/c/" in page


def test_changes_are_shares_of_what_was() -> None:
    assert change(12, 10) == pytest.approx(0.2)
    assert change(0, 0) == 0
    assert change(3, 0) is None


# The stream ----------------------------------------------------------------------------------------------------------


async def follow(world: World, browser: Browser, path: str, upto: int, between: Any = None) -> tuple[int, list[str]]:
    """(status, messages) of a stream that is left after so many messages; ``between`` runs after the first one."""
    parts, messages, status = urlsplit(path), list[str](), 0
    left = asyncio.Event()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8701"), (b"cookie", cookie.encode()), (b"hx-request", b"true")],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8701),
    }

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        if body := message.get("body"):
            messages.append(body.decode())
            if len(messages) == 1 and between is not None:
                between()
            if len(messages) >= upto:
                left.set()

    await asyncio.wait_for(world.app(scope, receive, send), 60)
    return status, messages


def test_a_click_moves_the_numbers_by_itself(world: World, browser: Browser, town: Town) -> None:
    before = town.do(
        "overview.show", since=from_us(town.now_us - DAY_US).isoformat(), until=from_us(town.now_us).isoformat()
    )["totals"]["clicks"]
    assert before
    status, messages = asyncio.run(follow(world, browser, "/live/stream?range=today", 2, lambda: town.click(1234)))
    assert status == 200
    shown = [re.search(r'stat-label">Clicks</span>.*?stat-value">([\d,]+)', one, re.DOTALL) for one in messages]
    first, second = (int(found[1].replace(",", "")) for found in shown if found is not None)
    assert second == first + 1234
    assert all(line.startswith("data: ") for one in messages for line in one.splitlines() if line)


def test_a_stream_is_for_people_of_the_house(world: World) -> None:
    status, _ = asyncio.run(follow(world, world.browser(), "/live/stream", 1))
    assert status == 401


def test_many_viewers_cost_one_pulse_a_second() -> None:
    felt: list[float] = []
    read: list[str] = []
    value = {"a": 1, "b": 1}

    def pulse() -> int:
        felt.append(1.0)
        return sum(value.values())

    def look(key: str) -> int:
        read.append(key)
        return value[key]

    async def run() -> None:
        hub = Hub(pulse, look, tick_s=0.01)
        viewers = [hub.follow(key) for key in ("a", "a", "a", "b")]
        assert [await anext(viewer) for viewer in viewers] == [1, 1, 1, 1]
        assert sorted(set(read)) == ["a", "b"] and len(read) <= 4
        read.clear()
        waiting = [asyncio.ensure_future(anext(viewer)) for viewer in viewers]
        await asyncio.sleep(0.1)
        assert not read, "nothing changed, so nothing is read"
        value["a"] = 2
        assert [await one for one in waiting[:3]] == [2, 2, 2]
        await until(lambda: len(read) > 1)
        assert read == ["a", "b"], "one reading for each view"
        assert not waiting[3].done(), "who looks at what did not change is told nothing"
        waiting[3].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for viewer in viewers:
            await viewer.aclose()
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
        quiet = len(felt)
        await asyncio.sleep(0.05)
        assert len(felt) == quiet, "nobody looks, so nothing is asked"

    async def until(true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not true():
                await asyncio.sleep(0.001)

    asyncio.run(run())
