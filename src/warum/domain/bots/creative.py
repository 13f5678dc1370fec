"""The creative bot: which arms of an offer should be shown how often.

It compares what an exposure of each arm is worth in approved value and proposes shares that follow how probable it is
that an arm is the best one, never below the floor and never more than a step at once. It speaks only when a gain is
probable and worth somebody's minute; with equal arms it is quiet. All arms stay visible, so a mistake shows itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from warum.domain.allocations import toward
from warum.domain.bots.contract import ALLOCATION
from warum.domain.bots.origin import origin
from warum.domain.bots.why import Why
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import (
    Abstention,
    Alternative,
    ArmShare,
    Change,
    Check,
    Counterfactual,
    Evidence,
    Expected,
    Goal,
    Note,
    Parameter,
    Policy,
    Proposal,
    Rows,
    Shares,
    Unit,
)
from warum.domain.packing import Wide, number
from warum.domain.samples import chi_square_tail, sample_ratio
from warum.domain.shrinkage import Floats
from warum.domain.worth import Cells, Draws, Worth, worth
from warum.kernel.period import DAY_US, HOUR_US

_MODEL: Final = "relative-rates/1"
_draws: Final = 4_000  # half of them choose, the other half judge the choice
_draws_what_if: Final = 1_000
_sharpness: Final = 4.0
"""Shares follow the probability of being best to this power."""
_required_ppm_next: Final = 800_000
"""How sure a gain has to be for a step that follows an approved one. That the arms differ at all is then no longer the
question, and a limit of steps may have left a part of the way."""
_level_days: Final = 28
_ratio_probability_min: Final = 0.001
_stable_probability_min: Final = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """One arm in one period, by the time of exposure.

    Attributes:
        exposures: impressions, or clicks that can be credited where the arm is drawn at the click.
        clicks: equal to the exposures where the arm is drawn at the click.
        pending, approved, declined: conversions of these exposures as they stand now.
        pending_minor, approved_minor: their retained amounts.
        square: sum of the squares of the retained amounts of both.
    """

    arm: int
    exposures: int
    clicks: int
    pending: int
    approved: int
    declined: int
    pending_minor: int
    approved_minor: int
    square: Wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day, or the part of a day during which one allocation was in force."""

    from_us: int
    until_us: int
    allocation: int
    shares: Shares
    arms: tuple[ArmCounts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeFacts:
    """What the bot knows of one offer.

    Attributes:
        drawn_at: ``impression`` or ``click``, whichever the arm is drawn at.
        now_us: when the facts were taken.
        shares: the allocation in force.
        periods: in the order of time; at most the last 90 days are of use.
        lags: conversions of the program by whole days between exposure and booking, the last entry open to the right;
            empty when nobody knows.
        steered: whether the allocation in force stems from an approved proposal of this bot.
        context: of the offer, as in ``domain.contexts``; empty for the offer as a whole.
    """

    program: int
    offer: int
    currency: str
    drawn_at: str
    now_us: int
    allocation: int
    shares: Shares
    periods: tuple[Period, ...]
    lags: tuple[int, ...]
    policy: Policy
    goal: Goal | None = None
    notes: tuple[Note, ...] = ()
    steered: bool = False
    context: str = ""


@dataclass(frozen=True, slots=True)
class Creative:
    name: str = "creative"
    version: str = "2"
    touches: tuple[str, ...] = (ALLOCATION,)
    facts: type[object] = CreativeFacts

    def propose(self, facts: CreativeFacts, *, seed: int) -> Proposal | Abstention:
        checks: list[Check] = []
        refused = _shape(facts) or _data(facts, checks)
        if refused is None:
            answer = _judged(self, facts, checks, seed)
            if isinstance(answer, Proposal):
                return answer
            refused = answer
        why, parameters = refused
        return Abstention(
            program=facts.program,
            currency=facts.currency,
            made_at_us=facts.now_us,
            code=why.value,
            parameters=parameters,
            checks=tuple(checks),
            origin=origin(self, facts, model=_MODEL, seed=seed),
        )


BOT: Final = Creative()

_No: TypeAlias = tuple[Why, tuple[Parameter, ...]]


def _no(why: Why, **parameters: int | str) -> _No:
    return why, tuple(Parameter(name=name, value=str(value)) for name, value in parameters.items())


# May it be judged? --------------------------------------------------------------------------------------------------


def _shape(facts: CreativeFacts) -> _No | None:
    """What makes the question itself senseless, whatever the data."""
    arms, policy, goal = [share.arm for share in facts.shares], facts.policy, facts.goal
    if len(set(arms)) < len(arms) or sum(share.propensity_ppm for share in facts.shares) != PROPENSITY_ONE:
        return _no(Why.ALLOCATION_BROKEN)
    if len(arms) < 2:
        return _no(Why.ONE_ARM)
    if len(arms) * policy.floor_ppm > PROPENSITY_ONE:
        return _no(Why.FLOOR_TOO_HIGH, arms=len(arms), floor_ppm=policy.floor_ppm)
    begun = goal is None or goal.starts_us is None or goal.starts_us <= facts.now_us
    over = goal is not None and goal.ends_us is not None and goal.ends_us <= facts.now_us
    return None if begun and not over else _no(Why.OUTSIDE_GOAL)


def _data(facts: CreativeFacts, checks: list[Check]) -> _No | None:
    """The checks of the data in a fixed order; the first that fails is the reason."""
    policy, periods = facts.policy, facts.periods
    counts = [counts for period in periods for counts in period.arms]
    plausible = all(_plausible(count) for count in counts) and all(
        period.from_us < period.until_us for period in periods
    )
    checks.append(Check(name="counts_plausible", passed=plausible, seen="", limit=""))
    if not plausible:
        return _no(Why.DATA_BROKEN)
    exposures = sum(count.exposures for count in counts)
    if not exposures:
        return _no(Why.NO_EXPOSURES)

    ratio = _sample_ratio(facts)
    checks.append(_check("sample_ratio", ratio >= _ratio_probability_min, ratio, _ratio_probability_min))
    if not checks[-1].passed:
        return _no(Why.SAMPLE_RATIO_BROKEN, probability=number(ratio))

    hours = max(0, facts.now_us - max(period.until_us for period in periods)) // HOUR_US
    checks.append(_check("data_age_hours", hours <= policy.age_hours_max, hours, policy.age_hours_max))
    if not checks[-1].passed:
        return _no(Why.DATA_TOO_OLD, hours=hours, hours_max=policy.age_hours_max)

    # Thin data comes last: what is broken or old does not heal by waiting.
    days = sum(period.until_us - period.from_us for period in periods) // DAY_US
    checks.append(_check("days", days >= policy.days_min, days, policy.days_min))
    if not checks[-1].passed:
        return _no(Why.TOO_EARLY, days=days, days_min=policy.days_min)
    conversions = sum(_all(count) for count in counts)
    checks.append(_check("conversions", conversions >= policy.conversions_min, conversions, policy.conversions_min))
    if not checks[-1].passed:
        return _no(Why.THIN_DATA, conversions=conversions, conversions_min=policy.conversions_min)
    return None


def _plausible(count: ArmCounts) -> bool:
    values = (count.exposures, count.clicks, count.pending, count.approved, count.declined)
    return min(*values, count.pending_minor, count.approved_minor, count.square) >= 0


def _all(count: ArmCounts) -> int:
    return count.pending + count.approved + count.declined


def _check(name: str, passed: bool, seen: float, limit: float) -> Check:
    return Check(name=name, passed=passed, seen=number(seen), limit=number(limit))


def _sample_ratio(facts: CreativeFacts) -> float:
    """Over all allocations of the data; the periods of one are taken together."""
    exposures: dict[int, dict[int, int]] = {}
    shares: dict[int, dict[int, int]] = {}
    for period in facts.periods:
        ppm = shares.setdefault(period.allocation, {share.arm: share.propensity_ppm for share in period.shares})
        seen = exposures.setdefault(period.allocation, {})
        for count in period.arms:
            seen[count.arm] = seen.get(count.arm, 0) + count.exposures
            ppm.setdefault(count.arm, 0)
    return sample_ratio(
        [[exposures[allocation].get(arm, 0) for arm in ppm] for allocation, ppm in shares.items()],
        [list(ppm.values()) for ppm in shares.values()],
    )


# What would be better? ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gain:
    """Draws of the gain of an allocation over the horizon, minor units."""

    true: Floats
    now: float

    @property
    def mean(self) -> int:
        return round(float(self.true.mean()))

    def probability_ppm(self, least_minor: int) -> int:
        """That the gain is at least this large."""
        return int((self.true >= least_minor).mean() * PROPENSITY_ONE)

    def quantile(self, share: float) -> int:
        return round(float(np.quantile(self.true, share)))

    def least(self, policy: Policy) -> int:
        """The smallest gain that is worth somebody's minute."""
        return max(policy.gain_minor_min, round(self.now * policy.gain_ppm_min / PROPENSITY_ONE), 1)

    def stands(self, facts: CreativeFacts) -> bool:
        return self.probability_ppm(self.least(facts.policy)) >= _required(facts)


def _judged(bot: Creative, facts: CreativeFacts, checks: list[Check], seed: int) -> Proposal | _No:
    policy, arms = facts.policy, [share.arm for share in facts.shares]
    cells = _cells(facts)
    exposures = _exposures_expected(facts)
    posterior = worth(cells)
    if posterior is None or not exposures:
        return _no(Why.NO_VALUE)
    rng = np.random.default_rng(seed)
    choosing, judging = posterior.draws(rng, _draws // 2), posterior.draws(rng, _draws // 2)
    if not (np.isfinite(choosing.value).all() and np.isfinite(judging.value).all()):
        return _no(Why.NOT_COMPUTABLE)
    checks.append(_stable(cells, posterior))

    before, best = [share.propensity_ppm for share in facts.shares], _best(choosing.value)
    after = _wished(best, before, policy)
    if after is None:
        return _no(Why.STEP_TOO_SMALL, step_ppm=policy.step_ppm, floor_ppm=policy.floor_ppm)
    gain = _gain(judging, before, after, exposures)
    if not gain.stands(facts):
        return _not_worth_it(facts, gain)

    moved = sum(abs(new - old) for old, new in zip(before, after, strict=True)) / 2 / PROPENSITY_ONE
    measured = _measured(judging, before, after, exposures, rng)
    return Proposal(
        program=facts.program,
        currency=facts.currency,
        made_at_us=facts.now_us,
        change=Change(touches=ALLOCATION, subject=facts.offer, before=facts.shares, after=_shares(arms, after)),
        expected=Expected(
            gain_minor=gain.mean,
            low_minor=gain.quantile(0.05),
            high_minor=gain.quantile(0.95),
            measured_low_minor=round(float(np.quantile(measured, 0.05))),
            measured_high_minor=round(float(np.quantile(measured, 0.95))),
            value_minor=round(gain.now),
            exposures=exposures,
            horizon_days=policy.horizon_days,
            least_minor=gain.least(policy),
            probability_ppm=gain.probability_ppm(gain.least(policy)),
        ),
        stake_minor=round(gain.now * moved),
        evidence=_evidence(facts, cells, judging, best),
        method=_method(facts),
        checks=tuple(checks),
        considered=_considered(facts, judging, before, exposures),
        counterfactuals=_what_if(facts, cells, before, after, exposures, seed),
        origin=origin(bot, facts, model=_MODEL, seed=seed),
    )


def _required(facts: CreativeFacts) -> int:
    """How sure a gain that matters has to be, ppm."""
    required = facts.policy.probability_ppm_min
    return min(required, _required_ppm_next) if facts.steered else required


def _wished(best: Floats, before: Sequence[int], policy: Policy) -> tuple[int, ...] | None:
    sharpened = best**_sharpness / (best**_sharpness).sum()
    floor = policy.floor_ppm / PROPENSITY_ONE
    wished = [floor + (1.0 - len(before) * floor) * float(share) for share in sharpened]
    return toward(before, wished, floor_ppm=policy.floor_ppm, step_ppm=policy.step_ppm)


def _not_worth_it(facts: CreativeFacts, gain: _Gain) -> _No:
    least, required = gain.least(facts.policy), _required(facts)
    why = Why.NO_ARM_BETTER if gain.probability_ppm(1) < required else Why.GAIN_SMALL
    return _no(
        why,
        gain_minor=gain.mean,
        least_minor=least,
        probability_ppm=gain.probability_ppm(least),
        probability_ppm_min=required,
    )


def _cells(facts: CreativeFacts) -> Cells:
    """The counts of the arms in force, a stratum per period; arms that are no longer drawn are left out."""
    place = {share.arm: index for index, share in enumerate(facts.shares)}
    names = ("exposures", "clicks", "pending", "approved", "declined", "pending_minor", "approved_minor", "square")
    table = {name: np.zeros((len(facts.periods), len(place))) for name in names}
    for row, period in enumerate(facts.periods):
        for count in period.arms:
            if count.arm in place:
                for name in names:
                    table[name][row, place[count.arm]] += getattr(count, name)
    oldest = facts.now_us - _level_days * DAY_US
    return Cells(
        exposures=table["exposures"],
        clicks=table["clicks"] if facts.drawn_at == "impression" else None,
        conversions=table["pending"] + table["approved"] + table["declined"],
        pending=table["pending"],
        declined=table["declined"],
        value=table["pending_minor"] + table["approved_minor"],
        square=table["square"],
        complete=np.array([_complete(facts, period) for period in facts.periods]),
        level=np.array([float(period.until_us > oldest and not _noted(facts, period)) for period in facts.periods]),
    )


def _complete(facts: CreativeFacts, period: Period) -> float:
    """The share of a period's conversions that has come in by now, by the delays seen so far."""
    total = sum(facts.lags)
    if not total:
        return 1.0
    age = max(0.0, (facts.now_us - (period.from_us + period.until_us) / 2) / DAY_US)
    whole = min(int(age), len(facts.lags))
    partly = (age - whole) * facts.lags[whole] if whole < len(facts.lags) else 0.0
    return max((sum(facts.lags[:whole]) + partly) / total, 0.02)


def _noted(facts: CreativeFacts, period: Period) -> bool:
    """Whether a person said that something was unusual then: such days still compare arms, but tell no level."""
    return any(
        (note.starts_us is not None or note.ends_us is not None)
        and (note.starts_us is None or note.starts_us < period.until_us)
        and (note.ends_us is None or note.ends_us > period.from_us)
        for note in facts.notes
    )


def _exposures_expected(facts: CreativeFacts) -> int:
    """As many a day as in the last whole horizon."""
    since = max(period.until_us for period in facts.periods) - facts.policy.horizon_days * DAY_US
    recent = [period for period in facts.periods if period.from_us >= since] or list(facts.periods)
    length = sum(period.until_us - period.from_us for period in recent)
    total = sum(count.exposures for period in recent for count in period.arms)
    return total * facts.policy.horizon_days * DAY_US // length


def _best(values: Floats) -> Floats:
    """How probable it is that each arm is the best."""
    return np.bincount(values.argmax(axis=1), minlength=values.shape[1]) / len(values)


def _gain(draws: Draws, before: Sequence[int], after: Sequence[int], exposures: int) -> _Gain:
    now = draws.value @ np.array(before) * (exposures / PROPENSITY_ONE)
    moved = (np.array(after) - np.array(before)) / PROPENSITY_ONE
    return _Gain(draws.value @ moved * exposures, float(now.mean()))


def _measured(
    draws: Draws, before: Sequence[int], after: Sequence[int], exposures: int, rng: np.random.Generator
) -> Floats:
    """Draws of the gain as ``samples.measure`` will find it: every conversion and its amount are chance, too."""
    moved = (np.array(after) - np.array(before)) / PROPENSITY_ONE
    shown = np.maximum(rng.poisson(exposures * np.array(after) / PROPENSITY_ONE, size=draws.kept.shape), 1)
    kept = rng.poisson(shown * draws.kept)
    # Amounts as gamma variables: the sum of n of them is a gamma variable again.
    sums = rng.gamma(kept / draws.variation) * draws.variation * draws.amount
    return (sums / shown) @ moved * exposures


def _stable(cells: Cells, posterior: Worth) -> Check:
    """Whether the arms compare alike in the first and the second half of the data. A failure does not stop a proposal
    (its promise is short), but whoever decides should see it."""
    rate = posterior.convert.mean()
    weights = (cells.exposures if cells.clicks is None else np.maximum(cells.clicks, cells.conversions)) * rate
    totals = weights.sum(axis=1, keepdims=True)
    expected = cells.conversions.sum(axis=1, keepdims=True) * np.divide(
        weights, totals, out=np.zeros_like(weights), where=totals > 0
    )
    sofar = expected.sum(axis=1).cumsum()
    half = int((sofar < expected.sum() / 2).sum()) + 1
    distance, freedom = 0.0, 0
    for part in (slice(None, half), slice(half, None)):
        seen, mean = cells.conversions[part].sum(axis=0), expected[part].sum(axis=0)
        enough = mean >= 5
        distance += float(((seen - mean)[enough] ** 2 / mean[enough]).sum())
        freedom += int(enough.sum())
    probability = chi_square_tail(distance, freedom - cells.conversions.shape[1])
    return _check("effect_stable", probability >= _stable_probability_min, probability, _stable_probability_min)


# What to say about it -----------------------------------------------------------------------------------------------


def _shares(arms: Sequence[int], ppm: Sequence[int]) -> Shares:
    return tuple(ArmShare(arm=arm, propensity_ppm=share) for arm, share in zip(arms, ppm, strict=True))


def _method(facts: CreativeFacts) -> tuple[Parameter, ...]:
    policy = facts.policy
    return (
        Parameter(name="model", value=_MODEL),
        Parameter(name="draws", value=str(_draws)),
        Parameter(name="sharpness", value=number(_sharpness)),
        Parameter(name="floor_ppm", value=str(policy.floor_ppm)),
        Parameter(name="step_ppm", value=str(policy.step_ppm)),
        Parameter(name="probability_ppm_min", value=str(_required(facts))),
    )


def _evidence(facts: CreativeFacts, cells: Cells, draws: Draws, best: Floats) -> tuple[Evidence, ...]:
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


def _considered(facts: CreativeFacts, draws: Draws, before: Sequence[int], exposures: int) -> tuple[Alternative, ...]:
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
        gain = _gain(draws, before, after, exposures)
        lines.append(
            Alternative(
                name=name,
                after=_shares(arms, after),
                gain_minor=gain.mean,
                low_minor=gain.quantile(0.05),
                high_minor=gain.quantile(0.95),
                why_not=why_not,
            )
        )
    return tuple(lines)


def _what_if(
    facts: CreativeFacts, cells: Cells, before: Sequence[int], after: Sequence[int], exposures: int, seed: int
) -> tuple[Counterfactual, ...]:
    """How many conversions fewer the arm that wins most would have needed, and how many more the arm that loses most,
    for this proposal not to be made."""
    moved = np.array(after) - np.array(before)
    lines: list[Counterfactual] = []
    for code, index, sign in (("leader_fewer", int(moved.argmax()), -1), ("loser_more", int(moved.argmin()), 1)):
        had = round(float(cells.conversions[:, index].sum()))
        low, high = 0, had
        if not had or _would_stand(facts, _scaled(cells, index, 1.0 + sign), before, after, exposures, seed):
            continue
        while high - low > max(1, had // 64):
            middle = (low + high) // 2
            stands = _would_stand(
                facts, _scaled(cells, index, 1.0 + sign * middle / had), before, after, exposures, seed
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
    posterior = worth(cells)
    if posterior is None:
        return False
    draws = posterior.draws(np.random.default_rng(seed), _draws_what_if)
    return _gain(draws, before, after, exposures).stands(facts)


def _scaled(cells: Cells, index: int, by: float) -> Cells:
    """The cells, had this arm had ``by`` times its conversions."""
    factor = np.ones(cells.conversions.shape[1])
    factor[index] = by
    return Cells(
        exposures=cells.exposures,
        clicks=cells.clicks,
        conversions=cells.conversions * factor,
        pending=cells.pending * factor,
        declined=cells.declined * factor,
        value=cells.value * factor,
        square=cells.square * factor,
        complete=cells.complete,
        level=cells.level,
    )
