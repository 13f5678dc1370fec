"""Facts from the log: which day and which allocation a draw belongs to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warum.app.bots.gather import periods, settled_days
from warum.kernel.period import DAY_US, HOUR_US
from warum.ports.catalog import Arm
from warum.ports.evidence import DayConversions, DayCount, OfferLog, PastAllocation

DAY = 20_000
ARMS = (
    Arm(arm=0, landing_page=1, propensity_ppm=500_000),
    Arm(arm=1, landing_page=2, propensity_ppm=500_000),
)


def allocation(number: int, made_us: int) -> PastAllocation:
    return PastAllocation(id=number, made_at_us=made_us, derived=False, arms=ARMS)


def clicks(day: int, allocation: int, count: int, arm: int = 0) -> DayCount:
    return DayCount(day=day, allocation=allocation, arm=arm, impressions=0, clicks=count)


def booked(day: int, allocation: int, count: int, currency: str = "EUR") -> DayConversions:
    return DayConversions(
        day=day,
        allocation=allocation,
        arm=0,
        currency=currency,
        pending=0,
        approved=count,
        declined=0,
        pending_minor=0,
        approved_minor=100 * count,
        square=10_000 * count,
    )


def test_a_day_is_cut_where_the_allocation_changed() -> None:
    past = [allocation(1, (DAY - 3) * DAY_US), allocation(2, DAY * DAY_US + 6 * HOUR_US)]
    log = OfferLog(counts=(clicks(DAY - 1, 1, 5), clicks(DAY, 1, 2), clicks(DAY, 2, 7)), conversions=())
    found = periods(past, log, "EUR", until_us=DAY * DAY_US + 12 * HOUR_US)
    assert [(one.allocation, (one.until_us - one.from_us) // HOUR_US) for one in found] == [(1, 24), (1, 6), (2, 6)]
    assert [one.arms[0].exposures for one in found] == [5, 2, 7]


def test_draws_of_an_allocation_that_was_just_replaced_are_not_lost() -> None:
    past = [allocation(1, (DAY - 1) * DAY_US), allocation(2, DAY * DAY_US)]
    log = OfferLog(counts=(clicks(DAY - 1, 1, 5), clicks(DAY, 1, 1), clicks(DAY, 2, 4)), conversions=())
    found = periods(past, log, "EUR", until_us=(DAY + 1) * DAY_US)
    assert [(one.allocation, one.arms[0].exposures) for one in found] == [(1, 6), (2, 4)]


def test_other_currencies_are_not_added_up() -> None:
    log = OfferLog(counts=(clicks(DAY, 1, 5),), conversions=(booked(DAY, 1, 2), booked(DAY, 1, 9, "USD")))
    (found,) = periods([allocation(1, DAY * DAY_US)], log, "EUR", until_us=(DAY + 1) * DAY_US)
    assert (found.arms[0].approved, found.arms[0].approved_minor) == (2, 200)


def test_before_the_first_exposure_there_is_no_period() -> None:
    past = [allocation(1, (DAY - 30) * DAY_US)]
    assert periods(past, OfferLog(counts=(), conversions=()), "EUR", until_us=DAY * DAY_US) == ()
    log = OfferLog(counts=(replace(clicks(DAY - 9, 1, 0), impressions=4), clicks(DAY, 1, 1)), conversions=())
    (found,) = periods(past, log, "EUR", until_us=(DAY + 1) * DAY_US)
    assert found.from_us == DAY * DAY_US


@given(
    changes=st.lists(st.integers(0, 20 * DAY_US), min_size=1, max_size=6, unique=True),
    counts=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(1, 50)), max_size=20),
)
def test_periods_follow_each_other_and_hold_every_draw(changes: list[int], counts: list[tuple[int, int, int]]) -> None:
    made = sorted(changes)
    past = [allocation(number, DAY * DAY_US + at) for number, at in enumerate(made)]
    until_us = (DAY + 21) * DAY_US
    in_force = {
        (DAY + day, number)
        for number, at in enumerate(made)
        for day in range(21)
        if at < (day + 1) * DAY_US and (number + 1 == len(made) or made[number + 1] > day * DAY_US)
    }
    log = OfferLog(
        counts=tuple(clicks(DAY + day, number, n) for day, number, n in counts if (DAY + day, number) in in_force),
        conversions=(),
    )
    found = periods(past, log, "EUR", until_us=until_us)
    assert sum(arm.exposures for one in found for arm in one.arms) == sum(one.clicks for one in log.counts)
    for one, other in pairwise(found):
        assert one.from_us < one.until_us == other.from_us
    assert not found or found[-1].until_us == until_us


def test_conversions_are_waited_for() -> None:
    assert settled_days(()) == 1
    assert settled_days((100, 0, 0)) == 1
    assert settled_days((50, 30, 20)) == 3
    assert settled_days((96, 2, 2)) == 1
