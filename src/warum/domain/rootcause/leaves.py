"""The rows that a number is made of: one for each combination of values, with what it was before and what it is after.

A sum has numerators alone. A ratio has denominators as well: clicks for CR, bookings for AOV, costs for ROAS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

Codes: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """Attributes:
    dimensions: their names.
    values: by dimension, the names of its values in the order of their codes.
    codes: rows x dimensions.
    before, after: rows; what is summed, or the numerator.
    under_before, under_after: rows; the denominator of a ratio, None for a sum.
    """

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Codes
    before: Floats
    after: Floats
    under_before: Floats | None = None
    under_after: Floats | None = None


def leaves_from(
    columns: dict[str, Sequence[str]],
    before: Sequence[float] | Floats,
    after: Sequence[float] | Floats,
    *,
    under_before: Sequence[float] | Floats | None = None,
    under_after: Sequence[float] | Floats | None = None,
) -> Leaves | Refusal:
    """Rows with names instead of codes. Rows of the same values may occur more than once; they add up."""
    names: list[tuple[str, ...]] = []
    codes: list[Codes] = []
    for column in columns.values():
        known, code = np.unique(np.asarray(column, dtype=np.str_), return_inverse=True)
        names.append(tuple(str(name) for name in known))
        codes.append(np.asarray(code, dtype=np.int64))
    if not codes:
        return Refusal(code="no_dimensions", message="There is no dimension to look through. Name at least one.")
    if len({len(code) for code in codes}) != 1:
        return Refusal(code="shape_wrong", message="The columns have different lengths. Each row needs all of them.")
    made = Leaves(
        dimensions=tuple(columns),
        values=tuple(names),
        codes=np.column_stack(codes),
        before=np.asarray(before, dtype=np.float64),
        after=np.asarray(after, dtype=np.float64),
        under_before=None if under_before is None else np.asarray(under_before, dtype=np.float64),
        under_after=None if under_after is None else np.asarray(under_after, dtype=np.float64),
    )
    return refusal(made) or made


def refusal(leaves: Leaves) -> Refusal | None:
    """What makes the rows unfit, in a fixed order: shape, numbers, signs, nothing before, nothing below."""
    given = [leaves.before, leaves.after]
    if (leaves.under_before is None) != (leaves.under_after is None):
        return _no("shape_wrong", "A ratio needs its denominator both before and after.")
    if leaves.under_before is not None and leaves.under_after is not None:
        given += [leaves.under_before, leaves.under_after]
    rows = len(leaves.codes)
    if leaves.codes.ndim != 2 or leaves.codes.shape[1] != len(leaves.dimensions) or not leaves.dimensions:
        return _no("shape_wrong", "Each row needs one value for each dimension.")
    if any(each.shape != (rows,) for each in given):
        return _no("shape_wrong", "Each row needs one number before and one after.")
    if not rows:
        return _no("nothing_there", "There are no rows: nothing that the number is made of.")
    if not all(np.isfinite(each).all() for each in given):
        return _no("not_a_number", "A row has a missing or infinite number. Count anew, or leave the row out.")
    if any((each < 0).any() for each in given):
        return _no("negative_count", "A row has a negative number. Take gross sums, and what was cancelled apart.")
    if not leaves.before.sum() > 0:
        return _no("nothing_before", "There was nothing before, so there is nothing to compare with.")
    if any(below is not None and not below.sum() > 0 for below in (leaves.under_before, leaves.under_after)):
        return _no("nothing_below", "The denominator is 0 before or after, so the ratio says nothing.")
    return None


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message)
