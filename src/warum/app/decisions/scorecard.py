"""A bot's record: how many promises it made, and how many of them came true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import Money, ProgramRef, border, missing, money
from warum.app.call import Call
from warum.app.decisions import words
from warum.app.decisions.steering import BotName, unknown_bot
from warum.app.decisions.words import Words
from warum.domain.bots import BOTS
from warum.domain.decisions import Held
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.decisions import ASKED, Score, State

_PROMISES: Final = frozenset({State.SHADOW, State.APPLIED, State.UNDONE})
"""What is measured: what was applied, and what was kept for this card."""


@border
class PromisedAndMeasured:
    """Over the promises whose outcome is final, in one currency."""

    promised: Money
    measured: Money


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


@border
class Scorecards:
    scorecards: tuple[ScorecardOut, ...]


@border
class ScorecardShow:
    bot: BotName | None = None
    program: ProgramRef | None = None


def show_scorecards(tx: Tx, call: Call, ask: ScorecardShow) -> Scorecards | Refusal:
    if ask.bot is not None and (refusal := unknown_bot(ask.bot)):
        return refusal
    if ask.program is not None and tx.catalog.program(ask.program) is None:
        return missing("program", ask.program)
    scores = tx.decisions.scores(ask.bot, ask.program)
    bots = BOTS if ask.bot is None else [ask.bot]
    return Scorecards(scorecards=tuple(_card(bot, [one for one in scores if one.bot == bot]) for bot in bots))


def _card(bot: str, scores: Sequence[Score]) -> ScorecardOut:
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
    )
