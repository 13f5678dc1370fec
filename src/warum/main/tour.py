"""A tour of the console: every page that links lead to, with a few examples of each. Benchmark, screenshots and tests
in a browser go by it, so that a new page is measured, shown and tested without being named there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Final

from starlette.routing import compile_path

from warum.web.console.pages import MODULES

START: Final = ("/", "/style")
"""Where the links begin; nothing leads to the style page."""

_looked_at_max: Final = 3
"""Of one kind so many pages are read for further links; the others lead to the same kinds."""


def tour(fetch: Callable[[str], str | None], *, examples: int, start: Sequence[str] = START) -> Mapping[str, list[str]]:
    """Addresses within the host, by the pattern of their page (``/programs/{program}``), in the order they were found.

    Args:
        fetch: the HTML behind an address; None for what is no page.
        examples: how many addresses of one pattern at most, those with other parameters included.
    """
    found: dict[str, list[str]] = {}
    looked_at: dict[str, int] = {}
    waiting = deque(start)
    seen = set(start)
    while waiting:
        address = waiting.popleft()
        pattern = pattern_of(address)
        if pattern is None or len(found.get(pattern, ())) >= examples:
            continue
        if looked_at.get(pattern, 0) >= _looked_at_max:
            found[pattern].append(address)
            continue
        html = fetch(address)
        if html is None:
            continue
        found.setdefault(pattern, []).append(address)
        looked_at[pattern] = looked_at.get(pattern, 0) + 1
        for link in links(html):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return found


def pattern_of(address: str) -> str | None:
    """The pattern of the console's page at an address; None when the console has no such page."""
    path = address.partition("?")[0]
    return next((pattern for pattern, matches in _PAGES if matches.match(path)), None)


def links(html: str) -> list[str]:
    """The addresses within the host to which a page links, without those that are downloads or other pages' parts."""
    reader = _Links()
    reader.feed(html)
    reader.close()
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        href = (given.get("href") or "").partition("#")[0]
        if tag == "a" and "download" not in given and href.startswith("/") and not href.startswith("//"):
            self.found.append(href)


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    # What names no parameter comes first: "/programs/new" is no program.
    patterns = sorted({path for module in MODULES for path in module.pages.shown}, key=lambda path: path.count("{"))
    return [(pattern, compile_path(pattern)[0]) for pattern in patterns]


_PAGES: Final = _patterns()
