"""What the watch reads, rollups by link and hour, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warum.domain.shrinkage import Floats


class Code(StrEnum):
    """What seems to have happened."""

    TRACKING_DEAD = "tracking_dead"
    LANDING_PAGE_BROKEN = "landing_page_broken"
    PRICE_EXPIRED = "price_expired"
    CONVERSION_DROP = "conversion_drop"
    CANCELLATION_WAVE = "cancellation_wave"
    ATTACK = "attack"
    PUBLISHER_IDLE = "publisher_idle"
    TRAFFIC_DROP = "traffic_drop"


class Level(StrEnum):
    """Of what: the broadest first, as findings are folded."""

    NETWORK = "network"
    ADVERTISER = "advertiser"
    PROGRAM = "program"
    PAGE = "page"
    PUBLISHER = "publisher"
    LINK = "link"


class Hint(StrEnum):
    """What else is to be seen, and speaks for or against a cause."""

    CLICKS_AS_USUAL = "clicks_as_usual"
    CLICKS_BURST = "clicks_burst"
    OTHERS_GO_ON = "others_go_on"
    OTHERS_TOO = "others_too"
    PAST_THIN = "past_thin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whose a link is; ids as they are used outside."""

    link: str
    page: str
    publisher: str
    program: str
    advertiser: str

    def of(self, level: Level) -> str:
        """The id at a level; all links are of one network."""
        return "" if level is Level.NETWORK else str(getattr(self, level.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Counts by link and hour, in the links' order; ``start_us`` begins the first hour, on the program's local clock.

    Attributes:
        clicks: as they were made.
        conversions: by the hour of the conversion.
        decided, declined: conversions that were approved or declined in the hour, and the declined ones of them.
        value_minor: of the conversions, minor units of one currency.
    """

    links: tuple[Link, ...]
    start_us: int
    clicks: Floats
    conversions: Floats
    decided: Floats
    declined: Floats
    value_minor: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that has gone wrong.

    Attributes:
        of: the id at its level; empty for the network.
        links: how many links lie in it.
        since_us, until_us: from the hour in which it probably began to the end of what was seen.
        seen: bookings, declined ones, or clicks since then; ``out_of`` clicks or decided bookings, where there are any.
        expected, low, high: what would have been ordinary, with 90 % interval.
        lost_minor: what was lost since then; ``daily_minor``: a day, as long as it goes on.
        p: the chance of it in quiet times, at this one look.
        hints: what else is to be seen.
    """

    code: Code
    level: Level
    of: str
    links: int
    since_us: int
    until_us: int
    seen: int
    out_of: int
    expected: float
    low: int
    high: int
    lost_minor: int
    daily_minor: int
    p: float
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Findings, the dearest first. ``false_findings_max``: expected in a month if all is quiet, at most."""

    findings: tuple[Finding, ...]
    false_findings_max: float
