"""Conversions: the list, and why each stands as it stands."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "conversions.search": Word("Order id", "Bestellnummer"),
    "conversions.everywhere": Word(
        "Orders that begin with “{text}”, of all time", "Bestellungen, die mit „{text}“ beginnen, aus aller Zeit"
    ),
    "conversions.all_status": Word("All", "Alle"),
    "conversions.all_advertisers": Word("All advertisers", "Alle Advertiser"),
    "conversions.all_programs": Word("All programs", "Alle Programme"),
    "conversions.all_publishers": Word("All publishers", "Alle Publisher"),
    "conversions.mode": Word("Mode", "Modus"),
    "conversions.mode.live": Word("Live", "Live"),
    "conversions.mode.test": Word("Tests", "Tests"),
    "conversions.credit": Word("Credited to", "Zugeordnet"),
    "conversions.credit.any": Word("Credited or not", "Zugeordnet oder nicht"),
    "conversions.credit.credited": Word("To a publisher", "Einem Publisher"),
    "conversions.credit.nobody": Word("To nobody", "Niemandem"),
    "conversions.link": Word("Link: {name}", "Link: {name}"),
    "conversions.clicked": Word("Clicked: {days}", "Geklickt: {days}"),
    "conversions.offer": Word("Offer: {name}", "Angebot: {name}"),
    "conversions.arm": Word("Arm {number}", "Arm {number}"),
    "conversions.had": Word("Had: {what}", "Hatte: {what}"),
    "conversions.changed": Word("Changed in this period", "In diesem Zeitraum geändert"),
    "conversions.booked": Word("Booked", "Gebucht"),
    "conversions.order": Word("Order", "Bestellung"),
    "conversions.sale": Word("Sale", "Verkauf"),
    "conversions.retained": Word("Retained", "Verbleibt"),
    "conversions.hold_until": Word("until {day}", "bis {day}"),
    "conversions.hold_none": Word("no clock running", "keine Frist läuft"),
    "conversions.hold": Word("On hold until", "Wartezeit bis"),
    "conversions.currency": Word("Currency", "Währung"),
    "conversions.count": Word(("{n} conversion", "{n} conversions"), ("{n} Conversion", "{n} Conversions")),
    "conversions.empty": Word("No conversions here", "Hier sind keine Conversions"),
    "conversions.empty.span": Word("No conversions in this period", "Keine Conversions in diesem Zeitraum"),
    "conversions.empty.filtered": Word(
        "Nothing matches these filters in this period. Widen the period, or take a filter away.",
        "Nichts passt zu diesen Filtern in diesem Zeitraum. Erweitern Sie den Zeitraum oder nehmen Sie einen Filter "
        "heraus.",
    ),
    "conversions.empty.first": Word(
        "As soon as an advertiser's shop reports a sale, it shows here within seconds. Each advertiser's page has the "
        "address and the secret for that.",
        "Sobald der Shop eines Advertisers einen Verkauf meldet, steht er binnen Sekunden hier. Adresse und Geheimnis "
        "dafür stehen auf der Seite des Advertisers.",
    ),
    "conversions.empty.advertisers": Word("Go to the advertisers", "Zu den Advertisern"),
    "conversion.title": Word("Order {order}", "Bestellung {order}"),
    "conversion.why": Word("Why it stands like this", "Warum es so steht"),
    "conversion.click": Word("Click on “{link}” of {publisher}", "Klick auf „{link}“ von {publisher}"),
    "conversion.click.none": Word("No click of ours", "Kein Klick von uns"),
    "conversion.click.led": Word(
        "Sent to “{page}”: arm {arm}, drawn with probability {propensity}.",
        "Weitergeleitet auf „{page}“: Arm {arm}, gezogen mit Wahrscheinlichkeit {propensity}.",
    ),
    "conversion.click.deep": Word(
        "Sent to the page that the publisher chose; nothing was drawn.",
        "Weitergeleitet auf die Seite, die der Publisher gewählt hat; gezogen wurde nichts.",
    ),
    "conversion.click.day": Word("A link reference knows only the day.", "Eine Linkreferenz kennt nur den Tag."),
    "conversion.consent.consent": Word("The visitor had agreed", "Der Besucher hatte eingewilligt"),
    "conversion.consent.consent.text": Word(
        "The click carried a token. Crediting it looked nothing up about a person.",
        "Der Klick trug ein Token. Für die Zuordnung wurde nichts über eine Person nachgeschlagen.",
    ),
    "conversion.consent.legal_basis": Word(
        "No consent, but a recorded legal basis", "Keine Einwilligung, aber eine hinterlegte Rechtsgrundlage"
    ),
    "conversion.consent.withdrawn": Word("It has been withdrawn since.", "Sie wurde inzwischen zurückgezogen."),
    "conversion.consent.none": Word("No basis was needed", "Keine Grundlage war nötig"),
    "conversion.consent.none.text": Word("Nothing was credited.", "Nichts wurde zugeordnet."),
    "conversion.credit": Word("Credited to {publisher}", "{publisher} zugeordnet"),
    "conversion.credit.none": Word("Credited to nobody", "Niemandem zugeordnet"),
    "conversion.credit.text": Word(
        "Because {why}. The window is {days} days.", "Denn {why}. Das Fenster beträgt {days} Tage."
    ),
    "conversion.rule": Word(
        "Commission rule, version {version}: {price}", "Provisionsregel, Version {version}: {price}"
    ),
    "conversion.rule.none": Word("No commission rule applied", "Keine Provisionsregel galt"),
    "conversion.rule.none.text": Word(
        "None was in force at the click, so nothing is earned.",
        "Zum Zeitpunkt des Klicks galt keine, also ist nichts verdient.",
    ),
    "conversion.rule.nobody.text": Word(
        "Nobody is credited, so no rule applies.", "Niemand ist zugeordnet, also gilt keine."
    ),
    "conversion.rule.text": Word(
        "In force at the click, since {since}, {whose}. On the retained {retained} it makes {commission}.",
        "Galt zum Zeitpunkt des Klicks, seit {since}, {whose}. Auf die verbleibenden {retained} ergibt sie "
        "{commission}.",
    ),
    "conversion.rule.own": Word("for this publisher alone", "nur für diesen Publisher"),
    "conversion.rule.everybody": Word("for everybody", "für alle"),
    "conversion.rule.group": Word("group {group}", "Gruppe {group}"),
    "conversion.hold.running": Word("On hold until {when}", "Wartezeit bis {when}"),
    "conversion.hold.running.text": Word(
        "The return period of {days} days began with the order.",
        "Die Rückgabefrist von {days} Tagen begann mit der Bestellung.",
    ),
    "conversion.hold.running.stay": Word(
        "{days} days after check-out on {day}: nothing is earned before the stay.",
        "{days} Tage nach der Abreise am {day}: Vor dem Aufenthalt ist nichts verdient.",
    ),
    "conversion.hold.waiting_for_stay": Word("No clock is running", "Keine Frist läuft"),
    "conversion.hold.waiting_for_stay.text": Word(
        "It waits for check-out, and then {days} days.", "Es fehlt die Abreise, danach {days} Tage."
    ),
    "conversion.hold.waiting_for_word": Word("Waits for the advertiser's word", "Wartet auf das Wort des Advertisers"),
    "conversion.hold.waiting_for_word.text": Word(
        "The program is validated by hand: somebody has to approve or decline.",
        "Das Programm wird von Hand geprüft: Jemand muss bestätigen oder ablehnen.",
    ),
    "conversion.hold.over": Word("The hold is over", "Die Wartezeit ist vorbei"),
    "conversion.hold.void": Word("Nothing to hold", "Nichts abzuwarten"),
    "conversion.step.by_record": Word("reported, journal record {record}", "gemeldet, Journalsatz {record}"),
    "conversion.step.record": Word("journal record {record}", "Journalsatz {record}"),
    "conversion.step.by_person": Word("by {who}", "durch {who}"),
    "conversion.step.by_clock": Word("by the clock", "durch die Uhr"),
    "conversion.step.word": Word("the partner's word: {word}", "Wort des Partners: {word}"),
    "conversion.step.erased": Word(
        ("{n} step before, whose content was erased", "{n} steps before, whose content was erased"),
        ("Davor {n} Schritt, dessen Inhalt gelöscht ist", "Davor {n} Schritte, deren Inhalt gelöscht ist"),
    ),
    "conversion.step.erased.text": Word(
        "Status and amounts stayed as they were, and that the steps were entered can still be proved.",
        "Status und Beträge blieben, wie sie waren, und dass die Schritte eingetragen wurden, lässt sich weiter "
        "beweisen.",
    ),
    "conversion.step.nothing": Word("Neither status nor amounts changed.", "Weder Status noch Beträge änderten sich."),
    "conversion.status": Word("Status", "Status"),
    "conversion.check_out": Word("Check-out", "Abreise"),
    "conversion.ledger": Word("In the ledger", "In den Büchern"),
    "conversion.ledger.none": Word("Nothing was booked.", "Nichts wurde gebucht."),
    "conversion.ledger.what": Word("Because of", "Anlass"),
    "conversion.ledger.from": Word("From", "Von"),
    "conversion.ledger.to": Word("To", "An"),
    "conversion.ledger.amount": Word("Amount", "Betrag"),
    "conversion.when": Word("When", "Wann"),
    "conversion.told": Word("Told to the publisher", "Dem Publisher gemeldet"),
    "conversion.told.none": Word(
        "Nothing was sent: the publisher has no postback address.",
        "Nichts wurde gesendet: Der Publisher hat keine Postback-Adresse.",
    ),
    "conversion.told.nobody": Word(
        "Nobody is credited, so nobody is told.", "Niemand ist zugeordnet, also wird niemandem gemeldet."
    ),
    "conversion.told.step": Word("Step", "Schritt"),
    "conversion.told.attempt": Word("Attempt", "Versuch"),
    "conversion.told.answer": Word("Answer", "Antwort"),
    "conversion.told.waiting": Word("waits for its first attempt", "wartet auf den ersten Versuch"),
    "conversion.facts": Word("Facts", "Fakten"),
    "conversion.event": Word("Event", "Ereignis"),
    "conversion.test": Word("This is a test: it never pays.", "Das ist ein Test: Er wird nie ausgezahlt."),
    "conversion.decide": Word("Decide", "Entscheiden"),
    "conversion.approve": Word("Approve", "Bestätigen"),
    "conversion.approve.text": Word(
        "Ends the hold now. {commission} is then owed to {publisher}.",
        "Beendet die Wartezeit jetzt. Danach stehen {publisher} {commission} zu.",
    ),
    "conversion.approve.nobody": Word(
        "Ends the hold now. Nobody is credited, so nothing is owed.",
        "Beendet die Wartezeit jetzt. Niemand ist zugeordnet, also entsteht keine Schuld.",
    ),
    "conversion.approved": Word("{id} is approved.", "{id} ist bestätigt."),
    "conversion.decline": Word("Decline …", "Ablehnen …"),
    "conversion.decline.send": Word("Decline", "Ablehnen"),
    "conversion.decline.reversal": Word(
        "It was approved: declining takes {commission} back from {publisher}.",
        "Sie war bestätigt: Ablehnen nimmt {publisher} {commission} wieder weg.",
    ),
    "conversion.declined": Word("{id} is declined.", "{id} ist abgelehnt."),
    "conversion.decline.because": Word("Listed reason", "Aufgeführter Grund"),
    "conversion.decline.words": Word("In words, for the publisher", "In Worten, für den Publisher"),
    "conversion.decline.hint": Word(
        "{publisher} reads both, and can contest them.", "{publisher} liest beides und kann widersprechen."
    ),
    "conversion.decline.hint.nobody": Word("It is kept in the history.", "Es bleibt im Verlauf stehen."),
    "conversion.final.paid": Word(
        "It was paid. A change now is a reversal, which the next settlement nets.",
        "Sie wurde ausgezahlt. Eine Änderung ist jetzt eine Rückbuchung, die die nächste Abrechnung verrechnet.",
    ),
    "conversion.final.declined": Word(
        "A declined conversion comes back when the advertiser reports what is retained of the same order.",
        "Eine abgelehnte Conversion kommt zurück, wenn der Advertiser meldet, was von derselben Bestellung bleibt.",
    ),
    "conversion.seen": Word("What {publisher} sees", "Was {publisher} sieht"),
    "conversion.seen.without": Word(
        "The order id stays between the advertiser and you.",
        "Die Bestellnummer bleibt zwischen dem Advertiser und Ihnen.",
    ),
    "conversion.seen.all": Word("The whole explanation", "Die ganze Erklärung"),
    "reason.cancelled": Word("Cancelled", "Storniert"),
    "reason.no_show": Word("Guest did not come", "Gast nicht erschienen"),
    "reason.refunded": Word("Refunded in full", "Voll erstattet"),
    "reason.declined_by_advertiser": Word("Declined by the advertiser", "Vom Advertiser abgelehnt"),
}
