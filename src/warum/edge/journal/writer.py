"""The one writer of a stream, with group commit. The event loop appends (memory only) and takes batches; another
thread writes them, one after the other, and meanwhile the loop appends on. What `write` returned for is durable, and
only then may an answer leave that depends on it.

Opening is recovery: the torn tail of the last run is cut and everything behind it zeroed, since a sound frame beyond
a hole would otherwise return from the dead once the hole is filled."""

from __future__ import annotations

import mmap
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from warum.edge.disk import claim, private_folder, sync_folder
from warum.edge.journal.files import Files
from warum.edge.journal.frames import (
    BODY_BYTES_MAX,
    FRAME_BYTES,
    HEADER_BYTES,
    MARK_BYTES,
    TYPE_CLOSING,
    JournalCorrupt,
    JournalFormatUnknown,
    Stop,
    frame,
    header,
    header_stream,
    parse,
    segment_path,
    segments,
)
from warum.kernel.ids import RecordId

SEGMENT_BYTES: Final = 32 * 1024 * 1024

# A record of any legal size must fit before the closing frame, or the segment is full. So the identity of the next
# record never depends on its size, and the arm can be drawn by it before the body exists.
_ROOM: Final = FRAME_BYTES + BODY_BYTES_MAX + FRAME_BYTES
_SCAN_RECORDS: Final = 10_000


class _Part(NamedTuple):
    """Bytes for one segment."""

    fd: int
    segment: int
    offset: int
    data: bytes | bytearray
    last: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Records on their way to the disk."""

    parts: tuple[_Part, ...]
    records: int
    serial: int


class JournalWriter:
    """Not for several threads, with one exception: `write` may run in another one."""

    def __init__(self, folder: Path, *, stream: int, files: Files, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Claim the stream, recover what its last writer left, and stand ready to append.

        `folder` is the stream's own (`stream_folder`). Raises AlreadyClaimed, JournalCorrupt when synced records are
        damaged, and JournalFormatUnknown when a later release wrote here."""
        if not HEADER_BYTES + _ROOM <= segment_bytes < 1 << 32:
            raise ValueError(f"a segment has {HEADER_BYTES + _ROOM} to {(1 << 32) - 1} bytes, not {segment_bytes}")
        self._folder = folder
        self._stream = stream
        self._files = files
        self._segment_bytes = segment_bytes
        private_folder(folder)
        self._lock = claim(folder)
        try:
            self._mark, self._mark_map = _open_mark(folder)
            found = _recover(folder, stream, files, segment_bytes, self._mark[0])
        except BaseException:
            os.close(self._lock)
            raise
        self.cut_bytes: Final = found.cut_bytes
        """How many bytes of a torn tail were thrown away on opening; none of them was ever acknowledged."""
        self._fd = found.fd
        self._segment = found.segment
        self._capacity = found.capacity
        self._number = found.number
        self._end = found.end
        self._taken = found.end
        self._mark[0] = _mark(found.segment, found.end)
        self._buffer = bytearray()
        self._full: list[_Part] = []
        self._records = 0
        self._serial_taken = 0
        self._serial_written = 0
        self._failed = False
        self._closed = False
        self._background = ThreadPoolExecutor(1, thread_name_prefix="journal-segment")
        self._spare = self._prepare()

    def next_id(self) -> RecordId:
        """The identity that the next append gets, whatever its size. Raises OSError when the next segment is due
        and cannot be made."""
        if self._end + _ROOM > self._capacity:
            self._roll()
        return RecordId(self._stream, self._segment, self._number)

    def append(self, type_: int, body: bytes) -> RecordId:
        """Put a record in line; it is in memory only. Raises ValueError for a type outside 1–255 or a body above
        64 KiB, and OSError as `next_id`."""
        if len(body) > BODY_BYTES_MAX:
            raise ValueError(f"a record's body has at most {BODY_BYTES_MAX} bytes, not {len(body)}")
        if not 0 < type_ < 256:
            raise ValueError(f"a record's type is 1 to 255, not {type_}")
        record = self.next_id()
        data = frame(type_, self._number, body)
        self._buffer += data
        self._end += len(data)
        self._number += 1
        self._records += 1
        return record

    def take(self) -> Batch | None:
        """Everything appended since the last take, or None. Every batch must be written, in the order of taking."""
        if not self._records and not self._full:
            return None
        parts = (*self._full, _Part(self._fd, self._segment, self._taken, self._buffer, last=False))
        batch = Batch(parts, self._records, self._serial_taken)
        self._full = []
        self._buffer = bytearray()
        self._taken = self._end
        self._records = 0
        self._serial_taken += 1
        return batch

    def write(self, batch: Batch) -> None:
        """Write and sync; on return the batch is durable and readers may see it.

        An OSError means that nobody knows what is on the disk: the process must end, and its successor recovers.
        Until then this writer refuses every further batch."""
        if self._failed:
            raise RuntimeError("an earlier sync failed; only a new writer may go on, after recovery")
        if batch.serial != self._serial_written:
            raise RuntimeError(f"batch {self._serial_written} is due, not {batch.serial}")
        self._failed = True  # until the opposite is known
        for part in batch.parts:
            # One segment is synced before the next is touched, so recovery need look at the last one only.
            if part.data:
                self._files.write(part.fd, part.data, part.offset)
                self._files.datasync(part.fd)
                self._mark[0] = _mark(part.segment, part.offset + len(part.data))
            if part.last:
                self._files.close(part.fd)
        self._serial_written += 1
        self._failed = False

    def close(self) -> None:
        """Write what is left, unless a sync has failed before, and let go of the stream."""
        if self._closed:
            return
        self._closed = True
        try:
            batch = self.take()
            if batch is not None and not self._failed:
                self.write(batch)
        finally:
            self._background.shutdown()
            if self._spare.exception() is None:
                self._files.close(self._spare.result())
            self._files.close(self._fd)
            self._mark.release()
            self._mark_map.close()
            os.close(self._lock)

    def _roll(self) -> None:
        """Close this segment and go to the next, which stands ready unless the disk is much slower than the clicks.
        Nothing changes here if it cannot be made, so a later attempt may succeed when there is room again."""
        segment = self._segment + 1
        try:
            fd = self._spare.result()
        except OSError:
            self._spare = self._prepare()
            fd = self._spare.result()
        self._buffer += frame(TYPE_CLOSING, self._number, b"")
        self._full.append(_Part(self._fd, self._segment, self._taken, self._buffer, last=True))
        self._buffer = bytearray()
        self._fd, self._segment, self._capacity = fd, segment, self._segment_bytes
        self._number = 0
        self._end = self._taken = HEADER_BYTES
        self._spare = self._prepare()

    def _prepare(self) -> Future[int]:
        """The next segment, made in the background while this one fills."""
        return self._background.submit(
            _create, self._folder, self._stream, self._segment + 1, self._files, self._segment_bytes
        )


