"""What a round would have brought under another arm: the reward model of the direct and the doubly robust methods.

A linear model with common coefficients and, for each arm, deviations from them that are drawn towards zero. How far the
arms deviate is not known; it lies on a grid that includes zero, where all arms are alike, and the grid is averaged by
its evidence (the restricted marginal likelihood of a Gaussian mixed model, Harville 1977). With few rewards this falls
back to the common mean; with many, every arm has its own line. A linear model is used for yes-or-no rewards as well:
it need not be right for a doubly robust estimate to be, and it does not run away where an arm has no reward at all.

No round is judged by a model that has seen it: the predictions are cross-fitted (Chernozhukov et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

SPREADS: Final = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
"""How far the arms' levels, and their slopes, deviate: standard deviations, in units of the reward's own."""

folds_default: Final = 5


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the reward model says.

    Attributes:
        rewards: rounds x arms; the expected reward of each arm in each round, by a model that has not seen the round.
        direct_variance: squared standard error of the direct method's value, if the model is right.
    """

    rewards: Floats
    direct_variance: float


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sufficient statistics: arms x k x k, arms x k, number of rounds, sum of squared rewards."""

    squares: Floats
    products: Floats
    rounds: float
    reward_square: float

    def without(self, other: _Sums) -> _Sums:
        return _Sums(
            self.squares - other.squares,
            self.products - other.products,
            self.rounds - other.rounds,
            self.reward_square - other.reward_square,
        )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients arms x k, and the squared standard error of one linear function of them."""

    coefficients: Floats
    variance: float


def predicted(
    contexts: Floats, actions: Ints, rewards: Floats, target: Floats, fold: Ints, folds: int = folds_default
) -> Predicted:
    """Cross-fitted expected rewards.

    Args:
        contexts: rounds x features, without a constant; may have no column.
        actions: arm of each round, counted from zero.
        rewards: of each round.
        target: rounds x arms; only the standard error of the direct method depends on it.
        fold: of each round, from zero to ``folds`` - 1.
    """
    rounds, arms = target.shape
    design = _design(contexts)
    width = design.shape[1]
    low, high = float(rewards.min()), float(rewards.max())
    middle = float(rewards.mean())
    centred = rewards - middle
    parts = [_sums(design[fold == k], actions[fold == k], centred[fold == k], arms) for k in range(folds)]
    whole = _Sums(
        np.sum([part.squares for part in parts], axis=0),
        np.sum([part.products for part in parts], axis=0),
        float(rounds),
        sum(part.reward_square for part in parts),
    )
    expected = np.empty((rounds, arms))
    nothing = np.zeros((arms, width))
    for k, part in enumerate(parts):
        here = fold == k
        expected[here] = design[here] @ _fit(whole.without(part), nothing).coefficients.T
    asked = target.T @ design / rounds
    last = _fit(whole, asked)
    by_round = np.einsum("na,na->n", target, expected)
    return Predicted(
        rewards=np.clip(expected + middle, low, high),
        direct_variance=last.variance + float(by_round.var()) / rounds,
    )


def _design(contexts: Floats) -> Floats:
    """A constant and the features, each brought to mean zero and deviation one; constant ones are left out."""
    spread = contexts.std(axis=0)
    told = spread > 1e-12 * (1.0 + np.abs(contexts).max(axis=0, initial=0.0))
    scaled = (contexts[:, told] - contexts[:, told].mean(axis=0)) / spread[told]
    return np.column_stack([np.ones(len(contexts)), scaled])


def _sums(design: Floats, actions: Ints, rewards: Floats, arms: int) -> _Sums:
    width = design.shape[1]
    squares, products = np.empty((arms, width, width)), np.empty((arms, width))
    for i in range(width):
        products[:, i] = np.bincount(actions, design[:, i] * rewards, arms)
        for j in range(i + 1):
            squares[:, i, j] = squares[:, j, i] = np.bincount(actions, design[:, i] * design[:, j], arms)
    return _Sums(squares, products, float(len(rewards)), float(rewards @ rewards))


def _fit(sums: _Sums, asked: Floats) -> _Fit:
    """The average over the grid of spreads. ``asked`` (arms x k) is the linear function whose error is wanted."""
    width = sums.squares.shape[1]
    grid = [(level, slope) for level in SPREADS for slope in (SPREADS if width > 1 else (0.0,)) if slope <= level]
    each = [_fit_at(sums, asked, *spreads) for spreads in grid]
    heights = np.array([height for height, _, _, _ in each])
    weights = np.exp(heights - heights.max())
    weights /= weights.sum()
    values = np.array([value for _, _, value, _ in each])
    within = float(weights @ np.array([variance for _, _, _, variance in each]))
    between = float(weights @ (values - weights @ values) ** 2)
    coefficients = sum(
        (weight * one for weight, (_, one, _, _) in zip(weights, each, strict=True)),
        start=np.zeros_like(sums.products),
    )
    return _Fit(coefficients, within + between)


def _fit_at(sums: _Sums, asked: Floats, level: float, slope: float) -> tuple[float, Floats, float, float]:
    """Evidence (log), coefficients, the value asked for, and its variance, at given spreads."""
    width = sums.squares.shape[1]
    root = np.full(width, slope)
    root[0] = level
    inner = np.eye(width) + root[:, None] * sums.squares * root
    drawn = root[:, None] * _inverse(inner) * root  # arms x k x k: the deviations' covariance, in units of the noise
    kept = np.eye(width) - sums.squares @ drawn
    # One round's worth of "no slope" keeps features that say the same, such as all columns of a one-hot, apart.
    ridge = np.diag(np.r_[0.0, np.ones(width - 1)])
    common_precision = (kept @ sums.squares).sum(axis=0) + ridge
    common_right = np.einsum("aij,aj->i", kept, sums.products)
    common_covariance = _inverse(common_precision)
    common = common_covariance @ common_right
    spent = float(np.einsum("ai,aij,aj->", sums.products, drawn, sums.products))
    left = max(sums.reward_square - spent - float(common @ common_right), 1e-12 * sums.reward_square)
    freedom = max(sums.rounds - 1.0, 1.0)
    height = -0.5 * (
        float(np.linalg.slogdet(inner)[1].sum())
        + float(np.linalg.slogdet(common_precision)[1])
        + freedom * np.log(left)
    )
    own = np.einsum("aij,aj->ai", drawn, sums.products - sums.squares @ common)
    coefficients = common + own
    reach = np.einsum("aij,aj->i", kept, asked)
    variance = (
        (float(np.einsum("ai,aij,aj->", asked, drawn, asked)) + float(reach @ common_covariance @ reach))
        * left
        / freedom
    )
    return height, coefficients, float((asked * coefficients).sum()), variance


def _inverse(matrix: Floats) -> Floats:
    return cast("Floats", np.linalg.inv(matrix))
