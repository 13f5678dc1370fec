"""The headline tests of the Upworthy Research Archive, as the benchmarks read them: arms, impressions, clicks, week.

Nothing else of the file is read. A file that is not there is no failure of what is measured; a file that does not hold
what it should is refused in words."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow
import pyarrow.parquet

from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

# pyarrow comes without types.
pa: Any = pyarrow
pq: Any = pyarrow.parquet

_columns: Final = ("test_id", "impressions", "clicks", "test_week")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineTest:
    """One test: by arm, in the order of the file. ``sunday`` begins the week it belongs to."""

    name: str
    sunday: date
    impressions: Floats
    clicks: Floats


def options(prog: str) -> argparse.ArgumentParser:
    """``--data``, which every benchmark on these tests has."""
    parser = argparse.ArgumentParser(prog=f"warum bench {prog}")
    beside = Path(__file__).parents[4] / "../shared/data"
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("WARUM_SHARED_DATA") or beside), help="holds upworthy/"
    )
    return parser


def headline_tests(data: Path) -> list[HeadlineTest] | Refusal:
    """All tests with at least one arm, by week and then in the order of the file."""
    path = data / "upworthy" / "tests.parquet"
    if not path.is_file():
        return Refusal(
            code="file_missing", message=f"{path} is not there; --data or WARUM_SHARED_DATA names the folder."
        )
    try:
        # Read from the open file: a path would be taken as a data set, and its folder's name as a column.
        with path.open("rb") as file:
            table = pq.ParquetFile(file).read()
    except (ValueError, OSError) as error:
        return Refusal(code="file_unreadable", message=f"{path} is no parquet file: {error}")
    lacking = [name for name in _columns if name not in table.column_names]
    if lacking:
        return Refusal(code="columns_missing", message=f"{path} lacks {', '.join(lacking)}.")
    gaps = [name for name in _columns if table[name].null_count]
    if gaps:
        return Refusal(code="values_missing", message=f"{path} has rows without {', '.join(gaps)}.")
    whole = [name for name in _columns[1:] if not pa.types.is_integer(table.schema.field(name).type)]
    if whole:
        return Refusal(code="values_broken", message=f"{path} has values of {', '.join(whole)} that are not whole.")
    by_name: dict[str, list[tuple[int, float, float]]] = {}
    rows: list[dict[str, Any]] = table.select(_columns).to_pylist()
    for row in rows:
        arm = (int(row["test_week"]), float(row["impressions"]), float(row["clicks"]))
        by_name.setdefault(str(row["test_id"]), []).append(arm)
    tests: list[HeadlineTest] = []
    for name, arms in by_name.items():
        if any(not 0 <= clicks <= impressions for _, impressions, clicks in arms):
            message = f"Test {name}: clicks have to lie between 0 and the impressions."
            return Refusal(code="values_broken", message=message)
        sunday = _sunday(arms[0][0])
        if sunday is None:
            return Refusal(code="week_broken", message=f"Test {name}: {arms[0][0]} is no year and week.")
        tests.append(
            HeadlineTest(
                name=name,
                sunday=sunday,
                impressions=np.array([impressions for _, impressions, _ in arms]),
                clicks=np.array([clicks for _, _, clicks in arms]),
            )
        )
    return sorted(tests, key=lambda test: test.sunday)


def weeks_of(tests: Sequence[HeadlineTest]) -> list[date]:
    """Every Sunday from the first to the last week, those without a test as well."""
    count = (tests[-1].sunday - tests[0].sunday).days // 7 + 1 if tests else 0
    return [tests[0].sunday + timedelta(weeks=week) for week in range(count)]


def not_measured(refused: Refusal) -> dict[str, object]:
    """The result instead of figures: a skip where there is no file, a failure where it cannot be used."""
    if refused.code == "file_missing":
        return {"skipped": refused.message}
    return {"refused": {"code": refused.code, "message": refused.message}, "passed": False}


def _sunday(week: int) -> date | None:
    """The first day of a week of ``test_week``, which is year and week as strftime has them in %Y%U, not ISO: week 00
    occurs, and the time of creation in a test's id (its first four bytes) falls into the week so read."""
    year, number = divmod(week, 100)
    if not (1 <= year <= 9999 and 0 <= number <= 53):
        return None
    first = date(year, 1, 1)
    return first + timedelta(days=6 - first.weekday(), weeks=number - 1)
