"""What a score card says in a sentence, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from warum.app.decisions.words import Words, reason
from warum.domain.bots.words import Language, money, percent
from warum.domain.calibration.amounts import Amounts
from warum.domain.calibration.codes import Lately, Override, Verdict
from warum.domain.calibration.judge import Trend
from warum.domain.calibration.people import Reasoned
from warum.domain.calibration.probability import Probabilities
from warum.domain.calibration.promise import outcomes_min
from warum.kernel.money import exponent
from warum.kernel.refusal import Refusal

_unit_min: Final = 100


def verdict(found: Verdict) -> Words:
    return _both(lambda language: _VERDICTS[found][language])


def too_few(outcomes: int) -> Words:
    """Why there is no verdict."""
    one = _TOO_FEW[min(outcomes, 2)]
    return _both(lambda language: one[language].format(n=outcomes, least=outcomes_min))


def probability(found: Probabilities) -> Words:
    """What "97 % sure" was worth."""
    return _both(
        lambda language: _PROBABILITY[language].format(
            stated=_percent(found.stated, language),
            expected=_percent(found.expected, language),
            came=_percent(found.came.share, language),
            low=_percent(found.came.low, language),
            high=_percent(found.came.high, language),
        )
    )


def ratio(found: Amounts) -> Words:
    """What came of each euro that was promised, or why that cannot be told."""
    if isinstance(found.ratio, Refusal):
        if found.ratio.code == "outcomes_few":
            return too_few(found.total.count)
        return _both(lambda language: _PROMISED_NOTHING[language])
    told, unit = found.ratio, max(10 ** exponent(found.currency), _unit_min)

    def say(language: Language) -> str:
        def write(value: float) -> str:
            return money(round(value * unit), found.currency, language)

        return _RATIO[language].format(
            unit=write(1.0), came=write(told.ratio), low=write(told.low), high=write(told.high)
        )

    return _both(say)


def override(found: Reasoned) -> Words:
    if found.reason is not None:
        return reason(found.reason)
    return _both(lambda language: _OVERRIDES[found.override][language])


def trend(found: Trend) -> Words:
    def say(language: Language) -> str:
        shares = {
            name: _percent(one.share, language)
            for name, one in (("recent", found.recent), ("before", found.before))
            if one is not None
        }
        return _LATELY[found.lately][language].format(**shares)

    return _both(say)


def _percent(share: float, language: Language) -> str:
    """Whole percents: these shares are not known any better."""
    return percent(round(share * 100) * 10_000, language)


def _both(say: Callable[[Language], str]) -> Words:
    return Words(de=say("de"), en=say("en"))


_VERDICTS: Final[Mapping[Verdict, Mapping[Language, str]]] = {
    Verdict.HOLDS: {
        "de": "Seine Versprechen halten bisher etwa so oft, wie er sagt.",
        "en": "So far its promises hold about as often as it says.",
    },
    Verdict.TOO_HIGH: {
        "de": "Er verspricht zu viel: Die Ergebnisse liegen tiefer, als sich mit Zufall erklären lässt.",
        "en": "It promises too much: outcomes lie lower than chance explains.",
    },
    Verdict.TOO_LOW: {
        "de": "Er verspricht zu wenig: Die Ergebnisse liegen höher, als sich mit Zufall erklären lässt.",
        "en": "It promises too little: outcomes lie higher than chance explains.",
    },
    Verdict.OVERCONFIDENT: {
        "de": "Er ist sich zu sicher: Die Ergebnisse streuen weiter, als seine Bereiche sagen. Verlassen Sie sich "
        "weniger auf sie.",
        "en": "Too confident: outcomes lie further off than its intervals say. Trust its intervals less.",
    },
    Verdict.TOO_MODEST: {
        "de": "Er ist zu bescheiden: Die Ergebnisse liegen näher am Versprochenen, als seine Bereiche sagen.",
        "en": "Too modest: outcomes lie closer to what it promised than its intervals say.",
    },
}
_TOO_FEW: Final[tuple[Mapping[Language, str], ...]] = (
    {
        "de": "Noch ist kein Ergebnis endgültig; ab {least} lässt sich etwas sagen.",
        "en": "No outcome is final yet; from {least} on something can be said.",
    },
    {
        "de": "1 Ergebnis ist zu wenig für ein Urteil; ab {least} lässt sich etwas sagen.",
        "en": "1 outcome is too few to judge by; from {least} on something can be said.",
    },
    {
        "de": "{n} Ergebnisse sind zu wenige für ein Urteil; ab {least} lässt sich etwas sagen.",
        "en": "{n} outcomes are too few to judge by; from {least} on something can be said.",
    },
)
_PROBABILITY: Final = {
    "de": "Er war sich im Mittel zu {stated} sicher, dass es sich lohnt. Mit dem Zufall der Messung heißt das: in "
    "{expected} der Fälle sollte man es sehen. Gesehen wurde es in {came} ({low} bis {high}).",
    "en": "On average it was {stated} sure that a change pays. With the chance of measuring, that means: it should be "
    "seen in {expected} of the cases. It was seen in {came} ({low} to {high}).",
}
_RATIO: Final = {
    "de": "Von je {unit}, die er versprach, kamen {came} ({low} bis {high}).",
    "en": "Of each {unit} that it promised, {came} came ({low} to {high}).",
}
_PROMISED_NOTHING: Final = {
    "de": "Was er versprach, ergibt zusammen keinen Gewinn.",
    "en": "What it promised does not add up to a gain.",
}
_OVERRIDES: Final[Mapping[Override, Mapping[Language, str]]] = {
    Override.DECLINED: {"de": "Abgelehnt", "en": "Declined"},
    Override.UNDONE: {"de": "Rückgängig gemacht", "en": "Undone"},
    Override.CHANGED: {"de": "Von Hand anders verteilt", "en": "Other shares set by hand"},
}
_LATELY: Final[Mapping[Lately, Mapping[Language, str]]] = {
    Lately.MORE: {
        "de": "Öfter als früher: {recent} hielten in den letzten 4 Wochen, davor {before}.",
        "en": "More often than before: {recent} held in the last 4 weeks, {before} before that.",
    },
    Lately.LESS: {
        "de": "Seltener als früher: {recent} hielten in den letzten 4 Wochen, davor {before}.",
        "en": "Less often than before: {recent} held in the last 4 weeks, {before} before that.",
    },
    Lately.ALIKE: {
        "de": "Kein Unterschied, den nicht auch Zufall erklärt: {recent} hielten in den letzten 4 Wochen, {before} "
        "davor.",
        "en": "No difference that chance does not explain: {recent} held in the last 4 weeks, {before} before that.",
    },
    Lately.TOO_FEW: {
        "de": "Für einen Vergleich mit früher sind es noch zu wenige.",
        "en": "There are too few yet to compare with before.",
    },
}
