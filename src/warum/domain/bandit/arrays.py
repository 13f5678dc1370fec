"""Arrays of the bandit, and what numpy's stubs lose the type of."""

from __future__ import annotations

from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


def solve(matrices: Floats, right: Floats) -> Floats:
    """The solutions of a stack of systems with one right side each."""
    return cast("Floats", np.linalg.solve(matrices, right[..., None]))[..., 0]


def inverse(matrices: Floats) -> Floats:
    return cast("Floats", np.linalg.inv(matrices))


def root(matrices: Floats) -> Floats:
    """The lower Cholesky factors."""
    return cast("Floats", np.linalg.cholesky(matrices))


def diagonal(matrices: Floats) -> Floats:
    return np.diagonal(matrices, axis1=-2, axis2=-1).astype(np.float64)


def leaders(values: Floats) -> Floats:
    """One where the last axis has its highest value, zero elsewhere; the first of several counts."""
    return np.eye(values.shape[-1], dtype=np.float64)[values.argmax(axis=-1)]


def normals(count: int, dimensions: int) -> Floats:
    """``count`` (even) x ``dimensions`` points that are spread as a normal distribution, evenly and always the same.

    A Kronecker sequence (Roberts' generalised golden ratio), each point mirrored and all of them turned until their
    covariance is one: means over them are exact for what is linear or quadratic, and the same points judge every arm.
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    points = (0.5 + np.outer(np.arange(1.0, count // 2 + 1), steps)) % 1.0
    half = np.asarray(special.ndtri(points), dtype=np.float64)
    half = solve(root(half.T @ half / len(half)), half)
    return np.concatenate([half, -half])
