"""Tiles of tlog-tiles: a log's hashes in files of 256, its entries in bundles of 256.

Tile level L holds the roots of complete subtrees of 256**L leaves; the levels between are hashed when needed. Only the
last tile of a level is partial. Every other file never changes again, so that it can be kept and cached for good."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from warum.domain.tlog.merkle import NodeReader, node_hash, root_of
from warum.domain.tlog.spelling import hash_bytes, integer_max

tile_height: Final = 8
tile_width: Final = 256
level_max: Final = 63
entry_bytes_max: Final = 2**16 - 1

_PATH: Final = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?")

TileReader: TypeAlias = Callable[[int, int, int], bytes]
"""The bytes of a tile by (level, index, width): ``width`` hashes of 32 bytes."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a tiled log.

    Attributes:
        level: 0 to 63; None for a bundle of entries.
        width: hashes or entries, 1 to 256; fewer than 256 is a partial tile.
    """

    level: int | None
    index: int
    width: int


def tile_path(level: int, index: int, width: int = tile_width) -> str:
    """The path of a tile of hashes below the log's prefix, such as ``tile/0/x001/x234/067.p/17`` (tlog-tiles).

    Raises:
        ValueError: there is no such tile.
    """
    if not 0 <= level <= level_max:
        raise ValueError(f"A tile's level is 0 to {level_max}, not {level}.")
    return f"tile/{level}/{_place(index, width)}"


def entries_path(index: int, width: int = tile_width) -> str:
    """The path of a bundle of entries, such as ``tile/entries/000.p/17`` (tlog-tiles).

    Raises:
        ValueError: there is no such bundle.
    """
    return f"tile/entries/{_place(index, width)}"


def parse_path(path: str) -> Tile | None:
    """What ``tile_path`` or ``entries_path`` wrote; None for anything else, other spellings of a tile included."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    name, place, partial = match.groups()
    level = None if name == "entries" else int(name)
    index = int(place.replace("/", "").replace("x", ""))
    width = tile_width if partial is None else int(partial)
    try:
        spelled = entries_path(index, width) if level is None else tile_path(level, index, width)
    except ValueError:
        return None
    return Tile(level, index, width) if spelled == path else None


def tiles_between(old: int, new: int) -> list[Tile]:
    """The tiles of hashes that are new or have grown since the tree had ``old`` leaves, lowest level first.

    Raises:
        ValueError: ``old`` is negative or beyond ``new``.
    """
    _check_growth(old, new)
    tiles: list[Tile] = []
    level = 0
    while new > 0:
        tiles += _changed(level, old, new)
        level, old, new = level + 1, old >> tile_height, new >> tile_height
    return tiles


def tiles_of(size: int) -> list[Tile]:
    """All tiles of hashes of a tree, lowest level first; ValueError for a negative size."""
    return tiles_between(0, size)


def bundles_between(old: int, new: int) -> list[Tile]:
    """The bundles of entries that are new or have grown since the tree had ``old`` leaves; ValueError as above."""
    _check_growth(old, new)
    return _changed(None, old, new)


def grow(old: int, leaf_hashes: Sequence[bytes], read_tile: TileReader) -> list[tuple[Tile, bytes]]:
    """The content of the tiles that ``tiles_between`` names, when leaves are appended.

    Args:
        old: leaves before.
        leaf_hashes: those of the new leaves, 32 bytes each.
        read_tile: asked for at most one partial tile a level, those of a tree of ``old`` leaves.

    Raises:
        ValueError: a hash or a tile does not have its length.
    """
    grown: list[tuple[Tile, bytes]] = []
    level, before, hashes = 0, old, list(leaf_hashes)
    if any(len(each) != hash_bytes for each in hashes):
        raise ValueError("A leaf hash has 32 bytes.")
    while hashes:
        index, kept = divmod(before, tile_width)
        row = [*(_hashes(read_tile(level, index, kept), kept) if kept else ()), *hashes]
        complete: list[bytes] = []
        for first in range(0, len(row), tile_width):
            piece = row[first : first + tile_width]
            grown.append((Tile(level, index, len(piece)), b"".join(piece)))
            if len(piece) == tile_width:
                complete.append(root_of(piece))
            index += 1
        level, before, hashes = level + 1, before >> tile_height, complete
    return grown


def nodes_of(size: int, read_tile: TileReader) -> NodeReader:
    """Reads the nodes of a tree of ``size`` leaves from its tiles, for the proofs of ``merkle``.

    Tiles are asked for with the width that they have at this size; who holds a wider one cuts it. The last 64 tiles are
    remembered with the levels hashed between them. Nothing is checked against a root: prove with ``root_at`` that the
    tiles lead to a checkpoint before you believe tiles from elsewhere.

    Raises:
        ValueError: on reading, when a node is not complete at this size, or a tile does not have its length.
    """

    @lru_cache(maxsize=64)
    def levels(level: int, index: int) -> list[list[bytes]]:
        width = min(tile_width, (size >> level * tile_height) - index * tile_width)
        rows = [_hashes(read_tile(level, index, width), width)]
        while len(rows[-1]) > 1:
            rows.append(list(map(node_hash, rows[-1][::2], rows[-1][1::2])))
        return rows

    def node(level: int, index: int) -> bytes:
        if level < 0 or index < 0 or index + 1 << level > size:
            raise ValueError(f"Node {index} of level {level} is not complete in a tree of {size} leaves.")
        tile_level, height = divmod(level, tile_height)
        tile_index, place = divmod(index, tile_width >> height)
        return levels(tile_level, tile_index)[height][place]

    return node


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """A bundle: each entry after its length, two bytes with the greater first (tlog-tiles).

    Raises:
        ValueError: no entries or more than 256, or one of more than 65535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > entry_bytes_max:
            raise ValueError(f"An entry has at most {entry_bytes_max} bytes.")
        parts += (len(entry).to_bytes(2, "big"), entry)
    _check_count(len(parts) // 2)
    return b"".join(parts)


def decode_entries(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        ValueError: it is cut off, empty, or has more than 256.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle):
            raise ValueError("The bundle is cut off within an entry.")
        entries.append(bundle[start:at])
    _check_count(len(entries))
    return entries


def _place(index: int, width: int) -> str:
    if not 0 <= index <= integer_max:
        raise ValueError(f"There is no tile of index {index}.")
    if not 1 <= width <= tile_width:
        raise ValueError(f"A tile's width is 1 to {tile_width}, not {width}.")
    rest, last = divmod(index, 1000)
    path = f"{last:03}"
    while rest:
        rest, group = divmod(rest, 1000)
        path = f"x{group:03}/{path}"
    return path if width == tile_width else f"{path}.p/{width}"


def _changed(level: int | None, old: int, new: int) -> list[Tile]:
    """The tiles of one level, which had ``old`` hashes and has ``new``."""
    if old == new:
        return []
    indices = range(old // tile_width, -(-new // tile_width))
    return [Tile(level, index, min(tile_width, new - index * tile_width)) for index in indices]


def _check_growth(old: int, new: int) -> None:
    if not 0 <= old <= new:
        raise ValueError(f"A tree does not grow from {old} to {new} leaves.")


def _hashes(data: bytes, width: int) -> list[bytes]:
    if len(data) != width * hash_bytes:
        raise ValueError(f"A tile of width {width} has {width * hash_bytes} bytes, not {len(data)}.")
    return [data[at : at + hash_bytes] for at in range(0, len(data), hash_bytes)]


def _check_count(count: int) -> None:
    if not 1 <= count <= tile_width:
        raise ValueError(f"A bundle has 1 to {tile_width} entries, not {count}.")
