"""The posterior of arms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from warum.domain.bandit.arrays import normals
from warum.domain.bandit.beliefs import Campaigns, Prior, believe, campaign

FLAT = Prior(level=-4.0, level_spread=2.0, arm_spread=0.3, scale_spread=0.0)


def test_the_points_stand_for_a_normal_distribution() -> None:
    points = normals(1_024, 5)
    assert np.abs(points.mean(axis=0)).max() < 1e-12
    assert np.cov(points.T, bias=True) == pytest.approx(np.eye(5), abs=1e-9)
    assert (points[:, 2] < -1.2816).mean() == pytest.approx(0.1, abs=0.01)
    assert (points == normals(1_024, 5)).all()


def test_the_mean_is_that_of_quadrature() -> None:
    """Two arms that share nothing but a level which is all but known: each is a Poisson count with a lognormal rate."""
    prior = Prior(level=-4.0, level_spread=1e-3, arm_spread=0.3, scale_spread=0.0)
    beliefs = believe(prior, campaign(np.array([400.0, 2_000.0]), np.array([12.0, 30.0])))
    for index, (shown, counted) in enumerate(((400, 12), (2_000, 30))):

        def weight(log_rate: float, shown: int = shown, counted: int = counted) -> float:
            return float(stats.poisson.pmf(counted, shown * np.exp(log_rate)) * stats.norm.pdf(log_rate, -4, 0.3))

        whole = integrate.quad(weight, -6, -2)[0]
        mean = integrate.quad(lambda log_rate: np.exp(log_rate) * weight(log_rate), -6, -2)[0] / whole
        assert beliefs.rates[0, index] == pytest.approx(mean, rel=0.004)


def test_much_data_overrules_the_prior_and_none_leaves_it() -> None:
    beliefs = believe(FLAT, campaign(np.array([1e7, 1e7, 0.0]), np.array([1e5, 2e5, 0.0])))
    assert beliefs.rates[0, :2] == pytest.approx([0.01, 0.02], rel=0.01)
    assert beliefs.covariance[0, 2, 2] > 0.08
    nothing = believe(FLAT, campaign(np.zeros(2), np.zeros(2)))
    assert nothing.mean[0] == pytest.approx([-4.0, -4.0])


def test_arms_that_share_a_part_learn_from_each_other() -> None:
    prior = Prior(level=-4.0, level_spread=1.0, arm_spread=0.05, part_spreads=(0.3,), scale_spread=0.0)
    shown, clicks = np.array([5_000.0, 5_000.0, 0.0, 0.0]), np.array([150.0, 80.0, 0.0, 0.0])
    beliefs = believe(prior, campaign(shown, clicks, (("a", "b", "a", "b"),)))
    assert beliefs.rates[0, 2] > 1.3 * beliefs.rates[0, 3]


def test_campaigns_do_not_touch_each_other_and_absent_arms_say_nothing() -> None:
    one = believe(Prior(), campaign(np.array([900.0, 800.0]), np.array([20.0, 9.0])))
    both = believe(
        Prior(),
        Campaigns(
            exposures=np.array([[900.0, 800.0, 7.0], [100.0, 200.0, 300.0]]),
            events=np.array([[20.0, 9.0, 5.0], [1.0, 2.0, 3.0]]),
            present=np.array([[True, True, False], [True, True, True]]),
            kin=np.zeros((0, 2, 3, 3), dtype=np.bool_),
        ),
    )
    assert both.rates[0] == pytest.approx([*one.rates[0], 0.0], rel=1e-6)
    assert both.best()[0, 2] == 0
    assert both.evidence[0] == pytest.approx(one.evidence[0])


def test_the_start_does_not_matter() -> None:
    seen = campaign(np.array([900.0, 800.0, 3.0]), np.array([20.0, 0.0, 2.0]))
    assert believe(FLAT, seen, np.full((1, 3), -1.0)).mean == pytest.approx(believe(FLAT, seen).mean, abs=1e-6)


def test_a_campaign_with_wide_gaps_is_shrunk_less() -> None:
    """Its own scale is part of what is learnt."""
    shown = np.full(6, 3_000.0)
    wild = np.array([20.0, 100.0, 30.0, 90.0, 25.0, 110.0])
    with_scale, without = Prior(scale_spread=0.4), Prior(scale_spread=0.0)
    reach = [np.ptp(believe(prior, campaign(shown, wild)).mean) for prior in (with_scale, without)]
    assert reach[0] > reach[1]
