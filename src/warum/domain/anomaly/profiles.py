"""What is usual at this time of the day or of the week: the median of the last visits to it.

A median over visits, not a mean, so that one odd day does not become what the next one is measured by; after some days
of a new habit the habit is what is usual."""

from __future__ import annotations

from statistics import median
from typing import Final

minute_us: Final = 60_000_000
slot_minutes: Final = 15


class Profile:
    """Medians by slot of a period (a day, a week), each over the last ``visits``."""

    def __init__(self, period_minutes: int, visits: int) -> None:
        self._period, self._visits = period_minutes, visits
        self._past: dict[int, list[float]] = {}
        self._slot, self._visit = -1, -1
        self._sum, self._count = 0.0, 0
        self._usual: float | None = None

    def see(self, at_us: int, value: float) -> float | None:
        """What was usual here before this value; None where nothing is known of the slot."""
        minutes = at_us // minute_us
        visit, within = divmod(minutes, self._period)
        slot = within // slot_minutes
        if slot != self._slot or visit != self._visit:
            self._enter(slot, visit)
        self._sum += value
        self._count += 1
        return self._usual

    def _enter(self, slot: int, visit: int) -> None:
        """A visit ends: its mean joins those of its slot."""
        if self._count:
            past = self._past.setdefault(self._slot, [])
            past.append(self._sum / self._count)
            del past[: -self._visits]
        self._slot, self._visit, self._sum, self._count = slot, visit, 0.0, 0
        past = self._past.get(slot)
        self._usual = median(past) if past else None
