"""Load on one server: as much as it takes (closed loop), or a fixed rate whatever it answers (open loop).

In the open loop a request's time runs from the moment it was due, not from when it could be sent: a server that
stalls is charged for everybody who waited meanwhile (Tene's "coordinated omission")."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from warum.main.client import Answer, Connection, ask, connect

_tick_s: Final = 0.001
_drain_s_max: Final = 5.0


@dataclass(slots=True)
class Load:
    """What a load met.

    Attributes:
        took_s: of each answer, in the order of their coming.
        statuses: how often each status was answered.
        unanswered: requests without an answer when the time was over.
    """

    seconds: float = 0.0
    took_s: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])
    unanswered: int = 0

    @property
    def per_s(self) -> int:
        return round(len(self.took_s) / self.seconds) if self.seconds else 0

    def quantile_ms(self, share: float) -> float:
        """The time within which that share of the answers came, in milliseconds."""
        ordered = sorted(self.took_s)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2) if ordered else 0.0

    def figures(self) -> dict[str, object]:
        return {
            "per_s": self.per_s,
            "p50_ms": self.quantile_ms(0.5),
            "p99_ms": self.quantile_ms(0.99),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "unanswered": self.unanswered,
        }


async def closed_loop(
    host: str, port: int, requests: Iterator[bytes], *, connections: int, seconds: float, warm_s: float = 0.5
) -> Load:
    """Each connection sends its next request when the last one was answered."""
    load = Load()
    begun = perf_counter()
    counted_from, over_at = begun + warm_s, begun + warm_s + seconds
    open_: list[Connection[int]] = []

    def answered(number: int, answer: Answer) -> None:
        now = perf_counter()
        if counted_from <= now < over_at:
            load.took_s.append(answer.took_s)
            load.statuses[answer.status] += 1
        if now < over_at and open_[number].is_open:
            open_[number].send(next(requests), number)

    for number in range(connections):
        open_.append(await connect(host, port, answered))
        open_[number].send(next(requests), number)
    await asyncio.sleep(over_at - perf_counter())
    load.seconds = seconds
    load.unanswered = await _drain(open_)
    return load


async def open_loop(
    host: str, port: int, requests: Iterator[bytes], *, connections: int, per_s: int, seconds: float
) -> Load:
    """A fixed number of requests a second, spread over the connections in turn."""
    load = Load()

    def answered(due: float, answer: Answer) -> None:
        load.took_s.append(perf_counter() - due)
        load.statuses[answer.status] += 1

    open_ = [await connect(host, port, answered) for _ in range(connections)]
    begun = perf_counter()
    total, sent = round(per_s * seconds), 0
    while sent < total:
        due = min(total, int((perf_counter() - begun) * per_s) + 1)
        while sent < due:
            open_[sent % connections].send(next(requests), begun + sent / per_s)
            sent += 1
        await asyncio.sleep(_tick_s)
    load.unanswered = await _drain(open_)
    load.seconds = perf_counter() - begun
    return load


async def first_answer(host: str, port: int, request: Callable[[], bytes], limit_s: float) -> None:
    """Wait until somebody answers there at all.

    Raises:
        TimeoutError: nobody did in time.
    """
    async with asyncio.timeout(limit_s):
        while True:
            try:
                await ask(host, port, request())
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return


async def _drain(connections: list[Connection[float]] | list[Connection[int]]) -> int:
    """Wait for what is under way and close; how many requests stay without an answer."""
    until = perf_counter() + _drain_s_max
    while perf_counter() < until and any(each.in_flight and each.is_open for each in connections):
        await asyncio.sleep(_tick_s)
    missing = sum(each.in_flight for each in connections)
    for each in connections:
        each.close()
    return missing
