"""What the tracking edge needs of the catalog, on its way from the tables to the edge.

A change is queued in the transaction that made it, as the whole entry it led to; a publisher writes it out, and the
edge follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol, TypeAlias

EntryKind: TypeAlias = Literal["advertiser", "program", "creative", "allocation", "plan", "link", "slot"]


class SnapshotStore(Protocol):
    """Snapshot entries, built from the tables. A line is ``{"kind": ..., "entry": {...}}`` in JSON."""

    def queue(self, kind: EntryKind, ids: Iterable[int], *, at_us: int) -> int:
        """Queue the entries as they now stand, after the rows were written and in the same transaction; the number
        queued. Queue an allocation after its creatives and before the plan and links that use it, and whatever else
        the change bears on: ``queue_links_of`` finds the links. From here until the commit no other transaction can
        queue, so do it last."""
        ...

    def queue_links_of(
        self,
        *,
        at_us: int,
        advertiser: int | None = None,
        publisher: int | None = None,
        partnership: int | None = None,
        offer: int | None = None,
    ) -> int:
        """Queue every link of the given advertiser, publisher, partnership or offer: for a change there that makes
        links active or not, or that gives them another allocation."""
        ...

    def lines(self, *, now_us: int) -> Iterator[bytes]:
        """The whole snapshot, what is used before what uses it. A retired link is in it until its program's window is
        over."""
        ...

    def pending(self, limit: int) -> list[tuple[int, bytes]]:
        """(id, line) of the oldest changes that were not published."""
        ...

    def mark_published(self, ids: Sequence[int], *, at_us: int) -> None:
        """The changes stand in the snapshot."""
        ...

    def mark_published_up_to(self, last: int, *, at_us: int) -> None:
        """This change and all before it stand in the snapshot."""
        ...

    def last_change(self) -> int:
        """The id of the newest change queued; 0 when there is none. What ``lines`` gives after it, in the same
        transaction, has all changes up to this one."""
        ...


class SnapshotSink(Protocol):
    """The snapshot that edges follow. Lines are durable when a call returns."""

    def publish_base(self, lines: Iterable[bytes]) -> None:
        """Put a whole new snapshot in force."""
        ...

    def append(self, lines: Sequence[bytes]) -> None:
        """Add changes, in this order."""
        ...
