"""What judging a policy from a log refuses, in both languages, by code. The refusal itself has the numbers."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.column_missing": Word(
        "The log lacks a column that is needed to judge it: action, reward and propensity.",
        "Dem Protokoll fehlt eine Spalte, die zum Beurteilen nötig ist: Aktion, Ergebnis, Auswahlwahrscheinlichkeit.",
    ),
    "refusal.columns_differ_in_length": Word(
        "The columns of the log are not equally long.", "Die Spalten des Protokolls sind nicht gleich lang."
    ),
    "refusal.action_unknown": Word(
        "An action in the log is not the number of an arm.",
        "Eine Aktion im Protokoll ist nicht die Nummer einer Variante.",
    ),
    "refusal.shapes_differ": Word(
        "The log and the policy do not have the same number of rounds and arms.",
        "Protokoll und Regel haben nicht gleich viele Runden und Varianten.",
    ),
    "refusal.too_few_rounds": Word(
        "The log is too short to judge a policy by.", "Das Protokoll ist zu kurz, um eine Regel danach zu beurteilen."
    ),
    "refusal.propensity_out_of_range": Word(
        "A propensity is zero, negative or above one; what was never drawn cannot be judged.",
        "Eine Auswahlwahrscheinlichkeit ist null, negativ oder größer als eins; was nie gezogen wurde, lässt sich "
        "nicht beurteilen.",
    ),
    "refusal.propensities_do_not_sum_to_one": Word(
        "The propensities of a round do not add up to one.",
        "Die Auswahlwahrscheinlichkeiten einer Runde ergeben zusammen nicht eins.",
    ),
    "refusal.propensities_disagree": Word(
        "A logged propensity is another one than that of its arm.",
        "Eine protokollierte Auswahlwahrscheinlichkeit ist eine andere als die ihrer Variante.",
    ),
    "refusal.target_is_no_distribution": Word(
        "The shares of the policy to be judged do not add up to one.",
        "Die Anteile der Regel, die beurteilt werden soll, ergeben zusammen nicht eins.",
    ),
    "refusal.no_support": Word(
        "The policy would choose what the log never chose; nothing can be said of it.",
        "Die Regel würde wählen, was im Protokoll nie gewählt wurde; darüber lässt sich nichts sagen.",
    ),
    "refusal.rewards_constant": Word(
        "All rewards are the same; no policy can be told from another.",
        "Alle Ergebnisse sind gleich; keine Regel lässt sich von einer anderen unterscheiden.",
    ),
    "refusal.effective_size_too_small": Word(
        "Too few rounds speak about this policy: it differs too much from the one that was logged.",
        "Zu wenige Runden sagen etwas über diese Regel: Sie unterscheidet sich zu sehr von der protokollierten.",
    ),
    "refusal.weights_do_not_average_one": Word(
        "The weights do not average one, so the propensities in the log are not those that were used.",
        "Die Gewichte ergeben im Mittel nicht eins; die protokollierten Auswahlwahrscheinlichkeiten sind also nicht "
        "die, nach denen gezogen wurde.",
    ),
    "refusal.too_few_rewarded": Word(
        "Too few rounds brought anything to judge a policy by.",
        "Zu wenige Runden haben etwas gebracht, um eine Regel danach zu beurteilen.",
    ),
    "refusal.not_finite": Word(
        "A value is missing, or is not a finite number.", "Ein Wert fehlt oder ist keine endliche Zahl."
    ),
}
