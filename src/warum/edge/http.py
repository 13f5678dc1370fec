"""Requests and answers as values. The server makes the first and writes the second; between them nothing knows of
sockets, so that everything the edge decides can be tested with values alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from warum.domain.records import Record
from warum.kernel.ids import RecordId

parameters_max: Final = 100
"""More parameters than this are left unread: no honest link or postback has so many."""

_NO_HEADERS: Final[Mapping[bytes, bytes]] = {}


class Request(msgspec.Struct, gc=False):
    """A whole request.

    Attributes:
        target: path and query as they came, ASCII.
        headers: by lower-case name; the values of a repeated one are joined by a comma.
        peer: the address at the other end of the connection.
    """

    method: str
    target: str
    headers: Mapping[bytes, bytes] = _NO_HEADERS
    body: bytes = b""
    peer: str = ""

    def header(self, name: bytes) -> str | None:
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


class Answer(msgspec.Struct, gc=False, frozen=True):
    """What is sent back.

    Attributes:
        headers: whole lines, each with its end; the server adds length, date and connection.
    """

    status: int
    headers: str = ""
    body: bytes = b""


class Drop(NamedTuple):
    """Something that did not count, as ``Tally.counts`` has it. Link and advertiser are 0 where nobody knows them."""

    hour_us: int
    link: int
    advertiser: int
    reason: str


class Outcome(msgspec.Struct, gc=False, frozen=True):
    """What follows from a request.

    Attributes:
        records: to be appended in this order; the first gets the identity that the handler was told.
        drops: to be counted with the next commit.
        waits: the answer also waits for everything appended before, as a repetition waits for the first.
        told: makes the answer from the identities of all records, in their order; it then stands in for ``answer``.
            Only the first identity is known beforehand: a segment may end between two records.
    """

    answer: Answer
    records: tuple[Record, ...] = ()
    drops: tuple[Drop, ...] = ()
    waits: bool = False
    told: Callable[[Sequence[RecordId]], Answer] | None = None


def parameters(query: str) -> list[tuple[str, str]]:
    """Names and values of a query or form, decoded as UTF-8; what is not UTF-8 becomes U+FFFD."""
    if not query:
        return []
    pairs: list[tuple[str, str]] = []
    for part in query.split("&", parameters_max)[:parameters_max]:
        name, _, value = part.partition("=")
        if "%" in part or "+" in part:
            name, value = unquote_plus(name), unquote_plus(value)
        if name:
            pairs.append((name, value))
    return pairs


def redirect(location: str) -> Answer:
    """302, uncached: the next click may lead elsewhere. The destination learns nothing of the page before it."""
    return Answer(302, f"Location: {location}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n")


def page(status: int, title: str, text: str, headers: str = "") -> Answer:
    """A small page in plain words that loads nothing from anywhere."""
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title>"
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></html>\n"
    )
    return Answer(status, headers + _PAGE_HEADERS, body.encode())


def json_answer(status: int, value: object, headers: str = "") -> Answer:
    return Answer(status, headers + _JSON_HEADERS, _json(value) + b"\n")


_json: Final = msgspec.json.Encoder().encode
_COMMON: Final = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
_PAGE_HEADERS: Final = (
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
    f"Referrer-Policy: no-referrer\r\n{_COMMON}"
)
_JSON_HEADERS: Final = f"Content-Type: application/json\r\n{_COMMON}"
