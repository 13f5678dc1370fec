"""The inbox: what waits for a person, why, and what to do."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "inbox.part.contests": Word("Contests", "Anfechtungen"),
    "inbox.part.reports": Word("Reports", "Meldungen"),
    "inbox.part.applications": Word("Applications", "Bewerbungen"),
    "inbox.part.quarantine": Word("Set aside", "Beiseitegelegt"),
    "inbox.part.settled": Word("Settled", "Erledigt"),
    "inbox.parts": Word("What to show", "Was gezeigt wird"),
    "inbox.order": Word("Order {order}", "Bestellung {order}"),
    "inbox.no_order": Word("Without an order id", "Ohne Bestellnummer"),
    "inbox.word": Word("The partner's word", "Wort des Partners"),
    "inbox.amount": Word("Amount", "Betrag"),
    "inbox.retained": Word("Retained", "Verbleibt"),
    "inbox.said_reason": Word("The partner's reason", "Grund des Partners"),
    "inbox.program": Word("Program named", "Genanntes Programm"),
    "inbox.clicks": Word("Click ids", "Klick-IDs"),
    "inbox.event_id": Word("Event id", "Ereignis-ID"),
    "inbox.record": Word("Journal record", "Journalsatz"),
    "inbox.todo": Word("What to do", "Was zu tun ist"),
    "inbox.look": Word("Look at the order", "Bestellung ansehen"),
    "inbox.resolve": Word("Settle …", "Erledigen …"),
    "inbox.resolve.words": Word("What became of it", "Was daraus wurde"),
    "inbox.resolve.hint": Word(
        "It goes off the list and changes no conversion.", "Sie verschwindet von der Liste und ändert keine Conversion."
    ),
    "inbox.resolve.send": Word("Settle", "Erledigen"),
    "inbox.resolved": Word("Settled. It stands under “Settled”.", "Erledigt. Sie steht unter „Erledigt“."),
    "inbox.resolved.on": Word("Settled on {day}:", "Erledigt am {day}:"),
    "inbox.details": Word("What came in", "Was hereinkam"),
    "inbox.empty.reports": Word("Every report was applied", "Jede Meldung wurde angewendet"),
    "inbox.empty.reports.text": Word(
        "What an advertiser reports and we cannot apply waits here, with its reason. Nothing is guessed.",
        "Was ein Advertiser meldet und wir nicht anwenden können, wartet hier mit seinem Grund. Geraten wird nichts.",
    ),
    "inbox.empty.applications": Word("No application waits", "Keine Bewerbung wartet"),
    "inbox.empty.applications.text": Word(
        "When a publisher applies to a program, it waits here for your yes or no.",
        "Bewirbt sich ein Publisher um ein Programm, wartet das hier auf Ihr Ja oder Nein.",
    ),
    "inbox.empty.quarantine": Word("No record was set aside", "Kein Satz wurde beiseitegelegt"),
    "inbox.empty.quarantine.text": Word(
        "A journal record that breaks the consumer is set aside here, so that it never blocks the rest.",
        "Ein Journalsatz, an dem die Verarbeitung scheitert, wird hier beiseitegelegt, damit er den Rest nie aufhält.",
    ),
    "inbox.empty.settled": Word("Nothing was settled yet", "Noch wurde nichts erledigt"),
    "inbox.empty.settled.text": Word(
        "Reports that were settled, by a person or by their order coming in, are kept here.",
        "Meldungen, die jemand erledigt hat oder deren Bestellung noch kam, bleiben hier stehen.",
    ),
    "inbox.applied": Word("Applied", "Beworben"),
    "inbox.quarantine.lead": Word(
        "These records could not be read or broke a rule of ours. They are kept as they came. When the cause is "
        "gone, let "
        "the worker try once more; what still breaks comes back with its new reason.",
        "Diese Sätze ließen sich nicht lesen oder brachen eine unserer Regeln. Sie bleiben, wie sie kamen. Ist die "
        "Ursache behoben, lassen Sie den Worker es noch einmal versuchen; was weiter scheitert, kommt mit neuem Grund "
        "zurück.",
    ),
    "inbox.release": Word("Try again", "Erneut versuchen"),
    "inbox.released": Word(
        "The worker tries it within a second or so.", "Der Worker versucht es binnen etwa einer Sekunde."
    ),
    "inbox.quarantine.reason": Word("Why", "Warum"),
    "inbox.quarantine.size": Word("Bytes", "Bytes"),
    "inbox.why.status_unknown": Word("A status word that we do not know", "Ein Statuswort, das wir nicht kennen"),
    "inbox.todo.status_unknown": Word(
        "Ask the advertiser what the word means, and have it reported with a word that we know. Then settle this.",
        "Fragen Sie den Advertiser, was das Wort bedeutet, und lassen Sie es mit einem bekannten Wort melden. Dann "
        "erledigen Sie dies.",
    ),
    "inbox.why.order_unknown": Word("An order that was never reported", "Eine Bestellung, die nie gemeldet wurde"),
    "inbox.todo.order_unknown": Word(
        "Usually its first report is still on its way, and this is applied as soon as it comes. After a day, ask the "
        "advertiser for the order.",
        "Meist ist die erste Meldung noch unterwegs, und dies wird angewendet, sobald sie kommt. Nach einem Tag fragen "
        "Sie den Advertiser nach der Bestellung.",
    ),
    "inbox.why.order_id_missing": Word(
        "Neither an order id nor a valid click", "Weder Bestellnummer noch gültiger Klick"
    ),
    "inbox.todo.order_id_missing": Word(
        "Ask the advertiser to send the order id with every report.",
        "Bitten Sie den Advertiser, die Bestellnummer mit jeder Meldung zu senden.",
    ),
    "inbox.why.amount_missing": Word("A first report without an amount", "Eine erste Meldung ohne Betrag"),
    "inbox.todo.amount_missing": Word(
        "Ask the advertiser to report the order again with its amount.",
        "Bitten Sie den Advertiser, die Bestellung noch einmal mit Betrag zu melden.",
    ),
    "inbox.why.amount_out_of_range": Word("An amount beyond belief", "Ein unglaubwürdiger Betrag"),
    "inbox.todo.amount_out_of_range": Word(
        "Compare it with the order in the shop; often the amount was sent in cents. Have it reported again.",
        "Vergleichen Sie ihn mit der Bestellung im Shop; oft wurden Cent gesendet. Lassen Sie ihn neu melden.",
    ),
    "inbox.why.amounts_differ": Word("The same order, with another amount", "Dieselbe Bestellung, mit anderem Betrag"),
    "inbox.todo.amounts_differ": Word(
        "If the order was changed, have it reported as an amendment. If it is another order, it needs another id.",
        "Wurde die Bestellung geändert, lassen Sie sie als Änderung melden. Ist es eine andere, braucht sie eine "
        "andere "
        "Nummer.",
    ),
    "inbox.why.currency_missing": Word(
        "No currency, though the program takes several", "Keine Währung, obwohl das Programm mehrere kennt"
    ),
    "inbox.todo.currency_missing": Word(
        "Ask the advertiser to send the currency.", "Bitten Sie den Advertiser, die Währung mitzusenden."
    ),
    "inbox.why.currency_not_listed": Word(
        "A currency that the program does not take", "Eine Währung, die das Programm nicht kennt"
    ),
    "inbox.todo.currency_not_listed": Word(
        "Add the currency to the program's terms if it was agreed, and have the order reported again. Nothing is "
        "converted.",
        "Nehmen Sie die Währung in die Bedingungen auf, wenn sie vereinbart ist, und lassen Sie neu melden. "
        "Umgerechnet "
        "wird nichts.",
    ),
    "inbox.why.currency_differs": Word(
        "Another currency than the order's", "Eine andere Währung als die der Bestellung"
    ),
    "inbox.todo.currency_differs": Word(
        "Ask for the report in the currency in which the order was booked.",
        "Bitten Sie um die Meldung in der Währung, in der die Bestellung gebucht ist.",
    ),
    "inbox.why.program_unclear": Word("Nobody can tell which program is meant", "Unklar, welches Programm gemeint ist"),
    "inbox.todo.program_unclear": Word(
        "Ask the advertiser to send the program's code; it stands on the program's page.",
        "Bitten Sie den Advertiser um den Code des Programms; er steht auf dessen Seite.",
    ),
    "inbox.why.program_unknown": Word("A program that there is not", "Ein Programm, das es nicht gibt"),
    "inbox.todo.program_unknown": Word(
        "Have the code corrected, or left out where there is only one program.",
        "Lassen Sie den Code berichtigen, oder weglassen, wo es nur ein Programm gibt.",
    ),
    "inbox.why.step_not_applicable": Word(
        "A step that this kind of business does not have", "Ein Schritt, den es in diesem Geschäft nicht gibt"
    ),
    "inbox.todo.step_not_applicable": Word(
        "Ask what happened to the order, and decide on its page.",
        "Fragen Sie, was mit der Bestellung geschah, und entscheiden Sie auf ihrer Seite.",
    ),
    "inbox.todo.other": Word(
        "Look at the order, ask the advertiser, and settle this with a note.",
        "Sehen Sie sich die Bestellung an, fragen Sie den Advertiser, und erledigen Sie dies mit einer Notiz.",
    ),
    "inbox.contest": Word("{publisher} contests a decision", "{publisher} ficht eine Entscheidung an"),
    "inbox.contest.conversion": Word("Conversion {id}", "Conversion {id}"),
    "inbox.contest.order": Word("Order {order}", "Bestellung {order}"),
    "inbox.contest.left": Word(("{n} day left", "{n} days left"), ("noch {n} Tag", "noch {n} Tage")),
    "inbox.contest.today": Word("due today", "heute fällig"),
    "inbox.contest.overdue": Word(
        ("{n} day overdue", "{n} days overdue"), ("{n} Tag überfällig", "{n} Tage überfällig")
    ),
    "inbox.contest.late": Word(
        "The publisher was promised an answer by {day}. It is late: answer this first.",
        "Dem Publisher war eine Antwort bis {day} zugesagt. Sie ist überfällig: Beantworten Sie dies zuerst.",
    ),
    "inbox.contest.due": Word("Answer due by", "Antwort fällig bis"),
    "inbox.contest.opened": Word("Contested", "Angefochten"),
    "inbox.contest.decided": Word("What was decided", "Was entschieden wurde"),
    "inbox.contest.look": Word("Look at the decision", "Entscheidung ansehen"),
    "inbox.contest.erased": Word("Its content was erased.", "Der Inhalt ist gelöscht."),
    "inbox.contest.answer": Word("Answer …", "Antworten …"),
    "inbox.contest.verdict": Word("The decision", "Die Entscheidung"),
    "inbox.contest.verdict.choose": Word("Choose …", "Wählen …"),
    "inbox.contest.verdict.upheld": Word("stands", "bleibt"),
    "inbox.contest.verdict.changed": Word("is changed", "wird geändert"),
    "inbox.contest.words": Word("Why, and what will be done", "Warum, und was geschieht"),
    "inbox.contest.hint": Word(
        "{publisher} reads it. It changes no money by itself: if the decision is changed, you make the other one next.",
        "{publisher} liest das. Geld ändert es nicht von selbst: Wird die Entscheidung geändert, treffen Sie die neue "
        "gleich danach.",
    ),
    "inbox.contest.send": Word("Answer", "Antworten"),
    "inbox.contest.answered": Word("Answered. The publisher reads it.", "Beantwortet. Der Publisher kann es lesen."),
    "inbox.contest.answered.changed": Word(
        "Answered. Nothing has changed yet: make the other decision here.",
        "Beantwortet. Geändert ist noch nichts: Treffen Sie hier die neue Entscheidung.",
    ),
    "inbox.contests.title": Word("Contested", "Angefochten"),
    "inbox.contests.open": Word(
        "Still open; an answer is due by {day}.", "Noch offen; eine Antwort ist fällig bis {day}."
    ),
    "inbox.contests.upheld": Word(
        "Answered on {day}: the decision stands.", "Beantwortet am {day}: Die Entscheidung bleibt."
    ),
    "inbox.contests.changed": Word(
        "Answered on {day}: the decision is changed.", "Beantwortet am {day}: Die Entscheidung wird geändert."
    ),
    "inbox.contests.go": Word("Answer it in the inbox", "Im Eingang beantworten"),
    "inbox.empty.contests": Word("No decision is contested", "Keine Entscheidung ist angefochten"),
    "inbox.empty.contests.text": Word(
        "When a publisher objects to what was declined, reduced or ended, it waits here, what is due first on top.",
        "Widerspricht ein Publisher einer Ablehnung, Kürzung oder Kündigung, wartet das hier, das zuerst Fällige oben.",
    ),
    "needs.verdict": Word("Choose what becomes of the decision.", "Wählen Sie, was aus der Entscheidung wird."),
    "needs.answer": Word(
        "Say why in 10 to 2,000 characters. The publisher reads it.",
        "Sagen Sie in 10 bis 2.000 Zeichen, warum. Der Publisher liest es.",
    ),
    "needs.resolution": Word(
        "Say in 3 to 500 characters what became of it.", "Sagen Sie in 3 bis 500 Zeichen, was daraus wurde."
    ),
}
