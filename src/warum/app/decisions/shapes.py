"""What is told of proposals: the line in a list, and everything behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from warum.app.advice.show import AdviceOut
from warum.app.border import (
    AllocationRef,
    CreativeRef,
    LandingPageRef,
    Money,
    OfferRef,
    ProgramRef,
    ProposalRef,
    border,
)
from warum.app.decisions.words import Words
from warum.domain.decisions import DeclineReason, Held, Unit, Verdict
from warum.ports.catalog import ActorKind
from warum.ports.decisions import State

Context = Annotated[str, Field(description="In which it holds, such as device=phone; empty: the offer as a whole.")]


@border
class ParameterOut:
    name: str
    value: str


@border
class DecisionOut:
    verdict: Verdict
    actor_kind: ActorKind
    actor: str
    at: datetime
    reason: DeclineReason | None
    reason_words: Words | None
    note: str
    seconds_shown: int | None


@border
class EffectOut:
    allocation_before: AllocationRef
    allocation_after: AllocationRef
    applied_at: datetime
    allocation_undone: Annotated[AllocationRef | None, Field(description="The one that restored the shares before.")]
    undone_at: datetime | None


@border
class OutcomeOut:
    """Measured from the log of draws, beside what was promised for as many exposures."""

    held: Annotated[Held, Field(description="kept, below, above, or open while too many conversions are undecided.")]
    final: Annotated[bool, Field(description="Whether this is the last word; before that it shows the progress.")]
    gain: Money
    low: Money
    high: Money
    promised: Money
    promised_low: Money
    promised_high: Money
    exposures: int
    pending: Annotated[str, Field(description="Share of the conversions that are undecided.")]
    until: Annotated[datetime, Field(description="Which exposures it covers.")]
    measured_at: datetime
    words: Words


@border
class ProposalLine:
    id: ProposalRef
    headline: Annotated[Words, Field(description="What would change, in one sentence.")]
    claim: Annotated[Words, Field(description="What would change, and what it is expected to bring.")]
    bot: str
    program: ProgramRef
    idea: Annotated[str, Field(description="shares, or what kind of thing is advised, such as tracking_dead.")]
    subject: Annotated[str, Field(description="Public id of what it is about: an offer, a publisher, a program.")]
    subject_name: str
    offer: Annotated[OfferRef | None, Field(description="Of shares; null otherwise.")]
    context: Context
    state: State
    stake: Annotated[Money, Field(description="Approved value that the change moves within the horizon.")]
    gain: Annotated[Money, Field(description="Expected within the horizon, against leaving things as they are.")]
    low: Annotated[Money, Field(description="90 % of what the gain may truly be lie from here")]
    high: Annotated[Money, Field(description="to here.")]
    probability: Annotated[str, Field(description="That there is a gain at all.")]
    horizon_days: int
    made_at: datetime
    expires_at: datetime
    decision: Annotated[DecisionOut | None, Field(description="The last word on it.")]
    outcome: Annotated[OutcomeOut | None, Field(description="The newest measurement.")]
    row_version: int


@border
class Proposals:
    proposals: tuple[ProposalLine, ...]


@border
class ArmShareOut:
    arm: int
    landing_page: LandingPageRef | None
    creative: Annotated[CreativeRef | None, Field(description="What is shown for it; null for a plain landing page.")]
    name: str
    url: str
    before: Annotated[str, Field(description="With which probability it is drawn now,")]
    after: Annotated[str, Field(description="and after an approval.")]


@border
class RowsOut:
    """Where the rows behind a number are."""

    table: Annotated[str, Field(description="impression, click or conversion.")]
    offer: OfferRef
    arm: int | None
    status: Annotated[str, Field(description="Of conversions; empty: every status.")]
    from_at: datetime
    until_at: datetime


@border
class EvidenceOut:
    name: str
    arm: int | None
    value: str
    low: Annotated[str | None, Field(description="Bounds of 90 % where it is estimated.")]
    high: str | None
    unit: Unit
    rows: RowsOut


@border
class CheckOut:
    name: str
    passed: bool
    seen: str
    limit: str
    words: Words


@border
class ShareOut:
    arm: int
    share: str


@border
class AlternativeOut:
    name: str
    shares: tuple[ShareOut, ...]
    gain: Money
    low: Money
    high: Money
    why_not: str
    words: Words


@border
class CounterfactualOut:
    code: str
    parameters: tuple[ParameterOut, ...]
    words: Words


@border
class OriginOut:
    """From what it can be computed again."""

    model: str
    version: Annotated[str, Field(description="Of the bot's code.")]
    facts: Annotated[str, Field(description="SHA-256 of the facts.")]
    digest: Annotated[str, Field(description="SHA-256 of the proposal itself.")]
    seed: int
    environment: tuple[ParameterOut, ...]


@border
class ProposalDetails:
    proposal: ProposalLine
    measured_low: Annotated[Money, Field(description="The promise is kept when the outcome lies from here")]
    measured_high: Annotated[Money, Field(description="to here, for as many exposures as were expected.")]
    value: Annotated[Money, Field(description="Approved value of the horizon if nothing changed.")]
    exposures: Annotated[int, Field(description="Expected within the horizon.")]
    arms: tuple[ArmShareOut, ...]
    evidence: tuple[EvidenceOut, ...]
    checks: tuple[CheckOut, ...]
    considered: Annotated[tuple[AlternativeOut, ...], Field(description="What was weighed and not chosen.")]
    counterfactuals: Annotated[tuple[CounterfactualOut, ...], Field(description="What would have changed the answer.")]
    advice: Annotated[AdviceOut | None, Field(description="Where it is not about shares: words and steps.")]
    method: tuple[ParameterOut, ...]
    origin: OriginOut
    decisions: tuple[DecisionOut, ...]
    effect: EffectOut | None
    outcomes: Annotated[tuple[OutcomeOut, ...], Field(description="Oldest first.")]


@border
class AbstentionOut:
    """Why a bot proposed nothing."""

    bot: str
    subject: Annotated[str, Field(description="Public id of what it is about: an offer or a program.")]
    offer: OfferRef | None
    context: Context
    code: str
    parameters: tuple[ParameterOut, ...]
    checks: tuple[CheckOut, ...]
    words: Words
    made_at: datetime


@border
class Abstentions:
    abstentions: Annotated[tuple[AbstentionOut, ...], Field(description="Newest first.")]
