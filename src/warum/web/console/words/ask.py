"""Asking why: the four questions, what they are asked with, and what surrounds an answer. The answer's own words are
made from its evidence (``domain/explain/words``)."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "ask.lead": Word(
        "Four questions about what happened. Each is answered from the rows alone, with its number and its reasons, or "
        "with what is missing.",
        "Vier Fragen an das, was war. Beantwortet wird jede nur aus den Zeilen, mit Zahl und Gründen, oder mit dem, "
        "was "
        "fehlt.",
    ),
    "ask.creative": Word("Which creative, and why?", "Welche Variante, und warum?"),
    "ask.creative.text": Word(
        "The arm that brings the most so far, how sure that is, and what would change it.",
        "Welche Variante bisher am meisten bringt, wie sicher das ist und was es ändern würde.",
    ),
    "ask.experiment": Word("Was the comparison sound?", "War der Vergleich sauber?"),
    "ask.experiment.text": Word(
        "Whether arms were shown as they were drawn, what differs, and whether that withstands attempts to refute it.",
        "Ob Varianten so gezeigt wurden, wie sie gelost wurden, was sich unterscheidet, und ob es Gegenproben "
        "übersteht.",
    ),
    "ask.policy": Word("What would other shares have brought?", "Was hätte eine andere Aufteilung gebracht?"),
    "ask.policy.text": Word(
        "An estimate from the log of draws, with an interval, or a plain no where the log cannot tell.",
        "Eine Schätzung aus dem Protokoll der Losungen, mit Spanne; oder ein klares Nein, wo es nichts hergibt.",
    ),
    "ask.rule": Word("What would that rule have cost?", "Was hätte diese Regel gekostet?"),
    "ask.rule.text": Word(
        "Every conversion of a span priced again, to the cent, beside what was booked.",
        "Jede Conversion eines Zeitraums neu gerechnet, auf den Cent, neben dem, was gebucht wurde.",
    ),
    "ask.proposal": Word("A proposal in words", "Ein Vorschlag in Worten"),
    "ask.proposal.back": Word("The proposal", "Der Vorschlag"),
    "ask.proposal.tell": Word("In words", "In Worten"),
    "ask.button": Word("Ask", "Fragen"),
    "ask.question": Word("The question", "Die Frage"),
    "ask.offer": Word("Offer", "Angebot"),
    "ask.choose": Word("Choose", "Auswählen"),
    "ask.from": Word("From", "Von"),
    "ask.until": Word("Until, included", "Bis einschließlich"),
    "ask.days": Word("Quick choice", "Schnellwahl"),
    "ask.days.quarter": Word("Last quarter", "Letztes Quartal"),
    "ask.days.month": Word("Last month", "Letzter Monat"),
    "ask.days.90": Word("Last 90 days", "Letzte 90 Tage"),
    "ask.days.30": Word("Last 30 days", "Letzte 30 Tage"),
    "ask.shares": Word("Shares", "Aufteilung"),
    "ask.shares.equal": Word("All arms alike", "Alle Varianten gleich"),
    "ask.shares.all": Word("All to {name}", "Alles auf {name}"),
    "ask.shares.own": Word("My own shares, in percent", "Eigene Anteile, in Prozent"),
    "ask.shares.own.hint": Word(
        "Together they make 100. Filled in, they count in place of the choice above.",
        "Zusammen ergeben sie 100. Ausgefüllt gelten sie statt der Auswahl oben.",
    ),
    "ask.shares.number": Word(
        "Write a share for each arm, such as 25; together they make 100.",
        "Geben Sie für jede Variante einen Anteil an, etwa 25; zusammen ergeben sie 100.",
    ),
    "ask.value.hint": Word("Percent of the sale, or the amount", "Prozent vom Umsatz, oder der Betrag"),
    "ask.nothing": Word("Nothing asked yet", "Noch nichts gefragt"),
    "ask.nothing.text": Word(
        "Fill in the question; the answer comes here, and its address can be passed on.",
        "Füllen Sie die Frage aus; die Antwort steht dann hier, und ihre Adresse lässt sich weitergeben.",
    ),
    "ask.no_offers": Word("No offer to ask about", "Noch kein Angebot"),
    "ask.no_offers.text": Word(
        "Questions are about an offer with two arms, or about a program's conversions. Make one first.",
        "Gefragt wird nach einem Angebot mit zwei Varianten oder nach den Conversions eines Programms. Legen Sie "
        "zuerst eines an.",
    ),
    "ask.length": Word("Length", "Länge"),
    "ask.length.page": Word("Page", "Seite"),
    "ask.length.mail": Word("Mail", "Mail"),
    "ask.length.card": Word("Card", "Karte"),
    "ask.also": Word("Also ask", "Weiter fragen"),
    "ask.mail.subject": Word("Subject", "Betreff"),
    "ask.mail.text": Word("Text", "Text"),
    "ask.card.text": Word("In two sentences", "In zwei Sätzen"),
    "ask.figures": Word("The figures behind it", "Die Zahlen dahinter"),
    "ask.figures.all": Word("All", "Alle"),
    "ask.figures.of.arm": Word("Arm", "Variante"),
    "ask.figures.of.status": Word("Status", "Status"),
    "ask.figures.of.month": Word("Month", "Monat"),
    "ask.figures.of.publisher": Word("Publisher", "Publisher"),
    "ask.figures.of.all": Word("In all", "Insgesamt"),
    "ask.figures.more": Word(
        ("and {n} more line by REST or command line", "and {n} more lines by REST or command line"),
        ("und {n} weitere Zeile über REST oder Befehlszeile", "und {n} weitere Zeilen über REST oder Befehlszeile"),
    ),
    "ask.figure.days": Word("Days", "Tage"),
    "ask.figure.data_age": Word("Hours old", "Stunden alt"),
    "ask.figure.exposures": Word("Drawn", "Gelost"),
    "ask.figure.clicks": Word("Clicks", "Klicks"),
    "ask.figure.approved": Word("Approved", "Freigegeben"),
    "ask.figure.pending": Word("Pending", "Offen"),
    "ask.figure.declined": Word("Declined", "Abgelehnt"),
    "ask.figure.value": Word("Value", "Umsatz"),
    "ask.figure.conversions": Word("Conversions", "Conversions"),
    "ask.figure.differ": Word("Differ", "Ändern sich"),
    "ask.figure.booked": Word("Booked", "Gebucht"),
    "ask.figure.under_rule": Word("Under the rule", "Unter der Regel"),
    "ask.rows": Word("See the conversions", "Conversions ansehen"),
    "ask.rule.short": Word("Ask about a rule", "Nach einer Regel fragen"),
    "ask.why": Word("Ask why", "Warum?"),
    "refusal.span_backwards": Word(
        "The span ends before it begins: swap the two days.",
        "Der Zeitraum endet, bevor er beginnt: Tauschen Sie die beiden Tage.",
    ),
    "refusal.span_ahead": Word(
        "The span is yet to come; nothing has happened then. Choose past days.",
        "Der Zeitraum liegt noch vor uns, da ist nichts passiert. Wählen Sie vergangene Tage.",
    ),
    "refusal.shares_twice": Word(
        "Choose one arm or write shares, not both.",
        "Wählen Sie eine Variante oder geben Sie Anteile an, nicht beides.",
    ),
    "refusal.arm_unknown": Word(
        "The offer has no such arm.",
        "Diese Variante hat das Angebot nicht.",
    ),
    "refusal.rule_not_of_sales": Word(
        "This question is about rules for sales. What a rule per click would cost is shown where rules are made.",
        "Diese Frage gilt Regeln für Verkäufe. Was eine Regel pro Klick kosten würde, zeigt sich dort, wo Regeln "
        "angelegt werden.",
    ),
}
