"""The words of the first page, in German and English, and which of them a reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

LANGS: Final = ("en", "de")


def language(request: Request) -> str:
    """``?lang=`` first, then what the browser prefers, then English."""
    chosen = request.query_params.get("lang", "").lower()
    if chosen in LANGS:
        return chosen
    ranked: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";")
        try:
            rank = float(quality.partition("=")[2] or 1)
        except ValueError:
            continue
        ranked.append((-rank, name.partition("-")[0].lower()))
    return next((name for _, name in sorted(ranked, key=lambda pair: pair[0]) if name in LANGS), "en")


WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Warum",
        "tagline": "Performance and affiliate marketing that can answer why.",
        "running": "What is running",
        "edge": "Edge",
        "worker": "Worker",
        "database": "Database",
        "up": "running",
        "down": "does not answer",
        "unknown": "not known",
        "stream": "Stream",
        "last_record": "last record",
        "none_yet": "none yet",
        "waiting": "records waiting",
        "caught_up": "caught up",
        "behind": "behind",
        "snapshot": "Changes on their way to the edge",
        "postbacks": "Postbacks waiting / given up",
        "reports": "Reports waiting for a person or their order",
        "quarantine": "Records in quarantine",
        "links": "Links to click",
        "links_hint": "Each opens the page of its advertiser. “With consent” makes a click token; without it no "
        "identifier exists, and the publisher is credited only where the advertiser recorded a legal basis.",
        "with_consent": "with consent",
        "without_consent": "without consent",
        "no_links": "There are no links yet. `warum link create` makes one.",
        "command": "A test conversion",
        "command_hint": "Paste this into a terminal: it clicks the first link and reports a sale. The commission "
        "stands below within two seconds.",
        "conversions": "Latest conversions",
        "no_conversions": "No conversion yet.",
        "conversion": "Conversion",
        "booked": "Booked",
        "publisher": "Publisher",
        "nobody": "nobody",
        "program": "Program",
        "order": "Order",
        "status": "Status",
        "sale": "Sale",
        "commission": "Commission",
        "drops": "What did not count, last 24 hours",
        "no_drops": "Everything counted.",
        "live": "Refreshed every second.",
        "stale": "No answer from the server; trying again.",
        "pending": "pending",
        "approved": "approved",
        "declined": "declined",
        "paid": "paid",
        "test": "test",
        "why": "Why?",
        "why_hint": "Ask: warum explain",
        "api": "REST API",
        "shop_arrived": "You came by a tracking link.",
        "shop_token": "The address carries this click id:",
        "shop_none": "The address carries no click id: there was no consent, and no legal basis is recorded.",
        "shop_buy": "Report a sale",
        "shop_hint": "This page stands for the advertiser’s own site. The button sends what its server would send. The "
        "same from a terminal:",
        "shop_back": "Back to the overview",
    },
    "de": {
        "title": "Warum",
        "tagline": "Performance- und Affiliate-Marketing, das antworten kann.",
        "running": "Was läuft",
        "edge": "Edge",
        "worker": "Worker",
        "database": "Datenbank",
        "up": "läuft",
        "down": "antwortet nicht",
        "unknown": "unbekannt",
        "stream": "Strom",
        "last_record": "letzter Satz",
        "none_yet": "noch keiner",
        "waiting": "Sätze warten",
        "caught_up": "auf dem Stand",
        "behind": "im Rückstand",
        "snapshot": "Änderungen auf dem Weg zur Edge",
        "postbacks": "Postbacks wartend / aufgegeben",
        "reports": "Meldungen, die auf einen Menschen oder ihre Bestellung warten",
        "quarantine": "Sätze in Quarantäne",
        "links": "Links zum Anklicken",
        "links_hint": "Jeder öffnet die Seite seines Advertisers. „Mit Einwilligung“ entsteht ein Klick-Token; ohne "
        "sie gibt es keine Kennung, und der Publisher wird nur bedacht, wo der Advertiser eine Rechtsgrundlage "
        "hinterlegt hat.",
        "with_consent": "mit Einwilligung",
        "without_consent": "ohne Einwilligung",
        "no_links": "Es gibt noch keine Links. `warum link create` legt einen an.",
        "command": "Eine Test-Conversion",
        "command_hint": "In ein Terminal einfügen: Der Befehl klickt den ersten Link und meldet einen Verkauf. Die "
        "Provision steht binnen zwei Sekunden unten.",
        "conversions": "Letzte Conversions",
        "no_conversions": "Noch keine Conversion.",
        "conversion": "Conversion",
        "booked": "Gebucht",
        "publisher": "Publisher",
        "nobody": "niemand",
        "program": "Programm",
        "order": "Bestellung",
        "status": "Status",
        "sale": "Verkauf",
        "commission": "Provision",
        "drops": "Was nicht zählte, letzte 24 Stunden",
        "no_drops": "Alles zählte.",
        "live": "Jede Sekunde aufgefrischt.",
        "stale": "Der Server antwortet nicht; neuer Versuch läuft.",
        "pending": "offen",
        "approved": "bestätigt",
        "declined": "abgelehnt",
        "paid": "ausgezahlt",
        "test": "Test",
        "why": "Warum?",
        "why_hint": "Fragen mit: warum explain",
        "api": "REST-API",
        "shop_arrived": "Sie kamen über einen Tracking-Link.",
        "shop_token": "Die Adresse trägt diese Klick-ID:",
        "shop_none": "Die Adresse trägt keine Klick-ID: Es gab keine Einwilligung, und keine Rechtsgrundlage ist "
        "hinterlegt.",
        "shop_buy": "Einen Verkauf melden",
        "shop_hint": "Diese Seite steht für die eigene Seite des Advertisers. Der Knopf sendet, was dessen Server "
        "senden würde. Dasselbe aus einem Terminal:",
        "shop_back": "Zurück zur Übersicht",
    },
}
