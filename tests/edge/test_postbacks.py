"""Postbacks: who may send them, how they are spelt, what is refused and in which words, and that none counts twice."""

from __future__ import annotations

import json
from dataclasses import replace
from hmac import digest
from typing import Any

import pytest
from edge_world import (
    ACME,
    HOUR,
    KEYS,
    LINK,
    NOW,
    RECORD,
    SECRET,
    SHOP,
    TOKEN,
    Edge,
    reasons,
    said,
)

from warum.domain.conversion import Step
from warum.domain.mode import Mode
from warum.domain.records import Basis, Postback
from warum.domain.token import TokenKeys, Touch
from warum.domain.webhook import signature
from warum.edge.dialects import generic
from warum.edge.http import Outcome
from warum.edge.reports import STATUS_WORDS
from warum.kernel.refusal import Refusal

NOW_S = NOW // 1_000_000
TOUCH = Touch(
    at_us=NOW - 3_600_000_000,
    link=LINK.id,
    allocation=20,
    arm=1,
    basis=Basis.CONSENT,
    mode=Mode.LIVE,
    record=RECORD,
)
CLICK = KEYS.token(TOUCH)
SECOND_PROGRAM = replace(SHOP, id=11, code="inn", vertical="hotel", currencies=("EUR",), click_param="awc")


def taken(outcome: Outcome) -> Postback:
    assert outcome.answer.status == 202, outcome.answer.body
    (record,) = outcome.records
    assert isinstance(record, Postback)
    return record


def refused(outcome: Outcome, status: int) -> str:
    assert outcome.answer.status == status, outcome.answer.body
    answer = said(outcome)
    assert answer["status"] == "refused" and len(answer["message"]) > 20
    assert outcome.records == ()
    assert reasons(outcome) == [answer["reason"]]
    return answer["reason"]


# Who sends it


def signed_headers(body: bytes, *, at_s: int = NOW_S, secret: bytes = SECRET, id_: str = "msg_1") -> dict[str, str]:
    made = signature(secret, message_id=id_, timestamp_s=at_s, content=body)
    return {"webhook_id": id_, "webhook_timestamp": str(at_s), "webhook_signature": made}


def signed_query(query: str, secret: bytes = SECRET) -> str:
    return f"/p/acme?{query}&sig={digest(secret, query.encode(), 'sha256').hex()}"


BODY = json.dumps({"order_id": "7", "amount": "12.50", "currency": "EUR"}).encode()
QUERY = f"order_id=7&amount=12.50&currency=EUR&ts={NOW_S}"


@pytest.mark.parametrize(
    "ask",
    [
        lambda edge: edge.report("/p/acme?order_id=7&amount=12.50&currency=EUR"),
        lambda edge: edge.ask(f"/p/acme?order_id=7&amount=12.50&currency=EUR&token={TOKEN}"),
        lambda edge: edge.report("/p/acme", body=BODY),
        lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY)),
        lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY, at_s=NOW_S - 300)),
        lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY, at_s=NOW_S + 300)),
        lambda edge: edge.ask(signed_query(QUERY)),
        lambda edge: edge.report("/v1/conversions", body=BODY),
        lambda edge: edge.report("/v1/conversions?advertiser=acme", body=BODY, token=None, **signed_headers(BODY)),
        lambda edge: edge.report(
            "/p/acme",
            body=b"order_id=7&amount=12.50&currency=EUR",
            content_type="application/x-www-form-urlencoded",
        ),
        lambda edge: edge.report(
            "/p/acme", body=f"order_id=7&amount=12.50&currency=EUR&token={TOKEN}".encode(), token=None
        ),
    ],
)
def test_whoever_shows_the_token_or_a_fresh_signature_is_let_in(ask: Any):
    record = taken(ask(Edge()))
    assert (record.advertiser, record.order_id, record.amount_minor, record.currency) == (1, "7", 1250, "EUR")


def two_signatures(body: bytes) -> dict[str, str]:
    headers = signed_headers(body)
    return headers | {"webhook_signature": f"v1,bm90aGluZw== {headers['webhook_signature']}"}


