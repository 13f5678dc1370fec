"""What is true of a network: how often each arm is clicked, how often a click converts, for what amount, and how often
that is cancelled; on each day, under the world's conditions and after what was shown before.

Each method gives means; ``visits`` and ``cohorts`` let them happen. Where a method takes ``past``, none means that the
arms have always had equal shares; only worlds whose conditions remember anything (``Conditions.remembers``) care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from warum.kernel.period import DAY_US, local_date
from warum.sim.world.conditions import PLAIN, Conditions
from warum.sim.world.contexts import HOURS, Context, Contexts, Leanings, leanings, parts_of_day
from warum.sim.world.delays import paces, wave
from warum.sim.world.drift import Drift, places, wandered, worn
from warum.sim.world.interference import Past, available, carried, lingering, shifted
from warum.sim.world.network import ADVERTISERS, OFFERS, publisher, publishers_count
from warum.sim.world.parties import Advertiser, Floats, Offer, Publisher
from warum.sim.world.traffic import bursts, devices, ranked, recorded
from warum.sim.world.troubles import troubled_declined, troubled_rate, troubled_volume

START_US: Final = 20_514 * DAY_US
"""Monday, 2 March 2026."""
TIMEZONE: Final = "Europe/Berlin"

_usual_days: Final = 28

# What each generator of the world is for, beside its seed; ``cohorts`` has 5, ``visits`` 7 and 19.
_of_network: Final = 1
_of_mood: Final = 3
_of_drift: Final = 13
_of_lingering: Final = 14
_of_waves: Final = 15
_of_ranks: Final = 16
_of_bursts: Final = 17
_of_contexts: Final = 18
_of_devices: Final = 20
_of_paces: Final = 21


@dataclass(frozen=True, slots=True)
class ArmTruth:
    """What an offer's arms do, relative to its usual rates; ``taste`` is publishers x arms."""

    click: Floats
    convert: Floats
    amount: Floats
    declined: Floats
    taste: Floats


@dataclass(frozen=True, slots=True)
class Day:
    """The true means of one offer on one day; publishers x arms unless said otherwise.

    Attributes:
        exposures: publishers; those that can be credited, machines that do not say so included.
        click, convert: per exposure and per click (1 where the click is the exposure).
        declined: share of the conversions.
        amount: arms; mean minor units.
    """

    exposures: Floats
    click: Floats
    convert: Floats
    declined: Floats
    amount: Floats

    @property
    def worth(self) -> Floats:
        """Approved value per exposure by arm, minor units: the mean over all publishers."""
        kept = self.click * self.convert * (1.0 - self.declined)
        return (self.exposures @ kept) / self.exposures.sum() * self.amount


