"""Which creative, and why: the arm that an exposure is worth most with, how sure that is, what else there is, and what
would change it. Where it cannot be told yet, how long that would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

import numpy as np

from warum.domain.bots.creative.checks import ratio_of
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Unit
from warum.domain.experiment.designs import Holdout, Plan, days_needed, rate_spread
from warum.domain.explain.record import Explanation, Label, Number, Statement, state
from warum.domain.inquiries.draws import (
    OfferDraws,
    Table,
    arm_total,
    arrived_ppm,
    figures,
    ratio_p_min,
    ratio_seen,
    span_words,
    table,
)
from warum.domain.packing import number
from warum.domain.shrinkage import Floats
from warum.domain.worth import Cells, worth
from warum.kernel.period import DAY_US

best_ppm_min: Final = 950_000
"""How probable it has to be that an arm is the best one before it is called that."""
conversions_min: Final = 40
_level: Final = 0.9
_chance_ppm_end: Final = 1_000
_power: Final = 0.8
_draws: Final = 4_000
_draws_what_if: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the draws say: of each arm the probability of being best, and the worth of a thousand exposures."""

    best: Floats
    values: Floats
    leader: int
    runner: int

    @property
    def lead(self) -> Floats:
        return self.values[:, self.leader] - self.values[:, self.runner]


