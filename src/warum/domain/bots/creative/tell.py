"""What a proposal says beside the change: the numbers it rests on, what was weighed against it, and how many
conversions would have made it another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from warum.domain.bots.creative.cells import with_conversions
from warum.domain.bots.creative.facts import CreativeFacts
from warum.domain.bots.creative.gain import gain_of
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import (
    Alternative,
    ArmShare,
    Counterfactual,
    Evidence,
    Parameter,
    Rows,
    Shares,
    Unit,
)
from warum.domain.packing import number
from warum.domain.shrinkage import Floats
from warum.domain.worth import Cells, Draws, worth
from warum.kernel.period import DAY_US, HOUR_US

_draws_what_if: Final = 1_000


def shares_of(arms: Sequence[int], ppm: Sequence[int]) -> Shares:
    return tuple(ArmShare(arm=arm, propensity_ppm=share) for arm, share in zip(arms, ppm, strict=True))


def evidence(facts: CreativeFacts, cells: Cells, draws: Draws, best: Floats) -> tuple[Evidence, ...]:
    from_us = min(period.from_us for period in facts.periods)
    until_us = max(period.until_us for period in facts.periods)

    def rows(table: str, arm: int | None = None, status: str = "") -> Rows:
        return Rows(table=table, offer=facts.offer, from_us=from_us, until_us=until_us, arm=arm, status=status)

    def count(name: str, values: Floats, index: int, where: Rows, unit: Unit = Unit.COUNT) -> Evidence:
        return Evidence(name=name, value=str(round(float(values[index]))), unit=unit, rows=where, arm=where.arm)

    exposures, conversions = cells.exposures.sum(axis=0), cells.conversions.sum(axis=0)
    approved = conversions - cells.pending.sum(axis=0) - cells.declined.sum(axis=0)
    lines = [
        Evidence(
            name="days",
            value=str(sum(period.until_us - period.from_us for period in facts.periods) // DAY_US),
            unit=Unit.DAYS,
            rows=rows(facts.drawn_at),
        ),
        Evidence(
            name="data_age",
            value=str(max(0, facts.now_us - until_us) // HOUR_US),
            unit=Unit.HOURS,
            rows=rows(facts.drawn_at),
        ),
    ]
    for index, share in enumerate(facts.shares):
        arm = share.arm
        lines.append(count("exposures", exposures, index, rows(facts.drawn_at, arm)))
        if cells.clicks is not None:
            lines.append(count("clicks", cells.clicks.sum(axis=0), index, rows("click", arm)))
        lines += [
            count("conversions", conversions, index, rows("conversion", arm)),
            count("approved", approved, index, rows("conversion", arm, "approved")),
            count("pending", cells.pending.sum(axis=0), index, rows("conversion", arm, "pending")),
            count("declined", cells.declined.sum(axis=0), index, rows("conversion", arm, "declined")),
            count("value", cells.value.sum(axis=0), index, rows("conversion", arm), Unit.MINOR),
            Evidence(
                name="worth",
                value=number(1000 * float(draws.value[:, index].mean())),
                unit=Unit.MINOR_PER_THOUSAND,
                rows=rows(facts.drawn_at, arm),
                arm=arm,
                low=number(1000 * float(np.quantile(draws.value[:, index], 0.05))),
                high=number(1000 * float(np.quantile(draws.value[:, index], 0.95))),
            ),
            Evidence(
                name="best",
                value=number(float(best[index])),
                unit=Unit.SHARE,
                rows=rows(facts.drawn_at, arm),
                arm=arm,
            ),
        ]
    return tuple(lines)


def considered(facts: CreativeFacts, draws: Draws, before: Sequence[int], exposures: int) -> tuple[Alternative, ...]:
    """Leave it, go all the way at once, or give everybody the same."""
    arms, floor = [share.arm for share in facts.shares], facts.policy.floor_ppm
    leader = int(draws.value.mean(axis=0).argmax())
    whole = [floor] * len(arms)
    whole[leader] = PROPENSITY_ONE - floor * (len(arms) - 1)
    even = [PROPENSITY_ONE // len(arms)] * len(arms)
    even[0] += PROPENSITY_ONE - sum(even)
    too_far = max(abs(new - old) for old, new in zip(before, whole, strict=True)) > facts.policy.step_ppm
    options = (
        ("leave", list(before), "gain_forgone"),
        ("all_to_leader", whole, "beyond_step" if too_far else "leader_unsure"),
        ("equal", even, "knowledge_unused"),
    )
    lines: list[Alternative] = []
    for name, after, why_not in options:
        gain = gain_of(draws, before, after, exposures)
        lines.append(
            Alternative(
                name=name,
                after=shares_of(arms, after),
                gain_minor=gain.mean,
                low_minor=gain.quantile(0.05),
                high_minor=gain.quantile(0.95),
                why_not=why_not,
            )
        )
    return tuple(lines)


def what_if(
    facts: CreativeFacts, cells: Cells, before: Sequence[int], after: Sequence[int], exposures: int, seed: int
) -> tuple[Counterfactual, ...]:
    """How many conversions fewer the arm that wins most would have needed, and how many more the arm that loses most,
    for this proposal not to be made."""
    moved = np.array(after) - np.array(before)
    lines: list[Counterfactual] = []
    for code, index, sign in (("leader_fewer", int(moved.argmax()), -1), ("loser_more", int(moved.argmin()), 1)):
        had = round(float(cells.conversions[:, index].sum()))
        low, high = 0, had
        if not had or _would_stand(facts, with_conversions(cells, index, 1.0 + sign), before, after, exposures, seed):
            continue
        while high - low > max(1, had // 64):
            middle = (low + high) // 2
            stands = _would_stand(
                facts, with_conversions(cells, index, 1.0 + sign * middle / had), before, after, exposures, seed
            )
            low, high = (middle, high) if stands else (low, middle)
        lines.append(
            Counterfactual(
                code=code,
                parameters=(
                    Parameter(name="arm", value=str(facts.shares[index].arm)),
                    Parameter(name="conversions", value=str(high)),
                    Parameter(name="of", value=str(had)),
                ),
            )
        )
    return tuple(lines)


def _would_stand(
    facts: CreativeFacts, cells: Cells, before: Sequence[int], after: Sequence[int], exposures: int, seed: int
) -> bool:
    posterior = worth(cells, facts.earlier, facts.policy.objective)
    if posterior is None:
        return False
    draws = posterior.draws(np.random.default_rng(seed), _draws_what_if)
    return gain_of(draws, before, after, exposures).stands(facts)
