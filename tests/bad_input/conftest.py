"""One installation for all: PostgreSQL, worker and edge as they run in earnest, and somebody who talks to them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
import pytest

from warum.main.bench.world import Messages, click_token, drain, open_world
from warum.main.client import Answer, ask
from warum.main.stack import Stack

PATIENCE_S = 120.0
_numbers = count(1)


@dataclass(frozen=True)
class World:
    stack: Stack
    messages: Messages

    def send(self, request: bytes) -> Answer:
        config = self.stack.config
        return asyncio.run(ask(config.edge_host, config.edge_port, request, timeout_s=PATIENCE_S))

    def click(self) -> str:
        """A click with consent; its token."""
        token = click_token(self.send(self.messages.click()))
        assert token is not None
        return token

    def report(self, *, now_us: int | None = None, **fields: str | int | None) -> tuple[int, dict[str, Any]]:
        """Send a signed report; status and what was said."""
        return self.said(self.send(self.signed(now_us=now_us, **fields)))

    def signed(self, *, now_us: int | None = None, **fields: str | int | None) -> bytes:
        event_id = str(fields.pop("event_id", None) or f"event-{next(_numbers)}")
        return self.messages.report(event_id, time.time_ns() // 1000 if now_us is None else now_us, fields)

    @staticmethod
    def said(answer: Answer) -> tuple[int, dict[str, Any]]:
        return answer.status, json.loads(answer.body)

    def new_order(self) -> str:
        return f"order-{next(_numbers)}"

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stack.url("warum_reader")) as connection:
            connection.execute("select set_config('warum.role', 'auditor', true)")
            return connection.execute(query, parameters).fetchall()  # pyright: ignore[reportArgumentType]

    def dropped(self, reason: str) -> int:
        """How often something did not count, for this reason."""
        return self.rows("select coalesce(sum(count), 0)::int from warum.rollup_drop where reason = %s", reason)[0][0]

    def order(self, order_id: str) -> tuple[Any, ...] | None:
        """(status, sale_minor, credit, credit_why, seq) of an order's conversion."""
        found = self.rows(
            "select status, sale_minor, credit, credit_why, seq from warum.conversion where order_id = %s", order_id
        )
        assert len(found) <= 1
        return found[0] if found else None

    def drain(self) -> None:
        drain(self.stack, limit_s=PATIENCE_S)

    def eventually(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            self.stack.check()
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("installation") / "data") as (stack, messages):
        stack.start(links=len(messages.network.link_codes))
        yield World(stack, messages)