def test_one_of_several_signatures_is_enough_while_a_secret_is_changed():
    taken(Edge().report("/p/acme", body=BODY, token=None, **two_signatures(BODY)))


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda edge: edge.report("/p/acme?order_id=7", token=None), "auth_missing"),
        (lambda edge: edge.report("/p/acme?order_id=7", token="wrong"), "token_wrong"),
        (lambda edge: edge.report("/p/acme?order_id=7", token="wröng"), "token_wrong"),
        (lambda edge: edge.report("/p/other?order_id=7"), "auth_not_set_up"),
        (lambda edge: edge.report("/p/other", body=BODY, token=None, **signed_headers(BODY)), "auth_not_set_up"),
        (lambda edge: edge.report("/v1/conversions", body=BODY, token="wrong"), "token_wrong"),
        (lambda edge: edge.report("/v1/conversions", body=BODY, token=None), "auth_missing"),
        (
            lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY, secret=b"other")),
            "signature_wrong",
        ),
        (lambda edge: edge.report("/p/acme", body=BODY + b" ", token=None, **signed_headers(BODY)), "signature_wrong"),
        # A good token does not heal a bad signature.
        (lambda edge: edge.report("/p/acme", body=BODY + b" ", **signed_headers(BODY)), "signature_wrong"),
        (
            lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY, at_s=NOW_S - 301)),
            "signature_old",
        ),
        (
            lambda edge: edge.report("/p/acme", body=BODY, token=None, **signed_headers(BODY, at_s=NOW_S + 302)),
            "signature_old",
        ),
        (
            lambda edge: edge.report("/p/acme", body=BODY, token=None, webhook_signature="v1,x", webhook_id="1"),
            "signature_incomplete",
        ),
        (
            lambda edge: edge.report(
                "/p/acme", body=BODY, token=None, **(signed_headers(BODY) | {"webhook_timestamp": "soon"})
            ),
            "signature_incomplete",
        ),
        (lambda edge: edge.report("/p/acme?order_id=7", token=None, **signed_headers(b"")), "signature_incomplete"),
        (lambda edge: edge.ask(signed_query(QUERY).replace("12.50", "1250")), "signature_wrong"),
        (lambda edge: edge.ask(signed_query(f"order_id=7&ts={NOW_S - 600}")), "signature_old"),
        (lambda edge: edge.ask(signed_query("order_id=7")), "signature_incomplete"),
        # A signature over the body says nothing about the query, nor the other way round.
        (
            lambda edge: edge.report("/p/acme?Status=cancelled", body=BODY, token=None, **signed_headers(BODY)),
            "query_not_signed",
        ),
        (lambda edge: edge.report(signed_query(QUERY), body=BODY, token=None), "signature_incomplete"),
    ],
)
def test_everybody_else_is_kept_out_with_the_reason(ask: Any, reason: str):
    outcome = ask(Edge())
    assert refused(outcome, 401) == reason
    assert "WWW-Authenticate: Bearer" in outcome.answer.headers


def test_an_unknown_advertiser_is_told_so():
    outcome = Edge().report("/p/nobody?order_id=7")
    assert refused(outcome, 404) == "advertiser_unknown"
    assert outcome.drops == ((HOUR, 0, 0, "advertiser_unknown"),)


# How it is spelt


@pytest.mark.parametrize("name", generic.CLICK_ALIASES)
def test_a_click_id_is_taken_under_the_names_of_other_trackers(name: str):
    assert taken(Edge().report(f"/p/acme?{name}={CLICK}&status=approved")).click_refs == (CLICK,)


def test_a_click_id_is_taken_under_the_name_it_has_on_the_shops_pages():
    edge = Edge(replace(SHOP, click_param="myClick"))
    record = taken(edge.report(f"/p/acme?myClick={CLICK}&status=approved"))
    assert record.click_refs == (CLICK,)


VALUES = {
    "order_id": ("7", "order_id", "7"),
    "amount": ("89.9", "amount_minor", 8990),
    "amount_minor": ("8990", "amount_minor", 8990),
    "retained": ("5", "retained_minor", 500),
    "retained_minor": ("500", "retained_minor", 500),
    "currency": ("jpy", "currency", "JPY"),
    "status": ("Checked Out", "step", "stayed"),
    "event_id": ("e-1", "event_id", "e-1"),
    "event_type": ("Lead", "event_type", "lead"),
    "group": ("CD", "group", "CD"),
    "program": ("shop", "program", "shop"),
    "at": ("2026-11-01T12:00:00Z", "at_us", 1_793_534_400_000_000),
    "check_in": ("2026-12-01", "check_in", "2026-12-01"),
    "check_out": ("2026-12-04", "check_out", "2026-12-04"),
    "reason": ("changed mind", "reason", "changed mind"),
    "mode": ("test", "mode", Mode.TEST),
    "test": ("1", "mode", Mode.TEST),
}


