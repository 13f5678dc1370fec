"""The two models on the way to an effect."""

from __future__ import annotations

import numpy as np
import pytest

from warum.domain.causal import spline_logistic, spline_ridge, splines


def test_a_curve_is_learnt() -> None:
    rng = np.random.default_rng(1)
    known, asked = rng.uniform(-2, 2, (2_000, 1)), np.linspace(-1.8, 1.8, 9)[:, None]
    told = spline_ridge(known, known[:, 0] ** 2 + 0.1 * rng.standard_normal(2_000), asked)
    assert told == pytest.approx(asked[:, 0] ** 2, abs=0.25)


def test_noise_is_not_learnt() -> None:
    rng = np.random.default_rng(2)
    known, target = rng.standard_normal((400, 20)), rng.standard_normal(400)
    assert spline_ridge(known, target, known).std() < 0.35


def test_a_chance_is_learnt_and_stays_one() -> None:
    rng = np.random.default_rng(3)
    known = rng.standard_normal((4_000, 1))
    chance = 0.15 + 0.7 / (1 + np.exp(-3 * known[:, 0]))
    target = (rng.random(4_000) < chance).astype(float)
    assert spline_logistic(known, target, known) == pytest.approx(chance, abs=0.1)
    far = spline_logistic(known, target, np.array([[-1e9], [1e9]]))
    assert 0.05 < far[0] < 0.3 < 0.7 < far[1] < 0.95


def test_splines_go_on_straight() -> None:
    known = np.linspace(0, 1, 101)[:, None]
    asked = np.array([[3.0], [4.0], [5.0]])
    assert np.diff(splines(known, asked), n=2, axis=0) == pytest.approx(np.zeros((1, 3)), abs=1e-9)
    few = np.repeat([0.0, 1.0], 50)[:, None]
    assert splines(few, few).shape == (100, 1)


def test_columns_that_do_not_vary_where_it_is_learnt_are_left_out() -> None:
    known, asked = np.zeros((20, 1)), np.ones((3, 1))
    target = np.arange(20.0)
    assert spline_ridge(known, target, asked) == pytest.approx([9.5] * 3)
    assert spline_logistic(known, (target > 9).astype(float), asked) == pytest.approx([0.5] * 3)
