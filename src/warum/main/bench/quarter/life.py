"""A quarter of the sample network, day by day, with things that go wrong until somebody notices: what everybody sees of
it, and what it is truly worth. Equal seeds have equal troubles, whoever looks after the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.shrinkage import Floats
from warum.domain.watch import Link, Traffic
from warum.kernel.ids import public
from warum.kernel.period import DAY_US
from warum.main.bench.creative_loop import Campaign, Shares, even
from warum.sim.cohorts import cohort
from warum.sim.world import Trouble, World, world

before_days: Final = 35
"""Of ordinary life, so that there is a past to compare with."""
quarter_days: Final = 91
days_total: Final = before_days + quarter_days
merchant_margin: Final = 0.30
"""Of approved value, before the commission. A sale that is not credited counts nothing: nobody can settle it."""
troubles_count: Final = 8

_HOURS: Final = np.array((1, 1, 0, 0, 0, 1, 3, 4, 5, 5, 5, 5, 6, 5, 4, 4, 5, 6, 8, 10, 10, 7, 4, 1)) / 100.0
_of_troubles: Final = 31
_of_days: Final = 32
_of_hours: Final = 33
_for_ever: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that goes wrong: the trouble, and by which ids somebody who looks may name it."""

    trouble: Trouble
    kind: str
    known_as: frozenset[str]


@dataclass
class Life:
    """One world under somebody's care.

    Attributes:
        repaired: by the place of a fault, the day from which it is mended.
        margin_minor: true margin of the quarter so far, expected over chance.
        clicks, conversions: by offer, publishers x arms x days, as counted.
    """

    plain: World
    faults: Sequence[Fault]
    campaigns: list[Campaign]
    repaired: dict[int, int] = field(default_factory=dict[int, int])
    margin_minor: float = 0.0
    clicks: list[list[Floats]] = field(default_factory=list[list[Floats]])
    conversions: list[list[Floats]] = field(default_factory=list[list[Floats]])

    def going_on(self, day: int) -> list[tuple[int, Fault]]:
        """Faults that have begun and are not mended."""
        return [
            (place, fault)
            for place, fault in enumerate(self.faults)
            if fault.trouble.from_day <= day < self.repaired.get(place, _for_ever)
        ]

    def mend(self, subject: str, *, from_day: int, day: int) -> bool:
        """Mend what goes on and is known by this id; whether there was anything."""
        found = [place for place, fault in self.going_on(day) if subject in fault.known_as]
        for place in found:
            self.repaired[place] = min(from_day, self.repaired.get(place, _for_ever))
        return bool(found)

    def live(self, day: int, shares: Sequence[Shares]) -> None:
        """One day under the shares of each offer."""
        now = _troubled(self.plain, [fault.trouble for _, fault in self.going_on(day)], day)
        for number, (campaign, ours) in enumerate(zip(self.campaigns, shares, strict=True)):
            offer = campaign.offer
            campaign.allocations.append(
                campaign.allocations[-1] + (campaign.shares[-1] != ours) if campaign.shares else 1
            )
            campaign.shares.append(ours)
            campaign.pasts.append(None)
            campaign.cohorts.append(cohort(now, offer, day, ours))
            parts = np.array(ours) / PROPENSITY_ONE
            true = now.day(offer, day)
            life = self.plain.advertiser_of(offer)
            shown = true.exposures[:, None] * parts[None, :]
            sold = shown * true.click * true.convert
            if day >= before_days:
                kept = (sold * (1 - true.declined) * true.amount).sum()
                self.margin_minor += float(kept) * (merchant_margin - life.commission_ppm / 1e6)
            rng = np.random.default_rng([self.plain.seed, _of_days, number, day])
            clicks = rng.poisson(shown * true.click)
            self.clicks[number].append(clicks.astype(np.float64))
            self.conversions[number].append(rng.binomial(clicks, true.convert).astype(np.float64))

    def traffic(self, advertiser: str, day: int) -> Traffic:
        """What the watch sees of an advertiser's program at the end of a day: the last five weeks by hour."""
        numbers = [n for n, one in enumerate(self.campaigns) if one.offer.advertiser == advertiser]
        links: list[Link] = []
        clicks: list[Floats] = []
        conversions: list[Floats] = []
        values: list[Floats] = []
        for number in numbers:
            offer = self.campaigns[number].offer
            days = slice(max(0, day + 1 - before_days), day + 1)
            seen = np.stack(self.clicks[number][days], axis=-1)
            booked = np.stack(self.conversions[number][days], axis=-1)
            for row, publisher in enumerate(self.plain.publishers):
                if offer.code not in publisher.offers:
                    continue
                for arm in range(len(offer.arms)):
                    links.append(
                        Link(
                            link=public("link", number * 100 + row + 1),
                            page=_page(number, arm),
                            publisher=public("publisher", row + 1),
                            program=advertiser,
                            advertiser=advertiser,
                        )
                    )
                    clicks.append(seen[row, arm])
                    conversions.append(booked[row, arm])
                    values.append(booked[row, arm] * self.plain.advertiser_of(offer).life.amount_minor)
        rng = np.random.default_rng([self.plain.seed, _of_hours, day])
        hourly = _by_hour(np.array(clicks), rng)
        nothing = np.zeros_like(hourly)
        return Traffic(
            links=tuple(links),
            start_us=self.plain.start_us + max(0, day + 1 - before_days) * DAY_US,
            clicks=hourly,
            conversions=_by_hour(np.array(conversions), rng),
            decided=nothing,
            declined=nothing,
            value_minor=np.repeat(np.array(values) / 24, 24, axis=1),
        )


