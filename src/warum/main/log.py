"""The log of this data folder: its key and name, its files, and the thread that keeps it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from warum.adapters.tlog import FileShelf
from warum.app.call import LogReader
from warum.app.log.sequence import Sequencer
from warum.app.log.statements import close_months
from warum.app.log.take_in import take_in
from warum.domain.tlog.notes import Signer
from warum.main.config import Config
from warum.main.secret_store import Secrets
from warum.ports.database import Database

LOG_FOLDER: Final = "log"

_log: Final = logging.getLogger("warum.log")


def signer_of(config: Config, secrets: Secrets) -> Signer:
    """The log's key under its name."""
    return Signer(origin_of(config, secrets), secrets.log_seed)


def edge_signer_of(config: Config, secrets: Secrets) -> Signer:
    """The key with which the edge promises that a report will be logged."""
    return Signer(f"{origin_of(config, secrets)}/edge", secrets.edge_seed)


def origin_of(config: Config, secrets: Secrets) -> str:
    """What the log is called."""
    if config.log_origin is not None:
        return config.log_origin
    return f"warum/{sha256(Signer('key', secrets.log_seed).vkey.key).hexdigest()[:12]}"


def reader_of_log(config: Config, secrets: Secrets) -> LogReader:
    """What receipts are made from."""
    return LogReader(
        shelf=FileShelf(config.data / LOG_FOLDER),
        vkey=signer_of(config, secrets).vkey,
        edge_vkey=edge_signer_of(config, secrets).vkey,
    )


class LogKeeper:
    """Keeps the log: takes in what was there before it, gives entries their place, closes months."""

    def __init__(self, config: Config, secrets: Secrets, database: Database, now_us: Callable[[], int]) -> None:
        self._database = database
        self._now_us = now_us
        self._sequencer = Sequencer(
            database, FileShelf(config.data / LOG_FOLDER), signer_of(config, secrets), now_us
        )
        self._taken_in = False

    def open(self) -> bool:
        """Raises LogHalted where going on would tell two stories. False, as a step that has nothing more to do."""
        self._sequencer.open()
        return False

    def step(self) -> bool:
        """Some work; False when there is none."""
        if not self._taken_in:
            self._taken_in = not take_in(self._database, now_us=self._now_us())
            if not self._taken_in:
                self._sequencer.step()
                return True
        if self._sequencer.step():
            return True
        # A month is closed by what stands in the log: first everything has its place.
        return close_months(self._database, now_us=self._now_us())
