"""Does it pay to approve what the creative bot proposes? The sample world knows the truth, so it can be told.

For every seed, each offer of the sample network runs for twelve weeks. Once a week the bot sees what an operator would
see then (young days incomplete, most bookings pending) and every proposal is approved. ``oracle_share`` is the gain in
approved value over equal shares, as a part of what somebody gains who knows the best arm from the first day and keeps
the same floor. ``coverage_90`` is how often the outcome, measured from the log once everything is decided, lies within
the promise. ``quiet_share`` is how many campaigns with equal arms pass without any proposal.

Two anchors run in the same worlds: a two-week A/B test rolled out to the winner, and textbook Thompson sampling,
weekly, with the same floor. They ask nobody and are never quiet: with equal arms, too, both end up somewhere.

``--world`` takes one of the sample world's conditions: rates that drift, visitors who change each other's chances,
conversions that come late and are cancelled, unequal traffic, circumstances that matter. The oracle follows what is
best each day. Where something is remembered (a capacity, what was seen before), every course of action has its own
past, and ``coverage_90_true_gain`` asks for the total effect: the horizon under the proposal, less the same under the
shares before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import numpy as np

from warum.domain.bots.creative import BOT, ArmCounts, CreativeFacts, Period
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import ArmShare, Autonomy, Held, Outcome, Policy, Proposal
from warum.domain.samples import ArmLog, measure
from warum.kernel.period import DAY_US, HOUR_US
from warum.sim.cohorts import Cohort, cohort
from warum.sim.effects import value
from warum.sim.world import CONDITIONS, PLAIN, Conditions, Floats, Offer, Past, World, world

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
    "Every proposal is approved the moment it is made.",
    "Value is the true mean over the exposures; coverage compares with outcomes measured when all is decided.",
    "How sure the bot has to be was set on other seeds (1000 and up) of the plain world.",
)
_LIMITS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "plain": (
        "What an arm is worth relative to the others does not change within the twelve weeks.",
        "Conversions are independent.",
    ),
    "drift": ("The oracle takes the best arm of each day; it does not spare an arm that wears out.",),
    "interference": (
        "The oracle takes the best arm of each day, whatever that does to the next.",
        "Outcomes are measured between visitors, as the house does it, and so do not see what all of them share.",
    ),
    "delays": ("Equal arms are worth the same in the end, but differ in how late they book and how much they cancel.",),
    "unequal": (),
    "contexts": ("The oracle has one arm for everybody: what circumstances would add to it is not counted.",),
}

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
    pasts: list[Past | None] = field(default_factory=list[Past | None])
    value: float = 0.0
    """Expected approved value under the shares of each day, minor units."""


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
    parser.add_argument("--world", choices=tuple(CONDITIONS), default="plain", help="what is difficult about it")
    parser.add_argument("--act", action="store_true", help="the bot acts by itself instead of asking")
    asked = parser.parse_args(argv)
    policy = Policy(autonomy=Autonomy.ACT) if asked.act else Policy()
    first: int = asked.first_seed
    count: int = asked.seeds
    name: str = asked.world
    begun, total = perf_counter(), Totals()
    for seed in range(first, first + count):
        play(seed, policy, total, CONDITIONS[name])
        print(f"seed {seed}: {total.by_seed[-1]:.2f} of what an oracle gains", file=sys.stderr)
    limits = [*LIMITS, *_LIMITS_OF[name]]
    return {"world": name, **figures(total), "limits": limits, "seconds": round(perf_counter() - begun, 1)}


def play(seed: int, policy: Policy, total: Totals, conditions: Conditions = PLAIN) -> None:
    """One world with differences and one with equal arms, added to the totals."""
    _with_differences(world(seed, conditions=conditions), policy, total)
    _with_equal_arms(world(seed, equal=True, conditions=conditions), policy, total)


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


def _with_differences(here: World, policy: Policy, total: Totals) -> None:
    before = total.equal, total.oracle, total.bot
    for offer in here.offers:
        alike = even(len(offer.arms))
        total.equal += _valued(here, offer, lambda _day, _past, alike=alike: alike)
        total.oracle += _valued(here, offer, lambda day, past, of=offer: _oracle(here, of, day, past, policy))
        total.ab_test += played(here, offer, lambda day, past: _ab_test(day, past, policy)).value
        total.thompson += played(here, offer, lambda day, past: _thompson(day, past, policy)).value
        campaign = played(here, offer, lambda day, past: _by_bot(day, past, policy))
        total.bot += campaign.value
        for day, proposal in campaign.proposals:
            _compare(campaign, day, proposal, total)
    equal, oracle, bot = total.equal - before[0], total.oracle - before[1], total.bot - before[2]
    total.by_seed.append((bot - equal) / (oracle - equal))


def _with_equal_arms(here: World, policy: Policy, total: Totals) -> None:
    for offer in here.offers:
        campaign = played(here, offer, lambda day, past: _by_bot(day, past, policy))
        total.campaigns += 1
        total.quiet += not campaign.proposals
        total.false_proposals += len(campaign.proposals)
        total.looks += days_total // _look_days - 1


def played(here: World, offer: Offer, decide: Next) -> Campaign:
    """Twelve weeks; ``decide`` is asked at the start of each but the first."""
    campaign, shares, allocation = Campaign(here, offer), even(len(offer.arms)), 1
    past = _begun(here, offer)
    for day in range(days_total):
        if day and day % _look_days == 0 and (after := decide(day, campaign)) != shares:
            shares, allocation = after, allocation + 1
        campaign.shares.append(shares)
        campaign.allocations.append(allocation)
        campaign.pasts.append(past)
        campaign.cohorts.append(cohort(here, offer, day, shares, past))
        campaign.value += _value(here, offer, day, shares, past)
        past = _after(here, offer, day, shares, past)
    return campaign


def _valued(here: World, offer: Offer, decide: Callable[[int, Past | None], Shares]) -> float:
    """Expected approved value of twelve weeks for somebody who is asked every day and needs no data."""
    total, past = 0.0, _begun(here, offer)
    for day in range(days_total):
        shares = decide(day, past)
        total += _value(here, offer, day, shares, past)
        past = _after(here, offer, day, shares, past)
    return total


def _begun(here: World, offer: Offer) -> Past | None:
    return here.begun(offer) if here.conditions.remembers else None


def _after(here: World, offer: Offer, day: int, shares: Shares, past: Past | None) -> Past | None:
    return None if past is None else here.after(offer, day, _parts(shares), past)


# Who decides --------------------------------------------------------------------------------------------------------


def _by_bot(day: int, past: Campaign, policy: Policy) -> Shares:
    answer = BOT.propose(facts_of(day, past, policy), seed=past.world.seed * 1_000 + day)
    if not isinstance(answer, Proposal):
        return past.shares[-1]
    past.proposals.append((day, answer))
    return tuple(share.propensity_ppm for share in answer.change.after)


def _oracle(here: World, offer: Offer, day: int, past: Past | None, policy: Policy) -> Shares:
    return all_to(int(here.day(offer, day, past).worth.argmax()), len(offer.arms), policy)


def _ab_test(day: int, past: Campaign, policy: Policy) -> Shares:
    """Equal shares for two weeks, then everything but the floor to the highest mean value so far."""
    if day != 2 * _look_days:
        return past.shares[-1]
    exposures = sum(one.exposures for one in past.cohorts)
    value = np.zeros(len(past.offer.arms))
    for one in past.cohorts:
        counted = (one.booked <= day) & ~(one.declined & (one.decided <= day))
        value += np.bincount(one.arm[counted], weights=one.amount[counted], minlength=len(value))
    return all_to(int((value / exposures).argmax()), len(value), policy)


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


def even(arms: int) -> Shares:
    first = PROPENSITY_ONE - PROPENSITY_ONE // arms * (arms - 1)
    return (first, *[PROPENSITY_ONE // arms] * (arms - 1))


def all_to(best: int, arms: int, policy: Policy) -> Shares:
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
                arms=counts_of(past.cohorts[one], float(day)),
            )
            for one in known
        ),
        lags=tuple(int(count) for count in lags),
        policy=policy,
    )


def _table(shares: Shares) -> tuple[ArmShare, ...]:
    return tuple(ArmShare(arm=arm, propensity_ppm=ppm) for arm, ppm in enumerate(shares))


def counts_of(one: Cohort, now: float) -> tuple[ArmCounts, ...]:
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


def _value(here: World, offer: Offer, day: int, shares: Shares, past: Past | None) -> float:
    """Expected approved value of the day, minor units."""
    true = here.day(offer, day, past)
    return float(true.worth * true.exposures.sum() @ np.array(shares)) / PROPENSITY_ONE


def _parts(shares: Shares) -> Floats:
    return np.array(shares) / PROPENSITY_ONE


def logs_after(campaign: Campaign, day: int, proposal: Proposal) -> list[ArmLog]:
    """What came of a proposal that was followed from this day on, once everything is decided."""
    window = range(day, day + proposal.expected.horizon_days)
    counts = [counts_of(campaign.cohorts[one], float("inf")) for one in window]
    return [
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


def _compare(campaign: Campaign, day: int, proposal: Proposal, total: Totals) -> None:
    window = range(day, day + proposal.expected.horizon_days)
    logs = logs_after(campaign, day, proposal)
    outcome = measure(logs, proposal.expected)
    here, offer, past = campaign.world, campaign.offer, campaign.pasts[day]
    after, before = (_parts(tuple(ppm)) for ppm in zip(*((one.after_ppm, one.before_ppm) for one in logs), strict=True))
    gain = float((value(here, offer, after, window, past) - value(here, offer, before, window, past)).sum())
    total.proposals += 1
    total.kept += isinstance(outcome, Outcome) and outcome.held is Held.KEPT
    total.true_covered += proposal.expected.low_minor <= gain <= proposal.expected.high_minor
    total.gains_promised += proposal.expected.gain_minor
    total.gains_true += gain


def _rounded(share: float) -> float:
    return round(share, 4)
