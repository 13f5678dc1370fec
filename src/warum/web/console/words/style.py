"""The living style page, which only people who build pages look at."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "style.title": Word("Style", "Stil"),
    "style.lead": Word(
        "Every component in every state, drawn by the macros that the pages use.",
        "Jeder Baustein in jedem Zustand, gezeichnet von den Makros der Seiten.",
    ),
    "style.colours": Word("Colours", "Farben"),
    "style.type": Word("Type", "Schrift"),
    "style.buttons": Word("Buttons", "Schaltflächen"),
    "style.fields": Word("Fields", "Felder"),
    "style.menus": Word("Menus", "Menüs"),
    "style.figures": Word("Figures", "Kennzahlen"),
    "style.badges": Word("Badges", "Marken"),
    "style.table": Word("Table", "Tabelle"),
    "style.timeline": Word("Timeline", "Zeitleiste"),
    "style.decision": Word("Decision", "Entscheidung"),
    "style.chart": Word("Chart", "Diagramm"),
    "style.empty": Word("Empty state", "Leerer Zustand"),
    "style.messages": Word("Messages", "Meldungen"),
    "style.formats": Word("Formats", "Formate"),
    "style.toast": Word("Approved. The new shares are in force.", "Bestätigt. Die neuen Anteile gelten."),
    "style.show_toast": Word("Show a message", "Meldung zeigen"),
    "style.main": Word("Main", "Haupt"),
    "style.plain": Word("Plain", "Schlicht"),
    "style.quiet": Word("Quiet", "Leise"),
    "style.danger": Word("Danger", "Gefahr"),
    "style.small": Word("Small", "Klein"),
    "style.busy": Word("Busy", "Beschäftigt"),
    "style.disabled": Word("Disabled", "Gesperrt"),
    "style.approve": Word("Approve", "Annehmen"),
    "style.decline": Word("Decline", "Ablehnen"),
    "style.edit": Word("Change", "Ändern"),
    "style.hint": Word("A hint says what is expected.", "Ein Hinweis sagt, was erwartet wird."),
    "style.clicks": Word("Clicks", "Klicks"),
    "style.commission": Word("Commission", "Provision"),
    "style.declined": Word("Declined", "Abgelehnt"),
    "style.publisher": Word("Publisher", "Publisher"),
    "style.trend": Word("14 days", "14 Tage"),
    "style.total": Word("Total", "Summe"),
    "style.before": Word("Comparison", "Vergleich"),
    "style.numbers": Word("Numbers as a table", "Zahlen als Tabelle"),
    "style.day": Word("Day", "Tag"),
    "style.claim": Word("Show “Seaside at dusk” more often", "„Seeblick am Abend“ öfter zeigen"),
    "style.bot": Word("Creative bot", "Werbemittel-Bot"),
    "style.stake": Word("a week, 90 % interval", "pro Woche, 90-%-Intervall"),
    "style.evidence": Word(
        "It earned {more} more per click over {n} clicks, and the shares were drawn as planned.",
        "Es brachte {more} mehr je Klick über {n} Klicks, und die Anteile wurden wie geplant gezogen.",
    ),
    "style.step.click": Word("Click with consent", "Klick mit Einwilligung"),
    "style.step.booked": Word("Booked", "Gebucht"),
    "style.step.held": Word("Held until check-out and 3 days", "Gehalten bis zur Abreise und 3 Tage"),
    "style.step.paid": Word("Paid", "Ausgezahlt"),
    "style.step.declined": Word("Declined: cancelled", "Abgelehnt: storniert"),
    "style.nothing": Word("No clicks yet", "Noch keine Klicks"),
    "style.nothing.text": Word(
        "As soon as somebody follows a link, it shows here within two seconds. Try it with a click of your own.",
        "Sobald jemand einem Link folgt, steht es hier binnen zwei Sekunden. Probieren Sie es mit einem eigenen Klick.",
    ),
    "style.test_click": Word("Send a test click", "Testklick senden"),
}