@pytest.mark.parametrize(("field", "alias"), [(field, alias) for field in VALUES for alias in generic.ALIASES[field]])
@pytest.mark.parametrize("as_json", [False, True])
def test_fields_are_taken_under_the_names_of_other_trackers(field: str, alias: str, as_json: bool):
    text, attribute, value = VALUES[field]
    fields = {"currency": "EUR", "order_id": "9", "clickid": CLICK}
    if field == "order_id":
        del fields["order_id"]
    if field == "currency":
        del fields["currency"]
    fields[alias] = text
    edge = Edge(replace(SHOP, currencies=("EUR", "JPY")))
    if as_json:
        outcome = edge.report(body=fields)
    else:
        outcome = edge.report(
            "/p/acme?" + "&".join(f"{name}={text_.replace(' ', '+')}" for name, text_ in fields.items())
        )
    assert getattr(taken(outcome), attribute) == value
    assert said(outcome)["ignored"] == []


def test_every_generic_field_is_tried():
    assert set(VALUES) == set(generic.ALIASES)


def test_of_several_names_for_one_thing_the_first_in_the_table_counts():
    assert taken(Edge().report("/p/acme?order_id=7&payout=1&amount=2&sum=3&currency=EUR")).amount_minor == 200


@pytest.mark.parametrize(
    ("word", "step"), [*STATUS_WORDS.items(), ("NO-SHOW", Step.NO_SHOW), ("Check Out", Step.STAYED)]
)
def test_status_words(word: str, step: Step):
    record = taken(Edge().report(body={"order_id": 7, "status": word}))
    assert (record.step, record.status_raw) == (step.value, word)


@pytest.mark.parametrize("word", ["1", "maybe", "approved?", "storniert", "{status}"])
def test_an_unknown_word_is_kept_raw_for_a_person(word: str):
    outcome = Edge().report(body={"order_id": 7, "status": word})
    record = taken(outcome)
    assert (record.step, record.status_raw) == ("unknown", word)
    assert said(outcome)["reason"] == "status_unknown"
    assert "a person will look at it" in said(outcome)["message"]
    assert reasons(outcome) == []  # the worker counts it, when it keeps the report for a person


def test_a_word_that_means_two_things_is_not_guessed():
    edge = Edge(replace(SHOP, vertical="hotel"))
    assert taken(edge.report(body={"order_id": 7, "status": "confirmed"})).step == "unknown"


def test_what_nobody_defined_is_not_kept_and_is_named():
    outcome = Edge().report(f"/p/acme?order_id=7&email=ana%40example.org&utm=x&token={TOKEN}")
    assert said(outcome)["ignored"] == ["email", "utm"]
    assert "ana" not in repr(outcome.records)


@pytest.mark.parametrize(
    ("at", "at_us"),
    [(str(NOW_S - 60), (NOW_S - 60) * 1_000_000), ("2026-11-01T13:00:00+01:00", 1_793_534_400_000_000), (None, NOW)],
)
def test_moments(at: str | None, at_us: int):
    record = taken(Edge().report(body={"order_id": 7, "at": at}))
    assert (record.at_us, record.seen_us) == (at_us, NOW)


def test_decimals_never_pass_through_a_float():
    body = b'{"order_id": 7, "currency": "EUR", "amount": 9007199254.93}'
    assert taken(Edge().report(body=body)).amount_minor == 900_719_925_493


def test_a_journey_keeps_its_order():
    older = KEYS.reference(replace(TOUCH, at_us=0, record=None))
    assert taken(Edge().report(body={"clicks": [older, CLICK], "status": "approved"})).click_refs == (older, CLICK)


# Awin


