"""Does it pay to approve what the creative bot proposes? The sample world knows the truth, so it can be told.

For every seed, each offer of the sample network runs for twelve weeks. Once a week the bot sees what an operator would
see then (young days incomplete, most bookings pending) and every proposal is approved. ``oracle_share`` is the gain in
approved value over equal shares, as a part of what somebody gains who knows the best arm from the first day and keeps
the same floor. ``coverage_90`` is how often the outcome, measured from the log once everything is decided, lies within
the promise. ``quiet_share`` is how many campaigns with equal arms pass without any proposal.

Two anchors run in the same worlds: a two-week A/B test rolled out to the winner, and textbook Thompson sampling,
weekly, with the same floor. They ask nobody and are never quiet: with equal arms, too, both end up somewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import numpy as np

from warum.domain.bots.creative import BOT, ArmCounts, CreativeFacts, Period
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import ArmShare, Held, Outcome, Policy, Proposal
from warum.domain.samples import ArmLog, measure
from warum.kernel.period import DAY_US, HOUR_US
from warum.sim.cohorts import Cohort, cohort
from warum.sim.world import Floats, Offer, World, world

seeds_default: Final = 30
days_total: Final = 84
oracle_share_min: Final = 0.6
coverage_min: Final = 0.85
coverage_max: Final = 0.95
quiet_share_min: Final = 0.95

_look_days: Final = 7
_memory_days: Final = 56
_lags: Final = 15
_taken_hours: Final = 3  # the facts are taken at three in the morning

LIMITS: Final = (
    "The world is our own: arms differ by lognormal factors (clicks 0.25, conversions 0.2), publishers by taste.",
    "What an arm is worth relative to the others does not change within the twelve weeks.",
    "Conversions are independent, and every proposal is approved the moment it is made.",
    "Value is the true mean over the exposures; coverage compares with outcomes measured when all is decided.",
    "How sure the bot has to be was set on other seeds (1000 and up) of this same world.",
)

Shares = tuple[int, ...]
Next = Callable[[int, "Campaign"], Shares]


@dataclass
class Campaign:
    """One offer of one world: what happened, day by day, under which shares."""

    world: World
    offer: Offer
    cohorts: list[Cohort] = field(default_factory=list[Cohort])
    shares: list[Shares] = field(default_factory=list[Shares])
    allocations: list[int] = field(default_factory=list[int])
    proposals: list[tuple[int, Proposal]] = field(default_factory=list[tuple[int, Proposal]])

    @property
    def value(self) -> float:
        """Expected approved value under the shares of each day, minor units."""
        return sum(_value(self.world, self.offer, day, shares) for day, shares in enumerate(self.shares))


@dataclass
class Totals:
    """What the runs add up to."""

    equal: float = 0.0
    oracle: float = 0.0
    bot: float = 0.0
    ab_test: float = 0.0
    thompson: float = 0.0
    by_seed: list[float] = field(default_factory=list[float])
    proposals: int = 0
    kept: int = 0
    true_covered: int = 0
    gains_promised: float = 0.0
    gains_true: float = 0.0
    quiet: int = 0
    campaigns: int = 0
    false_proposals: int = 0
    looks: int = 0


def run(argv: Sequence[str]) -> dict[str, object]:
    """The benchmark as the command line has it."""
    parser = argparse.ArgumentParser(prog="warum bench creative-loop")
    parser.add_argument("--seeds", type=int, default=seeds_default)
    parser.add_argument("--first-seed", type=int, default=0)
    asked = parser.parse_args(argv)
    first: int = asked.first_seed
    count: int = asked.seeds
    begun, total = perf_counter(), Totals()
    for seed in range(first, first + count):
        play(seed, Policy(), total)
        print(f"seed {seed}: {total.by_seed[-1]:.2f} of what an oracle gains", file=sys.stderr)
    return {**figures(total), "limits": list(LIMITS), "seconds": round(perf_counter() - begun, 1)}


def play(seed: int, policy: Policy, total: Totals) -> None:
    """One world with differences and one with equal arms, added to the totals."""
    _with_differences(seed, policy, total)
    _with_equal_arms(seed, policy, total)


def figures(total: Totals) -> dict[str, object]:
    """The totals as shares, and whether they reach the goals."""
    room = total.oracle - total.equal
    oracle_share = (total.bot - total.equal) / room
    coverage = total.kept / max(total.proposals, 1)
    quiet = total.quiet / total.campaigns
    goals = oracle_share >= oracle_share_min and coverage_min <= coverage <= coverage_max and quiet >= quiet_share_min
    return {
        "oracle_share": _rounded(oracle_share),
        "coverage_90": _rounded(coverage),
        "quiet_share": _rounded(quiet),
        "passed": goals,
        "seeds": len(total.by_seed),
        "campaigns": total.campaigns,
        "days": days_total,
        "oracle_share_seed_min": _rounded(min(total.by_seed)),
        "oracle_share_seed_median": _rounded(float(np.median(total.by_seed))),
        "oracle_uplift": _rounded(room / total.equal),
        "proposals": total.proposals,
        "coverage_90_true_gain": _rounded(total.true_covered / max(total.proposals, 1)),
        "gain_promised_minor": round(total.gains_promised),
        "gain_true_minor": round(total.gains_true),
        "quiet_share_looks": _rounded(1 - total.false_proposals / total.looks),
        "anchors": {
            "ab_test_share": _rounded((total.ab_test - total.equal) / room),
            "thompson_share": _rounded((total.thompson - total.equal) / room),
        },
    }


def _with_differences(seed: int, policy: Policy, total: Totals) -> None:
    here, before = world(seed), (total.equal, total.oracle, total.bot)
    for offer in here.offers:
        even = _even(len(offer.arms))
        total.equal += sum(_value(here, offer, day, even) for day in range(days_total))
        total.oracle += sum(_value(here, offer, day, _oracle(here, offer, day, policy)) for day in range(days_total))
        total.ab_test += played(here, offer, lambda day, past: _ab_test(day, past, policy)).value
        total.thompson += played(here, offer, lambda day, past: _thompson(day, past, policy)).value
        campaign = played(here, offer, lambda day, past: _by_bot(day, past, policy))
        total.bot += campaign.value
        for day, proposal in campaign.proposals:
            _compare(campaign, day, proposal, total)
    equal, oracle, bot = total.equal - before[0], total.oracle - before[1], total.bot - before[2]
    total.by_seed.append((bot - equal) / (oracle - equal))


def _with_equal_arms(seed: int, policy: Policy, total: Totals) -> None:
    here = world(seed, equal=True)
    for offer in here.offers:
        campaign = played(here, offer, lambda day, past: _by_bot(day, past, policy))
        total.campaigns += 1
        total.quiet += not campaign.proposals
        total.false_proposals += len(campaign.proposals)
        total.looks += days_total // _look_days - 1


def played(here: World, offer: Offer, decide: Next) -> Campaign:
    """Twelve weeks; ``decide`` is asked at the start of each but the first."""
    campaign, shares, allocation = Campaign(here, offer), _even(len(offer.arms)), 1
    for day in range(days_total):
        if day and day % _look_days == 0 and (after := decide(day, campaign)) != shares:
            shares, allocation = after, allocation + 1
        campaign.shares.append(shares)
        campaign.allocations.append(allocation)
        campaign.cohorts.append(cohort(here, offer, day, shares))
    return campaign


# Who decides --------------------------------------------------------------------------------------------------------


def _by_bot(day: int, past: Campaign, policy: Policy) -> Shares:
    answer = BOT.propose(facts_of(day, past, policy), seed=past.world.seed * 1_000 + day)
    if not isinstance(answer, Proposal):
        return past.shares[-1]
    past.proposals.append((day, answer))
    return tuple(share.propensity_ppm for share in answer.change.after)


def _oracle(here: World, offer: Offer, day: int, policy: Policy) -> Shares:
    return _all_to(int(here.day(offer, day).worth.argmax()), len(offer.arms), policy)


def _ab_test(day: int, past: Campaign, policy: Policy) -> Shares:
    """Equal shares for two weeks, then everything but the floor to the highest mean value so far."""
    if day != 2 * _look_days:
        return past.shares[-1]
    exposures = sum(one.exposures for one in past.cohorts)
    value = np.zeros(len(past.offer.arms))
    for one in past.cohorts:
        counted = (one.booked <= day) & ~(one.declined & (one.decided <= day))
        value += np.bincount(one.arm[counted], weights=one.amount[counted], minlength=len(value))
    return _all_to(int((value / exposures).argmax()), len(value), policy)


def _thompson(day: int, past: Campaign, policy: Policy) -> Shares:
    """Beta(1, 1) on conversions by exposure, the arms' shares being their chance of the highest rate."""
    arms = len(past.offer.arms)
    exposures = sum(one.exposures for one in past.cohorts)
    counts = sum(np.bincount(one.arm[one.booked <= day], minlength=arms) for one in past.cohorts)
    rng = np.random.default_rng([past.world.seed, 11, day])
    rates = rng.beta(1 + counts, 1 + np.maximum(exposures - counts, 0), size=(2_000, arms))
    best = np.bincount(rates.argmax(axis=1), minlength=arms) / 2_000
    room = PROPENSITY_ONE - arms * policy.floor_ppm
    shares = [policy.floor_ppm + int(room * share) for share in best]
    shares[0] += PROPENSITY_ONE - sum(shares)
    return tuple(shares)


