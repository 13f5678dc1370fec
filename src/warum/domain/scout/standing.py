"""What is known of publishers on a day: what a sale is worth when booked, and which share of it is kept.

Booked values are known at once, so sales that are still open count. The kept share is read from sales that are due:
cancellations become known sooner than stays, and whoever counts whatever is decided counts too many of them. Recent
sales count more, and both are drawn towards publishers of the same kind, vertical and region (``credibility``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.arrays import Bools, Floats, Ints, weighted_mean
from warum.domain.scout.credibility import Credible, credible
from warum.domain.scout.sales import TRAITS, Publisher, Sales, batch_means

half_life_value_days: Final = 180
half_life_kept_days: Final = 365
kept_between: Final = (0.01, 0.99)

_value_min_share: Final = 0.05
"""No mean counts as below a twentieth of the common one, as in ``shrinkage``."""
_value_within_min: Final = 1e-3
_kept_within_min: Final = 0.01
_several_batches: Final = 1.5
_waits_days: Final = (8, 31, 91, 181)
_wait_prior_sales: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """By publisher.

    Attributes:
        log_value: the logarithm of what a sale is worth when booked.
        value_within: variance of a batch's value, relative to the square of its publisher's mean.
        kept: the share that is kept.
        sales: on record; ``decided`` of them are due and decided.
        batches: independent orders that the value rests on, recent ones counting more.
    """

    log_value: Credible
    value_within: float
    kept: Credible
    sales: Ints
    decided: Ints
    batches: Floats


def standing(sales: Sales, groups: Sequence[Ints], count: int, *, today: int) -> Standing:
    """From the sales that are known today; ``groups`` has the levels of each trait by publisher."""
    recent = np.exp2((sales.placed_day - today) / half_life_value_days)
    values = sales.value_minor.astype(np.float64)
    booked = batch_means(values, recent, sales.batch, sales.publisher, count)
    means = np.maximum(booked.mean, _value_min_share * weighted_mean(values, recent))
    several = booked.size > _several_batches
    relative = booked.variance[several] / means[several] ** 2
    within = max(weighted_mean(relative, booked.size[several]) if several.any() else 1.0, _value_within_min)

    due = sales.where(ripe(sales, today))
    heavy = np.exp2((due.due_day - today) / half_life_kept_days) * due.value_minor.astype(np.float64)
    shares = kept_share(due)
    held = batch_means(shares, heavy, due.batch, due.publisher, count)
    overall = weighted_mean(shares, heavy)
    kept = credible(held.mean, held.size, max(overall * (1 - overall), _kept_within_min), groups)
    longer = _of_longer_waits(sales, recent * values, due, heavy)
    return Standing(
        log_value=credible(np.log(means), booked.size, within, groups),
        value_within=within,
        kept=Credible(np.clip(kept.mean * longer, *kept_between), kept.variance, kept.prior, kept.weight),
        sales=np.bincount(sales.publisher, minlength=count),
        decided=np.bincount(due.publisher, minlength=count),
        batches=booked.size,
    )


def levels(publishers: Sequence[Publisher]) -> list[Ints]:
    """For each trait that differs at all, the level of every publisher."""
    found: list[Ints] = []
    for trait in TRAITS:
        names = [str(getattr(each, trait)) for each in publishers]
        order = {name: index for index, name in enumerate(sorted(set(names)))}
        if len(order) > 1:
            found.append(np.asarray([order[name] for name in names], dtype=np.int64))
    return found


def ripe(sales: Sales, today: int) -> Bools:
    """Which sales are due and decided, and had a value."""
    return sales.decided & (sales.due_day < today) & (sales.value_minor > 0)


def kept_share(sales: Sales) -> Floats:
    return np.minimum(sales.kept_minor / np.maximum(sales.value_minor, 1), 1.0)


def _of_longer_waits(sales: Sales, weights: Floats, due: Sales, weights_due: Floats) -> float:
    """How much smaller the kept share of all sales will be than of those that are due: what waits longer is lost more
    often, and open sales wait longer. One factor for all publishers: one for each told less on early data, since how
    long sales wait is itself a matter of the kind of publisher."""
    wait, shares = _wait(due), kept_share(due)
    number = np.bincount(wait, minlength=len(_waits_days) + 1)
    heavy = np.bincount(wait, weights_due, len(number))
    mean = np.bincount(wait, weights_due * shares, len(number)) / np.maximum(heavy, 1e-300)
    overall = weighted_mean(shares, weights_due)
    usual = (number * mean + _wait_prior_sales * overall) / (number + _wait_prior_sales)
    here = weighted_mean(usual[wait], weights_due)
    return weighted_mean(usual[_wait(sales)], weights) / here if here > 0 else 1.0


def _wait(sales: Sales) -> Ints:
    """Classes of days between the order and when it is due."""
    days = sales.due_day - sales.placed_day
    return np.searchsorted(np.asarray(_waits_days), days, side="right").astype(np.int64)
