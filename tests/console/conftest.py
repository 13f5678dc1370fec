"""A console on a real database, and people who have come in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient, Cookies, Response

from conftest import Database
from console.seeded import Seeded, seed
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app import sessions
from warum.app.call import Deps
from warum.domain.sealing import Sealer
from warum.kernel.period import SECOND_US
from warum.web.api import make_app
from warum.web.console.app import make_console

PASSWORD = "quite a long sentence 7"
BASE = "http://127.0.0.1:8701"


class Browser:
    """Asks the application without a network, and keeps its cookies."""

    def __init__(
        self, app: Any, *, base: str = BASE, headers: dict[str, str] | None = None, address: str = "127.0.0.1"
    ) -> None:
        self._transport = ASGITransport(app, client=(address, 50_000), raise_app_exceptions=False)
        self._base = base
        self._headers = headers or {}
        self.cookies = Cookies()

    def get(self, path: str, **given: Any) -> Response:
        return self.request("GET", path, **given)

    def head(self, path: str, **given: Any) -> Response:
        return self.request("HEAD", path, **given)

    def post(self, path: str, **given: Any) -> Response:
        return self.request("POST", path, **given)

    def request(self, method: str, path: str, **given: Any) -> Response:
        async def once() -> Response:
            async with AsyncClient(
                transport=self._transport,
                base_url=self._base,
                headers=self._headers,
                cookies=self.cookies,
                trust_env=False,
            ) as client:
                answer = await client.request(method, path, **given)
                self.cookies = client.cookies
                return answer

        return asyncio.run(once())


@dataclass
class World:
    """The console, the clock that people live by, and what a browser does."""

    deps: Deps
    app: Any
    now_us: int = 1_800_000_000 * SECOND_US

    def browser(self, base: str = BASE, **headers: str) -> Browser:
        """A browser that says where its requests come from, as browsers do."""
        given = {"sec-fetch-site": "same-origin", "accept-language": "en", **headers}
        return Browser(self.app, base=base, headers=given)

    def operator(self, **given: str) -> Browser:
        """A browser in which the first operator has just made the account."""
        browser = self.browser(**given)
        path = sessions.setup_link(self.deps)
        assert path is not None
        form = {"name": "Ana König", "email": "ana@network.example", "password": PASSWORD}
        assert browser.post(path, data=form).status_code == 303
        return browser

    def manager(self) -> Browser:
        browser = self.browser()
        assert browser.get(sessions.demo_link(self.deps, name="Mia", email="mia@demo.example")).status_code == 303
        return browser


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" (?:value|content)="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def post(browser: Browser, path: str, page: str = "/settings", **fields: str) -> Any:
    """Send a form of a page, as its reader would."""
    return browser.post(path, data={"csrf": csrf(browser.get(page).text), **fields})


@pytest.fixture
def world(module_database: Database) -> Iterator[World]:
    # Emptying three tables is much quicker than a database for each test.
    with psycopg.connect(module_database.admin) as admin:
        admin.execute("truncate warum.session, warum.setup_link, warum.user_account, warum.act restart identity")
    numbers = count()
    with PostgresDatabase(module_database.app, VAULT) as database:
        deps = Deps(
            database=database,
            now_us=lambda: made.now_us,
            entropy=lambda size: sha256(b"%d" % next(numbers)).digest()[:size],
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
        )
        made = World(deps, make_app(deps, console=make_console(deps)))
        yield made


@pytest.fixture(scope="module")
def _seeded_once() -> list[Seeded]:
    """What the first test of a file that wants a network has made for all of them."""
    return []


@pytest.fixture
def seeded(world: World, _seeded_once: list[Seeded], module_database: Database) -> Seeded:
    """A network with sixty days behind it. Tests of one file share it and change it."""
    now_us = world.now_us
    if not _seeded_once:
        with PostgresDatabase(module_database.worker, VAULT) as worker:
            _seeded_once.append(seed(world.deps, lambda at_us: setattr(world, "now_us", at_us), worker, now_us))
    return _seeded_once[0]


@pytest.fixture
def browser(world: World, seeded: Seeded) -> Browser:
    """The operator's, in a network where something has happened."""
    return world.operator()


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    begin = rf'<form(?=[^>]*method="post")[^>]*action="{re.escape(action)}"[^>]*>'
    found = re.search(begin + "(.*?)</form>", page, re.DOTALL)
    assert found is not None, action
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[1]))
