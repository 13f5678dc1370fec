"""Contests: a publisher objects to what was decided against its income, and a person answers with a reason.

Opening and answer are leaves of the pair's series, so that neither side can say later that nobody objected or that it
was answered otherwise. The words are kept in the log alone, under the publisher's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    ContestRef,
    ConversionRef,
    Limit,
    PartnershipRef,
    PublisherRef,
    Version,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.app.log.entries import enter
from warum.app.log.history import history
from warum.domain.contests import Verdict, cost_income, cost_partnership, days_left, due_on
from warum.domain.leaves import LeafType, Series, Subject
from warum.kernel.canonical import Plain
from warum.kernel.ids import public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.contests import Contest
from warum.ports.database import Role, Scope, Tx
from warum.ports.log import About
from warum.ports.views import ConversionFilter

_SYSTEM: Final = Scope(Role.SYSTEM)
_OPENING: Final = 1
_ANSWER: Final = 2
"""The two leaves of a contest, as its sequence numbers."""


@border
class ContestOut:
    id: ContestRef
    advertiser: AdvertiserRef
    publisher: PublisherRef
    conversion: Annotated[ConversionRef | None, Field(description="What was decided about: this conversion,")]
    partnership: Annotated[PartnershipRef | None, Field(description="or this partnership.")]
    text: Annotated[str | None, Field(description="The publisher's words; null after their erasure.")]
    opened_at: datetime
    due: Annotated[date, Field(description="The last day, UTC, for an answer.")]
    days_left: Annotated[int | None, Field(description="Below zero: it is overdue. Null: it was answered.")]
    verdict: Annotated[Verdict | None, Field(description="upheld: the decision stands; changed; null: still open.")]
    reason: Annotated[str | None, Field(description="The answer; null while it is open, and after its erasure.")]
    answered_by: str | None
    answered_at: datetime | None
    row_version: int


@border
class Contests:
    contests: tuple[ContestOut, ...]


@border
class ContestOpen:
    """Of a conversion that was declined or earns less than it did, or a partnership that was declined or ended. One of
    them at a time, and again after an answer."""

    conversion: Annotated[ConversionRef | None, Field(description="What was decided about: this conversion,")] = None
    partnership: Annotated[PartnershipRef | None, Field(description="or this partnership.")] = None
    text: Annotated[str, Field(min_length=10, max_length=2000, description="Why it is wrong, in your own words.")]


def open_contest(tx: Tx, call: Call, ask: ContestOpen) -> Done[ContestOut] | Refusal:
    contested = _contested(tx, ask)
    if isinstance(contested, Refusal):
        return contested
    advertiser, publisher = contested
    if tx.contests.contests(conversion=ask.conversion, partnership=ask.partnership, answered=False, limit=1):
        return _conflict("contest_open", "It is contested already; the answer is due on the day that was given.")
    due = due_on(call.now_us)
    made = tx.contests.add(
        Contest(
            id=0,
            advertiser=advertiser,
            publisher=publisher,
            conversion=ask.conversion,
            partnership=ask.partnership,
            opened_us=call.now_us,
            due=due,
            verdict=None,
            answered_us=None,
            row_version=1,
        )
    )
    found = tx.contests.contest(made)
    assert found is not None
    _enter(
        tx,
        call,
        found,
        LeafType.CONTEST,
        _OPENING,
        {
            "v": 1,
            "contest": public("contest", made),
            "by": public("publisher", publisher),
            "about": _about(found),
            "text": ask.text,
            "opened_at": str(call.now_us),
            "due": due.isoformat(),
        },
    )
    return _done(tx, call, found, before=None)


def own_subject(tx: Tx, ask: ContestOpen) -> Refusal | None:
    """Publishers contest what was decided about themselves."""
    if ask.conversion is not None:
        found = tx.views.conversions(ConversionFilter(conversion=ask.conversion, limit=1))
        if not found:
            return missing("conversion", ask.conversion)
    if ask.partnership is not None and tx.catalog.partnership(ask.partnership) is None:
        return missing("partnership", ask.partnership)
    return None


@border
class ContestAnswer:
    """A person answers, for the publisher to read. It changes no money by itself: after ``changed``, make the other
    decision that the reason speaks of (a conversion by a report of the same order, a partnership by approving it)."""

    contest: ContestRef
    verdict: Annotated[Verdict, Field(description="upheld: the decision stands. changed: another one is made.")]
    reason: Annotated[
        str, Field(min_length=10, max_length=2000, description="Why, and what will be done. The publisher reads it.")
    ]
    expected_version: Version | None = None


def answer_contest(tx: Tx, call: Call, ask: ContestAnswer) -> Done[ContestOut] | Refusal:
    if call.caller.kind is not ActorKind.PERSON:
        return Refusal(
            code="person_needed",
            message="A contest is answered by a person: in the console, or at the terminal.",
            kind=Kind.FORBIDDEN,
        )
    found = tx.contests.contest(ask.contest, lock=True)
    if found is None:
        return missing("contest", ask.contest)
    if found.answered_us is not None:
        return _conflict("contest_answered", "It was answered already. The publisher can contest it again.")
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    tx.contests.answer(found.id, verdict=ask.verdict, at_us=call.now_us)
    answered = tx.contests.contest(found.id)
    assert answered is not None
    _enter(
        tx,
        call,
        answered,
        LeafType.ANSWER,
        _ANSWER,
        {
            "v": 1,
            "contest": public("contest", found.id),
            "verdict": ask.verdict.value,
            "reason": ask.reason,
            "by": call.caller.actor,
            "at": str(call.now_us),
        },
    )
    return _done(tx, call, answered, before=found.row_version)


@border
class ContestShow:
    contest: ContestRef


def show_contest(call: Call, ask: ContestShow) -> ContestOut | Refusal:
    with call.deps.database.transaction(call.caller.scope) as tx:
        found = tx.contests.contest(ask.contest)
    return missing("contest", ask.contest) if found is None else _told(call, [found])[0]


@border
class ContestList:
    conversion: ConversionRef | None = None
    partnership: PartnershipRef | None = None
    publisher: PublisherRef | None = None
    answered: Annotated[bool | None, Field(description="Only answered ones, or only open ones.")] = None
    after: Annotated[ContestRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_contests(call: Call, ask: ContestList) -> Contests | Refusal:
    with call.deps.database.transaction(call.caller.scope) as tx:
        found = tx.contests.contests(
            conversion=ask.conversion,
            partnership=ask.partnership,
            publisher=ask.publisher,
            answered=ask.answered,
            after=ask.after or 0,
            limit=ask.limit,
        )
    return Contests(contests=tuple(_told(call, found)))


def _contested(tx: Tx, ask: ContestOpen) -> tuple[int, int] | Refusal:
    """(advertiser, publisher) of what is contested, whose row is locked: a decision waits, or this one does."""
    if ask.conversion is not None and ask.partnership is None:
        conversion = tx.conversions.get(ask.conversion, lock=True)
        if conversion is None:
            return missing("conversion", ask.conversion)
        publisher = conversion.attribution.publisher
        if publisher is None:
            return _conflict("contest_of_nobody", "It is credited to nobody, so it cost nobody income.")
        if not cost_income(conversion, history(tx, conversion.id)):
            return _nothing("It was neither declined nor reduced.")
        return conversion.advertiser, publisher
    if ask.partnership is not None and ask.conversion is None:
        partnership = tx.catalog.partnership(ask.partnership, lock=True)
        if partnership is None:
            return missing("partnership", ask.partnership)
        if not cost_partnership(partnership.status):
            return _nothing(f"The partnership is {partnership.status.value}, neither declined nor ended.")
        return partnership.advertiser, partnership.publisher
    return Refusal(
        code="contest_of_what",
        message="Say what was decided about: a conversion or a partnership, one of them.",
        field="conversion",
    )


def _enter(tx: Tx, call: Call, contest: Contest, kind: LeafType, seq: int, fields: Mapping[str, Plain]) -> None:
    enter(
        tx,
        kind,
        fields,
        actor=call.caller.kind,
        series=Series(contest.advertiser, contest.publisher),
        subject=Subject("publisher", contest.publisher),
        about=About("contest", contest.id, seq),
        at_us=call.now_us,
        advertiser=contest.advertiser,
        publisher=contest.publisher,
    )


def _done(tx: Tx, call: Call, contest: Contest, *, before: int | None) -> Done[ContestOut]:
    return Done(
        output=_out(tx, call, contest),
        subject=public("contest", contest.id),
        before=before,
        after=contest.row_version,
        advertiser=contest.advertiser,
        publisher=contest.publisher,
    )


def _told(call: Call, found: Sequence[Contest]) -> list[ContestOut]:
    """With the words. Whoever sees the row may read them; keys are the system's alone."""
    with call.deps.database.transaction(_SYSTEM) as tx:
        return [_out(tx, call, contest) for contest in found]


def _out(tx: Tx, call: Call, contest: Contest) -> ContestOut:
    contents = tx.log.contents(About("contest", contest.id))
    said: dict[int, dict[str, Any]] = {seq: content.fields() for seq, content in contents if content is not None}
    opening, answer = said.get(_OPENING, {}), said.get(_ANSWER, {})
    return ContestOut(
        id=contest.id,
        advertiser=contest.advertiser,
        publisher=contest.publisher,
        conversion=contest.conversion,
        partnership=contest.partnership,
        text=opening.get("text"),
        opened_at=from_us(contest.opened_us),
        due=contest.due,
        days_left=days_left(contest.due, call.now_us) if contest.answered_us is None else None,
        verdict=contest.verdict,
        reason=answer.get("reason"),
        answered_by=answer.get("by"),
        answered_at=moment(contest.answered_us),
        row_version=contest.row_version,
    )


def _about(contest: Contest) -> str:
    if contest.conversion is not None:
        return public("conversion", contest.conversion)
    assert contest.partnership is not None
    return public("partnership", contest.partnership)


def _nothing(message: str) -> Refusal:
    return _conflict("contest_of_nothing", f"{message} There is nothing to contest.")


def _conflict(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, kind=Kind.CONFLICT)
