"""Decisions: what bots propose, what people decide, what came of it, and what binds bots."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "decisions.lead": Word(
        "Bots propose, with their reasons. You decide, and what came of it stands beside the promise.",
        "Bots schlagen vor, mit Gründen. Sie entscheiden, und das Ergebnis steht neben dem Versprechen.",
    ),
    "decisions.tabs": Word("Which decisions", "Welche Entscheidungen"),
    "decisions.tab.open": Word("Open", "Offen"),
    "decisions.tab.applied": Word("Applied", "Angewandt"),
    "decisions.tab.done": Word("Closed", "Erledigt"),
    "decisions.tab.shadow": Word("Only watched", "Nur beobachtet"),
    "decisions.tab.unknown": Word("Not known yet", "Noch unbekannt"),
    "decisions.tab.bots": Word("Bots", "Bots"),
    "decisions.arm": Word("Arm {number}", "Variante {number}"),
    "decisions.stake": Word("at stake in {days} days", "auf dem Spiel in {days} Tagen"),
    "decisions.gain": Word("Expected gain in {days} days", "Erwarteter Gewinn in {days} Tagen"),
    "decisions.probability": Word("{share} sure that it pays", "zu {share} sicher, dass es sich lohnt"),
    "decisions.expires": Word("expires {when}", "verfällt {when}"),
    "decisions.approve": Word("Approve", "Freigeben"),
    "decisions.decline": Word("Decline", "Ablehnen"),
    "decisions.explain": Word("Why?", "Warum?"),
    "decisions.open": Word("Open the card", "Karte öffnen"),
    "decisions.waiting": Word("Others have more at stake", "Bei anderen geht es um mehr"),
    "decisions.read_only": Word("Your role reads and does not decide.", "Ihre Rolle liest und entscheidet nicht."),
    "decisions.reason": Word("Why not?", "Warum nicht?"),
    "decisions.reason.choose": Word("Choose a reason …", "Grund wählen …"),
    "decisions.reason.missing": Word("Choose a reason.", "Wählen Sie einen Grund."),
    "decisions.note": Word("Note", "Notiz"),
    "decisions.note.hint": Word(
        "For whoever reads the decision later. The bot takes the reason into account, and asks again only on new "
        "evidence.",
        "Für alle, die die Entscheidung später lesen. Der Bot fragt erst wieder, wenn es neue Belege gibt.",
    ),
    "decisions.decline.send": Word("Decline the proposal", "Vorschlag ablehnen"),
    "decisions.approved": Word(
        "Approved. The edge shows the new shares within two seconds.",
        "Freigegeben. Die Edge zeigt die neuen Anteile binnen zwei Sekunden.",
    ),
    "decisions.declined": Word(
        "Declined. The idea comes back only on new evidence.",
        "Abgelehnt. Die Idee kommt erst mit neuen Belegen wieder.",
    ),
    "decisions.undone": Word(
        "Undone. The shares from before are in force again.",
        "Rückgängig gemacht. Die Anteile von vorher gelten wieder.",
    ),
    "decisions.undo": Word("Undo the change", "Änderung rückgängig machen"),
    "decisions.undo.text": Word(
        "Restores the shares from before, at once. What was measured until then stays.",
        "Stellt die Anteile von vorher sofort wieder her. Was bis dahin gemessen wurde, bleibt stehen.",
    ),
    "decisions.conflict.approved": Word(
        "{who} approved this {when}. Your click changed nothing; the card shows what holds now.",
        "{who} hat das {when} freigegeben. Ihr Klick hat nichts geändert; die Karte zeigt den jetzigen Stand.",
    ),
    "decisions.conflict.declined": Word(
        "{who} declined this {when}: {reason}. Your click changed nothing; the card shows what holds now.",
        "{who} hat das {when} abgelehnt: {reason}. Ihr Klick hat nichts geändert; die Karte zeigt den jetzigen Stand.",
    ),
    "decisions.conflict.undone": Word(
        "{who} undid this {when}. Your click changed nothing; the card shows what holds now.",
        "{who} hat das {when} rückgängig gemacht. Ihr Klick hat nichts geändert; die Karte zeigt den jetzigen Stand.",
    ),
    "decisions.conflict.typed": Word("Your note was not sent:", "Ihre Notiz wurde nicht gesendet:"),
    "decisions.state.open": Word("Waits for you", "Wartet auf Sie"),
    "decisions.state.waiting": Word("Waits", "Wartet"),
    "decisions.state.shadow": Word("Only watched", "Nur beobachtet"),
    "decisions.state.applied": Word("Applied", "Angewandt"),
    "decisions.state.declined": Word("Declined", "Abgelehnt"),
    "decisions.state.undone": Word("Undone", "Rückgängig"),
    "decisions.state.superseded": Word("Replaced", "Ersetzt"),
    "decisions.state.expired": Word("Expired", "Verfallen"),
    "decisions.verdict.approved": Word("{who} approved it", "{who} hat freigegeben"),
    "decisions.verdict.declined": Word("{who} declined it: {reason}", "{who} hat abgelehnt: {reason}"),
    "decisions.verdict.undone": Word("{who} undid it", "{who} hat es rückgängig gemacht"),
    "decisions.none.open.title": Word("No proposal waits for you", "Kein Vorschlag wartet auf Sie"),
    "decisions.none.open.text": Word(
        "A bot asks when a gain is probable, large enough and well founded. What each of them does not know yet is "
        "written down.",
        "Ein Bot fragt, wenn ein Gewinn wahrscheinlich, groß genug und gut belegt ist. Was er noch nicht weiß, "
        "schreibt er auf.",
    ),
    "decisions.none.open.act": Word("What bots do not know yet", "Was Bots noch nicht wissen"),
    "decisions.none.applied.title": Word("Nothing was applied yet", "Noch nichts angewandt"),
    "decisions.none.applied.text": Word(
        "What you approve shows here with its promise, and after a few days with what came of it.",
        "Was Sie freigeben, steht hier mit seinem Versprechen und nach einigen Tagen mit dem Ergebnis.",
    ),
    "decisions.none.done.title": Word("Nothing is closed yet", "Noch nichts erledigt"),
    "decisions.none.done.text": Word(
        "Declined, undone and expired proposals are kept here with who decided and why.",
        "Abgelehnte, zurückgenommene und verfallene Vorschläge bleiben hier mit Namen und Grund.",
    ),
    "decisions.none.shadow.title": Word("No bot is only watching", "Kein Bot beobachtet nur"),
    "decisions.none.shadow.text": Word(
        "In the first two weeks of a program bots only watch. What they would have proposed is judged here.",
        "In den ersten zwei Wochen eines Programms beobachten Bots nur. Was sie vorgeschlagen hätten, wird hier "
        "beurteilt.",
    ),
    "decisions.none.unknown.title": Word("Bots have not looked yet", "Noch hat kein Bot hingesehen"),
    "decisions.none.unknown.text": Word(
        "They look at every running program every few minutes, and write down what they cannot tell.",
        "Sie sehen alle paar Minuten jedes laufende Programm an und schreiben auf, was sich nicht sagen lässt.",
    ),
    "decisions.none.back": Word("To what waits", "Zu dem, was wartet"),
    "decisions.unknown.lead": Word(
        "Offers that bots looked at without proposing anything, and the reason in plain words.",
        "Angebote, die Bots angesehen haben, ohne etwas vorzuschlagen, und der Grund in klaren Worten.",
    ),
    "decisions.checks": Word("Checks", "Prüfungen"),
    "decisions.checks.seen": Word("What was checked", "Was geprüft wurde"),
    "decisions.check.passed": Word("Passed", "Bestanden"),
    "decisions.check.failed": Word("Failed", "Nicht bestanden"),
    "card.change": Word("What would change", "Was sich ändern würde"),
    "card.arm": Word("Arm", "Variante"),
    "card.shares": Word("Share of visitors, now and after", "Anteil der Besucher, bisher und danach"),
    "card.worth": Word("Approved value for 1,000 exposures", "Freigegebener Umsatz je 1.000 Anzeigen"),
    "card.worth.value": Word("Value", "Wert"),
    "card.worth.range": Word("Interval", "Bereich"),
    "card.worth.note": Word(
        "Points with the interval that holds the true value with 90 % probability.",
        "Punkte mit dem Bereich, in dem der wahre Wert zu 90 % liegt.",
    ),
    "card.exposures": Word("Exposures", "Anzeigen"),
    "card.conversions": Word("Conversions", "Conversions"),
    "card.best": Word("Likely best", "Wohl beste"),
    "card.best.note": Word(
        "how probable it is that this arm is the best one", "wie wahrscheinlich diese Variante die beste ist"
    ),
    "card.promise": Word("What it promises", "Was es verspricht"),
    "card.promise.gain": Word("Expected gain", "Erwarteter Gewinn"),
    "card.promise.measured": Word("Measured gain", "Gemessener Gewinn"),
    "card.promise.measured.text": Word("will lie here, by 90%", "liegt zu 90 % hier"),
    "card.promise.value": Word("If nothing changes", "Ohne Änderung"),
    "card.promise.stake": Word("At stake", "Auf dem Spiel"),
    "card.promise.sure": Word("Sure that it pays", "Lohnt sich, sicher zu"),
    "card.days": Word(("in {n} day", "in {n} days"), ("in {n} Tag", "in {n} Tagen")),
    "card.options": Word("What was weighed", "Was abgewogen wurde"),
    "card.options.note": Word("Expected gain of each, with its interval.", "Erwarteter Gewinn mit seinem Bereich."),
    "card.chosen": Word("Proposed", "Vorgeschlagen"),
    "card.what_if": Word("What would change its mind", "Was die Meinung ändern würde"),
    "card.what_if.none": Word(
        "No single arm's numbers would have changed the answer.",
        "Keine Zahl einer einzelnen Variante hätte die Antwort geändert.",
    ),
    "card.data.text": Word(
        "{exposures} exposures and {conversions} conversions of {days} days; the newest was {age} old.",
        "{exposures} Anzeigen und {conversions} Conversions aus {days} Tagen; das Neueste war {age} alt.",
    ),
    "card.data.hours": Word(("{n} hour", "{n} hours"), ("{n} Stunde", "{n} Stunden")),
    "card.data.fresh": Word("less than an hour", "weniger als eine Stunde"),
    "card.partner": Word("What the partner will see", "Was der Partner sieht"),
    "card.partner.text": Word(
        "Links and slots stay as they are, and nothing is sent to anybody. Of the visitors who come by this offer, "
        "{after} see {arm}; until now it was {before}.",
        "Links und Werbeplätze bleiben, wie sie sind, und niemand bekommt eine Nachricht. Von den Besuchern dieses "
        "Angebots sehen {after} {arm}; bisher waren es {before}.",
    ),
    "card.partner.money": Word(
        "Commission rates, caps and existing conversions do not change.",
        "Provisionssätze, Deckel und bestehende Conversions ändern sich nicht.",
    ),
    "card.binds": Word("What binds the bot", "Was den Bot bindet"),
    "card.binds.autonomy": Word("It may", "Er darf"),
    "card.binds.floor": Word("No arm below", "Keine Variante unter"),
    "card.binds.step": Word("One step at most", "Höchstens ein Schritt von"),
    "card.binds.sure": Word("Asks from", "Fragt ab"),
    "card.binds.sure.text": Word("{share} certainty and {gain} gain", "{share} Sicherheit und {gain} Gewinn"),
    "card.binds.target": Word("Target", "Ziel"),
    "card.binds.cost": Word("Cost-revenue ratio at most", "Kosten-Umsatz-Relation höchstens"),
    "card.binds.dates": Word("From – until", "Von – bis"),
    "card.binds.excluded": Word("Excluded publishers", "Ausgeschlossene Publisher"),
    "card.binds.no_goal": Word("No goal is set for this program.", "Für dieses Programm ist kein Ziel gesetzt."),
    "card.binds.change": Word("Change goal and limits", "Ziel und Grenzen ändern"),
    "card.method": Word("Method, version and how to compute it again", "Methode, Version und Nachrechnen"),
    "card.method.text": Word(
        "These values and the stored facts give the same proposal again: warum replay-decisions checks all of them.",
        "Diese Werte und die aufbewahrten Fakten ergeben denselben Vorschlag: warum replay-decisions prüft alle.",
    ),
    "card.history": Word("What happened", "Was geschah"),
    "card.history.made": Word("Proposed", "Vorgeschlagen"),
    "card.history.measured": Word("Measured on the way", "Zwischenmessung"),
    "card.history.final": Word("Measured for good", "Endgültig gemessen"),
    "card.history.many": Word(
        ("{n} measurement before", "{n} measurements before"), ("{n} Messung davor", "{n} Messungen davor")
    ),
    "card.outcome": Word("Promise and outcome", "Versprechen und Ergebnis"),
    "card.outcome.promised": Word("Promised", "Versprochen"),
    "card.outcome.measured": Word("Measured", "Gemessen"),
    "card.outcome.final": Word("Final", "Endgültig"),
    "card.outcome.interim": Word("On the way", "Unterwegs"),
    "card.outcome.held.kept": Word("Kept", "Gehalten"),
    "card.outcome.held.below": Word("Missed", "Verfehlt"),
    "card.outcome.held.above": Word("Exceeded", "Übertroffen"),
    "card.outcome.held.open": Word("Open", "Offen"),
    "card.outcome.note": Word(
        "From {exposures} exposures until {until}; {pending} of the conversions are undecided.",
        "Aus {exposures} Anzeigen bis {until}; {pending} der Conversions sind unentschieden.",
    ),
    "card.outcome.estimate": Word(
        "It was not done: this is what it would have brought, estimated from the draws under the old shares.",
        "Es geschah nicht: So viel hätte es gebracht, geschätzt aus den Ziehungen unter den alten Anteilen.",
    ),
    "card.outcome.none": Word(
        "Nothing is measured yet: the first measurement comes as soon as every arm was shown.",
        "Noch ist nichts gemessen: Die erste Messung kommt, sobald jede Variante gezeigt wurde.",
    ),
    "bots.record": Word("Promises and what came of them", "Versprechen und was daraus wurde"),
    "bots.kept": Word("Kept", "Gehalten"),
    "bots.above": Word("Exceeded", "Übertroffen"),
    "bots.below": Word("Missed", "Verfehlt"),
    "bots.open": Word("Open", "Offen"),
    "bots.promised": Word("Promised", "Versprochen"),
    "bots.measured": Word("Measured", "Gemessen"),
    "bots.settled": Word("Over promises with a final outcome", "Über Versprechen mit endgültigem Ergebnis"),
    "bots.decided": Word(
        "{applied} applied, {declined} declined, {undone} undone, {lapsed} lapsed, {shadow} only watched",
        "{applied} angewandt, {declined} abgelehnt, {undone} rückgängig, {lapsed} verfallen, {shadow} nur beobachtet",
    ),
    "bots.runs": Word("Runs", "Läuft"),
    "bots.stopped": Word("Stopped", "Angehalten"),
    "bots.stopped.by": Word("{who}, {when}: {reason}", "{who}, {when}: {reason}"),
    "bots.stop": Word("Stop everywhere", "Überall anhalten"),
    "bots.stop.text": Word(
        "At once and in every program. What it asked is taken back; what was applied stays, and can be undone.",
        "Sofort und in jedem Programm. Was er gefragt hat, wird zurückgezogen; Angewandtes bleibt und lässt sich "
        "rückgängig machen.",
    ),
    "bots.stop.reason": Word("Why?", "Warum?"),
    "bots.stop.send": Word("Stop the bot", "Bot anhalten"),
    "bots.start": Word("Let it run again", "Wieder laufen lassen"),
    "bots.stop.done": Word("The bot is stopped everywhere.", "Der Bot ist überall angehalten."),
    "bots.start.done": Word("The bot runs again.", "Der Bot läuft wieder."),
    "bots.programs": Word("Goals and limits by program", "Ziele und Grenzen je Programm"),
    "bots.programs.none": Word("There is no program yet.", "Es gibt noch kein Programm."),
    "refusal.allocation_replaced": Word(
        "The shares of this offer were changed after this was proposed. The evidence does not speak of them any more; "
        "the bot asks again if there is reason to.",
        "Die Anteile dieses Angebots wurden nach dem Vorschlag geändert. Die Belege gelten für sie nicht mehr; der Bot "
        "fragt erneut, wenn es Grund gibt.",
    ),
    "refusal.proposal_decided": Word("Somebody decided this already.", "Das hat schon jemand entschieden."),
    "refusal.proposal_expired": Word(
        "The proposal expired: its evidence is too old to act on. If it still holds, the bot makes it again.",
        "Der Vorschlag ist verfallen: Seine Belege sind zu alt. Wenn er noch gilt, macht der Bot ihn neu.",
    ),
    "refusal.proposal_unknown": Word("There is no such proposal.", "Diesen Vorschlag gibt es nicht."),
    "refusal.not_applied": Word("There is nothing to undo.", "Es gibt nichts rückgängig zu machen."),
    "refusal.note_missing": Word(
        "Say in the note what the other reason is.", "Schreiben Sie in die Notiz, was der andere Grund ist."
    ),
    "refusal.bot_stopped": Word("The bot is stopped already.", "Der Bot ist schon angehalten."),
    "refusal.bot_running": Word("The bot is running already.", "Der Bot läuft schon."),
    "refusal.horizon_not_weeks": Word(
        "Take whole weeks, such as 7, 14 or 28 days: weekdays differ.",
        "Nehmen Sie ganze Wochen, etwa 7, 14 oder 28 Tage: Wochentage unterscheiden sich.",
    ),
    "refusal.floor_too_low": Word(
        "At least 1 %: an arm that is shown less teaches nothing.",
        "Mindestens 1 %: Eine Variante, die seltener gezeigt wird, lehrt nichts.",
    ),
    "refusal.step_too_small": Word(
        "A step of 0 would let nothing change.", "Ein Schritt von 0 ließe keine Änderung zu."
    ),
    "refusal.amount_not_payable": Word(
        "Give an amount with as many decimals as the currency has, such as 12.50.",
        "Geben Sie einen Betrag mit so vielen Nachkommastellen an, wie die Währung hat, etwa 12,50.",
    ),
    "refusal.dates_backwards": Word(
        "This ends before it starts: swap the two.", "Das endet, bevor es beginnt: Tauschen Sie beide."
    ),
    "refusal.program_unknown": Word("There is no such program.", "Dieses Programm gibt es nicht."),
    "refusal.bot_unknown": Word("There is no such bot.", "Diesen Bot gibt es nicht."),
    "steering.title": Word("Goals and limits", "Ziele und Grenzen"),
    "steering.lead": Word(
        "What binds every bot in this program. Each save is written down with your name.",
        "Was jeden Bot in diesem Programm bindet. Jede Änderung steht mit Ihrem Namen im Protokoll.",
    ),
    "steering.policy": Word("What the bot may do", "Was der Bot darf"),
    "steering.autonomy": Word("It may", "Er darf"),
    "steering.autonomy.observe": Word("observe: compute, ask nobody", "beobachten: rechnen, niemanden fragen"),
    "steering.autonomy.propose": Word("propose: a person decides", "vorschlagen: ein Mensch entscheidet"),
    "steering.autonomy.act": Word("act within the limits below", "handeln in den Grenzen unten"),
    "steering.shadow_until": Word("Only watches until", "Beobachtet nur bis"),
    "steering.shadow_until.hint": Word(
        "Empty, or a past day: it may propose.", "Leer oder vergangen: Er darf vorschlagen."
    ),
    "steering.act_per_day": Word(
        "May move a day without asking ({currency})", "Darf am Tag ungefragt bewegen ({currency})"
    ),
    "steering.floor": Word("No arm below (%)", "Keine Variante unter (%)"),
    "steering.floor.hint": Word("So that every arm can still be judged.", "Damit jede Variante beurteilbar bleibt."),
    "steering.step": Word("Moves a share by at most (%)", "Ändert einen Anteil höchstens um (%)"),
    "steering.probability_min": Word("Has to be sure to (%)", "Muss sicher sein zu (%)"),
    "steering.gain_min": Word("Gain worth asking for ({currency})", "Gewinn, der eine Frage lohnt ({currency})"),
    "steering.gain_share_min": Word("and of the approved value (%)", "und vom freigegebenen Umsatz (%)"),
    "steering.conversions_min": Word("Conversions needed", "Nötige Conversions"),
    "steering.days_min": Word("Days of data needed", "Nötige Tage mit Daten"),
    "steering.age_hours_max": Word("Data at most so old (hours)", "Daten höchstens so alt (Stunden)"),
    "steering.horizon_days": Word("A promise covers", "Ein Versprechen gilt für"),
    "steering.objective": Word("Choose creatives for", "Werbemittel auswählen nach"),
    "steering.objective.clicks": Word("clicks", "Klicks"),
    "steering.objective.conversions": Word("conversions that stand", "Conversions, die bestehen bleiben"),
    "steering.objective.value": Word("approved value", "freigegebenem Umsatz"),
    "steering.objective.margin": Word("margin: value less commission", "Marge: Umsatz abzüglich Provision"),
    "steering.horizon": Word(("{n} week", "{n} weeks"), ("{n} Woche", "{n} Wochen")),
    "steering.more": Word("When it has enough evidence", "Wann die Belege reichen"),
    "steering.stopped": Word("Stop this bot in this program", "Diesen Bot in diesem Programm anhalten"),
    "steering.stopped.everywhere": Word(
        "This bot is stopped everywhere. It can be started again under Decisions, Bots.",
        "Dieser Bot ist überall angehalten. Unter Entscheidungen, Bots lässt er sich wieder starten.",
    ),
    "steering.defaults": Word(
        "Nobody set this yet; these are the careful defaults.",
        "Das hat noch niemand gesetzt; es gelten die vorsichtigen Vorgaben.",
    ),
    "steering.policy.saved": Word(
        "Saved. It holds from the bot's next look on.", "Gespeichert. Es gilt ab dem nächsten Blick des Bots."
    ),
    "steering.goal": Word("The goal", "Das Ziel"),
    "steering.goal.text": Word(
        "What you want of the program; what is empty is open.", "Was Sie von dem Programm wollen; Leeres ist offen."
    ),
    "steering.target": Word(
        "Approved value to reach ({currency})", "Zu erreichender freigegebener Umsatz ({currency})"
    ),
    "steering.cost_max": Word("Commission at most (%)", "Provision höchstens (%)"),
    "steering.starts_at": Word("From", "Von"),
    "steering.ends_at": Word("Until", "Bis"),
    "steering.ends_at.hint": Word("That day is included.", "Der Tag zählt mit."),
    "steering.excluded": Word("Publishers that no bot may touch", "Publisher, die kein Bot anrührt"),
    "steering.excluded.none": Word("This program has no partners yet.", "Dieses Programm hat noch keine Partner."),
    "steering.goal.saved": Word("The goal is saved.", "Das Ziel ist gespeichert."),
    "steering.notes": Word("Notes", "Notizen"),
    "steering.notes.text": Word(
        "What you know and data does not show, such as scaffolding in front of the house. Bots take it for a fact.",
        "Was Sie wissen und Daten nicht zeigen, etwa ein Gerüst vor dem Haus. Bots nehmen es als Fakt.",
    ),
    "steering.notes.none": Word("No notes yet.", "Noch keine Notizen."),
    "steering.note": Word("Note", "Notiz"),
    "steering.note.add": Word("Add the note", "Notiz hinzufügen"),
    "steering.note.saved": Word(
        "The note is kept. Bots know it from their next look on.",
        "Die Notiz ist aufbewahrt. Bots kennen sie ab dem nächsten Blick.",
    ),
    "steering.note.always": Word("always", "immer"),
    "steering.reason": Word("Why (optional)", "Warum (freiwillig)"),
}
