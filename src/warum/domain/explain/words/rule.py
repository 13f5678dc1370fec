"""What a commission rule would have cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "subject.rule": {
        "de": "Was die Regel bei {subject} gekostet hätte ({label})",
        "en": "What the rule would have cost at {subject} ({label})",
    },
    "rule.more": {
        "de": "Vom {from_day} bis {until_day} hätte diese Regel {difference_minor} mehr Provision gekostet.",
        "en": "Between {from_day} and {until_day} this rule would have cost {difference_minor} more in commission.",
    },
    "rule.less": {
        "de": "Vom {from_day} bis {until_day} hätte diese Regel {difference_minor} weniger Provision gekostet.",
        "en": "Between {from_day} and {until_day} this rule would have cost {difference_minor} less in commission.",
    },
    "rule.same": {
        "de": "Vom {from_day} bis {until_day} hätte diese Regel genau so viel gekostet wie gebucht wurde.",
        "en": "Between {from_day} and {until_day} this rule would have cost exactly what was booked.",
    },
    "rule.nothing": {
        "de": "Vom {from_day} bis {until_day} wurde in diesem Programm nichts gebucht, das sich neu rechnen ließe.",
        "en": "Between {from_day} and {until_day} nothing was booked in this program that could be priced again.",
    },
    "rule.help": {
        "de": "Ein Zeitraum, in dem es Conversions gab, die jemandem gutgeschrieben sind.",
        "en": "A span with conversions that are credited to somebody.",
    },
    "rule.sure": {
        "de": "Auf den Cent genau aus {conversions} {conversions|Conversion|Conversions} gerechnet, jede für sich "
        "gerundet.",
        "en": "Computed to the cent from {conversions} {conversions|conversion|conversions}, each rounded by itself.",
    },
    "rule.totals": {
        "de": "Gebucht: {before_minor}. Unter der Regel: {after_minor}.",
        "en": "Booked: {before_minor}. Under the rule: {after_minor}.",
    },
    "rule.applies": {
        "de": "{applied} von {conversions} Conversions fielen unter die Regel; bei {differ} ändert sich der Betrag.",
        "en": "{applied} of {conversions} conversions would have fallen under the rule; for {differ} the amount "
        "differs.",
    },
    "rule.status": {
        "de": "{status}: {count} {count|Conversion|Conversions}, gebucht {before_minor}, unter der Regel "
        "{after_minor}.",
        "en": "{status}: {count} {count|conversion|conversions}, booked {before_minor}, under the rule {after_minor}.",
    },
    "rule.publisher": {
        "de": "{publisher}: gebucht {before_minor}, unter der Regel {after_minor}.",
        "en": "{publisher}: booked {before_minor}, under the rule {after_minor}.",
    },
    "rule.currency.more": {
        "de": "In {currency}: {difference_minor} mehr (gebucht {before_minor}, unter der Regel {after_minor}).",
        "en": "In {currency}: {difference_minor} more (booked {before_minor}, under the rule {after_minor}).",
    },
    "rule.currency.less": {
        "de": "In {currency}: {difference_minor} weniger (gebucht {before_minor}, unter der Regel {after_minor}).",
        "en": "In {currency}: {difference_minor} less (booked {before_minor}, under the rule {after_minor}).",
    },
    "rule.currency.same": {
        "de": "In {currency}: kein Unterschied (gebucht {before_minor}).",
        "en": "In {currency}: no difference (booked {before_minor}).",
    },
    "rule.behaviour": {
        "de": "Vielleicht hätten sich Publisher unter der Regel anders verhalten. Das steckt nicht in dieser Zahl.",
        "en": "Publishers would perhaps have behaved differently under the rule. That is not in this number.",
    },
    "rule.pending": {
        "de": "{pending} {pending|Conversion ist|Conversions sind} noch offen: Wird eine abgelehnt oder geändert, "
        "ändern "
        "sich beide Beträge.",
        "en": "{pending} {pending|conversion is|conversions are} still pending: if one is declined or amended, both "
        "amounts change.",
    },
    "rule.other_currency": {
        "de": "Ein fester Betrag gilt nur in seiner Währung; {count} {count|Conversion bleibt|Conversions bleiben}, "
        "wie "
        "gebucht.",
        "en": "A fixed amount holds in its own currency alone; {count} {count|conversion stays|conversions stay} as "
        "booked.",
    },
    "rule.publisher_more": {
        "de": "Gilt die Regel nur für einzelne Publisher oder eine Gruppe, ist der Unterschied ein anderer.",
        "en": "If the rule is for one publisher or one group alone, the difference is another one.",
    },
}
