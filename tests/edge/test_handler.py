"""The doors, the clock, and that nothing a stranger sends raises."""

from __future__ import annotations

import pytest
from edge_world import LAWFUL, NOW, RECORD, TOKEN, Edge, said
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.records import Click, Tick
from warum.edge.codec import encode
from warum.edge.http import Request

DOORS = ["/c/abc", "/c/nope", "/i/abc", "/p/acme", "/p/other", "/v1/conversions", "/health", "/_tick", "/", "*", ""]


@pytest.mark.parametrize(
    ("door", "method", "allowed"),
    [
        ("/c/abc", "POST", "GET, HEAD"),
        ("/i/abc", "PUT", "GET, HEAD"),
        ("/p/acme", "HEAD", "GET, POST"),
        ("/p/acme", "DELETE", "GET, POST"),
        ("/v1/conversions", "GET", "POST"),
        ("/_tick", "GET", "POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(door: str, method: str, allowed: str):
    outcome = Edge().ask(door, method=method)
    assert outcome.answer.status == 405
    assert f"Allow: {allowed}\r\n" in outcome.answer.headers
    assert outcome.records == ()


def test_health_needs_no_catalog_and_no_time():
    assert said(Edge().ask("/health"))["status"] == "ok"
    assert said(Edge(driven=True).ask("/health"))["links"] == 1


def test_other_addresses_lead_nowhere():
    assert [Edge().ask(path).answer.status for path in ("/", "/favicon.ico", "/c", "*")] == [404] * 4


def test_a_live_edge_does_not_let_requests_tell_the_time():
    for outcome in (Edge().ask("/c/abc", warum_time=str(NOW)), Edge().ask("/_tick", method="POST")):
        assert outcome.answer.status == 409
        assert said(outcome)["reason"] == "clock_is_live"
        assert outcome.records == ()


def test_a_driven_edge_takes_the_time_from_each_request():
    edge = Edge(driven=True)
    (click,) = edge.ask("/c/abc?cons=1", warum_time="1000000000").records
    assert isinstance(click, Click) and click.seen_us == 1_000_000_000
    assert edge.ask("/_tick", method="POST", warum_time="5").records == (Tick(seen_us=5),)
    for wrong in ("", "x", "-1", "1.5", "9" * 17):
        assert said(edge.ask("/c/abc", warum_time=wrong))["reason"] == "time_missing"
    assert said(edge.ask("/c/abc"))["reason"] == "time_missing"


TEXT = st.text(max_size=80) | st.text(alphabet="abc=&%+?/#{}[]\"':.,0123456789\\-_~@", max_size=80)
NAMES = (
    "cons", "to", "ued", "url", "sub", "mode", "arm", "token", "order_id", "amount", "amount_minor", "currency",
    "status", "at", "check_in", "click_id", "tt", "tv", "parts", "ref", "cr", "dialect", "sig", "ts", "event_id",
    "program", "test",
)  # fmt: skip
WORDS = ["1", "test", "EUR", TOKEN, "%00", "%ff", "A:1|B:2", "awin", "12.50", "https://shop.example"]
QUERY = st.lists(st.tuples(st.sampled_from(NAMES) | TEXT, TEXT | st.sampled_from(WORDS)), max_size=8).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            b"user-agent",
            b"sec-gpc",
            b"authorization",
            b"content-type",
            b"webhook-id",
            b"webhook-timestamp",
            b"webhook-signature",
            b"x-forwarded-for",
            b"sec-purpose",
            b"warum-time",
        ]
    ),
    st.binary(max_size=40)
    | st.sampled_from([b"Bearer " + TOKEN.encode(), b"application/json", b"1", b"v1,x", b"Mozilla/5.0"]),
)
BODY = st.binary(max_size=200) | st.sampled_from(
    [b"{", b'{"order_id": 1, "amount": 1e999}', b'[{"amount": [[]]}]', b"a=%"]
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "X"]),
    st.sampled_from(DOORS) | TEXT,
    QUERY,
    HEADERS,
    BODY,
    st.booleans(),
    TEXT,
)
def test_nothing_that_comes_in_raises_or_breaks_a_header(
    method: str, door: str, query: str, headers: dict[bytes, bytes], body: bytes, driven: bool, peer: str
):
    edge = Edge(LAWFUL, trusted=("10.0.0.0/8",), driven=driven)
    target = f"{door}?{query}".encode("utf-8", "replace").decode()
    request = Request(method, target, headers, body, peer)
    outcome = edge.handler.handle(request, edge.snapshot, now_us=NOW, record=RECORD)
    assert 200 <= outcome.answer.status < 500
    outcome.answer.headers.encode("ascii")
    assert all(": " in line for line in outcome.answer.headers.split("\r\n")[:-1])
    for record in outcome.records:
        encode(record)
    for drop in outcome.drops:
        drop.reason.encode("ascii")
