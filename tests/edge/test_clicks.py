"""Clicks and impressions: who is counted, what they carry, and where they may lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import ada_url
import pytest
from edge_world import (
    ARMS,
    FIREFOX,
    HOUR,
    KEYS,
    LAWFUL,
    LINK,
    NOW,
    RECORD,
    SHOP,
    SUB_KEY,
    Edge,
    location,
    reasons,
)
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.catalog import ARM_DEEP_LINK, ProgramStatus
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression
from warum.domain.sealing import open_sub_ids
from warum.domain.token import Touch
from warum.edge.clicks import SUB_ID_NAMES, allowed_destination, with_parameter
from warum.edge.codec import encode
from warum.edge.http import Request
from warum.kernel.ids import RecordId

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def carried(url: str, name: str = "wrm") -> str | None:
    return dict(parse_qsl(urlsplit(url).query)).get(name)


# What counts


def test_a_click_with_consent_carries_a_token_that_says_it_all():
    outcome = Edge().ask("/c/abc?cons=1")
    (click,) = outcome.records
    assert isinstance(click, Click)
    token = carried(location(outcome))
    assert token is not None and len(token) <= 64
    assert KEYS.read(token) == Touch(
        at_us=NOW - NOW % 1_000_000,
        link=LINK.id,
        allocation=ARMS.id,
        arm=click.arm,
        basis=Basis.CONSENT,
        mode=Mode.LIVE,
        record=RECORD,
    )
    assert (click.at_us, click.seen_us, click.basis) == (NOW, NOW, Basis.CONSENT)
    assert outcome.drops == ()


def test_the_answer_is_not_cached_and_tells_the_shop_nothing_of_the_page_before():
    headers = Edge().ask("/c/abc?cons=1").answer.headers
    assert "Cache-Control: no-store\r\n" in headers
    assert "Referrer-Policy: no-referrer\r\n" in headers


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replace(LINK, active=False), "retired_link"),
        (replace(SHOP, status=ProgramStatus.PAUSED), "outside_flight"),
        (replace(SHOP, starts_us=NOW + 1), "outside_flight"),
        (replace(SHOP, ends_us=NOW), "outside_flight"),
        (replace(LAWFUL, active=False), "outside_flight"),
    ],
)
def test_a_link_out_of_use_still_leads_to_its_page_without_credit(change: Any, reason: str):
    outcome = Edge(change).ask("/c/abc?cons=1")
    assert urlsplit(location(outcome)).netloc == "shop.example"
    assert carried(location(outcome)) is None
    assert outcome.records == ()
    assert outcome.drops == ((HOUR, LINK.id, 1, reason),)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"method": "HEAD"}, "head"),
        ({"sec_purpose": "prefetch;prerender"}, "prefetch"),
        ({"purpose": "prefetch"}, "prefetch"),
        ({"x_moz": "prefetch"}, "prefetch"),
        ({"agent": GOOGLEBOT}, "crawler"),
        ({"agent": None}, "crawler"),
        ({"agent": ""}, "crawler"),
    ],
)
def test_who_does_not_count_is_redirected_all_the_same(asked: dict[str, Any], reason: str):
    outcome = Edge().ask("/c/abc?cons=1", **asked)
    assert carried(location(outcome)) is None
    assert outcome.records == ()
    assert reasons(outcome) == [reason]


def test_an_unknown_link_is_answered_in_plain_words_and_counted():
    outcome = Edge().ask("/c/nope?cons=1")
    assert outcome.answer.status == 404
    assert b"This link is not known" in outcome.answer.body
    assert b"http" not in outcome.answer.body
    assert outcome.drops == ((HOUR, 0, 0, "unknown_link"),)


def test_a_double_click_counts_once_and_keeps_its_token():
    edge = Edge()
    first = edge.ask("/c/abc?cons=1")
    edge.now_us += 9_999_999
    second = edge.ask("/c/abc?cons=1")
    assert location(second) == location(first)
    assert (second.records, reasons(second)) == ((), ["repeat"])


@pytest.mark.parametrize(
    "other",
    [
        {"peer": "192.0.2.8"},
        {"agent": FIREFOX + " Other"},
        {"target": "/c/abc?cons=1&to=https://shop.example/x"},
        {"target": "/c/abc?cons=1&mode=test"},
        {"later_us": 10_000_000},
    ],
)
def test_another_visit_is_no_repeat(other: dict[str, Any]):
    edge = Edge()
    edge.ask("/c/abc?cons=1")
    edge.now_us += other.pop("later_us", 1)
    assert len(edge.ask(other.pop("target", "/c/abc?cons=1"), **other).records) == 1


def test_without_consent_nobody_is_told_apart():
    edge = Edge()
    assert [len(edge.ask("/c/abc").records) for _ in range(3)] == [1, 1, 1]


def test_only_trusted_proxies_say_who_the_visitor_is():
    believed, open_ = Edge(trusted=("192.0.2.0/24",)), Edge()
    for number in (1, 2):
        forwarded = f"203.0.113.9, 198.51.100.{number}, 192.0.2.3"
        assert len(believed.ask("/c/abc?cons=1", x_forwarded_for=forwarded).records) == 1
        assert len(open_.ask("/c/abc?cons=1", x_forwarded_for=forwarded).records) == (number == 1)


def test_both_arms_are_drawn_and_the_token_names_the_one_that_was_shown():
    edge, pages = Edge(), set[str]()
    request = Request("GET", "/c/abc?cons=1", {b"user-agent": FIREFOX.encode()})
    for number in range(40):
        edge.now_us += 60_000_000
        record = RecordId(1, 0, number)
        outcome = edge.handler.handle(request, edge.snapshot, now_us=edge.now_us, record=record)
        (click,) = outcome.records
        assert isinstance(click, Click)
        url = location(outcome)
        pages.add(urlsplit(url).path)
        assert urlsplit(url).path == ("/a", "/b")[click.arm]
    assert pages == {"/a", "/b"}


# Consent


@pytest.mark.parametrize(
    ("query", "gpc", "given"),
    [
        ("cons=1", None, True),
        ("cons=1", "0", True),
        ("cons=1", "1", False),
        ("cons=1", "", False),
        ("cons=0", None, False),
        ("", None, False),
        ("cons=yes", None, False),
        ("cons=1&cons=1", None, False),
        ("cons=1&cons=0", None, False),
        ("cons=", None, False),
        ("cons=%31", None, True),
        ("CONS=1", None, False),
    ],
)
def test_only_a_clear_yes_is_a_yes(query: str, gpc: str | None, given: bool):
    outcome = Edge().ask(f"/c/abc?{query}", **({"sec_gpc": gpc} if gpc is not None else {}))
    (click,) = outcome.records
    assert isinstance(click, Click)
    assert (click.basis is Basis.CONSENT) is given
    assert (carried(location(outcome)) is not None) is given


ASKED = st.fixed_dictionaries(
    {
        "cons": st.lists(
            st.sampled_from(["0", "", "yes", "2", "true", "1 ", " 1", "１", "%00"]) | st.text(max_size=3), max_size=3
        ),
        "gpc": st.sampled_from([None, "0", "1", "", "2", "1, 0"]),
        "sub": st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=40),
        "address": st.ip_addresses().map(str),
        "agent": st.text(alphabet=st.characters(codec="ascii", categories=["L"]), min_size=12, max_size=40),
        "lawful": st.booleans(),
        "mode": st.sampled_from(["", "&mode=test"]),
        "later_us": st.integers(0, 10**12),
    }
)


@given(ASKED)
def test_no_consent_means_no_identifier(asked: dict[str, Any]):
    """No token, no address, no agent, no sub id and no time within the hour, in the records, the counts or the link."""
    given_ = asked["cons"] == ["1"] and asked["gpc"] in (None, "0")
    if given_:
        return
    query = "".join(f"&cons={quote(cons)}" for cons in asked["cons"])
    edge = Edge(*((LAWFUL,) if asked["lawful"] else ()))
    edge.now_us += asked["later_us"]
    headers = {} if asked["gpc"] is None else {"sec_gpc": asked["gpc"]}
    target = f"/c/abc?sub={asked['sub']}&s2={asked['sub']}{query}{asked['mode']}"
    outcome = edge.ask(target, peer=asked["address"], agent=asked["agent"], x_forwarded_for=asked["address"], **headers)
    written = b"".join(encode(record)[1] for record in outcome.records) + repr(outcome.drops).encode()
    for secret in (asked["sub"], asked["address"], asked["agent"]):
        assert secret.encode() not in written
        assert secret not in location(outcome)
    (click,) = outcome.records
    assert isinstance(click, Click)
    hour = edge.now_us - edge.now_us % 3_600_000_000
    assert (click.at_us, click.seen_us, click.sub_ids, click.sub_day) == (hour, hour, None, None)
    assert all(drop.hour_us == hour for drop in outcome.drops)
    reference = carried(location(outcome))
    credited = asked["lawful"] and not asked["mode"]
    assert click.basis is (Basis.REFERENCE if credited else Basis.NONE)
    assert (reference is not None) is credited
    if reference is not None:
        # The same for everybody who takes this link to this arm on this day.
        touch = KEYS.read(reference)
        assert isinstance(touch, Touch) and touch.record is None
        assert reference == KEYS.reference(replace(touch, at_us=hour))


def test_sub_ids_without_consent_are_dropped_visibly():
    assert reasons(Edge().ask("/c/abc?sub=me")) == ["sub_id_without_consent"]


def test_a_test_without_consent_carries_nothing_that_could_be_paid():
    outcome = Edge(LAWFUL).ask("/c/abc?mode=test")
    (click,) = outcome.records
    assert isinstance(click, Click)
    assert (click.mode, click.basis, carried(location(outcome))) == (Mode.TEST, Basis.NONE, None)


def test_the_mode_stands_in_the_token():
    token = carried(location(Edge().ask("/c/abc?cons=1&mode=test")))
    touch = KEYS.read(token or "")
    assert isinstance(touch, Touch) and touch.mode is Mode.TEST


# Sub ids


@pytest.mark.parametrize("alias", sorted(SUB_ID_NAMES))
def test_sub_ids_are_taken_under_the_names_of_other_platforms(alias: str):
    (click,) = Edge().ask(f"/c/abc?cons=1&{alias}=m%C3%BCller+1").records
    assert isinstance(click, Click) and click.sub_ids is not None
    assert click.sub_day == NOW // 86_400_000_000
    assert b"ller" not in click.sub_ids
    assert open_sub_ids(click.sub_ids, key=SUB_KEY, record=RECORD) == {SUB_ID_NAMES[alias]: "müller 1"}


def test_a_sub_id_that_is_too_long_is_cut():
    (click,) = Edge().ask(f"/c/abc?cons=1&sub={'x' * 300}").records
    assert isinstance(click, Click) and click.sub_ids is not None
    assert open_sub_ids(click.sub_ids, key=SUB_KEY, record=RECORD) == {"sub1": "x" * 255}


# Deep links


HOSTS = frozenset(("shop.example", "xn--bcher-kva.example"))
WANTED = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["https:", "http:", "HTTPS:", "ftp:", "javascript:", "", " https:", "ht\ttps:", "data:"]),
        st.sampled_from(["//", "/", "\\\\", "///", "", "/\\", "//\\"]),
        st.sampled_from(["", "user@", "u:p@", "evil.example@", "shop.example@", "evil.example\\@", "%00@"]),
        st.sampled_from(
            [
                "shop.example",
                "SHOP.example",
                "shop.example.",
                "shop.example.evil.example",
                "evil.example",
                "evilshop.example",
                "bücher.example",
                "shop.example:8443",
                "shop.example:443",
                "shop%2Eexample",
                "ｓhop.example",
                "127.1",
                "[::1]",
                "evil.example#shop.example",
                "evil.example?shop.example",
                "evil.example\\.shop.example",
                "shop.example\n.evil.example",
            ]
        ),
        st.sampled_from(["", "/", "/p?q=1#f", "\\x", "/ü?ü=1", "?wrm=mine&a=b", "/\r\nSet-Cookie: a=b"]),
    ),
)


@given(WANTED)
def test_a_deep_link_leads_to_a_proved_host_or_nowhere(wanted: str):
    """OWASP ASVS 5.0, V3.7.2, as a property: what a browser makes of the Location header is on the list, or there is
    none."""
    outcome = Edge().ask(f"/c/abc?cons=1&to={quote(wanted, errors='replace')}")
    if outcome.answer.status == 400:
        assert reasons(outcome) == ["deep_link_refused"]
        assert outcome.records == ()
        return
    seen = ada_url.URL(location(outcome))
    assert seen.hostname in HOSTS
    assert seen.protocol in ("https:", "http:")
    assert (seen.username, seen.password, seen.port) == ("", "", "")
    assert outcome.answer.headers.count("\r\n") == 3


@pytest.mark.parametrize("name", ["to", "ued", "deeplink", "url"])
def test_a_deep_link_keeps_its_query_and_fragment(name: str):
    outcome = Edge().ask(f"/c/abc?cons=1&{name}={quote('https://shop.example/p?a=1&wrm=stolen&b=%20x#part')}")
    url = location(outcome)
    token = carried(url)
    assert url == f"https://shop.example/p?a=1&b=%20x&wrm={token}#part"
    (click,) = outcome.records
    assert isinstance(click, Click) and click.arm == ARM_DEEP_LINK
    touch = KEYS.read(token or "")
    assert isinstance(touch, Touch) and touch.arm == ARM_DEEP_LINK


def test_a_refused_deep_link_says_what_to_do():
    answer = Edge().ask("/c/abc?cons=1&to=https://evil.example/%3Cscript%3E").answer
    assert answer.status == 400
    assert b"evil.example" in answer.body and b"Acme &amp; Co has to add the host and prove it" in answer.body
    assert b"<script" not in answer.body


@given(
    st.sampled_from(["https://a.example", "https://a.example/", "https://a.example/p"]),
    st.lists(st.sampled_from(["a=1", "b", "wrm=x", "w%72m=y", "a=1", "c=%20"]), max_size=4),
    st.sampled_from(["", "#", "#f?g&h"]),
)
def test_the_click_parameter_stands_once_and_the_rest_stays(base: str, query: list[str], fragment: str):
    url = base + ("?" + "&".join(query) if query else "") + fragment
    seen = with_parameter(url, "wrm", "T")
    before, after = ada_url.URL(url), ada_url.URL(seen)
    assert after.hash == before.hash and after.pathname == before.pathname
    kept = [part for part in query if not part.startswith(("wrm", "w%72m"))]
    assert after.search == "?" + "&".join([*kept, "wrm=T"])


def test_a_host_has_to_be_exactly_the_one_that_was_proved():
    assert allowed_destination("https://shop.example", frozenset(("shop.example",))) == "https://shop.example/"
    assert allowed_destination("https://www.shop.example", frozenset(("shop.example",))) is None
    assert allowed_destination("https://shop.example", frozenset()) is None


# Impressions


def test_an_impression_is_a_pixel_and_a_record_without_anything_of_a_person():
    outcome = Edge().ask("/i/abc?arm=1")
    assert outcome.answer.body.startswith(b"GIF89a")
    assert outcome.records == (
        Impression(at_us=HOUR, seen_us=HOUR, link=LINK.id, allocation=ARMS.id, arm=1, mode=Mode.LIVE),
    )


@pytest.mark.parametrize("named", ["", "?arm=7", "?arm=x", "?arm=01"])
def test_an_impression_that_names_no_arm_stands_for_the_first(named: str):
    (shown,) = Edge().ask(f"/i/abc{named}").records
    assert isinstance(shown, Impression) and shown.arm == 0


def test_an_impression_is_screened_too():
    outcome = Edge().ask("/i/abc", agent=GOOGLEBOT)
    assert (outcome.answer.status, outcome.records, reasons(outcome)) == (200, (), ["crawler"])
    assert reasons(Edge().ask("/i/nope")) == ["unknown_link"]
