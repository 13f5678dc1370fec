"""What the pages of records share."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "records.crumbs": Word("Where you are", "Wo Sie sind"),
    "records.filter.apply": Word("Apply the filters", "Filter anwenden"),
    "records.always": Word("All time", "Aus aller Zeit"),
    "records.copy": Word("Copy", "Kopieren"),
    "records.copied": Word("Copied", "Kopiert"),
    "records.before": Word("before:", "vorher:"),
    "records.after": Word("now:", "jetzt:"),
    "records.total": Word("Total", "Summe"),
    "records.all": Word("Show all", "Alle zeigen"),
    "records.csv": Word("Export CSV", "CSV exportieren"),
    "records.cancel": Word("Cancel", "Abbrechen"),
    "records.create": Word("Create", "Anlegen"),
    "records.state": Word("State", "Stand"),
    "records.clicks": Word("Clicks", "Klicks"),
    "records.impressions": Word("Views", "Einblendungen"),
    "records.conversions": Word("Conversions", "Conversions"),
    "records.pending": Word("Pending", "Offen"),
    "records.approved": Word("Approved", "Bestätigt"),
    "records.commission": Word("Commission", "Provision"),
    "records.epc": Word("EPC", "EPC"),
    "records.epc.hint": Word("Commission per click", "Provision je Klick"),
    "records.declined_share": Word("Declined", "Abgelehnt"),
    "records.declined_of": Word("{n} of {whole}", "{n} von {whole}"),
    "records.program": Word("Program", "Programm"),
    "records.publisher": Word("Publisher", "Publisher"),
    "records.advertiser": Word("Advertiser", "Advertiser"),
    "records.partnership": Word("Partnership", "Partnerschaft"),
    "records.name": Word("Name", "Name"),
    "records.code": Word("Code", "Code"),
    "records.code.hint": Word(
        "Small letters, digits and hyphens. Leave it empty and one is chosen; it never changes.",
        "Kleinbuchstaben, Ziffern und Bindestriche. Leer gelassen wird einer gewählt; er ändert sich nie.",
    ),
    "records.reason": Word("Reason", "Grund"),
    "records.none": Word("None", "Keine"),
    "records.nobody": Word("Nobody", "Niemand"),
    "records.repeated": Word("This was sent twice and done once.", "Das wurde zweimal gesendet und einmal ausgeführt."),
    "records.meanwhile": Word("This was changed while you were typing.", "Das wurde geändert, während Sie tippten."),
    "records.meanwhile.by": Word("By {who}, {when}.", "Von {who}, {when}."),
    "records.meanwhile.same": Word(
        "None of the fields below is another than before.", "Keines der Felder unten ist anders als zuvor."
    ),
    "records.meanwhile.then": Word(
        "Your entries are still here. Look at the differences; saving again puts yours in force.",
        "Ihre Eingaben stehen noch da. Sehen Sie sich die Unterschiede an; erneutes Speichern setzt Ihre durch.",
    ),
    "records.acts": Word("What changed", "Was sich geändert hat"),
    "records.rule.none": Word("no rule", "keine Regel"),
    "records.rule.fixed": Word("{amount} per sale", "{amount} je Verkauf"),
    "records.rule.per_click": Word("{amount} per click", "{amount} je Klick"),
    "vertical.hotel": Word("Hotel", "Hotel"),
    "vertical.retail": Word("Retail", "Handel"),
    "program_status.draft": Word("Draft", "Entwurf"),
    "program_status.running": Word("Running", "Läuft"),
    "program_status.paused": Word("Paused", "Pausiert"),
    "program_status.ended": Word("Ended", "Beendet"),
    "partnership_status.applied": Word("Applied", "Beworben"),
    "partnership_status.approved": Word("Approved", "Angenommen"),
    "partnership_status.declined": Word("Declined", "Abgelehnt"),
    "partnership_status.ended": Word("Ended", "Beendet"),
    "needs.reason": Word(
        "Give a reason in 3 to 500 characters. Whoever it concerns will read it.",
        "Nennen Sie einen Grund mit 3 bis 500 Zeichen. Wen es betrifft, der liest ihn.",
    ),
    "needs.name": Word("Give a name of 1 to 200 characters.", "Geben Sie einen Namen mit 1 bis 200 Zeichen an."),
    "needs.code": Word(
        "2 to 40 small letters, digits and hyphens, beginning with a letter or digit; or leave it empty.",
        "2 bis 40 Kleinbuchstaben, Ziffern und Bindestriche, am Anfang ein Buchstabe oder eine Ziffer; oder leer "
        "lassen.",
    ),
}
