"""The journal: one stream of records per edge process, on disk before anybody is told that it happened.

`frames` is the format, `files` the disk below it (and one that forgets), `writer` appends and commits in groups,
`reader` follows from another process, `walk` looks at all that is left at once."""

from warum.edge.disk import AlreadyClaimed
from warum.edge.journal.files import Files, LossyFiles, RealFiles
from warum.edge.journal.frames import (
    BODY_BYTES_MAX,
    JournalCorrupt,
    JournalFormatUnknown,
    RawRecord,
    stream_folder,
    streams,
)
from warum.edge.journal.reader import Cursor, JournalReader, drop_consumed
from warum.edge.journal.walk import Covered, Walk
from warum.edge.journal.writer import SEGMENT_BYTES, Batch, JournalWriter

__all__ = [
    "BODY_BYTES_MAX",
    "SEGMENT_BYTES",
    "AlreadyClaimed",
    "Batch",
    "Covered",
    "Cursor",
    "Files",
    "JournalCorrupt",
    "JournalFormatUnknown",
    "JournalReader",
    "JournalWriter",
    "LossyFiles",
    "RawRecord",
    "RealFiles",
    "Walk",
    "drop_consumed",
    "stream_folder",
    "streams",
]
