"""The operations of the loop of decisions; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Change, Read
from warum.app.decisions import proposals, scorecard, shapes, steering
from warum.app.decisions.scorecard import shapes as card_shapes
from warum.app.roles import HOUSE, STAFF

DECISIONS: Final[tuple[AnyOperation, ...]] = (
    Read(
        name="proposal.list",
        summary="List proposals of bots; by default what waits for a decision, the greatest stake first.",
        input=proposals.ProposalList,
        output=shapes.Proposals,
        roles=HOUSE,
        run=proposals.list_proposals,
    ),
    Read(
        name="proposal.show",
        summary="Show a proposal with its evidence, its alternatives, what was decided and what came of it.",
        input=proposals.ProposalShow,
        output=shapes.ProposalDetails,
        roles=HOUSE,
        run=proposals.show_proposal,
    ),
    Change(
        name="proposal.approve",
        summary="Approve a proposal: its shares are put in force, or its steps performed, at once.",
        input=proposals.ProposalApprove,
        output=shapes.ProposalDetails,
        roles=STAFF,
        run=proposals.approve_proposal,
    ),
    Change(
        name="proposal.decline",
        summary="Decline a proposal with a listed reason; the idea comes back only on new evidence.",
        input=proposals.ProposalDecline,
        output=shapes.ProposalDetails,
        roles=STAFF,
        run=proposals.decline_proposal,
    ),
    Change(
        name="proposal.undo",
        summary="Take an applied proposal back: what was before is restored at once, where it can be.",
        input=proposals.ProposalUndo,
        output=shapes.ProposalDetails,
        roles=STAFF,
        run=proposals.undo_proposal,
    ),
    Read(
        name="abstention.list",
        summary="List why bots proposed nothing for an offer, the newest first.",
        input=proposals.AbstentionList,
        output=shapes.Abstentions,
        roles=HOUSE,
        run=proposals.list_abstentions,
    ),
    Read(
        name="policy.show",
        summary="Show what a bot may do in a program.",
        input=steering.PolicyShow,
        output=steering.PolicyOut,
        roles=HOUSE,
        run=steering.show_policy,
    ),
    Change(
        name="policy.set",
        summary="Set what a bot may do in a program: observe, propose, or act within limits.",
        input=steering.PolicySet,
        output=steering.PolicyOut,
        roles=STAFF,
        run=steering.set_policy,
    ),
    Read(
        name="goal.show",
        summary="Show the goal of a program, which binds every bot.",
        input=steering.GoalShow,
        output=steering.GoalOut,
        roles=HOUSE,
        run=steering.show_goal,
    ),
    Change(
        name="goal.set",
        summary="Set the goal of a program, which binds every bot.",
        input=steering.GoalSet,
        output=steering.GoalOut,
        roles=STAFF,
        run=steering.set_goal,
    ),
    Change(
        name="note.add",
        summary="Note for a program what data does not show; bots take it for a fact.",
        input=steering.NoteAdd,
        output=steering.NoteOut,
        roles=STAFF,
        run=steering.add_note,
    ),
    Read(
        name="note.list",
        summary="List the notes of a program.",
        input=steering.NoteList,
        output=steering.Notes,
        roles=HOUSE,
        run=steering.list_notes,
    ),
    Read(
        name="bot.list",
        summary="List the bots and their kill switches.",
        input=steering.BotList,
        output=steering.Bots,
        roles=HOUSE,
        run=steering.list_bots,
    ),
    Change(
        name="bot.stop",
        summary="Stop a bot in the whole network, at once.",
        input=steering.BotStop,
        output=steering.BotOut,
        roles=STAFF,
        run=steering.stop_bot,
    ),
    Change(
        name="bot.start",
        summary="Let a stopped bot run again.",
        input=steering.BotStart,
        output=steering.BotOut,
        roles=STAFF,
        run=steering.start_bot,
    ),
    Read(
        name="bot.scorecard",
        summary="Show how often the promises of bots came true, and what that says about the bots.",
        input=scorecard.ScorecardShow,
        output=card_shapes.Scorecards,
        roles=HOUSE,
        run=scorecard.show_scorecards,
    ),
    Read(
        name="bot.promises",
        summary="List what bots promised and what was measured, the newest first.",
        input=scorecard.PromiseList,
        output=card_shapes.Promises,
        roles=HOUSE,
        run=scorecard.list_promises,
    ),
)
