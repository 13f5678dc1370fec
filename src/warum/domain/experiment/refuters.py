"""Attempts to refute an effect. One that survives is not thereby true; one that does not should not be acted on.

The first three and the idea are those of DoWhy (Sharma and Kiciman 2020): a treatment that was shuffled must have no
effect, a cause that is pure chance must not move it, a part of the data must tell the same. None of them sees a
confounder that nobody recorded. For that there are three others: an outcome from *before* the treatment, on which it
can have no effect (a negative control: Lipsitch, Tchetgen and Cohen 2010); how strong a confounder would have to be
beside those that are known (Cinelli and Hazlett 2020, "Making sense of sensitivity"); and the E-value (VanderWeele and
Ding 2017).

Randomness is an argument, and so is the estimator: what is refuted is what was used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import copysign, exp, log, sqrt
from typing import Final, TypeAlias, cast

import numpy as np
from scipy import special

from warum.domain.experiment.inputs import Row, Table, level, no, numbers
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

group_min: Final = 10
"""Units with and without the treatment that an effect needs to be worth refuting."""

_shift_max: Final = 0.25
"""Standard errors that a cause of pure chance may move an effect."""
_flips_max: Final = 0.05


class Verdict(StrEnum):
    """``HELD``: it survived. ``SHAKEN``: it did not. ``OPEN``: there is nothing to judge it by."""

    HELD = "held"
    SHAKEN = "shaken"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Units with an outcome, whether they were treated (1 or 0), and what else is known of them (units x covariates,
    perhaps none). Made by ``observed``."""

    outcome: Floats
    treated: Floats
    covariates: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An effect in the units of the outcome, and its standard error."""

    effect: float
    error: float


Estimator: TypeAlias = Callable[[Observed], Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """What became of an attempt.

    Attributes:
        effect: as it was to be refuted.
        seen: what the attempt saw in its place (a mean over runs), in the same units.
        low, high: where 95 % of the runs lie, or the interval of the one.
        share: of runs that speak against the effect: placebo effects as large as it, subsets of the other sign; where
            there is one run, its p-value.
    """

    refuter: str
    verdict: Verdict
    effect: float
    seen: float
    low: float
    high: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How strong an unmeasured confounder would have to be.

    Attributes:
        robustness: the share of what is left to explain, of the treatment and of the outcome alike, that it would have
            to explain to bring the effect to zero.
        robustness_interval: the same, to bring zero into the interval.
        strongest: the covariate whose likes would move the effect most; None without covariates.
        effect_at, low_at, high_at: effect and interval, were there another one as strong as that.
    """

    refuter: str
    verdict: Verdict
    effect: float
    robustness: float
    robustness_interval: float
    strongest: int | None
    effect_at: float
    low_at: float
    high_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EValue:
    """The risk ratio that a confounder would need with both treatment and outcome to explain an effect away.

    Attributes:
        ratio, low, high: the risk ratio observed, and its interval.
        e_value: for the estimate.
        e_value_interval: for the end of the interval that is nearer to 1; 1 where the interval has 1.
    """

    refuter: str
    verdict: Verdict
    ratio: float
    low: float
    high: float
    e_value: float
    e_value_interval: float


def observed(outcome: Row, treated: Row, covariates: Table | None = None) -> Observed | Refusal:
    """Data that an effect can be estimated from.

    Args:
        outcome, treated: one number for each unit; treated is 1 or 0.
        covariates: units x covariates, known before the treatment.

    Returns:
        A refusal for: missing values, lengths that differ, a treatment that is not 0 or 1, fewer than ten units with or
        without it, an outcome or a covariate that never varies, fewer units than ten beyond the covariates.
    """
    result, given = numbers(outcome, "outcome", 1), numbers(treated, "treated", 1)
    if isinstance(result, Refusal):
        return result
    if isinstance(given, Refusal):
        return given
    known = np.empty((len(result), 0)) if covariates is None else numbers(covariates, "covariates", 2)
    if isinstance(known, Refusal):
        return known
    if not len(result) == len(given) == len(known):
        return no("shape_wrong", "outcome, treated and covariates need one row for each unit.", "treated")
    if not np.isin(given, (0.0, 1.0)).all():
        return no("treatment_not_binary", "treated has values other than 0 and 1.", "treated")
    with_it = int(given.sum())
    fewer = min(with_it, len(given) - with_it)
    if fewer == 0:
        return no("one_arm", "All units are in one group; an effect needs treated and untreated ones.", "treated")
    if fewer < group_min or len(given) < known.shape[1] + group_min:
        return no(
            "too_few_units",
            f"{with_it} treated and {len(given) - with_it} untreated units with {known.shape[1]} covariates; "
            f"each group needs {group_min}, and both together {group_min} more than covariates.",
            "treated",
        )
    if result.max() == result.min():
        return no("constant_series", "The outcome is the same for all units.", "outcome")
    same = np.flatnonzero(known.max(axis=0) == known.min(axis=0)) if known.shape[1] else np.empty(0)
    if len(same):
        return no("constant_series", f"Covariate {int(same[0])} is the same for all units.", "covariates")
    # The treatment itself among the covariates, or one twice, leaves nothing that could be told apart.
    design = np.column_stack([np.ones(len(given)), given, known])
    if np.linalg.matrix_rank(design / np.abs(design).max(axis=0)) < design.shape[1]:
        return no("covariates_dependent", "The treatment or a covariate follows from the others.", "covariates")
    return Observed(outcome=result, treated=given, covariates=known)


