"""Proposals that are not shares of arms: something went wrong, somebody should be called, a rate should change.

An advice is an explanation, what doing nothing puts at stake, and steps. A step is an operation that a person could
perform by hand, with its input; approving performs all of them, or none. So a bot can propose whatever people can do,
nothing else, and whoever approves is the one who does it. An advice without steps asks people to look."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from warum.domain.decisions import Abstention, Expected, Origin, Proposal
from warum.domain.explain.record import Explanation, Statement
from warum.domain.packing import plain
from warum.kernel.canonical import Plain, canonical

LETTER: Final = "message.write"
"""The operation of a step that is the draft of a letter."""
SHARES: Final = "shares"
"""The idea of a proposal that is not an advice: other shares of arms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation, and its input as canonical JSON in the spelling of REST.

    Attributes:
        language: ``de`` or ``en`` of a draft that comes in both; whoever approves picks one. Empty: always performed.
    """

    operation: str
    input: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a bot advises.

    Attributes:
        idea: what kind of thing, such as ``tracking_dead``; one idea about one subject is asked once at a time.
        subject: public id of what it is about, such as ``pub_3``.
        observations: how many the evidence rests on; a declined idea comes back when there are half as many again.
        headline: one short sentence for lists; the claim of the explanation says it in full.
        expected: what following it is expected to bring within the horizon. All zero where nothing can be promised.
        metric: what tells whether the promise came true; empty where nothing is promised.
        stake_minor: what is at stake within the horizon, minor units; people see the greatest first.
    """

    program: int
    currency: str
    made_at_us: int
    idea: str
    subject: str
    observations: int
    headline: Statement
    explanation: Explanation
    expected: Expected
    metric: str
    stake_minor: int
    steps: tuple[Step, ...]
    origin: Origin


Answer: TypeAlias = Proposal | Advice | Abstention


def step(operation: str, **fields: Plain) -> Step:
    """A step; ids in ``fields`` are public ones."""
    return Step(operation=operation, input=canonical(fields).decode())


def letter(*, program: str, publisher: str | None, language: str, subject: str, body: str) -> Step:
    """The draft of a message to a publisher, or to the advertiser of a program (``publisher`` None)."""
    fields: dict[str, Plain] = {"program": program, "language": language, "subject": subject, "body": body}
    if publisher is not None:
        fields["publisher"] = publisher
    return replace(step(LETTER, **fields), language=language)


def fields_of(step: Step) -> Mapping[str, Plain]:
    """The input of a step."""
    return json.loads(step.input)


def nothing_promised(horizon_days: int) -> Expected:
    """For an advice that promises no amount."""
    return Expected(
        gain_minor=0,
        low_minor=0,
        high_minor=0,
        measured_low_minor=0,
        measured_high_minor=0,
        value_minor=0,
        exposures=0,
        horizon_days=horizon_days,
        least_minor=0,
        probability_ppm=0,
    )


def answer_bytes(answer: Answer) -> bytes:
    """Canonical bytes of what a bot said; what replay compares."""
    return canonical({"kind": type(answer).__name__.lower(), **plain(answer)})


def same_idea(answers: Sequence[Answer], idea: str, subject: str) -> Answer | None:
    """The answer with this idea about this subject."""
    return next(
        (one for one in answers if isinstance(one, Advice) and (one.idea, one.subject) == (idea, subject)), None
    )
