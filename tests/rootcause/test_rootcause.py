"""Root causes: effects that add up, causes that are found and told apart, noise that is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.rootcause import Leaves, Part, effects, explain, leaves_from
from warum.domain.rootcause.effects import rate_and_mix
from warum.kernel.refusal import Refusal
from warum.main.bench.adtributor import adtributor

counts = st.integers(0, 500).map(float)


def traffic(seed: int = 0, sizes: tuple[int, ...] = (10, 6, 4), mean: float = 40.0) -> tuple[Leaves, Leaves]:
    """Clicks, and bookings per click, without a fault."""
    rng = np.random.default_rng(seed)
    codes = np.array(list(np.ndindex(*sizes)))
    clicks = rng.gamma(2.0, mean / 2, len(codes))
    under = rng.poisson(clicks).astype(float), rng.poisson(clicks).astype(float)
    names = tuple(tuple(f"{name}{value}" for value in range(size)) for name, size in zip("abc", sizes, strict=True))
    whole = Leaves(dimensions=("a", "b", "c"), values=names, codes=codes, before=under[0], after=under[1])
    over = [rng.binomial(each.astype(int), 0.2).astype(float) for each in under]
    return whole, replace(whole, before=over[0], after=over[1], under_before=under[0], under_after=under[1])


def rows(leaves: Leaves, **values: int) -> np.ndarray:
    chosen = np.ones(len(leaves.codes), dtype=np.bool_)
    for dimension, value in values.items():
        chosen &= leaves.codes[:, leaves.dimensions.index(dimension)] == value
    return chosen


@given(st.lists(st.tuples(counts, counts, counts, counts), min_size=1, max_size=20))
def test_rate_and_mix_add_up_to_the_change(groups: list[tuple[float, float, float, float]]) -> None:
    over0, under0, over1, under1 = (np.array(column) for column in zip(*groups, strict=True))
    if not (under0.sum() and under1.sum()):
        return
    rate, mix = rate_and_mix(over0, under0, over1, under1)
    change = over1.sum() / under1.sum() - over0.sum() / under0.sum()
    assert rate.sum() + mix.sum() == pytest.approx(change, abs=1e-9 * max(1.0, abs(change), over0.sum(), over1.sum()))


def test_rate_and_mix_by_hand() -> None:
    # Two publishers of 100 clicks; one falls from 10 to 5 bookings: the rate's effect is half of its change.
    rate, mix = rate_and_mix(*(np.array(each, float) for each in ([10, 20], [100, 100], [5, 20], [100, 100])))
    assert rate.tolist() == pytest.approx([-0.025, 0.0]) and mix.tolist() == pytest.approx([0.0, 0.0])
    # The better one grows to 300 clicks: mix alone, and a plus for both.
    rate, mix = rate_and_mix(*(np.array(each, float) for each in ([10, 20], [100, 100], [10, 60], [100, 300])))
    assert rate.tolist() == pytest.approx([0.0, 0.0]) and mix.sum() == pytest.approx(0.025) and (mix > 0).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 2.0), st.booleans())
def test_an_explanation_adds_up(seed: int, factor: float, ratio: bool) -> None:
    whole, part = traffic(seed)
    leaves = part if ratio else whole
    after = leaves.after.copy()
    after[rows(leaves, a=1, b=2)] *= factor
    told = explain(replace(leaves, after=after))
    if isinstance(told, Refusal):
        assert told.code == "change_within_noise"
        return
    made = sum(cause.effect for cause in told.causes) + told.alike + told.mix + told.unexplained
    assert told.before + made == pytest.approx(told.after)
    if told.change:
        assert sum(cause.share for cause in told.causes) == pytest.approx(told.explained_share)


@pytest.mark.parametrize("where", [{"a": 3}, {"b": 1}, {"a": 2, "b": 4}, {"a": 2, "b": 4, "c": 1}])
def test_the_cell_that_was_hit_is_named(where: dict[str, int]) -> None:
    leaves, _ = traffic(7, mean=400.0)
    after = leaves.after.copy()
    after[rows(leaves, **where)] *= 0.3
    told = explain(replace(leaves, after=after))
    assert not isinstance(told, Refusal)
    cause = told.causes[0]
    assert dict(zip(cause.cell.dimensions, cause.cell.values, strict=True)) == {k: f"{k}{v}" for k, v in where.items()}
    assert cause.part is Part.VALUE and cause.factor == pytest.approx(0.3, abs=0.1)


def test_a_drift_of_everything_is_no_cell() -> None:
    leaves, _ = traffic(8, mean=200.0)
    told = explain(replace(leaves, after=np.round(leaves.after * 1.3)))
    assert not isinstance(told, Refusal) and not told.causes
    assert told.alike == pytest.approx(told.change, rel=0.1)


def test_expected_growth_is_no_change() -> None:
    leaves, _ = traffic(9, mean=200.0)
    told = explain(replace(leaves, before=leaves.before + leaves.after * 3), growth=0.25)
    assert isinstance(told, Refusal) and told.code == "change_within_noise"


def test_rate_and_mix_are_told_apart() -> None:
    _, leaves = traffic(10, mean=800.0)
    assert leaves.under_after is not None
    after = leaves.after.copy()
    after[rows(leaves, a=3)] = np.round(after[rows(leaves, a=3)] * 0.3)
    told = explain(replace(leaves, after=after))
    assert not isinstance(told, Refusal) and told.causes[0].part is Part.RATE and told.causes[0].cell.values == ("a3",)
    # Five times as many clicks of one publisher that never books: its rate is what it was.
    place = rows(leaves, a=5)
    before, after, under = leaves.before.copy(), leaves.after.copy(), leaves.under_after.copy()
    before[place], after[place] = 0.0, 0.0
    under[place] *= 5
    told = explain(replace(leaves, before=before, after=after, under_after=under))
    assert not isinstance(told, Refusal) and told.causes[0].part is Part.MIX and told.causes[0].cell.values == ("a5",)


def test_noise_is_left_alone() -> None:
    quiet = 0
    for seed in range(100, 130):
        for leaves in traffic(seed):
            told = explain(leaves)
            quiet += isinstance(told, Refusal) or not told.causes
    assert quiet >= 57


def test_amounts_are_noisier_than_counts() -> None:
    rng = np.random.default_rng(11)
    leaves, _ = traffic(11)
    before, after = (
        np.array([rng.lognormal(9, 1, int(n)).sum() for n in each]) for each in (leaves.before, leaves.after)
    )
    told = explain(replace(leaves, before=before, after=after), counts=False)
    assert isinstance(told, Refusal) and told.code == "change_within_noise"
    after[rows(leaves, a=3)] = 0.0
    told = explain(replace(leaves, before=before, after=after), counts=False)
    assert not isinstance(told, Refusal) and told.causes[0].cell.values == ("a3",)


def test_effects_by_value() -> None:
    _, leaves = traffic(12)
    told = effects(leaves, "b")
    assert not isinstance(told, Refusal) and leaves.under_before is not None and leaves.under_after is not None
    change = leaves.after.sum() / leaves.under_after.sum() - leaves.before.sum() / leaves.under_before.sum()
    assert sum(effect.total for effect in told) == pytest.approx(change)
    unknown = effects(leaves, "z")
    assert isinstance(unknown, Refusal) and unknown.code == "no_dimensions"


def test_adtributor_by_hand() -> None:
    # Everything that is lost is lost by one data centre, as in the paper's example.
    leaves = leaves_from(
        {"centre": ["x", "y", "x", "y"], "kind": ["p", "p", "q", "q"]}, [50, 50, 50, 50], [10, 50, 10, 50]
    )
    assert not isinstance(leaves, Refusal)
    first = adtributor(leaves)[0]
    assert (first.dimension, first.values) == ("centre", ("x",))
    p, q = 0.5, 20 / 120
    assert first.surprise == pytest.approx((p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"before": np.zeros(240)}, "nothing_before"),
        ({"before": np.full(240, np.nan)}, "not_a_number"),
        ({"after": np.full(240, -1.0)}, "negative_count"),
        ({"after": np.ones(3)}, "shape_wrong"),
        ({"under_before": np.ones(240)}, "shape_wrong"),
        ({"under_before": np.ones(240), "under_after": np.zeros(240)}, "nothing_below"),
        ({"codes": np.zeros((0, 3), int), "before": np.zeros(0), "after": np.zeros(0)}, "nothing_there"),
    ],
)
def test_what_cannot_be_explained_is_refused(change: dict[str, np.ndarray], code: str) -> None:
    told = explain(replace(traffic()[0], **change))
    assert isinstance(told, Refusal) and told.code == code


def test_odd_questions_are_refused() -> None:
    leaves, _ = traffic()
    for told, code in (
        (explain(leaves, growth=0.0), "growth_outside"),
        (explain(leaves, alpha=1.0), "level_outside"),
        (leaves_from({}, [], []), "no_dimensions"),
        (leaves_from({"a": ["x"], "b": []}, [1], [1]), "shape_wrong"),
    ):
        assert isinstance(told, Refusal) and told.code == code


def test_one_row_and_one_value_do_not_break_it() -> None:
    leaves = leaves_from({"a": ["x"]}, [100], [10])
    assert not isinstance(leaves, Refusal)
    told = explain(leaves)
    assert not isinstance(told, Refusal) and not told.causes and told.alike == pytest.approx(-90)
    gone = explain(replace(leaves, after=np.array([0.0])))
    assert not isinstance(gone, Refusal) and gone.change == -100
