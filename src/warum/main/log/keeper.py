"""Keeps the log in the worker: takes in what was there before it, gives entries their place, closes months."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from warum.app.log.sequence import Sequencer
from warum.app.log.statements import close_months, month_start_us
from warum.app.log.take_in import take_in, take_in_rules
from warum.main.config import Config
from warum.main.log.files import shelf_of
from warum.main.log.keys import signer_of
from warum.main.secret_store import Secrets
from warum.ports.database import Database


class LogKeeper:
    """One worker's."""

    def __init__(self, config: Config, secrets: Secrets, database: Database, now_us: Callable[[], int]) -> None:
        self._database = database
        self._now_us = now_us
        self.shelf: Final = shelf_of(config)
        """For whoever else in this process writes there."""
        self._sequencer = Sequencer(database, self.shelf, signer_of(config, secrets), now_us)
        self._taken_in = False
        self._closed_until_us = 0

    def open(self) -> bool:
        """Compare the log with the database, and take in rules; False, as a step that has nothing more to do.

        Raises:
            LogHalted: going on would tell two stories.
        """
        self._sequencer.open()
        take_in_rules(self._database)
        return False

    def step(self) -> bool:
        """Some work; False when there is none."""
        if not self._taken_in:
            self._taken_in = not take_in(self._database)
        if self._sequencer.step() or not self._taken_in:
            return True
        # A month is closed by what stands in the log: first everything has its place.
        until_us = month_start_us(self._now_us())
        if until_us <= self._closed_until_us:
            return False
        closed = close_months(self._database, now_us=self._now_us())
        self._closed_until_us = until_us
        return bool(closed)
