"""Postbacks on their way: from the outbox over HTTP to a tracker that fails, and then does not."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.adapters.delivery import HttpSender
from warum.app.deliver import attempts_max, backoff_us, wait_us_max
from warum.domain.conversion import Status
from warum.domain.webhook import is_signed
from warum.kernel.period import HOUR_US, MINUTE_US, SECOND_US
from warum.ports.deliveries import Answer, Request

from .world import SECRET, START_US, SUB_DAY, SYSTEM, Tracker, World

T = TypeVar("T")

QUERY = "cid={click_id}&s2=[sub2]&status=#status#&payout={payout}&currency=##CURRENCY##&id={event_id}&x={what}"


def during(tracker: Tracker, act: Callable[[], Awaitable[T]]) -> T:
    async def scene() -> T:
        async with tracker.listening():
            return await act()

    return asyncio.run(scene())


def test_a_step_arrives_with_its_values_signed(world: World):
    tracker = Tracker([204])

    async def act() -> None:
        world.target(tracker.url(QUERY))
        assert world.announce(1) == 1
        assert await world.deliver_due() == 1

    during(tracker, act)
    ((target, headers),) = tracker.requests
    assert parse_qs(urlsplit(target).query, keep_blank_values=True) == {
        "cid": ["my click/1"],
        "s2": ["ä"],
        "status": ["pending"],
        "payout": ["32.00"],
        "currency": ["EUR"],
        "id": ["cnv_1.1"],
        "x": [""],
    }
    assert headers["webhook-id"] == "cnv_1.1"
    assert is_signed(
        headers["webhook-signature"],
        SECRET,
        message_id="cnv_1.1",
        timestamp_s=int(headers["webhook-timestamp"]),
        content=f"http://127.0.0.1:{tracker.port}{target}".encode(),
    )
    assert world.log() == [("cnv_1.1", 1, 204, "answered 204; left empty: what")]
    assert world.states() == [("cnv_1.1", "delivered")]


def test_every_step_is_told_and_told_once(world: World):
    tracker = Tracker([200])

    async def act() -> None:
        world.target(tracker.url("id={event_id}&status={status}"))
        for seq, status in enumerate((Status.PENDING, Status.PENDING, Status.APPROVED, Status.DECLINED), 1):
            assert world.announce(seq, status) == 1
            assert world.announce(seq, status) == 0  # the batch is repeated after a crash
        assert await world.deliver_due() == 4
        assert await world.deliver_due() == 0

    during(tracker, act)
    assert tracker.targets == [
        "/postback?id=cnv_1.1&status=pending",
        "/postback?id=cnv_1.2&status=pending",
        "/postback?id=cnv_1.3&status=approved",
        "/postback?id=cnv_1.4&status=declined",
    ]


def test_without_a_target_nothing_is_kept(world: World):
    assert world.announce(1) == 0
    assert world.states() == []


def test_once_the_key_of_the_day_is_gone_the_sub_ids_are_empty(world: World):
    tracker = Tracker([200])
    del world.sub_keys[SUB_DAY]

    async def act() -> None:
        world.target(tracker.url("cid={click_id}&s={status}"))
        world.announce(1)
        await world.deliver_due()

    during(tracker, act)
    assert tracker.targets == ["/postback?cid=&s=pending"]


def test_a_tracker_that_fails_then_redirects_then_is_silent_then_works(world: World):
    tracker = Tracker([500, 302, None, 200])

    async def act() -> None:
        world.target(tracker.url("id={event_id}"))
        world.announce(1)
        waits: list[int] = []
        for time_s_max in (60, 60, 0.3):
            assert await world.deliver_due(time_s_max=time_s_max) == 1
            assert await world.deliver_due() == 0
            waits.append(world.next_due_us() - world.now_us)
            world.now_us = world.next_due_us()
        assert waits == [MINUTE_US, 2 * MINUTE_US, 4 * MINUTE_US]
        assert await world.deliver_due() == 1

    during(tracker, act)
    assert world.log() == [
        ("cnv_1.1", 1, 500, "answered 500"),
        ("cnv_1.1", 2, 302, "answered 302; redirects are not followed"),
        ("cnv_1.1", 3, None, "no answer within 0.3 s"),
        ("cnv_1.1", 4, 200, "answered 200"),
    ]
    assert {headers["webhook-id"] for _, headers in tracker.requests} == {"cnv_1.1"}
    assert tracker.targets == ["/postback?id=cnv_1.1"] * 4


def test_after_twelve_attempts_it_is_given_up_and_seen(world: World):
    tracker = Tracker([500])

    async def act() -> None:
        world.target(tracker.url("id={event_id}"))
        world.announce(1)
        world.announce(2)
        for _ in range(attempts_max - 1):
            assert await world.deliver_due() == 1  # the second step waits for the first
            world.now_us = world.next_due_us()
            world.now_us = max(
                world.now_us, world.rows("select warum.us(due_at) from warum.outbox where seq = 1")[0][0]
            )
        assert await world.deliver_due() == 2

    during(tracker, act)
    assert world.states() == [("cnv_1.1", "given_up"), ("cnv_1.2", "waiting")]
    assert world.log()[attempts_max - 1][1:] == (attempts_max, 500, "answered 500; given up")
    with world.worker.transaction(SYSTEM) as tx:
        assert tx.deliveries.backlog() == (1, 1)
    assert 30 * HOUR_US < world.now_us - START_US < 40 * HOUR_US


def test_gone_is_gone(world: World):
    tracker = Tracker([410])

    async def act() -> None:
        world.target(tracker.url("a=b"))
        world.announce(1)
        await world.deliver_due()

    during(tracker, act)
    assert world.states() == [("cnv_1.1", "given_up")]


def test_a_target_that_was_switched_off_is_told_nothing_more(world: World):
    target = world.target("http://127.0.0.1:1/")
    world.announce(1)
    world.rows("update warum.postback_target set active = false where id = %s returning id", target)
    assert world.deliver() == 1
    assert world.log() == [("cnv_1.1", 1, None, "the target was switched off; given up")]


def test_one_silent_tracker_does_not_hold_up_the_others(world: World):
    """Two hundred announcements wait for a tracker that never answers; the one behind them arrives at once."""

    class Sender:
        def __init__(self) -> None:
            self.silent_now = self.silent_max = 0
            self.arrived: list[str] = []

        async def send(self, request: Request) -> Answer:
            if "silent" not in request.url:
                self.arrived.append(request.url)
                return Answer(status=200, words="answered 200")
            self.silent_now += 1
            self.silent_max = max(self.silent_max, self.silent_now)
            while not self.arrived:
                await asyncio.sleep(0)
            self.silent_now -= 1
            return Answer(status=None, words="no answer")

    world.target("https://silent.example/")
    for _ in range(200):
        world.announce(1, conversion=world.another_conversion())
    world.now_us += 1
    world.target("https://lively.example/?id={event_id}")
    world.rows("update warum.postback_target set active = false where url_template like '%%silent%%' returning id")
    world.announce(1)
    world.rows("update warum.postback_target set active = true returning id")
    sender = Sender()
    asyncio.run(world.courier(sender).deliver_due())
    assert sender.arrived == ["https://lively.example/?id=cnv_1.1"]
    assert sender.silent_max == 4
    assert len(world.log()) == 201


CHILD = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from delivery.world import MASTER_KEY
from sealing import VAULT
from warum.adapters.delivery import HttpSender
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.deliver import Courier, CourierTools
from warum.domain.sealing import Sealer

async def main():
    with PostgresDatabase(sys.argv[2], VAULT) as database:
        async with HttpSender(allow_private=True) as sender:
            await Courier(CourierTools(
                database=database, sender=sender, sealer=Sealer(MASTER_KEY), sub_key=lambda day: None,
                now_us=lambda: int(sys.argv[3]), draw=lambda: 0.5,
            )).deliver_due()

asyncio.run(main())
"""


