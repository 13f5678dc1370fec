"""Contests as they are stored: whose, about what, by when, and what became of it. What was said stands in the log
alone, under the publisher's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from warum.domain.contests import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """About a conversion or a partnership; the other is None.

    Attributes:
        due: the last day, UTC, for an answer.
        verdict, answered_us: None while it is open.
    """

    id: int
    advertiser: int
    publisher: int
    conversion: int | None
    partnership: int | None
    opened_us: int
    due: date
    verdict: Verdict | None
    answered_us: int | None
    row_version: int


class ContestStore(Protocol):
    def contests(
        self,
        *,
        conversion: int | None = None,
        partnership: int | None = None,
        publisher: int | None = None,
        answered: bool | None = None,
        after: int = 0,
        limit: int,
    ) -> list[Contest]:
        """The oldest first, so that what is due first comes first. ``answered`` None: open ones and answered ones."""
        ...

    def contest(self, contest: int, *, lock: bool = False) -> Contest | None: ...

    def add(self, contest: Contest) -> int:
        """``id`` and ``row_version`` of the argument are not looked at; the new id. There is one open contest about a
        thing at most."""
        ...

    def answer(self, contest: int, *, verdict: Verdict, at_us: int) -> None: ...

    def waiting(self, today: date) -> tuple[int, int]:
        """How many are open, and how many of these were due before today."""
        ...
