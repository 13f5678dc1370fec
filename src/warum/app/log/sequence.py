"""The one sequencer: gives entries their leaf index and number, and signs what the log has become.

Order matters. Leaves are committed in the database, then their tiles are on disk, then the signer writes down size and
root, and only then is there a checkpoint. So nothing is ever signed that could be forgotten, and after a crash at any
point the same leaves are signed again. A database that is behind the signer, or differs from it, was set back or
changed: signing over it would tell the world a second story, so the log halts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from warum.domain.leaves import leaf_bytes, leaf_tag
from warum.domain.tlog.checkpoints import Checkpoint, format_checkpoint, unverified_checkpoint
from warum.domain.tlog.merkle import Frontier, leaf_hash
from warum.domain.tlog.notes import Signer, sign
from warum.domain.tlog.tiles import Tile, encode_entries, grow, nodes_of, tile_width
from warum.ports.database import Database, Role, Scope
from warum.ports.log import Head, Leaf, Queued, Remembered, Shelf

batch_max: Final = 5_000
compared_max: Final = 1_000_000
"""So many of the newest leaves are compared with the tiles at the start; ``warum verify`` compares all."""

_SYSTEM: Final = Scope(Role.SYSTEM)


class LogHalted(Exception):
    """Signing over this would tell two stories. The text says what was found, and what to do."""


class Sequencer:
    """One worker's. Call ``open`` before anything else is done with the database: a database that was set back must not
    take in the journal again unnoticed.

    Args:
        signer: of the log; its name is the origin.
    """

    def __init__(self, database: Database, shelf: Shelf, signer: Signer, now_us: Callable[[], int]) -> None:
        self._database = database
        self._shelf = shelf
        self._signer = signer
        self._now_us = now_us
        self._frontier = Frontier()

    @property
    def size(self) -> int:
        """Leaves that have been signed."""
        return self._frontier.size

    def open(self) -> None:
        """Compare database, tiles and the signer's memory, and sign what a crash left unsigned.

        Raises:
            LogHalted: they do not belong together.
            DatabaseUnavailable: try again later.
        """
        with self._database.transaction(_SYSTEM) as tx:
            head = tx.log.head()
        signed = self._shelf.remembered()
        if signed is None:
            signed = self._begun(head)
        if signed.origin != self._signer.vkey.name:
            raise LogHalted(
                f"this log has signed as {signed.origin} and cannot go on as {self._signer.vkey.name}: its partners "
                "would not know it. Put back log_origin and secrets.json."
            )
        if head.size < signed.size:
            raise LogHalted(
                f"the database is older than the log: {signed.size} leaves were signed, and it knows {head.size}. It "
                "was restored from a backup, or is another one. Restore a newer backup, or declare the loss with "
                "`warum restore-log`; see the operations page."
            )
        self._frontier = self._shelved(signed)
        self._compare(signed.size)
        if head.size > signed.size:
            self._catch_up(head)
        elif head.root != signed.root:
            raise LogHalted("the database has another root than the one that was signed: its log was changed.")
        else:
            self._resign(signed)

    def step(self) -> bool:
        """Place a batch of entries and sign; False when there are none.

        Raises:
            LogHalted, DatabaseUnavailable: as ``open``.
        """
        with self._database.transaction(_SYSTEM) as tx:
            queued = tx.log.queued(batch_max)
            head = tx.log.head(lock=bool(queued))
            if (head.size, head.root) != (self._frontier.size, self._frontier.root()):
                raise LogHalted(
                    f"the database was changed under the log: it says {head.size} leaves, and "
                    f"{self._frontier.size} were signed. See the operations page."
                )
            if not queued:
                return False
            leaves = _leaves(queued, first=head.size, at_us=max(head.at_us, self._now_us()))
            after = Frontier(self._frontier.size, self._frontier.hashes)
            after.extend(leaf.hash for leaf in leaves)
            tx.log.place(leaves, Head(size=after.size, root=after.root(), at_us=leaves[-1].at_us))
        self._publish([(leaf.hash, leaf.body) for leaf in leaves], after)
        return True

    def _begun(self, head: Head) -> Remembered:
        if head.size or self._shelf.checkpoint() is not None:
            raise LogHalted(
                "log/signer.json is missing, so nobody knows what was signed last. Put back the folder log/ from the "
                "backup that belongs to this database."
            )
        begun = Remembered(self._signer.vkey.name, 0, self._frontier.root())
        self._shelf.remember(begun)
        return begun

    def _shelved(self, signed: Remembered) -> Frontier:
        """The right edge of the tree that was signed, from its tiles."""
        node = nodes_of(signed.size, self._shelf.read_tile)
        try:
            edge = [node(level, (signed.size >> level) - 1) for level in _levels(signed.size)]
        except (LookupError, ValueError) as error:
            raise LogHalted(
                f"the tiles of the log are not complete ({error}). Put back the folder log/ from your backup."
            ) from None
        frontier = Frontier(signed.size, edge)
        if frontier.root() != signed.root:
            raise LogHalted("the tiles of the log have another root than the one that was signed: they were changed.")
        return frontier

    def _compare(self, size: int) -> None:
        """The newest leaves of the database with the tiles."""
        node = nodes_of(size, self._shelf.read_tile)
        first, expected = max(0, size - compared_max), max(0, size - compared_max)
        with self._database.transaction(_SYSTEM) as tx:
            for index, hash_, body in tx.log.hashes(first, size):
                if index != expected or hash_ != leaf_hash(body) or hash_ != node(0, index):
                    break
                expected += 1
        if expected != size:
            raise LogHalted(f"leaf {expected} in the database is not the one that was signed: its log was changed.")

    def _catch_up(self, head: Head) -> None:
        """A crash came between the commit and the signature."""
        with self._database.transaction(_SYSTEM) as tx:
            found = [(leaf_hash(body), body) for _, _, body in tx.log.hashes(self._frontier.size, head.size)]
        after = Frontier(self._frontier.size, self._frontier.hashes)
        after.extend(hash_ for hash_, _ in found)
        if (after.size, after.root()) != (head.size, head.root):
            raise LogHalted("the newest leaves in the database do not make its root: its log was changed.")
        self._publish(found, after)

    def _publish(self, leaves: Sequence[tuple[bytes, bytes]], after: Frontier) -> None:
        """Tiles, then the signer's memory, then the checkpoint."""
        old = self._frontier.size
        for tile, content in grow(old, [hash_ for hash_, _ in leaves], self._shelf.read_tile):
            self._shelf.put(tile, content)
        self._put_entries(old, [body for _, body in leaves])
        self._shelf.sync()
        signed = Remembered(self._signer.vkey.name, after.size, after.root())
        self._shelf.remember(signed)
        self._shelf.put_checkpoint(self._checkpoint(signed))
        self._frontier = after

    def _put_entries(self, old: int, bodies: Sequence[bytes]) -> None:
        index, kept = divmod(old, tile_width)
        row = [*(self._bodies(index * tile_width, old) if kept else ()), *bodies]
        for start in range(0, len(row), tile_width):
            piece = row[start : start + tile_width]
            self._shelf.put(Tile(None, index, len(piece)), encode_entries(piece))
            index += 1

    def _bodies(self, first: int, last: int) -> list[bytes]:
        with self._database.transaction(_SYSTEM) as tx:
            return [body for _, _, body in tx.log.hashes(first, last)]

    def _resign(self, signed: Remembered) -> None:
        """A crash may have come before the checkpoint was written."""
        last = self._shelf.checkpoint()
        if last is None or unverified_checkpoint(last).size != signed.size:
            self._shelf.put_checkpoint(self._checkpoint(signed))

    def _checkpoint(self, signed: Remembered) -> bytes:
        return sign(format_checkpoint(Checkpoint(signed.origin, signed.size, signed.root)), [self._signer])


def _leaves(queued: Sequence[Queued], *, first: int, at_us: int) -> list[Leaf]:
    numbers: dict[int, int] = {}
    leaves: list[Leaf] = []
    for index, entry in enumerate(queued, first):
        number = numbers[entry.series] = numbers.get(entry.series, entry.number_last) + 1
        body = leaf_bytes(
            kind=entry.type,
            actor=entry.actor,
            at_us=at_us,
            tag=leaf_tag(entry.key, number),
            committed=entry.commitment,
        )
        leaves.append(
            Leaf(
                index=index,
                entry=entry.id,
                series=entry.series,
                number=number,
                advertiser=entry.advertiser,
                publisher=entry.publisher,
                at_us=at_us,
                body=body,
                hash=leaf_hash(body),
            )
        )
    return leaves


def _levels(size: int) -> list[int]:
    """The levels of the complete subtrees at the right edge, the greatest first."""
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
