"""What other shares of the arms would have brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "subject.policy": {
        "de": "Was eine andere Aufteilung bei {subject} gebracht hätte ({label})",
        "en": "What other shares would have brought at {subject} ({label})",
    },
    "policy.more": {
        "de": "Vom {from_day} bis {until_day} hätte diese Aufteilung wohl mehr gebracht: etwa {estimate_minor} statt "
        "{actual_minor}.",
        "en": "Between {from_day} and {until_day} these shares would probably have brought more: about "
        "{estimate_minor} "
        "instead of {actual_minor}.",
    },
    "policy.less": {
        "de": "Vom {from_day} bis {until_day} hätte diese Aufteilung wohl weniger gebracht: etwa {estimate_minor} "
        "statt "
        "{actual_minor}.",
        "en": "Between {from_day} and {until_day} these shares would probably have brought less: about "
        "{estimate_minor} "
        "instead of {actual_minor}.",
    },
    "policy.same": {
        "de": "Vom {from_day} bis {until_day} hätte diese Aufteilung etwa {estimate_minor} gebracht; ob das mehr oder "
        "weniger ist als die {actual_minor}, die es waren, sagt das Protokoll nicht.",
        "en": "Between {from_day} and {until_day} these shares would have brought about {estimate_minor}; whether that "
        "is more or less than the {actual_minor} that there were, the log does not tell.",
    },
    "policy.as_it_was": {
        "de": "Vom {from_day} bis {until_day} war es genau diese Aufteilung; sie brachte {actual_minor}, und die "
        "Schätzung kommt auf {estimate_minor}.",
        "en": "Between {from_day} and {until_day} these were the shares; they brought {actual_minor}, and the estimate "
        "arrives at {estimate_minor}.",
    },
    "policy.no_exposures": {
        "de": "Das lässt sich nicht sagen: Vom {from_day} bis {until_day} hat niemand dieses Angebot gesehen.",
        "en": "It cannot be told: nobody saw this offer between {from_day} and {until_day}.",
    },
    "policy.refused": {
        "de": "Das lässt sich aus dem Protokoll vom {from_day} bis {until_day} nicht schätzen.",
        "en": "It cannot be estimated from the log between {from_day} and {until_day}.",
    },
    "policy.sure": {
        "de": "Eine Schätzung aus {rounds} Losungen; für diese Aufteilung zählen sie wie {effective}.",
        "en": "An estimate from {rounds} draws; for these shares they count as {effective}.",
    },
    "policy.shares": {
        "de": "Gefragt war: {arm} mit {share_ppm}; tatsächlich waren es im Mittel {actual_ppm}.",
        "en": "Asked for: {arm} at {share_ppm}; in fact it was {actual_ppm} on average.",
    },
    "policy.arm": {
        "de": "{arm} brachte {each_minor} auf tausend Losungen ({exposures} {exposures|Losung|Losungen}, {conversions} "
        "{conversions|Conversion|Conversions}).",
        "en": "{arm} brought {each_minor} for a thousand draws ({exposures} {exposures|draw|draws}, {conversions} "
        "{conversions|conversion|conversions}).",
    },
    "policy.known": {
        "de": "Mit welcher Wahrscheinlichkeit jede Variante gelost wurde, ist aus den Aufteilungen genau bekannt.",
        "en": "The probability with which each arm was drawn is known exactly, from the allocations.",
    },
    "policy.method": {
        "de": "Vom Unterschied zwischen Modell und Protokoll wurden {share_ppm} übernommen; das schwerste Gewicht war "
        "{weight}.",
        "en": "Of the difference between model and log {share_ppm} was taken; the heaviest weight was {weight}.",
    },
    "policy.others": {
        "de": "Andere Verfahren kämen auf {low_minor} bis {high_minor}.",
        "en": "Other methods would arrive at {low_minor} to {high_minor}.",
    },
    "policy.narrower": {
        "de": "Mehr Losungen der gefragten Varianten machen die Spanne enger.",
        "en": "More draws of the arms asked for make the interval narrower.",
    },
    "policy.behaviour": {
        "de": "Es ist eine Schätzung: Gleiche Besucher und gleiche Partner wie damals sind vorausgesetzt.",
        "en": "It is an estimate: the same visitors and partners as then are taken for granted.",
    },
    "policy.bundled": {
        "de": "Wegen der Menge wurden je {bundle} Losungen derselben Variante zusammengefasst.",
        "en": "Because there are so many, {bundle} draws of one arm each were taken together.",
    },
    "policy.gate.too_few_rounds": {
        "de": "Es gibt {rounds} {rounds|Losung|Losungen}; das ist zu wenig, um eine Aufteilung zu beurteilen.",
        "en": "There {rounds|is|are} {rounds} {rounds|draw|draws}; that is too few to judge shares by.",
    },
    "policy.gate.effective_size_too_small": {
        "de": "Für diese Aufteilung zählen {rounds} Losungen nur wie {effective}; nötig sind {effective_min}. Im "
        "Protokoll "
        "kam zu selten vor, was sie tun würde.",
        "en": "For these shares {rounds} draws count as {effective} only; {effective_min} are needed. The log rarely "
        "did "
        "what they would do.",
    },
    "policy.gate.too_few_rewarded": {
        "de": "Es gibt {conversions} {conversions|Conversion|Conversions} mit Umsatz; das ist zu wenig, der Zufall "
        "würde "
        "alles entscheiden.",
        "en": "There {conversions|is|are} {conversions} {conversions|conversion|conversions} with a value; that is too "
        "few, chance would decide all.",
    },
    "policy.gate.rewards_constant": {
        "de": "Keine Losung brachte etwas; daraus lässt sich nichts lernen.",
        "en": "No draw brought anything; there is nothing to learn from.",
    },
    "policy.gate.no_support": {
        "de": "Die Aufteilung verlangt eine Variante, die in einem Teil des Zeitraums gar nicht gelost werden konnte.",
        "en": "The shares ask for an arm that could not be drawn in a part of the span.",
    },
    "policy.gate.one_arm": {
        "de": "In dem Zeitraum kam nur eine Variante vor; über andere sagt das Protokoll nichts.",
        "en": "Only one arm was drawn in the span; the log says nothing about any other.",
    },
    "policy.gate.weights_do_not_average_one": {
        "de": "Gezeigt wurde nicht, was gelost wurde: Die Gewichte liegen im Mittel weiter von eins, als Zufall "
        "erklärt.",
        "en": "What was shown is not what was drawn: the weights average further from one than chance explains.",
    },
}
