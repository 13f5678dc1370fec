"""Promises: each accepted report has one of its own, nothing else has any."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from edge_world import NOW, PROMISES, RECORD, Edge, reasons, said

from verifier.logs import load
from warum.domain.tlog.notes import format_vkey, open_note
from warum.kernel.ids import RecordId


def lines(promise: str) -> list[str]:
    """The lines of a promise whose signature verifies."""
    note = open_note(promise.encode())
    assert note.verified_by([PROMISES.vkey]) == (PROMISES.vkey,)
    return note.text.splitlines()


def expected(event_id: str, place: int = 0) -> list[str]:
    record = RecordId(RECORD.stream, RECORD.segment, RECORD.number + place)
    hashed = b64encode(sha256(event_id.encode()).digest()).decode()
    return ["log.example/promise", str(record), str(NOW), hashed, "within 60"]


def test_what_was_taken_is_promised_under_its_record():
    answer = said(Edge().report("/p/acme?order_id=7&event_id=e%C3%A41&amount=1&currency=EUR"))
    assert answer["status"] == "accepted"
    assert lines(answer["promise"]) == expected("eä1")
    assert "promises" not in answer


def test_the_verifier_reads_it():
    answer = said(Edge().report("/p/acme?order_id=7&amount=1&currency=EUR"))
    verify = load("warum_verify")
    policy = f"log {format_vkey(PROMISES.vkey)}\nquorum none"
    assert verify.verify_promise(answer["promise"], policy) == ("log.example", str(RECORD), NOW)
    with pytest.raises(verify.Flaw):
        verify.verify_promise(answer["promise"].replace("within 60", "within 61"), policy)


def test_the_id_that_was_made_for_a_report_without_one_is_promised():
    answer = said(Edge().report(body={"order_id": 7}))
    assert lines(answer["promise"]) == expected(answer["event_id"])


def test_each_of_many_has_its_own_and_what_is_refused_or_repeated_has_none():
    edge = Edge()
    edge.report(body={"order_id": 7, "event_id": "before"})
    first, refused, repeated, second = said(
        edge.report(
            body=[
                {"order_id": 8, "event_id": "first"},
                {"order_id": 9, "amount": "-1", "currency": "EUR"},
                {"order_id": 7, "event_id": "before"},
                {"order_id": 10, "event_id": "second"},
            ]
        )
    )["answers"]
    assert lines(first["promise"]) == expected("first")
    assert lines(second["promise"]) == expected("second", 1)
    assert "promise" not in refused
    assert "promise" not in repeated
    assert repeated["duplicate"] is True


def test_a_report_of_several_parts_has_a_promise_for_each():
    answer = said(Edge().report("/p/acme?tt=ss&tv=2&ref=A1&cr=EUR&amount=30&parts=A:10.00|B:20.00"))
    promises = answer["promises"]
    assert answer["promise"] == promises[0]
    assert [lines(one) for one in promises] == [
        expected(event_id, place) for place, event_id in enumerate(answer["event_ids"])
    ]


@pytest.mark.parametrize(
    "fields", [{"order_id": None}, {"order_id": 7, "amount": "1", "currency": "USD"}, {"order_id": 7, "test": "maybe"}]
)
def test_what_is_refused_is_not_promised(fields: dict[str, Any]):
    outcome = Edge().report(body=fields)
    assert said(outcome)["status"] == "refused"
    assert "promise" not in outcome.answer.body.decode()
    assert outcome.told is None


def test_a_repetition_says_that_it_was_taken_before_and_is_not_promised_again():
    edge = Edge()
    edge.report(body={"order_id": 7, "event_id": "e"})
    again = edge.report(body={"order_id": 7, "event_id": "e"})
    assert said(again)["duplicate"] is True
    assert "promise" not in said(again)
    assert reasons(again) == ["duplicate_event"]
