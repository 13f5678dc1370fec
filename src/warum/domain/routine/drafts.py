"""A letter before anybody has seen it. What may stand in it is its evidence: numbers, days, names, references, each
with its kind; templates without a digit of their own say it in German and English.

So both languages say the same, and there is no number in a draft that its evidence does not hold. A draft is a value:
it has no address beyond the party's id, and no way to be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from warum.domain.bots.words import Language, money
from warum.domain.routine.words import TEMPLATES, TERMS
from warum.kernel.period import from_us

LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")
name_chars_max: Final = 120


class Party(StrEnum):
    """To whom a letter goes."""

    ADVERTISER = "advertiser"
    PUBLISHER = "publisher"


class Kind(StrEnum):
    """What a piece of evidence is, and so how it is written."""

    COUNT = "count"
    MONEY = "money"
    """Minor units; ``unit`` is the currency."""
    DAY = "day"
    """ISO text."""
    MOMENT = "moment"
    """Microseconds; ``unit`` is the zone in which it is told."""
    REF = "ref"
    """A public id such as ``cnv_12``, or several."""
    NAME = "name"
    URL = "url"
    TERM = "term"
    """A code that ``TERMS`` has words for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that a letter may say."""

    name: str
    kind: Kind
    value: int | str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: the code of its template, and what fills it."""

    code: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be said, in no language yet."""

    to_party: Party
    to: int
    subject: Line
    body: tuple[Line, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(each for line in (self.subject, *self.body) for each in line.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter in one language, for a person to read, change, and send or throw away.

    Attributes:
        to: the party's id. Its address is not known here.
        evidence: everything that the text may say.
    """

    to_party: Party
    to: int
    language: Language
    subject: str
    body: str
    evidence: tuple[Evidence, ...]


def draft(letter: Letter, language: Language) -> Draft:
    """The letter in a language.

    Raises:
        KeyError: a code without words, or a template that asks for more than its line holds.
    """
    return Draft(
        to_party=letter.to_party,
        to=letter.to,
        language=language,
        subject=_filled(letter.subject, language),
        body="\n\n".join(_filled(line, language) for line in letter.body),
        evidence=letter.evidence,
    )


def spoken(evidence: Evidence, language: Language) -> str:
    """A piece of evidence as people write it."""
    value = evidence.value
    match evidence.kind:
        case Kind.COUNT:
            return f"{int(value):,}".replace(",", "." if language == "de" else ",").replace("-", "−")
        case Kind.MONEY:
            return money(int(value), evidence.unit, language)
        case Kind.DAY:
            return _day(date.fromisoformat(str(value)), language)
        case Kind.MOMENT:
            return _moment(int(value), evidence.unit, language)
        case Kind.TERM:
            return TERMS[str(value)][language]
        case Kind.REF | Kind.NAME | Kind.URL:
            return str(value)


def holes(code: str) -> tuple[str, ...]:
    """The names of what a template is filled with, each once."""
    return tuple(dict.fromkeys(found[1] for found in _HOLE.finditer(TEMPLATES[code]["de"])))


def count(name: str, value: int) -> Evidence:
    return Evidence(name=name, kind=Kind.COUNT, value=value)


def amount(name: str, value_minor: int, currency: str) -> Evidence:
    return Evidence(name=name, kind=Kind.MONEY, value=value_minor, unit=currency)


def day(name: str, value: date | str) -> Evidence:
    return Evidence(name=name, kind=Kind.DAY, value=value if isinstance(value, str) else value.isoformat())


def moment(name: str, value_us: int, zone: str) -> Evidence:
    return Evidence(name=name, kind=Kind.MOMENT, value=value_us, unit=zone)


def refs(name: str, values: Sequence[str]) -> Evidence:
    return Evidence(name=name, kind=Kind.REF, value=", ".join(values))


def named(name: str, value: str) -> Evidence:
    """A name on one line: what a party calls itself must not be able to write lines of the letter."""
    return Evidence(name=name, kind=Kind.NAME, value=" ".join(_UNPRINTED.sub(" ", value).split())[:name_chars_max])


def url(name: str, value: str) -> Evidence:
    return Evidence(name=name, kind=Kind.URL, value=value)


def term(name: str, value: str) -> Evidence:
    return Evidence(name=name, kind=Kind.TERM, value=value)


_UNPRINTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HOLE: Final = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")
_CLDR: Final[Mapping[Language, str]] = {"de": "de_DE", "en": "en_GB"}


def _filled(line: Line, language: Language) -> str:
    """``{name}`` is the evidence of that name, ``{name|one|other}`` picks by its number."""
    held = {each.name: each for each in line.evidence}

    def fill(found: re.Match[str]) -> str:
        name, one, other = found.groups()
        if one is not None:
            return one if held[name].value == 1 else other
        return spoken(held[name], language)

    return _HOLE.sub(fill, TEMPLATES[line.code][language])


def _day(value: date, language: Language) -> str:
    # The day of a German date must not end a line away from its month.
    return format_date(value, "long", locale=_CLDR[language]).replace(" ", "\u00a0", 1)


def _moment(value_us: int, zone: str, language: Language) -> str:
    local = from_us(value_us).astimezone(ZoneInfo(zone))
    clock = f"{local.hour:02d}:{local.minute:02d}"
    told = f"{_day(local.date(), language)}, {clock}"
    return f"{told} Uhr ({zone})" if language == "de" else f"{told} ({zone})"
