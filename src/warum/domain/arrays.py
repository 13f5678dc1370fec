"""The arrays that judgements read and write, and two of numpy's functions whose stubs lose the type."""

from __future__ import annotations

from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def inverse(matrix: Floats) -> Floats:
    return cast("Floats", np.linalg.inv(matrix))


def weighted_mean(values: Floats, weights: Floats) -> float:
    """0 where nothing has weight."""
    total = float(weights.sum())
    return float(weights @ values) / total if total > 0 else 0.0
