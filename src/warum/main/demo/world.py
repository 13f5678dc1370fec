"""The sample network as the demo plays it: the world of ``sim`` with fewer people and quicker lives, so that two cores
have little to do and whoever watches for a quarter of an hour sees stays end and commissions be confirmed.

The rates of the arms, and what each publisher's people are like, are the world's own. Nothing but this world knows
them; the bot has to find out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

from warum.sim.world import Advertiser, Arm, Offer, Trouble, World, world

SEED: Final = 12
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
    "wochenende": 800,
    "stadtnacht": 800,
    "gutschein": 900,
    "kueche": 900,
    "garten": 800,
}
# What is shown is seldom clicked. So that a laptop need not show ten thousand times a day, these are the boxes that
# many click.
_shown_day: Final = 2_400
_shown_click_rate: Final = 0.15


# What goes wrong, by the day on which it begins: soon after the history has passed, and again every four weeks.
_TROUBLES: Final = (
    # A publisher rebuilds its page, and our link is gone.
    Trouble(from_day=28, until_day=36, publisher="blog-01", volume=0.28),
    # Somebody changes the hotel's booking page, and nothing is reported any more.
    Trouble(from_day=29, until_day=33, advertiser="altstadt", silent=True),
    # The guests of one publisher cancel.
    Trouble(from_day=24, until_day=34, publisher="cashback-34", offer="stadtnacht", declined=4.0),
    # A page promises a price that has expired.
    Trouble(from_day=31, until_day=37, offer="garten", arm=1, rate=0.1),
)
_again_days: Final = 28
_times: Final = 26


def sample_world(start_us: int) -> World:
    """The demo's world, whose day 0 begins at ``start_us`` (a midnight UTC)."""
    whole = world(SEED, start_us=start_us)
    return replace(
        whole,
        conditions=replace(whole.conditions, troubles=tuple(_troubles())),
        advertisers=tuple(_quicker(advertiser) for advertiser in whole.advertisers),
        offers=tuple(_smaller(offer) for offer in whole.offers),
    )


def place(offer: Offer, arm: int) -> str:
    """Where the landing page of an arm stands under ``/demo/``."""
    return f"{offer.code}-{arm}"


def headline(arm: Arm) -> str:
    """What a creative says; of an offer no two say the same."""
    return arm.text


def arm_shown(world: World, offer: str, said: str) -> int:
    """The arm of a creative by its headline. A creative that somebody added does as well as one of the others."""
    arms = _arms(world, offer)
    known = next((number for number, arm in enumerate(arms) if headline(arm) == said), None)
    return crc32(said.encode()) % len(arms) if known is None else known


def arm_led_to(world: World, offer: str, location: str) -> int | None:
    """The arm whose page an address leads to; None for a page that is not one of the demo's."""
    here = location.partition("/demo/")[2].partition("?")[0]
    code, dash, arm = here.rpartition("-")
    return int(arm) % len(_arms(world, offer)) if dash and code == offer and arm.isdecimal() else None


def _troubles() -> Iterator[Trouble]:
    for each in _TROUBLES:
        for time in range(_times):
            later = time * _again_days
            yield replace(each, from_day=each.from_day + later, until_day=each.until_day + later)


def _arms(world: World, offer: str) -> tuple[Arm, ...]:
    return next(one.arms for one in world.offers if one.code == offer)


def _quicker(advertiser: Advertiser) -> Advertiser:
    pace = _PACES[advertiser.code]
    life = replace(advertiser.life, delay_days=pace.delay_days, lead_days=pace.lead_days, hold_days=pace.hold_days)
    return replace(advertiser, life=life)


def _smaller(offer: Offer) -> Offer:
    """One offer is shown in slots on publishers' pages; the others' arms are landing pages, drawn at the click."""
    clicks_day = _CLICKS_DAY.get(offer.code)
    if clicks_day is None:
        return replace(offer, exposures_day=_shown_day, click_rate=_shown_click_rate)
    return replace(offer, exposures_day=clicks_day, drawn_at="click", click_rate=1.0)


def is_shown(offer: Offer) -> bool:
    """Whether publishers embed it; otherwise they link to it."""
    return offer.drawn_at == "impression"
