"""Today."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "today.health": Word("Is everything running?", "Läuft alles?"),
    "today.part.edge": Word("Edge", "Edge"),
    "today.part.worker": Word("Worker", "Worker"),
    "today.state.up": Word("Runs", "Läuft"),
    "today.state.down": Word("Does not answer", "Antwortet nicht"),
    "today.state.unknown": Word("Unknown", "Unbekannt"),
    "today.reports_open": Word(
        ("{n} report waits for a person", "{n} reports wait for a person"),
        ("{n} Meldung wartet auf jemanden", "{n} Meldungen warten auf jemanden"),
    ),
    "today.postbacks_waiting": Word(
        ("{n} postback on its way", "{n} postbacks on their way"), ("{n} Postback unterwegs", "{n} Postbacks unterwegs")
    ),
    "today.acts": Word("What changed", "Was sich geändert hat"),
    "today.act.what": Word("Operation", "Vorgang"),
    "today.act.subject": Word("Subject", "Gegenstand"),
    "today.act.who": Word("By", "Von"),
    "today.act.when": Word("When", "Wann"),
    "today.quiet": Word("Nothing changed yet", "Noch nichts geändert"),
    "today.quiet.text": Word(
        "Whatever anybody changes is listed here: people, keys, bots.",
        "Was auch immer jemand ändert, steht hier: Personen, Schlüssel, Bots.",
    ),
}
