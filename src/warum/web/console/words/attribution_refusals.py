"""What sharing out conversions refuses, in both languages, by code. The refusal itself has the numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.journeys_column_missing": Word(
        "The journeys lack a column that is needed.", "Den Verläufen fehlt eine Spalte, die gebraucht wird."
    ),
    "refusal.journeys_shape_wrong": Word(
        "The columns of the journeys do not fit together.", "Die Spalten der Verläufe passen nicht zusammen."
    ),
    "refusal.journeys_not_finite": Word(
        "Journeys have values that are missing, negative or no numbers; fill or remove them.",
        "In den Verläufen sind Werte, die fehlen, negativ oder keine Zahlen sind; ergänzen oder entfernen Sie sie.",
    ),
    "refusal.journeys_empty": Word("There is not a single journey.", "Es gibt keinen einzigen Verlauf."),
    "refusal.channel_unknown_in_touch": Word(
        "A touch names a channel that is not listed.", "Ein Kontakt nennt einen Kanal, der nicht aufgeführt ist."
    ),
    "refusal.touch_of_nobody": Word(
        "A touch names a person who is not among the journeys.",
        "Ein Kontakt nennt eine Person, zu der es keinen Verlauf gibt.",
    ),
    "refusal.level_outside_attribution": Word(
        "The level has to lie between 0 and 1, and a step of time be longer than 0.",
        "Das Niveau muss zwischen 0 und 1 liegen und ein Zeitschritt länger als 0 sein.",
    ),
    "refusal.one_credited_channel": Word(
        "There is one channel only: all of the credit is its own.",
        "Es gibt nur einen Kanal: Ihm wird alles zugerechnet.",
    ),
    "refusal.no_credited_conversions": Word(
        "No conversion has a touch before it: there is nothing to share out.",
        "Keiner Conversion ging ein Kontakt voraus: Es gibt nichts aufzuteilen.",
    ),
    "refusal.only_converting_journeys": Word(
        "All journeys end in a conversion. From these alone nobody can tell what a channel adds: bring the journeys "
        "without a conversion too, or hold people out at random.",
        "Alle Verläufe enden mit einer Conversion. Aus ihnen allein lässt sich nicht sagen, was ein Kanal hinzufügt: "
        "Nehmen Sie die Verläufe ohne Conversion dazu, oder halten Sie Menschen zufällig heraus.",
    ),
    "refusal.too_few_converting_journeys": Word(
        "There are too few journeys with a conversion to say what channels bring.",
        "Es gibt zu wenige Verläufe mit Conversion, um zu sagen, was Kanäle bringen.",
    ),
    "refusal.too_few_unconverted_journeys": Word(
        "There are too few journeys without a conversion to say what channels bring.",
        "Es gibt zu wenige Verläufe ohne Conversion, um zu sagen, was Kanäle bringen.",
    ),
    "refusal.too_many_channels": Word(
        "There are too many channels; put them into groups.", "Es sind zu viele Kanäle; fassen Sie sie zusammen."
    ),
    "refusal.channel_rarely_seen": Word(
        "A channel touched too few people; wait, or put small channels into one group.",
        "Ein Kanal hat zu wenige Menschen erreicht; warten Sie, oder fassen Sie kleine Kanäle zusammen.",
    ),
    "refusal.losses_unknown": Word(
        "This rule divides credit and does not say what is lost without a channel.",
        "Diese Regel teilt nur auf und sagt nicht, was ohne einen Kanal verloren ginge.",
    ),
    "refusal.nothing_is_lost": Word(
        "No channel adds conversions as far as can be seen; there are no shares.",
        "Soweit zu sehen ist, bringt kein Kanal zusätzliche Conversions; es gibt keine Anteile.",
    ),
    "refusal.holdout_counts_wrong": Word(
        "The counts of the holdout contradict each other.", "Die Anzahlen der Kontrollgruppe widersprechen einander."
    ),
    "refusal.holdout_missing": Word(
        "There is no holdout; an increment needs people who were kept out at random.",
        "Es gibt keine Kontrollgruppe; ein Zuwachs braucht Menschen, die zufällig herausgehalten wurden.",
    ),
    "refusal.holdout_ratio_broken": Word(
        "The holdout is not of the planned size; no increment can be read until the cause is found.",
        "Die Kontrollgruppe ist nicht so groß wie geplant; solange die Ursache nicht gefunden ist, lässt sich kein "
        "Zuwachs ablesen.",
    ),
    "refusal.holdout_too_few_conversions": Word(
        "One of the two groups has too few conversions so far; wait.",
        "Eine der beiden Gruppen hat bisher zu wenige Conversions; warten Sie.",
    ),
    "refusal.channel_unknown_in_holdout": Word(
        "A holdout names a channel that is not in the journeys.",
        "Eine Kontrollgruppe nennt einen Kanal, der in den Verläufen nicht vorkommt.",
    ),
}
