"""What goes wrong in a world, and when: tracking that dies, a page that breaks, a link that a publisher takes off,
guests of one publisher who cancel. Each is a factor on what would have happened otherwise: the truth stays known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.sim.world.parties import Floats, Offer, Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong from a day on, until another day (exclusive).

    Attributes:
        advertiser, offer, publisher: codes of where; empty: everywhere.
        arm: which landing page or creative; None: all.
        volume: factor on visits, ``rate`` on conversions per click, ``declined`` on the share that is cancelled.
        silent: what is booked in these days is never reported (for single people; counts take ``rate``).
    """

    from_day: int
    until_day: int
    advertiser: str = ""
    offer: str = ""
    publisher: str = ""
    arm: int | None = None
    volume: float = 1.0
    rate: float = 1.0
    declined: float = 1.0
    silent: bool = False


def is_silent(troubles: Sequence[Trouble], offer: Offer, day: int) -> bool:
    """Whether nothing is reported of what is booked on a day."""
    return any(one.silent and _is_on(one, offer, day) for one in troubles)


def troubled_volume(
    troubles: Sequence[Trouble], offer: Offer, publishers: Sequence[Publisher], day: int
) -> Floats | float:
    """Factors on visits by publisher."""
    found = [one for one in troubles if _is_on(one, offer, day) and one.volume != 1.0]
    if not found:
        return 1.0
    factors = np.ones(len(publishers))
    for one in found:
        factors *= np.where(_hit(one, publishers), one.volume, 1.0)
    return factors


def troubled_rate(
    troubles: Sequence[Trouble], offer: Offer, publishers: Sequence[Publisher], day: int
) -> Floats | float:
    """Factors on conversions per click, publishers x arms."""
    return _by_arm([one for one in troubles if one.rate != 1.0], "rate", offer, publishers, day)


def troubled_declined(
    troubles: Sequence[Trouble], offer: Offer, publishers: Sequence[Publisher], day: int
) -> Floats | float:
    """Factors on the share that is cancelled, publishers x arms."""
    return _by_arm([one for one in troubles if one.declined != 1.0], "declined", offer, publishers, day)


def _by_arm(
    troubles: Sequence[Trouble], what: str, offer: Offer, publishers: Sequence[Publisher], day: int
) -> Floats | float:
    found = [one for one in troubles if _is_on(one, offer, day)]
    if not found:
        return 1.0
    factors = np.ones((len(publishers), len(offer.arms)))
    for one in found:
        arms = np.array([one.arm is None or one.arm == number for number in range(len(offer.arms))])
        factors *= np.where(_hit(one, publishers)[:, None] & arms[None, :], getattr(one, what), 1.0)
    return factors


def _is_on(trouble: Trouble, offer: Offer, day: int) -> bool:
    here = trouble.offer in ("", offer.code) and trouble.advertiser in ("", offer.advertiser)
    return here and trouble.from_day <= day < trouble.until_day


def _hit(trouble: Trouble, publishers: Sequence[Publisher]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([trouble.publisher in ("", one.code) for one in publishers])
