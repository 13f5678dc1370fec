"""An expected no, in both languages, by its code. A code that is missing here is shown in the words of the operation,
which are English."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.attempts_too_many": Word(
        "Too many attempts. Wait half a minute, then try again.",
        "Zu viele Versuche. Warten Sie eine halbe Minute und versuchen Sie es dann erneut.",
    ),
    "refusal.sign_in_failed": Word(
        "This e-mail address and password do not go together.",
        "Diese E-Mail-Adresse und dieses Passwort passen nicht zusammen.",
    ),
    "refusal.password_short": Word(
        "At least 12 characters; a sentence is easy to remember.",
        "Mindestens 12 Zeichen; ein Satz ist leicht zu merken.",
    ),
    "refusal.password_long": Word("At most 200 characters.", "Höchstens 200 Zeichen."),
    "refusal.password_guessable": Word(
        "Too easy to guess: it is little more than your name or a common word.",
        "Zu leicht zu erraten: kaum mehr als Ihr Name oder ein verbreitetes Wort.",
    ),
    "refusal.password_wrong": Word("This is not your password.", "Das ist nicht Ihr Passwort."),
    "refusal.name_missing": Word("A name has 1 to 200 characters.", "Ein Name hat 1 bis 200 Zeichen."),
    "refusal.email_malformed": Word(
        "Give an e-mail address such as ana@network.example.",
        "Geben Sie eine E-Mail-Adresse an, zum Beispiel ana@network.example.",
    ),
    "refusal.email_taken": Word(
        "Somebody signs in with this address already.", "Mit dieser Adresse meldet sich schon jemand an."
    ),
    "refusal.locale_unknown": Word("Choose German or English.", "Wählen Sie Deutsch oder Englisch."),
    "refusal.timezone_unknown": Word(
        "Give a time zone such as Europe/Berlin.", "Geben Sie eine Zeitzone an, zum Beispiel Europe/Berlin."
    ),
    "refusal.link_spent": Word(
        "This link was used already, or is too old. Ask an operator for a new one.",
        "Dieser Link wurde schon benutzt oder ist zu alt. Bitten Sie einen Betreiber um einen neuen.",
    ),
    "refusal.user_disabled": Word(
        "This person is disabled. Enable the person first.", "Diese Person ist gesperrt. Entsperren Sie sie zuerst."
    ),
    "refusal.user_enabled": Word("This person is not disabled.", "Diese Person ist nicht gesperrt."),
    "refusal.user_unknown": Word("There is no such person.", "Diese Person gibt es nicht."),
    "refusal.operator_last": Word(
        "This is the only operator. Make somebody else an operator first.",
        "Das ist der einzige Betreiber. Machen Sie zuerst jemand anderen zum Betreiber.",
    ),
    "refusal.row_version_stale": Word(
        "It was changed meanwhile. Look at the current state, and repeat the change if you still want it.",
        "Das wurde inzwischen geändert. Sehen Sie sich den aktuellen Stand an, und wiederholen Sie die Änderung, wenn "
        "Sie sie noch wollen.",
    ),
    "refusal.role_not_allowed": Word(
        "Your role does not allow this. An operator can change roles.",
        "Ihre Rolle erlaubt das nicht. Betreiber können Rollen ändern.",
    ),
    "refusal.input_invalid": Word("This cannot be used.", "Das lässt sich nicht verwenden."),
}
