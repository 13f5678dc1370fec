"""Sending the events, each at its own time, over one connection: what the edge journals is then a prefix of the plan,
in its order, and the number of records tells where to go on. No file of our own remembers it.

Many requests are under way at once. Two things make it wait: a booking needs the token that its click was answered
with, and the worker must not fall too far behind, or what follows the clock (holds, late cancellations) would be tried
in lumps of years instead of days."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from warum.main.client import Answer, Connection, connect
from warum.main.replay.plan import Event, Kind, Plan
from warum.main.replay.requests import Requests, refusal, token_of

_in_flight_max: Final = 192
_lag_events_max: Final = 10_000
_look_every_events: Final = 1_000
_look_s: Final = 0.05


class DriveError(Exception):
    """The edge did not take an event, or went away; the text says which and what it answered."""


class Drive:
    """One pass over the events.

    Args:
        tokens: click tokens by row, of clicks that are journalled already; filled on.
        consumed: how many of the events the worker has consumed, by the plan.
        seen: told now and then (events that counted, time in the file).
    """

    def __init__(
        self,
        plan: Plan,
        requests: Requests,
        tokens: dict[int, str],
        *,
        consumed: Callable[[], Awaitable[int]],
        seen: Callable[[int, int], None],
    ) -> None:
        self._plan = plan
        self._requests = requests
        self._tokens = tokens
        self._consumed = consumed
        self._seen = seen
        self._turn = asyncio.Event()
        self._fault: DriveError | None = None
        self._connection: Connection[Event]

    async def run(self, host: str, port: int, *, start: int) -> int:
        """Send every event from the start on; the number of events sent.

        Raises:
            DriveError: see there.
        """
        return await self._send(host, port, range(start, len(self._plan)))

    async def repeat(self, host: str, port: int) -> int:
        """Send every report once more, as a partner does who is unsure of the first time; the number sent.

        Raises:
            DriveError: see there.
        """
        reports = (index for index in range(len(self._plan)) if self._plan.event(index).kind is not Kind.CLICK)
        return await self._send(host, port, reports)

    async def _send(self, host: str, port: int, indices: Iterable[int]) -> int:
        self._connection = await connect(host, port, self._answered)
        self._connection.ended.add_done_callback(lambda _: self._turn.set())
        sent = 0
        try:
            for index in indices:
                event = self._plan.event(index)
                await self._may_send(event)
                self._connection.send(self._requests.event(event, self._tokens), event)
                sent += 1
                if sent % _look_every_events == 0:
                    await self._worker_keeps_up(index)
            await self._until(lambda: self._connection.in_flight == 0)
        finally:
            self._connection.close()
        return sent

    async def _may_send(self, event: Event) -> None:
        if self._connection.in_flight >= _in_flight_max:
            await self._until(lambda: self._connection.in_flight < _in_flight_max // 2)
        if event.kind is Kind.BOOKING and self._plan.bookings[event.row - 1].agent is not None:
            await self._until(lambda: event.row in self._tokens)
        if self._fault is not None:
            raise self._fault

    async def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            if self._fault is not None:
                raise self._fault
            if not self._connection.is_open:
                raise DriveError("the edge ended the connection")
            self._turn.clear()
            await self._turn.wait()
        if self._fault is not None:
            raise self._fault

    async def _worker_keeps_up(self, index: int) -> None:
        while True:
            consumed = await self._consumed()
            # What is repeated was consumed long ago; then the bar follows what was sent.
            done = min(consumed, index)
            self._seen(done, self._plan.event(done).at_us)
            if index - consumed <= _lag_events_max:
                return
            await asyncio.sleep(_look_s)
            if not self._connection.is_open:
                raise DriveError("the edge ended the connection")

    def _answered(self, event: Event, answer: Answer) -> None:
        if words := refusal(event, answer):
            self._fault = self._fault or DriveError(words)
        elif event.kind is Kind.CLICK:
            token = token_of(answer)
            if token is None:
                self._fault = self._fault or DriveError(f"the click of row {event.row} was not given a token")
            else:
                self._tokens[event.row] = token
        self._turn.set()
