"""Live or test. The mode runs through token, record, conversion and ledger book, so that a test never pays."""

from __future__ import annotations

from enum import IntEnum


class Mode(IntEnum):
    LIVE = 0
    TEST = 1

    @property
    def word(self) -> str:
        return self.name.lower()
