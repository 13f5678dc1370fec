"""Who is compared with whom when an effect is estimated without lots: the units' weights, what the groups are worth
under them, and when the answer is that there is nobody to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.causal.scores import Among, propensity_min
from warum.domain.experiment.inputs import no
from warum.domain.experiment.refuters import Observed
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

beyond_max: Final = 0.05
"""Among everyone: the share of units whose propensity may lie nearer to 0 or 1 than ``propensity_min``. With more, the
groups are different people, and no weights compare them."""
share_min: Final = 0.05
"""Among the overlap: the share of all units that it has to be worth."""
missed_min: Final = 0.65
"""Among the overlap: the mean square that the propensities miss the treatments by, in that which they promise to miss.
Right propensities have 1. Where covariates decide the treatment, a smooth model lays a seam of doubt between the
groups, and misses half of what it promises there: the seam is no overlap."""
effective_min: Final = 50.0
"""Units that each group has to be worth after weighting (Kish 1965)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison stands on; the attributes are those of ``Effect``."""

    propensity_low: float
    propensity_high: float
    beyond: float
    effective_treated: float
    effective_untreated: float
    imbalance_before: float
    imbalance_after: float
    share: float
    apart: float


def compared(data: Observed, propensity: Floats, among: Among) -> Compared | Refusal:
    """The groups under their weights, or why they cannot be compared."""
    weights = _weights(data, propensity, among)
    # How often a unit of such covariates counts, whichever group it is in.
    counted = np.ones(len(propensity)) if among is Among.EVERYONE else propensity * (1 - propensity)
    share = _effective(counted) / len(counted)
    beyond = float(((propensity < propensity_min) | (propensity > 1 - propensity_min)).mean())
    if among is Among.EVERYONE and beyond > beyond_max:
        return no(
            "no_overlap",
            f"For {beyond:.0%} of the units the covariates tell nearly for certain whether they were treated "
            f"(propensity below {propensity_min:g} or above {1 - propensity_min:g}): the groups have nobody in common "
            "who could be compared. Ask for the effect among those who could have been in either group.",
            "treated",
        )
    if among is Among.OVERLAP and (share < share_min or _missed(data, propensity) < missed_min):
        return no(
            "no_overlap",
            "The covariates tell nearly for certain whether a unit was treated: too few could have been in either "
            "group, and there is nobody to compare.",
            "treated",
        )
    with_it, without = (_effective(weights[data.treated == group]) for group in (1.0, 0.0))
    if min(with_it, without) < effective_min:
        return no(
            "effective_group_too_small",
            f"After weighting, the treated are worth {with_it:.0f} units and the untreated {without:.0f}; each group "
            f"has to be worth {effective_min:.0f}. More data are needed, or groups that are more alike.",
            "treated",
        )
    return Compared(
        propensity_low=float(np.quantile(propensity, 0.01)),
        propensity_high=float(np.quantile(propensity, 0.99)),
        beyond=beyond,
        effective_treated=with_it,
        effective_untreated=without,
        imbalance_before=_imbalance(data, np.ones(len(weights))),
        imbalance_after=_imbalance(data, weights),
        share=share,
        apart=_apart(data.covariates, counted),
    )


def _missed(data: Observed, propensity: Floats) -> float:
    promised = float((propensity * (1 - propensity)).sum())
    return float(((data.treated - propensity) ** 2).sum()) / promised if promised > 0 else 0.0


def _weights(data: Observed, propensity: Floats, among: Among) -> Floats:
    """By the chance of the other group among the overlap; else by one over that of the own."""
    own = np.where(data.treated == 1, propensity, 1 - propensity)
    if among is Among.OVERLAP:
        return 1 - own
    return 1 / np.clip(own, propensity_min, 1 - propensity_min)


def _effective(weights: Floats) -> float:
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _imbalance(data: Observed, weights: Floats) -> float:
    if not data.covariates.shape[1]:
        return 0.0
    with_it, without = (
        np.average(data.covariates[data.treated == group], axis=0, weights=weights[data.treated == group])
        for group in (1.0, 0.0)
    )
    return float(np.max(np.abs(with_it - without) / data.covariates.std(axis=0)))


def _apart(covariates: Floats, counted: Floats) -> float:
    if not covariates.shape[1]:
        return 0.0
    theirs = np.average(covariates, axis=0, weights=counted)
    return float(np.max(np.abs(theirs - covariates.mean(axis=0)) / covariates.std(axis=0)))
