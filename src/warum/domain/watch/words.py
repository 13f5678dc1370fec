"""How a finding is told, in German and English: templates filled from its numbers, and nothing besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from warum.domain.watch.records import Code, Finding, Hint

Language: TypeAlias = Literal["de", "en"]

_epoch: Final = datetime(1970, 1, 1, tzinfo=UTC)


def headline(finding: Finding, language: Language, name: str) -> str:
    """What is to be seen since when, in one sentence; ``name`` is what the node is called."""
    change = round(100 * (finding.seen / finding.expected - 1)) if finding.expected else 0
    share = round(100 * finding.seen / finding.out_of) if finding.out_of else 0
    usual = round(100 * finding.expected / finding.out_of) if finding.out_of else 0
    return _HEADLINES[language][finding.code].format(
        name=name,
        seen=finding.seen,
        out_of=finding.out_of,
        expected=_few(finding.expected, language),
        low=finding.low,
        high=finding.high,
        share=share,
        usual=usual,
        change=f"{change:+d}".replace("-", "−"),
        since=since(finding, language),
    )


def since(finding: Finding, language: Language) -> str:
    """``Tuesday 14:00``, ``Dienstag, 14 Uhr``; findings are at most a week old."""
    at = _epoch + timedelta(microseconds=finding.since_us)
    day = _DAYS[language][at.weekday()]
    return f"{day}, {at.hour} Uhr" if language == "de" else f"{day} {at.hour}:00"


def hint(of: Hint, language: Language) -> str:
    """What else is to be seen, in a sentence."""
    return _HINTS[language][of]


def _few(number: float, language: Language) -> str:
    text = f"{number:.1f}" if number < 10 else f"{number:.0f}"
    return text.replace(".", ",") if language == "de" else text


_DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_booked_de: Final = "{out_of} Klicks, {seen} Buchungen seit {since}, erwartet {expected} ({low}–{high})"
_booked_en: Final = "{out_of} clicks, {seen} bookings since {since}, expected {expected} ({low}–{high})"
_HEADLINES: Final[Mapping[Language, Mapping[Code, str]]] = {
    "de": {
        Code.TRACKING_DEAD: f"{{name}}: Tracking scheint tot. {_booked_de}.",
        Code.LANDING_PAGE_BROKEN: f"{{name}}: Landingpage scheint defekt. {_booked_de}.",
        Code.PRICE_EXPIRED: f"{{name}}: Preis oder Angebot scheint abgelaufen. {_booked_de}.",
        Code.CONVERSION_DROP: f"{{name}}: weniger Buchungen als sonst. {_booked_de}.",
        Code.CANCELLATION_WAVE: "{name}: {share} % storniert, sonst {usual} %. {seen} von {out_of} seit {since}.",
        Code.ATTACK: "{name}: {seen} Klicks seit {since}, erwartet {expected} ({low}–{high}). Das sieht nach Bots aus.",
        Code.PUBLISHER_IDLE: "{name}: Klicks {change} % gegenüber denselben Wochentagen, seit {since}.",
        Code.TRAFFIC_DROP: "{name}: Klicks {change} % gegenüber denselben Wochentagen, seit {since}.",
    },
    "en": {
        Code.TRACKING_DEAD: f"{{name}}: tracking seems dead. {_booked_en}.",
        Code.LANDING_PAGE_BROKEN: f"{{name}}: the landing page seems broken. {_booked_en}.",
        Code.PRICE_EXPIRED: f"{{name}}: a price or an offer seems to have expired. {_booked_en}.",
        Code.CONVERSION_DROP: f"{{name}}: fewer bookings than usual. {_booked_en}.",
        Code.CANCELLATION_WAVE: "{name}: {share} % cancelled, normally {usual} %. {seen} of {out_of} since {since}.",
        Code.ATTACK: "{name}: {seen} clicks since {since}, expected {expected} ({low}–{high}). It looks like bots.",
        Code.PUBLISHER_IDLE: "{name}: clicks {change} % against the same weekdays, since {since}.",
        Code.TRAFFIC_DROP: "{name}: clicks {change} % against the same weekdays, since {since}.",
    },
}
_HINTS: Final[Mapping[Language, Mapping[Hint, str]]] = {
    "de": {
        Hint.CLICKS_AS_USUAL: "Geklickt wird wie sonst: Am Traffic liegt es nicht.",
        Hint.CLICKS_BURST: "Zugleich kommen weit mehr Klicks als sonst: Es können Bots sein.",
        Hint.OTHERS_GO_ON: "Bei den anderen läuft es wie sonst: Es liegt hier.",
        Hint.OTHERS_TOO: "Auch bei anderen ist es so: Die Ursache kann weiter reichen, etwa ein Feiertag.",
        Hint.PAST_THIN: "Aus der Zeit davor gibt es wenige Zahlen.",
    },
    "en": {
        Hint.CLICKS_AS_USUAL: "Clicks come as usual, so it is not the traffic.",
        Hint.CLICKS_BURST: "At the same time far more clicks come than usual; they may be bots.",
        Hint.OTHERS_GO_ON: "Everywhere else things go on as usual, so it is here.",
        Hint.OTHERS_TOO: "It is the same elsewhere; the cause may reach further, a holiday for instance.",
        Hint.PAST_THIN: "There are few numbers from before.",
    },
}
