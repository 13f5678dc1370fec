"""The operations of inquiries; part of the table of all (``app.operations``). What answers one is loaded when it is
asked: its arithmetic takes the better part of a second to load."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from warum.app.call import AnyOperation, Call, Read
from warum.app.inquiries import shapes
from warum.app.inquiries.shapes import InquiryOut
from warum.app.roles import HOUSE
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


def _asked(module: str) -> Callable[[Tx, Call, Any], InquiryOut | Refusal]:
    def answer(tx: Tx, call: Call, ask: Any) -> InquiryOut | Refusal:
        return import_module(f"warum.app.inquiries.{module}").answer(tx, call, ask)

    return answer


INQUIRIES: Final[tuple[AnyOperation, ...]] = (
    Read(
        name="inquiry.creative",
        summary="Which creative, and why: the arm that brings the most so far, how sure that is, what would change it.",
        input=shapes.CreativeInquiry,
        output=InquiryOut,
        roles=HOUSE,
        run=_asked("creative"),
    ),
    Read(
        name="inquiry.experiment",
        summary="Was this experiment sound: whether the comparison of an offer's arms holds, and what it says.",
        input=shapes.ExperimentInquiry,
        output=InquiryOut,
        roles=HOUSE,
        run=_asked("experiment"),
    ),
    Read(
        name="inquiry.policy",
        summary="What other shares of the arms would have brought in a past span: an estimate from the log of draws.",
        input=shapes.PolicyInquiry,
        output=InquiryOut,
        roles=HOUSE,
        run=_asked("policy"),
    ),
    Read(
        name="inquiry.rule",
        summary="What a commission rule would have cost in a past span, computed from its conversions to the cent.",
        input=shapes.RuleInquiry,
        output=InquiryOut,
        roles=HOUSE,
        run=_asked("rule"),
    ),
    Read(
        name="proposal.explain",
        summary="Explain a bot's proposal in words: as a card, a mail or a page.",
        input=shapes.ProposalExplain,
        output=InquiryOut,
        roles=HOUSE,
        run=_asked("proposal"),
    ),
)
