"""The journal's retention: what both of its readers, ingest and lake, are past goes when it has become old enough.

Until then it is kept although nobody needs it: a database that is restored from a backup reads from there again. A
replay's journal is never cleared, since the number of its records tells a continued replay where it was."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from warum.edge.journal import drop_consumed, stream_folder
from warum.kernel.period import DAY_US
from warum.ports.database import Database, Role, Scope

_log: Final = logging.getLogger("warum.worker")

_SYSTEM: Final = Scope(Role.SYSTEM)


class JournalRetention:
    """Clears one journal folder.

    Args:
        wall_us: the wall clock, also where another clock tells the time of records: files carry the wall's.
    """

    def __init__(self, database: Database, folder: Path, *, keep_days: int, wall_us: Callable[[], int]) -> None:
        self._database = database
        self._folder = folder
        self._keep_us = keep_days * DAY_US
        self._wall_us = wall_us

    def step(self) -> bool:
        """Drop what may go now; False, since there is nothing more to do until time has passed."""
        with self._database.transaction(_SYSTEM) as tx:
            consumed = {
                stream: min(position.cursor.segment, tx.lake.position(stream).segment)
                for stream, position in tx.tracking.positions().items()
            }
        for stream, segment in consumed.items():
            folder = stream_folder(self._folder, stream)
            dropped = drop_consumed(folder, segment, written_before_us=self._wall_us() - self._keep_us)
            if dropped:
                _log.info("dropped segments %d to %d of the journal's stream %d", dropped[0], dropped[-1], stream)
        return False
