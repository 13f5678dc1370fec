"""Who takes part, as records: advertisers with what becomes of their conversions, offers with their arms, publishers
with what is true of their traffic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How a conversion of a kind of business goes on. Days are days, amounts minor units.

    Attributes:
        rate: conversions per click of a person.
        same_day: share that books right after the click; the others wait ``delay_days`` on average.
        amount_spread: standard deviation of the amounts' logarithm.
        declined: share that is cancelled or sent back.
        lead_days: from booking to arrival, on average; 0 where there is no stay.
        hold_days: from booking (or check-out) to approval.
    """

    rate: float
    same_day: float
    delay_days: float
    amount_minor: int
    amount_spread: float
    declined: float
    lead_days: float
    hold_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertiser:
    """An advertiser with its one program. ``reference_basis`` credits clicks without consent."""

    code: str
    name: str
    vertical: str
    host: str
    commission_ppm: int
    reference_basis: str | None
    life: Life


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A landing page or creative as everybody sees it."""

    name: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is promoted. ``drawn_at`` is ``click`` (landing pages) or ``impression`` (embedded creatives)."""

    code: str
    advertiser: str
    name: str
    drawn_at: str
    exposures_day: int
    click_rate: float
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A publisher and what is true of its traffic.

    Attributes:
        bots: share of clicks by machines; ``declared`` of them say so.
        consent: share of people who say yes.
        quality: conversions of its people, relative to the usual rate.
        declined: its cancellations, relative to the usual share.
        weekend: its traffic on Saturday and Sunday, relative to other days.
    """

    code: str
    name: str
    kind: str
    volume: float
    bots: float
    declared: float
    consent: float
    quality: float
    declined: float
    weekend: float
    honest: bool
    offers: tuple[str, ...]
