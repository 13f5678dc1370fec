"""What scout and quality refuse, in both languages, by code. The refusal itself has the numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.amount_negative": Word(
        "There are negative amounts; what was kept of a sale is at least zero.",
        "Es gibt negative Beträge; von einem Verkauf bleibt mindestens null.",
    ),
    "refusal.answer_missing": Word(
        "Say in a sentence or two how these sales came about.",
        "Sagen Sie in ein, zwei Sätzen, wie diese Verkäufe zustande kamen.",
    ),
    "refusal.case_not_open": Word(
        "This is held or decided already. A decision can be contested.",
        "Das ist schon zurückgehalten oder entschieden. Einer Entscheidung kann widersprochen werden.",
    ),
    "refusal.clicks_few": Word(
        "We do not know yet: there are too few clicks to compare.",
        "Das wissen wir noch nicht: Für einen Vergleich gibt es zu wenige Klicks.",
    ),
    "refusal.columns_differ": Word(
        "The data do not fit together: every sale needs every value.",
        "Die Daten passen nicht zusammen: Zu jedem Verkauf gehört jeder Wert.",
    ),
    "refusal.delay_broken": Word(
        "There are sales before their click; please check the clocks.",
        "Es gibt Verkäufe vor ihrem Klick; bitte die Uhren prüfen.",
    ),
    "refusal.needs_person": Word(
        "Whatever may cost income is decided by a person.",
        "Was jemanden Einkommen kosten kann, entscheidet ein Mensch.",
    ),
    "refusal.newcomers_share_outside": Word(
        "The newcomers' share lies between 0 and 100 percent.",
        "Der Anteil der Neuen liegt zwischen 0 und 100 Prozent.",
    ),
    "refusal.publisher_not_listed": Word(
        "There are sales of publishers that are not in the list; add them.",
        "Es gibt Verkäufe von Publishern, die nicht in der Liste stehen; ergänzen Sie sie.",
    ),
    "refusal.publisher_twice": Word(
        "A publisher is listed twice; list each of them once.",
        "Ein Publisher steht zweimal in der Liste; nennen Sie jeden einmal.",
    ),
    "refusal.publishers_few": Word(
        "There are too few publishers for a ranking.", "Für eine Rangfolge gibt es zu wenige Publisher."
    ),
    "refusal.reason_missing": Word(
        "Give a reason; the publisher sees it.", "Geben Sie einen Grund an; der Publisher sieht ihn."
    ),
    "refusal.sales_few": Word(
        "We do not know yet: too few sales are decided.",
        "Das wissen wir noch nicht: Zu wenige Verkäufe sind entschieden.",
    ),
    "refusal.sales_to_come": Word(
        "There are sales of today or later; a forecast reads only what is past.",
        "Es gibt Verkäufe von heute oder später; eine Vorhersage liest nur Vergangenes.",
    ),
    "refusal.value_missing": Word(
        "No sale has a value by which publishers could be ranked.",
        "Kein Verkauf hat einen Wert, nach dem sich Publisher ordnen ließen.",
    ),
    "refusal.weeks_broken": Word(
        "Clicks are needed for the same days of both, in whole weeks.",
        "Klicks werden für dieselben Tage gebraucht, in ganzen Wochen.",
    ),
    "refusal.weeks_few": Word(
        "We do not know yet: four weeks of clicks are needed.",
        "Das wissen wir noch nicht: Nötig sind vier Wochen mit Klicks.",
    ),
    "refusal.window_broken": Word(
        "Publishers are compared over one window of whole days.",
        "Publisher werden über denselben Zeitraum aus ganzen Tagen verglichen.",
    ),
    "refusal.window_short": Word(
        "A forecast is for two weeks or more.", "Eine Vorhersage gilt für mindestens zwei Wochen."
    ),
}
