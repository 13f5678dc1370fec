"""A bot's record as a bar: how many promises held, came out better or worse, or are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warum.app.decisions.scorecard.shapes import ScorecardOut
from warum.web.console.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the bar of promises. ``left`` and ``width`` in percent."""

    key: str
    count: str
    left: float
    width: float


def parts(look: Look, score: ScorecardOut) -> tuple[Part, ...]:
    return _parts(look, (("kept", score.kept), ("above", score.above), ("below", score.below), ("open", score.open)))


def _parts(look: Look, counts: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    total = sum(count for _, count in counts)
    found: list[Part] = []
    left = 0.0
    for key, count in counts:
        width = 0.0 if not total else round(count / total * 100, 2)
        found.append(Part(key=key, count=look.formats.number(count), left=round(left, 2), width=width))
        left += width
    return tuple(found)
