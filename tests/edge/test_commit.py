"""No answer before its sync: what leaves a connection is compared, byte for byte, with what the disk had promised by
then."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from edge_world import FIREFOX, HOUR, KEYS, LINK, NOW, TOKEN, Edge

from warum.domain.records import Click, Postback, Record, Tally
from warum.domain.token import Touch
from warum.edge.codec import decode
from warum.edge.commit import GroupCommit
from warum.edge.http import Answer, Drop, Outcome
from warum.edge.journal import Cursor, JournalReader, JournalWriter, RealFiles
from warum.edge.server import Connection, EdgeServer, Limits
from warum.kernel.ids import RecordId

SEGMENT = 256 * 1024
AGENT = f"User-Agent: {FIREFOX}\r\n"


class WatchedFiles(RealFiles):
    """Says when a sync was done, waits for leave if told to, and fails if told to."""

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []
        self.leave = threading.Event()
        self.leave.set()
        self.fails = False
        self.syncs = 0

    def datasync(self, fd: int) -> None:
        assert self.leave.wait(120)
        if self.fails:
            raise OSError(5, "the disk is gone")
        super().datasync(fd)
        self.syncs += 1
        self.events.append(("sync", None))


class WatchedTransport:
    """A transport that notes what is written to it."""

    def __init__(self, events: list[tuple[str, object]], reader: JournalReader) -> None:
        self.events = events
        self.reader = reader
        self.sent = b""
        self.reading = True
        self.closed = False
        self.on_disk: dict[RecordId, Record] = {}
        self._cursor = Cursor.START

    def write(self, data: bytes) -> None:
        assert not self.closed
        raws, self._cursor = self.reader.read(self._cursor, 10_000)
        self.on_disk |= {raw.id: decode(raw.type, raw.body) for raw in raws}
        for token in re.findall(rb"wrm=([\w-]+)", data):
            touch = KEYS.read(token.decode())
            assert isinstance(touch, Touch) and touch.record in self.on_disk
        events = {record.event_id for record in self.on_disk.values() if isinstance(record, Postback)}
        assert set(re.findall(r'"event_id":"([^"]+)"', data.decode())) <= events
        for record, hashed in promised(data):
            kept = self.on_disk[record]
            assert isinstance(kept, Postback) and sha256(kept.event_id.encode()).digest() == hashed
        self.events.append(("write", data))
        self.sent += data

    def get_extra_info(self, name: str) -> object:
        return ("192.0.2.7", 4711)

    def set_write_buffer_limits(self, high: int) -> None: ...

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


def promised(data: bytes) -> list[tuple[RecordId, bytes]]:
    """Records, and hashes of event ids, of the promises in some answers."""
    found = re.findall(rb"/promise\\n(\d+)/(\d+)/(\d+)\\n\d+\\n([^\\]+)\\n", data)
    return [(RecordId(*map(int, record)), b64decode(hashed)) for *record, hashed in found]


class Rig:
    """An edge on a real journal, without sockets."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.files = WatchedFiles()
        self.folder = folder
        self.journal = JournalWriter(folder, stream=1, files=self.files, segment_bytes=SEGMENT)
        self.failures: list[Exception] = []
        loop = asyncio.get_running_loop()
        self.commit = GroupCommit(self.journal, loop, self.failures.append)
        self.edge = Edge()
        self.server = EdgeServer(
            handler=self.edge.handler,
            snapshot=self.edge.snapshot,
            commit=self.commit,
            now_us=lambda: NOW,
            limits=limits,
        )

    def connect(self) -> tuple[Connection, WatchedTransport]:
        connection = Connection(self.server)
        transport = WatchedTransport(self.files.events, JournalReader(self.folder))
        connection.connection_made(transport)  # pyright: ignore
        return connection, transport

    def records(self) -> list[Record]:
        raws, _ = JournalReader(self.folder).read(Cursor.START, 100_000)
        return [decode(raw.type, raw.body) for raw in raws]


@contextmanager
def rigged(folder: Path, limits: Limits | None = None) -> Iterator[Rig]:
    rig = Rig(folder / "stream-1", limits)
    try:
        yield rig
    finally:
        rig.files.leave.set()
        rig.server._sweep.cancel()  # pyright: ignore
        rig.commit.close()
        rig.journal.close()


def click(number: int) -> bytes:
    return f"GET /c/abc?cons=1&sub={number} HTTP/1.1\r\nHost: x\r\nUser-Agent: {FIREFOX} {number}\r\n\r\n".encode()


