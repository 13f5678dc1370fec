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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHour:
    """One link and landing page in one hour on the program's clock, in which anything happened.

    Attributes:
        hour_us: as the program's clock tells it.
        page: landing page; 0 where it is not known any more.
        clicks: those that can be credited.
        decided, declined: conversions that were approved or declined in the hour, and the declined ones of them.
        conversions, value_minor: booked in the hour, and their retained amounts.
    """

    hour_us: int
    link: int
    page: int
    publisher: int
    clicks: int
    conversions: int
    decided: int
    declined: int
    value_minor: int


class NetworkStore(Protocol):
    """Live traffic alone."""

    def looked_us(self, program: int, bot: str) -> int | None:
        """When a bot last looked at a program."""
        ...

    def keep_look(self, program: int, bot: str, *, at_us: int) -> None: ...

    def currency(self, program: int, *, from_us: int) -> str | None:
        """The one in which most conversions were booked since then; None without any."""
        ...

    def last_call_us(self, program: int) -> int | None:
        """When the advertiser last reported a conversion of the program."""
        ...

    def hours(self, program: int, currency: str, *, zone: str, from_us: int, until_us: int) -> list[LinkHour]:
        """Clicks, bookings and decisions by link, landing page and hour; until exclusive. Counts are of every currency,
        amounts of one."""
        ...

    def value(self, program: int, currency: str, *, publisher: int | None = None, from_us: int, until_us: int) -> Value:
        """What came of the clicks of these whole UTC days, of one publisher or of all.

        Args:
            from_us, until_us: by the time of the click, until exclusive.
        """
        ...
