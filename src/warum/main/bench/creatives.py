"""Upworthy's tests replayed in the order of time: what the allocation of ``domain.bandit`` earns beside an A/B test,
Thompson sampling and epsilon-greedy in the same harness, and beside MABWiser and Vowpal Wabbit where there are any.

Each arm's true click rate is its own one in the archive, drawn towards its test's (weight: 723 impressions, the spread
of arms within a test over the whole archive). A test has as many impressions as it had, in a hundred equal batches;
arms are drawn by the propensities and clicks by the rates. The prior of a week comes from the clicks that the same run
drew in earlier weeks, under its own allocations, and from nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from warum.domain.bandit import words
from warum.domain.bandit.allocate import floored, wishes
from warum.domain.bandit.arrays import Bools, Floats, leaders
from warum.domain.bandit.beliefs import Campaigns, Prior, believe
from warum.domain.bandit.priors import Lessons, learn, lessons, together
from warum.kernel.refusal import Refusal
from warum.main.bench.creative_anchors import LIBRARIES, Asked, asked

captured_uplift_min: Final = 0.65
floor: Final = 0.01

PARTS: Final = ("headline", "eyecatcher_id")
"""What a creative is made of; an arm may share a part with others."""

_batches: Final = 100
_truth_weight: Final = 723.0
_defect: Final = (201325, 201402)
"""Weeks in which the archive's authors doubt the assignment."""
_ab_batches: Final = 10
_anchor_seeds: Final = 2
_uplift_min: Final = 1e-6
_epsilon: Final = 0.1
_draws: Final = 100
_asked_every: Final = 32
"""The tests that anchors of other people play, which take long."""
_asked_seconds: Final = 240.0

LIMITS: Final = (
    "Clicks are drawn anew from estimated rates, which do not drift within a test; real tests have days and readers.",
    "The number of impressions of a test is known from the start. The oracle keeps no floor, and the anchors named "
    "without one keep none either.",
    "The form of the model and the usual values of two spreads were settled after looking at the exploratory set.",
    "An arm's parts are its headline and its image; the words of headlines are learnt from earlier weeks only.",
    "Vowpal Wabbit and MABWiser are run on a part of the tests, since they learn from one impression at a time, and "
    "each test by itself; Warum's figure beside them is that of the same tests, its prior from all earlier ones.",
)

Whole: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tests:
    """Tests x arms, padded. ``kin`` says which arms share headline and image; ``texts`` are rows of the features."""

    weeks: Whole
    rates: Floats
    present: Bools
    kin: Bools
    batches: Whole
    texts: Whole
    features: Floats

    def of(self, which: NDArray[Any]) -> Tests:
        arms = int(self.present[which].sum(axis=1).max())
        return Tests(
            self.weeks[which],
            self.rates[which, :arms],
            self.present[which, :arms],
            self.kin[:, which, :arms, :arms],
            self.batches[which],
            self.texts[which, :arms],
            self.features,
        )


