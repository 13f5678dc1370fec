"""Is the true cause named first? Faults of known cell and size, put into leaves of four dimensions.

Two kinds of leaves: made-up traffic of a network (publisher, landing page, country, device, with crowds that come and
go), and the real bookings of the hotel file, whose rows of eight weeks are dealt at random into before and after. On
top comes a drift of everything, up to a fifth either way. A fault hits one value, or a pair of values of two
dimensions, in a sum (clicks, bookings) or in a ratio (conversion rate, cancellation rate). What was fixed before the
first run: a cell holds at least 1 % and at most 40 % of the events and at least 150 of them, and a fault multiplies by
0, .3, .5, .7, 1.5 or 2 (cancellation rates by .3, .5, 1.5 or 2).

Many such faults drown in noise, and naming none is right then. ``first_share`` counts faults of at least seven standard
errors, a floor that was set after the first run; ``of_any_size`` has them all.

A cause counts as the true one if it is the cell itself, or a cell with the same events to 95 %: nobody could tell them
apart. Cells that rival the first cause stand next to it. The anchor, Adtributor, names values of single dimensions;
it counts as right if its first set begins with the value that was hit, or, of a pair, with either of its values. Beside
it stands its figure on faults of single values alone."""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np

from warum.domain.rootcause import Cell, Explanation, Leaves, explain
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal
from warum.main.bench.adtributor import adtributor

first_share_min: Final = 0.90
top3_share_min: Final = 0.97
speed_rows: Final = 100_000
speed_seconds_max: Final = 2.0

_factors: Final = (0.0, 0.3, 0.5, 0.7, 1.5, 2.0)
_factors_of_share: Final = (0.3, 0.5, 1.5, 2.0)
_cell_share: Final = (0.01, 0.40)
_cell_events_min: Final = 150.0
_drift_max: Final = 0.2
_crowd: Final = 0.08  # deviation of a publisher's clicks from one period to the other, relative, by itself
errors_visible: Final = 7.0
"""Five standard errors pay for looking at thousands of cells, two for the luck of the draw."""
_share_max: Final = 0.95
_same_events: Final = 0.95

