"""The parts of the console, in the order of the navigation."""

from __future__ import annotations

from typing import Final, NamedTuple


class Section(NamedTuple):
    """One entry of the navigation.

    Attributes:
        key: names the section in templates and words (``nav.key``), and its icon.
        jump: the letter after ``g`` that leads here.
        thumb: stands in the bar of a phone; the others are under "More".
    """

    key: str
    path: str
    jump: str
    thumb: bool = False


SECTIONS: Final = (
    Section("today", "/", "t", thumb=True),
    Section("live", "/live", "l", thumb=True),
    Section("decisions", "/decisions", "d", thumb=True),
    Section("ask", "/ask", "a"),
    Section("programs", "/programs", "p"),
    Section("publishers", "/publishers", "u"),
    Section("links", "/links", "k"),
    Section("conversions", "/conversions", "c", thumb=True),
    Section("inbox", "/inbox", "i"),
    Section("receipts", "/log", "r"),
    Section("settings", "/settings", "s"),
)
