"""When the demo's clock starts, where it stands, and who may use its folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from warum.kernel.period import DAY_US, HOUR_US
from warum.main.clock import ClockError, ScaledClock, interrupted, keep_clock, scaled_clock, started, stopped
from warum.main.config import Config
from warum.main.secret_store import FILE_NAME as SECRETS_FILE
from warum.main.secret_store import Secrets
from warum.main.wiring import open_deps
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor, Journal

history_days: Final = 28
haste: Final = 20_160
"""The first four weeks pass in two minutes, so that there is a history."""
speed: Final = 1_440
"""A day in a minute, from then on."""

_batch: Final = 1_000
_margin_us: Final = HOUR_US
"""Longer than nothing at all is written while the demo runs."""


def ensure_clock(data: Path) -> ScaledClock:
    """The clock of the demo's folder, made at the very first start: its history ends about now.

    Raises:
        ClockError: the folder holds an installation that lives by the wall clock.
    """
    clock = scaled_clock(data)
    if clock is not None:
        return clock
    if (data / SECRETS_FILE).exists():
        raise ClockError(
            f"{data} holds an installation that lives by the real clock; a demo would mix days into it that never "
            "were. Give the demo a folder of its own: warum demo --data FOLDER."
        )
    today_us = time.time_ns() // 1_000 // DAY_US * DAY_US
    start_us = today_us - history_days * DAY_US
    clock = ScaledClock(start_us=start_us, settles_us=today_us, haste=haste, speed=speed, at_us=start_us)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_clock(data, clock)
    return clock


def resting_clock(config: Config, secrets: Secrets) -> ScaledClock:
    """The clock at a start, standing still: where it was stopped, or after a kill at the newest moment in the journal
    or the database."""
    clock = scaled_clock(config.data)
    assert clock is not None, "made before the database was started"
    if clock.begun_us is not None:
        clock = interrupted(clock, not_before_us=_newest_us(config, secrets) + _margin_us)
        keep_clock(config.data, clock)
    return clock


def start_clock(data: Path, clock: ScaledClock) -> None:
    keep_clock(data, started(clock))


def stop_clock(data: Path) -> None:
    """Let it stand still until the next start."""
    clock = scaled_clock(data)
    if clock is not None and clock.begun_us is not None:
        keep_clock(data, stopped(clock))


def _newest_us(config: Config, secrets: Secrets) -> int:
    with open_deps(config, secrets, connections_max=1, name="warum demo") as deps:
        with deps.database.transaction(Scope(Role.OPERATOR)) as tx:
            positions = tx.tracking.positions()
            acts = tx.acts.acts(subject=None, before=None, limit=1)
        assert deps.journal is not None
        moments = [position.watermark_us for position in positions.values()]
        for stream in deps.journal.streams():
            position = positions.get(stream)
            moments.append(_unread_us(deps.journal, stream, None if position is None else position.cursor))
    return max([act.at_us for act in acts] + moments, default=0)


def _unread_us(journal: Journal, stream: int, after: Cursor | None) -> int:
    """The newest receipt among the records that the worker has not read."""
    newest_us, cursor = 0, after or Cursor.START
    while True:
        records, cursor = journal.read(stream, cursor, _batch)
        if not records:
            return newest_us
        newest_us = max([newest_us, *(journal.decode(raw).seen_us for raw in records)])
