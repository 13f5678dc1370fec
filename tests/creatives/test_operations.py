"""Creatives and slots by the operations that people use: shares, stock, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations.house import House, hotel, partner, party
from warum.kernel.refusal import Kind
from warum.ports.database import Role, Scope

from .gallery import creative, gallery, sell_out, shares

IMAGE = "https://www.seeblick.example/lake.jpg"


def allocation(house: House, made: dict[str, Any]) -> str:
    return house.do("offer.show", offer=made["offer"])["allocation"]


def arms(house: House, made: dict[str, Any]) -> list[int]:
    return [arm["arm"] for arm in house.do("offer.show", offer=made["offer"])["arms"]]


# Shares


def test_creatives_take_the_place_of_landing_pages_and_are_equal_at_first(shared: House):
    made = gallery(shared, "")
    assert shares(shared, made) == {"page": "0.5"}
    made["creatives"] = {"a": creative(shared, made["offer"], "a")["id"]}
    assert shares(shared, made) == {"a": "1"}
    made["creatives"] |= {name: creative(shared, made["offer"], name)["id"] for name in "bcd"}
    assert shares(shared, made) == dict.fromkeys("abcd", "0.25")
    # Numbers of their own, never those of the landing pages before.
    assert arms(shared, made) == [2, 3, 4, 5]


def test_what_sells_out_leaves_its_share_to_the_others_and_gets_it_back(shared: House):
    made = gallery(shared)
    shared.do("offer.allocate", offer=made["offer"], propensities=["0.5", "0.3", "0.2"])
    before = allocation(shared, made)
    sell_out(shared, made, "a")
    assert shares(shared, made) == {"b": "0.6", "c": "0.4"}
    assert arms(shared, made) == [3, 4]
    sell_out(shared, made, "b")
    assert shares(shared, made) == {"c": "1"}
    sell_out(shared, made, "a", "b", availability="in_stock")
    assert shares(shared, made) == {"a": "0.5", "b": "0.3", "c": "0.2"}
    assert allocation(shared, made) != before  # another row: the log says when which was in force


def test_shares_set_meanwhile_count_when_something_is_back(shared: House):
    made = gallery(shared)
    sell_out(shared, made, "a")
    shared.do("offer.allocate", offer=made["offer"], propensities=["0.9", "0.1"])
    sell_out(shared, made, "a", availability="in_stock")
    # Nobody gave "a" a share yet: it gets the mean.
    assert shares(shared, made) == {"a": "0.333334", "b": "0.6", "c": "0.066666"}


def test_the_last_one_keeps_its_allocation_though_it_is_shown_nowhere(shared: House):
    made = gallery(shared, "ab")
    sell_out(shared, made, "a")
    before = allocation(shared, made)
    sell_out(shared, made, "b")
    assert allocation(shared, made) == before
    listed = shared.do("creative.list", offer=made["offer"])["creatives"]
    assert [(one["availability"], one["propensity"]) for one in listed] == [("sold_out", None)] * 2
    sell_out(shared, made, "a", availability="in_stock")
    assert shares(shared, made) == {"a": "1"}


def test_a_retired_creative_leaves_for_good(shared: House):
    made = gallery(shared)
    shared.do("creative.retire", creative=made["creatives"]["b"], reason="the room is closed")
    assert shares(shared, made) == {"a": "0.5", "c": "0.5"}
    refused = shared.refused("creative.availability", creative=made["creatives"]["b"], availability="in_stock")
    assert (refused.code, refused.kind) == ("creative_retired", Kind.CONFLICT)
    made["creatives"]["d"] = creative(shared, made["offer"], "d")["id"]
    assert arms(shared, made) == [2, 4, 5]


def test_a_word_or_a_price_makes_no_new_allocation_and_another_page_does(house: House):
    made = gallery(house)
    before = allocation(house, made)
    changed = house.do(
        "creative.change", creative=made["creatives"]["a"], headline="Neu", price="89.90", expected_version=1
    )
    assert (changed["headline"], changed["price"]["amount_minor"], changed["row_version"]) == ("Neu", 8990, 2)
    assert allocation(house, made) == before
    pages = {arm["landing_page"] for arm in house.do("offer.show", offer=made["offer"])["arms"]}
    assert pages == {"lp_1"}
    house.do("creative.change", creative=made["creatives"]["a"], landing_page="lp_2")
    assert allocation(house, made) != before
    assert shares(house, made) == {"a": "0.333334", "b": "0.333333", "c": "0.333333"}


# Stock, by the advertiser's numbers


def test_stock_comes_in_bulk_by_the_advertisers_numbers(house: House):
    made = gallery(house, "ab")
    pages = [{"name": "spa", "url": "https://www.seeblick.example/spa"}]
    other = house.do("offer.create", program=made["program"], name="Spa", landing_pages=pages)["id"]
    twin = creative(house, other, "a")["id"]
    rest = creative(house, other, "z")["id"]
    answer = house.do(
        "creative.availability",
        advertiser=made["advertiser"],
        skus=["a", "a", "ghost"],
        availability="sold_out",
        reason="fully booked",
    )
    assert answer == {"changed": [made["creatives"]["a"], twin], "unchanged": [], "skus_unknown": ["ghost"]}
    assert shares(house, made) == {"b": "1"}
    assert [arm["creative"] for arm in house.do("offer.show", offer=other)["arms"]] == [rest]
    again = house.do("creative.availability", advertiser=made["advertiser"], skus=["a"], availability="sold_out")
    assert (again["changed"], again["unchanged"]) == ([], [made["creatives"]["a"], twin])
    act = house.acts(made["advertiser"])[1]
    assert (act["operation"], act["reason"]) == ("creative.availability", "fully booked")


def test_another_advertisers_numbers_are_not_touched(shared: House):
    made = gallery(shared, "ab")
    stranger = shared.do("advertiser.create", name="Other")["id"]
    answer = shared.do("creative.availability", advertiser=stranger, skus=["a"], availability="sold_out")
    assert answer["skus_unknown"] == ["a"]
    assert shares(shared, made) == {"a": "0.5", "b": "0.5"}


# What is refused


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"image_url": "https://cdn.example/x.jpg", "image_alt": "See"}, "host_not_proved", "image_url"),
        ({"image_url": "javascript:alert(1)//x", "image_alt": "See"}, "url_malformed", "image_url"),
        ({"image_url": IMAGE}, "image_alt_missing", "image_alt"),
        ({"language": "en"}, "language_differs", "language"),
        ({"price": "9.999"}, "price_not_payable", "price"),
        ({"price": "9.99", "currency": "CHF"}, "currency_not_listed", "currency"),
        ({"price_valid_until": "2027-06-01T00:00:00Z"}, "price_missing", "price"),
        ({"landing_page": "lp_999999"}, "landing_page_unknown", "landing_page"),
        ({"headline": ""}, "input_invalid", "headline"),
        ({"headline": "x" * 91}, "input_invalid", "headline"),
        ({"offer": "off_999999"}, "offer_unknown", "offer"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_says_why(shared: House, given: Any, code: str, field: str):
    made = gallery(shared, "a")
    values = {"offer": made["offer"], "name": "x", "language": "de", "headline": "Y", **given}
    refused = shared.refused("creative.create", **values)
    assert (refused.code, refused.field) == (code, field)
    assert shares(shared, made) == {"a": "1"}


def test_an_old_version_is_a_conflict(shared: House):
    made = gallery(shared, "a")
    shared.do("creative.change", creative=made["creatives"]["a"], headline="Neu")
    for name, more in (
        ("creative.change", {"headline": "Alt"}),
        ("creative.availability", {"availability": "sold_out"}),
        ("creative.retire", {}),
    ):
        refused = shared.refused(name, creative=made["creatives"]["a"], expected_version=1, **more)
        assert refused.code == "row_version_stale"


@pytest.mark.parametrize(
    "given", [{}, {"advertiser": "adv_1"}, {"skus": ["a"]}, {"creative": "crt_1", "advertiser": "adv_1", "skus": ["a"]}]
)
def test_availability_is_of_one_or_of_many(shared: House, given: Any):
    gallery(shared, "a")
    assert shared.refused("creative.availability", availability="sold_out", **given).code == "creative_or_skus"


def test_parts_can_be_taken_away(shared: House):
    made = gallery(shared, "")
    one = creative(shared, made["offer"], "a", image_url=IMAGE, image_alt="Der See", price="120")
    assert (one["image_url"], one["price"]["amount"], one["propensity"]) == (IMAGE, "120.00", "1")
    bare = shared.do("creative.change", creative=one["id"], without=["image", "price", "sku"])
    assert (bare["image_url"], bare["image_alt"], bare["price"], bare["sku"]) == (None, "", None, None)


# Slots


def test_a_slot_comes_with_its_link_and_the_lines_for_the_page(shared: House):
    made = gallery(shared, "a")
    slot = made["slot"]
    assert slot["html"] == (
        f'<div data-warum-slot="{slot["code"]}" data-warum-consent="0"></div>\n'
        '<script async src="https://edge.example/s.js"></script>'
    )
    assert f"https://edge.example/s/{slot['code']}?format=html&amp;cons=0" in slot["html_frame"]
    links = {link["id"]: link for link in shared.do("link.list", offer=made["offer"])["links"]}
    assert links[slot["link"]]["name"] == "Sidebar"
    retired = shared.do("slot.retire", slot=slot["id"], reason="the page is gone", expected_version=1)
    assert retired["retired_at"] is not None
    links = {link["id"]: link for link in shared.do("link.list", offer=made["offer"])["links"]}
    assert links[slot["link"]]["retired_at"] is not None
    assert shared.refused("slot.retire", slot=slot["id"]).code == "slot_retired"


def test_a_slot_needs_an_approved_partnership(house: House):
    made = hotel(house)
    publisher = house.do("publisher.create", name="Ben")["id"]
    partnership = house.do("partnership.apply", publisher=publisher, program=made["program"])["id"]
    refused = house.refused("slot.create", partnership=partnership, offer=made["offer"])
    assert refused.code == "partnership_not_approved"
    assert house.do("slot.list")["slots"] == []


def test_everybody_sees_their_own(shared: House):
    made = gallery(shared, "a")
    ben = partner(shared, made, "Ben")
    number = int(made["publisher"].removeprefix("pub_"))
    ana, stranger = party(Role.PUBLISHER, number), party(Role.PUBLISHER, int(ben["publisher"].removeprefix("pub_")))
    seen = shared.do("slot.list", ana)["slots"]
    assert [slot["id"] for slot in seen] == [made["slot"]["id"]]
    assert shared.do("slot.list", stranger)["slots"] == []
    owner = party(Role.ADVERTISER, int(made["advertiser"].removeprefix("adv_")))
    assert [one["propensity"] for one in shared.do("creative.list", owner)["creatives"]] == ["1"]
    assert shared.do("creative.list", party(Role.ADVERTISER, 999_999))["creatives"] == []
    for caller, name, given in (
        (owner, "creative.retire", {"creative": made["creatives"]["a"]}),
        (owner, "slot.retire", {"slot": made["slot"]["id"]}),
        (ana, "creative.availability", {"creative": made["creatives"]["a"], "availability": "sold_out"}),
    ):
        assert shared.refused(name, caller, **given).kind is Kind.FORBIDDEN


def test_an_advertiser_tells_its_own_stock_and_nobody_elses(house: House):
    made, other = gallery(house, "ab"), gallery(house, "ab")
    owner = party(Role.ADVERTISER, int(made["advertiser"].removeprefix("adv_")))
    ask = {"availability": "sold_out"}
    told = house.do("creative.availability", owner, creative=made["creatives"]["a"], **ask)
    assert told["changed"] == [made["creatives"]["a"]]
    assert shares(house, made) == {"b": "1"}
    told = house.do("creative.availability", owner, advertiser=made["advertiser"], skus=["a", "b", "x"], **ask)
    assert (told["changed"], told["skus_unknown"]) == ([made["creatives"]["b"]], ["x"])
    for given, code in (
        ({"creative": other["creatives"]["a"]}, "creative_unknown"),
        ({"advertiser": other["advertiser"], "skus": ["a"]}, "advertiser_unknown"),
        ({"creative": made["creatives"]["a"], "advertiser": other["advertiser"], "skus": ["a"]}, "creative_or_skus"),
        ({"skus": ["a"]}, "creative_or_skus"),
    ):
        assert house.refused("creative.availability", owner, **given, **ask).code == code
    assert [one["availability"] for one in house.do("creative.list", advertiser=other["advertiser"])["creatives"]] == [
        "in_stock",
        "in_stock",
    ]
    (act,) = house.acts(made["creatives"]["a"])[:1]
    assert (act["operation"], act["actor"]) == ("creative.availability", "key key_1")
    assert act in house.do("act.list", owner)["acts"]


def test_the_edge_hears_of_it_in_an_order_that_it_can_use(house: House):
    made = gallery(house, "ab")
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        last = tx.snapshot.last_change()
    sell_out(house, made, "a")
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        lines = [json.loads(line) for number, line in tx.snapshot.pending(100) if number > last]
    assert [line["kind"] for line in lines] == ["creative", "allocation", "link", "link"]
    assert lines[0]["entry"]["available"] is False
    assert [arm["creative"] for arm in lines[1]["entry"]["arms"]] == [int(made["creatives"]["b"].removeprefix("crt_"))]
