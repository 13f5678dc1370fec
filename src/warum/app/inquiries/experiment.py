"""Was this experiment sound?"""

from __future__ import annotations

import numpy as np

from warum.app.call import Call
from warum.app.inquiries.draws import draws_of
from warum.app.inquiries.shapes import ExperimentInquiry, InquiryOut
from warum.app.inquiries.told import path_of, told
from warum.domain.inquiries.experiment import explain_experiment
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


def answer(tx: Tx, call: Call, ask: ExperimentInquiry) -> InquiryOut | Refusal:
    asked = draws_of(tx, call, ask.offer, ask.since, ask.until)
    if isinstance(asked, Refusal):
        return asked
    if ask.control is not None and ask.control not in {*asked.draws.arms_drawn(), *asked.draws.arms_in_force()}:
        return Refusal(
            code="control_unknown",
            message=f"This offer has no arm {ask.control} in these days. Leave it out, or name one that was drawn.",
            field="control",
        )
    rng = np.random.default_rng(asked.offer.id)
    explanation = explain_experiment(asked.draws, rng, control=ask.control)
    path = path_of(
        "experiment",
        offer=public("offer", asked.offer.id),
        since=asked.span.first,
        until=asked.span.last,
        control=ask.control,
    )
    return told(explanation, ask, asked.named, path)
