"""Publishers and partnerships."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "publishers.search": Word("Name or code", "Name oder Code"),
    "publishers.new": Word("New publisher", "Neuer Publisher"),
    "publishers.kind": Word("What they do", "Was sie tun"),
    "publishers.all_kinds": Word("All kinds", "Alle Arten"),
    "publishers.count": Word(("{n} publisher", "{n} publishers"), ("{n} Publisher", "{n} Publisher")),
    "publishers.created": Word("{name} is taken up.", "{name} ist aufgenommen."),
    "publishers.empty": Word("No publishers yet", "Noch keine Publisher"),
    "publishers.empty.text": Word(
        "Publishers promote programs and earn commission. Take up the first one, and record which programs it "
        "applies to.",
        "Publisher bewerben Programme und verdienen Provision. Nehmen Sie den ersten auf und erfassen Sie, um welche "
        "Programme er sich bewirbt.",
    ),
    "publishers.none": Word("No publisher matches", "Kein Publisher passt"),
    "publishers.none.text": Word(
        "Take a filter away to see more.", "Nehmen Sie einen Filter heraus, um mehr zu sehen."
    ),
    "publisher_kind.content": Word("Content", "Content"),
    "publisher_kind.blog": Word("Blog", "Blog"),
    "publisher_kind.magazine": Word("Magazine", "Magazin"),
    "publisher_kind.travel": Word("Travel", "Reisen"),
    "publisher_kind.cashback": Word("Cashback", "Cashback"),
    "publisher_kind.voucher": Word("Vouchers", "Gutscheine"),
    "publisher_kind.comparison": Word("Comparison", "Vergleich"),
    "publisher_kind.newsletter": Word("Newsletter", "Newsletter"),
    "publisher_kind.social": Word("Social", "Social"),
    "publisher_kind.app": Word("App", "App"),
    "publisher.partnerships": Word("Partnerships", "Partnerschaften"),
    "publisher.partnerships.empty": Word("No partnerships yet", "Noch keine Partnerschaften"),
    "publisher.partnerships.empty.text": Word(
        "Record an application below; approve it, and links can be made.",
        "Erfassen Sie unten eine Bewerbung; ist sie angenommen, lassen sich Links anlegen.",
    ),
    "publisher.apply": Word("Record an application", "Bewerbung erfassen"),
    "publisher.apply.words": Word("How it means to promote (optional)", "Wie er werben will (freiwillig)"),
    "publisher.applied": Word("The application waits in the inbox.", "Die Bewerbung wartet im Eingang."),
    "publisher.since": Word("Since", "Seit"),
    "publisher.balances": Word("Account", "Konto"),
    "publisher.balances.none": Word("Nothing earned yet.", "Noch nichts verdient."),
    "publisher.confirmed": Word("Confirmed", "Bestätigt"),
    "publisher.recent": Word("Latest conversions", "Letzte Conversions"),
    "publisher.recent.none": Word("No conversion yet.", "Noch keine Conversion."),
    "publisher.facts": Word("Facts", "Fakten"),
    "publisher.rename": Word("Rename", "Umbenennen"),
    "publisher.renamed": Word("It is now called {name}.", "Er heißt jetzt {name}."),
    "publisher.postbacks": Word("Postbacks", "Postbacks"),
    "publisher.postbacks.lead": Word(
        "Where this publisher hears of its conversions, signed and at least once.",
        "Wo dieser Publisher von seinen Conversions erfährt, signiert und mindestens einmal.",
    ),
    "publisher.postbacks.none": Word(
        "No address yet: this publisher hears of its conversions by looking.",
        "Noch keine Adresse: Dieser Publisher erfährt von seinen Conversions, indem er nachsieht.",
    ),
    "publisher.target.add": Word("Add an address", "Adresse hinzufügen"),
    "publisher.target.url": Word("Address with macros", "Adresse mit Makros"),
    "publisher.target.hint": Word(
        "Such as https://tracker.example/?cid={{sub1}}&payout={{payout}}. Known macros: {macros}.",
        "Etwa https://tracker.example/?cid={{sub1}}&payout={{payout}}. Bekannte Makros: {macros}.",
    ),
    "publisher.target.active": Word("On", "An"),
    "publisher.target.inactive": Word("Off", "Aus"),
    "publisher.target.switch_off": Word("Switch off", "Ausschalten"),
    "publisher.target.switch_on": Word("Switch on", "Einschalten"),
    "publisher.target.on": Word("Postbacks go there again.", "Postbacks gehen wieder dorthin."),
    "publisher.target.off": Word("Nothing is sent there any more.", "Dorthin wird nichts mehr gesendet."),
    "publisher.target.secret": Word("Secret for checking signatures", "Geheimnis zum Prüfen der Signaturen"),
    "publisher.target.secret.text": Word(
        "It is shown only now. Hand it to the publisher: with it, the signature of every postback can be checked.",
        "Es wird nur jetzt gezeigt. Geben Sie es dem Publisher: Damit lässt sich die Signatur jedes Postbacks prüfen.",
    ),
    "publisher.target.repeated": Word(
        "This was sent twice and done once. The secret was in the first answer; if it is lost, add the address anew "
        "and "
        "switch this one off.",
        "Das wurde zweimal gesendet und einmal ausgeführt. Das Geheimnis stand in der ersten Antwort; ist es verloren, "
        "legen Sie die Adresse neu an und schalten diese aus.",
    ),
    "publisher.log": Word("Delivery log", "Zustellprotokoll"),
    "publisher.log.none": Word("Nothing was sent yet.", "Noch wurde nichts gesendet."),
    "publisher.log.state": Word("State", "Stand"),
    "publisher.log.attempts": Word("Attempts", "Versuche"),
    "publisher.log.outcome": Word("Last answer", "Letzte Antwort"),
    "publisher.log.waiting": Word("waits", "wartet"),
    "publisher.log.delivered": Word("delivered", "zugestellt"),
    "publisher.log.given_up": Word("given up", "aufgegeben"),
    "partnership.title": Word("{publisher} with {program}", "{publisher} bei {program}"),
    "partnership.application": Word("The publisher's words", "Worte des Publishers"),
    "partnership.application.none": Word("It wrote nothing.", "Er hat nichts geschrieben."),
    "partnership.applied_at": Word("Applied", "Beworben"),
    "partnership.decided_at": Word("Decided", "Entschieden"),
    "partnership.approve": Word("Approve", "Annehmen"),
    "partnership.approve.text": Word(
        "Links can be made at once, and clicks on them count.",
        "Links lassen sich sofort anlegen, und Klicks darauf zählen.",
    ),
    "partnership.approve.words": Word("A word to the publisher (optional)", "Ein Wort an den Publisher (freiwillig)"),
    "partnership.decline": Word("Decline …", "Ablehnen …"),
    "partnership.decline.send": Word("Decline", "Ablehnen"),
    "partnership.decline.words": Word("Why, for the publisher", "Warum, für den Publisher"),
    "partnership.decline.hint": Word(
        "{publisher} reads this, and may apply again.", "{publisher} liest das und darf sich erneut bewerben."
    ),
    "partnership.end": Word("End the partnership …", "Partnerschaft beenden …"),
    "partnership.end.send": Word("End it", "Beenden"),
    "partnership.end.hint": Word(
        "Its links stop counting. What was clicked before is credited until the window ends. {publisher} reads the "
        "reason.",
        "Seine Links zählen nicht mehr. Was vorher geklickt wurde, wird bis zum Ende des Fensters zugeordnet. "
        "{publisher} liest den Grund.",
    ),
    "partnership.done.approve": Word("The application is approved.", "Die Bewerbung ist angenommen."),
    "partnership.done.decline": Word(
        "The application is declined, and the publisher can read why.",
        "Die Bewerbung ist abgelehnt, und der Publisher kann lesen, warum.",
    ),
    "partnership.done.end": Word("The partnership is ended.", "Die Partnerschaft ist beendet."),
    "partnership.brought": Word("What the publisher brings elsewhere", "Was der Publisher sonst bringt"),
    "partnership.link": Word("Make a link", "Link anlegen"),
    "needs.kind": Word("Choose what they do.", "Wählen Sie, was sie tun."),
    "needs.program": Word("Choose a program.", "Wählen Sie ein Programm."),
    "needs.application": Word("At most 2,000 characters.", "Höchstens 2.000 Zeichen."),
    "needs.url_template": Word(
        "Give a whole address that begins with https://, at most 2,000 characters.",
        "Geben Sie eine ganze Adresse an, die mit https:// beginnt, höchstens 2.000 Zeichen.",
    ),
}
