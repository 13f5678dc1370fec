"""Bots that see a whole program: what they advise is told once, is taken back when it does not hold any more, and is
never carried out by itself, since its steps may touch what partners earn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from warum.app.advice.steps import BACK
from warum.app.bots.facts_watch import gather_watch
from warum.app.decisions.stored import read_advice
from warum.app.log.entries import enter_proposal
from warum.domain.advice import Advice, answer_bytes
from warum.domain.bots.contract import Adviser, facts_bytes, facts_hash
from warum.domain.decisions import Abstention, Policy, Route, route_of_advice, stake_minor_day
from warum.kernel.canonical import fingerprint
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, HOUR_US
from warum.ports.catalog import Program
from warum.ports.database import Tx
from warum.ports.decisions import ASKED, NewAbstention, NewProposal, State, StoredProposal

Gather: TypeAlias = Callable[[Tx, Program, Policy, int], Any]
"""Takes the facts of a bot for a program at a moment (microseconds); None where there is nothing to look at."""

GATHER: Final[Mapping[str, Gather]] = {"watch": gather_watch}

valid_days: Final = 7
stands_us: Final = 24 * HOUR_US
"""An advice stays for so long, even if a look does not find it any more."""
abstention_us: Final = 24 * HOUR_US
observations_more: Final = 20
"""Fewer observations more than this are no new evidence, also where there were hardly any."""
stake_more: Final = 2
"""So many times the stake is news by itself."""

_seed_bytes: Final = 6


def advise_program(
    tx: Tx, program: Program, bot: Adviser[Any], policy: Policy, *, now_us: int
) -> list[NewProposal | NewAbstention]:
    """One look of a bot at a program, if it is time for one; what was newly said."""
    looked_us = tx.network.looked_us(program.id, bot.name)
    if looked_us is not None and now_us < looked_us + bot.every_hours * HOUR_US:
        return []
    facts = GATHER[bot.name](tx, program, policy, now_us)
    tx.network.keep_look(program.id, bot.name, at_us=now_us)
    if facts is None:
        return []
    # Chance that nobody can choose, and that can be had again.
    seed = int.from_bytes(fingerprint({"bot": bot.name, "facts": facts_hash(facts)})[:_seed_bytes], "big")
    answer = bot.advise(facts, seed=seed)
    told = _Told(tx, program, bot, policy, facts_bytes(facts), seed, now_us)
    if isinstance(answer, Abstention):
        return told.abstention(answer)
    for one in answer:
        _permit(bot, one)
    told.withdraw({(one.idea, one.subject) for one in answer})
    return [made for one in answer for made in told.advice(one)]


@dataclass(frozen=True, slots=True)
class _Told:
    """Storing what a bot said of a program, if it is worth it."""

    tx: Tx
    program: Program
    bot: Adviser[Any]
    policy: Policy
    facts: bytes
    seed: int
    now_us: int

    def withdraw(self, holding: set[tuple[str, str]]) -> None:
        """Take back what people are asked about and the bot does not say any more. Figures waver, so what was told
        stays for a while."""
        for one in self.tx.decisions.asked(self.bot.name, self.program.id):
            if (one.idea, one.subject) not in holding and self.now_us >= one.made_at_us + stands_us:
                self.tx.decisions.supersede(one.id)

    def abstention(self, answer: Abstention) -> list[NewProposal | NewAbstention]:
        subject = public("program", self.program.id)
        last = self.tx.decisions.abstention(self.bot.name, subject)
        if last is not None and last.code == answer.code and self.now_us < last.made_at_us + abstention_us:
            return []
        made = NewAbstention(**self._common(), subject=subject, body=answer_bytes(answer), code=answer.code)
        self.tx.decisions.add_abstention(made)
        return [made]

    def advice(self, answer: Advice) -> list[NewProposal | NewAbstention]:
        last = self.tx.decisions.latest(self.bot.name, answer.subject, idea=answer.idea)
        way = route_of_advice(self.policy, answer.made_at_us)
        if way is Route.DROPPED or not _may_speak(last, answer, way, self.now_us):
            return []
        if last is not None and last.state in ASKED and not self.tx.decisions.supersede(last.id):
            return []  # decided while the bot was thinking; the next look sees what came of it
        expected = answer.expected
        made = NewProposal(
            **self._common(),
            subject=answer.subject,
            idea=answer.idea,
            metric=answer.metric,
            body=answer_bytes(answer),
            state=State.SHADOW if way is Route.SHADOW else State.WAITING,
            currency=answer.currency,
            stake_minor=answer.stake_minor,
            stake_day_minor=stake_minor_day(answer),
            gain_minor=expected.gain_minor,
            low_minor=expected.low_minor,
            high_minor=expected.high_minor,
            probability_ppm=expected.probability_ppm,
            conversions=answer.observations,
            expires_at_us=self.now_us + valid_days * DAY_US,
        )
        stored = self.tx.decisions.proposal(self.tx.decisions.add_proposal(made), lock=True)
        assert stored is not None
        enter_proposal(self.tx, stored)
        return [made]

    def _common(self) -> dict[str, Any]:
        advertiser = self.program.advertiser
        return {
            "bot": self.bot.name,
            "advertiser": advertiser,
            "program": self.program.id,
            "facts": self.tx.evidence.keep_facts(
                kind=self.bot.name, advertiser=advertiser, body=self.facts, at_us=self.now_us
            ),
            "seed": self.seed,
            "made_at_us": self.now_us,
        }


def _permit(bot: Adviser[Any], answer: Advice) -> None:
    """A bot proposes nothing but what it said it may touch, and what may be a step at all."""
    for one in answer.steps:
        if one.operation not in bot.touches or one.operation not in BACK:
            raise ValueError(f"the bot {bot.name} may not propose {one.operation}")


def _may_speak(last: StoredProposal | None, answer: Advice, way: Route, now_us: int) -> bool:
    """Whether the advice is worth telling after what the bot said last of the same. What was declined or taken back
    returns on new evidence alone, and what was followed gets its time."""
    if last is None or last.state in (State.EXPIRED, State.SUPERSEDED):
        return True
    if last.state in (State.SHADOW, State.APPLIED):
        told = read_advice(last.body)
        over = now_us >= last.made_at_us + told.expected.horizon_days * DAY_US
        return over or (last.state is State.SHADOW and way is not Route.SHADOW)
    if last.currency != answer.currency or answer.stake_minor >= stake_more * max(last.stake_minor, 1):
        return True
    return answer.observations >= max(last.conversions * 3 // 2, last.conversions + observations_more)
