"""Follows all streams of the journal, a batch at a time, and keeps one bad record from stopping the rest.

A batch that fails is tried again in halves until the record at fault stands alone; that one goes into quarantine, and
the batches grow again. The stream that lags most comes first, so that several streams stay near the same time."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final

from warum.app.ingest.batch import (
    BATCH_MAX,
    SYSTEM,
    TIMERS_MAX,
    Consumed,
    Ingest,
    UnknownRecord,
    consume_released,
    ingest,
    quarantine_next,
    release_before_next,
    return_to_quarantine,
)
from warum.app.timers import release_due
from warum.ports.conversions import ConversionChanged
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.ports.tracking import Position

_log: Final = logging.getLogger(__name__)

_quarantined_in_a_row_max: Final = 100


class ConsumerStopped(Exception):
    """Going on would do harm: not the records are at fault. The text says what is."""


class Consumer:
    """One worker's way through the journal. One thread at a time."""

    def __init__(self, deps: Ingest, *, batch_max: int = BATCH_MAX) -> None:
        self._deps = deps
        self._batch_max = batch_max
        self._limits: dict[int, int] = {}
        self._positions: dict[int, Position] | None = None
        self._quarantined_in_a_row = 0
        self._released_until_us = 0
        self.records = 0
        """How many it has consumed since it began."""

    @property
    def watermark_us(self) -> int:
        """The highest ``seen_us`` consumed; 0 before the first record."""
        return max((position.watermark_us for position in (self._positions or {}).values()), default=0)

    def step(self) -> bool:
        """Consume one batch; False when every stream is drained.

        Raises:
            ConsumerStopped: a record of a newer version, or too many records fail in a row.
            DatabaseUnavailable: try again later; nothing is lost.
            DatabaseMisfit: schema or rights are not those of this version.
        """
        if self._positions is None:
            with self._deps.database.transaction(SYSTEM) as tx:
                self._positions = tx.tracking.positions()
        for stream in sorted(self._deps.journal.streams(), key=self._watermark):
            if self._has_more(stream) and self._consume(stream):
                return True
        return False

    def release(self, until_us: int) -> bool:
        """Release what is due by then, where no record tells the time; True when there may be more.

        Args:
            until_us: no record seen before it may still be on its way.
        """
        if until_us <= self._released_until_us:
            return False
        try:
            with self._deps.database.transaction(SYSTEM) as tx:
                count = release_due(tx, until_us=until_us, limit=TIMERS_MAX)
        except ConversionChanged:
            return True
        if count == TIMERS_MAX:
            return True
        self._released_until_us = until_us
        return False

    def retry(self) -> bool:
        """Try a record once more that staff released from quarantine; True when there may be more. It counts from now
        on, or returns to quarantine with the new reason."""
        with self._deps.database.transaction(SYSTEM) as tx:
            found = tx.tracking.released()
        if found is None:
            return False
        try:
            consume_released(self._deps, found)
        except ConversionChanged:
            return True
        except (DatabaseUnavailable, DatabaseMisfit):
            raise
        except Exception as error:
            reason = _reason(error)
            return_to_quarantine(self._deps, found.record, reason)
            _log.error("record %s went back into quarantine: %s", found.record, reason)
        else:
            _log.info("record %s left the quarantine", found.record)
        return True

    def _watermark(self, stream: int) -> int:
        position = (self._positions or {}).get(stream)
        return 0 if position is None else position.watermark_us

    def _has_more(self, stream: int) -> bool:
        """Asks the journal alone, so that an idle worker leaves the database alone."""
        position = (self._positions or {}).get(stream)
        return position is None or bool(self._deps.journal.read(stream, position.cursor, 1)[0])

    def _consume(self, stream: int) -> bool:
        limit = self._limits.get(stream, self._batch_max)
        try:
            consumed = ingest(self._deps, stream, limit=limit)
        except ConversionChanged:
            return True
        except UnknownRecord as error:
            raise ConsumerStopped(f"{error}; start a worker of that version") from error
        except (DatabaseUnavailable, DatabaseMisfit):
            raise
        except Exception as error:
            with suppress(ConversionChanged):
                self._narrow(stream, limit, error)
            return True
        self._went_well(stream, limit, consumed)
        return bool(consumed.records or consumed.timers)

    def _went_well(self, stream: int, limit: int, consumed: Consumed) -> None:
        assert self._positions is not None
        self._positions[stream] = consumed.position
        if consumed.records:
            self.records += consumed.records
            self._limits[stream] = min(limit * 2, self._batch_max)
            self._quarantined_in_a_row = 0

    def _narrow(self, stream: int, limit: int, error: Exception) -> None:
        if limit > 1:
            self._limits[stream] = limit // 2
            return
        self._rule_out_timers(stream)
        reason = _reason(error)
        record = quarantine_next(self._deps, stream, reason)
        _log.error("record %s went into quarantine: %s", record, reason)
        self._positions = None
        self._quarantined_in_a_row += 1
        if self._quarantined_in_a_row >= _quarantined_in_a_row_max:
            raise ConsumerStopped(
                f"{self._quarantined_in_a_row} records in a row went into quarantine, which is more than bad records; "
                f"the last one because of {reason}"
            ) from error

    def _rule_out_timers(self, stream: int) -> None:
        """A batch of one record also releases what is due by then. Should that be what fails, the record is not at
        fault, and the consumer stops."""
        try:
            release_before_next(self._deps, stream)
        except (DatabaseUnavailable, DatabaseMisfit, ConversionChanged):
            raise
        except Exception as error:
            raise ConsumerStopped(f"conversions cannot be released: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The first line: behind it a database repeats the row, which may hold something about a person."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
