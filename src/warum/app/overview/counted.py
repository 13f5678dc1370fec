"""How far the counts reach. What the worker has not read yet is not missing: it is not counted yet, and nobody may
call that silence."""

from __future__ import annotations

from warum.app.call import Call
from warum.ports.database import Tx


def counted_until_us(tx: Tx, call: Call) -> int | None:
    """Up to when everything that the edge took is counted: now, where the worker has read all of it; None where
    nothing was ever read."""
    positions = tx.tracking.positions()
    journal = call.deps.journal
    if not positions and (journal is None or not journal.streams()):
        return None
    behind = [
        position.watermark_us
        for stream, position in positions.items()
        if journal is not None and journal.read(stream, position.cursor, 1)[0]
    ]
    never_read = journal is not None and any(stream not in positions for stream in journal.streams())
    return min([call.now_us, *behind, *([0] if never_read else [])])
