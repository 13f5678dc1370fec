"""A stream of measurements, and how unusual its newest one is.

Several plain looks at the stream (against the last few values, against a slow level, against what is usual at this time
of day and of the week, each for one point and over runs of points; and how widely the values spread) give each a
number. How rare each number is, high or low, is told by its own past (``tails``), so that no look needs a threshold:
one that is useless for a stream is never surprised. The score is the sum of the five greatest surprises. It comes near
to Fisher's sum of logarithms, but asks only for several looks to agree, not for all.

An incident is told once: a score passes only if it is well above the last one that passed, which fades. Everything at a
time comes from values up to that time; the score of a point never changes when more come."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import exp, isfinite, log, sqrt
from typing import Final

import numpy as np

from warum.domain.anomaly.profiles import Profile
from warum.domain.anomaly.tails import Tail
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

warm_points: Final = 100
"""Fewer numbers say little about what is rare: nothing scores before."""
looks_counted: Final = 5
fade_points: Final = 80
louder: Final = 1.3
"""A later score is told if it is so many times the faded last one."""
alarm_score: Final = 12.3
"""Where to raise an alarm: five looks that are each rarer than once in three hundred. Chosen on NAB."""

_fast, _slow, _slowest = 0.2, 0.02, 0.002
_level_runs: Final = (1, 6, 24)
_season_runs: Final = (1, 6, 24, 48)
_spread_runs: Final = (12, 48)
_spread_from: Final = 50
_day_visits, _week_visits = 7, 4
_day_minutes: Final = 1_440
_week_minutes: Final = 7 * _day_minutes


@dataclass(frozen=True, slots=True)
class Reading:
    """Attributes:
    score: 0 unless something new is unusual.
    surprise: the same before what was told already is held back.
    leading: the looks that were surprised most, the first one most, for instance ``day24 low``.
    """

    score: float
    surprise: float
    leading: tuple[str, ...]


class Stream:
    """One stream's past, as far as it matters. Times are microseconds on the stream's local clock."""

    def __init__(self) -> None:
        self._levels = {name: _Level(rate) for name, rate in (("fast", _fast), ("slow", _slow), ("slowest", _slowest))}
        self._profiles = {
            "day": Profile(_day_minutes, _day_visits),
            "week": Profile(_week_minutes, _week_visits),
        }
        self._runs = {
            **{f"{name}{length}": _Run(length) for name in ("slow", "slowest") for length in _level_runs},
            **{f"{name}{length}": _Run(length) for name in self._profiles for length in _season_runs},
        }
        self._tails: dict[str, Tail] = {}
        self._last: deque[float] = deque(maxlen=_spread_runs[-1])
        self._seen = 0
        self._first = _Spread()
        self._told = 0.0

    def see(self, at_us: int, value: float) -> Reading:
        """Judge the next value, and remember it."""
        surprises: list[tuple[float, str]] = []
        for name, number in self._looks(at_us, value):
            tail = self._tails.get(name)
            if tail is None:
                tail = self._tails[name] = Tail(warm_points)
            above, below = tail.see(number)
            surprises.append((above, f"{name} high"))
            surprises.append((below, f"{name} low"))
        most = nlargest(looks_counted, surprises)
        surprise = sum(each for each, _ in most)
        self._told *= _fading
        score = 0.0
        if surprise > self._told * louder:
            score = self._told = surprise
        return Reading(score, surprise, tuple(name for each, name in most if each > 0))

    def _looks(self, at_us: int, value: float) -> list[tuple[str, float]]:
        found = [("value", value), ("fast", value - self._levels["fast"].see(value))]
        for name in ("slow", "slowest"):
            apart = value - self._levels[name].see(value)
            found.extend((f"{name}{length}", self._runs[f"{name}{length}"].see(apart)) for length in _level_runs)
        for name, profile in self._profiles.items():
            usual = profile.see(at_us, value)
            # A slot without a past says nothing, but the run goes on.
            means = [
                self._runs[f"{name}{length}"].see(value - usual if usual is not None else 0.0)
                for length in _season_runs
            ]
            if usual is not None:
                found.extend((f"{name}{length}", mean) for length, mean in zip(_season_runs, means, strict=True))
        self._seen += 1
        self._last.append(value)
        if self._seen <= _spread_from:
            self._first.see(value)
        else:
            # Without a floor the first wiggle of a flat line would be infinitely wide.
            floor = 1e-6 * self._first.deviation + 1e-9
            found.extend((f"spread{length}", log(_spread(self._last, length) + floor)) for length in _spread_runs)
        return found


def scores(at_us: Sequence[int], values: Sequence[float] | Floats) -> Floats | Refusal:
    """The score of each point, as a stream would have had it. Refuses no points, unequal lengths and missing values."""
    if not len(values):
        return Refusal(code="nothing_there", message="The series is empty: there is nothing to judge.", field="values")
    if len(at_us) != len(values):
        return Refusal(code="shape_wrong", message="The series needs one time for each value.", field="at_us")
    numbers = [float(value) for value in values]
    if not all(isfinite(number) for number in numbers):
        return Refusal(
            code="not_a_number",
            message="The series has missing or infinite values. Leave those points out.",
            field="values",
        )
    stream = Stream()
    return np.array([stream.see(int(at), number).score for at, number in zip(at_us, numbers, strict=True)])


_fading: Final = exp(-1.0 / fade_points)


class _Level:
    """An exponentially weighted mean, a plain one at first; what it was before the value."""

    def __init__(self, rate: float) -> None:
        self._rate, self._mean, self._count = rate, 0.0, 0

    def see(self, value: float) -> float:
        before = self._mean if self._count else value
        self._count += 1
        self._mean = before + max(self._rate, 1.0 / (self._count + 1)) * (value - before)
        return before


class _Run:
    """The mean of the last few values."""

    def __init__(self, length: int) -> None:
        self._last: deque[float] = deque(maxlen=length)
        self._sum = 0.0

    def see(self, value: float) -> float:
        if len(self._last) == self._last.maxlen:
            self._sum -= self._last[0]
        self._last.append(value)
        self._sum += value
        return self._sum / len(self._last)


class _Spread:
    """The standard deviation of the first values (Welford 1962)."""

    def __init__(self) -> None:
        self._count, self._mean, self._squares = 0, 0.0, 0.0

    def see(self, value: float) -> None:
        self._count += 1
        apart = value - self._mean
        self._mean += apart / self._count
        self._squares += apart * (value - self._mean)

    @property
    def deviation(self) -> float:
        return sqrt(self._squares / self._count) if self._count else 0.0


def _spread(last: deque[float], length: int) -> float:
    recent = list(last)[-length:]
    mean = sum(recent) / len(recent)
    return sqrt(sum((value - mean) ** 2 for value in recent) / len(recent))