def test_awins_server_call_is_recognised():
    outcome = Edge().report(
        f"/p/acme?tt=ss&tv=2&merchant=1001&amount=30.00&ch=aw&parts=DEFAULT:30.00&vc=&cr=EUR&ref=A1&testmode=0&cks={CLICK}"
    )
    record = taken(outcome)
    assert (record.dialect, record.order_id, record.amount_minor, record.currency) == ("awin", "A1", 3000, "EUR")
    assert (record.group, record.event_type, record.step, record.mode) == ("", "sale", "booked", Mode.LIVE)
    assert record.click_refs == (CLICK,)
    assert said(outcome)["ignored"] == ["merchant", "vc"]


def test_several_parts_become_a_conversion_each():
    target = "/p/acme?tt=ss&tv=2&amount=25.49&parts=CD:11.10|DVD:14.99|CD:-0.60&cr=EUR&ref=A1"
    assert refused(Edge().report(target), 422) == "parts_malformed"
    outcome = Edge().report(target.replace("CD:-0.60", "DEFAULT:0.40").replace("25.49", "26.49"))
    assert outcome.answer.status == 202
    parts = [(part.event_type, part.group, part.amount_minor) for part in outcome.records if isinstance(part, Postback)]
    assert parts == [("sale:cd", "CD", 1110), ("sale:dvd", "DVD", 1499), ("sale:default", "", 40)]
    assert len(set(said(outcome)["event_ids"])) == 3


def test_parts_of_one_group_are_one_part():
    record = taken(Edge().report("/p/acme?tt=ss&tv=2&amount=3&parts=CD:1|CD:2.00&cr=EUR&ref=A1"))
    assert (record.event_type, record.group, record.amount_minor) == ("sale", "CD", 300)


def test_parts_are_few_and_told_apart():
    edge = Edge()
    many = "|".join(f"G{n}:1" for n in range(51))
    assert refused(edge.report(f"/p/acme?tt=ss&tv=2&amount=51&parts={many}&cr=EUR&ref=A1"), 422) == "parts_too_many"
    alike = edge.report("/p/acme?tt=ss&tv=2&amount=3&parts=CD:1|cd:2&cr=EUR&ref=A1")
    assert refused(alike, 422) == "parts_alike"


def test_parts_have_to_make_the_amount():
    assert refused(Edge().report("/p/acme?tt=ss&tv=2&amount=4&parts=CD:1|CD:2.00&cr=EUR&ref=A1"), 422) == (
        "parts_do_not_add_up"
    )


def test_awins_test_mode_and_channel():
    outcome = Edge().report(f"/p/acme?dialect=awin&amount=1&cr=EUR&ref=A1&testmode=1&ch=ppc&cks={CLICK}")
    record = taken(outcome)
    assert (record.mode, record.click_refs) == (Mode.TEST, ())
    assert reasons(outcome) == ["other_channel"]


def test_an_unknown_dialect_is_refused():
    assert refused(Edge().report("/p/acme?dialect=klingon&ref=1"), 422) == "dialect_unknown"


