"""What log and witness say to each other, with the examples of tlog-witness."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warum.domain.tlog.checkpoints import cosign, unverified_checkpoint
from warum.domain.tlog.witness import (
    AddCheckpoint,
    format_answer,
    format_conflict,
    format_request,
    parse_answer,
    parse_conflict,
    parse_request,
)

from .fuzz import cut, damaged, is_refused
from .published import ANSWER, REQUEST

CHECKPOINT = REQUEST.partition("\n\n")[2].encode()
unhurried = settings(deadline=None)


def test_the_published_request_leads_back():
    request = parse_request(REQUEST.encode())
    assert (request.old_size, len(request.hashes), request.checkpoint) == (20852014, 4, CHECKPOINT)
    assert unverified_checkpoint(request.checkpoint).size == 20852163
    assert format_request(request) == REQUEST.encode()


def test_the_first_request_has_no_proof():
    request = AddCheckpoint(0, (), CHECKPOINT)
    assert format_request(request) == b"old 0\n\n" + CHECKPOINT
    assert parse_request(format_request(request)) == request


def test_the_published_answer_leads_back():
    cosignatures = parse_answer(ANSWER.encode())
    assert [each.name for each in cosignatures] == ["witness.example/w1", "witness.example/w1", "witness.example/w2"]
    assert format_answer(each.line for each in cosignatures) == ANSWER.encode()


def test_a_cosignature_is_an_answer():
    line = cosign(bytes(32), "example.com/witness", f"example.com/log\n0\n{'A' * 43}=\n", 7)
    assert format_answer([line]) == line.encode()
    assert [each.line for each in parse_answer(line.encode())] == [line]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "empty or cut off"),
        ("old 5\n", "cut off"),
        ("old 5\n\n", "cut off"),
        (REQUEST[:-1], "cut off"),
        (REQUEST.replace("old 20852014", "old 020852014"), "old size"),
        (REQUEST.replace("old 20852014", "old -1"), "old size"),
        (REQUEST.replace("old 20852014", "20852014"), "old size"),
        (REQUEST.replace("old ", "old  "), "old size"),
        ("\n" + REQUEST, "old size"),
        (REQUEST.replace("\n", "\r\n"), "control characters"),
        (REQUEST.replace("kaw=\n", "kaw\n"), "hash"),
        (REQUEST.replace("kaw=\n", "kax=\n"), "hash"),
        (REQUEST.replace("PlRN", ""), "hash"),
        (REQUEST.replace("\n20852163\n", "\n020852163\n"), "checkpoint in the request cannot be read"),
        (REQUEST + "\n", "checkpoint in the request cannot be read"),
    ],
)
def test_each_defect_of_a_request_has_its_sentence(body: str, sentence: str):
    assert is_refused(parse_request, body.encode())
    with pytest.raises(ValueError, match=sentence):
        parse_request(body.encode())


def test_a_request_has_at_most_63_hashes():
    request = AddCheckpoint(1, (bytes(32),) * 63, CHECKPOINT)
    assert parse_request(format_request(request)) == request
    body = format_request(request).replace(b"old 1\n", b"old 1\n" + format_request(request).split(b"\n")[1] + b"\n")
    with pytest.raises(ValueError, match="more than 63"):
        parse_request(body)


@pytest.mark.parametrize(
    "request_",
    [
        AddCheckpoint(-1, (), CHECKPOINT),
        AddCheckpoint(2**64, (), CHECKPOINT),
        AddCheckpoint(1, (bytes(31),), CHECKPOINT),
        AddCheckpoint(1, (bytes(32),) * 64, CHECKPOINT),
    ],
)
def test_what_cannot_be_read_back_is_not_asked(request_: AddCheckpoint):
    with pytest.raises(ValueError, match=r"\.$"):
        format_request(request_)


@pytest.mark.parametrize("body", ["", "\n", ANSWER[:-1], ANSWER + "\n", "\n" + ANSWER, ANSWER.replace("—", "-"), "5\n"])
def test_what_is_no_answer_is_refused(body: str):
    assert is_refused(parse_answer, body.encode())


@pytest.mark.parametrize("lines", [[], ["— w\n"], ["text\n"], [ANSWER, "more"]])
def test_what_cannot_be_read_back_is_not_answered(lines: list[str]):
    with pytest.raises(ValueError, match=r"\.$"):
        format_answer(lines)


@pytest.mark.parametrize("size", [0, 7, 2**64 - 1])
def test_a_conflict_leads_back(size: int):
    assert format_conflict(size) == f"{size}\n".encode()
    assert parse_conflict(format_conflict(size)) == size


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"5", b"05\n", b"-5\n", b" 5\n", b"5\n\n", b"5\n6\n", b"\xff\n", b"5\r\n"]
)
def test_what_is_no_size_is_refused(body: bytes):
    assert is_refused(parse_conflict, body)


def test_a_size_is_in_range():
    for size in (-1, 2**64):
        with pytest.raises(ValueError, match="size"):
            format_conflict(size)


def test_a_request_cut_within_a_line_is_noticed():
    whole_lines = {at + 1 for at, byte in enumerate(REQUEST.encode()) if byte == 10}
    for end, body in enumerate(cut(REQUEST.encode())):
        # A request that has lost its last signature is still one: it is for the witness to ask for the log's.
        if not is_refused(parse_request, body):
            assert end in whole_lines
            assert parse_request(body).hashes == parse_request(REQUEST.encode()).hashes


@unhurried
@given(st.binary(max_size=200) | damaged(REQUEST.encode()))
@example(REQUEST.encode())
def test_any_request_is_read_back_or_refused(body: bytes):
    if not is_refused(parse_request, body):
        assert format_request(parse_request(body)) == body


@unhurried
@given(st.binary(max_size=200) | damaged(ANSWER.encode()))
@example(ANSWER.encode())
def test_any_answer_is_read_back_or_refused(body: bytes):
    is_refused(parse_conflict, body)
    if not is_refused(parse_answer, body):
        assert format_answer(each.line for each in parse_answer(body)) == body
