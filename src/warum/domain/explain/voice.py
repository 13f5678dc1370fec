"""How a statement is spoken: its template is filled, and each value is written as its language writes it.

The end of a parameter's name says what it is: ``_ppm`` a share, ``_rate_ppm`` a small one, ``_points_ppm`` a
difference of shares, ``_minor`` money, ``_day`` a date, ``_hour`` a moment to the hour, as ISO 8601; ``arm`` and
``publisher`` are called by their names, and so is a ``ref``, a public id; ``month`` is a month and ``status`` a status.
Other integers are grouped, other numbers get the point of the language, other text is as it is.

Templates are those of ``str.format`` with one more form: ``{n|day|days}`` picks by number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_skeleton

from warum.domain.bots import words as bots
from warum.domain.bots.words import Language, about, money, percent
from warum.domain.decisions import Alternative, Check, Counterfactual, Unit
from warum.domain.explain.record import Explanation, Label, Number, Statement
from warum.domain.explain.words import STATUSES, WORDS

_HOLE: Final = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")
_INTEGER: Final = re.compile(r"-?[0-9]+")
_DECIMAL: Final = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")
_CLDR: Final[Mapping[Language, str]] = {"de": "de_DE", "en": "en_GB"}
_POINT: Final[Mapping[Language, str]] = {"de": ",", "en": "."}
_GROUP: Final[Mapping[Language, str]] = {"de": ".", "en": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What people call what an answer is about. What has no name here is called by its number."""

    subject: str = ""
    arms: Mapping[int, str] = field(default_factory=dict[int, str])
    publishers: Mapping[int, str] = field(default_factory=dict[int, str])
    called: Mapping[str, str] = field(default_factory=dict[str, str])
    """By public id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Speaks one explanation in one language."""

    language: Language
    named: Named
    currency: str
    exact: bool

    def statement(self, statement: Statement) -> str:
        """KeyError for a code without words, or a template that asks for more than there is."""
        if statement.code.startswith("bot."):
            return self._as_bots_say(statement)
        values = {parameter.name: parameter.value for parameter in statement.parameters}
        currency = values.get("currency", self.currency)
        return self._filled(WORDS[statement.code][self.language], values, currency)

    def words(self, code: str, **values: str) -> str:
        return self._filled(WORDS[code][self.language], values, self.currency)

    def number(self, number: Number) -> str:
        """The value with its interval."""
        told = {
            "value": self._in_unit(number.value, number.unit),
            "name": self.words(f"number.{number.name}"),
        }
        if number.low is None or number.high is None or number.confidence_ppm is None:
            return self._literally("number.plain", told)
        told |= {
            "low": self._in_unit(number.low, number.unit),
            "high": self._in_unit(number.high, number.unit),
            "confidence": percent(number.confidence_ppm, self.language),
        }
        return self._literally("number.between", told)

    def value(self, name: str, value: str, currency: str) -> str:
        """A parameter as people read it."""
        ending = name.rpartition("_")[2] if "_" in name else name
        if name.endswith("points_ppm"):
            return self._points(int(value))
        if name.endswith("rate_ppm"):
            return self._rate(int(value))
        match ending:
            case "ppm":
                return percent(int(value), self.language)
            case "minor":
                write = money if self.exact else about
                return write(int(value), currency, self.language)
            case "day":
                return format_date(date.fromisoformat(value), "long", locale=_CLDR[self.language])
            case "hour":
                hour = datetime.fromisoformat(value)
                day = format_skeleton("MMMMEEEEd", hour, locale=_CLDR[self.language])
                return f"{day}, {hour.hour} Uhr" if self.language == "de" else f"{day}, {hour:%H:%M}"
            case "month":
                day = date.fromisoformat(f"{value}-01")
                return format_skeleton("yMMMM", day, locale=_CLDR[self.language])
            case "arm":
                return self._quoted(self.named.arms.get(int(value)), "called.arm", value)
            case "publisher":
                return self._quoted(self.named.publishers.get(int(value)), "called.publisher", value)
            case "ref":
                called = self.named.called.get(value)
                return value if not called else f"„{called}“" if self.language == "de" else f"“{called}”"
            case "status":
                return STATUSES[value][self.language]
            case _:
                if _INTEGER.fullmatch(value):
                    return self.grouped(int(value))
                return value.replace(".", _POINT[self.language]) if _DECIMAL.fullmatch(value) else value

    def grouped(self, value: int) -> str:
        sign = "−" if value < 0 else ""
        return sign + f"{abs(value):,}".replace(",", _GROUP[self.language])

    def subject(self) -> str:
        return self.named.subject

    def _as_bots_say(self, statement: Statement) -> str:
        """Checks, alternatives and what would have changed a bot's mind, in the words that the bots have for them."""
        _, kind, *code = statement.code.split(".")
        values = {parameter.name: parameter.value for parameter in statement.parameters}
        match kind:
            case "check":
                check = Check(name=code[0], passed=True, seen=values["seen"], limit=values["limit"])
                return bots.check(check, self.language)
            case "considered":
                gain, low, high = (int(values[f"{name}_minor"]) for name in ("gain", "low", "high"))
                other = Alternative(
                    name=code[0], after=(), gain_minor=gain, low_minor=low, high_minor=high, why_not=code[1]
                )
                return bots.why_not(other, self.language, currency=self.currency)
            case _:
                what_if = Counterfactual(code=code[0], parameters=statement.parameters)
                return bots.what_if(what_if, self.language, names=self.named.arms)

    def _filled(self, template: str, values: Mapping[str, str], currency: str) -> str:
        def fill(found: re.Match[str]) -> str:
            name, one, other = found.groups()
            if one is not None:
                return one if values[name] == "1" else other
            if name == "subject" and name not in values:
                return self.named.subject
            return self.value(name, values[name], currency)

        return _HOLE.sub(fill, template)

    def _literally(self, code: str, values: Mapping[str, str]) -> str:
        return _HOLE.sub(lambda found: values[found[1]], WORDS[code][self.language])

    def _in_unit(self, value: int, unit: Unit) -> str:
        match unit:
            case Unit.MINOR | Unit.MINOR_PER_THOUSAND:
                return (money if self.exact else about)(value, self.currency, self.language)
            case Unit.SHARE:
                return percent(value, self.language)
            case Unit.RATIO:
                return self._points(value)
            case Unit.COUNT | Unit.DAYS | Unit.HOURS:
                return self.grouped(value)

    def _quoted(self, name: str | None, code: str, number: str) -> str:
        if not name:
            return self._literally(code, {"number": number})
        return f"„{name}“" if self.language == "de" else f"“{name}”"

    def _rate(self, ppm: int) -> str:
        """With two digits behind the point: rates are small."""
        space = "\u00a0" if self.language == "de" else ""
        return f"{self._hundredths(ppm)}{space}%"

    def _points(self, ppm: int) -> str:
        """Without the unit, which stands in the template."""
        return self._hundredths(ppm)

    def _hundredths(self, ppm: int) -> str:
        hundredths = (abs(ppm) + 50) // 100
        sign = "−" if ppm < 0 and hundredths else ""
        return f"{sign}{hundredths // 100}{_POINT[self.language]}{hundredths % 100:02d}"


def voice(explanation: Explanation, language: Language, named: Named) -> Voice:
    return Voice(language=language, named=named, currency=explanation.currency, exact=explanation.label is Label.EXACT)


def spoken(statement: Statement, language: Language, *, currency: str, named: Named | None = None) -> str:
    """A statement that stands in no explanation, such as a sentence of a letter."""
    return Voice(language=language, named=named or Named(), currency=currency, exact=False).statement(statement)
