"""Kinds of business. Each is one file that answers the contract, and one line in the table below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.verticals import hotel, retail
from warum.verticals.contract import Vertical

VERTICALS: Final[Mapping[str, Vertical]] = {
    "retail": retail.VERTICAL,
    "hotel": hotel.VERTICAL,
}
