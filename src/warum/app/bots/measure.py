"""What became of promises, measured from the log of draws and put beside them.

An effect is judged by the draws under the allocation that it put in force, until its horizon ends or another allocation
takes over; a shadow, and what people declined, by those under the allocation that it would have replaced. It is
measured now and then on the way, and for good when nearly all conversions have come in and few are undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warum.app.advice.measure import measure_advice
from warum.app.bots.gather import IMPRESSION, exposures, settled_days
from warum.app.decisions.outcomes import write_outcome
from warum.app.decisions.stored import read_proposal
from warum.domain.advice import SHARES
from warum.domain.decisions import Change, Effect, Expected, Held, Objective, Proposal, horizon_end_us, objective_of
from warum.domain.samples import ArmLog, measure
from warum.kernel.period import DAY_US, HOUR_US, utc_day
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.decisions import Measurable
from warum.ports.evidence import OfferLog

interim_us: Final = 6 * HOUR_US
FACTS: Final = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """What a measurement was made from: UTC days of exposures under one allocation, and the promise."""

    proposal: int
    allocation: int
    currency: str
    from_day: int
    until_day: int
    arms: tuple[ArmLog, ...]
    promise: Expected


def measure_promises(tx: Tx, program: int, lags: Sequence[int], *, now_us: int, data_until_us: int) -> int:
    """Measure what is due in a program; how many outcomes were written.

    Args:
        lags: conversions by days between click and booking.
        data_until_us: up to when everything is counted.
    """
    due = [one for one in tx.decisions.measurable(program) if _is_due(one, now_us)]
    days = settled_days(lags)
    return sum(
        measure_advice(tx, one, days, now_us=now_us, data_until_us=data_until_us)
        if one.proposal.idea != SHARES
        else _measured(tx, one, days, now_us, data_until_us)
        for one in due
    )


def _is_due(one: Measurable, now_us: int) -> bool:
    return one.last is None or now_us >= one.last.measured_at_us + interim_us


def _measured(tx: Tx, one: Measurable, days_settling: int, now_us: int, data_until_us: int) -> bool:
    stored, proposal = one.proposal, read_proposal(one.proposal.body)
    from_us, allocation, end_us = _span(one, proposal.expected)
    # Whole days: a link reference knows no finer time.
    from_day, until_day = utc_day(from_us), utc_day(end_us - 1) + 1
    seen_day = utc_day(data_until_us) + 1
    in_slots = _in_slots(proposal)
    log = tx.evidence.offer_log(
        [allocation],
        from_day=from_day,
        until_day=min(until_day, seen_day),
        in_slots=in_slots,
        net=objective_of(proposal) is Objective.MARGIN,
    )
    facts = OutcomeFacts(
        proposal=stored.id,
        allocation=allocation,
        currency=proposal.currency,
        from_day=from_day,
        until_day=min(until_day, seen_day),
        arms=_arms(proposal.change, log, proposal.currency, in_slots),
        promise=proposal.expected,
    )
    outcome = measure(facts.arms, facts.promise)
    if isinstance(outcome, Refusal):
        return False
    settled = data_until_us >= (until_day + days_settling) * DAY_US
    final = settled and outcome.held is not Held.OPEN
    until_us = min(end_us, data_until_us)
    return write_outcome(tx, one, outcome, facts, kind=FACTS, final=final, until_us=until_us, now_us=now_us)


def _span(one: Measurable, expected: Expected) -> tuple[int, int, int]:
    """(from, allocation, until) of the exposures that count."""
    stored, made = one.proposal, one.effect
    if made is None:
        # From the next day on: what the promise was made from must not judge it.
        from_us = (utc_day(stored.made_at_us) + 1) * DAY_US
        _, allocation = stored.drawn()
        return from_us, allocation, from_us + expected.horizon_days * DAY_US
    effect = Effect(
        proposal=made.proposal,
        allocation_before=made.allocation_before,
        allocation_after=made.allocation_after,
        applied_at_us=made.applied_at_us,
        undone_at_us=made.undone_at_us,
    )
    return made.applied_at_us, made.allocation_after, horizon_end_us(effect, expected)


def _in_slots(proposal: Proposal) -> bool:
    """Whether its arms are drawn in slots: its exposures were impressions."""
    return any(line.name == "exposures" and line.rows.table == IMPRESSION for line in proposal.evidence)


def _arms(change: Change, log: OfferLog, currency: str, in_slots: bool) -> tuple[ArmLog, ...]:
    before = {share.arm: share.propensity_ppm for share in change.before}
    return tuple(
        ArmLog(
            arm=share.arm,
            before_ppm=before[share.arm],
            after_ppm=share.propensity_ppm,
            exposures=sum(exposures(one, in_slots=in_slots) for one in log.counts if one.arm == share.arm),
            pending=sum(one.pending for one in mine),
            approved=sum(one.approved for one in mine),
            declined=sum(one.declined for one in mine),
            pending_minor=sum(one.pending_minor for one in mine),
            approved_minor=sum(one.approved_minor for one in mine),
            square=sum(one.square for one in mine),
        )
        for share in change.after
        for mine in [[one for one in log.conversions if one.arm == share.arm and one.currency == currency]]
    )
