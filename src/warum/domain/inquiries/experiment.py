"""Was this experiment sound? Read in the one order that is safe: whether arms were shown as they were drawn, before any
difference is looked at; then the differences, within each allocation; then attempts to refute what they say.

Intervals are those of ``experiment.sequences``: they hold at every look, so peeking is allowed. Their plan is four
times the exposures of the first seven days, which no outcome can move, and nothing is read before those are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Unit
from warum.domain.experiment.designs import Holdout, Plan, days_needed, rate_spread
from warum.domain.experiment.ratio import watch_ratio
from warum.domain.experiment.refuters import (
    Refutation,
    Verdict,
    adjusted,
    data_subset,
    e_value,
    observed,
    placebo_treatment,
    random_common_cause,
)
from warum.domain.experiment.sequences import events_min, radius
from warum.domain.explain.record import Explanation, Label, Number, Statement, state
from warum.domain.inquiries.draws import (
    OfferDraws,
    Table,
    arrived_ppm,
    figures,
    ratio_seen,
    span_words,
    table,
)
from warum.domain.packing import number
from warum.domain.shrinkage import Floats
from warum.kernel.period import DAY_US, from_us, utc_day
from warum.kernel.refusal import Refusal

week: Final = 7
planned_weeks: Final = 4
arrived_ppm_min: Final = 900_000
"""Of the conversions due; with fewer, arms that convert slowly may still catch up."""
halves_p_min: Final = 0.01
_alpha: Final = 0.05
_power: Final = 0.8
_units_max: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An arm beside the control, after each period, within allocations.

    Attributes:
        estimate, low, high: conversions per exposure, arm minus control; infinite bounds where nothing can be said.
        settled_at: the first period at whose end zero lay outside.
    """

    arm: int
    control: int
    estimate: Floats
    low: Floats
    high: Floats
    settled_at: int | None

    @property
    def told(self) -> bool:
        return bool(np.isfinite(self.low[-1]))

    @property
    def settled(self) -> bool:
        return self.told and self.settled_at is not None and (self.low[-1] > 0 or self.high[-1] < 0)

    @property
    def strength(self) -> float:
        """How far from nothing, in widths of the interval."""
        width = float(self.high[-1] - self.low[-1])
        return abs(float(self.estimate[-1])) / width if self.told and width > 0 else 0.0


def stratified(
    exposures: Floats, kept: Floats, strata: Sequence[int], *, planned_units: float, alpha: float
) -> tuple[Floats, Floats]:
    """The difference of two rates within strata after each period, and half its interval (infinite until enough is
    known).

    The difference of each stratum counts by *n1 n2 / (n1 + n2)* (Mantel and Haenszel 1959; Greenland and Robins 1985),
    so that a level which moves when the shares do moves nothing. With one stratum it is that of
    ``sequences.rate_differences``.

    Args:
        exposures, kept: periods x 2, the arm first; no more kept than exposures.
        strata: of each period.
        planned_units: of both arms together, set before.
        alpha: chance of a miss over all looks.
    """
    labels = sorted(set(strata))
    inside = (np.array(strata)[:, None] == np.array(labels)).astype(np.float64)
    # Periods x strata x arms, running totals.
    units = (inside[:, :, None] * exposures[:, None, :]).cumsum(axis=0)
    hits = (inside[:, :, None] * kept[:, None, :]).cumsum(axis=0)
    seen = np.maximum(units, 1.0)
    rate = hits / seen
    whole = np.maximum(units.sum(axis=2), 1.0)
    weight = units.prod(axis=2) / whole
    common = hits.sum(axis=2) / whole
    apart = (rate * (1 - rate) / seen).sum(axis=2)
    alike = common * (1 - common) * (1 / seen).sum(axis=2)
    total = np.maximum(weight.sum(axis=1), 1e-12)
    estimate = (weight * (rate[:, :, 0] - rate[:, :, 1])).sum(axis=1) / total
    error = np.sqrt((weight**2 * np.maximum(apart, alike)).sum(axis=1)) / total
    fewer = np.minimum(hits.sum(axis=2), units.sum(axis=2) - hits.sum(axis=2)) * units.min(axis=2) / whole
    clock = np.maximum(exposures.sum(axis=1).cumsum(), 1.0) / planned_units
    told = fewer.sum(axis=1) >= events_min
    return estimate, np.where(told, radius(clock, alpha) * error, np.inf)


