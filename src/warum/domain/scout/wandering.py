"""How far publishers wander from one window to the next, measured on their past; an interval that leaves it out is too
narrow, because seasons, groups and deals change what a publisher brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.arrays import Ints
from warum.domain.scout.sales import Sales, batch_means
from warum.domain.scout.standing import kept_share, ripe, standing

value_default: Final = 0.2**2
kept_default: Final = 0.12**2
"""Variances where history is too short to measure them."""
t_freedom: Final = 3
"""Most publishers hardly change and a few change altogether: values wander as Student's t, not as a normal."""

_t_median: Final = 0.765  # of |t| with three degrees of freedom
_normal_median: Final = 0.674
_publishers_min: Final = 10
_window_batches_min: Final = 5.0
_period_batches_min: Final = 3.0
_decided_min: Final = 50


def of_values(sales: Sales, groups: Sequence[Ints], count: int, *, today: int, window_days: int) -> float:
    """Square of the scale with which the logarithm of the booked value wanders from window to window.

    The last window is forecast from what was known before it; what errors have beyond the forecast's own uncertainty
    and the luck of the window is wandering. By the median, so that few who changed altogether do not widen all.
    """
    then = today - window_days
    known = sales.where(sales.placed_day < then)
    if int(ripe(known, then).sum()) < _decided_min:
        return value_default
    # What was decided only afterwards is in ``known`` too, but ``log_value`` does not read it.
    past = standing(known, groups, count, today=then)
    window = sales.where(sales.placed_day >= then)
    values = window.value_minor.astype(np.float64)
    seen = batch_means(values, np.ones(len(window)), window.batch, window.publisher, count)
    both = (past.sales > 0) & (seen.size >= _window_batches_min) & (seen.mean > 0)
    if both.sum() < _publishers_min:
        return value_default
    error = np.log(seen.mean[both]) - past.log_value.mean[both]
    luck = past.log_value.variance[both] + past.value_within / seen.size[both]
    return max(0.0, float(np.median(error**2 - luck * _normal_median**2)) / _t_median**2)


def of_kept_shares(sales: Sales, count: int, *, today: int, period_days: int) -> float:
    """Variance of a publisher's kept share between periods, beyond the luck of the batches in each.

    Periods by the day on which sales were due, which are complete; periods by the day of the order would lack what
    waits long.
    """
    due = sales.where(ripe(sales, today))
    period = (today - 1 - due.due_day) // period_days
    periods = int(period.max(initial=0)) + 1
    seen = batch_means(
        kept_share(due),
        due.value_minor.astype(np.float64),
        due.batch * periods + period,
        due.publisher * periods + period,
        count * periods,
    )
    size, mean = seen.size.reshape(count, periods), seen.mean.reshape(count, periods)
    told = size >= _period_batches_min
    several = told.sum(axis=1) > 1
    if several.sum() < _publishers_min:
        return kept_default
    size, mean, told = size[several], mean[several], told[several]
    number, heavy = told.sum(axis=1), np.where(told, size, 0.0)
    center = (heavy * mean).sum(axis=1) / heavy.sum(axis=1)
    between = np.where(told, (mean - center[:, None]) ** 2, 0.0).sum(axis=1) / (number - 1)
    luck = center * (1 - center) * np.where(told, 1 / np.maximum(size, 1e-9), 0.0).sum(axis=1) / number
    return max(0.0, float((between - luck).mean()))
