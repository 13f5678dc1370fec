"""The complete record of a decision, as it is entered into the log: what was proposed on which facts, how sure the bot
was, what bound it, who decided and on what they saw, and how it can be contested (``docs/receipts.md``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from warum.app.advice.steps import is_reversible
from warum.app.decisions.steering import policy_in_force
from warum.domain.advice import Advice, fields_of
from warum.domain.decisions import Autonomy, Policy, Proposal
from warum.domain.packing import plain
from warum.kernel.canonical import Plain, fingerprint
from warum.kernel.ids import public
from warum.ports.database import Tx
from warum.ports.decisions import StoredDecision, StoredProposal

SCHEMA: Final = 1
_parameters_max: Final = 12


def decision_fields(
    tx: Tx, stored: StoredProposal, proposal: Proposal | Advice, decision: StoredDecision, *, shown: str | None
) -> dict[str, Plain]:
    """The payload.

    Args:
        shown: SHA-256 (hex) of what the person was shown; None where nobody looked (a bot within its limits).
    """
    policy = policy_in_force(tx, stored.program, stored.bot).policy
    expected = proposal.expected
    return {
        "v": SCHEMA,
        "proposal": public("proposal", stored.id),
        "program": public("program", stored.program),
        **_about(stored, proposal),
        "verdict": decision.verdict.value,
        "by": decision.actor,
        "at": str(decision.at_us),
        "reason": None if decision.reason is None else decision.reason.value,
        "note": decision.note,
        "shown": {"digest": shown, "seconds": decision.seconds_shown},
        "bot": stored.bot,
        "version": proposal.origin.version,
        "model": proposal.origin.model,
        "environment": fingerprint([plain(one) for one in proposal.origin.environment]).hex(),
        "facts": stored.facts.hex(),
        "seed": str(stored.seed),
        "body": stored.digest.hex(),
        "expected": {
            "gain": str(expected.gain_minor),
            "low": str(expected.low_minor),
            "high": str(expected.high_minor),
            "probability_ppm": expected.probability_ppm,
            "horizon_days": expected.horizon_days,
            "stake": str(stored.stake_minor),
            "currency": stored.currency,
        },
        **_weighed(proposal),
        # Nothing that anybody pays for is among the facts of a bot; a rank that were sold would have to be said here.
        "payment_influenced_rank": False,
        "autonomy": _autonomy(policy, stored),
        "policy": fingerprint({name: str(value) for name, value in asdict(policy).items()}).hex(),
        "act_limit_day": str(policy.act_minor_day),
        "effect": "reversible" if isinstance(proposal, Proposal) or is_reversible(proposal.steps) else "lasting",
        "personal_data": False,
        "contest": "contest.open",
    }


def _about(stored: StoredProposal, proposal: Proposal | Advice) -> dict[str, Plain]:
    if isinstance(proposal, Proposal):
        offer, _ = stored.drawn()
        return {"offer": public("offer", offer)}
    return {
        "subject": stored.subject,
        "idea": stored.idea,
        "steps": [[one.operation, fingerprint(fields_of(one)).hex()] for one in proposal.steps],
    }


def _weighed(proposal: Proposal | Advice) -> dict[str, Plain]:
    if isinstance(proposal, Proposal):
        return {
            "alternatives": [
                {"name": one.name, "gain": str(one.gain_minor), "why_not": one.why_not} for one in proposal.considered
            ],
            "parameters": {one.name: one.value for one in proposal.method[:_parameters_max]},
            "counterfactuals": [one.code for one in proposal.counterfactuals],
        }
    told = proposal.explanation
    return {
        "alternatives": [{"name": one.code} for one in told.considered],
        "parameters": {one.name: one.value for one in told.claim.parameters[:_parameters_max]},
        "counterfactuals": [one.code for one in told.would_change],
    }


def _autonomy(policy: Policy, stored: StoredProposal) -> str:
    """How far the bot might go when this was decided."""
    shadow = policy.shadow_until_us is not None and stored.made_at_us < policy.shadow_until_us
    return Autonomy.OBSERVE.value if shadow else policy.autonomy.value
