"""What publishers' pages show: the creative of a slot as JSON or as a fragment for an iframe, and the script that puts
it into the page.

Showing draws and writes nothing; the impression is recorded when the creative was seen (``clicks.impression``), and
both it and the click name the arm that was shown (``domain.shown``). A page that asks again names the arm it has, and
keeps it as long as it can be shown: nothing flickers, and one visit is one draw."""

from __future__ import annotations

import gzip
import re
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from warum.domain.catalog import EdgeCreative, EdgeSlot
from warum.domain.consent import consent
from warum.domain.creatives import LABELS, Language, price_text
from warum.domain.mode import Mode
from warum.domain.shown import Shown, shown_text
from warum.domain.tracking import IN_USE, Visit, draw_shown
from warum.edge.clicks import (
    FOR_ANY_PAGE,
    ClickTools,
    Place,
    Query,
    mode_of,
    place_of,
    screened,
    shown_arm,
    sub_ids_of,
    values_of,
)
from warum.edge.http import Answer, Drop, Outcome, Request, json_answer, parameters
from warum.edge.snapshot import Snapshot
from warum.kernel.ids import RecordId
from warum.kernel.period import hour_start, utc_day

script_seconds: Final = 3_600
"""How long a browser keeps the script."""


class ShownCreative(msgspec.Struct, frozen=True, gc=False):
    """What a page shows. Addresses are relative to the one that this answers.

    Attributes:
        label: says that it is advertising.
        price: as people write it; None without one, or once it is out of date.
        shown: names the arm; a page that asks again gives it back as ``arm``.
        seen_url: to be fetched when at least half of it was visible for a second.
    """

    headline: str
    text: str
    label: str
    language: str
    image_url: str | None
    image_alt: str
    price: str | None
    shown: str
    click_url: str
    seen_url: str


class SlotAnswer(msgspec.Struct, frozen=True, gc=False):
    """Without a creative the slot is to be closed: nothing can be shown just now."""

    creative: ShownCreative | None
    format: str


def slot(
    request: Request, code: str, query: str, snapshot: Snapshot, tools: ClickTools, *, now_us: int, record: RecordId
) -> Outcome:
    """The creative to show, and where it leads.

    Args:
        record: where the next record will stand; the draw follows from it.
    """
    pairs = parameters(query)
    found = snapshot.slots_by_code.get(code)
    place = None if found is None else place_of(snapshot, snapshot.links.get(found.link), request, now_us=now_us)
    if found is None or place is None:
        return Outcome(_UNKNOWN, drops=(Drop(hour_start(now_us), 0, 0, "unknown_slot"),))
    given = consent(values_of(pairs, "cons"), request.header(b"sec-gpc")).given
    creative = None
    if found.active and screened(_visit(request, now_us), place, IN_USE) is None:
        shown = _chosen(pairs, place, snapshot, tools, now_us=now_us, record=record)
        if shown is not None:
            creative = _creative(*shown, place, pairs, tools, given=given, now_us=now_us)
    if ("format", "html") in pairs:
        return Outcome(_fragment(found, creative, pairs, given=given))
    return Outcome(json_answer(200, SlotAnswer(creative, found.format), FOR_ANY_PAGE))


def script(request: Request) -> Answer:
    """The script for publishers' pages; small, and the same for everybody."""
    packed = "gzip" in (request.header(b"accept-encoding") or "")
    return _PACKED if packed else _PLAIN


def _chosen(
    pairs: Query, place: Place, snapshot: Snapshot, tools: ClickTools, *, now_us: int, record: RecordId
) -> tuple[Shown, EdgeCreative] | None:
    """The arm that the page shows already, if that can go on; else one that is drawn. None when the one that is drawn
    cannot be shown. Another is not put in its place: it would be shown more often than its propensity says. The
    allocation that leaves out what is sold out comes with the same change."""
    kept = shown_arm(pairs, place, snapshot, tools, now_us=now_us)
    if kept is not None:
        creative = _available(kept, snapshot)
        if creative is not None:
            return kept, creative
    arm = draw_shown(place.allocation, record, next(tools.serials), tools.draw_key).arm
    drawn = Shown(place.allocation.id, arm)
    creative = _available(drawn, snapshot)
    return None if creative is None else (drawn, creative)


def _available(shown: Shown, snapshot: Snapshot) -> EdgeCreative | None:
    arms = snapshot.allocations[shown.allocation].arms
    number = next(arm.creative for arm in arms if arm.arm == shown.arm)
    creative = None if number is None else snapshot.creatives.get(number)
    return creative if creative is not None and creative.available else None


