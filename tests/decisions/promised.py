"""Promises with outcomes, more than any house could wait for: written beside a real proposal, from its own bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import psycopg

from warum.app.decisions.stored import read_proposal
from warum.domain.advice import answer_bytes
from warum.domain.calibration.promise import normal_90
from warum.kernel.period import DAY_US, HOUR_US

_PROPOSAL = """
    insert into warum.proposal (bot, advertiser_id, program_id, subject, offer_id, allocation_id, facts, seed, body,
        digest, state, currency, stake_minor, stake_day_minor, gain_minor, low_minor, high_minor, probability_ppm,
        conversions, made_at, expires_at)
    select bot, advertiser_id, program_id, subject, offer_id, allocation_id, facts, seed, %(body)s, %(digest)s,
        %(state)s, %(currency)s, stake_minor, stake_day_minor, %(gain)s, %(low)s, %(high)s, %(sure)s, conversions,
        warum.at(%(made)s), warum.at(%(made)s) + interval '7 days'
    from warum.proposal where id = %(like)s
    returning id, facts
"""
_OUTCOME = """
    insert into warum.outcome (proposal_id, facts, final, held, gain_minor, low_minor, high_minor, promised_minor,
        promised_low_minor, promised_high_minor, exposures, pending_ppm, until_at, measured_at)
    values (%(id)s, %(facts)s, %(final)s, %(held)s, %(gain)s, %(low)s, %(high)s, %(promised)s, %(promised_low)s,
        %(promised_high)s, %(exposures)s, 20000, warum.at(%(at)s), warum.at(%(at)s))
"""
_DECISION = """
    insert into warum.decision (proposal_id, verdict, actor_kind, actor, reason, at)
    values (%(id)s, %(verdict)s, 'person', 'usr_1', %(reason)s, warum.at(%(at)s))
"""


def promised(
    admin: str,
    like: int,
    count: int,
    *,
    state: str = "applied",
    seed: int = 3,
    now_us: int,
    narrow: float = 1.0,
    shift: float = 0.0,
    open_: int = 0,
    currency: str = "EUR",
    reason: str | None = None,
    every_us: int = DAY_US,
) -> list[int]:
    """So many promises, the last one a day ago; their ids, oldest first.

    Args:
        like: a proposal, whose program, offer and evidence they have.
        narrow, shift: habits, as in ``calibration.bots``.
        open_: how many of the newest have no final outcome.
        reason: with which people declined them.
    """
    rng = np.random.default_rng(seed)
    made: list[int] = []
    with psycopg.connect(admin) as connection:
        row = connection.execute("select body from warum.proposal where id = %s", [like]).fetchone()
        assert row is not None
        pattern = read_proposal(bytes(row[0]))
        for place in range(count):
            at_us = now_us - (count - place) * every_us
            gain = int(rng.lognormal(9.5, 0.5))
            known, noise = gain * rng.uniform(0.3, 0.5), gain * rng.uniform(0.3, 0.6)
            whole = float(np.hypot(known, noise))
            measured = gain - shift * whole + narrow * whole * rng.standard_normal()
            expected = replace(
                pattern.expected,
                gain_minor=gain,
                low_minor=round(gain - normal_90 * known),
                high_minor=round(gain + normal_90 * known),
                measured_low_minor=round(gain - normal_90 * whole),
                measured_high_minor=round(gain + normal_90 * whole),
                least_minor=gain // 10,
                probability_ppm=965_000 + 1_000 * (place % 30),
            )
            body = answer_bytes(replace(pattern, currency=currency, expected=expected))
            values: Mapping[str, Any] = {
                "like": like,
                "body": body,
                "digest": sha256(body).digest(),
                "state": state,
                "currency": currency,
                "gain": gain,
                "low": expected.low_minor,
                "high": expected.high_minor,
                "sure": expected.probability_ppm,
                "made": at_us,
            }
            found = connection.execute(_PROPOSAL, values).fetchone()
            assert found is not None
            made.append(found[0])
            _decided(connection, found[0], state, reason, at_us + 3 * HOUR_US)
            low, high = expected.measured_low_minor, expected.measured_high_minor
            connection.execute(
                _OUTCOME,
                {
                    "id": found[0],
                    "facts": found[1],
                    "final": place < count - open_,
                    "held": "below" if measured < low else "above" if measured > high else "kept",
                    "gain": round(measured),
                    "low": round(measured - normal_90 * noise),
                    "high": round(measured + normal_90 * noise),
                    "promised": gain,
                    "promised_low": low,
                    "promised_high": high,
                    "exposures": expected.exposures,
                    "at": at_us + 12 * HOUR_US,
                },
            )
    return made


def _decided(connection: psycopg.Connection[Any], id_: int, state: str, reason: str | None, at_us: int) -> None:
    if state in ("applied", "undone"):
        connection.execute(_DECISION, {"id": id_, "verdict": "approved", "reason": None, "at": at_us})
    if state == "undone":
        connection.execute(_DECISION, {"id": id_, "verdict": "undone", "reason": None, "at": at_us + HOUR_US})
    if state == "declined":
        connection.execute(_DECISION, {"id": id_, "verdict": "declined", "reason": reason or "not_now", "at": at_us})
