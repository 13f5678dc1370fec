"""The score card of a bot: what it promised, and what came of it."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "scorecard.title": Word("Score card: {bot}", "Zeugnis: {bot}"),
    "scorecard.open": Word("Score card", "Zeugnis"),
    "scorecard.bots": Word("Score cards of the bots", "Zeugnisse der Bots"),
    "scorecard.lead": Word(
        "What each bot promised, what was measured, and what people made of it.",
        "Was jeder Bot versprochen hat, was gemessen wurde und was Menschen daraus gemacht haben.",
    ),
    "scorecard.limits": Word("Switches and limits", "Schalter und Grenzen"),
    "scorecard.programs": Word("Program", "Programm"),
    "scorecard.programs.all": Word("All programs", "Alle Programme"),
    "scorecard.days": Word("Proposed within", "Vorgeschlagen in"),
    "scorecard.days.28": Word("4 weeks", "4 Wochen"),
    "scorecard.days.84": Word("12 weeks", "12 Wochen"),
    "scorecard.days.365": Word("1 year", "1 Jahr"),
    "scorecard.days.all": Word("All", "Alles"),
    "scorecard.code.holds": Word("Holds", "Hält"),
    "scorecard.code.too_few": Word("Too few to tell", "Zu wenige"),
    "scorecard.code.too_high": Word("Promises too much", "Verspricht zu viel"),
    "scorecard.code.too_low": Word("Promises too little", "Verspricht zu wenig"),
    "scorecard.code.overconfident": Word("Too confident", "Zu sicher"),
    "scorecard.code.too_modest": Word("Too modest", "Zu bescheiden"),
    "scorecard.due": Word(
        "The next one runs until {day}; then its conversions still have to be decided.",
        "Das nächste läuft bis {day}; dann müssen seine Conversions noch entschieden werden.",
    ),
    "scorecard.due.passed": Word(
        "The next one has run its time and waits until its conversions are decided.",
        "Das nächste ist abgelaufen und wartet, bis seine Conversions entschieden sind.",
    ),
    "scorecard.left_out": Word(
        "Judged by the newest {count} proposals.", "Beurteilt nach den neuesten {count} Vorschlägen."
    ),
    "scorecard.tile.unknown": Word("not known yet", "noch unbekannt"),
    "scorecard.tile.few": Word("too few outcomes", "zu wenige Ergebnisse"),
    "scorecard.tile.coverage": Word("Within the promised interval", "Im versprochenen Bereich"),
    "scorecard.tile.coverage.foot": Word(
        "90% was said; truly {between}", "90\u00a0% waren angesagt; wirklich {between}"
    ),
    "scorecard.tile.ratio": Word("Came of what was promised", "Kam vom Versprochenen"),
    "scorecard.tile.overridden": Word("Overridden by people", "Von Menschen übergangen"),
    "scorecard.tile.overridden.foot": Word(
        ("{count} of {n} decision", "{count} of {n} decisions"),
        ("{count} von {n} Entscheidung", "{count} von {n} Entscheidungen"),
    ),
    "scorecard.tile.overridden.none": Word("nobody decided yet", "noch nichts entschieden"),
    "scorecard.tile.waited": Word("Until people decide", "Bis Menschen entscheiden"),
    "scorecard.tile.waited.foot": Word("median, from the proposal on", "Median, ab dem Vorschlag"),
    "scorecard.measured": Word("Promised and measured", "Versprochen und gemessen"),
    "scorecard.measured.text": Word(
        ("{n} final outcome.", "{n} final outcomes, the newest."),
        ("{n} endgültiges Ergebnis.", "{n} endgültige Ergebnisse, die neuesten."),
    ),
    "scorecard.measured.line": Word(
        "On the dashed line as much came as was promised; red are promises that were missed.",
        "Auf der gestrichelten Linie kam so viel wie versprochen; rot sind verfehlte Versprechen.",
    ),
    "scorecard.measured.bars": Word(
        "Bars are 90% intervals of what was measured.", "Balken sind 90-%-Bereiche des Gemessenen."
    ),
    "scorecard.bins": Word("The numbers", "Die Zahlen"),
    "scorecard.measured.rows": Word("The numbers are in the list.", "Die Zahlen stehen in der Liste."),
    "scorecard.calibration": Word("How sure it was, and how often it came", "Wie sicher er war und wie oft es kam"),
    "scorecard.bins.stated": Word("Stated", "Angesagt"),
    "scorecard.bins.expected": Word("Expected to be seen", "Sollte man sehen"),
    "scorecard.bins.came": Word("Seen", "Gesehen"),
    "scorecard.bins.of": Word("{count} of {of}", "{count} von {of}"),
    "scorecard.money": Word("Won and lost", "Gewonnen und verloren"),
    "scorecard.money.basis": Word("Proposals", "Vorschläge"),
    "scorecard.money.won": Word("Won", "Gewonnen"),
    "scorecard.money.lost": Word("Lost", "Verloren"),
    "scorecard.money.total": Word("Together", "Zusammen"),
    "scorecard.money.count": Word(("{n} promise", "{n} promises"), ("{n} Versprechen", "{n} Versprechen")),
    "scorecard.money.note": Word(
        "Final outcomes, in approved value. Chance is in each of them: even a change without any effect is measured as "
        "a small win or loss. What counts is the sum, with its 90% interval.",
        "Endgültige Ergebnisse, als freigegebener Umsatz. In jedem steckt Zufall: Auch eine Änderung ohne jede Wirkung "
        "misst sich als kleiner Gewinn oder Verlust. Es zählt die Summe, mit ihrem 90-%-Bereich.",
    ),
    "scorecard.money.estimate": Word(
        "What was only watched or declined was not done: its rows are estimates, from the draws under the old shares.",
        "Was nur beobachtet oder abgelehnt wurde, geschah nicht: Diese Zeilen sind Schätzungen aus den Ziehungen unter "
        "den alten Anteilen.",
    ),
    "scorecard.basis.applied": Word("Applied", "Angewandt"),
    "scorecard.basis.shadow": Word("Only watched: would have brought", "Nur beobachtet: hätte gebracht"),
    "scorecard.basis.declined": Word("Declined: would have brought", "Abgelehnt: hätte gebracht"),
    "scorecard.reasons": Word("Why people went another way", "Warum Menschen anders entschieden"),
    "scorecard.promises": Word("The promises", "Die Versprechen"),
    "scorecard.col.offer": Word("Offer", "Angebot"),
    "scorecard.col.state": Word("State", "Stand"),
    "scorecard.col.outcome": Word("Outcome", "Ergebnis"),
    "scorecard.not_measured": Word("nothing measured yet", "noch nichts gemessen"),
    "scorecard.none.title": Word("No promise yet", "Noch kein Versprechen"),
    "scorecard.none.text": Word(
        "With every proposal a bot promises a gain and an interval. Once its time is over, mostly after a week, and "
        "the conversions are decided, what was measured stands here beside it: how often promises hold, what they "
        "brought, and how often people went another way.",
        "Mit jedem Vorschlag verspricht ein Bot einen Gewinn und einen Bereich. Ist dessen Zeit um, meist nach einer "
        "Woche, und sind die Conversions entschieden, steht hier daneben, was gemessen wurde: wie oft Versprechen "
        "halten, was sie brachten und wie oft Menschen anders entschieden.",
    ),
    "scorecard.none.filtered.title": Word("No promise in this choice", "Kein Versprechen in dieser Auswahl"),
    "scorecard.none.filtered.text": Word(
        "The bot made none for this program in this time.",
        "Für dieses Programm hat der Bot in dieser Zeit keines gegeben.",
    ),
    "scorecard.none.filtered.act": Word("All promises", "Alle Versprechen"),
    "refusal.outcomes_few": Word(
        "There are too few promises with a final outcome to judge by. Wait, or look at a longer period.",
        "Es gibt zu wenige Versprechen mit endgültigem Ergebnis für ein Urteil. Warten Sie, oder sehen Sie einen "
        "längeren Zeitraum an.",
    ),
    "refusal.promised_nothing": Word(
        "What was promised does not add up to a gain, so no share of it can have come.",
        "Was versprochen wurde, ergibt zusammen keinen Gewinn; also kann kein Anteil davon gekommen sein.",
    ),
    "refusal.span_said_twice": Word(
        "Give either a begin or a number of days, not both.",
        "Geben Sie entweder einen Beginn oder eine Anzahl Tage an, nicht beides.",
    ),
}
