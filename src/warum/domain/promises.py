"""Promises: what the edge gives for a report that it took, before the log has it. ``docs/receipts.md`` has the
format."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from warum.domain.tlog.notes import Signer, sign
from warum.domain.tlog.spelling import to_base64
from warum.kernel.ids import RecordId

within_s: Final = 60
"""After so long a leaf names the record as its source."""


def promise(signer: Signer, origin: str, record: RecordId, *, seen_us: int, event_id: str) -> str:
    """The signed note.

    Args:
        signer: the edge's key.
        origin: of the log.
        seen_us: when the report was received.
    """
    hashed = to_base64(sha256(event_id.encode()).digest())
    return sign(f"{origin}/promise\n{record}\n{seen_us}\n{hashed}\nwithin {within_s}\n", [signer]).decode()
