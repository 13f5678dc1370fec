"""The journal's promises: what was synced comes back as it was, what was not may be gone but never comes back
mangled or twice, and no reader sees a record before it is durable."""

from __future__ import annotations

import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.edge.journal import (
    BODY_BYTES_MAX,
    AlreadyClaimed,
    Cursor,
    Files,
    JournalCorrupt,
    JournalFormatUnknown,
    JournalReader,
    JournalWriter,
    LossyFiles,
    RawRecord,
    RealFiles,
    drop_consumed,
    stream_folder,
    streams,
)
from warum.edge.journal.frames import FRAME_BYTES, HEADER_BYTES, frame, segment_path
from warum.kernel.ids import RecordId

SEGMENT = 72 * 1024  # little more than the room kept for the largest record: few records fill a segment
BODIES = st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=3_000)), max_size=30)


@contextmanager
def temporary() -> Iterator[Path]:
    """A fresh folder for each example of a law, which a fixture would not give."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "stream-3"


@contextmanager
def writing(folder: Path, files: Files | None = None) -> Iterator[JournalWriter]:
    writer = JournalWriter(folder, stream=3, files=files or RealFiles(), segment_bytes=SEGMENT)
    try:
        yield writer
    finally:
        writer.close()


def commit(writer: JournalWriter) -> None:
    batch = writer.take()
    if batch is not None:
        writer.write(batch)


def read_all(folder: Path, after: Cursor = Cursor.START, limit: int = 7) -> list[RawRecord]:
    reader = JournalReader(folder)
    found: list[RawRecord] = []
    try:
        while True:
            records, after = reader.read(after, limit)
            if not records:
                return found
            assert len(records) <= limit
            found += records
    finally:
        reader.close()


def mark(folder: Path) -> tuple[int, int]:
    word = int.from_bytes((folder / "head").read_bytes(), sys.byteorder)
    return word >> 32, word & 0xFFFF_FFFF


def set_mark(folder: Path, segment: int, offset: int) -> None:
    (folder / "head").write_bytes((segment << 32 | offset).to_bytes(8, sys.byteorder))


def patch(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


# What is written comes back


@settings(max_examples=25, deadline=None)
@given(BODIES, st.integers(1, 9), st.integers(1, 40))
def test_what_was_written_is_read_in_order(bodies: list[tuple[int, bytes]], group: int, limit: int):
    with temporary() as folder:
        written: list[RawRecord] = []
        with writing(folder) as writer:
            for index, (type_, body) in enumerate(bodies):
                promised = writer.next_id()
                assert writer.append(type_, body) == promised
                written.append(RawRecord(promised, type_, body))
                if index % group == 0:
                    commit(writer)
        assert read_all(folder, limit=limit) == written
        assert len({record.id for record in written}) == len(written)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, BODY_BYTES_MAX), max_size=12))
def test_the_identity_is_known_before_the_body_whatever_its_size(sizes: list[int]):
    with temporary() as folder, writing(folder) as writer:
        for size in sizes:
            assert writer.next_id() == writer.append(1, bytes(size))


def test_a_restart_goes_on_where_the_last_run_ended(tmp_path: Path):
    for body in (b"first", b"second", b"third"):
        with writing(tmp_path) as writer:
            writer.append(1, body)
    assert read_all(tmp_path) == [
        RawRecord(RecordId(3, 0, number), 1, body) for number, body in enumerate((b"first", b"second", b"third"))
    ]


def test_full_segments_are_closed_and_the_reader_crosses_them(tmp_path: Path):
    bodies = [bytes([index]) * 5_000 for index in range(40)]
    with writing(tmp_path) as writer:
        ids = [writer.append(1, body) for body in bodies]
        assert {record.segment for record in ids} == set(range(20))
        assert [record.number for record in ids[:4]] == [0, 1, 0, 1]
    assert [record.body for record in read_all(tmp_path)] == bodies
    with writing(tmp_path) as writer:
        assert writer.next_id() == RecordId(3, 20, 0)


def test_the_cursor_can_stand_anywhere(tmp_path: Path):
    with writing(tmp_path) as writer:
        for index in range(30):
            writer.append(1, bytes([index]) * 2_000)
    everything = read_all(tmp_path)
    reader = JournalReader(tmp_path)
    cursor = Cursor.START
    for position in range(30):
        assert read_all(tmp_path, cursor) == everything[position:]
        _, cursor = reader.read(cursor, 1)
    assert reader.read(cursor, 1) == ([], cursor)
    reader.close()


def test_the_format_is_frozen(tmp_path: Path):
    assert frame(7, 5, b"warum").hex() == "0107050000000500000042040ba2" + b"warum".hex()
    with writing(tmp_path) as writer:
        writer.append(7, b"warum")
    data = segment_path(tmp_path, 0).read_bytes()
    assert data[:24].hex() == b"warumjnl".hex() + "01000000" + "03000000" + "00000000" + "dda48412"
    assert data[24:43] == frame(7, 0, b"warum")
    assert data[43:] == bytes(SEGMENT - 43)
    assert mark(tmp_path) == (0, 43)


def test_a_body_has_a_limit_and_a_type_a_range(tmp_path: Path):
    with writing(tmp_path) as writer:
        writer.append(1, bytes(BODY_BYTES_MAX))
        with pytest.raises(ValueError, match="65536"):
            writer.append(1, bytes(BODY_BYTES_MAX + 1))
        for type_ in (0, 256, -1):
            with pytest.raises(ValueError, match="type"):
                writer.append(type_, b"")
    assert len(read_all(tmp_path)) == 1


def test_types_are_the_consumers_business(tmp_path: Path):
    with writing(tmp_path) as writer:
        for type_ in (1, 200, 255):
            writer.append(type_, b"")
    assert [record.type for record in read_all(tmp_path)] == [1, 200, 255]


# Folders


def test_nothing_was_written_yet(tmp_path: Path):
    reader = JournalReader(tmp_path / "missing")
    assert reader.read(Cursor.START, 10) == ([], Cursor.START)
    with writing(tmp_path / "missing") as writer:
        assert reader.read(Cursor.START, 10) == ([], Cursor.START)
        writer.append(1, b"now")
        commit(writer)
        assert [record.body for record in reader.read(Cursor.START, 10)[0]] == [b"now"]
    reader.close()


def test_streams_are_found_by_their_folders(tmp_path: Path):
    assert streams(tmp_path / "missing") == []
    for name in ("stream-10", "stream-2", "stream-x", "other"):
        (tmp_path / name).mkdir()
    assert streams(tmp_path) == [2, 10]
    assert stream_folder(tmp_path, 2) == tmp_path / "stream-2"


def test_files_are_private(tmp_path: Path):
    with writing(tmp_path / "journal" / "stream-3") as writer:
        writer.append(1, b"x")
    assert (tmp_path / "journal" / "stream-3").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "journal" / "stream-3").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_writer_is_refused(tmp_path: Path):
    with writing(tmp_path), pytest.raises(AlreadyClaimed, match="a writer already"):
        JournalWriter(tmp_path, stream=3, files=RealFiles(), segment_bytes=SEGMENT)
    with writing(tmp_path):
        pass


def test_a_folder_belongs_to_one_stream(tmp_path: Path):
    with writing(tmp_path):
        pass
    with pytest.raises(JournalCorrupt, match="stream 3, not 4"):
        JournalWriter(tmp_path, stream=4, files=RealFiles(), segment_bytes=SEGMENT)


def test_consumed_segments_can_go_when_they_are_old(tmp_path: Path):
    with writing(tmp_path) as writer:
        ids = [writer.append(1, bytes(5_000)) for _ in range(7)]
    reader = JournalReader(tmp_path)
    _, cursor = reader.read(Cursor.START, 6)
    for segment in (0, 1):
        os.utime(tmp_path / f"{segment:010d}.journal", ns=(0, (segment + 1) * 1_000))
    assert drop_consumed(tmp_path, cursor.segment, written_before_us=1) == []
    assert drop_consumed(tmp_path, cursor.segment, written_before_us=2) == [0]
    assert drop_consumed(tmp_path, cursor.segment, written_before_us=1 << 62) == [1]
    assert [record.id for record in reader.read(cursor, 10)[0]] == ids[6:]
    reader.close()
    with pytest.raises(JournalCorrupt, match=r"0000000000\.journal at 0: the segment is missing"):
        read_all(tmp_path)
    with writing(tmp_path) as writer:
        assert writer.next_id() == RecordId(3, 3, 1)


# Torn tails and damage


def test_a_cut_at_any_byte_recovers_exactly_the_whole_records(tmp_path: Path):
    bodies = [b"synced", b"also synced", b"torn?", b"torn too?"]
    original = tmp_path / "original"
    ends: list[int] = []
    with writing(original) as writer:
        for body in bodies:
            writer.append(1, body)
            commit(writer)
            ends.append(mark(original)[1])
    for noise in (b"\0", b"\xff"):
        for cut in range(ends[1], ends[3]):
            copy = tmp_path / f"{noise.hex()}-{cut}"
            shutil.copytree(original, copy)
            set_mark(copy, 0, ends[1])
            patch(segment_path(copy, 0), cut, noise * (ends[3] - cut))
            whole = sum(end <= cut for end in ends)
            with writing(copy) as writer:
                assert [record.body for record in read_all(copy)] == bodies[:whole]
                assert writer.append(1, b"next") == RecordId(3, 0, whole)
            assert [record.body for record in read_all(copy)] == [*bodies[:whole], b"next"]
            shutil.rmtree(copy)


def test_sound_frames_behind_a_hole_never_return(tmp_path: Path):
    with writing(tmp_path) as writer:
        for index in range(5):
            writer.append(1, b"before%d" % index)
        commit(writer)
        hole = mark(tmp_path)[1]
        for index in range(5):
            writer.append(1, b"behind%d" % index)
    size = FRAME_BYTES + len(b"behind0")
    set_mark(tmp_path, 0, hole)
    patch(segment_path(tmp_path, 0), hole, bytes(size))
    with writing(tmp_path) as writer:
        assert writer.cut_bytes == 5 * size
        writer.append(1, b"filling")  # of the hole's very size: the next frame would stand where it stood
    with writing(tmp_path) as writer:
        assert writer.next_id() == RecordId(3, 0, 6)
    assert [record.body for record in read_all(tmp_path)] == [b"before%d" % index for index in range(5)] + [b"filling"]


def test_a_mark_that_is_too_old_costs_nothing(tmp_path: Path):
    with writing(tmp_path) as writer:
        ids = [writer.append(1, bytes(3_000)) for _ in range(9)]
    reader = JournalReader(tmp_path)
    _, cursor = reader.read(Cursor.START, 8)
    set_mark(tmp_path, 0, 0)
    assert reader.read(cursor, 10) == ([], cursor)
    with writing(tmp_path):
        assert [record.id for record in reader.read(cursor, 10)[0]] == ids[8:]
    reader.close()


@pytest.fixture(scope="module")
def three_segments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journal") / "stream-3"
    with writing(folder) as writer:
        for index in range(13):
            writer.append(1, bytes([index]) * 1_500)
    assert mark(folder)[0] == 2
    return folder


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_before_the_mark_is_reported(three_segments: Path, data: st.DataObject):
    segment = data.draw(st.integers(0, 2))
    end = mark(three_segments)[1]
    if segment < 2:
        end = len(segment_path(three_segments, segment).read_bytes().rstrip(b"\0"))
    offset = data.draw(st.integers(0, end - 1))
    with temporary() as folder:
        shutil.copytree(three_segments, folder)
        path = segment_path(folder, segment)
        patch(path, offset, bytes([path.read_bytes()[offset] ^ 1 << data.draw(st.integers(0, 7))]))
        with pytest.raises(JournalCorrupt, match=rf"{path.name} at \d+"):
            read_all(folder)
        if segment == 2:
            with pytest.raises(JournalCorrupt, match=path.name):
                JournalWriter(folder, stream=3, files=RealFiles(), segment_bytes=SEGMENT)


def test_sound_records_before_the_damage_are_still_read(three_segments: Path, tmp_path: Path):
    folder = tmp_path / "stream-3"
    shutil.copytree(three_segments, folder)
    third = HEADER_BYTES + 2 * (FRAME_BYTES + 1_500)
    patch(segment_path(folder, 0), third + FRAME_BYTES, b"\xff")
    reader = JournalReader(folder)
    records, cursor = reader.read(Cursor.START, 100)
    assert len(records) == 2
    with pytest.raises(JournalCorrupt, match=rf"0000000000\.journal at {third}: "):
        reader.read(cursor, 100)
    reader.close()


def test_an_old_segment_does_not_end_in_a_zeroed_page(three_segments: Path, tmp_path: Path):
    folder = tmp_path / "stream-3"
    shutil.copytree(three_segments, folder)
    patch(segment_path(folder, 0), HEADER_BYTES + FRAME_BYTES + 1_500, bytes(20_000))
    with pytest.raises(JournalCorrupt, match=f"at {HEADER_BYTES + FRAME_BYTES + 1_500}: "):
        read_all(folder)


def test_a_record_that_stands_in_anothers_place_is_reported(tmp_path: Path):
    with writing(tmp_path) as writer:
        writer.append(1, b"one")
        writer.append(1, b"two")
    size = FRAME_BYTES + 3
    patch(segment_path(tmp_path, 0), HEADER_BYTES + size, frame(1, 0, b"one"))
    with pytest.raises(JournalCorrupt, match=f"at {HEADER_BYTES + size}: "):
        read_all(tmp_path)


def test_records_of_a_later_release_are_not_cut(tmp_path: Path):
    with writing(tmp_path) as writer:
        writer.append(1, b"ours")
    end = mark(tmp_path)[1]
    fields = struct.pack("<BBII", 2, 9, 5, 77)
    later = fields + struct.pack("<I", crc32(b"later", crc32(fields))) + b"later"
    patch(segment_path(tmp_path, 0), end, later)
    before = segment_path(tmp_path, 0).read_bytes()
    with pytest.raises(JournalFormatUnknown, match=f"at {end}: "):
        JournalWriter(tmp_path, stream=3, files=RealFiles(), segment_bytes=SEGMENT)
    assert segment_path(tmp_path, 0).read_bytes() == before
    set_mark(tmp_path, 0, end + len(later))
    reader = JournalReader(tmp_path)
    records, cursor = reader.read(Cursor.START, 1)
    assert [record.body for record in records] == [b"ours"]
    with pytest.raises(JournalFormatUnknown, match=f"at {end}: "):
        reader.read(cursor, 1)
    reader.close()


# Syncs


class Watched(RealFiles):
    """The disk, with a hand on its syncs."""

    def __init__(self) -> None:
        self.may_sync = threading.Event()
        self.may_sync.set()
        self.syncing = threading.Event()
        self.fail_sync = False
        self.fail_create = 0

    def datasync(self, fd: int) -> None:
        self.syncing.set()
        assert self.may_sync.wait(120)
        if self.fail_sync:
            raise OSError(5, "Input/output error")
        super().datasync(fd)

    def create(self, path: Path, head: bytes, size: int) -> None:
        if self.fail_create:
            self.fail_create -= 1
            raise OSError(28, "No space left on device")
        super().create(path, head, size)


def test_nobody_reads_a_record_before_its_sync_ended(tmp_path: Path):
    files = Watched()
    reader = JournalReader(tmp_path)
    with writing(tmp_path, files) as writer:
        writer.append(1, b"first")
        assert reader.read(Cursor.START, 10)[0] == []
        batch = writer.take()
        assert batch is not None
        assert batch.records == 1
        files.may_sync.clear()
        files.syncing.clear()
        thread = threading.Thread(target=writer.write, args=(batch,))
        thread.start()
        assert files.syncing.wait(120)
        # The bytes are in the system's cache, where any reader would find them, but not on the disk.
        assert b"first" in segment_path(tmp_path, 0).read_bytes()
        assert reader.read(Cursor.START, 10)[0] == []
        assert writer.append(1, b"second") == RecordId(3, 0, 1)
        files.may_sync.set()
        thread.join()
        records, cursor = reader.read(Cursor.START, 10)
        assert [record.body for record in records] == [b"first"]
        commit(writer)
        assert [record.body for record in reader.read(cursor, 10)[0]] == [b"second"]
        assert writer.take() is None
    reader.close()


def test_appends_go_on_while_another_thread_writes_and_a_third_reads(tmp_path: Path):
    total = 3_000
    seen: list[RawRecord] = []

    def follow() -> None:
        reader, cursor = JournalReader(tmp_path), Cursor.START
        while len(seen) < total:
            records, cursor = reader.read(cursor, 500)
            seen.extend(records)
        reader.close()

    follower = threading.Thread(target=follow)
    with writing(tmp_path) as writer:
        follower.start()
        appended: list[RecordId] = []
        while len(appended) < total:
            batch = writer.take()
            thread = threading.Thread(target=writer.write, args=(batch,)) if batch else None
            if thread:
                thread.start()
            for _ in range(100):
                number = len(appended)
                appended.append(writer.append(1 + number % 255, b"%d" % number * 20))
            if thread:
                thread.join()
        commit(writer)
        follower.join()
    assert [record.id for record in seen] == appended
    assert [record.body for record in seen] == [b"%d" % number * 20 for number in range(total)]
    assert appended[-1].segment > 0


def test_after_a_failed_sync_only_a_new_writer_goes_on(tmp_path: Path):
    files = Watched()
    with writing(tmp_path, files) as writer:
        writer.append(1, b"safe")
        commit(writer)
        writer.append(1, b"unsure")
        files.fail_sync = True
        with pytest.raises(OSError, match="Input/output"):
            commit(writer)
        files.fail_sync = False
        writer.append(1, b"later")
        with pytest.raises(RuntimeError, match="earlier sync failed"):
            commit(writer)
        assert [record.body for record in read_all(tmp_path)] == [b"safe"]
    with writing(tmp_path):
        assert [record.body for record in read_all(tmp_path)] == [b"safe", b"unsure"]


def test_batches_are_written_in_the_order_of_taking(tmp_path: Path):
    with writing(tmp_path) as writer:
        writer.append(1, b"a")
        first = writer.take()
        writer.append(1, b"b")
        second = writer.take()
        assert first is not None
        assert second is not None
        with pytest.raises(RuntimeError, match="batch 0 is due, not 1"):
            writer.write(second)
        writer.write(first)
        writer.write(second)
    assert [record.body for record in read_all(tmp_path)] == [b"a", b"b"]


def test_a_full_disk_stops_at_the_end_of_the_segment_and_goes_on_when_there_is_room(tmp_path: Path):
    files = Watched()
    with writing(tmp_path):
        pass
    files.fail_create = 2
    with writing(tmp_path, files) as writer:
        ids = [writer.append(1, bytes(5_000)) for _ in range(2)]
        with pytest.raises(OSError, match="No space"):
            writer.append(1, b"no room")
        commit(writer)
        ids.append(writer.append(1, b"room again"))
    assert ids[2] == RecordId(3, 1, 0)
    assert [record.id for record in read_all(tmp_path)] == ids


# A power cut, as LossyFiles plays it


class Cut(BaseException):
    """The power is gone. Not an Exception, so that nothing tidies up by mistake."""


class FailingDisk(RealFiles):
    """Takes so many pieces, then nothing any more."""

    def __init__(self) -> None:
        self.pieces_left = 1 << 60

    def write(self, fd: int, data: bytes | bytearray | memoryview, offset: int) -> None:
        if not self.pieces_left:
            raise Cut
        self.pieces_left -= 1
        super().write(fd, data, offset)


class Listening(RealFiles):
    """Notes what it is told to write."""

    def __init__(self) -> None:
        self.written: list[tuple[int, bytes]] = []

    def write(self, fd: int, data: bytes | bytearray | memoryview, offset: int) -> None:
        self.written.append((offset, bytes(data)))
        super().write(fd, data, offset)


def test_the_lossy_disk_writes_on_sync_only_and_sectors_in_any_order(tmp_path: Path):
    below = Listening()
    files = LossyFiles(below, random.Random(1))
    path = tmp_path / "file"
    files.create(path, b"", 10_000)
    fd = files.open(path)
    files.write(fd, b"a" * 5_000, 100)
    files.write(fd, b"b" * 10, 5_100)
    assert below.written == []
    assert files.read(path) == bytes(10_000)
    files.datasync(fd)
    assert files.read(path) == bytes(100) + b"a" * 5_000 + b"b" * 10 + bytes(4_890)
    assert all(offset // 512 == (offset + len(data) - 1) // 512 for offset, data in below.written)
    assert below.written != sorted(below.written)
    files.write(fd, b"lost", 0)
    files.close(fd)
    assert files.read(path)[:4] == bytes(4)


def test_half_a_segment_does_not_stay_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        RealFiles().create(tmp_path / "file", b"", 10_000)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=40, deadline=None)
@given(
    synced=st.lists(st.binary(max_size=1_500), max_size=6),
    cut=st.lists(st.binary(min_size=1, max_size=1_500), min_size=1, max_size=6),
    pieces=st.integers(0, 20),
    seed=st.integers(0, 1 << 32),
)
def test_a_power_cut_in_a_sync_leaves_a_prefix(synced: list[bytes], cut: list[bytes], pieces: int, seed: int):
    disk = FailingDisk()
    with temporary() as folder:
        writer = JournalWriter(folder, stream=3, files=LossyFiles(disk, random.Random(seed)), segment_bytes=SEGMENT)
        for body in synced:
            writer.append(1, body)
        commit(writer)
        for body in cut:
            writer.append(1, body)
        disk.pieces_left = pieces
        try:
            commit(writer)
            durable = synced + cut
        except Cut:
            durable = synced
        writer.close()
        with writing(folder) as after:
            found = [record.body for record in read_all(folder)]
            assert found[: len(durable)] == durable
            assert found == (synced + cut)[: len(found)]
            after.append(1, b"after")
        assert [record.body for record in read_all(folder)] == [*found, b"after"]


CHILD = """
import os, random, signal, sys, threading
from pathlib import Path
from warum.edge.journal import JournalWriter, LossyFiles, RealFiles

