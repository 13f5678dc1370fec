"""What other shares of the arms would have brought."""

from __future__ import annotations

import numpy as np

from warum.app.call import Call
from warum.app.inquiries.draws import draws_of
from warum.app.inquiries.shapes import InquiryOut, PolicyInquiry
from warum.app.inquiries.told import path_of, told
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.inquiries.draws import OfferDraws
from warum.domain.inquiries.policy import Award, explain_policy
from warum.kernel.ids import public
from warum.kernel.money import split
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx


def answer(tx: Tx, call: Call, ask: PolicyInquiry) -> InquiryOut | Refusal:
    asked = draws_of(tx, call, ask.offer, ask.since, ask.until)
    if isinstance(asked, Refusal):
        return asked
    draws = asked.draws
    shares = _shares(ask, draws)
    if isinstance(shares, Refusal):
        return shares
    awards = [
        Award(allocation=one.allocation, arm=one.arm, pending=one.pending, retained_minor=one.retained_minor)
        for one in tx.evidence.awards(
            asked.allocations,
            draws.currency,
            from_day=asked.from_day,
            until_day=asked.until_day,
            in_slots=asked.in_slots,
        )
    ]
    explanation = explain_policy(draws, awards, shares, np.random.default_rng(asked.offer.id))
    if isinstance(explanation, Refusal):
        return explanation
    path = path_of(
        "policy",
        offer=public("offer", asked.offer.id),
        since=asked.span.first,
        until=asked.span.last,
        arm=ask.arm,
        propensities=",".join(str(one) for one in ask.propensities),
    )
    return told(explanation, ask, asked.named, path)


def _shares(ask: PolicyInquiry, draws: OfferDraws) -> dict[int, int] | Refusal:
    """Parts per million by arm."""
    arms = draws.arms_in_force()
    if ask.arm is not None and ask.propensities:
        return Refusal(
            code="shares_twice", message="Name one arm or list propensities, not both.", field="propensities"
        )
    if ask.arm is not None:
        if ask.arm not in {*arms, *draws.arms_drawn()}:
            return Refusal(
                code="arm_unknown", message=f"This offer has no arm {ask.arm}. Name one that it has.", field="arm"
            )
        return {ask.arm: PROPENSITY_ONE}
    if not ask.propensities:
        return dict(zip(arms, split(PROPENSITY_ONE, [1] * len(arms)), strict=True))
    ppm = [int(one * PROPENSITY_ONE) for one in ask.propensities]
    if len(ppm) != len(arms):
        return Refusal(
            code="propensities_count",
            message=f"List {len(arms)} propensities, one for each arm in force.",
            field="propensities",
        )
    if sum(ppm) != PROPENSITY_ONE:
        return Refusal(
            code="propensities_sum", message="The propensities have to sum to exactly 1.", field="propensities"
        )
    return dict(zip(arms, ppm, strict=True))
