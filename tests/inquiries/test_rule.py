"""What a commission rule would have cost, to the cent."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from warum.domain.catalog import CommissionKind, CommissionRule
from warum.domain.commission import commission_minor, rule_at
from warum.domain.conversion import Standing, Status
from warum.domain.explain.record import Explanation, Label
from warum.domain.inquiries.rule import Booked, Repricing, explain_rule, reprice

SPAN = {"from_day": "2026-07-01", "until_day": "2026-09-30"}
STATUSES = [Status.PENDING, Status.APPROVED, Status.PAID, Status.DECLINED]


def percent(
    rate_ppm: int, *, number: int = 0, publisher: int | None = None, group: str = "", valid_from_us: int = 0
) -> CommissionRule:
    return CommissionRule(
        id=number,
        program=1,
        publisher=publisher,
        group=group,
        kind=CommissionKind.PERCENT,
        rate_ppm=rate_ppm,
        amount_minor=0,
        currency=None,
        valid_from_us=valid_from_us,
        version=1,
    )


def fixed(amount_minor: int, currency: str = "EUR", *, number: int = 0) -> CommissionRule:
    return CommissionRule(
        id=number,
        program=1,
        publisher=None,
        group="",
        kind=CommissionKind.FIXED,
        rate_ppm=0,
        amount_minor=amount_minor,
        currency=currency,
        valid_from_us=0,
        version=1,
    )


def sold(
    rules: Sequence[CommissionRule],
    publisher: int,
    group: str,
    currency: str,
    status: Status,
    retained: int,
    month: str,
) -> Booked:
    """Priced as the consumer prices it: a fixed commission is meant in its own currency."""
    fitting = [rule for rule in rules if rule.currency in (None, currency)]
    rule = rule_at(fitting, publisher=publisher, group=group, click_at_us=1_000)
    standing = Standing(
        status=status,
        reason=None,
        sale_minor=retained,
        retained_minor=retained,
        check_in=None,
        check_out=None,
        release_at_us=None,
    )
    return Booked(
        publisher=publisher,
        group=group,
        click_at_us=1_000,
        month=month,
        currency=currency,
        status=status,
        retained_minor=retained,
        commission_minor=commission_minor(rule, standing),
    )


sales = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["", "new"]),
        st.sampled_from(["EUR", "USD"]),
        st.sampled_from(STATUSES),
        st.integers(0, 10**7),
        st.sampled_from(["2026-07", "2026-08", "2026-09"]),
    ),
    max_size=40,
)
rates = st.integers(0, 1_000_000)


@given(sales, rates, rates, rates, st.booleans())
def test_under_the_rules_in_force_nothing_differs(
    made: list[tuple[int, str, str, Status, int, str]], everybody: int, own: int, group: int, flat: bool
) -> None:
    base = fixed(everybody % 10_000, number=1) if flat else percent(everybody, number=1)
    rules = [base, percent(own, number=2, publisher=2), percent(group, number=3, group="new")]
    booked = [sold(rules, *one) for one in made]
    for rule in rules:
        repricing = reprice(booked, rules, rule)
        for currency in repricing.currencies():
            assert repricing.total(currency).difference_minor == 0
            assert repricing.total(currency).differ == 0


@given(sales, rates, rates)
def test_parts_make_the_whole(made: list[tuple[int, str, str, Status, int, str]], before: int, after: int) -> None:
    rules = [percent(before, number=1)]
    booked = [sold(rules, *one) for one in made]
    repricing = reprice(iter(booked), rules, percent(after))
    assert sum(repricing.total(currency).count for currency in repricing.currencies()) == len(booked)
    for currency in repricing.currencies():
        total = repricing.total(currency)
        assert total.before_minor == sum(one.commission_minor for one in booked if one.currency == currency)
        for place in (1, 2, 3):
            parts = repricing.by(lambda key, place=place: str(key[place]), currency=currency).values()
            assert sum(part.after_minor for part in parts) == total.after_minor
            assert sum(part.before_minor for part in parts) == total.before_minor
            assert sum(part.differ for part in parts) == total.differ


def test_a_known_answer() -> None:
    rules = [percent(80_000, number=1), percent(100_000, number=2, publisher=7)]
    booked = [
        sold(rules, 1, "", "EUR", Status.APPROVED, 10_000, "2026-07"),  # 800 -> 950
        sold(rules, 1, "", "EUR", Status.PENDING, 3_333, "2026-08"),  # 267 -> 317
        sold(rules, 1, "", "EUR", Status.DECLINED, 5_000, "2026-08"),  # 0 -> 0
        sold(rules, 7, "", "EUR", Status.PAID, 10_000, "2026-08"),  # has its own rule: 1000 stays
    ]
    repricing = reprice(booked, rules, percent(95_000))
    total = repricing.total("EUR")
    assert (total.before_minor, total.after_minor, total.applied, total.differ) == (2_067, 2_267, 3, 2)
    told = answer(repricing, percent(95_000))
    assert (told.label, told.verdict) == (Label.EXACT, "more")
    assert told.number is not None and (told.number.value, told.number.low) == (200, None)
    assert any(limit.code == "rule.behaviour" for limit in told.limits)


def test_a_fixed_amount_leaves_other_currencies_alone() -> None:
    rules = [percent(80_000, number=1)]
    booked = [sold(rules, 1, "", currency, Status.APPROVED, 10_000, "2026-07") for currency in ("EUR", "USD", "USD")]
    repricing = reprice(booked, rules, fixed(500))
    assert repricing.total("EUR").after_minor == 500
    assert repricing.total("USD").difference_minor == 0
    told = answer(repricing, fixed(500))
    assert told.currency == "USD" and any(reason.code == "rule.currency.less" for reason in told.reasons)


def test_a_span_without_conversions_abstains() -> None:
    told = answer(Repricing(), percent(80_000))
    assert (told.label, told.number) == (Label.ABSTAINS, None)
    assert told.would_change


def answer(repricing: Repricing, draft: CommissionRule) -> Explanation:
    return explain_rule(repricing, draft, currency="EUR", from_us=0, until_us=1, span=SPAN)
