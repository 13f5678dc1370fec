"""Publishers: what each brings, its money, partnerships, links, and what it was told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from warum.app.call import Repeated
from warum.app.conversions import BalanceOut, ConversionOut
from warum.app.figures.lists import DeliveryOut
from warum.app.figures.parties import PublisherLine
from warum.app.partnerships import PartnershipOut
from warum.app.publishers import PublisherOut, TargetCreated, TargetOut
from warum.domain.macros import MACROS
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.charts import share_percent
from warum.web.console.forms import Filled
from warum.web.console.periods import Period
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Undo, Visit, status_of

pages: Final = Pages()

page_rows: Final = 100
_recent: Final = 8
_deliveries: Final = 20
_CREATE: Final = ("name", "kind", "code")
# Kinds that networks know publishers by; the catalog takes any word.
KINDS: Final = (
    *("content", "blog", "magazine", "travel", "cashback", "voucher", "comparison", "newsletter", "social", "app"),
)
_KEYS: Final[Mapping[str, Callable[[PublisherLine], Any]]] = {
    "name": lambda line: line.publisher.name.lower(),
    "clicks": lambda line: line.figures.clicks,
    "conversions": lambda line: line.figures.conversions,
    "epc": lambda line: _epc_minor(line),
    "declined": lambda line: line.figures.declined / line.figures.conversions if line.figures.conversions else -1,
    "pending": lambda line: sum(one.pending.amount_minor for one in line.figures.money[:1]),
    "approved": lambda line: sum(one.approved.amount_minor for one in line.figures.money[:1]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A publisher in the list, and where its numbers lead."""

    line: PublisherLine
    kind: str
    percent: float
    declined: float | None
    rows: Address
    links_href: str

    @property
    def path(self) -> str:
        return f"/publishers/{public('publisher', self.line.publisher.id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipRow:
    partnership: PartnershipOut
    program_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    balance: BalanceOut
    advertiser_name: str


@pages.get("/publishers")
def show_list(visit: Visit) -> Response:
    span = records.span_of(visit)
    address = records.address_of(visit, "/publishers", span, "q", "kind", "program", "sort", "page")
    asked = {"program": address.query["program"]} if "program" in address.query else {}
    lines: Sequence[PublisherLine] = visit.perform(
        "publisher.figures", **asked, **records.bounds(visit, span)
    ).publishers
    found = records.ordered(_found(lines, address), address, _KEYS, default="clicks", ascending=("name",))
    most = max((line.figures.clicks for line in found), default=0)
    number = records.page_number(visit)
    shown = found[(number - 1) * page_rows : number * page_rows]
    newer, older = records.turned(address, number, len(found) > number * page_rows)
    return visit.page(
        "pages/publishers.html",
        address=address,
        span=span,
        rows=[_row(visit, line, span, most, asked) for line in shown],
        count=len(found),
        totals=records.summed(line.figures for line in found),
        clicks=sum(line.figures.clicks for line in found),
        conversions=sum(line.figures.conversions for line in found),
        sorts=records.sorts(address, _KEYS, default="clicks", ascending=("name",)),
        programs=[(public("program", one.id), one.name) for one in records.listed(visit, "program")],
        kinds=[(kind, _kind(visit, kind)) for kind in sorted({line.publisher.kind for line in lines})],
        nothing=not lines,
        newer=newer,
        older=older,
        may_change=records.may_change(visit),
    )


@pages.get("/publishers/new")
def new(visit: Visit) -> Response:
    return _new_page(visit, Filled({"kind": KINDS[0]}))


@pages.post("/publishers/new")
def create(visit: Visit) -> Response:
    made = records.change(visit, "publisher.create", visit.form.fields(*_CREATE))
    if isinstance(made, Refusal):
        return _new_page(visit, records.refilled(visit, made, *_CREATE), status_of(made))
    subject = made.act.subject if isinstance(made, Repeated) else public("publisher", made.id)
    toast = Toast(visit.say("publishers.created", name=visit.form.text("name")))
    return records.answered(visit, made, f"/publishers/{subject}", toast)


@pages.get("/publishers/{publisher}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/publishers/{publisher}/name")
def rename(visit: Visit) -> Response:
    named = _named(visit)
    before: PublisherOut = visit.perform("publisher.show", publisher=named)
    made = records.change(
        visit, "publisher.rename", records.versioned(visit, publisher=named, **visit.form.fields("name"))
    )
    if isinstance(made, Refusal):
        return _page(visit, rename=records.refilled(visit, made, "name"), status=status_of(made))
    undo = None
    if not isinstance(made, Repeated):
        undo = Undo(visit.request.url.path, {"name": before.name, "version": str(made.row_version)})
    toast = Toast(visit.say("publisher.renamed", name=visit.form.text("name")), undo)
    return records.answered(visit, made, f"/publishers/{named}", toast)


@pages.post("/publishers/{publisher}/targets")
def create_target(visit: Visit) -> Response:
    named = _named(visit)
    made = records.change(visit, "postback.create", {"publisher": named, **visit.form.fields("url_template")})
    if isinstance(made, Refusal):
        return _page(visit, target=records.refilled(visit, made, "url_template"), status=status_of(made))
    if isinstance(made, Repeated):
        return visit.redirect(f"/publishers/{named}", Toast(visit.say("publisher.target.repeated")))
    # Shown once, so it is this answer and no other.
    return _page(visit, created=made)


