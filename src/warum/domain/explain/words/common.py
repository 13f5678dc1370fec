"""What all explanations share: titles, labels, mails, and what helps where something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from warum.domain.bots.words import Language

Both: TypeAlias = Mapping[Language, str]

STATUSES: Final[Mapping[str, Both]] = {
    "pending": {"de": "Offen", "en": "Pending"},
    "approved": {"de": "Freigegeben", "en": "Approved"},
    "declined": {"de": "Abgelehnt", "en": "Declined"},
}

WORDS: Final[Mapping[str, Both]] = {
    "title.claim": {"de": "Antwort", "en": "Answer"},
    "title.number": {"de": "Die Zahl", "en": "The number"},
    "title.reasons": {"de": "Warum", "en": "Why"},
    "title.considered": {"de": "Was sonst erwogen wurde", "en": "What else was considered"},
    "title.would_change": {"de": "Was die Antwort ändern würde", "en": "What would change the answer"},
    "title.would_help": {"de": "Was weiterhilft", "en": "What would help"},
    "title.sureness": {"de": "Wie sicher das ist", "en": "How sure this is"},
    "title.limits": {"de": "Was in der Zahl nicht steckt", "en": "What is not in the number"},
    "label.exact": {"de": "genau gerechnet", "en": "exact"},
    "label.estimate": {"de": "Schätzung", "en": "estimate"},
    "label.abstains": {"de": "noch nicht zu sagen", "en": "not known yet"},
    "mail.link": {"de": "Alle Zahlen mit den Zeilen dahinter:", "en": "All figures, with the rows behind them:"},
    "mail.close": {
        "de": "Sie müssen nichts tun. Diese Mail sagt nur, was sich aus den Zahlen ablesen lässt.",
        "en": "You need not do anything. This mail only says what the figures show.",
    },
    "called.arm": {"de": "Variante {number}", "en": "arm {number}"},
    "called.publisher": {"de": "Publisher {number}", "en": "publisher {number}"},
    "number.plain": {"de": "{name}: {value}.", "en": "{name}: {value}."},
    "number.between": {
        "de": "{name}: {value}, mit {confidence} Wahrscheinlichkeit zwischen {low} und {high}.",
        "en": "{name}: {value}, between {low} and {high} with {confidence} probability.",
    },
    "number.lead_click": {"de": "Vorsprung auf tausend Klicks", "en": "Lead for a thousand clicks"},
    "number.lead_impression": {"de": "Vorsprung auf tausend Anzeigen", "en": "Lead for a thousand impressions"},
    "number.difference": {"de": "Unterschied", "en": "Difference"},
    "number.effect": {"de": "Unterschied der Quoten in Prozentpunkten", "en": "Difference of the rates in points"},
    "number.value": {"de": "Umsatz unter dieser Aufteilung", "en": "Value under these shares"},
    "number.gain": {"de": "Erwarteter Gewinn", "en": "Expected gain"},
    "sure.unknown": {
        "de": "Das wissen wir noch nicht, und eine Zahl wäre geraten.",
        "en": "We do not know yet, and any number would be a guess.",
    },
    "help.show": {
        "de": "Sobald das Angebot gezeigt oder angeklickt wird, gibt es etwas zu zählen; oder ein anderer Zeitraum.",
        "en": "As soon as the offer is shown or clicked there is something to count; or ask for another span.",
    },
    "help.measurement": {
        "de": "Erst die Messung prüfen: Gehen Anzeigen einzelner Varianten verloren, etwa durch Umleitungen oder "
        "Filter?",
        "en": "Check the measurement first: are exposures of some arms lost, for instance by redirects or filters?",
    },
    "help.approvals": {
        "de": "Es braucht Conversions, die nicht abgelehnt werden und Umsatz haben.",
        "en": "It takes conversions that are not declined and have a value.",
    },
    "help.conversions": {
        "de": "Es fehlen {missing} {missing|Conversion|Conversions}.",
        "en": "{missing} {missing|conversion is|conversions are} missing.",
    },
    "help.conversions_days": {
        "de": "Es fehlen {missing} {missing|Conversion|Conversions}; im bisherigen Tempo dauert das etwa {days} "
        "{days|Tag|Tage}.",
        "en": "{missing} {missing|conversion is|conversions are} missing; at this pace that takes about {days} "
        "{days|day|days}.",
    },
    "help.difference": {
        "de": "Varianten, die sich stärker unterscheiden, lassen sich schneller vergleichen.",
        "en": "Arms that differ more can be compared sooner.",
    },
    "help.longer": {
        "de": "Ein längerer Zeitraum, oder gleichmäßigere Anteile der Varianten.",
        "en": "A longer span, or shares of the arms that are more even.",
    },
    "draws.ratio.arm": {
        "de": "{arm}: {exposures}-mal gezeigt, {due}-mal gelost.",
        "en": "{arm}: shown {exposures} times where {due} were due.",
    },
    "draws.ratio.fine": {
        "de": "Die Varianten wurden so oft gezeigt, wie sie gelost wurden (p = {chance_p}).",
        "en": "The arms were shown as often as they were drawn (p = {chance_p}).",
    },
    "draws.pending": {
        "de": "{pending} von {conversions} Conversions {pending|ist|sind} noch offen; sie zählen, als blieben sie so, "
        "wie bisher entschieden wurde.",
        "en": "{pending} of {conversions} conversions {pending|is|are} still pending; they count as those decided so "
        "far suggest.",
    },
    "draws.arrived": {
        "de": "Von den Conversions dieses Zeitraums dürften erst {arrived_ppm} eingegangen sein.",
        "en": "Of this span's conversions, about {arrived_ppm} will have come in so far.",
    },
}
