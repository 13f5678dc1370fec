"""One round of the bots over a program: look, tell what is worth telling, act within the limits, measure promises.

A round is one transaction. Facts and answer are stored together or not at all, so whatever a bot ever said can be
computed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from warum.app.bots.advise import advise_program
from warum.app.bots.gather import data_until_us, days_max, gather_creative, lag_days_max
from warum.app.bots.lessons import teach
from warum.app.bots.measure import measure_promises
from warum.app.bots.news import is_news
from warum.app.decisions.effects import announce, apply_proposal, is_in_force, open_max
from warum.app.decisions.record import decision_fields
from warum.app.decisions.steering import policy_in_force
from warum.app.decisions.stored import read_proposal
from warum.app.log.entries import enter_decision, enter_proposal, record_act
from warum.domain.advice import answer_bytes
from warum.domain.bots import BOTS
from warum.domain.bots.contract import Adviser, Bot, facts_bytes, facts_hash
from warum.domain.bots.why import Why
from warum.domain.contexts import ANY
from warum.domain.decisions import (
    Abstention,
    Autonomy,
    Effect,
    Policy,
    Proposal,
    Route,
    Verdict,
    horizon_end_us,
    route,
    stake_minor_day,
)
from warum.kernel.canonical import fingerprint
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, HOUR_US, local_date, local_midnight
from warum.kernel.refusal import Refusal
from warum.ports.catalog import Act, ActorKind, Offer, Program
from warum.ports.database import Tx
from warum.ports.decisions import (
    ASKED,
    NewAbstention,
    NewProposal,
    State,
    StoredDecision,
    StoredEffect,
    StoredProposal,
)

valid_days: Final = 7
"""After so many days a proposal that nobody decided expires; if it still holds it is made again, from newer facts."""
abstention_us: Final = 6 * HOUR_US
"""An abstention whose reason stays the same is written down no more often than this."""

steer_us: Final = HOUR_US
"""A bot that may act by itself changes an offer no more often than this."""

_seed_bytes: Final = 6
_offers_at_once: Final = 100

# With these the evidence itself is in doubt, and a proposal that stands on it is withdrawn.
_WITHDRAWS: Final = frozenset(
    {
        Why.ALLOCATION_BROKEN,
        Why.DATA_BROKEN,
        Why.DATA_TOO_OLD,
        Why.ONE_ARM,
        Why.OUTSIDE_GOAL,
        Why.SAMPLE_RATIO_BROKEN,
    }
)


class Gather(Protocol):
    """Takes the facts of a bot for an offer in a context; None where there is nothing to decide."""

    def __call__(
        self, tx: Tx, program: Program, offer: Offer, policy: Policy, *, now_us: int, context: str = ANY
    ) -> Any: ...


GATHER: Final[Mapping[str, Gather]] = {"creative": gather_creative}


@dataclass(frozen=True, slots=True)
class Round:
    """What a round brought, in numbers."""

    proposals: int = 0
    abstentions: int = 0
    applied: int = 0
    outcomes: int = 0

    def plus(self, other: Round) -> Round:
        return Round(
            self.proposals + other.proposals,
            self.abstentions + other.abstentions,
            self.applied + other.applied,
            self.outcomes + other.outcomes,
        )


def consider_program(tx: Tx, program: Program, *, now_us: int) -> Round:
    """One round over a running program, in the transaction of the system."""
    effects: list[StoredEffect] = []
    said: list[NewProposal | NewAbstention] = []
    tx.decisions.expire(now_us=now_us)
    for name, bot in BOTS.items():
        policy = policy_in_force(tx, program.id, name).policy
        if policy.stopped:
            tx.decisions.withdraw(name, program=program.id)
            continue
        if isinstance(bot, Adviser):
            said += advise_program(tx, program, bot, policy, now_us=now_us)
            continue
        for offer in _offers(tx, program):
            for context in (ANY, *offer.contexts):
                said += _considered(tx, program, offer, context, bot, policy, effects, now_us)
    measured = measure_program(tx, program.id, now_us=now_us)
    tx.decisions.rank(open_max)
    if effects:
        announce(tx, [(effect.offer, effect.allocation_after) for effect in effects], now_us=now_us)
    proposals = sum(isinstance(answer, NewProposal) for answer in said)
    return measured.plus(Round(proposals, len(said) - proposals, len(effects)))


def measure_program(tx: Tx, program: int, *, now_us: int) -> Round:
    """Measure what was promised in a program, whether it still runs or not."""
    until_us = data_until_us(tx, now_us)
    lags = tx.evidence.lags(program, from_us=until_us - days_max * DAY_US, days_max=lag_days_max)
    return Round(outcomes=measure_promises(tx, program, lags, now_us=now_us, data_until_us=until_us))


def _considered(
    tx: Tx,
    program: Program,
    offer: Offer,
    context: str,
    bot: Bot[Any],
    policy: Policy,
    effects: list[StoredEffect],
    now_us: int,
) -> list[NewProposal | NewAbstention]:
    """What was said of one context of an offer: nothing, or one answer. Effects of acting are added to ``effects``."""
    subject = public("offer", offer.id)
    last = tx.decisions.latest(bot.name, subject, context=context)
    if last is not None and last.state in ASKED and last.allocation != offer.allocation_in(context):
        tx.decisions.supersede(last.id)
        last = tx.decisions.latest(bot.name, subject, context=context)
    if last is not None and _is_settling(tx, last, policy, now_us):
        return []
    facts = GATHER[bot.name](tx, program, offer, policy, now_us=now_us, context=context)
    if facts is None:
        return []
    teach(tx, facts, now_us=now_us)
    # Chance that nobody can choose, and that can be had again.
    seed = int.from_bytes(fingerprint({"bot": bot.name, "facts": facts_hash(facts)})[:_seed_bytes], "big")
    answer: Proposal | Abstention = bot.propose(facts, seed=seed)
    told = _Told(tx, program, offer, context, bot, facts_bytes(facts), seed, now_us)
    if isinstance(answer, Abstention):
        if last is not None and last.state in ASKED and answer.code in _WITHDRAWS:
            tx.decisions.supersede(last.id)
        return told.abstention(answer)
    return told.proposal(answer, policy, last, effects)


@dataclass(frozen=True, slots=True)
class _Told:
    """Storing what a bot said of a context of an offer, if it is worth it."""

    tx: Tx
    program: Program
    offer: Offer
    context: str
    bot: Bot[Any]
    facts: bytes
    seed: int
    now_us: int

    def abstention(self, answer: Abstention) -> list[NewProposal | NewAbstention]:
        last = self.tx.decisions.abstention(self.bot.name, public("offer", self.offer.id), self.context)
        if last is not None and last.code == answer.code and self.now_us < last.made_at_us + abstention_us:
            return []
        made = NewAbstention(**self._common(answer), code=answer.code)
        self.tx.decisions.add_abstention(made)
        return [made]

    def proposal(
        self, answer: Proposal, policy: Policy, last: StoredProposal | None, effects: list[StoredEffect]
    ) -> list[NewProposal | NewAbstention]:
        since_us = local_midnight(local_date(self.now_us, self.program.timezone), self.program.timezone)
        moved = self.tx.decisions.moved_minor(self.bot.name, self.program.id, from_us=since_us)
        way = route(policy, answer, moved_today_minor=moved)
        conversions = _conversions(answer)
        allocation = self.offer.allocation_in(self.context)
        if way is Route.DROPPED or not _may_speak(last, allocation, answer, conversions, way, self.now_us):
            return []
        if last is not None and last.state in ASKED and not self.tx.decisions.supersede(last.id):
            return []  # decided while the bot was thinking; the next round looks at what came of it
        assert allocation is not None  # facts are of an offer with an allocation
        made = NewProposal(
            **self._common(answer),
            allocation=allocation,
            state=State.SHADOW if way is Route.SHADOW else State.WAITING,
            currency=answer.currency,
            stake_minor=answer.stake_minor,
            stake_day_minor=stake_minor_day(answer),
            gain_minor=answer.expected.gain_minor,
            low_minor=answer.expected.low_minor,
            high_minor=answer.expected.high_minor,
            probability_ppm=answer.expected.probability_ppm,
            conversions=conversions,
            expires_at_us=self.now_us + valid_days * DAY_US,
        )
        proposal = self.tx.decisions.add_proposal(made)
        stored = self.tx.decisions.proposal(proposal, lock=True)
        assert stored is not None
        enter_proposal(self.tx, stored)
        if way is Route.ACTS:
            effects += self._act(stored, answer)
        return [made]

    def _common(self, answer: Proposal | Abstention) -> dict[str, Any]:
        advertiser = self.program.advertiser
        return {
            "bot": self.bot.name,
            "advertiser": advertiser,
            "program": self.program.id,
            "subject": public("offer", self.offer.id),
            "offer": self.offer.id,
            "facts": self.tx.evidence.keep_facts(
                kind=self.bot.name, advertiser=advertiser, body=self.facts, at_us=self.now_us
            ),
            "seed": self.seed,
            "body": answer_bytes(answer),
            "context": self.context,
            "made_at_us": self.now_us,
        }

    def _act(self, stored: StoredProposal, answer: Proposal) -> list[StoredEffect]:
        """Apply it at once. If the allocation was replaced in this moment, the proposal is left to people."""
        effect = apply_proposal(self.tx, stored, answer, actor=ActorKind.BOT, now_us=self.now_us)
        if isinstance(effect, Refusal):
            return []
        decision = StoredDecision(
            proposal=stored.id,
            verdict=Verdict.APPROVED,
            actor_kind=ActorKind.BOT,
            actor=self.bot.name,
            at_us=self.now_us,
        )
        self.tx.decisions.add_decision(decision)
        fields = decision_fields(self.tx, stored, answer, decision, shown=None)
        enter_decision(self.tx, fields, stored, actor=ActorKind.BOT, at_us=self.now_us)
        version = self.tx.decisions.set_state(stored.id, State.APPLIED)
        record_act(
            self.tx,
            Act(
                at_us=self.now_us,
                actor_kind=ActorKind.BOT,
                actor=self.bot.name,
                operation="proposal.approve",
                subject=public("proposal", stored.id),
                input_hash=fingerprint({"v": 1, "operation": "proposal.approve", "digest": stored.digest.hex()}),
                version_before=stored.row_version,
                version_after=version,
                advertiser=stored.advertiser,
            ),
        )
        return [effect]


def _may_speak(
    last: StoredProposal | None, allocation: int | None, answer: Proposal, conversions: int, way: Route, now_us: int
) -> bool:
    """Whether the answer is worth telling after what the bot proposed last for the offer."""
    if last is None or last.state in (State.EXPIRED, State.SUPERSEDED, State.APPLIED):
        return True
    told = read_proposal(last.body)
    if last.state is State.SHADOW:
        # One promise at a time, so that the score card counts different ones.
        over = now_us >= last.made_at_us + told.expected.horizon_days * DAY_US
        return over or way is not Route.SHADOW or last.allocation != allocation
    if last.state in ASKED and way is not Route.PERSON:
        return True
    return is_news(told, answer, conversions_told=last.conversions, conversions=conversions)


def _is_settling(tx: Tx, last: StoredProposal, policy: Policy, now_us: int) -> bool:
    """Whether a change of the offer is still within its horizon: one at a time, so that each can be measured. A bot
    that may act by itself goes on sooner, as data come; each of its steps is measured until the next one."""
    if last.state is not State.APPLIED:
        return False
    if policy.autonomy is Autonomy.ACT and now_us >= last.made_at_us + steer_us:
        return False
    (made,) = tx.decisions.effects([last.id])
    effect = Effect(
        proposal=made.proposal,
        allocation_before=made.allocation_before,
        allocation_after=made.allocation_after,
        applied_at_us=made.applied_at_us,
        undone_at_us=made.undone_at_us,
    )
    return is_in_force(tx, made) and now_us < horizon_end_us(effect, read_proposal(last.body).expected)


def _conversions(answer: Proposal) -> int:
    """How many conversions the evidence has."""
    return sum(int(line.value) for line in answer.evidence if line.name == "conversions")


def _offers(tx: Tx, program: Program) -> Iterator[Offer]:
    after = 0
    while some := tx.catalog.offers(program=program.id, after=after, limit=_offers_at_once):
        yield from some
        after = some[-1].id