def explain_creative(draws: OfferDraws, *, seed: int) -> Explanation:
    """Which arm of those in force is best so far, or what is missing to tell.

    Args:
        seed: of the draws of the posterior; the same seed gives the same answer.
    """
    arms = draws.arms_in_force()
    counts = table(draws, arms)
    exposures, conversions = int(counts.exposures.sum()), int(counts.conversions.sum())
    span = span_words(draws)
    if not exposures:
        return _abstained(draws, "no_exposures", state("creative.no_exposures", **span), (state("help.show"),))
    chance = ratio_of(draws.periods)
    if chance < ratio_p_min:
        claim = state("creative.ratio_broken", chance_p=number(chance))
        return _abstained(draws, "ratio_broken", claim, (state("help.measurement"),), ratio_seen(draws))
    if conversions < conversions_min:
        claim = state("creative.thin", conversions=conversions, conversions_min=conversions_min, **span)
        return _abstained(draws, "thin", claim, _waiting(draws, conversions), _reasons(draws, arms))
    seen = _seen(counts.cells(), _draws, seed)
    if seen is None:
        claim = state("creative.no_value", conversions=conversions, **span)
        return _abstained(draws, "no_value", claim, (state("help.approvals"),), _reasons(draws, arms))
    best_ppm = _best_ppm(seen)
    leader, runner = arms[seen.leader], arms[seen.runner]
    told = best_ppm >= best_ppm_min
    low, middle, high = (float(value) for value in np.quantile(seen.lead, (0.05, 0.5, 0.95)))
    lead = Number(
        name=f"lead_{draws.drawn_at}",
        value=round(middle),
        low=round(low),
        high=round(high),
        unit=Unit.MINOR_PER_THOUSAND,
        confidence_ppm=round(_level * PROPENSITY_ONE),
    )
    return Explanation(
        inquiry="creative",
        label=Label.ESTIMATE if told else Label.ABSTAINS,
        verdict="best" if told else "open",
        currency=draws.currency,
        claim=state("creative.best" if told else "creative.open", arm=leader, runner_arm=runner),
        number=lead,
        reasons=(
            *_reasons(draws, (leader, runner)),
            state("draws.ratio.fine", chance_p=number(float(f"{chance:.2g}"))),
        ),
        considered=_considered(draws, arms, seen),
        would_change=_fewer(counts, seen, leader, seed) if told else _how_long(draws, counts, seen),
        sureness=state(
            "creative.sure" if told else "creative.unsure", arm=leader, best_ppm=best_ppm, required_ppm=best_ppm_min
        ),
        limits=_limits(draws, counts),
        figures=figures(draws, arms),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _seen(cells: Cells, count: int, seed: int) -> _Seen | None:
    posterior = worth(cells)
    if posterior is None:
        return None
    values = 1000 * posterior.draws(np.random.default_rng(seed), count).value
    if not np.isfinite(values).all():
        return None
    best = np.bincount(values.argmax(axis=1), minlength=values.shape[1]) / count
    # By the probability of being best; the mean decides between equals.
    order = sorted(range(len(best)), key=lambda arm: (float(best[arm]), float(values[:, arm].mean())), reverse=True)
    return _Seen(best, values, order[0], order[1])


def _best_ppm(seen: _Seen) -> int:
    return _chance_ppm(float(seen.best[seen.leader]))


def _chance_ppm(share: float) -> int:
    """Draws never tell certainty: neither 0 nor 100 % is said."""
    return min(max(round(share * PROPENSITY_ONE), _chance_ppm_end), PROPENSITY_ONE - _chance_ppm_end)


def _abstained(
    draws: OfferDraws,
    verdict: str,
    claim: Statement,
    would_help: tuple[Statement, ...],
    reasons: tuple[Statement, ...] = (),
) -> Explanation:
    return Explanation(
        inquiry="creative",
        label=Label.ABSTAINS,
        verdict=verdict,
        currency=draws.currency,
        claim=claim,
        reasons=reasons,
        considered=_shares(draws),
        would_change=would_help,
        sureness=state("sure.unknown"),
        figures=figures(draws, draws.arms_in_force()),
        sources=(draws.source(draws.drawn_at), draws.source("conversion")),
    )


def _reasons(draws: OfferDraws, arms: tuple[int, ...]) -> tuple[Statement, ...]:
    """What each of them brought, the figures that say so."""
    lines: list[Statement] = []
    for arm in arms:
        total = arm_total(draws, arm)
        conversions = total.pending + total.approved + total.declined
        value = total.pending_minor + total.approved_minor
        if total.exposures:
            lines.append(
                state(
                    f"creative.counts.{draws.drawn_at}",
                    arm=arm,
                    exposures=total.exposures,
                    conversions=conversions,
                    declined=total.declined,
                    value_minor=value,
                    each_minor=round(1000 * value / total.exposures),
                )
            )
        else:
            lines.append(state("creative.counts.none", arm=arm))
    return tuple(lines)


def _considered(draws: OfferDraws, arms: tuple[int, ...], seen: _Seen) -> tuple[Statement, ...]:
    """Every other arm, the likeliest first, with its share; then that of the leader."""
    ppm = {share.arm: share.propensity_ppm for share in draws.shares}
    others = sorted(
        (index for index in range(len(arms)) if index != seen.leader), key=lambda index: -float(seen.best[index])
    )
    return (
        *(
            state(
                "creative.other",
                arm=arms[index],
                best_ppm=_chance_ppm(float(seen.best[index])),
                share_ppm=ppm[arms[index]],
            )
            for index in others
        ),
        state("creative.share", arm=arms[seen.leader], share_ppm=ppm[arms[seen.leader]]),
    )


def _shares(draws: OfferDraws) -> tuple[Statement, ...]:
    return tuple(state("creative.share", arm=share.arm, share_ppm=share.propensity_ppm) for share in draws.shares)


def _fewer(counts: Table, seen: _Seen, leader: int, seed: int) -> tuple[Statement, ...]:
    """How many conversions fewer the leader would have needed for this not to be told."""
    had = round(float(counts.conversions[:, seen.leader].sum()))
    cells, low, high = counts.cells(), 0, had
    while high - low > max(1, had // 128):
        middle = (low + high) // 2
        after = _seen(_scaled(cells, seen.leader, 1 - middle / had), _draws_what_if, seed)
        stands = after is not None and after.leader == seen.leader and _best_ppm(after) >= best_ppm_min
        low, high = (middle, high) if stands else (low, middle)
    return (state("creative.fewer", arm=leader, conversions=high, of=had, required_ppm=best_ppm_min),)


def _how_long(draws: OfferDraws, counts: Table, seen: _Seen) -> tuple[Statement, ...]:
    """Days until a difference like the one seen could be told, if traffic and difference stay as they are."""
    pair = [seen.leader, seen.runner]
    exposures = counts.exposures[:, pair].sum(axis=0)
    kept = counts.kept[:, pair].sum(axis=0)
    days = max(draws.days, 1)
    spread = rate_spread(float(kept.sum() / exposures.sum())) if exposures.sum() else 0.0
    gap = float(kept[0] / max(exposures[0], 1) - kept[1] / max(exposures[1], 1))
    alike = (state("creative.alike"), state("help.difference"))
    if not isinstance(spread, float) or not isfinite(gap) or gap == 0.0:
        return alike
    design = Holdout(
        units_day=float(exposures.sum()) / days, held_out=float(exposures.min() / exposures.sum()), spread=spread
    )
    plan = days_needed(design, gap, power=_power, always=True)
    if not isinstance(plan, Plan):
        return alike
    more = max(plan.days - draws.days, 1)
    return (
        state(
            "creative.days_more",
            days=more,
            had=draws.days,
            power_ppm=round(_power * PROPENSITY_ONE),
            gap_points_ppm=round(abs(gap) * PROPENSITY_ONE),
        ),
    )


def _waiting(draws: OfferDraws, conversions: int) -> tuple[Statement, ...]:
    """How long until there are enough conversions at this pace."""
    missing = conversions_min - conversions
    days = (draws.until_us - draws.from_us) / DAY_US
    if not conversions or days <= 0:
        return (state("help.conversions", missing=missing),)
    return (state("help.conversions_days", missing=missing, days=max(1, round(missing * days / conversions))),)


def _limits(draws: OfferDraws, counts: Table) -> tuple[Statement, ...]:
    pending, conversions = int(counts.pending.sum()), int(counts.conversions.sum())
    return (
        *((state("draws.pending", pending=pending, conversions=conversions),) if pending else ()),
        *((state("draws.arrived", arrived_ppm=arrived),) if (arrived := arrived_ppm(draws)) < 990_000 else ()),
    )


def _scaled(cells: Cells, arm: int, by: float) -> Cells:
    """The cells, had this arm had ``by`` times its conversions."""
    factor = np.ones(cells.conversions.shape[1])
    factor[arm] = by
    return replace(
        cells,
        conversions=cells.conversions * factor,
        pending=cells.pending * factor,
        declined=cells.declined * factor,
        value=cells.value * factor,
        square=cells.square * factor,
    )
