"""Who looks after the network: nobody but a monthly review, an account manager with rules of thumb, or one with bots.

Everybody is one person with the same time: what was found is mended two days later, and at most seven things a day are
looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from warum.domain.bots.creative import BOT as CREATIVE
from warum.domain.bots.watch import looks_a_month
from warum.domain.decisions import Held, Outcome, Policy, Proposal
from warum.domain.samples import measure
from warum.domain.watch import Code, watch
from warum.kernel.refusal import Refusal
from warum.main.bench.creative_loop import Campaign, Shares, all_to, facts_of, logs_after
from warum.main.bench.quarter.life import Life, before_days, days_total, equal_shares

asked_a_day_max: Final = 7
mending_days: Final = 2
review_days: Final = 30
agrees: Final = 0.9
"""How often the person agrees with a bot."""

_week: Final = 7
_drop: Final = 0.5
_conversions_min: Final = 10
_POLICY: Final = Policy()
_of_person: Final = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person is asked about: a finding about a subject, or other shares of an offer."""

    stake_minor: int
    subject: str = ""
    number: int = -1
    proposal: Proposal | None = None


@dataclass
class Score:
    """What came of a quarter.

    Attributes:
        asked: proposals that people were asked about; ``asked_by_day`` has each day's.
        promised, held: promises of shares that were followed and measured to the end, and those that came true.
        found, real: findings that were told, and those behind which there was something.
    """

    margin_minor: float = 0.0
    asked: int = 0
    asked_by_day: list[int] = field(default_factory=list[int])
    promised: int = 0
    held: int = 0
    found: int = 0
    real: int = 0
    days_broken: int = 0


def by_nobody(life: Life) -> Score:
    """Equal shares; once a month somebody goes through everything."""
    score, shares = Score(), equal_shares(life)
    for day in range(days_total):
        life.live(day, shares)
        _reviewed(life, day)
        score.days_broken += len(life.going_on(day))
    score.margin_minor = life.margin_minor
    return score


def by_thumb(life: Life) -> Score:
    """An A/B test of the two weeks before the quarter, rolled out to the winner on its first day. Every Monday the week
    is compared with the one before: half of the bookings gone is looked into, half of the clicks gone is a call."""
    score, shares = Score(), equal_shares(life)
    for day in range(days_total):
        if day == before_days:
            shares = [_winner(campaign, day) for campaign in life.campaigns]
        life.live(day, shares)
        if day >= before_days and day % _week == 0:
            for subject in _fallen(life, day):
                score.found += 1
                score.real += life.mend(subject, from_day=day + mending_days, day=day)
        _reviewed(life, day)
        score.days_broken += len(life.going_on(day))
    score.margin_minor = life.margin_minor
    return score


def by_bots(life: Life, *, creative: bool = True, watching: bool = True) -> Score:
    """The creative bot once a week for each offer, the watch every evening; a person decides the next day."""
    score, shares = Score(), equal_shares(life)
    rng = np.random.default_rng([life.plain.seed, _of_person])
    told: dict[tuple[str, str], int] = {}
    followed: list[tuple[int, int, Proposal]] = []
    for day in range(days_total):
        life.live(day, shares)
        score.days_broken += len(life.going_on(day))
        if day < before_days:
            continue
        asked: list[Asked] = []
        if watching:
            asked += _findings(life, day, told)
        if creative and day % _week == 0:
            asked += _proposals(life, day)
        asked.sort(key=lambda one: -one.stake_minor)
        asked = asked[:asked_a_day_max]
        score.asked += len(asked)
        score.asked_by_day.append(len(asked))
        for one in asked:
            agreed = rng.random() < agrees
            if one.proposal is None:
                score.found += 1
                real = any(one.subject in fault.known_as for _, fault in life.going_on(day))
                score.real += real
                if agreed and real:
                    life.mend(one.subject, from_day=day + mending_days, day=day)
            elif agreed:
                shares = [*shares]
                shares[one.number] = tuple(share.propensity_ppm for share in one.proposal.change.after)
                followed.append((one.number, day + 1, one.proposal))
                life.campaigns[one.number].proposals.append((day + 1, one.proposal))
        _reviewed(life, day)
    for number, day, proposal in followed:
        if day + proposal.expected.horizon_days <= days_total:
            score.promised += 1
            score.held += _kept(life.campaigns[number], day, proposal)
    score.margin_minor = life.margin_minor
    return score


