"""Drift, contexts and words."""

from __future__ import annotations

import numpy as np
import pytest

from warum.domain.bandit import words
from warum.domain.bandit.arrays import Floats
from warum.domain.bandit.beliefs import Beliefs, Prior
from warum.domain.bandit.drift import RETENTIONS, Drift, drift, weights
from warum.domain.bandit.strata import in_strata
from warum.kernel.refusal import Refusal

PRIOR = Prior(level=-4.0, level_spread=0.8, arm_spread=0.2, campaigns=50)


def drifted(rates: Floats, *, seed: int, shown: int = 3_000) -> Drift:
    rng = np.random.default_rng(seed)
    found = drift(np.full(rates.shape, float(shown)), rng.poisson(shown * rates).astype(float))
    assert isinstance(found, Drift)
    return found


def test_a_common_season_is_no_drift() -> None:
    season = 0.02 * (1 + 0.6 * np.sin(np.arange(60) / 7))[:, None]
    for seed in range(10):
        assert drifted(season * np.array([1.0, 1.3, 0.8]), seed=seed).retention == 1.0


def test_arms_that_change_places_are_noticed() -> None:
    turn = np.where(np.arange(60)[:, None] < 30, [0.02, 0.03], [0.03, 0.02])
    found = drifted(turn, seed=1)
    assert found.retention < 0.95
    assert found.gain > 3
    assert found.retention in RETENTIONS


def test_older_periods_weigh_less() -> None:
    assert weights(3, 0.5).tolist() == [0.25, 0.5, 1.0]
    assert weights(3, 1.0).tolist() == [1.0, 1.0, 1.0]


def believed(exposures: Floats, events: Floats) -> Beliefs:
    told = in_strata(exposures, events, PRIOR)
    assert isinstance(told, Beliefs)
    return told


def test_a_small_context_follows_the_others() -> None:
    exposures = np.array([[50_000.0, 50_000.0], [100.0, 100.0]])
    told = believed(exposures, np.array([[1_000.0, 1_500.0], [2.0, 1.0]]))
    assert told.best()[1, 1] > 0.8
    assert told.rates.shape == (2, 2)


def test_a_large_context_goes_its_own_way() -> None:
    exposures = np.full((2, 2), 50_000.0)
    told = believed(exposures, np.array([[1_000.0, 1_500.0], [1_500.0, 1_000.0]]))
    assert told.best()[0, 1] > 0.99
    assert told.best()[1, 0] > 0.99


def test_contexts_with_other_levels_are_not_taken_for_other_arms() -> None:
    """Evenings click three times as much and see more of the second arm; the arms are alike in both."""
    exposures = np.array([[20_000.0, 2_000.0], [2_000.0, 20_000.0]])
    told = believed(exposures, exposures * np.array([[0.01], [0.03]]))
    assert told.best() == pytest.approx(np.full((2, 2), 0.5), abs=0.1)


@pytest.mark.parametrize(
    ("exposures", "events", "code"),
    [
        (np.ones((2, 1)), np.ones((2, 1)), "one_arm"),
        (np.ones((2, 2)), np.full((2, 2), np.nan), "counts_not_finite"),
        (np.ones((2, 2)), -np.ones((2, 2)), "counts_negative"),
        (np.zeros((2, 2)), np.zeros((2, 2)), "no_exposures"),
        (np.ones((2, 2)), np.ones((2, 3)), "do_not_fit"),
    ],
)
def test_what_is_wrong_is_named(exposures: Floats, events: Floats, code: str) -> None:
    for refused in (drift(exposures, events), in_strata(exposures, events, PRIOR)):
        assert isinstance(refused, Refusal)
        assert refused.code.endswith(code)


def test_too_many_contexts_and_missing_parts_are_refused() -> None:
    many, parts = in_strata(np.ones((300, 2)), np.ones((300, 2)), PRIOR), in_strata(
        np.ones((2, 2)), np.ones((2, 2)), PRIOR, (("a", "b"),)
    )  # fmt: skip
    assert isinstance(many, Refusal) and many.code == "too_many_strata"
    assert isinstance(parts, Refusal) and parts.code == "parts_do_not_fit"


def test_words_that_helped_before_are_expected_to_help_again() -> None:
    rng = np.random.default_rng(2)
    plain = ["Ein ruhiger Satz über Hotels", "Noch ein Satz über Zimmer", "Zimmer mit Blick", "Hotels am Meer"]
    texts = [[text + (" umsonst" if index == lucky else "") for index, text in enumerate(plain)]
             for lucky in rng.integers(0, 4, 300)]  # fmt: skip
    told = np.array([[words.features(text) for text in each] for each in texts])
    better = np.array([["umsonst" in text for text in each] for each in texts])
    logs = -4 + rng.normal(0, 0.5, (300, 1)) + 0.3 * better + rng.normal(0, 0.2, (300, 4))
    everywhere = np.ones((300, 4), np.bool_)
    leanings = words.learnt(words.no_leanings(), told, logs, np.full((300, 4), 60.0), everywhere)
    weights = words.weights_of(leanings)
    new = np.array([[words.features("Zimmer umsonst"), words.features("Zimmer frei")]])
    hints = words.hints(weights, new, np.ones((1, 2), np.bool_))[0]
    assert hints[0] - hints[1] > 0.1
    assert hints.sum() == pytest.approx(0)
    assert not words.hints(words.weights_of(words.no_leanings()), new, np.ones((1, 2), np.bool_)).any()


def test_features_are_finite_for_any_text() -> None:
    for text in ("", " ", "!", "Ü" * 5_000, "12 % auf alles?"):
        numbers = words.features(text)
        assert numbers.shape == (words.width,)
        assert np.isfinite(numbers).all()
    assert (words.features("Hotel am Meer") == words.features("hotel am meer"))[:512].all()
