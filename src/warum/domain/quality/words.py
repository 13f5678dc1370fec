"""What the quality bot says, in German and English, from codes and numbers alone: the same words for the person who
decides and for the publisher who answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from warum.domain.quality.flags import Code, Evidence, Flag, Innocent, Thin

Language: TypeAlias = Literal["de", "en"]
_Words: TypeAlias = Mapping[Language, str]


def said(code: Code | Innocent | Thin, language: Language) -> str:
    """The words of a code."""
    return CODES[code][language]


def evidence(number: Evidence, language: Language) -> str:
    """One number beside what is usual."""
    words, percent = EVIDENCE[number.name]
    seen, low, high = (_number(value, language, percent=percent) for value in (number.seen, number.low, number.high))
    return words[language].format(seen=seen, low=low, high=high, of=number.of)


def account(flag: Flag, language: Language) -> tuple[str, ...]:
    """The whole account: what is suggested, the numbers, how often chance does so, and what else could explain it."""
    return (
        said(flag.code, language),
        *(evidence(number, language) for number in flag.evidence),
        _CHANCE[language].format(chance=_number(max(flag.chance, 1e-6) * 1_000, language, percent=False)),
        *(said(other, language) for other in flag.considered),
        _SUGGESTION[language].format(sales=len(flag.sales)),
    )


def _number(value: float, language: Language, *, percent: bool) -> str:
    text = f"{value * 100:.0f}" if percent else f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"
    text = text.replace(".", ",") if language == "de" else text
    return text + ("\u00a0%" if language == "de" else "%") if percent else text


_CHANCE: Final[_Words] = {
    "de": "Ein ehrlicher Publisher sähe in höchstens {chance} von 1.000 Zeiträumen so aus.",
    "en": "An honest publisher would look like this in at most {chance} of 1,000 windows.",
}
_SUGGESTION: Final[_Words] = {
    "de": "Vorschlag: {sales} Verkäufe zurückhalten, bis ein Mensch entschieden hat. Der Publisher kann antworten.",
    "en": "Suggestion: hold {sales} sales until a person has decided. The publisher can answer.",
}

EVIDENCE: Final[Mapping[str, tuple[_Words, bool]]] = {
    "late_share": (
        {
            "de": "{seen} der Verkäufe kommen spät nach dem Klick, üblich sind {low} bis {high} (von {of}).",
            "en": "{seen} of sales come late after the click, {low} to {high} are usual (of {of}).",
        },
        True,
    ),
    "clicks_per_sale": (
        {
            "de": "{seen} Klicks je Verkauf, üblich sind {low} bis {high} ({of} Klicks).",
            "en": "{seen} clicks for a sale, {low} to {high} are usual ({of} clicks).",
        },
        False,
    ),
    "soon_share": (
        {
            "de": "{seen} der Verkäufe folgen dem Klick zu schnell, üblich sind {low} bis {high} (von {of}).",
            "en": "{seen} of sales follow the click too soon, {low} to {high} are usual (of {of}).",
        },
        True,
    ),
    "soon_seconds": (
        {
            "de": "Als schnell gilt hier, was binnen {seen} Sekunden folgt; das sind {of} Verkäufe.",
            "en": "Soon means within {seen} seconds here; that is {of} sales.",
        },
        False,
    ),
    "taken_share": (
        {
            "de": "{seen} folgen binnen Minuten auf den Kontakt eines anderen, üblich: {low} bis {high} (von {of}).",
            "en": "{seen} follow within minutes after another's touch, {low} to {high} are usual (of {of}).",
        },
        True,
    ),
    "burst_clicks_share": (
        {
            "de": "{seen} der Klicks kommen in {of} Stunden mit einem Vielfachen der üblichen Klicks.",
            "en": "{seen} of clicks come in {of} hours with many times the usual clicks.",
        },
        True,
    ),
    "burst_sales": (
        {
            "de": "Daraus kommen {seen} Verkäufe, zu erwarten wären {low} bis {high} (von {of}).",
            "en": "They bring {seen} sales, {low} to {high} would be expected (of {of}).",
        },
        False,
    ),
    "repeated_orders": (
        {
            "de": "{seen} Bestellungen stehen schon in anderer Schreibweise da, üblich sind bis {high} (von {of}).",
            "en": "{seen} orders are there already in another spelling, up to {high} are usual (of {of}).",
        },
        False,
    ),
    "sales_of_day": (
        {
            "de": "{seen} Verkäufe mit dem Verweis eines Tages, der {of} Klicks hatte; üblich sind bis {high}.",
            "en": "{seen} sales with the reference of a day that had {of} clicks; up to {high} are usual.",
        },
        False,
    ),
    "odd_days": (
        {"de": "An {seen} von {of} Tagen ist das so.", "en": "It is so on {seen} of {of} days."},
        False,
    ),
    "own_sales": (
        {
            "de": "{seen} von {of} Verkäufen gehen an den Publisher selbst, unauffällig sind bis {high}.",
            "en": "{seen} of {of} sales go to the publisher itself, up to {high} are unremarkable.",
        },
        False,
    ),
    "sub_sales": (
        {
            "de": "{seen} Verkäufe aus {of} Klicks einer Sub-ID, nach den anderen zu erwarten sind bis {high}.",
            "en": "{seen} sales from {of} clicks of one sub id, up to {high} are to be expected from the others.",
        },
        False,
    ),
}
"""By name: the words, and whether the number is a share."""

CODES: Final[Mapping[Code | Innocent | Thin, _Words]] = {
    Code.CLICK_FLOODING: {
        "de": "Viele Klicks, wenige und späte Verkäufe: vielleicht Klicks, die niemand gemacht hat.",
        "en": "Many clicks, few and late sales: perhaps clicks that nobody made.",
    },
    Code.CLICK_INJECTION: {
        "de": "Verkäufe gleich nach dem Klick: vielleicht untergeschobene Klicks.",
        "en": "Sales right after the click: perhaps injected clicks.",
    },
    Code.COUPON_HIJACK: {
        "de": "Klicks an der Kasse nach dem Kontakt eines anderen: vielleicht übernommene Verkäufe.",
        "en": "Clicks at the checkout after another's touch: perhaps sales taken over.",
    },
    Code.BOT_BURST: {
        "de": "Stöße von Klicks ohne Verkäufe: vielleicht Automaten.",
        "en": "Bursts of clicks without sales: perhaps robots.",
    },
    Code.ORDER_REUSE: {"de": "Bestellungen kommen mehrfach.", "en": "Orders come more than once."},
    Code.SALES_PER_CLICK: {
        "de": "Mehr Verkäufe, als die gezählten Klicks erklären.",
        "en": "More sales than the counted clicks explain.",
    },
    Code.SELF_PURCHASE: {"de": "Käufe über den eigenen Link.", "en": "Purchases through one's own link."},
    Code.SUB_ID: {
        "de": "Eine Sub-ID verkauft wie keine andere.",
        "en": "One sub id sells like no other.",
    },
    Innocent.LATE_DECISION: {
        "de": "Bedacht: Besucher, die sich spät entscheiden.",
        "en": "Considered: visitors who decide late.",
    },
    Innocent.BRAND_CAMPAIGN: {
        "de": "Bedacht: eine Kampagne, die bekannt machen soll.",
        "en": "Considered: a campaign that is meant to make known.",
    },
    Innocent.PREFILLED_FORM: {
        "de": "Bedacht: ein vorausgefülltes Formular oder ein Kauf mit einem Klick.",
        "en": "Considered: a form filled in beforehand, or one-click buying.",
    },
    Innocent.CLOCKS_APART: {
        "de": "Bedacht: Uhren, die verschieden gehen.",
        "en": "Considered: clocks that differ.",
    },
    Innocent.VOUCHER_AT_CHECKOUT: {
        "de": "Bedacht: Gutscheine, nach denen an der Kasse gesucht wird.",
        "en": "Considered: vouchers that people look for at the checkout.",
    },
    Innocent.NEWSLETTER: {
        "de": "Bedacht: ein Newsletter, der mehr gelesen als gekauft wird.",
        "en": "Considered: a newsletter that is read more than it sells.",
    },
    Innocent.SPLIT_ORDER: {
        "de": "Bedacht: Bestellungen in mehreren Teilen.",
        "en": "Considered: orders in several parts.",
    },
    Innocent.CLICKS_UNCOUNTED: {
        "de": "Bedacht: Klicks, die nicht gezählt wurden.",
        "en": "Considered: clicks that were not counted.",
    },
    Innocent.TEST_ORDER: {"de": "Bedacht: Probebestellungen.", "en": "Considered: test orders."},
    Innocent.GOOD_PLACEMENT: {
        "de": "Bedacht: ein Platz, der wirklich besser verkauft.",
        "en": "Considered: a placement that truly sells better.",
    },
    Thin.SALES_FEW: {
        "de": "Das wissen wir noch nicht: zu wenige Verkäufe.",
        "en": "We do not know yet: too few sales.",
    },
    Thin.PEERS_FEW: {
        "de": "Das wissen wir nicht: zu wenige vergleichbare Publisher.",
        "en": "We do not know: too few publishers to compare with.",
    },
    Thin.CLICKS_FEW: {
        "de": "Das wissen wir noch nicht: zu wenige Klicks oder Sub-IDs.",
        "en": "We do not know yet: too few clicks or sub ids.",
    },
    Thin.TIMES_UNKNOWN: {
        "de": "Das wissen wir nicht: Von zu wenigen Klicks ist die Zeit bekannt.",
        "en": "We do not know: the times of too few clicks are known.",
    },
    Thin.JOURNEYS_FEW: {
        "de": "Das wissen wir nicht: zu wenige Besucher mit Einwilligung.",
        "en": "We do not know: too few visitors gave their consent.",
    },
}
