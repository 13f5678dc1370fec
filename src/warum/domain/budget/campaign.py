"""A campaign planned: spend per channel and period, fixed fees, goal and ceiling -> a forecast with its interval,
beside which the actual result will stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.domain.budget.fit import Posterior
from warum.domain.budget.inputs import no
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What is planned.

    Attributes:
        spend: periods x channels of the posterior, right after its history.
        fixed_fees: due whatever happens, same unit as the spend.
        goal: response wanted from the campaign; cost_revenue_max: ceiling of (spend + fees) / response.
    """

    spend: Floats
    fixed_fees: float = 0.0
    goal: float | None = None
    cost_revenue_max: float | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """90 % intervals, medians in the middle.

    Attributes:
        response: what the campaign adds, what lingers after its end included.
        total: the result of its periods, base and noise included, to be compared with what came.
        cost: spend and fees; ratio: cost / response.
        goal_reached, ceiling_kept: probabilities; None where nothing was asked.
    """

    response: Interval
    total: Interval
    cost: float
    ratio: Interval
    goal_reached: float | None
    ceiling_kept: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``difference`` is actual less forecast; ``inside`` whether the actual lies in the forecast's interval."""

    actual: float
    difference: float
    inside: bool


def forecast(
    posterior: Posterior, campaign: Campaign, *, seed: int, controls: Floats | None = None
) -> Forecast | Refusal:
    """What the plan will bring if curves and base stay as they were.

    ``controls`` are those of the campaign's periods; none means all zero. A refusal for: another number of channels, no
    period, values missing or negative, a plan without spend.
    """
    history, spend = posterior.history, campaign.spend
    if spend.ndim != 2 or not len(spend) or spend.shape[1] != len(history.channels):
        return no(
            "shape_wrong", f"The plan needs periods and a column for each of {', '.join(history.channels)}.", "spend"
        )
    periods, terms = len(spend), history.controls.shape[1]
    known = np.zeros((periods, terms)) if controls is None else controls
    if known.shape != (periods, terms):
        return no("shape_wrong", f"controls need {periods} periods and {terms} columns.", "controls")
    if not np.isfinite(spend).all() or not np.isfinite(known).all() or not np.isfinite(campaign.fixed_fees):
        return no("not_a_number", "Some of the planned figures are missing.", "spend")
    if (spend < 0).any() or campaign.fixed_fees < 0:
        return no("spend_negative", "Planned spend and fees must not be negative.", "spend")
    if not spend.any():
        return no("budget_not_positive", "The plan spends nothing.", "spend")
    before, after = len(history.result), history.lags
    added = np.zeros(len(posterior.most))
    media = np.zeros((len(posterior.most), periods))
    for channel in range(spend.shape[1]):
        course = np.concatenate([history.spend[:, channel], spend[:, channel], np.zeros(after)])
        idle = np.concatenate([history.spend[:, channel], np.zeros(periods + after)])
        brought = posterior.contributions(channel, course)[:, before:]
        added += (brought - posterior.contributions(channel, idle)[:, before:]).sum(axis=1)
        media += brought[:, :periods]
    base = history.base(np.arange(before, before + periods, dtype=np.float64), known)
    noise = np.random.default_rng(seed).standard_normal(media.shape) * posterior.noise[:, None]
    total = (media + posterior.base @ base.T + noise).sum(axis=1)
    cost = float(spend.sum()) + campaign.fixed_fees
    ratio = cost / np.maximum(added, 1e-12)
    ceiling, goal = campaign.cost_revenue_max, campaign.goal
    return Forecast(
        response=_interval(added),
        total=_interval(total),
        cost=cost,
        ratio=_interval(ratio),
        goal_reached=None if goal is None else float((added >= goal).mean()),
        ceiling_kept=None if ceiling is None else float((ratio <= ceiling).mean()),
    )


def beside(promised: Forecast, actual: float) -> Beside:
    """The actual result of the campaign's periods beside the forecast of their total."""
    total = promised.total
    return Beside(actual=actual, difference=actual - total.middle, inside=total.low <= actual <= total.high)


def _interval(values: Floats) -> Interval:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Interval(float(low), float(middle), float(high))