@dataclass(frozen=True, slots=True)
class Played:
    """Impressions by test and arm, the smallest propensity of any arm, and the prior at the end."""

    shown: Floats
    propensity_min: float
    prior: Prior | None = None


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench creatives")
    parser.add_argument("--data", type=Path, default=shared_data())
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument(
        "--anchors-every", type=int, default=_asked_every, help="every which test MABWiser and Vowpal Wabbit play"
    )
    options = parser.parse_args(argv)
    path: Path = options.data / "upworthy/tests.parquet"
    if not path.exists():
        return {"skipped": f"{path} is not there; give --data, or set WARUM_SHARED_DATA to the folder of shared data"}
    begun, tests = perf_counter(), read(path)
    if isinstance(tests, Refusal):
        return {"refused": tests.code, "message": tests.message, "passed": False}
    if options.seeds < 1:
        return {"refused": "no_seeds", "message": "Ask for at least one seed.", "passed": False}
    first: int = options.first_seed
    seeds = range(first, first + options.seeds)
    runs = [replay(tests, seed) for seed in seeds]
    uplifts = [captured(tests, one.shown) for one in runs]
    for seed, uplift in zip(seeds, uplifts, strict=True):
        print(f"seed {seed}: {uplift:.3f} of the oracle's uplift", file=sys.stderr)
    mean, least = float(np.mean(uplifts)), min(one.propensity_min for one in runs)
    prior = runs[0].prior
    assert prior is not None
    return {
        "captured_uplift": round(mean, 5),
        "min_propensity": round(least, 6),
        "passed": mean >= captured_uplift_min and least >= floor - 1e-12,
        "captured_uplift_standard_error": round(float(np.std(uplifts) / max(len(uplifts) - 1, 1) ** 0.5), 4),
        "captured_uplift_by_seed": [round(uplift, 4) for uplift in uplifts],
        "captured_uplift_clean_weeks": _of_weeks(tests, runs, (tests.weeks < _defect[0]) | (tests.weeks > _defect[1])),
        "captured_uplift_second_half": _of_weeks(tests, runs, tests.weeks > np.median(tests.weeks)),
        "oracle_uplift": round(_oracle_uplift(tests), 4),
        "tests": len(tests.weeks),
        "arms": int(tests.present.sum()),
        "prior_at_the_end": {
            "level": round(prior.level, 3),
            "level_spread": round(prior.level_spread, 3),
            "arm_spread": round(prior.arm_spread, 3),
            "part_spreads": {name: round(spread, 3) for name, spread in zip(PARTS, prior.part_spreads, strict=True)},
            "scale_spread": round(prior.scale_spread, 3),
        },
        "anchors": {name: round(uplift, 4) for name, uplift in anchors(tests, seeds[:_anchor_seeds]).items()},
        "other_libraries": libraries(tests, runs, seeds[:_anchor_seeds], max(options.anchors_every, 1)),
        "limits": list(LIMITS),
        "seconds": round(perf_counter() - begun, 1),
    }