# What is refused


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"amount": "-3"}, "amount_negative"),
        ({"amount_minor": -3}, "amount_negative"),
        ({"retained": "-0.01"}, "amount_negative"),
        ({"amount": "1.234,50"}, "amount_malformed"),
        ({"amount": "1,234.50"}, "amount_malformed"),
        ({"amount": "12 EUR"}, "amount_malformed"),
        ({"amount": "NaN"}, "amount_malformed"),
        ({"amount": "1e9"}, "amount_malformed"),
        ({"amount": "{payout}"}, "amount_malformed"),
        ({"amount": True}, "amount_malformed"),
        ({"amount": "９"}, "amount_malformed"),
        ({"amount": "99999999999999999999"}, "amount_malformed"),
        ({"amount_minor": "1.5"}, "amount_malformed"),
        ({"amount": "10000000000.01"}, "amount_absurd"),
        ({"amount_minor": 10**12 + 1}, "amount_absurd"),
        ({"retained": "10000000001"}, "amount_absurd"),
        ({"amount": "1", "amount_minor": "1"}, "amount_ambiguous"),
        ({"amount": "1", "currency": "USD"}, "currency_not_listed"),
        ({"currency": "euro"}, "currency_malformed"),
        ({"amount": "1", "currency": None}, "currency_missing"),
        ({"program": "nope"}, "program_unknown"),
        ({"mode": "sandbox"}, "mode_unknown"),
        ({"test": "maybe"}, "mode_unknown"),
        ({"at": "yesterday"}, "at_malformed"),
        ({"at": "2026-11-01T12:00:00"}, "at_malformed"),
        ({"at": NOW_S + 90_000}, "at_future"),
        ({"check_in": "01.12.2026"}, "day_malformed"),
        ({"check_in": "2026-13-01"}, "day_malformed"),
        ({"check_out": "9999-12-31"}, "day_absurd"),
        ({"check_in": "0001-01-01"}, "day_absurd"),
        ({"check_in": "2026-12-02", "check_out": "2026-12-01"}, "stay_backwards"),
        ({"order_id": None}, "order_id_missing"),
        ({"order_id": "x" * 201}, "field_too_long"),
        ({"order_id": "a\x00b"}, "field_malformed"),
        ({"click_id": "a\nb"}, "field_malformed"),
        ({"amount": {"value": 1}}, "field_malformed"),
        ({"click_id": [1, {"a": 2}]}, "field_malformed"),
        ({"amount": ["1", "2"]}, "parameter_repeated"),
        ({"dialect": "klingon"}, "dialect_unknown"),
    ],
)
def test_what_could_be_misread_is_refused_with_its_reason(fields: dict[str, object], reason: str):
    outcome = Edge().report(body={"order_id": "7", "currency": "EUR"} | fields)
    assert refused(outcome, 422) == reason


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"[1]", b"null", b"[" * 5_000, b'{"a": "\xff"}', b'"text"', b'{"a": "\\ud800"}']
)
def test_a_body_that_is_no_report(body: bytes):
    assert refused(Edge().report(body=body, content_type="application/json"), 400) == "body_malformed"


def test_of_several_programs_one_has_to_be_meant():
    edge = Edge(SECOND_PROGRAM)
    assert refused(edge.report(body={"order_id": 7, "currency": "EUR"}), 422) == "program_missing"
    assert taken(edge.report(body={"order_id": 7, "program": "inn"})).program == "inn"
    assert taken(edge.report(body={"order_id": 7, "click_id": CLICK, "amount": 1, "currency": "JPY"})).program == "shop"
    # An update finds its program by its order.
    update = edge.report(body={"order_id": 7, "status": "cancelled"})
    assert taken(update).program is None
    assert said(update)["reason"] == "program_unnamed"


def test_the_currency_may_be_left_out_where_there_is_one_only():
    edge = Edge(replace(SHOP, currencies=("KWD",)))
    record = taken(edge.report(body={"order_id": 7, "amount": "1.2345"}))
    assert (record.currency, record.amount_minor) == ("KWD", 1235)


# Click ids that are worth nothing


@pytest.mark.parametrize(
    ("click", "reason"),
    [
        ("xyz", "malformed_click_id"),
        (CLICK[:-1], "malformed_click_id"),
        ("t" + CLICK[1:9] + ("A" if CLICK[9] != "A" else "B") + CLICK[10:], "forged_click_id"),
        (
            TokenKeys(issue=7, token_keys={7: bytes(64)}, reference_keys={7: bytes(32)}).token(TOUCH),
            "forged_click_id",
        ),
        (
            TokenKeys(issue=9, token_keys={9: bytes(range(64))}, reference_keys={9: bytes(32)}).token(TOUCH),
            "expired_click_id",
        ),
        (KEYS.token(replace(TOUCH, link=999)), "link_unknown"),
    ],
)
def test_an_order_is_never_lost_over_its_click_id(click: str, reason: str):
    outcome = Edge().report(body={"order_id": 7, "click_id": click})
    assert taken(outcome).click_refs == (click,)
    assert said(outcome)["reason"] == reason
    assert "not credited by it" in said(outcome)["message"]
    assert outcome.drops == ((HOUR, 0, 1, reason),)


def test_a_click_of_another_advertiser():
    edge = Edge(replace(LINK, advertiser=2))
    outcome = edge.report(body={"order_id": 7, "click_id": CLICK})
    assert taken(outcome).program == "shop"
    assert reasons(outcome) == ["click_of_another_advertiser"]


