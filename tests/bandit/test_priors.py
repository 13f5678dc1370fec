"""Priors that earlier campaigns taught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from warum.domain.bandit.beliefs import Campaigns, Prior, believe
from warum.domain.bandit.priors import Lessons, campaigns_kept, learn, lessons, together
from warum.kernel.refusal import Refusal


def simulated(number: int, *, seed: int, level: float = -3.6, level_spread: float = 0.5, arm: float = 0.12,
              part: float = 0.25, shown: int = 8_000) -> Campaigns:  # fmt: skip
    """Four arms, two to a part."""
    rng = np.random.default_rng(seed)
    parts = np.array([0, 0, 1, 1])
    logs = rng.normal(level, level_spread, (number, 1)) + rng.normal(0, arm, (number, 4))
    logs += rng.normal(0, part, (number, 2))[:, parts]
    exposures = np.full((number, 4), float(shown))
    events = rng.binomial(shown, np.minimum(np.exp(logs), 1)).astype(float)
    kin = np.broadcast_to(parts[:, None] == parts, (1, number, 4, 4))
    return Campaigns(exposures=exposures, events=events, present=np.ones((number, 4), np.bool_), kin=kin)


def taught(seen: Campaigns, before: Prior) -> Lessons:
    return lessons(believe(before, seen), seen)


def learnt(told: Lessons, before: Prior) -> Prior:
    prior = learn(told, before)
    assert isinstance(prior, Prior)
    return prior


START = Prior(part_spreads=(0.15,))


@pytest.mark.parametrize(("arm", "part"), [(0.12, 0.25), (0.25, 0.08)])
def test_simulated_spreads_are_recovered(arm: float, part: float) -> None:
    prior = learnt(taught(simulated(300, seed=1, arm=arm, part=part), START), START)
    assert prior.level == pytest.approx(-3.6, abs=0.1)
    assert prior.level_spread == pytest.approx(0.5, rel=0.15)
    assert prior.arm_spread == pytest.approx(arm, rel=0.2)
    assert prior.part_spreads[0] == pytest.approx(part, rel=0.3)
    assert prior.scale_spread < 0.3
    assert prior.campaigns == 300


def test_few_campaigns_do_no_harm() -> None:
    """Two campaigns whose arms happen to be alike do not prove that arms are alike, nor do two wild ones."""
    for arm, part in ((0.0, 0.0), (0.9, 0.9)):
        prior = learnt(taught(simulated(2, seed=3, arm=arm, part=part), START), START)
        assert 0.05 < prior.arm_spread < 0.8
        assert 0.04 < prior.part_spreads[0] < 0.8


def test_it_does_not_matter_how_campaigns_were_allocated() -> None:
    """Arms that did badly at first were dropped: moments would take the survivors\' luck for a spread."""
    rng = np.random.default_rng(4)
    rates = np.exp(rng.normal(-3.6, 0.5, (300, 1)) + rng.normal(0, 0.2, (300, 4)))
    first = rng.binomial(1_500, rates)
    dropped = np.where(first.argmax(axis=1)[:, None] == np.arange(4), 10_000, 60)
    seen = Campaigns(
        exposures=1_500.0 + dropped,
        events=(first + rng.binomial(dropped, rates)).astype(float),
        present=np.ones((300, 4), np.bool_),
        kin=np.zeros((0, 300, 4, 4), np.bool_),
    )
    prior = learnt(taught(seen, Prior()), Prior())
    assert prior.arm_spread == pytest.approx(0.2, rel=0.2)


def test_a_learnt_prior_is_a_good_start_for_the_next() -> None:
    told = taught(simulated(100, seed=5), START)
    first = learnt(told, START)
    second = learnt(told, first)
    assert second.arm_spread == pytest.approx(first.arm_spread, rel=0.15)
    assert second.part_spreads[0] == pytest.approx(first.part_spreads[0], rel=0.15)


def test_campaigns_of_different_sizes_go_together_and_old_ones_go() -> None:
    four, two = taught(simulated(campaigns_kept, seed=6), START), taught(simulated(5, seed=7), START)
    small = Lessons(
        logs=two.logs[:, :2], weights=two.weights[:, :2], present=two.present[:, :2], kin=two.kin[..., :2, :2]
    )
    both = together(four, small)
    assert both.logs.shape == (campaigns_kept, 4)
    assert both.present[-5:].sum() == 10
    assert learnt(both, START).campaigns == campaigns_kept
    assert together(small, four).present.all()


def test_hints_are_taken_out_of_what_is_told() -> None:
    seen = simulated(3, seed=8)
    hints = np.tile([0.3, -0.3, 0.1, -0.1], (3, 1))
    plain = believe(START, seen)
    hinted = lessons(plain, replace(seen, hints=hints))
    assert hinted.logs == pytest.approx(lessons(plain, seen).logs - hints)


def test_broken_lessons_are_refused() -> None:
    told = taught(simulated(3, seed=9), START)
    refused = learn(replace(told, logs=told.logs * np.nan), START)
    assert isinstance(refused, Refusal)
    assert refused.code == "lessons_broken"
