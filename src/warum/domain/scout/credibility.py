"""What is known of one publisher when little is: its own mean, drawn towards those of its like.

Credibility as in Bühlmann and Straub (1970), with crossed groups for the prior mean (Dannenburg 1995): a publisher's
true mean is an overall mean, plus what its groups (kind, vertical, region) add, plus an effect of its own, all of them
normal with unknown variances. Variances are found by expectation and maximisation, so the data say how much a group is
worth, and how many sales it takes before a publisher is judged by its own record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.arrays import Floats, Ints, inverse

_steps: Final = 60
_variance_min_share: Final = 0.02
"""No variance falls below this share of the spread that is seen: a few publishers cannot show that all are alike."""


@dataclass(frozen=True, slots=True)
class Credible:
    """After the data, one entry per publisher.

    Attributes:
        mean: what is expected of it.
        variance: of its true mean.
        prior: what its groups alone would say.
        weight: how much its own record counts, 0 to 1.
    """

    mean: Floats
    variance: Floats
    prior: Floats
    weight: Floats


def credible(means: Floats, sizes: Floats, within: float, groups: Sequence[Ints]) -> Credible:
    """Each publisher's mean with its share of credibility.

    Args:
        means: observed, one per publisher; read only where ``sizes`` is positive.
        sizes: how many independent observations each mean rests on.
        within: variance of one observation.
        groups: for each factor the level of every publisher, numbered from zero.
    """
    seen = sizes > 0
    observed = np.where(seen, means, 0.0)
    noise = np.where(seen, within / np.maximum(sizes, 1e-12), np.inf)
    design, factor_of = _design(groups, len(means))
    spread = max(float(np.var(means[seen])) if seen.sum() > 1 else 0.0, 1e-6)
    least = _variance_min_share * spread
    own = spread / 2
    factors = np.full(len(groups), spread / 4)
    effects, covariance = np.zeros(design.shape[1]), np.zeros((design.shape[1],) * 2)
    for _ in range(_steps):
        precision = np.where(seen, 1.0 / (own + noise), 0.0)
        prior = np.concatenate([[1e-9], 1.0 / factors[factor_of]])
        covariance = inverse((design * precision[:, None]).T @ design + np.diag(prior))
        effects = covariance @ (design.T @ (precision * observed))
        weight = np.where(seen, own / (own + noise), 0.0)
        left = weight * (observed - design @ effects)
        of_design = np.einsum("ij,jk,ik->i", design, covariance, design)
        square = left**2 + own * (1 - weight) + weight**2 * of_design
        own = max(least, float(square[seen].mean()))
        for factor in range(len(groups)):
            here = np.flatnonzero(factor_of == factor) + 1
            factors[factor] = max(least, float((effects[here] ** 2 + np.diag(covariance)[here]).mean()))
    weight = np.where(seen, own / (own + noise), 0.0)
    expected = design @ effects
    of_design = np.einsum("ij,jk,ik->i", design, covariance, design)
    return Credible(
        mean=expected + weight * (observed - expected),
        variance=own * (1 - weight) + (1 - weight) ** 2 * of_design,
        prior=expected,
        weight=weight,
    )


def _design(groups: Sequence[Ints], count: int) -> tuple[Floats, Ints]:
    """Publishers x (1 + all levels) of zeros and ones, and the factor of each level."""
    columns: list[Floats] = [np.ones((count, 1))]
    factor_of: list[int] = []
    for factor, levels in enumerate(groups):
        wide = int(levels.max(initial=-1)) + 1
        columns.append((levels[:, None] == np.arange(wide)[None, :]).astype(np.float64))
        factor_of += [factor] * wide
    return np.hstack(columns), np.asarray(factor_of, dtype=np.int64)
