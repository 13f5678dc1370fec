"""The lake: what the edge saw, as files for analysis. It reads the journal by itself, with its own offset, so that
it costs the ingest nothing and each record stands in it exactly once.

A file counts from the moment its row stands in the manifest, and that is written in one transaction with the offset. A
file without a row is what a crash left behind; it is overwritten, and never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from warum.domain.records import Record
from warum.kernel.ids import RecordId
from warum.ports.journal import Cursor


class LakeKind(StrEnum):
    """The tables of the lake."""

    CLICKS = "clicks"
    IMPRESSIONS = "impressions"
    POSTBACKS = "postbacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeFile:
    """A row of the manifest.

    Attributes:
        path: within the folder of the lake, with forward slashes.
    """

    kind: LakeKind
    first: RecordId
    last: RecordId
    path: str
    records: int
    bytes: int


class LakeStore(Protocol):
    """Manifest and offsets."""

    def position(self, stream: int) -> Cursor:
        """How far the stream stands in the lake."""
        ...

    def advance(self, stream: int, before: Cursor, after: Cursor, files: Sequence[LakeFile]) -> bool:
        """Move the offset and enter the files; False, with nothing written, when it does not stand at ``before``."""
        ...

    def files(self, kind: LakeKind) -> list[LakeFile]:
        """The manifest of one table, in the order of streams and records."""
        ...


class LakeFolder(Protocol):
    """The files. What ``write`` returned is durable."""

    def write(self, records: Mapping[RecordId, Record]) -> list[LakeFile]:
        """Files for records of one stream, by kind and UTC day; the same records give the same names."""
        ...
