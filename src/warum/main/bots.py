"""The bots' loop: a round now and then, in the worker's process but in nobody's way.

A bot that fails is named in the log and tried again in the next round. Ingest, deliveries and money never wait for
it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import Final

from warum.app.bots import consider_all
from warum.ports.database import Database, DatabaseUnavailable

_log: Final = logging.getLogger("warum.bots")


class BotLoop:
    """Rounds of all bots, until ``stop`` is set.

    Args:
        interval_s: from the end of a round to the next one, by the wall.
    """

    def __init__(self, database: Database, now_us: Callable[[], int], *, interval_s: float, stop: Event) -> None:
        self._database = database
        self._now_us = now_us
        self._interval_s = interval_s
        self._stop = stop

    def run(self) -> None:
        """Returns when ``stop`` is set, and raises nothing."""
        while not self._stop.is_set():
            self.step()
            self._stop.wait(self._interval_s)

    def step(self) -> None:
        """One round. Whatever goes wrong is logged."""
        try:
            done = consider_all(self._database, self._now_us, stopped=self._stop.is_set)
        except DatabaseUnavailable:
            return  # the worker says so, and when it is back
        except Exception:
            _log.exception("a round of the bots failed; the next one begins in %g s", self._interval_s)
            return
        if done.proposals or done.applied:
            _log.info("bots: %d proposals, %d applied, %d outcomes", done.proposals, done.applied, done.outcomes)
