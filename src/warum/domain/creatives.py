"""Creatives on publishers' pages: what can be shown, in which shares, and how a price is written.

Shares are wished by whoever set an allocation last, a person or a bot. When a creative comes, goes, sells out or is
back, the shares among those that can be shown are derived from these wishes, so that nothing is forgotten while
something is out of stock."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from warum.domain.catalog import PROPENSITY_ONE
from warum.kernel.money import decimal, split


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    SOLD_OUT = "sold_out"


class Language(StrEnum):
    """What a creative is written in; its price is written likewise."""

    DE = "de"
    EN = "en"


class SlotFormat(StrEnum):
    """The shape of a slot. Each has a fixed height, so that whether it is seen does not hang on what it shows."""

    CARD = "card"
    BANNER = "banner"
    LINE = "line"


LABELS: Final = {Language.DE: "Anzeige", Language.EN: "Ad"}
"""Advertising says that it is advertising (in Germany: section 5a (4) UWG, section 6 (1) DDG)."""

_NBSP: Final = "\u00a0"
_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def derived_shares(wished: Sequence[int | None]) -> list[int]:
    """Parts per million that sum to one, in proportion to the wished ones.

    Args:
        wished: of each arm, at least one; None for an arm that nobody gave a share yet: it gets the mean of the others.
    """
    known = [share for share in wished if share is not None]
    total = sum(known)
    if not total:
        return split(PROPENSITY_ONE, [1] * len(wished))
    return split(PROPENSITY_ONE, [total if share is None else share * len(known) for share in wished])


def price_text(amount_minor: int, currency: str, language: Language) -> str:
    """As people write it (CLDR): ``1.234,50 €`` in German, ``€1,234.50`` in English."""
    whole, _, fraction = decimal(amount_minor, currency).partition(".")
    comma, point = (".", ",") if language is Language.DE else (",", ".")
    number = f"{int(whole):,}".replace(",", comma) + (point + fraction if fraction else "")
    symbol = _SYMBOLS.get(currency, currency)
    if language is Language.DE:
        return f"{number}{_NBSP}{symbol}"
    return f"{symbol}{_NBSP if len(symbol) > 1 else ''}{number}"
