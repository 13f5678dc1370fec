"""Rules, Markov and Shapley: hand-computed examples and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.attribution.heuristics import Rule, credit
from warum.domain.attribution.journeys import Journeys, Path, from_paths, journeys_from
from warum.domain.attribution.markov import removal_effects, transitions
from warum.domain.attribution.shapley import rate_worth, sampled, set_counts, set_credits, shapley
from warum.kernel.refusal import Refusal


def made(*paths: Path) -> Journeys:
    journeys = from_paths(paths)
    assert isinstance(journeys, Journeys)
    return journeys


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.LAST, [0, 0, 1]),
        (Rule.FIRST, [1, 0, 0]),
        (Rule.LINEAR, [0.5, 0.25, 0.25]),
        (Rule.POSITION, [0.5, 0.1, 0.4]),
        (Rule.DECAY, [(1 / 8 + 1 / 4) / (15 / 8), (1 / 2) / (15 / 8), 1 / (15 / 8)]),
    ],
)
def test_rules_by_hand(rule: Rule, expected: list[float]) -> None:
    journeys = made((("a", "a", "b", "c"), 1, 1))
    table = credit(journeys, rule, half_life_us=1)
    assert table[0] == pytest.approx(expected)
    assert not table[1].any()


def test_markov_by_hand() -> None:
    # start -> a always; a -> b 1/2, conversion 1/4, none 1/4; b -> conversion always.
    journeys = made((("a", "b"), 2, 0), (("a",), 1, 1))
    effects = removal_effects(transitions(journeys))
    # The chance is 1/4 + 1/2 = 3/4; without a nothing, without b 1/4.
    assert effects == pytest.approx([1.0, 1 - 1 / 3])


def test_markov_with_a_loop_by_hand() -> None:
    # a -> a 1/3, conversion 1/3, none 1/3, so a arrives in half of the cases; b arrives in none.
    journeys = made((("a", "a"), 1, 0), (("a",), 0, 1), (("b",), 0, 1))
    effects = removal_effects(transitions(journeys))
    assert effects == pytest.approx([1.0, 0.0])


def test_shapley_by_hand() -> None:
    # The glove game: b and c each have a right glove, a has the only left one.
    worth = np.array([0, 0, 0, 1, 0, 1, 0, 1], dtype=np.float64)
    assert shapley(worth) == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_the_game_of_sets_is_its_closed_form() -> None:
    journeys = made((("a",), 3, 1), (("a", "b"), 4, 2), (("b", "c", "b"), 6, 0))
    _, bought = set_counts(journeys)
    worth = np.array([sum(bought[s] for s in range(8) if s & ~whole == 0) for whole in range(8)])
    assert shapley(worth) == pytest.approx(journeys.weight @ set_credits(journeys))
    assert shapley(worth) == pytest.approx([3 + 2, 2 + 3, 3])


games = st.integers(2, 5).flatmap(lambda n: st.lists(st.floats(-5, 5), min_size=2**n, max_size=2**n))


@given(games)
def test_shapley_is_efficient_and_symmetric(values: list[float]) -> None:
    worth = np.array(values)
    worth[0] = 0.0
    found = shapley(worth)
    assert found.sum() == pytest.approx(worth[-1], abs=1e-9)
    # Members 0 and 1 change names.
    swapped = [(one & ~3) | (one & 1) << 1 | (one >> 1 & 1) for one in range(len(worth))]
    other = shapley(worth[swapped])
    assert other[[1, 0]] == pytest.approx(found[:2], abs=1e-9)


@given(games)
def test_a_dummy_gets_nothing(values: list[float]) -> None:
    worth = np.array(values)
    whole = np.concatenate([worth, worth])  # a last member that changes nothing
    assert shapley(whole)[-1] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=20)
@given(games, st.integers(0, 2**20))
def test_drawn_orders_add_up_too_and_come_again(values: list[float], seed: int) -> None:
    worth = np.array(values)
    channels = len(worth).bit_length() - 1
    one, two = (sampled(lambda s: worth[s], channels, np.random.default_rng(seed), 50) for _ in range(2))
    assert one.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)
    assert (one == two).all()


def test_drawn_orders_come_close_to_all_orders() -> None:
    worth = np.random.default_rng(1).random(2**6)
    found = sampled(lambda s: worth[s], 6, np.random.default_rng(2), 4_000)
    assert found == pytest.approx(shapley(worth), abs=0.02)


paths = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 5)),
    min_size=1,
    max_size=8,
)


@given(paths)
def test_credit_is_given_away_once(some: list[Path]) -> None:
    journeys = from_paths(some)
    if isinstance(journeys, Refusal):
        assert journeys.code == "journeys_empty"
        return
    for rule in Rule:
        table = credit(journeys, rule)
        assert table.sum(axis=1) == pytest.approx(journeys.converted.astype(float))
    effects = removal_effects(transitions(journeys))
    assert ((effects >= -1e-9) & (effects <= 1 + 1e-9)).all()
    people, bought = set_counts(journeys)
    worth = rate_worth(people, bought)
    assert shapley(worth).sum() == pytest.approx(worth[-1], abs=1e-9)


def test_a_channel_that_never_leads_on_has_no_removal_effect() -> None:
    journeys = made((("a",), 5, 5), (("b",), 0, 7))
    assert removal_effects(transitions(journeys)) == pytest.approx([1.0, 0.0])


def test_touches_after_the_conversion_are_left_out_and_signals_get_nothing() -> None:
    journeys = journeys_from(
        ("a", "b", "visit"),
        {
            "watched_us": [10],
            "converted_us": [5],
            "touch_person": [0, 0, 0],
            "touch_channel": [0, 2, 1],
            "touch_us": [1, 4, 7],
        },
        signals=("visit",),
    )
    assert isinstance(journeys, Journeys)
    assert credit(journeys, Rule.LAST)[0].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touch_us": None}, "journeys_column_missing"),
        ({"watched_us": ["x"]}, "journeys_shape_wrong"),
        ({"watched_us": [1, 2]}, "journeys_shape_wrong"),
        ({"touch_us": [np.nan]}, "journeys_not_finite"),
        ({"weight": [-1]}, "journeys_not_finite"),
        ({"converted_us": []}, "journeys_empty"),
        ({"touch_channel": [9]}, "channel_unknown_in_touch"),
        ({"touch_person": [3]}, "touch_of_nobody"),
    ],
)
def test_refusals_of_columns(change: dict[str, object], code: str) -> None:
    columns: dict[str, object] = {
        "watched_us": [9],
        "converted_us": [5],
        "touch_person": [0],
        "touch_channel": [0],
        "touch_us": [1],
    }
    columns = {name: values for name, values in {**columns, **change}.items() if values is not None}
    answer = journeys_from(("a",), columns)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal)
    assert answer.code == code