def explain_experiment(draws: OfferDraws, rng: np.random.Generator, *, control: int | None = None) -> Explanation:
    """Whether the comparison of an offer's arms over a span can be relied on, and what it says if so.

    Args:
        rng: of the refuters.
        control: the arm that others are compared with; the first one where it is None or was not shown.
    """
    span = span_words(draws)
    arms = draws.arms_drawn()
    counts = table(draws, arms)
    if not counts.exposures.sum():
        claim = state("experiment.no_exposures", **span)
        return _cannot_tell(draws, "no_exposures", claim, (state("help.show"),))
    shown = [arm for index, arm in enumerate(arms) if counts.exposures[:, index].sum() > 0]
    if len(arms) < 2 or len(shown) < 2:
        return _cannot_tell(draws, "one_arm", state("experiment.one_arm", **span), (state("help.longer"),))
    ratio = watch_ratio(counts.exposures, counts.shares)
    if isinstance(ratio, Refusal) or ratio.broken:
        return _ratio_broken(draws, 0.0 if isinstance(ratio, Refusal) else ratio.p_value)
    first = control if control in shown else shown[0]
    pairs = [_pair(draws, counts, arm, first, len(shown) - 1) for arm in shown if arm != first]
    told = [pair for pair in pairs if pair.told]
    if not told:
        kept = int(counts.kept.sum())
        claim = state("experiment.thin", conversions=kept, **span)
        help_ = (*_week_help(draws), state("help.longer"))
        return _cannot_tell(draws, "thin", claim, help_, _facts(draws, counts, ratio.p_value))
    best = max(told, key=lambda pair: (pair.settled, pair.strength))
    return _read(draws, counts, pairs, best, ratio.p_value, rng)


