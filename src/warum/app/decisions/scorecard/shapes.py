"""What is told of a bot's promises: the counts, and what they say about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from warum.app.border import Money, ProgramRef, ProposalRef, border
from warum.app.decisions.words import Words
from warum.domain.calibration.codes import Basis, Lately, Override, Verdict
from warum.domain.decisions import DeclineReason, Held
from warum.ports.decisions import State


@border
class PromisedAndMeasured:
    """Over the promises whose outcome is final, in one currency."""

    promised: Money
    measured: Money


@border
class ShareOut:
    """So many of so many. The true share lies between low and high with 90 %."""

    count: int
    of: int
    share: str
    low: str
    high: str


@border
class VerdictOut:
    """What can be said of the promises as a whole.

    It may be read after every outcome: the chance that a bot whose promises hold is ever called anything else is 5 %.
    """

    code: Verdict | Literal["too_few"]
    outcomes: Annotated[int, Field(description="Final outcomes that it rests on.")]
    position: Annotated[
        str | None, Field(description="Mean place of the outcomes in their promises, 0 to 1; 0.5 is right.")
    ]
    distance: Annotated[
        str | None, Field(description="Mean distance from what was promised, 0 to 1; 0.5 is right, more is too sure.")
    ]
    p_value: Annotated[str | None, Field(description="At most so probable for a bot whose promises hold.")]
    words: Words


@border
class BinOut:
    """Promises of about the same probability."""

    stated: Annotated[str, Field(description="Mean probability that the true gain is worthwhile,")]
    expected: Annotated[str, Field(description="and that the measured gain is, chance included.")]
    came: Annotated[ShareOut, Field(description="How often it was.")]


@border
class ProbabilityOut:
    """What stated probabilities were worth. brier = unreliable - telling + uncertain + within."""

    stated: str
    expected: str
    came: ShareOut
    bins: tuple[BinOut, ...]
    brier: Annotated[str, Field(description="Mean squared distance of what was expected from what came; 0 is best.")]
    unreliable: str
    telling: str
    uncertain: str
    within: str
    words: Words


@border
class SumOut:
    """Measured gains, added up; the true sum lies between low and high with 90 %."""

    count: int
    gain: Money
    low: Money
    high: Money


@border
class RatioOut:
    """What came of each unit that was promised, with its 90 % interval."""

    ratio: str
    low: str
    high: str


@border
class AmountsOut:
    """Promises with a final outcome, in one currency and on one basis."""

    basis: Annotated[
        Basis,
        Field(
            description="applied: it was done. shadow, declined: it was not; what it would have brought, an estimate."
        ),
    ]
    promised: Money
    total: SumOut
    won: Annotated[SumOut, Field(description="Those with a measured gain above zero,")]
    lost: Annotated[SumOut, Field(description="and the others. Both contain chance, which cancels out of the total.")]
    ratio: Annotated[RatioOut | None, Field(description="Null where it cannot be told; the words say why.")]
    words: Words


@border
class ReasonOut:
    override: Override
    reason: Annotated[DeclineReason | None, Field(description="Of declined ones.")]
    count: int
    words: Words


@border
class PeopleOut:
    """What people made of the proposals."""

    overridden: Annotated[
        ShareOut | None, Field(description="Declined, undone or changed by people, of what they decided.")
    ]
    reasons: Annotated[tuple[ReasonOut, ...], Field(description="The most frequent one first.")]
    seconds_to_decide: Annotated[int | None, Field(description="Median, from the proposal to the decision.")]


@border
class TrendOut:
    """How often promises held that were finished in the last 4 weeks, and before."""

    lately: Lately
    recent: ShareOut | None
    before: ShareOut | None
    words: Words


@border
class JudgementOut:
    """What the newest promises say about the bot; null stands where they are too few.

    Verdict, coverage, probability and trend rest on what was applied, undone or shadow, with a final outcome.
    """

    verdict: VerdictOut
    coverage: Annotated[ShareOut | None, Field(description="Outcomes within the 90 % interval that was promised.")]
    probability: ProbabilityOut | None
    amounts: tuple[AmountsOut, ...]
    people: PeopleOut
    trend: TrendOut
    due_at: Annotated[
        datetime | None, Field(description="When the next open promise has run its time; null without an open one.")
    ]
    read: Annotated[int, Field(description="Proposals that were read for it.")]
    left_out: Annotated[bool, Field(description="Whether there are older ones in this span that were not read.")]


@border
class ScorecardOut:
    bot: str
    asked: Annotated[int, Field(description="Proposals that people are asked about now.")]
    applied: Annotated[int, Field(description="Applied and in force, or replaced since.")]
    declined: int
    undone: int
    shadow: Annotated[int, Field(description="Kept to judge the bot by; nobody was asked.")]
    lapsed: Annotated[int, Field(description="Expired, or taken back for newer evidence.")]
    promises: Annotated[int, Field(description="Applied, undone and shadow: what is measured.")]
    kept: Annotated[int, Field(description="Of these: the outcome lies in the interval that was promised,")]
    below: Annotated[int, Field(description="is worse,")]
    above: Annotated[int, Field(description="is better,")]
    open: Annotated[int, Field(description="or is not known yet.")]
    amounts: tuple[PromisedAndMeasured, ...]
    words: Words
    judgement: Annotated[JudgementOut | None, Field(description="Null where only the counts were asked for.")]


@border
class Scorecards:
    scorecards: tuple[ScorecardOut, ...]


@border
class PromiseOut:
    """A promise with its newest outcome. Amounts are for as many exposures as were measured."""

    proposal: ProposalRef
    bot: str
    program: ProgramRef
    idea: str
    subject: str
    subject_name: str
    state: State
    made_at: datetime
    probability: Annotated[str, Field(description="Stated, that the gain is worthwhile.")]
    expected: Annotated[Money, Field(description="Gain that was promised for the whole horizon.")]
    held: Annotated[Held | None, Field(description="Null: nothing is measured yet.")]
    final: bool
    promised: Money | None
    promised_low: Money | None
    promised_high: Money | None
    gain: Annotated[Money | None, Field(description="Measured, with its 90 % interval.")]
    low: Money | None
    high: Money | None


@border
class Promises:
    promises: Annotated[tuple[PromiseOut, ...], Field(description="Newest first.")]
