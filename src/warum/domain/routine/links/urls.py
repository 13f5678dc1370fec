"""Changing a tracking link that stands on somebody's page, sign by sign.

Nothing is parsed and written anew: macros such as ``{clickid}``, ``##sub##`` or ``%%CACHEBUSTER%%``, odd escapes and
``&amp;`` of a page's source stay as their owner wrote them. Only the code, or the page that is named, is exchanged."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus, urlsplit

DEEP_LINK_NAMES: Final = ("to", "ued", "deeplink", "url")
"""What the edge takes for the page that a publisher names; the first of them that is there counts."""


class Parts(NamedTuple):
    """``origin`` ends before the code; ``rest`` begins with ``?`` or is empty."""

    origin: str
    code: str
    rest: str


def parts(url: str, host: str) -> Parts | None:
    """A tracking link of ours on that host; None for anything else."""
    found = _LINK.fullmatch(url)
    return Parts(*found.group(1, 3, 4)) if found and found[2].lower() == host.lower() else None


def deep_link(rest: str) -> str | None:
    """The page that is named, decoded; None for none."""
    found = _effective(rest)
    return None if found is None else unquote_plus(found[3])


def with_deep_link(link: Parts, page: str) -> str:
    """The link with another page in the place of the one it names; unchanged where it names none."""
    found = _effective(link.rest)
    if found is None:
        return "".join(link)
    begin, end = found.span(3)
    return f"{link.origin}{link.code}{link.rest[:begin]}{quote(page, safe='')}{link.rest[end:]}"


def with_code(link: Parts, code: str) -> str:
    """The link of another offer, without the page that was named: that belonged to the former one."""
    rest = _DEEP.sub(lambda found: found[1] if found[1] == "?" else "", link.rest)
    # What followed a first parameter that went now stands behind "?&".
    rest = re.sub(r"^\?(?:&amp;|&)+", "?", rest)
    return f"{link.origin}{code}{'' if rest == '?' else rest}"


def personal(url: str) -> bool:
    """Whether what a link carries looks like somebody's mail address."""
    return re.search(r"[^\s/?&=]+(?:@|%40)[^\s/?&=]+\.[A-Za-z]{2,}", url) is not None


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""


def _effective(rest: str) -> re.Match[str] | None:
    found = [each for each in _DEEP.finditer(rest) if each[3]]
    return min(found, key=lambda each: (DEEP_LINK_NAMES.index(each[2]), each.start()), default=None)


_LINK: Final = re.compile(r"(https?://([^/?#\s]+)/c/)([A-Za-z0-9]+)((?:\?\S*)?)")
_DEEP: Final = re.compile(rf"(\?|&amp;|&)({'|'.join(DEEP_LINK_NAMES)})=([^&#]*)")
