"""Priors from earlier campaigns.

The spreads are those under which the earlier campaigns' counts are most plausible (marginal likelihood), each of them
held near a usual value until the campaigns know better, so that few of them do no harm. What was seen is what counts,
not how it was allocated: arms that were dropped early are no less honest a witness, which moments could not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Bools, Floats, diagonal, root, solve
from warum.domain.bandit.beliefs import SCALE_WEIGHTS, Beliefs, Campaigns, Prior, covariance, scaled
from warum.kernel.refusal import Kind, Refusal

campaigns_kept: Final = 400
"""More do not tell more, and older ones tell of other times."""

_usual_level_spread: Final = 0.8
_usual_arm_spread: Final = 0.2
_usual_part_spread: Final = 0.15
_usual_scale_spread: Final = 0.3
_usual_doubt: Final = 0.7
"""Standard deviation of the logarithm of a spread."""
_spread_min: Final = 0.01
_steps: Final = (0.5, 0.25, 0.12, 0.06)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What campaigns told, each arm as one normal observation of the logarithm of its rate.

    Attributes:
        logs: campaigns x arms, over and above the hints.
        weights: their precisions, about the number of events; next to nothing for absent arms.
    """

    logs: Floats
    weights: Floats
    present: Bools
    kin: Bools


def lessons(beliefs: Beliefs, seen: Campaigns) -> Lessons:
    """What the campaigns told apart from what was believed before: the observations under which the normal posterior
    is exact (one step of iteratively reweighted least squares)."""
    expected = np.maximum(np.where(seen.present, seen.exposures * np.exp(beliefs.mode), 0.0), 1e-6)
    logs = beliefs.mode + np.where(seen.present, (seen.events - expected) / expected, 0.0)
    return Lessons(logs=logs - seen.hints, weights=expected, present=seen.present, kin=seen.kin)


def together(first: Lessons, second: Lessons) -> Lessons:
    """Both, the second being the later ones; at most ``campaigns_kept`` of them."""
    arms = max(first.logs.shape[1], second.logs.shape[1])
    parts = [_widened(each, arms) for each in (first, second)]
    return Lessons(
        logs=np.concatenate([each.logs for each in parts])[-campaigns_kept:],
        weights=np.concatenate([each.weights for each in parts])[-campaigns_kept:],
        present=np.concatenate([each.present for each in parts])[-campaigns_kept:],
        kin=np.concatenate([each.kin for each in parts], axis=1)[:, -campaigns_kept:],
    )


def learn(told: Lessons, before: Prior) -> Prior | Refusal:
    """The prior under which the lessons are most plausible.

    Args:
        before: where the search begins, such as the prior of last week.
    """
    if not (np.isfinite(told.logs).all() and np.isfinite(told.weights).all() and (told.weights > 0).all()):
        return Refusal(
            code="lessons_broken",
            message="The earlier campaigns hold what is not a number. Leave the broken ones out.",
            kind=Kind.CONFLICT,
        )
    parts = len(told.kin)
    usual = np.log([_usual_level_spread, _usual_arm_spread, _usual_scale_spread, *[_usual_part_spread] * parts])
    known = [before.level_spread, before.arm_spread, before.scale_spread, *before.part_spreads]
    begun = before.campaigns > 0 and len(known) == len(usual) and min(known) > 0
    at = np.log(known) if begun else usual.copy()
    groups = _by_number_of_arms(told)
    height, level = _evidence(groups, at, usual)
    for step in _steps:
        moved = True
        while moved:
            moved = False
            for index in range(len(at)):
                for by in (step, -step):
                    tried = at.copy()
                    tried[index] = max(tried[index] + by, log(_spread_min))
                    found, level_found = _evidence(groups, tried, usual)
                    if found > height + 1e-6:
                        at, height, level, moved = tried, found, level_found, True
                        break
    return replace(_prior(at, level), campaigns=len(told.logs))


def _prior(at: Floats, level: float) -> Prior:
    level_spread, arm_spread, scale_spread, *parts = (exp(each) for each in at)
    return Prior(
        level=level,
        level_spread=level_spread,
        arm_spread=arm_spread,
        part_spreads=tuple(parts),
        scale_spread=scale_spread,
    )


def _evidence(groups: Sequence[Lessons], at: Floats, usual: Floats) -> tuple[float, float]:
    """The logarithm of the marginal likelihood with the best level, which is the second; constants left out."""
    # The level is found under the usual scale, which has most of the weight.
    scales, sums = scaled(_prior(at, 0.0)), np.zeros(3)
    solved = [[_solved(told, prior) for prior in scales] for told in groups]
    for each in solved:
        sums += each[0][0].sum(axis=1)
    level = float(sums[1] / sums[2])
    height = 0.0
    for each in solved:
        heights = (
            np.stack(
                [
                    -volume - 0.5 * (squares[0] - 2 * level * squares[1] + level**2 * squares[2])
                    for squares, volume in each
                ]
            )
            + np.log(SCALE_WEIGHTS[: len(each)])[:, None]
        )
        top = heights.max(axis=0)
        height += float((top + np.log(np.exp(heights - top).sum(axis=0))).sum())
    return height - 0.5 * float((((at - usual) / _usual_doubt) ** 2).sum()), level


def _solved(told: Lessons, prior: Prior) -> tuple[Floats, Floats]:
    """Of each campaign: the squares of logs and ones against the covariance of the logs, and half its log volume."""
    whole = covariance(prior, told.present, told.kin) + (1.0 / told.weights)[..., None] * np.eye(told.logs.shape[1])
    pulled, by_one = solve(whole, told.logs), solve(whole, np.ones_like(told.logs))
    squares = np.stack([(told.logs * pulled).sum(axis=1), (told.logs * by_one).sum(axis=1), by_one.sum(axis=1)])
    return squares, np.log(diagonal(root(whole))).sum(axis=1)


def _by_number_of_arms(told: Lessons) -> list[Lessons]:
    """Without the absent arms, which are the last ones of a campaign: small matrices are quicker."""
    numbers = told.present.sum(axis=1)
    groups: list[Lessons] = []
    for arms in np.unique(numbers):
        here = numbers == arms
        groups.append(
            Lessons(
                logs=told.logs[here, :arms],
                weights=told.weights[here, :arms],
                present=told.present[here, :arms],
                kin=told.kin[:, here, :arms, :arms],
            )
        )
    return groups


def _widened(told: Lessons, arms: int) -> Lessons:
    more = arms - told.logs.shape[1]
    if not more:
        return told
    return Lessons(
        logs=np.pad(told.logs, ((0, 0), (0, more))),
        weights=np.pad(told.weights, ((0, 0), (0, more)), constant_values=1e-6),
        present=np.pad(told.present, ((0, 0), (0, more))),
        kin=np.pad(told.kin, ((0, 0), (0, 0), (0, more), (0, more))),
    )
