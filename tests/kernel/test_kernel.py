"""The laws of the kernel."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from warum.kernel import ids, money, period
from warum.kernel.canonical import canonical

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_canonical_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, {"ä": 1}, {1: 2}, {"a": {1, 2}}, b"x"])
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


@given(st.integers(0, 10**12), st.integers(0, 1_000_000))
def test_a_share_is_rounded_half_up_as_decimal_does_it(amount_minor, rate_ppm):
    exact = Decimal(amount_minor) * rate_ppm / 1_000_000
    assert money.share(amount_minor, rate_ppm) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, 10**12), st.lists(st.integers(1, 1_000), min_size=1))
def test_the_parts_make_the_whole(total_minor, weights):
    parts = money.split(total_minor, weights)
    assert sum(parts) == total_minor
    assert all(
        abs(part - total_minor * weight / sum(weights)) < len(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("89.9", "EUR", 8990),
        ("89.905", "EUR", 8991),
        ("89.904", "EUR", 8990),
        ("1e3", "EUR", None),
        ("1,000.00", "EUR", None),
        ("-5", "EUR", -500),
        ("1234", "JPY", 1234),
        ("1234.5", "JPY", 1235),
        ("1.2345", "KWD", 1235),
        ("", "EUR", None),
        ("NaN", "EUR", None),
        ("٣", "EUR", None),
    ],
)
def test_amounts_are_read_one_way(text, currency, minor):
    assert money.parse_minor(text, currency) == minor


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_survives_being_written(amount_minor, currency):
    assert money.parse_minor(money.decimal(amount_minor, currency), currency) == amount_minor


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_moment_survives_being_stored(moment):
    assert period.from_us(period.to_us(moment)) == moment
    assert period.parse_iso(period.iso(period.to_us(moment))) == period.to_us(moment)


def test_a_moment_without_a_zone_is_refused():
    assert period.parse_iso("2027-05-01T12:00:00") is None
    with pytest.raises(ValueError, match="zone"):
        period.to_us(datetime(2027, 5, 1))


def test_a_day_begins_where_the_program_stands():
    midnight = period.local_midnight(datetime(2027, 5, 1).date(), "Europe/Berlin")
    assert period.iso(midnight) == "2027-04-30T22:00:00Z"
    assert period.local_date(midnight, "Europe/Berlin").isoformat() == "2027-05-01"


@given(st.sampled_from(sorted(ids.PREFIXES)), st.integers(1, 2**63 - 1))
def test_a_public_id_leads_back(kind, value):
    assert ids.private(kind, ids.public(kind, value)) == value


@pytest.mark.parametrize("text", ["adv_0", "adv_-1", "pub_5", "adv_5 ", "adv_٣", "adv_99999999999999999999", "5"])
def test_what_is_not_an_advertiser_is_none(text):
    assert ids.private("advertiser", text) is None
