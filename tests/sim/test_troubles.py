"""What goes wrong, goes wrong where and when it was said, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from warum.sim.world import PLAIN, Trouble, World, world

HERE = "wochenende"


def troubled(*troubles: Trouble) -> World:
    return replace(world(3), conditions=replace(PLAIN, troubles=troubles))


def test_visits_conversions_and_cancellations_change_by_their_factors() -> None:
    plain = world(3)
    publisher = plain.publishers[2].code
    sick = troubled(
        Trouble(from_day=5, until_day=7, publisher=publisher, volume=0.25),
        Trouble(from_day=5, until_day=7, offer=HERE, arm=1, rate=0.5),
        Trouble(from_day=5, until_day=7, advertiser="seeblick", declined=2.0),
    )
    offer = next(one for one in plain.offers if one.code == HERE)
    row = np.array([one.code == publisher for one in plain.publishers])
    arm = np.arange(len(offer.arms)) == 1
    for day, on in ((4, False), (5, True), (6, True), (7, False)):
        volume = np.where(row & on, 0.25, 1.0)
        assert np.allclose(sick.volume(offer, day), plain.volume(offer, day) * volume)
        rate = np.where(arm & on, 0.5, 1.0)
        assert np.allclose(sick.convert(offer, day), plain.convert(offer, day) * rate)
        declined = np.clip(plain.declined(offer, day) * (2.0 if on else 1.0), 0, 0.95)
        assert np.allclose(sick.declined(offer, day), declined)


def test_other_offers_are_left_alone() -> None:
    plain, sick = world(3), troubled(Trouble(from_day=0, until_day=9, offer=HERE, rate=0.0, declined=3.0, volume=0.0))
    for offer in plain.offers:
        same = offer.code != HERE
        assert np.array_equal(sick.volume(offer, 4), plain.volume(offer, 4)) is same
        assert np.array_equal(sick.convert(offer, 4), plain.convert(offer, 4)) is same
        assert np.array_equal(sick.declined(offer, 4), plain.declined(offer, 4)) is same
    assert not sick.convert(next(one for one in plain.offers if one.code == HERE), 4).any()
