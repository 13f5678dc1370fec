"""Decisions: what bots propose and why, a person's word on it, and what came of it beside what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.decisions.scorecard.shapes import ScorecardOut
from warum.app.decisions.shapes import DecisionOut, ProposalDetails, ProposalLine
from warum.app.decisions.steering import BotOut, GoalOut, PolicyOut
from warum.app.overview.news import Unknown
from warum.app.programs import ProgramOut
from warum.domain.bots.words import decline_reason
from warum.domain.decisions import DeclineReason, Verdict
from warum.domain.leaves import LeafType
from warum.kernel.ids import public
from warum.kernel.period import SECOND_US, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role
from warum.ports.decisions import ASKED, State
from warum.web.console import advice, cards, receipts, records, scores
from warum.web.console.acts import actor
from warum.web.console.cards import Card, CheckRow, said
from warum.web.console.forms import Filled
from warum.web.console.receipts import Held
from warum.web.console.routing import Pages
from warum.web.console.scores import Part
from warum.web.console.visit import Refused, Toast, Undo, Visit, status_of

pages: Final = Pages()

page_rows: Final = 30
seconds_shown_max: Final = 86_400
_LIST: Final = "pages/decisions.html"
_CARD: Final = "pages/decision.html"
_ADVICE: Final = "pages/advice.html"
_STAFF: Final = (Role.OPERATOR, Role.MANAGER)
_programs_max: Final = 100

# The states behind each tab, in its order; the tabs without states show something else.
TABS: Final[Mapping[str, tuple[State, ...]]] = {
    "open": (State.OPEN, State.WAITING),
    "applied": (State.APPLIED,),
    "done": (State.DECLINED, State.UNDONE, State.SUPERSEDED, State.EXPIRED),
    "shadow": (State.SHADOW,),
    "unknown": (),
    "bots": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person's, or a bot's, word on a proposal."""

    says: str
    note: str
    at_us: int
    tone: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A proposal in a list, with the last word on it."""

    card: Card
    said: Said | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRow:
    program: str
    program_id: str
    subject: str
    says: str
    made_us: int
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotCard:
    """A bot's record and its switch."""

    bot: str
    says: str
    parts: tuple[Part, ...]
    amounts: tuple[tuple[str, str], ...]
    decided: str
    stopped: bool
    stopped_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step of what happened, with the measurements that were overtaken by a newer one counted in ``more``."""

    title: str
    text: str
    at_us: int
    tone: str
    icon: str
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Binds:
    """Goal and policy, as far as a card tells them."""

    lines: tuple[tuple[str, str], ...]
    has_goal: bool
    path: str


# The lists -----------------------------------------------------------------------------------------------------------


@pages.get("/decisions")
def show_list(visit: Visit) -> Response:
    return _list(visit)


def _list(visit: Visit, *, status: int = 200, stop: Filled | None = None, stopping: str = "") -> Response:
    tab = visit.query.get("tab", "open") if not stopping else "bots"
    tab = tab if tab in TABS else "open"
    lines: tuple[Line, ...] = ()
    older = None
    if TABS[tab]:
        before = {"before": visit.query["before"]} if "before" in visit.query and tab != "open" else {}
        found: tuple[ProposalLine, ...] = visit.perform(
            "proposal.list", states=[state.value for state in TABS[tab]], limit=page_rows + 1, **before
        ).proposals
        names = _names(visit, (line.decision for line in found))
        lines = tuple(_line(visit, line, names) for line in found[:page_rows])
        older = f"/decisions?tab={tab}&before={lines[-1].card.id}" if len(found) > page_rows else None
    counted = len(visit.perform("proposal.list", states=[State.OPEN.value], limit=page_rows).proposals)
    return visit.page(
        _LIST,
        status_code=status,
        tab=tab,
        tabs=tuple((name, f"/decisions?tab={name}" if name != "open" else "/decisions") for name in TABS),
        open_count=counted,
        lines=lines,
        older=older,
        reasons=_reasons(visit),
        decline=Filled(),
        may_decide=visit.person.user.role in _STAFF,
        shown=_shown(visit),
        unknowns=_unknowns(visit) if tab == "unknown" else (),
        bots=_bots(visit) if tab == "bots" else (),
        programs=_programs(visit) if tab == "bots" else (),
        stop=stop or Filled(),
        stopping=stopping,
    )


def _line(visit: Visit, line: ProposalLine, names: Mapping[str, str]) -> Line:
    return Line(
        card=cards.card(visit.look, line),
        said=None if line.decision is None else _said(visit, line.decision, names),
        seen=_shown(visit),
    )


def _unknowns(visit: Visit) -> tuple[UnknownRow, ...]:
    found: tuple[Unknown, ...] = visit.perform("overview.unknowns").unknowns
    return tuple(
        UnknownRow(
            program=one.program_name,
            program_id=public("program", one.program),
            subject=one.subject_name,
            says=said(visit.look, one.abstention.words),
            made_us=to_us(one.abstention.made_at),
            checks=cards.checks(visit.look, one.abstention.checks),
        )
        for one in found
    )


# One card ------------------------------------------------------------------------------------------------------------


@pages.get("/decisions/{proposal}")
def show(visit: Visit) -> Response:
    return _card(visit)


@pages.get("/decisions/{proposal}/why")
def show_why(visit: Visit) -> Response:
    """What stands behind a card of the list, put into it when somebody asks."""
    details = _details(visit)
    if not visit.partial:
        return visit.redirect(f"/decisions/{public('proposal', details.proposal.id)}")
    card = cards.card(visit.look, details.proposal)
    # Drafts are edited on the page of their own, where approving takes what was typed.
    return visit.block(
        _template(details),
        "why",
        card=card,
        why=_why(visit, details),
        binds=_binds(visit, details),
        may_decide=False,
        whole=False,
    )


@pages.get("/decisions/{proposal}/receipts")
def download(visit: Visit) -> Response:
    return receipts.attached(visit, proposal=public("proposal", visit.id("proposal", "proposal")))


@pages.post("/decisions/{proposal}/approve")
def approve(visit: Visit) -> Response:
    made = visit.attempt("proposal.approve", {**_decided(visit), **_letters(visit), "note": visit.form.text("note")})
    if isinstance(made, Refusal):
        return _refused(visit, made, Verdict.APPROVED)
    return _done(visit, made, "decisions.approved", undo=True)


@pages.post("/decisions/{proposal}/decline")
def decline(visit: Visit) -> Response:
    reason = visit.form.text("reason")
    typed = {"reason": reason, "note": visit.form.raw("note")}
    if reason not in list(DeclineReason):
        return _card(visit, decline=Filled(typed, {"reason": visit.say("decisions.reason.missing")}), status=422)
    made = visit.attempt("proposal.decline", {**_decided(visit), "reason": reason, "note": visit.form.text("note")})
    if isinstance(made, Refusal):
        if made.kind is Kind.INVALID:
            return _card(visit, decline=visit.refilled(made, "reason", "note"), status=status_of(made))
        return _refused(visit, made, Verdict.DECLINED, typed)
    return _done(visit, made, "decisions.declined")


@pages.post("/decisions/{proposal}/undo")
def undo(visit: Visit) -> Response:
    made = visit.attempt("proposal.undo", _versioned(visit))
    if isinstance(made, Refusal):
        return _refused(visit, made, Verdict.UNDONE)
    return _done(visit, made, "decisions.undone")


def _card(visit: Visit, *, status: int = 200, decline: Filled | None = None, conflict: str | None = None) -> Response:
    details = _details(visit)
    line = details.proposal
    names = _names(visit, details.decisions)
    outcomes = details.outcomes
    return visit.page(
        _template(details),
        status_code=status,
        card=cards.card(visit.look, line),
        claim=said(visit.look, line.claim),
        program=_name(visit, public("program", line.program)),
        why=_why(visit, details),
        binds=_binds(visit, details),
        outcome=cards.measured(visit.look, outcomes[-1]) if outcomes else None,
        events=_events(visit, details, names),
        held=_held(visit, details),
        reasons=_reasons(visit),
        decline=decline or Filled(),
        declining=decline is not None,
        conflict=conflict,
        may_decide=visit.person.user.role in _STAFF,
        may_undo=line.state is State.APPLIED,
        shown=_shown(visit),
        whole=True,
    )


def _template(details: ProposalDetails) -> str:
    return _CARD if details.advice is None else _ADVICE


def _why(visit: Visit, details: ProposalDetails) -> cards.Why | advice.AdviceView:
    """What stands behind it."""
    if details.advice is None:
        return cards.why(visit.look, details)
    names = records.names(visit, advice.partners(details.advice))
    letters = visit.query.get("letters", "") or visit.form.text("letters")
    return advice.view(visit.look, details, letters, names, _typed(visit))


def _letters(visit: Visit) -> dict[str, object]:
    """The language of the drafts that were looked at, and those that were written anew."""
    language = visit.form.text("letters")
    if language not in advice.LANGUAGES:
        return {}
    edited = [{"step": step, "subject": subject, "body": body} for step, (subject, body) in _typed(visit).items()]
    return {"language": language, "letters": edited}


def _typed(visit: Visit) -> dict[int, tuple[str, str]]:
    """Subject and body of the drafts as they were typed, by their place among the steps."""
    form = visit.form
    return {
        step: (form.text(f"subject-{step}"), body.replace("\r\n", "\n"))
        for step in range(advice.steps_max)
        if (body := form.raw(f"body-{step}"))
    }


def _held(visit: Visit, details: ProposalDetails) -> Held:
    """What the log holds of it, which its advertiser may check."""
    named, program = public("proposal", details.proposal.id), public("program", details.proposal.program)
    advertiser = public("advertiser", visit.perform("program.show", program=program).advertiser)
    return receipts.held(
        visit,
        "proposal",
        named,
        path=f"/decisions/{named}",
        holders=(records.names(visit, [advertiser]).get(advertiser, advertiser),),
        entered={LeafType.PROPOSAL: 1, LeafType.DECISION: len(details.decisions)},
    )


def _details(visit: Visit) -> ProposalDetails:
    return visit.perform("proposal.show", proposal=public("proposal", visit.id("proposal", "proposal")))


def _decided(visit: Visit) -> dict[str, object]:
    """What every decision says: which proposal at which version, and for how long it was looked at."""
    fields = _versioned(visit)
    begun = visit.form.text("shown")
    if begun.isdecimal() and len(begun) < 15:
        seconds = visit.deps.people_us() // SECOND_US - int(begun)
        fields["seconds_shown"] = max(0, min(seconds, seconds_shown_max))
    return fields


def _versioned(visit: Visit) -> dict[str, object]:
    fields: dict[str, object] = {"proposal": public("proposal", visit.id("proposal", "proposal"))}
    version = visit.form.text("version")
    return {**fields, "expected_version": int(version)} if version.isdecimal() and len(version) < 10 else fields


def _shown(visit: Visit) -> str:
    """When the page was made, by the clock that people live by."""
    return str(visit.deps.people_us() // SECOND_US)


def _done(visit: Visit, made: ProposalDetails, key: str, *, undo: bool = False) -> Response:
    path = f"/decisions/{public('proposal', made.proposal.id)}"
    back = "/decisions" if visit.form.text("from") == "list" else path
    way = Undo(f"{path}/undo", {"version": str(made.proposal.row_version), "from": visit.form.text("from")})
    return visit.redirect(back, Toast(visit.say(key), way if undo else None))


def _refused(visit: Visit, refusal: Refusal, wanted: Verdict, typed: Mapping[str, str] | None = None) -> Response:
    """Somebody was first, or it does not hold any more: the card as it is now, with what happened."""
    if refusal.kind in (Kind.FORBIDDEN, Kind.NOT_FOUND):
        raise Refused(refusal)
    details = _details(visit)
    last = details.decisions[-1] if details.decisions else None
    me = visit.person.caller
    if last is not None and last.verdict is wanted and (last.actor_kind, last.actor) == (me.kind, me.actor):
        # The same form came twice: what it wanted is so.
        return visit.redirect(f"/decisions/{public('proposal', details.proposal.id)}")
    if last is None or details.proposal.state in ASKED:
        conflict = visit.look.refusal(refusal)
    else:
        names = _names(visit, details.decisions)
        conflict = visit.say(
            f"decisions.conflict.{last.verdict.value}",
            who=_who(visit, last, names),
            when=visit.look.formats.ago(to_us(last.at)),
            reason=said(visit.look, last.reason_words) if last.reason_words else "",
        )
    return _card(visit, status=status_of(refusal), conflict=conflict, decline=Filled(typed) if typed else None)


def _events(visit: Visit, details: ProposalDetails, names: Mapping[str, str]) -> tuple[Event, ...]:
    """In the order of time; of the measurements on the way the newest."""
    line = details.proposal
    events = [
        Event(
            title=visit.say("card.history.made"),
            text=visit.say(f"bot.{line.bot}"),
            at_us=to_us(line.made_at),
            tone="",
            icon="decisions",
        )
    ]
    for one in details.decisions:
        told = _said(visit, one, names)
        events.append(Event(title=told.says, text=told.note, at_us=told.at_us, tone=told.tone, icon=told.icon))
    if details.outcomes:
        last = details.outcomes[-1]
        kept = {"kept": "good", "above": "good", "below": "bad"}.get(last.held.value, "wait")
        events.append(
            Event(
                title=visit.say("card.history.final" if last.final else "card.history.measured"),
                text=said(visit.look, last.words),
                at_us=to_us(last.measured_at),
                tone=kept if last.final else "wait",
                icon="check" if last.final and kept == "good" else "clock" if not last.final else "cross",
                more=len(details.outcomes) - 1,
            )
        )
    return tuple(sorted(events, key=lambda event: event.at_us))


def _said(visit: Visit, decision: DecisionOut, names: Mapping[str, str]) -> Said:
    tone, icon = {
        Verdict.APPROVED: ("good", "check"),
        Verdict.DECLINED: ("bad", "cross"),
        Verdict.UNDONE: ("wait", "left"),
    }[decision.verdict]
    return Said(
        says=visit.say(
            f"decisions.verdict.{decision.verdict.value}",
            who=_who(visit, decision, names),
            reason=said(visit.look, decision.reason_words) if decision.reason_words else "",
        ),
        note=decision.note,
        at_us=to_us(decision.at),
        tone=tone,
        icon=icon,
    )


def _who(visit: Visit, decision: DecisionOut, names: Mapping[str, str]) -> str:
    return actor(visit.look, ActorKind(decision.actor_kind), names.get(decision.actor, decision.actor))


def _names(visit: Visit, decisions: Iterable[DecisionOut | None]) -> Mapping[str, str]:
    asked = {one.actor for one in decisions if one is not None}
    found = visit.perform("overview.names", subjects=sorted(asked)).names if asked else ()
    return {one.subject: one.name for one in found}


def _name(visit: Visit, subject: str) -> str:
    found = visit.perform("overview.names", subjects=[subject]).names
    return found[0].name if found else subject


def _reasons(visit: Visit) -> list[tuple[str, str]]:
    language = "de" if visit.look.locale == "de" else "en"
    return [(reason.value, decline_reason(reason, language)) for reason in DeclineReason]


def _binds(visit: Visit, details: ProposalDetails) -> Binds:
    line, formats = details.proposal, visit.look.formats
    program = public("program", line.program)
    policy: PolicyOut = visit.perform("policy.show", program=program, bot=line.bot)
    goal: GoalOut = visit.perform("goal.show", program=program)

    def share(text: str) -> str:
        return cards.percent(formats, text)

    sure = visit.say(
        "card.binds.sure.text",
        share=share(policy.probability_min),
        gain=formats.money_compact(policy.gain_min.amount_minor, policy.gain_min.currency),
    )
    lines = [(visit.say("card.binds.autonomy"), visit.say(f"steering.autonomy.{policy.autonomy.value}"))]
    if details.advice is None:
        lines += [
            (visit.say("card.binds.floor"), share(policy.floor)),
            (visit.say("card.binds.step"), share(policy.step)),
            (visit.say("card.binds.sure"), sure),
        ]
    if goal.target is not None:
        target = formats.money_compact(goal.target.amount_minor, goal.target.currency)
        lines.append((visit.say("card.binds.target"), target))
    if goal.cost_max is not None:
        lines.append((visit.say("card.binds.cost"), share(goal.cost_max)))
    if goal.starts_at is not None or goal.ends_at is not None:
        dates = [formats.day(one) if one is not None else "…" for one in (goal.starts_at, goal.ends_at)]
        lines.append((visit.say("card.binds.dates"), " – ".join(dates)))
    if goal.excluded:
        lines.append((visit.say("card.binds.excluded"), formats.number(len(goal.excluded))))
    return Binds(lines=tuple(lines), has_goal=goal.row_version > 0, path=f"/programs/{program}/bots")


# Bots ----------------------------------------------------------------------------------------------------------------


@pages.post("/decisions/bots/{bot}/stop")
def stop(visit: Visit) -> Response:
    bot = visit.request.path_params["bot"]
    made = visit.attempt("bot.stop", {"bot": bot, "reason": visit.form.text("reason")})
    if isinstance(made, Refusal):
        return _list(visit, status=status_of(made), stop=visit.refilled(made, "reason"), stopping=bot)
    undo = Undo(f"/decisions/bots/{bot}/start")
    return visit.redirect("/decisions?tab=bots", Toast(visit.say("bots.stop.done"), undo))


@pages.post("/decisions/bots/{bot}/start")
def start(visit: Visit) -> Response:
    visit.perform("bot.start", bot=visit.request.path_params["bot"])
    return visit.redirect("/decisions?tab=bots", Toast(visit.say("bots.start.done")))


def _bots(visit: Visit) -> tuple[BotCard, ...]:
    scores: tuple[ScorecardOut, ...] = visit.perform("bot.scorecard", brief=True).scorecards
    switches: dict[str, BotOut] = {one.bot: one for one in visit.perform("bot.list").bots}
    actors = sorted({one.actor for one in switches.values() if one.actor})
    found = visit.perform("overview.names", subjects=actors).names if actors else ()
    names: dict[str, str] = {one.subject: one.name for one in found}
    return tuple(_bot(visit, score, switches[score.bot], names) for score in scores)


def _bot(visit: Visit, score: ScorecardOut, switch: BotOut, names: Mapping[str, str]) -> BotCard:
    formats = visit.look.formats
    stopped_by = None
    if switch.stopped and switch.at is not None:
        stopped_by = visit.say(
            "bots.stopped.by",
            who=names.get(switch.actor or "", switch.actor or ""),
            when=formats.ago(to_us(switch.at)),
            reason=switch.reason or "",
        )
    return BotCard(
        bot=score.bot,
        says=said(visit.look, score.words),
        parts=scores.parts(visit.look, score),
        amounts=tuple(
            (
                formats.money_compact(one.promised.amount_minor, one.promised.currency),
                formats.money_compact(one.measured.amount_minor, one.measured.currency),
            )
            for one in score.amounts
        ),
        decided=visit.say(
            "bots.decided",
            applied=score.applied,
            declined=score.declined,
            undone=score.undone,
            lapsed=score.lapsed,
            shadow=score.shadow,
        ),
        stopped=switch.stopped,
        stopped_by=stopped_by,
    )


def _programs(visit: Visit) -> tuple[tuple[str, str], ...]:
    """(name, settings) of each."""
    found: tuple[ProgramOut, ...] = visit.perform("program.list", limit=_programs_max).programs
    return tuple((one.name, f"/programs/{public('program', one.id)}/bots") for one in found)
