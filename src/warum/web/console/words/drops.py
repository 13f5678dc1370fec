"""Why something did not count: what it is called, and what it means."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "drop.unknown_link": Word("Unknown link", "Unbekannter Link"),
    "drop.unknown_link.hint": Word(
        "No such link, or one whose window is over.", "Kein solcher Link, oder sein Fenster ist vorbei."
    ),
    "drop.retired_link": Word("Retired link", "Stillgelegter Link"),
    "drop.retired_link.hint": Word("Still redirected, not counted.", "Weiter umgeleitet, nicht gezählt."),
    "drop.outside_flight": Word("Outside the flight", "Außerhalb der Laufzeit"),
    "drop.outside_flight.hint": Word("The program was not running.", "Das Programm lief nicht."),
    "drop.head": Word("Link check", "Linkprüfung"),
    "drop.head.hint": Word("A program asked whether the link works.", "Ein Programm fragte, ob der Link funktioniert."),
    "drop.prefetch": Word("Loaded ahead", "Vorab geladen"),
    "drop.prefetch.hint": Word(
        "The browser fetched it before anybody clicked.", "Der Browser lud ihn, bevor jemand klickte."
    ),
    "drop.crawler": Word("Crawler", "Crawler"),
    "drop.crawler.hint": Word("A search engine or another robot.", "Eine Suchmaschine oder ein anderer Roboter."),
    "drop.repeat": Word("Repeated click", "Wiederholter Klick"),
    "drop.repeat.hint": Word("The same visitor, moments before.", "Derselbe Besucher, Augenblicke zuvor."),
    "drop.deep_link_refused": Word("Page not allowed", "Seite nicht erlaubt"),
    "drop.deep_link_refused.hint": Word(
        "It asked for a page on a host that the advertiser has not proved.",
        "Verlangt wurde eine Seite auf einem Host, den der Advertiser nicht nachgewiesen hat.",
    ),
    "drop.shown_arm_refused": Word("View of nothing shown", "Einblendung ohne Gezeigtes"),
    "drop.shown_arm_refused.hint": Word(
        "It reported a creative that this link does not show.",
        "Gemeldet wurde ein Werbemittel, das dieser Link nicht zeigt.",
    ),
    "drop.unknown_slot": Word("Unknown slot", "Unbekannter Werbeplatz"),
    "drop.unknown_slot.hint": Word(
        "A page asked for a slot that there is not.", "Eine Seite fragte nach einem Werbeplatz, den es nicht gibt."
    ),
    "drop.sub_id_without_consent": Word("Sub id left out", "Sub-ID weggelassen"),
    "drop.sub_id_without_consent.hint": Word(
        "The click counts; its sub id would have needed consent.",
        "Der Klick zählt; seine Sub-ID hätte eine Einwilligung gebraucht.",
    ),
    "drop.duplicate_event": Word("Report sent again", "Meldung noch einmal gesendet"),
    "drop.duplicate_event.hint": Word("It counted the first time.", "Sie zählte beim ersten Mal."),
    "drop.duplicate_order": Word("Order reported again", "Bestellung noch einmal gemeldet"),
    "drop.duplicate_order.hint": Word("It stands as it was reported first.", "Sie steht, wie sie zuerst gemeldet war."),
    "drop.auth_missing": Word("Nobody signed it", "Niemand hat es unterschrieben"),
    "drop.auth_missing.hint": Word(
        "Neither a token nor a signature says who sent it.", "Weder Token noch Signatur sagt, von wem es kam."
    ),
    "drop.auth_not_set_up": Word("No credentials yet", "Noch keine Zugangsdaten"),
    "drop.auth_not_set_up.hint": Word(
        "The advertiser has neither token nor secret.", "Der Advertiser hat weder Token noch Schlüssel."
    ),
    "drop.token_wrong": Word("Wrong token", "Falsches Token"),
    "drop.token_wrong.hint": Word("No advertiser has it.", "Kein Advertiser hat es."),
    "drop.signature_wrong": Word("Wrong signature", "Falsche Signatur"),
    "drop.signature_wrong.hint": Word(
        "Not made with the advertiser's secret, or changed on the way.",
        "Nicht mit dem Schlüssel des Advertisers gemacht oder unterwegs geändert.",
    ),
    "drop.signature_incomplete": Word("Incomplete signature", "Unvollständige Signatur"),
    "drop.signature_incomplete.hint": Word("A part of it is missing.", "Ein Teil davon fehlt."),
    "drop.query_not_signed": Word("Parameters not signed", "Parameter nicht signiert"),
    "drop.query_not_signed.hint": Word(
        "The signature does not cover what stands in the address.",
        "Die Signatur deckt nicht, was in der Adresse steht.",
    ),
    "drop.signature_old": Word("Signature too old", "Signatur zu alt"),
    "drop.signature_old.hint": Word(
        "Signed more than five minutes before it came; the sender's clock may be wrong.",
        "Mehr als fünf Minuten vor dem Eingang signiert; vielleicht geht die Uhr des Senders falsch.",
    ),
    "drop.malformed_click_id": Word("Damaged click id", "Beschädigte Klick-ID"),
    "drop.malformed_click_id.hint": Word("Often cut off on the way.", "Oft unterwegs abgeschnitten."),
    "drop.expired_click_id": Word("Click id too old", "Klick-ID zu alt"),
    "drop.expired_click_id.hint": Word("Its key is out of use.", "Ihr Schlüssel gilt nicht mehr."),
    "drop.forged_click_id": Word("Forged click id", "Gefälschte Klick-ID"),
    "drop.forged_click_id.hint": Word("It was not made here.", "Sie stammt nicht von hier."),
    "drop.link_unknown": Word("Click id without a link", "Klick-ID ohne Link"),
    "drop.link_unknown.hint": Word(
        "Genuine, but its link is not known here.", "Echt, aber ihr Link ist hier nicht bekannt."
    ),
    "drop.click_of_another_advertiser": Word("Another advertiser's click", "Klick eines anderen Advertisers"),
    "drop.click_of_another_advertiser.hint": Word(
        "Kept, and credited to nobody.", "Behalten und niemandem zugeordnet."
    ),
    "drop.other_channel": Word("Another channel was paid", "Ein anderer Kanal wurde bezahlt"),
    "drop.other_channel.hint": Word(
        "The advertiser says so; kept, and credited to nobody.",
        "So sagt es der Advertiser; behalten und niemandem zugeordnet.",
    ),
    "drop.program_unnamed": Word("Program not named", "Programm nicht genannt"),
    "drop.program_unnamed.hint": Word("The order id has to lead there.", "Die Bestellnummer muss dorthin führen."),
    "drop.other": Word("Refused ({code})", "Abgelehnt ({code})"),
    "drop.other.hint": Word("The sender was told why.", "Der Sender erfuhr den Grund."),
}
