"""The shares of the next exposures.

``LOOK_AHEAD`` asks of each arm: if it got the next few exposures and the arm that then looks best got the rest, what
would the whole horizon bring? Learning is worth its price early and not at the end, which sampling by the probability
of being best (``THOMPSON``) does not know; on short horizons it loses to a plain A/B test. ``TOP_TWO`` shares between
the leader and its likeliest challenger, for those who want to know which is better rather than earn meanwhile.

Whatever the rule, every arm keeps the floor, and the shares are the propensities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final, cast

import numpy as np

from warum.domain.bandit.arrays import Bools, Floats, diagonal
from warum.domain.bandit.beliefs import Beliefs, Prior, believe, campaign
from warum.domain.bandit.counts import ArmData, Objective, Observed, observe
from warum.domain.catalog import PROPENSITY_ONE
from warum.kernel.money import split
from warum.kernel.refusal import Kind, Refusal

floor_ppm_default: Final = 10_000

_tries: Final = (0.02, 0.06, 0.2)
"""Parts of the horizon for which an arm is tried."""
_learning_goes_on: Final = 2.0
"""A try is not the last chance to learn: what comes after it teaches, too. It counts as if it were so much longer."""
_indifference: Final = 0.0001
"""Arms whose prospects differ by less than about this part share: the difference is worth nothing, and equals are
treated as equals."""
_nodes, _weights = cast("tuple[Floats, Floats]", np.polynomial.hermite_e.hermegauss(11))
_weights = _weights / _weights.sum()


class Rule(StrEnum):
    LOOK_AHEAD = "look_ahead"
    THOMPSON = "thompson"
    TOP_TWO = "top_two"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The next allocation of one campaign.

    Attributes:
        propensities_ppm: in the order of the arms; they sum to PROPENSITY_ONE.
        best: how probable it is of each arm that it is the best.
        rates: expected events per exposure.
        low, high: between which the rate lies with 90 %.
        unit: what one event is worth.
    """

    arms: tuple[int, ...]
    propensities_ppm: tuple[int, ...]
    best: tuple[float, ...]
    rates: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    unit: float


def allocate(
    data: Sequence[ArmData],
    *,
    prior: Prior,
    exposures_left: float,
    objective: Objective = Objective.CLICKS,
    parts: tuple[tuple[object, ...], ...] = (),
    hints: Sequence[float] | None = None,
    rule: Rule = Rule.LOOK_AHEAD,
    floor_ppm: int = floor_ppm_default,
) -> Shares | Refusal:
    """The shares that the data ask for, or why there are none.

    Args:
        prior: of the same objective, with one spread for each kind of part.
        exposures_left: as many are expected until the end of the campaign, or of what is planned for.
        parts: for each kind of part (headline, image), what each arm has of it, in the order in which the data name the
            arms first.
        hints: what the arms' words promise (``words.hints``), in the same order.
    """
    seen = observe(data, objective)
    if isinstance(seen, Refusal):
        return seen
    if refused := _refused(seen, prior, exposures_left, parts, floor_ppm) or _hints_refused(seen, hints):
        return refused
    told = None if hints is None else np.array(hints, dtype=np.float64)
    beliefs = believe(prior, campaign(seen.exposures, seen.events, parts, told))
    total = np.array([float(seen.exposures.sum()) + exposures_left])
    wished = wishes(beliefs, total, np.array([exposures_left]), rule)[0]
    reach = 1.6448536269514722 * np.sqrt(diagonal(beliefs.covariance)[0])
    return Shares(
        arms=seen.arms,
        propensities_ppm=in_ppm(wished, floor_ppm),
        best=_told(beliefs.best()[0]),
        rates=_told(beliefs.rates[0]),
        low=_told(np.exp(beliefs.mean[0] - reach)),
        high=_told(np.exp(beliefs.mean[0] + reach)),
        unit=seen.unit,
    )


def wishes(beliefs: Beliefs, total: Floats, left: Floats, rule: Rule = Rule.LOOK_AHEAD) -> Floats:
    """Shares before the floor, of many campaigns at once; campaigns x arms.

    Args:
        total, left: exposures of each campaign's whole horizon, and those still to come.
    """
    match rule:
        case Rule.LOOK_AHEAD:
            return _look_ahead(beliefs, total, left)
        case Rule.THOMPSON:
            return beliefs.best()
        case Rule.TOP_TWO:
            return _top_two(beliefs.best())


