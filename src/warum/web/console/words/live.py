"""Live."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "live.clicks": Word("Clicks", "Klicks"),
    "live.clicks.bare": Word("{share} cannot be credited", "{share} nicht zurechenbar"),
    "live.impressions": Word("Impressions", "Einblendungen"),
    "live.conversions": Word("Conversions", "Conversions"),
    "live.commission": Word("Commission", "Provision"),
    "live.epc": Word("EPC, per click", "EPC, je Klick"),
    "live.rate": Word("Conversion rate", "Conversion-Rate"),
    "live.sofar": Word("{what} so far", "{what} bisher"),
    "live.show": Word("Shown in the chart", "Im Diagramm"),
    "live.numbers": Word("The numbers as a table", "Die Zahlen als Tabelle"),
    "live.unit.hour": Word("Hour", "Stunde"),
    "live.unit.day": Word("Day", "Tag"),
    "live.unit.week": Word("Week from", "Woche ab"),
    "live.partial": Word(
        "The period is not over: the comparison counts up to the same time of day.",
        "Der Zeitraum läuft noch: Verglichen wird bis zur gleichen Uhrzeit.",
    ),
    "live.behind": Word(
        "Counted up to {until}. What came in later is kept and will be counted.",
        "Gezählt bis {until}. Was später kam, ist aufbewahrt und wird noch gezählt.",
    ),
    "live.statuses": Word("Where these conversions stand now", "Wie diese Conversions jetzt stehen"),
    "live.publishers": Word("Publishers", "Publisher"),
    "live.programs": Word("Programs", "Programme"),
    "live.publisher": Word("Publisher", "Publisher"),
    "live.program": Word("Program", "Programm"),
    "live.filter.publisher": Word("Publisher", "Publisher"),
    "live.filter.program": Word("Program", "Programm"),
    "live.only": Word("Show only {name}", "Nur {name} zeigen"),
    "live.col.epc": Word("EPC", "EPC"),
    "live.col.rate": Word("CR", "CR"),
    "live.drops": Word("What did not count", "Was nicht gezählt hat"),
    "live.drops.none": Word("Everything that came in was counted.", "Alles, was kam, wurde gezählt."),
    "live.none.title": Word("Nothing came in yet", "Noch ist nichts gekommen"),
    "live.none.text": Word(
        "As soon as somebody clicks a tracking link, it shows here within two seconds. Try it with one of your own.",
        "Sobald jemand auf einen Tracking-Link klickt, steht es hier binnen zwei Sekunden. Probieren Sie es aus.",
    ),
    "live.none.link": Word("Open a link of yours", "Einen Ihrer Links öffnen"),
    "live.none.text.links": Word(
        "There is no tracking link yet. A link belongs to a publisher's partnership with a program.",
        "Es gibt noch keinen Tracking-Link. Ein Link gehört zur Partnerschaft eines Publishers mit einem Programm.",
    ),
    "live.none.links": Word("Go to the links", "Zu den Links"),
}
