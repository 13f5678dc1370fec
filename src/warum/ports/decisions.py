"""What the loop of decisions keeps: what bots said, what was decided, and what came of it.

A stored answer of a bot is the canonical bytes of the domain's record; the columns beside them are for finding and
sorting, and say nothing that the bytes do not say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from warum.domain.advice import SHARES
from warum.domain.contexts import ANY
from warum.domain.decisions import DeclineReason, Held, Outcome, Verdict
from warum.ports.catalog import ActorKind


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    """One of the few that people are asked about."""
    WAITING = "waiting"
    """People could decide it, but others have more at stake."""
    SHADOW = "shadow"
    """Nobody is asked; it is kept for the bot's score card."""
    APPLIED = "applied"
    DECLINED = "declined"
    UNDONE = "undone"
    SUPERSEDED = "superseded"
    """New evidence or another allocation took its place."""
    EXPIRED = "expired"


ASKED = frozenset({State.OPEN, State.WAITING})
"""What people may still decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """What a bot said, as it is stored.

    Attributes:
        subject: public id of what it speaks of.
        offer: where it speaks of the shares of one; None for bots that see a whole program.
        facts: hash of the facts.
        seed: with the facts, all that the answer was computed from.
        body: canonical bytes of the answer.
        context: of the offer, that it speaks of.
    """

    bot: str
    advertiser: int
    program: int
    subject: str
    offer: int | None = None
    facts: bytes
    seed: int
    body: bytes
    made_at_us: int
    context: str = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal(NewAnswer):
    """A proposal to be stored.

    Attributes:
        idea: ``SHARES``, or that of an advice.
        metric: of an advice, what tells whether it came true; empty where nothing is promised.
        allocation: of shares, the one in force when it was made.
        stake_minor, stake_day_minor: approved value that the change moves, in its horizon and in a day.
        conversions: how many the evidence had (of an advice, observations); by this one sees whether there is more.
    """

    idea: str = SHARES
    metric: str = ""
    allocation: int | None = None
    state: State
    currency: str
    stake_minor: int
    stake_day_minor: int
    gain_minor: int
    low_minor: int
    high_minor: int
    probability_ppm: int
    conversions: int
    expires_at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal(NewProposal):
    """A stored proposal; ``digest`` is the SHA-256 that was stored beside its bytes."""

    id: int
    digest: bytes
    row_version: int

    def drawn(self) -> tuple[int, int]:
        """(offer, allocation) of a proposal of shares; ValueError for an advice."""
        if self.offer is None or self.allocation is None:
            raise ValueError(f"proposal {self.id} is not about shares")
        return self.offer, self.allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbstention(NewAnswer):
    """That a bot proposes nothing; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAbstention(NewAbstention):
    id: int
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A word on a proposal. ``seconds_shown``: for how long it was looked at, where the surface knows."""

    proposal: int
    verdict: Verdict
    actor_kind: ActorKind
    actor: str
    at_us: int
    reason: DeclineReason | None = None
    note: str = ""
    seconds_shown: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEffect:
    """What an approval changed. ``allocation_undone`` is the one that restored the shares before."""

    proposal: int
    advertiser: int
    offer: int
    allocation_before: int
    allocation_after: int
    applied_at_us: int
    allocation_undone: int | None = None
    undone_at_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """A step of an advice that was performed when it was approved.

    Attributes:
        input, back_input: JSON, in the spelling of REST.
        subject: public id of what it changed.
        back_operation: what performs the opposite; None where nothing does.
    """

    proposal: int
    number: int
    advertiser: int
    operation: str
    input: str
    subject: str
    back_operation: str | None
    back_input: str | None
    taken_at_us: int
    undone_at_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOutcome:
    """A measurement. ``until_us``: which exposures it covers; ``final``: it will not be measured again."""

    proposal: int
    facts: bytes
    final: bool
    outcome: Outcome
    until_us: int
    measured_at_us: int
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurable:
    """A proposal whose promise has no final outcome yet. ``effect`` is None for a shadow and for what was declined:
    nothing was changed, but the draws of the old allocation tell what the new one would have brought. An advice is
    among them only if it promised something and was followed; nothing tells what it would have brought."""

    proposal: StoredProposal
    effect: StoredEffect | None
    last: StoredOutcome | None
    taken_at_us: int | None = None
    """When the steps of an advice were performed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Promises of a bot, by what became of them.

    Attributes:
        state: of the proposals.
        held: by their newest outcome; None where nothing is measured yet.
        final: whether that outcome is the last word.
        gain_minor, promised_minor: measured and promised by these outcomes, summed.
    """

    bot: str
    currency: str
    state: State
    held: Held | None
    final: bool
    count: int
    gain_minor: int
    promised_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A proposal as a score card reads it, with its newest outcome and what people made of it.

    Attributes:
        low_minor: lower bound of the true gain.
        least_minor, exposures, horizon_days: of what was expected; None for bytes that are no proposal.
        outcome: None where nothing is measured yet; ``final`` and ``measured_at_us`` are its own.
        answered_at_us: a person's first word on it, or the first of a key that a person holds.
        reason: of a person who declined it.
        undone: a person took it back.
        changed: a person set other shares while it held, or while it was asked.
    """

    proposal: int
    bot: str
    program: int
    idea: str
    subject: str
    subject_name: str
    state: State
    currency: str
    gain_minor: int
    low_minor: int
    least_minor: int | None
    exposures: int | None
    horizon_days: int | None
    probability_ppm: int
    made_at_us: int
    applied_at_us: int | None
    outcome: Outcome | None
    final: bool
    measured_at_us: int | None
    answered_at_us: int | None
    reason: DeclineReason | None
    undone: bool
    changed: bool


