"""The way out: which addresses it refuses, and what it makes of a receiver that misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from warum.adapters.delivery import HttpSender, is_public
from warum.ports.deliveries import Answer, Request

Script = Callable[[bytes, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:808:808::",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "localhost",
        "",
    ],
)
def test_addresses_that_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:2800:220:1::1", "2a00:1450::1"]
)
def test_addresses_that_are_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://rebind.example/", ["10.0.0.1"]),
        ("http://rebind.example/", ["8.8.8.8", "127.0.0.1"]),
        ("http://rebind.example/", ["8.8.8.8", "::ffff:192.168.0.1"]),
        ("https://rebind.example/", ["fd00::1"]),
    ],
)
def test_a_name_that_leads_inside_is_refused(url: str, addresses: list[str]):
    async def resolver(host: str, port: int) -> list[str]:
        assert host == "rebind.example"
        return addresses

    answer = send(url, resolver=resolver)
    assert answer == Answer(
        status=None, words="rebind.example leads to an address that is not public; nothing was sent"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://0/",
        "http://localhost/",
    ],
)
def test_spellings_of_this_machine_are_refused_by_the_real_resolver(url: str):
    answer = send(url)
    assert answer.status is None
    assert answer.words.endswith(("is not public; nothing was sent", "has no address"))


def test_a_name_without_an_address():
    async def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert send("http://nowhere.example/", resolver=resolver).words == "nowhere.example has no address"


def test_the_connection_goes_to_the_address_that_was_checked():
    """The name is asked once; Host still says the name."""
    asked: list[str] = []

    async def script(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        heads.append(head)

    async def scene() -> list[Answer]:
        async with receiver(script) as port:

            async def resolver(host: str, port: int) -> list[str]:
                asked.append(host)
                return ["127.0.0.1"]

            async with HttpSender(allow_private=True, resolver=resolver) as sender:
                url = f"http://tracker.example:{port}/p?a=1"
                return [await sender.send(Request(url=url, headers={"x-id": "7"})) for _ in range(2)]

    heads: list[bytes] = []
    assert [answer.status for answer in asyncio.run(scene())] == [200, 200]
    assert asked == ["tracker.example"]
    assert heads[0].startswith(b"GET /p?a=1 HTTP/1.1\r\nHost: tracker.example:")
    assert b"x-id: 7\r\n" in heads[0]


async def says(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(answer)
    await writer.drain()


async def redirects(_: bytes, writer: asyncio.StreamWriter) -> None:
    await says(writer, b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")


async def is_busy(_: bytes, writer: asyncio.StreamWriter) -> None:
    await says(writer, b"HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n")


async def speaks_no_http(_: bytes, writer: asyncio.StreamWriter) -> None:
    await says(writer, b"220 mail.example ESMTP\r\n\r\n")


async def hangs_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def never_answers(_: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def never_ends(_: bytes, writer: asyncio.StreamWriter) -> None:
    await says(writer, b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await says(writer, b"x" * 65_536)


async def drips(_: bytes, writer: asyncio.StreamWriter) -> None:
    await says(writer, b"HTTP/1.1 200 OK\r\n")
    while True:
        await says(writer, b"x: y\r\n")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("script", "status", "words", "retry_after_s"),
    [
        (redirects, 302, "answered 302; redirects are not followed", None),
        (is_busy, 503, "answered 503", 120),
        (speaks_no_http, None, "the answer is not HTTP", None),
        (hangs_up, None, "", None),
        (never_ends, 200, "answered 200", None),
    ],
)
def test_receivers_that_misbehave(script: Script, status: int | None, words: str, retry_after_s: int | None):
    answer = answer_of(script, time_s_max=60)
    assert (answer.status, answer.retry_after_s) == (status, retry_after_s)
    assert answer.words.startswith(words)
    assert "within" not in answer.words


@pytest.mark.parametrize("script", [never_answers, drips])
def test_who_does_not_come_to_an_end_is_not_waited_for(script: Script):
    answer = answer_of(script, time_s_max=0.5)
    assert (answer.status, answer.words) == (None, "no answer within 0.5 s")


def answer_of(script: Script, *, time_s_max: float) -> Answer:
    async def scene() -> Answer:
        async with receiver(script) as port, HttpSender(allow_private=True, time_s_max=time_s_max) as sender:
            return await sender.send(Request(url=f"http://127.0.0.1:{port}/", headers={}))

    return asyncio.run(scene())


def test_nobody_listens():
    answer = send("http://127.0.0.1:1/", allow_private=True)
    assert answer.status is None
    assert answer.words.startswith("no connection")


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "gopher://127.0.0.1/", "http://[::1/"])
def test_urls_that_cannot_be_called(url: str):
    answer = send(url, allow_private=True)
    assert answer.status is None
    assert answer.words


def send(url: str, **settings: Any) -> Answer:
    async def scene() -> Answer:
        async with HttpSender(**settings) as sender:
            return await sender.send(Request(url=url, headers={}))

    return asyncio.run(scene())


@asynccontextmanager
async def receiver(script: Script) -> AsyncIterator[int]:
    """A server on a free port that reads a request's head and then follows the script."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(task := asyncio.current_task())  # pyright: ignore
        try:
            while not writer.is_closing():
                await script(await reader.readuntil(b"\r\n\r\n"), writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
