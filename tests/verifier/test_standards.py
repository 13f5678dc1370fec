"""What the verifier has of its own of RFC 8032, RFC 6962 and C2SP, against independent makers."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.verifier.logs import Log, Signer, b64, consistency, inclusion, load, root

verify = load("warum_verify")
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19

# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_rfc(vector):
    public, message, signature = map(bytes.fromhex, vector)
    assert verify.verify_ed25519(public, message, signature)
    assert not verify.verify_ed25519(public, message + b"!", signature)


def test_signatures_of_another_library_and_every_flipped_bit_of_one():
    for seed in range(5):
        private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public, message = private.public_key().public_bytes_raw(), b"receipt" * seed
        signature = private.sign(message)
        assert verify.verify_ed25519(public, message, signature)
    for bit in random.Random(1).sample(range(512), 60):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not verify.verify_ed25519(public, message, bytes(flipped))


def test_a_number_or_point_has_one_spelling():
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    s = int.from_bytes(signature[32:], "little")
    assert not verify.verify_ed25519(public, b"x", signature[:32] + (s + L).to_bytes(32, "little"))
    assert not verify.verify_ed25519(public, b"x", signature + b"\0")
    assert not verify.verify_ed25519(public, b"x", signature[:-1])
    assert not verify.verify_ed25519(public, b"x", b"")
    # The neutral point, spelled 1, and with a second spelling 1 + p; and 1 with the sign of an x that is 0.
    assert verify.read_point((1).to_bytes(32, "little")) is not None
    assert verify.read_point((P + 1).to_bytes(32, "little")) is None
    assert verify.read_point((1 | 1 << 255).to_bytes(32, "little")) is None
    assert verify.read_point((2).to_bytes(32, "little")) is None, "no point has y = 2"


def test_a_key_of_small_order_signs_nothing():
    neutral = (1).to_bytes(32, "little")
    eighth = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
    for public in (neutral, bytes(32), (P - 1).to_bytes(32, "little"), eighth):
        assert verify.read_point(public) is not None
        for n in range(8):  # for one of eight messages, a key of order 8 would do with R = neutral and S = 0
            assert not verify.verify_ed25519(public, bytes([n]), neutral + bytes(32))


def test_inclusion_for_every_leaf_of_every_small_tree():
    leaves = [sha256(bytes([n])).digest() for n in range(18)]
    for size in range(1, 19):
        for index in range(size):
            path = inclusion(index, leaves[:size])
            assert verify.root_above(leaves[index], index, size, path) == root(leaves[:size])
            for wrong in (index - 1, index + 1):
                if 0 <= wrong < size:
                    assert _root_or_none(leaves[index], wrong, size, path) != root(leaves[:size])
            for bad in (path[:-1], [*path, leaves[0]], path[::-1]):
                if bad != path:
                    assert _root_or_none(leaves[index], index, size, bad) != root(leaves[:size])
        assert _root_or_none(leaves[0], size, size, []) is None
    assert _root_or_none(leaves[0], 0, 0, []) is None


def test_consistency_of_every_two_small_trees():
    leaves = [sha256(bytes([n])).digest() for n in range(18)]
    for new in range(1, 19):
        for old in range(1, new + 1):
            path, roots = consistency(old, leaves[:new]), (root(leaves[:old]), root(leaves[:new]))
            assert verify.roots_above(old, new, path, roots[0]) == roots
            for bad in (path[:-1], [*path, leaves[0]], path[::-1]):
                if bad != path:
                    assert _roots_or_none(old, new, bad, roots[0]) != roots
            if old > 1:
                assert _roots_or_none(old - 1, new, path, roots[0]) != roots
    assert _roots_or_none(0, 3, [], root([])) is None
    assert _roots_or_none(4, 3, [], root([])) is None


def _root_or_none(*inputs):
    try:
        return verify.root_above(*inputs)
    except (verify.Flaw, *verify.FORM):
        return None


def _roots_or_none(*inputs):
    try:
        return verify.roots_above(*inputs)
    except (verify.Flaw, *verify.FORM):
        return None


WITNESSES = [Signer(f"witness{n}.example", 20 + n, kind=4) for n in range(3)]
NAMED = "".join(f"witness w{n} {one.vkey} https://w{n}.example/\n" for n, one in enumerate(WITNESSES))


@pytest.mark.parametrize(
    ("quorum", "enough"),
    [
        ("quorum none", [(), (0,)]),
        ("quorum w1", [(1,), (0, 1)]),
        ("group g all w0 w1\nquorum g", [(0, 1), (0, 1, 2)]),
        ("group g any w0 w1\nquorum g", [(0,), (1,), (1, 2)]),
        ("group g 2 w0 w1 w2\nquorum g", [(0, 1), (1, 2), (0, 2), (0, 1, 2)]),
        ("group g any w0 w1\ngroup h all g w2\nquorum h", [(0, 2), (1, 2), (0, 1, 2)]),
    ],
)
def test_a_policy_asks_for_a_quorum(quorum, enough):
    log = Log()
    log.enter("prg_3", "rule", {"v": 1}, 1)
    policy = f"# who I trust\n\n\tlog  {log.signer.vkey} https://log.example\n{NAMED}{quorum}\n"
    for chosen in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]:
        note = log.checkpoint(cosigners=tuple(WITNESSES[n] for n in chosen))
        if chosen in enough or quorum == "quorum none":
            assert verify.verify_checkpoint(note, policy).size == 1
        elif quorum != "quorum none" and not any(set(one) <= set(chosen) for one in enough):
            with pytest.raises(verify.Flaw, match="Too few of the witnesses"):
                verify.verify_checkpoint(note, policy)


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "quorum w0",
        f"{NAMED}quorum w0\nquorum w1",
        f"{NAMED}witness w0 {WITNESSES[1].vkey}\nquorum w0",
        f"{NAMED}group g all w0 w9\nquorum g",
        f"{NAMED}group g 4 w0 w1 w2\nquorum g",
        f"{NAMED}group g 0 w0 w1 w2\nquorum g",
        f"{NAMED}group g all\nquorum g",
        f"{NAMED}group g any w0 w0\nquorum g",
        f"{NAMED}group g any w0 none\nquorum g",
        f"{NAMED}group none any w0\nquorum none",
        f"{NAMED}group g any w0\ngroup h all g w0\nquorum h",
        f"{NAMED}quorum w0\nwitnes w1 x",
        f"{NAMED}quorum w0 w1",
        f"{NAMED}witness again {WITNESSES[0].vkey}\ngroup g 2 w0 again\nquorum g",
        f"witness w0 {Signer('w', 3, kind=1).vkey}\nquorum w0",
        "log log.example+00000000+AQ==\nquorum none",
    ],
)
def test_a_policy_that_is_not_one_accepts_nothing(policy):
    log = Log()
    log.enter("prg_3", "rule", {"v": 1}, 1)
    with pytest.raises((verify.Flaw, *verify.FORM)):
        verify.verify_checkpoint(log.checkpoint(cosigners=tuple(WITNESSES)), f"log {log.signer.vkey}\n{policy}")


def test_a_checkpoint_may_have_extension_lines_and_signatures_of_strangers():
    log = Log()
    log.enter("prg_3", "rule", {"v": 1}, 1)
    note = log.checkpoint(cosigners=(*WITNESSES, Signer(log.origin, 66)), extension="more\n")
    assert verify.verify_checkpoint(note, log.policy).size == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n1\n", "\n01\n"),
        lambda note: note.replace("\n1\n", "\n2\n"),
        lambda note: note.replace("\n— ", "\n- "),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note + "— log.example/warum AAA\n",
        lambda note: note.replace("log.example/warum", "log.example/other"),
        lambda note: note.split("\n\n")[0] + "\n\n",
        lambda note: note.split("\n\n")[1],
        lambda note: note + note.split("\n\n")[1].replace("log.example/warum ", "log.example/warum  "),
        lambda note: note + "— log.example/warum " + b64(Signer("log.example/warum", 1).id + bytes(64)) + "\n",
    ],
)
def test_a_checkpoint_that_is_not_one(change):
    log = Log()
    log.enter("prg_3", "rule", {"v": 1}, 1)
    verify.verify_checkpoint(log.checkpoint(), log.policy)
    with pytest.raises((verify.Flaw, *verify.FORM)):
        verify.verify_checkpoint(change(log.checkpoint()), log.policy)
