"""The sample network as the demo plays it: the world of ``sim`` with fewer people and quicker lives, so that two cores
have little to do and whoever watches for a quarter of an hour sees stays end and commissions be confirmed.

The rates of the arms, and what each publisher's people are like, are the world's own. Nothing but this world knows
them; the bot has to find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from warum.sim.world import Advertiser, Offer, World, world

SEED: Final = 1
"""A world in which some offers have an arm that is clearly better, and others have none."""


@dataclass(frozen=True, slots=True)
class _Pace:
    """How quickly an advertiser's customers decide, arrive and can no longer go back."""

    delay_days: float
    lead_days: float
    hold_days: int


_PACES: Final[Mapping[str, _Pace]] = {
    "seeblick": _Pace(delay_days=1.5, lead_days=4, hold_days=3),
    "altstadt": _Pace(delay_days=1.5, lead_days=3, hold_days=3),
    "drei-linden": _Pace(delay_days=1, lead_days=0, hold_days=5),
    "almgold": _Pace(delay_days=1, lead_days=0, hold_days=5),
    "hausrat": _Pace(delay_days=1.5, lead_days=0, hold_days=7),
}
_CLICKS_DAY: Final[Mapping[str, int]] = {
    "wochenende": 500,
    "stadtnacht": 500,
    "gutschein": 600,
    "bergkaese": 600,
    "kueche": 650,
    "garten": 550,
}


def sample_world(start_us: int) -> World:
    """The demo's world, whose day 0 begins at ``start_us`` (a midnight UTC)."""
    whole = world(SEED, start_us=start_us)
    return replace(
        whole,
        advertisers=tuple(_quicker(advertiser) for advertiser in whole.advertisers),
        offers=tuple(_smaller(offer) for offer in whole.offers),
    )


def place(offer: Offer, arm: int) -> str:
    """Where the landing page of an arm stands under ``/demo/``."""
    return f"{offer.code}-{arm}"


def arm_of(location: str) -> tuple[str, int] | None:
    """The place and the arm that an address leads to; None for a page that is no arm's."""
    found = location.partition("/demo/")[2].partition("?")[0]
    _, dash, arm = found.rpartition("-")
    return (found, int(arm)) if dash and arm.isdecimal() else None


def _quicker(advertiser: Advertiser) -> Advertiser:
    pace = _PACES[advertiser.code]
    life = replace(advertiser.life, delay_days=pace.delay_days, lead_days=pace.lead_days, hold_days=pace.hold_days)
    return replace(advertiser, life=life)


def _smaller(offer: Offer) -> Offer:
    """All arms are landing pages here: the choice is made at the click."""
    return replace(offer, exposures_day=_CLICKS_DAY[offer.code], drawn_at="click", click_rate=1.0)
