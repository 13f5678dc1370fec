"""The journal as its consumer sees it: raw records after a cursor, in the order they were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from warum.domain.records import Record
from warum.kernel.ids import RecordId


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream was read: the record after ``number`` begins at byte ``offset`` of ``segment``."""

    segment: int
    offset: int
    number: int

    START: ClassVar[Cursor]


Cursor.START = Cursor(0, 0, -1)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as its bytes. ``type`` is a ``RecordType`` value, or one that this version does not know."""

    id: RecordId
    type: int
    body: bytes


class Journal(Protocol):
    """Streams of records, each with one writer."""

    def streams(self) -> list[int]:
        """The streams that exist."""
        ...

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        """At most ``limit`` synced records and the cursor behind the last of them."""
        ...

    def decode(self, raw: RawRecord) -> Record:
        """The record behind the bytes.

        Raises:
            LookupError: the type is unknown: a newer edge wrote it, and the consumer has to stop.
            ValueError: the body does not decode; the record goes into quarantine.
        """
        ...
