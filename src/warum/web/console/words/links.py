"""Links, and why requests do not count."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "links.new": Word("New link", "Neuer Link"),
    "links.search": Word("Link, code or publisher", "Link, Code oder Publisher"),
    "links.link": Word("Link", "Link"),
    "links.state.all": Word("All links", "Alle Links"),
    "links.state.active": Word("Active", "Aktive"),
    "links.state.retired": Word("Retired", "Stillgelegte"),
    "links.dropped": Word("Not counted", "Nicht gezählt"),
    "links.made": Word("Made", "Angelegt"),
    "links.copy": Word("Copy the address", "Adresse kopieren"),
    "links.created": Word("The link works within two seconds.", "Der Link funktioniert binnen zwei Sekunden."),
    "links.empty": Word("No links yet", "Noch keine Links"),
    "links.empty.text": Word(
        "A link belongs to an approved partnership and leads to an offer. What it brings is counted here.",
        "Ein Link gehört zu einer angenommenen Partnerschaft und führt zu einem Angebot. Was er bringt, zählt hier.",
    ),
    "links.none": Word("No link matches", "Kein Link passt"),
    "links.none.text": Word("Take a filter away to see more.", "Nehmen Sie einen Filter heraus, um mehr zu sehen."),
    "links.create.program": Word("Program", "Programm"),
    "links.create.choose": Word("Choose …", "Auswählen …"),
    "links.create.partner": Word("Publisher", "Publisher"),
    "links.create.offer": Word("Offer", "Angebot"),
    "links.create.name": Word("Name (optional)", "Name (freiwillig)"),
    "links.create.name.hint": Word(
        "For the publisher's own overview, such as the article it stands in.",
        "Für die Übersicht des Publishers, etwa der Artikel, in dem er steht.",
    ),
    "links.create.no_partners": Word(
        "This program has no approved partner yet. Approve an application first.",
        "Dieses Programm hat noch keinen angenommenen Partner. Nehmen Sie zuerst eine Bewerbung an.",
    ),
    "links.create.no_offers": Word(
        "This program has no offer yet, so there is nothing to link to.",
        "Dieses Programm hat noch kein Angebot, also gibt es nichts zu verlinken.",
    ),
    "link.url": Word("Address", "Adresse"),
    "link.url.hint": Word(
        "What the publisher puts into its page. With &cons=1 at the end it says that the visitor consented.",
        "Was der Publisher in seine Seite setzt. Mit &cons=1 am Ende sagt er, dass der Besucher eingewilligt hat.",
    ),
    "link.impression_url": Word("Address for counting views", "Adresse zum Zählen von Einblendungen"),
    "link.clicks": Word("Clicks, by what they can be credited on", "Klicks, nach ihrer Grundlage"),
    "link.clicks.consent": Word("With consent", "Mit Einwilligung"),
    "link.clicks.consent.hint": Word("A token is made; credited exactly.", "Ein Token entsteht; exakt zugeordnet."),
    "link.clicks.reference": Word("Without, on a legal basis", "Ohne, mit Rechtsgrundlage"),
    "link.clicks.reference.hint": Word(
        "Credited by link and day; no identifier.", "Nach Link und Tag zugeordnet; keine Kennung."
    ),
    "link.clicks.bare": Word("Without consent or basis", "Ohne Einwilligung und Grundlage"),
    "link.clicks.bare.hint": Word("Counted, never credited.", "Gezählt, nie zugeordnet."),
    "link.dropped": Word("What did not count", "Was nicht zählte"),
    "link.dropped.none": Word("Every request counted.", "Jede Anfrage zählte."),
    "link.retired": Word("Retired", "Stillgelegt"),
    "link.retired.since": Word(
        "Retired on {day}: it goes on redirecting, and counts no longer.",
        "Stillgelegt am {day}: Er leitet weiter um und zählt nicht mehr.",
    ),
    "link.active": Word("Active", "Aktiv"),
    "link.retire": Word("Retire …", "Stilllegen …"),
    "link.retire.send": Word("Retire the link", "Link stilllegen"),
    "link.retire.text": Word(
        "It goes on redirecting, so that no visitor meets a dead end, but clicks no longer count. Earlier clicks are "
        "credited until the window ends. This cannot be taken back; a new link is quickly made.",
        "Er leitet weiter um, damit kein Besucher ins Leere läuft, aber Klicks zählen nicht mehr. Frühere Klicks "
        "werden "
        "bis zum Ende des Fensters zugeordnet. Das lässt sich nicht zurücknehmen; ein neuer Link ist schnell gemacht.",
    ),
    "link.retire.words": Word("Why (optional)", "Warum (freiwillig)"),
    "link.retired.toast": Word("The link is retired.", "Der Link ist stillgelegt."),
    "link.offer": Word("Offer", "Angebot"),
    "needs.partnership": Word("Choose a publisher.", "Wählen Sie einen Publisher."),
    "needs.offer": Word("Choose an offer.", "Wählen Sie ein Angebot."),
}
