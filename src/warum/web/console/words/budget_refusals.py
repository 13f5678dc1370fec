"""What curves, splits of a budget and changes of a rate refuse, in both languages, by code."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.spend_negative": Word(
        "Spend, caps and fees must not be negative.", "Ausgaben, Obergrenzen und Gebühren dürfen nicht negativ sein."
    ),
    "refusal.too_few_periods": Word(
        "The history is too short for that many channels.", "Die Vorgeschichte ist für so viele Kanäle zu kurz."
    ),
    "refusal.spend_constant": Word(
        "A channel's spend never changed, so its effect cannot be told. Vary it for some weeks.",
        "Die Ausgaben eines Kanals waren immer gleich; seine Wirkung ist so nicht erkennbar. Verändern Sie sie einige "
        "Wochen lang.",
    ),
    "refusal.spend_together": Word(
        "A channel only ever moved together with others; vary it by itself for some weeks.",
        "Ein Kanal änderte sich immer nur zusammen mit anderen; verändern Sie ihn einige Wochen lang allein.",
    ),
    "refusal.budget_not_positive": Word(
        "The budget has to be an amount above zero.", "Das Budget muss ein Betrag über null sein."
    ),
    "refusal.ceiling_not_positive": Word(
        "The ceiling of cost / revenue has to be above zero.",
        "Die Obergrenze der Kosten-Umsatz-Relation muss über null liegen.",
    ),
    "refusal.response_falls": Word(
        "A curve says that more spend brings less; it cannot be right.",
        "Eine Kurve besagt, dass mehr Geld weniger bringt; das kann nicht stimmen.",
    ),
    "refusal.constraint_broken": Word(
        "A constraint needs one number for each line.", "Eine Bedingung braucht eine Zahl für jede Zeile."
    ),
    "refusal.constraints_conflict": Word(
        "Some constraints cannot hold together; loosen or remove one of those named.",
        "Einige Bedingungen schließen einander aus; lockern oder entfernen Sie eine der genannten.",
    ),
    "refusal.limits_broken": Word(
        "Need and limit of the occupancy have to rise and lie between 0 and 1.",
        "Bedarf und Grenze der Auslastung müssen aufsteigend zwischen 0 und 1 liegen.",
    ),
    "refusal.occupancy_broken": Word(
        "A night's expected rooms have to lie between 0 and all rooms.",
        "Die erwarteten Zimmer einer Nacht müssen zwischen 0 und allen Zimmern liegen.",
    ),
    "refusal.no_sales": Word("There are no sales to reprice.", "Es gibt keine Umsätze, die neu zu vergüten wären."),
    "refusal.rates_broken": Word(
        "Two different rates above 0 and up to 100 % are needed.",
        "Es braucht zwei verschiedene Sätze über 0 und bis 100 %.",
    ),
    "refusal.margin_broken": Word(
        "The margin has to lie above 0 and at most at 1.", "Die Marge muss über 0 und höchstens bei 1 liegen."
    ),
    "refusal.elasticity_broken": Word(
        "The elasticity needs a mean and a positive deviation.",
        "Die Elastizität braucht einen Mittelwert und eine positive Streuung.",
    ),
}
