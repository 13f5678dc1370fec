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
    "watch.letter.tracking_dead.subject": {
        "de": "Seit {since_hour} kommen keine Buchungen mehr an",
        "en": "No bookings have reached us since {since_hour}",
    },
    "watch.letter.tracking_dead.body": {
        "de": (
            "seit {since_hour} hatten wir {clicks} Klicks auf Ihre Seiten, aber {seen} gemeldete "
            "Buchungen; üblich wären in dieser Zeit {low} bis {high}. Wahrscheinlich wird nicht weniger "
            "gebucht, sondern die Meldung kommt nicht mehr an.\n\n"
            "Könnten Sie bitte prüfen, ob in dieser Zeit etwas an der Buchungsstrecke, am Tag-Manager "
            "oder am Abruf unserer Meldeadresse geändert wurde? Buchungen, die wir nicht bekommen haben, "
            "können Sie nachmelden; sie werden mit ihrer Bestellnummer genau einmal gezählt."
        ),
        "en": (
            "since {since_hour} we have counted {clicks} clicks to your pages and {seen} reported "
            "bookings; {low} to {high} would be usual. Most likely people book as before, and the report "
            "of it does not reach us any more.\n\n"
            "Could you please check whether anything was changed in your booking flow, your tag manager "
            "or the call of our reporting address? Bookings that we have missed can be reported later; by "
            "their order number each counts exactly once."
        ),
    },
    "watch.letter.landing_page_broken.subject": {
        "de": "Eine Ihrer Landingpages bringt seit {since_hour} kaum noch Buchungen",
        "en": "One of your landing pages has hardly brought bookings since {since_hour}",
    },
    "watch.letter.landing_page_broken.body": {
        "de": (
            "auf einer Ihrer Landingpages kamen seit {since_hour} auf {clicks} Klicks nur {seen} "
            "Buchungen; üblich wären {low} bis {high}. Auf den anderen Seiten läuft es wie sonst.\n\n"
            "Könnten Sie bitte nachsehen, ob sich die Seite auf Handy und Rechner öffnen und zu Ende "
            "buchen lässt?"
        ),
        "en": (
            "one of your landing pages had {clicks} clicks since {since_hour} and {seen} bookings; {low} "
            "to {high} would be usual. Your other pages go on as before.\n\n"
            "Could you please look whether the page opens on phones and computers, and whether a booking "
            "can be completed?"
        ),
    },
    "watch.letter.price_expired.subject": {
        "de": "Ist ein Preis oder Angebot abgelaufen?",
        "en": "Has a price or an offer expired?",
    },
    "watch.letter.price_expired.body": {
        "de": (
            "seit {since_hour} wird auf einer Ihrer Landingpages deutlich seltener gebucht: {seen} "
            "Buchungen auf {clicks} Klicks, üblich wären {low} bis {high}. So sieht es meist aus, wenn "
            "dort ein Preis oder Zeitraum steht, den es nicht mehr gibt.\n\n"
            "Könnten Sie bitte nachsehen und uns sagen, welches Angebot jetzt gilt? Wir tauschen das "
            "Werbemittel dann sofort aus."
        ),
        "en": (
            "since {since_hour} far fewer people book from one of your landing pages: {seen} bookings "
            "from {clicks} clicks, where {low} to {high} would be usual. It mostly looks like this when a "
            "price or a period is shown that is over.\n\n"
            "Could you please look, and tell us which offer holds now? We will swap the creative at once."
        ),
    },
    "watch.letter.conversion_drop.subject": {
        "de": "Seit {since_hour} weniger Buchungen als üblich",
        "en": "Fewer bookings than usual since {since_hour}",
    },
    "watch.letter.conversion_drop.body": {
        "de": (
            "seit {since_hour} kamen auf {clicks} Klicks {seen} Buchungen; üblich wären {low} bis {high}. "
            "Die Klicks kommen wie sonst.\n\n"
            "Wissen Sie, woran es liegen könnte, etwa an Preisen, Verfügbarkeit oder einer Änderung der "
            "Seite?"
        ),
        "en": (
            "since {since_hour} there were {seen} bookings from {clicks} clicks; {low} to {high} would be "
            "usual. Clicks come as before.\n\n"
            "Do you know what it could be, such as prices, availability or a change of the page?"
        ),
    },
    "watch.letter.cancellation_wave.subject": {
        "de": "Ungewöhnlich viele Stornierungen seit {since_hour}",
        "en": "Unusually many cancellations since {since_hour}",
    },
    "watch.letter.cancellation_wave.body": {
        "de": (
            "seit {since_hour} wurden {seen} von {decided} entschiedenen Buchungen storniert, {share_ppm} "
            "statt sonst etwa {usual_ppm}.\n\n"
            "Gibt es dafür einen Grund, den wir den Partnern sagen können, oder wurden Buchungen "
            "versehentlich als storniert gemeldet?"
        ),
        "en": (
            "since {since_hour} {seen} of {decided} decided bookings were cancelled, {share_ppm} instead "
            "of about {usual_ppm}.\n\n"
            "Is there a reason that we can tell partners, or were bookings reported as cancelled by "
            "mistake?"
        ),
    },
    "watch.letter.publisher_idle.subject": {
        "de": "Ist unser Link noch auf Ihrer Seite?",
        "en": "Is our link still on your page?",
    },
    "watch.letter.publisher_idle.body": {
        "de": (
            "seit {since_hour} kommen über Ihre Links deutlich weniger Klicks als an denselben "
            "Wochentagen davor ({change_ppm}). Ist der Link verschoben oder entfernt worden?\n\n"
            "Falls Sie ihn bei einem Umbau verloren haben, finden Sie ihn in Ihrem Konto unverändert "
            "wieder. Wenn Sie andere Inhalte oder Bilder brauchen, sagen Sie uns gern, welche."
        ),
        "en": (
            "since {since_hour} your links have brought far fewer clicks than on the same weekdays before "
            "({change_ppm}). Was the link moved or taken off?\n\n"
            "If it was lost when the page was rebuilt, you find it unchanged in your account. If you need "
            "other content or pictures, do tell us which."
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
