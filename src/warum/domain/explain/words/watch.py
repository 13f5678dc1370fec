"""What the watch says: what is to be seen, what it may be, and what it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

_BOOKED_DE: Final = (
    "Seit {since_hour} {clicks} Klicks und {seen} Buchungen; üblich wären {expected} ({low} bis {high})."
)
_BOOKED_EN: Final = (
    "Since {since_hour} {clicks} clicks and {seen} bookings; {expected} would be usual ({low} to {high})."
)

WORDS: Final[Mapping[str, Both]] = {
    "watch.tracking_dead.headline": {
        "de": "Tracking von {subject_ref} prüfen: Es kommen keine Buchungen mehr an.",
        "en": "Check the tracking of {subject_ref}: no bookings arrive any more.",
    },
    "watch.tracking_dead": {
        "de": f"Das Tracking von {{subject_ref}} scheint tot. {_BOOKED_DE}",
        "en": f"The tracking of {{subject_ref}} seems dead. {_BOOKED_EN}",
    },
    "watch.landing_page_broken.headline": {
        "de": "Landingpage {subject_ref} prüfen: Hier wird kaum noch gebucht.",
        "en": "Check the landing page {subject_ref}: hardly anybody books here any more.",
    },
    "watch.landing_page_broken": {
        "de": f"Die Landingpage {{subject_ref}} scheint defekt. {_BOOKED_DE}",
        "en": f"The landing page {{subject_ref}} seems broken. {_BOOKED_EN}",
    },
    "watch.price_expired.headline": {
        "de": "Werbemittel für {subject_ref} tauschen: Der Preis scheint abgelaufen.",
        "en": "Swap the creative for {subject_ref}: its price seems to have expired.",
    },
    "watch.price_expired": {
        "de": f"Preis oder Angebot auf {{subject_ref}} scheint abgelaufen. {_BOOKED_DE}",
        "en": f"A price or an offer on {{subject_ref}} seems to have expired. {_BOOKED_EN}",
    },
    "watch.conversion_drop.headline": {
        "de": "{subject_ref}: weniger Buchungen als sonst.",
        "en": "{subject_ref}: fewer bookings than usual.",
    },
    "watch.conversion_drop": {
        "de": f"Über {{subject_ref}} wird weniger gebucht als sonst. {_BOOKED_DE}",
        "en": f"Fewer people than usual book through {{subject_ref}}. {_BOOKED_EN}",
    },
    "watch.cancellation_wave.headline": {
        "de": "{subject_ref}: ungewöhnlich viele Stornierungen.",
        "en": "{subject_ref}: unusually many cancellations.",
    },
    "watch.cancellation_wave": {
        "de": (
            "Seit {since_hour} wurden {seen} von {decided} entschiedenen Buchungen über {subject_ref} storniert: "
            "{share_ppm}, üblich sind {usual_ppm}."
        ),
        "en": (
            "Since {since_hour} {seen} of {decided} decided bookings through {subject_ref} were cancelled: "
            "{share_ppm}, where {usual_ppm} is usual."
        ),
    },
    "watch.attack.headline": {
        "de": "{subject_ref}: sehr viele Klicks, wohl von Bots.",
        "en": "{subject_ref}: very many clicks, probably by bots.",
    },
    "watch.attack": {
        "de": (
            "Seit {since_hour} kamen über {subject_ref} {seen} Klicks; üblich wären {expected} ({low} bis {high}). "
            "Das sieht nach Bots aus."
        ),
        "en": (
            "Since {since_hour} {seen} clicks came through {subject_ref}; {expected} would be usual ({low} to {high}). "
            "It looks like bots."
        ),
    },
    "watch.publisher_idle.headline": {
        "de": "{subject_ref} anrufen: Es kommen kaum noch Klicks.",
        "en": "Call {subject_ref}: hardly any clicks come any more.",
    },
    "watch.publisher_idle": {
        "de": (
            "Über {subject_ref} kommen seit {since_hour} weniger Klicks als an denselben Wochentagen davor: {seen} "
            "statt {expected} ({low} bis {high}), {change_ppm}. Vielleicht ist der Link verschwunden."
        ),
        "en": (
            "Since {since_hour} fewer clicks come through {subject_ref} than on the same weekdays before: {seen} "
            "instead of {expected} ({low} to {high}), {change_ppm}. The link may be gone."
        ),
    },
    "watch.traffic_drop.headline": {
        "de": "{subject_ref}: weniger Klicks als sonst.",
        "en": "{subject_ref}: fewer clicks than usual.",
    },
    "watch.traffic_drop": {
        "de": (
            "Über {subject_ref} kommen seit {since_hour} weniger Klicks als an denselben Wochentagen davor: {seen} "
            "statt {expected} ({low} bis {high}), {change_ppm}."
        ),
        "en": (
            "Since {since_hour} fewer clicks come through {subject_ref} than on the same weekdays before: {seen} "
            "instead of {expected} ({low} to {high}), {change_ppm}."
        ),
    },
    "watch.hint.clicks_as_usual": {
        "de": "Geklickt wird wie sonst: Am Traffic liegt es nicht.",
        "en": "Clicks come as usual, so it is not the traffic.",
    },
    "watch.hint.clicks_burst": {
        "de": "Zugleich kommen weit mehr Klicks als sonst; es können Bots sein.",
        "en": "At the same time far more clicks come than usual; they may be bots.",
    },
    "watch.hint.others_go_on": {
        "de": "Bei den anderen des Programms läuft es wie sonst: Es liegt hier.",
        "en": "With the others of the program things go on as usual, so it is here.",
    },
    "watch.hint.others_too": {
        "de": "Auch bei anderen ist es so: Die Ursache kann weiter reichen, etwa ein Feiertag.",
        "en": "It is the same with others; the cause may reach further, a holiday for instance.",
    },
    "watch.hint.past_thin": {
        "de": "Aus der Zeit davor gibt es wenige Zahlen.",
        "en": "There are few numbers from before.",
    },
    "watch.noted": {
        "de": "Dazu gibt es eine Notiz von {author_ref}: „{note}“ Deshalb ist kein Schreiben vorbereitet.",
        "en": "There is a note by {author_ref}: “{note}” No letter is prepared for that reason.",
    },
    "watch.last_call": {
        "de": "Die letzte Meldung des Advertisers kam am {at_hour}.",
        "en": "The advertiser's last report came on {at_hour}.",
    },
    "watch.lost": {
        "de": "Seither sind etwa {lost_minor} Umsatz ausgeblieben; jeden Tag kommen etwa {daily_minor} dazu.",
        "en": "About {lost_minor} of value has not come in since; each day adds about {daily_minor}.",
    },
    "watch.links": {
        "de": "Es betrifft {links} {links|Link mit seiner Landingpage|Links mit ihren Landingpages}.",
        "en": "It concerns {links} {links|link with its landing page|links with their landing pages}.",
    },
    "watch.considered.chance": {
        "de": "Zufall: bei so vielen Klicks kaum möglich.",
        "en": "Chance: hardly possible with so many clicks.",
    },
    "watch.considered.season": {
        "de": "Saison und Wochentag: verglichen wird mit denselben Stunden der Wochen davor.",
        "en": "Season and weekday: compared are the same hours of the weeks before.",
    },
    "watch.considered.campaign": {
        "de": "Eine Aktion des Publishers: Dann würde auch gebucht.",
        "en": "A campaign of the publisher: then people would book, too.",
    },
    "watch.considered.policy": {
        "de": "Eine Änderung der Stornoregeln: Sie träfe alle Partner.",
        "en": "A change of the cancellation terms: it would meet all partners.",
    },
    "watch.would_change.recovers": {
        "de": "Sobald die Zahlen wieder üblich sind, nimmt der Bot den Hinweis zurück.",
        "en": "As soon as the figures are usual again, the bot takes this back.",
    },
    "watch.would_change.more": {
        "de": "Mit {more} {more|Buchung|Buchungen} mehr wäre es nicht aufgefallen.",
        "en": "With {more} {more|booking|bookings} more it would not have stood out.",
    },
    "watch.sure": {
        "de": (
            "In ruhigen Zeiten kommt so etwas bei einem Blick mit einer Wahrscheinlichkeit von höchstens "
            "{chance_rate_ppm} vor; geschaut wird {looks}-mal im Monat, und das ist eingerechnet."
        ),
        "en": (
            "In quiet times such a thing has a chance of at most {chance_rate_ppm} at one look; there are {looks} "
            "looks a month, and that is taken into account."
        ),
    },
    "watch.limits.counted": {
        "de": "Gezählt ist bis {until_hour}. Was seither kam, ist nicht dabei.",
        "en": "Counted is until {until_hour}. What came since is not among it.",
    },
    "watch.limits.excluded": {
        "de": "Nach dem Ziel des Programms {excluded|bleibt ein Publisher|bleiben {excluded} Publisher} unberührt.",
        "en": "By the program's goal {excluded|one publisher is|{excluded} publishers are} left alone.",
    },
    "watch.refused.past_too_short": {
        "de": "Das wissen wir noch nicht: Es sind noch keine drei Wochen, mit denen sich vergleichen lässt.",
        "en": "We do not know yet: there are not three weeks to compare with.",
    },
    "watch.refused.nothing_there": {
        "de": "Es gibt noch keinen Link, auf den geklickt wurde.",
        "en": "There is no link yet that was clicked.",
    },
    "watch.refused.shape_wrong": {
        "de": "Die Zahlen passen nicht zusammen. Sie sind aufbewahrt; bitte melden.",
        "en": "The figures do not fit together. They are kept; please report it.",
    },
    "watch.refused.not_a_number": {
        "de": "Eine Stunde hat keine Zahl. Bitte melden.",
        "en": "An hour has no number. Please report it.",
    },
    "watch.refused.negative_count": {
        "de": "Eine Stunde hat eine negative Zahl. Bitte melden.",
        "en": "An hour has a negative number. Please report it.",
    },
    "watch.refused.part_outside": {
        "de": "In einer Stunde wurde mehr storniert als entschieden. Bitte melden.",
        "en": "More was cancelled in an hour than was decided. Please report it.",
    },
    "number.watch_daily": {
        "de": "Umsatz, der jeden Tag ausbleibt",
        "en": "Value that does not come in each day",
    },
}
