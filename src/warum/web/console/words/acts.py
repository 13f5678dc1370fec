"""Who did what: a sentence for each operation that changes something."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "actor.key": Word("API key “{name}”", "API-Schlüssel „{name}“"),
    "actor.bot": Word("Bot “{name}”", "Bot „{name}“"),
    "actor.system": Word("Warum ({name})", "Warum ({name})"),
    "bot.creative": Word("Creative bot", "Werbemittel-Bot"),
    "bot.watch": Word("Watch", "Wächter"),
    "act.other": Word("{who}: {operation}, {what}", "{who}: {operation}, {what}"),
    "act.advertiser.create": Word("{who} took up {what}", "{who} hat {what} aufgenommen"),
    "act.advertiser.rename": Word("{who} renamed {what}", "{who} hat {what} umbenannt"),
    "act.advertiser.basis.record": Word(
        "{who} recorded the legal basis for clicks without consent of {what}",
        "{who} hat für {what} die Rechtsgrundlage für Klicks ohne Einwilligung erfasst",
    ),
    "act.advertiser.basis.withdraw": Word(
        "{who} withdrew the legal basis for clicks without consent of {what}",
        "{who} hat für {what} die Rechtsgrundlage für Klicks ohne Einwilligung zurückgezogen",
    ),
    "act.advertiser.credentials.rotate": Word(
        "{who} made new postback credentials for {what}", "{who} hat neue Postback-Zugangsdaten für {what} erzeugt"
    ),
    "act.advertiser.host.add": Word("{who} added a host to {what}", "{who} hat {what} einen Host hinzugefügt"),
    "act.advertiser.host.prove": Word(
        "{who} recorded that a host belongs to {what}", "{who} hat belegt, dass ein Host zu {what} gehört"
    ),
    "act.program.create": Word("{who} created the program {what}", "{who} hat das Programm {what} angelegt"),
    "act.program.change": Word("{who} changed the program {what}", "{who} hat das Programm {what} geändert"),
    "act.rule.add": Word(
        "{who} added a commission rule to {what}", "{who} hat {what} eine Provisionsregel hinzugefügt"
    ),
    "act.offer.create": Word("{who} created the offer {what}", "{who} hat das Angebot {what} angelegt"),
    "act.offer.allocate": Word("{who} set other shares for {what}", "{who} hat für {what} andere Anteile gesetzt"),
    "act.creative.create": Word("{who} created the creative {what}", "{who} hat das Werbemittel {what} angelegt"),
    "act.creative.change": Word("{who} changed the creative {what}", "{who} hat das Werbemittel {what} geändert"),
    "act.creative.availability": Word(
        "{who} reported whether {what} is available", "{who} hat gemeldet, ob {what} verfügbar ist"
    ),
    "act.creative.retire": Word("{who} retired the creative {what}", "{who} hat das Werbemittel {what} stillgelegt"),
    "act.slot.create": Word("{who} created the slot {what}", "{who} hat den Werbeplatz {what} angelegt"),
    "act.slot.retire": Word("{who} retired the slot {what}", "{who} hat den Werbeplatz {what} stillgelegt"),
    "act.publisher.create": Word("{who} took up the publisher {what}", "{who} hat den Publisher {what} aufgenommen"),
    "act.publisher.rename": Word("{who} renamed the publisher {what}", "{who} hat den Publisher {what} umbenannt"),
    "act.postback.create": Word("{who} set up postbacks for {what}", "{who} hat Postbacks für {what} eingerichtet"),
    "act.postback.change": Word("{who} changed the postbacks of {what}", "{who} hat die Postbacks von {what} geändert"),
    "act.partnership.apply": Word("{who} recorded an application: {what}", "{who} hat eine Bewerbung erfasst: {what}"),
    "act.partnership.approve": Word(
        "{who} approved the partnership {what}", "{who} hat die Partnerschaft {what} freigegeben"
    ),
    "act.partnership.decline": Word(
        "{who} declined the application {what}", "{who} hat die Bewerbung {what} abgelehnt"
    ),
    "act.partnership.end": Word("{who} ended the partnership {what}", "{who} hat die Partnerschaft {what} beendet"),
    "act.link.create": Word("{who} made the link {what}", "{who} hat den Link {what} angelegt"),
    "act.link.retire": Word("{who} retired the link {what}", "{who} hat den Link {what} stillgelegt"),
    "act.conversion.approve": Word("{who} approved the conversion {what}", "{who} hat die Conversion {what} bestätigt"),
    "act.conversion.decline": Word("{who} declined the conversion {what}", "{who} hat die Conversion {what} abgelehnt"),
    "act.conversion.erase": Word(
        "{who} erased what may lead to a person about {what}",
        "{who} hat gelöscht, was bei {what} zu einem Menschen führen kann",
    ),
    "act.publisher.erase": Word("{who} erased the person behind {what}", "{who} hat die Person hinter {what} gelöscht"),
    "act.contest.open": Word(
        "{who} contested a decision for {what}", "{who} hat eine Entscheidung für {what} angefochten"
    ),
    "act.contest.answer": Word("{who} answered a contest of {what}", "{who} hat {what} eine Anfechtung beantwortet"),
    "act.webhook.create": Word(
        "{who} set up a webhook of receipts for {what}",
        "{who} hat für {what} einen Webhook für Quittungen eingerichtet",
    ),
    "act.webhook.change": Word("{who} changed the webhook of {what}", "{who} hat den Webhook von {what} geändert"),
    "act.webhook.remove": Word("{who} removed the webhook of {what}", "{who} hat den Webhook von {what} entfernt"),
    "act.quarantine.release": Word(
        "{who} let the worker try record {what} again", "{who} lässt den Worker den Satz {what} noch einmal lesen"
    ),
    "act.report.resolve": Word("{who} settled the report {what}", "{who} hat die Meldung {what} erledigt"),
    "act.user.create": Word("{who} let {what} in", "{who} hat {what} Zugang gegeben"),
    "act.user.first": Word("{who} came in for the first time", "{who} hat sich zum ersten Mal angemeldet"),
    "act.user.link": Word("{who} made a password link for {what}", "{who} hat einen Passwort-Link für {what} erzeugt"),
    "act.user.role": Word("{who} changed the role of {what}", "{who} hat die Rolle von {what} geändert"),
    "act.user.disable": Word("{who} took away the access of {what}", "{who} hat {what} den Zugang genommen"),
    "act.user.enable": Word("{who} gave {what} access again", "{who} hat {what} wieder Zugang gegeben"),
    "act.user.password": Word("{who} set a new password", "{who} hat ein neues Passwort gesetzt"),
    "act.user.profile": Word("{who} changed their own profile", "{who} hat das eigene Profil geändert"),
    "act.proposal.approve": Word(
        "{who} approved the proposal for {what}", "{who} hat den Vorschlag für {what} freigegeben"
    ),
    "act.proposal.decline": Word(
        "{who} declined the proposal for {what}", "{who} hat den Vorschlag für {what} abgelehnt"
    ),
    "act.proposal.undo": Word(
        "{who} took back the change of {what}", "{who} hat die Änderung an {what} zurückgenommen"
    ),
    "act.policy.set": Word("{who} set what bots may do in {what}", "{who} hat festgelegt, was Bots in {what} dürfen"),
    "act.goal.set": Word("{who} set the goal of {what}", "{who} hat das Ziel von {what} gesetzt"),
    "act.note.add": Word("{who} left a note on {what}", "{who} hat eine Notiz zu {what} hinterlassen"),
    "act.bot.stop": Word("{who} stopped a bot: {what}", "{who} hat einen Bot angehalten: {what}"),
    "act.bot.start": Word("{who} let a bot run again: {what}", "{who} lässt einen Bot wieder laufen: {what}"),
    "act.key.create": Word("{who} made the API key “{what}”", "{who} hat den API-Schlüssel „{what}“ angelegt"),
    "act.key.revoke": Word("{who} revoked the API key “{what}”", "{who} hat den API-Schlüssel „{what}“ widerrufen"),
}
