"""Bots whose promises hold are told apart from those whose do not, and few outcomes are a refusal."""

from __future__ import annotations

from collections import Counter
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.bots import one, promises
from warum.domain.calibration.amounts import Ratio, amounts, ratio
from warum.domain.calibration.codes import Basis, Lately, Override, Verdict
from warum.domain.calibration.judge import Judgement, alpha, coverage, judge, trend
from warum.domain.calibration.people import Answered, people
from warum.domain.calibration.probability import Probabilities, probabilities
from warum.domain.calibration.promise import Kept, outcomes_min, positions
from warum.domain.calibration.shares import Share, difference, share
from warum.domain.decisions import DeclineReason, Held
from warum.kernel.refusal import Refusal

_minor = st.integers(-1_000_000, 1_000_000)


@st.composite
def any_promise(draw: st.DrawFn) -> Kept:
    promised, gain, least = draw(_minor), draw(_minor), draw(_minor)
    reach = [draw(st.integers(0, 100_000)) for _ in range(5)]
    return one(
        held=draw(st.sampled_from([Held.KEPT, Held.BELOW, Held.ABOVE])),
        basis=draw(st.sampled_from(Basis)),
        currency=draw(st.sampled_from(["EUR", "JPY"])),
        gain_minor=gain,
        low_minor=gain - reach[0],
        high_minor=gain + reach[0],
        promised_minor=promised,
        promised_low_minor=promised - reach[1],
        promised_high_minor=promised + reach[2],
        expected_minor=promised,
        known_low_minor=promised - reach[3],
        least_minor=least,
        exposures=draw(st.integers(0, 10_000)),
        exposures_expected=draw(st.integers(0, 10_000)),
        probability_ppm=draw(st.integers(0, 1_000_000)),
        final_at_us=draw(st.integers(0, 10**15)),
    )


def judged(found: Judgement | Refusal) -> Judgement:
    assert isinstance(found, Judgement)
    return found


# The verdict ---------------------------------------------------------------------------------------------------------


def test_a_bot_whose_promises_hold_is_hardly_ever_called_anything_else_though_it_is_looked_at_every_time() -> None:
    rng = np.random.default_rng(5)
    runs, wrong = 120, 0
    for _ in range(runs):
        made = promises(120, rng)
        wrong += any(judged(judge(made[:seen])).verdict is not Verdict.HOLDS for seen in range(outcomes_min, 121))
    # The level, and twice its standard error.
    assert wrong / runs <= alpha + 2 * (alpha * (1 - alpha) / runs) ** 0.5


@pytest.mark.parametrize(
    ("habit", "verdict"),
    [
        ({"narrow": 2.0}, Verdict.OVERCONFIDENT),
        ({"narrow": 0.5}, Verdict.TOO_MODEST),
        ({"shift": 1.0}, Verdict.TOO_HIGH),
        ({"shift": -1.0}, Verdict.TOO_LOW),
    ],
)
def test_bad_habits_are_found_and_named(habit: dict[str, float], verdict: Verdict) -> None:
    rng = np.random.default_rng(6)
    told = Counter(judged(judge(promises(80, rng, **habit))).verdict for _ in range(100))
    assert told[verdict] >= 90


@given(st.lists(any_promise(), min_size=outcomes_min, max_size=30))
def test_whatever_was_promised_there_is_an_answer_in_numbers(made: list[Kept]) -> None:
    found = judged(judge(made))
    assert 0 <= found.position <= 1 and 0 <= found.distance <= 1 and 0 < found.p_value <= 1
    covered, told = coverage(made), probabilities(made)
    assert isinstance(covered, Share) and 0 <= covered.low <= covered.share <= covered.high <= 1
    assert isinstance(told, Probabilities)
    assert sum(one.came.of for one in told.bins) == len(made)
    for known in amounts(made):
        assert known.won.count + known.lost.count == known.total.count
        assert known.won.gain_minor + known.lost.gain_minor == known.total.gain_minor
        if isinstance(known.ratio, Ratio):
            assert known.ratio.low <= known.ratio.ratio <= known.ratio.high


@pytest.mark.parametrize("count", range(outcomes_min))
def test_too_few_are_refused_in_words_that_count_them(count: int) -> None:
    made = [one()] * count
    for found in (judge(made), coverage(made), probabilities(made), ratio(made)):
        assert isinstance(found, Refusal) and found.code == "outcomes_few"
        assert str(count) in found.message or count == 0


def test_places_in_a_promise_by_hand() -> None:
    # At what was promised; at either bound of 90 %; and far outside.
    made = [one(gain_minor=gain) for gain in (10_000, 5_000, 15_000, -90_000, 110_000)]
    assert np.allclose(positions(made), [0.5, 0.05, 0.95, 0, 1], atol=1e-9)
    # A side has its own width, and none at all is still an answer.
    wide = one(promised_high_minor=30_000, gain_minor=30_000)
    flat = one(promised_low_minor=10_000, promised_high_minor=10_000)
    assert np.allclose(positions([wide, flat]), [0.95, 0.5])


def test_the_bound_at_thirty_by_hand() -> None:
    # Thirty at the upper bound: places 0.95, distances 0.9. (33.5 / 3.5)^0.5 exp(-6 * 13.5^2 / 33.5) by place is the
    # smaller one, doubled for two tests.
    found = judged(judge([one(gain_minor=15_000)] * 30))
    assert isclose(found.p_value, 2 * (33.5 / 3.5) ** 0.5 * np.exp(-6 * 13.5**2 / 33.5), rel_tol=1e-6)
    assert found.verdict is Verdict.TOO_LOW


# Shares and trend ----------------------------------------------------------------------------------------------------


