"""Small pictures of numbers, as coordinates for SVG. Sizes are in units of the viewBox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from json import dumps
from typing import Final

width: Final = 96
height: Final = 24
_margin: Final = 2


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Path data for the line and for the area below it, and where the line ends."""

    line: str
    area: str
    end_x: float
    end_y: float
    width: int = width
    height: int = height


def sparkline(values: Sequence[float]) -> Sparkline | None:
    """A line over equal steps, from zero to the largest value; None for fewer than two values."""
    if len(values) < 2:
        return None
    top, bottom = max(*values, 0), min(*values, 0)
    span = (top - bottom) or 1
    step = (width - 2 * _margin) / (len(values) - 1)
    points = [
        (
            round(_margin + index * step, 1),
            round(height - _margin - (value - bottom) / span * (height - 2 * _margin), 1),
        )
        for index, value in enumerate(values)
    ]
    line = "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
    area = f"{line}V{height - _margin}H{_margin}Z"
    return Sparkline(line, area, *points[-1])


def share_percent(value: float, largest: float) -> float:
    """The length of a bar in a table's cell, 0 to 100."""
    return 0 if largest <= 0 else round(max(0.0, min(1.0, value / largest)) * 100, 2)


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart. ``shown`` are the values as this reader reads them; None leaves a gap.

    Attributes:
        legend: stands in the legend.
    """

    label: str
    values: Sequence[float | None]
    shown: Sequence[str]
    tone: int | str = 1
    dash: bool = False
    fill: bool = False
    legend: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What ``chart.js`` draws.

    Attributes:
        x: seconds since 1970 UTC, rising.
        language: as browsers write it.
        kind: ``day`` or ``time``, for the head of the tip.
    """

    x: Sequence[int]
    series: Sequence[Series]
    language: str
    zone: str
    kind: str = "day"

    @property
    def json(self) -> str:
        return dumps(asdict(self))
