"""Which creative, and why."""

from __future__ import annotations

from warum.app.call import Call
from warum.app.inquiries.draws import draws_of
from warum.app.inquiries.shapes import CreativeInquiry, InquiryOut
from warum.app.inquiries.told import path_of, told
from warum.domain.inquiries.creative import explain_creative
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


def answer(tx: Tx, call: Call, ask: CreativeInquiry) -> InquiryOut | Refusal:
    asked = draws_of(tx, call, ask.offer, ask.since, ask.until)
    if isinstance(asked, Refusal):
        return asked
    # The same question about the same rows has the same answer.
    explanation = explain_creative(asked.draws, seed=asked.offer.id)
    path = path_of("creative", offer=public("offer", asked.offer.id), since=asked.span.first, until=asked.span.last)
    return told(explanation, ask, asked.named, path)
