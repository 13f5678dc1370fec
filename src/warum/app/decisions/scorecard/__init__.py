"""A bot's record: how many promises it made, how many of them came true, and what that says about the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import Limit, Moment, Money, ProgramRef, ProposalRef, border, missing, money
from warum.app.call import Call
from warum.app.decisions import words
from warum.app.decisions.scorecard.shapes import (
    JudgementOut,
    PromisedAndMeasured,
    PromiseOut,
    Promises,
    ScorecardOut,
    Scorecards,
)
from warum.app.decisions.steering import BotName, unknown_bot
from warum.app.offers import propensity
from warum.domain.bots import BOTS
from warum.domain.decisions import Held
from warum.kernel.period import DAY_US, from_us, to_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.decisions import ASKED, Promise, Score, State

read_max: Final = 5_000
"""So many of the newest proposals are read to judge all bots together."""

_PROMISES: Final = frozenset({State.SHADOW, State.APPLIED, State.UNDONE})
"""What a bot is judged by: what was applied, and what was kept for this card."""
_MEASURED: Final = _PROMISES | {State.DECLINED}

Since = Annotated[Moment | None, Field(description="Only what was proposed from then on.")]
Until = Annotated[Moment | None, Field(description="Only what was proposed before then.")]


@border
class ScorecardShow:
    bot: BotName | None = None
    program: ProgramRef | None = None
    since: Since = None
    until: Until = None
    days: Annotated[
        int | None, Field(ge=1, le=3_660, description="Instead of since: so many days up to until, or to now.")
    ] = None
    brief: Annotated[bool, Field(description="Only the counts, without what they say about the bot.")] = False


@border
class PromiseList:
    bot: BotName | None = None
    program: ProgramRef | None = None
    since: Since = None
    until: Until = None
    before: Annotated[ProposalRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def show_scorecards(tx: Tx, call: Call, ask: ScorecardShow) -> Scorecards | Refusal:
    if refusal := _refused(tx, ask):
        return refusal
    if ask.days is not None and ask.since is not None:
        return Refusal(
            code="span_said_twice", message="Give either since or days: both say when it begins.", field="days"
        )
    until_us = None if ask.until is None else to_us(ask.until)
    since_us = None if ask.since is None else to_us(ask.since)
    if ask.days is not None:
        since_us = (call.now_us if until_us is None else until_us) - ask.days * DAY_US
    scores = tx.decisions.scores(ask.bot, ask.program, since_us=since_us, until_us=until_us)
    found: list[Promise] = []
    if not ask.brief:
        found = tx.decisions.promises(ask.bot, ask.program, since_us=since_us, until_us=until_us, limit=read_max + 1)
    left_out, found = len(found) > read_max, found[:read_max]
    cards: list[ScorecardOut] = []
    for bot in BOTS if ask.bot is None else [ask.bot]:
        judged = None
        if not ask.brief:
            # Here, since its arithmetic takes long to load, and most commands never ask for it.
            from warum.app.decisions.scorecard.judged import judgement

            mine = [one for one in found if one.bot == bot]
            judged = judgement(mine, judged_by=_PROMISES, now_us=call.now_us, left_out=left_out)
        cards.append(_card(bot, [one for one in scores if one.bot == bot], judged))
    return Scorecards(scorecards=tuple(cards))


def list_promises(tx: Tx, call: Call, ask: PromiseList) -> Promises | Refusal:
    if refusal := _refused(tx, ask):
        return refusal
    found = tx.decisions.promises(
        ask.bot,
        ask.program,
        since_us=None if ask.since is None else to_us(ask.since),
        until_us=None if ask.until is None else to_us(ask.until),
        states=_MEASURED,
        before=ask.before,
        limit=ask.limit,
    )
    return Promises(promises=tuple(_promise(one) for one in found))


def _refused(tx: Tx, ask: ScorecardShow | PromiseList) -> Refusal | None:
    if ask.bot is not None and (refusal := unknown_bot(ask.bot)):
        return refusal
    if ask.program is not None and tx.catalog.program(ask.program) is None:
        return missing("program", ask.program)
    if ask.since is not None and ask.until is not None and ask.since >= ask.until:
        return Refusal(code="dates_backwards", message="This ends before it starts: swap the two.", field="until")
    return None


def _card(bot: str, scores: Sequence[Score], judged: JudgementOut | None) -> ScorecardOut:
    def count(*states: State) -> int:
        return sum(one.count for one in scores if one.state in states)

    promises = [one for one in scores if one.state in _PROMISES]
    final = [one for one in promises if one.final]

    def held(word: Held) -> int:
        return sum(one.count for one in final if one.held is word)

    made, known = count(*_PROMISES), sum(one.count for one in final)
    return ScorecardOut(
        bot=bot,
        asked=count(*ASKED),
        applied=count(State.APPLIED),
        declined=count(State.DECLINED),
        undone=count(State.UNDONE),
        shadow=count(State.SHADOW),
        lapsed=count(State.EXPIRED, State.SUPERSEDED),
        promises=made,
        kept=held(Held.KEPT),
        below=held(Held.BELOW),
        above=held(Held.ABOVE),
        open=made - known,
        amounts=tuple(
            PromisedAndMeasured(
                promised=money(sum(one.promised_minor for one in final if one.currency == currency), currency),
                measured=money(sum(one.gain_minor for one in final if one.currency == currency), currency),
            )
            for currency in sorted({one.currency for one in final})
        ),
        words=words.record(made, held(Held.KEPT), made - known, known - held(Held.KEPT)),
        judgement=judged,
    )


def _promise(one: Promise) -> PromiseOut:
    outcome = one.outcome

    def amount(minor: int | None) -> Money | None:
        return None if minor is None else money(minor, one.currency)

    return PromiseOut(
        proposal=one.proposal,
        bot=one.bot,
        program=one.program,
        idea=one.idea,
        subject=one.subject,
        subject_name=one.subject_name,
        state=one.state,
        made_at=from_us(one.made_at_us),
        probability=propensity(one.probability_ppm),
        expected=money(one.gain_minor, one.currency),
        held=None if outcome is None else outcome.held,
        final=one.final,
        promised=amount(outcome and outcome.promised_minor),
        promised_low=amount(outcome and outcome.promised_low_minor),
        promised_high=amount(outcome and outcome.promised_high_minor),
        gain=amount(outcome and outcome.gain_minor),
        low=amount(outcome and outcome.low_minor),
        high=amount(outcome and outcome.high_minor),
    )