@pages.post("/publishers/{publisher}/targets/{target}")
def change_target(visit: Visit) -> Response:
    """On or off."""
    named, target = _named(visit), public("postback_target", visit.id("target", "postback_target"))
    active = visit.form.text("active") == "yes"
    made = visit.perform("postback.change", **records.versioned(visit, target=target, active=active))
    undo = Undo(visit.request.url.path, {"active": "" if active else "yes", "version": str(made.row_version)})
    said = visit.say("publisher.target.on" if active else "publisher.target.off")
    return visit.redirect(f"/publishers/{named}#postbacks", Toast(said, undo))


@pages.post("/publishers/{publisher}/apply")
def apply(visit: Visit) -> Response:
    named = _named(visit)
    fields = {"publisher": named, **visit.form.fields("program", "application")}
    made = records.change(visit, "partnership.apply", fields)
    if isinstance(made, Refusal):
        form = records.refilled(visit, made, "program", "application")
        return _page(visit, application=form, status=status_of(made))
    return records.answered(visit, made, f"/publishers/{named}#partnerships", Toast(visit.say("publisher.applied")))


# The list -------------------------------------------------------------------------------------------------------------


def _found(lines: Iterable[PublisherLine], address: Address) -> list[PublisherLine]:
    search, kind = address.query.get("q", "").lower(), address.query.get("kind")
    return [
        line
        for line in lines
        if (not search or search in line.publisher.name.lower() or search in line.publisher.code)
        and kind in (None, line.publisher.kind)
    ]


def _row(visit: Visit, line: PublisherLine, span: Period, most: int, asked: Mapping[str, str]) -> Row:
    own = {**records.span_query(span), **asked, "publisher": public("publisher", line.publisher.id)}
    figures = line.figures
    return Row(
        line=line,
        kind=_kind(visit, line.publisher.kind),
        percent=share_percent(figures.clicks, most),
        declined=figures.declined / figures.conversions if figures.conversions else None,
        rows=Address("/conversions", {**own, "credited": "yes"}),
        links_href=str(Address("/links", own)),
    )


def _kind(visit: Visit, kind: str) -> str:
    return visit.say(f"publisher_kind.{kind}") if kind in KINDS else kind


def _epc_minor(line: PublisherLine) -> int:
    first = records.leading(line.figures.money)
    return -1 if first is None or first.epc is None else first.epc.amount_minor


def _new_page(visit: Visit, form: Filled, status: int = 200) -> Response:
    kinds = [(kind, _kind(visit, kind)) for kind in KINDS]
    return visit.page("pages/publisher_new.html", status_code=status, form=form, kinds=kinds, once=records.once(visit))


# One publisher --------------------------------------------------------------------------------------------------------


def _named(visit: Visit) -> str:
    return public("publisher", visit.id("publisher", "publisher"))


def _page(
    visit: Visit,
    *,
    status: int = 200,
    rename: Filled | None = None,
    target: Filled | None = None,
    created: TargetCreated | None = None,
    application: Filled | None = None,
) -> Response:
    named = _named(visit)
    span = records.span_of(visit)
    publisher: PublisherOut = visit.perform("publisher.show", publisher=named)
    line: PublisherLine = visit.perform("publisher.figures", publisher=named, **records.bounds(visit, span)).publishers[
        0
    ]
    programs = records.called(visit, "program")
    partnerships: Sequence[PartnershipOut] = visit.perform(
        "partnership.list", publisher=named, limit=records.many
    ).partnerships
    joined = {one.program for one in partnerships if one.status.value in ("applied", "approved")}
    targets: Sequence[TargetOut] = visit.perform("postback.list", publisher=named, limit=records.many).targets
    recent: Sequence[ConversionOut] = visit.perform(
        "conversion.list", publisher=named, mode="live", limit=_recent
    ).conversions
    told, newer, older = _told(visit, named)
    return visit.page(
        "pages/publisher.html",
        status_code=status,
        publisher=publisher,
        named=named,
        kind=_kind(visit, publisher.kind),
        line=line,
        row=_row(visit, line, span, line.figures.clicks, {}),
        span=span,
        address=Address(f"/publishers/{named}", records.span_query(span)),
        balances=_balances(visit, named),
        partnerships=[
            PartnershipRow(partnership=one, program_name=programs.get(one.program, public("program", one.program)))
            for one in partnerships
        ],
        programs=[(public("program", one), name) for one, name in programs.items() if one not in joined],
        targets=targets,
        told=told,
        newer=newer,
        older=older,
        recent=recent,
        deeds=records.deeds_of(visit, named),
        may_change=records.may_change(visit),
        rename=rename or Filled({"name": publisher.name}),
        rename_open=rename is not None,
        target=target or Filled(),
        target_open=target is not None,
        created=created,
        macros=", ".join(f"{{{name}}}" for name in MACROS),
        application=application or Filled(),
        application_open=application is not None,
        once=records.once(visit),
    )


def _balances(visit: Visit, named: str) -> list[BalanceRow]:
    advertisers = records.called(visit, "advertiser")
    found: Sequence[BalanceOut] = visit.perform("balance.list", publisher=named).balances
    return [
        BalanceRow(balance=one, advertiser_name=advertisers.get(one.advertiser, ""))
        for one in found
        if one.mode == "live"
    ]


def _told(visit: Visit, named: str) -> tuple[Sequence[DeliveryOut], str | None, str | None]:
    before = visit.query.get("before", "")
    fields = {"before": int(before)} if before.isdecimal() and 0 < len(before) < 18 else {}
    found: Sequence[DeliveryOut] = visit.perform(
        "delivery.list", publisher=named, limit=_deliveries + 1, **fields
    ).deliveries
    shown = found[:_deliveries]
    last = str(shown[-1].number) if len(found) > _deliveries else None
    newer, older = records.turned_by_key(Address(f"/publishers/{named}"), visit, last)
    return shown, newer and newer + "#postbacks", older and older + "#postbacks"
