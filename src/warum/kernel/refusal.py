"""An expected "no" is a value: a code that programs rely on, and words for the person who has to act on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of no it is. Every surface (REST, CLI) has one answer per kind."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Says what is wrong and what to do.

    Attributes:
        code: stable, snake case, e.g. ``currency_not_listed``.
        message: one or two sentences for a person.
        field: the input field that has to change, when there is one.
    """

    code: str
    message: str
    field: str | None = None
    kind: Kind = Kind.INVALID
