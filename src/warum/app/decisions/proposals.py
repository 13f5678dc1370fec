"""Proposals: what a person reads before deciding, the decision, and taking it back.

Two people may decide at once. The row's lock makes one of them the first; the other is told who that was, what they
decided and when, and nothing of theirs is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from warum.app.advice.steps import take_steps, undo_steps
from warum.app.border import Limit, OfferRef, ProgramRef, ProposalRef, ReasonText, Version, border, missing, stale
from warum.app.call import Call, Done
from warum.app.decisions.effects import announce, apply_proposal, undo_effect
from warum.app.decisions.record import decision_fields
from warum.app.decisions.shapes import Abstentions, ProposalDetails, Proposals
from warum.app.decisions.show import abstention_out, details, lines
from warum.app.decisions.stored import read_asked, read_proposal
from warum.app.log.entries import enter_decision
from warum.app.messages import Body, MessageLanguage, Subject
from warum.domain.advice import SHARES, Advice
from warum.domain.decisions import DeclineReason, Verdict
from warum.kernel.canonical import fingerprint
from warum.kernel.ids import public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Tx
from warum.ports.decisions import ASKED, State, StoredDecision, StoredProposal

_shapes: Final = TypeAdapter(ProposalDetails)

Note = Annotated[str, Field(max_length=1000, description="For whoever reads the decision later.")]
SecondsShown = Annotated[
    int, Field(ge=0, le=86_400, description="For how long it was looked at, where the surface knows.")
]


@border
class ProposalList:
    states: Annotated[
        tuple[State, ...],
        Field(max_length=len(State), description="Left out: what is asked now, the greatest stake first."),
    ] = (State.OPEN,)
    program: ProgramRef | None = None
    offer: OfferRef | None = None
    before: Annotated[ProposalRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_proposals(tx: Tx, call: Call, ask: ProposalList) -> Proposals | Refusal:
    found = tx.decisions.proposals(
        states=ask.states,
        program=ask.program,
        offer=ask.offer,
        before=ask.before,
        by_stake=bool(ask.states) and ASKED.issuperset(ask.states) and ask.before is None,
        limit=ask.limit,
    )
    return Proposals(proposals=lines(tx, found))


@border
class ProposalShow:
    proposal: ProposalRef


def show_proposal(tx: Tx, call: Call, ask: ProposalShow) -> ProposalDetails | Refusal:
    found = tx.decisions.proposal(ask.proposal)
    return missing("proposal", ask.proposal) if found is None else details(tx, found)


@border
class LetterEdit:
    step: Annotated[int, Field(ge=0, description="Its place among the steps, from 0.")]
    subject: Subject
    body: Body


@border
class ProposalApprove:
    """Shares are put in force, and the edge has them within two seconds. The steps of an advice are performed in the
    name of whoever approves, all of them or none."""

    proposal: ProposalRef
    note: Note = ""
    language: Annotated[MessageLanguage, Field(description="Of the drafts, where there are any.")] = MessageLanguage.DE
    letters: Annotated[
        tuple[LetterEdit, ...], Field(max_length=20, description="Drafts that you wrote anew; the others stay.")
    ] = ()
    seconds_shown: SecondsShown | None = None
    expected_version: Version | None = None


def approve_proposal(tx: Tx, call: Call, ask: ProposalApprove) -> Done[ProposalDetails] | Refusal:
    stored = _to_decide(tx, call, ask.proposal, ask.expected_version)
    if isinstance(stored, Refusal):
        return stored
    changed: list[tuple[int, int]] = []
    proposal = read_asked(stored)
    if isinstance(proposal, Advice):
        edits = {one.step: {"subject": one.subject, "body": one.body} for one in ask.letters}
        if refusal := take_steps(tx, call, stored, proposal, language=ask.language.value, edits=edits):
            return refusal
    else:
        effect = apply_proposal(tx, stored, proposal, actor=call.caller.kind, now_us=call.now_us)
        if isinstance(effect, Refusal):
            return effect
        changed.append((effect.offer, effect.allocation_after))
    done = _decided(tx, call, stored, Verdict.APPROVED, State.APPLIED, note=ask.note, seconds=ask.seconds_shown)
    announce(tx, changed, now_us=call.now_us)
    return done


@border
class ProposalDecline:
    """The same idea comes back only on new evidence."""

    proposal: ProposalRef
    reason: DeclineReason
    note: Note = ""
    seconds_shown: SecondsShown | None = None
    expected_version: Version | None = None


def decline_proposal(tx: Tx, call: Call, ask: ProposalDecline) -> Done[ProposalDetails] | Refusal:
    if ask.reason is DeclineReason.OTHER and not ask.note:
        return Refusal(
            code="note_missing",
            message="Say in the note what the other reason is; the bot's makers read it.",
            field="note",
        )
    stored = _to_decide(tx, call, ask.proposal, ask.expected_version)
    if isinstance(stored, Refusal):
        return stored
    return _decided(
        tx, call, stored, Verdict.DECLINED, State.DECLINED, reason=ask.reason, note=ask.note, seconds=ask.seconds_shown
    )


@border
class ProposalUndo:
    """Restores the shares before, or takes the steps of an advice back, as long as nobody changed them since."""

    proposal: ProposalRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def undo_proposal(tx: Tx, call: Call, ask: ProposalUndo) -> Done[ProposalDetails] | Refusal:
    stored = tx.decisions.proposal(ask.proposal, lock=True)
    if stored is None:
        return missing("proposal", ask.proposal)
    if stored.state is not State.APPLIED:
        said = _said(tx, stored) if stored.state is not State.UNDONE else _last_word(tx, stored)
        return Refusal(
            code="not_applied",
            message=f"There is nothing to undo. {said}",
            field="proposal",
            kind=Kind.CONFLICT,
        )
    if refusal := stale(stored.row_version, ask.expected_version):
        return refusal
    changed: list[tuple[int, int]] = []
    if stored.idea == SHARES:
        (effect,) = tx.decisions.effects([stored.id])
        proposal = read_proposal(stored.body)
        allocation = undo_effect(tx, effect, stored, proposal, actor=call.caller.kind, now_us=call.now_us)
        if isinstance(allocation, Refusal):
            return allocation
        changed.append((effect.offer, allocation))
    elif refusal := undo_steps(tx, call, stored, tx.decisions.steps([stored.id])):
        return refusal
    done = _decided(tx, call, stored, Verdict.UNDONE, State.UNDONE, note=ask.reason or "")
    announce(tx, changed, now_us=call.now_us)
    return done


@border
class AbstentionList:
    offer: OfferRef
    limit: Limit = 20


def list_abstentions(tx: Tx, call: Call, ask: AbstentionList) -> Abstentions | Refusal:
    if tx.catalog.offer(ask.offer) is None:
        return missing("offer", ask.offer)
    found = tx.decisions.abstentions(ask.offer, limit=ask.limit)
    return Abstentions(abstentions=tuple(abstention_out(one) for one in found))


def _to_decide(tx: Tx, call: Call, proposal: int, expected: int | None) -> StoredProposal | Refusal:
    """The proposal, locked and still to be decided."""
    stored = tx.decisions.proposal(proposal, lock=True)
    if stored is None:
        return missing("proposal", proposal)
    if stored.state not in ASKED:
        return Refusal(code="proposal_decided", message=_said(tx, stored), field="proposal", kind=Kind.CONFLICT)
    if stored.expires_at_us <= call.now_us:
        return Refusal(
            code="proposal_expired",
            message=f"It expired on {_at(stored.expires_at_us)}: its evidence is too old to act on. If it still holds, "
            "the bot makes it again from newer facts.",
            field="proposal",
            kind=Kind.CONFLICT,
        )
    return stale(stored.row_version, expected) or stored


def _decided(
    tx: Tx,
    call: Call,
    stored: StoredProposal,
    verdict: Verdict,
    state: State,
    *,
    reason: DeclineReason | None = None,
    note: str = "",
    seconds: int | None = None,
) -> Done[ProposalDetails]:
    shown = fingerprint(_shapes.dump_python(details(tx, stored), mode="json")).hex()
    decision = StoredDecision(
        proposal=stored.id,
        verdict=verdict,
        actor_kind=call.caller.kind,
        actor=call.caller.actor,
        at_us=call.now_us,
        reason=reason,
        note=note,
        seconds_shown=seconds,
    )
    tx.decisions.add_decision(decision)
    fields = decision_fields(tx, stored, read_asked(stored), decision, shown=shown)
    enter_decision(tx, fields, stored, actor=call.caller.kind, at_us=call.now_us)
    version = tx.decisions.set_state(stored.id, state)
    found = tx.decisions.proposal(stored.id)
    assert found is not None
    return Done(
        output=details(tx, found),
        subject=public("proposal", stored.id),
        before=stored.row_version,
        after=version,
        advertiser=stored.advertiser,
    )


def _said(tx: Tx, stored: StoredProposal) -> str:
    """Why it cannot be decided any more, or not by people."""
    match stored.state:
        case State.APPLIED | State.DECLINED | State.UNDONE:
            return _last_word(tx, stored)
        case State.SHADOW:
            return "The bot only watches in this program; nobody was asked, and nothing was changed."
        case State.SUPERSEDED:
            return "It was taken back: there is newer evidence, another allocation, or the bot was stopped."
        case State.EXPIRED:
            return f"It expired on {_at(stored.expires_at_us)}; if it still holds, the bot makes it again."
        case State.OPEN | State.WAITING:
            return "It was not decided yet."


def _last_word(tx: Tx, stored: StoredProposal) -> str:
    decisions: Sequence[StoredDecision] = tx.decisions.decisions([stored.id])
    if not decisions:
        return "It was decided."
    last = decisions[-1]
    why = "" if last.reason is None else f", because of {last.reason.value.replace('_', ' ')}"
    note = f" ({last.note})" if last.note else ""
    return f"{last.actor} {_VERBS[last.verdict]} it on {_at(last.at_us)}{why}{note}."


_VERBS = {Verdict.APPROVED: "approved", Verdict.DECLINED: "declined", Verdict.UNDONE: "undid"}


def _at(moment_us: int) -> str:
    return from_us(moment_us).strftime("%Y-%m-%d at %H:%M:%S UTC")