class DecisionStore(Protocol):
    # What bots say. -------------------------------------------------------------------------------------------------

    def add_proposal(self, proposal: NewProposal) -> int: ...
    def proposal(self, proposal: int, *, lock: bool = False) -> StoredProposal | None: ...
    def proposals(
        self,
        *,
        states: Collection[State] = (),
        program: int | None = None,
        offer: int | None = None,
        before: int | None = None,
        by_stake: bool = False,
        limit: int,
    ) -> list[StoredProposal]:
        """Newest first, or the greatest stake first; no states means all. ``before`` is the id of the last one seen."""
        ...

    def latest(self, bot: str, subject: str, *, idea: str = SHARES, context: str = ANY) -> StoredProposal | None:
        """What the bot proposed last of this idea, whatever became of it."""
        ...

    def asked(self, bot: str, program: int) -> list[StoredProposal]:
        """What people are asked about by a bot in a program."""
        ...

    def set_state(self, proposal: int, state: State) -> int:
        """The new row version."""
        ...

    def supersede(self, proposal: int) -> bool:
        """Take back what people are asked about; False when somebody has decided it meanwhile, and nothing changes."""
        ...

    def expire(self, *, now_us: int) -> list[int]:
        """Expire what people no longer should decide; their ids."""
        ...

    def withdraw(self, bot: str, *, program: int | None = None) -> list[int]:
        """Take back what people are asked about by a bot that was stopped; the ids."""
        ...

    def rank(self, open_max: int) -> None:
        """Let the proposals with the greatest stakes be open, and the others wait. No row version changes: what a
        person looks at can still be decided."""
        ...

    def add_abstention(self, abstention: NewAbstention) -> int: ...
    def abstention(self, bot: str, subject: str, context: str = ANY) -> StoredAbstention | None:
        """The newest one in this context."""
        ...

    def abstentions(self, offer: int, *, limit: int) -> list[StoredAbstention]:
        """Newest first."""
        ...

    def moved_minor(self, bot: str, program: int, *, from_us: int) -> int:
        """What the bot moved a day's worth of without asking since then, in minor units of approved value."""
        ...

    # What people decided, and what came of it. ----------------------------------------------------------------------

    def add_decision(self, decision: StoredDecision) -> int: ...
    def decisions(self, proposals: Collection[int]) -> list[StoredDecision]:
        """Oldest first."""
        ...

    def add_effect(self, effect: StoredEffect) -> None: ...
    def effects(self, proposals: Collection[int]) -> list[StoredEffect]: ...
    def undo(self, proposal: int, *, allocation: int, at_us: int) -> None: ...

    def add_step(self, step: TakenStep) -> None: ...
    def steps(self, proposals: Collection[int]) -> list[TakenStep]:
        """In the order in which they were performed."""
        ...

    def undo_steps(self, proposal: int, *, at_us: int) -> None: ...

    def add_outcome(self, outcome: StoredOutcome) -> int: ...
    def outcomes(self, proposals: Collection[int]) -> list[StoredOutcome]:
        """Oldest first."""
        ...

    def measurable(self, program: int) -> list[Measurable]: ...
    def scores(
        self, bot: str | None, program: int | None, *, since_us: int | None = None, until_us: int | None = None
    ) -> list[Score]: ...

    def promises(
        self,
        bot: str | None,
        program: int | None,
        *,
        since_us: int | None = None,
        until_us: int | None = None,
        states: Collection[State] = (),
        before: int | None = None,
        limit: int,
    ) -> list[Promise]:
        """Proposals made from ``since_us`` on and before ``until_us``, newest first; no states means all. ``before`` is
        the id of the last one seen."""
        ...

    # For replay. ----------------------------------------------------------------------------------------------------

    def every_proposal(self) -> Iterator[StoredProposal]:
        """Oldest first, as the database streams them."""
        ...

    def every_abstention(self) -> Iterator[StoredAbstention]: ...
