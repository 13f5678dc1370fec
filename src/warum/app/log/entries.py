"""What is entered into the log beside each kind of change. Payloads are public formats: ``docs/receipts.md``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from warum.domain.catalog import CommissionRule
from warum.domain.leaves import Content, LeafType, Series, Subject, series_of
from warum.domain.ledger import Txn
from warum.domain.mode import Mode
from warum.kernel.canonical import Plain, canonical, fingerprint
from warum.kernel.ids import RecordId, private, public
from warum.ports.catalog import Act, ActorKind
from warum.ports.database import Tx
from warum.ports.decisions import StoredEffect, StoredOutcome, StoredProposal, TakenStep
from warum.ports.log import About, Notice

HOUSE: Final = Subject("house", 0)
ERASURES: Final = frozenset({"conversion.erase", "publisher.erase"})
"""The operations that erase."""
TAKEN_IN: Final[Mapping[str, Plain]] = {"taken_in": True}
"""Marks what happened before there was a log."""


class ReportFate(StrEnum):
    """What became of a message that changed no conversion."""

    REPEATED = "repeated"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidClicks:
    """Clicks that one booking pays.

    Attributes:
        each_minor: what one is worth under the rule.
        source: the records of the batch, first and last.
    """

    txn: Txn
    program: int
    partnership: int
    rule: int
    mode: Mode
    currency: str
    count: int
    each_minor: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReport:
    """A message that changed no conversion. ``reason`` is a code."""

    advertiser: int
    record: RecordId
    seen_us: int
    fate: ReportFate
    reason: str


def record_act(tx: Tx, act: Act) -> int:
    """Keep an act, and enter it; its id.

    Raises:
        ActRepeated: it was done before.
    """
    named = replace(act, id=tx.acts.next_id())
    (entry,) = tx.log.enter([act_notice(tx, named)])
    return tx.acts.add(named, entry=entry)


def act_notice(tx: Tx, act: Act, *, taken_in: bool = False) -> Notice:
    """Of an act that has its id."""
    fields: dict[str, Plain] = {
        "v": 1,
        "act": public("act", act.id),
        "at": str(act.at_us),
        "actor": act.actor,
        "operation": act.operation,
        "subject": act.subject,
        "input": act.input_hash.hex(),
        "reason": act.reason,
        "version_before": text(act.version_before),
        "version_after": text(act.version_after),
    }
    return notice(
        tx,
        LeafType.ACT,
        {**fields, **TAKEN_IN} if taken_in else fields,
        actor=act.actor_kind,
        series=series_of(act.advertiser, act.publisher),
        subject=_subject_of(act),
        about=About("act", act.id),
        at_us=act.at_us,
        advertiser=act.advertiser,
        publisher=act.publisher,
    )


def rule_notice(
    tx: Tx, rule: CommissionRule, *, advertiser: int, actor: ActorKind, at_us: int, taken_in: bool = False
) -> Notice:
    """A rule for everybody stands in the program's series, one for a publisher alone in the pair's."""
    fields: dict[str, Plain] = {
        "v": 1,
        "rule": public("rule_version", rule.id),
        "program": public("program", rule.program),
        "publisher": None if rule.publisher is None else public("publisher", rule.publisher),
        "group": rule.group,
        "kind": rule.kind.value,
        "rate_ppm": rule.rate_ppm,
        "amount": str(rule.amount_minor),
        "currency": rule.currency,
        "version": rule.version,
        "valid_from": str(rule.valid_from_us),
        "made_at": str(at_us),
    }
    everybody = rule.publisher is None
    return notice(
        tx,
        LeafType.RULE,
        {**fields, **TAKEN_IN} if taken_in else fields,
        actor=actor,
        series=Series(program=rule.program) if everybody else series_of(advertiser, rule.publisher),
        subject=Subject("program", rule.program),
        about=About("rule", rule.id),
        at_us=at_us,
        advertiser=advertiser,
        publisher=rule.publisher,
    )


def enter_clicks(tx: Tx, paid: Sequence[PaidClicks]) -> None:
    tx.log.enter(
        [
            notice(
                tx,
                LeafType.CLICKS,
                {
                    "v": 1,
                    "advertiser": public("advertiser", one.txn.advertiser),
                    "publisher": public("publisher", one.txn.publisher),
                    "program": public("program", one.program),
                    "rule": public("rule_version", one.rule),
                    "mode": one.mode.word,
                    "currency": one.currency,
                    "count": one.count,
                    "amount": str(one.count * one.each_minor),
                    "source": one.source,
                    "at": str(one.txn.at_us),
                },
                actor=ActorKind.SYSTEM,
                series=series_of(one.txn.advertiser, one.txn.publisher),
                subject=Subject("publisher", one.txn.publisher),
                about=About("clicks", one.partnership),
                at_us=one.txn.at_us,
                advertiser=one.txn.advertiser,
                publisher=one.txn.publisher,
            )
            for one in paid
        ]
    )


def enter_reports(tx: Tx, told: Sequence[ToldReport]) -> None:
    tx.log.enter(
        [
            notice(
                tx,
                LeafType.REPORT,
                {
                    "v": 1,
                    "advertiser": public("advertiser", one.advertiser),
                    "source": str(one.record),
                    "seen": str(one.seen_us),
                    "outcome": one.fate.value,
                    "reason": one.reason,
                },
                actor=ActorKind.KEY,
                series=Series(one.advertiser),
                subject=Subject("advertiser", one.advertiser),
                about=About("report", one.advertiser),
                at_us=one.seen_us,
                advertiser=one.advertiser,
            )
            for one in told
        ]
    )


def enter_proposal(tx: Tx, proposal: StoredProposal) -> None:
    fields: dict[str, Plain] = {
        "v": 1,
        "proposal": public("proposal", proposal.id),
        "bot": proposal.bot,
        "program": public("program", proposal.program),
        **_about(proposal),
        "facts": proposal.facts.hex(),
        "seed": str(proposal.seed),
        "body": proposal.digest.hex(),
        "stake": str(proposal.stake_minor),
        "gain": str(proposal.gain_minor),
        "low": str(proposal.low_minor),
        "high": str(proposal.high_minor),
        "currency": proposal.currency,
        "asked": proposal.state.value != "shadow",
        "made_at": str(proposal.made_at_us),
        "expires_at": str(proposal.expires_at_us),
    }
    _of_advertiser(tx, LeafType.PROPOSAL, fields, proposal, actor=ActorKind.BOT, at_us=proposal.made_at_us)


def enter_steps(tx: Tx, proposal: StoredProposal, taken: Sequence[TakenStep], *, actor: ActorKind) -> None:
    """The steps of an advice that were performed, or taken back."""
    undone_us = taken[0].undone_at_us
    at_us = taken[0].taken_at_us if undone_us is None else undone_us
    fields: dict[str, Plain] = {
        "v": 1,
        "proposal": public("proposal", proposal.id),
        "subject": proposal.subject,
        "kind": "applied" if undone_us is None else "undone",
        "steps": [[one.operation, one.subject, fingerprint(json.loads(one.input)).hex()] for one in taken],
        "at": str(at_us),
    }
    _of_advertiser(tx, LeafType.EFFECT, fields, proposal, actor=actor, at_us=at_us)


def enter_decision(
    tx: Tx, fields: Mapping[str, Plain], proposal: StoredProposal, *, actor: ActorKind, at_us: int
) -> None:
    """``fields``: the complete record, see ``app.decisions.record``."""
    _of_advertiser(tx, LeafType.DECISION, fields, proposal, actor=actor, at_us=at_us)


def enter_effect(
    tx: Tx, effect: StoredEffect, proposal: StoredProposal, *, shares: Sequence[tuple[int, int]], actor: ActorKind
) -> None:
    """A change that was made, or taken back (``allocation_undone``). ``shares``: what is in force now, (arm, ppm)."""
    undone = effect.undone_at_us is not None
    at_us = effect.applied_at_us if effect.undone_at_us is None else effect.undone_at_us
    fields: dict[str, Plain] = {
        "v": 1,
        "proposal": public("proposal", effect.proposal),
        "offer": public("offer", effect.offer),
        "kind": "undone" if undone else "applied",
        "allocation_before": public("allocation", effect.allocation_after if undone else effect.allocation_before),
        "allocation_after": public("allocation", effect.allocation_undone or effect.allocation_after),
        "shares_ppm": [[arm, ppm] for arm, ppm in shares],
        "at": str(at_us),
    }
    _of_advertiser(tx, LeafType.EFFECT, fields, proposal, actor=actor, at_us=at_us)


def enter_outcome(tx: Tx, stored: StoredOutcome, proposal: StoredProposal) -> None:
    outcome = stored.outcome
    fields: dict[str, Plain] = {
        "v": 1,
        "proposal": public("proposal", stored.proposal),
        "body": stored.facts.hex(),
        "final": stored.final,
        "held": outcome.held.value,
        "gain": str(outcome.gain_minor),
        "low": str(outcome.low_minor),
        "high": str(outcome.high_minor),
        "promised": str(outcome.promised_minor),
        "promised_low": str(outcome.promised_low_minor),
        "promised_high": str(outcome.promised_high_minor),
        "currency": proposal.currency,
        "exposures": str(outcome.exposures),
        "pending_ppm": outcome.pending_ppm,
        "until": str(stored.until_us),
        "measured_at": str(stored.measured_at_us),
    }
    _of_advertiser(tx, LeafType.OUTCOME, fields, proposal, actor=ActorKind.SYSTEM, at_us=stored.measured_at_us)


def enter(
    tx: Tx,
    kind: LeafType,
    fields: Mapping[str, Plain],
    *,
    actor: ActorKind,
    series: Series,
    subject: Subject,
    about: About,
    at_us: int,
    advertiser: int | None = None,
    publisher: int | None = None,
) -> list[int]:
    """Enter one payload; its entry, in a list."""
    made = notice(
        tx,
        kind,
        fields,
        actor=actor,
        series=series,
        subject=subject,
        about=about,
        at_us=at_us,
        advertiser=advertiser,
        publisher=publisher,
    )
    return tx.log.enter([made])


def text(number: int | None) -> str | None:
    """As a payload has it: integers of any size are text."""
    return None if number is None else str(number)


def notice(
    tx: Tx,
    kind: LeafType,
    fields: Mapping[str, Plain],
    *,
    actor: ActorKind,
    series: Series,
    subject: Subject,
    about: About,
    at_us: int,
    advertiser: int | None = None,
    publisher: int | None = None,
) -> Notice:
    """One payload, ready to be entered."""
    return Notice(
        type=kind,
        actor=actor.value,
        series=series,
        subject=subject,
        about=about,
        content=Content(tx.log.salt(), canonical(fields), {}),
        at_us=at_us,
        advertiser=advertiser,
        publisher=publisher,
    )


def _about(proposal: StoredProposal) -> dict[str, Plain]:
    """What a proposal speaks of."""
    if proposal.offer is None or proposal.allocation is None:
        return {"subject": proposal.subject, "idea": proposal.idea}
    return {"offer": public("offer", proposal.offer), "allocation": public("allocation", proposal.allocation)}


def _of_advertiser(
    tx: Tx, kind: LeafType, fields: Mapping[str, Plain], proposal: StoredProposal, *, actor: ActorKind, at_us: int
) -> None:
    enter(
        tx,
        kind,
        fields,
        actor=actor,
        series=Series(proposal.advertiser),
        subject=Subject("advertiser", proposal.advertiser),
        about=About("proposal", proposal.id),
        at_us=at_us,
        advertiser=proposal.advertiser,
    )


def _subject_of(act: Act) -> Subject:
    """Reasons are people's own words: what was said of a conversion goes with it, the rest with the partner. Why
    something was erased outlives it."""
    if act.operation in ERASURES:
        return HOUSE
    conversion = private("conversion", act.subject)
    if conversion is not None:
        return Subject("conversion", conversion)
    if act.publisher is not None:
        return Subject("publisher", act.publisher)
    return HOUSE if act.advertiser is None else Subject("advertiser", act.advertiser)
