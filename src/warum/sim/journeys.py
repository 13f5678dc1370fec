"""People on their way to a purchase, with what each channel truly brings.

A person has an intent that nobody sees: a constant part, a part that moves from day to day, and in some variants a
need that begins and ends, or flares of a single day. Each day every channel may touch the person, with a chance that
depends on the intent; a touch of a causal channel raises it, for a while or on that day alone. Some channels merely
turn up where intent is high, a voucher site at the checkout most of all. Whoever buys leaves.

The **truth** of a channel is the number of conversions that are lost when it is switched off for everybody, all else
being equal: the same draws (common random numbers) are played with and without it. Shares are these losses over their
sum.

The variants differ in the order in which channels turn up, so that no rule of thumb is lucky in all of them, and in
how intent moves. All have five channels with the same names; what they do differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from warum.kernel.period import DAY_US

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

CHANNELS: Final = ("content", "social", "search", "newsletter", "coupon")
VISIT: Final = "visit"
"""A visit to the shop itself: a sign of intent that no channel is paid for."""
COUPON: Final = CHANNELS.index("coupon")

chunk_people: Final = 100_000
never: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """How a channel meets people, and what that does.

    Attributes:
        rate: log-odds of a touch on a day at intent 0.
        pull: by how much intent raises them; negative for channels that meet people early.
        checkout: log-odds added where somebody is about to buy (a soft step at high intent).
        lasting: what a touch adds to intent; it fades with the rest of what moves.
        fleeting: what it adds on the day alone.
    """

    rate: float
    pull: float = 0.0
    checkout: float = 0.0
    lasting: float = 0.0
    fleeting: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A population. ``spread`` is of the constant part of intent, ``wander`` of the daily steps of the moving part, of
    which ``memory`` is left after a day. With ``needs``, so many people have a need for some days of the four weeks.
    ``uneven`` spreads how strongly people react to touches. ``consent_pull``: how intent changes the odds of consent.
    ``flares``: the chance of a day on which intent is high, and of which nothing is left on the next."""

    channels: tuple[Channel, ...]
    base: float = -6.6
    spread: float = 0.7
    wander: float = 0.45
    memory: float = 0.85
    needs: float = 0.0
    flares: float = 0.0
    uneven: float = 0.5
    consent: float = 0.5
    consent_pull: float = 0.0
    cancelled: float = 0.1
    days: int = 21


VARIANTS: Final[Mapping[str, Variant]] = {
    # Content first, the voucher site at the checkout.
    "funnel": Variant(
        channels=(
            Channel(rate=-3.8, pull=0.1, lasting=1.0),
            Channel(rate=-3.7, pull=0.0, lasting=0.5),
            Channel(rate=-4.2, pull=0.6, lasting=0.6, fleeting=0.5),
            Channel(rate=-4.0, pull=0.3, lasting=0.6),
            Channel(rate=-6.2, pull=0.7, checkout=5.0, fleeting=0.25),
        ),
    ),
    # What comes first has no effect; what convinces comes in the middle.
    "late": Variant(
        channels=(
            Channel(rate=-3.4, pull=-0.4, lasting=0.1),
            Channel(rate=-3.2, pull=-0.4, lasting=0.05),
            Channel(rate=-4.3, pull=0.5, lasting=1.1, fleeting=0.5),
            Channel(rate=-3.9, pull=0.4, lasting=0.9),
            Channel(rate=-6.4, pull=0.8, checkout=5.0, fleeting=0.25),
        ),
    ),
    # A need begins and ends; search and vouchers follow it, and so does who says yes to being recorded.
    "needs": Variant(
        channels=(
            Channel(rate=-3.7, pull=0.15, lasting=1.0),
            Channel(rate=-3.9, pull=0.1, lasting=0.7),
            Channel(rate=-4.3, pull=0.7, fleeting=0.6),
            Channel(rate=-3.8, pull=0.0, lasting=0.8),
            Channel(rate=-6.4, pull=0.8, checkout=4.8, fleeting=0.25),
        ),
        needs=0.2,
        spread=0.5,
        wander=0.3,
        consent_pull=0.3,
    ),
    # Search opens, content and newsletter close; vouchers are read by all sorts of people.
    "reversed": Variant(
        channels=(
            Channel(rate=-4.5, pull=0.7, lasting=0.9, fleeting=0.4),
            Channel(rate=-4.2, pull=0.5, lasting=0.15),
            Channel(rate=-3.5, pull=-0.3, lasting=0.8),
            Channel(rate=-4.4, pull=0.7, lasting=0.7, fleeting=0.4),
            Channel(rate=-4.8, pull=0.9, checkout=3.2, fleeting=0.25),
        ),
    ),
}

HARD: Final[Mapping[str, Variant]] = {
    # The same as the first, but half of the wish to buy comes and goes within a day. Nothing before the touch tells of
    # it, so no adjustment for the past can help.
    "flares": Variant(channels=VARIANTS["funnel"].channels, wander=0.3, flares=0.04, base=-6.9),
}


