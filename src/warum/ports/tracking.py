"""What the consumer keeps beside the conversions: how far it read, hourly counts, drops, sealed sub ids, quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from warum.domain.mode import Mode
from warum.kernel.ids import RecordId
from warum.ports.journal import Cursor


@dataclass(frozen=True, slots=True)
class Position:
    """How far a stream was consumed.

    Attributes:
        watermark_us: the highest ``seen_us`` among its records; 0 before the first.
    """

    cursor: Cursor
    watermark_us: int


class RollupKey(NamedTuple):
    """What hourly counts are about; ``hour_us`` is the start of a UTC hour."""

    hour_us: int
    advertiser: int
    publisher: int
    program: int
    link: int
    allocation: int
    arm: int
    mode: Mode


class Counts(NamedTuple):
    """Counts of one hour. Clicks with a token, with a link reference, and with neither."""

    impressions: int = 0
    clicks_token: int = 0
    clicks_reference: int = 0
    clicks_bare: int = 0
    conversions: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class DropKey(NamedTuple):
    """What did not count, and why. Link and advertiser are 0 where nobody knows them."""

    hour_us: int
    advertiser: int
    link: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSubIds:
    """A click's sub ids, sealed under the key of their UTC day (days since 1970)."""

    record: RecordId
    advertiser: int
    publisher: int
    day: int
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that could not be consumed, with its bytes and the reason."""

    record: RecordId
    type: int
    body: bytes
    reason: str
    at_us: int


class TrackingStore(Protocol):
    """One transaction's view of the tracking tables."""

    def position(self, stream: int, *, lock: bool = False) -> Position:
        """How far the stream was consumed; ``lock`` keeps others from consuming it until the transaction ends."""
        ...

    def positions(self) -> dict[int, Position]: ...

    def advance(self, stream: int, position: Position) -> None: ...

    def add_counts(self, counts: Sequence[tuple[RollupKey, Counts]]) -> None:
        """Add to the hours. No key comes twice."""
        ...

    def add_drops(self, drops: Sequence[tuple[DropKey, int]]) -> None:
        """Add to the counters. No key comes twice."""
        ...

    def add_sub_ids(self, sub_ids: Sequence[SealedSubIds]) -> None: ...

    def quarantine(self, records: Sequence[Quarantined]) -> None: ...

    def in_quarantine(self, limit: int) -> list[Quarantined]:
        """Records that nobody released, oldest first."""
        ...

    def release(self, record: RecordId, at_us: int) -> Quarantined | None:
        """Let the consumer try it once more; None when no such record is in quarantine."""
        ...

    def released(self) -> Quarantined | None:
        """Of those that were released and not consumed yet, the one that has waited longest."""
        ...

    def leave_quarantine(self, record: RecordId) -> bool:
        """It counts from this transaction on; False when it does so already, or is no longer released."""
        ...

    def return_to_quarantine(self, record: RecordId, reason: str) -> None:
        """It failed again."""
        ...
