"""The installation that the browser visits: PostgreSQL, worker, edge and web as they run in earnest, with a small
catalog, a fortnight of counted draws, and what the bot proposes on them. Clicks and sales come in through the edge."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from conftest import UNSAFE_AND_FAST
from decisions.house import HOST, House
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.call import perform
from warum.app.operations import BY_NAME
from warum.app.people import TIMEZONE, PasswordLink, UserCreate
from warum.domain.catalog import CommissionKind
from warum.edge.snapshot import Snapshot
from warum.edge.snapshot_files import SnapshotFollower
from warum.kernel.period import DAY_US
from warum.main.bench.world import drain
from warum.main.embedded import DATABASE
from warum.main.entrances import first_link
from warum.main.stack import Stack
from warum.main.wiring import open_deps, vault_of
from warum.main.wiring import person as terminal

OFFERS = 6
"""Each with a proposal that waits, so that tests which decide do not meet."""
PATIENCE_S = 120.0

_days = 15
_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True)
class Shelf:
    """One offer and the link that leads there."""

    offer: int
    publisher: int
    link: int
    code: str


class Site:
    """What tests know of the installation, and do to it from outside the browser."""

    def __init__(self, stack: Stack, house: House, shelves: Sequence[Shelf], token: str, advertiser_code: str) -> None:
        self.stack = stack
        self.base = stack.config.web_base_url
        self.house = house
        self.shelves = shelves
        self._token = token
        self._advertiser_code = advertiser_code
        self._numbers = count(1)

    def first_link(self) -> str:
        """Where the first operator is made, as ``warum up`` prints it."""
        link = first_link(self.stack.config)
        assert link is not None, "there is an account already"
        return link

    def invite(self, name: str, email: str, locale: str) -> str:
        """An operator takes somebody up; the path that sets the password."""
        wish = UserCreate(name=name, email=email, role="operator", locale=locale)  # pyright: ignore[reportArgumentType]
        with open_deps(self.stack.config, self.stack.secrets, connections_max=1, name="tests") as deps:
            made = perform(BY_NAME["user.create"], deps, terminal(), wish)
        assert isinstance(made, PasswordLink)
        return made.path

    def click(self, shelf: Shelf | None = None) -> str:
        """A visitor with consent takes a link; the token that the landing page gets."""
        code = (shelf or self.shelves[0]).code
        visitor = f"10.9.{next(self._numbers) // 250}.{next(self._numbers) % 250 + 1}"
        status, headers, _ = self._edge("GET", f"/c/{code}?cons=1", {"X-Forwarded-For": visitor})
        assert status == 302, status
        where = urlsplit(headers["Location"])
        assert where.hostname == HOST
        return parse_qs(where.query)["wrm"][0]

    def sell(self, token: str, *, amount: str = "120.00") -> str:
        """The shop reports a sale; its order id."""
        order = f"order-{next(self._numbers)}"
        said = {"event_id": f"event-{order}", "order_id": order, "click_id": token, "amount": amount, "currency": "EUR"}
        status, _, body = self._edge(
            "POST",
            f"/p/{self._advertiser_code}",
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            json.dumps(said).encode(),
        )
        assert status == 202, body
        return order

    def conversion(self, order: str) -> str:
        """The public id of an order's conversion, once the worker has it."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := self.rows("select id from warum.conversion where order_id = %s", order)):
            self.stack.check()
            assert time.monotonic() < deadline, f"{order} never became a conversion"
            time.sleep(0.05)
        return f"cnv_{found[0][0]}"

    def drain(self) -> None:
        """Wait until everything that was clicked and sold so far is counted."""
        drain(self.stack, limit_s=PATIENCE_S)

    @staticmethod
    def let_midnight_pass() -> None:
        """For a test that looks at today twice: the second look shall not be at tomorrow."""
        now = datetime.now(ZoneInfo(TIMEZONE))
        left_s = timedelta(days=1) - timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
        if left_s < timedelta(seconds=2 * PATIENCE_S):
            time.sleep(left_s.total_seconds() + 1)

    def edge_shares(self, shelf: Shelf) -> dict[int, int]:
        """What an edge would draw by now: shares in millionths by arm."""
        snapshot, follower = Snapshot(), SnapshotFollower(self.stack.config.data / "snapshot")
        try:
            assert snapshot.apply(follower.poll().lines) == []
        finally:
            follower.close()
        allocation = snapshot.allocations[snapshot.links[shelf.link].allocation]
        return {arm.arm: arm.propensity_ppm for arm in allocation.arms}

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.house.rows(query, *values)

    def end_sessions(self, email: str) -> None:
        """As if a person's sessions had run out."""
        self.house.tamper(
            "delete from warum.session where user_id = (select id from warum.user_account where email = %s)", email
        )

    def _edge(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(self.stack.config.edge_host, self.stack.config.edge_port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, {"User-Agent": _agent, **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


@contextmanager
def open_site(data: Path) -> Generator[Site]:
    """The installation, running."""
    with ExitStack() as held:
        stack = held.enter_context(
            # Rounds of the bots happen in the seed, and not while somebody decides.
            Stack(data, settings=UNSAFE_AND_FAST, trusted_proxies=("127.0.0.1/32",), bot_interval_s=86_400)
        )
        app = held.enter_context(
            PostgresDatabase(stack.url("warum_app"), vault_of(stack.secrets), max_size=1, name="tests")
        )
        worker = held.enter_context(
            PostgresDatabase(stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="tests")
        )
        today_us = time.time_ns() // 1_000 // DAY_US * DAY_US
        house = House(app, worker, stack.postgres.url(database=DATABASE), now_us=today_us - _days * DAY_US)
        shelves, token, code = _fill(house)
        stack.start(links=len(shelves))
        stack.web.start()
        stack.web.wait_ready()
        yield Site(stack, house, shelves, token, code)


def _fill(house: House) -> tuple[list[Shelf], str, str]:
    begun_us = house.now_us
    house.build()
    house.do("rule.add", program=house.program, kind=CommissionKind.PERCENT, percent=Decimal(8))
    made = house.do("advertiser.show", advertiser=house.advertiser)
    token: str = house.do("advertiser.credentials.rotate", advertiser=house.advertiser).token
    shelves = [_shelf(house)]
    for _ in range(OFFERS - 1):
        house.offer = house.add_offer()
        shelves.append(_shelf(house))
    for number, shelf in enumerate(shelves):
        house.now_us = begun_us
        house.offer, house.link, house.publisher = shelf.offer, shelf.link, shelf.publisher
        # The second page is clearly better, and each offer has other amounts at stake.
        house.days(_days, (0.02, 0.05), value_minor=6_000 + 1_000 * number)
    house.round()
    assert len(house.do("proposal.list").proposals) == OFFERS
    return shelves, token, made.advertiser.code


def _shelf(house: House) -> Shelf:
    ((code,),) = house.rows("select code from warum.link where id = %s", house.link)
    return Shelf(offer=house.offer, publisher=house.publisher, link=house.link, code=code)
