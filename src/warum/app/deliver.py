"""Delivers what the outbox holds: at least once, under a stable event id, each target in its own time.

A target that does not answer costs the others nothing: only a few attempts are under way for one target, and only a
single one while the last has failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from warum.domain.macros import render
from warum.domain.sealing import Sealer, open_sub_ids, publisher_secret
from warum.domain.webhook import signature
from warum.kernel.period import HOUR_US, MINUTE_US, SECOND_US
from warum.ports.database import Database, DatabaseUnavailable, Role, Scope
from warum.ports.deliveries import Answer, Attempt, Due, Request, Sender

_SYSTEM: Final = Scope(Role.SYSTEM)

attempts_max: Final = 12
"""Over about a day and a half; then a delivery is given up, for everybody to see."""

wait_us_min: Final = MINUTE_US
wait_us_max: Final = 24 * HOUR_US

_lease_us: Final = 2 * MINUTE_US
_under_way_max: Final = 64
_per_target_max: Final = 4
_poll_s: Final = 0.25
_outage_s: Final = 1.0
_gone: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierTools:
    """What a courier works with.

    Attributes:
        sub_key: the key of a UTC day for sub ids; None once it was deleted, since their retention is over.
        now_us: the clock.
        draw: a random number from 0 up to 1; spreads the repetitions.
    """

    database: Database
    sender: Sender
    sealer: Sealer
    sub_key: Callable[[int], bytes | None]
    now_us: Callable[[], int]
    draw: Callable[[], float]


class Courier:
    """Takes deliveries out, several at a time. It lives in one event loop; the database is asked from a thread beside
    it."""

    def __init__(self, tools: CourierTools) -> None:
        self._tools = tools
        self._under_way: dict[asyncio.Task[Attempt], Due] = {}
        self._made: list[Attempt] = []
        self._failing: set[int] = set()

    async def run(self, stopped: Callable[[], bool]) -> None:
        """Deliver until ``stopped()``; what is under way then is brought to its end. A database outage only delays."""
        while not stopped():
            try:
                started = await self._start_some()
            except DatabaseUnavailable:
                await asyncio.sleep(_outage_s)
                continue
            if self._under_way:
                await self._wait(_poll_s)
            elif not started:
                await asyncio.sleep(_poll_s)
        await self._finish()

    async def deliver_due(self) -> int:
        """Deliver all that is due now, and return when it is done; the number of attempts."""
        count = 0
        while started := await self._start_some():
            count += started
            await self._wait(None)
        await self._finish()
        return count

    async def _start_some(self) -> int:
        """Write down what has been made, then claim and begin as many as there is room for."""
        room = _under_way_max - len(self._under_way)
        busy = Counter(due.target for due in self._under_way.values())
        for target in self._failing:
            busy[target] += _per_target_max - 1
        made, self._made = self._made, []
        try:
            claimed = await asyncio.to_thread(self._exchange, made, room, busy)
        except DatabaseUnavailable:
            self._made = made + self._made
            raise
        for due in claimed:
            self._under_way[asyncio.create_task(self._attempt(due))] = due
        return len(claimed)

    def _exchange(self, made: list[Attempt], room: int, busy: Counter[int]) -> list[Due]:
        with self._tools.database.transaction(_SYSTEM) as tx:
            tx.deliveries.settle(made)
        if room == 0:
            return []
        with self._tools.database.transaction(_SYSTEM) as tx:
            return tx.deliveries.claim(
                now_us=self._tools.now_us(), lease_us=_lease_us, limit=room, per_target=_per_target_max, busy=busy
            )

    async def _wait(self, limit_s: float | None) -> None:
        done, _ = await asyncio.wait(self._under_way, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            due = self._under_way.pop(task)
            attempt = task.result()
            self._made.append(attempt)
            (self._failing.discard if attempt.delivered else self._failing.add)(due.target)

    async def _finish(self) -> None:
        while self._under_way:
            await self._wait(None)
        made, self._made = self._made, []
        await asyncio.to_thread(self._exchange, made, 0, Counter[int]())

    async def _attempt(self, due: Due) -> Attempt:
        tools = self._tools
        at_us = tools.now_us()
        begun_s = asyncio.get_running_loop().time()
        request, notes = _prepare(due, tools, at_us=at_us)
        answer = Answer(status=None, words=notes) if request is None else await tools.sender.send(request)
        delivered = answer.status is not None and 200 <= answer.status < 300
        again_us = None
        if not delivered and due.active and due.attempt < attempts_max and answer.status != _gone:
            again_us = tools.now_us() + backoff_us(due.attempt, draw=tools.draw(), asked_s=answer.retry_after_s)
        words = answer.words if request is None or not notes else f"{answer.words}; {notes}"
        return Attempt(
            due=due,
            at_us=at_us,
            answered=answer.status,
            outcome=words if again_us is not None or delivered else f"{words}; given up",
            duration_ms=round((asyncio.get_running_loop().time() - begun_s) * 1_000),
            delivered=delivered,
            again_us=again_us,
        )


def backoff_us(attempt: int, *, draw: float, asked_s: int | None = None, longest_us: int = wait_us_max) -> int:
    """How long to wait after a failed attempt (from 1): a minute, then twice as long each time, a quarter more or less
    so that repetitions spread; no shorter than the partner asked for, and never beyond the longest.

    Args:
        draw: from 0 up to 1.
        asked_s: Retry-After, in seconds.
    """
    doubled_us = min(wait_us_min << min(attempt - 1, 16), longest_us)
    spread_us = round(doubled_us * (0.75 + 0.5 * draw))
    return min(max(spread_us, (asked_s or 0) * SECOND_US), longest_us)


def _prepare(due: Due, tools: CourierTools, *, at_us: int) -> tuple[Request | None, str]:
    """The signed request and what is worth noting about it; None, and why, when there is nothing to send."""
    if not due.active:
        return None, "the target was switched off"
    secret = tools.sealer.open(publisher_secret(due.publisher), due.secret_sealed)
    if secret is None:
        return None, "the target's secret does not open; give it a new one"
    try:
        url, unknown = render(due.url_template, {**_sub_ids(due, tools), **due.fields})
    except ValueError as error:
        return None, f"the template cannot be used: {error}"
    timestamp_s = at_us // SECOND_US
    signed = signature(secret, message_id=due.event_id, timestamp_s=timestamp_s, content=url.encode())
    headers = {
        "user-agent": "Warum/1 (postback)",
        "accept": "*/*",
        "webhook-id": due.event_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": signed,
    }
    return Request(url=url, headers=headers), f"left empty: {', '.join(unknown)}" if unknown else ""


def _sub_ids(due: Due, tools: CourierTools) -> dict[str, str]:
    if due.sub_ids is None or due.sub_day is None or due.click is None:
        return {}
    key = tools.sub_key(due.sub_day)
    return {} if key is None else open_sub_ids(due.sub_ids, key=key, record=due.click) or {}
