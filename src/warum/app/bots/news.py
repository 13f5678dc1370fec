"""Whether there is anything new to say. An idea that was said once is not said again on the same evidence, however
often it is computed: people who are asked the same thing every five minutes stop reading."""

from __future__ import annotations

from typing import Final

from warum.domain.decisions import Change, Proposal

conversions_more: Final = 20
"""Fewer conversions more than this are no new evidence, also where there were hardly any."""


def is_news(told: Proposal, proposal: Proposal, *, conversions_told: int, conversions: int) -> bool:
    """Whether a proposal says something that another one for the same subject did not say: another arm is to win,
    there are half as many conversions again, or one's promise lies outside of what the other held possible."""
    if told.currency != proposal.currency or winner(told.change) != winner(proposal.change):
        return True
    if conversions >= max(conversions_told * 3 // 2, conversions_told + conversions_more):
        return True
    before, now = told.expected, proposal.expected
    return not (
        before.low_minor <= now.gain_minor <= before.high_minor and now.low_minor <= before.gain_minor <= now.high_minor
    )


def winner(change: Change) -> int | None:
    """The arm that gains most; None where arms came or went."""
    before = {share.arm: share.propensity_ppm for share in change.before}
    gains = {share.arm: share.propensity_ppm - before.get(share.arm, 0) for share in change.after}
    return max(gains, key=lambda arm: gains[arm]) if gains.keys() == before.keys() else None