def adjusted(data: Observed) -> Estimate:
    """The coefficient of the treatment, covariates held fixed (least squares; errors by White 1980, HC1)."""
    design = np.column_stack([np.ones(len(data.treated)), data.treated, data.covariates])
    inverse = np.linalg.pinv(design.T @ design)
    left = data.outcome - design @ (inverse @ design.T @ data.outcome)
    row = design @ inverse[1]
    error = sqrt(float(row**2 @ left**2) * len(left) / max(len(left) - design.shape[1], 1))
    return Estimate(effect=float(row @ data.outcome), error=error)


def unadjusted(data: Observed) -> Estimate:
    """The difference of means."""
    return adjusted(Observed(outcome=data.outcome, treated=data.treated, covariates=np.empty((len(data.treated), 0))))


def placebo_treatment(
    data: Observed, rng: np.random.Generator, *, estimator: Estimator = adjusted, runs: int = 200, alpha: float = 0.05
) -> Refutation | Refusal:
    """The treatment is shuffled among the units. Shaken where placebos do as well as the treatment, or where the
    estimator finds an effect of the placebos on average (then it is the estimator that is broken)."""
    if refused := _runs(runs, alpha):
        return refused
    effect = estimator(data).effect
    effects = np.array([estimator(_with(data, treated=rng.permutation(data.treated))).effect for _ in range(runs)])
    as_large = (1 + int((np.abs(effects) >= abs(effect)).sum())) / (runs + 1)
    # Four standard errors of the mean of the runs: one sound estimator in 16,000 is blamed.
    biased = abs(float(effects.mean())) > 4 * float(effects.std()) / sqrt(runs) + 1e-12
    return _over(
        "placebo_treatment", Verdict.SHAKEN if as_large > alpha or biased else Verdict.HELD, effect, effects, as_large
    )


def random_common_cause(
    data: Observed, rng: np.random.Generator, *, estimator: Estimator = adjusted, runs: int = 50
) -> Refutation | Refusal:
    """A covariate of pure chance is added. Shaken where it moves the effect by more than a quarter of its error."""
    if refused := _runs(runs, 0.05):
        return refused
    whole = estimator(data)
    effects = np.array(
        [
            estimator(
                _with(data, covariates=np.column_stack([data.covariates, rng.standard_normal(len(data.treated))]))
            ).effect
            for _ in range(runs)
        ]
    )
    moved = np.abs(effects - whole.effect) > _shift_max * whole.error
    verdict = Verdict.SHAKEN if float(moved.mean()) > _flips_max else Verdict.HELD
    return _over("random_common_cause", verdict, whole.effect, effects, float(moved.mean()))


def data_subset(
    data: Observed, rng: np.random.Generator, *, estimator: Estimator = adjusted, share: float = 0.8, runs: int = 100
) -> Refutation | Refusal:
    """Estimated again from a part of each group. Shaken where more than 5 % of the parts have the other sign, or where
    the parts spread twice as far as the stated error explains: then that is too small."""
    if refused := _runs(runs, 0.05):
        return refused
    if not 0.0 < share < 1.0:
        return no("share_outside", "The share of a subset has to lie between 0 and 1.", "share")
    whole = estimator(data)
    groups = [np.flatnonzero(data.treated == group) for group in (0.0, 1.0)]
    effects = np.zeros(runs)
    for run in range(runs):
        kept = np.concatenate([rng.choice(group, max(2, int(share * len(group))), replace=False) for group in groups])
        effects[run] = estimator(
            Observed(outcome=data.outcome[kept], treated=data.treated[kept], covariates=data.covariates[kept])
        ).effect
    flips = float((np.sign(effects) != np.sign(whole.effect)).mean())
    scattered = float(effects.std()) > 2 * whole.error * sqrt(1 / share - 1)
    verdict = Verdict.SHAKEN if flips > _flips_max or scattered else Verdict.HELD
    return _over("data_subset", verdict, whole.effect, effects, flips)


