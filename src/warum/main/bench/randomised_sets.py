"""Sets in which the effect of a treatment is known, and confounded subsamples of them in which it is hidden.

The confounding is the same everywhere, and that of targeting: whoever is likely to bring much anyway is likelier to be
treated. ``leaning`` is the chance of being treated; it rises from .15 to .85, or what is asked instead, with the rank
of what a unit's covariates promise without the treatment (least squares over the whole set). In a set where lots were
drawn, units are kept by that chance if they were treated, and by its complement if not ("RCT rejection sampling":
Keith, Feldman, Jurgens, Bragg and Bhattacharya 2023). The covariates are then spread as in the whole set, so the
subsample's mean effect is the set's own, and everything that decides who is kept is among the covariates. Whether an
effect depends on them makes no difference.

- **hillstrom** (Hillstrom 2008): customers who were sent an e-mail about men's goods or none, by lots; who visited the
  shop. The truth is the difference of the two groups' rates in the set.
- **headlines** (Upworthy): impressions, which lots dealt to the headlines of a test; the treatment is the longer one
  of a test's first two headlines, the outcome a click. The archive's counts are taken as the whole population: units
  are drawn from them with replacement, so that the truth has no error of its own.
- **bookings**: real bookings of hotels and what they brought (rate by nights, nothing if cancelled). The treatment is
  ours: some of those who cancelled keep their booking, fewest of those who booked late. Both outcomes of each unit are
  known, and so is the truth.

Each set has two truths (``Among``): the mean effect of all units alike, and that with each unit weighted by its leaning
times one less it. The second is what partially linear estimates aim at. Where effects do not go with the leaning, both
are nearly one number."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np

from warum.domain.causal import Among
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

NAMES: Final = ("hillstrom", "headlines", "bookings")

LEANING_MIN: Final = 0.15
_category_share_min: Final = 0.03
"""Rarer categories are taken together; a column that is empty in a subsample would be refused."""
_hillstrom_columns: Final = (
    "recency",
    "history",
    "mens",
    "womens",
    "zip_code",
    "newbie",
    "channel",
    "segment",
    "visit",
)
_booking_columns: Final = (
    "hotel", "is_canceled", "lead_time", "arrival_date_week_number", "stays_in_weekend_nights", "stays_in_week_nights",
    "adults", "market_segment", "deposit_type", "customer_type", "previous_cancellations", "total_of_special_requests",
    "adr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A subsample: outcome and treatment by unit, and units x covariates."""

    outcome: Floats
    treated: Floats
    covariates: Floats


class Randomised(Protocol):
    """A set with a known effect.

    Attributes:
        units: in the whole set; None where they are drawn with replacement. size: of a subsample.
    """

    @property
    def units(self) -> int | None: ...
    @property
    def size(self) -> int: ...

    def truth(self, among: Among) -> float:
        """The mean effect of the set."""
        ...

    def truth_error(self, among: Among) -> float:
        """Its standard error as an estimate of the effect on people who are not in the set; zero where both outcomes
        are known. It is no part of what is judged here."""
        ...

    def draw(self, rng: np.random.Generator) -> Drawn: ...


@dataclass(frozen=True, slots=True)
class Lots:
    """One outcome of each unit is known, and lots decided which: kept or not by the leaning."""

    outcome: Floats
    treated: Floats
    covariates: Floats
    leaning: Floats
    size: int

    @property
    def units(self) -> int:
        return len(self.outcome)

    def truth(self, among: Among) -> float:
        with_it, without = (self._mean(group, among)[0] for group in (1.0, 0.0))
        return with_it - without

    def truth_error(self, among: Among) -> float:
        return sqrt(sum(self._mean(group, among)[1] ** 2 for group in (1.0, 0.0)))

    def _mean(self, group: float, among: Among) -> tuple[float, float]:
        """A group's weighted mean, and its error. Lots made both groups alike, so the same weights fit both."""
        outcome, weights = self.outcome[self.treated == group], counted(self.leaning[self.treated == group], among)
        mean = float(weights @ outcome / weights.sum())
        return mean, sqrt(float((weights**2) @ (outcome - mean) ** 2)) / float(weights.sum())

    def draw(self, rng: np.random.Generator) -> Drawn:
        share = float(self.treated.mean())
        keeps: Floats = np.where(self.treated == 1, self.leaning / share, (1 - self.leaning) / (1 - share))
        kept = np.flatnonzero(rng.random(self.units) * keeps.max() < keeps)
        chosen = rng.choice(kept, min(self.size, len(kept)), replace=False)
        return Drawn(self.outcome[chosen], self.treated[chosen], self.covariates[chosen])