class _Found(NamedTuple):
    """Where writing goes on."""

    fd: int
    segment: int
    capacity: int
    number: int
    end: int
    cut_bytes: int


def _mark(segment: int, offset: int) -> int:
    return segment << 32 | offset


def _open_mark(folder: Path) -> tuple[memoryview[int], mmap.mmap]:
    path = folder / "head"
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(fd, MARK_BYTES)
        mapped = mmap.mmap(fd, MARK_BYTES)
    finally:
        os.close(fd)
    sync_folder(folder)
    return memoryview(mapped).cast("Q"), mapped


def _create(folder: Path, stream: int, segment: int, files: Files, segment_bytes: int) -> int:
    path = segment_path(folder, segment)
    files.create(path, header(stream, segment), segment_bytes)
    return files.open(path)


def _recover(folder: Path, stream: int, files: Files, segment_bytes: int, mark: int) -> _Found:
    """Find the end of the last segment in use and clear everything behind it.

    The mark on the disk was set after a sync, so it may be too old, never too new: sound records behind it are kept
    (their sync may have ended just before the crash), damage before it is a fault that recovery must not hide."""
    segment, data = _last_used(folder, files)
    if not data:
        if mark:
            raise JournalCorrupt(f"{folder}: synced records are missing from segment {mark >> 32} on")
        return _Found(_create(folder, stream, 0, files, segment_bytes), 0, segment_bytes, 0, HEADER_BYTES, 0)
    path = segment_path(folder, segment)
    found = header_stream(data, segment=segment, path=path)
    if found != stream:
        raise JournalCorrupt(f"{path} at 0: it belongs to stream {found}, not {stream}")
    number, end, stop = _scan(data, stream, segment)
    if stop is Stop.FORMAT:
        raise JournalFormatUnknown(
            f"{path} at {end}: a record of another format version; use the release that wrote it"
        )
    closed = stop is Stop.CLOSED
    if (_mark(segment + 1, HEADER_BYTES) if closed else _mark(segment, end)) < mark:
        raise JournalCorrupt(f"{path} at {end}: synced records are damaged or missing from here on")
    fd = files.open(path)
    # Everything from the mark on is written again, even where it reads well: after a failed sync the system's cache
    # may hold, and call clean, what never reached the disk.
    known = max(mark & 0xFFFF_FFFF, HEADER_BYTES) if mark >> 32 == segment else HEADER_BYTES
    files.write(fd, data[known:end] + bytes(len(data) - end), known)
    files.datasync(fd)
    cut = len(data[end:].rstrip(b"\0"))
    if not closed:
        return _Found(fd, segment, len(data), number, end, cut)
    files.close(fd)
    segment += 1
    fd = _create(folder, stream, segment, files, segment_bytes)
    return _Found(fd, segment, segment_bytes, 0, HEADER_BYTES, cut)


def _last_used(folder: Path, files: Files) -> tuple[int, bytes]:
    """The highest segment that has something behind its header, or the first one; empty bytes if there is none.
    Blank ones above it were made ahead of their time, and are made anew."""
    existing = segments(folder)
    for segment in reversed(existing):
        data = files.read(segment_path(folder, segment))
        if segment == existing[0] or data.count(0, HEADER_BYTES) != len(data) - HEADER_BYTES:
            return segment, data
    return 0, b""


def _scan(data: bytes, stream: int, segment: int) -> tuple[int, int, Stop]:
    """Number and offset of the first byte that is no sound record, and what stands there."""
    number, at, stop = 0, HEADER_BYTES, Stop.LIMIT
    while stop is Stop.LIMIT:
        parsed = parse(data, at, stream=stream, segment=segment, number=number, limit=_SCAN_RECORDS)
        number, at, stop = parsed.number, parsed.at, parsed.stop
    return number, at, stop
