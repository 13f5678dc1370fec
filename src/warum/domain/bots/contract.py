"""What a bot is: one file with a pure function from facts to proposals or to the reason why there is none.

A bot reads nothing but its facts, changes nothing, and says beforehand what its proposals may touch. Facts are frozen
records of integers and text; their canonical bytes are stored by hash, and from them, the seed and the environment a
proposal can be computed again to the same bytes."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar, runtime_checkable

from warum.domain.advice import Advice
from warum.domain.decisions import Abstention, Proposal
from warum.domain.packing import plain
from warum.kernel.canonical import canonical, fingerprint

F_contra = TypeVar("F_contra", contravariant=True)

ALLOCATION: Final = "allocation"
"""The arms of an offer and their propensities."""


class AnyBot(Protocol):
    """What all bots tell of themselves; ``BOTS`` lists them by name.

    Attributes:
        touches: the kinds of change that it may propose: ``ALLOCATION``, or operations.
        facts: the kind of record that it reads.
        version: rises with every change that may change an answer.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def touches(self) -> tuple[str, ...]: ...

    @property
    def facts(self) -> type[object]: ...


class Bot(AnyBot, Protocol[F_contra]):
    """A bot that sees one offer in one context, and proposes other shares of its arms."""

    def propose(self, facts: F_contra, *, seed: int) -> Proposal | Abstention:
        """The proposal, or why there is none. Never raises for facts of its kind, however odd."""
        ...


@runtime_checkable
class Adviser(AnyBot, Protocol[F_contra]):
    """A bot that sees a program, and advises any number of things.

    Attributes:
        every_hours: so often it looks.
    """

    @property
    def every_hours(self) -> int: ...

    def advise(self, facts: F_contra, *, seed: int) -> tuple[Advice, ...] | Abstention:
        """What it advises, the greatest stake first, or why there is nothing. Never raises for facts of its kind."""
        ...


def facts_bytes(facts: object) -> bytes:
    """Canonical bytes of the facts; what is stored, under ``facts_hash``."""
    return canonical(plain(facts))


def facts_hash(facts: object) -> str:
    """SHA-256 of the canonical bytes, hex."""
    return fingerprint(plain(facts)).hex()