@dataclass(frozen=True, slots=True)
class Both:
    """Both outcomes of each unit are known; the leaning draws which is seen."""

    without: Floats
    with_it: Floats
    covariates: Floats
    leaning: Floats
    size: int

    @property
    def units(self) -> int:
        return len(self.without)

    def truth(self, among: Among) -> float:
        weights = counted(self.leaning, among)
        return float(weights @ (self.with_it - self.without) / weights.sum())

    def truth_error(self, among: Among) -> float:
        return 0.0

    def draw(self, rng: np.random.Generator) -> Drawn:
        chosen = rng.choice(self.units, min(self.size, self.units), replace=False)
        treated = (rng.random(len(chosen)) < self.leaning[chosen]).astype(np.float64)
        outcome = np.where(treated == 1, self.with_it[chosen], self.without[chosen])
        return Drawn(outcome, treated, self.covariates[chosen])


@dataclass(frozen=True, slots=True)
class Rates:
    """Cells of people with a rate of clicks under either treatment; people are drawn by the cells' weights."""

    without: Floats
    with_it: Floats
    weights: Floats
    covariates: Floats
    leaning: Floats
    size: int
    units: int | None = None

    def truth(self, among: Among) -> float:
        weights = self.weights * counted(self.leaning, among)
        return float(weights @ (self.with_it - self.without) / weights.sum())

    def truth_error(self, among: Among) -> float:
        return 0.0

    def draw(self, rng: np.random.Generator) -> Drawn:
        cells = rng.choice(len(self.weights), self.size, p=self.weights)
        treated = (rng.random(self.size) < self.leaning[cells]).astype(np.float64)
        rates = np.where(treated == 1, self.with_it[cells], self.without[cells])
        return Drawn((rng.random(self.size) < rates).astype(np.float64), treated, self.covariates[cells])


def counted(leaning: Floats, among: Among) -> Floats:
    """How much each unit counts in the mean effect that is asked for."""
    return np.ones(len(leaning)) if among is Among.EVERYONE else leaning * (1 - leaning)


def read(data: Path, name: str, least: float = LEANING_MIN) -> Randomised | Refusal:
    """One of ``NAMES``, from a folder of data, with leanings from ``least`` to one less it; a refusal where its file is
    missing or is not what it should be."""
    if name == "hillstrom":
        return _hillstrom(data / "hillstrom", least)
    if name == "headlines":
        return _headlines(data / "upworthy/tests.parquet", least)
    return _bookings(data / "hotel_bookings/hotel_bookings.csv.gz", least)


def leaning(promise: Floats, least: float = LEANING_MIN) -> Floats:
    """The chance of being treated, rising with the rank of the promise; equal promises have equal chances."""
    _, place, counts = np.unique(promise, return_inverse=True, return_counts=True)
    ranks = (counts.cumsum() - (counts - 1) / 2 - 0.5) / len(promise)
    return least + (1 - 2 * least) * ranks[place]


def _promise(outcome: Floats, covariates: Floats, which: Any, weights: Floats | None = None) -> Floats:
    design = np.column_stack([np.ones(len(covariates)), covariates])
    root = np.ones(len(outcome[which])) if weights is None else np.sqrt(weights[which])
    solved = cast("Floats", np.linalg.lstsq(design[which] * root[:, None], outcome[which] * root)[0])
    return design @ solved


def _hillstrom(folder: Path, least: float) -> Randomised | Refusal:
    files = sorted(folder.glob("*.csv")) + sorted(folder.glob("*.csv.gz"))
    if not files:
        return _missing(folder / "*.csv")
    columns = _columns(files[0], _hillstrom_columns)
    if isinstance(columns, Refusal):
        return columns
    segment = np.array(columns["segment"])
    lots = np.flatnonzero((segment == "Mens E-Mail") | (segment == "No E-Mail"))
    try:
        number = {
            name: np.array(columns[name], np.float64)[lots]
            for name in ("recency", "history", "mens", "womens", "newbie", "visit")
        }
    except ValueError as error:
        return Refusal("values_broken", f"{files[0]} has a value that is no number: {error}")
    treated = (segment[lots] == "Mens E-Mail").astype(np.float64)
    if min(treated.sum(), len(treated) - treated.sum()) < 1_000:
        return Refusal("one_arm", f"{files[0]} has fewer than 1,000 rows of Mens E-Mail or of No E-Mail.")
    covariates = np.column_stack(
        [
            number["recency"],
            np.log(np.maximum(number["history"], 1.0)),
            number["mens"],
            number["womens"],
            number["newbie"],
            *(_categories(np.array(columns[name])[lots]) for name in ("zip_code", "channel")),
        ]
    )
    outcome = number["visit"]
    return Lots(
        outcome=outcome,
        treated=treated,
        covariates=covariates,
        leaning=leaning(_promise(outcome, covariates, treated == 0), least),
        size=2_000,
    )


