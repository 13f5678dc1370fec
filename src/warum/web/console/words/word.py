"""One text in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

Locale: TypeAlias = Literal["en", "de"]

Text: TypeAlias = str | tuple[str, str]
"""A text, or one for exactly one and one for any other number. ``{name}`` is filled in."""


class Word(NamedTuple):
    en: Text
    de: Text


Table: TypeAlias = Mapping[str, Word]
