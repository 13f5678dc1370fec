"""An offer with creatives, and a slot on a publisher's page."""

from __future__ import annotations

from typing import Any

from operations.house import House, hotel, partner


def creative(house: House, offer: str, name: str, **given: Any) -> Any:
    values: dict[str, Any] = {"language": "de", "headline": f"Zimmer {name}", "sku": name, **given}
    return house.do("creative.create", offer=offer, name=name, **values)


def gallery(house: House, names: str = "abc") -> dict[str, Any]:
    """A hotel with a publisher, a slot, and creatives by the letters of their names."""
    made = hotel(house)
    made |= partner(house, made)
    made["slot"] = house.do("slot.create", partnership=made["partnership"], offer=made["offer"], name="Sidebar")
    made["creatives"] = {name: creative(house, made["offer"], name)["id"] for name in names}
    return made


def shares(house: House, made: dict[str, Any], offer: str | None = None) -> dict[str, str]:
    """Propensities in force, by the name of the creative."""
    names = {number: name for name, number in made["creatives"].items()}
    arms = house.do("offer.show", offer=offer or made["offer"])["arms"]
    return {names.get(arm["creative"], "page"): arm["propensity"] for arm in arms}


def sell_out(house: House, made: dict[str, Any], *names: str, availability: str = "sold_out") -> None:
    for name in names:
        house.do("creative.availability", creative=made["creatives"][name], availability=availability)
