"""Pictures of promises against outcomes, as coordinates for SVG in percent of its width and height: text and dots keep
their size on every screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

_LEFT, _RIGHT, _TOP, _BOTTOM = 13.0, 97.0, 4.0, 88.0
_ticks: Final = 5
_bars_max: Final = 60
"""With more points their intervals would cover each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the grid and what it stands for."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point with the interval of its height; ``low`` None draws none. ``tone``: "", good, bad or wait."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    radius: float = 4.5
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Points on two axes with the same unit, and the line on which both are equal.

    Attributes:
        same: (x1, y1, x2, y2) of that line; None where it does not cross the picture.
        zero: the height at which nothing is gained; None outside of the axis.
        barred: whether the points have their intervals.
    """

    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    same: tuple[float, float, float, float] | None
    zero: float | None
    barred: bool
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


@dataclass(frozen=True, slots=True)
class Point:
    """What a dot stands for, in the numbers of the axes."""

    x: float
    y: float
    low: float
    high: float
    weight: float = 1.0
    tone: str = ""


def square(
    points: Sequence[Point], write: Callable[[float], str], *, bounds: tuple[float, float] | None = None
) -> Square | None:
    """None without points.

    Args:
        write: a number of an axis, for its reader.
        bounds: of both axes; otherwise each holds all points and zero.
    """
    if not points:
        return None
    barred = len(points) <= _bars_max
    if bounds is None:
        wide = _marks([point.x for point in points])
        high = _marks(
            [value for point in points for value in ((point.low, point.y, point.high) if barred else (point.y,))]
        )
    else:
        step = (bounds[1] - bounds[0]) / 4
        wide = high = [bounds[0] + step * place for place in range(5)]

    def across(value: float) -> float:
        return _at(value, wide, _LEFT, _RIGHT)

    def up(value: float) -> float:
        return _at(value, high, _BOTTOM, _TOP)

    begin, end = max(wide[0], high[0]), min(wide[-1], high[-1])
    heaviest = max(point.weight for point in points)
    return Square(
        dots=tuple(
            Dot(
                x=across(point.x),
                y=up(point.y),
                low=up(point.low) if barred else None,
                high=up(point.high) if barred else None,
                radius=round(2.5 + 3 * (point.weight / heaviest) ** 0.5, 1) if barred else 3,
                tone=point.tone,
            )
            for point in points
        ),
        across=tuple(Tick(at=across(mark), label=write(mark)) for mark in wide),
        up=tuple(Tick(at=up(mark), label=write(mark)) for mark in high),
        same=(across(begin), up(begin), across(end), up(end)) if begin < end else None,
        zero=up(0.0) if high[0] < 0 < high[-1] else None,
        barred=barred,
    )


def _at(value: float, marks: Sequence[float], first: float, last: float) -> float:
    """In percent of the picture; what lies outside of the axis is drawn at its end."""
    share = (min(max(value, marks[0]), marks[-1]) - marks[0]) / (marks[-1] - marks[0])
    return round(first + share * (last - first), 2)


def _marks(values: Sequence[float]) -> list[float]:
    """Round numbers at equal steps, around all values and zero."""
    bottom, top = min(0.0, *values), max(0.0, *values)
    rough = max(top - bottom, 1.0) / _ticks
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    first, last = floor(bottom / step), max(ceil(top / step), 1)
    return [place * step for place in range(first, last + 1)]
