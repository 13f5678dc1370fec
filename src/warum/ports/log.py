"""The log: entries that wait for their place, leaves that have one, and the shelf of files that the world reads.

An entry is written in the transaction of the change that it tells of. A single sequencer gives it a leaf index and the
next number of its series afterwards, so that busy pairs of partners do not wait for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.domain.leaves import Content, LeafType, Series, Subject
from warum.domain.statements import Delta
from warum.domain.tlog.tiles import Tile


class About(NamedTuple):
    """What a leaf speaks of: ``("conversion", 5, 2)`` is the second event of a conversion."""

    kind: str
    id: int
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is to be entered, in the transaction of the change.

    Attributes:
        subject: under whose key the content is kept.
        actor: person, bot, key or system.
        advertiser, publisher: who may read it.
    """

    type: LeafType
    actor: str
    series: Series
    subject: Subject
    about: About
    content: Content
    at_us: int
    advertiser: int | None = None
    publisher: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """A series, its key, and the last number that was given in it."""

    id: int
    series: Series
    key: bytes
    number_last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An entry that has no leaf yet. ``number_last`` is the last one that was given in its series."""

    id: int
    series: int
    key: bytes
    number_last: int
    advertiser: int | None
    publisher: int | None
    type: LeafType
    actor: str
    commitment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf in its place; ``entry`` is None for one that only the files knew (after a restore)."""

    index: int
    entry: int | None
    series: int | None
    number: int | None
    advertiser: int | None
    publisher: int | None
    at_us: int
    body: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An entry as it can be read now.

    Attributes:
        content: None after an erasure.
        kept: what the books keep of it then.
    """

    type: LeafType
    actor: str
    about: About
    advertiser: int | None
    publisher: int | None
    content: Content | None
    kept: Delta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Entered):
    """An entry with its leaf. ``key`` is the series'."""

    index: int
    number: int
    series: Series
    key: bytes
    at_us: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the log is: number of leaves, root, time of the last leaf."""

    size: int
    root: bytes
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month of a pair without a statement: the first and the last number, and how many leaves."""

    series: Series
    month: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatement:
    """A month of a pair. ``totals`` is the payload's list of currencies."""

    series: Series
    month: str
    first: int
    last: int
    count: int
    entry: int
    totals: Sequence[Mapping[str, str]]


