"""The edge on real sockets: what is read, what is refused, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from edge_world import ACME, CATALOG, FIREFOX, LINK, TOKEN, line

from warum.domain.records import Click, Postback, Tick
from warum.domain.token import Touch
from warum.edge.codec import decode
from warum.edge.journal import Cursor, JournalReader, stream_folder
from warum.edge.server import Limits
from warum.edge.snapshot_files import SnapshotPublisher
from warum.main.config import Config
from warum.main.edge import EdgeError, EdgeOptions, serve
from warum.main.secret_store import ensure_secrets
from warum.main.sub_keys import SubKeys

SEGMENT = 256 * 1024
AGENT = f"User-Agent: {FIREFOX}\r\n"
GET = f"GET /c/abc?cons=1 HTTP/1.1\r\nHost: x\r\n{AGENT}\r\n".encode()
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    ensure_secrets(folder, now_us=0)
    publisher = SnapshotPublisher(folder / "snapshot")
    publisher.publish_base(map(line, CATALOG))
    publisher.close()
    return folder


class Running:
    """An edge that serves, and clients of it."""

    def __init__(self, port: int, stop: asyncio.Event, data: Path) -> None:
        self.port = port
        self.stop = stop
        self.data = data

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, *pieces: bytes, end: bool = True) -> bytes:
        """Everything that comes back until the edge closes."""
        reader, writer = await self.open()
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            if end:
                writer.write_eof()
            async with asyncio.timeout(60):
                return await reader.read()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def records(self) -> list[object]:
        raws, _ = JournalReader(stream_folder(self.data / "journal", 1)).read(Cursor.START, 10_000)
        return [decode(raw.type, raw.body) for raw in raws]


@asynccontextmanager
async def running(data: Path, *, driven: bool = False, limits: Limits | None = None) -> AsyncIterator[Running]:
    stop = asyncio.Event()
    told: asyncio.Queue[str] = asyncio.Queue()

    def failed(error: Exception) -> None:
        raise AssertionError(error)

    options = EdgeOptions(
        config=Config(data=data), stream=1, driven=driven, port=0, segment_bytes=SEGMENT, limits=limits
    )
    task = asyncio.create_task(serve(options, stop=stop, ready=told.put_nowait, failed=failed))
    waiting = asyncio.create_task(told.get())
    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        await task
    url = await waiting
    assert url.startswith("http://127.0.0.1:")
    try:
        yield Running(int(url.rpartition(":")[2]), stop, data)
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await task


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def statuses(answer: bytes) -> list[int]:
    return [int(part.split(b" ", 1)[0]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def test_clicks_and_orders_over_one_connection(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            body = b'{"order_id": 7, "amount": 12.5, "currency": "EUR"}'
            post = (
                f"POST /p/acme HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode() + body
            chunked = (
                f"POST /v1/conversions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
                f"Transfer-Encoding: chunked\r\n\r\n"
            ).encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
            answer = await edge.exchange(GET + post + chunked + HEALTH)
            assert statuses(answer) == [302, 202, 202, 200]
            click, order = (record for record in edge.records() if isinstance(record, Click | Postback))
            assert isinstance(click, Click) and isinstance(order, Postback)
            token = answer.partition(b"wrm=")[2].split(b"#")[0].split(b"\r\n")[0].decode()
            touch = ensure_secrets(data, now_us=0).token_keys().read(token)
            assert isinstance(touch, Touch) and touch.record == (1, 0, 0) and touch.arm == click.arm

    asyncio.run(play())


def test_a_request_that_comes_in_crumbs(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            answer = await edge.exchange(*(GET[at : at + 9] for at in range(0, len(GET), 9)))
            assert statuses(answer) == [302]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"GET /c/%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 9_000), 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: %b\r\n\r\n" % (b"a" * 17_000), 431),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 100) for n in range(170)) + b"\r\n", 431),
        (b"POST /p/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n", 413),
        (b"POST /p/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999999\r\n\r\n", 400),
        (b"POST /p/acme HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"NONSENSE\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
    ],
)
def test_what_is_too_long_or_no_request_is_refused_and_the_connection_ends(data: Path, request_: bytes, expected: int):
    async def play() -> None:
        async with running(data) as edge:
            answer = await edge.exchange(HEALTH + request_ + HEALTH, end=False)
            # What came before it is answered, what comes behind it is not.
            assert statuses(answer) == [200, expected]
            assert b"Connection: close\r\n" in answer

    asyncio.run(play())


def test_a_header_without_an_end_and_a_chunked_body_without_one(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            endless = [b"GET / HTTP/1.1\r\nX: ", *([b"a" * 6_000] * 5)]
            assert status(await edge.exchange(*endless, end=False)) == 431
            chunk = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
            body = [b"POST /p/acme HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", *([chunk] * 9)]
            assert status(await edge.exchange(*body, end=False)) == 413

    asyncio.run(play())


def test_keep_alive_and_close(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            closing = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            assert statuses(await edge.exchange(HEALTH + closing + HEALTH, end=False)) == [200, 200]
            old = b"GET /health HTTP/1.0\r\n\r\n"
            assert statuses(await edge.exchange(old, end=False)) == [200]
            kept = await edge.exchange(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" * 2)
            assert kept.count(b"Connection: keep-alive\r\n") == 2

    asyncio.run(play())


def test_upgrades_that_come_many_at_once_are_ignored_one_by_one(data: Path):
    async def go() -> None:
        async with running(data) as edge:
            upgrade = b"GET /health HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            assert statuses(await edge.exchange(upgrade * 3_000)) == [200] * 3_000

    asyncio.run(go())


def test_expect_upgrade_absolute_form_and_head(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            expecting = (
                f"POST /p/acme?token={TOKEN} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
            ).encode()
            assert statuses(await edge.exchange(expecting, b"order_id=1")) == [100, 202]
            upgrade = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            assert statuses(await edge.exchange(upgrade + HEALTH)) == [200, 200]
            absolute = b"GET http://edge.example/health HTTP/1.1\r\nHost: x\r\n\r\n"
            assert statuses(await edge.exchange(absolute)) == [200]
            head = await edge.exchange(b"HEAD /c/nope HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status(head) == 404 and head.endswith(b"\r\n\r\n")

    asyncio.run(play())


def test_the_slow_and_the_idle_are_sent_away(data: Path):
    async def play() -> None:
        async with running(data, limits=Limits(request_s=0.2, idle_s=0.2)) as edge:
            assert status(await edge.exchange(b"GET / HTTP/1.1\r\nHost:", end=False)) == 408
            assert statuses(await edge.exchange(HEALTH, end=False)) == [200]

    asyncio.run(play())


def test_there_is_an_end_to_connections(data: Path):
    async def play() -> None:
        async with running(data, limits=Limits(connections=1)) as edge:
            reader, writer = await edge.open()
            writer.write(HEALTH)
            assert await reader.readuntil(b"}\n")
            _, second = await edge.open()
            with suppress(OSError):
                assert await edge.exchange(HEALTH) == b""
            for one in (writer, second):
                one.close()

    asyncio.run(play())


def test_a_stop_answers_what_was_taken(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            reader, writer = await edge.open()
            writer.write(GET.replace(b"cons=1", b"cons=0") * 50)
            await writer.drain()
            await reader.readuntil(b"302")
            edge.stop.set()
            async with asyncio.timeout(60):
                rest = await reader.read()
            assert rest.count(b"302 Found") + 1 == len(edge.records()) == 50
            writer.close()
            with pytest.raises(OSError):
                await edge.open()

    asyncio.run(play())


def test_a_change_of_the_catalog_is_followed(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            publisher = SnapshotPublisher(data / "snapshot")
            publisher.append([line(replace(LINK, code="new")), b"nonsense"])
            async with asyncio.timeout(60):
                while status(await edge.exchange(GET.replace(b"/abc", b"/new"))) != 302:
                    await asyncio.sleep(0.02)
            publisher.publish_base(map(line, (*CATALOG, replace(ACME, code="moved"))))
            async with asyncio.timeout(60):
                while status(await edge.exchange(b"GET /p/moved HTTP/1.1\r\nHost: x\r\n\r\n")) != 401:
                    await asyncio.sleep(0.02)
            publisher.close()
            assert status(await edge.exchange(GET.replace(b"/abc", b"/new"))) == 404

    asyncio.run(play())


def test_it_starts_without_a_snapshot_and_without_a_database(tmp_path: Path):
    async def play() -> None:
        data = tmp_path / "fresh"
        ensure_secrets(data, now_us=0)
        async with running(data) as edge:
            assert statuses(await edge.exchange(GET + HEALTH)) == [404, 200]

    asyncio.run(play())


def test_a_driven_edge_keeps_the_time_of_its_requests(data: Path):
    async def play() -> None:
        async with running(data, driven=True) as edge:
            at = b"Warum-Time: 1000000\r\n"
            for visitor in (b"10.0.0.1", b"10.0.0.2", b"10.0.0.2"):
                request = GET.replace(b"Host: x\r\n", at + b"X-Forwarded-For: " + visitor + b"\r\n")
                assert status(await edge.exchange(request)) == 302
            tick = b"POST /_tick HTTP/1.1\r\nWarum-Time: 2000000\r\nContent-Length: 0\r\n\r\n"
            assert status(await edge.exchange(tick)) == 202
            records = edge.records()
            assert [record.seen_us for record in records if isinstance(record, Click)] == [1_000_000] * 2
            assert Tick(seen_us=2_000_000) in records

    asyncio.run(play())


def test_a_driven_edge_is_not_for_the_world(data: Path):
    async def play() -> None:
        options = EdgeOptions(config=Config(data=data, edge_host="0.0.0.0"), stream=1, driven=True, port=0)
        with pytest.raises(EdgeError, match="loopback"):
            await serve(options, stop=asyncio.Event())

    asyncio.run(play())


def test_two_edges_do_not_share_a_stream(data: Path):
    async def play() -> None:
        async with running(data):
            with pytest.raises(EdgeError, match="stream 1"):
                async with running(data):
                    pass

    asyncio.run(play())


def test_keys_of_sub_ids_are_files_of_their_day(data: Path):
    async def play() -> None:
        async with running(data) as edge:
            await edge.exchange(GET.replace(b"cons=1", b"cons=1&sub=me"))
            (click,) = edge.records()
            assert isinstance(click, Click) and click.sub_day is not None
            assert SubKeys(data).read(click.sub_day) == SubKeys(data).make(click.sub_day)
            assert [path.stat().st_mode & 0o777 for path in (data / "sub_keys").iterdir()] == [0o600]

    asyncio.run(play())


def test_the_process_says_that_it_is_ready_and_ends_when_asked(data: Path):
    environ = {**os.environ, "WARUM_DATA": str(data)}
    command = (sys.executable, "-P", "-m", "warum.main.edge", "--stream", "4", "--port", "0", "--files", "lossy")
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
