"""Is a VAT identification number possible? By its country's check digits; whether it is registered is another question.

The rules are those of the member states' tax offices. Countries that are not in the table are checked for their shape
alone, and the answer says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final


class Vat(StrEnum):
    """What can be said of a number."""

    MISSING = "missing"
    CHECKED = "checked"
    SHAPE_ONLY = "shape_only"
    WRONG = "wrong"


def vat(number: str) -> Vat:
    """Look at a number such as ``DE 136 695 976``; spaces, dots and hyphens do not count."""
    plain = re.sub(r"[\s.\-]", "", number).upper()
    if not plain:
        return Vat.MISSING
    country, rest = plain[:2], plain[2:]
    if country in _RULES:
        shape, holds = _RULES[country]
        return Vat.CHECKED if re.fullmatch(shape, rest, re.ASCII) and holds(rest) else Vat.WRONG
    known = country in _OTHERS and re.fullmatch(r"[0-9A-Z]{7,12}", rest, re.ASCII)
    return Vat.SHAPE_ONLY if known else Vat.WRONG


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _germany(digits: str) -> bool:
    """ISO 7064, MOD 11,10."""
    product = 10
    for digit in digits[:8]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[8])


def _austria(rest: str) -> bool:
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(rest[1:8]))
    return (10 - (sum(value // 10 + value % 10 for value in doubled) + 4) % 10) % 10 == int(rest[8])


def _poland(digits: str) -> bool:
    return _weighed(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9])


def _france(rest: str) -> bool:
    """The key of two digits; companies with letters in it are rare and have no public rule."""
    return _luhn(rest[2:]) and (not rest[:2].isdigit() or int(rest[:2]) == (12 + 3 * (int(rest[2:]) % 97)) % 97)


def _netherlands(rest: str) -> bool:
    """Before 2020 weighed by position, since then ISO 7064 MOD 97,10 over the whole number, letters being 10 to 35."""
    spelled = "".join(str(int(sign, 36)) for sign in "NL" + rest)
    old = _weighed(rest[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return old == int(rest[8]) or int(spelled) % 97 == 1


_RULES: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "AT": (r"U\d{8}", _austria),
    "BE": (r"[01]\d{9}", lambda rest: 97 - int(rest[:8]) % 97 == int(rest[8:])),
    "DE": (r"[1-9]\d{8}", _germany),
    "DK": (r"[1-9]\d{7}", lambda rest: _weighed(rest, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0),
    "FR": (r"[0-9A-HJ-NP-Z]{2}\d{9}", _france),
    "IT": (r"\d{11}", _luhn),
    "LU": (r"\d{8}", lambda rest: int(rest[:6]) % 89 == int(rest[6:])),
    "NL": (r"\d{9}B\d{2}", _netherlands),
    "PL": (r"\d{10}", _poland),
}
_OTHERS: Final = frozenset(
    {"BG", "CY", "CZ", "EE", "EL", "ES", "FI", "HR", "HU", "IE", "LT", "LV", "MT", "PT", "RO", "SE", "SI", "SK", "XI"}
)
