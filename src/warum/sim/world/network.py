"""The sample network: two hotels, a restaurant group, a food brand and a shop, their offers, and the publishers of a
seed.

The rates below are plausible, not measured."""

from __future__ import annotations

from typing import Final

import numpy as np

from warum.sim.world.parties import Advertiser, Arm, Life, Offer, Publisher

publishers_count: Final = 40


def publisher(index: int, rng: np.random.Generator) -> Publisher:
    """The publisher of this number; the sixth of eight kinds and so on, one of them dishonest."""
    kind = KINDS[index % len(KINDS)]
    word, volume, bots, consent, quality, weekend = kind
    dishonest = index == _dishonest_index
    picked = rng.permutation(len(OFFERS))[: 2 + int(rng.integers(3))]
    # The first six publishers take everything, so that no offer is without traffic.
    offers = tuple(offer.code for number, offer in enumerate(OFFERS) if index < 6 or number in picked)
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
KINDS: Final = (
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

ADVERTISERS: Final = (
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


OFFERS: Final = (
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
