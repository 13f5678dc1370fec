"""Checkpoints and cosignatures, with those of logs and witnesses in operation as known answers."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warum.domain.tlog.checkpoints import (
    Checkpoint,
    cosign,
    cosigned_at,
    cosigner,
    format_checkpoint,
    parse_checkpoint,
    unverified_checkpoint,
    with_cosignatures,
)
from warum.domain.tlog.notes import (
    COSIGNATURE_V1,
    Signature,
    Signer,
    cosignature_message,
    open_note,
    parse_vkey,
    private_key,
    sign,
)

from .fuzz import damaged, is_refused
from .published import ARCHE, ARCHE_COSIGNED_S, ARCHE_VKEY, ARCHE_WITNESSES, GEOMYS, GEOMYS_VKEY

BODY = "example.com/log\n42\n" + b64encode(bytes(range(32))).decode() + "\n"
LOG = Signer("example.com/log", bytes(32))
SEED = bytes(range(32))
WITNESS = cosigner("example.com/witness", SEED)
SIGNED = sign(BODY, [LOG])
unhurried = settings(deadline=None)


def cosignatures(*lines: str) -> tuple[Signature, ...]:
    return open_note(f"text\n\n{''.join(lines)}".encode()).signatures


def test_a_checkpoint_in_operation_verifies():
    note = open_note(ARCHE.encode())
    log, witnesses = parse_vkey(ARCHE_VKEY), tuple(map(parse_vkey, ARCHE_WITNESSES))
    assert note.verified_by([*witnesses, log]) == (log, *witnesses)
    assert {cosigned_at(note, witness) for witness in witnesses} == {ARCHE_COSIGNED_S}
    checkpoint = unverified_checkpoint(ARCHE.encode())
    assert (checkpoint.origin, checkpoint.size) == (log.name, 1432088532)
    assert format_checkpoint(checkpoint) == note.text


def test_a_changed_checkpoint_verifies_under_none_of_its_keys():
    note = open_note(ARCHE.replace("1432088532", "1432088533").encode())
    for vkey in map(parse_vkey, (ARCHE_VKEY, *ARCHE_WITNESSES)):
        with pytest.raises(ValueError, match="does not verify"):
            note.verified_by([vkey])


def test_a_log_that_probes_witnesses_verifies():
    vkey = parse_vkey(GEOMYS_VKEY)
    assert open_note(GEOMYS.encode()).verified_by([vkey]) == (vkey,)
    assert unverified_checkpoint(GEOMYS.encode()).size == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        BODY[:-1],
        BODY + "\n",
        "\n" + BODY,
        BODY + "ext\n\n",
        BODY + "cut",
        BODY.replace("\n42\n", "\n\n"),
        BODY.replace("42", "042"),
        BODY.replace("42", "+42"),
        BODY.replace("42", "-42"),
        BODY.replace("42", "4_2"),
        BODY.replace("42", " 42"),
        BODY.replace("42", "٤٢"),
        BODY.replace("42", "0x2a"),
        BODY.replace("42", str(2**64)),
        BODY.replace("42", "9" * 5000),
        BODY.replace("Hh8=", "Hh9="),
        BODY.replace("Hh8=", "Hh8"),
        BODY.replace("Hh8=\n", "Hh8= \n"),
        BODY.replace("\n", "\r\n"),
        "example.com/log\n42\n" + b64encode(bytes(31)).decode() + "\n",
        "example.com/log\n42\n" + b64encode(bytes(33)).decode() + "\n",
        "example.com/log\n42\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(body: str):
    assert is_refused(lambda _: parse_checkpoint(body), b"")


@pytest.mark.parametrize("size", [0, 1, 2**64 - 1])
@pytest.mark.parametrize("extensions", [(), ("one",), ("one", "two words")])
def test_a_checkpoint_leads_back(size: int, extensions: tuple[str, ...]):
    checkpoint = Checkpoint("a log with spaces", size, bytes(range(32)), extensions)
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("two\nlines", 1, bytes(32)),
        Checkpoint("log", -1, bytes(32)),
        Checkpoint("log", 2**64, bytes(32)),
        Checkpoint("log", 1, bytes(31)),
        Checkpoint("log", 1, bytes(32), ("",)),
    ],
)
def test_what_cannot_be_read_back_is_not_written(checkpoint: Checkpoint):
    with pytest.raises(ValueError, match=r"\.$"):
        format_checkpoint(checkpoint)


def test_a_witness_cosigns_with_its_time():
    note = open_note(SIGNED + cosign(SEED, WITNESS.name, BODY, 1_825_843_200).encode())
    assert note.verified_by([WITNESS, LOG.vkey]) == (LOG.vkey, WITNESS)
    assert cosigned_at(note, WITNESS) == 1_825_843_200
    assert cosigned_at(open_note(SIGNED), WITNESS) is None


def test_the_format_is_frozen():
    assert cosign(SEED, WITNESS.name, BODY, 1_825_843_200) == (
        "— example.com/witness 5I+5EAAAAABs1CgAqQzKiZwAmSU6be1x7QVbZWG+4qUx+guZm6066TbBgKiC8lOKZaPA4RQd3u2RXU3U/AFg"
        "/aAisfs4qpO4FHUZDg==\n"
    )


def test_the_time_is_signed():
    (signature,) = cosignatures(cosign(SEED, WITNESS.name, BODY, 7))
    later = (8).to_bytes(8, "big") + signature.value[8:]
    assert WITNESS.verifies(BODY, signature.value)
    assert not WITNESS.verifies(BODY, later)
    assert not WITNESS.verifies(BODY + "extension\n", signature.value)


def test_a_time_of_2_to_the_63_is_refused():
    assert cosign(SEED, WITNESS.name, BODY, 2**63 - 1)
    for timestamp_s in (2**63, -1):
        with pytest.raises(ValueError, match="time of a cosignature"):
            cosign(SEED, WITNESS.name, BODY, timestamp_s)
    for timestamp_s, good in ((2**63 - 1, True), (2**63, False)):
        value = private_key(SEED).sign(cosignature_message(BODY, timestamp_s))
        assert WITNESS.verifies(BODY, timestamp_s.to_bytes(8, "big") + value) is good


def test_a_witness_cosigns_checkpoints_alone():
    with pytest.raises(ValueError, match="three lines"):
        cosign(SEED, WITNESS.name, "text\n", 7)


def test_a_log_does_not_pass_for_a_witness():
    with pytest.raises(ValueError, match="not a witness's"):
        cosigned_at(open_note(SIGNED), LOG.vkey)
    # The same key and name signs notes under another key id, and over another message.
    same = Signer(WITNESS.name, SEED)
    assert open_note(sign(BODY, [same])).verified_by([WITNESS]) == ()
    assert not WITNESS.verifies(BODY, bytes(8) + same.sign(BODY).value)


def test_a_bad_cosignature_is_said():
    line = cosign(SEED, WITNESS.name, BODY.replace("42", "43"), 7)
    with pytest.raises(ValueError, match="does not verify"):
        cosigned_at(open_note(SIGNED + line.encode()), WITNESS)


def test_good_cosignatures_are_added_and_others_left_out():
    other = cosigner("example.com/other", bytes(32))
    answers = cosignatures(
        cosign(SEED, WITNESS.name, BODY, 7),
        cosign(bytes(32), other.name, BODY.replace("42", "43"), 7),
        cosign(bytes(32), "example.com/stranger", BODY, 7),
    )
    cosigned = with_cosignatures(SIGNED, answers, [WITNESS, other, LOG.vkey])
    assert cosigned == SIGNED + answers[0].line.encode()
    later = cosignatures(cosign(SEED, WITNESS.name, BODY, 8))
    assert cosigned_at(open_note(with_cosignatures(cosigned, later, [WITNESS])), WITNESS) == 8
    assert with_cosignatures(cosigned, answers, []) == cosigned


@unhurried
@given(st.text(max_size=80) | damaged(BODY.encode()).map(lambda data: data.decode("latin-1")))
@example(BODY)
def test_any_checkpoint_is_read_back_or_refused(text: str):
    if not is_refused(lambda _: parse_checkpoint(text), b""):
        assert format_checkpoint(parse_checkpoint(text)) == text


@unhurried
@given(st.binary(max_size=80) | damaged(SIGNED))
def test_any_signed_checkpoint_is_read_or_refused(data: bytes):
    is_refused(unverified_checkpoint, data)


def test_the_witness_key_is_of_type_4():
    assert (WITNESS.name, WITNESS.algorithm) == ("example.com/witness", COSIGNATURE_V1)
