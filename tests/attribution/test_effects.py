"""What channels bring: the model of intent on worlds with known truth, holdouts, and when neither can tell."""

from __future__ import annotations

import numpy as np
import pytest

from warum.domain.attribution import intent
from warum.domain.attribution.holdouts import Holdout, Increment, beside, calibrated, increment
from warum.domain.attribution.journeys import Journeys, from_paths
from warum.domain.attribution.judge import Comparison, Method, Shares, compared, with_holdouts
from warum.domain.attribution.panel import panel
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal
from warum.main.bench.attribution import journeys_of
from warum.sim.journeys import CHANNELS, COUPON, VARIANTS, lived, recorded, truth


def world(people: int, seed: int = 5, name: str = "funnel") -> Journeys:
    journeys = journeys_of(recorded(next(lived(VARIANTS[name], seed, people)), VARIANTS[name], seed))
    assert isinstance(journeys, Journeys)
    return journeys


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    answer = compared(world(20_000), np.random.default_rng(1), rows_max=1_000)
    assert isinstance(answer, Comparison)
    return answer


def test_all_shares_add_up_and_lie_within_their_intervals(comparison: Comparison) -> None:
    assert set(comparison.methods) == set(Method) - {Method.HOLDOUT}
    for shares in comparison.methods.values():
        assert shares.channels == CHANNELS
        assert shares.shares.sum() == pytest.approx(1.0)
        assert (shares.low <= shares.shares).all() and (shares.shares <= shares.high).all()


def test_the_automatic_choice_is_nearer_to_the_truth_than_last_touch(comparison: Comparison) -> None:
    true, _ = truth(VARIANTS["funnel"], 77, 20_000)
    assert isinstance(comparison.automatic, Shares)

    def apart(shares: Shares) -> float:
        return float(np.abs(shares.shares - true).sum()) / 2

    assert apart(comparison.automatic) < 0.2 < apart(comparison.methods[Method.LAST])
    assert comparison.methods[Method.LAST].shares[COUPON] > 0.4 > 0.15 > true[COUPON]


def test_equal_seeds_give_equal_answers() -> None:
    some = world(4_000)
    one, two = (compared(some, np.random.default_rng(4), rows_max=200) for _ in range(2))
    assert isinstance(one, Comparison) and isinstance(two, Comparison)
    for method, shares in one.methods.items():
        assert shares.shares.tolist() == two.methods[method].shares.tolist()
        assert shares.low.tolist() == two.methods[method].low.tolist()


def test_the_gradient_is_that_of_the_likelihood() -> None:
    journeys = world(600)
    data = panel(journeys, DAY_US, np.random.default_rng(0), 150)
    model = intent._Model(data, journeys.credited)
    theta = model.begin() + np.random.default_rng(1).normal(0, 0.1, model.size)
    theta[0] = 0.8
    _, gradient = model.gradient(theta)
    for number in range(model.size):
        step = np.zeros(model.size)
        step[number] = 1e-5
        numeric = (model.gradient(theta + step)[0] - model.gradient(theta - step)[0]) / 2e-5
        assert gradient[number] == pytest.approx(numeric, abs=1e-3, rel=1e-4)
    assert data.weight @ model.scores(theta) == pytest.approx(gradient, abs=1e-6)


def test_switching_a_channel_off_changes_nobody_elses_draws() -> None:
    variant = VARIANTS["late"]
    whole, without = (next(lived(variant, 3, 2_000, off=off)) for off in ((), (COUPON,)))
    assert not (without.touched >> COUPON & 1).any()
    assert (whole.consented == without.consented).all()
    never_touched = ~(whole.touched >> COUPON & 1).any(axis=0)
    assert (whole.bought[never_touched] == without.bought[never_touched]).all()


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ([(("a", "b"), 900, 0)], "only_converting_journeys"),
        ([(("a", "b"), 100, 900)], "too_few_converting_journeys"),
        ([(("a", "b"), 900, 100)], "too_few_unconverted_journeys"),
        ([(tuple("abcdefghijk"), 900, 900)], "too_many_channels"),
        ([(("a", "b"), 900, 900), (("c",), 3, 3)], "channel_rarely_seen"),
    ],
)
def test_journeys_that_cannot_tell_are_told_so(paths: list[tuple[tuple[str, ...], int, int]], code: str) -> None:
    journeys = from_paths(paths)
    assert isinstance(journeys, Journeys)
    answer = compared(journeys, np.random.default_rng(0))
    assert isinstance(answer, Comparison)
    assert isinstance(answer.automatic, Refusal)
    assert answer.automatic.code == code
    assert answer.methods[Method.LINEAR].shares.sum() == pytest.approx(1.0)


