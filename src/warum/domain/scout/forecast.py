"""What a sale of each publisher will probably be worth after cancellations and declines, with an interval.

The expected booked value of a sale times the share of it that is expected to be kept (``standing``). The interval is of
the mean of the coming window's sales as it will be measured, not of a true mean: besides what is not known today it has
the luck of as many batches as the last window had, and how far publishers wander between windows (``wandering``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.arrays import Floats
from warum.domain.scout.sales import Publisher, Sales, batch_means, sales_refusal
from warum.domain.scout.standing import levels, standing
from warum.domain.scout.wandering import of_kept_shares, of_values, t_freedom
from warum.kernel.refusal import Refusal

window_days_default: Final = 184
window_days_min: Final = 14
level: Final = 0.8
draws_default: Final = 4_000

_batches_ahead_min: Final = 2.0
_luck_max_share: Final = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One publisher's next window.

    Attributes:
        net_minor: expected kept value per sale.
        low_minor, high_minor: 80 % interval of the mean that will be measured.
        value_minor: expected booked value per sale.
        kept_share: expected share of it that is kept.
        own_weight_value, own_weight_kept: how much the publisher's own record counts beside its like, 0 to 1.
        sales, decided: sales on record, and those that are due and decided.
        batches: independent orders that the booked value rests on, recent ones counting more.
        batches_ahead: orders that the interval expects in the window.
    """

    publisher: int
    net_minor: float
    low_minor: float
    high_minor: float
    value_minor: float
    kept_share: float
    own_weight_value: float
    own_weight_kept: float
    sales: int
    decided: int
    batches: float
    batches_ahead: float


def forecast(
    sales: Sales,
    publishers: Sequence[Publisher],
    *,
    today: int,
    rng: np.random.Generator,
    window_days: int = window_days_default,
    draws: int = draws_default,
) -> tuple[Forecast, ...] | Refusal:
    """Each publisher's kept value per sale in the ``window_days`` from today on, in the order of the list.

    Returns:
        A refusal where the sales do not hold together, lie in the future, or are too few to tell anything.
    """
    if window_days < window_days_min:
        return Refusal("window_short", f"A forecast is for {window_days_min} days or more.", "window_days")
    if refused := sales_refusal(sales, publishers, today=today):
        return refused
    count, groups = len(publishers), levels(publishers)
    now = standing(sales, groups, count, today=today)
    drift_value = of_values(sales, groups, count, today=today, window_days=window_days)
    drift_kept = of_kept_shares(sales, count, today=today, period_days=window_days // 2)
    recent = sales.where(sales.placed_day >= today - window_days)
    ones = np.ones(len(recent))
    last = batch_means(ones, ones, recent.batch, recent.publisher, count)
    ahead = np.maximum(last.size, _batches_ahead_min)

    logs, shares = now.log_value.mean, now.kept.mean
    unknown = np.sqrt(now.log_value.variance + now.value_within / ahead)
    noise = unknown[:, None] * rng.standard_normal((count, draws))
    wandering = np.sqrt(drift_value) * rng.standard_t(t_freedom, (count, draws))
    luck = now.kept.variance + drift_kept + shares * (1 - shares) / ahead
    drawn = np.exp(logs[:, None] + noise + wandering) * _shares(shares, luck, draws, rng)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return tuple(
        Forecast(
            publisher=each.id,
            net_minor=float(np.exp(logs[index]) * shares[index]),
            low_minor=float(low[index]),
            high_minor=float(high[index]),
            value_minor=float(np.exp(logs[index])),
            kept_share=float(shares[index]),
            own_weight_value=float(now.log_value.weight[index]),
            own_weight_kept=float(now.kept.weight[index]),
            sales=int(now.sales[index]),
            decided=int(now.decided[index]),
            batches=float(now.batches[index]),
            batches_ahead=float(ahead[index]),
        )
        for index, each in enumerate(publishers)
    )


def _shares(mean: Floats, variance: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Publishers x draws from beta distributions of these means and variances."""
    widest = mean * (1 - mean)
    strength = widest / np.clip(variance, 1e-9, _luck_max_share * widest) - 1
    return rng.beta((mean * strength)[:, None], ((1 - mean) * strength)[:, None], (len(mean), draws))
