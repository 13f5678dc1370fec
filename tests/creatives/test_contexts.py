"""Shares by context, while creatives come and go: every context has the same arms, and none loses what was set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations.house import AUDITOR, House, hotel, partner
from warum.domain.contexts import contexts
from warum.ports.database import Role, Scope

from .gallery import creative, gallery, sell_out, shares

PHONE, DESKTOP = "device=phone", "device=desktop"


def tell_apart(house: House, made: dict[str, Any], *dimensions: str) -> Any:
    return house.do("offer.contexts.set", offer=made["offer"], dimensions=list(dimensions))


def within(house: House, made: dict[str, Any], context: str) -> list[str]:
    found = house.do("offer.show", offer=made["offer"])["contexts"]
    return [arm["propensity"] for one in found if one["context"] == context for arm in one["arms"]]


def allocate(house: House, made: dict[str, Any], context: str, *propensities: str) -> Any:
    return house.do("offer.allocate", offer=made["offer"], context=context, propensities=list(propensities))


def entries(house: House, kind: str) -> list[Any]:
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        lines = [json.loads(line) for _, line in tx.snapshot.pending(1_000)]
    return [line["entry"] for line in lines if line["kind"] == kind]


def test_contexts_begin_with_the_shares_of_the_offer_and_follow_them(shared: House):
    made = hotel(shared)
    allocate(shared, made, "", "0.7", "0.3")
    offer = tell_apart(shared, made, "device")
    assert offer["dimensions"] == ["device"]
    assert [(one["context"], one["own"]) for one in offer["contexts"]] == [(PHONE, False), (DESKTOP, False)]
    assert offer["contexts"][0]["words"] == {"en": "on phones", "de": "auf Handys"}
    assert within(shared, made, PHONE) == within(shared, made, DESKTOP) == ["0.7", "0.3"]
    allocate(shared, made, "", "0.4", "0.6")
    assert within(shared, made, PHONE) == within(shared, made, DESKTOP) == ["0.4", "0.6"]


def test_a_context_with_shares_of_its_own_goes_its_own_way(shared: House):
    made = hotel(shared)
    tell_apart(shared, made, "device")
    offer = allocate(shared, made, PHONE, "0.9", "0.1")
    assert [one["own"] for one in offer["contexts"]] == [True, False]
    allocate(shared, made, "", "0.4", "0.6")
    assert within(shared, made, PHONE) == ["0.9", "0.1"]
    assert within(shared, made, DESKTOP) == ["0.4", "0.6"]
    assert [arm["propensity"] for arm in shared.do("offer.show", offer=made["offer"])["arms"]] == ["0.4", "0.6"]


def test_what_was_set_comes_back_when_it_is_told_apart_again(shared: House):
    made = hotel(shared)
    tell_apart(shared, made, "device")
    allocate(shared, made, PHONE, "0.9", "0.1")
    assert tell_apart(shared, made)["contexts"] == []
    allocate(shared, made, "", "0.4", "0.6")
    assert [one["context"] for one in tell_apart(shared, made, "week")["contexts"]] == list(contexts(("week",)))
    tell_apart(shared, made, "device")
    assert (within(shared, made, PHONE), within(shared, made, DESKTOP)) == (["0.9", "0.1"], ["0.4", "0.6"])


def test_two_dimensions_in_any_order_are_the_same_contexts(shared: House):
    made = hotel(shared)
    offer = tell_apart(shared, made, "daypart", "device")
    assert offer["dimensions"] == ["device", "daypart"]
    assert [one["context"] for one in offer["contexts"]] == list(contexts(("device", "daypart")))


def test_what_sells_out_leaves_every_context_and_gets_back_what_each_had(shared: House):
    made = gallery(shared, "abc")
    tell_apart(shared, made, "device")
    allocate(shared, made, PHONE, "0.6", "0.3", "0.1")
    before = shares(shared, made), within(shared, made, PHONE), within(shared, made, DESKTOP)
    sell_out(shared, made, "a")
    assert within(shared, made, PHONE) == ["0.75", "0.25"]
    assert within(shared, made, DESKTOP) == ["0.5", "0.5"]
    sell_out(shared, made, "a", availability="in_stock")
    assert (shares(shared, made), within(shared, made, PHONE), within(shared, made, DESKTOP)) == before


def test_a_new_creative_comes_into_every_context(shared: House):
    made = gallery(shared, "ab")
    tell_apart(shared, made, "device")
    allocate(shared, made, PHONE, "0.8", "0.2")
    made["creatives"]["c"] = creative(shared, made["offer"], "c")["id"]
    assert within(shared, made, PHONE) == ["0.533334", "0.133333", "0.333333"]
    assert len(within(shared, made, DESKTOP)) == len(shares(shared, made)) == 3


def test_the_first_creative_takes_the_place_of_landing_pages_in_every_context(shared: House):
    made = hotel(shared) | {"creatives": {}}
    partner(shared, made, "Berta")
    tell_apart(shared, made, "device")
    allocate(shared, made, PHONE, "0.9", "0.1")
    made["creatives"]["a"] = creative(shared, made["offer"], "a")["id"]
    assert within(shared, made, PHONE) == within(shared, made, DESKTOP) == ["1"]


def test_an_offer_that_is_sold_out_can_be_told_apart(shared: House):
    made = gallery(shared, "a")
    sell_out(shared, made, "a")
    tell_apart(shared, made, "device")
    assert within(shared, made, PHONE) == ["1"]


@pytest.mark.parametrize(
    ("dimensions", "code"),
    [(["income"], "dimension_unknown"), (["publisher", "daypart"], "contexts_too_many")],
)
def test_what_cannot_be_told_apart_is_refused(shared: House, dimensions: list[str], code: str):
    made = hotel(shared)
    assert shared.refused("offer.contexts.set", offer=made["offer"], dimensions=dimensions).code == code
    assert shared.refused("offer.contexts.set", AUDITOR, offer=made["offer"], dimensions=["device"]).code
    assert shared.do("offer.show", offer=made["offer"])["dimensions"] == []


def test_every_arm_keeps_its_floor_in_every_context(shared: House):
    made = hotel(shared)
    tell_apart(shared, made, "device")
    for context, propensities, code in (
        (PHONE, ["0.995", "0.005"], "propensity_too_small"),
        (PHONE, ["0.5"], "propensities_count"),
        ("daypart=night", ["0.5", "0.5"], "context_unknown"),
        ("device=PHONE", ["0.5", "0.5"], "context_unknown"),
    ):
        refused = shared.refused("offer.allocate", offer=made["offer"], context=context, propensities=propensities)
        assert refused.code == code


def test_the_edge_hears_of_a_context_without_hearing_of_every_link_again(house: House):
    made = gallery(house, "ab")
    tell_apart(house, made, "device")
    links = len(entries(house, "link"))
    offer = allocate(house, made, PHONE, "0.8", "0.2")
    assert len(entries(house, "link")) == links
    plan = entries(house, "plan")[-1]
    numbers = {one["context"]: int(one["allocation"].removeprefix("alc_")) for one in offer["contexts"]}
    assert plan == {"id": int(made["offer"].removeprefix("off_")), "dimensions": ["device"], "contexts": numbers}
    assert {one["id"] for one in entries(house, "allocation")} >= set(numbers.values())
    tell_apart(house, made)
    assert entries(house, "plan")[-1]["contexts"] == {}


def test_a_whole_snapshot_has_the_contexts_that_are_told_apart(house: House):
    made, other = gallery(house, "ab"), hotel(house)
    tell_apart(house, made, "device")
    tell_apart(house, other, "week")
    tell_apart(house, other)
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        lines = [json.loads(line) for line in tx.snapshot.lines(now_us=house.now_us)]
    kinds = [line["kind"] for line in lines]
    (plan,) = (line["entry"] for line in lines if line["kind"] == "plan")
    assert list(plan["contexts"]) == [PHONE, DESKTOP]
    assert kinds.index("allocation") < kinds.index("plan") < kinds.index("link")
