"""Every record that a journal holds, from the oldest segment that retention left up to the synced mark: for those who
look at all of it at once, beside a running edge and without a place in it to come back to.

What cannot be read is told and stepped over, segment by segment, since the rest can still be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from warum.edge.journal.frames import (
    HEADER_BYTES,
    JournalCorrupt,
    JournalFormatUnknown,
    RawRecord,
    Stop,
    header_stream,
    parse,
    segment_path,
    segments,
    stream_folder,
    streams,
)
from warum.edge.journal.reader import synced_mark

_RECORDS_AT_ONCE: Final = 4_096


@dataclass(slots=True, kw_only=True)
class Covered:
    """What of a stream there is to read, taken when the walk began, and what was met on the way.

    Attributes:
        segments: that exist, in order; those before the first went with retention.
        until: segment and offset of the synced mark; what lies behind it nobody was answered for.
        faults: what could not be read, with file and offset, in words.
        records: read so far, of any type.
    """

    stream: int
    segments: tuple[int, ...]
    until: tuple[int, int]
    faults: list[str] = field(default_factory=list[str])
    records: int = 0
    unsynced_bytes: int = 0


class Walk:
    """One pass. Records that are written after it was made are left out.

    Raises OSError when a folder cannot be looked at."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self.covered: Final = [_covered(journal, stream) for stream in streams(journal)]

    def records(self, covered: Covered) -> Iterator[list[RawRecord]]:
        """The records of one of the streams, some at a time, in order."""
        folder = stream_folder(self._journal, covered.stream)
        last, end = covered.until
        if covered.segments and last < covered.segments[0]:
            covered.faults.append(f"{folder / 'head'}: the synced mark is missing, or was set back; nothing was read")
            return
        expected = covered.segments[0] if covered.segments else 0
        for segment in covered.segments:
            if segment > last:
                break  # made ahead of its time
            if segment != expected:
                covered.faults.append(f"{segment_path(folder, expected)} at 0: the segment is missing")
            expected = segment + 1
            path = segment_path(folder, segment)
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                covered.faults.append(f"{path} at 0: retention dropped the segment meanwhile")
                continue
            if segment == last:
                covered.unsynced_bytes = len(data[end:].rstrip(b"\0"))
                data = data[:end]
            yield from _records(path, data, segment, covered)
        if covered.segments and expected <= last and end > HEADER_BYTES:
            covered.faults.append(f"{segment_path(folder, expected)} at 0: the segment is missing")


def _covered(journal: Path, stream: int) -> Covered:
    folder = stream_folder(journal, stream)
    # The mark first: a segment that it names exists then, unless it is lost.
    until = synced_mark(folder)
    return Covered(stream=stream, segments=tuple(segments(folder)), until=until)


def _records(path: Path, data: bytes, segment: int, covered: Covered) -> Iterator[list[RawRecord]]:
    try:
        stream = header_stream(data, segment=segment, path=path)
    except (JournalCorrupt, JournalFormatUnknown) as error:
        covered.faults.append(str(error))
        return
    if stream != covered.stream:
        covered.faults.append(f"{path} at 0: it belongs to stream {stream}, not {covered.stream}")
        return
    at, number, stop = HEADER_BYTES, 0, Stop.LIMIT
    while stop is Stop.LIMIT:
        parsed = parse(data, at, stream=stream, segment=segment, number=number, limit=_RECORDS_AT_ONCE)
        at, number, stop = parsed.at, parsed.number, parsed.stop
        covered.records += len(parsed.records)
        if parsed.records:
            yield parsed.records
    if stop is Stop.FORMAT:
        covered.faults.append(f"{path} at {at}: a record of another format version; a later release wrote it")
    elif stop is not Stop.CLOSED and not (segment == covered.until[0] and at == len(data)):
        covered.faults.append(f"{path} at {at}: a synced record is damaged; what follows in this segment was not read")
