"""One receipt: what makes it a proof, and all that breaks it."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from tests.verifier.logs import PAIR, Log, b64, canonical, conversion, inclusion, load, month, proof, us

verify = load("warum_verify")


def refuses(text: str, policy: str = "") -> str:
    """The first sentence about a text that proves nothing."""
    case = verify.check([("mine.tlog-proof", text)], policy)
    assert case.errors and not case.facts
    return case.errors[0]


@pytest.fixture
def log() -> Log:
    return month()


def test_a_receipt_proves_its_leaf(log):
    entry = log.entries[2]
    proved = verify.verify_receipt(log.receipt(entry), log.policy)
    assert (proved.index, proved.series, proved.number, proved.type) == (2, PAIR, 1, "conversion")
    assert proved.says == entry.payload
    assert proved.at == us("2027-05-03 10:01")
    assert proved.checkpoint[:2] == (log.origin, 6)


def test_without_a_key_of_ones_own_the_key_of_the_file_serves_and_that_is_said(log):
    case = verify.check([("mine", log.receipt(log.entries[0]))])
    assert not case.errors
    assert any(log.signer.vkey in note and "contract" in note for note in case.notes)
    assert not any(
        "contract" in note for note in verify.check([("mine", log.receipt(log.entries[0]))], log.policy).notes
    )


def test_a_receipt_of_another_log(log):
    other = month()
    other.seed = 2
    assert "did not sign" in refuses(other.receipt(other.entries[0]), log.policy)
    other.origin = "other.example"
    assert "did not sign" in refuses(other.receipt(other.entries[0]), log.policy)
    assert refuses(log.receipt(log.entries[0], vkey=other.signer.vkey)), "the key that came along is not the signer's"


def test_the_log_must_contain_the_leaf(log):
    entry, other = log.entries[2], log.entries[3]
    assert "does not contain this entry" in refuses(log.receipt(entry, index=3), log.policy)
    assert "does not contain this entry" in refuses(log.receipt(entry, leaf=other.leaf), log.policy)
    assert refuses(log.receipt(entry, index=99), log.policy)
    assert refuses(log.receipt(entry, path=inclusion(2, log.leaves)[:-1]), log.policy)
    assert refuses(log.receipt(entry, path=[*inclusion(2, log.leaves), bytes(32)]), log.policy)


def test_a_checkpoint_of_the_past_or_the_future(log):
    entry, path = log.entries[2], inclusion(2, log.leaves)
    assert verify.verify_receipt(log.receipt(entry, 4), log.policy).checkpoint.size == 4
    assert refuses(log.receipt(entry, note=log.checkpoint(2), path=path), log.policy), "it was not in the log then"
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6"), us("2027-06-02 10:00"))
    log.enter(PAIR, "conversion", conversion(conversion="cnv_7"), us("2027-06-02 10:00"))
    log.enter(PAIR, "conversion", conversion(conversion="cnv_8"), us("2027-06-02 10:00"))
    assert refuses(log.receipt(entry, note=log.checkpoint(), path=path), log.policy), "the path is of a smaller tree"


@pytest.mark.parametrize(
    "series",
    [{"number": "2"}, {"key": b64(bytes(32))}, {"number": "0"}, {"number": "01"}, {"number": 1}, {"name": None}],
)
def test_the_tag_binds_key_and_number(log, series):
    assert refuses(log.receipt(log.entries[2], series=log.entries[2].series | series), log.policy)


def test_the_payload_names_the_series_that_it_belongs_to(log):
    changed = log.entries[2].series | {"name": "adv_1/pub_3"}
    assert "belongs to adv_1/pub_2" in refuses(log.receipt(log.entries[2], series=changed), log.policy)
    assert "belongs to prg_3" in refuses(log.receipt(log.entries[0], series=log.entries[0].series | {"name": "prg_4"}))


def test_the_commitment_binds_the_payload(log):
    entry = log.entries[2]
    assert "altered" in refuses(log.receipt(entry, payload=entry.payload | {"commission": "900"}), log.policy)
    assert "altered" in refuses(log.receipt(entry, nonce=b64(bytes(32))), log.policy)
    assert refuses(log.receipt(entry, payload=None), log.policy), "a nonce without what it hides"
    extra = log.extra(entry)
    del extra["nonce"]
    assert refuses(proof(extra, 2, inclusion(2, log.leaves), log.checkpoint()), log.policy)


def test_what_was_erased_is_still_proved(log):
    extra = {name: value for name, value in log.extra(log.entries[2]).items() if name in ("leaf", "series", "vkey")}
    text = proof(extra, 2, inclusion(2, log.leaves), log.checkpoint())
    case = verify.check([("mine", text)], log.policy)
    assert not case.errors
    assert "erased" in case.facts[0]
    extra["shown"] = {"order_id": {"nonce": b64(bytes(32)), "value": "1001"}}
    assert refuses(proof(extra, 2, inclusion(2, log.leaves), log.checkpoint()), log.policy)


def hiding(value: object = "1001", nonce: bytes = bytes(32)) -> Log:
    order = {"order_id": {"hidden": b64(sha256(nonce + canonical(value)).digest())}, "event_type": "sale"}
    return month(conversion=conversion(order=order))


def test_a_hidden_value_may_be_shown():
    log = hiding()
    shown = {"order_id": {"nonce": b64(bytes(32)), "value": "1001"}}
    proved = verify.verify_receipt(log.receipt(log.entries[2], shown=shown), log.policy)
    assert proved.shown["order_id"]["value"] == "1001"
    assert not verify.check([("mine", log.receipt(log.entries[2], shown={}))], log.policy).errors


@pytest.mark.parametrize(
    "shown",
    [
        {"order_id": {"nonce": b64(bytes(32)), "value": "1002"}},
        {"order_id": {"nonce": b64(bytes([1] * 32)), "value": "1001"}},
        {"order_id": {"nonce": b64(bytes(31)), "value": "1001"}},
        {"order": {"nonce": b64(bytes(32)), "value": "1001"}},
        {"order_id": {"value": "1001"}},
        {"order_id": "1001"},
        ["order_id"],
    ],
)
def test_a_value_that_was_not_the_hidden_one(shown):
    log = hiding()
    assert refuses(log.receipt(log.entries[2], shown=shown), log.policy)


def test_text_that_looks_like_a_hidden_value_hides_nothing():
    digest = b64(sha256(bytes(32) + canonical("1001")).digest())
    log = month(conversion=conversion(note='"order_id":{"hidden":"' + digest + '"}'))
    assert refuses(
        log.receipt(log.entries[2], shown={"order_id": {"nonce": b64(bytes(32)), "value": "1001"}}), log.policy
    )


@pytest.mark.parametrize(
    "leaf",
    [
        {"type": "gift"},
        {"actor": "nobody"},
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"at": 1_825_843_200_000_000},
        {"at": "01825843200000000"},
        {"more": "members"},
        {"commitment": b64(bytes(31))},
        {"tag": "00"},
    ],
)
def test_a_leaf_of_another_form_although_it_was_logged(leaf):
    log = Log()
    entry = log.enter(PAIR, "conversion", conversion(), us("2027-05-03 10:01"), leaf=leaf)
    assert refuses(log.receipt(entry), log.policy)


@pytest.mark.parametrize("v", [1, 3, "2", None, True])
def test_a_payload_of_another_version_is_not_taken_for_this_one(v):
    log = month(conversion=conversion(v=v))
    assert refuses(log.receipt(log.entries[2]), log.policy)


def test_json_has_one_reading(log):
    entry = log.entries[2]
    path, note = inclusion(2, log.leaves), log.checkpoint()
    written = json.dumps(log.extra(entry))
    assert verify.verify_receipt(proof(written.replace(", ", " ,\n ").encode(), 2, path, note), log.policy)
    for wrong in (
        written.replace('"leaf":', '"leaf":{},"leaf":'),
        written.replace('"seq": 1', '"seq": 1.0'),
        written.replace('"seq": 1', '"seq": NaN'),
        written.replace('"seq": 1', '"seq": 1e0'),
        written.replace('"seq": 1', '"seq": 9007199254740992'),
        written.replace('"seq": 1', '"seq": ' + "1" * 5000),
        written.replace('"seq": 1', '"\\u00e9": 1'),
        written.replace('"note": null', '"note": "\\ud800"'),
        written + "x",
        "﻿" + written,
        "[" * 100_000,
        '{"leaf":' * 100_000,
        "[]",
        "null",
        '"text"',
        "{}",
    ):
        assert refuses(proof(wrong.encode(), 2, path, note), log.policy)
    assert refuses(proof(written.encode("utf-16"), 2, path, note), log.policy)


@pytest.mark.parametrize("member", ["leaf", "series", "payload", "shown", "nonce", "vkey"])
@pytest.mark.parametrize("value", [0, True, "", "x", [], ["x"], {}, {"x": {}}])
def test_members_of_an_unexpected_kind_are_a_sentence(log, member, value):
    case = verify.check([("mine", log.receipt(log.entries[2], **{member: value}))])
    assert case.errors or (member == "shown" and not value)


def test_base64_has_one_spelling(log):
    text = log.receipt(log.entries[2])
    lines = text.split("\n")
    for place in (1, 3, 4):
        head, _, data = lines[place].rpartition(" ")
        spaced = head + " " * bool(head)
        for wrong in (data + "=", data.rstrip("=") + "\t", data[:-2] + "\u00e9=", data.replace("=", ""), data + " "):
            if wrong != data:
                assert refuses("\n".join([*lines[:place], spaced + wrong, *lines[place + 1 :]]), log.policy)
    # 43 characters hold 258 bits of which the last two must be zero.
    loose = lines[3][:-2] + chr(ord(lines[3][-2]) + 1) + "="
    assert refuses("\n".join([*lines[:3], loose, *lines[4:]]), log.policy)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("tlog-proof@v1", "tlog-proof@v2"),
        lambda text: text.replace("\nextra ", "\nextra  "),
        lambda text: text.replace("\nindex 2", "\nindex 02"),
        lambda text: text.replace("\nindex 2", "\nindex +2"),
        lambda text: text.replace("\nindex 2", "\nindex ２"),
        lambda text: text.replace("\nindex 2", ""),
        lambda text: text.replace("\nindex 2", "\nindex 2\nindex 2"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join(line for line in text.split("\n") if not line.startswith("extra")),
        lambda text: " " + text,
        lambda text: "",
        lambda text: "\n",
        lambda text: "hello",
        lambda text: "{",
        lambda text: "{}",
        lambda text: '{"format": "warum-receipts/2", "receipts": []}',
        lambda text: '{"format": "warum-receipts/1", "receipts": {}}',
        lambda text: '{"format": "warum-receipts/1", "receipts": "text"}',
        lambda text: '{"format": "warum-receipts/1", "receipts": [1, null, {}]}',
        lambda text: '{"format": "warum-receipts/1", "receipts": []}',
        lambda text: '{"format": "warum-receipts/1"}',
    ],
)
def test_texts_that_are_no_receipt(log, change):
    assert refuses(change(log.receipt(log.entries[2])), log.policy)
