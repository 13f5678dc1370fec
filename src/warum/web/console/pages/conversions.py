"""Conversions: the list with what it sums up to, and why each one stands as it stands."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from warum.app.border import Money, money
from warum.app.call import Caller, perform
from warum.app.conversions import ConversionOut
from warum.app.explain import ConversionExplain, Explanation, Lang
from warum.app.explain.words import SPEECH
from warum.app.figures.shapes import TotalOut
from warum.app.operations import BY_NAME
from warum.app.status import ActOut
from warum.domain.conversion import Credit, EventKind, Reason, Status
from warum.domain.leaves import LeafType
from warum.kernel.ids import private, public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.verticals import VERTICALS
from warum.web.console import receipts, records
from warum.web.console.charts import share_percent
from warum.web.console.forms import Filled
from warum.web.console.periods import Period
from warum.web.console.records import Address, Choices
from warum.web.console.routing import Pages
from warum.web.console.timeline import Entry, timeline
from warum.web.console.visit import Toast, Visit, status_of

pages: Final = Pages()

page_rows: Final = 50
export_rows_at_once: Final = 500
_CHOSEN: Final = ("advertiser", "program", "publisher", "link", "offer", "arm", "status")
_MOMENTS: Final = ("clicked_from", "clicked_until")
_FILTERS: Final = (*_CHOSEN, *_MOMENTS, "q", "mode", "credited")
_DECLINE: Final = ("because", "reason")
# What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A conversion in the list, and how long its commission is beside the others of the page."""

    conversion: ConversionOut
    percent: float

    @property
    def path(self) -> str:
        return path_of(self.conversion)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFigure:
    """All, or one status: how many, their commission, and the list of just these."""

    status: str
    count: int
    commission: tuple[Money, ...]
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is set and has no select of its own."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for.

    Attributes:
        span: None for all time.
        had: kinds of events within the span; then it says when these happened, and not when the order was booked.
    """

    address: Address
    span: Period | None
    had: tuple[str, ...]

    @property
    def search(self) -> str:
        return self.address.query.get("q", "")

    def fields(self, visit: Visit) -> dict[str, object]:
        """The input of conversion.list."""
        query = self.address.query
        asked: dict[str, object] = {name: query[name] for name in (*_CHOSEN, *_MOMENTS) if name in query}
        asked["mode"] = query.get("mode", "live")
        if credited := query.get("credited"):
            asked["credited"] = credited == "yes"
        if self.search:
            return {**asked, "order_prefix": self.search}
        if self.had:
            return {**asked, "had": self.had, **records.bounds(visit, self.span, "had_from", "had_until")}
        return {**asked, **records.bounds(visit, self.span, "booked_from", "booked_until")}


@pages.get("/conversions")
def show_list(visit: Visit) -> Response:
    filters = _filters(visit)
    if private("conversion", filters.search) is not None:
        return visit.redirect(f"/conversions/{filters.search}")
    fields = filters.fields(visit)
    before = visit.query.get("before")
    found: tuple[ConversionOut, ...] = visit.perform(
        "conversion.list", **fields, limit=page_rows + 1, **({"before": before} if before else {})
    ).conversions
    totals: tuple[TotalOut, ...] = visit.perform("conversion.totals", **fields).totals
    shown = found[:page_rows]
    last = public("conversion", shown[-1].id) if len(found) > page_rows else None
    newer, older = records.turned_by_key(filters.address, visit, last)
    status = filters.address.query.get("status")
    summed = [total for total in totals if status in (None, total.status)]
    return visit.page(
        "pages/conversions.html",
        address=filters.address,
        span=filters.span,
        rows=_rows(shown),
        program_names=records.called(visit, "program"),
        figures=_figures(totals, filters.address),
        totals=_by_currency(summed),
        count=sum(total.count for total in summed),
        newer=newer,
        older=older,
        chips=_chips(visit, filters),
        choices=choices(visit),
        filtered=len(filters.address.fields("range", "from", "until", "mode")) > 0,
        export=Address("/conversions.csv", {**filters.address.query, "had": ",".join(filters.had)}),
    )


@pages.get("/conversions.csv")
def export(visit: Visit) -> Response:
    """Every row of the filtered list, as it is read. Cells that a spreadsheet would run are made harmless."""
    fields = _filters(visit).fields(visit)
    # The first page is asked for before the answer begins, so that a no is still a page that says so.
    first: tuple[ConversionOut, ...] = visit.perform("conversion.list", **fields, limit=export_rows_at_once).conversions
    name = f"conversions-{visit.look.formats.today.isoformat()}.csv"
    return StreamingResponse(
        _csv(visit, fields, first),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@pages.get("/conversions/{conversion}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.get("/conversions/{conversion}/receipts")
def download(visit: Visit) -> Response:
    return receipts.attached(visit, conversion=public("conversion", visit.id("conversion", "conversion")))


@pages.post("/conversions/{conversion}/approve")
def approve(visit: Visit) -> Response:
    named = public("conversion", visit.id("conversion", "conversion"))
    made = records.change(visit, "conversion.approve", records.versioned(visit, conversion=named))
    if isinstance(made, Refusal):
        return _page(visit, refusal=made)
    return records.answered(
        visit, made, f"/conversions/{named}", Toast(visit.say("conversion.approved", id=_called(made, named)))
    )


@pages.post("/conversions/{conversion}/decline")
def decline(visit: Visit) -> Response:
    named = public("conversion", visit.id("conversion", "conversion"))
    fields = records.versioned(visit, conversion=named, **visit.form.fields(*_DECLINE))
    made = records.change(visit, "conversion.decline", fields)
    if isinstance(made, Refusal):
        return _page(visit, refusal=made, typed=records.refilled(visit, made, *_DECLINE))
    return records.answered(
        visit, made, f"/conversions/{named}", Toast(visit.say("conversion.declined", id=_called(made, named)))
    )


def path_of(conversion: ConversionOut) -> str:
    return f"/conversions/{public('conversion', conversion.id)}"


def choices(visit: Visit) -> Mapping[str, Choices]:
    """Advertisers, programs and publishers to choose from, by name."""
    return {
        kind: sorted(
            ((public(kind, one.id), one.name) for one in records.listed(visit, kind)),
            key=lambda pair: pair[1].lower(),
        )
        for kind in ("advertiser", "program", "publisher")
    }


# The list -------------------------------------------------------------------------------------------------------------


def _filters(visit: Visit) -> Filters:
    had = tuple(kind for text in visit.request.query_params.getlist("had") for kind in text.split(",") if kind)
    named = any(visit.query.get(name) for name in (*_CHOSEN, *_MOMENTS, "credited"))
    span = records.span_or_all(visit, named)
    address = records.address_of(visit, "/conversions", span, *_FILTERS)
    if had:
        address = address.but(had=",".join(had))
    return Filters(address, span, had)


def _rows(found: Iterable[ConversionOut]) -> tuple[Row, ...]:
    found = tuple(found)
    largest: defaultdict[str, int] = defaultdict(int)
    for one in found:
        largest[one.commission.currency] = max(largest[one.commission.currency], one.commission.amount_minor)
    return tuple(
        Row(
            conversion=one,
            percent=share_percent(one.commission.amount_minor, largest[one.commission.currency]),
        )
        for one in found
    )


def _figures(totals: Iterable[TotalOut], address: Address) -> tuple[StatusFigure, ...]:
    totals = tuple(totals)
    asked = address.query.get("status", "")
    return tuple(
        StatusFigure(
            status=status,
            count=sum(total.count for total in totals if status in ("", total.status)),
            commission=tuple(
                commission for _, _, commission in _by_currency([one for one in totals if status in ("", one.status)])
            ),
            href=str(address.but(status=status)),
            current=asked == status,
        )
        for status in ("", *Status)
    )


def _by_currency(totals: Iterable[TotalOut]) -> list[tuple[Money, Money, Money]]:
    """(sale, retained, commission) in each currency."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for total in totals:
        for place, one in enumerate((total.sale, total.retained, total.commission)):
            sums[one.currency][place] += one.amount_minor
    return [
        (money(sale, currency), money(retained, currency), money(commission, currency))
        for currency, (sale, retained, commission) in sorted(sums.items())
    ]