def test_a_sender_killed_in_the_middle_is_followed_up_under_the_same_id(world: World):
    tracker = Tracker([None, 200])
    child: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        os.kill(child[0].pid, signal.SIGKILL)

    async def act() -> None:
        world.target(tracker.url("id={event_id}"))
        world.announce(1)
        tests = str(Path(__file__).parents[1])
        tracker.on_request = kill
        child.append(subprocess.Popen([sys.executable, "-c", CHILD, tests, world.worker_url, str(world.now_us)]))
        assert await asyncio.to_thread(child[0].wait, 120) == -signal.SIGKILL
        tracker.on_request = None
        assert await world.deliver_due() == 0  # it may still be under way
        world.now_us = world.next_due_us()
        assert await world.deliver_due() == 1

    during(tracker, act)
    assert [headers["webhook-id"] for _, headers in tracker.requests] == ["cnv_1.1", "cnv_1.1"]
    assert world.log() == [("cnv_1.1", 2, 200, "answered 200")]
    assert world.states() == [("cnv_1.1", "delivered")]


def test_the_loop_stops_after_what_is_under_way(world: World):
    stop = threading.Event()
    tracker = Tracker([200], on_request=stop.set)

    async def act() -> None:
        world.target(tracker.url("id={event_id}"))
        world.announce(1)
        async with HttpSender(allow_private=True) as sender:
            await world.courier(sender).run(stop.is_set)

    during(tracker, act)
    assert world.states() == [("cnv_1.1", "delivered")]


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True), st.one_of(st.none(), st.integers(0, 10**6)))
def test_waiting_grows_and_has_an_end(attempt: int, draw: float, asked_s: int | None):
    wait_us = backoff_us(attempt, draw=draw, asked_s=asked_s)
    assert 45 * SECOND_US <= wait_us <= wait_us_max
    assert wait_us >= min((asked_s or 0) * SECOND_US, wait_us_max)
    assert backoff_us(attempt + 1, draw=draw) >= backoff_us(attempt, draw=draw)


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 2), (5, 16), (11, 1024), (12, 1440), (99, 1440)])
def test_the_waits(attempt: int, minutes: int):
    assert backoff_us(attempt, draw=0.5) == minutes * MINUTE_US