def _even(arms: int) -> Shares:
    first = PROPENSITY_ONE - PROPENSITY_ONE // arms * (arms - 1)
    return (first, *[PROPENSITY_ONE // arms] * (arms - 1))


def _all_to(best: int, arms: int, policy: Policy) -> Shares:
    shares = [policy.floor_ppm] * arms
    shares[best] += PROPENSITY_ONE - sum(shares)
    return tuple(shares)


# What is seen, what is true -----------------------------------------------------------------------------------------


def facts_of(day: int, past: Campaign, policy: Policy) -> CreativeFacts:
    """What an operator's tables hold at three in the morning of the day."""
    start_us, now_us = past.world.start_us, past.world.start_us + day * DAY_US + _taken_hours * HOUR_US
    known = range(max(0, day - _memory_days), day)
    lags = np.zeros(_lags, dtype=np.int64)
    for each in past.cohorts:
        waited = (each.booked - each.exposed)[each.booked <= day].astype(np.int64)
        lags += np.bincount(np.minimum(waited, _lags - 1), minlength=_lags)
    return CreativeFacts(
        program=1,
        offer=1,
        currency="EUR",
        drawn_at=past.offer.drawn_at,
        now_us=now_us,
        allocation=past.allocations[-1],
        shares=_table(past.shares[-1]),
        steered=bool(past.proposals),
        periods=tuple(
            Period(
                from_us=start_us + one * DAY_US,
                until_us=start_us + (one + 1) * DAY_US,
                allocation=past.allocations[one],
                shares=_table(past.shares[one]),
                arms=_counts(past.cohorts[one], float(day)),
            )
            for one in known
        ),
        lags=tuple(int(count) for count in lags),
        policy=policy,
    )


def _table(shares: Shares) -> tuple[ArmShare, ...]:
    return tuple(ArmShare(arm=arm, propensity_ppm=ppm) for arm, ppm in enumerate(shares))


def _counts(one: Cohort, now: float) -> tuple[ArmCounts, ...]:
    """The cohort as it stands at a moment (days since day 0)."""
    arms, booked, decided = len(one.exposures), one.booked <= now, one.decided <= now
    parts = {
        "pending": booked & ~decided,
        "approved": booked & decided & ~one.declined,
        "declined": booked & decided & one.declined,
    }
    number = {name: np.bincount(one.arm[part], minlength=arms) for name, part in parts.items()}
    amount = {name: np.bincount(one.arm[part], one.amount[part], arms) for name, part in parts.items()}
    held = parts["pending"] | parts["approved"]
    square = np.bincount(one.arm[held], one.amount[held] ** 2, arms)
    return tuple(
        ArmCounts(
            arm=arm,
            exposures=int(one.exposures[arm]),
            clicks=int(one.clicks[arm]),
            pending=int(number["pending"][arm]),
            approved=int(number["approved"][arm]),
            declined=int(number["declined"][arm]),
            pending_minor=int(amount["pending"][arm]),
            approved_minor=int(amount["approved"][arm]),
            square=int(square[arm]),
        )
        for arm in range(arms)
    )


def _value(here: World, offer: Offer, day: int, shares: Shares) -> float:
    true = _true(here, offer, day)
    return float(true @ np.array(shares)) / PROPENSITY_ONE


def _true(here: World, offer: Offer, day: int) -> Floats:
    """Expected approved value of the day by arm, were all exposures its own."""
    true = here.day(offer, day)
    return true.worth * true.exposures.sum()


def _compare(campaign: Campaign, day: int, proposal: Proposal, total: Totals) -> None:
    window = range(day, day + proposal.expected.horizon_days)
    counts = [_counts(campaign.cohorts[one], float("inf")) for one in window]
    logs = [
        ArmLog(
            arm=before.arm,
            before_ppm=before.propensity_ppm,
            after_ppm=after.propensity_ppm,
            exposures=sum(one[before.arm].exposures for one in counts),
            pending=0,
            approved=sum(one[before.arm].approved for one in counts),
            declined=sum(one[before.arm].declined for one in counts),
            pending_minor=0,
            approved_minor=sum(one[before.arm].approved_minor for one in counts),
            square=sum(one[before.arm].square for one in counts),
        )
        for before, after in zip(proposal.change.before, proposal.change.after, strict=True)
    ]
    outcome = measure(logs, proposal.expected)
    moved = np.array([one.after_ppm - one.before_ppm for one in logs]) / PROPENSITY_ONE
    gain = sum(float(moved @ _true(campaign.world, campaign.offer, one)) for one in window)
    total.proposals += 1
    total.kept += isinstance(outcome, Outcome) and outcome.held is Held.KEPT
    total.true_covered += proposal.expected.low_minor <= gain <= proposal.expected.high_minor
    total.gains_promised += proposal.expected.gain_minor
    total.gains_true += gain


def _rounded(share: float) -> float:
    return round(share, 4)
