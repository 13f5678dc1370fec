"""Policies: the examples of tlog-policy and the cases of transparency-dev/formats."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warum.domain.tlog.checkpoints import cosign, cosigner
from warum.domain.tlog.notes import COSIGNATURE_V1, Signer, VKey, format_vkey, open_note, parse_vkey, sign
from warum.domain.tlog.policies import PolicyGroup, PolicyLog, PolicyWitness, parse_policy

from .fuzz import damaged, is_refused
from .published import ARCHE, ARCHE_VKEY, ARCHE_WITNESSES

# The public keys that transparency-dev/formats uses for its witnesses, there as keys of logs.
PLAIN = (
    "Wit1+55ee4561+AVhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
    "Wit2+85ecc407+AWVbwFJte9wMQIPSnEnj4KibeO6vSIOEDUTDp3o63c2x",
    "Wit3+d3ed3be7+ASb6Uz1+fxAcXkMvDd7nGa3FjDce7LxIKmbbTCT0MpVn",
)
WITNESSES = [VKey(each.name, COSIGNATURE_V1, each.key) for each in map(parse_vkey, PLAIN)]
WITNESSES += [cosigner(f"Wit{number}", bytes((number,)) * 32) for number in (4, 5, 6)]
W1, W2, W3, W4, W5, W6 = map(format_vkey, WITNESSES)
LOG = format_vkey(Signer("example.com/log", bytes(32)).vkey)
EXAMPLE = f"""log {LOG}

witness X1 {W1}
witness X2 {W2}
witness X3 {W3}
group X-witnesses 2 X1 X2 X3

witness Y1 {W4}
witness Y2 {W5}
witness Y3 {W6}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
unhurried = settings(deadline=None)


