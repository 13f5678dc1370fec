"""What other shares of the arms would have brought in a past span: an estimate from the log of draws.

The arm of every exposure was drawn with a probability that the allocations tell exactly, so what another policy would
have brought can be judged from what came (``evaluation``), or refused where the log hardly ever did what it would do. A
pending conversion counts with its amount times the share that was kept of those decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Unit
from warum.domain.evaluation import Evaluation, Log, effective_size, ess_min, evaluate
from warum.domain.evaluation.log import rewarded_min, rounds_min
from warum.domain.explain.record import Explanation, Label, Number, Statement, state
from warum.domain.inquiries.draws import OfferDraws, arm_total, arrived_ppm, figures, span_words
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

rounds_max: Final = 200_000
"""Beyond, draws of one arm are taken together, as many as it takes."""
_level: Final = 0.95
_alike_ppm: Final = 5_000
"""Shares that differ by less than half a point from those that were are those that were."""
_GATE: Final = frozenset(
    {
        "too_few_rounds",
        "effective_size_too_small",
        "too_few_rewarded",
        "rewards_constant",
        "no_support",
        "one_arm",
        "weights_do_not_average_one",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A conversion as a draw's reward; declined ones bring nothing and are none. Where ``pending``, it is undecided."""

    allocation: int
    arm: int
    pending: bool
    retained_minor: int


@dataclass(frozen=True, slots=True)
class _Rounds:
    """The log, how many draws a round stands for, and how many draws there were before any were taken together."""

    log: Log
    bundle: int
    draws: int


def explain_policy(
    draws: OfferDraws, awards: Sequence[Award], shares: Mapping[int, int], rng: np.random.Generator
) -> Explanation | Refusal:
    """What the arms would have brought with these shares (parts per million by arm; they sum to one).

    Args:
        rng: says which draws of an arm brought what, where only their number is known, and deals the folds.

    Errors: those of ``evaluation.log.refusal`` that no data could mend; all others are answers that abstain.
    """
    arms = tuple(sorted({*draws.arms_drawn(), *shares}))
    span = span_words(draws)
    rounds = _rounds(draws, awards, arms, rng)
    if rounds is None:
        return _abstained(draws, arms, state("policy.no_exposures", **span), (), (state("help.show"),), "no_exposures")
    log = rounds.log
    wanted = np.array([shares.get(arm, 0) / PROPENSITY_ONE for arm in arms])
    target = np.broadcast_to(wanted, (log.rounds, len(arms)))
    told = evaluate(log, target, rng, level=_level)
    if isinstance(told, Refusal):
        if told.code not in _GATE:
            return told
        why = _gate(told.code, log, target)
        claim = state("policy.refused", **span)
        return _abstained(draws, arms, claim, (why, *_arms(draws, arms)), (state("help.longer"),), told.code)
    return _estimated(draws, arms, shares, rounds, told)


