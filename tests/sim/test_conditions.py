"""What makes a world difficult: nothing unless asked for, everything from the seed, people and counts alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.kernel.period import DAY_US
from warum.sim.chances import booking_days, booking_days_max, cancelled_days
from warum.sim.cohorts import cohort
from warum.sim.effects import split_effect, total_effect, value
from warum.sim.visits import Visit, clicks, context, day, lost, messages
from warum.sim.world import (
    CONDITIONS,
    PLAIN,
    Conditions,
    Contexts,
    Delays,
    Drift,
    Interference,
    Loss,
    Offer,
    Past,
    Traffic,
    World,
    world,
)

ALL = [name for name in CONDITIONS if name != "plain"]
EVERYTHING = Conditions(
    drift=Drift(walk=0.03, swap_day=2, wear=0.05, season=0.2, season_days=20),
    interference=Interference(capacity=1.0, capacity_days=2, returning=0.4, linger=0.4, shift=0.5),
    delays=Delays(longer=1.5, shape=0.6, by_arm=0.4, early_cancels=0.5, late=0.5, wave=2.0, wave_rate=0.5),
    traffic=Traffic(
        zipf=1.0, burst=5.0, burst_rate=0.2, device_mix=(0.6, 0.3, 0.1), device_spread=0.6,
        loss=Loss(arm=1, device="phone", share=0.5),
    ),
    contexts=Contexts(size=0.3, device_level=0.4),
)  # fmt: skip


def offer(of: World, code: str) -> Offer:
    return next(one for one in of.offers if one.code == code)


def even(of: Offer) -> tuple[int, ...]:
    return (1,) * len(of.arms)


# Off unless asked for -----------------------------------------------------------------------------------------------


def test_a_plain_world_is_what_it_has_always_been() -> None:
    """Numbers from before there were conditions."""
    plain = world(7)
    drawn = {one.code: cohort(plain, one, 9, even(one)) for one in plain.offers}
    assert drawn["wochenende"].exposures.tolist() == [214, 197, 204]
    assert drawn["bergkaese"].exposures.tolist() == [4212, 4147, 4205, 4121, 4242]
    assert drawn["bergkaese"].clicks.tolist() == [38, 73, 46, 47, 73]
    assert drawn["kueche"].clicks.tolist() == [320, 337, 341, 298]
    assert [len(one.arm) for one in drawn.values()] == [15, 8, 26, 21, 43, 9]
    assert [int(one.amount.sum()) for one in drawn.values()] == [598107, 190990, 232146, 114754, 370019, 87876]
    assert [int(one.declined.sum()) for one in drawn.values()] == [6, 1, 3, 2, 8, 1]
    assert drawn["stadtnacht"].booked.sum() == pytest.approx(91.501855, abs=1e-5)
    assert drawn["kueche"].decided.sum() == pytest.approx(1_618.64483, abs=1e-4)
    assert plain.day(offer(plain, "garten"), 9).worth == pytest.approx([4.605629, 3.461548, 3.270401], abs=1e-5)
    alike = world(7, equal=True)
    assert cohort(alike, offer(alike, "garten"), 3, (1, 1, 1)).clicks.tolist() == [108, 113, 96]


def test_the_people_of_a_plain_world_are_who_they_were() -> None:
    plain = world(5, scale=0.05)
    visits = list(day(plain, 6))
    assert (len(visits), sum(one.at_us for one in visits)) == (2_478, 4_393_456_938_462_791_159)
    assert (sum(one.person for one in visits), sum(one.consent for one in visits)) == (2_211, 1_302)
    agents = sorted({one.agent for one in visits})
    assert [sum(one.agent == agent for one in visits) for agent in agents] == [604, 541, 575, 66, 55, 581, 56]
    assert sum(clicks(plain, one, 1) for one in visits if one.shown) == 27
    told = [each for one in visits if not one.shown for each in messages(plain, one, 0)]
    assert (len(told), sum(one.amount_minor for one in told)) == (5, 56_226)
    assert sum(one.at_us for one in told) == 8_870_718_146_158_675


def test_conditions_at_zero_are_none() -> None:
    nothing = Conditions(
        drift=Drift(season_days=9), interference=Interference(capacity_days=3), delays=Delays(wave=3.0),
        traffic=Traffic(burst=9.0, loss=Loss(arm=0, device="tablet", share=0.5)),
    )  # fmt: skip
    plain, other = world(3), world(3, conditions=nothing)
    for one in plain.offers:
        assert other.day(one, 40, other.begun(one)).worth == pytest.approx(plain.day(one, 40).worth, rel=1e-12)
        assert other.volume(one, 40) == pytest.approx(plain.volume(one, 40), rel=1e-12)
    assert not PLAIN.remembers and CONDITIONS["interference"].remembers and Conditions(drift=Drift(wear=0.1)).remembers


# Everything from the seed, people as counts -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_difficult_world_can_be_had_again(name: str) -> None:
    one, again, other = (world(seed, scale=0.05, conditions=CONDITIONS[name]) for seed in (3, 3, 4))
    assert list(day(one, 50)) == list(day(again, 50)) != list(day(other, 50))
    of = offer(one, "garten")
    first, second = (cohort(each, of, 50, even(of), each.begun(of)) for each in (one, again))
    assert (first.exposures == second.exposures).all() and (first.decided == second.decided).all()


@pytest.mark.parametrize("name", ALL)
def test_equal_arms_stay_equal_in_worth(name: str) -> None:
    alike = world(5, equal=True, conditions=CONDITIONS[name])
    for one in alike.offers:
        past = alike.after(one, 0, np.full(len(one.arms), 1 / len(one.arms)), alike.begun(one))
        for number in (1, 30, 60):
            worth = alike.day(one, number, past).worth
            assert np.ptp(worth) == pytest.approx(0, abs=1e-9 * worth.mean())


def steered(of: World) -> dict[str, Past]:
    """A past in which the first arms were shown most."""
    pasts: dict[str, Past] = {}
    for one in of.offers:
        shares = np.linspace(2, 0.1, len(one.arms))
        past = of.begun(one)
        for number in range(3):
            past = of.after(one, number, shares / shares.sum(), past)
        pasts[one.code] = past
    return pasts


def near(seen: float, mean: float) -> bool:
    return abs(seen - mean) <= 4.5 * max(mean, 1.0) ** 0.5


@pytest.mark.parametrize(("code", "scale"), [("gutschein", 1.5), ("garten", 0.4)])
def test_people_and_counts_both_agree_with_the_truth(code: str, scale: float) -> None:
    """All conditions at once, after an unequal past: the same means, whichever way it happens."""
    of = world(9, scale=scale, conditions=EVERYTHING)
    number, one, arm, pasts = 3, offer(of, code), 1, steered(of)
    true = of.day(one, number, pasts[code], as_recorded=True)
    kept = (of.devices() @ of.recorded(one))[:, arm]
    exposed = true.exposures * kept
    clicked = exposed @ true.click[:, arm]
    sold = exposed @ (true.click * true.convert)[:, arm]
    gone = exposed @ (true.click * true.convert * true.declined)[:, arm]

    alone = tuple(int(index == arm) for index in range(len(one.arms)))
    counts = cohort(of, one, number, alone, pasts[code])
    assert near(float(counts.exposures[arm]), exposed.sum()) and near(float(counts.clicks[arm]), clicked)
    assert near(len(counts.arm), sold) and near(float(counts.declined.sum()), gone)

    # People who say no are credited for this advertiser only where it has a basis, as both of these have.
    by = {publisher.code: publisher for publisher in of.publishers}
    visits = [each for each in day(of, number, pasts) if each.offer == code]
    assert near(len(visits), of.volume(one, number, pasts[code]).sum())
    seen = [each for each in visits if not lost(of, each, arm)]
    pressed = [each for each in seen if not each.shown or clicks(of, each, arm, pasts[code])]
    told = [messages(of, each, arm, pasts[code]) for each in pressed]
    assert near(sum(bool(each) for each in told), sold)
    ended = [told_of for told_of in told if told_of and told_of[-1].status in ("cancelled", "refunded")]
    assert near(len(ended), gone)
    if one.drawn_at == "impression":
        assert near(len(pressed), clicked)
    assert {by[each.publisher].kind for each in seen} == {context(of, each).kind for each in seen}


def test_circumstances_come_as_often_as_they_should() -> None:
    of = world(4, scale=0.5, conditions=CONDITIONS["contexts"])
    visits = list(day(of, 5))
    seen = [context(of, each) for each in visits]
    volumes = sum(of.volume(one, 5) for one in of.offers)
    mix = volumes @ of.devices() / volumes.sum()
    for index, device in enumerate(("phone", "desktop", "tablet")):
        share = np.mean([each.device == device for each in seen])
        assert share == pytest.approx(mix[index], abs=4.5 * (mix[index] / len(seen)) ** 0.5)
    assert {each.weekday for each in seen} == {5}
    assert {each.part for each in seen} == {"night", "morning", "afternoon", "evening"}
    assert all(("iPad" in each.agent) == (each.device == "tablet") for each in visits if each.person)
    assert all(("Mobile" in each.agent) == (each.device == "phone") for each in visits if each.person)


# One by one ---------------------------------------------------------------------------------------------------------


def worths(conditions: Conditions, days: range, code: str = "kueche") -> np.ndarray:
    of = world(21, conditions=conditions)
    return np.array([of.day(offer(of, code), number).worth for number in days])


def test_a_walk_goes_on_as_it_began_and_moves_the_arms_apart() -> None:
    walked = np.log(worths(Conditions(drift=Drift(walk=0.05)), range(40)) / worths(PLAIN, range(40)))
    assert walked[0] == pytest.approx(0, abs=1e-12)
    steps = np.diff(walked, axis=0)
    assert steps.std() == pytest.approx(0.05, rel=0.3)
    assert walked.mean(axis=1) == pytest.approx(0, abs=0.05)


def test_the_best_and_the_worst_arm_change_places() -> None:
    swapped, plain = worths(Conditions(drift=Drift(swap_day=3)), range(6)), worths(PLAIN, range(6))
    assert swapped[:3] == pytest.approx(plain[:3])
    assert swapped[3:].argmax(axis=1).tolist() == plain[3:].argmin(axis=1).tolist()


def test_what_is_shown_wears_out_and_what_is_not_does_not() -> None:
    of = world(2, conditions=Conditions(drift=Drift(wear=0.02)))
    one, past = offer(of, "garten"), of.begun(offer(of, "garten"))
    for number in range(30):
        past = of.after(one, number, np.array([1.0, 0.0, 0.0]), past)
    pull = of.day(one, 30, past).click / of.day(one, 30).click
    assert 0.45 < pull[:, 0].max() < 0.65 and pull[:, 1:] == pytest.approx(1)


def test_what_is_booked_today_is_missing_tomorrow() -> None:
    of = world(2, conditions=Conditions(interference=Interference(capacity=2.0)))
    one = offer(of, "wochenende")
    best, worst = (np.eye(3)[int(pick(of.day(one, 0).worth))] for pick in (np.argmax, np.argmin))
    busy, quiet = (of.after(one, 0, shares, of.begun(one)) for shares in (best, worst))
    assert of.day(one, 1, busy).worth.sum() < of.day(one, 1, quiet).worth.sum()
    assert of.day(one, 1, of.begun(one)).worth == pytest.approx(of.day(one, 1).worth)


def test_what_was_seen_before_lingers_for_all_arms() -> None:
    of = world(2, conditions=Conditions(interference=Interference(returning=0.5, linger=0.5)))
    one = offer(of, "kueche")
    after = [of.day(one, 1, of.after(one, 0, shares, of.begun(one))).worth for shares in np.eye(4)]
    ratios = np.array(after) / after[0]
    assert np.ptp(ratios, axis=1) == pytest.approx(0, abs=1e-9), "arms of a day are hit alike"
    assert np.ptp(ratios[:, 0]) > 0.05


def test_publishers_send_more_where_more_was_earned() -> None:
    of = world(2, conditions=Conditions(interference=Interference(shift=1.0)))
    one = offer(of, "kueche")
    best, worst = (np.eye(4)[int(pick(of.day(one, 0).worth))] for pick in (np.argmax, np.argmin))
    more, less = (of.volume(one, 1, of.after(one, 0, shares, of.begun(one))).sum() for shares in (best, worst))
    assert more > of.volume(one, 1).sum() > less


def test_without_interference_the_total_effect_is_what_visitors_show() -> None:
    for name in ("plain", "delays", "unequal", "contexts"):
        of = world(6, conditions=CONDITIONS[name])
        for one in of.offers[::3]:
            days = range(7, 21)
            assert total_effect(of, one, 1, 0, days) == pytest.approx(split_effect(of, one, 1, 0, days), rel=1e-9)


def test_a_capacity_makes_the_total_effect_smaller_than_visitors_show() -> None:
    of = world(6, conditions=Conditions(interference=Interference(capacity=2.0, capacity_days=2)))
    for one in of.offers:
        worth = of.day(one, 28).worth
        best, worst = int(worth.argmax()), int(worth.argmin())
        total, split = (effect(of, one, best, worst, range(28, 56)) for effect in (total_effect, split_effect))
        assert total / split < 0.95


def test_a_course_of_action_can_be_followed_from_the_middle() -> None:
    of = world(6, conditions=CONDITIONS["interference"])
    one, shares = of.offers[0], np.array([0.5, 0.3, 0.2])
    past = of.begun(one)
    for number in range(10):
        past = of.after(one, number, shares, past)
    assert value(of, one, shares, range(10, 20), past) == pytest.approx(value(of, one, shares, range(10, 20)))


def test_the_delays_keep_their_mean_and_grow_a_tail() -> None:
    life = replace(world(1).advertisers[0].life, delay_days=1.0)
    chance = (np.arange(200_000) + 0.5) / 200_000
    later = np.ones_like(chance)  # nobody books the same day
    usual, heavy = (
        booking_days(life, Delays(shape=shape), np.ones_like(chance), later, chance) for shape in (1.0, 0.6)
    )
    assert usual.mean() == pytest.approx(1, rel=0.01) and heavy.mean() == pytest.approx(1, rel=0.02)
    assert np.quantile(heavy, 0.99) > 1.3 * np.quantile(usual, 0.99)
    slow = booking_days(life, Delays(longer=3.0), np.ones_like(chance), later, chance)
    assert slow.mean() == pytest.approx(3, rel=0.05)
    assert booking_days(life, Delays(longer=90.0), chance, later, chance).max() == booking_days_max


@given(
    late=st.floats(0, 1), chance=st.floats(0, 1), lead=st.floats(0, 60), hold=st.integers(1, 40), stays=st.booleans()
)
def test_nothing_is_declined_after_its_approval_was_due(
    late: float, chance: float, lead: float, hold: int, stays: bool
) -> None:
    life = replace(world(1).advertisers[0].life, lead_days=10.0 if stays else 0.0, hold_days=hold)
    ended = cancelled_days(life, Delays(late=late), np.array(lead), np.array(2.0), np.array(chance))
    assert 0 <= ended <= (lead + 2 + hold if stays else hold) + 1e-9


def test_early_arms_cancel_more_and_weeks_of_cancellations_come() -> None:
    of = world(8, conditions=CONDITIONS["delays"])
    for one in of.offers:
        order = of.pace(one).argsort()
        raised = (of.declined(one) / world(8).declined(one)).mean(axis=0)
        assert (np.diff(raised[order]) < 0).all()
    one = of.offers[0]
    weeks = np.array([of.declined(one, 7 * week).mean() for week in range(60)])
    assert set(np.round(weeks / weeks.min())) == {1.0, 2.0}  # hardly anybody cancels more than always
    assert 0.05 < (weeks > weeks.min()).mean() < 0.3


def test_volumes_are_unequal_and_come_in_bursts() -> None:
    of, plain = (world(8, conditions=each) for each in (CONDITIONS["unequal"], PLAIN))
    one = offer(of, "garten")

    def top(where: World) -> float:
        volumes = np.sort(sum(where.volume(one, number) for number in range(28)))[::-1]
        return float(volumes[:3].sum() / volumes.sum())

    assert top(of) > 1.5 * top(plain)
    ratios = np.array([of.volume(one, number) for number in range(200)])[:, 0]
    assert ratios.max() > 4 * np.median(ratios)


def phones(visits: Iterator[Visit]) -> list[Visit]:
    return [each for each in visits if each.device == "phone" and each.offer == "garten"]


def test_a_broken_split_loses_one_arm_on_one_device() -> None:
    of = world(8, scale=0.2, conditions=Conditions(traffic=Traffic(loss=Loss(arm=2, device="phone", share=0.1))))
    there = phones(day(of, 1))
    assert np.mean([lost(of, each, 2) for each in there]) == pytest.approx(0.1, abs=0.03)
    assert not any(lost(of, each, 0) for each in there)
    assert not any(lost(of, each, 2) for each in day(of, 1) if each.device == "desktop")
    assert all((each.at_us - of.start_us) // DAY_US == 1 for each in there)
