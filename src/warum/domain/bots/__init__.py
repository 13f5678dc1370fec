"""Bots. Each is one file that answers the contract, and one line in the table below.

A bot's file is loaded when the bot is asked for: their arithmetic takes the better part of a second to load, and most
who list or switch bots never run one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from warum.domain.advice import Answer
from warum.domain.bots.contract import Adviser, Bot
from warum.domain.packing import record

_MODULES: Final[Mapping[str, str]] = {
    "creative": "warum.domain.bots.creative",
    "watch": "warum.domain.bots.watch",
}


class _Bots(Mapping[str, Bot[Any] | Adviser[Any]]):
    """``BOT`` of each module, by name; names are known without loading it."""

    def __getitem__(self, name: str) -> Bot[Any] | Adviser[Any]:
        return import_module(_MODULES[name]).BOT

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


BOTS: Final[Mapping[str, Bot[Any] | Adviser[Any]]] = _Bots()


def answers(bot: str, facts: bytes, *, seed: int) -> tuple[Answer, ...]:
    """What a bot says, computed again from stored facts.

    Raises:
        KeyError: there is no such bot.
        ValueError: the bytes are not facts of this bot.
    """
    asked = BOTS[bot]
    read: Any = record(asked.facts, json.loads(facts))
    if isinstance(asked, Adviser):
        advised = asked.advise(read, seed=seed)
        return advised if isinstance(advised, tuple) else (advised,)
    return (asked.propose(read, seed=seed),)
