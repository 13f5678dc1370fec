"""What bots that see a whole program read of it, and when they last looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What clicks brought. Amounts are retained ones, minor units of one currency; paid counts as approved."""

    clicks: int
    pending: int
    approved: int
    declined: int
    pending_minor: int
    approved_minor: int


class NetworkStore(Protocol):
    """Live traffic alone."""

    def looked_us(self, program: int, bot: str) -> int | None:
        """When a bot last looked at a program."""
        ...

    def keep_look(self, program: int, bot: str, *, at_us: int) -> None: ...

    def value(self, program: int, currency: str, *, publisher: int | None = None, from_us: int, until_us: int) -> Value:
        """What came of the clicks of these whole UTC days, of one publisher or of all.

        Args:
            from_us, until_us: by the time of the click, until exclusive.
        """
        ...
