"""Shares that follow from wishes, prices as people write them, and arms that name themselves."""

from __future__ import annotations

import pytest
from babel.numbers import format_currency
from hypothesis import assume, given
from hypothesis import strategies as st

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.creatives import Language, derived_shares, price_text
from warum.domain.shown import Shown, read_shown, shown_text
from warum.kernel.money import decimal

KEY = bytes(range(32))
SHARES = st.lists(st.none() | st.integers(10_000, PROPENSITY_ONE), min_size=1, max_size=32)
SHOWN = st.builds(Shown, st.integers(1, 2**63 - 1), st.integers(0, 254))
LINKS, DAYS = st.integers(1, 2**63 - 1), st.integers(1, 60_000)


# Shares


@given(SHARES)
def test_derived_shares_sum_to_one_and_keep_the_order_of_the_wishes(wished: list[int | None]):
    shares = derived_shares(wished)
    assert sum(shares) == PROPENSITY_ONE and min(shares) > 0
    known = [(wish, share) for wish, share in zip(wished, shares, strict=True) if wish is not None]
    assert all(one[1] <= other[1] + 1 for one in known for other in known if one[0] <= other[0])


@given(st.lists(st.integers(10_000, PROPENSITY_ONE), min_size=2, max_size=32), st.data())
def test_what_leaves_and_comes_back_changes_nothing(weights: list[int], data: st.DataObject):
    whole = derived_shares(weights)
    gone = data.draw(st.integers(0, len(whole) - 1))
    left = [share for place, share in enumerate(whole) if place != gone]
    for before, after in zip(left, derived_shares(left), strict=True):
        assert abs(after * sum(left) - before * PROPENSITY_ONE) <= PROPENSITY_ONE  # in proportion, to the last digit
    assert derived_shares(whole) == whole


@pytest.mark.parametrize(
    ("wished", "shares"),
    [
        ([None], [1_000_000]),
        ([None, None, None], [333_334, 333_333, 333_333]),
        ([500_000, 300_000, 200_000, None], [375_000, 225_000, 150_000, 250_000]),
        ([300_000, 200_000], [600_000, 400_000]),
        ([0, 0], [500_000, 500_000]),
    ],
)
def test_a_newcomer_gets_the_mean(wished: list[int | None], shares: list[int]):
    assert derived_shares(wished) == shares


# Prices


@pytest.mark.parametrize("currency", ["EUR", "GBP", "USD", "JPY", "CHF", "PLN"])
@pytest.mark.parametrize("amount_minor", [0, 5, 8_990, 123_450, 123_456_789])
@pytest.mark.parametrize("language", list(Language))
def test_prices_are_written_as_people_write_them(amount_minor: int, currency: str, language: Language):
    written = price_text(amount_minor, currency, language)
    if language is Language.EN and currency in ("CHF", "PLN"):
        # CLDR sets letters apart from the number (alphaNextToNumber); Babel does not know that yet.
        assert written.startswith(f"{currency}\u00a0")
        written = written.replace("\u00a0", "")
    assert written == format_currency(decimal(amount_minor, currency), currency, locale=language.value)


# Arms


@given(SHOWN, LINKS, DAYS, st.integers(0, 1))
def test_what_was_shown_is_read_that_day_and_the_next(shown: Shown, link: int, day: int, later: int):
    text = shown_text(shown, link=link, day=day, key=KEY)
    assert read_shown(text, link=link, day=day + later, key=KEY) == shown
    assert read_shown(text, link=link, day=day + 2, key=KEY) is None
    assert read_shown(text, link=link, day=day - 1, key=KEY) is None


@given(SHOWN, SHOWN, LINKS, DAYS, st.text(max_size=40))
def test_nobody_else_can_name_an_arm(shown: Shown, other: Shown, link: int, day: int, text: str):
    assume(shown != other)
    named = shown_text(shown, link=link, day=day, key=KEY)
    mac = named.rpartition(".")[2]
    assert read_shown(f"{other.allocation}.{other.arm}.{mac}", link=link, day=day, key=KEY) is None
    assert read_shown(named, link=link + 1, day=day, key=KEY) is None
    assert read_shown(named, link=link, day=day, key=bytes(32)) is None
    assert read_shown(text, link=link, day=day, key=KEY) is None
    assert read_shown(" " + named, link=link, day=day, key=KEY) is None


def test_it_is_the_same_for_everybody():
    assert shown_text(Shown(20, 1), link=30, day=20_000, key=KEY) == "20.1.uW3mDaaS"