folder, mode, pieces = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

class Disk(RealFiles):
    left = 1 << 60
    def write(self, fd, data, offset):
        if not Disk.left:
            os.kill(os.getpid(), signal.SIGKILL)
        Disk.left -= 1
        super().write(fd, data, offset)

class Unsynced(LossyFiles):
    def datasync(self, fd):
        if mode == "before":
            print("written", flush=True)
            signal.pause()
        super().datasync(fd)

files = LossyFiles(Disk(), random.Random(pieces))
writer = JournalWriter(folder, stream=3, files=files, segment_bytes=72 * 1024)
number = 0
def group():
    global number
    for _ in range(20):
        writer.append(1, b"%d" % number * 30)
        number += 1
    writer.write(writer.take())
    print(number, flush=True)

group()
if mode == "before":
    files.__class__ = Unsynced
elif mode == "within":
    Disk.left = pieces
while True:
    group()
"""


def child(folder: Path, mode: str, pieces: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), mode, str(pieces)], stdout=subprocess.PIPE, text=True
    )


def recovered(folder: Path) -> list[bytes]:
    with writing(folder):
        return [record.body for record in read_all(folder)]


def test_a_kill_before_the_sync_loses_the_group_and_nothing_else(tmp_path: Path):
    process = child(tmp_path, "before")
    assert process.stdout is not None
    assert process.stdout.readline() == "20\n"
    assert process.stdout.readline() == "written\n"
    with pytest.raises(AlreadyClaimed):
        JournalWriter(tmp_path, stream=3, files=RealFiles(), segment_bytes=SEGMENT)
    process.kill()
    process.communicate()
    assert recovered(tmp_path) == [b"%d" % number * 30 for number in range(20)]


@pytest.mark.parametrize("pieces", [0, 1, 2, 3])
def test_a_kill_within_the_sync_keeps_what_was_acknowledged(tmp_path: Path, pieces: int):
    process = child(tmp_path, "within", pieces)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    acknowledged = int(output.split()[-1])
    found = recovered(tmp_path)
    assert acknowledged <= len(found) < acknowledged + 20
    assert found == [b"%d" % number * 30 for number in range(len(found))]


def test_a_kill_at_any_moment_keeps_what_was_acknowledged(tmp_path: Path):
    found: list[bytes] = []
    for groups in (1, 7, 40):
        process = child(tmp_path / str(groups), "freely")
        assert process.stdout is not None
        for _ in range(groups):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        acknowledged = int(rest.split()[-1]) if rest.strip() else groups * 20
        found = recovered(tmp_path / str(groups))
        assert len(found) >= acknowledged
        assert found == [b"%d" % number * 30 for number in range(len(found))]
