"""The facts of a bot, taken from the log of draws: integers and text, nothing computed.

Days are UTC days of the exposure, since a link reference knows no finer time. What the worker has not read yet is not
there: facts reach to its watermark, and a bot sees by that how old they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, TypeVar

from warum.app.bots.lessons import earlier
from warum.domain.bots.creative import BOT, ArmCounts, CreativeFacts, Period
from warum.domain.contexts import ANY
from warum.domain.decisions import ArmShare, Objective, Policy, Shares
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, utc_day
from warum.ports.catalog import Arm, Offer, Program
from warum.ports.database import Tx
from warum.ports.evidence import DayConversions, DayCount, OfferLog, PastAllocation

days_max: Final = 90
lag_days_max: Final = 30
notes_max: Final = 50

IMPRESSION: Final = "impression"
CLICK: Final = "click"

_Line = TypeVar("_Line", DayCount, DayConversions)
_Cell = tuple[int, int]
"""A UTC day under an allocation."""


def gather_creative(
    tx: Tx, program: Program, offer: Offer, policy: Policy, *, now_us: int, context: str = ANY
) -> CreativeFacts | None:
    """What the creative bot knows of an offer in a context; None where no choice is made: there are not two arms.

    Each context has the draws under its own allocations alone; how much one may tell of another is the bot's to judge.

    Of a program with several currencies the facts hold the one in which most conversions were booked.

    An arm is drawn when a slot shows it, or else when somebody clicks. The two are never added up: exposures are the
    impressions in slots where there are any, and otherwise the clicks that can be credited.
    """
    past: Sequence[PastAllocation] = [one for one in tx.evidence.allocations(offer.id) if one.context == context]
    in_force = next((one for one in past if one.id == offer.allocation_in(context)), None)
    if in_force is None or len(in_force.arms) < 2:
        return None
    until_us = data_until_us(tx, now_us)
    until_day = utc_day(until_us) + 1
    from_day = until_day - days_max
    past = _since(past, from_day * DAY_US)
    ids = [one.id for one in past]
    in_slots, net = any(arm.creative is not None for arm in in_force.arms), policy.objective is Objective.MARGIN
    log = tx.evidence.offer_log(ids, from_day=from_day, until_day=until_day, in_slots=in_slots, net=net)
    if in_slots and not any(count.impressions for count in log.counts):
        in_slots, log = False, tx.evidence.offer_log(ids, from_day=from_day, until_day=until_day, net=net)
    currency = currency_of(log, program)
    goal = tx.steering.goal(program.id)
    return CreativeFacts(
        program=program.id,
        offer=offer.id,
        currency=currency,
        drawn_at=IMPRESSION if in_slots else CLICK,
        now_us=now_us,
        allocation=in_force.id,
        shares=shares(in_force.arms),
        periods=periods(past, log, currency, until_us=until_us, in_slots=in_slots),
        lags=tx.evidence.lags(program.id, from_us=until_us - days_max * DAY_US, days_max=lag_days_max),
        policy=policy,
        goal=None if goal is None else goal.goal,
        notes=tuple(note.note for note in tx.steering.notes(program.id)[-notes_max:]),
        steered=_is_steered(tx, offer, context),
        earlier=earlier(tx, offer.id),
        context=context,
    )


def data_until_us(tx: Tx, now_us: int) -> int:
    """Up to when everything is counted: the newest record that the worker has read."""
    return min([now_us, max((one.watermark_us for one in tx.tracking.positions().values()), default=0)])


def shares(arms: Sequence[Arm]) -> Shares:
    return tuple(ArmShare(arm=arm.arm, propensity_ppm=arm.propensity_ppm) for arm in arms)


def exposures(count: DayCount, *, in_slots: bool) -> int:
    """How often an arm was drawn."""
    return count.impressions if in_slots else count.clicks


def periods(
    past: Sequence[PastAllocation], log: OfferLog, currency: str, *, until_us: int, in_slots: bool = False
) -> tuple[Period, ...]:
    """Days, or parts of days under one allocation, from the first one with an exposure.

    An edge follows a change within two seconds, so a day may hold draws of an allocation that had just been replaced
    or was not yet made by the clock of the database: they belong to the nearest part of its time.
    """
    seen = [count.day for count in log.counts if exposures(count, in_slots=in_slots)]
    if not seen:
        return ()
    counts, booked = _by_cell(log.counts), _by_cell([one for one in log.conversions if one.currency == currency])
    lines: list[Period] = []
    for place, allocation in enumerate(past):
        ends_us = past[place + 1].made_at_us if place + 1 < len(past) else until_us
        parts = _days(max(allocation.made_at_us, min(seen) * DAY_US), min(ends_us, until_us))
        exposed, came = _clamped(counts, allocation.id, parts), _clamped(booked, allocation.id, parts)
        for from_us, part_until_us in parts:
            day = utc_day(from_us)
            lines.append(
                Period(
                    from_us=from_us,
                    until_us=part_until_us,
                    allocation=allocation.id,
                    shares=shares(allocation.arms),
                    arms=tuple(
                        _arm(arm.arm, exposed.get(day, ()), came.get(day, ()), in_slots) for arm in allocation.arms
                    ),
                )
            )
    return tuple(sorted(lines, key=lambda period: (period.from_us, period.allocation)))


def settled_days(lags: Sequence[int]) -> int:
    """After how many days all but one in twenty of the conversions have come in."""
    total, sofar = sum(lags), 0
    for lag, count in enumerate(lags):
        sofar += count
        if 20 * sofar >= 19 * total:
            return lag + 1
    return 1


def _is_steered(tx: Tx, offer: Offer, context: str) -> bool:
    """Whether the allocation in force is the one that the bot's last proposal put there."""
    last = tx.decisions.latest(BOT.name, public("offer", offer.id), context=context)
    made = [] if last is None else tx.decisions.effects([last.id])
    return any(effect.allocation_after == offer.allocation_in(context) for effect in made)


