"""Tiles: paths, which of them change, what is in them, and nodes read back from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.tlog.merkle import Frontier, inclusion_proof, leaf_hash, root_at, root_of, verify_inclusion
from warum.domain.tlog.tiles import (
    Tile,
    bundles_between,
    decode_entries,
    encode_entries,
    entries_path,
    grow,
    nodes_of,
    parse_path,
    tile_path,
    tiles_between,
    tiles_of,
)

from .fuzz import is_refused

HASHES = [leaf_hash(b"leaf %d" % number) for number in range(70_000)]
unhurried = settings(deadline=None)


class Files:
    """Tiles by path, as a log keeps them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(self, level: int, index: int, width: int) -> bytes:
        return self.files[tile_path(level, index, width)]

    def append(self, old: int, hashes: list[bytes]) -> list[Tile]:
        grown = grow(old, hashes, self.read)
        self.files |= {tile_path(tile.level, tile.index, tile.width): data for tile, data in grown}
        return [tile for tile, _ in grown]


@pytest.fixture(scope="module")
def large() -> Files:
    files = Files()
    files.append(0, HASHES)
    return files


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 1, "tile/0/999.p/1"),
        (1, 1000, 255, "tile/1/x001/000.p/255"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (63, 1234067, 17, "tile/63/x001/x234/067.p/17"),
        (None, 5, 256, "tile/entries/005"),
        (None, 1000000, 112, "tile/entries/x001/x000/000.p/112"),
    ],
)
def test_paths_are_those_of_tlog_tiles(level: int | None, index: int, width: int, path: str):
    assert (entries_path(index, width) if level is None else tile_path(level, index, width)) == path
    assert parse_path(path) == Tile(level, index, width)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**64 - 1), st.integers(1, 256))
def test_a_path_leads_back(level: int | None, index: int, width: int):
    path = entries_path(index, width) if level is None else tile_path(level, index, width)
    assert parse_path(path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/X001/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/2",
        "tile/0/٠٠٠",
        "tile/entries",
        "tile/entries/",
        "tile/entries/0",
        "tile/data/000",
        "tile/0/../000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/x001/001",
    ],
)
def test_another_spelling_is_no_path(path: str):
    assert parse_path(path) is None


@given(st.text(alphabet="tile/0123456789x.pnrs", max_size=30).map(lambda text: "tile/" + text))
def test_what_parses_is_spelled_that_way(path: str):
    tile = parse_path(path)
    if tile is not None:
        assert path == (
            entries_path(tile.index, tile.width)
            if tile.level is None
            else tile_path(tile.level, tile.index, tile.width)
        )


@pytest.mark.parametrize(
    "make",
    [
        lambda: tile_path(64, 0),
        lambda: tile_path(-1, 0),
        lambda: tile_path(0, -1),
        lambda: tile_path(0, 2**64),
        lambda: tile_path(0, 0, 0),
        lambda: entries_path(0, 257),
        lambda: tiles_between(2, 1),
        lambda: tiles_between(-1, 1),
        lambda: tiles_of(-1),
        lambda: bundles_between(2, 1),
        lambda: grow(0, [b"short"], Files().read),
        lambda: grow(1, HASHES[:1], lambda *_: b"short"),
    ],
)
def test_there_are_no_other_tiles(make: Callable[[], object]):
    with pytest.raises(ValueError, match=r"\.$"):
        make()


def test_the_tiles_of_a_tree_are_those_of_the_example():
    tiles = tiles_of(70_000)
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles if tile.level == 1] == [Tile(1, 0, 256), Tile(1, 1, 17)]
    assert len(tiles) == 273 + 1 + 2 + 1
    assert tiles_of(256) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert tiles_of(0) == tiles_between(70_000, 70_000) == bundles_between(7, 7) == []


def test_what_grows_is_new_or_partial():
    assert tiles_between(0, 1) == [Tile(0, 0, 1)]
    assert tiles_between(255, 256) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert tiles_between(256, 258) == [Tile(0, 1, 2)]
    assert tiles_between(300, 600) == [Tile(0, 1, 256), Tile(0, 2, 88), Tile(1, 0, 2)]
    assert bundles_between(300, 600) == [Tile(None, 1, 256), Tile(None, 2, 88)]


@unhurried
@given(st.lists(st.integers(0, 700), max_size=5))
def test_a_log_that_grows_step_by_step_has_the_tiles_of_its_tree(steps: list[int]):
    files, size, frontier = Files(), 0, Frontier()
    for step in steps:
        leaves = HASHES[size : size + step]
        assert files.append(size, leaves) == tiles_between(size, size + step)
        frontier.extend(leaves)
        size += step
        assert root_at(size, nodes_of(size, files.read)) == frontier.root()
    for tile in tiles_of(size):
        data = files.read(tile.level, tile.index, tile.width)
        assert len(data) == 32 * tile.width
        first = tile.index * 256
        wanted = [
            root_of(HASHES[at << 8 * tile.level : at + 1 << 8 * tile.level]) for at in (first, first + tile.width - 1)
        ]
        assert [data[:32], data[-32:]] == wanted


@unhurried
@given(st.integers(0, 69_999))
def test_proofs_come_from_the_tiles_of_a_large_tree(large: Files, index: int):
    node = nodes_of(70_000, large.read)
    proof = inclusion_proof(index, 70_000, node)
    assert verify_inclusion(index, 70_000, HASHES[index], root_at(70_000, node), proof)


def test_a_node_beyond_the_tree_is_refused(large: Files):
    node = nodes_of(70_000, large.read)
    assert node(0, 69_999) == HASHES[69_999]
    assert node(16, 0) == root_of(HASHES[: 1 << 16])
    for level, index in ((0, 70_000), (4, 4375), (16, 1), (17, 0), (-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="not complete"):
            node(level, index)


def test_a_tile_of_another_length_is_refused():
    for data in (b"", bytes(31), bytes(33), bytes(64 + 32)):
        with pytest.raises(ValueError, match="width 2"):
            nodes_of(2, lambda *_, data=data: data)(0, 0)


def test_a_tile_is_read_once(large: Files):
    reads: list[tuple[int, int, int]] = []

    def read(*tile: int) -> bytes:
        reads.append(tile)
        return large.read(*tile)

    node = nodes_of(70_000, read)
    for index in range(256):
        inclusion_proof(index, 70_000, node)
    assert sorted(set(reads)) == sorted(reads)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_leads_back(entries: list[bytes]):
    bundle = encode_entries(entries)
    assert decode_entries(bundle) == entries
    assert bundle[:2] == len(entries[0]).to_bytes(2, "big")


def test_a_bundle_that_is_cut_is_refused():
    bundle = encode_entries([b"one", b"", bytes(65535)])
    ends = [0, 5, 7, len(bundle)]
    for end in (*range(12), len(bundle) - 1):
        assert is_refused(decode_entries, bundle[:end]) == (end not in ends[1:])
    assert is_refused(decode_entries, bundle + b"\0")


def test_a_bundle_has_its_limits():
    for entries in ([], [b""] * 257, [bytes(65536)]):
        with pytest.raises(ValueError, match="entr"):
            encode_entries(entries)
    assert is_refused(decode_entries, bytes(2 * 257))
    assert decode_entries(bytes(2 * 256)) == [b""] * 256


@given(st.binary(max_size=100))
def test_any_bundle_is_read_back_or_refused(bundle: bytes):
    if not is_refused(decode_entries, bundle):
        assert encode_entries(decode_entries(bundle)) == bundle
