"""Receipts of the log: on the pages of what they are about, and on their own."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "receipts.title": Word("Receipt", "Quittung"),
    "receipts.download": Word("Download receipts", "Quittungen herunterladen"),
    "receipts.proves": Word(
        "This proves that each line below was entered at the time beside it, with this content, and was not changed "
        "since.",
        "Das beweist: Jede Zeile unten wurde zu der Zeit daneben mit diesem Inhalt eingetragen und seitdem nicht "
        "geändert.",
    ),
    "receipts.not.conversion": Word(
        "It does not prove that the sale was real.", "Es beweist nicht, dass der Verkauf echt war."
    ),
    "receipts.not.proposal": Word(
        "It does not prove that the estimate was right.", "Es beweist nicht, dass die Schätzung richtig war."
    ),
    "receipts.both": Word(
        "{one} and {other} hold the same receipts: if they compare, they see that both were told the same.",
        "{one} und {other} halten dieselben Quittungen: Vergleichen sie, so sehen sie, dass beiden dasselbe gesagt "
        "wurde.",
    ),
    "receipts.one": Word("{one} holds the same receipts.", "{one} hält dieselben Quittungen."),
    "receipts.check": Word("Check it offline", "Offline prüfen"),
    "receipts.says": Word("What was entered", "Was eingetragen wurde"),
    "receipts.at": Word("Entered", "Eingetragen"),
    "receipts.number": Word("Number", "Nummer"),
    "receipts.number.hint": Word(
        "Number in the series of these partners, which has no gap",
        "Nummer in der Reihe dieser Partner, die keine Lücke hat",
    ),
    "receipts.leaf": Word("Leaf", "Blatt"),
    "receipts.leaf.hint": Word("Its place in the whole log, from 0", "Seine Stelle im ganzen Log, von 0 an"),
    "receipts.leaf.download": Word("Download the receipt of leaf {index}", "Quittung von Blatt {index} herunterladen"),
    "receipts.erased": Word("Erased", "Gelöscht"),
    "receipts.erased.text": Word(
        (
            "The content of {n} entry was erased, and its key with it. That it was entered can still be proved.",
            "The contents of {n} entries were erased, and their keys with them. That they were entered can still be "
            "proved.",
        ),
        (
            "Der Inhalt von {n} Eintrag wurde gelöscht, sein Schlüssel ebenso. Dass er eingetragen wurde, bleibt "
            "beweisbar.",
            "Die Inhalte von {n} Einträgen wurden gelöscht, ihre Schlüssel ebenso. Dass sie eingetragen wurden, bleibt "
            "beweisbar.",
        ),
    ),
    "receipts.waiting": Word(
        ("{n} more entry waits for its place in the log.", "{n} more entries wait for their place in the log."),
        ("{n} weiterer Eintrag wartet auf seinen Platz im Log.", "{n} weitere Einträge warten auf ihren Platz im Log."),
    ),
    "receipts.waiting.soon": Word("That takes up to a second.", "Das dauert bis zu einer Sekunde."),
    "receipts.none": Word("Not in the log yet", "Noch nicht im Log"),
    "receipts.none.conversion": Word(
        "An entry waits up to a second for its place; what is older than the log is taken in when the log begins.",
        "Ein Eintrag wartet bis zu einer Sekunde auf seinen Platz; was älter ist als das Log, wird bei dessen Beginn "
        "aufgenommen.",
    ),
    "receipts.none.proposal": Word(
        "An entry waits up to a second for its place. What bots proposed before there was a log has no receipt.",
        "Ein Eintrag wartet bis zu einer Sekunde auf seinen Platz. Was Bots vor dem Beginn des Logs vorschlugen, hat "
        "keine Quittung.",
    ),
    "receipts.actor.person": Word("by a person", "von einem Menschen"),
    "receipts.actor.bot": Word("by a bot", "von einem Bot"),
    "receipts.actor.key": Word("by an API key", "über einen API-Schlüssel"),
    "receipts.actor.system": Word("by the system", "vom System"),
    "leaf.conversion": Word("Conversion", "Conversion"),
    "leaf.clicks": Word("Paid clicks", "Vergütete Klicks"),
    "leaf.report": Word("Message", "Meldung"),
    "leaf.rule": Word("Rule", "Regel"),
    "leaf.statement": Word("Statement", "Monatsaufstellung"),
    "leaf.proposal": Word("Proposal", "Vorschlag"),
    "leaf.decision": Word("Decision", "Entscheidung"),
    "leaf.effect": Word("Effect", "Wirkung"),
    "leaf.outcome": Word("Outcome", "Ergebnis"),
    "leaf.contest": Word("Contest", "Widerspruch"),
    "leaf.answer": Word("Answer", "Antwort"),
    "leaf.act": Word("Act", "Handlung"),
    "leaf.erasure": Word("Erasure", "Löschung"),
    "leaf.restored": Word("Restored", "Wiederherstellung"),
    "log.lead": Word(
        "Status changes, commissions, rules and decisions are entered in a public log. Partners hold receipts of what "
        "concerns them, and need not trust whoever runs this network.",
        "Statuswechsel, Provisionen, Regeln und Entscheidungen werden in ein öffentliches Log eingetragen. Partner "
        "halten Quittungen über das, was sie betrifft, und müssen dem Betreiber nicht vertrauen.",
    ),
    "log.empty": Word("The log has not begun", "Das Log hat noch nicht begonnen"),
    "log.size": Word("Entries", "Einträge"),
    "log.newest": Word("Newest entry", "Neuester Eintrag"),
    "log.waiting": Word("Waiting", "Wartend"),
    "log.waiting.foot": Word("up to a second each", "je bis zu einer Sekunde"),
    "log.statements": Word("Statements", "Monatsaufstellungen"),
    "log.witnesses": Word("Witnesses", "Zeugen"),
    "log.witnesses.lead": Word(
        "Each says by its signature that the log only grew.",
        "Jeder bestätigt mit seiner Unterschrift, dass das Log nur gewachsen ist.",
    ),
    "log.witness": Word("Witness", "Zeuge"),
    "log.witness.at": Word("Last cosigned", "Zuletzt mitgezeichnet"),
    "log.witness.never": Word("not yet", "noch nicht"),
    "log.witness.size": Word("Entries", "Einträge"),
    "log.witness.fault": Word("Last fault", "Letzter Fehler"),
    "log.witnesses.foot": Word("cosign the log from outside", "zeichnen das Log von außen mit"),
    "log.house": Word("This network", "Dieses Netzwerk"),
    "log.all_advertisers": Word("All advertisers", "Alle Advertiser"),
    "log.all_publishers": Word("All publishers", "Alle Publisher"),
    "log.months": Word("Monthly statements", "Monatsaufstellungen"),
    "log.months.lead": Word(
        "What the records of a month came to, counted by UTC.",
        "Was die Einträge eines Monats ergaben, gezählt nach UTC.",
    ),
    "log.months.none": Word("No statement yet", "Noch keine Aufstellung"),
    "log.months.none.text": Word(
        "A month is closed when it is over. Its statement then sums up what was entered between two partners.",
        "Ein Monat wird abgeschlossen, wenn er vorbei ist. Seine Aufstellung summiert dann, was zwischen zwei Partnern "
        "eingetragen wurde.",
    ),
    "log.months.newest": Word(
        "The newest {n}. Choose an advertiser and a publisher to see all of theirs.",
        "Die neuesten {n}. Wählen Sie Advertiser und Publisher, um alle der beiden zu sehen.",
    ),
    "log.month": Word("Month", "Monat"),
    "log.between": Word("Between", "Zwischen"),
    "log.earned": Word("Earned", "Verdient"),
    "log.earned.sum": Word("{amount} so far", "{amount} bisher"),
    "log.pending": Word("Pending at the end", "Am Ende offen"),
    "log.records": Word("Records", "Einträge"),
    "log.records.numbers": Word("no. {first}–{last}", "Nr. {first}–{last}"),
    "log.file": Word("Receipts", "Quittungen"),
    "log.file.download": Word(
        "Download the receipts of {whose} from {month} on", "Quittungen von {whose} ab {month} herunterladen"
    ),
    "log.pair": Word("{advertiser} and {publisher}", "{advertiser} und {publisher}"),
    "log.pair.text": Word(
        (
            "{n} record lies between them. Its file proves that it is the only one.",
            "{n} records lie between them, numbered from 1 without a gap. Their files prove that none is left out.",
        ),
        (
            "{n} Eintrag liegt zwischen ihnen. Seine Datei beweist, dass es der einzige ist.",
            "{n} Einträge liegen zwischen ihnen, von 1 an ohne Lücke nummeriert. Ihre Dateien beweisen, dass keiner "
            "fehlt.",
        ),
    ),
    "log.pair.none": Word("Nothing lies between them yet.", "Zwischen ihnen liegt noch nichts."),
    "log.pair.part": Word("Part {n}", "Teil {n}"),
    "log.pair.numbers": Word("{first}–{last}", "{first}–{last}"),
    "log.entries": Word("Newest entries", "Neueste Einträge"),
    "log.entries.numbers": Word("Numbers {first} to {last}", "Nummern {first} bis {last}"),
    "log.entries.from": Word("Numbers from {first} on", "Nummern ab {first}"),
    "log.entries.until": Word("Numbers up to {last}", "Nummern bis {last}"),
    "log.entries.none": Word("Nothing was entered here", "Hier wurde nichts eingetragen"),
    "log.entries.none.text": Word(
        "No entry matches these partners and numbers.", "Zu diesen Partnern und Nummern gibt es keinen Eintrag."
    ),
    "log.this": Word("This log", "Dieses Log"),
    "log.name": Word("Name", "Name"),
    "log.key": Word("Key", "Schlüssel"),
    "log.key.text": Word(
        "Partners compare it once with what stands in their contract, and keep it.",
        "Partner vergleichen ihn einmal mit dem in ihrem Vertrag und behalten ihn.",
    ),
    "log.root": Word("Root of {n} entries", "Wurzel von {n} Einträgen"),
    "log.root.text": Word(
        "It stands for every entry: change one, and it is another root.",
        "Sie steht für jeden Eintrag: Wer einen ändert, ändert die Wurzel.",
    ),
    "log.checkpoint": Word("Signed checkpoint", "Signierter Checkpoint"),
    "log.how": Word("How a partner checks", "Wie ein Partner prüft"),
    "log.step.key": Word("Keep the key", "Den Schlüssel behalten"),
    "log.step.key.text": Word(
        "Once: compare it with the key in the contract.", "Einmal: mit dem Schlüssel im Vertrag vergleichen."
    ),
    "log.step.file": Word("Get the receipts", "Die Quittungen holen"),
    "log.step.file.text": Word(
        "With a key of the partner's own, or as a file from you.",
        "Mit einem eigenen Schlüssel des Partners, oder als Datei von Ihnen.",
    ),
    "log.step.check": Word("Check them", "Sie prüfen"),
    "log.step.check.text": Word(
        "One file of Python, no network. Given the other partner's file too, it tells whether both were told the same.",
        "Eine Datei in Python, ohne Netz. Mit der Datei des anderen Partners dazu sagt sie, ob beiden dasselbe gesagt "
        "wurde.",
    ),
    "log.link": Word("Receipts and statements", "Quittungen und Aufstellungen"),
    "refusal.log_empty": Word(
        "The log has no entry yet. The worker makes the first one within a second of its start.",
        "Das Log hat noch keinen Eintrag. Der Worker macht den ersten binnen einer Sekunde nach seinem Start.",
    ),
    "refusal.receipt_unknown": Word(
        "There is no receipt of this leaf yet.", "Von diesem Blatt gibt es noch keine Quittung."
    ),
    "refusal.receipts_none": Word(
        "There are no receipts of this yet. A change is in the log within a second.",
        "Hierzu gibt es noch keine Quittungen. Eine Änderung steht binnen einer Sekunde im Log.",
    ),
    "refusal.receipts_of_what": Word(
        "Choose an advertiser and a publisher.", "Wählen Sie einen Advertiser und einen Publisher."
    ),
}
