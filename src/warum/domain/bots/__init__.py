"""Bots. Each is one file that answers the contract, and one line in the table below."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from warum.domain.bots import creative
from warum.domain.bots.contract import Bot
from warum.domain.decisions import answer_bytes
from warum.domain.packing import record

BOTS: Final[Mapping[str, Bot[Any]]] = {
    "creative": creative.BOT,
}


def replay(bot: str, facts: bytes, *, seed: int) -> bytes:
    """The canonical bytes of the answer, computed again from stored facts.

    Raises:
        KeyError: there is no such bot.
        ValueError: the bytes are not facts of this bot.
    """
    asked = BOTS[bot]
    read: Any = record(asked.facts, json.loads(facts))
    return answer_bytes(asked.propose(read, seed=seed))
