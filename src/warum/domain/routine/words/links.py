"""Offering a publisher the link that works. It is offered and not demanded: a publisher's page is its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.bots.words import Language

_Words = Mapping[Language, str]

TEMPLATES: Final[Mapping[str, _Words]] = {
    "link.subject": {"de": "Ihr Link zu „{offer}“", "en": "Your link to “{offer}”"},
    "link.page": {
        "de": "es geht um diese Seite: {page}",
        "en": "This is about your page {page}",
    },
    "link.seen.gone": {
        "de": "Als wir sie am {seen} ansahen, stand der Link zu „{offer}“ nicht mehr darauf.",
        "en": "When we looked at it on {seen}, the link to “{offer}” was no longer there.",
    },
    "link.seen.status": {
        "de": "Der Link führt zu einer Seite, die nicht mehr antwortet, wie sie soll: Am {seen} kam der Statuscode "
        "{status}.",
        "en": "The link leads to a page that no longer works: on {seen} it answered with the status code {status}.",
    },
    "link.seen.silent": {
        "de": "Der Link führt zu einer Seite, die wiederholt nicht antwortete, zuletzt am {seen}.",
        "en": "The link leads to a page that did not answer repeatedly, the last time on {seen}.",
    },
    "link.seen.host": {
        "de": "Der Link führt zu einer Seite, die am {seen} auf eine fremde Adresse weiterleitete.",
        "en": "The link leads to a page that redirected to somebody else's address on {seen}.",
    },
    "link.seen.home": {
        "de": "Der Link führt zu einer Seite, die am {seen} nur noch auf die Startseite weiterleitete.",
        "en": "The link leads to a page that merely redirected to the home page on {seen}.",
    },
    "link.seen.price": {
        "de": "Der Preis von „{offer}“ galt bis zum {until} und gilt nicht mehr.",
        "en": "The price of “{offer}” was valid until {until} and no longer is.",
    },
    "link.seen.sold_out": {
        "de": "„{offer}“ ist nicht mehr zu haben.",
        "en": "“{offer}” is no longer available.",
    },
    "link.clicks": {
        "de": "In den letzten {days} Tagen {clicks|kam|kamen} darüber {clicks} {clicks|Klick|Klicks}, davor waren es "
        "in "
        "derselben Zeit {usual}.",
        "en": "It brought {clicks} {clicks|click|clicks} in the last {days} days; in the same time before, it was "
        "{usual}.",
    },
    "link.restore": {
        "de": "Falls Sie ihn wieder aufnehmen möchten, hier ist er unverändert:",
        "en": "In case you would like to put it back, here it is, unchanged:",
    },
    "link.same_offer": {
        "de": "Dasselbe Angebot finden Ihre Besucher über diesen Link:",
        "en": "Your visitors will find the same offer through this link:",
    },
    "link.other_offer": {
        "de": "Am nächsten kommt ihm im selben Programm „{new}“ für {new_price} (vorher {old_price}), mit diesem Link:",
        "en": "Closest to it in the same program is “{new}” at {new_price} (before: {old_price}), with this link:",
    },
    "link.url": {"de": "{url}", "en": "{url}"},
    "link.kept": {
        "de": "Ihre Sub-IDs und Platzhalter stehen darin, wie Sie sie gesetzt hatten. Ob und wie Sie den Link "
        "verwenden, "
        "entscheiden Sie.",
        "en": "Your sub ids and macros are in it as you had set them. Whether and how you use the link is up to you.",
    },
    "link.other_text": {
        "de": "Falls Ihr Text Preis oder Einzelheiten des früheren Angebots nennt, passen sie zum neuen womöglich "
        "nicht.",
        "en": "If your text names the price or details of the earlier offer, they may not be right for the new one.",
    },
}
