"""A raw HTTP/1.1 client on asyncio, with pipelining: the replay and the benchmarks would measure a convenience client
instead of the server. Requests are whole byte strings; answers come back in the order of the requests, each with the
tag that its request was sent with.

It reads what our own servers answer (a stated length, no chunks) and breaks the connection on anything else."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final, Generic, NamedTuple, TypeVar, cast

Tag = TypeVar("Tag")

_HEAD_BYTES_MAX: Final = 64 * 1024
_NO_BODY: Final = frozenset((204, 304))


class Answer(NamedTuple):
    """One answer: the status, its head as it came, its body, and how long it took in seconds."""

    status: int
    head: bytes
    body: bytes
    took_s: float

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case; the first one, if there are several."""
        key = b"\r\n" + name.lower().encode("ascii") + b":"
        at = self.head.lower().find(key)
        if at < 0:
            return None
        start = at + len(key)
        end = self.head.find(b"\r\n", start)
        return self.head[start : end if end >= 0 else len(self.head)].strip().decode("latin-1")


class ConnectionBroken(ConnectionError):
    """The connection ended. Requests without an answer may have been taken or not."""


class Connection(asyncio.Protocol, Generic[Tag]):
    """One connection. ``answered`` is called for each answer, in order; ``ended`` once, when the connection is over."""

    def __init__(self, answered: Callable[[Tag, Answer], None]) -> None:
        self._answered = answered
        self._waiting: deque[tuple[Tag, float]] = deque()
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self.ended: Final[asyncio.Future[None]] = asyncio.get_running_loop().create_future()

    @property
    def in_flight(self) -> int:
        """Requests that wait for their answer."""
        return len(self._waiting)

    @property
    def waiting(self) -> list[Tag]:
        """The tags of the requests under way, oldest first."""
        return [tag for tag, _ in self._waiting]

    @property
    def is_open(self) -> bool:
        return not self.ended.done()

    def send(self, request: bytes, tag: Tag) -> None:
        """Send a whole request.

        Raises:
            ConnectionBroken: the connection is over.
        """
        if self._transport is None or self.ended.done():
            raise ConnectionBroken("the connection is over")
        self._waiting.append((tag, perf_counter()))
        self._transport.write(request)

    def close(self) -> None:
        """End the connection; answers that are still to come are not waited for."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The one of uvloop is a transport by its methods only.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        buffer = self._rest + data if self._rest else data
        at = 0
        while True:
            try:
                found = _one(buffer, at)
            except ValueError:
                self.close()
                return
            if found is None or not self._waiting:
                break
            status, head, body, at = found
            tag, sent = self._waiting.popleft()
            self._answered(tag, Answer(status, head, body, perf_counter() - sent))
        self._rest = buffer[at:]


async def connect(host: str, port: int, answered: Callable[[Tag, Answer], None]) -> Connection[Tag]:
    """Open a connection.

    Raises:
        OSError: nobody listens there.
    """
    _, connection = await asyncio.get_running_loop().create_connection(lambda: Connection(answered), host, port)
    return connection


async def ask(host: str, port: int, request: bytes, *, timeout_s: float = 10.0) -> Answer:
    """Send one request on a connection of its own and wait for the answer.

    Raises:
        OSError: nobody listens, or the connection ended first.
        TimeoutError: no answer came in time.
    """
    answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def answered(_: None, got: Answer) -> None:
        if not answer.done():
            answer.set_result(got)

    connection = await connect(host, port, answered)
    try:
        connection.send(request, None)
        await asyncio.wait((answer, connection.ended), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if connection.is_open:
            raise TimeoutError(f"no answer from {host}:{port} within {timeout_s:g} s")
        raise ConnectionBroken(f"{host}:{port} ended the connection without an answer")
    finally:
        connection.close()


def _one(buffer: bytes, at: int) -> tuple[int, bytes, bytes, int] | None:
    """Status, head, body and where the next answer begins; None while the answer is incomplete."""
    end = buffer.find(b"\r\n\r\n", at)
    if end < 0:
        if len(buffer) - at > _HEAD_BYTES_MAX:
            raise ValueError("the head of an answer is too long")
        return None
    if not buffer.startswith(b"HTTP/1.1 ", at):
        raise ValueError("this is no HTTP/1.1 answer")
    status = int(buffer[at + 9 : at + 12])
    head = buffer[at:end]
    start = end + 4
    length = 0 if status in _NO_BODY or status < 200 else _length(head)
    if len(buffer) < start + length:
        return None
    return status, head, buffer[start : start + length], start + length


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    if at < 0:
        raise ValueError("the answer states no length")
    end = head.find(b"\r\n", at + 2)
    return int(head[at + 17 : end if end >= 0 else len(head)])
