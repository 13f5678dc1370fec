"""From a flag to a decision: hold, answer, decide.

A flag suggests to hold the sales it names. A hold takes nothing, the sales stay pending, but it withholds income, and
so it is a person's act already. The publisher sees the evidence and may answer; then a person declines or releases,
with a reason. How often flags turned
out wrong is told for each publisher, since an average over all hides whom it hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from scipy import special

from warum.domain.quality.flags import Code, Flag
from warum.kernel.refusal import Kind, Refusal

hold_days_max: Final = 14
"""A hold that nobody decides ends by itself, in the publisher's favour."""
_day_us: Final = 86_400_000_000
_level: Final = 0.9


class State(StrEnum):
    """Where a case stands."""

    FLAGGED = "flagged"
    HELD = "held"
    RELEASED = "released"
    DECLINED = "declined"


class Actor(StrEnum):
    """Who acts."""

    BOT = "bot"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One flag on its way.

    Attributes:
        answer: what the publisher says to it; empty while it has said nothing.
        reason: why it was decided as it was; the publisher sees it.
        until_us: when a hold ends by itself.
    """

    flag: Flag
    state: State = State.FLAGGED
    answer: str = ""
    reason: str = ""
    until_us: int | None = None


def hold(case: Case, *, by: Actor, now_us: int) -> Case | Refusal:
    """A person's decision to keep the named sales pending, for 14 days at most."""
    if by is not Actor.PERSON:
        return Refusal("needs_person", "Whatever may cost income is decided by a person.", kind=Kind.FORBIDDEN)
    if case.state is not State.FLAGGED:
        return Refusal("case_not_open", "These sales are held or decided already.", kind=Kind.CONFLICT)
    return replace(case, state=State.HELD, until_us=now_us + hold_days_max * _day_us)


def answer(case: Case, text: str) -> Case | Refusal:
    """The publisher's own explanation, as long as nothing is decided."""
    if case.state not in (State.FLAGGED, State.HELD):
        return Refusal("case_not_open", "This is decided already; contest the decision.", kind=Kind.CONFLICT)
    if not text.strip():
        return Refusal("answer_missing", "Say in a sentence or two how these sales came about.", "answer")
    return replace(case, answer=text.strip())


def decide(case: Case, *, decline: bool, reason: str, by: Actor) -> Case | Refusal:
    """A person's decision about the sales; the reason goes to the publisher, who may contest it."""
    if by is not Actor.PERSON:
        return Refusal("needs_person", "Whatever may cost income is decided by a person.", kind=Kind.FORBIDDEN)
    if case.state not in (State.FLAGGED, State.HELD):
        return Refusal("case_not_open", "This is decided already; contest the decision.", kind=Kind.CONFLICT)
    if not reason.strip():
        return Refusal("reason_missing", "Give a reason; the publisher sees it.", "reason")
    return replace(case, state=State.DECLINED if decline else State.RELEASED, reason=reason.strip(), until_us=None)


def lapse(case: Case, *, now_us: int) -> Case:
    """Release a hold whose time is over; any other case is left as it is."""
    over = case.state is State.HELD and case.until_us is not None and now_us >= case.until_us
    return replace(case, state=State.RELEASED, until_us=None) if over else case


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePositives:
    """How often flags were wrong: decided cases, those released, and the rate with its 90 % interval."""

    publisher: int
    decided: int
    released: int
    low: float
    high: float


def false_positives(cases: Sequence[Case], *, code: Code | None = None) -> tuple[FalsePositives, ...]:
    """By publisher, of all signals or of one. Jeffreys' interval, which is honest with one or two cases."""
    decided = [
        case
        for case in cases
        if case.state in (State.RELEASED, State.DECLINED) and (code is None or case.flag.code is code)
    ]
    answer: list[FalsePositives] = []
    for publisher in sorted({case.flag.publisher for case in decided}):
        own = [case for case in decided if case.flag.publisher == publisher]
        released = sum(1 for case in own if case.state is State.RELEASED)
        low, high = (
            float(special.betaincinv(released + 0.5, len(own) - released + 0.5, side))
            for side in ((1 - _level) / 2, (1 + _level) / 2)
        )
        answer.append(
            FalsePositives(
                publisher=publisher,
                decided=len(own),
                released=released,
                low=low if released else 0.0,
                high=high if released < len(own) else 1.0,
            )
        )
    return tuple(answer)
