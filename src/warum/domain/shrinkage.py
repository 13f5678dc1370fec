"""How arms compare, from rare events: each arm's rate relative to its neighbours', drawn towards "all alike".

Arms are compared within strata (a day under one allocation), so that whatever hits all arms alike, such as a weekend, a
season, or conversions that have not come in yet, cancels out: given a stratum's total, the counts are multinomial with
weights *exposure x relative rate* (the conditional Poisson likelihood, Breslow and Day 1980, ch. 4). The logarithms of
the relative rates share a normal prior whose spread is unknown; it lies on a grid that includes zero, where all arms
are alike. For each spread the posterior is taken as normal around its mode (Laplace), and the spreads are averaged by
their evidence. This is what keeps a bot quiet where there is nothing to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

SPREADS: Final = (0.0, 0.05, 0.1, 0.2, 0.35, 0.6)
"""Standard deviation of the logarithm of relative rates. In the Upworthy archive (22,666 headlines in 4,873 tests), the
click rates of headlines within a test spread by about 0.3."""
BELIEFS: Final = (0.3, 0.1, 0.15, 0.2, 0.15, 0.1)
"""How plausible each spread of rates is before any data."""
BELIEFS_AMOUNT: Final = (0.4, 0.25, 0.2, 0.1, 0.05, 0.0)
"""Of mean amounts: a headline changes who buys more than for how much."""

_newton_steps_max: Final = 50
_Fit: TypeAlias = Callable[[float], tuple[Floats, Floats, float]]


@dataclass(frozen=True, slots=True)
class Relative:
    """The posterior of relative rates: one normal distribution of their logarithms per spread.

    Attributes:
        beliefs: of each spread, after the data; they sum to one.
        evidence: of each spread, the logarithm of how plausible it makes the data; the best one is zero.
        modes: spreads x arms.
        precisions: spreads x arms x arms; unused where the spread is zero.
    """

    beliefs: Floats
    evidence: Floats
    modes: Floats
    precisions: Floats

    def draws(self, rng: np.random.Generator, count: int) -> Floats:
        """``count`` x arms draws of relative rates; only their ratios mean anything."""
        spread_of = rng.choice(len(SPREADS), size=count, p=self.beliefs)
        normal = rng.standard_normal((count, self.modes.shape[1]))
        logs = np.zeros_like(normal)
        for index, spread in enumerate(SPREADS):
            here = spread_of == index
            if spread and here.any():
                root = _root(self.precisions[index])
                logs[here] = self.modes[index] + _solve(root.T, normal[here].T).T
        return np.exp(logs)

    def mean(self) -> Floats:
        """The geometric mean of each arm's relative rate."""
        return np.exp(self.beliefs @ self.modes)


def alike(arms: int) -> Relative:
    """All arms the same, whatever the data."""
    evidence = np.where(np.array(SPREADS) == 0.0, 0.0, -np.inf)
    return Relative(np.exp(evidence), evidence, np.zeros((len(SPREADS), arms)), np.zeros((len(SPREADS), arms, arms)))


def relative_rates(exposures: Floats, counts: Floats, beliefs: Sequence[float] | Floats = BELIEFS) -> Relative:
    """From strata x arms of exposures and of counts. A stratum without counts says nothing and is left out.

    Args:
        beliefs: how plausible each of SPREADS is before the data.
    """
    told = counts.sum(axis=1) > 0
    counts, weights = counts[told], np.maximum(exposures, counts)[told]  # what was counted was also exposed
    arms = int(counts.shape[1])
    equal = _height(weights, counts, np.zeros(arms), 0.0)
    return _over_spreads(arms, lambda spread: _mode(weights, counts, spread), equal, beliefs)


def relative_means(
    numbers: Floats, means: Floats, variation: float, beliefs: Sequence[float] | Floats = BELIEFS_AMOUNT
) -> Relative:
    """From each arm's number of values and their mean; ``variation`` is the values' squared coefficient of variation.

    The logarithm of a mean is taken as normal, and no mean as below a twentieth of the common one; arms without values
    take what the others say.
    """
    precision = numbers / variation
    common = float(numbers @ means) / float(numbers.sum())
    logs = np.log(np.where(numbers > 0, np.maximum(means / common, 0.05), 1.0))
    information = np.diag(precision) - np.outer(precision, precision) / precision.sum()
    pulled = information @ logs

    def fit(spread: float) -> tuple[Floats, Floats, float]:
        full = information + np.eye(len(logs)) / spread**2
        mode = _solve(full, pulled)
        return mode, full, float(0.5 * (pulled @ mode - logs @ pulled))

    return _over_spreads(len(logs), fit, float(-0.5 * logs @ pulled), beliefs)


def _over_spreads(arms: int, fit: _Fit, equal: float, beliefs: Sequence[float] | Floats) -> Relative:
    """Average over the spreads; ``equal`` is the log likelihood where all arms are alike."""
    modes, precisions = np.zeros((len(SPREADS), arms)), np.zeros((len(SPREADS), arms, arms))
    evidence = np.full(len(SPREADS), equal)
    for index, spread in enumerate(SPREADS):
        if not spread:
            continue
        modes[index], precisions[index], likelihood = fit(spread)
        log_determinant = float(np.linalg.slogdet(precisions[index])[1])
        evidence[index] = likelihood - arms * np.log(spread) - 0.5 * log_determinant
    evidence = evidence - evidence.max()
    after = np.asarray(beliefs) * np.exp(evidence)
    return Relative(after / after.sum(), evidence, modes, precisions)


def _mode(weights: Floats, counts: Floats, spread: float) -> tuple[Floats, Floats, float]:
    """The mode of the log relative rates, the precision there, and the log of likelihood x prior (constants left out).

    Newton's method; the target is concave, and a step that does not raise it is halved.
    """
    arms = counts.shape[1]
    mode = np.zeros(arms)
    height = _height(weights, counts, mode, spread)
    precision = np.zeros((arms, arms))
    for _ in range(_newton_steps_max):
        shares = weights * np.exp(mode)
        shares /= shares.sum(axis=1, keepdims=True)
        totals = counts.sum(axis=1)
        expected = totals @ shares
        precision = np.diag(expected) - (shares * totals[:, None]).T @ shares + np.eye(arms) / spread**2
        step = _solve(precision, counts.sum(axis=0) - expected - mode / spread**2)
        if np.abs(step).max() < 1e-9:
            break
        while (tried := _height(weights, counts, mode + step, spread)) < height - 1e-9 and np.abs(step).max() > 1e-9:
            step /= 2
        mode, height = mode + step, tried
    return mode, precision, height


def _height(weights: Floats, counts: Floats, mode: Floats, spread: float) -> float:
    likelihood = counts.sum(axis=0) @ mode - counts.sum(axis=1) @ np.log(weights @ np.exp(mode))
    return float(likelihood - (0.5 * (mode @ mode) / spread**2 if spread else 0.0))


# numpy's stubs lose the type of these two.


def _solve(matrix: Floats, right: Floats) -> Floats:
    return cast("Floats", np.linalg.solve(matrix, right))


def _root(matrix: Floats) -> Floats:
    """The lower Cholesky factor."""
    return cast("Floats", np.linalg.cholesky(matrix))
