"""Programs: terms, rules, offers and their arms."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "programs.tab": Word("Programs", "Programme"),
    "programs.new": Word("New program", "Neues Programm"),
    "programs.search": Word("Name or code", "Name oder Code"),
    "programs.all_states": Word("All states", "Jeder Stand"),
    "programs.hold": Word("Hold", "Wartezeit"),
    "programs.hold.days": Word(("{n} day", "{n} days"), ("{n} Tag", "{n} Tage")),
    "programs.partners": Word("Partners", "Partner"),
    "programs.waiting": Word(("{n} applied", "{n} applied"), ("{n} beworben", "{n} beworben")),
    "programs.rules_more": Word(
        ("and {n} more rule", "and {n} more rules"), ("und {n} weitere Regel", "und {n} weitere Regeln")
    ),
    "programs.count": Word(("{n} program", "{n} programs"), ("{n} Programm", "{n} Programme")),
    "programs.empty": Word("No programs yet", "Noch keine Programme"),
    "programs.empty.text": Word(
        "A program is an advertiser's terms: what it pays for, how long it holds, who may join. Publishers apply to "
        "it.",
        "Ein Programm sind die Bedingungen eines Advertisers: wofür er zahlt, wie lange er wartet, wer mitmachen darf. "
        "Publisher bewerben sich darum.",
    ),
    "programs.empty.advertiser": Word("Take up an advertiser first", "Nehmen Sie zuerst einen Advertiser auf"),
    "programs.none": Word("No program matches", "Kein Programm passt"),
    "programs.none.text": Word("Take a filter away to see more.", "Nehmen Sie einen Filter heraus, um mehr zu sehen."),
    "programs.created": Word(
        "{name} is created. Give it a commission rule next.",
        "{name} ist angelegt. Geben Sie ihm als Nächstes eine Provisionsregel.",
    ),
    "programs.vertical": Word("Kind of business", "Art des Geschäfts"),
    "programs.vertical.hint": Word(
        "Hotels hold until after check-out; retail holds for the return period.",
        "Hotels warten bis nach der Abreise, der Handel die Rückgabefrist ab.",
    ),
    "program.terms": Word("Terms", "Bedingungen"),
    "program.terms.change": Word("Change the terms", "Bedingungen ändern"),
    "program.terms.lead": Word(
        "Conversions that exist keep the hold that they were given; clicks and bookings from now on follow the new "
        "terms.",
        "Bestehende Conversions behalten ihre Wartezeit; für Klicks und Buchungen ab jetzt gelten die neuen "
        "Bedingungen.",
    ),
    "program.terms.saved": Word("The terms of {name} are changed.", "Die Bedingungen von {name} sind geändert."),
    "program.status": Word("State", "Stand"),
    "program.window_days": Word("Window after a click", "Fenster nach einem Klick"),
    "program.window_days.hint": Word(
        "Days in which a conversion is credited, 1 to 400.",
        "Tage, in denen eine Conversion zugeordnet wird, 1 bis 400.",
    ),
    "program.hold_days": Word("Hold", "Wartezeit"),
    "program.hold_days.hint": Word(
        "Days that a conversion stays pending, 0 to 400: from the order, or from check-out for a hotel.",
        "Tage, die eine Conversion offen bleibt, 0 bis 400: ab Bestellung, beim Hotel ab Abreise.",
    ),
    "program.validation": Word("Who confirms", "Wer bestätigt"),
    "program.validation.automatic": Word("The end of the hold", "Das Ende der Wartezeit"),
    "program.validation.manual": Word("A person of the advertiser", "Ein Mensch des Advertisers"),
    "program.timezone": Word("Time zone", "Zeitzone"),
    "program.timezone.hint": Word(
        "Days and months of the program follow it.", "Tage und Monate des Programms richten sich danach."
    ),
    "program.currencies": Word("Currencies", "Währungen"),
    "program.currencies.hint": Word(
        "Such as EUR, CHF. Nothing is ever converted.", "Etwa EUR, CHF. Umgerechnet wird nie."
    ),
    "program.starts_on": Word("First day", "Erster Tag"),
    "program.ends_on": Word("Last day", "Letzter Tag"),
    "program.flight": Word("Flight", "Laufzeit"),
    "program.flight.hint": Word(
        "Empty: as it is. Outside of it clicks do not count.", "Leer: wie bisher. Außerhalb zählen Klicks nicht."
    ),
    "program.flight.open": Word("open", "offen"),
    "program.flight.from": Word("from {day}", "ab {day}"),
    "program.flight.until": Word("until {day}", "bis {day}"),
    "program.click_param": Word("Click parameter", "Klick-Parameter"),
    "program.rules": Word("Commission rules", "Provisionsregeln"),
    "program.rules.lead": Word(
        "The version in force at the click counts. A version never changes; a new one follows it.",
        "Es zählt die Version, die beim Klick galt. Eine Version ändert sich nie; es folgt eine neue.",
    ),
    "program.rules.empty": Word("No rule yet: nobody earns anything", "Noch keine Regel: niemand verdient etwas"),
    "program.rules.empty.text": Word(
        "Add the first one: a share of the sale, a fixed amount, or an amount per click.",
        "Legen Sie die erste an: einen Anteil am Verkauf, einen festen Betrag oder einen Betrag je Klick.",
    ),
    "program.rule.new": Word("New rule", "Neue Regel"),
    "program.rule.version": Word("Version", "Version"),
    "program.rule.for": Word("For", "Für"),
    "program.rule.everybody": Word("Everybody", "Alle"),
    "program.rule.group": Word("group {group}", "Gruppe {group}"),
    "program.rule.pays": Word("Pays", "Zahlt"),
    "program.rule.since": Word("From", "Ab"),
    "program.rule.in_force": Word("in force", "gilt"),
    "program.rule.planned": Word("planned", "geplant"),
    "program.rule.past": Word("past", "abgelöst"),
    "program.offers": Word("Offers", "Angebote"),
    "program.offers.lead": Word(
        "What is promoted, and how visitors are shared among its arms.",
        "Was beworben wird und wie sich Besucher auf seine Arme verteilen.",
    ),
    "program.offers.empty": Word(
        "No offer yet: there is nothing to link to", "Noch kein Angebot: es gibt nichts zu verlinken"
    ),
    "program.offers.empty.text": Word(
        "An offer has one or more landing pages on hosts that the advertiser proved.",
        "Ein Angebot hat eine oder mehrere Zielseiten auf Hosts, die der Advertiser nachgewiesen hat.",
    ),
    "program.offer.new": Word("New offer", "Neues Angebot"),
    "program.partners": Word("Partners", "Partner"),
    "program.partners.empty": Word("No partners yet", "Noch keine Partner"),
    "program.partners.empty.text": Word(
        "Publishers apply, or you record an application on a publisher's page. Applications wait in the inbox.",
        "Publisher bewerben sich, oder Sie erfassen eine Bewerbung auf der Seite eines Publishers. Bewerbungen warten "
        "im Eingang.",
    ),
    "offer.arm": Word("Arm", "Arm"),
    "offer.propensity": Word("Share", "Anteil"),
    "offer.not_drawn": Word("not drawn", "nicht gezogen"),
    "offer.rate": Word("CR", "CR"),
    "offer.value": Word("Retained", "Verbleibt"),
    "offer.value_per_click": Word("Per click", "Je Klick"),
    "offer.shares": Word("Change shares", "Anteile ändern"),
    "offer.shares.title": Word("Shares of “{name}”", "Anteile von „{name}“"),
    "offer.shares.lead": Word(
        "With which probability a visitor is sent to each arm. Every click keeps the share it was drawn under, so that "
        "arms can be compared later. Links follow within two seconds.",
        "Mit welcher Wahrscheinlichkeit ein Besucher zu jedem Arm kommt. Jeder Klick behält den Anteil, unter dem er "
        "gezogen wurde; so lassen sich Arme später vergleichen. Links folgen binnen zwei Sekunden.",
    ),
    "offer.shares.hint": Word("They sum to 100 %, and none is below 1 %.", "Zusammen 100 %, keiner unter 1 %."),
    "offer.shares.saved": Word("New shares of {name} are in force.", "Neue Anteile von {name} gelten."),
    "offer.shares.number": Word(
        "Give each arm a number between 1 and 100, such as 33.5.",
        "Geben Sie jedem Arm eine Zahl zwischen 1 und 100, etwa 33,5.",
    ),
    "offer.shares.reason": Word("Why (optional)", "Warum (freiwillig)"),
    "offer.shares.within": Word("These shares hold {where}.", "Diese Anteile gelten {where}."),
    "offer.contexts": Word("Shares by context", "Anteile nach Kontext"),
    "offer.contexts.lead": Word(
        "An arm may do better on a phone than on a computer. Each context has shares of its own; those that nobody set "
        "follow the offer as a whole.",
        "Ein Arm kann auf dem Handy besser ankommen als am Computer. Jeder Kontext hat eigene Anteile; solche, die "
        "niemand gesetzt hat, folgen dem Angebot als Ganzem.",
    ),
    "offer.contexts.context": Word("Context", "Kontext"),
    "offer.contexts.whole": Word("as a whole, and for what is unknown", "insgesamt, und für Unbekanntes"),
    "offer.contexts.follows": Word("follows the whole", "folgt dem Ganzen"),
    "offer.contexts.change": Word("Change", "Ändern"),
    "offer.contexts.choose": Word("What is told apart", "Was unterschieden wird"),
    "offer.contexts.choice": Word("{name} ({count})", "{name} ({count})"),
    "offer.contexts.hint": Word(
        "At most two, making at most 12 contexts. Each learns from its own visitors alone: with four contexts it takes "
        "about four times as long until the bot can judge. Choose what you expect to matter.",
        "Höchstens zwei, mit zusammen höchstens 12 Kontexten. Jeder lernt nur aus seinen eigenen Besuchern: Bei vier "
        "Kontexten dauert es je Kontext etwa viermal so lange, bis der Bot urteilen kann. Wählen Sie, was wohl zählt.",
    ),
    "offer.contexts.privacy": Word(
        "This needs no consent: it is read from what every request carries anyway, nothing is stored on or fetched "
        "from the device, and of the visitor only the allocation drawn from is kept: the same for everybody in that "
        "context.",
        "Das braucht keine Einwilligung: Es wird aus dem gelesen, was jede Anfrage ohnehin mitbringt. Auf dem Gerät "
        "wird nichts gespeichert oder abgefragt, und vom Besucher bleibt nur, aus welcher Verteilung gezogen wurde: "
        "für alle in diesem Kontext dieselbe.",
    ),
    "offer.contexts.saved": Word("Contexts of {name} are as chosen.", "Die Kontexte von {name} gelten wie gewählt."),
    "offer.create.page": Word("Landing page {number}", "Zielseite {number}"),
    "offer.create.page_url": Word("Address", "Adresse"),
    "offer.create.lead": Word(
        "Each landing page is an arm; they begin with equal shares. Addresses lie on proved hosts: {hosts}.",
        "Jede Zielseite ist ein Arm; sie beginnen mit gleichen Anteilen. Adressen liegen auf nachgewiesenen Hosts: "
        "{hosts}.",
    ),
    "offer.create.no_hosts": Word(
        "The advertiser has proved no host yet, so no landing page can be used. Do that first.",
        "Der Advertiser hat noch keinen Host nachgewiesen, also taugt keine Zielseite. Holen Sie das zuerst nach.",
    ),
    "offer.create.hosts": Word("Prove a host", "Host nachweisen"),
    "offer.created": Word("{name} is created.", "{name} ist angelegt."),
    "rule.kind": Word("What it pays for", "Wofür sie zahlt"),
    "rule.kind.percent": Word("A share of the sale", "Anteil am Verkauf"),
    "rule.kind.fixed": Word("A fixed amount per sale", "Fester Betrag je Verkauf"),
    "rule.kind.per_click": Word("An amount per click with consent", "Betrag je Klick mit Einwilligung"),
    "rule.value": Word("How much", "Wie viel"),
    "rule.value.hint": Word(
        "Percent for a share, otherwise an amount: 8 or 8.25.",
        "Prozent bei einem Anteil, sonst ein Betrag: 8 oder 8,25.",
    ),
    "rule.currency": Word("Currency of an amount", "Währung eines Betrags"),
    "rule.publisher": Word("For whom", "Für wen"),
    "rule.publisher.all": Word("Everybody in the program", "Alle im Programm"),
    "rule.group": Word("Commission group", "Provisionsgruppe"),
    "rule.group.hint": Word("Empty: everything that has no group of its own.", "Leer: alles ohne eigene Gruppe."),
    "rule.valid_on": Word("In force from", "Gilt ab"),
    "rule.valid_on.hint": Word(
        "Empty: now. Clicks before keep the rule they were promised.",
        "Leer: jetzt. Frühere Klicks behalten die Regel, die ihnen zugesagt war.",
    ),
    "rule.reason": Word("Why (optional)", "Warum (freiwillig)"),
    "rule.preview": Word("What would it have cost?", "Was hätte sie gekostet?"),
    "rule.add": Word("Put in force", "In Kraft setzen"),
    "rule.added": Word("Version {version} is in force.", "Version {version} gilt."),
    "rule.planned": Word("Version {version} is planned from {day}.", "Version {version} ist ab {day} geplant."),
    "rule.preview.title": Word("The last 30 days, priced again", "Die letzten 30 Tage, neu gerechnet"),
    "rule.preview.lead": Word(
        "{repriced} of {n} conversions would have fallen under it, each priced by itself.",
        "{repriced} von {n} Conversions wären unter sie gefallen, jede einzeln gerechnet.",
    ),
    "rule.preview.clicks": Word(
        "{n} clicks with consent would have been paid by it.",
        "{n} Klicks mit Einwilligung wären nach ihr bezahlt worden.",
    ),
    "rule.preview.none": Word(
        "No conversion of the last 30 days would have fallen under it, so there is nothing to go by.",
        "Keine Conversion der letzten 30 Tage wäre unter sie gefallen; es gibt keinen Anhalt.",
    ),
    "rule.preview.before": Word("As it is", "Wie es ist"),
    "rule.preview.after": Word("With this rule", "Mit dieser Regel"),
    "rule.preview.difference": Word("Difference", "Unterschied"),
    "rule.preview.share": Word("{percent} of what is retained", "{percent} von dem, was verbleibt"),
    "rule.preview.partners": Word("Whom it changes most", "Wen es am meisten trifft"),
    "rule.preview.changes_nothing": Word(
        "Nobody would have earned anything else.", "Niemand hätte etwas anderes verdient."
    ),
    "needs.value": Word("Give a number, such as 8 or 8.25.", "Geben Sie eine Zahl an, etwa 8 oder 8,25."),
    "needs.window_days": Word("A whole number of days, 1 to 400.", "Eine ganze Zahl von Tagen, 1 bis 400."),
    "needs.hold_days": Word("A whole number of days, 0 to 400.", "Eine ganze Zahl von Tagen, 0 bis 400."),
    "needs.currencies": Word("Three capital letters each, such as EUR, CHF.", "Je drei Großbuchstaben, etwa EUR, CHF."),
    "needs.group": Word(
        "Letters, digits, dots, dashes and underscores, at most 64.",
        "Buchstaben, Ziffern, Punkte, Striche, höchstens 64.",
    ),
    "needs.advertiser": Word("Choose an advertiser.", "Wählen Sie einen Advertiser."),
    "needs.starts_on": Word("Give a day of the calendar.", "Geben Sie einen Kalendertag an."),
    "needs.ends_on": Word("Give a day of the calendar.", "Geben Sie einen Kalendertag an."),
    "needs.valid_on": Word("Give a day of the calendar.", "Geben Sie einen Kalendertag an."),
    "needs.landing_pages": Word(
        "Give at least one landing page, each with a name and its whole address.",
        "Geben Sie mindestens eine Zielseite an, jede mit Namen und ganzer Adresse.",
    ),
}
