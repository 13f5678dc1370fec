"""Advertisers: hosts, credentials, legal basis."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "advertisers.tab": Word("Advertisers", "Advertiser"),
    "advertisers.title": Word("Advertisers", "Advertiser"),
    "advertisers.search": Word("Name or code", "Name oder Code"),
    "advertisers.new": Word("New advertiser", "Neuer Advertiser"),
    "advertisers.created": Word(
        "{name} is taken up. Prove its hosts and hand over its credentials next.",
        "{name} ist aufgenommen. Weisen Sie als Nächstes die Hosts nach und übergeben Sie die Zugangsdaten.",
    ),
    "advertisers.programs": Word("Programs", "Programme"),
    "advertisers.hosts": Word("Proved hosts", "Nachgewiesene Hosts"),
    "advertisers.hosts.open": Word(("{n} to prove", "{n} to prove"), ("{n} offen", "{n} offen")),
    "advertisers.postbacks": Word("Postbacks", "Postbacks"),
    "advertisers.postbacks.ready": Word("Ready", "Bereit"),
    "advertisers.postbacks.missing": Word("No credentials", "Keine Zugangsdaten"),
    "advertisers.basis": Word("Without consent", "Ohne Einwilligung"),
    "advertisers.basis.on": Word("Credited on a basis", "Zugeordnet, mit Grundlage"),
    "advertisers.basis.off": Word("Not credited", "Nicht zugeordnet"),
    "advertisers.empty": Word("No advertisers yet", "Noch keine Advertiser"),
    "advertisers.empty.text": Word(
        "An advertiser pays for what publishers bring. It proves its hosts, reports its sales, and has programs.",
        "Ein Advertiser zahlt für das, was Publisher bringen. Er weist seine Hosts nach, meldet Verkäufe und hat "
        "Programme.",
    ),
    "advertisers.none": Word("No advertiser matches", "Kein Advertiser passt"),
    "advertiser.programs.none": Word("No program yet.", "Noch kein Programm."),
    "advertiser.conversions": Word("Its conversions", "Seine Conversions"),
    "advertiser.rename": Word("Rename", "Umbenennen"),
    "advertiser.renamed": Word("It is now called {name}.", "Er heißt jetzt {name}."),
    "advertiser.facts": Word("Facts", "Fakten"),
    "advertiser.hosts": Word("Hosts", "Hosts"),
    "advertiser.hosts.lead": Word(
        "Links lead only to hosts that the advertiser has proved to be its own. The file below, with the challenge as "
        "its only line, proves it.",
        "Links führen nur zu Hosts, die der Advertiser als seine nachgewiesen hat. Die Datei unten, mit der Aufgabe "
        "als "
        "einziger Zeile, weist es nach.",
    ),
    "advertiser.hosts.none": Word(
        "No host yet: no offer can lead anywhere.", "Noch kein Host: Kein Angebot führt irgendwohin."
    ),
    "advertiser.host": Word("Host", "Host"),
    "advertiser.host.hint": Word("The name alone, such as www.hotel.example.", "Nur der Name, etwa www.hotel.example."),
    "advertiser.host.add": Word("Add a host", "Host hinzufügen"),
    "advertiser.host.added": Word(
        "{host} is added. It waits for its proof.", "{host} ist hinzugefügt. Der Nachweis fehlt noch."
    ),
    "advertiser.host.challenge": Word("Challenge", "Aufgabe"),
    "advertiser.host.open": Word("Not proved", "Nicht nachgewiesen"),
    "advertiser.host.is_proved": Word("Proved", "Nachgewiesen"),
    "advertiser.host.file": Word("Content of {file}", "Inhalt von {file}"),
    "advertiser.host.prove": Word("Record the proof …", "Nachweis festhalten …"),
    "advertiser.host.prove.send": Word("Record", "Festhalten"),
    "advertiser.host.evidence": Word("What shows it", "Was es zeigt"),
    "advertiser.host.evidence.hint": Word(
        "Such as: the file holds the challenge. Or on whose word you take it.",
        "Etwa: Die Datei enthält die Aufgabe. Oder auf wessen Wort Sie es annehmen.",
    ),
    "advertiser.host.proved": Word(
        "{host} is proved. Links may lead there.", "{host} ist nachgewiesen. Links dürfen dorthin führen."
    ),
    "advertiser.credentials": Word("Postbacks", "Postbacks"),
    "advertiser.credentials.lead": Word(
        "The shop reports sales, changes and cancellations to this address, signed with the secret or with the token.",
        "An diese Adresse meldet der Shop Verkäufe, Änderungen und Stornos, signiert mit dem Geheimnis oder mit dem "
        "Token.",
    ),
    "advertiser.credentials.url": Word("Postback address", "Postback-Adresse"),
    "advertiser.credentials.none": Word(
        "There are no credentials yet, so nothing can be reported.",
        "Es gibt noch keine Zugangsdaten, also lässt sich nichts melden.",
    ),
    "advertiser.credentials.make": Word("Make credentials", "Zugangsdaten anlegen"),
    "advertiser.credentials.rotate": Word("Make new ones …", "Neue anlegen …"),
    "advertiser.credentials.sure": Word(
        "I know that the old ones stop working within two seconds.",
        "Mir ist klar, dass die alten binnen zwei Sekunden nicht mehr gelten.",
    ),
    "advertiser.credentials.send": Word("Make new credentials", "Neue Zugangsdaten anlegen"),
    "advertiser.credentials.shown": Word("Hand these over now", "Jetzt weitergeben"),
    "advertiser.credentials.shown.text": Word(
        "They are shown only this once. We keep only what is needed to check them.",
        "Sie werden nur dieses eine Mal gezeigt. Wir behalten nur, was zum Prüfen nötig ist.",
    ),
    "advertiser.credentials.token": Word("Token", "Token"),
    "advertiser.credentials.secret": Word("Secret for signatures", "Geheimnis für Signaturen"),
    "advertiser.credentials.repeated": Word(
        "This was sent twice and done once. The credentials were in the first answer; if they are lost, make new ones.",
        "Das wurde zweimal gesendet und einmal ausgeführt. Die Zugangsdaten standen in der ersten Antwort; sind sie "
        "verloren, legen Sie neue an.",
    ),
    "advertiser.basis": Word("Clicks without consent", "Klicks ohne Einwilligung"),
    "advertiser.basis.explain": Word(
        "Without consent we make no identifier and keep nothing about the visitor. The link itself can still say which "
        "link it was and which day, the same for everybody. Whether a sale may be credited on that is for the "
        "advertiser to settle: it needs a legal basis, and counsel should have seen it.",
        "Ohne Einwilligung legen wir keine Kennung an und behalten nichts über den Besucher. Der Link selbst kann noch "
        "sagen, welcher Link es war und welcher Tag, für alle gleich. Ob sich ein Verkauf darauf zuordnen lässt, muss "
        "der Advertiser klären: Es braucht eine Rechtsgrundlage, und ein Anwalt sollte sie gesehen haben.",
    ),
    "advertiser.basis.off": Word(
        "Off: such clicks are counted, and publishers earn nothing by them.",
        "Aus: Solche Klicks werden gezählt, und Publisher verdienen nichts daran.",
    ),
    "advertiser.basis.on": Word("On since {day}, on this basis:", "An seit {day}, auf dieser Grundlage:"),
    "advertiser.basis.record": Word("Record a legal basis …", "Rechtsgrundlage hinterlegen …"),
    "advertiser.basis.record.send": Word("Record it and switch on", "Hinterlegen und einschalten"),
    "advertiser.basis.words": Word(
        "The basis, as the advertiser states it, with its source",
        "Die Grundlage, wie der Advertiser sie nennt, mit Quelle",
    ),
    "advertiser.basis.recorded": Word(
        "Recorded. Clicks without consent are credited from now on.",
        "Hinterlegt. Klicks ohne Einwilligung werden ab jetzt zugeordnet.",
    ),
    "advertiser.basis.withdraw": Word("Withdraw …", "Zurückziehen …"),
    "advertiser.basis.withdraw.send": Word("Withdraw it and switch off", "Zurückziehen und ausschalten"),
    "advertiser.basis.withdraw.words": Word("Why", "Warum"),
    "advertiser.basis.withdraw.hint": Word(
        "Publishers earn nothing by such clicks from then on. What is credited stays.",
        "Publisher verdienen an solchen Klicks dann nichts mehr. Was zugeordnet ist, bleibt.",
    ),
    "advertiser.basis.withdrawn": Word(
        "Withdrawn. Clicks without consent are only counted.",
        "Zurückgezogen. Klicks ohne Einwilligung werden nur noch gezählt.",
    ),
    "needs.sure": Word(
        "Tick this first: the shop has to change over at once.",
        "Haken Sie das zuerst an: Der Shop muss sofort umstellen.",
    ),
    "needs.host": Word(
        "Give a host name, such as www.hotel.example.", "Geben Sie einen Hostnamen an, etwa www.hotel.example."
    ),
    "needs.evidence": Word(
        "Say in 5 to 500 characters what shows it.", "Sagen Sie in 5 bis 500 Zeichen, was es zeigt."
    ),
    "needs.basis": Word(
        "State the basis and its source in 10 to 2,000 characters.",
        "Nennen Sie Grundlage und Quelle in 10 bis 2.000 Zeichen.",
    ),
}
