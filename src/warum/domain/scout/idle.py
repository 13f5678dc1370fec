"""Publishers who have fallen silent: their clicks against the same weekdays before, and what has probably happened.

The last seven days are compared with the weeks before them, so weekends compare with weekends. What the program's other
publishers lost in the same days is taken off first: a season is nobody's silence. The interval allows for publishers'
weeks differing by more than the luck of counts, as their own past weeks did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from typing import Final

import numpy as np

from warum.domain.arrays import Floats, Ints
from warum.kernel.refusal import Refusal

WEEK: Final = 7
weeks_min: Final = 4
"""The week in question and three before it."""
clicks_a_week_min: Final = 20
change_noticed: Final = -0.3
"""A person is not sent after a publisher for less."""
_ninety_percent: Final = 1.645
_relative_spread_min: Final = 0.1


class Likely(StrEnum):
    """What has probably happened, the first that applies."""

    LINK_GONE = "link_gone"
    LINK_BROKEN = "link_broken"
    PARTNERSHIP_PAUSED = "partnership_paused"
    REASON_UNKNOWN = "reason_unknown"


class LinkSeen(StrEnum):
    """What the last look at the publisher's page said of the link."""

    THERE = "there"
    GONE = "gone"
    BROKEN = "broken"
    NOT_LOOKED = "not_looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A publisher's last week against its weeks before.

    Attributes:
        wake: whether somebody should write to it: even the upper end of the interval is a loss of 30 % or more.
        change, low, high: relative change of clicks with its 90 % interval, others' change taken off; -0.72 is 72 %
            fewer.
        others_change: of the program's other publishers.
        clicks, expected: of the last seven days.
        likely: why; None where there is nothing to wake.
    """

    wake: bool
    change: float
    low: float
    high: float
    others_change: float
    clicks: int
    expected: float
    weeks: int
    likely: Likely | None


def idle(
    clicks: Sequence[int] | Ints,
    others: Sequence[int] | Ints,
    *,
    link: LinkSeen = LinkSeen.NOT_LOOKED,
    paused: bool = False,
) -> Idle | Refusal:
    """Has a publisher fallen silent?

    Args:
        clicks: by day, whole weeks, the last entry being yesterday.
        others: the same days of all other publishers of the program together.
        paused: whether its partnership or the program is paused.
    """
    own, rest = np.asarray(clicks, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if own.ndim != 1 or own.shape != rest.shape or len(own) % WEEK:
        return Refusal("weeks_broken", "Clicks have to be given for the same days of both, in whole weeks.")
    if not (np.isfinite(own).all() and np.isfinite(rest).all()):
        return Refusal("not_a_number", "There are days without a number; fill them with zero if nobody clicked.")
    if (own < 0).any() or (rest < 0).any():
        return Refusal("negative_count", "There are days with negative clicks.")
    weeks = len(own) // WEEK
    if weeks < weeks_min:
        return Refusal("weeks_few", f"We do not know yet: {weeks} weeks of clicks, {weeks_min} are needed.")
    by_week = own.reshape(weeks, WEEK).sum(axis=1)
    before, last = by_week[:-1], float(by_week[-1])
    usual = float(before.mean())
    if usual < clicks_a_week_min:
        return Refusal(
            "clicks_few", f"We do not know yet: {usual:.0f} clicks a week before, {clicks_a_week_min} are needed."
        )
    others_by_week = rest.reshape(weeks, WEEK).sum(axis=1)
    level = _level(others_by_week)
    expected = usual * level
    change = log((last + 0.5) / (expected + 0.5))
    noise = sqrt(_spread(before) ** 2 * (1 + 1 / len(before)) + 1 / (last + 0.5))
    low, high = (exp(change + side * _ninety_percent * noise) - 1 for side in (-1, 1))
    wake = high <= change_noticed
    return Idle(
        wake=wake,
        change=exp(change) - 1,
        low=low,
        high=high,
        others_change=level - 1,
        clicks=int(last),
        expected=expected,
        weeks=weeks - 1,
        likely=_likely(link, paused) if wake else None,
    )


def _level(by_week: Floats) -> float:
    """The last week of the others over their weeks before; 1 where there are too few to tell."""
    usual = float(by_week[:-1].mean())
    return float(by_week[-1]) / usual if usual >= clicks_a_week_min and by_week[-1] > 0 else 1.0


def _spread(weeks: Floats) -> float:
    """How much past weeks differ, relative to their mean; counts alone make at least some of it."""
    mean = float(weeks.mean())
    return max(float(weeks.std(ddof=1)) / mean, sqrt(1 / mean), _relative_spread_min)


def _likely(link: LinkSeen, paused: bool) -> Likely:
    if paused:
        return Likely.PARTNERSHIP_PAUSED
    if link is LinkSeen.GONE:
        return Likely.LINK_GONE
    return Likely.LINK_BROKEN if link is LinkSeen.BROKEN else Likely.REASON_UNKNOWN
