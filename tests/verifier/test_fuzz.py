"""Broken receipts: cut off anywhere, with any bit flipped, and changed at random a hundred thousand times.

What is accepted must prove the same as the original: the leaf, its place in the log and in its series, what it says,
and the checkpoint. Bytes that prove nothing (the key that came along when one's own is used, blanks in JSON, signatures
by strangers) may change freely."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

from tests.verifier.logs import (
    PAIR,
    PROGRAM,
    Log,
    b64,
    clicks,
    conversion,
    later,
    load,
    month,
    proof,
    root,
    rule,
    statement,
    us,
)

verify = load("warum_verify")
REFUSED = (verify.Flaw, *verify.FORM)
MUTATIONS = 100_000


def proved(text: str, policy: str) -> Any:
    """What is proved, or None; anything but a refusal is a failure of the test."""
    try:
        one = verify.verify_receipt(text, policy)
    except REFUSED:
        return None
    return one._replace(shown=json.dumps(one.shown, sort_keys=True), says=json.dumps(one.says, sort_keys=True))


def small() -> tuple[Log, str]:
    log = Log(origin="l.ex")
    log.enter(PROGRAM, "rule", rule(), us("2027-05-01 08:00"))
    log.enter(PAIR, "conversion", conversion(), us("2027-05-03 10:01"))
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6"), us("2027-05-03 10:01"))
    return log, log.receipt(log.entries[1])


def test_a_receipt_cut_off_anywhere_proves_nothing():
    (_, text), policy = small(), small()[0].policy
    assert proved(text, policy)
    for length in range(len(text)):
        assert proved(text[:length], policy) is None
        assert verify.check([("cut", text[:length])], policy).errors


def test_every_flipped_bit():
    """Of bits within the base64 of `extra` too, which reach every bit of the JSON in it."""
    (log, text), policy = small(), small()[0].policy
    original, data = proved(text, policy), text.encode()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert proved(flipped.decode(errors="replace"), policy) in (None, original)
    extra = log.extra(log.entries[1])
    del extra["vkey"]
    written = json.dumps(extra).encode()
    whole = proof(written, 1, path_of(text), text.split("\n\n", 1)[1])
    assert proved(whole, policy) == original
    for bit in range(len(written) * 8):
        flipped = bytearray(written)
        flipped[bit // 8] ^= 1 << bit % 8
        changed = proof(bytes(flipped), 1, path_of(text), text.split("\n\n", 1)[1])
        assert proved(changed, policy) in (None, original)


def path_of(text: str) -> list[bytes]:
    return [base64.b64decode(line) for line in text.split("\n\n")[0].split("\n")[3:]]


def test_a_hundred_thousand_changes_accept_nothing_false():
    rng, log = random.Random(20_270_503), month()
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6"), us("2027-06-03 10:01"))
    texts = [log.receipt(log.entries[index], size) for index, size in ((2, None), (3, 5), (0, None), (4, 6))]
    policy = log.policy
    originals = [proved(text, policy) for text in texts]
    assert all(originals)
    accepted = slow = 0
    for _ in range(MUTATIONS):
        choice = rng.randrange(len(texts))
        text = texts[choice]
        body = text.index("\n\n")
        # A changed signature costs milliseconds; the others are refused before or have been verified already.
        if rng.random() < 0.003:
            slow += 1
            place = rng.randrange(body, len(text))
            changed = text[:place] + rng.choice(LETTERS) + text[place + 1 :]
        else:
            changed = mutated(rng, text[:body], rng.choice(texts)) + text[body:]
        found = proved(changed, policy)
        if found is not None:
            accepted += 1
            assert found == originals[choice]
    assert slow > 100
    assert accepted < MUTATIONS // 5


LETTERS = 'abcXYZ0123456789+/=\n \t—{}[]":,.\0é'


def mutated(rng: random.Random, head: str, other: str) -> str:
    """The lines before the checkpoint, with a change that is as often in the JSON as in the text around it."""
    lines = head.split("\n")
    kind = rng.randrange(8)
    if kind == 0:
        place = rng.randrange(len(head))
        return head[:place] + rng.choice(LETTERS) + head[place + rng.randrange(2) :]
    if kind == 1:
        place = rng.randrange(len(lines))
        return "\n".join([*lines[:place], *lines[place + 1 :]])
    if kind == 2:
        place, source = rng.randrange(len(lines)), other.split("\n\n")[0].split("\n")
        return "\n".join([*lines[:place], rng.choice(source), *lines[place + 1 :]])
    if kind == 3:
        lines[2] = f"index {rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 2**16, -1))}"
        return "\n".join(lines)
    extra = base64.b64decode(lines[1][6:])
    if kind in (4, 5):
        place = rng.randrange(len(extra))
        cut = place + rng.randrange(3)
        extra = extra[:place] + bytes([rng.randrange(32, 127)]) * rng.randrange(3) + extra[cut:]
    else:
        members = json.loads(extra)
        at: Any = members
        while True:
            name = rng.choice(list(at))
            if not isinstance(at[name], dict) or not at[name] or rng.random() < 0.2:
                break
            at = at[name]
        theirs = json.loads(base64.b64decode(other.split("\n")[1][6:]))
        values = (None, True, 0, 1, -1, "", "1", [], {}, b64(bytes(32)), theirs.get(name), theirs["leaf"].get(name))
        at[name] = rng.choice(values)
        extra = json.dumps(members).encode()
    lines[1] = f"extra {b64(extra)}"
    return "\n".join(lines)


ODD: tuple[Any, ...] = (None, True, 0, -1, "", "x", "-1", "1" * 17, [], [None], {}, {"status": "paid"}, "2027-13")


def places(value: Any) -> list[list[str]]:
    """The path to every member of an object, and to every object in it."""
    found = []
    if isinstance(value, dict):
        for name, item in value.items():
            found += [[name], *([name, *rest] for rest in places(item))]
    return found


def test_whatever_an_operator_signs_is_answered_with_sentences(monkeypatch):
    """Forms that a log may hold although the page has no such: each member of each payload, replaced or left out."""
    monkeypatch.setattr(verify, "verify_ed25519", lambda *_: True)
    made = {"rule": rule(), "conversion": conversion(), "later": later(), "clicks": clicks(), "statement": statement()}
    whole, policy = month(), month().policy
    note, claims = whole.checkpoint(), whole.claims()
    refused = total = 0
    for kind, payload in made.items():
        for path in places(payload):
            for odd in (*ODD, ...):
                changed = json.loads(json.dumps(payload))
                inside = changed
                for name in path[:-1]:
                    inside = inside[name]
                inside[path[-1]] = odd
                if odd is ...:
                    del inside[path[-1]]
                log = month(**{kind: changed})
                text = note.split("\n\n")[0].split("\n")[:2]
                signed = "\n".join([*text, b64(root(log.leaves)), "", note.split("\n\n")[1]])
                receipts = [log.receipt(one, note=signed) for one in log.entries]
                file = json.dumps({"format": "warum-receipts/1", "receipts": receipts, "complete": claims})
                case = verify.check([("mine", file)], policy)
                total, refused = total + 1, refused + bool(case.errors)
    assert refused > total // 2
    assert total > 500


def test_whatever_stands_in_a_file_is_answered_with_sentences():
    log = month()
    members = {"promises": [log.promise("1/0/17", 5)], "consistency": [log.consistency(3)], "complete": log.claims()}
    whole = json.loads(log.file(log.entries[:1], **members))
    for path in [
        *places(whole),
        *([name, 0] for name in members),
        *(["consistency", 0, name] for name in ("old", "hashes")),
    ]:
        for odd in ODD:
            changed = json.loads(json.dumps(whole))
            inside = changed
            for name in path[:-1]:
                inside = inside[name]
            inside[path[-1]] = odd
            verify.check([("mine", json.dumps(changed))], log.policy)
