"""Reading what a bot said from the bytes that are stored."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final, TypeVar

from warum.domain.decisions import Abstention, Proposal
from warum.domain.packing import record

_A = TypeVar("_A", Proposal, Abstention)

_KIND: Final = "kind"
_read_max: Final = 256


# Stored answers never change, and lists show the same ones again and again.
@lru_cache(maxsize=_read_max)
def read_proposal(body: bytes) -> Proposal:
    """Raises ValueError for bytes that are no proposal."""
    return _read(Proposal, "proposal", body)


@lru_cache(maxsize=_read_max)
def read_abstention(body: bytes) -> Abstention:
    """Raises ValueError for bytes that are no abstention."""
    return _read(Abstention, "abstention", body)


def _read(shape: type[_A], kind: str, body: bytes) -> _A:
    held: dict[str, Any] = json.loads(body)
    if held.pop(_KIND, None) != kind:
        raise ValueError(f"these bytes are no {kind}")
    return record(shape, held)
