"""Stored proposals in the shapes that are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warum.app.advice.names import named as advice_names
from warum.app.advice.show import advice_out
from warum.app.advice.show import claim as advice_claim
from warum.app.advice.show import headline as advice_headline
from warum.app.border import moment, money
from warum.app.decisions import words
from warum.app.decisions.shapes import (
    AbstentionOut,
    AlternativeOut,
    ArmShareOut,
    CheckOut,
    CounterfactualOut,
    DecisionOut,
    EffectOut,
    EvidenceOut,
    OriginOut,
    OutcomeOut,
    ParameterOut,
    ProposalDetails,
    ProposalLine,
    RowsOut,
    ShareOut,
)
from warum.app.decisions.stored import read_abstention, read_advice, read_asked
from warum.app.offers import propensity
from warum.domain.advice import SHARES, Advice
from warum.domain.decisions import Check, Evidence, Parameter, Proposal
from warum.domain.explain.voice import Named as CalledNames
from warum.kernel.period import from_us
from warum.ports.database import Tx
from warum.ports.decisions import StoredAbstention, StoredDecision, StoredEffect, StoredOutcome, StoredProposal


def lines(tx: Tx, found: Sequence[StoredProposal]) -> tuple[ProposalLine, ...]:
    """One line each, with the last decision and the newest outcome."""
    ids = [one.id for one in found]
    decisions = {one.proposal: one for one in tx.decisions.decisions(ids)}
    outcomes = {one.proposal: one for one in tx.decisions.outcomes(ids)}
    shares = [one for one in found if one.idea == SHARES]
    named = {of: _Named(tx, *of) for of in {one.drawn() for one in shares}}
    called = advice_names(tx, [read_advice(one.body) for one in found if one.idea != SHARES])
    return tuple(
        _line(
            one,
            named[one.drawn()] if one.idea == SHARES else called,
            decisions.get(one.id),
            outcomes.get(one.id),
        )
        for one in found
    )


def details(tx: Tx, stored: StoredProposal) -> ProposalDetails:
    """Everything about one of them."""
    proposal = read_asked(stored)
    if isinstance(proposal, Advice):
        named = advice_names(tx, [proposal])
        return ProposalDetails(
            **_shared(tx, stored, proposal, named),
            arms=(),
            evidence=(),
            checks=(),
            considered=(),
            counterfactuals=(),
            advice=advice_out(proposal, named, tx.decisions.steps([stored.id])),
            method=(),
            effect=None,
        )
    return _of_shares(tx, stored, proposal)


def _shared(tx: Tx, stored: StoredProposal, proposal: Proposal | Advice, named: _Named | CalledNames) -> dict[str, Any]:
    """What is told of proposals of every kind."""
    decisions, outcomes = tx.decisions.decisions([stored.id]), tx.decisions.outcomes([stored.id])
    expected, origin, currency = proposal.expected, proposal.origin, stored.currency
    return {
        "proposal": _line(
            stored,
            named,
            decisions[-1] if decisions else None,
            outcomes[-1] if outcomes else None,
        ),
        "measured_low": money(expected.measured_low_minor, currency),
        "measured_high": money(expected.measured_high_minor, currency),
        "value": money(expected.value_minor, currency),
        "exposures": expected.exposures,
        "origin": OriginOut(
            model=origin.model,
            version=origin.version,
            facts=origin.facts,
            digest=stored.digest.hex(),
            seed=stored.seed,
            environment=_parameters(origin.environment),
        ),
        "decisions": tuple(map(_decision, decisions)),
        "outcomes": tuple(_outcome(one, currency) for one in outcomes),
    }


def _of_shares(tx: Tx, stored: StoredProposal, proposal: Proposal) -> ProposalDetails:
    currency, named = stored.currency, _Named(tx, *stored.drawn())
    effect = next(iter(tx.decisions.effects([stored.id])), None)
    return ProposalDetails(
        **_shared(tx, stored, proposal, named),
        arms=_arms(named, proposal),
        evidence=tuple(map(_evidence, proposal.evidence)),
        checks=_checks(proposal.checks),
        considered=tuple(
            AlternativeOut(
                name=one.name,
                shares=tuple(ShareOut(arm=share.arm, share=propensity(share.propensity_ppm)) for share in one.after),
                gain=money(one.gain_minor, currency),
                low=money(one.low_minor, currency),
                high=money(one.high_minor, currency),
                why_not=one.why_not,
                words=words.why_not(one, currency),
            )
            for one in proposal.considered
        ),
        counterfactuals=tuple(
            CounterfactualOut(
                code=one.code, parameters=_parameters(one.parameters), words=words.what_if(one, named.arms)
            )
            for one in proposal.counterfactuals
        ),
        method=_parameters(proposal.method),
        advice=None,
        effect=None if effect is None else _effect(effect),
    )


def abstention_out(stored: StoredAbstention) -> AbstentionOut:
    abstention = read_abstention(stored.body)
    return AbstentionOut(
        bot=stored.bot,
        subject=stored.subject,
        offer=stored.offer,
        context=stored.context,
        code=abstention.code,
        parameters=_parameters(abstention.parameters),
        checks=_checks(abstention.checks),
        words=words.refusal(abstention, stored.context),
        made_at=from_us(stored.made_at_us),
    )


def _line(
    stored: StoredProposal,
    named: _Named | CalledNames,
    decision: StoredDecision | None,
    outcome: StoredOutcome | None,
) -> ProposalLine:
    proposal, currency = read_asked(stored), stored.currency
    if isinstance(proposal, Advice):
        assert isinstance(named, CalledNames)
        headline, claim = advice_headline(proposal, named), advice_claim(proposal, named)
        subject = named.called.get(stored.subject, "")
    else:
        assert isinstance(named, _Named)
        headline = words.headline(proposal, named.arms, stored.context)
        claim = words.claim(proposal, named.arms, stored.context)
        subject = named.offer
    return ProposalLine(
        id=stored.id,
        headline=headline,
        claim=claim,
        bot=stored.bot,
        program=stored.program,
        idea=stored.idea,
        subject=stored.subject,
        subject_name=subject,
        offer=stored.offer,
        context=stored.context,
        state=stored.state,
        stake=money(stored.stake_minor, currency),
        gain=money(stored.gain_minor, currency),
        low=money(stored.low_minor, currency),
        high=money(stored.high_minor, currency),
        probability=propensity(stored.probability_ppm),
        horizon_days=proposal.expected.horizon_days,
        made_at=from_us(stored.made_at_us),
        expires_at=from_us(stored.expires_at_us),
        decision=None if decision is None else _decision(decision),
        outcome=None if outcome is None else _outcome(outcome, currency),
        row_version=stored.row_version,
    )


class _Named:
    """What people call an offer and the arms of one of its allocations."""

    def __init__(self, tx: Tx, offer: int, allocation: int) -> None:
        found = tx.catalog.offer(offer)
        pages = {} if found is None else {page.id: page for page in found.landing_pages}
        arms = tx.catalog.allocation(allocation)
        creatives = {arm.arm: tx.creatives.creative(arm.creative) for arm in arms if arm.creative is not None}
        self.offer = "" if found is None else found.name
        self.pages = {arm.arm: pages[arm.landing_page] for arm in arms if arm.landing_page in pages}
        self.arms = {arm: page.name for arm, page in self.pages.items()}
        # Several creatives may lead to one page.
        self.arms |= {arm: creative.name for arm, creative in creatives.items() if creative is not None}
        self.creatives = {arm: creative.id for arm, creative in creatives.items() if creative is not None}


def _arms(named: _Named, proposal: Proposal) -> tuple[ArmShareOut, ...]:
    before = {share.arm: share.propensity_ppm for share in proposal.change.before}
    return tuple(
        ArmShareOut(
            arm=share.arm,
            landing_page=None if page is None else page.id,
            creative=named.creatives.get(share.arm),
            name=named.arms.get(share.arm, ""),
            url="" if page is None else page.url,
            before=propensity(before.get(share.arm, 0)),
            after=propensity(share.propensity_ppm),
        )
        for share in proposal.change.after
        for page in [named.pages.get(share.arm)]
    )


def _evidence(line: Evidence) -> EvidenceOut:
    rows = line.rows
    return EvidenceOut(
        name=line.name,
        arm=line.arm,
        value=line.value,
        low=line.low,
        high=line.high,
        unit=line.unit,
        rows=RowsOut(
            table=rows.table,
            offer=rows.offer,
            arm=rows.arm,
            status=rows.status,
            from_at=from_us(rows.from_us),
            until_at=from_us(rows.until_us),
        ),
    )


def _checks(checks: Sequence[Check]) -> tuple[CheckOut, ...]:
    return tuple(
        CheckOut(name=one.name, passed=one.passed, seen=one.seen, limit=one.limit, words=words.check(one))
        for one in checks
    )


def _parameters(parameters: Sequence[Parameter]) -> tuple[ParameterOut, ...]:
    return tuple(ParameterOut(name=one.name, value=one.value) for one in parameters)


def _decision(decision: StoredDecision) -> DecisionOut:
    return DecisionOut(
        verdict=decision.verdict,
        actor_kind=decision.actor_kind,
        actor=decision.actor,
        at=from_us(decision.at_us),
        reason=decision.reason,
        reason_words=None if decision.reason is None else words.reason(decision.reason),
        note=decision.note,
        seconds_shown=decision.seconds_shown,
    )


def _effect(effect: StoredEffect) -> EffectOut:
    return EffectOut(
        allocation_before=effect.allocation_before,
        allocation_after=effect.allocation_after,
        applied_at=from_us(effect.applied_at_us),
        allocation_undone=effect.allocation_undone,
        undone_at=moment(effect.undone_at_us),
    )


def _outcome(stored: StoredOutcome, currency: str) -> OutcomeOut:
    outcome = stored.outcome
    return OutcomeOut(
        held=outcome.held,
        final=stored.final,
        gain=money(outcome.gain_minor, currency),
        low=money(outcome.low_minor, currency),
        high=money(outcome.high_minor, currency),
        promised=money(outcome.promised_minor, currency),
        promised_low=money(outcome.promised_low_minor, currency),
        promised_high=money(outcome.promised_high_minor, currency),
        exposures=outcome.exposures,
        pending=propensity(outcome.pending_ppm),
        until=from_us(stored.until_us),
        measured_at=from_us(stored.measured_at_us),
        words=words.outcome(outcome, currency, final=stored.final),
    )
