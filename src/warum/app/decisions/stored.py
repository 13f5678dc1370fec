"""Reading what a bot said from the bytes that are stored."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final, TypeVar

from warum.domain.advice import SHARES, Advice
from warum.domain.decisions import Abstention, Proposal
from warum.domain.packing import record
from warum.ports.decisions import NewProposal

_A = TypeVar("_A", Proposal, Advice, Abstention)

_KIND: Final = "kind"
_read_max: Final = 256


# Stored answers never change, and lists show the same ones again and again.
@lru_cache(maxsize=_read_max)
def read_proposal(body: bytes) -> Proposal:
    """Raises ValueError for bytes that are no proposal of shares."""
    return _read(Proposal, "proposal", body)


@lru_cache(maxsize=_read_max)
def read_advice(body: bytes) -> Advice:
    """Raises ValueError for bytes that are no advice."""
    return _read(Advice, "advice", body)


@lru_cache(maxsize=_read_max)
def read_abstention(body: bytes) -> Abstention:
    """Raises ValueError for bytes that are no abstention."""
    return _read(Abstention, "abstention", body)


def read_asked(stored: NewProposal) -> Proposal | Advice:
    """What a stored proposal says, of whichever kind it is. Raises ValueError for bytes that are none."""
    return read_proposal(stored.body) if stored.idea == SHARES else read_advice(stored.body)


def _read(shape: type[_A], kind: str, body: bytes) -> _A:
    held: dict[str, Any] = json.loads(body)
    if held.pop(_KIND, None) != kind:
        raise ValueError(f"these bytes are no {kind}")
    return record(shape, held)
