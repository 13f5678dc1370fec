"""A finding as an advice: what is to be seen since when, what would have been ordinary, what speaks for which cause,
and a letter to whoever can look."""

from __future__ import annotations

from typing import Final

from warum.domain.advice import Advice, Step, nothing_promised
from warum.domain.bots.watch.facts import WatchFacts, covering
from warum.domain.bots.watch.letters import letters
from warum.domain.decisions import Note, Origin, Unit
from warum.domain.explain.record import Explanation, Label, Number, Source, Statement, state
from warum.domain.watch import Code, Finding, Level
from warum.kernel.ids import private, public
from warum.kernel.period import HOUR_US, from_us

MODEL: Final = "watch-1"
_PPM: Final = 1_000_000
_days: Final = 7

_LOW: Final = frozenset({Code.TRACKING_DEAD, Code.LANDING_PAGE_BROKEN, Code.PRICE_EXPIRED, Code.CONVERSION_DROP})
"""Findings about bookings that do not come."""


def told(facts: WatchFacts, finding: Finding, made_by: Origin) -> Advice:
    subject = finding.of or public("program", facts.program)
    since_us = finding.since_us - facts.offset_us
    note = covering(facts, since_us)
    return Advice(
        program=facts.program,
        currency=facts.currency,
        made_at_us=facts.now_us,
        idea=finding.code.value,
        subject=subject,
        observations=max(1, finding.out_of, finding.seen, round(finding.expected)),
        headline=state(f"watch.{finding.code}.headline", subject_ref=subject),
        explanation=_explained(facts, finding, subject, since_us, note),
        expected=nothing_promised(_days),
        metric="",
        stake_minor=max(0, finding.lost_minor) + max(0, finding.daily_minor) * _days,
        steps=_steps(facts, finding, subject, note),
        origin=made_by,
    )


def _explained(facts: WatchFacts, finding: Finding, subject: str, since_us: int, note: Note | None) -> Explanation:
    return Explanation(
        inquiry="proposal",
        label=Label.ESTIMATE,
        verdict=finding.code.value,
        currency=facts.currency,
        claim=_claim(finding, subject),
        number=Number(name="watch_daily", value=finding.daily_minor, unit=Unit.MINOR)
        if finding.daily_minor > 0
        else None,
        reasons=(*_noted(note), *_reasons(facts, finding)),
        considered=(state(f"watch.considered.{_other(finding.code)}"),),
        would_change=(state("watch.would_change.recovers"), *_would_change(finding)),
        sureness=state("watch.sure", looks=30 * 24, chance_rate_ppm=_chance_ppm(finding)),
        limits=(state("watch.limits.counted", until_hour=_hour(facts.until_us + facts.offset_us)), *_limits(facts)),
        sources=(
            Source(
                table="conversion",
                from_us=since_us,
                until_us=max(since_us, facts.until_us),
                program=facts.program,
                publisher=private("publisher", subject),
            ),
        ),
    )


def _claim(finding: Finding, subject: str) -> Statement:
    common: dict[str, int | str] = {
        "subject_ref": subject,
        "since_hour": _hour(finding.since_us),
        "seen": finding.seen,
        "expected": _few(finding.expected),
        "low": finding.low,
        "high": finding.high,
    }
    if finding.code in _LOW:
        return state(f"watch.{finding.code}", **common, clicks=finding.out_of)
    if finding.code is Code.CANCELLATION_WAVE:
        share = finding.seen * _PPM // max(1, finding.out_of)
        usual = round(finding.expected * _PPM / max(1, finding.out_of))
        return state(f"watch.{finding.code}", **common, decided=finding.out_of, share_ppm=share, usual_ppm=usual)
    change = round((finding.seen / finding.expected - 1) * _PPM) if finding.expected > 0 else 0
    return state(f"watch.{finding.code}", **common, change_ppm=change)


def _reasons(facts: WatchFacts, finding: Finding) -> tuple[Statement, ...]:
    reasons = [state(f"watch.hint.{hint}") for hint in finding.hints]
    if finding.code in _LOW and facts.last_call_us is not None:
        reasons.append(state("watch.last_call", at_hour=_hour(facts.last_call_us + facts.offset_us)))
    if finding.lost_minor > 0:
        reasons.append(state("watch.lost", lost_minor=finding.lost_minor, daily_minor=max(0, finding.daily_minor)))
    reasons.append(state("watch.links", links=finding.links))
    return tuple(reasons)


def _noted(note: Note | None) -> tuple[Statement, ...]:
    return () if note is None else (state("watch.noted", author_ref=note.author, note=note.text),)


def _would_change(finding: Finding) -> tuple[Statement, ...]:
    """How few more would have been ordinary."""
    if finding.code in _LOW and finding.low > finding.seen:
        return (state("watch.would_change.more", more=finding.low - finding.seen),)
    return ()


def _limits(facts: WatchFacts) -> tuple[Statement, ...]:
    excluded = () if facts.goal is None else facts.goal.excluded
    return (state("watch.limits.excluded", excluded=len(excluded)),) if excluded else ()


def _steps(facts: WatchFacts, finding: Finding, subject: str, note: Note | None) -> tuple[Step, ...]:
    """A letter to whoever can look; none where a person has noted why it is so, and none about an attack."""
    if note is not None:
        return ()
    program = public("program", facts.program)
    if finding.code in (*_LOW, Code.CANCELLATION_WAVE) and finding.level is not Level.PUBLISHER:
        return letters(finding.code, _claim(finding, subject), facts.currency, program=program, publisher=None)
    if finding.code in (Code.PUBLISHER_IDLE, Code.TRAFFIC_DROP) and finding.level is Level.PUBLISHER:
        return letters(finding.code, _claim(finding, subject), facts.currency, program=program, publisher=subject)
    return ()


def _other(code: Code) -> str:
    """What else it could have been."""
    match code:
        case Code.TRACKING_DEAD | Code.LANDING_PAGE_BROKEN:
            return "chance"
        case Code.ATTACK:
            return "campaign"
        case Code.CANCELLATION_WAVE:
            return "policy"
        case _:
            return "season"


def _hour(local_us: int) -> str:
    return from_us(local_us - local_us % HOUR_US).strftime("%Y-%m-%dT%H:00")


def _few(number: float) -> str:
    return f"{number:.1f}" if number < 10 else str(round(number))


def _chance_ppm(finding: Finding) -> int:
    """The chance of it at one look; never told smaller than one in ten thousand."""
    return max(100, round(finding.p * _PPM))
