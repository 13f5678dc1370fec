"""What changed lately, what waits for a person, and what things are called."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import ActRef, ProgramRef, border
from warum.app.call import Call
from warum.app.decisions.shapes import AbstentionOut
from warum.app.decisions.show import abstention_out
from warum.domain.conversion import EventKind
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Tx
from warum.ports.decisions import State
from warum.ports.overview import Span

_read_max: Final = 200
_proposals_max: Final = 100
# Who came and went is no news to anybody else.
_NO_NEWS: Final = ("session.",)


@border
class NewsAct:
    id: ActRef
    at: datetime
    actor_kind: ActorKind
    actor: str
    actor_name: Annotated[str, Field(description="The same as people know it.")]
    operation: str
    subject: str
    subject_name: Annotated[str | None, Field(description="What people call it; null where nobody named it.")]
    reason: str | None


@border
class NewsStep:
    """Conversions that took a step in the last 24 hours, as far as money moved by it."""

    kind: EventKind
    conversions: int


@border
class News:
    acts: Annotated[tuple[NewsAct, ...], Field(description="Newest first.")]
    steps: tuple[NewsStep, ...]


@border
class NewsShow:
    limit: Annotated[int, Field(ge=1, le=100, description="How many acts at most.")] = 10


def show_news(tx: Tx, call: Call, ask: NewsShow) -> News | Refusal:
    read = tx.acts.acts(subject=None, before=None, limit=_read_max)
    acts = [act for act in read if not act.operation.startswith(_NO_NEWS)][: ask.limit]
    names = tx.overview.names({text for act in acts for text in (act.actor, act.subject)})
    flows = tx.overview.flows(Span(call.now_us - DAY_US, call.now_us + 1))
    counts = {kind: sum(flow.steps for flow in flows if flow.kind == kind) for kind in EventKind}
    return News(
        acts=tuple(
            NewsAct(
                id=act.id,
                at=from_us(act.at_us),
                actor_kind=act.actor_kind,
                actor=act.actor,
                actor_name=names.get(act.actor, act.actor),
                operation=act.operation,
                subject=act.subject,
                subject_name=names.get(act.subject),
                reason=act.reason,
            )
            for act in acts
        ),
        steps=tuple(NewsStep(kind=kind, conversions=count) for kind, count in counts.items() if count),
    )


@border
class Waiting:
    proposals: Annotated[int, Field(description="Proposals of bots that people are asked about.")]
    contests: Annotated[int, Field(description="Decisions that publishers contest.")]
    contests_overdue: Annotated[int, Field(description="Those among them whose answer is late.")]
    applications: Annotated[int, Field(description="Publishers that applied to a program.")]
    reports: Annotated[int, Field(description="Reports that wait for their order or for a person.")]
    quarantined: Annotated[int, Field(description="Records that broke the consumer and were set aside.")]
    postbacks_given_up: int


@border
class WaitingShow:
    pass


def show_waiting(tx: Tx, call: Call, ask: WaitingShow) -> Waiting | Refusal:
    reports, quarantined = tx.views.waiting()
    _, given_up = tx.deliveries.backlog()
    contests, overdue = tx.contests.waiting(from_us(call.now_us).date())
    return Waiting(
        contests=contests,
        contests_overdue=overdue,
        proposals=len(tx.decisions.proposals(states=(State.OPEN,), limit=_proposals_max)),
        applications=tx.overview.applications(),
        reports=reports,
        quarantined=quarantined,
        postbacks_given_up=given_up,
    )


@border
class NameList:
    subjects: Annotated[tuple[str, ...], Field(max_length=500, description="Public ids.")]


@border
class NameOut:
    subject: str
    name: str


@border
class Names:
    names: Annotated[tuple[NameOut, ...], Field(description="Those that have a name and that you may know.")]


def list_names(tx: Tx, call: Call, ask: NameList) -> Names | Refusal:
    found = tx.overview.names(set(ask.subjects))
    return Names(names=tuple(NameOut(subject=subject, name=name) for subject, name in sorted(found.items())))


@border
class Unknown:
    """An offer or a program of which a bot says that it does not know yet."""

    program: ProgramRef
    program_name: str
    subject: str
    subject_name: str
    abstention: AbstentionOut


@border
class Unknowns:
    unknowns: Annotated[tuple[Unknown, ...], Field(description="Newest first.")]


@border
class UnknownList:
    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50


def list_unknowns(tx: Tx, call: Call, ask: UnknownList) -> Unknowns | Refusal:
    found = tx.overview.unknowns(ask.limit)
    names = tx.overview.names(
        {subject for each in found for subject in (public("program", each.program), each.subject)}
    )
    return Unknowns(
        unknowns=tuple(
            Unknown(
                program=one.program,
                program_name=names.get(public("program", one.program), ""),
                subject=one.subject,
                subject_name=names.get(one.subject, ""),
                abstention=abstention_out(one),
            )
            for one in found
        )
    )
