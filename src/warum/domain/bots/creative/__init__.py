"""The creative bot: which arms of an offer should be shown how often.

It compares what an exposure of each arm is worth by the objective and proposes the shares that bring most until the end
of what is planned for, learning included, never below the floor and never more than a step at once. It speaks only when
a gain is probable and worth somebody's minute; with equal arms it is quiet. All arms stay visible, so a
mistake shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warum.domain.bots.contract import ALLOCATION
from warum.domain.bots.creative.checks import data, shape
from warum.domain.bots.creative.facts import ArmCounts, CreativeFacts, Period
from warum.domain.bots.creative.judge import MODEL, judged
from warum.domain.bots.origin import origin
from warum.domain.decisions import Abstention, Check, Proposal

__all__ = ["BOT", "ArmCounts", "Creative", "CreativeFacts", "Period"]


@dataclass(frozen=True, slots=True)
class Creative:
    name: str = "creative"
    version: str = "2"
    touches: tuple[str, ...] = (ALLOCATION,)
    facts: type[object] = CreativeFacts

    def propose(self, facts: CreativeFacts, *, seed: int) -> Proposal | Abstention:
        checks: list[Check] = []
        made_by = origin(self, facts, model=MODEL, seed=seed)
        refused = shape(facts) or data(facts, checks)
        if refused is None:
            answer = judged(facts, checks, made_by)
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
            origin=made_by,
        )


BOT: Final = Creative()
