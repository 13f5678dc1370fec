"""What publishers will bring: drawn together when little is known, refused when nothing is, blind to the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.scout.credibility import credible
from warum.domain.scout.forecast import Forecast, forecast
from warum.domain.scout.sales import Publisher, Sales, batch_means
from warum.kernel.refusal import Refusal

TODAY = 1_000


def sales(seed: int = 0, publishers: int = 12, each: int = 60, kept: float = 0.7) -> Sales:
    """Each publisher's sales are worth about 100 times its position plus one."""
    rng = np.random.default_rng(seed)
    publisher = np.repeat(np.arange(publishers), each)
    placed = rng.integers(TODAY - 400, TODAY, len(publisher))
    due = placed + rng.integers(5, 60, len(publisher))
    value = np.round((publisher + 1) * 100 * np.exp(rng.normal(0, 0.3, len(publisher)))).astype(np.int64)
    decided = due < TODAY
    stays = rng.random(len(publisher)) < kept
    return Sales(
        publisher=publisher,
        batch=np.arange(len(publisher)),
        placed_day=placed,
        due_day=due,
        value_minor=value,
        kept_minor=np.where(decided & stays, value, 0),
        decided=decided,
    )


def people(count: int = 12, **traits: str) -> list[Publisher]:
    return [Publisher(id=index + 1, **traits) for index in range(count)]


def told(made: Sales, publishers: list[Publisher]) -> tuple[Forecast, ...]:
    answer = forecast(made, publishers, today=TODAY, rng=np.random.default_rng(7), draws=500)
    assert not isinstance(answer, Refusal), answer
    return answer


def test_the_order_and_the_level_are_found():
    answer = told(sales(), people())
    nets = [one.net_minor for one in answer]
    assert nets == sorted(nets)
    assert nets[5] == pytest.approx(600 * np.exp(0.045) * 0.7, rel=0.2)
    assert all(one.low_minor < one.net_minor < one.high_minor for one in answer)


def test_nothing_that_is_known_only_later_is_read():
    made = sales()
    undecided = ~made.decided
    other = replace(made, kept_minor=np.where(undecided, made.value_minor * 9, made.kept_minor))
    assert told(made, people()) == told(other, people())


def test_what_is_decided_before_it_is_due_does_not_count():
    """Early cancellations become known first; counting them would make every fresh publisher look bad."""
    made = sales()
    early = made.due_day >= TODAY
    assert early.sum() > 50
    cancelled = replace(made, decided=made.decided | early)
    assert [one.kept_share for one in told(made, people())] == [one.kept_share for one in told(cancelled, people())]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=12, max_size=12))
def test_payment_buys_nothing(paid: list[int]):
    bought = [replace(one, paid_minor=amount) for one, amount in zip(people(), paid, strict=True)]
    assert told(sales(), bought) == told(sales(), people())


def test_a_group_of_forty_is_one_observation():
    made = sales()
    grouped = replace(made, batch=np.where(made.publisher == 3, 10**6, made.batch))
    alone, together = told(made, people())[3], told(grouped, people())[3]
    assert together.batches == pytest.approx(1.0)
    assert together.own_weight_value < alone.own_weight_value
    assert together.high_minor - together.low_minor > alone.high_minor - alone.low_minor


def test_a_stranger_is_taken_for_its_like():
    publishers = [Publisher(id=index + 1, kind="voucher" if index < 6 else "content") for index in range(12)]
    strangers = [*publishers, Publisher(id=98, kind="voucher"), Publisher(id=99, kind="content")]
    answer = told(sales(), strangers)
    assert answer[-2].net_minor < answer[-1].net_minor
    assert answer[-1].sales == 0
    assert answer[-1].own_weight_value == 0.0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda made: replace(made, batch=made.batch[1:]), "columns_differ"),
        (lambda made: replace(made, publisher=made.publisher + 5), "publisher_not_listed"),
        (lambda made: replace(made, value_minor=-made.value_minor), "amount_negative"),
        (lambda made: replace(made, placed_day=made.placed_day + 400), "sales_to_come"),
        (lambda made: made.where(np.arange(len(made)) < 90), "sales_few"),
        (lambda made: replace(made, decided=made.decided & False), "sales_few"),
        (lambda made: replace(made, value_minor=made.value_minor * 0), "value_missing"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(change: object, code: str):
    assert callable(change)
    answer = forecast(change(sales()), people(), today=TODAY, rng=np.random.default_rng(0))
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert answer.message.endswith(".")


def test_few_or_double_publishers_and_short_windows_are_refused():
    rng = np.random.default_rng(0)
    few = forecast(sales(publishers=2, each=200), people(2), today=TODAY, rng=rng)
    double = forecast(sales(), [*people(11), Publisher(id=1)], today=TODAY, rng=rng)
    short = forecast(sales(), people(), today=TODAY, rng=rng, window_days=3)
    assert [one.code for one in (few, double, short) if isinstance(one, Refusal)] == [
        "publishers_few",
        "publisher_twice",
        "window_short",
    ]


def test_means_of_batches_by_hand():
    """Two batches of weights 3 and 1 with means 20 and 40: mean 25, between them 75, Kish 16 / 10."""
    found = batch_means(
        np.array([10.0, 20.0, 30.0, 40.0]), np.ones(4), np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0]), 1
    )
    assert found.mean[0] == pytest.approx(25.0)
    assert found.variance[0] == pytest.approx(75.0)
    assert found.size[0] == pytest.approx(1.6)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-5, 5), min_size=4, max_size=12),
    st.floats(0.01, 10),
    st.lists(st.integers(0, 2), min_size=12, max_size=12),
)
def test_what_is_believed_lies_between_the_record_and_the_like(means: list[float], within: float, kinds: list[int]):
    observed = np.asarray(means)
    answer = credible(observed, np.arange(1.0, len(means) + 1), within, [np.asarray(kinds[: len(means)])])
    assert (answer.mean >= np.minimum(observed, answer.prior) - 1e-9).all()
    assert (answer.mean <= np.maximum(observed, answer.prior) + 1e-9).all()
    assert (np.diff(answer.weight) >= -1e-12).all()  # more observations, more weight
    assert (answer.variance > 0).all()
