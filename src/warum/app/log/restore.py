"""Going on after a database was restored from a backup that is older than the log.

What was signed stays signed. The leaves that the database forgot are taken back from the files, by their bytes alone;
what happened since is read again from the journal and entered anew; and a leaf in every series says openly which leaves
are therefore told twice."""

from __future__ import annotations

from typing import Final

from warum.app.log.entries import enter
from warum.app.log.sequence import LogHalted
from warum.domain.leaves import LeafType, Subject, leaf_tag, read_leaf
from warum.domain.tlog.merkle import leaf_hash, root_at
from warum.domain.tlog.tiles import Tile, decode_entries, nodes_of, tile_width
from warum.ports.catalog import ActorKind
from warum.ports.database import Database, Role, Scope
from warum.ports.log import About, Head, Leaf, Shelf

_SYSTEM: Final = Scope(Role.SYSTEM)


def restore_log(database: Database, shelf: Shelf, *, reason: str, actor: ActorKind, now_us: int) -> int:
    """Take back what the database forgot, in one transaction, while no worker runs; how many leaves that were.

    Raises:
        LogHalted: there is nothing to take back, or database and files tell of different logs.
    """
    signed = shelf.remembered()
    if signed is None:
        raise LogHalted("log/signer.json is missing: put back the folder log/ first.")
    node = nodes_of(signed.size, shelf.read_tile)
    if root_at(signed.size, node) != signed.root:
        raise LogHalted("the tiles of the log do not make the root that was signed: put back the folder log/ first.")
    with database.transaction(_SYSTEM) as tx:
        head = tx.log.head(lock=True)
        if head.size >= signed.size:
            raise LogHalted(f"the database is not behind: it knows {head.size} leaves, and {signed.size} were signed.")
        for index, hash_, _ in tx.log.hashes(0, head.size):
            if node(0, index) != hash_:
                raise LogHalted(f"leaf {index} in the database is not the one that was signed: it is no older state.")
        lost = _bodies(shelf, head.size, signed.size)
        tags = {read_leaf(body).tag for body in lost}
        at_us = read_leaf(lost[-1]).at_us
        leaves = [
            Leaf(
                index=index,
                entry=None,
                series=None,
                number=None,
                advertiser=None,
                publisher=None,
                at_us=read_leaf(body).at_us,
                body=body,
                hash=leaf_hash(body),
            )
            for index, body in enumerate(lost, head.size)
        ]
        tx.log.place(leaves, Head(size=signed.size, root=signed.root, at_us=at_us))
        # Numbers that were given go on being given: a series whose leaves were lost continues behind them.
        numbers: dict[int, int] = {}
        known = tx.log.all_series()
        for row in known:
            number = row.number_last
            while leaf_tag(row.key, number + 1) in tags:
                number += 1
            numbers[row.id] = number
        tx.log.renumber(numbers)
        fields = {
            "v": 1,
            "first": str(head.size),
            "last": str(signed.size - 1),
            "reason": reason,
            "at": str(now_us),
        }
        for row in known:
            series = row.series
            enter(
                tx,
                LeafType.RESTORED,
                fields,
                actor=actor,
                series=series,
                subject=Subject("house", 0),
                about=About("restored", head.size),
                at_us=now_us,
                advertiser=series.advertiser or None,
                publisher=series.publisher or None,
            )
    return len(lost)


def _bodies(shelf: Shelf, first: int, last: int) -> list[bytes]:
    bodies: list[bytes] = []
    for bundle in range(first // tile_width, (last - 1) // tile_width + 1):
        width = min(tile_width, last - bundle * tile_width)
        held = decode_entries(shelf.read_file(Tile(None, bundle, width)))
        bodies += held[max(0, first - bundle * tile_width) :]
    return bodies