def test_nothing_to_share_out() -> None:
    for paths, code in (
        ([(("a",), 5, 5)], "one_credited_channel"),
        ([(("a", "b"), 0, 5)], "no_credited_conversions"),
    ):
        journeys = from_paths(paths)
        assert isinstance(journeys, Journeys)
        answer = compared(journeys, np.random.default_rng(0))
        assert isinstance(answer, Refusal)
        assert answer.code == code


def held(people: int, sold: int, out: int, sold_out: int, share: float = 0.1) -> Holdout:
    return Holdout(people=people, conversions=sold, held_people=out, held_conversions=sold_out, held_share=share)


def test_an_increment_by_hand() -> None:
    found = increment(held(90_000, 9_000, 10_000, 940))
    assert isinstance(found, Increment)
    assert found.value == pytest.approx(0.06)
    # The logarithm of the ratio has a variance of .906 / 940 + .9 / 9000.
    spread = (0.906 / 940 + 0.9 / 9_000) ** 0.5
    assert found.low == pytest.approx(1 - 0.94 * np.exp(1.959964 * spread))
    assert found.high == pytest.approx(1 - 0.94 * np.exp(-1.959964 * spread))
    shown = beside("coupon", 3_690, 9_000, held(90_000, 9_000, 10_000, 940))
    assert not isinstance(shown, Refusal)
    assert shown.share_of_sales == pytest.approx(0.41)


def test_intervals_of_increments_hold_the_truth() -> None:
    rng, inside = np.random.default_rng(3), 0
    for _ in range(400):
        found = increment(held(90_000, int(rng.binomial(90_000, 0.05)), 10_000, int(rng.binomial(10_000, 0.05 * 0.9))))
        assert isinstance(found, Increment)
        inside += found.low <= 0.1 <= found.high
    assert inside / 400 > 0.92


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        (held(10, 11, 1, 0), "holdout_counts_wrong"),
        (held(10, 1, 1, 0, 1.0), "holdout_counts_wrong"),
        (held(10, 1, 0, 0), "holdout_missing"),
        (held(9_000, 900, 2_000, 200), "holdout_ratio_broken"),
        (held(9_000, 90, 1_000, 3), "holdout_too_few_conversions"),
    ],
)
def test_refusals_of_holdouts(counts: Holdout, code: str) -> None:
    answer = increment(counts)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def sure(value: float, error: float = 0.005) -> Increment:
    return Increment(value=value, low=value - 2 * error, high=value + 2 * error, error=error)


def test_one_holdout_corrects_its_channel_and_leaves_the_others_in_proportion() -> None:
    lost, errors = np.array([0.2, 0.1, 0.4]), np.full(3, 0.02)
    found = calibrated(("a", "b", "coupon"), lost, errors, {"coupon": sure(0.05)})
    assert not isinstance(found, Refusal)
    assert found.lost[2] == pytest.approx(0.05, abs=0.01)
    assert found.lost[0] / found.lost[1] == pytest.approx(2.0)
    assert 0.7 < found.scale < 1.0


def test_sure_holdouts_of_all_channels_are_the_answer() -> None:
    truths = {"a": 0.3, "b": 0.1, "coupon": 0.05}
    found = calibrated(
        tuple(truths), np.array([0.2, 0.1, 0.4]), np.full(3, 0.02), {name: sure(v) for name, v in truths.items()}
    )
    assert not isinstance(found, Refusal)
    assert found.lost == pytest.approx(list(truths.values()), abs=0.01)


def test_holdouts_need_losses_and_known_channels(comparison: Comparison) -> None:
    rng, observed = np.random.default_rng(0), comparison.automatic
    assert isinstance(observed, Shares)
    for shares, given, code in (
        (comparison.methods[Method.LAST], {"coupon": sure(0.05)}, "losses_unknown"),
        (observed, {}, "holdout_missing"),
        (observed, {"radio": sure(0.05)}, "channel_unknown_in_holdout"),
        (observed, {name: sure(-0.5, 1e-6) for name in CHANNELS}, "nothing_is_lost"),
    ):
        answer = with_holdouts(shares, given, rng)
        assert isinstance(answer, Refusal)
        assert answer.code == code
    answer = with_holdouts(observed, {"coupon": sure(0.05)}, rng)
    assert isinstance(answer, Shares)
    assert answer.shares.sum() == pytest.approx(1.0)
