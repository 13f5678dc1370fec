"""What the watch and the search for root causes refuse, in both languages, by code. The refusal itself has the
numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.budget_outside": Word(
        "The budget of false findings has to lie between 0 and 1, with one look at least.",
        "Das Maß an Fehlalarmen muss zwischen 0 und 1 liegen, bei mindestens einem Blick im Monat.",
    ),
    "refusal.change_within_noise": Word(
        "The change is no more than such a number varies by itself; take a longer time to compare.",
        "Die Änderung ist nicht größer, als diese Zahl von selbst schwankt; vergleichen Sie einen längeren Zeitraum.",
    ),
    "refusal.growth_outside": Word(
        "The expected growth has to be a number above 0.", "Das erwartete Wachstum muss eine Zahl über 0 sein."
    ),
    "refusal.no_dimensions": Word(
        "There is no such dimension to look through.", "Eine solche Dimension zum Durchsuchen gibt es nicht."
    ),
    "refusal.nothing_before": Word(
        "There was nothing before, so there is nothing to compare with.",
        "Davor gab es nichts, also lässt sich nichts vergleichen.",
    ),
    "refusal.nothing_below": Word(
        "The denominator is 0 before or after, so the ratio says nothing.",
        "Der Nenner ist davor oder danach 0, daher sagt das Verhältnis nichts.",
    ),
    "refusal.nothing_expected": Word(
        "Nothing was expected here, so nothing can be missing; wait for a longer past.",
        "Hier wurde nichts erwartet, also kann nichts fehlen; warten Sie, bis mehr Vergangenheit da ist.",
    ),
    "refusal.part_outside": Word(
        "A part is larger than its whole; count anew.", "Ein Teil ist größer als sein Ganzes; zählen Sie neu."
    ),
    "refusal.past_too_short": Word(
        "There are fewer than three weeks to compare with; wait until there are.",
        "Zum Vergleichen liegen weniger als drei Wochen vor; warten Sie so lange.",
    ),
}
