"""Money as integer minor units. Rounding happens once, half up, where a rate meets an amount; a split conserves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# ISO 4217 exponents other than 2 (source: ISO 4217 list one).
_EXPONENTS: Final = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DECIMAL: Final = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,9}))?")

amount_minor_max: Final = 10**12
"""Ten thousand million euros: above this an amount is a mistake, and totals stay far inside 64 bits."""


def exponent(currency: str) -> int:
    """Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


def is_currency(text: str) -> bool:
    """Whether the text has the form of an ISO 4217 code."""
    return _CURRENCY.fullmatch(text) is not None


def share(amount_minor: int, rate_ppm: int) -> int:
    """``amount x rate`` rounded half up.

    Args:
        amount_minor: minor units, >= 0.
        rate_ppm: parts per million, >= 0 (8 % = 80_000).

    Raises:
        ValueError: for a negative argument.
    """
    if amount_minor < 0 or rate_ppm < 0:
        raise ValueError("share() takes amounts and rates that are not negative")
    return (2 * amount_minor * rate_ppm + 1_000_000) // 2_000_000


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share by weight; leftover units go to the first shares, so the parts make the whole."""
    whole = sum(weights)
    if total_minor < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("split() takes a total and weights that are not negative, and one weight above zero")
    parts = [total_minor * weight // whole for weight in weights]
    for index in range(total_minor - sum(parts)):
        parts[index] += 1
    return parts


def parse_minor(text: str, currency: str) -> int | None:
    """Minor units of a decimal such as ``89.9`` (digits and one dot, no grouping), rounded half up.

    None when the text is not such a decimal; the caller says so in words.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    digits = exponent(currency)
    fraction = (found[3] or "").ljust(digits + 1, "0")
    minor = int(found[2]) * 10**digits + int(fraction[:digits] or "0") + (fraction[digits] >= "5")
    return -minor if found[1] else minor


def decimal(amount_minor: int, currency: str) -> str:
    """``decimal(-1205, "EUR") == "-12.05"``."""
    digits = exponent(currency)
    sign, units = ("-" if amount_minor < 0 else ""), str(abs(amount_minor)).rjust(digits + 1, "0")
    return f"{sign}{units[:-digits]}.{units[-digits:]}" if digits else f"{sign}{units}"
