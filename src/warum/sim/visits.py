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

Where the world remembers what was shown (``Conditions.remembers``), the driver hands in the past of each offer, and
makes the next day's from the shares that were in force (``World.after``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np

from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, from_us
from warum.sim.chances import amount_minor, approved_days, booking_days, cancelled_days, lead_days
from warum.sim.world import Context, Floats, Offer, Past, World
from warum.sim.world.contexts import DEVICES, PARTS, REGION_SHARES, REGIONS
from warum.sim.world.troubles import is_silent

_PEOPLE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.3 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/133.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.3 Safari/604.1",
)  # fmt: skip
_ON: Final[Mapping[str, tuple[int, ...]]] = {"phone": (3, 0), "desktop": (1, 2), "tablet": (4,)}
"""Which of the agents are on which device."""
_MACHINES: Final = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
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
        device, region: where the visit comes from.
        fate: what decides whether a broken split loses it.
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
    device: str = "phone"
    region: str = REGIONS[0]
    fate: float = 1.0


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


def day(world: World, number: int, pasts: Mapping[str, Past] | None = None) -> Iterator[Visit]:
    """All visits of a day (0 is the first), in the order of time. Equal worlds have equal days.

    Args:
        pasts: by the code of an offer, what its past leaves to the day.
    """
    rng, other = (np.random.default_rng([world.seed, what, number]) for what in (7, 19))
    hours, devices = world.hours(number), world.devices()
    found = [
        visit
        for offer in world.offers
        for row, volume in enumerate(world.volume(offer, number, (pasts or {}).get(offer.code)))
        for visit in _visits(world, offer, row, float(volume), number, (hours[row], devices[row]), (rng, other))
    ]
    found.sort(key=lambda visit: visit.at_us)
    first = number * 10**8
    return (replace(visit, number=first + index) for index, visit in enumerate(found))


def context(world: World, visit: Visit) -> Context:
    """The circumstances of a visit."""
    number, moment = divmod(visit.at_us - world.start_us, DAY_US)
    return Context(
        device=visit.device,
        part=PARTS[moment // (6 * HOUR_US)],
        weekday=world.date_of(number).weekday(),
        region=visit.region,
        kind=next(one.kind for one in world.publishers if one.code == visit.publisher),
    )


def lost(world: World, visit: Visit, arm: int) -> bool:
    """Whether a broken split loses this exposure before it is recorded; nothing comes of it then."""
    offer, _ = _place(world, visit)
    return visit.fate >= world.recorded(offer)[DEVICES.index(visit.device), arm]


def clicks(world: World, visit: Visit, arm: int, past: Past | None = None) -> bool:
    """Whether whoever sees this arm's creative clicks on it. Machines do not."""
    offer, row = _place(world, visit)
    if not visit.person:
        return False
    rates = world.click(offer, _day_of(world, visit), past, seen=context(world, visit))
    return visit.chances[0] < float(rates[row, arm])


def messages(world: World, visit: Visit, arm: int, past: Past | None = None) -> tuple[Message, ...]:
    """What comes of a click on this arm, in the order of time: nothing mostly, else a booking and what becomes of it.

    The dishonest publisher's orders come back under a second number now and then, and most of them are cancelled.
    """
    offer, row = _place(world, visit)
    number = _day_of(world, visit)
    rates = world.convert(offer, number, past, seen=context(world, visit)) if visit.person else None
    if rates is None or visit.chances[1] >= rates[row, arm]:
        return ()
    life, advertiser = world.advertiser_of(offer).life, world.advertiser_of(offer)
    delays, pace, truth = world.conditions.delays, world.pace(offer)[arm], world.arms(offer, number)
    chance = [np.array(each) for each in visit.chances]
    share_lost = float(world.declined(offer, number)[row, arm])
    lead, nights = lead_days(life, chance[5]), 1 + int(3 * visit.chances[6])
    booked_us = _later(visit.at_us, booking_days(life, delays, pace, chance[2], chance[3]))
    if is_silent(world.conditions.troubles, offer, (booked_us - world.start_us) // DAY_US):
        return ()
    amount = int(amount_minor(life, np.array(truth.amount[arm]), chance[4]))
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
    if visit.chances[7] < share_lost:
        ended = cancelled_days(life, delays, lead, np.array(float(nights)), np.array(visit.chances[7] / share_lost))
        word = "cancelled" if life.lead_days else "refunded"
        told += [message(_later(booked_us, ended) + HOUR_US, word, 0, one) for one in orders]
    elif life.lead_days:
        gone = _later(booked_us, approved_days(life, lead, np.array(nights - life.hold_days)))
        told += [message(gone, "stayed", amount, one) for one in orders]
    return tuple(told)


def _visits(
    world: World, offer: Offer, row: int, volume: float, number: int, spread: tuple[Floats, Floats],
    rngs: tuple[np.random.Generator, np.random.Generator],
) -> Iterator[Visit]:  # fmt: skip
    rng, other_rng = rngs
    count = int(rng.poisson(volume))
    if not count:
        return
    publisher, (weights, mix) = world.publishers[row], spread
    hours = rng.choice(24, size=count, p=weights / weights.sum())
    moments = ((hours + rng.random(count)) * HOUR_US).astype(np.int64)
    chances = rng.random((count, _chances))
    others = rng.random((count, 4))
    regions: list[int] = other_rng.choice(len(REGIONS), size=count, p=REGION_SHARES).tolist()
    fates = other_rng.random(count)
    people = others[:, 0] >= publisher.bots
    # Turned by a quarter, since the agents were there before devices were: an even mix draws the same ones as ever.
    turned = (others[:, 3] + 0.25) % 1.0
    devices: list[int] = np.searchsorted(mix.cumsum()[:-1], turned, side="right").tolist()
    for each in range(count):
        person, other, device = bool(people[each]), others[each].tolist(), DEVICES[devices[each]]
        declared = not person and other[1] < publisher.declared
        yield Visit(
            number=0,
            at_us=world.start_us + number * DAY_US + int(moments[each]),
            publisher=publisher.code,
            offer=offer.code,
            shown=offer.drawn_at == "impression",
            person=person,
            agent=_MACHINES[int(other[3] * len(_MACHINES))] if declared else _agent(device, mix, float(turned[each])),
            consent=person and other[2] < publisher.consent,
            sub_id=f"{publisher.kind}-{int(other[1] * 20):02d}",
            chances=tuple(chances[each].tolist()),
            device=device,
            region=REGIONS[regions[each]],
            fate=float(fates[each]),
        )


def _agent(device: str, mix: Floats, chance: float) -> str:
    """One of the device's agents; which of them, by where the chance that chose the device lies in its part."""
    index = DEVICES.index(device)
    within = (chance - float(mix[:index].sum())) / float(mix[index])
    known = _ON[device]
    return _PEOPLE[known[min(max(int(within * len(known)), 0), len(known) - 1)]]


def _day_of(world: World, visit: Visit) -> int:
    return (visit.at_us - world.start_us) // DAY_US


def _place(world: World, visit: Visit) -> tuple[Offer, int]:
    offer = next(one for one in world.offers if one.code == visit.offer)
    return offer, next(row for row, one in enumerate(world.publishers) if one.code == visit.publisher)


def _later(moment_us: int, days: Floats) -> int:
    return moment_us + int(float(days) * DAY_US)
