"""Which allocation a request is drawn from, by its context, and that nothing else of the context is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from edge_world import ARMS, KEYS, LAWFUL, LINK, NOW, RECORD, SHOP, Edge, line, location
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.catalog import EdgeAllocation, EdgeCreative, EdgePlan, EdgeSlot
from warum.domain.contexts import contexts
from warum.domain.records import Click, Impression
from warum.domain.token import Touch
from warum.domain.tracking import draw
from warum.edge.codec import encode
from warum.edge.snapshot import Snapshot
from warum.kernel.period import HOUR_US

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ODD = "SomethingNew/1.0"


def only(number: int, arm: int) -> EdgeAllocation:
    """An allocation that draws one arm nearly always."""
    shares = [990_000 if one.arm == arm else 10_000 for one in ARMS.arms]
    arms = tuple(replace(one, propensity_ppm=ppm) for one, ppm in zip(ARMS.arms, shares, strict=True))
    return EdgeAllocation(id=number, offer=ARMS.offer, arms=arms)


PHONE, DESKTOP = only(21, 0), only(22, 1)
PLAN = EdgePlan(id=ARMS.offer, dimensions=("device",), contexts={"device=phone": 21, "device=desktop": 22})
TOLD_APART = (PHONE, DESKTOP, PLAN)


def clicked(edge: Edge, query: str = "", **asked: Any) -> Click:
    (click,) = edge.ask(f"/c/abc{query}", **asked).records
    assert isinstance(click, Click)
    return click


@pytest.mark.parametrize(
    ("asked", "allocation"),
    [
        ({}, 22),
        ({"agent": IPHONE}, 21),
        ({"sec_ch_ua_mobile": "?1"}, 21),
        ({"agent": IPHONE, "sec_ch_ua_mobile": "?0"}, 22),
        ({"agent": IPHONE, "sec_ch_ua_mobile": "\xff?;,"}, 21),
        ({"agent": ODD}, 20),
    ],
)
def test_a_request_is_drawn_from_the_allocation_of_its_context(asked: dict[str, Any], allocation: int):
    edge = Edge(*TOLD_APART)
    click = clicked(edge, **asked)
    assert click.allocation == allocation
    assert click.arm == draw(edge.snapshot.allocations[allocation], RECORD, bytes(32)).arm
    (seen,) = edge.ask("/i/abc", **asked).records
    assert isinstance(seen, Impression)
    assert seen.allocation == allocation


def test_a_token_and_a_reference_name_the_allocation_of_the_context():
    edge = Edge(*TOLD_APART, LAWFUL)
    for query in ("", "?cons=1"):
        url = location(edge.ask(f"/c/abc{query}", agent=IPHONE))
        touch = KEYS.read(url.partition("wrm=")[2].partition("#")[0])
        assert isinstance(touch, Touch)
        assert touch.allocation == 21


@given(st.sampled_from([{}, {"agent": IPHONE}, {"agent": ODD}]), st.text(max_size=60), st.text(max_size=60))
def test_without_consent_nothing_of_the_context_is_kept_but_the_allocation(
    asked: dict[str, Any], mobile: str, language: str
):
    edge = Edge(*TOLD_APART)
    headers = {
        "sec_ch_ua_mobile": mobile.encode(errors="replace").decode("latin-1"),
        "accept_language": language.encode(errors="replace").decode("latin-1"),
    }
    outcome = edge.ask("/c/abc", **asked, **headers)
    (click,) = outcome.records
    assert isinstance(click, Click)
    same = Click(
        at_us=NOW - NOW % HOUR_US,
        seen_us=NOW - NOW % HOUR_US,
        link=LINK.id,
        allocation=click.allocation,
        arm=click.arm,
        basis=click.basis,
        mode=click.mode,
    )
    assert encode(click) == encode(same)
    assert "wrm=" not in location(outcome)


def test_no_answer_asks_for_more_than_is_sent_anyway():
    slot = EdgeSlot(id=40, code="xyz", link=LINK.id, format="card", active=True)
    edge = Edge(*TOLD_APART, slot)
    for target in ("/c/abc", "/c/abc?cons=1", "/i/abc", "/s/xyz", "/s/xyz?format=html", "/s.js"):
        headers = edge.ask(target).answer.headers.lower()
        assert "accept-ch" not in headers and "critical-ch" not in headers
        assert "set-cookie" not in headers


def test_a_slot_shows_what_the_context_draws():
    creatives = [
        EdgeCreative(
            id=number,
            language="de",
            headline=f"Angebot {number}",
            text="",
            image_url=None,
            image_alt="",
            price_minor=None,
            currency=None,
            price_until_us=None,
            available=True,
        )
        for number in (0, 1)
    ]

    def shown(allocation: EdgeAllocation) -> EdgeAllocation:
        return replace(allocation, arms=tuple(replace(arm, creative=arm.arm) for arm in allocation.arms))

    slot = EdgeSlot(id=40, code="xyz", link=LINK.id, format="card", active=True)
    edge = Edge(*creatives, shown(ARMS), shown(PHONE), shown(DESKTOP), PLAN, slot)
    answer = json.loads(edge.ask("/s/xyz", agent=IPHONE).answer.body)["creative"]
    assert answer["shown"].startswith("21.")
    # The click counts under what was shown, whatever device it comes from.
    assert clicked(edge, f"?arm={answer['shown']}").allocation == 21


def test_the_time_is_the_programs():
    dimensions = ("daypart",)
    told_apart = {context: 21 if context.endswith("night") else 22 for context in contexts(dimensions)}
    plan = EdgePlan(id=ARMS.offer, dimensions=dimensions, contexts=told_apart)
    at_home = Edge(PHONE, DESKTOP, plan, replace(SHOP, timezone="Europe/Berlin"))
    away = Edge(PHONE, DESKTOP, plan, replace(SHOP, timezone="Asia/Tokyo"))
    assert (clicked(at_home).allocation, clicked(away).allocation) == (22, 21)
    assert clicked(Edge(PHONE, DESKTOP, plan, replace(SHOP, timezone="No/Where"))).allocation == 20


def test_the_kind_of_publisher_comes_with_the_link():
    plan = EdgePlan(id=ARMS.offer, dimensions=("publisher",), contexts={"publisher=cashback": 21})
    assert clicked(Edge(PHONE, plan, replace(LINK, publisher_kind="cashback"))).allocation == 21
    assert clicked(Edge(PHONE, plan, replace(LINK, publisher_kind="blog"))).allocation == 20
    assert clicked(Edge(PHONE, plan)).allocation == 20


def test_the_region_is_told_by_the_language():
    plan = EdgePlan(id=ARMS.offer, dimensions=("region",), contexts={"region=at": 21})
    assert clicked(Edge(PHONE, plan), accept_language="de-AT,de;q=0.9").allocation == 21
    assert clicked(Edge(PHONE, plan), accept_language="\xff\xfe").allocation == 20


def test_a_context_whose_allocation_is_missing_falls_back():
    lost = replace(PLAN, contexts={"device=phone": 99, "device=desktop": 22})
    assert clicked(Edge(PHONE, DESKTOP, lost), agent=IPHONE).allocation == 20


def test_contexts_that_are_told_apart_no_more_fall_back_at_once():
    edge = Edge(*TOLD_APART)
    assert edge.snapshot.apply([line(replace(PLAN, dimensions=(), contexts={}))]) == []
    assert edge.snapshot.plans == {}
    assert clicked(edge, agent=IPHONE).allocation == 20


def test_lines_from_before_there_were_contexts_still_load():
    snapshot = Snapshot()
    program, link = json.loads(line(SHOP)), json.loads(line(LINK))
    del program["entry"]["timezone"], link["entry"]["publisher_kind"]
    assert snapshot.apply([json.dumps(entry).encode() for entry in (program, json.loads(line(ARMS)), link)]) == []
    assert snapshot.links[LINK.id].publisher_kind == ""
