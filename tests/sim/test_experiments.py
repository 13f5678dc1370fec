"""Experiments where the truth is known: which design tells the total effect when visitors change each other's chances,
whether a broken split is found, and whether late conversions fool anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pytest
from tests.experiment.refused import given

from warum.domain.bandit.counts import ArmData, Objective, Observed, observe
from warum.domain.experiment.designs import Switchback, power
from warum.domain.experiment.fixed import two_means
from warum.domain.experiment.ratio import watch_ratio
from warum.domain.experiment.sequences import mean_differences
from warum.sim.cohorts import Cohort, cohort
from warum.sim.effects import split_effect, total_effect, value
from warum.sim.world import CONDITIONS, Conditions, Floats, Interference, Loss, Offer, World, world

SCARCE = Conditions(interference=Interference(capacity=2.0, capacity_days=2, returning=0.3, linger=0.3))
SCALE = 20.0
DAYS, BLOCK_DAYS, CARRY_OVER_DAYS = 84, 7, 3


def offer(of: World, code: str) -> Offer:
    return next(one for one in of.offers if one.code == code)


# Visitors who change each other's chances ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """The interval of an effect on the approved value of a day, and what is true."""

    low: float
    high: float
    total: float
    split: float

    def covers(self, effect: float) -> bool:
        return self.low <= effect <= self.high


def by_visitors(seed: int, conditions: Conditions) -> Judged:
    """Both arms run at once, half of the visitors each."""
    of = world(seed, scale=SCALE, conditions=conditions)
    one = offer(of, "wochenende")
    past, units, sums, squares = of.begun(one), np.zeros(2), np.zeros(2), np.zeros(2)
    for number in range(DAYS):
        day = cohort(of, one, number, (1, 1, 0), past)
        kept = day.amount * ~day.declined
        units += day.exposures[:2]
        sums += np.bincount(day.arm, kept, minlength=3)[:2]
        squares += np.bincount(day.arm, kept**2, minlength=3)[:2]
        past = of.after(one, number, np.array([0.5, 0.5, 0.0]), past)
    told = given(mean_differences([units], [sums], [squares], planned_units=float(units.sum())))[0]
    a_day = float(units.sum()) / DAYS
    truth = (effect(of, one, 1, 0, range(DAYS)) for effect in (total_effect, split_effect))
    return Judged(told.low[-1] * a_day, told.high[-1] * a_day, *truth)


def by_switchback(seed: int, conditions: Conditions) -> Judged:
    """Everybody sees one arm or everybody the other, by weeks in a drawn order; the first days of a week are left out,
    since the week before is still felt in them."""
    of = world(seed, scale=SCALE, conditions=conditions)
    one, blocks, alone = offer(of, "wochenende"), DAYS // BLOCK_DAYS, np.eye(3)
    past, drawn = of.begun(one), np.random.default_rng([seed, 1]).permutation(np.arange(blocks) % 2)
    values = np.zeros(DAYS)
    for number in range(DAYS):
        arm = int(drawn[number // BLOCK_DAYS])
        day = cohort(of, one, number, tuple(alone[arm].astype(int).tolist()), past)
        values[number] = float((day.amount * ~day.declined).sum())
        past = of.after(one, number, alone[arm], past)

    def settled(days: Floats) -> Floats:
        return days.reshape(blocks, BLOCK_DAYS)[:, CARRY_OVER_DAYS:].mean(axis=1)

    weeks = settled(values)
    told = given(two_means(weeks[drawn == 0], weeks[drawn == 1]))
    on, off = (settled(value(of, one, alone[arm], range(DAYS))) for arm in (1, 0))
    return Judged(told.low, told.high, float((on - off).mean()), float("nan"))


def test_visitors_tell_their_own_effect_and_not_the_total_one() -> None:
    judged = [by_visitors(seed, SCARCE) for seed in range(3_000, 3_030)]
    assert sum(one.covers(one.split) for one in judged) >= 27
    assert sum(one.covers(one.total) for one in judged) <= 20


def test_the_interval_of_a_switchback_covers_the_total_effect() -> None:
    runs = 60
    covered = sum(
        each.covers(each.total) for each in (by_switchback(seed, SCARCE) for seed in range(3_000, 3_000 + runs))
    )
    assert covered / runs >= 0.95 - 3 * sqrt(0.95 * 0.05 / runs)


def test_a_switchback_is_as_exact_as_its_design_says() -> None:
    """Planned without carry-over from the spread of weeks, an effect of this size is found as often as promised."""
    judged = [by_switchback(seed, Conditions()) for seed in range(4_000, 4_030)]
    errors = np.array([(one.high + one.low) / 2 - one.total for one in judged])
    kept_hours = 24.0 * (BLOCK_DAYS - CARRY_OVER_DAYS)
    spread = float(np.mean([(one.high - one.low) / 2 / 2.23 for one in judged])) * sqrt(DAYS / BLOCK_DAYS) / 2
    design = Switchback(
        block_hours=24.0 * BLOCK_DAYS, carry_over_hours=24.0 * CARRY_OVER_DAYS, units_hour=1.0, level_spread=0.0,
        spread=spread * sqrt(kept_hours), level_hours=1.0,
    )  # fmt: skip
    planned = given(design.precision(DAYS)).standard_error
    assert errors.std() == pytest.approx(planned, rel=0.4)
    assert given(power(design, 4 * planned, DAYS)) > 0.8


# A broken split -----------------------------------------------------------------------------------------------------


def split(of: World, code: str, days: int) -> list[list[int]]:
    one = offer(of, code)
    return [cohort(of, one, number, (1,) * len(one.arms)).exposures.tolist() for number in range(days)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_tenth_lost_on_phones_is_found_within_days(seed: int) -> None:
    unequal = CONDITIONS["unequal"]
    broken = replace(unequal, traffic=replace(unequal.traffic, loss=Loss(arm=1, device="phone", share=0.1)))
    found = given(watch_ratio(split(world(seed, conditions=broken), "garten", 14)))
    assert found.alarm_at is not None and found.alarm_at <= 3
    assert found.impressions[1] < 0.98 * found.expected[1]


def test_bursts_and_unequal_publishers_are_no_broken_split() -> None:
    for seed in range(10):
        of = world(seed, conditions=CONDITIONS["unequal"])
        assert not any(given(watch_ratio(split(of, code, 28))).broken for code in ("garten", "kueche"))


# Late conversions ---------------------------------------------------------------------------------------------------

NOW, SINCE = 70, 56


def completeness(cohorts: list[Cohort]) -> list[float]:
    """By day, the share of its conversions that has come in by now, from how long conversions of old days waited."""
    waited = np.concatenate([day.booked - day.exposed for day in cohorts[: NOW - 28]])
    return [float((waited <= NOW - number - 0.5).mean()) for number in range(len(cohorts))]


def seen_now(cohorts: list[Cohort], complete: list[float], days: range) -> Observed:
    """What a look on day ``NOW`` knows of these days, all conversions as kept: what comes late is asked here, not what
    goes away."""
    arms = len(cohorts[0].exposures)
    return given(
        observe(
            [
                ArmData(
                    arm=arm,
                    exposures=int(cohorts[number].exposures[arm]),
                    approved=int((cohorts[number].arm[cohorts[number].booked <= NOW] == arm).sum()),
                    complete=complete[number],
                )
                for number in days
                for arm in range(arms)
            ],
            Objective.CONVERSIONS,
        )
    )


def bookings(of: World, one: Offer, days: range) -> Floats:
    """True bookings per exposure by arm."""
    true = [of.day(one, number) for number in days]
    each = sum(day.exposures @ (day.click * day.convert) for day in true)
    return np.asarray(each) / sum(day.exposures.sum() for day in true)


def looked_at(seed: int, conditions: Conditions) -> tuple[World, Offer, list[Cohort]]:
    of = world(seed, scale=20.0, equal=True, conditions=conditions)
    one = offer(of, "wochenende")
    return of, one, [cohort(of, one, number, (1,) * len(one.arms)) for number in range(NOW)]


def test_the_share_that_has_come_in_corrects_the_level_of_young_days() -> None:
    late = Conditions(delays=replace(CONDITIONS["delays"].delays, by_arm=0.0, early_cancels=0.0))
    corrected, raw = [], []
    for seed in range(12):
        of, one, cohorts = looked_at(seed, late)
        young, true = range(SINCE, NOW), bookings(of, one, range(SINCE, NOW)).mean()
        for complete, ratios in ((completeness(cohorts), corrected), ([1.0] * NOW, raw)):
            told = seen_now(cohorts, complete, young)
            ratios.append(float(told.events.sum() / told.exposures.sum()) / true)
    assert np.mean(raw) < 0.75, "a quarter and more has not come in"
    assert np.mean(corrected) == pytest.approx(1, abs=0.03)
    assert max(abs(np.array(corrected) - 1)) < 0.15


def test_one_share_for_all_arms_flatters_those_that_book_early() -> None:
    """The correction cannot know that arms differ in their delays; what is old enough does not need it."""
    slopes: dict[str, list[float]] = {"young": [], "old": []}
    for seed in range(12):
        of, one, cohorts = looked_at(seed, CONDITIONS["delays"])
        order = of.pace(one).argsort()
        for name, days in (("young", range(SINCE, NOW)), ("old", range(14, NOW - 28))):
            told = seen_now(cohorts, completeness(cohorts), days)
            ratio = told.events / told.exposures / bookings(of, one, days)
            slopes[name].append(float(ratio[order[0]] / ratio[order[-1]]))
    assert np.mean(slopes["young"]) > 1.1
    assert np.mean(slopes["old"]) == pytest.approx(1, abs=0.05)
