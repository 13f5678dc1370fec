"""The letters of the watch: to the advertiser, who can look at its tracking and pages, and to a publisher whose links
have fallen silent. Figures are those of the finding, and nothing about persons is in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from babel.dates import format_skeleton

from warum.domain.advice import Step, letter
from warum.domain.bots.words import Language
from warum.domain.watch import Code, Finding

_CLDR: Final[Mapping[Language, str]] = {"de": "de_DE", "en": "en_GB"}
_epoch: Final = datetime(1970, 1, 1, tzinfo=UTC)


def letters(finding: Finding, program: str, publisher: str | None) -> tuple[Step, ...]:
    """One in each language; () for findings about which nobody is written to."""
    if finding.code not in _LETTERS:
        return ()
    languages: tuple[Language, ...] = ("de", "en")
    return tuple(_written(finding, program, publisher, language) for language in languages)


def _written(finding: Finding, program: str, publisher: str | None, language: Language) -> Step:
    subject, body = _LETTERS[finding.code][language]
    share = round(100 * finding.seen / finding.out_of) if finding.out_of else 0
    usual = round(100 * finding.expected / finding.out_of) if finding.out_of else 0
    change = round(100 * abs(1 - finding.seen / finding.expected)) if finding.expected > 0 else 0
    values = {
        "since": _since(finding, language),
        "clicks": _grouped(finding.out_of, language),
        "seen": _grouped(finding.seen, language),
        "low": _grouped(finding.low, language),
        "high": _grouped(finding.high, language),
        "share": str(share),
        "usual": str(usual),
        "change": str(change),
    }
    greeting, close = _FRAME[language]
    return letter(
        program=program,
        publisher=publisher,
        language=language,
        subject=subject.format(**values),
        body=f"{greeting}\n\n{body.format(**values)}\n\n{close}\n",
    )


def _since(finding: Finding, language: Language) -> str:
    at = _epoch + timedelta(microseconds=finding.since_us)
    day = format_skeleton("MMMMEEEEd", at, locale=_CLDR[language])
    return f"{day}, {at.hour} Uhr" if language == "de" else f"{day}, {at:%H:%M}"


def _grouped(number: int, language: Language) -> str:
    text = f"{number:,}"
    return text.replace(",", ".") if language == "de" else text


_FRAME: Final[Mapping[Language, tuple[str, str]]] = {
    "de": ("Guten Tag,", "Freundliche Grüße"),
    "en": ("Hello,", "Kind regards"),
}
_LETTERS: Final[Mapping[Code, Mapping[Language, tuple[str, str]]]] = {
    Code.TRACKING_DEAD: {
        "de": (
            "Seit {since} kommen keine Buchungen mehr an",
            "seit {since} hatten wir {clicks} Klicks auf Ihre Seiten, aber {seen} gemeldete Buchungen; üblich wären "
            "in dieser Zeit {low} bis {high}. Wahrscheinlich wird nicht weniger gebucht, sondern die Meldung kommt "
            "nicht mehr an.\n\n"
            "Könnten Sie bitte prüfen, ob in dieser Zeit etwas an der Buchungsstrecke, am Tag-Manager oder am Abruf "
            "unserer Meldeadresse geändert wurde? Buchungen, die wir nicht bekommen haben, können Sie nachmelden; sie "
            "werden mit ihrer Bestellnummer genau einmal gezählt.",
        ),
        "en": (
            "No bookings have reached us since {since}",
            "since {since} we have counted {clicks} clicks to your pages and {seen} reported bookings; {low} to {high} "
            "would be usual. Most likely people book as before, and the report of it does not reach us any more.\n\n"
            "Could you please check whether anything was changed in your booking flow, your tag manager or the call of "
            "our reporting address? Bookings that we have missed can be reported later; by their order number each "
            "counts exactly once.",
        ),
    },
    Code.LANDING_PAGE_BROKEN: {
        "de": (
            "Eine Ihrer Landingpages bringt seit {since} kaum noch Buchungen",
            "auf einer Ihrer Landingpages kamen seit {since} auf {clicks} Klicks nur {seen} Buchungen; üblich wären "
            "{low} bis {high}. Auf den anderen Seiten läuft es wie sonst.\n\n"
            "Könnten Sie bitte nachsehen, ob sich die Seite auf Handy und Rechner öffnen und zu Ende buchen lässt?",
        ),
        "en": (
            "One of your landing pages has hardly brought bookings since {since}",
            "one of your landing pages had {clicks} clicks since {since} and {seen} bookings; {low} to {high} would be "
            "usual. Your other pages go on as before.\n\n"
            "Could you please look whether the page opens on phones and computers, and whether a booking can be "
            "completed?",
        ),
    },
    Code.PRICE_EXPIRED: {
        "de": (
            "Ist ein Preis oder Angebot abgelaufen?",
            "seit {since} wird auf einer Ihrer Landingpages deutlich seltener gebucht: {seen} Buchungen auf {clicks} "
            "Klicks, üblich wären {low} bis {high}. So sieht es meist aus, wenn dort ein Preis oder Zeitraum steht, "
            "den es nicht mehr gibt.\n\n"
            "Könnten Sie bitte nachsehen und uns sagen, welches Angebot jetzt gilt? Wir tauschen das Werbemittel dann "
            "sofort aus.",
        ),
        "en": (
            "Has a price or an offer expired?",
            "since {since} far fewer people book from one of your landing pages: {seen} bookings from {clicks} clicks, "
            "where {low} to {high} would be usual. It mostly looks like this when a price or a period is shown that is "
            "over.\n\n"
            "Could you please look, and tell us which offer holds now? We will swap the creative at once.",
        ),
    },
    Code.CONVERSION_DROP: {
        "de": (
            "Seit {since} weniger Buchungen als üblich",
            "seit {since} kamen auf {clicks} Klicks {seen} Buchungen; üblich wären {low} bis {high}. Die Klicks kommen "
            "wie sonst.\n\n"
            "Wissen Sie, woran es liegen könnte, etwa an Preisen, Verfügbarkeit oder einer Änderung der Seite?",
        ),
        "en": (
            "Fewer bookings than usual since {since}",
            "since {since} there were {seen} bookings from {clicks} clicks; {low} to {high} would be usual. Clicks "
            "come as before.\n\n"
            "Do you know what it could be, such as prices, availability or a change of the page?",
        ),
    },
    Code.CANCELLATION_WAVE: {
        "de": (
            "Ungewöhnlich viele Stornierungen seit {since}",
            "seit {since} wurden {seen} von {clicks} entschiedenen Buchungen storniert, {share} % statt sonst etwa "
            "{usual} %.\n\n"
            "Gibt es dafür einen Grund, den wir den Partnern sagen können, oder wurden Buchungen versehentlich als "
            "storniert gemeldet?",
        ),
        "en": (
            "Unusually many cancellations since {since}",
            "since {since} {seen} of {clicks} decided bookings were cancelled, {share}% instead of about {usual}%.\n\n"
            "Is there a reason that we can tell partners, or were bookings reported as cancelled by mistake?",
        ),
    },
    Code.PUBLISHER_IDLE: {
        "de": (
            "Ist unser Link noch auf Ihrer Seite?",
            "seit {since} kommen über Ihre Links {change} % weniger Klicks als an denselben Wochentagen davor. Ist der "
            "Link verschoben oder entfernt worden?\n\n"
            "Falls Sie ihn bei einem Umbau verloren haben, finden Sie ihn in Ihrem Konto unverändert wieder. Wenn Sie "
            "andere Inhalte oder Bilder brauchen, sagen Sie uns gern, welche.",
        ),
        "en": (
            "Is our link still on your page?",
            "since {since} your links have brought {change}% fewer clicks than on the same weekdays before. Was the "
            "link moved or taken off?\n\n"
            "If it was lost when the page was rebuilt, you find it unchanged in your account. If you need other "
            "content or pictures, do tell us which.",
        ),
    },
}
