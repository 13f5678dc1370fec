"""The benchmark, on worlds that it does not report on and on a small slice of the real logs."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from warum.main.bench import BENCHES, off_policy
from warum.main.bench.off_policy import run

SHARED = Path(os.environ.get("WARUM_SHARED_DATA") or Path(__file__).parents[2] / "../shared/data")
HEAD = "item_id,position,click,propensity_score\n"


def small(folder: Path, *more: str) -> dict[str, object]:
    asked = ["--data", str(folder), "--samples", "3", "--worlds", "6", "--low-ess", "2", "--first-seed", "90000", *more]
    return run(asked)


def test_it_is_in_the_table():
    assert BENCHES["off-policy"].module == off_policy.__name__


def test_a_missing_file_is_a_skip_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    told = small(tmp_path)
    assert "does not hold logs of both policies" in str(told["skipped"])
    assert told["mean_relative_error"] is None
    assert told["refused_low_ess"] == 1.0
    assert "skipped: " in capsys.readouterr().err
    assert json.loads(json.dumps(told)) == told


def logs(folder: Path, uniform: str, learnt: str) -> Path:
    for policy, text in (("random", uniform), ("bts", learnt)):
        file = folder / "open_bandit" / policy / "men" / "men.csv.gz"
        file.parent.mkdir(parents=True)
        file.write_bytes(gzip.compress(text.encode()))
    return folder


def rows(count: int, propensity: str) -> str:
    return "".join(f"{n % 4},{n % 3 + 1},{int(n % 7 == 0)},{propensity}\n" for n in range(count))


@pytest.mark.parametrize(
    ("uniform", "says"),
    [
        ("item_id,click\n1,0\n", "lacks position, propensity_score"),
        (HEAD, "has no click"),
        (HEAD + "1,1,0,much\n", "cannot be read"),
        (HEAD + ",1,1,0.5\n", "an item or a position is missing"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_skip_too(tmp_path: Path, uniform: str, says: str):
    told = small(logs(tmp_path, uniform, HEAD + rows(400, "0.25")))
    assert says in str(told["skipped"])
    assert told["open_bandit"] == []


def test_a_log_that_is_refused_says_why(tmp_path: Path):
    told = small(logs(tmp_path, HEAD + rows(400, "0.25"), HEAD + rows(400, "0")))
    directions = told["open_bandit"]
    assert isinstance(directions, list)
    assert directions[0]["refused"] == 0
    assert directions[1]["refused"] == 3
    assert directions[1]["whole_log"]["refused"] == "propensity_out_of_range"
    assert told["mean_relative_error"] == told["mean_relative_error_random_to_bts"]


def test_the_real_logs():
    if not (SHARED / "open_bandit").exists():
        pytest.skip(f"{SHARED}/open_bandit is not there; set WARUM_SHARED_DATA to the folder with the shared data")
    told = small(SHARED)
    assert "skipped" not in told
    error = told["mean_relative_error"]
    assert isinstance(error, float)
    assert 0 < error < 1