def _chips(visit: Visit, filters: Filters) -> tuple[Chip, ...]:
    query, address = filters.address.query, filters.address
    chips: list[Chip] = []
    if link := query.get("link"):
        chips.append(Chip(label=visit.say("conversions.link", name=link), href=str(address.but(link=""))))
    if offer := query.get("offer"):
        chips.append(Chip(label=visit.say("conversions.offer", name=offer), href=str(address.but(offer="", arm=""))))
    if arm := query.get("arm"):
        chips.append(Chip(label=visit.say("conversions.arm", number=arm), href=str(address.but(arm=""))))
    if clicked := [query[name][:10] for name in _MOMENTS if name in query]:
        label = visit.say("conversions.clicked", days=" – ".join(clicked))
        chips.append(Chip(label=label, href=str(address.but(clicked_from="", clicked_until=""))))
    if filters.had:
        step = SPEECH[Lang(visit.look.locale)].step
        what = ", ".join(step.get(kind, kind) for kind in filters.had)
        every = set(filters.had) >= set(EventKind)
        label = visit.say("conversions.changed") if every else visit.say("conversions.had", what=what)
        chips.append(Chip(label=label, href=str(address.but(had=""))))
    return tuple(chips)


def _csv(visit: Visit, fields: Mapping[str, object], first: tuple[ConversionOut, ...]) -> Iterator[str]:
    say, german = visit.say, visit.look.locale == "de"
    # Where a comma marks the decimals, spreadsheets expect semicolons between cells, and the mark tells them UTF-8.
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if german else ",", lineterminator="\r\n")

    def line(cells: Iterable[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([harmless(cell) for cell in cells])
        return buffer.getvalue()

    def amount(one: Money) -> str:
        return one.amount.replace(".", ",") if german else one.amount

    yield "\ufeff" + line(
        [
            "id",
            *(say(f"conversions.{name}") for name in ("booked", "order")),
            say("conversion.event"),
            *(say(f"records.{name}") for name in ("advertiser", "program", "publisher")),
            say("conversion.status"),
            say("records.reason"),
            *(say(f"conversions.{name}") for name in ("sale", "retained")),
            say("records.commission"),
            say("conversions.currency"),
            say("conversions.mode"),
            say("conversions.hold"),
        ]
    )
    zone = ZoneInfo(visit.look.formats.timezone)
    page = first
    while page:
        for one in page:
            yield line(
                [
                    public("conversion", one.id),
                    one.booked_at.astimezone(zone).isoformat(sep=" ", timespec="seconds")[:19],
                    one.order_id or "",
                    one.event_type,
                    one.advertiser_name or "",
                    one.program_code or "",
                    one.publisher_name or "",
                    say(f"status.{one.status}"),
                    say(f"reason.{one.reason}") if one.reason else "",
                    amount(one.sale),
                    amount(one.retained),
                    amount(one.commission),
                    one.sale.currency,
                    one.mode,
                    "" if one.release_at is None else one.release_at.astimezone(zone).date().isoformat(),
                ]
            )
        if len(page) < export_rows_at_once:
            return
        page = visit.perform(
            "conversion.list", **fields, before=public("conversion", page[-1].id), limit=export_rows_at_once
        ).conversions


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


# One conversion -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the publisher sees, which is what the same operation answers to the publisher."""

    conversion: ConversionOut
    note: str | None
    words: tuple[Any, ...]


def _page(visit: Visit, *, refusal: Refusal | None = None, typed: Filled | None = None) -> Response:
    named = public("conversion", visit.id("conversion", "conversion"))
    lang = Lang(visit.look.locale)
    facts: Explanation = visit.perform("conversion.explain", conversion=named, lang=lang)
    conversion = facts.conversion
    acts: Sequence[ActOut] = visit.perform("act.list", subject=named, limit=records.many).acts
    program = public("program", conversion.program)
    known = records.names(visit, [program, *map(records.who, acts)])
    persons = {act.version_after: known.get(records.who(act), records.who(act)) for act in acts}
    entries: tuple[Entry, ...] = timeline(visit.look, facts, persons)
    open_form = typed is not None
    return visit.page(
        "pages/conversion.html",
        status_code=200 if refusal is None else status_of(refusal),
        facts=facts,
        conversion=conversion,
        program_name=known.get(program, conversion.program_code),
        named=named,
        entries=entries,
        accounts=SPEECH[lang].account,
        steps=SPEECH[lang].step,
        kinds={step.seq: step.kind for step in facts.steps},
        contests=visit.perform("contest.list", conversion=named, limit=records.many).contests,
        seen=_seen_by_publisher(visit, conversion, lang),
        held=receipts.held(
            visit,
            "conversion",
            named,
            path=f"/conversions/{named}",
            holders=[name for name in (conversion.advertiser_name, conversion.publisher_name) if name],
            entered={LeafType.CONVERSION: len(facts.steps)},
        ),
        may_change=records.may_change(visit),
        reasons=_reasons(visit, facts.vertical),
        form=typed or Filled({"because": Reason.DECLINED_BY_ADVERTISER.value}),
        form_open=open_form,
        stale=refusal is not None and refusal.kind is Kind.CONFLICT,
        refusal=None if refusal is None else visit.look.refusal(refusal),
        once=records.once(visit),
        credited=facts.credit is not Credit.NONE,
        check_out=date.fromisoformat(facts.hold.check_out) if facts.hold.check_out else None,
    )


def _seen_by_publisher(visit: Visit, conversion: ConversionOut, lang: Lang) -> Seen | None:
    if conversion.publisher is None:
        return None
    publisher = Caller(
        scope=Scope(Role.PUBLISHER, conversion.publisher), kind=ActorKind.PERSON, actor=visit.person.caller.actor
    )
    shown = perform(
        BY_NAME["conversion.explain"], visit.deps, publisher, ConversionExplain(conversion=conversion.id, lang=lang)
    )
    if isinstance(shown, Refusal):
        return None
    explanation: Explanation = shown
    notes = [step.note for step in explanation.steps if step.note]
    return Seen(conversion=explanation.conversion, note=notes[-1] if notes else None, words=explanation.words)


def _reasons(visit: Visit, vertical: str) -> Choices:
    """The listed reasons that this kind of business knows."""
    known = [reason for reason in Reason if reason is not Reason.NO_SHOW or vertical == VERTICALS["hotel"].name]
    return [(reason.value, visit.say(f"reason.{reason.value}")) for reason in reversed(known)]


def _called(made: object, named: str) -> str:
    return (made.order_id or named) if isinstance(made, ConversionOut) else named
