"""From the operation to the page: what a real edge shows after each change of the catalog."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from operations.house import House
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.publish import SnapshotPublishing, interval_s
from warum.domain.records import Click, Impression
from warum.edge.codec import decode
from warum.edge.journal import Cursor, JournalReader, stream_folder
from warum.edge.snapshot_files import SnapshotPublisher
from warum.main.config import Config
from warum.main.edge import EdgeOptions, serve
from warum.main.secret_store import ensure_secrets

from .gallery import creative, gallery, sell_out

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
wait_s_max = 60.0


class Page:
    """What a publisher's page sees of a running edge."""

    def __init__(self, url: str, data: Path) -> None:
        self._address = urlsplit(url).netloc
        self._data = data

    def get(self, target: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(self._address, timeout=wait_s_max)
        try:
            connection.request("GET", target, headers={"User-Agent": FIREFOX})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def slot(self, code: str, query: str = "") -> Any:
        status, headers, body = self.get(f"/s/{code}{query}")
        assert headers["Cache-Control"] == "no-store"
        return json.loads(body)["creative"] if status == 200 else "unknown"

    def follow(self, code: str, url: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(urljoin(f"http://{self._address}/s/{code}", url))
        return self.get(f"{parts.path}?{parts.query}")

    def records(self) -> list[object]:
        raws, _ = JournalReader(stream_folder(self._data / "journal", 1)).read(Cursor.START, 1_000)
        return [decode(raw.type, raw.body) for raw in raws]


@contextmanager
def page(database: Any, data: Path) -> Iterator[Page]:
    """An edge, and the loop that publishes the catalog to it."""
    ensure_secrets(data, now_us=0)
    over = threading.Event()
    told: list[str] = []
    ready = threading.Event()
    stopping: list[Callable[[], object]] = []

    def publish() -> None:
        with PostgresDatabase(database.worker, VAULT) as worker:
            sink = SnapshotPublisher(data / "snapshot")
            loop = SnapshotPublishing(worker, sink, lambda: time.time_ns() // 1000)
            while not over.wait(0 if loop.step() else interval_s):
                pass
            sink.close()

    async def run() -> None:
        stop = asyncio.Event()
        stopping.append(partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set))
        options = EdgeOptions(config=Config(data=data), stream=1, port=0, segment_bytes=256 * 1024)

        def say(url: str) -> None:
            told.append(url)
            ready.set()

        await serve(options, stop=stop, ready=say)

    threads = [threading.Thread(target=publish), threading.Thread(target=lambda: asyncio.run(run()))]
    for thread in threads:
        thread.start()
    try:
        assert ready.wait(wait_s_max)
        yield Page(told[0], data)
    finally:
        over.set()
        for stop in stopping:
            stop()
        for thread in threads:
            thread.join(wait_s_max)


def until(true: Callable[[], bool]) -> float:
    """How long it took, in seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < wait_s_max
        time.sleep(0.02)
    return time.monotonic() - begun


def headline(found: Any) -> str | None:
    return None if found is None else found["headline"]


@pytest.fixture
def shown(house: House, fresh_database: Any, tmp_path: Path) -> Iterator[tuple[Page, dict[str, Any]]]:
    made = gallery(house, "ab")
    with page(fresh_database, tmp_path / "data") as seen:
        until(lambda: seen.slot(made["slot"]["code"]) != "unknown")
        yield seen, made


def test_what_is_sold_out_leaves_every_page_and_comes_back(house: House, shown: tuple[Page, dict[str, Any]]):
    seen, made = shown
    code = made["slot"]["code"]
    drawn = Counter(headline(seen.slot(code)) for _ in range(60))
    assert set(drawn) == {"Zimmer a", "Zimmer b"}
    # A page that shows it, and asks again.
    kept = next(found for _ in range(200) if headline(found := seen.slot(code)) == "Zimmer a")["shown"]
    assert {headline(seen.slot(code, f"?arm={kept}")) for _ in range(20)} == {"Zimmer a"}
    sell_out(house, made, "a")
    until(lambda: headline(seen.slot(code, f"?arm={kept}")) == "Zimmer b")
    assert {headline(seen.slot(code)) for _ in range(40)} == {"Zimmer b"}
    sell_out(house, made, "b")
    until(lambda: seen.slot(code) is None)
    sell_out(house, made, "a", "b", availability="in_stock")
    until(lambda: len({headline(seen.slot(code)) for _ in range(40)}) == 2)


def test_prices_new_creatives_and_retired_slots_reach_the_page(house: House, shown: tuple[Page, dict[str, Any]]):
    seen, made = shown
    code = made["slot"]["code"]
    for number in made["creatives"].values():
        house.do("creative.change", creative=number, price="1249.5")
    until(lambda: seen.slot(code)["price"] == "1.249,50\u00a0€")
    creative(house, made["offer"], "c")
    until(lambda: "Zimmer c" in {headline(seen.slot(code)) for _ in range(30)})
    house.do("slot.retire", slot=made["slot"]["id"])
    until(lambda: seen.slot(code) is None)


def test_what_was_seen_and_clicked_stands_in_the_journal_for_its_arm(shown: tuple[Page, dict[str, Any]]):
    seen, made = shown
    code = made["slot"]["code"]
    expected: list[tuple[type, int, int]] = []
    for _ in range(12):
        found = seen.slot(code)
        number, arm, _mac = found["shown"].split(".")
        assert seen.follow(code, found["seen_url"])[0] == 200
        status, headers, _ = seen.follow(code, found["click_url"])
        assert (status, urlsplit(headers["Location"]).hostname) == (302, "www.seeblick.example")
        expected += [(kind, int(number), int(arm)) for kind in (Impression, Click)]
    records = [one for one in seen.records() if isinstance(one, Impression | Click)]
    assert [(type(one), one.allocation, one.arm) for one in records] == expected