def placebo_outcome(
    data: Observed, before: Row, *, estimator: Estimator = adjusted, alpha: float = 0.05
) -> Refutation | Refusal:
    """The effect on an outcome from before the treatment (not among the covariates). Shaken where there is one: then
    the groups differed already, and no adjustment took care of it."""
    earlier = numbers(before, "before", 1)
    if isinstance(earlier, Refusal):
        return earlier
    if refused := level(alpha):
        return refused
    if len(earlier) != len(data.treated):
        return no("shape_wrong", "before needs one number for each unit.", "before")
    if earlier.max() == earlier.min():
        return no("constant_series", "The outcome before the treatment is the same for all units.", "before")
    effect, seen = estimator(data).effect, estimator(_with(data, outcome=earlier))
    reach = float(special.ndtri(1 - alpha / 2)) * seen.error
    p_value = float(2 * special.ndtr(-abs(seen.effect) / seen.error)) if seen.error > 0 else 0.0
    return Refutation(
        refuter="placebo_outcome",
        verdict=Verdict.SHAKEN if abs(seen.effect) > reach else Verdict.HELD,
        effect=effect,
        seen=seen.effect,
        low=seen.effect - reach,
        high=seen.effect + reach,
        share=p_value,
    )


def unmeasured_confounder(data: Observed, *, alpha: float = 0.05, times: float = 1.0) -> Sensitivity | Refusal:
    """How the adjusted effect would stand beside a confounder ``times`` as strong as any of the known covariates.

    Shaken where such a one could bring zero into the interval; open without covariates, since how strong an unknown
    one may be can then not be told (in a randomised trial there is none). The estimator is least squares, with errors
    that take the outcome's spread as the same throughout, as the theory has it.
    """
    if refused := level(alpha):
        return refused
    if not times > 0:
        return no("share_outside", "A confounder has to be more than 0 times as strong.", "times")
    others = np.column_stack([np.ones(len(data.treated)), data.covariates])
    design = np.column_stack([data.treated, others])
    freedom = len(data.treated) - design.shape[1]
    rest_y, rest_t = _rest(data.outcome, others), _rest(data.treated, others)
    effect = float(rest_y @ rest_t / (rest_t @ rest_t))
    error = sqrt(float(((rest_y - effect * rest_t) ** 2).sum()) / freedom / float(rest_t @ rest_t))
    if not error > 0:
        return no("constant_series", "The outcome follows exactly from treatment and covariates.", "outcome")
    limit = float(special.stdtrit(freedom - 1, 1 - alpha / 2))
    strongest: int | None = None
    at = (effect, effect - limit * error, effect + limit * error)
    for index in range(data.covariates.shape[1]):
        told = _beside(data, index, times, effect, error, freedom, limit)
        if strongest is None or copysign(1.0, effect) * told[0] < copysign(1.0, effect) * at[0]:
            strongest, at = index, told
    if strongest is None:
        verdict = Verdict.OPEN
    else:
        verdict = Verdict.HELD if (at[1] > 0) == (at[2] > 0) and at[0] * effect > 0 else Verdict.SHAKEN
    away = abs(effect) / error / sqrt(freedom)
    return Sensitivity(
        refuter="unmeasured_confounder",
        verdict=verdict,
        effect=effect,
        robustness=_robustness(away),
        robustness_interval=_robustness(max(0.0, away - limit / sqrt(freedom - 1))),
        strongest=strongest,
        effect_at=at[0],
        low_at=at[1],
        high_at=at[2],
    )


