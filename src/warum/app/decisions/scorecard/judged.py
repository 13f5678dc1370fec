"""From stored promises to what they say about the bot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from warum.app.border import moment, money
from warum.app.decisions.scorecard import sentences
from warum.app.decisions.scorecard.shapes import (
    AmountsOut,
    BinOut,
    JudgementOut,
    PeopleOut,
    ProbabilityOut,
    RatioOut,
    ReasonOut,
    ShareOut,
    SumOut,
    TrendOut,
    VerdictOut,
)
from warum.domain.calibration import amounts, judge, people, probability
from warum.domain.calibration.codes import Basis, Override
from warum.domain.calibration.promise import Kept
from warum.domain.calibration.shares import Share
from warum.kernel.period import DAY_US, SECOND_US, utc_day
from warum.kernel.refusal import Refusal
from warum.ports.decisions import Promise, State

_LATELY_US: Final = 28 * DAY_US
_BASES: Final = {State.SHADOW: Basis.SHADOW, State.DECLINED: Basis.DECLINED}
_digits: Final = 4


def judgement(
    promises: Sequence[Promise], *, judged_by: Collection[State], now_us: int, left_out: bool
) -> JudgementOut:
    """Of one bot.

    Args:
        judged_by: the states whose outcomes count for or against it.
    """
    final = [(one.state, kept) for one in promises if (kept := _kept(one)) is not None]
    kept = sorted((kept for state, kept in final if state in judged_by), key=lambda one: one.final_at_us)
    covered, told = judge.coverage(kept), probability.probabilities(kept)
    return JudgementOut(
        verdict=_verdict(kept),
        coverage=None if isinstance(covered, Refusal) else _share(covered),
        probability=None if isinstance(told, Refusal) else _probability(told),
        amounts=tuple(_amounts(one) for one in amounts.amounts([kept for _, kept in final])),
        people=_people(people.people([answered for one in promises if (answered := _answered(one)) is not None])),
        trend=_trend(judge.trend(kept, since_us=now_us - _LATELY_US)),
        due_at=moment(
            min((due for one in promises if one.state in judged_by and (due := _due_us(one)) is not None), default=None)
        ),
        read=len(promises),
        left_out=left_out,
    )


def _kept(one: Promise) -> Kept | None:
    """None while it is open, or where the bytes of the proposal cannot be read."""
    outcome = one.outcome
    if outcome is None or not one.final or one.least_minor is None or one.exposures is None:
        return None
    return Kept(
        basis=_BASES.get(one.state, Basis.APPLIED),
        currency=one.currency,
        held=outcome.held,
        gain_minor=outcome.gain_minor,
        low_minor=outcome.low_minor,
        high_minor=outcome.high_minor,
        promised_minor=outcome.promised_minor,
        promised_low_minor=outcome.promised_low_minor,
        promised_high_minor=outcome.promised_high_minor,
        expected_minor=one.gain_minor,
        known_low_minor=one.low_minor,
        least_minor=one.least_minor,
        exposures=outcome.exposures,
        exposures_expected=one.exposures,
        probability_ppm=one.probability_ppm,
        final_at_us=one.measured_at_us or 0,
    )


def _answered(one: Promise) -> people.Answered | None:
    """None where no person had a hand in it."""
    waited_us = None if one.answered_at_us is None else max(one.answered_at_us - one.made_at_us, 0)
    if one.reason is not None:
        override = Override.DECLINED
    elif one.undone:
        override = Override.UNDONE
    elif one.changed:
        override = Override.CHANGED
    elif waited_us is None:
        return None
    else:
        override = None
    return people.Answered(override=override, reason=one.reason, waited_us=waited_us)


def _due_us(one: Promise) -> int | None:
    """When its exposures are all there; its conversions are decided later."""
    if one.horizon_days is None or one.final:
        return None
    begun_us = one.applied_at_us if one.applied_at_us is not None else (utc_day(one.made_at_us) + 1) * DAY_US
    return begun_us + one.horizon_days * DAY_US


def _verdict(kept: Sequence[Kept]) -> VerdictOut:
    found = judge.judge(kept)
    if isinstance(found, Refusal):
        return VerdictOut(
            code="too_few",
            outcomes=len(kept),
            position=None,
            distance=None,
            p_value=None,
            words=sentences.too_few(len(kept)),
        )
    return VerdictOut(
        code=found.verdict,
        outcomes=found.outcomes,
        position=_text(found.position),
        distance=_text(found.distance),
        p_value=f"{found.p_value:.2g}",
        words=sentences.verdict(found.verdict),
    )


def _probability(found: probability.Probabilities) -> ProbabilityOut:
    return ProbabilityOut(
        stated=_text(found.stated),
        expected=_text(found.expected),
        came=_share(found.came),
        bins=tuple(
            BinOut(stated=_text(one.stated), expected=_text(one.expected), came=_share(one.came)) for one in found.bins
        ),
        brier=_text(found.brier),
        unreliable=_text(found.unreliable),
        telling=_text(found.telling),
        uncertain=_text(found.uncertain),
        within=_text(found.within),
        words=sentences.probability(found),
    )


def _amounts(found: amounts.Amounts) -> AmountsOut:
    def total(one: amounts.Sum) -> SumOut:
        return SumOut(
            count=one.count,
            gain=money(one.gain_minor, found.currency),
            low=money(one.low_minor, found.currency),
            high=money(one.high_minor, found.currency),
        )

    told = found.ratio
    return AmountsOut(
        basis=found.basis,
        promised=money(found.promised_minor, found.currency),
        total=total(found.total),
        won=total(found.won),
        lost=total(found.lost),
        ratio=None
        if isinstance(told, Refusal)
        else RatioOut(ratio=_text(told.ratio), low=_text(told.low), high=_text(told.high)),
        words=sentences.ratio(found),
    )


def _people(found: people.People) -> PeopleOut:
    return PeopleOut(
        overridden=None if found.overridden is None else _share(found.overridden),
        reasons=tuple(
            ReasonOut(override=one.override, reason=one.reason, count=one.count, words=sentences.override(one))
            for one in found.reasons
        ),
        seconds_to_decide=None if found.waited_us is None else found.waited_us // SECOND_US,
    )


def _trend(found: judge.Trend) -> TrendOut:
    return TrendOut(
        lately=found.lately,
        recent=None if found.recent is None else _share(found.recent),
        before=None if found.before is None else _share(found.before),
        words=sentences.trend(found),
    )


def _share(found: Share) -> ShareOut:
    return ShareOut(
        count=found.count, of=found.of, share=_text(found.share), low=_text(found.low), high=_text(found.high)
    )


def _text(value: float) -> str:
    """As other shares are told: text, without more digits than it deserves."""
    text = f"{value:.{_digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
