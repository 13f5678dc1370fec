"""Links: what each brings and what of it does not count, new ones, and retiring them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.call import Repeated
from warum.app.conversions import ConversionOut
from warum.app.figures.links import LinkDetails, LinkFiguresOut
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.figures import LinkOrder
from warum.web.console import records
from warum.web.console.charts import share_percent
from warum.web.console.drops import told
from warum.web.console.forms import Filled
from warum.web.console.periods import Period
from warum.web.console.records import Address, Choices, Sort
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Visit, status_of

pages: Final = Pages()

page_rows: Final = 50
_recent: Final = 8
_CREATE: Final = ("partnership", "offer", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A link in the list, and where its numbers lead."""

    line: LinkFiguresOut
    percent: float
    conversions_href: str

    @property
    def path(self) -> str:
        return f"/links/{public('link', self.line.link.id)}"

    @property
    def name(self) -> str:
        return self.line.link.name or self.line.link.code


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, in words, with the length of its bar."""

    label: str
    hint: str
    count: int
    percent: float


@pages.get("/links")
def show_list(visit: Visit) -> Response:
    span = records.span_of(visit)
    address = records.address_of(visit, "/links", span, "q", "program", "publisher", "state", "sort", "page")
    query = address.query
    order = query.get("sort", "")
    number = records.page_number(visit)
    fields: dict[str, object] = {name: query[name] for name in ("program", "publisher") if name in query}
    if "state" in query:
        fields["retired"] = query["state"] == "retired"
    if "q" in query:
        fields["search"] = query["q"]
    lines: Sequence[LinkFiguresOut] = visit.perform(
        "link.figures",
        **fields,
        **records.bounds(visit, span),
        order=order if order in list(LinkOrder) else LinkOrder.CLICKS,
        offset=(number - 1) * page_rows,
        limit=page_rows + 1,
    ).links
    shown = lines[:page_rows]
    most = max((line.figures.clicks for line in shown), default=0)
    newer, older = records.turned(address, number, len(lines) > page_rows)
    return visit.page(
        "pages/links.html",
        address=address,
        span=span,
        rows=[_row(line, span, most) for line in shown],
        sorts=_sorts(address),
        choices={
            kind: [(public(kind, one.id), one.name) for one in records.listed(visit, kind)]
            for kind in ("program", "publisher")
        },
        newer=newer,
        older=older,
        nothing=not lines and not fields and number == 1,
        may_change=records.may_change(visit),
    )


@pages.get("/links/new")
def new(visit: Visit) -> Response:
    typed = {name: visit.query.get(name, "") for name in ("partnership", "offer")}
    return _new_page(visit, Filled(typed), visit.query.get("program", ""))


@pages.post("/links/new")
def create(visit: Visit) -> Response:
    made = records.change(visit, "link.create", visit.form.fields(*_CREATE))
    if isinstance(made, Refusal):
        form = records.refilled(visit, made, *_CREATE)
        return _new_page(visit, form, visit.form.text("program"), status_of(made))
    subject = made.act.subject if isinstance(made, Repeated) else public("link", made.id)
    return records.answered(visit, made, f"/links/{subject}", Toast(visit.say("links.created")))


@pages.get("/links/{link}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/links/{link}/retire")
def retire(visit: Visit) -> Response:
    named = public("link", visit.id("link", "link"))
    made = records.change(visit, "link.retire", records.versioned(visit, link=named, **visit.form.fields("reason")))
    if isinstance(made, Refusal):
        return _page(visit, records.refilled(visit, made, "reason"), status_of(made))
    return records.answered(visit, made, f"/links/{named}", Toast(visit.say("link.retired.toast")))


def _row(line: LinkFiguresOut, span: Period, most: int) -> Row:
    own = {**records.span_query(span), "link": public("link", line.link.id), "credited": "yes"}
    return Row(
        line=line,
        percent=share_percent(line.figures.clicks, most),
        conversions_href=str(Address("/conversions", own)),
    )


def _sorts(address: Address) -> dict[str, Sort]:
    """Each order goes one way."""
    asked = address.query.get("sort") or LinkOrder.CLICKS.value
    return {
        order.value: Sort(
            href=str(address.but(sort="" if order is LinkOrder.CLICKS else order.value, page="")),
            sorted=("up" if order is LinkOrder.NAME else "down") if asked == order.value else None,
        )
        for order in LinkOrder
    }


def _new_page(visit: Visit, form: Filled, program: str, status: int = 200) -> Response:
    """A program first, since partners and offers are those of one program."""
    programs: Choices = [(public("program", one.id), one.name) for one in records.listed(visit, "program")]
    if not program and len(programs) == 1:
        program = programs[0][0]
    partners: Choices = ()
    offers: Choices = ()
    if program:
        names = records.called(visit, "publisher")
        found = visit.perform("partnership.list", program=program, status="approved", limit=records.many).partnerships
        partners = sorted(
            ((public("partnership", one.id), names.get(one.publisher, "")) for one in found),
            key=lambda pair: pair[1].lower(),
        )
        offers = [
            (public("offer", one.id), one.name)
            for one in visit.perform("offer.list", program=program, limit=records.many).offers
        ]
    return visit.page(
        "pages/link_new.html",
        status_code=status,
        form=form,
        program=program,
        programs=programs,
        partners=partners,
        offers=offers,
        once=records.once(visit),
    )


def _page(visit: Visit, form: Filled | None = None, status: int = 200) -> Response:
    named = public("link", visit.id("link", "link"))
    span = records.span_of(visit)
    details: LinkDetails = visit.perform("link.show", link=named, **records.bounds(visit, span))
    line = details.line
    recent: Sequence[ConversionOut] = visit.perform(
        "conversion.list", link=named, mode="live", limit=_recent
    ).conversions
    row = _row(line, span, line.figures.clicks)
    rows = Address("/conversions", {**records.span_query(span), "link": named, "credited": "yes"})
    return visit.page(
        "pages/link.html",
        status_code=status,
        line=line,
        link=line.link,
        named=named,
        name=row.name,
        span=span,
        address=Address(f"/links/{named}", records.span_query(span)),
        rows=rows,
        clicks=_clicks(visit, line),
        dropped=[
            Part(*told(visit.look, one.reason), one.count, share_percent(one.count, details.dropped[0].count))
            for one in details.dropped
        ],
        recent=recent,
        deeds=records.deeds_of(visit, named),
        may_change=records.may_change(visit) and line.link.retired_at is None,
        form=form or Filled(),
        form_open=form is not None,
        once=records.once(visit),
    )


def _clicks(visit: Visit, line: LinkFiguresOut) -> list[Part]:
    """The clicks by the ground on which they may be credited."""
    figures = line.figures
    reference = figures.clicks_reference or 0
    parts = (
        ("consent", figures.clicks - reference - figures.clicks_bare),
        ("reference", reference),
        ("bare", figures.clicks_bare),
    )
    return [
        Part(
            visit.say(f"link.clicks.{name}"),
            visit.say(f"link.clicks.{name}.hint"),
            count,
            share_percent(count, figures.clicks),
        )
        for name, count in parts
    ]
