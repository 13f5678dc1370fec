"""NAB's scoring: null and perfect detectors, positions and thresholds by hand."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest

from warum.kernel.refusal import Refusal
from warum.main.bench import nab

STANDARD = nab.Profile(found=1.0, false=0.11, missed=1.0)


def made(name: str = "one", windows: tuple[tuple[int, int], ...] = ((40, 49),), points: int = 100) -> nab.File:
    return nab.File(name=name, at_us=np.arange(points), values=np.zeros(points), windows=windows)


def alarms(file: nab.File, *points: int) -> dict[str, np.ndarray]:
    raised = np.zeros(len(file.values), dtype=np.bool_)
    raised[list(points)] = True
    return {file.name: raised}


def test_no_alarm_is_null_and_the_left_edges_are_perfect() -> None:
    files = [made(), made("two", ((20, 29), (60, 69)))]
    silent = {file.name: np.zeros(100, dtype=np.bool_) for file in files}
    assert nab.outcome(files, silent, STANDARD).score == 0.0
    assert nab.outcome(files, nab.perfect(files), STANDARD).score == pytest.approx(100.0)


def test_positions_by_hand() -> None:
    assert nab.position_score(-1.0) == pytest.approx(2 / (1 + exp(-5)) - 1)
    assert nab.position_score(0.0) == 0.0
    assert nab.position_score(3.1) == -1.0
    file = made()
    # The last point of a window of ten: position -1/10.
    best, last = 2 / (1 + exp(-5)) - 1, 2 / (1 + exp(-0.5)) - 1
    assert nab.outcome([file], alarms(file, 49), STANDARD).score == pytest.approx(100 * (last / best + 1) / 2)
    # One before any window: a false alarm in full; one three points behind it: 3/9 of a width less one.
    early = nab.outcome([file], alarms(file, 30, 40), STANDARD).score
    assert early == pytest.approx(100 * (1 - 0.11 + 1) / 2)
    late = nab.outcome([file], alarms(file, 40, 52), STANDARD).score
    assert late == pytest.approx(100 * (1 + 0.11 * (2 / (1 + exp(5 / 3)) - 1) + 1) / 2)


def test_the_beginning_is_not_scored_and_a_window_counts_once() -> None:
    file = made()
    assert file.probation == 15 and nab.probation(10_000) == 750
    told = nab.outcome([file], alarms(file, 3, 14, 40, 41, 45), STANDARD)
    assert told.score == pytest.approx(100.0) and told.false == 0 and told.found == 1


def test_the_threshold_is_the_best_of_all() -> None:
    rng = np.random.default_rng(5)
    files = [made("one"), made("two", ((20, 29), (60, 69)))]
    for _ in range(20):
        scores = {file.name: rng.integers(0, 8, 100).astype(float) for file in files}
        chosen = nab.best_threshold(files, scores, STANDARD)

        def at(threshold: float, scores: dict[str, np.ndarray] = scores) -> float:
            return nab.outcome(files, {name: each >= threshold for name, each in scores.items()}, STANDARD).score

        assert at(chosen) == pytest.approx(max(at(each) for each in (*range(9), np.inf)))


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    for told in (nab.files(tmp_path), nab.profile(tmp_path)):
        assert isinstance(told, Refusal) and told.code == "file_missing"
