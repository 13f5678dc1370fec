"""What fits and allocations ask of their numbers, and the plain words when they do not hold."""

from __future__ import annotations

from typing import Final

import numpy as np

from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Kind, Refusal

periods_min: Final = 26
periods_per_channel: Final = 8
"""Fewer than this many periods for each channel, besides those for the base, and no curve is told from another."""
varied_min: Final = 0.05
"""Standard deviation of a channel's spend relative to its mean, below which nothing can be learnt from it."""


def no(code: str, message: str, field: str | None = None, kind: Kind = Kind.INVALID) -> Refusal:
    return Refusal(code=code, message=message, field=field, kind=kind)


def history_refused(
    result: Floats, spend: Floats, controls: Floats, channels: tuple[str, ...], base: int
) -> Refusal | None:
    """The first reason why nothing can be fitted: shape, numbers, signs, length, variation."""
    if result.ndim != 1 or spend.ndim != 2 or controls.ndim != 2 or len({*map(len, (result, spend, controls))}) != 1:
        return no("shape_wrong", "result, spend and controls need the same periods.", "spend")
    if spend.shape[1] != len(channels) or not channels:
        return no("shape_wrong", f"spend has {spend.shape[1]} columns for {len(channels)} channels.", "channels")
    for name, values in (("result", result), ("spend", spend), ("controls", controls)):
        if not np.isfinite(values).all():
            where = np.argwhere(~np.isfinite(values))[0].tolist()
            return no("not_a_number", f"{name} has missing or infinite values, the first at {where}.", name)
    if (spend < 0).any():
        period, channel = np.argwhere(spend < 0)[0].tolist()
        return no("spend_negative", f"Spend of {channels[channel]} is negative in period {period}.", "spend")
    needed = max(periods_min, base + periods_per_channel * len(channels))
    if len(result) < needed:
        return no(
            "too_few_periods",
            f"There are {len(result)} periods; {len(channels)} channels need {needed} before a curve can be told.",
            "result",
        )
    for index, name in enumerate(channels):
        column = spend[:, index]
        if column.std() <= varied_min * column.mean():
            return no(
                "spend_constant",
                f"Spend of {name} never changed, so its effect cannot be told from the base. Vary it for some weeks.",
                "spend",
            )
    if result.std() <= 1e-9 * max(abs(float(result.mean())), 1e-300):
        return no("constant_series", "The result never changed; there is nothing to explain.", "result")
    return None
