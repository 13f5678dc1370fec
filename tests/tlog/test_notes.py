"""Signed notes, with the known answers of golang.org/x/mod/sumdb/note."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warum.domain.tlog.notes import (
    COSIGNATURE_V1,
    ED25519,
    Note,
    Signer,
    VKey,
    format_vkey,
    is_name,
    open_note,
    parse_vkey,
    sign,
    signatures_max,
)

from .fuzz import cut, damaged, flipped, is_refused
from .published import (
    ARCHE_VKEY,
    ARCHE_WITNESSES,
    ENOCH_LINE,
    ENOCH_VKEY,
    PETER_LINE,
    PETER_SEED_B64,
    PETER_TEXT,
    PETER_VKEY,
)

PETER = parse_vkey(PETER_VKEY)
ENOCH = parse_vkey(ENOCH_VKEY)
SIGNER = Signer("PeterNeumann", b64decode(PETER_SEED_B64)[1:])
NOTE = f"{PETER_TEXT}\n{PETER_LINE}".encode()
OTHER = Signer("example.com/other", bytes(range(32)))
unhurried = settings(deadline=None)


def note_with(lines: str) -> Note:
    return open_note(f"{PETER_TEXT}\n{lines}".encode())


def test_the_published_note_is_signed_again_byte_by_byte():
    assert sign(PETER_TEXT, [SIGNER]) == NOTE
    assert SIGNER.vkey == PETER
    assert format_vkey(PETER) == PETER_VKEY


def test_the_published_note_verifies():
    note = open_note(NOTE)
    assert note.text == PETER_TEXT
    assert note.verified_by([PETER]) == (PETER,)
    assert note.verified_by([ENOCH]) == note.verified_by([]) == ()
    assert [signature.line for signature in note.signatures] == [PETER_LINE]


def test_signatures_of_unknown_keys_are_ignored():
    both = note_with(PETER_LINE + ENOCH_LINE)
    assert both.verified_by([PETER]) == (PETER,)
    assert both.verified_by([ENOCH, PETER]) == (PETER, ENOCH)
    spoiled = note_with(PETER_LINE + ENOCH_LINE[:60] + "ABCD" + ENOCH_LINE[60:])
    assert spoiled.verified_by([PETER]) == (PETER,)


def test_a_bad_signature_of_a_known_key_spoils_the_note():
    note = note_with(ENOCH_LINE + PETER_LINE[:60] + "ABCD" + PETER_LINE[60:])
    with pytest.raises(ValueError, match=r"signature of PeterNeumann\+c74f20a3 does not verify"):
        note.verified_by([ENOCH, PETER])
    with pytest.raises(ValueError, match="does not verify"):
        replace(open_note(NOTE), text=PETER_TEXT + "\n").verified_by([PETER])


def test_a_known_key_signs_once():
    with pytest.raises(ValueError, match="twice"):
        note_with(PETER_LINE + PETER_LINE).verified_by([PETER])
    assert note_with(PETER_LINE + ENOCH_LINE + ENOCH_LINE).verified_by([PETER]) == (PETER,)


def test_keys_are_told_apart_by_name_and_id():
    # An id is four bytes and collides within a day of trying; here the collision is made by hand.
    class Collides(VKey):
        @property
        def id(self) -> bytes:
            return PETER.id

    impostor = Collides("PeterNeumann", ED25519, bytes(32))
    with pytest.raises(ValueError, match="Two different keys"):
        open_note(NOTE).verified_by([PETER, impostor])
    with pytest.raises(ValueError, match="does not verify"):
        open_note(NOTE).verified_by([impostor])
    assert open_note(NOTE).verified_by([PETER, PETER]) == (PETER,)
    assert open_note(NOTE).verified_by([VKey("PeterNeumann", COSIGNATURE_V1, PETER.key)]) == ()


@pytest.mark.parametrize(
    "data",
    [
        PETER_TEXT,
        PETER_TEXT + "\n",
        f"{PETER_TEXT}\n{PETER_LINE[:-1]}",
        f"\x01{PETER_TEXT}\n{PETER_LINE}",
        f"{PETER_TEXT}\n{PETER_LINE}".replace("\n", "\r\n"),
        f"{PETER_TEXT}\n{PETER_LINE.replace('PeterNeumann', 'Bad Name')}",
        f"{PETER_TEXT}\n{PETER_LINE.replace('PeterNeumann', 'Bad+Name')}",
        PETER_TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad\u2003Name"),
        f"{PETER_TEXT}\n{PETER_LINE.replace('PeterNeumann', '')}",
        f"{PETER_TEXT}\n{PETER_LINE.replace('—', '-')}",
        f"{PETER_TEXT}\n{PETER_LINE.replace(' x', '  x')}",
        f"{PETER_TEXT}\n{PETER_LINE.replace('AM=', 'AM')}",
        f"{PETER_TEXT}\n{PETER_LINE.replace('AM=', 'AN=')}",
        f"{PETER_TEXT}\n{PETER_LINE}Unexpected line.\n",
        f"{PETER_TEXT}\n— PeterNeumann x08gow==\n",
        f"{PETER_TEXT}\n{PETER_LINE * (signatures_max + 1)}",
        f"{PETER_TEXT}{PETER_LINE}",
        "",
        "\n",
        "\n\n",
        "\n\n\n",
    ],
)
def test_what_is_no_note_is_refused(data: str):
    assert is_refused(open_note, data.encode())


def test_bytes_beyond_utf_8_are_refused():
    assert is_refused(open_note, b"\xff" + NOTE)
    assert is_refused(open_note, b"\xed\xa0\x80" + NOTE)
    assert is_refused(open_note, b"\xc0\x8a" + NOTE)


def test_a_text_may_have_empty_lines():
    text = "one\n\n— two\n\n\n"
    note = open_note(sign(text, [SIGNER, OTHER]))
    assert note.text == text
    assert note.verified_by([OTHER.vkey, PETER]) == (PETER, OTHER.vkey)
    assert open_note(sign("\n", [SIGNER])).text == "\n"


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "line\r\n", "\ud800\n"])
def test_what_cannot_be_read_back_is_not_signed(text: str):
    with pytest.raises(ValueError, match="text of a note"):
        sign(text, [SIGNER])


@pytest.mark.parametrize("signers", [[], [SIGNER, SIGNER]])
def test_a_note_has_signers_and_none_twice(signers: list[Signer]):
    with pytest.raises(ValueError, match="none twice"):
        sign(PETER_TEXT, signers)


@pytest.mark.parametrize("text", [PETER_VKEY, ENOCH_VKEY, ARCHE_VKEY, *ARCHE_WITNESSES])
def test_published_keys_are_read(text: str):
    assert format_vkey(parse_vkey(text)) == text


def test_a_mangled_key_is_refused():
    def parse(data: bytes) -> VKey:
        return parse_vkey(data.decode("latin-1"))

    raw = PETER_VKEY.encode()
    for start in range(len(raw)):
        for end in range(start + 1, len(raw) + 1):
            assert (start, end) == (0, len(raw)) or is_refused(parse, raw[start:end])
    assert all(is_refused(parse, mangled) for mangled in flipped(raw))


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER_VKEY.replace("c74f20a3", "C74F20A3"),
        PETER_VKEY + "\n",
        " " + PETER_VKEY,
        PETER_VKEY.replace("+", "-"),
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a3+AQ==",
        "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!",
        "\ud800+00000000+AQ==",
    ],
)
def test_another_key_is_refused(text: str):
    assert is_refused(lambda _: parse_vkey(text), b"")


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2028b", "a\u3000", "a\x85", "a\x1f", "a\nb", "\ud800"]
)
def test_a_name_is_one_word(name: str):
    assert not is_name(name)
    with pytest.raises(ValueError, match="name of a key"):
        Signer(name, bytes(32))


@pytest.mark.parametrize("name", ["example.com/log", "ä", "—", "a\u200bb"])
def test_a_word_is_a_name(name: str):
    signer = Signer(name, bytes(32))
    assert parse_vkey(format_vkey(signer.vkey)) == signer.vkey
    assert open_note(sign("text\n", [signer])).verified_by([signer.vkey]) == (signer.vkey,)


def test_a_seed_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Signer("name", bytes(31))


def test_no_flipped_bit_and_no_cut_verifies():
    def verified(data: bytes) -> None:
        if open_note(data).verified_by([PETER]) != (PETER,):
            raise ValueError("Nobody known has signed.")

    verified(NOTE)
    assert all(is_refused(verified, data) for data in (*flipped(NOTE), *cut(NOTE)))


@unhurried
@given(st.binary(max_size=200) | damaged(NOTE))
@example(NOTE)
def test_any_note_is_read_back_or_refused(data: bytes):
    if not is_refused(open_note, data):
        note = open_note(data)
        assert "".join((note.text, "\n", *(each.line for each in note.signatures))).encode() == data


@given(st.text(max_size=60) | damaged(PETER_VKEY.encode()).map(lambda data: data.decode("latin-1")))
def test_any_vkey_is_read_back_or_refused(text: str):
    if not is_refused(lambda _: parse_vkey(text), b""):
        assert format_vkey(parse_vkey(text)) == text


@given(st.binary(max_size=80))
def test_any_signature_is_judged(value: bytes):
    assert not PETER.verifies(PETER_TEXT, value)
    assert not replace(PETER, algorithm=COSIGNATURE_V1).verifies(PETER_TEXT, value)
    line = f"— PeterNeumann {b64encode(PETER.id + value).decode()}\n"
    assert is_refused(lambda data: open_note(data).verified_by([PETER]), f"{PETER_TEXT}\n{line}".encode())