def shared_data() -> Path:
    """The folder of shared data: named by the environment, or beside the repository."""
    named = os.environ.get("WARUM_SHARED_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[4] / "../shared/data"


def read(path: Path) -> Tests | Refusal:
    """The archive's tests with at least two arms and one click, by week."""
    import pyarrow.parquet as parquet

    wanted = ("test_id", "test_week", *PARTS, "impressions", "clicks")
    table = cast("Any", parquet.read_table(path))  # pyright: ignore[reportUnknownMemberType]
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        return Refusal("columns_missing", f"The file lacks the columns {', '.join(missing)}.")
    columns: dict[str, list[Any]] = {name: table[name].to_pylist() for name in wanted}
    counts = [count for name in ("impressions", "clicks", "test_week") for count in columns[name]]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        return Refusal("counts_broken", "A week or a count of the file is missing, negative or not a whole number.")
    if any(clicks > shown for clicks, shown in zip(columns["clicks"], columns["impressions"], strict=True)):
        return Refusal("counts_broken", "An arm of the file was clicked more often than shown.")
    rows: dict[str, list[int]] = {}
    for row, test in enumerate(columns["test_id"]):
        if columns["impressions"][row]:
            rows.setdefault(test, []).append(row)
    usable = [each for each in rows.values() if len(each) > 1 and sum(columns["clicks"][row] for row in each)]
    if not usable:
        return Refusal("no_tests", "There is no test with two arms and a click in the file.")
    usable.sort(key=lambda each: (min(columns["test_week"][row] for row in each), columns["test_id"][each[0]]))
    shape = len(usable), max(map(len, usable))
    rates, present, kin = np.zeros(shape), np.zeros(shape, np.bool_), np.zeros((len(PARTS), *shape, shape[1]), np.bool_)
    numbers: dict[str, int] = {}
    texts = np.zeros(shape, np.int64)
    for place, each in enumerate(usable):
        arms = len(each)
        texts[place, :arms] = [numbers.setdefault(columns["headline"][row] or "", len(numbers)) for row in each]
        shown, clicks = (np.array([columns[name][row] for row in each], float) for name in ("impressions", "clicks"))
        usual = clicks.sum() / shown.sum()
        rates[place, :arms] = (clicks + _truth_weight * usual) / (shown + _truth_weight)
        present[place, :arms] = True
        for kind, name in enumerate(PARTS):
            # Where it is unknown which one an arm has, it has its own.
            having = [columns[name][row] or row for row in each]
            kin[kind, place, :arms, :arms] = [[one == other for other in having] for one in having]
    totals = np.array([sum(columns["impressions"][row] for row in each) for each in usable])
    cuts = totals[:, None] * np.arange(_batches + 1) // _batches
    weeks = np.array([min(columns["test_week"][row] for row in each) for each in usable])
    told = np.array([words.features(headline) for headline in numbers])
    tests = Tests(weeks, rates, present, kin, np.diff(cuts, axis=1), texts, told)
    if _oracle_uplift(tests) < _uplift_min:
        return Refusal("no_difference", "All arms of every test are alike; there is no uplift to capture.")
    return tests


def captured(tests: Tests, shown: Floats, which: Bools | None = None) -> float:
    """The share of what an oracle gains over equal shares, in expected clicks; there has to be something to gain."""
    chosen = np.ones(len(tests.weeks), np.bool_) if which is None else which
    totals = shown.sum(axis=1)
    equal = totals * tests.rates.sum(axis=1) / tests.present.sum(axis=1)
    oracle = totals * tests.rates.max(axis=1)
    own = (shown * tests.rates).sum(axis=1)
    return float((own - equal)[chosen].sum() / (oracle - equal)[chosen].sum())


def _of_weeks(tests: Tests, runs: Sequence[Played], which: Bools) -> float | None:
    """The share within some weeks; None where these have nothing to gain."""
    if not which.any() or _oracle_uplift(tests.of(np.flatnonzero(which))) < _uplift_min:
        return None
    return round(float(np.mean([captured(tests, one.shown, which) for one in runs])), 4)


def _oracle_uplift(tests: Tests) -> float:
    totals = tests.batches.sum(axis=1)
    return (
        float(totals @ tests.rates.max(axis=1) / (totals @ (tests.rates.sum(axis=1) / tests.present.sum(axis=1)))) - 1
    )


# The allocation of the domain -----------------------------------------------------------------------------------------


def replay(tests: Tests, seed: int) -> Played:
    """All tests, week by week; each week's prior is learnt from the weeks before."""
    rng = np.random.default_rng([seed, 1])
    shown, least = np.zeros_like(tests.rates), 1.0
    prior, told, learnt, leanings = Prior(part_spreads=(0.15,) * len(PARTS)), None, 0, words.no_leanings()
    for week in np.unique(tests.weeks):
        which = np.flatnonzero(tests.weeks == week)
        here = tests.of(which)
        texts = here.features[here.texts]
        hints = words.hints(words.weights_of(leanings), texts, here.present)
        seen, propensity = _week(here, prior, hints, rng)
        shown[which, : seen.exposures.shape[1]] = seen.exposures
        least = min(least, propensity)
        new = lessons(believe(prior, seen), seen)
        leanings = words.learnt(leanings, texts, new.logs + hints, new.weights, here.present)
        told = new if told is None else together(told, new)
        learnt += len(which)
        # Another tenth more campaigns before it is worth learning anew.
        if learnt >= 1.1 * prior.campaigns:
            prior = replace(_learnt(told, prior), campaigns=learnt)
    return Played(shown, least, prior)


def _week(here: Tests, prior: Prior, hints: Floats, rng: np.random.Generator) -> tuple[Campaigns, float]:
    exposures, clicks = np.zeros_like(here.rates), np.zeros_like(here.rates)
    total, least, modes = here.batches.sum(axis=1).astype(np.float64), 1.0, None
    for batch in range(_batches):
        seen = Campaigns(exposures=exposures, events=clicks, present=here.present, kin=here.kin, hints=hints)
        beliefs = believe(prior, seen, modes)
        modes = beliefs.mode
        shares = floored(wishes(beliefs, total, total - exposures.sum(axis=1)), here.present, floor)
        least = min(least, float(shares[here.present].min()))
        drawn = _drawn(rng, here.batches[:, batch], shares)
        exposures, clicks = exposures + drawn, clicks + rng.binomial(drawn, here.rates)
    return Campaigns(exposures=exposures, events=clicks, present=here.present, kin=here.kin, hints=hints), least


def _drawn(rng: np.random.Generator, numbers: Whole, shares: Floats) -> Whole:
    return rng.multinomial(numbers, shares / shares.sum(axis=1, keepdims=True))


def _learnt(told: Lessons, before: Prior) -> Prior:
    prior = learn(told, before)
    if isinstance(prior, Refusal):
        raise ValueError(prior.message)
    return prior


# Anchors --------------------------------------------------------------------------------------------------------------

Policy: TypeAlias = Callable[[int, Whole, Whole, np.random.Generator, Bools], "Floats | None"]
"""The shares from a batch on, from impressions and clicks so far; None to go on as before."""


def anchors(tests: Tests, seeds: Sequence[int]) -> dict[str, float]:
    policies: dict[str, tuple[Policy, float]] = {
        "ab_10_percent_then_roll_out": (_ab_test, 0.0),
        "ab_10_percent_then_follow_leader": (_ab_test_followed, 0.0),
        "ab_10_percent_then_follow_leader_with_floor": (_ab_test_followed, floor),
        "thompson": (_thompson, 0.0),
        "thompson_with_floor": (_thompson, floor),
        "epsilon_greedy": (_epsilon_greedy, 0.0),
    }
    return {
        name: float(np.mean([captured(tests, _played(tests, policy, least, seed)) for seed in seeds]))
        for name, (policy, least) in policies.items()
    }


def libraries(tests: Tests, runs: Sequence[Played], seeds: range, every: int) -> dict[str, object]:
    """MABWiser and Vowpal Wabbit in the same harness on every so many tests, and Warum on the same ones."""
    chosen = np.zeros(len(tests.weeks), np.bool_)
    chosen[::every] = True
    part = tests.of(np.flatnonzero(chosen))
    if _oracle_uplift(part) < _uplift_min:
        return {"skipped": "there is nothing to gain in these tests"}

    def play(policy: Asked, seed: int) -> float:
        return captured(part, _played(part, policy, 0.0, seed))

    def told(library: str) -> object:
        return asked(play, library, seeds, seconds=_asked_seconds)

    # One core each: the time is theirs, not the harness's.
    with ThreadPoolExecutor(len(LIBRARIES)) as pool:
        answers = list(pool.map(told, LIBRARIES))
    figures: dict[str, object] = {
        "every": every,
        "tests": int(chosen.sum()),
        "warum": _of_weeks(tests, runs[: len(seeds)], chosen),
        "thompson": round(anchors(part, seeds)["thompson"], 4),
    }
    return figures | dict(zip(LIBRARIES, answers, strict=True))


def _played(tests: Tests, policy: Policy, least: float, seed: int) -> Floats:
    rng, whole, numbers = np.random.default_rng([seed, 2]), np.zeros_like(tests.rates), tests.present.sum(axis=1)
    for number in np.unique(numbers):  # tests of the same size at once: no time is lost on arms that are not there
        which = np.flatnonzero(numbers == number)
        here = tests.of(which)
        present = here.present
        shares = present / present.sum(axis=1, keepdims=True)
        shown, clicks = np.zeros(present.shape, np.int64), np.zeros(present.shape, np.int64)
        for batch in range(_batches):
            if batch and (after := policy(batch, shown, clicks, rng, present)) is not None:
                shares = floored(after, present, least)
            drawn = _drawn(rng, here.batches[:, batch], shares)
            shown, clicks = shown + drawn, clicks + rng.binomial(drawn, here.rates)
        whole[which, :number] = shown
    return whole


def _ab_test(batch: int, shown: Whole, clicks: Whole, rng: np.random.Generator, present: Bools) -> Floats | None:
    return leaders(clicks / np.maximum(shown, 1)) if batch == _ab_batches else None


def _ab_test_followed(
    batch: int, shown: Whole, clicks: Whole, rng: np.random.Generator, present: Bools
) -> Floats | None:
    return leaders(clicks / np.maximum(shown, 1)) if batch >= _ab_batches else None


def _epsilon_greedy(batch: int, shown: Whole, clicks: Whole, rng: np.random.Generator, present: Bools) -> Floats:
    leader = leaders(clicks / np.maximum(shown, 1))
    return (1 - _epsilon) * leader + _epsilon * present / present.sum(axis=1, keepdims=True)


def _thompson(batch: int, shown: Whole, clicks: Whole, rng: np.random.Generator, present: Bools) -> Floats:
    rates = rng.beta(1 + clicks, 1 + shown - clicks, size=(_draws, *present.shape))
    return leaders(rates).sum(axis=0) / _draws
