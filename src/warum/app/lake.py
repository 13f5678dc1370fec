"""Fills the lake from the journal. It reads with an offset of its own, beside the ingest, and writes a file when enough
has come together: small files cost more than they hold.

Records that were read but not yet written are only in memory; the offset stands before them, so that after a crash they
are read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from warum.domain.records import Record
from warum.kernel.ids import RecordId
from warum.kernel.period import MINUTE_US
from warum.ports.database import Database, Role, Scope
from warum.ports.journal import Cursor, Journal
from warum.ports.lake import LakeFolder

_SYSTEM: Final = Scope(Role.SYSTEM)

_records_at_once: Final = 2_000


class LakeFilling:
    """One stream's way into the lake, one step at a time.

    Args:
        now_us: only tells how long records have waited; any clock that goes forward will do.
        records_max: write when so many have come together.
        wait_us: write when the first of them has waited so long.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        stream: int,
        folder: LakeFolder,
        *,
        now_us: Callable[[], int],
        records_max: int = 20_000,
        wait_us: int = 5 * MINUTE_US,
    ) -> None:
        self._database = database
        self._journal = journal
        self._stream = stream
        self._folder = folder
        self._now_us = now_us
        self._records_max = records_max
        self._wait_us = wait_us
        self._written: Cursor | None = None
        self._read = Cursor.START
        self._tail: dict[RecordId, Record] = {}
        self._waiting_since_us: int | None = None

    def step(self, *, flush: bool = False) -> bool:
        """Read some, and write when it is time; True when there may be more to read.

        Args:
            flush: once nothing more is there to read, write what has come together, however little.

        Raises:
            LookupError: a record of a type that this version does not know; the lake stops before it.
        """
        if self._written is None:
            with self._database.transaction(_SYSTEM) as tx:
                self._written = self._read = tx.lake.position(self._stream)
        more = self._take_in()
        now_us = self._now_us()
        if self._read == self._written:
            return more
        if self._waiting_since_us is None:
            self._waiting_since_us = now_us
        full = len(self._tail) >= self._records_max or self._read.segment != self._written.segment
        if full or now_us - self._waiting_since_us >= self._wait_us or (flush and not more):
            self._write(self._written)
        return more

    @property
    def written(self) -> Cursor:
        """What stands before it is in the lake; segments before it are no longer needed here."""
        return self._written or Cursor.START

    def _take_in(self) -> bool:
        raws, cursor = self._journal.read(self._stream, self._read, _records_at_once)
        taken: dict[RecordId, Record] = {}
        for raw in raws:
            try:
                taken[raw.id] = self._journal.decode(raw)
            except ValueError:
                continue  # the ingest puts it into quarantine, with its reason
        self._tail |= taken
        self._read = cursor
        return len(raws) > 0

    def _write(self, before: Cursor) -> None:
        tail, self._tail = self._tail, {}
        self._written, self._waiting_since_us = None, None  # after an exception: from the offset, with an empty tail
        files = self._folder.write(tail)
        with self._database.transaction(_SYSTEM) as tx:
            moved = tx.lake.advance(self._stream, before, self._read, files)
        if moved:
            self._written = self._read
        # Otherwise another worker was quicker. Its files have these records; go on from where it stands.
