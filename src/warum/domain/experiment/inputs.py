"""What every question about an experiment asks of its numbers, and the plain words when they do not hold.

The checks run in a fixed order: shape, numbers, signs, arms, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

Table: TypeAlias = Floats | Sequence[Sequence[float]]
"""Periods x arms."""
Row: TypeAlias = Floats | Sequence[float]

_shares_apart_max: Final = 1e-6


def no(code: str, message: str, field: str | None = None) -> Refusal:
    return Refusal(code=code, message=message, field=field)


def level(alpha: float) -> Refusal | None:
    """An error level lies between 0 and 1."""
    if 0.0 < alpha < 1.0:
        return None
    return no("level_outside", "The error level has to lie between 0 and 1, for instance 0.05.", "alpha")


def numbers(values: Table | Row, field: str, dimensions: int) -> Floats | Refusal:
    """The values as an array of so many dimensions, all finite."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return no("shape_wrong", f"{field} is not a table of numbers with rows of one length.", field)
    if array.ndim != dimensions:
        return no("shape_wrong", f"{field} needs {dimensions} dimensions and has {array.ndim}.", field)
    if not array.size:
        return no("nothing_there", f"{field} is empty: there is not a single number to judge.", field)
    if not np.isfinite(array).all():
        places = np.argwhere(~np.isfinite(array))
        return no(
            "not_a_number",
            f"{field} has {len(places)} missing or infinite values, the first at {places[0].tolist()}.",
            field,
        )
    return array


def counted(values: Table, field: str) -> Floats | Refusal:
    """Periods x arms of counts: whole, not negative, two arms at least."""
    array = numbers(values, field, 2)
    if isinstance(array, Refusal):
        return array
    if (array < 0).any():
        where = np.argwhere(array < 0)[0].tolist()
        return no("negative_count", f"{field} is negative in period {where[0]} for arm {where[1]}.", field)
    if (array != np.floor(array)).any():
        return no("not_a_count", f"{field} has values that are not whole numbers.", field)
    if array.shape[1] < 2:
        return no("one_arm", "There is one arm only; a comparison needs two.", field)
    return array


def exposed(values: Table, field: str = "impressions") -> Floats | Refusal:
    """Counts of exposures, at least one in all."""
    array = counted(values, field)
    if not isinstance(array, Refusal) and not array.any():
        return no("no_impressions", f"{field} are all zero: nobody has seen any arm.", field)
    return array


def shares_of(values: Table | Row | None, arms: int, periods: int) -> Floats | Refusal:
    """Periods x arms of planned shares; one row holds for all periods, none means equal shares."""
    if values is None:
        return np.full((periods, arms), 1.0 / arms)
    flat = np.ndim(np.asarray(values, dtype=object)) == 1
    array = numbers(values, "shares", 1 if flat else 2)
    if isinstance(array, Refusal):
        return array
    if array.shape[-1] != arms or (not flat and len(array) != periods):
        return no("shape_wrong", f"shares need one number for each of the {arms} arms in each period.", "shares")
    if (array < 0).any() or (np.abs(array.sum(axis=-1) - 1.0) > _shares_apart_max).any():
        return no("shares_broken", "The planned shares have to be at least 0 and add up to 1.", "shares")
    return np.broadcast_to(array, (periods, arms)).astype(np.float64)
