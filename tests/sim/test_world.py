"""The sample world: equal seeds are equal worlds, people and counts agree with the truth, and somebody cheats."""

from __future__ import annotations

from itertools import islice, pairwise

import numpy as np
import pytest

from warum.kernel.period import DAY_US
from warum.sim.cohorts import cohort
from warum.sim.visits import Message, Visit, clicks, day, messages
from warum.sim.world import Offer, World, publishers_count, world

WORLD = world(1_001)
EVEN = {3: (333_334, 333_333, 333_333), 4: (250_000,) * 4, 5: (200_000,) * 5}


def offer(code: str, of: World = WORLD) -> Offer:
    return next(one for one in of.offers if one.code == code)


def test_who_there_is() -> None:
    assert sorted(one.vertical for one in WORLD.advertisers) == ["hotel", "hotel", "retail", "retail", "retail"]
    assert len({one.code for one in WORLD.publishers}) == len({one.name for one in WORLD.publishers}) == 40
    assert publishers_count == 40
    assert sum(not one.honest for one in WORLD.publishers) == 1
    assert len({one.kind for one in WORLD.publishers}) == 8
    assert {one.drawn_at for one in WORLD.offers} == {"click", "impression"}
    assert {one.advertiser for one in WORLD.offers} == {one.code for one in WORLD.advertisers}


def test_a_world_can_be_had_again() -> None:
    small = world(3, scale=0.02)
    again = world(3, scale=0.02)
    assert list(day(small, 2)) == list(day(again, 2))
    assert list(day(small, 2)) != list(day(world(4, scale=0.02), 2))
    one, other = (cohort(each, offer("kueche", each), 5, EVEN[4]) for each in (small, again))
    assert (one.exposures == other.exposures).all() and (one.amount == other.amount).all()


def test_arms_are_alike_where_they_should_be() -> None:
    alike = world(1_001, equal=True)
    for one in alike.offers:
        assert np.ptp(alike.day(one, 3).worth) == pytest.approx(0, abs=1e-9)
        assert np.ptp(WORLD.day(one, 3).worth) > 0


def test_a_day_goes_by_in_order() -> None:
    small = world(3, scale=0.05)
    visits = list(day(small, 4))
    assert all(one.at_us <= other.at_us for one, other in pairwise(visits))
    assert len({one.number for one in visits}) == len(visits)
    assert all(4 * DAY_US <= one.at_us - small.start_us < 5 * DAY_US for one in visits)
    by_code = {one.code: one for one in small.publishers}
    assert all(one.offer in by_code[one.publisher].offers for one in visits)
    assert all(not one.consent for one in visits if not one.person)


@pytest.mark.parametrize("code", ["gutschein", "bergkaese"])
def test_counts_agree_with_the_truth(code: str) -> None:
    of = offer(code)
    days = [cohort(WORLD, of, number, EVEN[len(of.arms)]) for number in range(40)]
    exposures = sum(one.exposures for one in days)
    value = sum(np.bincount(one.arm, one.amount * ~one.declined, minlength=len(of.arms)) for one in days)
    truth = np.mean([WORLD.day(of, number).worth for number in range(40)], axis=0)
    assert value / exposures == pytest.approx(truth, rel=0.25)
    assert exposures.sum() == pytest.approx(sum(WORLD.day(of, n).exposures.sum() for n in range(40)), rel=0.02)
    assert all(((one.booked >= one.exposed) & (one.decided >= one.booked)).all() for one in days)


def test_people_agree_with_the_truth() -> None:
    """One by one, a day's clicks book as often as the rates say."""
    of = offer("gutschein")
    visits = [one for number in range(4) for one in day(WORLD, number) if one.offer == of.code and one.person]
    told = [messages(WORLD, one, 1) for one in visits]
    rows = {one.code: row for row, one in enumerate(WORLD.publishers)}
    rates = [WORLD.convert(of, number) for number in range(4)]
    expected = sum(rates[(one.at_us - WORLD.start_us) // DAY_US][rows[one.publisher], 1] for one in visits)
    assert sum(bool(each) for each in told) == pytest.approx(expected, abs=4 * expected**0.5)


def test_a_shown_creative_is_clicked_by_people_alone() -> None:
    of = offer("garten")
    shown = [one for one in islice(day(WORLD, 1), 60_000) if one.offer == of.code]
    pressed = [one for one in shown if clicks(WORLD, one, 0)]
    assert 0.5 < len(pressed) / (len(shown) * of.click_rate * WORLD.truth[of.code].click[0]) < 1.5
    assert all(one.shown and one.person for one in pressed)


def visit(publisher: str, code: str, *, cancels: bool) -> Visit:
    return Visit(
        number=7, at_us=WORLD.start_us + 9 * DAY_US, publisher=publisher, offer=code, shown=False, person=True,
        agent="", consent=True, sub_id="", chances=(0.0, 0.0, 0.1, 0.5, 0.5, 0.5, 0.5, 0.01 if cancels else 0.99, 0.1),
    )  # fmt: skip


def statuses(told: tuple[Message, ...]) -> list[str]:
    return [one.status for one in told]


def test_what_becomes_of_a_booking() -> None:
    honest = WORLD.publishers[0].code
    stay = messages(WORLD, visit(honest, "wochenende", cancels=False), 0)
    assert statuses(stay) == ["booked", "stayed"]
    assert stay[0].check_in is not None and stay[0].check_out is not None and stay[0].check_in < stay[0].check_out
    assert (stay[1].at_us - WORLD.start_us) // DAY_US > 9
    assert statuses(messages(WORLD, visit(honest, "wochenende", cancels=True), 0)) == ["booked", "cancelled"]
    assert statuses(messages(WORLD, visit(honest, "kueche", cancels=False), 0)) == ["booked"]
    assert statuses(messages(WORLD, visit(honest, "kueche", cancels=True), 0)) == ["booked", "refunded"]


def test_the_dishonest_publisher_sends_an_order_twice() -> None:
    cheat = next(one for one in WORLD.publishers if not one.honest)
    told = messages(WORLD, visit(cheat.code, "kueche", cancels=True), 0)
    assert statuses(told) == ["booked", "booked", "refunded", "refunded"]
    assert told[1].order_id == f"{told[0].order_id}-B"
    of = offer("kueche")
    row = WORLD.publishers.index(cheat)
    assert WORLD.declined(of)[row].mean() > 2.5 * np.delete(WORLD.declined(of), row, axis=0).mean()
