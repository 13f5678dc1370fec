"""A conversion's events, read back from what the log commits to."""

from __future__ import annotations

from warum.domain.conversion import ConversionEvent
from warum.domain.history import read_event
from warum.ports.database import Tx
from warum.ports.log import About


def history(tx: Tx, conversion: int) -> list[ConversionEvent]:
    """Oldest first, without those that were erased. Needs the scope of staff or the system: payloads are encrypted."""
    untaken = [read_event(content) for content in tx.conversions.untaken(conversion)]
    entered = [
        read_event(content.payload)
        for _, content in tx.log.contents(About("conversion", conversion))
        if content is not None
    ]
    return sorted((*untaken, *entered), key=lambda event: event.seq)
