"""An effect together with the attempts to refute it, made with the estimator that found it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.causal.effect import Effect, effect_of, fits_of, in_order
from warum.domain.causal.learners import Learner, spline_logistic, spline_ridge
from warum.domain.causal.scores import Among, estimate
from warum.domain.experiment.inputs import Row, Table, level
from warum.domain.experiment.refuters import (
    Estimate,
    Observed,
    Refutation,
    Sensitivity,
    Verdict,
    data_subset,
    observed,
    placebo_outcome,
    placebo_treatment,
    random_common_cause,
    unmeasured_confounder,
)
from warum.kernel.refusal import Refusal

runs_default: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An effect and what became of the attempts on it, in the order in which they were made."""

    effect: Effect
    attempts: tuple[Refutation | Sensitivity, ...]

    @property
    def shaken(self) -> tuple[str, ...]:
        """The refuters that it did not survive; none is no proof."""
        return tuple(attempt.refuter for attempt in self.attempts if attempt.verdict is Verdict.SHAKEN)


def examined(
    outcome: Row,
    treated: Row,
    covariates: Table,
    rng: np.random.Generator,
    *,
    before: Row | None = None,
    among: Among = Among.EVERYONE,
    of_outcome: Learner = spline_ridge,
    of_treatment: Learner = spline_logistic,
    runs: int = runs_default,
    alpha: float = 0.05,
) -> Examined | Refusal:
    """The effect as ``estimate_effect`` has it, and: a shuffled treatment, a covariate of pure chance, parts of the
    data, an outcome from before the treatment where there is one, and a confounder as strong as the strongest known.

    Args:
        before: the outcome from before the treatment, one number for each unit, and not among the covariates.
        among: as in ``estimate_effect``.
        runs: of each of the first three, at least 20.

    Returns:
        What ``estimate_effect`` or a refuter refuses.
    """
    if refused := level(alpha):
        return refused
    data = observed(outcome, treated, covariates)
    if isinstance(data, Refusal):
        return data
    data, order = in_order(data)
    if before is not None and len(before) == len(order):  # another length is refused below
        before = np.asarray(before)[order]
    fits = fits_of(data, rng, of_outcome, of_treatment)
    if isinstance(fits, Refusal):
        return fits
    effect = effect_of(data, fits, among, alpha)
    if isinstance(effect, Refusal):
        return effect

    # The same split every time: what an attempt changes should not be hidden behind what another split would.
    seed = int(rng.integers(2**63))

    def estimator(changed: Observed) -> Estimate:
        return estimate(changed, np.random.default_rng(seed), among, of_outcome, of_treatment)

    made: list[Refutation | Sensitivity | Refusal] = [
        placebo_treatment(data, rng, estimator=estimator, runs=runs, alpha=alpha),
        random_common_cause(data, rng, estimator=estimator, runs=runs),
        data_subset(data, rng, estimator=estimator, runs=runs),
        *([] if before is None else [placebo_outcome(data, before, estimator=estimator, alpha=alpha)]),
        unmeasured_confounder(data, alpha=alpha),
    ]
    attempts: list[Refutation | Sensitivity] = []
    for attempt in made:
        if isinstance(attempt, Refusal):
            return attempt
        attempts.append(attempt)
    return Examined(effect=effect, attempts=tuple(attempts))
