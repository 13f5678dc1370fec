"""People and machines one by one, in the order of time, for a driver that sends them to a real edge.

A visit is an intent: somebody comes by a publisher's page at a moment. The edge decides which arm is served; the world
then decides what this somebody does about it. Every visit carries its own chances, so the answer depends on nothing but
the visit and the arm, whatever the order or speed of the driver:

    for visit in day(world, 3):
        arm = ...                                  # what the edge served
        if visit.shown and not clicks(world, visit, arm):
            continue
        for message in messages(world, visit, arm):
            ...                                    # send it at message.at_us
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np

from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, from_us
from warum.sim.chances import amount_minor, approved_days, booking_days, cancelled_days, lead_days
from warum.sim.world import Floats, Offer, Publisher, World

_PEOPLE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.3 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/133.0.0.0 Mobile Safari/537.36",
)  # fmt: skip
_MACHINES: Final = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
)
# Share of the day's visits by hour, midnight first: a quiet night, a peak in the evening.
_HOURS: Final = np.array(
    [
        1.2,
        0.7,
        0.4,
        0.3,
        0.3,
        0.5,
        1.3,
        2.6,
        3.9,
        4.7,
        5.2,
        5.4,
        5.6,
        5.3,
        5.0,
        5.0,
        5.2,
        5.7,
        6.6,
        7.8,
        8.6,
        8.4,
        6.3,
        4.0,
    ]
)
_chances: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody comes by.

    Attributes:
        number: unique in the world.
        publisher, offer: codes; together they name the link.
        shown: an embedded creative is shown first (an impression); otherwise this is the click itself.
        person: False for a machine.
        agent: the user agent it gives.
        consent: whether the person said yes.
        sub_id: the publisher's own.
        chances: what decides about everything that follows.
    """

    number: int
    at_us: int
    publisher: str
    offer: str
    shown: bool
    person: bool
    agent: str
    consent: bool
    sub_id: str
    chances: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the advertiser reports, with the words of its postback.

    Attributes:
        status: ``booked``, ``cancelled``, ``stayed``, ``refunded`` or ``approved``.
        check_in, check_out: ISO days of a stay.
    """

    at_us: int
    event_id: str
    order_id: str
    status: str
    amount_minor: int
    currency: str = "EUR"
    check_in: str | None = None
    check_out: str | None = None


def day(world: World, number: int) -> Iterator[Visit]:
    """All visits of a day (0 is the first), in the order of time. Equal worlds have equal days."""
    rng = np.random.default_rng([world.seed, 7, number])
    found = [
        visit
        for offer in world.offers
        for publisher, volume in zip(world.publishers, world.volume(offer, number), strict=True)
        for visit in _visits(world, offer, publisher, float(volume), number, rng)
    ]
    found.sort(key=lambda visit: visit.at_us)
    first = number * 10**8
    return (replace(visit, number=first + index) for index, visit in enumerate(found))


def clicks(world: World, visit: Visit, arm: int) -> bool:
    """Whether whoever sees this arm's creative clicks on it. Machines do not."""
    offer, row = _place(world, visit)
    if not visit.person:
        return False
    truth = world.truth[offer.code]
    return visit.chances[0] < offer.click_rate * float(truth.click[arm] * truth.taste[row, arm])


def messages(world: World, visit: Visit, arm: int) -> tuple[Message, ...]:
    """What comes of a click on this arm, in the order of time: nothing mostly, else a booking and what becomes of it.

    The dishonest publisher's orders come back under a second number now and then, and most of them are cancelled.
    """
    offer, row = _place(world, visit)
    number = (visit.at_us - world.start_us) // DAY_US
    if not visit.person or visit.chances[1] >= world.convert(offer, number)[row, arm]:
        return ()
    life, advertiser = world.advertiser_of(offer).life, world.advertiser_of(offer)
    chance = [np.array(each) for each in visit.chances]
    lost = float(world.declined(offer)[row, arm])
    lead, nights = lead_days(life, chance[5]), 1 + int(3 * visit.chances[6])
    booked_us = _later(visit.at_us, booking_days(life, chance[2], chance[3]))
    amount = int(amount_minor(life, np.array(world.truth[offer.code].amount[arm]), chance[4]))
    stay = from_us(booked_us).date() + timedelta(days=int(lead)) if life.lead_days else None
    order = f"{advertiser.code[:3].upper()}-{visit.number}"

    def message(at_us: int, status: str, amount_minor: int, order_id: str = order) -> Message:
        return Message(
            at_us=at_us,
            event_id=f"{order_id}-{status}",
            order_id=order_id,
            status=status,
            amount_minor=amount_minor,
            check_in=stay.isoformat() if stay else None,
            check_out=(stay + timedelta(days=nights)).isoformat() if stay else None,
        )

    told = [message(booked_us, "booked", amount)]
    if not world.publishers[row].honest and visit.chances[8] < 0.3:
        told.append(message(booked_us + 20 * MINUTE_US, "booked", amount, f"{order}-B"))
    orders = [one.order_id for one in told]
    if visit.chances[7] < lost:
        ended = cancelled_days(life, lead, np.array(visit.chances[7] / lost))
        word = "cancelled" if life.lead_days else "refunded"
        told += [message(_later(booked_us, ended) + HOUR_US, word, 0, one) for one in orders]
    elif life.lead_days:
        gone = _later(booked_us, approved_days(life, lead, np.array(nights - life.hold_days)))
        told += [message(gone, "stayed", amount, one) for one in orders]
    return tuple(told)


def _visits(
    world: World, offer: Offer, publisher: Publisher, volume: float, number: int, rng: np.random.Generator
) -> Iterator[Visit]:
    count = int(rng.poisson(volume))
    if not count:
        return
    hours = rng.choice(24, size=count, p=_HOURS / _HOURS.sum())
    moments = ((hours + rng.random(count)) * HOUR_US).astype(np.int64)
    chances = rng.random((count, _chances))
    others = rng.random((count, 4))
    for moment, chance, other in zip(moments.tolist(), chances.tolist(), others.tolist(), strict=True):
        person = other[0] >= publisher.bots
        declared = not person and other[1] < publisher.declared
        agents = _MACHINES if declared else _PEOPLE
        yield Visit(
            number=0,
            at_us=world.start_us + number * DAY_US + moment,
            publisher=publisher.code,
            offer=offer.code,
            shown=offer.drawn_at == "impression",
            person=person,
            agent=agents[int(other[3] * len(agents))],
            consent=person and other[2] < publisher.consent,
            sub_id=f"{publisher.kind}-{int(other[1] * 20):02d}",
            chances=tuple(chance),
        )


def _place(world: World, visit: Visit) -> tuple[Offer, int]:
    offer = next(one for one in world.offers if one.code == visit.offer)
    return offer, next(row for row, one in enumerate(world.publishers) if one.code == visit.publisher)


def _later(moment_us: int, days: Floats) -> int:
    return moment_us + int(float(days) * DAY_US)
