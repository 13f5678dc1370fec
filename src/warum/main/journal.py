"""The journal folder as the port that the worker reads: files by ``edge.journal``, records by ``edge.codec``."""

from __future__ import annotations

from pathlib import Path

from warum.domain.records import Record
from warum.edge import codec
from warum.edge.journal import Cursor as FileCursor
from warum.edge.journal import JournalReader, stream_folder, streams
from warum.ports.journal import Cursor, RawRecord


class FileJournal:
    """``ports.journal.Journal`` over a folder, which need not exist yet. One thread at a time: the files it has open
    are its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._readers: dict[int, JournalReader] = {}

    def streams(self) -> list[int]:
        return streams(self._folder)

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        reader = self._readers.get(stream)
        if reader is None:
            reader = self._readers[stream] = JournalReader(stream_folder(self._folder, stream))
        records, behind = reader.read(_to_file(after), limit)
        return [RawRecord(*record) for record in records], _from_file(behind)

    def decode(self, raw: RawRecord) -> Record:
        return codec.decode(raw.type, raw.body)


# The port's cursor names the last record that was read, the file's cursor the next one. The port does not know where a
# segment's records begin.


def _to_file(cursor: Cursor) -> FileCursor:
    if cursor == Cursor.START:
        return FileCursor.START
    return FileCursor(cursor.segment, cursor.offset, cursor.number + 1)


def _from_file(cursor: FileCursor) -> Cursor:
    if cursor == FileCursor.START:
        return Cursor.START
    return Cursor(cursor.segment, cursor.offset, cursor.number - 1)
