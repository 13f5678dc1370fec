"""Today."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "today.part.edge": Word("Edge", "Edge"),
    "today.part.worker": Word("Worker", "Worker"),
    "today.state.up": Word("runs", "läuft"),
    "today.state.down": Word("does not answer", "antwortet nicht"),
    "today.state.unknown": Word("unknown", "unbekannt"),
    "today.counted": Word("counted up to {until}", "gezählt bis {until}"),
    "today.counted.now": Word("counted up to now", "gezählt bis jetzt"),
    "today.money": Word("Money in its stages", "Geld in seinen Stufen"),
    "today.money.in": Word("In {currency}", "In {currency}"),
    "today.money.text": Word(
        "What was sold, then what publishers earn by it.", "Was verkauft wurde, dann was Publisher daran verdienen."
    ),
    "today.money.booked": Word("Sales", "Umsatz"),
    "today.money.pending": Word("Pending now", "Jetzt offen"),
    "today.money.approved": Word("Approved", "Bestätigt"),
    "today.money.taken_back": Word("Declined", "Abgelehnt"),
    "today.money.confirmed": Word("Owed now", "Jetzt geschuldet"),
    "today.money.count": Word(("{n} conversion", "{n} conversions"), ("{n} Conversion", "{n} Conversions")),
    "today.money.since": Word("since {day}", "seit {day}"),
    "today.money.none.title": Word("No money yet", "Noch kein Geld"),
    "today.money.none.text": Word(
        "With the first credited conversion its commission shows here, stage by stage.",
        "Mit der ersten zugerechneten Conversion steht hier ihre Provision, Stufe für Stufe.",
    ),
    "today.money.none.act": Word("See what comes in", "Sehen, was kommt"),
    "today.proposals": Word("What bots propose", "Was Bots vorschlagen"),
    "today.proposals.all": Word("All decisions", "Alle Entscheidungen"),
    "today.proposals.gain": Word("expected in {days} days", "erwartet in {days} Tagen"),
    "today.proposals.stake": Word("{stake} at stake", "{stake} stehen auf dem Spiel"),
    "today.proposals.none.title": Word("No proposal waits", "Kein Vorschlag wartet"),
    "today.proposals.none.text": Word(
        "Bots ask only where a gain is probable and worth your time. What they do not know yet is written down as "
        "well.",
        "Bots fragen nur, wo ein Gewinn wahrscheinlich ist und Ihre Zeit lohnt. Was sie noch nicht wissen, steht "
        "auch da.",
    ),
    "today.proposals.none.act": Word("What bots do not know yet", "Was Bots noch nicht wissen"),
    "today.health": Word("Is tracking alive?", "Lebt das Tracking?"),
    "today.health.advertiser": Word("Advertiser", "Advertiser"),
    "today.health.state": Word("State", "Stand"),
    "today.health.last_click": Word("Last click", "Letzter Klick"),
    "today.health.last_conversion": Word("Last conversion", "Letzte Conversion"),
    "today.health.day": Word("Clicks, 24 h", "Klicks, 24 Std."),
    "today.health.hour": Word("this hour", "diese Stunde"),
    "today.health.within": Word("{day}, {begin}–{end}", "{day}, {begin}–{end}"),
    "today.health.within_today": Word("{begin}–{end}", "{begin}–{end}"),
    "today.health.never": Word("never", "nie"),
    "today.health.none.title": Word("No advertiser yet", "Noch kein Advertiser"),
    "today.health.none.text": Word(
        "Take up the first one: a program, an offer and a link follow, and its tracking shows here.",
        "Nehmen Sie den ersten auf: Programm, Angebot und Link folgen, und sein Tracking steht hier.",
    ),
    "today.health.none.act": Word("Go to the programs", "Zu den Programmen"),
    "today.signal.fine": Word("As usual", "Wie üblich"),
    "today.signal.quiet": Word("Quiet", "Ruhig"),
    "today.signal.new": Word("Too new to tell", "Noch zu neu"),
    "today.signal.never": Word("Not begun", "Nicht begonnen"),
    "today.signal.unknown": Word("Not counted yet", "Noch nicht gezählt"),
    "today.signal.silent": Word("Silent", "Stumm"),
    "today.hours": Word(("{n} hour", "{n} hours"), ("{n} Stunde", "{n} Stunden")),
    "today.days": Word(("{n} day", "{n} days"), ("{n} Tag", "{n} Tagen")),
    "today.clicks.silent": Word(
        "No click for {time}. In the same hours of the last {weeks} weeks there were {usual}.",
        "Seit {time} kein Klick. In denselben Stunden der letzten {weeks} Wochen waren es {usual}.",
    ),
    "today.clicks.quiet": Word(
        "No click for {time}; few are usual at this time ({usual}).",
        "Seit {time} kein Klick; um diese Zeit sind wenige üblich ({usual}).",
    ),
    "today.clicks.new": Word(
        "No click for {time}; there are no earlier weeks to compare with.",
        "Seit {time} kein Klick; es gibt noch keine Wochen zum Vergleichen.",
    ),
    "today.clicks.never": Word("No click yet.", "Noch kein Klick."),
    "today.conversions.silent": Word(
        (
            "{n} click, and no conversion for {time}. Usual in these hours: {usual}.",
            "{n} clicks, and no conversion for {time}. Usual in these hours: {usual}.",
        ),
        (
            "{n} Klick, aber seit {time} keine Conversion. Üblich in diesen Stunden: {usual}.",
            "{n} Klicks, aber seit {time} keine Conversion. Üblich in diesen Stunden: {usual}.",
        ),
    ),
    "today.conversions.quiet": Word(
        "No conversion for {time}; few are usual at this time ({usual}).",
        "Seit {time} keine Conversion; um diese Zeit sind wenige üblich ({usual}).",
    ),
    "today.conversions.new": Word(
        "No conversion for {time}; there are no earlier weeks to compare with.",
        "Seit {time} keine Conversion; es gibt noch keine Wochen zum Vergleichen.",
    ),
    "today.conversions.never": Word("No conversion yet.", "Noch keine Conversion."),
    "today.behind": Word(
        "The worker is behind: what came in after {until} is kept and not counted yet. Silence cannot be told until "
        "then.",
        "Der Worker hängt zurück: Was nach {until} kam, ist aufbewahrt und noch nicht gezählt. Bis dahin lässt sich "
        "keine Stille feststellen.",
    ),
    "today.down.edge": Word(
        "The edge does not answer: clicks and postbacks are not taken just now. Look at its log, and start it again.",
        "Die Edge antwortet nicht: Klicks und Postbacks werden gerade nicht angenommen. Sehen Sie in ihr Protokoll, "
        "und starten Sie sie neu.",
    ),
    "today.down.worker": Word(
        "The worker does not run: what comes in is kept, but not counted. Look at its log, and start it again.",
        "Der Worker läuft nicht: Was kommt, ist aufbewahrt, aber nicht gezählt. Sehen Sie in sein Protokoll, und "
        "starten Sie ihn neu.",
    ),
    "today.waiting": Word("Waits for a person", "Wartet auf jemanden"),
    "today.waiting.overdue": Word(
        ("{n} contest whose answer is late", "{n} contests whose answers are late"),
        ("{n} Anfechtung, deren Antwort überfällig ist", "{n} Anfechtungen, deren Antworten überfällig sind"),
    ),
    "today.waiting.contests": Word(
        ("{n} contest of a decision", "{n} contests of decisions"),
        ("{n} Anfechtung einer Entscheidung", "{n} Anfechtungen von Entscheidungen"),
    ),
    "today.waiting.proposals": Word(
        ("{n} proposal of a bot", "{n} proposals of bots"), ("{n} Vorschlag eines Bots", "{n} Vorschläge von Bots")
    ),
    "today.waiting.applications": Word(
        ("{n} application of a publisher", "{n} applications of publishers"),
        ("{n} Bewerbung eines Publishers", "{n} Bewerbungen von Publishern"),
    ),
    "today.waiting.reports": Word(
        ("{n} report that could not be applied", "{n} reports that could not be applied"),
        ("{n} Meldung, die sich nicht anwenden ließ", "{n} Meldungen, die sich nicht anwenden ließen"),
    ),
    "today.waiting.quarantined": Word(
        ("{n} record set aside", "{n} records set aside"),
        ("{n} beiseitegelegter Datensatz", "{n} beiseitegelegte Datensätze"),
    ),
    "today.waiting.postbacks": Word(
        ("{n} postback given up", "{n} postbacks given up"), ("{n} aufgegebener Postback", "{n} aufgegebene Postbacks")
    ),
    "today.waiting.none": Word("Nothing waits for you.", "Nichts wartet auf Sie."),
    "today.bots": Word("How bots did", "Wie sich Bots bewährt haben"),
    "today.changed": Word("What changed", "Was sich geändert hat"),
    "today.changed.steps": Word("Conversions in the last 24 hours", "Conversions in den letzten 24 Stunden"),
    "today.changed.more": Word(("and {n} more", "and {n} more"), ("und {n} weitere", "und {n} weitere")),
    "today.changed.none": Word(
        "Nobody changed anything yet. Whatever people, keys and bots change is written here.",
        "Noch hat niemand etwas geändert. Was Personen, Schlüssel und Bots ändern, steht hier.",
    ),
    "today.step.booked": Word("{n} booked", "{n} gebucht"),
    "today.step.amended": Word("{n} amended", "{n} geändert"),
    "today.step.stayed": Word("{n} stayed", "{n} angereist"),
    "today.step.cancelled": Word("{n} cancelled", "{n} storniert"),
    "today.step.no_show": Word("{n} not appeared", "{n} nicht erschienen"),
    "today.step.refunded": Word("{n} refunded", "{n} erstattet"),
    "today.step.approved": Word("{n} approved by hand", "{n} von Hand bestätigt"),
    "today.step.declined": Word("{n} declined", "{n} abgelehnt"),
    "today.step.released": Word("{n} approved after their hold", "{n} nach ihrer Frist bestätigt"),
    "today.step.noted": Word("{n} noted", "{n} vermerkt"),
}
