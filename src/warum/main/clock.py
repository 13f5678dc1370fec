"""The clocks of processes: the wall, or the scaled clock of a demo, on which a day passes in a minute.

A scaled clock stands in ``clock.json`` in the data folder, where every process of the folder finds it. Three rules keep
its time from jumping, since a jump would end holds, windows and proposals that nobody had a chance to see:

- It runs on the monotonic clock of the machine, so a laptop that sleeps, or a corrected wall clock, moves nothing.
- While the demo is stopped it stands still, at the moment of the stop.
- After a kill it goes on from the newest moment that was written down anywhere, never from before it.

A live installation has no such file, and refuses a folder that has one."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from warum.kernel.period import SECOND_US
from warum.main.config import ConfigError

FILE_NAME: Final = "clock.json"

_format: Final = 1


class ClockError(ConfigError):
    """The clock of a data folder cannot be used; the text says what to do."""


class Clock(Protocol):
    """Tells the time in microseconds since 1970 UTC."""

    def now_us(self) -> int: ...

    def ago_us(self, wall_us: int) -> int:
        """What it showed ``wall_us`` microseconds of the wall ago."""
        ...


@dataclass(frozen=True, slots=True)
class WallClock:
    """The clock of a live installation."""

    def now_us(self) -> int:
        return time.time_ns() // 1_000

    def ago_us(self, wall_us: int) -> int:
        return self.now_us() - wall_us


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledClock:
    """A clock that runs faster than the wall: first at ``haste`` until ``settles_us``, then at ``speed``.

    Attributes:
        start_us: its very first moment.
        settles_us: its moment from which it runs at ``speed``.
        haste, speed: microseconds of this clock for each of the wall.
        at_us: what it showed when it was last started or stopped.
        begun_us: the monotonic moment of that start; None while it stands still.
    """

    start_us: int
    settles_us: int
    haste: int
    speed: int
    at_us: int
    begun_us: int | None = None

    def now_us(self) -> int:
        return self.shows_us(monotonic_us())

    def ago_us(self, wall_us: int) -> int:
        return self.shows_us(monotonic_us() - wall_us)

    def shows_us(self, monotonic_us: int) -> int:
        """What it shows at a monotonic moment; before its start, what it showed at its start."""
        if self.begun_us is None:
            return self.at_us
        passed_us = max(0, monotonic_us - self.begun_us)
        hasty_us = self._hasty_wall_us
        if passed_us < hasty_us:
            return self.at_us + passed_us * self.haste
        return max(self.at_us, self.settles_us) + (passed_us - hasty_us) * self.speed

    def wait_s(self, until_us: int) -> float:
        """How long the wall takes until it shows a moment; 0 when it already does.

        Raises:
            ClockError: it stands still.
        """
        if self.begun_us is None:
            raise ClockError("the clock stands still; `warum demo` starts it.")
        hasty_us, settled_us = self._hasty_wall_us, max(self.at_us, self.settles_us)
        if until_us < settled_us:
            wall_us = (until_us - self.at_us) / self.haste
        else:
            wall_us = hasty_us + (until_us - settled_us) / self.speed
        return max(0.0, (self.begun_us + wall_us - monotonic_us()) / SECOND_US)

    @property
    def _hasty_wall_us(self) -> int:
        """How long the wall takes until the clock settles."""
        return -(-max(0, self.settles_us - self.at_us) // self.haste)


def clock_of(data: Path) -> Clock:
    """The clock of a data folder.

    Raises:
        ClockError: there is a scaled one, and it is damaged.
    """
    return scaled_clock(data) or WallClock()


def scaled_clock(data: Path) -> ScaledClock | None:
    """The scaled clock of a data folder; None where time is the wall's.

    Raises:
        ClockError: the file is damaged.
    """
    path = data / FILE_NAME
    try:
        return _read(json.loads(path.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClockError(f"{path} cannot be used ({error!r}); delete the folder to begin a new demo.") from None


def keep_clock(data: Path, clock: ScaledClock) -> None:
    """Write the clock of a data folder, whole or not at all."""
    draft = data / f".{FILE_NAME}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump({"format": _format, "clock": asdict(clock)}, file, indent=1)
        file.flush()
        os.fsync(descriptor)
    draft.replace(data / FILE_NAME)


def stopped(clock: ScaledClock) -> ScaledClock:
    """The same clock standing still where it is."""
    return replace(clock, at_us=clock.now_us(), begun_us=None)


def interrupted(clock: ScaledClock, *, not_before_us: int) -> ScaledClock:
    """The clock of a run that was killed, standing still at the newest moment that anything was written down at."""
    return replace(clock, at_us=max(clock.at_us, not_before_us), begun_us=None)


def started(clock: ScaledClock) -> ScaledClock:
    """The same clock running from now on."""
    return replace(clock, begun_us=monotonic_us())


def refuse_scaled(data: Path) -> None:
    """Keep a live installation out of a demo's folder.

    Raises:
        ClockError: time in this folder is not the wall's.
    """
    if (data / FILE_NAME).exists():
        raise ClockError(
            f"{data} belongs to a demo, whose days pass in minutes ({FILE_NAME}). Start it with `warum demo`, or give "
            "a folder of its own to what shall be real."
        )


def monotonic_us() -> int:
    """The machine's monotonic clock, the same one in every process."""
    return time.monotonic_ns() // 1_000


def _read(raw: Any) -> ScaledClock:
    if raw["format"] != _format:
        raise ValueError("an unknown format")
    values: dict[str, Any] = {name: None if value is None else int(value) for name, value in raw["clock"].items()}
    clock = ScaledClock(**values)
    if clock.haste < 1 or clock.speed < 1:
        raise ValueError("a clock does not run backwards")
    return clock