def _creative(
    shown: Shown, creative: EdgeCreative, place: Place, pairs: Query, tools: ClickTools, *, given: bool, now_us: int
) -> ShownCreative:
    named = shown_text(shown, link=place.link.id, day=utc_day(now_us), key=tools.draw_key)
    test = "&mode=test" if mode_of(pairs) is Mode.TEST else ""
    # Sub ids may be personal: without consent they are not even repeated.
    carried = "".join(f"&{name}={quote(value, safe='')}" for name, value in sub_ids_of(pairs).items()) if given else ""
    click_query = f"?arm={named}{'&cons=1' if given else ''}{carried}{test}"
    language = Language(creative.language)
    return ShownCreative(
        headline=creative.headline,
        text=creative.text,
        label=LABELS[language],
        language=language,
        image_url=creative.image_url,
        image_alt=creative.image_alt,
        price=_price(creative, language, now_us),
        shown=named,
        click_url=f"../c/{place.link.code}{click_query}",
        seen_url=f"../i/{place.link.code}?arm={named}{test}",
    )


def _price(creative: EdgeCreative, language: Language, now_us: int) -> str | None:
    if creative.price_minor is None or creative.currency is None:
        return None
    over = creative.price_until_us is not None and creative.price_until_us <= now_us
    return None if over else price_text(creative.price_minor, creative.currency, language)


def _visit(request: Request, now_us: int) -> Visit:
    """Of what is only shown, nothing is counted: a crawler may look."""
    return Visit(now_us=now_us, method=request.method, purpose="", crawler=lambda: False, repeat=None)


def _fragment(found: EdgeSlot, creative: ShownCreative | None, pairs: Query, *, given: bool) -> Answer:
    """A whole page for an iframe. It is complete without the script, which only counts and keeps it current."""
    sub = next(iter(sub_ids_of(pairs).values()), "") if given else ""
    attributes = {
        "slot": found.code,
        "consent": "1" if given else "",
        "sub": sub,
        "test": "1" if mode_of(pairs) is Mode.TEST else "",
        "shown": "" if creative is None else creative.shown,
    }
    data = "".join(f' data-warum-{name}="{escape(value)}"' for name, value in attributes.items() if value)
    inside = "" if creative is None else _parts(found, creative)
    language, label = ("en", "Ad") if creative is None else (creative.language, creative.label)
    body = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{label}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        "<style>body{margin:0;font-family:system-ui,sans-serif}</style>"
        f'<div{data}>{inside}</div><script src="../s.js" async></script></html>\n'
    )
    return Answer(200, _FRAGMENT_HEADERS, body.encode())


def _parts(found: EdgeSlot, creative: ShownCreative) -> str:
    """The same parts that the script makes."""
    image = ""
    if creative.image_url is not None:
        image = (
            f'<img src="{escape(creative.image_url)}" alt="{escape(creative.image_alt)}" referrerpolicy="no-referrer">'
        )
    words = "".join(
        f"<{tag}>{escape(text)}</{tag}>"
        for tag, text in (
            ("small", creative.label),
            ("strong", creative.headline),
            ("span", creative.text),
            ("b", creative.price),
        )
        if text
    )
    return (
        f'<template shadowrootmode="open"><style>{_STYLE}</style><a class="{escape(found.format)}" '
        f'lang="{creative.language}" href="{escape(creative.click_url)}" target="_blank" rel="sponsored noopener" '
        f'referrerpolicy="no-referrer">{image}<div>{words}</div></a></template>'
    )


def _small_style(text: str) -> str:
    """Without comments and space that means nothing; no value in it has a string with such characters."""
    text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return re.sub(r" ?([{};,]) ?", r"\1", text).replace(": ", ":").replace(";}", "}").strip()


def _small_script(text: str) -> str:
    """Without indentation and the lines that are comments."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


_HERE: Final = Path(__file__).parent
_STYLE: Final = _small_style((_HERE / "slot.css").read_text(encoding="utf-8"))
SCRIPT: Final = _small_script((_HERE / "slot.js").read_text(encoding="utf-8")).replace("STYLE", _STYLE).encode()
_SCRIPT_HEADERS: Final = (
    f"Content-Type: text/javascript; charset=utf-8\r\nCache-Control: public, max-age={script_seconds}\r\n"
    f"Vary: Accept-Encoding\r\nX-Content-Type-Options: nosniff\r\n{FOR_ANY_PAGE}"
)
_PLAIN: Final = Answer(200, _SCRIPT_HEADERS, SCRIPT)
_PACKED: Final = Answer(200, f"Content-Encoding: gzip\r\n{_SCRIPT_HEADERS}", gzip.compress(SCRIPT, mtime=0))
_FRAGMENT_HEADERS: Final = (
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'\r\n"
    f"Referrer-Policy: no-referrer\r\n{FOR_ANY_PAGE}"
)
_UNKNOWN: Final = json_answer(
    404,
    {
        "creative": None,
        "reason": "unknown_slot",
        "message": "There is no slot of this code. It may have been cut when it was copied.",
    },
    FOR_ANY_PAGE,
)
