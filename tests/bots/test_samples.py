"""Sample ratio, relative rates, and what a change brought."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.bots import words
from warum.domain.decisions import Expected, Held, Outcome
from warum.domain.packing import number, plain, record
from warum.domain.samples import ArmLog, measure, sample_ratio
from warum.domain.shrinkage import BELIEFS, SPREADS, relative_means, relative_rates
from warum.kernel.refusal import Refusal

PROMISE = Expected(
    gain_minor=10_000,
    low_minor=4_000,
    high_minor=16_000,
    measured_low_minor=0,
    measured_high_minor=20_000,
    value_minor=200_000,
    exposures=10_000,
    horizon_days=7,
    least_minor=1_000,
    probability_ppm=960_000,
)


def log(arm: int, before_ppm: int, after_ppm: int, exposures: int, sold: int, *, pending: int = 0) -> ArmLog:
    return ArmLog(
        arm=arm, before_ppm=before_ppm, after_ppm=after_ppm, exposures=exposures, pending=pending, approved=sold,
        declined=0, pending_minor=1_000 * pending, approved_minor=1_000 * sold, square=1_000_000 * (sold + pending),
    )  # fmt: skip


def outcome(*arms: ArmLog) -> Outcome:
    measured = measure(arms, PROMISE)
    assert isinstance(measured, Outcome)
    return measured


def test_the_gain_is_what_the_moved_share_brought() -> None:
    # 2 % against 4 %, and 30 % of the exposures moved: 10,000 x 0.3 x (40 - 20) minor units.
    measured = outcome(log(0, 500_000, 200_000, 2_000, 40), log(1, 500_000, 800_000, 8_000, 320))
    assert measured.gain_minor == 60_000
    assert measured.held is Held.ABOVE
    # By hand: mean squares of an exposure (20,000 and 40,000, drawn a little together) over the exposures.
    weight = 10_000 / 360
    squares = [(40e6 + weight * 36e3) / (2_000 + weight), (320e6 + weight * 36e3) / (8_000 + weight)]
    spread = 10_000 * 0.3 * (squares[0] / 2_000 + squares[1] / 8_000) ** 0.5
    assert measured.high_minor - measured.gain_minor == pytest.approx(1.6449 * spread, rel=1e-3)


def test_a_promise_is_held_against_as_many_exposures_as_there_were() -> None:
    whole = outcome(log(0, 500_000, 200_000, 2_000, 40), log(1, 500_000, 800_000, 8_000, 160))
    assert (whole.promised_low_minor, whole.promised_minor, whole.promised_high_minor) == (0, 10_000, 20_000)
    half = outcome(log(0, 500_000, 200_000, 1_000, 20), log(1, 500_000, 800_000, 4_000, 80))
    assert half.promised_minor == 5_000
    # Chance shrinks with the root only, so half the exposures leave more than half the width.
    assert 10_000 < half.promised_high_minor - half.promised_low_minor < 20_000
    assert half.held is Held.KEPT


def test_what_is_undecided_stays_open() -> None:
    some = outcome(log(0, 500_000, 200_000, 2_000, 40, pending=40), log(1, 500_000, 800_000, 8_000, 160))
    assert (some.held, some.pending_ppm) == (Held.BELOW, 166_666)
    many = outcome(log(0, 500_000, 200_000, 2_000, 40, pending=400), log(1, 500_000, 800_000, 8_000, 160))
    assert many.held is Held.OPEN
    for held in Held:
        for language in ("de", "en"):
            assert "{" not in words.outcome(replace(many, held=held), language, currency="EUR")


def test_nothing_is_measured_of_an_arm_that_was_not_shown() -> None:
    assert isinstance(measure([log(0, 500_000, 200_000, 0, 0), log(1, 500_000, 800_000, 9, 0)], PROMISE), Refusal)
    assert isinstance(measure([], PROMISE), Refusal)


def test_the_sample_ratio() -> None:
    assert sample_ratio([[5_000, 5_000]], [[500_000, 500_000]]) == pytest.approx(1)
    # (100 / sqrt(2,500))^2 = 4 with one degree of freedom.
    assert sample_ratio([[5_100, 4_900]], [[500_000, 500_000]]) == pytest.approx(0.0455, abs=1e-4)
    assert sample_ratio([[5_200, 4_800]], [[500_000, 500_000]]) < 0.001
    assert sample_ratio([[10, 1]], [[1_000_000, 0]]) == 0
    assert sample_ratio([], []) == sample_ratio([[0, 0]], [[500_000, 500_000]]) == 1


def test_true_samples_seldom_alarm() -> None:
    rng = np.random.default_rng(3)
    alarms = sum(
        sample_ratio([list(map(int, rng.multinomial(9_000, [0.03, 0.27, 0.7])))], [[30_000, 270_000, 700_000]]) < 0.01
        for _ in range(1_000)
    )
    assert alarms < 30


def test_arms_compare_within_days() -> None:
    """A good day on which one arm was shown more does not make that arm better (Simpson's paradox)."""
    exposures = np.array([[9_000.0, 1_000.0], [1_000.0, 9_000.0]] * 5)
    counts = np.array([[900.0, 100.0], [10.0, 90.0]] * 5)  # 10 % on one day, 1 % on the next, for both
    assert relative_rates(exposures, counts).mean() == pytest.approx([1, 1], abs=1e-6)


def test_few_events_are_drawn_towards_the_others() -> None:
    few = relative_rates(np.array([[100.0, 100.0]]), np.array([[1.0, 4.0]])).mean()
    many = relative_rates(np.array([[1e5, 1e5]]), np.array([[1e3, 4e3]])).mean()
    assert few[1] / few[0] < 1.5
    assert many[1] / many[0] == pytest.approx(4, rel=0.05)


def test_nothing_counted_leaves_the_prior() -> None:
    for posterior in (
        relative_rates(np.zeros((0, 3)), np.zeros((0, 3))),
        relative_rates(np.ones((2, 3)), np.zeros((2, 3))),
        relative_means(np.array([1.0, 0.0, 0.0]), np.array([5.0, 0.0, 0.0]), 0.5),
    ):
        assert posterior.mean() == pytest.approx([1, 1, 1])
        drawn = posterior.draws(np.random.default_rng(1), 500)
        assert drawn.shape == (500, 3) and (drawn > 0).all()


def test_intervals_of_relative_rates_cover() -> None:
    """Where arms differ as the prior expects, 90 % intervals of their ratio hold it nine times in ten."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        rates = 0.02 * np.exp(rng.choice(SPREADS, p=BELIEFS) * rng.standard_normal(2))
        shown = np.full((10, 2), 1_000.0)
        ratio = np.divide(*relative_rates(shown, rng.binomial(1_000, rates, (10, 2)).astype(float)).draws(rng, 400).T)
        low, high = np.quantile(ratio, [0.05, 0.95])
        covered += low <= rates[0] / rates[1] <= high
    assert 170 <= covered <= 194


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_figures_have_nine_digits_and_one_spelling(value: float) -> None:
    text = number(value)
    assert float(text) == pytest.approx(value, rel=1e-8)
    assert number(float(text)) == text != "-0"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number(value)


def test_an_outcome_can_be_stored() -> None:
    measured = outcome(log(0, 500_000, 200_000, 1_000, 20), log(1, 500_000, 800_000, 4_000, 80))
    assert record(Outcome, plain(measured)) == measured
