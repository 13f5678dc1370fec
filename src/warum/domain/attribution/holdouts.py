"""What publishers and voucher codes truly add, from people who were kept from them at random.

Both groups are compared as they were drawn, whatever came of it (intention to treat), so counts are enough: no
journey, no consent, no model. Where some channels had a holdout and others not, what the journeys say is put to the
scale of the holdouts, and both are weighed by their precision; how far the journeys tend to be off is learnt from the
channels that have both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.attribution.journeys import Floats
from warum.domain.samples import chi_square_tail
from warum.kernel.refusal import Refusal

conversions_min: Final = 25
"""In each group; with fewer the interval is wider than any answer."""
_ratio_p_min: Final = 0.001
_off_default: Final = 0.5
"""How far journeys are off for a channel, as a share of its loss, before any channel has both (standard deviation)."""
_scale_spread: Final = 0.2
"""How far they are off for all alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """People by group, whether or not anything touched them, and their conversions. ``held_share`` is the plan."""

    people: int
    conversions: int
    held_people: int
    held_conversions: int
    held_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """Conversions lost without a channel, per conversion that there is with it, with its interval."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a publisher or code is credited, beside what it adds: "coupon: 41 % of sales, increment 6 % (2-11)"."""

    name: str
    share_of_sales: float
    increment: Increment


def increment(held: Holdout, *, level: float = 0.95) -> Increment | Refusal:
    """The share of conversions that a channel adds: 1 - rate held out / rate of the others; the interval of the ratio
    is that of Katz, Baptista, Azen and Pike (1978).

    Errors: ``holdout_counts_wrong``, ``holdout_missing``, ``holdout_ratio_broken`` (groups not of the planned size: the
    draw did not work as thought), ``holdout_too_few_conversions``.
    """
    counts = (held.people, held.conversions, held.held_people, held.held_conversions)
    if min(counts) < 0 or held.conversions > held.people or held.held_conversions > held.held_people:
        return Refusal("holdout_counts_wrong", "Counts must not be negative, nor conversions outnumber people.")
    if not 0.0 < held.held_share < 1.0 or not 0.0 < level < 1.0:
        return Refusal("holdout_counts_wrong", "The planned share and the level have to lie between 0 and 1.")
    if not held.held_people or not held.people:
        return Refusal("holdout_missing", "One of the two groups is empty; an increment needs both.")
    total = held.people + held.held_people
    due = total * held.held_share
    distance = (held.held_people - due) ** 2 / (due * (1.0 - held.held_share))
    if chi_square_tail(distance, 1) < _ratio_p_min:
        return Refusal(
            "holdout_ratio_broken",
            f"{held.held_people} of {total} people were held out, {due:.0f} were planned: the draw is not what was "
            "planned, and no increment can be read until the cause is found.",
        )
    if min(held.conversions, held.held_conversions) < conversions_min:
        return Refusal(
            "holdout_too_few_conversions",
            f"One group has {min(held.conversions, held.held_conversions)} conversions; wait for {conversions_min}.",
        )
    rate, rate_held = held.conversions / held.people, held.held_conversions / held.held_people
    ratio = rate_held / rate
    spread = sqrt((1 - rate_held) / held.held_conversions + (1 - rate) / held.conversions)
    reach = float(special.ndtri(0.5 + level / 2)) * spread
    low, high = 1.0 - exp(log(ratio) + reach), 1.0 - exp(log(ratio) - reach)
    # Per conversion of all those not held out, which is what the channel's share of sales is of, too.
    return Increment(value=1.0 - ratio, low=low, high=high, error=ratio * spread)


def beside(name: str, credited: float, sales: float, held: Holdout, *, level: float = 0.95) -> Beside | Refusal:
    """A channel's share of sales under the program's rule, and its increment.

    Args:
        credited, sales: conversions credited to it, and all, in the group that was not held out.
    """
    if not 0 <= credited <= sales or sales <= 0:
        return Refusal("holdout_counts_wrong", "Credited conversions must lie between none and all of them.")
    found = increment(held, level=level)
    if isinstance(found, Refusal):
        return found
    return Beside(name=name, share_of_sales=credited / sales, increment=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """Losses of all channels after the holdouts, with standard errors. ``scale`` is what the journeys' losses were
    multiplied by, ``off`` how far they were off for single channels beyond that (standard deviation)."""

    lost: Floats
    errors: Floats
    scale: float
    off: float


def calibrated(
    channels: Sequence[str], lost: Floats, errors: Floats, holdouts: Mapping[str, Increment]
) -> Calibrated | Refusal:
    """Losses from journeys and increments from holdouts, by precision.

    Args:
        lost, errors: (channels,) from journeys: conversions lost without each, and standard errors.
        holdouts: increments by channel; a channel without one keeps what the journeys say, at the holdouts' scale.

    Errors: ``holdout_missing`` (no channel has one), ``channel_unknown_in_holdout``.
    """
    strange = [name for name in holdouts if name not in channels]
    if strange:
        return Refusal("channel_unknown_in_holdout", f"There is no channel {strange[0]} in the journeys.")
    if not holdouts:
        return Refusal("holdout_missing", "No channel had a holdout; hold some out at random first.")
    both = [number for number, name in enumerate(channels) if name in holdouts]
    true = np.array([holdouts[channels[number]].value for number in both])
    noise = np.array([max(holdouts[channels[number]].error, 1e-9) for number in both])
    said, blur = lost[both], errors[both]
    # Journeys overstate, or understate, all channels alike to some extent, and each by itself to another: a holdout
    # says much of its own channel, and of the others only what the common factor carries.
    pull = 1.0 / (noise**2 + blur**2 + (_off_default * said) ** 2)
    prior = 1.0 / _scale_spread**2
    scale = max((float(pull @ (said * true)) + prior) / (float(pull @ said**2) + prior), 0.0)
    expected = (_off_default * scale * float(np.abs(lost).mean())) ** 2
    surplus = (true - scale * said) ** 2 - noise**2 - (scale * blur) ** 2
    # Two channels' worth of belief that journeys are off by half; then what is seen.
    off = sqrt(max((2 * expected + float(surplus.sum())) / (2 + len(both)), 0.0))
    value, error = scale * lost, np.sqrt((scale * errors) ** 2 + off**2)
    for place, number in enumerate(both):
        weights = np.array([1.0 / max(error[number], 1e-9) ** 2, 1.0 / noise[place] ** 2])
        value[number] = float(weights @ np.array([value[number], true[place]])) / float(weights.sum())
        error[number] = 1.0 / sqrt(float(weights.sum()))
    return Calibrated(lost=value, errors=error, scale=scale, off=off)
