"""What the watch sees of a program: counts by link, landing page and hour of the last five weeks, sparse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.domain.decisions import Goal, Note, Policy
from warum.domain.watch import Link, Traffic
from warum.kernel.ids import public
from warum.kernel.period import HOUR_US


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCounts:
    """One link and landing page in one hour in which anything happened.

    Attributes:
        hour: from the first one, 0.
        decided, declined: conversions that were approved or declined in the hour, and the declined ones of them.
        value_minor: of the conversions that were booked in the hour.
    """

    hour: int
    link: int
    page: int
    publisher: int
    clicks: int = 0
    conversions: int = 0
    decided: int = 0
    declined: int = 0
    value_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFacts:
    """A program as the watch sees it.

    Attributes:
        currency: of the amounts; the one in which most was booked.
        now_us: when it looks; ``until_us``: up to when everything is counted.
        start_us: the first hour, on the program's local clock; ``hours`` whole ones follow.
        offset_us: of the local clock from UTC at ``until_us``.
        last_call_us: when the last conversion was reported; None for none.
    """

    program: int
    advertiser: int
    currency: str
    now_us: int
    until_us: int
    start_us: int
    hours: int
    offset_us: int
    last_call_us: int | None
    counts: tuple[HourCounts, ...]
    policy: Policy
    goal: Goal | None
    notes: tuple[Note, ...]


def traffic(facts: WatchFacts) -> Traffic:
    """The same as tables. Raises ValueError for hours outside of the span."""
    keys = sorted({(one.link, one.page, one.publisher) for one in facts.counts})
    row_of = {key: row for row, key in enumerate(keys)}
    rows = np.array([row_of[one.link, one.page, one.publisher] for one in facts.counts], dtype=np.intp)
    hours = np.array([one.hour for one in facts.counts], dtype=np.intp)
    if facts.hours < 0 or (len(hours) and (hours.min() < 0 or hours.max() >= facts.hours)):
        raise ValueError("an hour lies outside of the span")

    def table(name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        made = np.zeros((len(keys), facts.hours))
        np.add.at(made, (rows, hours), np.array([getattr(one, name) for one in facts.counts], dtype=np.float64))
        return made

    return Traffic(
        links=tuple(
            Link(
                link=public("link", link),
                page=public("landing_page", page),
                publisher=public("publisher", publisher),
                program=public("program", facts.program),
                advertiser=public("advertiser", facts.advertiser),
            )
            for link, page, publisher in keys
        ),
        start_us=facts.start_us,
        clicks=table("clicks"),
        conversions=table("conversions"),
        decided=table("decided"),
        declined=table("declined"),
        value_minor=table("value_minor"),
    )


def covering(facts: WatchFacts, since_us: int) -> Note | None:
    """The newest note that covers what began at a moment (UTC)."""
    day_us = 24 * HOUR_US
    for note in reversed(facts.notes):
        begun = note.starts_us is None or note.starts_us <= since_us + day_us
        going_on = note.ends_us is None or note.ends_us >= since_us
        dated = note.starts_us is not None or note.ends_us is not None
        if dated and begun and going_on:
            return note
    return None