def _headlines(path: Path, least: float) -> Randomised | Refusal:
    if not path.is_file():
        return _missing(path)
    import pyarrow.parquet as parquet

    with path.open("rb") as file:
        table = cast("Any", parquet.ParquetFile(file)).read()
    lacking = [
        each for each in ("test_id", "headline", "impressions", "clicks", "test_week") if each not in table.column_names
    ]
    if lacking:
        return Refusal("columns_missing", f"{path} lacks {', '.join(lacking)}.")
    tests: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        tests.setdefault(row["test_id"], []).append(row)
    cells: list[list[float]] = []
    for arms in tests.values():
        one, other, *rest = sorted(arms[:2], key=lambda arm: len(arm["headline"])) + arms[2:]
        seen = sum(arm["impressions"] for arm in rest)
        if len(one["headline"]) == len(other["headline"]) or not (one["impressions"] and other["impressions"] and seen):
            continue
        # What else the house showed in that week says what the test's level may be; half a click for those with none.
        usual = (sum(arm["clicks"] for arm in rest) + 0.5) / (seen + 50)
        shown = one["impressions"] + other["impressions"]
        year, week = divmod(arms[0]["test_week"], 100)
        cells.append(
            [
                one["clicks"] / one["impressions"],
                other["clicks"] / other["impressions"],
                shown,
                np.log(usual),
                year + week / 53,
                len(arms),
                np.log(shown),
                len(one["headline"]) + len(other["headline"]),
            ]
        )
    if len(cells) < 100:
        return Refusal(
            "no_tests", f"{path} has fewer than 100 tests with three headlines of which two differ in length."
        )
    whole = np.array(cells)
    without, with_it, shown, covariates = whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3:]
    return Rates(
        without=without,
        with_it=with_it,
        weights=shown / shown.sum(),
        covariates=covariates,
        leaning=leaning(_promise(without, covariates, slice(None), shown), least),
        size=4_000,
    )


def _bookings(path: Path, least: float) -> Randomised | Refusal:
    if not path.is_file():
        return _missing(path)
    columns = _columns(path, _booking_columns)
    if isinstance(columns, Refusal):
        return columns
    texts = ("hotel", "market_segment", "deposit_type", "customer_type")
    try:
        number = {
            name: np.array([value if value not in ("NULL", "NA", "") else "0" for value in columns[name]], np.float64)
            for name in _booking_columns
            if name not in texts
        }
    except ValueError as error:
        return Refusal("values_broken", f"{path} has a value that is no number: {error}")
    nights = number["stays_in_weekend_nights"] + number["stays_in_week_nights"]
    value = np.maximum(number["adr"], 0.0) * nights
    week = 2 * np.pi * number["arrival_date_week_number"] / 52
    covariates = np.column_stack(
        [
            number["lead_time"],
            nights,
            np.maximum(number["adr"], 0.0),
            value,
            np.minimum(number["adults"], 4),
            np.minimum(number["previous_cancellations"], 1),
            np.minimum(number["total_of_special_requests"], 3),
            np.sin(week),
            np.cos(week),
            *(_categories(np.array(columns[name])) for name in texts),
        ]
    )
    cancelled = number["is_canceled"] == 1
    without = np.where(cancelled, 0.0, value)
    # Which of those who cancelled would stay is drawn once, and is a fact of the set from then on.
    stays = np.random.default_rng(7).random(len(value)) < np.where(number["lead_time"] > 60, 0.3, 0.1)
    with_it = np.where(cancelled & stays, value, without)
    return Both(
        without=without,
        with_it=with_it,
        covariates=covariates,
        leaning=leaning(_promise(without, covariates, slice(None)), least),
        size=2_000,
    )


def _categories(values: Any) -> Floats:
    """A column of 0 and 1 for each category but the commonest and the rare ones."""
    names, counts = np.unique(values, return_counts=True)
    kept = [name for name, count in zip(names, counts, strict=True) if count >= _category_share_min * len(values)]
    kept.remove(names[counts.argmax()])
    return np.column_stack([np.empty((len(values), 0)), *((values == name).astype(np.float64) for name in kept)])


def _columns(path: Path, names: Sequence[str]) -> dict[str, list[str]] | Refusal:
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        rows = csv.DictReader(cast("Any", file))
        lacking = [name for name in names if name not in (rows.fieldnames or ())]
        if lacking:
            return Refusal("columns_missing", f"{path} lacks {', '.join(lacking)}.")
        told: dict[str, list[str]] = {name: [] for name in names}
        for row in rows:
            for name in names:
                told[name].append(row[name] or "")
    return told


def _missing(path: Path) -> Refusal:
    return Refusal("file_missing", f"{path} is not there; --data or WARUM_SHARED_DATA names the folder.")
