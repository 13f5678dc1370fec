"""The log of draws of an offer over a span, gathered for the inquiries that look at arms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from warum.app.border import missing
from warum.app.bots.gather import CLICK, IMPRESSION, currency_of, data_until_us, lag_days_max, periods, shares
from warum.app.call import Call
from warum.app.inquiries.span import Span, span_of
from warum.domain.bots.creative import Period
from warum.domain.explain.voice import Named
from warum.domain.inquiries.draws import OfferDraws
from warum.kernel.period import DAY_US, utc_day
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Offer
from warum.ports.database import Tx
from warum.ports.evidence import OfferLog, PastAllocation

_lag_days: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An offer, its draws in the span, and which allocations drew them."""

    offer: Offer
    span: Span
    draws: OfferDraws
    allocations: tuple[int, ...]
    from_day: int
    until_day: int
    in_slots: bool
    named: Named


def draws_of(tx: Tx, call: Call, offer: int, since: date | None, until: date | None) -> Asked | Refusal:
    """What was drawn and what came of it.

    Errors: ``offer_unknown``, ``one_arm`` where there is nothing to choose between, and those of the span.
    """
    found = tx.catalog.offer(offer)
    program = None if found is None else tx.catalog.program(found.program)
    if found is None or program is None:
        return missing("offer", offer)
    span = span_of(since, until, zone="UTC", now_us=call.now_us)
    if isinstance(span, Refusal):
        return span
    past = tx.evidence.allocations(found.id)
    in_force = next((one for one in past if one.id == found.allocation), None)
    if in_force is None or len(in_force.arms) < 2:
        return Refusal(
            code="one_arm",
            message="There are fewer than two arms, so there is nothing to choose between. Add another arm.",
            field="offer",
            kind=Kind.CONFLICT,
        )
    # What the worker has not read yet is not there; before it has read anything there is nothing to wait for.
    counted_us = data_until_us(tx, call.now_us) or call.now_us
    until_us = max(min(span.until_us, counted_us), span.from_us)
    from_day, until_day = utc_day(span.from_us), utc_day(span.until_us - 1) + 1
    contexts = [_within(one, span) for one in _by_context(past)]
    past = [one for each in contexts for one in each]
    ids = tuple(one.id for one in past)
    in_slots = any(arm.creative is not None for arm in in_force.arms)
    log = tx.evidence.offer_log(ids, from_day=from_day, until_day=until_day, in_slots=in_slots)
    if in_slots and not any(count.impressions for count in log.counts):
        in_slots, log = False, tx.evidence.offer_log(ids, from_day=from_day, until_day=until_day)
    currency = currency_of(log, program)
    return Asked(
        offer=found,
        span=span,
        draws=OfferDraws(
            offer=found.id,
            program=program.id,
            currency=currency,
            drawn_at=IMPRESSION if in_slots else CLICK,
            now_us=call.now_us,
            from_us=span.from_us,
            until_us=until_us,
            shares=shares(in_force.arms),
            periods=_in_order(contexts, log, currency, until_us=until_us, in_slots=in_slots),
            lags=tx.evidence.lags(program.id, from_us=call.now_us - _lag_days * DAY_US, days_max=lag_days_max),
        ),
        allocations=ids,
        from_day=from_day,
        until_day=until_day,
        in_slots=in_slots,
        named=named(tx, found, past),
    )


def named(tx: Tx, offer: Offer, past: list[PastAllocation]) -> Named:
    """What people call the offer and its arms. Several creatives may lead to one page, so theirs go first."""
    pages = {page.id: page.name for page in offer.landing_pages}
    arms = {arm.arm: pages.get(arm.landing_page, "") for one in past for arm in one.arms}
    creatives = {arm.arm: arm.creative for one in past for arm in one.arms if arm.creative is not None}
    for arm, creative in creatives.items():
        if (found := tx.creatives.creative(creative)) is not None:
            arms[arm] = found.name
    return Named(subject=offer.name, arms={arm: name for arm, name in arms.items() if name})


def _in_order(
    contexts: list[list[PastAllocation]], log: OfferLog, currency: str, *, until_us: int, in_slots: bool
) -> tuple[Period, ...]:
    found = [periods(one, log, currency, until_us=until_us, in_slots=in_slots) for one in contexts]
    return tuple(sorted((period for each in found for period in each), key=lambda one: (one.from_us, one.allocation)))


def _by_context(past: list[PastAllocation]) -> list[list[PastAllocation]]:
    """Those of each context follow each other; those of several are in force side by side."""
    contexts: dict[str, list[PastAllocation]] = {}
    for one in past:
        contexts.setdefault(one.context, []).append(one)
    return list(contexts.values())


def _within(past: list[PastAllocation], span: Span) -> list[PastAllocation]:
    """Those that were in force in the span."""
    ended = [one.made_at_us for one in past[1:]]
    return [
        one
        for place, one in enumerate(past)
        if one.made_at_us < span.until_us and (place == len(ended) or ended[place] > span.from_us)
    ]
