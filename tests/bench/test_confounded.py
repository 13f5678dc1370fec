"""Confounded subsamples on small sets of our own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from warum.domain.causal import Among
from warum.kernel.refusal import Refusal
from warum.main.bench import anchors, confounded
from warum.main.bench.randomised_sets import Both, Lots, Rates, leaning, read

COLUMNS = [
    *("recency", "history_segment", "history", "mens", "womens", "zip_code"),
    *("newbie", "channel", "segment", "visit", "conversion", "spend"),
]


def hillstrom(folder: Path, rows: int = 9_000) -> Path:
    """A file as Hillstrom's: an e-mail brings .06 more visits, and recent customers visit more."""
    rng = np.random.default_rng(5)
    path = folder / "hillstrom/set.csv"
    path.parent.mkdir()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for _ in range(rows):
            recency, history = int(rng.integers(1, 13)), float(np.round(rng.lognormal(5, 0.8), 2))
            segment = ("Mens E-Mail", "Womens E-Mail", "No E-Mail")[rng.integers(3)]
            chance = 0.3 - 0.02 * recency + 0.06 * (segment == "Mens E-Mail")
            where, how = ("Urban", "Surburban", "Rural")[rng.integers(3)], ("Web", "Phone")[rng.integers(2)]
            mens, newbie, visit = int(rng.integers(2)), int(rng.integers(2)), int(rng.random() < chance)
            womens = int(rng.random() < 0.5)
            writer.writerow([recency, "", history, mens, womens, where, newbie, how, segment, visit, 0, 0])
    return path


def test_a_subsample_is_confounded_and_keeps_its_units(tmp_path: Path) -> None:
    hillstrom(tmp_path)
    whole = read(tmp_path, "hillstrom")
    assert isinstance(whole, Lots)
    truth, error = whole.truth(Among.EVERYONE), whole.truth_error(Among.EVERYONE)
    assert truth == pytest.approx(0.06, abs=4 * error)
    assert truth == pytest.approx(whole.outcome[whole.treated == 1].mean() - whole.outcome[whole.treated == 0].mean())
    # The effect is the same for all, so that both truths are: they differ by chance.
    assert whole.truth(Among.OVERLAP) == pytest.approx(truth, abs=error)
    assert whole.truth_error(Among.OVERLAP) == pytest.approx(error, rel=0.2)
    drawn = [whole.draw(np.random.default_rng(seed)) for seed in range(30)]
    bias = [each.outcome[each.treated == 1].mean() - each.outcome[each.treated == 0].mean() for each in drawn]
    assert np.mean(bias) - truth > 0.03
    # Covariates are spread as in the whole set, and half are treated.
    middle = np.mean([each.covariates.mean(axis=0) for each in drawn], axis=0)
    assert middle == pytest.approx(whole.covariates.mean(axis=0), abs=0.05)
    assert np.mean([each.treated.mean() for each in drawn]) == pytest.approx(0.5, abs=0.02)


def test_leaning_follows_the_rank() -> None:
    told = leaning(np.array([3.0, 1.0, 2.0, 2.0, 100.0]))
    assert told[2] == told[3] and told[1] < told[2] < told[0] < told[4]
    assert told.min() > 0.15 and told.max() < 0.85 and told.mean() == pytest.approx(0.5)
    assert leaning(np.arange(9.0), 0.5) == pytest.approx([0.5] * 9)


