"""How often somebody may try. A token bucket for each key, in the memory of the one web process."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

from warum.kernel.period import SECOND_US

keys_max: Final = 10_000
"""Above this, full buckets are forgotten: nobody fills the memory with names."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """``burst`` tries at once, then one every ``refill_s`` seconds."""

    burst: int
    refill_s: int


class Attempts:
    """Counts tries by key. Safe for threads; the time is an argument, in microseconds."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._empty_until_us: dict[str, int] = {}  # when the bucket of a key is full again
        self._lock = Lock()

    def wait_s(self, key: str, now_us: int) -> int:
        """Take one try; 0 when there was one, otherwise the seconds until the next. A refused try costs nothing."""
        step_us = self._allowance.refill_s * SECOND_US
        with self._lock:
            full_us = max(self._empty_until_us.get(key, 0), now_us)
            over_us = full_us + step_us - (now_us + self._allowance.burst * step_us)
            if over_us > 0:
                return -(-over_us // SECOND_US)
            self._empty_until_us[key] = full_us + step_us
            if len(self._empty_until_us) > keys_max:
                self._empty_until_us = {name: us for name, us in self._empty_until_us.items() if us > now_us}
            return 0

    def forget(self, key: str) -> None:
        """A success gives all tries back."""
        with self._lock:
            self._empty_until_us.pop(key, None)
