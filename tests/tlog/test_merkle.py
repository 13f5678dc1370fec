"""Trees and proofs against the definitions, exhaustively where that is quick."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_from_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)

from . import direct

SMALL = 70
LEAVES = [b"leaf %d" % number for number in range(300)]
ROOTS = [direct.root(LEAVES[:size]) for size in range(SMALL + 1)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
unhurried = settings(deadline=None)


def wrong_proofs(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with each hash changed or left out, and with one too many."""
    changed = [[*proof[:at], sha256(proof[at]).digest(), *proof[at + 1 :]] for at in range(len(proof))]
    without = [proof[:at] + proof[at + 1 :] for at in range(len(proof))]
    return [*changed, *without, [*proof, EMPTY_ROOT], [EMPTY_ROOT, *proof], [*proof, b""]]


def test_the_hashes_are_those_of_rfc_6962():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_every_small_tree_has_the_defined_root():
    frontier = Frontier()
    node = direct.Nodes(LEAVES[:SMALL])
    for size, root in enumerate(ROOTS):
        assert frontier.size == size
        assert frontier.root() == root_of(HASHES[:size]) == root_at(size, node) == root
        assert Frontier(size, frontier.hashes).root() == root
        frontier.append(HASHES[size])


def test_every_inclusion_in_small_trees_is_proved():
    node = direct.Nodes(LEAVES[:SMALL])
    for size in range(1, SMALL + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert proof == direct.path(index, LEAVES[:size])
            assert root_from_inclusion(index, size, HASHES[index], proof) == ROOTS[size]
            assert verify_inclusion(index, size, HASHES[index], ROOTS[size], proof)


def test_every_consistency_of_small_trees_is_proved():
    node = direct.Nodes(LEAVES[:SMALL])
    for new in range(1, SMALL + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, node)
            assert proof == direct.consistency(old, LEAVES[:new])
            assert verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_a_wrong_proof_of_inclusion_is_refused():
    for size in range(1, 20):
        for index in range(size):
            proof = direct.path(index, LEAVES[:size])
            for wrong in wrong_proofs(proof):
                assert not verify_inclusion(index, size, HASHES[index], ROOTS[size], wrong)
                # Of another length there is no root at all, whoever may have made one that fits.
                reached = root_from_inclusion(index, size, HASHES[index], wrong)
                assert (reached is None) == (len(wrong) != len(proof))
            assert not verify_inclusion(index, size, HASHES[index + 1], ROOTS[size], proof)
            assert not verify_inclusion(index, size, HASHES[index], ROOTS[size - 1], proof)


def test_a_wrong_proof_of_consistency_is_refused():
    for new in range(2, 20):
        for old in range(1, new):
            proof = direct.consistency(old, LEAVES[:new])
            for wrong in wrong_proofs(proof):
                assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], wrong)
            assert not verify_consistency(old, new, ROOTS[old - 1], ROOTS[new], proof)
            assert not verify_consistency(old, new, ROOTS[old], ROOTS[new + 1], proof)
            assert not verify_consistency(new, old, ROOTS[new], ROOTS[old], proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (2**64 - 1, 3), (-1, -1), (0, -1)])
def test_a_leaf_beyond_the_tree_has_no_proof(index: int, size: int):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(index, size, direct.Nodes(LEAVES))
    assert root_from_inclusion(index, size, HASHES[0], []) is None
    assert not verify_inclusion(index, size, HASHES[0], HASHES[0], [])


@pytest.mark.parametrize(("old", "new"), [(3, 2), (-1, 2), (-2, -1), (1, 0)])
def test_a_tree_does_not_shrink(old: int, new: int):
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(old, new, direct.Nodes(LEAVES))
    assert not verify_consistency(old, new, HASHES[0], HASHES[0], [])


def test_the_empty_tree_proves_nothing():
    assert consistency_proof(0, 5, direct.Nodes(LEAVES)) == []
    assert not verify_consistency(0, 5, EMPTY_ROOT, ROOTS[5], [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])


def test_hashes_of_another_length_prove_nothing():
    # Left and right are hashed without a separator, so that their lengths are part of what is proved.
    proof = [HASHES[1][:31]]
    shifted = sha256(b"\x01" + HASHES[0] + HASHES[1][:31]).digest()
    assert root_from_inclusion(0, 2, HASHES[0], proof) is None
    assert root_from_inclusion(0, 2, HASHES[0] + b"x", [HASHES[1]]) is None
    assert not verify_inclusion(0, 2, HASHES[0], shifted, proof)
    assert not verify_consistency(1, 2, HASHES[0], shifted, proof)


@pytest.mark.parametrize(("size", "count"), [(-1, 1), (0, 1), (1, 0), (7, 2), (8, 3)])
def test_a_frontier_has_a_hash_for_each_bit(size: int, count: int):
    with pytest.raises(ValueError, match="one hash"):
        Frontier(size, HASHES[:count])


def test_a_frontier_takes_hashes_alone():
    frontier = Frontier()
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.extend([HASHES[0], HASHES[1], b"leaf 2"])
    assert (frontier.size, frontier.root()) == (2, ROOTS[2])
    with pytest.raises(ValueError, match="one hash"):
        Frontier(1, [b"leaf 0"])


def test_a_tree_has_no_negative_size():
    with pytest.raises(ValueError, match="fewer"):
        root_at(-1, direct.Nodes(LEAVES))


@unhurried
@given(st.lists(st.binary(max_size=8), max_size=300), st.data())
def test_a_tree_of_any_leaves_grows_and_proves(leaves: list[bytes], data: st.DataObject):
    hashes = [leaf_hash(leaf) for leaf in leaves]
    old = data.draw(st.integers(0, len(leaves)))
    frontier = Frontier()
    frontier.extend(hashes[:old])
    old_root = frontier.root()
    grown = Frontier(frontier.size, frontier.hashes)
    grown.extend(hashes[old:])
    assert old_root == direct.root(leaves[:old])
    assert grown.root() == root_of(hashes) == direct.root(leaves)
    if not old:
        return
    node = direct.Nodes(leaves)
    proof = consistency_proof(old, len(leaves), node)
    assert proof == direct.consistency(old, leaves)
    assert verify_consistency(old, len(leaves), old_root, grown.root(), proof)
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(index, len(leaves), node)
    assert proof == direct.path(index, leaves)
    assert verify_inclusion(index, len(leaves), hashes[index], grown.root(), proof)


@given(st.integers(1, 2**40), st.data())
def test_a_proof_reads_few_nodes_of_a_large_tree(size: int, data: st.DataObject):
    asked = 0

    def node(level: int, index: int) -> bytes:
        nonlocal asked
        asked += 1
        assert index + 1 << level <= size
        return sha256(b"%d %d" % (level, index)).digest()

    index = data.draw(st.integers(0, size - 1))
    leaf = node(0, index)
    proof = inclusion_proof(index, size, node)
    assert len(proof) <= size.bit_length()
    assert root_from_inclusion(index, size, leaf, proof) is not None
    assert len(consistency_proof(index + 1, size, node)) <= size.bit_length() + 1
    assert asked <= 4 * size.bit_length() + 3


@given(
    st.integers(-2, 2**65), st.integers(-2, 2**65), st.lists(st.sampled_from([HASHES[0], HASHES[1], b"", b"x" * 33]))
)
def test_verifying_never_raises(index: int, size: int, proof: list[bytes]):
    assert verify_inclusion(index, size, HASHES[2], ROOTS[3], proof) is False
    assert verify_consistency(index, size, ROOTS[3], ROOTS[5], proof) is False
