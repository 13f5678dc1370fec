"""Brings the catalog to the edge: a whole snapshot at the start, then the changes as they are committed.

A change is marked only after it is durable in the snapshot; a publisher that dies in between appends it again, and the
edge does not mind, since an entry says what is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from warum.ports.database import Database, Role, Scope
from warum.ports.snapshot import SnapshotSink

_SYSTEM: Final = Scope(Role.SYSTEM)

interval_s: Final = 0.2
"""How often to look for changes; with what the edge takes to follow, a change is there well within two seconds."""

_changes_at_once: Final = 1_000
_changes_per_base: Final = 100_000
"""A new base after so many changes, so that an edge which starts does not read them all."""


def publish_base(database: Database, sink: SnapshotSink, *, now_us: int) -> None:
    """Put a whole new snapshot in force, built from the tables. Retired links whose window is over fall out of it."""
    with database.transaction(_SYSTEM) as tx:
        last = tx.snapshot.last_change()
        sink.publish_base(tx.snapshot.lines(now_us=now_us))
        tx.snapshot.mark_published_up_to(last, at_us=now_us)


def publish_changes(database: Database, sink: SnapshotSink, *, now_us: int) -> int:
    """Append what was committed since; how many changes that were."""
    with database.transaction(_SYSTEM) as tx:
        changes = tx.snapshot.pending(_changes_at_once)
        if changes:
            sink.append([line for _, line in changes])
            tx.snapshot.mark_published([change for change, _ in changes], at_us=now_us)
    return len(changes)


class SnapshotPublishing:
    """The publisher's loop, one step at a time: call ``step`` every ``interval_s``, at once when it says True."""

    def __init__(self, database: Database, sink: SnapshotSink, now_us: Callable[[], int]) -> None:
        self._database = database
        self._sink = sink
        self._now_us = now_us
        self._left = 0

    def step(self) -> bool:
        """Publish what there is; True when there may be more. After an exception the next step begins with a new base,
        because nobody knows how much of the last one is on the disk."""
        left, self._left = self._left, 0
        if left <= 0:
            publish_base(self._database, self._sink, now_us=self._now_us())
            self._left = _changes_per_base
            return True
        count = publish_changes(self._database, self._sink, now_us=self._now_us())
        self._left = left - count
        return count > 0
