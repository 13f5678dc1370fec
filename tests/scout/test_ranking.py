"""The ranking: order, shares that add up, newcomers who keep theirs, and weights that are told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.scout import words
from warum.domain.scout.forecast import Forecast
from warum.domain.scout.ranking import SHARE_ONE, Because, Ranking, rank
from warum.kernel.refusal import Refusal


def one(publisher: int, value: float, kept: float = 0.8, decided: int = 50) -> Forecast:
    return Forecast(
        publisher=publisher,
        net_minor=value * kept,
        low_minor=value * kept * 0.8,
        high_minor=value * kept * 1.2,
        value_minor=value,
        kept_share=kept,
        own_weight_value=0.5,
        own_weight_kept=0.5,
        sales=decided,
        decided=decided,
        batches=float(decided),
        batches_ahead=10.0,
    )


def ranked(forecasts: list[Forecast], share: int = 150_000) -> Ranking:
    answer = rank(forecasts, newcomers_share_ppm=share)
    assert isinstance(answer, Ranking)
    return answer


FORECASTS = st.lists(
    st.tuples(st.floats(1, 1e7), st.floats(0.01, 0.99), st.integers(0, 40)), min_size=1, max_size=20
).map(lambda rows: [one(index, value, kept, decided) for index, (value, kept, decided) in enumerate(rows)])


@settings(deadline=None)
@given(FORECASTS, st.integers(0, SHARE_ONE))
def test_shares_make_the_whole_and_newcomers_keep_theirs(forecasts: list[Forecast], share: int):
    answer = ranked(forecasts, share)
    new = [each.share_ppm for each in answer.placed if each.because is Because.NEWCOMER]
    assert sum(each.share_ppm for each in answer.placed) == SHARE_ONE
    if new and len(new) < len(forecasts):
        assert sum(new) == share
        assert max(new) - min(new) <= 1
    known = [each for each in answer.placed if each.place]
    assert [each.place for each in known] == list(range(1, len(known) + 1))
    nets = [each.forecast.net_minor for each in known]
    assert nets == sorted(nets, reverse=True)
    assert sum(weight.weight_ppm for weight in answer.weights) == SHARE_ONE


def test_weights_say_what_decides():
    by_value = ranked([one(1, 100), one(2, 200), one(3, 300)])
    by_share = ranked([one(1, 100, 0.2), one(2, 100, 0.5), one(3, 100, 0.9)])
    assert by_value.weights[0].weight_ppm == SHARE_ONE
    assert by_share.weights[1].weight_ppm == SHARE_ONE


def test_neighbours_that_cannot_be_told_apart_are_counted():
    answer = ranked([one(1, 100), one(2, 101), one(3, 1_000)])
    assert [each.tied_with for each in answer.placed] == [0, 1, 1]


def test_nobody_or_an_impossible_share_is_refused():
    assert isinstance(rank([]), Refusal)
    assert isinstance(rank([one(1, 100)], newcomers_share_ppm=SHARE_ONE + 1), Refusal)


@pytest.mark.parametrize("language", ["de", "en"])
def test_main_parameters_are_told_and_that_payment_is_none(language: words.Language):
    said = words.main_parameters(ranked([one(1, 100), one(2, 200), one(3, 300, decided=0)]), language)
    assert len(said) == 4
    assert said[-1] == words.PAYMENT[language]
    assert "15" in said[2]
    for codes in words.CODES.values():
        assert codes[language]
