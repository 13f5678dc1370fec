"""What would have been ordinary in the last so many hours, by link, and how far it varies by itself.

Clicks are compared with the same hours of the same weekdays of up to four weeks before, so that night, weekend and
lunch cancel out. Bookings are what the clicks since then would have brought at the link's own rate before, drawn
towards its program's where it has few; cancellations likewise. How far a node's true mean wanders from day to day is
read from its own four weeks, never taken as less than ten per cent; what the past leaves uncertain is added to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warum.domain.anomaly.counts import steady
from warum.domain.shrinkage import Floats
from warum.domain.watch.records import Traffic

HOURS: Final = (6, 12, 24, 48, 72, 168)
"""How far back is looked from the last hour."""
week_hours: Final = 168
weeks_max: Final = 4
weeks_min: Final = 2
past_hours_min: Final = week_hours + weeks_min * week_hours
wander_min: Final = 0.01
"""Squared relative deviation of the true mean: ten per cent."""
_events_usual: Final = 5.0


@dataclass(frozen=True, slots=True)
class Window:
    """The last ``hours`` by link: what was seen, of how many, what was expected, and from how many in the past."""

    hours: int
    seen: Floats
    out_of: Floats
    expected: Floats
    past: Floats


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is watched.

    Attributes:
        windows: by length.
        hourly_seen, hourly_expected: links x hours of the last week, to place the beginning.
        daily_seen, daily_expected: links x days before that, to see how far it wanders.
    """

    windows: tuple[Window, ...]
    hourly_seen: Floats
    hourly_expected: Floats
    daily_seen: Floats
    daily_expected: Floats

    def size(self, rows: NDArray[np.intp], past: float) -> float:
        """The negative binomial's (or beta binomial's) size for a node of these links."""
        seen, due = self.daily_seen[rows].sum(axis=0), self.daily_expected[rows].sum(axis=0)
        squares = float((due**2).sum())
        wander = float(((seen - due) ** 2 - due).sum()) / squares if squares > 0 else 0.0
        uncertain = max(wander, wander_min) + 1.0 / max(past, 0.5)
        return min(1.0 / uncertain, steady)


def clicks(traffic: Traffic) -> Measure:
    """Clicks beside the same hours of the weeks before."""
    counts = traffic.clicks
    weeks = _weeks(counts.shape[1])
    shifted = [counts[:, -week_hours * (week + 1) : -week_hours * week] for week in range(1, weeks + 1)]
    hourly = np.mean(shifted, axis=0)
    recent = counts[:, -week_hours:]
    windows = tuple(
        Window(
            hours,
            recent[:, -hours:].sum(axis=1),
            np.zeros(len(counts)),
            hourly[:, -hours:].sum(axis=1),
            hourly[:, -hours:].sum(axis=1) * weeks,
        )
        for hours in HOURS
    )
    past = np.concatenate(shifted[::-1], axis=1)
    daily = _daily(past)
    # A day is one of the few that its own mean is made of, so it lies nearer to it than a new one would.
    usual = daily.reshape(len(daily), weeks, 7).mean(axis=1)
    apart = (daily - np.tile(usual, weeks)) * np.sqrt(weeks / (weeks - 1))
    return Measure(windows, recent, hourly, np.tile(usual, weeks) + apart, np.tile(usual, weeks))


def bookings(traffic: Traffic) -> Measure:
    """Conversions beside what the clicks would have brought."""
    return _of_rate(traffic, traffic.conversions, traffic.clicks)


def declines(traffic: Traffic) -> Measure:
    """Declined conversions beside the usual share of those that were decided."""
    return _of_rate(traffic, traffic.declined, traffic.decided)


def _of_rate(traffic: Traffic, over: Floats, under: Floats) -> Measure:
    weeks = _weeks(over.shape[1])
    span = slice(-week_hours * (weeks + 1), -week_hours)
    past_over, past_under = over[:, span].sum(axis=1), under[:, span].sum(axis=1)
    rates = _rates(traffic, past_over, past_under)
    recent_over, recent_under = over[:, -week_hours:], under[:, -week_hours:]
    hourly = recent_under * rates[:, None]
    windows = tuple(
        Window(
            hours,
            recent_over[:, -hours:].sum(axis=1),
            recent_under[:, -hours:].sum(axis=1),
            hourly[:, -hours:].sum(axis=1),
            past_over,
        )
        for hours in HOURS
    )
    return Measure(windows, recent_over, hourly, _daily(over[:, span]), _daily(under[:, span]) * rates[:, None])


def _rates(traffic: Traffic, over: Floats, under: Floats) -> Floats:
    _, programs = np.unique([link.program for link in traffic.links], return_inverse=True)
    of_program = np.bincount(programs, weights=over)[programs]
    whole = np.bincount(programs, weights=under)[programs]
    usual = np.divide(of_program, whole, out=np.zeros_like(over), where=whole > 0)
    weight = np.divide(_events_usual, usual, out=np.zeros_like(usual), where=usual > 0)
    return np.divide(over + weight * usual, under + weight, out=np.zeros_like(over), where=under + weight > 0)


def _daily(hourly: Floats) -> Floats:
    return hourly.reshape(len(hourly), -1, 24).sum(axis=2)


def _weeks(hours: int) -> int:
    return min(hours // week_hours - 1, weeks_max)