def test_a_set_has_a_truth_for_each_mean() -> None:
    """By hand: effects of 1 and 4; leanings of 1/2 and 1/10 count 25 to 9 among the overlap."""
    without, with_it = np.array([0.0, 0.0]), np.array([1.0, 4.0])
    leanings, known = np.array([0.5, 0.1]), np.zeros((2, 1))
    both = Both(without=without, with_it=with_it, covariates=known, leaning=leanings, size=2)
    assert both.truth(Among.EVERYONE) == 2.5
    assert both.truth(Among.OVERLAP) == pytest.approx((25 + 36) / 34)
    rates = Rates(
        without=without, with_it=with_it, weights=np.array([0.9, 0.1]), covariates=known, leaning=leanings, size=2
    )
    assert rates.truth(Among.EVERYONE) == pytest.approx(1.3)
    assert rates.truth(Among.OVERLAP) == pytest.approx((0.9 * 25 + 0.1 * 36) / (0.9 * 25 + 0.1 * 9))
    constant = Both(without=without, with_it=without + 3, covariates=known, leaning=leanings, size=2)
    assert constant.truth(Among.EVERYONE) == constant.truth(Among.OVERLAP) == pytest.approx(3)


def test_the_command_line_without_the_anchor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hillstrom(tmp_path)
    monkeypatch.setattr(anchors, "ROOT", tmp_path)
    told = confounded.run(["--data", str(tmp_path), "--samples", "6", "--processes", "1"])
    assert json.loads(json.dumps(told)) == told
    assert float(str(told["coverage_95"])) >= 0.5 and told["width_ratio"] is None and "passed" not in told
    sets = told["sets"]
    assert isinstance(sets, dict) and sets["hillstrom"]["anchor_skipped"].endswith("make anchors")
    assert sets["hillstrom"]["refused"] == sets["hillstrom"]["everyone"]["refused"] == 0
    assert sets["hillstrom"]["unadjusted"]["bias"] > 4 * abs(sets["hillstrom"]["bias"])


def test_what_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    assert "is not there" in str(confounded.run(["--data", str(tmp_path)])["skipped"])
    assert confounded.run(["--samples", "0"])["refused"] == "nothing_to_draw"
    assert confounded.run(["--least-chance", "0"])["refused"] == "chance_outside"
    path = hillstrom(tmp_path, rows=30)
    few = read(tmp_path, "hillstrom")
    assert isinstance(few, Refusal) and few.code == "one_arm"
    path.write_text(path.read_text().replace("visit", "visits", 1))
    lacking = read(tmp_path, "hillstrom")
    assert isinstance(lacking, Refusal) and lacking.code == "columns_missing"
    assert confounded.run(["--data", str(tmp_path)])["passed"] is False


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"hillstrom": (0.95, 1.05), "bookings": (0.95, 1.09)}, (0.95, 1.05, True)),
        ({"hillstrom": (0.95, 1.05), "bookings": (0.95, 1.6)}, (0.95, 1.05, False)),
        ({"hillstrom": (0.95, 1.05), "bookings": (0.9, 1.0)}, (0.95, 1.05, False)),
        ({"hillstrom": (0.95, None), "bookings": (0.95, 1.0)}, (0.95, None, None)),
        ({"headlines": (0.96, 1.05), "bookings": (0.95, 1.6)}, (0.95, 1.6, False)),
        ({"headlines": (0.96, 1.05), "bookings": (0.95, 1.0)}, (0.95, 1.05, True)),
        ({"headlines": (0.96, None), "bookings": (0.95, None)}, (0.95, None, None)),
        ({"headlines": (0.96, None), "bookings": (0.9, None)}, (0.9, None, False)),
    ],
)
def test_what_the_sets_come_to(
    figures: dict[str, tuple[float, float | None]], told: tuple[float, float | None, bool | None]
) -> None:
    found = confounded.verdict(
        {
            name: {"coverage_95": coverage, "width_ratio": ratio, "everyone": {"coverage_95": 0.95}}
            for name, (coverage, ratio) in figures.items()
        }
    )
    assert (found["coverage_95"], found["width_ratio"], found.get("passed")) == told


def test_the_mean_among_everyone_has_to_be_covered_as_well() -> None:
    figures = {"headlines": {"coverage_95": 0.95, "width_ratio": 1.0, "everyone": {"coverage_95": 0.92}}}
    assert confounded.verdict(figures)["passed"] is False
