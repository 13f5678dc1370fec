"""The journal's bytes. A stream is a folder of segments, numbered from 0; a segment is a header, then frames, then
zeros up to its size:

    header  magic 8s | format u8 | 3 zeros | stream u32 | segment u32 | crc32 u32
    frame   format u8 | type u8 | body length u32 | number u32 | crc32 u32 | body

All little-endian. A frame's checksum covers its first ten bytes and its body. The format is never 0, so zero fill is
recognised as the end; numbers count from 0 in each segment. A full segment ends with a closing frame (type 0, no
body): without it, a zeroed page in the middle of an old segment would pass for its end.

`<folder>/head` is the synced mark: segment << 32 | offset as one aligned 64-bit word in the machine's byte order, so
that a reader in another process sees either the old or the new one."""

from __future__ import annotations

import struct
from enum import Enum, auto
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

from warum.kernel.ids import RecordId

FORMAT: Final = 1
BODY_BYTES_MAX: Final = 64 * 1024
TYPE_CLOSING: Final = 0
MARK_BYTES: Final = 8

_MAGIC: Final = b"warumjnl"
_HEADER: Final = struct.Struct("<8sB3xII")
_FIELDS: Final = struct.Struct("<BBII")
_FRAME: Final = struct.Struct("<BBIII")
_CRC: Final = struct.Struct("<I")
HEADER_BYTES: Final = _HEADER.size + _CRC.size
FRAME_BYTES: Final = _FRAME.size
_SUFFIX: Final = ".journal"
_STREAM: Final = "stream-"


class JournalCorrupt(RuntimeError):
    """The journal's files contradict themselves before the synced mark: a failing disk, or a foreign hand."""


class JournalFormatUnknown(RuntimeError):
    """A later release wrote here; reading on, or cutting it off as torn, would lose its records."""


class RawRecord(NamedTuple):
    """A record as it stands; what its type means is the consumer's knowledge."""

    id: RecordId
    type: int
    body: bytes


class Stop(Enum):
    """Why parsing ended."""

    LIMIT = auto()
    MORE = auto()  # the next frame is not complete in these bytes
    CLOSED = auto()  # the segment is over
    DAMAGED = auto()  # no frame stands here: zero fill, a torn write, or worse
    FORMAT = auto()  # a sound frame of another format version


class Parsed(NamedTuple):
    records: list[RawRecord]
    at: int
    """Where the first byte that was not consumed stands in the data."""
    number: int
    """The number that the next record has."""
    stop: Stop


def stream_folder(journal: Path, stream: int) -> Path:
    """Where a stream lives in the journal's folder."""
    return journal / f"{_STREAM}{stream}"


def streams(journal: Path) -> list[int]:
    """The streams in the journal's folder, in order; none if the folder is missing."""
    numbers = (folder.name.removeprefix(_STREAM) for folder in journal.glob(f"{_STREAM}*"))
    return sorted(int(number) for number in numbers if number.isdecimal())


def segment_path(folder: Path, segment: int) -> Path:
    return folder / f"{segment:010d}{_SUFFIX}"


def segments(folder: Path) -> list[int]:
    """The segments of a stream that exist, in order."""
    return sorted(int(path.stem) for path in folder.glob(f"*{_SUFFIX}"))


def header(stream: int, segment: int) -> bytes:
    fields = _HEADER.pack(_MAGIC, FORMAT, stream, segment)
    return fields + _CRC.pack(crc32(fields))


def header_stream(data: bytes, *, segment: int, path: Path) -> int:
    """The stream named by a segment's header.

    Raises JournalFormatUnknown, or JournalCorrupt when it is not the header of this segment."""
    if len(data) < HEADER_BYTES or crc32(data[: _HEADER.size]) != _CRC.unpack_from(data, _HEADER.size)[0]:
        raise JournalCorrupt(f"{path} at 0: the segment's header is damaged")
    magic, version, stream, found = _HEADER.unpack_from(data)
    if magic != _MAGIC or (version == FORMAT and found != segment):
        raise JournalCorrupt(f"{path} at 0: this is not segment {segment} of a journal")
    if version != FORMAT:
        raise JournalFormatUnknown(f"{path} at 0: format {version}; this release reads format {FORMAT}")
    return stream


def frame(type_: int, number: int, body: bytes) -> bytes:
    fields = _FIELDS.pack(FORMAT, type_, len(body), number)
    return b"%b%b%b" % (fields, _CRC.pack(crc32(body, crc32(fields))), body)


def parse(data: bytes, at: int, *, stream: int, segment: int, number: int, limit: int) -> Parsed:
    """At most `limit` records from `data[at:]`, the first of which must have the given number.

    One loop serves the reader and the recovery, so that they cannot disagree about what a record is."""
    records: list[RawRecord] = []
    unpack, fields_bytes, size_total = _FRAME.unpack_from, _FIELDS.size, len(data)
    stop = Stop.LIMIT
    while len(records) < limit:
        start = at + FRAME_BYTES
        if start > size_total:
            stop = Stop.MORE
            break
        version, type_, size, found, checksum = unpack(data, at)
        end = start + size
        if size > BODY_BYTES_MAX:
            stop = Stop.DAMAGED
            break
        if end > size_total:
            stop = Stop.MORE
            break
        body = data[start:end]
        if checksum != crc32(body, crc32(data[at : at + fields_bytes])) or version == 0:
            stop = Stop.DAMAGED
            break
        if version != FORMAT:
            stop = Stop.FORMAT
            break
        if found != number:
            stop = Stop.DAMAGED
            break
        at = end
        if type_ == TYPE_CLOSING:
            stop = Stop.CLOSED
            break
        records.append(RawRecord(RecordId(stream, segment, number), type_, body))
        number += 1
    return Parsed(records, at, number, stop)
