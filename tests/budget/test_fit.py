"""Curves by hand, curves found again in markets with known truth, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from warum.domain.budget.campaign import Campaign, Forecast, beside, forecast
from warum.domain.budget.curves import Curve, Form, lag_weights
from warum.domain.budget.fit import History, Posterior, fit
from warum.kernel.refusal import Refusal
from warum.sim.markets import PRESETS, market


def history(preset: str, seed: int) -> History:
    made = market(preset, seed)
    names = tuple(f"c{i}" for i in range(made.spend.shape[1]))
    return History(channels=names, result=made.sales, spend=made.spend, controls=np.zeros((len(made.sales), 0)))


def test_curves_by_hand():
    assert lag_weights(np.array([0.5]), 2)[:, 0] == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    for form in Form:
        assert Curve(most=10, half=3, form=form).steady(np.array([0.0, 3.0])) == pytest.approx([0, 5])
    assert Curve(most=10, half=3).steady(np.array([9.0])) == pytest.approx([7.5])
    assert Curve(most=9, half=1, slope=3).steady(np.array([2.0])) == pytest.approx([8])
    # 7 spent at once lingers as 4, 2, 1 when half of it goes on and two periods count.
    assert Curve(most=1, half=4, retention=0.5).over_time(np.array([7.0, 0, 0, 0]), 2) == pytest.approx(
        [1 / 2, 1 / 3, 1 / 5, 0]
    )


def test_intervals_hold_the_truth_in_small_markets_and_repeat():
    inside = list[bool]()
    for number, preset in enumerate(PRESETS):
        made, told = market(preset, 40 + number), fit(history(preset, 40 + number), seed=number, draws=200)
        assert isinstance(told, Posterior)
        for channel in range(made.spend.shape[1]):
            low, high = np.quantile(told.contributions(channel).sum(axis=1), [0.05, 0.95])
            inside.append(bool(low <= made.contributions[:, channel].sum() <= high))
    # 18 channels at 90 %: fewer than 13 would happen once in a hundred times.
    assert sum(inside) >= 13
    again = [fit(history("small_business", 7), seed=3, draws=50) for _ in range(2)]
    assert isinstance(again[0], Posterior)
    assert isinstance(again[1], Posterior)
    assert again[0].most.tobytes() == again[1].most.tobytes()


def test_a_business_that_lives_by_its_advertising_is_not_ruled_out():
    # Four fifths of the sales come from spend; the markets that the priors were learnt in have a fifth to a quarter.
    rng = np.random.default_rng(11)
    spend = rng.gamma(2.0, 50.0, (130, 2))
    true = np.column_stack(
        [
            Curve(most=9_000, half=120, retention=0.3).over_time(spend[:, 0]),
            Curve(most=6_000, half=80, retention=0.5, form=Form.LOGISTIC).over_time(spend[:, 1]),
        ]
    )
    result = 1_800 + true.sum(axis=1) + rng.normal(0.0, 300.0, len(spend))
    told = fit(History(channels=("a", "b"), result=result, spend=spend, controls=np.zeros((130, 0))), seed=1)
    assert isinstance(told, Posterior)
    for channel in range(2):
        totals = told.contributions(channel).sum(axis=1)
        low, middle, high = np.quantile(totals, [0.02, 0.5, 0.98])
        assert low <= true[:, channel].sum() <= high
        assert middle == pytest.approx(true[:, channel].sum(), rel=0.25)


def test_a_campaign_is_forecast_with_its_interval():
    told = fit(history("small_business", 5), seed=1, draws=200)
    assert isinstance(told, Posterior)
    plan = Campaign(spend=np.full((4, 2), 500.0), fixed_fees=100, goal=1.0, cost_revenue_max=1e-9)
    said = forecast(told, plan, seed=2)
    assert isinstance(said, Forecast)
    assert said.cost == 4100
    assert 0 < said.response.low <= said.response.middle <= said.response.high
    assert (said.goal_reached, said.ceiling_kept) == (1.0, 0.0)
    assert beside(said, said.total.middle).inside
    assert not beside(said, said.total.high + 1).inside
    for wrong, code in [(np.zeros((4, 2)), "budget_not_positive"), (np.ones((4, 3)), "shape_wrong")]:
        refused = forecast(told, Campaign(spend=wrong), seed=2)
        assert isinstance(refused, Refusal)
        assert refused.code == code


def test_what_cannot_be_learnt_is_refused():
    good = history("small_business", 1)
    constant, missing, together = good.spend.copy(), good.result.copy(), good.spend.copy()
    constant[:, 0], missing[3], together[:, 1] = 5.0, np.nan, 2 * good.spend[:, 0]
    short = replace(good, result=good.result[:20], spend=good.spend[:20], controls=good.controls[:20])
    for wrong, code in [
        (short, "too_few_periods"),
        (replace(good, spend=constant), "spend_constant"),
        (replace(good, spend=0 * good.spend), "spend_constant"),
        (replace(good, spend=together), "spend_together"),
        (replace(good, spend=-good.spend), "spend_negative"),
        (replace(good, result=missing), "not_a_number"),
        (replace(good, result=np.ones_like(missing)), "constant_series"),
        (replace(good, channels=("one",)), "shape_wrong"),
    ]:
        said = fit(wrong, seed=1)
        assert isinstance(said, Refusal), code
        assert said.code == code