def e_value(units: Row, successes: Row, *, plausible: float = 2.0, alpha: float = 0.05) -> EValue | Refusal:
    """The E-value of a difference of rates.

    Args:
        units, successes: two numbers each, untreated first.
        plausible: the risk ratio that an unmeasured confounder may well have with treatment and outcome; shaken where
            less than that brings 1 into the interval.

    Returns:
        A refusal for: missing or negative values, not two groups, a group without units or without successes.
    """
    seen, hits = numbers(units, "units", 1), numbers(successes, "successes", 1)
    if isinstance(seen, Refusal):
        return seen
    if isinstance(hits, Refusal):
        return hits
    if refused := level(alpha):
        return refused
    if len(seen) != 2 or len(hits) != 2:
        return no("not_two_arms", "An E-value compares two groups, the untreated first.", "units")
    if (hits < 0).any() or (seen < 0).any():
        return no("negative_count", "Units and successes cannot be negative.", "successes")
    if (seen == 0).any():
        return no("no_impressions", f"Group {int(seen.argmin())} has no units.", "units")
    if (hits > seen).any():
        return no("more_than_seen", "There are more successes than units.", "successes")
    if (hits == 0).any():
        return no("too_few_events", f"Group {int(hits.argmin())} has no success; a risk ratio needs one.", "successes")
    ratio = float(hits[1] / seen[1] / (hits[0] / seen[0]))
    reach = float(special.ndtri(1 - alpha / 2)) * sqrt(float((1 / hits - 1 / seen).sum()))
    low, high = exp(log(ratio) - reach), exp(log(ratio) + reach)
    nearer = 1.0 if low <= 1.0 <= high else low if low > 1.0 else high
    needed = _e_value(nearer)
    return EValue(
        refuter="e_value",
        verdict=Verdict.HELD if needed >= plausible else Verdict.SHAKEN,
        ratio=ratio,
        low=low,
        high=high,
        e_value=_e_value(ratio),
        e_value_interval=needed,
    )


def _e_value(ratio: float) -> float:
    above = max(ratio, 1 / ratio)
    return above + sqrt(above * (above - 1))


def _robustness(away: float) -> float:
    return 0.5 * (sqrt(away**4 + 4 * away**2) - away**2)


def _beside(
    data: Observed, index: int, times: float, effect: float, error: float, freedom: int, limit: float
) -> tuple[float, float, float]:
    """Effect and interval beside a confounder ``times`` as strong as this covariate (Cinelli and Hazlett 2020, section
    4.4); zero and everything where none could be as strong."""
    others = np.column_stack([np.ones(len(data.treated)), np.delete(data.covariates, index, axis=1)])
    covariate = data.covariates[:, index]
    with_t = _shared(data.treated, covariate, others)
    with_y = _shared(data.outcome, covariate, np.column_stack([others, data.treated]))
    of_t = times * with_t / (1 - with_t)
    if of_t >= 1 or times * with_t >= 1:
        return 0.0, -np.inf, np.inf
    linked = times * with_t**2 / ((1 - times * with_t) * (1 - with_t))
    if linked >= 1:
        return 0.0, -np.inf, np.inf
    of_y = ((sqrt(times) + sqrt(linked)) / sqrt(1 - linked)) ** 2 * with_y / (1 - with_y)
    of_y = min(of_y, 1.0)
    moved = effect - copysign(1.0, effect) * error * sqrt(freedom) * sqrt(of_y * of_t / (1 - of_t))
    wide = limit * error * sqrt((1 - of_y) / (1 - of_t)) * sqrt(freedom / (freedom - 1))
    return moved, moved - wide, moved + wide


def _shared(target: Floats, covariate: Floats, others: Floats) -> float:
    """Partial R squared of the covariate with the target, the others held fixed."""
    left, right = _rest(target, others), _rest(covariate, others)
    both = float(left @ left) * float(right @ right)
    return min(float(left @ right) ** 2 / both, 1 - 1e-12) if both > 0 else 0.0


def _rest(target: Floats, others: Floats) -> Floats:
    """What the others do not explain."""
    solved = cast("Floats", np.linalg.lstsq(others, target)[0])
    return target - others @ solved


def _with(
    data: Observed, *, outcome: Floats | None = None, treated: Floats | None = None, covariates: Floats | None = None
) -> Observed:
    return Observed(
        outcome=data.outcome if outcome is None else outcome,
        treated=data.treated if treated is None else treated,
        covariates=data.covariates if covariates is None else covariates,
    )


def _over(refuter: str, verdict: Verdict, effect: float, effects: Floats, share: float) -> Refutation:
    low, high = (float(bound) for bound in np.quantile(effects, (0.025, 0.975)))
    return Refutation(
        refuter=refuter,
        verdict=verdict,
        effect=effect,
        seen=float(effects.mean()),
        low=low,
        high=high,
        share=share,
    )


def _runs(runs: int, alpha: float) -> Refusal | None:
    if runs < 20:
        return no("too_few_runs", "Fewer than 20 runs tell nothing of how often.", "runs")
    return level(alpha)
