"""Counts by arm as they stand, and what they mean for an objective.

A conversion counts with the probability that it stands in the end: approved ones wholly, declined ones not at all, and
pending ones by the share of decided ones that was approved. Of a young period not all conversions have come in, so its
exposures count by the share that has. Values are counted in units of the mean square over the mean amount: the sum of
amounts in that unit varies about as much as a Poisson count (a compound Poisson variable has variance *rate x mean
square*), so one model serves clicks, conversions and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Floats
from warum.domain.decisions import Objective
from warum.kernel.refusal import Kind, Refusal

_declined_prior: Final = (1.5, 8.5)
"""Before anything is decided, a share of 15 % declined is taken, with the weight of ten (as ``worth`` does)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmData:
    """One arm in one period, by the time of exposure.

    Attributes:
        exposures: impressions, or clicks where the arm is drawn at the click.
        approved, pending, declined: conversions of these exposures.
        approved_minor, pending_minor: their amounts; for the margin what is left of them.
        square: sum of the squares of both.
        complete: the share of the conversions of these exposures that has come in by now.
    """

    arm: int
    exposures: float
    clicks: float = 0
    approved: float = 0
    pending: float = 0
    declined: float = 0
    approved_minor: float = 0
    pending_minor: float = 0
    square: float = 0
    complete: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Arms as the model has them.

    Attributes:
        exposures: those whose outcome is in.
        events: what the objective counts, about as variable as a Poisson count.
        unit: what one event is worth: 1, or minor units.
    """

    arms: tuple[int, ...]
    exposures: Floats
    events: Floats
    unit: float = 1.0


def observe(data: Sequence[ArmData], objective: Objective = Objective.CLICKS) -> Observed | Refusal:
    """The arms' counts, periods of the same arm added up; the first thing that is wrong with them otherwise."""
    arms = tuple(dict.fromkeys(one.arm for one in data))
    if refused := _refused(data, arms, objective):
        return refused
    place = {arm: index for index, arm in enumerate(arms)}
    exposures, events, squares = np.zeros(len(arms)), np.zeros(len(arms)), 0.0
    kept = kept_share(sum(one.approved for one in data), sum(one.declined for one in data))
    for one in data:
        index = place[one.arm]
        late = objective is not Objective.CLICKS
        exposures[index] += one.exposures * (one.complete if late else 1.0)
        match objective:
            case Objective.CLICKS:
                events[index] += one.clicks
            case Objective.CONVERSIONS:
                events[index] += one.approved + kept * one.pending
            case Objective.VALUE | Objective.MARGIN:
                events[index] += one.approved_minor + kept * one.pending_minor
                amounts = one.approved_minor + one.pending_minor
                squares += one.square * (one.approved_minor + kept * one.pending_minor) / amounts if amounts else 0.0
    if not exposures.sum() > 0:
        return _no("no_outcomes_yet", "No exposure is old enough to have an outcome. Wait until conversions come in.")
    unit = squares / float(events.sum()) if squares else 1.0
    return Observed(arms=arms, exposures=exposures, events=events / unit, unit=unit)


def kept_share(approved: float, declined: float) -> float:
    """The share of pending conversions that will be approved."""
    lost, kept = _declined_prior
    return (approved + kept) / (approved + declined + lost + kept)


def _refused(data: Sequence[ArmData], arms: tuple[int, ...], objective: Objective) -> Refusal | None:
    if len(arms) < 2:
        return _no("one_arm", "There are fewer than two arms, so there is nothing to choose between. Add another arm.")
    for one in data:
        counts = (one.exposures, one.clicks, one.approved, one.pending, one.declined, one.square, one.complete)
        amounts = (one.approved_minor, one.pending_minor)
        if not all(isfinite(value) for value in (*counts, *amounts)):
            return _no("counts_not_finite", f"A count of arm {one.arm} is not a finite number. Count anew.")
        if objective is Objective.MARGIN and min(amounts) < 0:
            return _no(
                "margin_negative",
                f"Arm {one.arm} has lost money. Losses cannot be weighed against gains here; look at the commission.",
            )
        if min(*counts, *amounts) < 0:
            return _no("counts_negative", f"A count of arm {one.arm} is negative. Count anew.")
        if one.complete > 1:
            return _no("share_above_one", f"More than all conversions of arm {one.arm} are said to have come in.")
        converted = one.approved + one.pending + one.declined
        if max(one.clicks, converted) > 0 and not one.exposures:
            return _no("events_without_exposures", f"Arm {one.arm} has clicks or conversions but was never shown.")
        if objective is Objective.CLICKS and one.clicks > one.exposures:
            return _no("counts_broken", f"Arm {one.arm} was clicked more often than shown. Count anew.")
        valued = objective in (Objective.VALUE, Objective.MARGIN)
        if valued and sum(amounts) > 0 and not one.square > 0:
            return _no("squares_missing", f"The amounts of arm {one.arm} come without the sum of their squares.")
    if not sum(one.exposures for one in data):
        return _no("no_exposures", "None of the arms was shown yet. Show them first, in equal shares.")
    return None


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