def _reviewed(life: Life, day: int) -> None:
    """Once a month everything that has gone on for two weeks is found."""
    if day >= before_days and (day - before_days + 1) % review_days == 0:
        for _, fault in life.going_on(day):
            if fault.trouble.from_day <= day - 2 * _week:
                for subject in fault.known_as:
                    life.mend(subject, from_day=day + mending_days, day=day)


def _findings(life: Life, day: int, told: dict[tuple[str, str], int]) -> list[Asked]:
    """What the watch tells and has not told of the same within a week, with what is at stake."""
    found: list[Asked] = []
    for advertiser in sorted({one.offer.advertiser for one in life.campaigns}):
        seen = watch(life.traffic(advertiser, day), looks=looks_a_month)
        if isinstance(seen, Refusal):
            continue
        for one in seen.findings:
            subject = one.of or advertiser
            if one.code is Code.ATTACK or told.get((one.code, subject), -_week) > day - _week:
                continue
            told[one.code, subject] = day
            stake = max(0, one.lost_minor) + _week * max(0, one.daily_minor)
            found.append(Asked(stake_minor=stake, subject=subject))
    return found


def _proposals(life: Life, day: int) -> list[Asked]:
    found: list[Asked] = []
    for number, campaign in enumerate(life.campaigns):
        if campaign.proposals and day < campaign.proposals[-1][0] + _POLICY.horizon_days:
            continue  # one change at a time, so that each can be measured
        answer = CREATIVE.propose(facts_of(day + 1, campaign, _POLICY), seed=life.plain.seed * 1_000 + day)
        if isinstance(answer, Proposal):
            found.append(Asked(stake_minor=answer.stake_minor, number=number, proposal=answer))
    return found


def _kept(campaign: Campaign, day: int, proposal: Proposal) -> bool:
    """Whether the outcome, once all is decided, lies within the promise."""
    outcome = measure(logs_after(campaign, day, proposal), proposal.expected)
    return isinstance(outcome, Outcome) and outcome.held is Held.KEPT


def _winner(campaign: Campaign, day: int) -> Shares:
    """Everything but the floor to the highest mean value of the last two weeks, as far as it is known."""
    recent = campaign.cohorts[-2 * _week :]
    exposures = sum(one.exposures for one in recent)
    value = np.zeros(len(campaign.offer.arms))
    for one in recent:
        counted = (one.booked <= day) & ~(one.declined & (one.decided <= day))
        value += np.bincount(one.arm[counted], weights=one.amount[counted], minlength=len(value))
    return all_to(int((value / np.maximum(exposures, 1)).argmax()), len(value), _POLICY)


def _fallen(life: Life, day: int) -> list[str]:
    """What has lost half against the week before: advertisers and pages by bookings, publishers by clicks."""
    found: list[str] = []
    by_advertiser: dict[str, list[float]] = {}
    publishers = np.zeros((len(life.plain.publishers), 2))
    for number, campaign in enumerate(life.campaigns):
        spans = (slice(-2 * _week, -_week), slice(-_week, None))
        booked = [np.sum(life.conversions[number][span], axis=0) for span in spans]
        clicked = [np.sum(life.clicks[number][span], axis=0) for span in spans]
        sums = by_advertiser.setdefault(campaign.offer.advertiser, [0.0, 0.0])
        for place in (0, 1):
            sums[place] += float(booked[place].sum())
            publishers[:, place] += clicked[place].sum(axis=1)
        for arm in range(len(campaign.offer.arms)):
            before, now = (float(one[:, arm].sum()) for one in booked)
            if before >= _conversions_min and now < _drop * before:
                found.append(f"lp_{number * 10 + arm + 1}")
    found += [
        code for code, (before, now) in by_advertiser.items() if before >= _conversions_min and now < _drop * before
    ]
    found += [
        f"pub_{row + 1}"
        for row, (before, now) in enumerate(publishers.tolist())
        if before >= 10 * _conversions_min and now < _drop * before
    ]
    return found
