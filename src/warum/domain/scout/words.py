"""What the scout says, in German and English, from its codes and numbers alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from warum.domain.scout.applications import Pile
from warum.domain.scout.applications import Why as Looked
from warum.domain.scout.idle import Idle, Likely
from warum.domain.scout.ranking import Because, Main, Ranking

Language: TypeAlias = Literal["de", "en"]
_Words: TypeAlias = Mapping[Language, str]


def said(code: Because | Main | Likely | Pile | Looked, language: Language) -> str:
    """The words of a code."""
    return CODES[code][language]


def main_parameters(ranking: Ranking, language: Language) -> tuple[str, ...]:
    """What decides the order, with weights, the newcomers' share, and that payment does not."""
    weights = tuple(
        f"{said(weight.parameter, language)}: {_percent(weight.weight_ppm / 1e6, language)}"
        for weight in ranking.weights
    )
    newcomers = _NEWCOMERS[language].format(share=_percent(ranking.newcomers_share_ppm / 1e6, language))
    return (*weights, newcomers, PAYMENT[language])


def woken(found: Idle, language: Language) -> str:
    """Such as *clicks −72 % against the same weekdays (−80 % to −61 %), link gone*."""
    change, low, high = (_percent(number, language, signed=True) for number in (found.change, found.low, found.high))
    why = f", {said(found.likely, language)}" if found.likely else ""
    return _WOKEN[language].format(change=change, low=low, high=high) + why


def _percent(share: float, language: Language, *, signed: bool = False) -> str:
    number = round(share * 100)
    sign = ("+" if number > 0 else "") if signed else ""
    text = f"{sign}{number}".replace("-", "−")
    return f"{text}\u00a0%" if language == "de" else f"{text}%"


PAYMENT: Final[_Words] = {
    "de": "Zahlungen an den Betreiber, gleich welcher Art, ändern den Rang nicht.",
    "en": "Payments to the operator, of whatever kind, do not change the rank.",
}
_NEWCOMERS: Final[_Words] = {
    "de": "Neue behalten zusammen einen Anteil von {share}, jeder gleich viel.",
    "en": "Newcomers keep a share of {share} together, each the same.",
}
_WOKEN: Final[_Words] = {
    "de": "Klicks {change} gegenüber denselben Wochentagen ({low} bis {high})",
    "en": "clicks {change} against the same weekdays ({low} to {high})",
}

CODES: Final[Mapping[Because | Main | Likely | Pile | Looked, _Words]] = {
    Because.EXPECTED_NET: {
        "de": "nach dem erwarteten Wert je Verkauf, Stornos und Ablehnungen abgezogen",
        "en": "by the expected value of a sale after cancellations and declines",
    },
    Because.NEWCOMER: {"de": "neu, mit eigenem Anteil", "en": "a newcomer with a share of its own"},
    Main.BOOKED_VALUE: {"de": "erwarteter Wert eines Verkaufs", "en": "expected booked value of a sale"},
    Main.KEPT_SHARE: {
        "de": "erwarteter Anteil, der nach Stornos und Ablehnungen bleibt",
        "en": "expected share that is kept after cancellations and declines",
    },
    Likely.LINK_GONE: {"de": "der Link ist weg", "en": "the link is gone"},
    Likely.LINK_BROKEN: {"de": "der Link führt ins Leere", "en": "the link leads nowhere"},
    Likely.PARTNERSHIP_PAUSED: {"de": "die Partnerschaft ruht", "en": "the partnership is paused"},
    Likely.REASON_UNKNOWN: {"de": "Grund unbekannt", "en": "reason unknown"},
    Pile.YES: {"de": "Vorschlag: annehmen", "en": "Suggestion: accept"},
    Pile.NO: {"de": "Vorschlag: ablehnen. Sie entscheiden.", "en": "Suggestion: decline. You decide."},
    Pile.FOR_YOU: {"de": "Bitte ansehen", "en": "Please have a look"},
    Looked.KIND_EXCLUDED: {
        "de": "Diese Art von Publisher schließt das Programm aus.",
        "en": "The program excludes this kind of publisher.",
    },
    Looked.KIND_WANTED: {
        "de": "Diese Art von Publisher sucht das Programm.",
        "en": "The program looks for this kind of publisher.",
    },
    Looked.KIND_UNDECIDED: {
        "de": "Zu dieser Art von Publisher sagt das Programm nichts.",
        "en": "The program says nothing about this kind of publisher.",
    },
    Looked.IMPRINT_THERE: {"de": "Die Seite hat ein Impressum.", "en": "The site has an imprint."},
    Looked.IMPRINT_MISSING: {"de": "Ein Impressum wurde nicht gefunden.", "en": "No imprint was found."},
    Looked.IMPRINT_UNSEEN: {
        "de": "Nach einem Impressum hat noch niemand gesehen.",
        "en": "Nobody has looked for an imprint.",
    },
    Looked.VAT_RIGHT: {"de": "Die Prüfziffer der USt-IdNr. stimmt.", "en": "The VAT number's check digit is right."},
    Looked.VAT_WRONG: {
        "de": "Diese USt-IdNr. kann es nicht geben; vielleicht ein Tippfehler.",
        "en": "There can be no such VAT number; perhaps a slip.",
    },
    Looked.VAT_MISSING: {"de": "Ohne USt-IdNr.", "en": "Without a VAT number."},
    Looked.VAT_UNCHECKED: {
        "de": "Prüfziffern dieses Landes kennen wir nicht; nur die Form stimmt.",
        "en": "We do not know this country's check digits; only the shape is right.",
    },
    Looked.COUNTRY_SERVED: {"de": "Das Programm bedient diese Länder.", "en": "The program serves these countries."},
    Looked.COUNTRY_OTHER: {
        "de": "Die Besucher kommen aus anderen Ländern, soweit bekannt.",
        "en": "Visitors come from other countries, as far as known.",
    },
    Looked.TOPIC_FITS: {"de": "Das Thema passt.", "en": "The topic fits."},
    Looked.TOPIC_OTHER: {"de": "Die Seite hat ein anderes Thema.", "en": "The site is about something else."},
    Looked.TOPIC_UNKNOWN: {"de": "Das Thema ist nicht bekannt.", "en": "The topic is not known."},
}