def floored(wished: Floats, present: Bools, floor: float) -> Floats:
    """Every arm gets the floor, and the wishes share the rest; campaigns x arms."""
    arms = present.sum(axis=-1, keepdims=True)
    return np.where(present, floor + (1.0 - arms * floor) * wished, 0.0)


def in_ppm(wished: Floats, floor_ppm: int) -> tuple[int, ...]:
    """Whole parts per million that sum to one and keep the floor."""
    rest = PROPENSITY_ONE - floor_ppm * len(wished)
    parts = split(rest, [round(float(share) * 10**9) for share in wished])
    return tuple(floor_ppm + part for part in parts)


def _look_ahead(beliefs: Beliefs, total: Floats, left: Floats) -> Floats:
    """Softly the arm with the best prospect (the knowledge gradient of Ryzhov, Powell and Frazier 2012, with several
    exposures at once)."""
    covariance, rates, present = beliefs.covariance, beliefs.rates, beliefs.present
    spread = diagonal(covariance)
    means = np.where(present, beliefs.mean + spread / 2, -np.inf)
    left = np.maximum(left, 1.0)[:, None]
    prospects = np.zeros_like(rates)
    for part in _tries:
        tried = np.minimum(part * total[:, None], left)
        noise = 1.0 / (_learning_goes_on * tried * np.exp(beliefs.mode))
        # [campaign, i, j]: by how much a try of arm i may move what is known of arm j (standard deviation).
        moves = covariance / np.sqrt(noise + spread)[:, :, None]
        logs = (means[:, None] - moves**2 / 2)[..., None] + moves[..., None] * _nodes
        leader = np.exp(logs.max(axis=2)) @ _weights
        prospects = np.maximum(prospects, (tried * rates + (left - tried) * leader) / left)
    known = rates.max(axis=1, keepdims=True)
    # Where no try pays, the one that is best already gets the rest.
    prospects = np.maximum(prospects, rates)
    gains = np.where(present, (prospects + 0.1 * _indifference * rates) / known, -np.inf)
    shares = np.exp((gains - gains.max(axis=1, keepdims=True)) / _indifference)
    return shares / shares.sum(axis=1, keepdims=True)


def _top_two(best: Floats) -> Floats:
    """Half to a draw by the probability of being best, half to the next draw that names another arm (Russo 2016)."""
    others = 1.0 - best
    second = np.divide(best, others, out=np.zeros_like(best), where=others > 0)
    # An arm is second if the first draw names another: sum over those of their chance times its own among the rest.
    challenger = best * (second.sum(axis=-1, keepdims=True) - second)
    share = 0.5 * best + 0.5 * challenger
    return share / share.sum(axis=-1, keepdims=True)


def _refused(
    seen: Observed, prior: Prior, left: float, parts: tuple[tuple[object, ...], ...], floor_ppm: int
) -> Refusal | None:
    arms = len(seen.arms)
    if floor_ppm <= 0:
        return _no("propensity_zero", "With a floor of zero an arm could never be drawn, and no log could judge it.")
    if floor_ppm * arms > PROPENSITY_ONE:
        return _no("floor_too_high", f"{arms} arms cannot all have {floor_ppm} parts per million.")
    if not (isfinite(left) and left > 0):
        return _no("nothing_left", "No exposures are expected any more, so there is nothing to share out.")
    if len(parts) != len(prior.part_spreads) or any(len(kind) != arms for kind in parts):
        return _no("parts_do_not_fit", "Every kind of part needs a spread in the prior and an entry for every arm.")
    spreads = (prior.level_spread, prior.arm_spread, *prior.part_spreads)
    if not (isfinite(prior.level) and all(isfinite(each) and each > 0 for each in spreads)):
        return _no("prior_broken", "The prior needs a level and spreads that are positive numbers. Learn it anew.")
    return None


def _hints_refused(seen: Observed, hints: Sequence[float] | None) -> Refusal | None:
    if hints is not None and (len(hints) != len(seen.arms) or not all(isfinite(each) for each in hints)):
        return _no("hints_broken", "Hints are one finite number for every arm. Leave them out, or make them anew.")
    return None


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)


def _told(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