LIMITS: Final = (
    "One fault at a time; the drift moves everything alike.",
    "Made-up leaves follow our own idea of traffic; real ones are dealt from one stretch of time, so that nothing but "
    "the fault has changed.",
    "Adtributor gets the true totals before as its forecast; its thresholds are those of the paper.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Leaves with a fault in them, and where it is. ``errors``: the fault's size in standard errors of its cell."""

    source: str
    measure: str
    leaves: Leaves
    cell: Cell
    factor: float
    errors: float

    @property
    def visible(self) -> bool:
        return self.errors >= errors_visible


def run(argv: Sequence[str]) -> dict[str, object]:
    """The benchmark as the command line has it."""
    parser = argparse.ArgumentParser(prog="warum bench root-cause")
    beside = Path(__file__).parents[4] / "../shared/data"
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WARUM_SHARED_DATA") or beside))
    parser.add_argument("--faults", type=int, default=1_000, help="of each source")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(argv)
    begun = perf_counter()
    rng = np.random.default_rng([asked.seed, 41])
    sources: dict[str, Callable[[np.random.Generator], dict[str, Leaves]]] = {"network": network}
    bookings = hotel(asked.data / "hotel_bookings")
    if isinstance(bookings, Refusal):
        print(bookings.message, file=sys.stderr)
    else:
        sources["hotel"] = bookings.dealt
    faults = [fault for name, draw in sources.items() for fault in drawn(name, draw, asked.faults, rng)]
    found = figures(faults)
    quiet = quiet_share([draw(rng) for draw in sources.values() for _ in range(max(asked.faults // 4, 1))])
    speed = seconds_of(rng)
    return {
        **found,
        "quiet_share": quiet,
        "seconds_4x50x100k": round(speed, 2),
        "passed": bool(
            found["first_share"] >= first_share_min
            and found["top3_share"] >= top3_share_min
            and speed <= speed_seconds_max
        ),
        "sources": list(sources),
        "limits": list(LIMITS),
        "seconds": round(perf_counter() - begun, 1),
    }


def figures(faults: Sequence[Fault]) -> dict[str, Any]:
    """How often the true cause was first, among the first three; the same of the anchor."""
    first, third, silent = list[bool](), list[bool](), list[bool]()
    anchor, anchor_third = list[bool](), list[bool]()
    for fault in faults:
        told = explain(fault.leaves)
        causes = [] if isinstance(told, Refusal) else _ranked(told)
        right = [_same(fault, cell) for cell in causes]
        first.append(bool(right and right[0]))
        third.append(any(right[:3]))
        silent.append(not causes)
        hits = [
            (one.dimension, one.values[0]) in set(zip(fault.cell.dimensions, fault.cell.values, strict=True))
            for one in adtributor(fault.leaves)
        ]
        anchor.append(bool(hits and hits[0]))
        anchor_third.append(any(hits[:3]))
    visible = np.array([fault.visible for fault in faults])
    single = np.array([len(fault.cell.values) == 1 for fault in faults])
    right, among, quiet, theirs, theirs3 = (np.array(each) for each in (first, third, silent, anchor, anchor_third))
    kinds = [f"{one.source}_{one.measure}_{'single' if len(one.cell.values) == 1 else 'pair'}" for one in faults]
    return {
        "first_share": _mean(right[visible]),
        "top3_share": _mean(among[visible]),
        "first_share_single": _mean(right[visible & single]),
        "first_share_pair": _mean(right[visible & ~single]),
        "first_share_by": {
            kind: _mean(right[visible & np.array([each == kind for each in kinds])]) for kind in sorted(set(kinds))
        },
        "visible_faults": int(visible.sum()),
        "faults": len(faults),
        "of_any_size": {
            "first_share": _mean(right),
            "none_named_share": _mean(quiet),
            "other_named_first_share": _mean(~right & ~quiet),
        },
        "anchors": {
            "adtributor_first_share": _mean(theirs[visible]),
            "adtributor_top3_share": _mean(theirs3[visible]),
            "adtributor_first_share_single": _mean(theirs[visible & single]),
            "adtributor_top3_share_single": _mean(theirs3[visible & single]),
        },
    }


def _ranked(told: Explanation) -> list[Cell]:
    """The first cause, what rivals it, and the causes after it."""
    return [cell for cause in told.causes[:1] for cell in (cause.cell, *cause.rivals)] + [
        cause.cell for cause in told.causes[1:]
    ]


def quiet_share(worlds: Sequence[dict[str, Leaves]]) -> float:
    """Of leaves without a fault, how many are told to have no single cause."""
    told = [explain(leaves) for world in worlds for leaves in world.values()]
    return _mean(np.array([isinstance(one, Refusal) or not one.causes for one in told]))


def seconds_of(rng: np.random.Generator) -> float:
    """Processor seconds for four dimensions of fifty values and 100,000 rows, the slower of a sum and a ratio."""
    codes = rng.integers(0, 50, (speed_rows, 4))
    before, after = rng.poisson(20, speed_rows).astype(float), rng.poisson(20, speed_rows).astype(float)
    after[(codes[:, 0] == 3) & (codes[:, 1] == 7)] *= 0.5
    names = tuple(tuple(str(value) for value in range(50)) for _ in range(4))
    of_sum = Leaves(dimensions=("a", "b", "c", "d"), values=names, codes=codes, before=before, after=after)
    under = rng.poisson(400, speed_rows).astype(float)
    worst = 0.0
    for leaves in (of_sum, replace(of_sum, under_before=under, under_after=under.copy())):
        begun = process_time()
        explain(leaves)
        worst = max(worst, process_time() - begun)
    return worst


def drawn(
    source: str, draw: Callable[[np.random.Generator], dict[str, Leaves]], count: int, rng: np.random.Generator
) -> Iterator[Fault]:
    """Faults of all kinds in turn."""
    made = 0
    while made < count:
        measures = draw(rng)
        measure = list(measures)[made % len(measures)]
        leaves, depth = measures[measure], 1 + (made // len(measures)) % 2
        cell = _cell(leaves, depth, rng)
        if cell is None:
            continue
        factors = _factors_of_share if measure == "cancellation_rate" else _factors
        factor = float(rng.choice(factors))
        hit = _hit(leaves, cell, factor, rng)
        if hit is None:
            continue
        errors = _errors(leaves, cell, factor, crowded=measure == "clicks" and "publisher" in cell.dimensions)
        yield Fault(source=source, measure=measure, leaves=hit, cell=cell, factor=factor, errors=errors)
        made += 1


def network(rng: np.random.Generator) -> dict[str, Leaves]:
    """Clicks by publisher, landing page, country and device, and what they bring."""
    sizes = (20, 8, 12, 3)
    codes = np.array(list(np.ndindex(*sizes)), dtype=np.int64)
    weight = np.ones(len(codes))
    for place, size in enumerate(sizes):
        shares = rng.dirichlet(np.full(size, 2.0)) + 0.2 / size
        weight *= shares[codes[:, place]] / shares.sum()
    weight *= np.exp(0.5 * rng.standard_normal(len(codes)))
    clicks = 60_000 * weight / weight.sum()
    rate = 0.04 * np.exp(0.3 * rng.standard_normal(sizes[0]))[codes[:, 0]]
    rate *= np.exp(0.3 * rng.standard_normal(sizes[1]))[codes[:, 1]]

    def crowd() -> Floats:
        """Publishers have good and bad weeks."""
        return clicks * np.exp(_crowd * rng.standard_normal(sizes[0]))[codes[:, 0]]

    under0, under1 = rng.poisson(crowd()).astype(float), rng.poisson(crowd() * _drift(rng)).astype(float)
    over0 = rng.binomial(under0.astype(int), rate).astype(float)
    over1 = rng.binomial(under1.astype(int), np.minimum(rate * _drift(rng), 1.0)).astype(float)
    names = tuple(
        tuple(f"{name} {value}" for value in range(size))
        for name, size in zip(("publisher", "page", "country", "device"), sizes, strict=True)
    )
    clicks_alone = Leaves(
        dimensions=("publisher", "page", "country", "device"), values=names, codes=codes, before=under0, after=under1
    )
    return {
        "clicks": clicks_alone,
        "conversion_rate": replace(clicks_alone, before=over0, after=over1, under_before=under0, under_after=under1),
    }


@dataclass(frozen=True, slots=True)
class Bookings:
    """The rows of the hotel file: codes of four dimensions, the week of arrival, whether it was cancelled."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: np.ndarray
    week: np.ndarray
    cancelled: np.ndarray

    def dealt(self, rng: np.random.Generator) -> dict[str, Leaves]:
        """Eight weeks of bookings, dealt at random into before and after."""
        first = int(rng.integers(0, int(self.week.max()) - 7))
        within = (self.week >= first) & (self.week < first + 8)
        codes, cancelled = self.codes[within], self.cancelled[within]
        drift = _drift(rng)
        late = rng.random(len(codes)) < drift / (1 + drift)
        shape = tuple(len(names) for names in self.values)
        flat, rows = np.unique(np.ravel_multi_index(tuple(codes.T), shape), return_inverse=True)

        def count(chosen: np.ndarray) -> Floats:
            return np.bincount(rows[chosen], minlength=len(flat)).astype(np.float64)

        every = np.column_stack(np.unravel_index(flat, shape))
        bookings = Leaves(
            dimensions=self.dimensions, values=self.values, codes=every, before=count(~late), after=count(late)
        )
        return {
            "bookings": bookings,
            "cancellation_rate": replace(
                bookings,
                before=count(~late & cancelled),
                after=count(late & cancelled),
                under_before=bookings.before,
                under_after=bookings.after,
            ),
        }


def hotel(folder: Path) -> Bookings | Refusal:
    """The bookings by hotel, segment, country (the rare ones as one) and agent (likewise)."""
    paths = sorted(folder.glob("*.csv*")) if folder.is_dir() else []
    if not paths:
        return Refusal(code="file_missing", message=f"{folder} has no bookings; the made-up leaves stand alone.")
    raw = paths[0].read_bytes()
    text = (gzip.decompress(raw) if paths[0].suffix == ".gz" else raw).decode("utf-8")
    rows: list[dict[str, str]] = list(csv.DictReader(text.splitlines()))
    columns = {
        "hotel": [row["hotel"] for row in rows],
        "segment": [row["market_segment"] for row in rows],
        "country": _common([row["country"] for row in rows], 15),
        "agent": _common([row["agent"] for row in rows], 25),
    }
    coded = [np.unique(np.asarray(column), return_inverse=True) for column in columns.values()]
    week = np.array([int(row["arrival_date_year"]) * 53 + int(row["arrival_date_week_number"]) for row in rows])
    return Bookings(
        tuple(columns),
        tuple(tuple(str(name) for name in names) for names, _ in coded),
        np.column_stack([code for _, code in coded]),
        week - week.min(),
        np.array([row["is_canceled"] == "1" for row in rows]),
    )


def _common(names: Sequence[str], count: int) -> list[str]:
    known, counts = np.unique(np.asarray(names), return_counts=True)
    kept = {str(name) for name in known[np.argsort(-counts)][:count]}
    return [name if name in kept else "other" for name in names]


def _drift(rng: np.random.Generator) -> float:
    return float(1 + rng.uniform(-_drift_max, _drift_max))


def _cell(leaves: Leaves, depth: int, rng: np.random.Generator) -> Cell | None:
    """A value or a pair with enough events before."""
    able: list[Cell] = []
    total = float(leaves.before.sum())
    for places in combinations(range(len(leaves.dimensions)), depth):
        shape = tuple(len(leaves.values[place]) for place in places)
        flat = np.ravel_multi_index(tuple(leaves.codes[:, place] for place in places), shape)
        events = np.bincount(flat, weights=leaves.before, minlength=int(np.prod(shape)))
        fit = (events >= _cell_events_min) & (events >= _cell_share[0] * total) & (events <= _cell_share[1] * total)
        for index in np.flatnonzero(fit):
            codes = np.unravel_index(int(index), shape)
            able.append(
                Cell(
                    tuple(leaves.dimensions[place] for place in places),
                    tuple(leaves.values[place][int(code)] for place, code in zip(places, codes, strict=True)),
                )
            )
    return able[int(rng.integers(len(able)))] if able else None


def _rows(leaves: Leaves, cell: Cell) -> np.ndarray:
    chosen = np.ones(len(leaves.codes), dtype=np.bool_)
    for dimension, value in zip(cell.dimensions, cell.values, strict=True):
        place = leaves.dimensions.index(dimension)
        chosen &= leaves.codes[:, place] == leaves.values[place].index(value)
    return chosen


def _hit(leaves: Leaves, cell: Cell, factor: float, rng: np.random.Generator) -> Leaves | None:
    """The fault, by thinning what came after, or by adding to it. None where a share would pass 95 %."""
    rows, after = _rows(leaves, cell), leaves.after.copy()
    whole = after[rows].astype(int)
    if factor <= 1:
        after[rows] = rng.binomial(whole, factor)
    elif leaves.under_after is None:
        after[rows] = whole + rng.binomial(whole, factor - 1)
    else:
        under = leaves.under_after[rows].astype(int)
        share = float(whole.sum()) / max(int(under.sum()), 1)
        if share * factor > _share_max:
            return None
        after[rows] = whole + rng.binomial(under - whole, share * (factor - 1) / (1 - share))
    return replace(leaves, after=after)


def _errors(leaves: Leaves, cell: Cell, factor: float, *, crowded: bool) -> float:
    """The logarithm of the factor over its standard error, at what was there before."""
    events = float(leaves.before[_rows(leaves, cell)].sum())
    own = 2 * _crowd**2 if crowded else 0.0
    return abs(log(max(factor, 1e-3))) / sqrt(1 / events + 1 / (events * max(factor, 0.1)) + own)


def _same(fault: Fault, cell: Cell) -> bool:
    if cell == fault.cell:
        return True
    weight = fault.leaves.before + fault.leaves.after
    one, other = _rows(fault.leaves, cell), _rows(fault.leaves, fault.cell)
    either = float(weight[one | other].sum())
    return either > 0 and float(weight[one & other].sum()) >= _same_events * either


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
