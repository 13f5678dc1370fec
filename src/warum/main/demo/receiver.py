"""A few publishers' trackers: a small server on loopback that takes the postbacks of the sample network. Now and then
it is busy, so that a second attempt can be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from typing import Final, cast

_busy_of_256: Final = 6
_head_bytes_max: Final = 16 * 1024
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n"
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class Receiver:
    """Takes postbacks at any path. ``port`` is known after ``open``."""

    def __init__(self) -> None:
        self.port = 0
        self.taken = 0
        self._server: asyncio.Server | None = None

    async def open(self, wished: int | None) -> None:
        """Listen, on the port of last time if it is still free.

        Raises:
            OSError: no port is free.
        """
        with suppress(OSError):
            self._server = await self._listen(wished or 0)
        if self._server is None:
            self._server = await self._listen(0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Listen no more; connections that are open end with this process."""
        if self._server is not None:
            self._server.close()

    async def _listen(self, port: int) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(lambda: _Taking(self._count), "127.0.0.1", port)

    def _count(self) -> None:
        self.taken += 1


class _Taking(asyncio.Protocol):
    """One connection. Requests have no body: postbacks are GETs."""

    def __init__(self, taken: Callable[[], None]) -> None:
        self._taken = taken
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # the one of uvloop is one by its methods only

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for head in heads:
            # Decided by the request with its time, so that the next attempt goes through.
            busy = blake2b(head, digest_size=1).digest()[0] < _busy_of_256
            self._transport.write(_BUSY if busy else _OK)
            self._taken()
        if len(self._rest) > _head_bytes_max:
            self._transport.abort()