def begun(seed: int) -> Life:
    """A world at its first day, with the troubles of its seed."""
    plain = world(seed)
    offers = list(plain.offers)
    return Life(
        plain=plain,
        faults=tuple(_faults(plain)),
        campaigns=[Campaign(plain, offer) for offer in offers],
        clicks=[[] for _ in offers],
        conversions=[[] for _ in offers],
    )


def equal_shares(life: Life) -> list[Shares]:
    return [even(len(one.offer.arms)) for one in life.campaigns]


def _faults(plain: World) -> Iterator[Fault]:
    """Fixed by the seed: what, where and when."""
    rng = np.random.default_rng([plain.seed, _of_troubles])
    days = np.sort(rng.integers(before_days + 2, days_total - 7, size=troubles_count))
    kinds = rng.permutation(np.array(["tracking", "page", "price", "link"] * (troubles_count // 4)))
    for day, kind in zip(days.tolist(), kinds.tolist(), strict=True):
        number = int(rng.integers(len(plain.offers)))
        offer = plain.offers[number]
        arm, row = int(rng.integers(len(offer.arms))), int(rng.integers(6))
        begun = Trouble(from_day=day, until_day=_for_ever)
        match kind:
            case "tracking":
                trouble = replace(begun, advertiser=offer.advertiser, rate=0.0)
                known = {"", offer.advertiser}
            case "page":
                trouble = replace(begun, offer=offer.code, arm=arm, rate=0.0)
                known = {_page(number, arm)}
            case "price":
                trouble = replace(begun, offer=offer.code, arm=arm, rate=0.4)
                known = {_page(number, arm)}
            case _:
                publisher = plain.publishers[row]
                trouble = replace(begun, publisher=publisher.code, volume=0.25)
                known = {public("publisher", row + 1)}
        yield Fault(trouble=trouble, kind=kind, known_as=frozenset(known))


def _troubled(plain: World, troubles: Sequence[Trouble], day: int) -> World:
    if not troubles:
        return plain
    on = tuple(replace(one, from_day=day, until_day=day + 1) for one in troubles)
    return replace(plain, conditions=replace(plain.conditions, troubles=on))


def _page(number: int, arm: int) -> str:
    return public("landing_page", number * 10 + arm + 1)


def _by_hour(daily: Floats, rng: np.random.Generator) -> Floats:
    """Days spread over their hours, links x hours."""
    spread = rng.multinomial(daily.astype(np.int64), _HOURS / _HOURS.sum())
    return spread.reshape(len(daily), -1).astype(np.float64)
