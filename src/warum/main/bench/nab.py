"""The Numenta anomaly benchmark: its files and its way of scoring, written anew from the published description
(Lavin and Ahmad 2015, "Evaluating real-time anomaly detection algorithms", section II, and the profiles of its data).

Each labelled window is won by its best alarm: nearly 1 at the window's left edge, down to 0 at its right edge. Every
alarm outside a window costs up to the false-positive weight, less shortly after a window. A window without an alarm
costs the false-negative weight. The first 15 % of a file (750 points at most) are for learning and are not scored. One
threshold holds for all files: the one with the best sum. The sum is put on a scale on which no alarm at all is 0 and an
alarm at each window's left edge, with no other, is 100."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

Ints = NDArray[np.int64]

probation_share: Final = 0.15
probation_points_max: Final = 750

_steepness: Final = 5.0
_far_past: Final = 3.0  # widths of a window behind it, from where an alarm counts in full as false


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a found window is worth, a false alarm and a missed window cost."""

    found: float
    false: float
    missed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One series. ``windows`` are first and last points, both inside; ``at_us`` is microseconds since 1970."""

    name: str
    at_us: Ints
    values: Floats
    windows: tuple[tuple[int, int], ...]

    @property
    def probation(self) -> int:
        return probation(len(self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Attributes:
    score: on the scale from no alarm (0) to perfect (100).
    found, windows: of the labelled windows.
    false: alarms outside of any window.
    """

    score: float
    found: int
    windows: int
    false: int


def probation(points: int) -> int:
    """How many points at the beginning are not scored."""
    return min(int(probation_share * points), probation_points_max)


def files(folder: Path) -> list[File] | Refusal:
    """All series that the folder holds and labels, by name."""
    labels = folder / "labels" / "combined_windows.json"
    if not labels.is_file():
        return Refusal(
            code="file_missing", message=f"{labels} is not there; --data or WARUM_SHARED_DATA names the folder."
        )
    try:
        windows: dict[str, list[list[str]]] = json.loads(labels.read_text("utf-8"))
        return [
            _file(folder / "data" / name, name, windows[name])
            for name in sorted(windows)
            if (folder / "data" / name).is_file()
        ]
    except (ValueError, KeyError, IndexError) as error:
        return Refusal(code="file_unreadable", message=f"{folder} does not hold what it should: {error}")


def profile(folder: Path, name: str = "standard") -> Profile | Refusal:
    """The weights of a profile, from ``profiles.json``."""
    path = folder / "profiles.json"
    if not path.is_file():
        return Refusal(
            code="file_missing", message=f"{path} is not there; --data or WARUM_SHARED_DATA names the folder."
        )
    try:
        costs: dict[str, float] = json.loads(path.read_text("utf-8"))[name]["CostMatrix"]
        return Profile(found=costs["tpWeight"], false=costs["fpWeight"], missed=costs["fnWeight"])
    except (ValueError, KeyError) as error:
        return Refusal(code="file_unreadable", message=f"{path} has no profile {name}: {error}")


def position_score(position: float) -> float:
    """What an alarm is worth at a position: -1 is a window's left edge, 0 its right one, 1 a width behind it."""
    if position > _far_past:
        return -1.0
    return float(2.0 / (1.0 + np.exp(_steepness * position)) - 1.0)


def worths(file: File, weights: Profile) -> tuple[Floats, Ints]:
    """What an alarm at each point adds, and the window it stands in (-1 outside of any)."""
    count = len(file.values)
    worth, inside = np.full(count, -weights.false), np.full(count, -1, dtype=np.int64)
    best = position_score(-1.0)
    for number, (first, last) in enumerate(file.windows):
        width = last - first + 1
        points = np.arange(first, last + 1)
        places = -(last - points + 1) / width
        worth[points] = [weights.found * position_score(float(place)) / best for place in places]
        inside[points] = number
        until = file.windows[number + 1][0] if number + 1 < len(file.windows) else count
        after = np.arange(last + 1, until)
        worth[after] = [weights.false * position_score((point - last) / max(width - 1, 1)) for point in after]
    return worth, inside


def outcome(corpus: Sequence[File], alarms: Mapping[str, NDArray[np.bool_]], weights: Profile) -> Outcome:
    """Of alarms as they were raised, by the name of the file."""
    total, found, windows, false = 0.0, 0, 0, 0
    for file in corpus:
        worth, inside = worths(file, weights)
        raised = alarms[file.name].copy()
        raised[: file.probation] = False
        outside = raised & (inside < 0)
        total += float(worth[outside].sum())
        false += int(outside.sum())
        for number in range(len(file.windows)):
            windows += 1
            hit = raised & (inside == number)
            found += bool(hit.any())
            total += float(worth[hit].max()) if hit.any() else -weights.missed
    return Outcome(score=_scaled(total, windows, weights), found=found, windows=windows, false=false)


def perfect(corpus: Sequence[File]) -> dict[str, NDArray[np.bool_]]:
    """One alarm at the left edge of each window, and no other."""
    made = {file.name: np.zeros(len(file.values), dtype=np.bool_) for file in corpus}
    for file in corpus:
        made[file.name][[first for first, _ in file.windows]] = True
    return made


def best_threshold(corpus: Sequence[File], scores: Mapping[str, Floats], weights: Profile) -> float:
    """The threshold with the best sum over all files; an alarm is a score at or above it. Infinite if none helps."""
    at: list[Floats] = [np.array([np.inf])]
    gains: list[Floats] = [np.array([0.0])]
    for file in corpus:
        worth, inside = worths(file, weights)
        score = scores[file.name]
        scored = np.arange(len(worth)) >= file.probation
        outside = scored & (inside < 0)
        at.append(score[outside])
        gains.append(worth[outside])
        for number in range(len(file.windows)):
            hit = np.flatnonzero(scored & (inside == number))
            order = hit[np.argsort(-score[hit], kind="stable")]
            # Lowering the threshold lets in one point after the other; the best of those let in counts.
            best = np.maximum.accumulate(worth[order])
            at.append(score[order])
            gains.append(np.diff(best, prepend=-weights.missed))
    every, gain = np.concatenate(at), np.concatenate(gains)
    order = np.argsort(-every, kind="stable")
    every, total = every[order], np.cumsum(gain[order])
    ends = np.append(every[1:] != every[:-1], True)
    return float(every[ends][np.argmax(total[ends])])


def _scaled(total: float, windows: int, weights: Profile) -> float:
    if not windows:
        return 100.0 + total
    null, perfect = -weights.missed * windows, weights.found * windows
    return 100.0 * (total - null) / (perfect - null)


def _file(path: Path, name: str, labelled: Sequence[Sequence[str]]) -> File:
    with path.open(encoding="utf-8", newline="") as opened:
        rows: list[dict[str, Any]] = list(csv.DictReader(opened))
    at = np.array([_us(row["timestamp"]) for row in rows], dtype=np.int64)
    values = np.array([float(row["value"]) for row in rows])
    if not len(values) or not np.isfinite(values).all():
        raise ValueError(f"{name} is empty or has values that are no numbers")
    windows = tuple(
        # Where clocks were put back a moment occurs twice; as in the benchmark, its first point counts.
        (int(np.flatnonzero(at == _us(first))[0]), int(np.flatnonzero(at == _us(last))[0]))
        for first, last in labelled
    )
    if any(last < first for first, last in windows) or any(one[1] >= two[0] for one, two in pairwise(windows)):
        raise ValueError(f"the windows of {name} do not lie in its series, one after the other")
    return File(name=name, at_us=at, values=values, windows=windows)


def _us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000
