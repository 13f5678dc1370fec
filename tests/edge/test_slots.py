"""Slots: what they show, how often, and that what comes of it counts for the arm that was shown."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from edge_world import ACME, ARMS, FIREFOX, HOUR, LINK, NOW, SHOP, Edge, location, reasons, said

from warum.domain.catalog import EdgeAllocation, EdgeArm, EdgeCreative, EdgeEntry, EdgeSlot, ProgramStatus
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression
from warum.edge.http import Outcome
from warum.edge.slots import SCRIPT
from warum.kernel.period import DAY_US

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def creative(number: int, **changed: Any) -> EdgeCreative:
    made = EdgeCreative(
        id=number,
        language="de",
        headline=f"Angebot {number}",
        text="Zwei Nächte mit Frühstück",
        image_url=f"https://shop.example/{number}.jpg",
        image_alt="Ein See",
        price_minor=123_450,
        currency="EUR",
        price_until_us=None,
        available=True,
    )
    return replace(made, **changed)


def allocation(number: int = 20, **shares: int) -> EdgeAllocation:
    """``a7=600_000``: arm 7 shows creative 7."""
    arms = tuple(
        EdgeArm(
            arm=int(name[1:]),
            url=f"https://shop.example/page{name[1:]}",
            propensity_ppm=ppm,
            creative=int(name[1:]),
        )
        for name, ppm in shares.items()
    )
    return EdgeAllocation(id=number, offer=2, arms=arms)


SLOT = EdgeSlot(id=40, code="xyz", link=LINK.id, format="card", active=True)
SHOWING: tuple[EdgeEntry, ...] = (
    creative(2),
    creative(3),
    creative(4),
    allocation(a2=600_000, a3=300_000, a4=100_000),
    SLOT,
)


def edge(*changes: EdgeEntry) -> Edge:
    return Edge(*SHOWING, *changes)


EDGE = edge()


def shown(outcome: Outcome) -> Any:
    assert outcome.answer.status == 200
    return said(outcome)["creative"]


def follow(url: str) -> str:
    """A relative address of the answer, as a path."""
    parts = urlsplit(urljoin("https://edge.example/s/xyz", url))
    return f"{parts.path}?{parts.query}"


def arm_of(named: str) -> tuple[int, int]:
    number, arm, _mac = named.split(".")
    return int(number), int(arm)


# What is shown


def test_a_slot_shows_a_creative_with_all_that_a_page_needs():
    outcome = edge().ask("/s/xyz?cons=1")
    found = said(outcome)
    assert found["format"] == "card"
    number = arm_of(found["creative"]["shown"])[1]
    named = found["creative"]["shown"]
    assert found["creative"] == {
        "headline": f"Angebot {number}",
        "text": "Zwei Nächte mit Frühstück",
        "label": "Anzeige",
        "language": "de",
        "image_url": f"https://shop.example/{number}.jpg",
        "image_alt": "Ein See",
        "price": "1.234,50\u00a0€",
        "shown": named,
        "click_url": f"../c/abc?arm={named}&cons=1",
        "seen_url": f"../i/abc?arm={named}",
    }
    assert (outcome.records, outcome.drops) == ((), ())


def test_the_draw_follows_the_propensities():
    asked = edge()
    drawn = Counter(arm_of(shown(asked.ask("/s/xyz"))["shown"]) for _ in range(6_000))
    assert set(drawn) == {(20, 2), (20, 3), (20, 4)}
    expected = {2: 3_600, 3: 1_800, 4: 600}
    distance = sum((drawn[20, arm] - mean) ** 2 / mean for arm, mean in expected.items())
    assert distance < 13.8  # chi-square, two degrees of freedom, one in a thousand


def test_english_is_english_and_a_price_may_be_missing_or_over():
    only = allocation(a2=1_000_000)
    english = shown(edge(only, creative(2, language="en")).ask("/s/xyz"))
    assert (english["label"], english["price"], english["language"]) == ("Ad", "€1,234.50", "en")
    assert shown(edge(only, creative(2, price_minor=None, currency=None)).ask("/s/xyz"))["price"] is None
    assert shown(edge(only, creative(2, price_until_us=NOW)).ask("/s/xyz"))["price"] is None
    assert shown(edge(only, creative(2, price_until_us=NOW + 1)).ask("/s/xyz"))["price"] is not None


@pytest.mark.parametrize(
    "change",
    [
        replace(SLOT, active=False),
        replace(LINK, active=False),
        replace(SHOP, status=ProgramStatus.PAUSED),
        replace(SHOP, ends_us=NOW),
        replace(ACME, active=False),
        ARMS,  # plain landing pages
    ],
)
def test_what_is_out_of_use_shows_nothing(change: EdgeEntry):
    outcome = edge(change).ask("/s/xyz?cons=1")
    assert said(outcome) == {"creative": None, "format": "card"}
    assert outcome.answer.status == 200


def test_an_unknown_slot_says_so_and_is_counted():
    outcome = edge().ask("/s/nope")
    assert outcome.answer.status == 404
    assert said(outcome)["creative"] is None
    assert outcome.drops == ((HOUR, 0, 0, "unknown_slot"),)


@pytest.mark.parametrize("target", ["/s/xyz", "/s/xyz?format=html", "/s/nope", "/i/abc", "/s.js"])
def test_any_page_may_load_it(target: str):
    headers = edge().ask(target).answer.headers
    assert "Access-Control-Allow-Origin: *\r\n" in headers
    assert "Cross-Origin-Resource-Policy: cross-origin\r\n" in headers
    assert "Set-Cookie" not in headers
    assert ("Cache-Control: no-store\r\n" in headers) is (target != "/s.js")


# What is sold out


def test_a_page_that_asks_again_keeps_what_it_shows():
    asked = edge()
    first = shown(asked.ask("/s/xyz"))
    again = [shown(asked.ask(f"/s/xyz?arm={first['shown']}")) for _ in range(50)]
    assert all(one == first for one in again)


def test_it_keeps_it_under_its_own_allocation_when_shares_change():
    named = shown(edge().ask("/s/xyz"))["shown"]
    later = edge(allocation(21, a2=10_000, a3=980_000, a4=10_000), replace(LINK, allocation=21))
    assert shown(later.ask(f"/s/xyz?arm={named}"))["shown"] == named
    assert arm_of(shown(later.ask("/s/xyz"))["shown"])[0] == 21


def test_what_sells_out_is_drawn_no_more_and_leaves_the_pages_that_show_it():
    named = next(found["shown"] for _ in range(100) if arm_of((found := shown(EDGE.ask("/s/xyz")))["shown"]) == (20, 2))
    later = edge(creative(2, available=False), allocation(21, a3=750_000, a4=250_000), replace(LINK, allocation=21))
    drawn = Counter(arm_of(shown(later.ask(f"/s/xyz?arm={named}"))["shown"]) for _ in range(2_000))
    assert set(drawn) == {(21, 3), (21, 4)}
    assert 1_400 < drawn[21, 3] < 1_600


def test_nothing_takes_the_place_of_an_arm_that_cannot_be_shown():
    """As long as its allocation is in force, the others are drawn as often as it says, no oftener."""
    asked = edge(creative(2, available=False))
    drawn = Counter(None if (found := shown(asked.ask("/s/xyz"))) is None else found["shown"] for _ in range(2_000))
    assert 1_100 < drawn[None] < 1_300


def test_when_all_is_sold_out_the_slot_is_empty():
    asked = edge(*(creative(number, available=False) for number in (2, 3, 4)))
    for query in ("", "?cons=1", "?arm=20.2.AAAAAAAA"):
        outcome = asked.ask(f"/s/xyz{query}")
        assert (outcome.answer.status, said(outcome)["creative"]) == (200, None)
    fragment = asked.ask("/s/xyz?format=html").answer
    assert (fragment.status, b"<a " in fragment.body) == (200, False)


# What comes of it


def test_a_click_counts_for_the_arm_that_was_shown():
    asked = edge()
    for number in range(200):
        asked.now_us += DAY_US // 100
        found = shown(asked.ask("/s/xyz?cons=1"))
        # Another visitor each time: a double click is no click.
        outcome = asked.ask(follow(found["click_url"]), peer=f"192.0.2.{number}")
        (click,) = outcome.records
        assert isinstance(click, Click)
        assert (click.allocation, click.arm) == arm_of(found["shown"])
        assert click.basis is Basis.CONSENT
        assert urlsplit(location(outcome)).path == f"/page{click.arm}"


def test_an_impression_counts_for_the_arm_that_was_shown():
    asked = edge()
    for _ in range(50):
        found = shown(asked.ask("/s/xyz"))
        outcome = asked.ask(follow(found["seen_url"]))
        number, arm = arm_of(found["shown"])
        assert outcome.records == (
            Impression(at_us=HOUR, seen_us=HOUR, link=LINK.id, allocation=number, arm=arm, mode=Mode.LIVE),
        )


def test_what_was_shown_counts_under_its_own_allocation_after_a_change():
    found = shown(edge().ask("/s/xyz?cons=1"))
    later = edge(allocation(21, a3=1_000_000), replace(LINK, allocation=21), creative(2, available=False))
    (click,) = later.ask(follow(found["click_url"])).records
    assert isinstance(click, Click)
    assert (click.allocation, click.arm) == arm_of(found["shown"])


def forgeries() -> list[str]:
    named = shown(EDGE.ask("/s/xyz"))["shown"]
    number, arm, mac = named.split(".")
    other = "4" if arm != "4" else "3"
    last = "A" if mac[-1] != "A" else "B"
    return [
        f"{number}.{other}.{mac}",
        f"21.{arm}.{mac}",
        f"{number}.{arm}.{mac[:-1]}{last}",
        f"{number}.{arm}",
        f"{number}.{arm}.",
        arm,
        "",
        "0.0.AAAAAAAA",
        "..",
        f"{named}&arm={named}",
        f"{named}%00",
    ]


@pytest.mark.parametrize("named", forgeries())
def test_a_forged_arm_is_drawn_anew_and_not_believed_as_seen(named: str):
    asked = edge()
    (honest,) = asked.ask("/c/abc?cons=1", peer="192.0.2.1").records
    outcome = asked.ask(f"/c/abc?cons=1&arm={named}", peer="192.0.2.2")
    assert outcome.records == (honest,)
    seen = asked.ask(f"/i/abc?arm={named}")
    assert (seen.records, reasons(seen)) == ((), ["shown_arm_refused"])


def test_an_arm_of_another_link_is_forged():
    other = replace(LINK, id=31, code="def")
    asked = edge(other, replace(SLOT, id=41, code="uvw", link=31))
    named = shown(asked.ask("/s/uvw"))["shown"]
    assert asked.ask(f"/i/def?arm={named}").records
    assert not asked.ask(f"/i/abc?arm={named}").records


def test_a_copied_address_names_no_arm_for_long():
    asked = edge()
    named = shown(asked.ask("/s/xyz"))["shown"]
    for days, counts in ((0, True), (1, True), (2, False)):
        asked.now_us = NOW + days * DAY_US
        assert bool(asked.ask(f"/i/abc?arm={named}").records) is counts


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"method": "HEAD"}, "head"),
        ({"sec_purpose": "prefetch"}, "prefetch"),
        ({"agent": GOOGLEBOT}, "crawler"),
        ({"agent": None}, "crawler"),
    ],
)
def test_machines_see_nothing(how: dict[str, Any], reason: str):
    asked = edge()
    seen = asked.ask(follow(shown(asked.ask("/s/xyz", **how))["seen_url"]), **how)
    assert (seen.records, reasons(seen)) == ((), [reason])


def test_two_creatives_of_one_link_are_two_clicks():
    asked = edge()
    urls = {
        arm_of(found["shown"]): found["click_url"] for _ in range(100) if (found := shown(asked.ask("/s/xyz?cons=1")))
    }
    assert [len(asked.ask(follow(url)).records) for url in urls.values()] == [1, 1, 1]


# Consent


def test_without_consent_the_addresses_are_everybodys():
    asked = edge(allocation(a2=1_000_000))
    found = {
        shown(asked.ask(f"/s/xyz?{query}", peer=peer, agent=f"{FIREFOX} {peer}", **headers))["click_url"]
        for peer, query, headers in (
            ("192.0.2.1", "", {}),
            ("192.0.2.2", "sub=anna", {}),
            ("192.0.2.3", "cons=0&sub=berta", {}),
            ("192.0.2.4", "cons=1&sub=clara", {"sec_gpc": "1"}),
            ("192.0.2.5", "cons=1&cons=1", {}),
        )
    }
    assert len(found) == 1
    assert "cons" not in found.pop()


def test_with_consent_the_sub_id_goes_along():
    found = shown(edge().ask("/s/xyz?cons=1&sub=a%26b&mode=test"))
    assert parse_qs(urlsplit(found["click_url"]).query) == {
        "arm": [found["shown"]],
        "cons": ["1"],
        "sub1": ["a&b"],
        "mode": ["test"],
    }
    (click,) = edge().ask(follow(found["click_url"])).records
    assert isinstance(click, Click)
    assert (click.mode, click.sub_ids is not None) == (Mode.TEST, True)
    (seen,) = edge().ask(follow(found["seen_url"])).records
    assert isinstance(seen, Impression) and seen.mode is Mode.TEST


# The fragment and the script


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, dict[str, str | None]] = {}
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_fragment_is_complete_and_nothing_in_it_runs_but_our_script():
    hostile = '<script>alert("1")</script>&"'
    asked = edge(allocation(a2=1_000_000), creative(2, headline=hostile, image_alt=hostile))
    answer = asked.ask("/s/xyz?format=html&cons=1&sub=%22%3E%3Cb%3E").answer
    page = Tags(answer.body.decode())
    assert answer.headers.startswith("Content-Type: text/html; charset=utf-8\r\n")
    assert "default-src 'none'" in answer.headers and "script-src 'self'" in answer.headers
    assert page.tags["script"] == {"src": "../s.js", "async": None}
    assert hostile in page.texts
    assert page.tags["img"]["alt"] == hostile
    assert "Anzeige" in page.texts and "1.234,50\u00a0€" in page.texts
    link = page.tags["a"]
    assert (link["class"], link["lang"], link["rel"]) == ("card", "de", "sponsored noopener")
    (click,) = asked.ask(follow(link["href"] or "")).records
    assert isinstance(click, Click) and (click.allocation, click.arm) == (20, 2)


def test_the_fragment_tells_the_script_what_it_shows():
    body = edge(allocation(a2=1_000_000)).ask("/s/xyz?format=html&cons=1&sub=spring").answer.body.decode()
    named = Tags(body).tags["a"]["href"]
    assert named is not None
    arm = parse_qs(urlsplit(named).query)["arm"][0]
    assert (
        f'<div data-warum-slot="xyz" data-warum-consent="1" data-warum-sub="spring" data-warum-shown="{arm}">' in body
    )


def test_the_script_is_small_and_keeps_nothing():
    packed = EDGE.ask("/s.js", accept_encoding="gzip, br").answer
    assert "Content-Encoding: gzip\r\n" in packed.headers
    assert gzip.decompress(packed.body) == SCRIPT == EDGE.ask("/s.js").answer.body
    assert len(packed.body) <= 2_048
    assert "Content-Type: text/javascript; charset=utf-8\r\n" in packed.headers
    text = SCRIPT.decode()
    for word in ("cookie", "localStorage", "sessionStorage", "indexedDB", "navigator", "random", "innerHTML", "eval"):
        assert word not in text
    assert "STYLE" not in text


@pytest.mark.parametrize("target", ["/s/xyz", "/s.js"])
def test_it_is_only_looked_at(target: str):
    assert edge().ask(target, method="POST").answer.status == 405
    assert edge().ask(target, method="HEAD").answer.status == 200
