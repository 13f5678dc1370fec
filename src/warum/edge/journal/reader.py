"""Following a stream from another process. The reader never goes beyond the synced mark: a record that was read but
lost in a power cut would share its identity with the one that is written in its place."""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import ClassVar, Final

from warum.edge.journal.frames import (
    BODY_BYTES_MAX,
    FRAME_BYTES,
    HEADER_BYTES,
    MARK_BYTES,
    JournalCorrupt,
    JournalFormatUnknown,
    RawRecord,
    Stop,
    header_stream,
    parse,
    segment_path,
    segments,
)

_CHUNK_BYTES: Final = 256 * 1024
assert _CHUNK_BYTES > FRAME_BYTES + BODY_BYTES_MAX  # or a large record would never fit


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place between two records. Store it with what was made of the records before it."""

    segment: int
    offset: int
    number: int

    START: ClassVar[Cursor]


Cursor.START = Cursor(0, HEADER_BYTES, 0)


class JournalReader:
    """Reads a stream's folder, which need not exist yet. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mark_view: memoryview[int] | None = None
        self._fd = -1
        self._segment = -1
        self._stream = -1

    def read(self, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        """At most `limit` synced records behind the cursor, in order, and the cursor behind them. An empty list says
        that there are no more at present.

        Raises JournalCorrupt, naming file and offset, when what was synced does not read back, and
        JournalFormatUnknown when a later release wrote it."""
        records: list[RawRecord] = []
        mark_segment, mark_offset = self._mark()
        cursor = after
        while len(records) < limit and (cursor.segment, cursor.offset) < (mark_segment, mark_offset):
            self._open(cursor.segment)
            end = mark_offset if cursor.segment == mark_segment else 1 << 32
            data = os.pread(self._fd, min(_CHUNK_BYTES, end - cursor.offset), cursor.offset)
            parsed = parse(
                data,
                0,
                stream=self._stream,
                segment=cursor.segment,
                number=cursor.number,
                limit=limit - len(records),
            )
            records += parsed.records
            cursor = Cursor(cursor.segment, cursor.offset + parsed.at, parsed.number)
            match parsed.stop:
                case Stop.LIMIT:
                    break
                case Stop.CLOSED:
                    cursor = Cursor(cursor.segment + 1, HEADER_BYTES, 0)
                case Stop.FORMAT:
                    raise JournalFormatUnknown(
                        f"{self._where(cursor)}: a record of another format version; a later release wrote it"
                    )
                case Stop.MORE if parsed.at:
                    pass
                case Stop.MORE | Stop.DAMAGED:
                    if records:
                        break  # hand out what is sound; the next call stands at the damage and says so
                    raise JournalCorrupt(f"{self._where(cursor)}: a synced record is damaged")
        return records, cursor

    def close(self) -> None:
        """Let go of the open files; the reader may be used again."""
        self._close_segment()
        self._mark_view = None

    def _mark(self) -> tuple[int, int]:
        if self._mark_view is None:
            self._mark_view = _mark_view(self._folder)
        return _place(self._mark_view)

    def _open(self, segment: int) -> None:
        if segment == self._segment:
            return
        path = segment_path(self._folder, segment)
        try:
            fd = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            raise JournalCorrupt(f"{path} at 0: the segment is missing, though records in it were synced") from None
        try:
            stream = header_stream(os.pread(fd, HEADER_BYTES, 0), segment=segment, path=path)
        except BaseException:
            os.close(fd)
            raise
        self._close_segment()
        self._fd, self._segment, self._stream = fd, segment, stream

    def _close_segment(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = self._segment = -1

    def _where(self, cursor: Cursor) -> str:
        return f"{segment_path(self._folder, cursor.segment)} at {cursor.offset}"


def synced_mark(folder: Path) -> tuple[int, int]:
    """Segment and offset up to which the stream is synced at this moment; its start if nothing ever was."""
    return _place(_mark_view(folder))


def drop_consumed(folder: Path, segment: int, *, written_before_us: int) -> list[int]:
    """Delete the segments before this one whose last record was written before that moment, and return their numbers.

    Args:
        segment: where the slowest of all who read the stream stands; who is behind it finds a segment missing and
            says so.
        written_before_us: by the clock of the file system, which stamps a segment with its last write.
    """
    old = takewhile(
        lambda path: path.stat().st_mtime_ns // 1_000 < written_before_us,
        (segment_path(folder, number) for number in segments(folder) if number < segment),
    )
    dropped: list[int] = []
    for path in old:
        path.unlink()
        dropped.append(int(path.stem))
    return dropped


def _mark_view(folder: Path) -> memoryview[int] | None:
    """The mark, which the writer moves; None as long as there is none."""
    try:
        fd = os.open(folder / "head", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if os.fstat(fd).st_size < MARK_BYTES:
            return None
        mapped = mmap.mmap(fd, MARK_BYTES, access=mmap.ACCESS_READ)
    finally:
        os.close(fd)
    return memoryview(mapped).cast("Q")


def _place(mark: memoryview[int] | None) -> tuple[int, int]:
    if mark is None:
        return 0, HEADER_BYTES
    word = mark[0]
    return word >> 32, word & 0xFFFF_FFFF
