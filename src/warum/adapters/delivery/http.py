"""Sends postbacks over HTTP. The URL comes from a partner, so it must not reach what stands behind our own wall
(server-side request forgery, OWASP API7:2023): a name is resolved once, every address it has must be public, and the
connection goes to the address that was checked, with the name still in Host and SNI. Redirects are not followed; an
answer is cut in size and time."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import TracebackType
from typing import Final, Self, TypeAlias, cast

import httpcore

from warum.ports.deliveries import Answer, Request

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

answer_s_max: Final = 10.0
answer_bytes_max: Final = 64 * 1024

_retry_after_digits: Final = 6
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_TUNNELS: Final = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4, Teredo: an IPv4 address is inside


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, whatever it is wrapped in."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        # What leads to an IPv4 address is judged by that address (RFC 4291 2.5.5.2, RFC 6052 2.1).
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        elif parsed in _NAT64:
            parsed = IPv4Address(int(parsed) & 0xFFFF_FFFF)
        elif parsed not in _GLOBAL_UNICAST or any(parsed in tunnel for tunnel in _TUNNELS):
            return False
    return parsed.is_global and not parsed.is_multicast


class AddressRefused(Exception):
    """The host leads to an address that is not public, or to none."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, by the resolver of the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class HttpSender:
    """A ``Sender``. One event loop; leave it with ``async with`` or ``close``.

    Args:
        allow_private: also send to private addresses, for trying things out on one machine.
        resolver: gives the addresses of a host and port; raises OSError when there are none.
        tls: which certificates are believed; None for those of the Mozilla list.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        time_s_max: float = answer_s_max,
    ) -> None:
        self._time_s_max = time_s_max
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=256,
            max_keepalive_connections=32,
            keepalive_expiry=30,
            network_backend=_CheckedBackend(resolver, allow_private=allow_private),
        )

    async def send(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(self._time_s_max):
                return await self._send(request)
        except TimeoutError:
            return Answer(status=None, words=f"no answer within {self._time_s_max:g} s")
        except AddressRefused as error:
            return Answer(status=None, words=str(error))
        except httpcore.NetworkError as error:
            return Answer(status=None, words=_cut(f"no connection: {error}"))
        except httpcore.ProtocolError as error:
            return Answer(status=None, words=_cut(f"the answer is not HTTP: {error}"))
        except (httpcore.UnsupportedProtocol, httpcore.TimeoutException, ValueError, OSError) as error:
            return Answer(status=None, words=_cut(f"not sent: {error}"))

    async def close(self) -> None:
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _send(self, request: Request) -> Answer:
        method = "GET" if request.body is None else "POST"
        headers = list(request.headers.items())
        async with self._pool.stream(method, request.url, headers=headers, content=request.body) as response:
            # A short one is read to its end even if it says nothing to us: then the connection can be used again.
            size, body = 0, bytearray()
            async for chunk in response.aiter_stream():
                size += len(chunk)
                if size > answer_bytes_max:
                    break
                if request.read:
                    body += chunk
            words = f"answered {response.status}"
            if 300 <= response.status < 400:
                words += "; redirects are not followed"
            retry_after_s = _retry_after_s(response.headers)
            return Answer(status=response.status, words=words, retry_after_s=retry_after_s, body=bytes(body))


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. The pool asks it for a host and then speaks TLS for that host's name."""

    def __init__(self, resolver: Resolve, *, allow_private: bool) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._backend = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._backend.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError):
            raise AddressRefused(f"{host} has no address") from None
        if not addresses:
            raise AddressRefused(f"{host} has no address")
        if not self._allow_private and not all(map(is_public, addresses)):
            raise AddressRefused(f"{host} leads to an address that is not public; nothing was sent")
        return addresses


def _retry_after_s(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) <= _retry_after_digits:
            return int(value)
    return None


def _cut(words: str) -> str:
    return words if len(words) <= 200 else words[:199] + "…"
