"""What questions about experiments refuse, in both languages, by code. The refusal itself has the numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.level_outside": Word(
        "The error level has to lie between 0 and 1, for instance 0.05.",
        "Das Fehlerniveau muss zwischen 0 und 1 liegen, etwa 0,05.",
    ),
    "refusal.shape_wrong": Word(
        "The tables do not fit together: the same periods and arms are needed everywhere.",
        "Die Tabellen passen nicht zusammen: Überall braucht es dieselben Zeiträume und Varianten.",
    ),
    "refusal.nothing_there": Word(
        "There is nothing to judge: the data are empty.", "Es gibt nichts zu beurteilen: Die Daten sind leer."
    ),
    "refusal.not_a_number": Word(
        "Values are missing or are not numbers; fill or remove them.",
        "Es fehlen Werte, oder sie sind keine Zahlen; ergänzen oder entfernen Sie sie.",
    ),
    "refusal.negative_count": Word(
        "A count is negative; no effect can be read from it.",
        "Eine Anzahl ist negativ; daraus lässt sich keine Wirkung lesen.",
    ),
    "refusal.not_a_count": Word("Counts have to be whole numbers.", "Anzahlen müssen ganze Zahlen sein."),
    "refusal.one_arm": Word(
        "There is one group only; a comparison needs two.",
        "Es gibt nur eine Gruppe; ein Vergleich braucht zwei.",
    ),
    "refusal.no_impressions": Word(
        "Nobody has seen an arm yet; without impressions there is nothing to compare.",
        "Eine Variante hat noch niemand gesehen; ohne Impressionen gibt es nichts zu vergleichen.",
    ),
    "refusal.shares_broken": Word(
        "The planned shares have to be at least 0 and add up to 1.",
        "Die geplanten Anteile müssen mindestens 0 sein und zusammen 1 ergeben.",
    ),
    "refusal.share_outside": Word("A share lies outside what it may be.", "Ein Anteil liegt außerhalb des Erlaubten."),
    "refusal.sample_ratio_broken": Word(
        "The arms were not shown as planned; no effect can be read until the cause is found.",
        "Die Varianten wurden nicht wie geplant gezeigt; solange die Ursache nicht gefunden ist, lässt sich keine "
        "Wirkung lesen.",
    ),
    "refusal.more_broken_than_judged": Word(
        "More experiments are broken than were judged.", "Es sind mehr Experimente gestört, als beurteilt wurden."
    ),
    "refusal.too_many_periods": Word(
        "There are too many periods; take longer ones.", "Es sind zu viele Zeiträume; nehmen Sie längere."
    ),
    "refusal.more_than_seen": Word(
        "There are more successes than impressions.", "Es gibt mehr Erfolge als Impressionen."
    ),
    "refusal.too_few_events": Word(
        "There are too few successes so far to say anything.",
        "Bisher gibt es zu wenige Erfolge, um etwas sagen zu können.",
    ),
    "refusal.too_few_units": Word(
        "There are too few units in a group to say anything.",
        "In einer Gruppe sind zu wenige, um etwas sagen zu können.",
    ),
    "refusal.squares_too_small": Word(
        "The sums of squares do not fit the sums.", "Die Quadratsummen passen nicht zu den Summen."
    ),
    "refusal.constant_series": Word(
        "The outcome never varies; without spread there is no interval.",
        "Das Ergebnis schwankt nicht; ohne Streuung gibt es kein Intervall.",
    ),
    "refusal.control_unknown": Word("There is no such arm.", "Diese Variante gibt es nicht."),
    "refusal.plan_missing": Word(
        "Say for how many impressions the trial is planned, before it begins.",
        "Sagen Sie vor Beginn, für wie viele Impressionen der Versuch geplant ist.",
    ),
    "refusal.arm_never_shown": Word(
        "An arm was never shown; leave it out or wait.",
        "Eine Variante wurde nie gezeigt; lassen Sie sie weg oder warten Sie.",
    ),
    "refusal.not_two_arms": Word(
        "This question compares exactly two groups.", "Diese Frage vergleicht genau zwei Gruppen."
    ),
    "refusal.carry_over_too_long": Word(
        "The carry-over fills the whole block; take longer blocks.",
        "Die Nachwirkung füllt den ganzen Block; nehmen Sie längere Blöcke.",
    ),
    "refusal.design_broken": Word(
        "Units and durations of a design have to be positive, spreads at least 0.",
        "Mengen und Dauern eines Plans müssen positiv sein, Streuungen mindestens 0.",
    ),
    "refusal.too_few_blocks": Word(
        "There are too few blocks of time; run longer or take shorter ones.",
        "Es gibt zu wenige Zeitblöcke; laufen Sie länger, oder nehmen Sie kürzere.",
    ),
    "refusal.too_few_pairs": Word("There are too few pairs of regions.", "Es gibt zu wenige Paare von Regionen."),
    "refusal.history_too_short": Word(
        "The history is too short for a trial of this length.",
        "Die Vorgeschichte ist zu kurz für einen Versuch dieser Länge.",
    ),
    "refusal.days_not_positive": Word(
        "A trial has to run for a day at least.", "Ein Versuch muss mindestens einen Tag laufen."
    ),
    "refusal.effect_zero": Word(
        "An effect of zero cannot be found, however long one looks.",
        "Eine Wirkung von null lässt sich nicht finden, so lange man auch sucht.",
    ),
    "refusal.effect_too_small": Word(
        "The effect is too small to be found in the time there is.",
        "Die Wirkung ist zu klein, um in der verfügbaren Zeit gefunden zu werden.",
    ),
    "refusal.power_outside": Word(
        "The power has to lie between the error level and 1, for instance 0.8.",
        "Die Trennschärfe muss zwischen dem Fehlerniveau und 1 liegen, etwa 0,8.",
    ),
    "refusal.treatment_not_binary": Word(
        "The treatment has values other than 0 and 1.", "Die Behandlung hat andere Werte als 0 und 1."
    ),
    "refusal.covariates_dependent": Word(
        "The treatment or a covariate follows from the others; leave one out.",
        "Die Behandlung oder ein Merkmal folgt aus den anderen; lassen Sie eines weg.",
    ),
    "refusal.no_overlap": Word(
        "What is known of them tells the groups apart almost for certain; there is nobody in common to compare.",
        "Was bekannt ist, trennt die Gruppen fast mit Sicherheit; es gibt niemanden, der sich vergleichen lässt.",
    ),
    "refusal.effective_group_too_small": Word(
        "After weighting, a group is worth too few units; more data are needed, or groups that are more alike.",
        "Nach der Gewichtung zählt eine Gruppe zu wenige; es braucht mehr Daten oder ähnlichere Gruppen.",
    ),
    "refusal.too_few_runs": Word(
        "Too few runs tell nothing of how often.", "Zu wenige Durchläufe sagen nichts darüber, wie oft."
    ),
}
