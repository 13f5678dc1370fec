"""May it be judged? What makes the question senseless, and the checks of the data in a fixed order: the first that
fails is the reason why there is no proposal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from warum.domain.bots.creative.facts import ArmCounts, CreativeFacts, Period
from warum.domain.bots.why import Why
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Check, Objective, Parameter
from warum.domain.packing import number
from warum.domain.samples import sample_ratio
from warum.kernel.period import DAY_US, HOUR_US

_ratio_probability_min: Final = 0.001

No: TypeAlias = tuple[Why, tuple[Parameter, ...]]


def no(why: Why, **parameters: int | str) -> No:
    return why, tuple(Parameter(name=name, value=str(value)) for name, value in parameters.items())


def shape(facts: CreativeFacts) -> No | None:
    """What makes the question itself senseless, whatever the data."""
    arms, policy, goal = [share.arm for share in facts.shares], facts.policy, facts.goal
    if len(set(arms)) < len(arms) or sum(share.propensity_ppm for share in facts.shares) != PROPENSITY_ONE:
        return no(Why.ALLOCATION_BROKEN)
    if len(arms) < 2:
        return no(Why.ONE_ARM)
    if len(arms) * policy.floor_ppm > PROPENSITY_ONE:
        return no(Why.FLOOR_TOO_HIGH, arms=len(arms), floor_ppm=policy.floor_ppm)
    begun = goal is None or goal.starts_us is None or goal.starts_us <= facts.now_us
    over = goal is not None and goal.ends_us is not None and goal.ends_us <= facts.now_us
    if not begun or over:
        return no(Why.OUTSIDE_GOAL)
    at_the_click = facts.drawn_at != "impression" and policy.objective is Objective.CLICKS
    return no(Why.CLICKS_EQUAL) if at_the_click else None


def data(facts: CreativeFacts, checks: list[Check]) -> No | None:
    """The checks of the data in a fixed order; the first that fails is the reason."""
    policy, periods = facts.policy, facts.periods
    counts = [counts for period in periods for counts in period.arms]
    plausible = all(_plausible(count) for count in counts) and all(
        period.from_us < period.until_us for period in periods
    )
    checks.append(Check(name="counts_plausible", passed=plausible, seen="", limit=""))
    if not plausible:
        lost = policy.objective is Objective.MARGIN and any(
            min(count.pending_minor, count.approved_minor) < 0 for count in counts
        )
        return no(Why.MARGIN_NEGATIVE if lost else Why.DATA_BROKEN)
    exposures = sum(count.exposures for count in counts)
    if not exposures:
        return no(Why.NO_EXPOSURES)

    ratio = ratio_of(facts.periods)
    checks.append(check("sample_ratio", ratio >= _ratio_probability_min, ratio, _ratio_probability_min))
    if not checks[-1].passed:
        return no(Why.SAMPLE_RATIO_BROKEN, probability=number(ratio))

    hours = max(0, facts.now_us - max(period.until_us for period in periods)) // HOUR_US
    checks.append(check("data_age_hours", hours <= policy.age_hours_max, hours, policy.age_hours_max))
    if not checks[-1].passed:
        return no(Why.DATA_TOO_OLD, hours=hours, hours_max=policy.age_hours_max)

    # Thin data comes last: what is broken or old does not heal by waiting.
    days = sum(period.until_us - period.from_us for period in periods) // DAY_US
    checks.append(check("days", days >= policy.days_min, days, policy.days_min))
    if not checks[-1].passed:
        return no(Why.TOO_EARLY, days=days, days_min=policy.days_min)
    conversions = sum(_all(count) for count in counts)
    checks.append(check("conversions", conversions >= policy.conversions_min, conversions, policy.conversions_min))
    if not checks[-1].passed:
        return no(Why.THIN_DATA, conversions=conversions, conversions_min=policy.conversions_min)
    return None


def _plausible(count: ArmCounts) -> bool:
    values = (count.exposures, count.clicks, count.pending, count.approved, count.declined)
    return min(*values, count.pending_minor, count.approved_minor, count.square) >= 0


def _all(count: ArmCounts) -> int:
    return count.pending + count.approved + count.declined


def check(name: str, passed: bool, seen: float, limit: float) -> Check:
    return Check(name=name, passed=passed, seen=number(seen), limit=number(limit))


def ratio_of(periods: Sequence[Period]) -> float:
    """How probable a split at least this far from the shares is, over all allocations; the periods of one are taken
    together."""
    exposures: dict[int, dict[int, int]] = {}
    shares: dict[int, dict[int, int]] = {}
    for period in periods:
        ppm = shares.setdefault(period.allocation, {share.arm: share.propensity_ppm for share in period.shares})
        seen = exposures.setdefault(period.allocation, {})
        for count in period.arms:
            seen[count.arm] = seen.get(count.arm, 0) + count.exposures
            ppm.setdefault(count.arm, 0)
    return sample_ratio(
        [[exposures[allocation].get(arm, 0) for arm in ppm] for allocation, ppm in shares.items()],
        [list(ppm.values()) for ppm in shares.values()],
    )
