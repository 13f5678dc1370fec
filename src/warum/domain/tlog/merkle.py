"""Merkle trees of RFC 6962: hashes, the right edge that a log appends to, and proofs of inclusion and consistency.

Sizes and indices count leaves; all hashes are SHA-256, 32 bytes. A node is named by level and index: node (2, 5) is the
root of leaves 20 to 23. Only complete subtrees are ever asked for by name; what is incomplete lies on the right edge,
differs from size to size, and is composed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from warum.domain.tlog.spelling import hash_bytes

NodeReader: TypeAlias = Callable[[int, int], bytes]
"""The hash of the complete subtree at (level, index), of 2**level leaves; level 0 holds the leaf hashes."""

EMPTY_ROOT: Final = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's bytes (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 6962, section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes that are all at hand; ``EMPTY_ROOT`` for none."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        # A last node without a neighbour rises as it is, which is how RFC 6962 splits at the greatest power of two.
        odd = level[-1:] if len(level) % 2 else []
        level = [*map(node_hash, level[::2], level[1::2]), *odd]
    return level[0]


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, greatest first, one for each bit of the
    size. It is all that appending and the root need, however large the tree.

    Args:
        size: leaves so far.
        hashes: what ``hashes`` gave at that size.

    Raises:
        ValueError: the hashes are not those of a tree of that size.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self._size = size
        self._hashes = list(hashes)
        if size < 0 or len(self._hashes) != size.bit_count() or any(len(node) != hash_bytes for node in self._hashes):
            raise ValueError("The right edge of a tree has one hash of 32 bytes for each bit that its size has set.")

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, greatest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, 32 bytes."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order; ValueError for one that is not 32 bytes long, after those before it were added."""
        hashes, size = self._hashes, self._size
        try:
            for leaf in leaves:
                if len(leaf) != hash_bytes:
                    raise ValueError("A leaf hash has 32 bytes.")
                node, left = leaf, size
                while left & 1:
                    # Spelled out, since a log that catches up does little else than this.
                    node = sha256(b"\x01" + hashes.pop() + node).digest()
                    left >>= 1
                hashes.append(node)
                size += 1
        finally:
            self._size = size

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return _compose(self._hashes)


def root_at(size: int, node: NodeReader) -> bytes:
    """The root of the first ``size`` leaves; ValueError for a negative size."""
    if size < 0:
        raise ValueError("A tree does not have fewer than no leaves.")
    return _root_between(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """The proof that leaf ``index`` is in the tree of the first ``size`` leaves, from the leaf's sibling up to a child
    of the root (PATH of RFC 6962, section 2.1.1). It reads at most two nodes a level.

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            proof.append(_root_between(middle, end, node))
            end = middle
        else:
            proof.append(_root_between(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """The proof that the tree of the first ``new`` leaves begins with that of the first ``old`` (PROOF of RFC 6962,
    section 2.1.2). It is empty for equal sizes, and for ``old`` 0, where there is nothing to prove.

    Raises:
        ValueError: ``old`` is negative or beyond ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves does not begin with one of {old}.")
    if old == 0:
        return []
    proof: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = _middle(start, end)
        if old <= middle:
            proof.append(_root_between(middle, end, node))
            end = middle
        else:
            proof.append(_root_between(start, middle, node))
            start = middle
    # Whoever holds the old root knows the subtree already if it is the whole old tree.
    if start > 0:
        proof.append(_root_between(start, end, node))
    return proof[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof of inclusion leads to (RFC 9162, section 2.1.3.2).

    Args:
        leaf: the leaf's hash, 32 bytes.

    Returns:
        None when the proof has another length than this leaf of this tree needs, or hashes that are not 32 bytes.
    """
    if not 0 <= index < size or not _all_hashes((leaf, *proof)):
        return None
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            place, last = _past_lone_levels(place, last)
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def verify_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads from the leaf hash to this root (RFC 9162, section 2.1.3.2)."""
    return root_from_inclusion(index, size, leaf, proof) == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the old one (RFC 9162, section 2.1.4.2).

    False for ``old`` 0: every tree begins with the empty one, so that a proof of it says nothing. Who knows nothing of
    a log yet has to decide that without a proof.
    """
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof or not _all_hashes((old_root, *proof)):
        return False
    # A complete old tree is a node of the new one, and its root is not repeated in the proof.
    first, *path = (old_root, *proof) if old.bit_count() == 1 else proof
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_reached = new_reached = first
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_reached = node_hash(sibling, old_reached)
            new_reached = node_hash(sibling, new_reached)
            place, last = _past_lone_levels(place, last)
        else:
            new_reached = node_hash(new_reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_reached == old_root and new_reached == new_root


def _past_lone_levels(place: int, last: int) -> tuple[int, int]:
    """Past the levels at which the last node has no neighbour and rises as it is."""
    while not place & 1 and place != 0:
        place, last = place >> 1, last >> 1
    return place, last


def _middle(start: int, end: int) -> int:
    """Where RFC 6962 splits: the left side holds the greatest power of two that leaves something to the right."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _root_between(start: int, end: int, node: NodeReader) -> bytes:
    """The root over leaves ``start`` to ``end``, where the start is one at which RFC 6962 splits."""
    subtrees: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        subtrees.append(node(level, start >> level))
        start += 1 << level
    return _compose(subtrees)


def _compose(subtrees: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, greatest first."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for left in subtrees[-2::-1]:
        root = node_hash(left, root)
    return root


def _all_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(each) == hash_bytes for each in hashes)