def test_shares_by_hand() -> None:
    # A tenth of Beta(9.5, 1.5) lies outside, half of it on each side: by the trapezoids of its density.
    found, at = share(9, 10, 0.9), np.linspace(0, 1, 200_001)
    density = at**8.5 * (1 - at) ** 0.5
    below = np.interp([found.low, found.high], at, np.cumsum(density) / density.sum())
    assert np.allclose(below, [0.05, 0.95], atol=1e-4)
    assert (share(0, 5).low, share(5, 5).high) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        share(0, 0)
    # Newcombe 1998, table II (a): 56/70 - 48/80, method 10.
    low, high = difference(share(56, 70), share(48, 80), 0.95)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@given(st.integers(1, 300), st.data())
def test_a_share_lies_in_its_interval_and_more_data_narrow_it(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    few, many = share(count, of), share(4 * count, 4 * of)
    assert 0 <= few.low <= few.share <= few.high <= 1
    assert many.high - many.low <= few.high - few.low


def test_a_change_is_told_only_where_chance_does_not_explain_it() -> None:
    def held(kept: int, missed: int, at_us: int) -> list[Kept]:
        return [one(final_at_us=at_us)] * kept + [one(held=Held.BELOW, final_at_us=at_us)] * missed

    assert trend(held(20, 2, 0) + held(3, 9, 50), since_us=50).lately is Lately.LESS
    assert trend(held(3, 9, 0) + held(20, 2, 50), since_us=50).lately is Lately.MORE
    assert trend(held(20, 2, 0) + held(9, 2, 50), since_us=50).lately is Lately.ALIKE
    few = trend(held(20, 2, 0) + held(0, 4, 50), since_us=50)
    assert few.lately is Lately.TOO_FEW and few.recent is not None and few.recent.of == 4
    assert trend([], since_us=0).recent is None


# Probabilities -------------------------------------------------------------------------------------------------------


def test_a_stated_probability_is_carried_over_to_what_is_measured() -> None:
    rng = np.random.default_rng(7)
    told = probabilities(promises(4_000, rng))
    assert isinstance(told, Probabilities)
    assert told.came.low <= told.expected <= told.came.high
    assert told.stated - told.came.share > 0.05, "taken as it is, a bot that is right would look too sure"
    for group in told.bins:
        assert abs(group.expected - group.came.share) < 0.04


@given(st.lists(any_promise(), min_size=outcomes_min, max_size=60))
def test_the_brier_score_is_the_sum_of_its_parts(made: list[Kept]) -> None:
    told = probabilities(made)
    assert isinstance(told, Probabilities)
    assert isclose(
        told.brier, told.unreliable - told.telling + told.uncertain + told.within, rel_tol=1e-9, abs_tol=1e-12
    )
    assert min(told.brier, told.unreliable, told.telling, told.uncertain) >= 0
    expected = [group.expected for group in told.bins]
    assert expected == sorted(expected)


def test_the_least_gain_shrinks_with_the_exposures() -> None:
    # 2,000 for 1,000 exposures are 200 for 100 of them.
    short = one(exposures=100, gain_minor=250, promised_minor=1_000, promised_low_minor=0, promised_high_minor=2_000)
    told = probabilities([short] * outcomes_min)
    assert isinstance(told, Probabilities) and told.came.count == outcomes_min


# Money ---------------------------------------------------------------------------------------------------------------


def test_a_share_of_what_was_promised_covers_the_truth() -> None:
    rng = np.random.default_rng(8)
    found = [ratio(promises(40, rng)) for _ in range(300)]
    held = sum(isinstance(one, Ratio) and one.low <= 1 <= one.high for one in found)
    assert 0.85 <= held / 300 <= 0.95


def test_money_by_hand() -> None:
    made = [
        one(gain_minor=900, low_minor=600, high_minor=1_200),
        one(gain_minor=-200, low_minor=-600, high_minor=200),
        one(gain_minor=50, low_minor=0, high_minor=100, basis=Basis.DECLINED),
        one(currency="JPY", gain_minor=7),
    ]
    euros, yen, declined = amounts(made)
    assert (euros.basis, euros.currency, yen.currency, declined.basis) == (
        Basis.APPLIED,
        "EUR",
        "JPY",
        Basis.DECLINED,
    )
    assert (euros.won.gain_minor, euros.lost.gain_minor, euros.total.gain_minor) == (900, -200, 700)
    # 300 and 400 are the legs of 500.
    assert (euros.total.low_minor, euros.total.high_minor) == (200, 1_200)
    assert isinstance(euros.ratio, Refusal) and euros.ratio.code == "outcomes_few"
    assert amounts([]) == ()


def test_promises_of_nothing_have_no_ratio() -> None:
    found = ratio([one(promised_minor=minor) for minor in [-100] * 6 + [100] * 6])
    assert isinstance(found, Refusal) and found.code == "promised_nothing"


# People --------------------------------------------------------------------------------------------------------------


def test_what_people_made_of_it() -> None:
    declined = Answered(override=Override.DECLINED, reason=DeclineReason.NOT_NOW, waited_us=10)
    found = people(
        [
            declined,
            declined,
            Answered(override=Override.UNDONE, waited_us=30),
            Answered(override=Override.CHANGED),
            *[Answered(override=None, waited_us=90)] * 4,
        ]
    )
    assert found.overridden is not None
    assert (found.overridden.count, found.overridden.of) == (4, 8)
    assert [(one.override, one.reason, one.count) for one in found.reasons] == [
        (Override.DECLINED, DeclineReason.NOT_NOW, 2),
        (Override.CHANGED, None, 1),
        (Override.UNDONE, None, 1),
    ]
    assert found.waited_us == 90
    assert people([]).overridden is None
