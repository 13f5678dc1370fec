"""Messages to partners, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a partner of a program.

    Attributes:
        publisher: whom it is for; None: the advertiser.
        language: ``de`` or ``en``.
        written_by: who wrote or approved it, as acts name them.
        read_at_us: when the partner said that it was read.
        withdrawn_at_us: since when the partner does not see it any more.
    """

    advertiser: int
    program: int
    publisher: int | None
    language: str
    subject: str
    body: str
    written_by: str
    written_at_us: int
    read_at_us: int | None = None
    withdrawn_at_us: int | None = None
    id: int = 0
    row_version: int = 1


class MessageStore(Protocol):
    def add(self, message: Message) -> int: ...
    def message(self, message: int, *, lock: bool = False) -> Message | None: ...
    def messages(
        self, *, program: int | None = None, publisher: int | None = None, before: int | None = None, limit: int
    ) -> list[Message]:
        """Newest first. ``before`` is the id of the last one seen."""
        ...

    def mark_read(self, message: int, *, at_us: int) -> int:
        """The new row version."""
        ...

    def withdraw(self, message: int, *, at_us: int) -> int:
        """The new row version."""
        ...

    def erase(self, publisher: int) -> None:
        """Empty what was written to a publisher who is erased, also where it stands among the steps of an advice."""
        ...
