"""The page of an advice: what approving it does, the drafts, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.web.console.words.word import Word

WORDS: Final[Mapping[str, Word]] = {
    "advice.claim": Word("What the bot says", "Was der Bot sagt"),
    "advice.steps": Word("What approving does", "Was die Freigabe tut"),
    "advice.steps.were": Word("The steps", "Die Schritte"),
    "advice.steps.note": Word(
        "Nothing happens before. The steps are performed in your name, all of them or none.",
        "Vorher geschieht nichts. Die Schritte werden in Ihrem Namen ausgeführt, alle oder keiner.",
    ),
    "advice.steps.reversible": Word("They can be taken back.", "Sie lassen sich zurücknehmen."),
    "advice.steps.lasting": Word(
        "Not all of them can be taken back from here.", "Nicht alle lassen sich von hier aus zurücknehmen."
    ),
    "advice.steps.none": Word(
        "Nothing is changed. Approving says that you look into it, and the bot does not ask again meanwhile.",
        "Es wird nichts geändert. Die Freigabe sagt, dass Sie sich darum kümmern; der Bot fragt solange nicht wieder.",
    ),
    "advice.step.taken": Word("Done", "Erledigt"),
    "advice.step.undone": Word("Taken back", "Zurückgenommen"),
    "advice.letter": Word("Read the draft", "Entwurf lesen"),
    "advice.letter.to": Word("To", "An"),
    "advice.letter.subject": Word("Subject", "Betreff"),
    "advice.letter.body": Word("Text", "Text"),
    "advice.letter.edit": Word(
        "To {to}. Change what you like: what stands here is what they will read.",
        "An {to}. Ändern Sie, was Sie möchten: Was hier steht, wird gelesen.",
    ),
    "advice.letter.other": Word("Write it in another language:", "In einer anderen Sprache schreiben:"),
    "advice.rows": Word("The rows behind it", "Die Zeilen dahinter"),
    "advice.rows.links": Word("Links and their clicks", "Links und ihre Klicks"),
    "advice.rows.conversions": Word("Conversions", "Conversions"),
    "advice.outcome.note": Word(
        "Measured from what came in since. Nothing was drawn by lot, so it does not prove the advice was the cause.",
        "Gemessen an dem, was seither kam. Da nicht gelost wurde, beweist es nicht, dass der Rat die Ursache war.",
    ),
    "advice.outcome.unpromised": Word(
        "This advice promised no amount, so there is nothing to measure it by.",
        "Dieser Rat hat keinen Betrag versprochen; es gibt also nichts zu messen.",
    ),
    "advice.undo.text": Word(
        "What the steps changed is put back, as long as nobody has changed it since.",
        "Was die Schritte geändert haben, wird zurückgestellt, solange es seither niemand geändert hat.",
    ),
    "advice.undo.not": Word(
        "These steps cannot be taken back from here. Each of them leads to where it can be changed.",
        "Diese Schritte lassen sich nicht von hier aus zurücknehmen. Jeder führt dorthin, wo er sich ändern lässt.",
    ),
    "refusal.letter_unknown": Word(
        "One of the texts belongs to no letter that this approval would send. Nothing was changed; open the page anew.",
        "Einer der Texte gehört zu keinem Brief dieser Freigabe. Es wurde nichts geändert; bitte die Seite neu öffnen.",
    ),
    "refusal.message_read": Word(
        "The partner has read the message already, so it cannot be taken back. Write another one instead.",
        "Der Partner hat die Nachricht schon gelesen; sie lässt sich nicht zurücknehmen. Bitte eine neue schreiben.",
    ),
    "refusal.message_unknown": Word("There is no such message.", "Diese Nachricht gibt es nicht."),
    "refusal.message_withdrawn": Word("The message was taken back already.", "Die Nachricht ist schon zurückgenommen."),
    "refusal.not_a_partner": Word(
        "This publisher is no partner of the program and has not applied to it, so it cannot be written to.",
        "Dieser Publisher ist kein Partner des Programms und hat sich nicht beworben, kann also keine bekommen.",
    ),
    "refusal.not_reversible": Word(
        "One of the steps cannot be taken back from here. Look at what it changed, and change it there.",
        "Einer der Schritte lässt sich nicht von hier aus zurücknehmen. Bitte dort ändern, wo er gewirkt hat.",
    ),
    "refusal.step_broken": Word(
        "One of the steps cannot be performed as it was prepared. Nothing was changed; please report it.",
        "Einer der Schritte ist so nicht ausführbar. Es wurde nichts geändert; bitte melden.",
    ),
    "language.de": Word("German", "Deutsch"),
    "language.en": Word("English", "Englisch"),
}