def order(event: str) -> bytes:
    return f"GET /p/acme?token={TOKEN}&order_id=7&event_id={event} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


async def until(condition: Any) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.001)


def run(test: Any) -> None:
    asyncio.run(test)


def test_an_answer_never_precedes_its_sync(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            pairs = [rig.connect() for _ in range(5)]
            for round_ in range(20):
                for number, (connection, _) in enumerate(pairs):
                    connection.data_received(click(round_ * 10 + number) + order(f"{round_}/{number}"))
                if round_ % 3 == 0:
                    await asyncio.sleep(0.002)
            await until(lambda: all(transport.sent.count(b"HTTP/1.1") == 40 for _, transport in pairs))
            for _, transport in pairs:
                # The reader sees what was synced and no more, and the transport has compared each answer with it.
                assert transport.sent.count(b"302 Found") == transport.sent.count(b"202 Accepted") == 20
            # Every write came behind a sync of its batch: with the syncs held back there is none.
            rig.files.leave.clear()
            connection, transport = rig.connect()
            connection.data_received(click(999) + order("last"))
            for _ in range(50):
                await asyncio.sleep(0.001)
            assert transport.sent == b""
            rig.files.leave.set()
            await until(lambda: transport.sent.count(b"HTTP/1.1") == 2)
            acknowledged = [record for record in transport.on_disk.values() if isinstance(record, Postback)]
            assert "last" in {record.event_id for record in acknowledged}
            assert sum(isinstance(record, Click) for record in transport.on_disk.values()) == 101

    run(play())


def test_requests_that_come_during_a_sync_share_the_next(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            pairs = [rig.connect() for _ in range(20)]
            pairs[0][0].data_received(click(0))
            await asyncio.sleep(0.01)
            for number, (connection, _) in enumerate(pairs[1:], 1):
                connection.data_received(click(number))
                await asyncio.sleep(0)
            rig.files.leave.set()
            await until(lambda: all(transport.sent for _, transport in pairs))
            assert rig.files.syncs == 2

    run(play())


def test_a_repetition_waits_for_the_commit_of_the_first(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            (first, one), (second, two) = rig.connect(), rig.connect()
            first.data_received(order("e1"))
            await asyncio.sleep(0.01)  # the first is being synced
            second.data_received(order("e1"))
            await asyncio.sleep(0.01)
            assert one.sent == two.sent == b""
            rig.files.leave.set()
            await until(lambda: one.sent and two.sent)
            assert b'"duplicate":true' in two.sent and b"202 Accepted" in two.sent
            assert [record.event_id for record in rig.records() if isinstance(record, Postback)] == ["e1"]

    run(play())


def test_a_plain_repetition_without_counts_waits_for_what_is_on_its_way(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            commit, repeated = rig.commit, Outcome(Answer(202), waits=True)
            assert commit.submit(repeated)[1] == 0
            _, first = commit.submit(Outcome(Answer(202), drops=(Drop(HOUR, 0, 0, "x"),)))
            assert commit.submit(repeated)[1] == first
            await asyncio.sleep(0.01)  # now it is being synced
            assert commit.submit(repeated)[1] == first
            rig.files.leave.set()
            await commit.drain()
            assert commit.submit(repeated)[1] <= commit.done_serial

    run(play())


def test_answers_keep_the_order_of_their_requests(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            connection, transport = rig.connect()
            health = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
            connection.data_received(health)
            assert transport.sent.count(b"200 OK") == 1  # depends on nothing and leaves at once
            connection.data_received(click(1) + health + order("e1") + health)
            await asyncio.sleep(0.01)
            assert transport.sent.count(b"HTTP/1.1") == 1
            rig.files.leave.set()
            await until(lambda: transport.sent.count(b"HTTP/1.1") == 5)
            answered = [part[:3] for part in transport.sent.split(b"HTTP/1.1 ")[1:]]
            assert answered == [b"200", b"302", b"200", b"202", b"200"]

    run(play())


def test_after_a_failed_sync_nothing_is_answered_any_more(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            connection, transport = rig.connect()
            connection.data_received(click(1))
            await until(lambda: transport.sent)
            sent = transport.sent
            rig.files.fails = True
            connection.data_received(click(2))
            await until(lambda: rig.failures)
            connection.data_received(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" + click(3))
            await asyncio.sleep(0.01)
            assert transport.sent == sent
            assert len(rig.failures) == 1 and rig.commit.broken

    run(play())


def test_a_journal_without_room_ends_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def play() -> None:
        with rigged(tmp_path) as rig:

            def full() -> object:
                raise OSError(28, "no space left")

            with monkeypatch.context() as patched:
                patched.setattr(rig.journal, "next_id", full)
                connection, transport = rig.connect()
                connection.data_received(click(1))
                await asyncio.sleep(0)
                assert transport.sent == b"" and len(rig.failures) == 1

    run(play())


def test_a_flood_that_does_not_count_costs_one_record_a_sync_and_is_counted_exactly(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            pairs = [rig.connect() for _ in range(10)]
            head = f"HEAD /c/abc HTTP/1.1\r\nHost: x\r\n{AGENT}\r\n".encode()
            unknown = f"GET /c/nope HTTP/1.1\r\nHost: x\r\n{AGENT}\r\n".encode()
            pairs[0][0].data_received(click(1))
            await asyncio.sleep(0.01)
            for connection, _ in pairs:
                connection.data_received((head + unknown) * 20)
            rig.files.leave.set()
            await until(lambda: all(transport.sent.count(b"HTTP/1.1") >= 40 for _, transport in pairs))
            tallies = [record for record in rig.records() if isinstance(record, Tally)]
            assert len(tallies) == 1
            assert set(tallies[0].counts) == {(HOUR, LINK.id, 1, "head", 200), (HOUR, 0, 0, "unknown_link", 200)}
            assert tallies[0].seen_us == HOUR

    run(play())


def test_counts_of_many_links_are_cut_into_records_that_fit(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            drops = tuple(Drop(HOUR, link, 1, "head") for link in range(2_500))
            rig.commit.submit(Outcome(Answer(302), drops=drops))
            await rig.commit.drain()
            tallies = [record for record in rig.records() if isinstance(record, Tally)]
            assert [len(tally.counts) for tally in tallies] == [1_000, 1_000, 500]

    run(play())


def test_more_than_the_depth_is_not_handled_and_not_read(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path, Limits(depth=4)) as rig:
            rig.files.leave.clear()
            connection, transport = rig.connect()
            connection.data_received(b"".join(click(number) for number in range(30)))
            assert rig.server.requests == 4
            assert not transport.reading
            rig.files.leave.set()
            await until(lambda: transport.sent.count(b"302 Found") == 30)
            assert transport.reading

    run(play())


def test_who_does_not_read_is_not_served_on(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            connection, transport = rig.connect()
            connection.pause_writing()
            connection.data_received(click(1) + click(2))
            await asyncio.sleep(0.01)
            assert rig.server.requests == 0 and not transport.reading
            connection.resume_writing()
            await until(lambda: transport.sent.count(b"302 Found") == 2)
            assert transport.reading

    run(play())


def test_a_connection_that_went_away_is_not_written_to(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            rig.files.leave.clear()
            connection, transport = rig.connect()
            connection.data_received(click(1))
            transport.closed = True
            rig.files.leave.set()
            await rig.commit.drain()
            connection.connection_lost(None)
            assert transport.sent == b"" and not rig.server.connections
            assert len(rig.records()) == 1

    run(play())


def test_segments_roll_while_answers_flow(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            connection, transport = rig.connect()
            for start in range(0, 3_000, 50):
                connection.data_received(b"".join(click(number) for number in range(start, start + 50)))
                await until(lambda due=start + 50: transport.sent.count(b"302 Found") == due)
            assert len(list(rig.folder.glob("*.journal"))) > 1
            assert len(rig.records()) == 3_000

    run(play())


def test_a_promise_names_its_record_also_where_a_segment_ends_within_a_message(tmp_path: Path):
    async def play() -> None:
        with rigged(tmp_path) as rig:
            connection, transport = rig.connect()
            for round_ in range(12):
                reports = [{"order_id": 7, "event_id": f"{round_}/{number}"} for number in range(300)]
                body = json.dumps(reports).encode()
                head = f"POST /p/acme?token={TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.data_received(head.encode() + body)
                await until(lambda due=round_ + 1: transport.sent.count(b"202 Accepted") == due)
            # Each answer was compared, as it was written, with what was on disk then.
            records = [record for record, _ in promised(transport.sent)]
            assert len(set(records)) == 3_600
            segments = [{record.segment for record in records[start : start + 300]} for start in range(0, 3_600, 300)]
            assert any(len(within) > 1 for within in segments)

    run(play())
