"""The sample network: who there is, and what is true of them.

Two hotels, a restaurant group, a food brand and a shop; forty publishers of different kinds and quality, one of them
dishonest. The restaurant group sells vouchers under the retail rules. ``World`` holds the truth (how often each arm is
clicked, how often a click converts, for what amount, and how often that is cancelled); ``visits`` and ``cohorts`` let
it happen, as single people or as counts. The rates below are plausible, not measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warum.kernel.period import DAY_US, local_date

Floats = NDArray[np.float64]

START_US: Final = 20_514 * DAY_US
"""Monday, 2 March 2026."""
TIMEZONE: Final = "Europe/Berlin"

publishers_count: Final = 40


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
    """One network and its truth. ``start_us`` is the midnight (UTC) of day 0."""

    seed: int
    scale: float
    advertisers: tuple[Advertiser, ...]
    offers: tuple[Offer, ...]
    publishers: tuple[Publisher, ...]
    truth: dict[str, ArmTruth]
    start_us: int

    def advertiser_of(self, offer: Offer) -> Advertiser:
        return next(one for one in self.advertisers if one.code == offer.advertiser)

    def date_of(self, day: int) -> date:
        return local_date(self.start_us, "UTC") + timedelta(days=day)

    def volume(self, offer: Offer, day: int) -> Floats:
        """Expected exposures by publisher on a day, dropped and uncreditable ones included."""
        weights = np.array([one.volume * (offer.code in one.offers) for one in self.publishers])
        on = self.date_of(day)
        season = 1.0 + 0.15 * np.sin(2 * np.pi * (on.timetuple().tm_yday - 100) / 365)
        weekday = np.array([one.weekend if on.weekday() >= 5 else 1.0 for one in self.publishers])
        # Every publisher has its good and its bad weeks: a post that is read, a newsletter that is not sent.
        mood = np.random.default_rng([self.seed, 3, day // 7]).standard_normal(len(self.publishers))
        return self.scale * offer.exposures_day * weights / weights.sum() * season * weekday * np.exp(0.2 * mood)

    def day(self, offer: Offer, day: int) -> Day:
        """What is true of an offer on a day."""
        life, truth = self.advertiser_of(offer).life, self.truth[offer.code]
        basis = self.advertiser_of(offer).reference_basis
        people = np.array([1.0 - one.bots for one in self.publishers])[:, None]
        undeclared = np.array([1.0 - one.bots * one.declared for one in self.publishers])
        credited = np.array([1.0 if basis else one.consent for one in self.publishers])
        human = people / undeclared[:, None]
        shown = offer.drawn_at == "impression"
        click = (
            np.clip(offer.click_rate * truth.click * truth.taste, 0, 1) * human if shown else np.ones_like(truth.taste)
        )
        # Machines fetch creatives but do not press them: behind a click on an impression there is a person.
        convert = self.convert(offer, day) * (1.0 if shown else human)
        return Day(
            exposures=self.volume(offer, day) * undeclared * credited,
            click=click,
            convert=convert,
            declined=self.declined(offer),
            amount=life.amount_minor * truth.amount,
        )

    def convert(self, offer: Offer, day: int) -> Floats:
        """Conversions per click of a person, publishers x arms."""
        life, truth = self.advertiser_of(offer).life, self.truth[offer.code]
        on = self.date_of(day)
        season = (1.0 + 0.1 * np.cos(2 * np.pi * (on.timetuple().tm_yday - 30) / 365)) * (
            1.1 if on.weekday() >= 5 else 1.0
        )
        quality = np.array([one.quality for one in self.publishers])[:, None]
        taste = truth.taste if offer.drawn_at == "click" else 1.0
        return np.clip(life.rate * season * quality * truth.convert * taste, 0, 0.5) * np.ones_like(truth.taste)

    def declined(self, offer: Offer) -> Floats:
        """Share of conversions that are cancelled or sent back, publishers x arms."""
        life, truth = self.advertiser_of(offer).life, self.truth[offer.code]
        return np.clip(
            life.declined * np.array([one.declined for one in self.publishers])[:, None] * truth.declined, 0, 0.95
        )


def world(seed: int, *, equal: bool = False, scale: float = 1.0, start_us: int = START_US) -> World:
    """The network of a seed.

    Args:
        equal: all arms of an offer are alike, so that there is nothing to find.
        scale: of the traffic; 1 is some 60,000 exposures a day, a fifth of them clicks.
    """
    rng = np.random.default_rng([seed, 1])
    publishers = tuple(_publisher(index, rng) for index in range(publishers_count))
    spread = 0.0 if equal else 1.0
    truth = {offer.code: _truth(len(offer.arms), spread, rng) for offer in _OFFERS}
    return World(seed, scale, _ADVERTISERS, _OFFERS, publishers, truth, start_us)


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


def _publisher(index: int, rng: np.random.Generator) -> Publisher:
    kind = _KINDS[index % len(_KINDS)]
    word, volume, bots, consent, quality, weekend = kind
    dishonest = index == _dishonest_index
    picked = rng.permutation(len(_OFFERS))[: 2 + int(rng.integers(3))]
    # The first six publishers take everything, so that no offer is without traffic.
    offers = tuple(offer.code for number, offer in enumerate(_OFFERS) if index < 6 or number in picked)
    return Publisher(
        code=f"{word}-{index + 1:02d}",
        name=f"{_NAMES[index]}",
        kind=word,
        volume=float(volume * np.exp(0.6 * rng.standard_normal())),
        bots=float(np.clip(bots * np.exp(0.5 * rng.standard_normal()), 0, 0.6)),
        declared=0.7,
        consent=float(np.clip(consent + 0.08 * rng.standard_normal(), 0.1, 0.95)),
        quality=float((2.0 if dishonest else quality) * np.exp(0.25 * rng.standard_normal())),
        declined=4.5 if dishonest else float(np.exp(0.2 * rng.standard_normal())),
        weekend=weekend,
        honest=not dishonest,
        offers=offers,
    )


# kind, volume, share of machines, consent, quality, weekend
_KINDS: Final = (
    ("blog", 1.0, 0.04, 0.55, 1.1, 1.2),
    ("cashback", 2.5, 0.02, 0.90, 1.6, 1.0),
    ("voucher", 2.0, 0.08, 0.50, 1.4, 0.9),
    ("comparison", 3.0, 0.10, 0.60, 1.0, 0.9),
    ("newsletter", 0.8, 0.05, 0.70, 1.3, 0.5),
    ("social", 2.0, 0.15, 0.45, 0.5, 1.4),
    ("travel", 1.5, 0.05, 0.60, 0.9, 1.3),
    ("magazine", 2.5, 0.07, 0.65, 0.6, 1.1),
)
_dishonest_index: Final = 10
_NAMES: Final = (
    "Wiesenwege", "Punktekonto", "Sparblatt", "Vergleichbar", "Freitagsbrief", "Lieblingsorte", "Bergluft",
    "Stadtblatt", "Küchenzettel", "Zurückgeld", "Rabattregal", "Preisfuchs", "Postkorb", "Kurzgesehen",
    "Fernwehkarte", "Landleben", "Zimmer mit Aussicht", "Bonusheft", "Codekiste", "Gegenüber", "Morgenpost",
    "Fundstücke", "Reisebank", "Salon Süd", "Tischgespräch", "Sammelherz", "Schnäppchenhof", "Waagschale",
    "Wochenblick", "Bilderstrom", "Gipfelbuch", "Heimatheft", "Gartentor", "Kleingeld", "Abrisszettel", "Maßstab",
    "Rundschreiben", "Daumenkino", "Seitenwind", "Feuilleton",
)  # fmt: skip

_STAY: Final = Life(
    rate=0.016, same_day=0.5, delay_days=4.0, amount_minor=36_000, amount_spread=0.5, declined=0.22, lead_days=28.0,
    hold_days=5,
)  # fmt: skip
_CITY: Final = Life(
    rate=0.02, same_day=0.6, delay_days=3.0, amount_minor=21_000, amount_spread=0.5, declined=0.25, lead_days=18.0,
    hold_days=5,
)  # fmt: skip
_TABLE: Final = Life(
    rate=0.03, same_day=0.8, delay_days=2.0, amount_minor=7_500, amount_spread=0.6, declined=0.05, lead_days=0.0,
    hold_days=14,
)  # fmt: skip
_FOOD: Final = Life(
    rate=0.045, same_day=0.75, delay_days=2.5, amount_minor=5_200, amount_spread=0.4, declined=0.06, lead_days=0.0,
    hold_days=14,
)  # fmt: skip
_SHOP: Final = Life(
    rate=0.025, same_day=0.7, delay_days=3.0, amount_minor=8_900, amount_spread=0.7, declined=0.18, lead_days=0.0,
    hold_days=30,
)  # fmt: skip

_ADVERTISERS: Final = (
    Advertiser(
        code="seeblick", name="Hotel Seeblick", vertical="hotel", host="seeblick.example", commission_ppm=90_000,
        reference_basis="Contract with the booking guest, assessed in the sample world", life=_STAY,
    ),
    Advertiser(
        code="altstadt", name="Hotel Altstadt", vertical="hotel", host="altstadt.example", commission_ppm=100_000,
        reference_basis=None, life=_CITY,
    ),
    Advertiser(
        code="drei-linden", name="Drei Linden Gasthäuser", vertical="retail", host="dreilinden.example",
        commission_ppm=80_000, reference_basis="Assessed in the sample world", life=_TABLE,
    ),
    Advertiser(
        code="almgold", name="Almgold Käserei", vertical="retail", host="almgold.example", commission_ppm=120_000,
        reference_basis="Assessed in the sample world", life=_FOOD,
    ),
    Advertiser(
        code="hausrat", name="Hausrat & Co.", vertical="retail", host="hausrat.example", commission_ppm=70_000,
        reference_basis="Assessed in the sample world", life=_SHOP,
    ),
)  # fmt: skip


def _arms(*texts: tuple[str, str]) -> tuple[Arm, ...]:
    return tuple(Arm(name=name, path=f"/angebot/{index}", text=text) for index, (name, text) in enumerate(texts))


_OFFERS: Final = (
    Offer(
        code="wochenende",
        advertiser="seeblick",
        name="Wochenende am See",
        drawn_at="click",
        exposures_day=700,
        click_rate=1.0,
        arms=_arms(
            ("Steg", "Zwei Nächte am Wasser"),
            ("Frühstück", "Frühstück auf der Terrasse"),
            ("Preis", "Ab 179 € für zwei"),
        ),
    ),
    Offer(
        code="stadtnacht",
        advertiser="altstadt",
        name="Eine Nacht in der Altstadt",
        drawn_at="click",
        exposures_day=1_000,
        click_rate=1.0,
        arms=_arms(
            ("Gasse", "Mitten in der Altstadt"),
            ("Dachzimmer", "Über den Dächern"),
            ("Flexibel", "Bis zum Vorabend stornieren"),
            ("Preis", "Ab 89 € die Nacht"),
        ),
    ),
    Offer(
        code="gutschein",
        advertiser="drei-linden",
        name="Gutschein fürs Wirtshaus",
        drawn_at="click",
        exposures_day=900,
        click_rate=1.0,
        arms=_arms(
            ("Menü", "Vier Gänge verschenken"),
            ("Sonntag", "Sonntagsbraten für die Familie"),
            ("Rund", "50 € schenken, 55 € essen"),
            ("Garten", "Ein Abend unter den Linden"),
        ),
    ),
    Offer(
        code="bergkaese",
        advertiser="almgold",
        name="Bergkäse im Abonnement",
        drawn_at="impression",
        exposures_day=24_000,
        click_rate=0.014,
        arms=_arms(
            ("Laib", "Drei Sorten im Monat"),
            ("Senn", "Vom Senn, nicht vom Band"),
            ("Brett", "Das Brett für Freunde"),
            ("Probe", "Erste Kiste zur Probe"),
            ("Reif", "Achtzehn Monate gereift"),
        ),
    ),
    Offer(
        code="kueche",
        advertiser="hausrat",
        name="Alles für die Küche",
        drawn_at="click",
        exposures_day=1_400,
        click_rate=1.0,
        arms=_arms(
            ("Pfanne", "Die Pfanne fürs Leben"),
            ("Messer", "Scharf ab Werk"),
            ("Set", "Zwölf Teile, ein Preis"),
            ("Versand", "Heute bestellt, morgen da"),
        ),
    ),
    Offer(
        code="garten",
        advertiser="hausrat",
        name="Garten und Balkon",
        drawn_at="impression",
        exposures_day=24_000,
        click_rate=0.016,
        arms=_arms(
            ("Beet", "Das Hochbeet zum Stecken"),
            ("Licht", "Licht für lange Abende"),
            ("Stuhl", "Sitzen bleiben"),
        ),
    ),
)