def _read(
    draws: OfferDraws, counts: Table, pairs: Sequence[Pair], best: Pair, chance: float, rng: np.random.Generator
) -> Explanation:
    refuters = _refuted(draws, counts, best, rng) if best.settled else ()
    shaken = any(statement.code.startswith("experiment.shaken.") for statement in refuters)
    missing = _missing(draws, counts, best)
    if shaken:
        verdict, claim = "not_sound", state("experiment.not_sound")
        change = (state("experiment.help.cause"),)
    elif missing:
        verdict, claim, change = "sound_but_open", state("experiment.open"), missing
    else:
        side = "above" if best.low[-1] > 0 else "below"
        verdict = "sound"
        claim = state(f"experiment.sound_{side}", arm=best.arm, control_arm=best.control)
        pending = int(counts.pending.sum())
        change = (
            state("experiment.change.ratio"),
            *((state("experiment.change.declines", pending=pending),) if pending else ()),
        )
    return Explanation(
        inquiry="experiment",
        label=Label.ESTIMATE,
        verdict=verdict,
        currency=draws.currency,
        claim=claim,
        number=Number(
            name="effect",
            value=_ppm(float(best.estimate[-1])),
            low=_ppm(float(best.low[-1])),
            high=_ppm(float(best.high[-1])),
            unit=Unit.RATIO,
            confidence_ppm=round((1 - _alpha) * PROPENSITY_ONE),
        ),
        reasons=(
            *(_said(pair) for pair in pairs),
            *_settled_day(draws, best),
            *_facts(draws, counts, chance),
            state("experiment.peeking"),
        ),
        considered=refuters,
        would_change=change,
        sureness=state("experiment.sure", confidence_ppm=round((1 - _alpha) * PROPENSITY_ONE)),
        limits=(state("experiment.others"), *_late(draws)),
        figures=figures(draws, counts.arms),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _cannot_tell(
    draws: OfferDraws,
    why: str,
    claim: Statement,
    would_help: tuple[Statement, ...],
    reasons: tuple[Statement, ...] = (),
) -> Explanation:
    return Explanation(
        inquiry="experiment",
        label=Label.ABSTAINS,
        verdict=f"cannot_tell_{why}",
        currency=draws.currency,
        claim=claim,
        reasons=reasons,
        would_change=would_help,
        sureness=state("sure.unknown"),
        figures=figures(draws, draws.arms_drawn()),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _ratio_broken(draws: OfferDraws, chance: float) -> Explanation:
    """No effect is told, and so no conversions either."""
    shown = tuple(figure for figure in figures(draws, draws.arms_drawn()) if figure.name == "exposures")
    return Explanation(
        inquiry="experiment",
        label=Label.ESTIMATE,
        verdict="not_sound",
        currency=draws.currency,
        claim=state("experiment.ratio", chance_p=_short(chance)),
        reasons=ratio_seen(draws),
        would_change=(state("help.measurement"),),
        sureness=state("experiment.sure_ratio"),
        figures=shown,
        sources=(draws.source(draws.drawn_at),),
    )


def _pair(draws: OfferDraws, counts: Table, arm: int, control: int, pairs: int) -> Pair:
    columns = [counts.arms.index(arm), counts.arms.index(control)]
    # An allocation that drew only one of the two says nothing of the other.
    both = (counts.shares[:, columns].min(axis=1, keepdims=True) > 0).astype(np.float64)
    exposures = counts.exposures[:, columns] * both
    kept = np.minimum(counts.kept[:, columns] * both, exposures)
    over = _week_over(draws)
    planned = planned_weeks * float(exposures[: over + 1].sum())
    strata = [period.allocation for period in draws.periods]
    estimate, reach = stratified(exposures, kept, strata, planned_units=max(planned, 1.0), alpha=_alpha / pairs)
    looked = (np.arange(len(reach)) >= over) & (draws.days >= week) & (planned > 0)
    reach = np.where(looked, reach, np.inf)
    outside = np.flatnonzero(np.abs(estimate) > reach)
    return Pair(
        arm=arm,
        control=control,
        estimate=estimate,
        low=estimate - reach,
        high=estimate + reach,
        settled_at=int(outside[0]) if len(outside) else None,
    )


def _week_over(draws: OfferDraws) -> int:
    """The first period by whose end seven days have passed; the last one, where they have not."""
    begun_us = draws.periods[0].from_us
    over = [index for index, period in enumerate(draws.periods) if period.until_us - begun_us >= week * DAY_US]
    return over[0] if over else len(draws.periods) - 1


def _missing(draws: OfferDraws, counts: Table, best: Pair) -> tuple[Statement, ...]:
    """What there would have to be for the answer to be settled."""
    waits = arrived_ppm(draws) < arrived_ppm_min
    return (
        *_week_help(draws),
        *((state("experiment.help.wait", arrived_ppm=arrived_ppm(draws)),) if waits else ()),
        *(() if best.settled else _how_long(draws, counts, best)),
    )


def _week_help(draws: OfferDraws) -> tuple[Statement, ...]:
    return (state("experiment.help.weeks"),) if draws.days < week or len(_weekdays(draws)) < week else ()


def _how_long(draws: OfferDraws, counts: Table, best: Pair) -> tuple[Statement, ...]:
    columns = [counts.arms.index(best.arm), counts.arms.index(best.control)]
    exposures, kept = counts.exposures[:, columns].sum(axis=0), counts.kept[:, columns].sum(axis=0)
    spread = rate_spread(min(float(kept.sum() / exposures.sum()), 0.999))
    gap = float(best.estimate[-1])
    alike = (state("experiment.help.alike"),)
    if isinstance(spread, Refusal) or not isfinite(gap) or gap == 0.0:
        return alike
    share = float(exposures.min() / exposures.sum())
    design = Holdout(units_day=float(exposures.sum()) / max(draws.days, 1), held_out=share, spread=spread)
    plan = days_needed(design, gap, power=_power, always=True)
    if not isinstance(plan, Plan):
        return alike
    more = max(plan.days - draws.days, 1)
    return (state("experiment.help.days_more", days=more, power_ppm=round(_power * PROPENSITY_ONE)),)


def _said(pair: Pair) -> Statement:
    if not pair.told:
        return state("experiment.pair_thin", arm=pair.arm, control_arm=pair.control)
    return state(
        "experiment.pair",
        arm=pair.arm,
        control_arm=pair.control,
        effect_points_ppm=_ppm(float(pair.estimate[-1])),
        low_points_ppm=_ppm(float(pair.low[-1])),
        high_points_ppm=_ppm(float(pair.high[-1])),
    )


def _settled_day(draws: OfferDraws, best: Pair) -> tuple[Statement, ...]:
    if not best.settled or best.settled_at is None:
        return ()
    day = from_us(draws.periods[best.settled_at].until_us - 1).date()
    return (state("experiment.settled", settled_day=day.isoformat()),)


def _facts(draws: OfferDraws, counts: Table, chance: float) -> tuple[Statement, ...]:
    """What was seen, and what held."""
    rates: list[Statement] = []
    for index, arm in enumerate(counts.arms):
        exposures, kept = int(counts.exposures[:, index].sum()), int(counts.kept[:, index].sum())
        if exposures:
            rate = round(kept / exposures * PROPENSITY_ONE)
            rates.append(state("experiment.rate", arm=arm, kept=kept, exposures=exposures, kept_rate_ppm=rate))
    allocations = len({period.allocation for period in draws.periods})
    changed = state("experiment.allocations", allocations=allocations)
    return (
        *rates,
        state("draws.ratio.fine", chance_p=_short(chance)),
        changed if allocations > 1 else state("experiment.allocation_kept"),
        state("experiment.days", days=draws.days, weekdays=len(_weekdays(draws))),
    )


def _late(draws: OfferDraws) -> tuple[Statement, ...]:
    arrived = arrived_ppm(draws)
    return (state("draws.arrived", arrived_ppm=arrived),) if arrived < 990_000 else ()


def _weekdays(draws: OfferDraws) -> set[int]:
    return {utc_day(period.from_us) % week for period in draws.periods if any(count.exposures for count in period.arms)}


# Attempts to refute ---------------------------------------------------------------------------------------------------


def _refuted(draws: OfferDraws, counts: Table, best: Pair, rng: np.random.Generator) -> tuple[Statement, ...]:
    columns = [counts.arms.index(best.arm), counts.arms.index(best.control)]
    exposures, kept = counts.exposures[:, columns], np.minimum(counts.kept[:, columns], counts.exposures[:, columns])
    strata = [period.allocation for period in draws.periods]
    lines = [_halves(exposures, kept, strata)]
    outcome, treated, covariates = _units(exposures, kept, strata, rng)
    data = observed(outcome, treated, covariates if covariates.shape[1] else None)
    if not isinstance(data, Refusal):
        for refuter in (placebo_treatment, random_common_cause, data_subset):
            made = refuter(data, rng, estimator=adjusted)
            if isinstance(made, Refutation) and made.verdict is not Verdict.OPEN:
                lines.append(_refutation(made))
    e = e_value(exposures.sum(axis=0)[::-1], kept.sum(axis=0)[::-1])
    if not isinstance(e, Refusal):
        lines.append(state("experiment.e_value", times=_short(e.e_value_interval)))
    return tuple(line for line in lines if line is not None)


def _refutation(made: Refutation) -> Statement:
    code = f"experiment.{made.verdict.value}.{made.refuter}"
    match made.refuter:
        case "placebo_treatment":
            return state(code, chance_p=_short(made.share))
        case "data_subset":
            return state(code, flips_ppm=round(made.share * PROPENSITY_ONE))
        case _:
            return state(code)


def _halves(exposures: Floats, kept: Floats, strata: Sequence[int]) -> Statement | None:
    """The difference before and after half of the exposures; None where a half has not enough to say."""
    sofar = exposures.sum(axis=1).cumsum()
    half = int((sofar < sofar[-1] / 2).sum()) + 1
    told: list[tuple[float, float]] = []
    for part in (slice(None, half), slice(half, None)):
        if not exposures[part].sum():
            return None
        # At the planned end of one look the boundary is a number of standard errors that divides out.
        planned = float(exposures[part].sum())
        estimate, reach = stratified(exposures[part], kept[part], strata[part], planned_units=planned, alpha=_alpha)
        if not isfinite(float(reach[-1])):
            return None
        told.append((float(estimate[-1]), float(reach[-1]) / float(radius(np.ones(1), _alpha)[0])))
    (first, first_error), (second, second_error) = told
    error = sqrt(first_error**2 + second_error**2)
    chance = float(2 * special.ndtr(-abs(first - second) / error)) if error > 0 else 1.0
    return state(
        f"experiment.{'held' if chance >= halves_p_min else 'shaken'}.halves",
        first_points_ppm=_ppm(first),
        second_points_ppm=_ppm(second),
        chance_p=_short(chance),
    )


def _units(
    exposures: Floats, kept: Floats, strata: Sequence[int], rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """(outcome, treated, allocation as covariates), a unit for some exposures of one arm in one period."""
    bundle = max(1.0, float(exposures.sum()) / _units_max)
    labels = sorted(set(strata))[1:]
    outcomes: list[Floats] = []
    treated: list[Floats] = []
    covariates: list[Floats] = []
    for row, stratum in enumerate(strata):
        for column in (0, 1):
            seen = float(exposures[row, column])
            if not seen:
                continue
            units = max(1, int(seen / bundle))
            hits = np.zeros(units)
            np.add.at(hits, rng.integers(units, size=int(kept[row, column])), units / seen)
            outcomes.append(hits)
            treated.append(np.full(units, 1.0 - column))
            covariates.append(np.tile(np.array([float(stratum == label) for label in labels]), (units, 1)))
    return np.concatenate(outcomes), np.concatenate(treated), np.concatenate(covariates)


def _ppm(value: float) -> int:
    return round(value * PROPENSITY_ONE)


def _short(value: float) -> str:
    """Two significant digits."""
    return number(float(f"{value:.2g}"))
