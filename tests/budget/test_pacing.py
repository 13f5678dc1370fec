"""To the cent, under caps, need dates first; and a rate whose price is exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.budget.commission import Elasticity, RateChange, RateProposal, propose_rate
from warum.domain.budget.occupancy import Night, over_nights
from warum.domain.budget.pacing import Pace, pace
from warum.kernel.refusal import Refusal

days = st.lists(st.tuples(st.floats(0, 100), st.one_of(st.none(), st.integers(0, 10_000))), min_size=1, max_size=12)


@given(st.integers(1, 100_000), days, st.integers(0, 50_000))
def test_what_is_left_is_paced_to_the_cent(budget, drawn, spent):
    weights, caps = [weight for weight, _ in drawn], [cap for _, cap in drawn]
    said = pace(budget, weights, caps_minor=caps, spent_minor=spent)
    assert isinstance(said, Pace)
    assert sum(said.minor) + said.unspent_minor == max(budget - spent, 0)
    assert all(part >= 0 and (cap is None or part <= cap) for part, cap in zip(said.minor, caps, strict=True))
    assert said.binding
    if said.unspent_minor:
        assert all(w == 0 or part == cap for w, part, cap in zip(weights, said.minor, caps, strict=True))


def test_need_dates_first_and_nothing_above_the_limit():
    nights = [
        Night(name="Mon", rooms=100, expected=40),
        Night(name="Fri", rooms=100, expected=80),
        Night(name="Sat", rooms=100, expected=97),
    ]
    said = over_nights(15_000, nights, cost_per_room_minor=1_000)
    assert isinstance(said, Pace)
    assert said.minor == (15_000, 0, 0)
    said = over_nights(500_000, nights, cost_per_room_minor=1_000)
    assert isinstance(said, Pace)
    assert said.minor == (55_000, 15_000, 0)
    assert said.unspent_minor == 430_000
    assert said.binding == ("occupancy limit on Mon", "occupancy limit on Fri", "occupancy limit on Sat")


def test_a_change_of_rate_by_hand():
    change = RateChange(publisher="Y", sales_minor=1_000_000, old_basis_points=800, new_basis_points=1_000, margin=0.3)
    unknown = propose_rate(change, None, seed=1)
    assert isinstance(unknown, RateProposal)
    assert (unknown.repricing_minor, unknown.gain) == (20_000, None)
    # 0.22 / 0.20 more sales pay for it: log 1.1 / log 1.25.
    assert unknown.break_even == pytest.approx(0.42713, abs=1e-5)
    known = propose_rate(change, Elasticity(1.0, 0.01), seed=1)
    assert isinstance(known, RateProposal)
    assert known.gain is not None
    # 1.25 x 0.20 - 0.22 of a million.
    assert known.gain[1] == pytest.approx(30_000, rel=0.02)
    assert known.better == 1.0


def test_refusals():
    same = RateChange(publisher="Y", sales_minor=1, old_basis_points=800, new_basis_points=800, margin=0.3)
    night = Night(name="Mon", rooms=10, expected=11)
    for said, code in [
        (propose_rate(same, None, seed=1), "rates_broken"),
        (over_nights(1, [night], cost_per_room_minor=1), "occupancy_broken"),
        (over_nights(1, [], cost_per_room_minor=1), "nothing_there"),
        (pace(0, [1.0]), "budget_not_positive"),
        (pace(1, [float("nan")]), "not_a_number"),
    ]:
        assert isinstance(said, Refusal)
        assert said.code == code
