"""What an answer rests on, without a word of prose: a claim, its number, why, what else was considered, what would
change it, how sure it is, what is not in it, and where the rows are.

Everything is a code with parameters. The codes have words in ``words``; the parameters are integers or names as text,
and the end of a parameter's name says how it is written (``voice``). Not knowing is an answer like any other: its
label is ``ABSTAINS``, its claim says what is missing, and ``would_change`` says what would help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warum.domain.decisions import Parameter, Unit


class Label(StrEnum):
    """What kind of answer it is."""

    EXACT = "exact"
    """Computed from what happened, to the cent. Nothing in it is guessed."""
    ESTIMATE = "estimate"
    """It rests on draws; its interval says how far it may be off."""
    ABSTAINS = "abstains"
    """We do not know yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence: a code that has words, and what is filled in."""

    code: str
    parameters: tuple[Parameter, ...] = ()

    def value(self, name: str) -> str:
        """A parameter; KeyError without it."""
        return {parameter.name: parameter.value for parameter in self.parameters}[name]


def state(code: str, **parameters: int | str) -> Statement:
    """A statement with its parameters."""
    return Statement(
        code=code, parameters=tuple(Parameter(name=name, value=str(value)) for name, value in parameters.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows behind a number are: a filter that a list understands.

    Attributes:
        table: ``impression``, ``click`` or ``conversion``.
        from_us, until_us: from inclusive, until exclusive; of the exposure where ``offer`` is set, otherwise of the
            booking.
        status: for conversions; ``""`` is every status.
    """

    table: str
    from_us: int
    until_us: int
    program: int | None = None
    offer: int | None = None
    arm: int | None = None
    publisher: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The number of an answer.

    Attributes:
        name: what it is; has words.
        value, low, high: integers in the unit (shares in parts per million). No bounds for what is exact.
        confidence_ppm: how often such an interval holds what it is about.
    """

    name: str
    value: int
    unit: Unit
    low: int | None = None
    high: int | None = None
    confidence_ppm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that the answer was made from, with what it belongs to (arm, publisher, month, status, currency)."""

    name: str
    value: int
    unit: Unit
    of: tuple[Parameter, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer.

    Attributes:
        inquiry: which question it answers, such as ``creative``.
        verdict: a short code for programs, such as ``best`` or ``not_sound``.
        currency: of amounts that do not name one.
        number: None where there is none to tell.
        would_change: what would change the answer; of an abstention, what would help.
        limits: what is not in the number.
        figures: what it was made from.
        sources: where the rows are.
    """

    inquiry: str
    label: Label
    verdict: str
    currency: str
    claim: Statement
    sureness: Statement
    number: Number | None = None
    reasons: tuple[Statement, ...] = ()
    considered: tuple[Statement, ...] = ()
    would_change: tuple[Statement, ...] = ()
    limits: tuple[Statement, ...] = ()
    figures: tuple[Figure, ...] = ()
    sources: tuple[Source, ...] = ()
