"""The circumstances of a visit: device, part of the day, weekday, region, kind of publisher. Every visit has them;
whether arms do better in some than in others is a condition, off by default.

They act where the arm is drawn: on the click of what is shown, on the conversion of what a click leads to. There they
multiply, so that the mean over a publisher's visitors is the product of five means, and counts agree with people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.sim.world.network import KINDS
from warum.sim.world.parties import Floats

DEVICES: Final = ("phone", "desktop", "tablet")
PARTS: Final = ("night", "morning", "afternoon", "evening")
"""Six hours each, from midnight."""
REGIONS: Final = ("south", "west", "north", "east", "abroad")
REGION_SHARES: Final = np.array([0.34, 0.26, 0.16, 0.12, 0.12])
KIND_WORDS: Final = tuple(kind[0] for kind in KINDS)

HOURS: Final = np.array(
    [
        1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.3, 2.6, 3.9, 4.7, 5.2, 5.4,
        5.6, 5.3, 5.0, 5.0, 5.2, 5.7, 6.6, 7.8, 8.6, 8.4, 6.3, 4.0,
    ]
)  # fmt: skip
"""Weights of the hours of a day, midnight first: a quiet night, a peak in the evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """How much circumstances matter.

    Attributes:
        size: standard deviation of the logarithm of what an arm gains or loses in one circumstance; five of them come
            together in a visit.
        device_level: all arms are pulled up on a desktop and down on a phone by this much (logarithm).
    """

    size: float = 0.0
    device_level: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The circumstances of one visit. ``weekday`` is 0 on Mondays."""

    device: str
    part: str
    weekday: int
    region: str
    kind: str


@dataclass(frozen=True, slots=True)
class Leanings:
    """By circumstance x arm, the factor of the arm's rate."""

    device: Floats
    part: Floats
    weekday: Floats
    region: Floats
    kind: Floats

    def of(self, seen: Context) -> Floats:
        """Arms: for one visit."""
        return (
            self.device[DEVICES.index(seen.device)]
            * self.part[PARTS.index(seen.part)]
            * self.weekday[seen.weekday]
            * self.region[REGIONS.index(seen.region)]
            * self.kind[KIND_WORDS.index(seen.kind)]
        )

    def mean(self, devices: Floats, kept: Floats, parts: Floats, weekday: int, kinds: tuple[str, ...]) -> Floats:
        """Publishers x arms: over a publisher's visitors.

        Args:
            devices, parts: publishers x devices, publishers x parts of the day; shares.
            kept: devices x arms, what is recorded of the exposures.
        """
        of_device = (devices @ (kept * self.device)) / (devices @ kept)
        of_kind = self.kind[[KIND_WORDS.index(kind) for kind in kinds]]
        return of_device * (parts @ self.part) * self.weekday[weekday] * (REGION_SHARES @ self.region) * of_kind


def leanings(contexts: Contexts, key: tuple[int, ...], arms: int, *, alike: bool) -> Leanings:
    """What arms gain and lose by circumstance; nothing where arms are ``alike``."""
    rng, size = np.random.default_rng(key), 0.0 if alike else contexts.size
    device, part, weekday, region, kind = (
        np.exp(size * rng.standard_normal((count, arms)))
        for count in (len(DEVICES), len(PARTS), 7, len(REGIONS), len(KIND_WORDS))
    )
    level = np.exp(contexts.device_level * np.array([-1.0, 1.0, 0.0]))[:, None]
    return Leanings(device * level, part, weekday, region, kind)


def parts_of_day(hours: Floats) -> Floats:
    """From ... x 24 weights of the hours to ... x parts of the day, as shares."""
    parts = hours.reshape(*hours.shape[:-1], len(PARTS), 6).sum(axis=-1)
    return parts / parts.sum(axis=-1, keepdims=True)
