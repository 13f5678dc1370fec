"""What is said of proposals, abstentions and promises, in both languages at once, so that whoever shows it picks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from warum.app.border import border
from warum.domain.bots import words
from warum.domain.bots.words import Language, Names
from warum.domain.contexts import phrase
from warum.domain.decisions import (
    Abstention,
    Alternative,
    Check,
    Counterfactual,
    DeclineReason,
    Held,
    Outcome,
    Proposal,
)
from warum.domain.explain.record import Statement
from warum.domain.explain.voice import spoken


@border
class Words:
    de: str
    en: str


def headline(proposal: Proposal, names: Names, context: str) -> Words:
    """``names`` of the arms."""
    return _both(lambda language: _within(context, words.headline(proposal, language, names=names), language))


def claim(proposal: Proposal, names: Names, context: str) -> Words:
    """``names`` of the arms."""
    return _both(lambda language: _within(context, words.claim(proposal, language, names=names), language))


def refusal(abstention: Abstention, context: str) -> Words:
    """Bots that advise bring their own words, and their codes begin with their names."""
    if "." in abstention.code:
        why = Statement(code=abstention.code, parameters=abstention.parameters)
        return _both(lambda language: spoken(why, language, currency=abstention.currency))
    return _both(lambda language: _within(context, words.refusal(abstention, language), language))


def why_not(alternative: Alternative, currency: str) -> Words:
    return _both(lambda language: words.why_not(alternative, language, currency=currency))


def what_if(counterfactual: Counterfactual, names: Names) -> Words:
    return _both(lambda language: words.what_if(counterfactual, language, names=names))


def check(seen: Check) -> Words:
    return _both(lambda language: words.check(seen, language))


def reason(declined: DeclineReason) -> Words:
    return _both(lambda language: words.decline_reason(declined, language))


def outcome(measured: Outcome, currency: str, *, final: bool) -> Words:
    """The last word on a promise; before that, how it goes."""
    if final or measured.held is Held.OPEN:
        return _both(lambda language: words.outcome(measured, language, currency=currency))

    def so_far(language: Language) -> str:
        return _SO_FAR[language].format(
            gain=words.about(measured.gain_minor, currency, language),
            low=words.about(measured.promised_low_minor, currency, language),
            high=words.about(measured.promised_high_minor, currency, language),
        )

    return _both(so_far)


def record(promises: int, kept: int, open_: int, wrong: int) -> Words:
    """A bot's record in one line; ``wrong`` counts promises that came out worse or better than said."""
    values = {"promises": promises, "kept": kept, "open": open_, "wrong": wrong}
    said = _RECORD if promises > 1 else _RECORD_OF_ONE if promises else _NO_RECORD
    return _both(lambda language: said[language].format(**values))


def _within(context: str, said: str, language: Language) -> str:
    """What is said of one context alone begins with it."""
    where = phrase(context, language)
    return f"{where[0].upper()}{where[1:]}: {said}" if where else said


def _both(say: Callable[[Language], str]) -> Words:
    return Words(de=say("de"), en=say("en"))


_SO_FAR: Final = {
    "de": "Läuft noch: bisher {gain}, für so viele Anzeigen versprochen {low} bis {high}.",
    "en": "Under way: {gain} so far, {low} to {high} were promised for as many exposures.",
}
_RECORD: Final = {
    "de": "{promises} Versprechen: {kept} gehalten, {open} offen, {wrong} verfehlt.",
    "en": "{promises} promises: {kept} held, {open} open, {wrong} wrong.",
}
_RECORD_OF_ONE: Final = {
    "de": "1 Versprechen: {kept} gehalten, {open} offen, {wrong} verfehlt.",
    "en": "1 promise: {kept} held, {open} open, {wrong} wrong.",
}
_NO_RECORD: Final = {
    "de": "Noch kein Versprechen, an dem man ihn messen könnte.",
    "en": "No promise yet to judge it by.",
}