@dataclass(frozen=True, slots=True)
class Lives:
    """What happened to people, all of it, recorded or not.

    Attributes:
        touched: days x people; bit c is set if channel c touched the person that day, the bit after the last if the
            person visited the shop.
        bought: (people,) the day of the conversion, or -1.
        value_minor, cancelled: (people,) of the conversion.
        consented: (people,) whether the journey may be recorded.
        held_out: channels x people; who is kept from a channel at random.
    """

    touched: NDArray[np.uint8]
    bought: Ints
    value_minor: Ints
    cancelled: Bools
    consented: Bools
    held_out: Bools

    @property
    def people(self) -> int:
        return len(self.bought)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Journeys of those who consented, as columns: one entry per person, one per touch. Times in microseconds.

    A person's window is ``[0, end_us)``; a journey ends with the conversion. Names of channels end with the visit,
    if visits are recorded."""

    channels: tuple[str, ...]
    end_us: int
    converted_us: Ints
    value_minor: Ints
    cancelled: Bools
    touch_person: Ints
    touch_channel: Ints
    touch_us: Ints


def lived(
    variant: Variant, seed: int, people: int, *, off: Collection[int] = (), held_out: float = 0.0
) -> Iterator[Lives]:
    """So many people, some at a time. Equal arguments give equal people; ``off`` changes nothing else in them.

    Args:
        off: channels, by number, that touch nobody.
        held_out: the share of people kept from each channel, drawn for each channel by itself.
    """
    for number, begin in enumerate(range(0, people, chunk_people)):
        yield _some(
            variant, np.random.default_rng([seed, 11, number]), min(chunk_people, people - begin), off, held_out
        )


def truth(variant: Variant, seed: int, people: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of the channels, and conversions lost without each, per conversion that there is with all."""
    everything = sum(int((some.bought >= 0).sum()) for some in lived(variant, seed, people))
    lost = np.zeros(len(CHANNELS))
    for channel in range(len(CHANNELS)):
        without = sum(int((some.bought >= 0).sum()) for some in lived(variant, seed, people, off=(channel,)))
        lost[channel] = (everything - without) / everything
    return lost / lost.sum(), lost


def recorded(lives: Lives, variant: Variant, seed: int, *, visits: bool = False) -> Recorded:
    """The journeys of those who consented. Touches of a day come in an order by chance, the checkout's last."""
    rng = np.random.default_rng([seed, 12])
    chosen = np.flatnonzero(lives.consented)
    touched, bought = lives.touched[:, chosen], lives.bought[chosen]
    names = (*CHANNELS, VISIT) if visits else CHANNELS
    person, channel, at = list[Ints](), list[Ints](), list[Ints]()
    for number in range(len(names)):
        day, who = np.nonzero(touched >> number & 1)
        # Between six and eighteen o'clock; vouchers are looked for last, before the purchase at the end of the day.
        hours = 18.0 + 4.0 * rng.random(len(day)) if number == COUPON else 6.0 + 12.0 * rng.random(len(day))
        person.append(who.astype(np.int64))
        channel.append(np.full(len(day), number, dtype=np.int64))
        at.append((day * DAY_US + hours / 24.0 * DAY_US).astype(np.int64))
    whos, ats, whats = np.concatenate(person), np.concatenate(at), np.concatenate(channel)
    order = np.lexsort((ats, whos))
    return Recorded(
        channels=names,
        end_us=variant.days * DAY_US,
        converted_us=np.where(bought >= 0, bought * DAY_US + 23 * DAY_US // 24, never),
        value_minor=lives.value_minor[chosen],
        cancelled=lives.cancelled[chosen],
        touch_person=whos[order],
        touch_channel=whats[order],
        touch_us=ats[order],
    )


def _some(variant: Variant, rng: np.random.Generator, people: int, off: Collection[int], held: float) -> Lives:
    channels = len(variant.channels)
    constant = (variant.spread * rng.standard_normal(people)).astype(np.float32)
    moving = (variant.wander / np.sqrt(1 - variant.memory**2) * rng.standard_normal(people)).astype(np.float32)
    react = np.exp(variant.uneven * rng.standard_normal(people) - variant.uneven**2 / 2).astype(np.float32)
    begin = np.where(rng.random(people) < variant.needs, rng.integers(-6, variant.days, people), 10_000)
    lasts = rng.integers(3, 9, people)
    out = rng.random((channels, people)) < held
    yes = rng.random(people) < _chance(
        np.log(variant.consent / (1 - variant.consent)) + variant.consent_pull * constant
    )
    value = np.maximum(rng.lognormal(8.4, 0.6, people), 100).astype(np.int64)
    lost = rng.random(people) < variant.cancelled
    touched = np.zeros((variant.days, people), dtype=np.uint8)
    bought = np.full(people, never, dtype=np.int64)
    for day in range(variant.days):
        moving = variant.memory * moving + variant.wander * rng.standard_normal(people, dtype=np.float32)
        need = np.where((day >= begin) & (day < begin + lasts), np.float32(2.2), np.float32(0.0))
        if variant.flares:
            need = need + np.where(rng.random(people) < variant.flares, np.float32(2.5), np.float32(0.0))
        intent, here = constant + moving + need, bought == never
        checkout = _chance(3.0 * (intent - 1.8))
        draws, push = rng.random((channels + 2, people), dtype=np.float32), np.zeros(people, dtype=np.float32)
        for number, channel in enumerate(variant.channels):
            odds = channel.rate + channel.pull * intent + channel.checkout * checkout
            touch = (draws[number] < _chance(odds)) & here & ~out[number] & (number not in off)
            touched[day] |= touch.astype(np.uint8) << number
            moving += channel.lasting * touch * react
            push += channel.fleeting * touch * react
        intent = constant + moving + need
        visit = (draws[channels] < _chance(-2.2 + 0.9 * intent)) & here
        touched[day] |= visit.astype(np.uint8) << channels
        buys = (draws[channels + 1] < _chance(variant.base + 1.2 * intent + push)) & here
        bought[buys] = day
    return Lives(touched, bought, value, lost, yes, out)


def _chance(odds: Floats) -> Floats:
    return (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