def _estimated(
    draws: OfferDraws, arms: tuple[int, ...], shares: Mapping[int, int], rounds: _Rounds, told: Evaluation
) -> Explanation:
    scale = rounds.log.rounds
    actual, value = round(told.logged * scale), round(told.chosen.value * scale)
    low, high = round(told.chosen.low * scale), round(told.chosen.high * scale)
    verdict = "more" if low > actual else "less" if high < actual else "same"
    if all(abs(shares.get(arm, 0) - was) <= _alike_ppm for arm, was in _was(draws, arms).items()):
        verdict = "as_it_was"
    others = sorted(round(estimate.value * scale) for estimate in told.estimates.values())
    return Explanation(
        inquiry="policy",
        label=Label.ESTIMATE,
        verdict=verdict,
        currency=draws.currency,
        claim=state(f"policy.{verdict}", **span_words(draws), estimate_minor=value, actual_minor=actual),
        number=Number(
            name="value",
            value=value,
            low=low,
            high=high,
            unit=Unit.MINOR,
            confidence_ppm=round(_level * PROPENSITY_ONE),
        ),
        reasons=(*_shares(draws, shares, arms), *_arms(draws, arms), state("policy.known")),
        considered=(
            state("policy.others", low_minor=others[0], high_minor=others[-1]),
            state(
                "policy.method",
                share_ppm=round((told.chosen.tuned or 0.0) * PROPENSITY_ONE),
                weight=f"{told.weight_max:.2g}",
            ),
        ),
        would_change=(state("policy.narrower"),),
        sureness=state("policy.sure", rounds=rounds.draws, effective=round(told.effective * rounds.bundle)),
        limits=(
            state("policy.behaviour"),
            *_pending(draws),
            *((state("policy.bundled", bundle=rounds.bundle),) if rounds.bundle > 1 else ()),
        ),
        figures=figures(draws, arms),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _abstained(
    draws: OfferDraws,
    arms: tuple[int, ...],
    claim: Statement,
    reasons: tuple[Statement, ...],
    would_help: tuple[Statement, ...],
    verdict: str,
) -> Explanation:
    return Explanation(
        inquiry="policy",
        label=Label.ABSTAINS,
        verdict=verdict,
        currency=draws.currency,
        claim=claim,
        reasons=reasons,
        would_change=would_help,
        sureness=state("sure.unknown"),
        figures=figures(draws, arms),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _gate(code: str, log: Log, target: Floats) -> Statement:
    """What is missing, with its numbers."""
    rewarded = int((log.rewards > 0).sum())
    values: dict[str, int | str] = {}
    match code:
        case "too_few_rounds":
            values = {"rounds": log.rounds, "rounds_min": rounds_min}
        case "effective_size_too_small":
            effective = round(effective_size(log, target))
            values = {"rounds": log.rounds, "effective": effective, "effective_min": round(ess_min)}
        case "too_few_rewarded":
            values = {"conversions": rewarded, "conversions_min": rewarded_min}
        case _:
            pass
    return state(f"policy.gate.{code}", **values)


def _shares(draws: OfferDraws, shares: Mapping[int, int], arms: tuple[int, ...]) -> tuple[Statement, ...]:
    """What was asked for beside what was."""
    was = _was(draws, arms)
    return tuple(state("policy.shares", arm=arm, share_ppm=shares.get(arm, 0), actual_ppm=was[arm]) for arm in arms)


def _was(draws: OfferDraws, arms: tuple[int, ...]) -> dict[int, int]:
    """The mean share of each arm, by exposures."""
    total = 0
    was = dict.fromkeys(arms, 0)
    for period in draws.periods:
        exposures = sum(count.exposures for count in period.arms)
        total += exposures
        for share in period.shares:
            if share.arm in was:
                was[share.arm] += exposures * share.propensity_ppm
    return {arm: sum_ppm // max(total, 1) for arm, sum_ppm in was.items()}


def _arms(draws: OfferDraws, arms: Iterable[int]) -> tuple[Statement, ...]:
    lines: list[Statement] = []
    for arm in arms:
        total = arm_total(draws, arm)
        value = total.approved_minor + total.pending_minor
        if total.exposures:
            lines.append(
                state(
                    "policy.arm",
                    arm=arm,
                    each_minor=round(1000 * value / total.exposures),
                    exposures=total.exposures,
                    conversions=total.pending + total.approved + total.declined,
                )
            )
    return tuple(lines)


def _pending(draws: OfferDraws) -> tuple[Statement, ...]:
    counts = [count for period in draws.periods for count in period.arms]
    pending = sum(count.pending for count in counts)
    conversions = pending + sum(count.approved + count.declined for count in counts)
    arrived = arrived_ppm(draws)
    return (
        *((state("draws.pending", pending=pending, conversions=conversions),) if pending else ()),
        *((state("draws.arrived", arrived_ppm=arrived),) if arrived < 990_000 else ()),
    )


def _rounds(
    draws: OfferDraws, awards: Sequence[Award], arms: Sequence[int], rng: np.random.Generator
) -> _Rounds | None:
    """A round for each draw (or for some draws of one arm), with what it brought; None without a draw.

    The day of a draw is known, and which of the day's draws of an arm brought what is not: chance deals it out. No
    estimator here looks at the order.
    """
    place = {arm: index for index, arm in enumerate(arms)}
    ppm = {period.allocation: {share.arm: share.propensity_ppm for share in period.shares} for period in draws.periods}
    exposed: dict[tuple[int, int], int] = {}
    for period in draws.periods:
        for count in period.arms:
            key = period.allocation, count.arm
            exposed[key] = exposed.get(key, 0) + count.exposures
    exposed = {
        (allocation, arm): count for (allocation, arm), count in exposed.items() if count and ppm[allocation].get(arm)
    }
    total = sum(exposed.values())
    if not total:
        return None
    bundle = -(-total // rounds_max)
    came: dict[tuple[int, int], list[float]] = {}
    kept = _kept_share(draws)
    for award in awards:
        amount = award.retained_minor * (kept if award.pending else 1.0)
        came.setdefault((award.allocation, award.arm), []).append(amount)
    columns: list[tuple[Floats, int, int]] = []
    for (allocation, arm), count in sorted(exposed.items()):
        rewards = np.zeros(-(-count // bundle))
        amounts = came.get((allocation, arm), [])
        np.add.at(rewards, rng.integers(len(rewards), size=len(amounts)), amounts)
        columns.append((rewards, allocation, arm))
    full = {allocation: np.array([of.get(arm, 0) / PROPENSITY_ONE for arm in arms]) for allocation, of in ppm.items()}
    propensities = np.concatenate(
        [np.broadcast_to(full[allocation], (len(rewards), len(arms))) for rewards, allocation, _ in columns]
    )
    actions = np.concatenate([np.full(len(rewards), place[arm]) for rewards, _, arm in columns])
    log = Log(
        actions=actions,
        rewards=np.concatenate([rewards for rewards, _, _ in columns]),
        propensity=propensities[np.arange(len(actions)), actions],
        arms=len(arms),
        propensities=propensities,
    )
    return _Rounds(log, bundle, total)


def _kept_share(draws: OfferDraws) -> float:
    """Of the decided conversions, those that were kept; all, where none is decided."""
    counts = [count for period in draws.periods for count in period.arms]
    approved, declined = sum(count.approved for count in counts), sum(count.declined for count in counts)
    return approved / (approved + declined) if approved + declined else 1.0
