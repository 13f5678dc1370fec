"""What a dialect is, and the raw report that every dialect reads its parameters into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from warum.kernel.refusal import Refusal

Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Names and values in the order they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReport:
    """A report as text; None where nothing was said. Amounts are decimals in major units, ``*_minor`` whole numbers of
    minor units.

    Attributes:
        clicks: click ids as they came, oldest first.
        notes: codes of ``reports.NOTE_WORDS`` that the dialect has to say about it.
    """

    clicks: tuple[str, ...] = ()
    order_id: str | None = None
    amount: str | None = None
    amount_minor: str | None = None
    retained: str | None = None
    retained_minor: str | None = None
    currency: str | None = None
    status: str | None = None
    event_id: str | None = None
    event_type: str | None = None
    group: str | None = None
    program: str | None = None
    at: str | None = None
    check_in: str | None = None
    check_out: str | None = None
    reason: str | None = None
    mode: str | None = None
    test: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of spelling.

    Attributes:
        marks: parameters by which it is recognised when nobody names it.
        names: every parameter it understands; all others are named in the answer and not kept.
        read: the reports of one message, which stand or fall together, or a refusal in words. The second argument holds
            the names under which the advertiser's programs put the click id on its pages.
    """

    name: str
    marks: frozenset[str]
    names: frozenset[str]
    read: Callable[[Pairs, frozenset[str]], list[RawReport] | Refusal]


def singles(pairs: Pairs, names: frozenset[str]) -> dict[str, str] | Refusal:
    """The parameters of these names that hold something; each may come once, or again with the same value."""
    found: dict[str, str] = {}
    for name, value in pairs:
        value = value.strip()
        if value and name in names and found.setdefault(name, value) != value:
            return Refusal(
                "parameter_repeated", f"{name} comes more than once, with different values. Send it once.", name
            )
    return found
