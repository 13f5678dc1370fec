"""What sharing out exposures refuses, in both languages, by code. The refusal itself has the numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.counts_broken": Word(
        "An arm was clicked more often than it was shown; count anew.",
        "Eine Variante wurde öfter geklickt als gezeigt; zählen Sie neu.",
    ),
    "refusal.counts_negative": Word("A count is negative; count anew.", "Eine Anzahl ist negativ; zählen Sie neu."),
    "refusal.counts_not_finite": Word(
        "A count is not a finite number; count anew.", "Eine Anzahl ist keine endliche Zahl; zählen Sie neu."
    ),
    "refusal.events_without_exposures": Word(
        "An arm has clicks or conversions, but was never shown.",
        "Eine Variante hat Klicks oder Conversions, wurde aber nie gezeigt.",
    ),
    "refusal.floor_too_high": Word(
        "The smallest share is too large for so many arms.",
        "Der kleinste Anteil ist zu groß für so viele Varianten.",
    ),
    "refusal.hints_broken": Word(
        "Hints are one finite number for every arm; leave them out, or make them anew.",
        "Hinweise sind eine endliche Zahl je Variante; lassen Sie sie weg oder bilden Sie sie neu.",
    ),
    "refusal.lessons_broken": Word(
        "The earlier campaigns cannot be learnt from as they were given.",
        "Aus den früheren Kampagnen lässt sich so, wie sie angegeben sind, nichts lernen.",
    ),
    "refusal.margin_negative": Word(
        "A margin is below zero; losses cannot be weighed here.",
        "Eine Marge liegt unter null; Verluste lassen sich hier nicht abwägen.",
    ),
    "refusal.no_exposures": Word(
        "None of the arms was shown yet; show them first, in equal shares.",
        "Noch keine Variante wurde gezeigt; zeigen Sie sie zuerst zu gleichen Teilen.",
    ),
    "refusal.no_outcomes_yet": Word(
        "Nothing is old enough to have an outcome; wait until conversions come in.",
        "Noch nichts ist alt genug für ein Ergebnis; warten Sie, bis Conversions eingehen.",
    ),
    "refusal.nothing_left": Word(
        "No exposures are expected any more, so there is nothing to share out.",
        "Es werden keine Einblendungen mehr erwartet; es gibt nichts aufzuteilen.",
    ),
    "refusal.parts_do_not_fit": Word(
        "Every kind of part needs a spread in the prior and an entry for every arm.",
        "Jede Art von Bestandteil braucht eine Streuung im Vorwissen und einen Eintrag je Variante.",
    ),
    "refusal.periods_do_not_fit": Word(
        "Exposures and events need the same periods and arms.",
        "Einblendungen und Ereignisse brauchen dieselben Zeiträume und Varianten.",
    ),
    "refusal.prior_broken": Word(
        "The prior needs a level and spreads that are positive numbers; learn it anew.",
        "Das Vorwissen braucht ein Niveau und positive Streuungen; lernen Sie es neu.",
    ),
    "refusal.propensity_zero": Word(
        "With a smallest share of zero an arm could never be drawn, and no log could judge it.",
        "Mit einem kleinsten Anteil von null könnte eine Variante nie gezogen und nie beurteilt werden.",
    ),
    "refusal.share_above_one": Word(
        "More than all conversions of an arm are said to have come in.",
        "Von einer Variante sollen mehr als alle Conversions eingegangen sein.",
    ),
    "refusal.squares_missing": Word(
        "Amounts come without the sum of their squares.", "Zu Beträgen fehlt die Summe ihrer Quadrate."
    ),
    "refusal.strata_do_not_fit": Word(
        "Exposures and events need the same contexts and arms.",
        "Einblendungen und Ereignisse brauchen dieselben Kontexte und Varianten.",
    ),
    "refusal.too_many_strata": Word(
        "There are too many contexts to tell apart; merge some.",
        "Es sind zu viele Kontexte, um sie zu unterscheiden; fassen Sie einige zusammen.",
    ),
}
