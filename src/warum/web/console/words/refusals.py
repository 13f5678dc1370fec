"""An expected no of the operations, in both languages, by its code; a test finds every code that is in use. A code
that is missing here would be shown in the words of the operation, which are English."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.attempts_too_many": Word(
        "Too many attempts. Wait half a minute, then try again.",
        "Zu viele Versuche. Warten Sie eine halbe Minute und versuchen Sie es dann erneut.",
    ),
    "refusal.sign_in_failed": Word(
        "This e-mail address and password do not go together.",
        "Diese E-Mail-Adresse und dieses Passwort passen nicht zusammen.",
    ),
    "refusal.password_short": Word(
        "At least 12 characters; a sentence is easy to remember.",
        "Mindestens 12 Zeichen; ein Satz ist leicht zu merken.",
    ),
    "refusal.password_long": Word("At most 200 characters.", "Höchstens 200 Zeichen."),
    "refusal.password_guessable": Word(
        "Too easy to guess: it is little more than your name or a common word.",
        "Zu leicht zu erraten: kaum mehr als Ihr Name oder ein verbreitetes Wort.",
    ),
    "refusal.password_wrong": Word("This is not your password.", "Das ist nicht Ihr Passwort."),
    "refusal.name_missing": Word("A name has 1 to 200 characters.", "Ein Name hat 1 bis 200 Zeichen."),
    "refusal.email_malformed": Word(
        "Give an e-mail address such as ana@network.example.",
        "Geben Sie eine E-Mail-Adresse an, zum Beispiel ana@network.example.",
    ),
    "refusal.email_taken": Word(
        "Somebody signs in with this address already.", "Mit dieser Adresse meldet sich schon jemand an."
    ),
    "refusal.locale_unknown": Word("Choose German or English.", "Wählen Sie Deutsch oder Englisch."),
    "refusal.timezone_unknown": Word(
        "Give a time zone such as Europe/Berlin.", "Geben Sie eine Zeitzone an, zum Beispiel Europe/Berlin."
    ),
    "refusal.link_spent": Word(
        "This link was used already, or is too old. Ask an operator for a new one.",
        "Dieser Link wurde schon benutzt oder ist zu alt. Bitten Sie einen Betreiber um einen neuen.",
    ),
    "refusal.user_disabled": Word(
        "This person is disabled. Enable the person first.", "Diese Person ist gesperrt. Entsperren Sie sie zuerst."
    ),
    "refusal.user_enabled": Word("This person is not disabled.", "Diese Person ist nicht gesperrt."),
    "refusal.user_unknown": Word("There is no such person.", "Diese Person gibt es nicht."),
    "refusal.operator_last": Word(
        "This is the only operator. Make somebody else an operator first.",
        "Das ist der einzige Betreiber. Machen Sie zuerst jemand anderen zum Betreiber.",
    ),
    "refusal.row_version_stale": Word(
        "It was changed meanwhile. Look at the current state, and repeat the change if you still want it.",
        "Das wurde inzwischen geändert. Sehen Sie sich den aktuellen Stand an, und wiederholen Sie die Änderung, wenn "
        "Sie sie noch wollen.",
    ),
    "refusal.role_not_allowed": Word(
        "Your role does not allow this. An operator can change roles.",
        "Ihre Rolle erlaubt das nicht. Betreiber können Rollen ändern.",
    ),
    "refusal.overtaken": Word(
        "Somebody changed the same at this moment, and was quicker. Look at it again, and repeat the change if you "
        "still want it.",
        "Jemand hat im selben Augenblick dasselbe geändert und war schneller. Sehen Sie es sich noch einmal an, und "
        "wiederholen Sie die Änderung, wenn Sie sie noch wollen.",
    ),
    "refusal.input_invalid": Word("This cannot be used.", "Das lässt sich nicht verwenden."),
    "refusal.span_too_long": Word(
        "This span is too long; choose a shorter one.", "Der Zeitraum ist zu lang; wählen Sie einen kürzeren."
    ),
    "refusal.buckets_too_many": Word("Ask for days rather than hours.", "Fragen Sie nach Tagen statt nach Stunden."),
    # What does not exist, or not for the one who asks.
    "refusal.advertiser_unknown": Word(
        "There is no such advertiser, or it is not yours.", "Diesen Advertiser gibt es nicht, oder er ist nicht Ihrer."
    ),
    "refusal.publisher_unknown": Word(
        "There is no such publisher, or it is not yours.", "Diesen Publisher gibt es nicht, oder er ist nicht Ihrer."
    ),
    "refusal.landing_page_unknown": Word(
        "There is no such landing page, or it is not yours.",
        "Diese Zielseite gibt es nicht, oder sie ist nicht Ihre.",
    ),
    "refusal.creative_unknown": Word(
        "There is no such creative, or it is not yours.", "Dieses Werbemittel gibt es nicht, oder es ist nicht Ihres."
    ),
    "refusal.slot_unknown": Word(
        "There is no such slot, or it is not yours.", "Diesen Werbeplatz gibt es nicht, oder er ist nicht Ihrer."
    ),
    "refusal.partnership_unknown": Word(
        "There is no such partnership, or it is not yours.",
        "Diese Partnerschaft gibt es nicht, oder sie ist nicht Ihre.",
    ),
    "refusal.link_unknown": Word(
        "There is no such link, or it is not yours.", "Diesen Link gibt es nicht, oder er ist nicht Ihrer."
    ),
    "refusal.conversion_unknown": Word(
        "There is no such conversion, or it is not yours. A report that waits is in the inbox.",
        "Diese Conversion gibt es nicht, oder sie ist nicht Ihre. Eine Meldung, die wartet, steht im Eingang.",
    ),
    "refusal.report_unknown": Word(
        "There is no such report, or it is not yours.", "Diese Meldung gibt es nicht, oder sie ist nicht Ihre."
    ),
    "refusal.postback_target_unknown": Word(
        "There is no such postback target, or it is not yours.",
        "Dieses Postback-Ziel gibt es nicht, oder es ist nicht Ihres.",
    ),
    "refusal.webhook_unknown": Word(
        "There is no such webhook, or it is not yours.", "Diesen Webhook gibt es nicht, oder er ist nicht Ihrer."
    ),
    "refusal.webhook_of_whom": Word(
        "Say whose receipts are sent there: an advertiser's or a publisher's.",
        "Sagen Sie, wessen Belege dorthin gehen: die eines Advertisers oder eines Publishers.",
    ),
    "refusal.webhook_url_malformed": Word(
        "Give a whole address such as https://you.example/receipts, without user name, password and #.",
        "Geben Sie eine ganze Adresse an, zum Beispiel https://sie.example/belege, ohne Benutzername, Passwort und #.",
    ),
    "refusal.webhook_url_plain": Word(
        "Receipts are sent over https alone: they name your conversions.",
        "Belege werden nur über https geschickt: Sie nennen Ihre Conversions.",
    ),
    "refusal.webhooks_too_many": Word(
        "There are as many webhooks as there can be. Remove one that is no longer needed.",
        "Mehr Webhooks sind nicht möglich. Entfernen Sie einen, der nicht mehr gebraucht wird.",
    ),
    "refusal.api_key_unknown": Word("There is no such API key.", "Diesen API-Schlüssel gibt es nicht."),
    "refusal.record_not_in_quarantine": Word(
        "There is no such record in quarantine, or it was released already.",
        "Diesen Satz gibt es in der Quarantäne nicht, oder er wurde schon freigegeben.",
    ),
    # Advertisers and programs
    "refusal.host_unknown": Word(
        "This host was never added to the advertiser. Add it first.",
        "Dieser Host wurde dem Advertiser nie hinzugefügt. Fügen Sie ihn zuerst hinzu.",
    ),
    # Offers and creatives
    "refusal.creatives_too_many": Word(
        "The offer has as many creatives as it can have. Retire one, or make another offer.",
        "Das Angebot hat so viele Werbemittel, wie es haben kann. Legen Sie eines still, oder legen Sie ein weiteres "
        "Angebot an.",
    ),
    "refusal.creative_retired": Word(
        "This creative was retired; make a new one.", "Dieses Werbemittel wurde stillgelegt; legen Sie ein neues an."
    ),
    "refusal.creative_or_skus": Word(
        "Name either one creative, or an advertiser and its article numbers.",
        "Nennen Sie entweder ein Werbemittel oder einen Advertiser mit seinen Artikelnummern.",
    ),
    "refusal.language_differs": Word(
        "The creatives of this offer are in another language. Make an offer for each language: what a visitor is shown "
        "is drawn among all creatives of an offer.",
        "Die Werbemittel dieses Angebots sind in einer anderen Sprache. Legen Sie für jede Sprache ein Angebot an: Was "
        "ein Besucher sieht, wird unter allen Werbemitteln eines Angebots gezogen.",
    ),
    "refusal.price_not_payable": Word(
        "This price has more decimals than its currency.", "Dieser Preis hat mehr Nachkommastellen als seine Währung."
    ),
    "refusal.price_missing": Word(
        "There is no price that could be valid until then; give one.",
        "Es gibt keinen Preis, der bis dahin gelten könnte; geben Sie einen an.",
    ),
    "refusal.image_alt_missing": Word(
        "Say in a few words what the image shows, for people who cannot see it.",
        "Sagen Sie in wenigen Worten, was das Bild zeigt, für Menschen, die es nicht sehen können.",
    ),
    "refusal.slot_retired": Word("This slot was retired already.", "Dieser Werbeplatz wurde schon stillgelegt."),
    # Partnerships, links, postbacks
    "refusal.template_too_long": Word("This postback URL is too long.", "Diese Postback-URL ist zu lang."),
    "refusal.template_not_http": Word(
        "A postback URL begins with https:// or http:// and a host name.",
        "Eine Postback-URL beginnt mit https:// oder http:// und einem Hostnamen.",
    ),
    "refusal.template_host": Word(
        "The host of a postback URL is a plain name, with no macro, user name or password in it.",
        "Der Host einer Postback-URL ist ein einfacher Name, ohne Makro, Benutzernamen oder Passwort.",
    ),
    # Conversions and what partners report
    "refusal.conversion_not_named": Word(
        "Say which conversion: its id, such as cnv_12, or an order id together with its advertiser.",
        "Sagen Sie, welche Conversion: ihre Kennung, etwa cnv_12, oder eine Bestellnummer mit ihrem Advertiser.",
    ),
    "refusal.order_unknown": Word(
        "No order with this id has been reported yet. The report is applied as soon as the order comes.",
        "Zu dieser Nummer wurde noch keine Bestellung gemeldet. Die Meldung wird angewandt, sobald sie kommt.",
    ),
    "refusal.order_id_missing": Word(
        "Without an order id, only a report with a valid click token can be told from another.",
        "Ohne Bestellnummer lassen sich nur Meldungen mit gültigem Klick-Token auseinanderhalten.",
    ),
    "refusal.amount_out_of_range": Word(
        "The amount is negative or beyond belief; nothing was changed.",
        "Der Betrag ist negativ oder unglaubwürdig hoch; nichts wurde geändert.",
    ),
    "refusal.amount_missing": Word(
        "A first report of an order needs its amount. Send it with the same order id.",
        "Die erste Meldung einer Bestellung braucht ihren Betrag. Senden Sie ihn mit derselben Bestellnummer.",
    ),
    "refusal.amounts_differ": Word(
        "The order was booked before with another amount; nothing was changed. If it was amended, report an amendment.",
        "Die Bestellung wurde schon mit einem anderen Betrag gebucht; nichts wurde geändert. Wurde sie "
        "geändert, melden Sie eine Änderung.",
    ),
    "refusal.currency_missing": Word(
        "The program takes several currencies; say which one the amount is in.",
        "Das Programm nimmt mehrere Währungen an; sagen Sie, in welcher der Betrag ist.",
    ),
    "refusal.currency_differs": Word(
        "The order was booked in another currency; this report cannot change it.",
        "Die Bestellung wurde in einer anderen Währung gebucht; diese Meldung kann sie nicht ändern.",
    ),
    "refusal.program_unclear": Word(
        "The advertiser has several programs, and neither a click id nor a program code says which one is meant.",
        "Der Advertiser hat mehrere Programme, und weder Klick-Kennung noch Programmkürzel sagen, welches gemeint ist.",
    ),
    "refusal.status_unknown": Word(
        "The status word is not one we know. It is kept as it came; nothing was changed.",
        "Dieses Statuswort kennen wir nicht. Es bleibt, wie es kam; nichts wurde geändert.",
    ),
    "refusal.nothing_retained": Word(
        "The order was declined and retains nothing; say which amount is confirmed after all.",
        "Die Bestellung wurde abgelehnt, es bleibt also nichts; sagen Sie, welcher Betrag nun doch bestätigt ist.",
    ),
    # Receipts
    # Contests and erasure
    "refusal.contest_unknown": Word(
        "There is no such contest, or it is not yours.", "Diese Anfechtung gibt es nicht, oder sie ist nicht Ihre."
    ),
    "refusal.contest_of_what": Word(
        "Say what was decided about: a conversion or a partnership, one of them.",
        "Sagen Sie, worüber entschieden wurde: eine Conversion oder eine Partnerschaft, eines von beiden.",
    ),
    "refusal.contest_of_nobody": Word(
        "It is credited to nobody, so it cost nobody income.",
        "Sie ist niemandem zugeordnet und hat also niemanden Einnahmen gekostet.",
    ),
    "refusal.contest_of_nothing": Word(
        "Nothing was declined, reduced or ended here, so there is nothing to contest.",
        "Hier wurde nichts abgelehnt, gekürzt oder beendet; es gibt nichts anzufechten.",
    ),
    "refusal.contest_open": Word(
        "It is contested already, and the answer is still to come.",
        "Das ist schon angefochten, und die Antwort steht noch aus.",
    ),
    "refusal.contest_answered": Word(
        "Somebody has answered this already. The publisher can contest it again.",
        "Das hat schon jemand beantwortet. Der Publisher kann es erneut anfechten.",
    ),
    "refusal.person_needed": Word(
        "A contest is answered by a person: here, or at the terminal.",
        "Eine Anfechtung beantwortet ein Mensch: hier oder am Terminal.",
    ),
    "refusal.log_taking_in": Word(
        "The log is still taking in what happened before there was one. Try again in a few minutes.",
        "Das Log nimmt noch auf, was vor seinem Beginn geschah. Versuchen Sie es in einigen Minuten erneut.",
    ),
    # Bots and proposals
    "refusal.nothing_measured": Word(
        "There is no exposure since the change for at least one of the arms; nothing can be measured.",
        "Mindestens eine Variante wurde seit der Änderung nicht gezeigt; es lässt sich nichts messen.",
    ),
    # Keys
    "refusal.key_revoked": Word("This key was revoked already.", "Dieser Schlüssel wurde schon widerrufen."),
    "refusal.role_reserved": Word(
        "The role system is for processes, not for keys.", "Die Rolle system ist für Prozesse, nicht für Schlüssel."
    ),
    "refusal.party_unfit": Word(
        "Choose whose key this is: a key of an advertiser or publisher belongs to one of them, every other to nobody.",
        "Wählen Sie, wessen Schlüssel das ist: Einer für Advertiser oder Publisher gehört einem von ihnen, jeder "
        "andere niemandem.",
    ),
    "refusal.expires_past": Word(
        "The key would have expired already. Give a later day.",
        "Der Schlüssel wäre schon abgelaufen. Nennen Sie einen späteren Tag.",
    ),
}