def test_a_test_click_makes_a_test_conversion():
    click = KEYS.token(replace(TOUCH, mode=Mode.TEST))
    assert taken(Edge().report(body={"order_id": 7, "click_id": click, "mode": "live"})).mode is Mode.TEST


# The same event


def test_the_same_event_is_taken_once_and_its_repetition_waits_for_the_first():
    edge = Edge()
    first = edge.report(body={"order_id": 7, "event_id": "e1"})
    again = edge.report(body={"order_id": 7, "event_id": "e1"})
    assert taken(first).event_id == "e1"
    assert (again.answer.status, again.records, again.waits) == (202, (), True)
    assert said(again)["duplicate"] is True
    assert reasons(again) == ["duplicate_event"]


def test_an_event_of_another_advertiser_is_another_event():
    edge = Edge(replace(ACME, id=3, code="third"), replace(SHOP, id=12, code="third", advertiser=3))
    taken(edge.report(body={"order_id": 7, "event_id": "e1"}))
    taken(edge.report("/p/third", body={"order_id": 7, "event_id": "e1"}))


def test_equal_content_is_the_same_event_when_it_brings_no_id():
    edge = Edge()
    report = {"order_id": 7, "status": "refunded", "retained": 5, "currency": "EUR"}
    taken(edge.report(body=report))
    assert edge.report(body=report).records == ()
    for other in ({"retained": 4}, {"status": "cancelled"}, {"at": NOW_S}, {"event_type": "upsell"}, {"test": 1}):
        taken(edge.report(body=report | other))


def test_the_id_of_the_message_is_the_id_of_the_event():
    assert taken(Edge().report(body=BODY, token=None, **signed_headers(BODY, id_="msg_9"))).event_id == "msg_9"


def test_the_id_of_a_message_fits_where_event_ids_are_kept():
    outcome = Edge().report(body=BODY, webhook_id="x" * 201)
    assert refused(outcome, 422) == "field_too_long"
    assert said(outcome)["field"] == "webhook-id"


def test_a_refused_report_may_come_again():
    edge = Edge()
    assert refused(edge.report(body={"order_id": 7, "event_id": "e1", "amount": "x", "currency": "EUR"}), 422)
    taken(edge.report(body={"order_id": 7, "event_id": "e1", "amount": "1", "currency": "EUR"}))


# Many at once


def test_each_report_of_many_has_its_own_answer():
    outcome = Edge().report(
        "/v1/conversions",
        body=[{"order_id": 1}, {"order_id": 2, "amount": -1, "currency": "EUR"}, {"order_id": 1}, {"order_id": 3}],
    )
    assert outcome.answer.status == 207
    answers = said(outcome)["answers"]
    assert [answer["status"] for answer in answers] == ["accepted", "refused", "accepted", "accepted"]
    assert [record.order_id for record in outcome.records if isinstance(record, Postback)] == ["1", "3"]
    assert reasons(outcome) == ["amount_negative", "duplicate_event"]
    assert outcome.waits


def test_many_share_the_id_of_their_message():
    body = b'[{"order_id": 1}, {"order_id": 2}]'
    outcome = Edge().report("/v1/conversions?advertiser=acme", body=body, token=None, **signed_headers(body))
    assert outcome.answer.status == 202
    assert [record.event_id for record in outcome.records if isinstance(record, Postback)] == ["msg_1/0", "msg_1/1"]


def test_five_hundred_are_taken_and_no_more():
    edge = Edge()
    assert len(edge.report("/v1/conversions", body=[{"order_id": n} for n in range(500)]).records) == 500
    assert (
        refused(edge.report("/v1/conversions", body=[{"order_id": n} for n in range(501)]), 422) == "too_many_reports"
    )


def test_a_refusal_says_what_is_wrong_and_where():
    answer = said(Edge().report(body={"order_id": 7, "amount": "1", "currency": "USD"}))
    assert answer == {
        "status": "refused",
        "reason": "currency_not_listed",
        "field": "currency",
        "message": (
            "The program does not list USD, only EUR, JPY, and nothing is converted silently. Send the amount in a "
            "listed currency, or have the currency added."
        ),
        "ignored": [],
    }


def test_dialects_answer_with_values():
    assert isinstance(generic.read([("amount", "1"), ("amount", "2")], frozenset()), Refusal)
