"""What people set and what bots are bound by: policies, goals, notes, and the kill switch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from warum.domain.decisions import Goal, Note, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPolicy:
    """A policy that people set; ``row_version`` 0 is none: the defaults hold."""

    program: int
    bot: str
    policy: Policy
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredGoal:
    """A goal that people set; ``row_version`` 0 is none."""

    program: int
    goal: Goal
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNote:
    id: int
    program: int
    note: Note
    noted_at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A bot's kill switch, and who turned it last."""

    bot: str
    stopped: bool
    reason: str | None
    actor: str
    at_us: int
    row_version: int


class SteeringStore(Protocol):
    def policy(self, program: int, bot: str, *, lock: bool = False) -> StoredPolicy | None: ...
    def save_policy(self, stored: StoredPolicy) -> int:
        """Write or overwrite; the new row version."""
        ...

    def goal(self, program: int, *, lock: bool = False) -> StoredGoal | None: ...
    def save_goal(self, stored: StoredGoal) -> int: ...

    def add_note(self, program: int, note: Note, *, at_us: int) -> int: ...
    def notes(self, program: int) -> list[StoredNote]:
        """Oldest first."""
        ...

    def switches(self) -> list[Switch]: ...
    def switch(self, bot: str, *, lock: bool = False) -> Switch | None: ...
    def turn(self, switch: Switch) -> int:
        """Write or overwrite; the new row version."""
        ...

    def program_began_us(self, program: int) -> int | None:
        """When it started to be of use: its start, or when it was made; None when there is no such program."""
        ...
