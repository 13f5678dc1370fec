"""HTTP/1.1 on asyncio: bytes in, requests to the handler, answers out in the order of their requests, none before its
record is on disk.

Every resource that a stranger could use up has a limit: head, address and body of a request, the time it may take, the
time a connection may idle, how many answers may wait on one connection, and how many connections there are."""

from __future__ import annotations

import asyncio
import logging
import socket
from asyncio import AbstractEventLoop, Server, Transport
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, cast

import httptools

from warum.edge.commit import GroupCommit
from warum.edge.handler import Handler
from warum.edge.http import Answer, Request, page
from warum.edge.snapshot import Snapshot
from warum.kernel.period import SECOND_US

_log: Final = logging.getLogger(__name__)

_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_WRITE_BYTES_HIGH: Final = 256 * 1024
_LINGER_S: Final = 2.0
_REFUSED_TEXT: Final = "This server takes short requests in HTTP/1.1, and takes them whole or not at all."
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_FAULT: Final = page(500, "Something went wrong here", "The fault is ours, and it was noted. Please try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one connection, and all of them, may take.

    Attributes:
        depth: requests whose answers wait, on one connection; further ones are not read.
        request_s: how long a request may be on its way, and an answer on its way back.
        idle_s: how long a connection is kept that asks nothing.
    """

    head_bytes: int = 16 * 1024
    target_bytes: int = 8 * 1024
    body_bytes: int = 256 * 1024
    depth: int = 64
    connections: int = 20_000
    request_s: float = 20.0
    idle_s: float = 75.0


class EdgeServer:
    """Takes connections, and holds what they share.

    Args:
        snapshot: may be replaced between two requests.
        now_us: the clock.
    """

    def __init__(
        self,
        *,
        handler: Handler,
        snapshot: Snapshot,
        commit: GroupCommit,
        now_us: Callable[[], int],
        limits: Limits | None = None,
    ) -> None:
        self.handler = handler
        self.snapshot = snapshot
        self.commit = commit
        self.now_us = now_us
        self.limits = limits or Limits()
        self.connections: set[Connection] = set()
        self.stopping = False
        self.requests = 0
        self._server: Server | None = None
        self._loop: AbstractEventLoop = asyncio.get_running_loop()
        self._date_second = -1
        self._date = ""
        self._sweep = self._loop.call_later(1.0, self._sweep_connections)

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Take connections; several processes may share one port. The address, with the port that was free if it was
        0.

        Raises OSError when the address cannot be had."""
        self._server = await self._loop.create_server(
            lambda: Connection(self), host, port, backlog=4096, reuse_port=port != 0
        )
        listening: socket.socket = self._server.sockets[0]
        name: tuple[str, int] = listening.getsockname()[:2]
        return name

    async def stop(self, patience_s: float) -> None:
        """Take no more requests, answer those taken, and end; connections that do not end by themselves are cut."""
        self.stopping = True
        self._sweep.cancel()
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.finish()
        deadline = self._loop.time() + patience_s
        await self.commit.drain()
        while self.connections and self._loop.time() < deadline and not self.commit.broken:
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.abort()

    def answer(self, request: Request) -> tuple[Answer, int]:
        """What to answer, and the batch that has to be on disk before.

        Raises OSError when the journal cannot be written; the process is about to end then."""
        self.requests += 1
        commit = self.commit
        record = commit.next_id()
        try:
            outcome = self.handler.handle(request, self.snapshot, now_us=self.now_us(), record=record)
        except Exception:
            # A request must not be able to end the process. Its text stays out of the log: it may be personal.
            _log.exception("a request could not be handled")
            return _FAULT, 0
        return commit.submit(outcome)

    def date(self) -> str:
        second = self.now_us() // SECOND_US
        if second != self._date_second:
            self._date_second, self._date = second, formatdate(second, usegmt=True)
        return self._date

    def _sweep_connections(self) -> None:
        now = self._loop.time()
        for connection in list(self.connections):
            connection.sweep(now)
        self._sweep = self._loop.call_later(1.0, self._sweep_connections)


class Connection(asyncio.Protocol):
    """One connection. The parser calls the ``on_`` methods."""

    def __init__(self, server: EdgeServer) -> None:
        self._server = server
        self._limits = server.limits
        self._loop = asyncio.get_running_loop()
        self._transport: Transport | None = None
        self._peer = ""
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        # What was read, or is to be said in its place, with the connection header of the answer: more than the depth
        # only until the end of one piece that the socket gave us.
        self._backlog: deque[tuple[Request | Answer, str]] = deque()
        # Answers in the order of their requests, each with the batch it waits for.
        self._answers: deque[tuple[int, bytes]] = deque()
        self._waiting_for = 0
        self._last = False
        self._refused = False
        self._lingering = False
        self._reading = True
        self._writable = True
        self._since = self._loop.time()
        self._begin()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(Transport, transport)  # uvloop's is one by its methods, not by its class
        self._transport = transport
        if self._server.stopping or len(self._server.connections) >= self._limits.connections:
            transport.abort()
            return
        peer: object = transport.get_extra_info("peername")
        if isinstance(peer, tuple) and peer:
            self._peer = str(peer[0])  # pyright: ignore[reportUnknownArgumentType]
        transport.set_write_buffer_limits(high=_WRITE_BYTES_HIGH)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._transport = None
        self._parser = None  # it refers back to this connection
        self._backlog.clear()
        self._answers.clear()

    def data_received(self, data: bytes) -> None:
        if self._last:
            return
        self._since = self._loop.time()
        if not self._in_body:
            self._head_fed += len(data)
        self._feed(data)
        # A single header line that never ends is not shown to us piece by piece, so what was fed counts too.
        if self._in_head and self._head_fed > self._limits.head_bytes:
            self._refuse(431, "The head of the request is too long")
        self._advance()

    def eof_received(self) -> bool:
        # The other end may have closed its half only: what it asked for is answered first.
        self._last = True
        return bool(self._answers or self._backlog)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._advance()

    # What the server calls.

    def committed(self, serial: int) -> None:
        """More is on disk."""
        self._waiting_for = 0
        self._advance()

    def finish(self) -> None:
        """Read no more; end once what was taken is answered."""
        self._last = True
        self._advance()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def sweep(self, now: float) -> None:
        """End the connection if it took too long."""
        transport = self._transport
        if transport is None:
            return
        quiet_s = now - self._since
        if self._lingering:
            if quiet_s > _LINGER_S:
                transport.abort()
        elif not self._writable or transport.is_closing():
            if quiet_s > self._limits.request_s:
                transport.abort()
        elif self._answers or self._backlog:
            return  # it is we who take long
        elif self._in_head or self._in_body:
            if now - self._began > self._limits.request_s:
                self._refuse(408, "The request took too long")
                self._advance()
        elif quiet_s > self._limits.idle_s:
            transport.close()

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._begin()
        self._in_head = True
        self._began = self._since

    def on_url(self, url: bytes) -> None:
        self._target += url
        if len(self._target) > self._limits.target_bytes:
            self._refuse(414, "The address is too long")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._limits.head_bytes:
            self._refuse(431, "The head of the request is too long")
            return
        name = name.lower()
        headers = self._headers
        headers[name] = headers[name] + b", " + value if name in headers else value

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._head_fed = 0
        headers = self._headers
        if b"content-length" in headers and int(headers[b"content-length"]) > self._limits.body_bytes:
            self._refuse(413, "The body is too long")
        elif (
            headers.get(b"expect", b"").lower() == b"100-continue"
            and self._transport is not None
            and not (self._last or self._answers or self._backlog)
        ):
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        if len(self._body) + len(body) > self._limits.body_bytes:
            self._refuse(413, "The body is too long")
        elif not self._last:
            self._body += body

    def on_message_complete(self) -> None:
        self._in_head = self._in_body = False
        parser = self._parser
        if self._last or parser is None:
            return
        request = Request(
            parser.get_method().decode("ascii"),
            _origin_form(self._target.decode("utf-8", "replace")),
            self._headers,
            bytes(self._body),
            self._peer,
        )
        if not parser.should_keep_alive():
            self._last = True
            connection = "Connection: close\r\n"
        else:
            connection = "Connection: keep-alive\r\n" if parser.get_http_version() == "1.0" else ""
        self._backlog.append((request, connection))

    # Inside.

    def _begin(self) -> None:
        self._target = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._head_bytes = 0
        self._head_fed = 0
        self._in_head = self._in_body = False
        self._began = self._since

    def _feed(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest and self._parser is not None:
                rest = rest[self._parse(self._parser, rest) :]
                if self._last:
                    return
        except httptools.HttpParserError:
            self._refuse(400, "This is no request that can be understood")

    def _parse(self, parser: httptools.HttpRequestParser, data: memoryview) -> int:
        """How many bytes were read: all, or those up to the end of a request for an upgrade."""
        try:
            parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # An upgrade may be ignored (RFC 9110, 7.8): the request is answered as it is, and HTTP/1.1 goes on.
            self._parser = httptools.HttpRequestParser(self)
            offset: object = upgrade.args[0]
            assert isinstance(offset, int)
            return offset
        return len(data)

    def _refuse(self, status: int, title: str) -> None:
        """Say in its turn what cannot be read on, and end."""
        if not self._last:
            self._last = self._refused = True
            self._in_head = self._in_body = False
            self._backlog.append((page(status, title, _REFUSED_TEXT), "Connection: close\r\n"))

    def _advance(self) -> None:
        """Handle what was read as long as not too many answers wait, and send what may leave."""
        self._flush()
        while self._has_work():
            self._work_off()
            self._flush()
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        reading = not self._backlog and self._writable and len(self._answers) < self._limits.depth
        if reading is not self._reading:
            self._reading = reading
            (transport.resume_reading if reading else transport.pause_reading)()

    def _has_work(self) -> bool:
        return bool(self._backlog) and self._writable and len(self._answers) < self._limits.depth

    def _work_off(self) -> None:
        while self._has_work():
            said, connection = self._backlog.popleft()
            if isinstance(said, Answer):
                self._answers.append((0, self._encode(said, connection)))
                continue
            try:
                answer, serial = self._server.answer(said)
            except OSError:
                self._backlog.clear()  # the journal cannot be written: the process is ending, and nothing is answered
                return
            self._answers.append((serial, self._encode(answer, connection, bodiless=said.method == "HEAD")))

    def _flush(self) -> None:
        transport, commit, answers = self._transport, self._server.commit, self._answers
        if transport is None or transport.is_closing() or commit.broken:
            return
        done = commit.done_serial
        ready: list[bytes] = []
        while answers and answers[0][0] <= done:
            ready.append(answers.popleft()[1])
        if ready:
            self._since = self._loop.time()
            transport.write(ready[0] if len(ready) == 1 else b"".join(ready))
        if answers:
            serial = answers[0][0]
            if serial != self._waiting_for:
                self._waiting_for = serial
                commit.wait(serial, self)
        elif self._last and not self._backlog and not self._lingering:
            if self._refused and transport.can_write_eof():
                # Closing with bytes unread would reset the connection and could take the answer with it.
                self._lingering = True
                transport.write_eof()
            else:
                transport.close()

    def _encode(self, answer: Answer, connection: str, *, bodiless: bool = False) -> bytes:
        head = (
            f"HTTP/1.1 {answer.status} {_PHRASES[answer.status]}\r\n{answer.headers}Date: {self._server.date()}\r\n"
            f"{connection}Content-Length: {len(answer.body)}\r\n\r\n"
        ).encode("ascii")
        return head if bodiless else head + answer.body


def _origin_form(target: str) -> str:
    """Path and query of a target, also of one that names scheme and host, as to a proxy (RFC 9112, 3.2.2)."""
    if target.startswith("/"):
        return target
    _, found, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if found else target
