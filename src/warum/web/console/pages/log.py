"""The log of receipts: how it stands, how a partner checks it, what each month came to, and what was entered last."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from warum.app.log.receipts import LogOut, ReceiptLine, ReceiptOut, StatementOut, file_max
from warum.domain.conversion import EventKind
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.web.console import receipts, records
from warum.web.console.records import Address, Choices
from warum.web.console.routing import Pages
from warum.web.console.visit import NotHere, Visit

pages: Final = Pages()

page_rows: Final = 25
statements_max: Final = 10
"""Of all partners; of those that somebody chose there are more."""
statements_max_chosen: Final = 100
_PARTIES: Final = ("advertiser", "publisher")
_NUMBERS: Final = ("first", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A statement.

    Attributes:
        conversions: those that changed in this month.
        entries: the records that it sums up.
        file: a file that begins with them, and holds the statement too.
    """

    statement: StatementOut
    first_day: date
    whose: tuple[str, ...]
    pair: str
    conversions: str
    entries: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    first: int
    last: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """All that lies between two partners, in files of a size that travels.

    Attributes:
        last: the newest number of their series; all from 1 on are there.
    """

    advertiser: str
    publisher: str
    last: int
    parts: tuple[Part, ...]
    command: str


@pages.get("/log")
def show(visit: Visit) -> Response:
    log = visit.attempt("log.show", {})
    if isinstance(log, Refusal):
        return visit.page("pages/log_empty.html", why=visit.look.refusal(log))
    asked = {name: value[:30] for name in _PARTIES if (value := visit.query.get(name, "").strip())}
    numbers = {name: value for name in _NUMBERS if _is_number(value := visit.query.get(name, ""))}
    address = Address("/log", {**asked, **numbers})
    parties = {kind: _by_name(visit, kind) for kind in _PARTIES}
    newest = _newest(visit, log.size, {}, limit=1)
    before = visit.query.get("before", "")
    until = int(before) if _is_number(before) else log.size
    found = _newest(visit, until, {**asked, **numbers}, limit=page_rows + 1)
    last = str(found[page_rows - 1].index) if len(found) > page_rows else None
    newer, older = records.turned_by_key(address, visit, last)
    names = {named: name for choices in parties.values() for named, name in choices}
    return visit.page(
        "pages/log.html",
        log=log,
        newest=newest[0].at if newest else None,
        address=address,
        parties=parties,
        pair=_pair(visit, log, asked, names),
        months=_months(visit, asked, names),
        months_max=statements_max_chosen if asked else statements_max,
        entries=receipts.entries(visit, found[:page_rows]),
        numbers=numbers,
        newer=newer and newer + "#entries",
        older=older and older + "#entries",
        steps=_steps(visit, log),
    )


@pages.get("/receipts.json")
def download(visit: Visit) -> Response:
    """What lies between two partners, from a number on."""
    first = visit.query.get("first", "")
    asked = {name: value for name in _PARTIES if (value := visit.query.get(name, ""))}
    return receipts.attached(visit, **asked, **({"first": int(first)} if _is_number(first) else {}))


@pages.get("/receipts/{index}")
def proof(visit: Visit) -> Response:
    """One receipt, as a tlog-proof."""
    index = visit.request.path_params["index"]
    if not _is_number(index):
        raise NotHere
    found: ReceiptOut = visit.perform("receipt.show", index=int(index))
    return receipts.attachment(f"{index}.tlog-proof", found.receipt, "text/plain")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _by_name(visit: Visit, kind: str) -> Choices:
    return sorted(
        ((public(kind, one.id), one.name) for one in records.listed(visit, kind)), key=lambda pair: pair[1].lower()
    )


def _newest(visit: Visit, before: int, asked: Mapping[str, str], *, limit: int) -> Sequence[ReceiptLine]:
    given = {**asked, "before": before, "limit": limit, "lang": visit.look.locale}
    return visit.perform("receipt.list", **given).receipts


def _pair(visit: Visit, log: LogOut, asked: Mapping[str, str], names: Mapping[str, str]) -> Pair | None:
    if len(asked) < len(_PARTIES):
        return None
    newest = _newest(visit, log.size, asked, limit=1)
    last = newest[0].number if newest else 0
    advertiser, publisher = (asked[name] for name in _PARTIES)
    return Pair(
        advertiser=names.get(advertiser, advertiser),
        publisher=names.get(publisher, publisher),
        last=last,
        parts=tuple(
            Part(first=first, last=min(first + file_max - 1, last), href=_file(asked, first))
            for first in range(1, last + 1, file_max)
        ),
        command=receipts.command(f"{advertiser}-{publisher}-*.receipts.json"),
    )


def _months(visit: Visit, asked: Mapping[str, str], names: Mapping[str, str]) -> tuple[Month, ...]:
    limit = statements_max_chosen if asked else statements_max
    found: Sequence[StatementOut] = visit.perform("statement.list", **asked, limit=limit).statements
    return tuple(_month(visit, one, names) for one in found)


def _month(visit: Visit, one: StatementOut, names: Mapping[str, str]) -> Month:
    first = date.fromisoformat(f"{one.month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    pair = {"advertiser": public("advertiser", one.advertiser), "publisher": public("publisher", one.publisher)}
    days = {"range": "custom", "from": first.isoformat(), "until": last.isoformat(), "had": ",".join(EventKind)}
    entries = Address("/log", {**pair, "first": str(one.first), "last": str(one.last)})
    return Month(
        statement=one,
        first_day=first,
        whose=receipts.whose(visit, "/".join(pair.values()), names),
        pair=str(Address("/log", pair)),
        conversions=str(Address("/conversions", {**pair, **days})),
        entries=f"{entries}#entries",
        file=_file(pair, one.first),
    )


def _file(pair: Mapping[str, str], first: int) -> str:
    return str(Address("/receipts.json", {**pair, "first": str(first)}))


def _steps(visit: Visit, log: LogOut) -> tuple[tuple[str, str], ...]:
    """What a partner does to check: (which step, its command)."""
    base = visit.request.base_url
    here = f"{'https' if visit.peer.https else base.scheme}://{base.netloc}"
    return (
        ("key", f"curl {here}/log/key"),
        (
            "file",
            f'curl -H "Authorization: Bearer $KEY" "{here}/v1/receipt.file?conversion=cnv_5" | jq .file > mine.json',
        ),
        ("check", receipts.command("--key", f"'{log.key}'", "mine.json", "theirs.json")),
    )