class Remembered(NamedTuple):
    """What a signer knows without the database."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessMemory:
    """What is known of a witness.

    Attributes:
        name: the policy's.
        key: its vkey.
        size: leaves of the last checkpoint that it cosigned.
        fault: what went wrong last, in words.
    """

    name: str
    key: str
    size: int = 0
    cosigned_us: int | None = None
    fault: str | None = None
    fault_us: int | None = None


class LogStore(Protocol):
    """One transaction's view of the log."""

    # Entering ---------------------------------------------------------------------------------------------------------

    def salt(self) -> bytes:
        """A fresh nonce, 32 bytes."""
        ...

    def enter(self, notices: Sequence[Notice]) -> list[int]:
        """Keep them encrypted; their ids, ascending, in order. They wait for the sequencer from now on."""
        ...

    # Sequencing -------------------------------------------------------------------------------------------------------

    def head(self, *, lock: bool = False) -> Head: ...
    def queued(self, limit: int) -> list[Queued]:
        """The oldest entries without a leaf."""
        ...

    def place(self, leaves: Sequence[Leaf], head: Head) -> None:
        """Give entries their leaves and move the head."""
        ...

    def hashes(self, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
        """(index, hash, body) of the leaves from ``first`` up to but without ``last``."""
        ...

    def all_series(self) -> list[SeriesRow]: ...
    def renumber(self, numbers: Mapping[int, int]) -> None:
        """The last number of each series, by its id."""
        ...

    # Reading ----------------------------------------------------------------------------------------------------------

    def leaf(self, index: int) -> Placed | None: ...
    def about(self, about: Collection[About]) -> list[Placed]:
        """Leaves that speak of these, all sequence numbers where ``seq`` is 0, by index."""
        ...

    def of_series(self, series: Series, *, first: int = 1, last: int | None = None, limit: int) -> list[Placed]:
        """By number."""
        ...

    def after(
        self,
        index: int,
        *,
        until: int,
        limit: int,
        advertiser: int | None = None,
        publisher: int | None = None,
        numbers: tuple[int, int] | None = None,
        newest: bool = False,
    ) -> list[Placed]:
        """Leaves behind this one and before ``until``, of these parties and with these numbers (first and last) where
        they are named: the oldest of them by index, or the newest the other way round."""
        ...

    def waiting(self) -> int:
        """Entries without a leaf."""
        ...

    def owed(
        self,
        index: int,
        *,
        until: int,
        limit: int,
        advertiser: int | None,
        publisher: int | None,
        programs: Collection[int],
    ) -> list[Placed]:
        """Leaves behind this one and before ``until`` that carry one of these parties or stand in the series of one of
        the programs, by index."""
        ...

    def contents(self, about: About) -> list[tuple[int, Content | None]]:
        """Of the entries on it in order, placed or not: (seq, content); None after an erasure."""
        ...

    # Statements and erasure -------------------------------------------------------------------------------------------

    def spans(self, *, until_us: int) -> list[Span]:
        """Months before that moment that have leaves and no statement, oldest first for each pair."""
        ...

    def statements(self, series: Series) -> list[StoredStatement]:
        """Oldest first."""
        ...

    def statements_newest(self, *, advertiser: int | None, publisher: int | None, limit: int) -> list[StoredStatement]:
        """Of all pairs, or of those with these parties; newest first."""
        ...

    def every_waiting(self) -> Iterator[Entered]:
        """All entries without a leaf, in order."""
        ...

    def every_leaf(self) -> Iterator[Placed]:
        """All leaves with an entry, by index, streamed."""
        ...

    def statement_count(self) -> int: ...
    def add_statement(self, statement: StoredStatement) -> None: ...
    def readable(self, subject: Subject) -> list[tuple[int, LeafType, Content]]:
        """Entries under the subject's living key: (id, type, content)."""
        ...

    def hold(self) -> None:
        """Wait for all who are entering something, and let nobody enter until this transaction ends. Whoever erases
        begins with it: an entry under a key that is being destroyed would be lost without what the books need."""
        ...

    def erase(self, subject: Subject, *, kept: Mapping[int, Delta], at_us: int) -> list[tuple[Series, int]]:
        """Destroy the subject's keys and contents; the numbers, by series, that cannot be read any more, those included
        that the sequencer has still to give.

        Args:
            kept: by entry, what the books keep of it.
        """
        ...

    def forget(self, about: Collection[About]) -> list[tuple[Series, int]]:
        """Destroy contents of single entries, by what they speak of, where others of their subject stay; their numbers
        as ``erase``."""
        ...


class Shelf(Protocol):
    """The log's files: tiles and checkpoints that the world reads, and the signer's memory."""

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        """Raises LookupError for what is not there."""
        ...

    def read_file(self, tile: Tile) -> bytes:
        """What stands under the tile's own path; LookupError when it is not there."""
        ...

    def put(self, tile: Tile, content: bytes) -> None: ...

    def sync(self) -> None:
        """Nothing put before is lost in a power cut."""
        ...

    def checkpoint(self) -> bytes | None:
        """The newest one, with the cosignatures of witnesses that answered; None before the first."""
        ...

    def put_checkpoint(self, note: bytes) -> None: ...

    def put_cosigned(self, note: bytes) -> bool:
        """Put the newest checkpoint again, with more cosignatures; False when there is a newer one, which stays."""
        ...

    def witnessed(self) -> bytes | None:
        """The newest one that enough witnesses have cosigned."""
        ...

    def put_witnessed(self, note: bytes | None) -> None: ...

    def witnesses(self) -> Sequence[WitnessMemory]:
        """Those that are asked; what cannot be read is forgotten, and they are asked anew."""
        ...

    def put_witnesses(self, witnesses: Sequence[WitnessMemory]) -> None: ...

    def remembered(self) -> Remembered | None:
        """What was signed last."""
        ...

    def remember(self, signed: Remembered) -> None:
        """Synced before it returns, and before anything is signed over it."""
        ...