def _since(past: Sequence[PastAllocation], from_us: int) -> list[PastAllocation]:
    """Those that were in force since then."""
    ended = [one.made_at_us for one in past[1:]]
    return [one for place, one in enumerate(past) if place == len(ended) or ended[place] > from_us]


def currency_of(log: OfferLog, program: Program) -> str:
    """The one in which most conversions were booked."""
    booked = dict.fromkeys(program.currencies, 0)
    for one in log.conversions:
        booked[one.currency] = booked.get(one.currency, 0) + one.pending + one.approved + one.declined
    return max(booked, key=lambda currency: booked[currency])


def _days(from_us: int, until_us: int) -> list[tuple[int, int]]:
    """The span cut at midnight UTC."""
    parts: list[tuple[int, int]] = []
    while from_us < until_us:
        midnight_us = (utc_day(from_us) + 1) * DAY_US
        parts.append((from_us, min(midnight_us, until_us)))
        from_us = midnight_us
    return parts


def _by_cell(lines: Sequence[_Line]) -> dict[_Cell, list[_Line]]:
    cells: defaultdict[_Cell, list[_Line]] = defaultdict(list)
    for line in lines:
        cells[line.day, line.allocation].append(line)
    return cells


def _clamped(
    cells: dict[_Cell, list[_Line]], allocation: int, parts: Sequence[tuple[int, int]]
) -> dict[int, list[_Line]]:
    """The lines of an allocation by day, those outside of its days moved to the nearest of them."""
    if not parts:
        return {}
    first, last = utc_day(parts[0][0]), utc_day(parts[-1][0])
    by_day: defaultdict[int, list[_Line]] = defaultdict(list)
    for (day, of), lines in cells.items():
        if of == allocation:
            by_day[min(max(day, first), last)] += lines
    return by_day


def _arm(arm: int, counts: Sequence[DayCount], conversions: Sequence[DayConversions], in_slots: bool) -> ArmCounts:
    counted = [one for one in counts if one.arm == arm]
    mine = [one for one in conversions if one.arm == arm]
    return ArmCounts(
        arm=arm,
        exposures=sum(exposures(one, in_slots=in_slots) for one in counted),
        clicks=sum(one.clicks for one in counted),
        pending=sum(one.pending for one in mine),
        approved=sum(one.approved for one in mine),
        declined=sum(one.declined for one in mine),
        pending_minor=sum(one.pending_minor for one in mine),
        approved_minor=sum(one.approved_minor for one in mine),
        square=sum(one.square for one in mine),
    )
