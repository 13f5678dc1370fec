"""A bot's proposal, told by the same record as other answers."""

from __future__ import annotations

from warum.app.advice.names import named as advice_names
from warum.app.border import missing
from warum.app.call import Call
from warum.app.decisions.stored import read_asked
from warum.app.inquiries.draws import named
from warum.app.inquiries.shapes import InquiryOut, ProposalExplain
from warum.app.inquiries.told import told
from warum.domain.advice import Advice
from warum.domain.explain.proposals import explain_proposal
from warum.domain.explain.voice import Named
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


def answer(tx: Tx, call: Call, ask: ProposalExplain) -> InquiryOut | Refusal:
    stored = tx.decisions.proposal(ask.proposal)
    if stored is None:
        return missing("proposal", ask.proposal)
    path = f"/decisions/{public('proposal', stored.id)}"
    proposal = read_asked(stored)
    if isinstance(proposal, Advice):
        return told(proposal.explanation, ask, advice_names(tx, [proposal]), path)
    of, allocation = stored.drawn()
    offer = tx.catalog.offer(of)
    past = [one for one in tx.evidence.allocations(of) if one.id == allocation]
    called = Named() if offer is None else named(tx, offer, past)
    return told(explain_proposal(proposal), ask, called, path)
