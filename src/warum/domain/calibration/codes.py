"""The codes in which a score card answers. They stand apart from the arithmetic, which takes long to load: whoever
shows or describes a card needs no more than these."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """What an outcome was measured on."""

    APPLIED = "applied"
    """The change was made, and its own draws tell what it brought."""
    SHADOW = "shadow"
    """Nobody was asked: the draws of the old shares tell what it would have brought."""
    DECLINED = "declined"
    """People declined it; measured like a shadow."""


class Verdict(StrEnum):
    """What can be said of the promises as a whole."""

    HOLDS = "holds"
    """Nothing speaks against them: outcomes lie where they were said to, about as often."""
    TOO_HIGH = "too_high"
    TOO_LOW = "too_low"
    OVERCONFIDENT = "overconfident"
    """Outcomes lie further from what was promised than the intervals say."""
    TOO_MODEST = "too_modest"
    """Nearer than the intervals say: they could be narrower."""


class Lately(StrEnum):
    """How often promises held lately, against before."""

    MORE = "more"
    LESS = "less"
    ALIKE = "alike"
    """No difference that chance would not explain."""
    TOO_FEW = "too_few"


class Override(StrEnum):
    """How people went another way."""

    DECLINED = "declined"
    UNDONE = "undone"
    CHANGED = "changed"
    """They set other shares themselves, over an applied change or instead of an open proposal."""
