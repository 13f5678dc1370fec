"""The definitions of RFC 6962, section 2.1, written down as they stand: slow, and without any of the code on trial."""

from __future__ import annotations

from hashlib import sha256


def split(count: int) -> int:
    """The greatest power of two below ``count``."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def root(leaves: list[bytes]) -> bytes:
    """MTH over entries."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF, which is SUBPROOF with ``whole``."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*consistency(old, leaves[:k], whole=whole), root(leaves[k:])]
    return [*consistency(old - k, leaves[k:], whole=False), root(leaves[:k])]


class Nodes:
    """A node reader over entries, which gives complete subtrees alone, and counts what it was asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}
        self.asked = 0

    def __call__(self, level: int, index: int) -> bytes:
        self.asked += 1
        assert 0 <= index << level <= (index + 1 << level) <= len(self._leaves), "not complete"
        if (level, index) not in self._known:
            self._known[level, index] = root(self._leaves[index << level : index + 1 << level])
        return self._known[level, index]
