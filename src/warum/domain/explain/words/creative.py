"""Which creative, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "subject.creative": {
        "de": "Welche Variante bei {subject}? ({label})",
        "en": "Which creative of {subject}? ({label})",
    },
    "creative.best": {
        "de": "{arm} bringt bisher am meisten, vor {runner_arm}.",
        "en": "{arm} brings the most so far, ahead of {runner_arm}.",
    },
    "creative.open": {
        "de": "Das lässt sich noch nicht sagen: {arm} liegt vorn, aber nicht klar genug vor {runner_arm}.",
        "en": "It cannot be told yet: {arm} is ahead, but not clearly enough of {runner_arm}.",
    },
    "creative.no_exposures": {
        "de": "Das lässt sich nicht sagen: Vom {from_day} bis {until_day} hat niemand dieses Angebot gesehen.",
        "en": "It cannot be told: nobody saw this offer between {from_day} and {until_day}.",
    },
    "creative.ratio_broken": {
        "de": "Das lässt sich nicht sagen: Die Varianten wurden nicht so oft gezeigt, wie sie gelost wurden "
        "(p = {chance_p}).",
        "en": "It cannot be told: the arms were not shown as often as they were drawn (p = {chance_p}).",
    },
    "creative.thin": {
        "de": "Das lässt sich noch nicht sagen: Vom {from_day} bis {until_day} gibt es {conversions} "
        "{conversions|Conversion|Conversions}, nötig sind {conversions_min}.",
        "en": "It cannot be told yet: there {conversions|is|are} {conversions} {conversions|conversion|conversions} "
        "between {from_day} and {until_day}, {conversions_min} are needed.",
    },
    "creative.no_value": {
        "de": "Das lässt sich noch nicht sagen: Von {conversions} Conversions zwischen {from_day} und {until_day} ist "
        "kein Umsatz geblieben.",
        "en": "It cannot be told yet: of {conversions} conversions between {from_day} and {until_day} no value is "
        "left.",
    },
    "creative.sure": {
        "de": "Mit {best_ppm} Wahrscheinlichkeit ist sie die beste der Varianten.",
        "en": "It is the best of the arms with {best_ppm} probability.",
    },
    "creative.unsure": {
        "de": "Mit {best_ppm} Wahrscheinlichkeit ist {arm} die beste; gesagt wird es ab {required_ppm}.",
        "en": "{arm} is the best with {best_ppm} probability; it is said from {required_ppm} on.",
    },
    "creative.counts.click": {
        "de": "{arm}: {exposures} {exposures|Klick|Klicks}, {conversions} {conversions|Conversion|Conversions} "
        "({declined} abgelehnt), {value_minor} Umsatz, das sind {each_minor} auf tausend Klicks.",
        "en": "{arm}: {exposures} {exposures|click|clicks}, {conversions} {conversions|conversion|conversions} "
        "({declined} declined), {value_minor} of value; that is {each_minor} for a thousand clicks.",
    },
    "creative.counts.impression": {
        "de": "{arm}: {exposures}-mal gezeigt, {conversions} {conversions|Conversion|Conversions} ({declined} "
        "abgelehnt), {value_minor} Umsatz, das sind {each_minor} auf tausend Anzeigen.",
        "en": "{arm}: shown {exposures} {exposures|time|times}, {conversions} {conversions|conversion|conversions} "
        "({declined} declined), {value_minor} of value; that is {each_minor} for a thousand impressions.",
    },
    "creative.counts.none": {"de": "{arm}: noch nie gezeigt.", "en": "{arm}: never shown so far."},
    "creative.other": {
        "de": "{arm} ist mit {best_ppm} Wahrscheinlichkeit die beste; sie hat jetzt einen Anteil von {share_ppm}.",
        "en": "{arm} is the best with {best_ppm} probability; its share is {share_ppm} now.",
    },
    "creative.share": {
        "de": "{arm} hat jetzt einen Anteil von {share_ppm}.",
        "en": "{arm} has a share of {share_ppm} now.",
    },
    "creative.fewer": {
        "de": "Mit {conversions} {conversions|Conversion|Conversions} weniger (von {of}) für {arm} läge die "
        "Wahrscheinlichkeit unter {required_ppm}, und wir würden es nicht sagen.",
        "en": "With {conversions} {conversions|conversion|conversions} fewer (of {of}) for {arm} the probability would "
        "be below {required_ppm}, and we would not say so.",
    },
    "creative.days_more": {
        "de": "Bleibt der Unterschied so groß wie bisher ({gap_points_ppm} Prozentpunkte), ist es in etwa {days} "
        "{days|Tag|Tagen} "
        "mit "
        "{power_ppm} Wahrscheinlichkeit entschieden; Daten gibt es von {had} {had|Tag|Tagen}.",
        "en": "If the difference stays as it is ({gap_points_ppm} points), it is settled in about {days} "
        "{days|day|days} with "
        "{power_ppm} probability; there is data of {had} {had|day|days}.",
    },
    "creative.alike": {
        "de": "Der Unterschied ist so klein, dass er sich auch in Jahren nicht zeigen ließe: Sie dürfen gleich gelten.",
        "en": "The difference is so small that years would not show it: they may be taken as alike.",
    },
}
