"""What would be better, and by how much: from the facts to a proposal, or to the reason why there is none."""

from __future__ import annotations

from typing import Final

import numpy as np

from warum.domain.bots.contract import ALLOCATION
from warum.domain.bots.creative import checks as checking
from warum.domain.bots.creative.cells import aged, cells_of
from warum.domain.bots.creative.checks import No, no
from warum.domain.bots.creative.facts import CreativeFacts
from warum.domain.bots.creative.gain import Gain, acts_alone, exposures_expected, gain_of, measured, required_ppm
from warum.domain.bots.creative.tell import considered, evidence, shares_of, what_if
from warum.domain.bots.creative.wishes import best_of, wished
from warum.domain.bots.why import Why
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Change, Check, Expected, Origin, Parameter, Proposal
from warum.domain.earlier import Lesson
from warum.domain.packing import number
from warum.domain.samples import chi_square_tail
from warum.domain.worth import Cells, Worth, lesson, worth

MODEL: Final = "relative-rates/2"

_draws: Final = 4_000  # half of them choose, the other half judge the choice
_stable_probability_min: Final = 0.001


def judged(facts: CreativeFacts, checks: list[Check], origin: Origin) -> Proposal | No:
    policy, arms = facts.policy, [share.arm for share in facts.shares]
    counted = cells_of(facts)
    cells, retention = aged(counted, facts)
    exposures = exposures_expected(facts)
    posterior = worth(cells, facts.earlier, policy.objective)
    if posterior is None or not exposures:
        return no(Why.NO_VALUE)
    rng = np.random.default_rng(origin.seed)
    choosing, judging = posterior.draws(rng, _draws // 2), posterior.draws(rng, _draws // 2)
    if not (np.isfinite(choosing.value).all() and np.isfinite(judging.value).all()):
        return no(Why.NOT_COMPUTABLE)
    checks.append(_stable(cells, posterior))

    before, best = [share.propensity_ppm for share in facts.shares], best_of(choosing.value)
    after = wished(choosing, before, facts, exposures, seen=float(cells.exposures.sum()))
    if after is None:
        return no(Why.STEP_TOO_SMALL, step_ppm=policy.step_ppm, floor_ppm=policy.floor_ppm)
    gain = gain_of(judging, before, after, exposures)
    moved = sum(abs(new - old) for old, new in zip(before, after, strict=True)) / 2 / PROPENSITY_ONE
    if not gain.stands(facts) and not (acts_alone(facts) and gain.steers(facts, moved)):
        return _not_worth_it(facts, gain)
    found = measured(judging, before, after, exposures, rng)
    return Proposal(
        program=facts.program,
        currency=facts.currency,
        made_at_us=facts.now_us,
        change=Change(touches=ALLOCATION, subject=facts.offer, before=facts.shares, after=shares_of(arms, after)),
        expected=Expected(
            gain_minor=gain.mean,
            low_minor=gain.quantile(0.05),
            high_minor=gain.quantile(0.95),
            measured_low_minor=round(float(np.quantile(found, 0.05))),
            measured_high_minor=round(float(np.quantile(found, 0.95))),
            value_minor=round(gain.now),
            exposures=exposures,
            horizon_days=policy.horizon_days,
            least_minor=gain.least(policy),
            probability_ppm=gain.probability_ppm(gain.least(policy)),
        ),
        stake_minor=round(gain.now * moved),
        evidence=evidence(facts, counted, judging, best),
        method=_method(facts, retention),
        checks=tuple(checks),
        considered=considered(facts, judging, before, exposures),
        counterfactuals=what_if(facts, cells, before, after, exposures, origin.seed),
        origin=origin,
    )


def lesson_of(facts: CreativeFacts, *, conversions_min: int) -> Lesson | None:
    """What the campaign teaches about how much arms differ; None where it is too thin or its data are in doubt."""
    if checking.shape(facts) or checking.data(facts, []) or facts.context:
        return None
    cells = cells_of(facts)
    found = worth(cells, facts.earlier)
    return None if found is None or cells.conversions.sum() < conversions_min else lesson(found)


def _not_worth_it(facts: CreativeFacts, gain: Gain) -> No:
    least, required = gain.least(facts.policy), required_ppm(facts)
    why = Why.NO_ARM_BETTER if gain.probability_ppm(1) < required else Why.GAIN_SMALL
    return no(
        why,
        gain_minor=gain.mean,
        least_minor=least,
        probability_ppm=gain.probability_ppm(least),
        probability_ppm_min=required,
    )


def _method(facts: CreativeFacts, retention: float) -> tuple[Parameter, ...]:
    policy = facts.policy
    return (
        Parameter(name="model", value=MODEL),
        Parameter(name="objective", value=policy.objective.value),
        Parameter(name="draws", value=str(_draws)),
        Parameter(name="campaigns_earlier", value=str(facts.earlier.campaigns)),
        Parameter(name="retention_day", value=number(retention)),
        Parameter(name="floor_ppm", value=str(policy.floor_ppm)),
        Parameter(name="step_ppm", value=str(policy.step_ppm)),
        Parameter(name="probability_ppm_min", value=str(required_ppm(facts))),
    )


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
    return checking.check("effect_stable", probability >= _stable_probability_min, probability, _stable_probability_min)
