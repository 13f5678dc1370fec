"""Receipts as pages show them: what was entered of a thing, what that proves, and a file to check it with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.log.receipts import ReceiptFileOut, ReceiptLine
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.records import Address
from warum.web.console.visit import Visit

VERIFIER: Final = "verifier/warum_verify.py"
_PAGES: Final = {"cnv": "/conversions", "prp": "/decisions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A leaf in a list.

    Attributes:
        href: the page of what it speaks of; None where there is none.
        whose: the partners that it lies between, by name.
        series: all entries of these.
    """

    line: ReceiptLine
    href: str | None
    whose: tuple[str, ...]
    series: str

    @property
    def proof(self) -> str:
        """The address of its receipt."""
        return f"/receipts/{self.line.index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the log holds of one thing.

    Attributes:
        missing: why nothing can be told just now; None when the log answers.
        waiting: entries that will have a leaf in a moment.
        holders: by name, who holds the same receipts.
        href: the file of all of them.
    """

    kind: str
    entries: tuple[Entry, ...]
    missing: str | None
    waiting: int
    holders: tuple[str, ...]
    href: str
    command: str

    @property
    def erased(self) -> int:
        return sum(entry.line.erased for entry in self.entries)


def held(visit: Visit, kind: str, named: str, *, path: str, holders: Iterable[str], entered: Mapping[str, int]) -> Held:
    """The receipts of a conversion or a proposal.

    Args:
        path: its page.
        entered: how many entries there must be of it, by type.
    """
    found = visit.attempt("receipt.list", {kind: named, "limit": records.many, "lang": visit.look.locale})
    missing = visit.look.refusal(found) if isinstance(found, Refusal) else None
    lines: Sequence[ReceiptLine] = () if isinstance(found, Refusal) else found.receipts
    return Held(
        kind=kind,
        entries=entries(visit, lines),
        missing=missing,
        waiting=_waiting(visit, lines, entered) if missing is None else 0,
        holders=tuple(holders),
        href=f"{path}/receipts",
        command=command(f"{named}.receipts.json"),
    )


def command(*files: str) -> str:
    """What checks these files."""
    return " ".join(("python", VERIFIER, *files))


def entries(visit: Visit, lines: Sequence[ReceiptLine]) -> tuple[Entry, ...]:
    known = records.names(visit, {party for line in lines for party in _owners(line.series)})
    return tuple(
        Entry(line=line, href=_page(line), whose=whose(visit, line.series, known), series=str(in_series(line.series)))
        for line in lines
    )


def whose(visit: Visit, series: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the partners of a series."""
    return tuple(known.get(owner, owner) for owner in _owners(series)) or (visit.say("log.house"),)


def in_series(series: str) -> Address:
    """The list of what is entered there."""
    kinds = {"adv": "advertiser", "pub": "publisher"}
    parties = {kinds[prefix]: owner for owner in _owners(series) if (prefix := owner.partition("_")[0]) in kinds}
    return Address("/log", parties)


def attached(visit: Visit, **asked: object) -> Response:
    """A file of receipts to keep."""
    found: ReceiptFileOut = visit.perform("receipt.file", **asked)
    text = json.dumps(found.file, ensure_ascii=False, indent=1)
    return attachment(found.name, text + "\n", "application/json")


def attachment(name: str, text: str, media_type: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _owners(series: str) -> tuple[str, ...]:
    return () if series == "house" else tuple(series.split("/"))


def _page(line: ReceiptLine) -> str | None:
    """Where what it speaks of is shown: rules stand on the page of their program."""
    about = line.about or ""
    place = _PAGES.get(about.partition("_")[0])
    if place is not None:
        return f"{place}/{about}"
    return f"/programs/{line.series}" if line.series.startswith("prg_") else None


def _waiting(visit: Visit, lines: Sequence[ReceiptLine], entered: Mapping[str, int]) -> int:
    """How many have no leaf yet. Where nothing waits, none will come: it was before there was a log."""
    counts = [count - sum(line.type == kind for line in lines) for kind, count in entered.items()]
    open_ = sum(count for count in counts if count > 0)
    return min(open_, visit.perform("log.show").waiting) if open_ else 0
