"""Laws of the shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.bandit.allocate import Rule, Shares, allocate, floor_ppm_default, in_ppm, wishes
from warum.domain.bandit.beliefs import Prior, believe, campaign
from warum.domain.bandit.counts import ArmData, Objective
from warum.domain.catalog import PROPENSITY_ONE, EdgeAllocation, EdgeArm
from warum.domain.samples import sample_ratio
from warum.domain.tracking import draw
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Refusal

PRIOR = Prior(level=-4.0, level_spread=0.6, arm_spread=0.25, campaigns=100)


def data(shown: Sequence[float], clicks: Sequence[float]) -> list[ArmData]:
    pairs = enumerate(zip(shown, clicks, strict=True))
    return [ArmData(arm=arm, exposures=each, clicks=clicked) for arm, (each, clicked) in pairs]


def shares(shown: Sequence[float], clicks: Sequence[float], rule: Rule = Rule.LOOK_AHEAD, left: float = 1e4) -> Shares:
    told = allocate(data(shown, clicks), prior=PRIOR, exposures_left=left, rule=rule)
    assert isinstance(told, Shares)
    return told


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**7), st.floats(0, 1)), min_size=2, max_size=9),
    st.floats(1, 1e9),
    st.sampled_from(list(Rule)),
    st.integers(1, 100_000),
)
def test_shares_sum_to_one_and_keep_the_floor(
    arms: list[tuple[int, float]], left: float, rule: Rule, floor_ppm: int
) -> None:
    counts = data([shown for shown, _ in arms], [int(shown * share) for shown, share in arms])
    told = allocate(counts, prior=PRIOR, exposures_left=left, rule=rule, floor_ppm=floor_ppm)
    assert isinstance(told, Shares)
    assert sum(told.propensities_ppm) == PROPENSITY_ONE
    assert min(told.propensities_ppm) >= floor_ppm
    assert sum(told.best) == pytest.approx(1)
    assert all(low < high for low, high in zip(told.low, told.high, strict=True))


@pytest.mark.parametrize("rule", Rule)
def test_equal_arms_stay_near_equal(rule: Rule) -> None:
    for shown, clicks in ((1, 0), (500, 10), (20_000, 400)):
        told = shares([shown] * 4, [clicks] * 4, rule)
        assert np.array(told.propensities_ppm) == pytest.approx(np.full(4, 250_000), abs=15_000)


@pytest.mark.parametrize("rule", [Rule.THOMPSON, Rule.LOOK_AHEAD])
def test_better_counts_never_lower_a_share(rule: Rule) -> None:
    """Between two arms, in both rules; each click more of one arm adds to it."""
    gained = [shares([2_000, 2_000], [40, clicks], rule).propensities_ppm[1] for clicks in range(20, 70, 5)]
    assert gained == sorted(gained)
    assert gained[-1] > 900_000


@pytest.mark.parametrize("rule", Rule)
def test_evidence_for_an_arm_raises_its_share_in_expectation(rule: Rule) -> None:
    rng = np.random.default_rng(5)
    rates, means = np.array([0.018, 0.018, 0.024]), []
    for shown in (200, 2_000, 20_000):
        clicks = rng.binomial(shown, rates, size=(60, 3))
        means.append(np.mean([shares([shown] * 3, row.tolist(), rule).propensities_ppm[2] for row in clicks]))
    assert means[0] < means[1] < means[2] + 1_000
    assert means[2] > (450_000 if rule is Rule.TOP_TWO else 900_000)


def test_learning_is_bought_early_and_not_at_the_end() -> None:
    """The challenger was hardly shown: with a long way to go it is worth a try, at the end it is not."""
    early = shares([4_000, 60], [90, 1], left=50_000).propensities_ppm
    late = shares([4_000, 60], [90, 1], left=50).propensities_ppm
    assert early[1] > 500_000
    assert late[1] <= 2 * floor_ppm_default


def test_top_two_by_hand() -> None:
    beliefs = believe(PRIOR, campaign(np.full(3, 3_000.0), np.array([60.0, 55.0, 50.0])))
    one, two, three = beliefs.best()[0]
    challenger = two * (one / (1 - one) + three / (1 - three))
    assert wishes(beliefs, np.ones(1), np.ones(1), Rule.TOP_TWO)[0, 1] == pytest.approx((two + challenger) / 2)


def test_a_replay_is_exact() -> None:
    assert shares([900, 800, 700], [9, 14, 7]) == shares([900, 800, 700], [9, 14, 7])


def test_the_propensities_are_the_frequencies_of_draws() -> None:
    told = shares([900, 800, 700], [9, 14, 7], Rule.THOMPSON)
    arms = tuple(
        EdgeArm(arm=arm, url="https://shop.example/", propensity_ppm=share)
        for arm, share in zip(told.arms, told.propensities_ppm, strict=True)
    )
    allocation = EdgeAllocation(id=1, offer=1, arms=arms)
    drawn = [draw(allocation, RecordId(1, 1, number), bytes(32)).arm for number in range(30_000)]
    counts = np.bincount(drawn, minlength=3).tolist()
    assert sample_ratio([counts], [told.propensities_ppm]) > 0.001
    assert drawn == [draw(allocation, RecordId(1, 1, number), bytes(32)).arm for number in range(30_000)]


def test_value_may_choose_another_arm_than_clicks() -> None:
    many_small = ArmData(arm=1, exposures=9_000, clicks=400, approved=90, approved_minor=90_000, square=9e7)
    few_large = ArmData(arm=2, exposures=9_000, clicks=300, approved=60, approved_minor=180_000, square=5.4e8)
    leading: dict[Objective, int] = {}
    for objective in (Objective.CLICKS, Objective.CONVERSIONS, Objective.VALUE):
        told = allocate([many_small, few_large], prior=PRIOR, exposures_left=9_000, objective=objective)
        assert isinstance(told, Shares)
        leading[objective] = told.arms[int(np.argmax(told.propensities_ppm))]
    assert leading == {Objective.CLICKS: 1, Objective.CONVERSIONS: 1, Objective.VALUE: 2}


def test_hints_tip_what_is_not_known_yet() -> None:
    counts = data([1, 1], [0, 0])
    told = allocate(counts, prior=PRIOR, exposures_left=1e4, hints=(-0.1, 0.1))
    assert isinstance(told, Shares)
    assert told.propensities_ppm[1] > told.propensities_ppm[0]


def test_whole_parts_per_million() -> None:
    assert in_ppm(np.array([1 / 3, 1 / 3, 1 / 3]), 10_000) == (333_334, 333_333, 333_333)
    assert in_ppm(np.array([1.0, 0.0]), 10_000) == (990_000, 10_000)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"floor_ppm": 0}, "propensity_zero"),
        ({"floor_ppm": -5}, "propensity_zero"),
        ({"floor_ppm": 600_000}, "floor_too_high"),
        ({"exposures_left": 0.0}, "nothing_left"),
        ({"exposures_left": float("nan")}, "nothing_left"),
        ({"parts": (("a", "b"),)}, "parts_do_not_fit"),
        ({"prior": replace(PRIOR, part_spreads=(0.1,)), "parts": (("a",),)}, "parts_do_not_fit"),
        ({"prior": replace(PRIOR, arm_spread=0.0)}, "prior_broken"),
        ({"prior": replace(PRIOR, level=float("nan"))}, "prior_broken"),
        ({"hints": (1.0,)}, "hints_broken"),
        ({"hints": (1.0, float("inf"))}, "hints_broken"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], code: str) -> None:
    refused = allocate(data([9, 9], [1, 1]), **{"prior": PRIOR, "exposures_left": 100.0, **change})  # pyright: ignore
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_broken_counts_are_refused_before_all_else() -> None:
    refused = allocate(data([9], [1]), prior=PRIOR, exposures_left=0)
    assert isinstance(refused, Refusal)
    assert refused.code == "one_arm"
