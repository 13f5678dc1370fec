"""What the watch sees of a program: counts by link and hour, up to the last whole hour that is counted in full."""

from __future__ import annotations

from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo

from warum.app.bots.gather import data_until_us, notes_max
from warum.domain.bots.watch import HourCounts, WatchFacts
from warum.domain.decisions import Policy
from warum.kernel.period import HOUR_US, from_us, to_us
from warum.ports.catalog import Program
from warum.ports.database import Tx

hours_max: Final = 35 * 24


def gather_watch(tx: Tx, program: Program, policy: Policy, now_us: int) -> WatchFacts | None:
    """None before anything was clicked."""
    until_us = data_until_us(tx, now_us) // HOUR_US * HOUR_US
    offset_us = _offset_us(program.timezone, until_us)
    ends_us = until_us + offset_us
    currency = tx.network.currency(program.id, from_us=until_us - hours_max * HOUR_US) or program.currencies[0]
    found = tx.network.hours(
        program.id, currency, zone=program.timezone, from_us=until_us - hours_max * HOUR_US, until_us=until_us
    )
    # The clock may have gone back meanwhile: what lies before the span by its own time is the first hour's.
    begins_us = max(ends_us - hours_max * HOUR_US, min((one.hour_us for one in found), default=ends_us))
    hours = (ends_us - begins_us) // HOUR_US
    if not found or not hours:
        return None
    goal = tx.steering.goal(program.id)
    return WatchFacts(
        program=program.id,
        advertiser=program.advertiser,
        currency=currency,
        now_us=now_us,
        until_us=until_us,
        start_us=begins_us,
        hours=hours,
        offset_us=offset_us,
        last_call_us=tx.network.last_call_us(program.id),
        counts=tuple(
            HourCounts(
                hour=min(max((one.hour_us - begins_us) // HOUR_US, 0), hours - 1),
                link=one.link,
                page=one.page,
                publisher=one.publisher,
                clicks=one.clicks,
                conversions=one.conversions,
                decided=one.decided,
                declined=one.declined,
                value_minor=one.value_minor,
            )
            for one in found
        ),
        policy=policy,
        goal=None if goal is None else goal.goal,
        notes=tuple(note.note for note in tx.steering.notes(program.id)[-notes_max:]),
    )


def _offset_us(zone: str, at_us: int) -> int:
    """How far the zone's clock is ahead of UTC."""
    local = from_us(at_us).astimezone(ZoneInfo(zone))
    return to_us(local.replace(tzinfo=UTC)) - at_us
