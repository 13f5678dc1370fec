"""The benchmarks of choosing creatives, on small data of our own and on what is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warum.main.bench import choose, creatives
from warum.main.bench.creatives import captured, read, replay


def archive(folder: Path, tests: int = 24) -> Path:
    """Tests of four headlines, the last one being the best."""
    rng = np.random.default_rng(1)
    rows = [(test, arm) for test in range(tests) for arm in range(4)]
    table = pa.table(
        {
            "test_id": [f"t{test:03}" for test, _ in rows],
            "test_week": [201301 + test // 8 for test, _ in rows],
            "headline": [f"Zeile {arm}" for _, arm in rows],
            "eyecatcher_id": ["picture" for _ in rows],
            "impressions": [3_000 for _ in rows],
            "clicks": [int(rng.binomial(3_000, 0.02 + 0.01 * (arm == 3))) for _, arm in rows],
        }
    )
    path = folder / "upworthy/tests.parquet"
    path.parent.mkdir()
    pq.write_table(table, path)
    return path


def test_a_replay_captures_a_part_and_is_exact(tmp_path: Path) -> None:
    tests = read(archive(tmp_path))
    assert isinstance(tests, creatives.Tests)
    played = replay(tests, 3)
    assert 0.3 < captured(tests, played.shown) < 1
    assert played.propensity_min == pytest.approx(0.01)
    assert (played.shown.sum(axis=1) == 12_000).all()
    assert (replay(tests, 3).shown == played.shown).all()


def test_a_week_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    tests = read(archive(tmp_path))
    assert isinstance(tests, creatives.Tests)
    early = np.flatnonzero(tests.weeks < tests.weeks.max())
    assert (replay(tests.of(early), 3).shown == replay(tests, 3).shown[early]).all()


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive(tmp_path, tests=8)
    told = creatives.run(["--data", str(tmp_path), "--seeds", "1"])
    assert {"captured_uplift", "min_propensity", "anchors", "limits"} <= told.keys()
    assert json.loads(json.dumps(told)) == told
    assert capsys.readouterr().err.startswith("seed 0: ")


def test_missing_data_is_a_skip_that_says_so(tmp_path: Path) -> None:
    assert "tests.parquet is not there" in str(creatives.run(["--data", str(tmp_path)])["skipped"])


def of_clicks(table: pa.Table, clicks: list[float | None]) -> pa.Table:
    return table.set_column(table.column_names.index("clicks"), "clicks", pa.array(clicks))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda table: table.drop_columns(["clicks"]), "columns_missing"),
        (lambda table: table.slice(0, 1), "no_tests"),
        (lambda table: of_clicks(table, [0] * 96), "no_tests"),
        (lambda table: of_clicks(table, [30] * 96), "no_difference"),
        (lambda table: of_clicks(table, [-1] * 96), "counts_broken"),
        (lambda table: of_clicks(table, [None] * 96), "counts_broken"),
        (lambda table: of_clicks(table, [float("nan")] * 96), "counts_broken"),
        (lambda table: of_clicks(table, [3_001] * 96), "counts_broken"),
    ],
)
def test_what_is_wrong_with_the_file_is_named(
    tmp_path: Path, change: Callable[[pa.Table], pa.Table], code: str
) -> None:
    path = archive(tmp_path)
    pq.write_table(change(pq.read_table(path)), path)
    told = creatives.run(["--data", str(tmp_path)])
    assert (told["refused"], told["passed"]) == (code, False)


def test_choices_are_drawn_as_allocated() -> None:
    told = choose.run(["--choices", "20000", "--links", "600"])
    assert float(str(told["sample_ratio_probability"])) > 0.001
    assert {"p50_us", "p99_us"} <= told.keys()
    assert choose.run(["--choices", "0"])["refused"] == "nothing_to_choose"
