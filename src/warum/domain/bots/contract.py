"""What a bot is: one file with a pure function from facts to a proposal or to the reason why there is none.

A bot reads nothing but its facts, changes nothing, and says beforehand what its proposals may touch. Facts are frozen
records of integers and text; their canonical bytes are stored by hash, and from them, the seed and the environment a
proposal can be computed again to the same bytes."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

from warum.domain.decisions import Abstention, Proposal
from warum.domain.packing import plain
from warum.kernel.canonical import canonical, fingerprint

F_contra = TypeVar("F_contra", contravariant=True)

ALLOCATION: Final = "allocation"
"""The arms of an offer and their propensities."""


class Bot(Protocol[F_contra]):
    """One bot; ``BOTS`` lists them by name.

    Attributes:
        touches: the kinds of change that it may propose.
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

    def propose(self, facts: F_contra, *, seed: int) -> Proposal | Abstention:
        """The proposal, or why there is none. Never raises for facts of its kind, however odd."""
        ...


def facts_bytes(facts: object) -> bytes:
    """Canonical bytes of the facts; what is stored, under ``facts_hash``."""
    return canonical(plain(facts))


def facts_hash(facts: object) -> str:
    """SHA-256 of the canonical bytes, hex."""
    return fingerprint(plain(facts)).hex()
