"""Reminding an advertiser to validate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.bots.words import Language

TEMPLATES: Final[Mapping[str, Mapping[Language, str]]] = {
    "reminder.subject.stays": {
        "de": "{count} {count|Aufenthalt wartet|Aufenthalte warten} auf Ihre Bestätigung",
        "en": "{count} {count|stay is|stays are} waiting for your confirmation",
    },
    "reminder.subject.sales": {
        "de": "{count} {count|Verkauf wartet|Verkäufe warten} auf Ihre Bestätigung",
        "en": "{count} {count|sale is|sales are} waiting for your confirmation",
    },
    "reminder.subject.mixed": {
        "de": "{count} {count|Vorgang wartet|Vorgänge warten} auf Ihre Bestätigung",
        "en": "{count} {count|transaction is|transactions are} waiting for your confirmation",
    },
    "reminder.opening.mixed": {
        "de": "bei {count} {count|Vorgang|Vorgängen} ist der Tag vorüber, bis zu dem die Prüfung vorgesehen war. "
        "{partners} {partners|Partner wartet|Partner warten} auf die Provision dafür.",
        "en": "{count} {count|transaction has|transactions have} passed the day by which {count|it was|they were} to "
        "be validated. {partners} {partners|partner is|partners are} waiting for the commission.",
    },
    "reminder.opening.stays": {
        "de": "bei {count} {count|Aufenthalt|Aufenthalten} ist der Tag vorüber, bis zu dem die Prüfung vorgesehen war. "
        "{partners} {partners|Partner wartet|Partner warten} auf die Provision dafür.",
        "en": "{count} {count|stay has|stays have} passed the day by which {count|it was|they were} to be validated. "
        "{partners} {partners|partner is|partners are} waiting for the commission.",
    },
    "reminder.opening.sales": {
        "de": "bei {count} {count|Verkauf|Verkäufen} ist der Tag vorüber, bis zu dem die Prüfung vorgesehen war. "
        "{partners} {partners|Partner wartet|Partner warten} auf die Provision dafür.",
        "en": "{count} {count|sale has|sales have} passed the day by which {count|it was|they were} to be validated. "
        "{partners} {partners|partner is|partners are} waiting for the commission.",
    },
    "reminder.line.stays": {
        "de": "{program}: {count} {count|Aufenthalt|Aufenthalte}, Umsatz {sale}, Provision {commission}. Vereinbart "
        "{period|ist|sind} {period} {period|Tag|Tage} nach der Abreise; {count|er war|der älteste war} am {oldest} "
        "fällig.",
        "en": "{program}: {count} {count|stay|stays}, revenue {sale}, commission {commission}. Validation is agreed "
        "within {period} {period|day|days} of departure; {count|it was|the oldest was} due on {oldest}.",
    },
    "reminder.line.sales": {
        "de": "{program}: {count} {count|Verkauf|Verkäufe}, Umsatz {sale}, Provision {commission}. Vereinbart "
        "{period|ist|sind} {period} {period|Tag|Tage} nach dem Kauf; {count|er war|der älteste war} am {oldest} "
        "fällig.",
        "en": "{program}: {count} {count|sale|sales}, revenue {sale}, commission {commission}. Validation is agreed "
        "within {period} {period|day|days} of the purchase; {count|it was|the oldest was} due on {oldest}.",
    },
    "reminder.total": {
        "de": "Zusammen in {currency}: Umsatz {sale}, Provision {commission}.",
        "en": "Together in {currency}: revenue {sale}, commission {commission}.",
    },
    "reminder.oldest": {
        "de": "Am längsten wartet {conversion}, fällig am {due}, seit {days} {days|Tag|Tagen}.",
        "en": "{conversion} has waited longest: it was due on {due}, {days} {days|day|days} ago.",
    },
    "reminder.which": {
        "de": "Es geht um: {conversions}.",
        "en": "This is about: {conversions}.",
    },
    "reminder.which_some": {
        "de": "Es geht um {conversions} und {more} {more|weiteren Vorgang|weitere Vorgänge}. Die vollständige Liste "
        "finden Sie in Ihrem Konto.",
        "en": "This is about {conversions} and {more} {more|other|others}. You will find the complete list in your "
        "account.",
    },
    "reminder.before": {
        "de": "Zuletzt hatten wir Ihnen dazu am {last} geschrieben.",
        "en": "We last wrote to you about this on {last}.",
    },
    "reminder.promised": {
        "de": "Sie hatten uns die Prüfung bis zum {promised} angekündigt.",
        "en": "You had told us that you would validate by {promised}.",
    },
    "reminder.ask": {
        "de": "Bitte bestätigen Sie, was stattgefunden hat, und lehnen Sie ab, was nicht zustande kam, mit dem Grund. "
        "Falls Ihnen für die Prüfung etwas fehlt, antworten Sie uns kurz. Haben Sie es inzwischen erledigt, ist diese "
        "Nachricht hinfällig.",
        "en": "Please confirm what took place, and decline what did not, with the reason. If you are missing anything "
        "you need for this, just reply. If you have dealt with it in the meantime, please disregard this message.",
    },
}
