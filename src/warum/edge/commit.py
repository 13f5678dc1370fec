"""Group commit: records and counts go into the journal, one thread syncs, and an answer may leave once the batch that
it depends on is on disk. The next sync starts when the last one has ended; meanwhile the loop appends on.

What did not count is only counted, and each batch carries the counts as one record: a flood of refused requests costs
one record a sync, and yet every count is as durable as a click before the answer leaves."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Final, Protocol

from warum.domain.records import Record, Tally
from warum.edge.codec import encode
from warum.edge.http import Answer, Drop, Outcome
from warum.edge.journal import Batch
from warum.kernel.ids import RecordId

_counts_per_record_max: Final = 1_000


class Journal(Protocol):
    """What is asked of the journal's writer; ``write`` runs in another thread."""

    def next_id(self) -> RecordId: ...
    def append(self, type_: int, body: bytes) -> RecordId: ...
    def take(self) -> Batch | None: ...
    def write(self, batch: Batch) -> None: ...


class Waiter(Protocol):
    """Who is told that more is on disk."""

    def committed(self, serial: int) -> None: ...


class GroupCommit:
    """Used in the loop's thread.

    Args:
        failed: called once when the journal could not be written. Nobody knows then what is on disk: the process has to
            end, and no answer leaves any more.
    """

    def __init__(self, journal: Journal, loop: AbstractEventLoop, failed: Callable[[Exception], None]) -> None:
        self._journal = journal
        self._loop = loop
        self._failed = failed
        self._broken = False
        self._counts: dict[Drop, int] = {}
        self._dirty = False
        self._flying = False
        self._open_serial = 1
        self._done_serial = 0
        self._open_waiters: set[Waiter] = set()
        self._flying_waiters: set[Waiter] = set()
        self._idle: Future[None] | None = None
        self._batches: SimpleQueue[Batch | None] = SimpleQueue()
        self._thread = Thread(target=self._sync, name="journal-sync", daemon=True)
        self._thread.start()

    @property
    def done_serial(self) -> int:
        """The last batch that is on disk."""
        return self._done_serial

    @property
    def broken(self) -> bool:
        return self._broken

    def next_id(self) -> RecordId:
        """The identity of the next record.

        Raises OSError when there is no room for it; ``failed`` was called then."""
        try:
            return self._journal.next_id()
        except OSError as error:
            self._fail(error)
            raise

    def submit(self, outcome: Outcome) -> tuple[Answer, int]:
        """Take in what follows from a request; its answer, and the serial of the batch that has to be on disk before
        the answer leaves (0: none).

        Raises OSError when there is no room; ``failed`` was called then."""
        answer = outcome.answer
        if outcome.records:
            records = self._append(outcome.records)
            if outcome.told is not None:
                answer = outcome.told(records)
        counts = self._counts
        for drop in outcome.drops:
            counts[drop] = counts.get(drop, 0) + 1
        if outcome.records or outcome.drops:
            if not self._dirty:
                self._dirty = True
                # Not at once: what else came in this turn of the loop goes with the same sync.
                if not self._flying:
                    self._loop.call_soon(self._start)
            return answer, self._open_serial
        if outcome.waits:
            return answer, self._open_serial if self._dirty else self._open_serial - 1
        return answer, 0

    def wait(self, serial: int, waiter: Waiter) -> None:
        """Tell the waiter once the batch is on disk."""
        (self._open_waiters if serial == self._open_serial else self._flying_waiters).add(waiter)

    async def drain(self) -> None:
        """Until everything is on disk."""
        while (self._dirty or self._flying) and not self._broken:
            self._idle = self._loop.create_future()
            await self._idle

    def close(self) -> None:
        """End the thread, after what it is writing."""
        self._batches.put(None)
        self._thread.join()

    def _append(self, records: Sequence[Record]) -> list[RecordId]:
        # All are encoded before the first is appended: they stand or fall together.
        encoded = [encode(record) for record in records]
        try:
            return [self._journal.append(type_, body) for type_, body in encoded]
        except OSError as error:
            self._fail(error)
            raise

    def _start(self) -> None:
        if self._broken or self._flying or not self._dirty:
            return
        try:
            self._append_counts()
        except OSError:
            return
        batch = self._journal.take()
        assert batch is not None
        self._dirty, self._flying = False, True
        self._open_serial += 1
        self._open_waiters, self._flying_waiters = self._flying_waiters, self._open_waiters
        self._batches.put(batch)

    def _append_counts(self) -> None:
        if not self._counts:
            return
        counts = [
            (drop.hour_us, drop.link, drop.advertiser, drop.reason, count) for drop, count in self._counts.items()
        ]
        self._counts = {}
        parts = [
            tuple(counts[start : start + _counts_per_record_max])
            for start in range(0, len(counts), _counts_per_record_max)
        ]
        # No time finer than the hour: a count can be one person's.
        self._append(tuple(Tally(seen_us=max(count[0] for count in part), counts=part) for part in parts))

    def _sync(self) -> None:
        while (batch := self._batches.get()) is not None:
            try:
                self._journal.write(batch)
            except Exception as error:
                self._loop.call_soon_threadsafe(self._fail, error)
                return
            self._loop.call_soon_threadsafe(self._written)

    def _written(self) -> None:
        if self._broken:
            return
        self._flying = False
        self._done_serial = self._open_serial - 1
        waiters, self._flying_waiters = self._flying_waiters, set()
        # The next sync runs while the answers of this one are sent.
        self._start()
        for waiter in waiters:
            waiter.committed(self._done_serial)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._broken:
            return
        self._broken = True
        self._failed(error)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)
