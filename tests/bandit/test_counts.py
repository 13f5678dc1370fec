"""Counts as they come, and what they mean for an objective."""

from __future__ import annotations

from dataclasses import replace

import pytest

from warum.domain.bandit.counts import ArmData, Objective, Observed, kept_share, observe
from warum.kernel.refusal import Refusal

A = ArmData(arm=1, exposures=1_000, clicks=30, approved=4, pending=2, declined=1, approved_minor=400, pending_minor=200,
            square=60_000)  # fmt: skip
B = replace(A, arm=2, clicks=20)


def observed(*data: ArmData, objective: Objective = Objective.CLICKS) -> Observed:
    seen = observe(data, objective)
    assert isinstance(seen, Observed)
    return seen


def test_periods_of_an_arm_add_up() -> None:
    seen = observed(A, B, replace(A, clicks=5))
    assert seen.arms == (1, 2)
    assert seen.exposures.tolist() == [2_000, 1_000]
    assert seen.events.tolist() == [35, 20]


def test_a_pending_conversion_counts_with_its_chance_to_stand() -> None:
    chance = kept_share(8, 2)
    assert 0 < chance < 1
    assert observed(A, B, objective=Objective.CONVERSIONS).events.tolist() == [4 + 2 * chance] * 2
    assert kept_share(0, 0) == 0.85
    assert kept_share(10_000, 10_000) == pytest.approx(0.5, abs=0.01)


def test_a_young_period_counts_by_what_has_come_in() -> None:
    young = replace(A, complete=0.25)
    assert observed(young, B, objective=Objective.CONVERSIONS).exposures.tolist() == [250, 1_000]
    assert observed(young, B).exposures.tolist() == [1_000, 1_000]  # a click does not wait


def test_value_is_counted_in_conversions_of_the_usual_size() -> None:
    # Every conversion brings 100: one event each, worth 100.
    seen = observed(A, B, objective=Objective.VALUE)
    assert seen.unit == pytest.approx(100)
    assert seen.events.tolist() == observed(A, B, objective=Objective.CONVERSIONS).events.tolist()
    # Where a few large ones make the value, there are fewer events than conversions.
    uneven = [replace(one, square=3 * one.square) for one in (A, B)]
    assert observed(*uneven, objective=Objective.MARGIN).events.sum() == pytest.approx(seen.events.sum() / 3)


@pytest.mark.parametrize(
    ("data", "objective", "code"),
    [
        ((A,), Objective.CLICKS, "one_arm"),
        ((), Objective.CLICKS, "one_arm"),
        ((A, replace(B, clicks=float("nan"))), Objective.CLICKS, "counts_not_finite"),
        ((A, replace(B, exposures=float("inf"))), Objective.CLICKS, "counts_not_finite"),
        ((A, replace(B, declined=-1)), Objective.CLICKS, "counts_negative"),
        ((A, replace(B, approved_minor=-1)), Objective.MARGIN, "margin_negative"),
        ((A, replace(B, complete=1.1)), Objective.CLICKS, "share_above_one"),
        ((A, replace(B, exposures=0)), Objective.CLICKS, "events_without_exposures"),
        ((A, replace(B, clicks=1_001)), Objective.CLICKS, "counts_broken"),
        ((A, replace(B, square=0)), Objective.VALUE, "squares_missing"),
        ((ArmData(arm=1, exposures=0), ArmData(arm=2, exposures=0)), Objective.CLICKS, "no_exposures"),
        ((replace(A, complete=0), replace(B, complete=0)), Objective.VALUE, "no_outcomes_yet"),
    ],
)
def test_what_is_wrong_is_named(data: tuple[ArmData, ...], objective: Objective, code: str) -> None:
    refused = observe(data, objective)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.message
