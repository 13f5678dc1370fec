"""Proofs to carry away: spelled as transparency-dev/formats spells them, and a sentence for each defect."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warum.domain.tlog.checkpoints import Checkpoint, format_checkpoint, unverified_checkpoint
from warum.domain.tlog.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion
from warum.domain.tlog.notes import Signer, open_note, sign
from warum.domain.tlog.proofs import Proof, format_proof, parse_proof

from . import direct
from .fuzz import cut, damaged, flipped, is_refused

LEAVES = [b"leaf %d" % number for number in range(11)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
LOG = Signer("example.com/log", bytes(32))
CHECKPOINT = sign(format_checkpoint(Checkpoint("example.com/log", len(LEAVES), root_of(HASHES))), [LOG])
PROOF = Proof(6, tuple(inclusion_proof(6, len(LEAVES), direct.Nodes(LEAVES))), CHECKPOINT, b"extra data")
DATA = format_proof(PROOF)
unhurried = settings(deadline=None)


def verified(data: bytes) -> None:
    """Raises a ValueError unless the proof holds for leaf 6."""
    proof = parse_proof(data)
    checkpoint = unverified_checkpoint(proof.checkpoint)
    if open_note(proof.checkpoint).verified_by([LOG.vkey]) != (LOG.vkey,):
        raise ValueError("The log has not signed.")
    if not verify_inclusion(proof.index, checkpoint.size, HASHES[6], checkpoint.root, proof.hashes):
        raise ValueError("The proof leads to another root.")


def test_a_proof_is_spelled_as_others_spell_it():
    first, second = sha256(b"hash1").digest(), sha256(b"hash2").digest()
    assert format_proof(Proof(5, (first, second), b"test checkpoint\n")) == (
        b"c2sp.org/tlog-proof@v1\nindex 5\n%s\n%s\n\ntest checkpoint\n" % (b64encode(first), b64encode(second))
    )
    assert format_proof(Proof(10, (first,), b"checkpoint data\n", b"extra information")) == (
        b"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n%s\n\ncheckpoint data\n" % b64encode(first)
    )
    assert format_proof(Proof(0, (), b"checkpoint\n")) == b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"


@pytest.mark.parametrize("extra", [None, b"\0", b"extra data"])
@pytest.mark.parametrize("hashes", [(), PROOF.hashes, (bytes(32),) * 64])
def test_a_proof_leads_back(extra: bytes | None, hashes: tuple[bytes, ...]):
    proof = Proof(10, hashes, CHECKPOINT, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_a_proof_holds():
    verified(DATA)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a tlog-proof"),
        (b"wrong-header\nindex 0\n\ncheckpoint\n", "not a tlog-proof"),
        (DATA.replace(b"@v1", b"@v2"), "not a tlog-proof"),
        (DATA.replace(b"\n", b"\r\n"), "not a tlog-proof"),
        (DATA.replace(b"index 6\n", b"index 6\r\n"), "control characters"),
        (DATA.replace(b"index", b"\xff"), "UTF-8"),
        (b"c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n", "extra data"),
        (b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\ncheckpoint\n", "extra data"),
        (b"c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n", "no line with the index"),
        (b"c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n", "index"),
        (b"c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n", "index"),
        (DATA.replace(b"index 6", b"index 06"), "leading zeros"),
        (DATA.replace(b"index 6", b"index  6"), "decimal"),
        (DATA.replace(b"index 6\n", b""), "no line with the index"),
        (DATA.replace(b"extra ", b"Extra "), "no line with the index"),
        (DATA.replace(b"index 6", b"index 11"), "leaf 11, but its checkpoint has 11 leaves"),
        (DATA.replace(b"index 6\n", b"index 6\nindex 6\n"), "hash"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n", "hash"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n" + b64encode(bytes(64)) + b"\n\ncheckpoint\n", "32 bytes"),
        (format_proof(Proof(0, (bytes(32),) * 65, CHECKPOINT)), "more than 64"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"a" * 65 * 1024 + b"\n", "cut off"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n", "cut off"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n\n", "cut off"),
        (DATA[:-1], "last line does not end"),
        (format_proof(Proof(0, (), b"checkpoint\n")), "checkpoint in the proof cannot be read"),
        (format_proof(Proof(0, (), open_note(CHECKPOINT).text.encode())), "no empty line"),
        (format_proof(Proof(0, (), CHECKPOINT.replace(b"\n11\n", b"\n011\n"))), "size in the checkpoint"),
        (format_proof(Proof(0, (), CHECKPOINT + b"\n")), "signatures"),
    ],
)
def test_each_defect_has_its_sentence(data: bytes, sentence: str):
    assert is_refused(parse_proof, data)
    with pytest.raises(ValueError, match=sentence):
        parse_proof(data)


@pytest.mark.parametrize(
    "proof",
    [
        Proof(-1, (), CHECKPOINT),
        Proof(2**64, (), CHECKPOINT),
        Proof(0, (bytes(31),), CHECKPOINT),
        Proof(0, (), CHECKPOINT, b""),
    ],
)
def test_what_cannot_be_read_back_is_not_written(proof: Proof):
    with pytest.raises(ValueError, match=r"\.$"):
        format_proof(proof)


def test_every_cut_is_noticed():
    assert all(is_refused(parse_proof, data) for data in cut(DATA))


def test_only_the_extra_data_can_be_changed_unnoticed():
    # The format says so: nobody vouches for them.
    start = DATA.index(b"extra ")
    extra = range(start, DATA.index(b"\nindex"))
    for number, data in enumerate(flipped(DATA)):
        if number // 8 not in extra:
            assert is_refused(verified, data), data


@unhurried
@given(st.binary(max_size=200) | damaged(DATA))
@example(DATA)
def test_any_proof_is_read_back_or_refused(data: bytes):
    if not is_refused(parse_proof, data):
        assert format_proof(parse_proof(data)) == data
