"""The watch: what has gone wrong in a program, few findings, the dearest first, with a letter where one helps.

It judges with ``domain.watch``, which knows what would have been ordinary. What a person's note covers is told with the
note and without a letter; partners whom the goal excludes are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warum.domain.advice import LETTER, Advice
from warum.domain.bots.origin import origin
from warum.domain.bots.watch.facts import HourCounts, WatchFacts, traffic
from warum.domain.bots.watch.tell import MODEL, told
from warum.domain.decisions import Abstention
from warum.domain.watch import Level, watch
from warum.kernel.ids import private
from warum.kernel.refusal import Refusal

__all__ = ["BOT", "HourCounts", "Watch", "WatchFacts"]

looks_a_month: Final = 30 * 24


@dataclass(frozen=True, slots=True)
class Watch:
    name: str = "watch"
    version: str = "1"
    touches: tuple[str, ...] = (LETTER,)
    facts: type[object] = WatchFacts
    every_hours: int = 1

    def advise(self, facts: WatchFacts, *, seed: int) -> tuple[Advice, ...] | Abstention:
        made_by = origin(self, facts, model=MODEL, seed=seed)
        goal = facts.goal
        over = goal is not None and goal.ends_us is not None and goal.ends_us <= facts.now_us
        if over or not facts.counts:
            return ()
        try:
            seen = watch(traffic(facts), looks=looks_a_month)
        except ValueError:
            seen = Refusal(code="shape_wrong", message="")
        if isinstance(seen, Refusal):
            return Abstention(
                program=facts.program,
                currency=facts.currency,
                made_at_us=facts.now_us,
                code=f"watch.refused.{seen.code}",
                parameters=(),
                checks=(),
                origin=made_by,
            )
        excluded = frozenset(() if goal is None else goal.excluded)
        return tuple(
            told(facts, finding, made_by)
            for finding in seen.findings
            if not (finding.level is Level.PUBLISHER and private("publisher", finding.of) in excluded)
        )


BOT: Final = Watch()