def test_the_example_is_read():
    policy = parse_policy(EXAMPLE.encode())
    assert policy.logs == (PolicyLog(parse_vkey(LOG), None),)
    names = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
    assert policy.witnesses == tuple(
        PolicyWitness(name, vkey, None) for name, vkey in zip(names, WITNESSES, strict=True)
    )
    assert policy.groups == (
        PolicyGroup("X-witnesses", 2, names[:3]),
        PolicyGroup("Y-witnesses", 1, names[3:]),
        PolicyGroup("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert policy.quorum == "X-and-Y"


def test_the_quorum_of_the_example_is_two_and_one():
    policy = parse_policy(EXAMPLE.encode())
    for count in range(len(WITNESSES) + 1):
        for cosigners in combinations(WITNESSES, count):
            enough = len(set(cosigners) & set(WITNESSES[:3])) >= 2 and bool(set(cosigners) & set(WITNESSES[3:]))
            assert policy.satisfied_by(cosigners) is enough


def test_a_key_counts_as_it_stands_in_the_policy():
    policy = parse_policy(f"witness w1 {W1}\nquorum w1\n".encode())
    assert policy.satisfied_by(WITNESSES)
    assert policy.satisfied_by(iter(WITNESSES[:1]))
    assert not policy.satisfied_by(map(parse_vkey, PLAIN))
    assert not policy.satisfied_by([VKey("example.com/another", COSIGNATURE_V1, WITNESSES[0].key)])


def test_a_policy_may_ask_for_nobody():
    policy = parse_policy(b"quorum none\n")
    assert (policy.logs, policy.witnesses, policy.groups, policy.quorum) == ((), (), (), "none")
    assert policy.satisfied_by([])


def test_a_checkpoint_in_operation_meets_a_policy():
    names = [f"w{number}" for number in range(len(ARCHE_WITNESSES))]
    lines = [f"witness {name} {vkey}" for name, vkey in zip(names, ARCHE_WITNESSES, strict=True)]
    policy = parse_policy("\n".join((f"log {ARCHE_VKEY}", *lines, f"group g 3 {' '.join(names)}", "quorum g")).encode())
    note = open_note(ARCHE.encode())
    assert note.verified_by(log.vkey for log in policy.logs)
    assert policy.satisfied_by(note.verified_by(witness.vkey for witness in policy.witnesses))
    alone = open_note("\n".join([*ARCHE.split("\n")[:8], ""]).encode())
    assert not policy.satisfied_by(alone.verified_by(witness.vkey for witness in policy.witnesses))


def test_blanks_comments_and_urls():
    text = f"\n# comment\n\t # another comment\n\twitness \t w1  {W1}   https://w1.example.com/  \n\n  quorum\tw1"
    policy = parse_policy(text.encode())
    assert policy.witnesses == (PolicyWitness("w1", WITNESSES[0], "https://w1.example.com/"),)
    policy = parse_policy(f"log {LOG} https://log.example.com/\nwitness w1 {W1}\nquorum w1\n".encode())
    assert (policy.logs[0].url, policy.witnesses[0].url) == ("https://log.example.com/", None)


def test_names_are_opaque_bytes():
    for name in (b"KKlvin-w\x80", "\u212a".encode(), b"a\xc2\xa0b", b"a\xc2\x85b", b"all", b"quorum", b"#"):
        policy = parse_policy(b"witness %s %s\nquorum %s\n" % (name, W1.encode(), name))
        assert policy.witnesses[0].name == policy.quorum == name.decode(errors="surrogateescape")
    # A Kelvin sign is no K, and neither of two broken bytes is the other.
    for one, other in ((b"K", "\u212a".encode()), (b"\x80", b"\x81")):
        assert is_refused(parse_policy, b"witness %s %s\nquorum %s\n" % (one, W1.encode(), other))


def test_words_other_than_none_are_names():
    policy = parse_policy(f"witness all {W1}\nwitness any {W2}\ngroup group 2 all any\nquorum group\n".encode())
    assert policy.groups == (PolicyGroup("group", 2, ("all", "any")),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("quorum none\n\x01", "Line 2: Control characters"),
        ("quorum none\r\n", "Line 1: Control characters"),
        ("quorum none\n# \x7f", "Line 2: Control characters"),
        ("quibble w1\nquorum none\n", "Line 1: The line begins with none of"),
        (f"witness w1 {W1} https://w1.example.com/ # comment\nquorum w1\n", "Line 1: A witness has"),
        ("log\nquorum none\n", "Line 1: A log has"),
        ("log garbage\nquorum none\n", "Line 1: A vkey is"),
        (f"log \udc80{LOG}\nquorum none\n", "Line 1: The name of a key"),
        (f"log more.{LOG}\nquorum none\n", "Line 1: The key id"),
        ("log unknown.example.com+00000000+YwAA\nquorum none\n", "Line 1: A key of type 99"),
        (f"log {LOG}\nlog {LOG} https://log.example.com/\nquorum none\n", "Line 2: A log with the same key"),
        ("witness w1\nquorum none\n", "Line 1: A witness has"),
        (f"witness w1 {PLAIN[0]}\nquorum w1\n", "Line 1: The key of a witness is of type 4"),
        ("witness w1 ecdsa.example.com+00000000+AgECAw==\nquorum w1\n", "Line 1: A key of type 2"),
        (f"witness none {W1}\nquorum none\n", "Line 1: The name none"),
        (f"witness w1 {W1}\nwitness w1 {W2}\nquorum w1\n", "Line 2: The name w1 is taken"),
        (f"witness w1 {W1}\ngroup w1 any w1\nquorum w1\n", "Line 2: The name w1 is taken"),
        (f"witness w1 {W1}\ngroup g1 1\nquorum w1\n", "Line 2: A group has"),
        (f"witness w1 {W1}\ngroup none any w1\nquorum none\n", "Line 2: The name none"),
        (f"witness w1 {W1}\ngroup g1 0 w1\nquorum g1\n", "Line 2: Of 1 members"),
        (f"witness w1 {W1}\ngroup g1 -1 w1\nquorum g1\n", "Line 2: Of 1 members"),
        (f"witness w1 {W1}\ngroup g1 01 w1\nquorum g1\n", "Line 2: Of 1 members"),
        (f"witness w1 {W1}\ngroup g1 2 w1\nquorum g1\n", "Line 2: Of 1 members"),
        (f"witness w1 {W1}\ngroup g1 any w2\nquorum g1\n", "Line 2: The member w2 is not defined above"),
        (f"group g1 any w1\nwitness w1 {W1}\nquorum g1\n", "Line 1: The member w1 is not defined above"),
        (f"witness w1 {W1}\ngroup g1 any g1\nquorum g1\n", "Line 2: The member g1 is not defined above"),
        (f"witness w1 {W1}\ngroup g1 any none w1\nquorum g1\n", "Line 2: The member none is not defined"),
        (f"witness w1 {W1}\ngroup g1 all w1 w1\nquorum g1\n", "Line 2: The member w1 stands in a group"),
        (
            f"witness w1 {W1}\nwitness w2 {W2}\ngroup g1 any w1 w2\ngroup g2 any w1\nquorum g1\n",
            "Line 4: The member w1 stands in a group",
        ),
        (f"witness w1 {W1}\n", "no quorum line"),
        ("", "no quorum line"),
        (f"witness w1 {W1}\nquorum w1\nquorum w1\n", "Line 3: A quorum stands above"),
        ("quorum unknown\n", "Line 1: The quorum unknown is not defined"),
        (f"quorum w1\nwitness w1 {W1}\n", "Line 1: The quorum w1 is not defined"),
        ("quorum\n", "Line 1: A quorum has one name"),
        ("quorum \udc80\n", "Line 1: The quorum \ufffd is not defined"),
    ],
)
def test_each_defect_has_its_line(text: str, sentence: str):
    data = text.encode(errors="surrogateescape")
    assert is_refused(parse_policy, data)
    with pytest.raises(ValueError, match=sentence):
        parse_policy(data)


def test_one_witness_does_not_count_twice_under_two_names():
    again = format_vkey(VKey("impostor.example.com", COSIGNATURE_V1, WITNESSES[0].key))
    with pytest.raises(ValueError, match="Line 2: A witness with the same key"):
        parse_policy(f"witness w1 {W1}\nwitness w2 {again}\nquorum w1\n".encode())


def test_what_a_witness_signed_is_counted():
    seed, body = bytes((4,)) * 32, f"example.com/log\n0\n{'A' * 43}=\n"
    checkpoint = sign(body, [Signer("example.com/log", bytes(32))]) + cosign(seed, "Wit4", body, 7).encode()
    policy = parse_policy(f"witness w4 {W4}\nwitness w5 {W5}\ngroup g any w4 w5\nquorum g\n".encode())
    assert policy.satisfied_by(open_note(checkpoint).verified_by(WITNESSES))


def test_a_long_chain_of_groups_is_read():
    count = 2_000
    groups = [f"group g{number} any g{number - 1}" for number in range(1, count)]
    text = "\n".join((f"witness g0 {W1}", *groups, f"quorum g{count - 1}"))
    assert parse_policy(text.encode()).satisfied_by(WITNESSES)


@unhurried
@given(st.binary(max_size=200) | damaged(EXAMPLE.encode()))
@example(EXAMPLE.encode())
def test_any_policy_is_read_or_refused(data: bytes):
    if not is_refused(parse_policy, data):
        policy = parse_policy(data)
        assert policy.satisfied_by(witness.vkey for witness in policy.witnesses)
