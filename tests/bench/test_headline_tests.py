"""The benchmarks on headline tests: on made-up tests whose truth is known, on files that cannot be used, and on the
real ones where they are."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warum.kernel.refusal import Refusal
from warum.main.bench import BENCHES, main, peeking, sample_ratio
from warum.main.bench.headline_tests import HeadlineTest, headline_tests, weeks_of

SHARED = Path(os.environ.get("WARUM_SHARED_DATA") or Path(__file__).parents[2] / "../shared/data")
NAMES = ("sample-ratio", "peeking")


def some_tests(
    first: date, last: date, *, broken: tuple[date, date] | None = None, each: int = 30
) -> list[HeadlineTest]:
    rng = np.random.default_rng(50)
    made: list[HeadlineTest] = []
    sunday = first
    while sunday <= last:
        for number in range(each):
            astray = broken is not None and broken[0] <= sunday <= broken[1] and number % 2 == 0
            shares = [0.4, 0.3, 0.3] if astray else [1 / 3] * 3
            seen = rng.multinomial(9_000, shares).astype(float)
            made.append(
                HeadlineTest(
                    name=f"{sunday}-{number}",
                    sunday=sunday,
                    impressions=seen,
                    clicks=rng.binomial(seen.astype(int), [0.01, 0.01, 0.03]).astype(float),
                )
            )
        sunday += timedelta(weeks=1)
    return made


def stored(folder: Path, **columns: Sequence[Any]) -> Path:
    (folder / "upworthy").mkdir(parents=True)
    pq.write_table(pa.table(columns), folder / "upworthy" / "tests.parquet")
    return folder


GOOD: dict[str, Sequence[Any]] = {
    "test_id": ["a", "a", "b", "b"],
    "impressions": [1_000, 1_010, 900, 950],
    "clicks": [20, 30, 11, 9],
    "test_week": [201400, 201400, 201352, 201352],
}


def test_a_broken_time_is_found_when_it_comes() -> None:
    first, last = date(2013, 6, 23), date(2014, 1, 5)
    told = sample_ratio.figures(some_tests(date(2013, 4, 7), date(2014, 3, 2), broken=(first, last)))
    assert told["days_to_alarm"] == 5 and told["false_periods"] == 0 and told["passed"] is True
    assert told["located"] == ["2013-06-23 to 2014-01-11"]


def test_a_broken_time_elsewhere_is_a_false_one_and_none_at_all_no_alarm() -> None:
    first, last = date(2013, 4, 7), date(2013, 9, 1)
    told = sample_ratio.figures(some_tests(first, last, broken=(date(2013, 4, 21), date(2013, 5, 12))))
    assert told["days_to_alarm"] is None and told["false_periods"] == 1 and told["passed"] is False
    quiet = sample_ratio.figures(some_tests(first, last))
    assert quiet["days_to_alarm"] is None and quiet["false_periods"] == 0 and quiet["alarms"] == []


def test_peeking_tells_the_sequence_from_the_daily_test() -> None:
    told: Any = peeking.figures(some_tests(date(2013, 4, 7), date(2013, 4, 14)), seed=1)
    assert told["false_alarm_rate"] <= 0.1 < told["anchors"]["daily_z_false_alarm_rate"]
    assert told["many_arms"]["power"] > 0.9  # the third headline is thrice as good
    assert told["power"] < 0.2  # the first two are alike


def test_the_same_seed_gives_the_same_figures() -> None:
    tests = some_tests(date(2013, 4, 7), date(2013, 4, 7), each=5)
    assert peeking.figures(tests, seed=2) == peeking.figures(tests, seed=2)


def test_weeks_begin_on_sunday_and_the_turn_of_the_year_is_one(tmp_path: Path) -> None:
    tests = headline_tests(stored(tmp_path, **GOOD))
    assert not isinstance(tests, Refusal)
    assert [(test.name, test.sunday) for test in tests] == [("a", date(2013, 12, 29)), ("b", date(2013, 12, 29))]
    assert weeks_of(tests) == [date(2013, 12, 29)]
    assert weeks_of([]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_a_skip_that_says_so(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--data", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bench"] == name and "tests.parquet is not there" in told["skipped"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clicks": None}, "columns_missing"),
        ({"clicks": [1, None, 1, 1]}, "values_missing"),
        ({"clicks": [1.5, 1.0, 1.0, 1.0]}, "values_broken"),
        ({"clicks": [1, -1, 1, 1]}, "values_broken"),
        ({"clicks": [1, 1_011, 1, 1]}, "values_broken"),
        ({"test_week": [201399, 201399, 201352, 201352]}, "week_broken"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    name: str, change: dict[str, Any], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {key: values for key, values in {**GOOD, **change}.items() if values is not None}
    assert main([name, "--data", str(stored(tmp_path, **columns)), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["refused"]["code"] == code and told["passed"] is False


@pytest.mark.parametrize("name", NAMES)
def test_no_parquet_and_no_test(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "upworthy").mkdir()
    (tmp_path / "upworthy" / "tests.parquet").write_text("no parquet")
    assert main([name, "--data", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == "file_unreadable"
    alone = {key: values[:1] for key, values in GOOD.items()}
    assert main([name, "--data", str(stored(tmp_path / "alone", **alone)), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == "nothing_there"


@pytest.mark.skipif(
    not (SHARED / "upworthy/tests.parquet").exists(),
    reason=f"{SHARED}/upworthy/tests.parquet is not there; WARUM_SHARED_DATA names the folder with the data sets",
)
def test_the_real_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(NAMES) <= set(BENCHES)
    assert main(["sample-ratio", "--data", str(SHARED), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["days_to_alarm"] <= 7 and told["false_periods"] <= 1
    assert main(["peeking", "--data", str(SHARED), "--tests", "200", "--json"]) in (0, 1)
    told = json.loads(capsys.readouterr().out)
    # Three Monte Carlo errors of 200 tests; the benchmark itself has all of them.
    assert told["false_alarm_rate"] <= 0.05 + 3 * (0.05 * 0.95 / 200) ** 0.5
    assert told["power"] <= told["power_fixed_horizon"] + 0.05