@dataclass(frozen=True, slots=True)
class World:
    """One network and its truth.

    Attributes:
        start_us: the midnight (UTC) of day 0.
        equal: no arm of an offer is worth more than another, whatever the conditions.
    """

    seed: int
    scale: float
    advertisers: tuple[Advertiser, ...]
    offers: tuple[Offer, ...]
    publishers: tuple[Publisher, ...]
    truth: dict[str, ArmTruth]
    start_us: int
    conditions: Conditions = PLAIN
    equal: bool = False

    def advertiser_of(self, offer: Offer) -> Advertiser:
        return next(one for one in self.advertisers if one.code == offer.advertiser)

    def date_of(self, day: int) -> date:
        return local_date(self.start_us, "UTC") + timedelta(days=day)

    # Means of a day ---------------------------------------------------------------------------------------------------

    def day(self, offer: Offer, day: int, past: Past | None = None, *, as_recorded: bool = False) -> Day:
        """What is true of an offer on a day.

        Args:
            as_recorded: the rates of the exposures that a broken split leaves over (``Traffic.loss``), which may be
                those of other devices; otherwise of all.
        """
        life, truth = self.advertiser_of(offer).life, self.arms(offer, day)
        people = np.array([1.0 - one.bots for one in self.publishers])[:, None]
        human = people / self._undeclared()[:, None]
        shown = offer.drawn_at == "impression"
        click = self.click(offer, day, past, as_recorded=as_recorded) * human if shown else np.ones_like(truth.taste)
        # Machines fetch creatives but do not press them: behind a click on an impression there is a person.
        convert = self.convert(offer, day, past, as_recorded=as_recorded) * (1.0 if shown else human)
        basis = self.advertiser_of(offer).reference_basis
        credited = np.array([1.0 if basis else one.consent for one in self.publishers])
        return Day(
            exposures=self.volume(offer, day, past) * self._undeclared() * credited,
            click=click,
            convert=convert,
            declined=self.declined(offer, day),
            amount=life.amount_minor * truth.amount,
        )

    def volume(self, offer: Offer, day: int, past: Past | None = None) -> Floats:
        """Expected exposures by publisher on a day, dropped and uncreditable ones included."""
        traffic = self.conditions.traffic
        volumes = np.array([one.volume for one in self.publishers])
        if traffic.zipf:
            volumes = ranked(traffic, (self.seed, _of_ranks), len(volumes))
        weights = volumes * np.array([offer.code in one.offers for one in self.publishers])
        on = self.date_of(day)
        season = 1.0 + 0.15 * np.sin(2 * np.pi * (on.timetuple().tm_yday - 100) / 365)
        weekday = np.array([one.weekend if on.weekday() >= 5 else 1.0 for one in self.publishers])
        # Every publisher has its good and its bad weeks: a post that is read, a newsletter that is not sent.
        mood = np.random.default_rng([self.seed, _of_mood, day // 7]).standard_normal(len(self.publishers))
        usual = self.scale * offer.exposures_day * weights / weights.sum() * season * weekday * np.exp(0.2 * mood)
        if traffic.burst_rate:
            usual = usual * bursts(traffic, (self.seed, _of_bursts, day), len(volumes))[0]
        if past is not None:
            usual = usual * shifted(self.conditions.interference, past)
        return usual * troubled_volume(self.conditions.troubles, offer, self.publishers, day)

    def click(
        self, offer: Offer, day: int, past: Past | None = None, *, seen: Context | None = None,
        as_recorded: bool = False,
    ) -> Floats:  # fmt: skip
        """Clicks per impression of a person, publishers x arms; 1 where the click is the exposure.

        Args:
            seen: for a visit in these circumstances; otherwise the mean over each publisher's visitors.
        """
        truth = self.arms(offer, day)
        if offer.drawn_at == "click":
            return np.ones_like(truth.taste)
        pull = self._pull(offer, day, past, seen, as_recorded)
        return np.clip(offer.click_rate * truth.click * truth.taste * self._wandered(offer, day)[0] * pull, 0, 1)

    def convert(
        self, offer: Offer, day: int, past: Past | None = None, *, seen: Context | None = None,
        as_recorded: bool = False,
    ) -> Floats:  # fmt: skip
        """Conversions per click of a person, publishers x arms; ``seen`` as for clicks."""
        life, truth = self.advertiser_of(offer).life, self.arms(offer, day)
        on = self.date_of(day)
        season = (1.0 + 0.1 * np.cos(2 * np.pi * (on.timetuple().tm_yday - 30) / 365)) * (
            1.1 if on.weekday() >= 5 else 1.0
        )
        quality = np.array([one.quality for one in self.publishers])[:, None]
        rates = life.rate * season * quality * truth.convert * self._wandered(offer, day)[1]
        if offer.drawn_at == "click":
            rates = rates * truth.taste * self._pull(offer, day, past, seen, as_recorded)
        if past is not None and self.conditions.remembers:
            left = available(self.conditions.interference, past)
            rates = rates * left * carried(self.conditions.interference, self._lingering(offer), past.shares)
        if self.equal and self.conditions.delays.early_cancels:
            # What an arm loses to cancellations it has in bookings: there is nothing to gain, however it may look.
            rates = rates * (1.0 - self._declined(offer, day, 1.0)) / (1.0 - self.declined(offer, day))
        rates = rates * troubled_rate(self.conditions.troubles, offer, self.publishers, day)
        return np.clip(rates, 0, 0.5) * np.ones_like(truth.taste)

    def declined(self, offer: Offer, day: int | None = None) -> Floats:
        """Share of conversions that are cancelled or sent back, publishers x arms; without a day, of usual weeks."""
        return self._declined(offer, day, self.pace(offer) ** -self.conditions.delays.early_cancels)

    def pace(self, offer: Offer) -> Floats:
        """By arm, the factor of the delay between click and booking."""
        delays, arms = self.conditions.delays, len(offer.arms)
        return paces(delays, (self.seed, _of_paces, self.number_of(offer)), arms) if delays.by_arm else np.ones(arms)

    # Circumstances ----------------------------------------------------------------------------------------------------

    def hours(self, day: int) -> Floats:
        """Publishers x 24: how a day's traffic is spread, as weights."""
        traffic, everywhere = self.conditions.traffic, np.tile(HOURS / HOURS.sum(), (len(self.publishers), 1))
        if traffic.burst_rate:
            factor, hour = bursts(traffic, (self.seed, _of_bursts, day), len(self.publishers))
            everywhere[np.arange(len(hour)), hour.astype(np.int64)] += factor - 1.0
        return everywhere

    def devices(self) -> Floats:
        """Publishers x devices: shares of the visitors."""
        return devices(self.conditions.traffic, (self.seed, _of_devices), len(self.publishers))

    def recorded(self, offer: Offer) -> Floats:
        """Devices x arms: share of the exposures that is recorded; less than 1 where a split is broken."""
        return recorded(self.conditions.traffic, len(offer.arms))

    def arms(self, offer: Offer, day: int) -> ArmTruth:
        """What the arms are on a day, apart from what wanders: best and worst change places where they do."""
        truth, drift = self.truth[offer.code], self.conditions.drift
        if drift.swap_day is None or day < drift.swap_day:
            return truth
        pressed = truth.click if offer.drawn_at == "impression" else 1.0
        lost = self.advertiser_of(offer).life.declined * truth.declined
        place = places(drift, day, pressed * truth.convert * truth.amount * (1.0 - lost))
        return ArmTruth(
            truth.click[place], truth.convert[place], truth.amount[place], truth.declined[place], truth.taste
        )

    def number_of(self, offer: Offer) -> int:
        return next(index for index, one in enumerate(self.offers) if one.code == offer.code)

    # The past ---------------------------------------------------------------------------------------------------------

    def begun(self, offer: Offer) -> Past:
        """The past before day 0: equal shares, usual bookings."""
        arms = len(offer.arms)
        usual = [_bookings(self.day(offer, day), np.full(arms, 1 / arms)) for day in range(_usual_days)]
        return Past(
            shown=np.zeros(arms),
            usual=float(np.mean(usual)),
            sold=(1.0,) * self.conditions.interference.capacity_days,
            shares=np.full(arms, 1 / arms),
            earned=np.ones(len(self.publishers)),
        )

    def after(self, offer: Offer, day: int, shares: Floats, past: Past) -> Past:
        """The past of the next day, when this one goes by under these shares (arms; they add up to one)."""
        true = self.day(offer, day, past)
        kept = true.click * true.convert * (1.0 - true.declined) * true.amount
        return Past(
            shown=past.shown + shares * float(true.exposures.sum()) / (self.scale * offer.exposures_day),
            usual=past.usual,
            sold=(*past.sold[1:], _bookings(true, shares) / past.usual),
            shares=shares,
            earned=(kept @ shares) / kept.mean(axis=1),
        )

    # Factors ----------------------------------------------------------------------------------------------------------

    def _undeclared(self) -> Floats:
        return np.array([1.0 - one.bots * one.declared for one in self.publishers])

    def _wandered(self, offer: Offer, day: int) -> tuple[Floats, Floats] | tuple[float, float]:
        drift = self.conditions.drift
        if self.equal or drift == Drift():
            return 1.0, 1.0
        return wandered(drift, (self.seed, _of_drift, self.number_of(offer)), day, len(offer.arms))

    def _pull(
        self, offer: Offer, day: int, past: Past | None, seen: Context | None, as_recorded: bool
    ) -> Floats | float:
        """What circumstances and wear do where the arm is drawn, publishers x arms."""
        factor: Floats | float = 1.0
        if self.conditions.contexts != Contexts():
            leaning = self._leanings(offer)
            factor = self._mean(leaning, offer, day, as_recorded) if seen is None else leaning.of(seen)
        if past is not None and self.conditions.drift.wear:
            factor = factor * worn(self.conditions.drift, past.shown)
        return factor

    def _leanings(self, offer: Offer) -> Leanings:
        key = (self.seed, _of_contexts, self.number_of(offer))
        return leanings(self.conditions.contexts, key, len(offer.arms), alike=self.equal)

    def _mean(self, leaning: Leanings, offer: Offer, day: int, as_recorded: bool) -> Floats:
        kept = self.recorded(offer)
        return leaning.mean(
            self.devices(),
            kept if as_recorded else np.ones_like(kept),
            parts_of_day(self.hours(day)),
            self.date_of(day).weekday(),
            tuple(one.kind for one in self.publishers),
        )

    def _lingering(self, offer: Offer) -> Floats:
        arms = len(offer.arms)
        if self.equal:
            return np.ones(arms)
        return lingering(self.conditions.interference, (self.seed, _of_lingering, self.number_of(offer)), arms)

    def _declined(self, offer: Offer, day: int | None, early: Floats | float) -> Floats:
        life, truth, delays = self.advertiser_of(offer).life, self.arms(offer, day or 0), self.conditions.delays
        usual = life.declined * np.array([one.declined for one in self.publishers])[:, None] * truth.declined * early
        if day is not None and delays.wave_rate:
            usual = usual * wave(delays, (self.seed, _of_waves, self.number_of(offer), day // 7))
        if day is not None:
            usual = usual * troubled_declined(self.conditions.troubles, offer, self.publishers, day)
        return np.clip(usual, 0, 0.95)


def world(
    seed: int, *, equal: bool = False, scale: float = 1.0, start_us: int = START_US, conditions: Conditions = PLAIN
) -> World:
    """The network of a seed. The same arguments give the same world.

    Args:
        equal: all arms of an offer are worth the same, so that there is nothing to find. They may still differ in what
            does not matter in the end: how late they book, and how much of that is cancelled.
        scale: of the traffic; 1 is some 60,000 exposures a day, a fifth of them clicks.
        conditions: what is difficult about it; nothing unless asked for.
    """
    rng = np.random.default_rng([seed, _of_network])
    publishers = tuple(publisher(index, rng) for index in range(publishers_count))
    spread = 0.0 if equal else 1.0
    truth = {offer.code: _truth(len(offer.arms), spread, rng) for offer in OFFERS}
    return World(seed, scale, ADVERTISERS, OFFERS, publishers, truth, start_us, conditions, equal)


def _truth(arms: int, spread: float, rng: np.random.Generator) -> ArmTruth:
    def about_one(deviation: float, *shape: int) -> Floats:
        return np.exp(spread * deviation * rng.standard_normal(shape))

    return ArmTruth(
        click=about_one(0.25, arms),
        convert=about_one(0.2, arms),
        amount=about_one(0.08, arms),
        declined=about_one(0.2, arms),
        taste=about_one(0.1, publishers_count, arms),
    )


def _bookings(true: Day, shares: Floats) -> float:
    return float(true.exposures @ (true.click * true.convert) @ shares)
