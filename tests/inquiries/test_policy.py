"""What other shares would have brought."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inquiries.draws import awards, draws
from warum.domain.explain.record import Explanation, Label
from warum.domain.inquiries.draws import OfferDraws
from warum.domain.inquiries.policy import explain_policy


def ask(log: OfferDraws, shares: dict[int, int]) -> Explanation:
    told = explain_policy(log, awards(log), shares, np.random.default_rng(1))
    assert isinstance(told, Explanation)
    return told


def test_everything_to_the_better_arm_would_have_brought_more() -> None:
    told = ask(draws([0.02, 0.04]), {1: 1_000_000})
    assert (told.label, told.verdict) == (Label.ESTIMATE, "more")
    assert told.number is not None and told.number.low is not None and told.number.high is not None
    # 28,000 exposures at 0.04 conversions of 100.00.
    assert told.number.low < 28_000 * 0.04 * 10_000 < told.number.high


def test_the_shares_that_were_bring_what_was_brought() -> None:
    log = draws([0.02, 0.04])
    told = ask(log, {0: 500_000, 1: 500_000})
    actual = sum(award.retained_minor for award in awards(log))
    assert told.verdict == "as_it_was"
    assert int(told.claim.value("actual_minor")) == actual
    assert told.number is not None and told.number.value == pytest.approx(actual, rel=0.01)


def test_a_level_that_moves_with_the_shares_is_no_merit_of_an_arm() -> None:
    log = draws([0.02, 0.02], days=56, shares=[[800_000, 200_000], [200_000, 800_000]], levels=[1.0, 3.0])
    told = ask(log, {1: 1_000_000})
    assert told.verdict == "same"


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(60):
        told = ask(draws([0.03, 0.05], days=14, exposures=400, seed=seed), {0: 200_000, 1: 800_000})
        assert told.number is not None and told.number.low is not None and told.number.high is not None
        covered += told.number.low <= 14 * 400 * (0.2 * 0.03 + 0.8 * 0.05) * 10_000 <= told.number.high
    assert covered >= 52  # 95 % of 60 is 57; below 52 with probability under 1 %


def test_what_the_log_hardly_ever_did_is_refused() -> None:
    log = draws([0.03, 0.03], days=10, exposures=100, shares=[[970_000, 30_000]])
    told = ask(log, {1: 1_000_000})
    assert (told.label, told.verdict, told.number) == (Label.ABSTAINS, "effective_size_too_small", None)
    gate = told.reasons[0]
    assert gate.code == "policy.gate.effective_size_too_small"
    assert int(gate.value("effective")) < int(gate.value("effective_min"))
    assert told.would_change


def test_an_arm_that_could_not_be_drawn_is_refused() -> None:
    told = ask(draws([0.03, 0.03], shares=[[1_000_000, 0], [500_000, 500_000]]), {1: 1_000_000})
    assert (told.label, told.verdict) == (Label.ABSTAINS, "no_support")


def test_nothing_seen_and_nothing_brought() -> None:
    log = draws([0.03, 0.03])
    assert ask(replace(log, periods=()), {0: 1_000_000}).verdict == "no_exposures"
    nothing = explain_policy(log, [], {0: 1_000_000}, np.random.default_rng(1))
    assert isinstance(nothing, Explanation) and nothing.verdict == "rewards_constant"


def test_many_draws_are_taken_together_and_say_the_same() -> None:
    log = draws([0.02, 0.03], exposures=30_000)
    told = ask(log, {1: 1_000_000})
    assert any(limit.code == "policy.bundled" for limit in told.limits)
    assert told.number is not None and told.number.value == pytest.approx(840_000 * 0.03 * 10_000, rel=0.05)
