"""Programs: what each brings, its terms, rules, offers and partners."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from starlette.responses import Response

from warum.app.call import Repeated
from warum.app.figures.parties import ProgramLine
from warum.app.figures.shapes import Figures
from warum.app.offers import OfferOut
from warum.app.partnerships import PartnershipOut
from warum.app.programs import ProgramOut, RuleOut
from warum.domain.catalog import CommissionKind, ProgramStatus, Validation
from warum.kernel.ids import public
from warum.kernel.period import from_us, local_midnight
from warum.kernel.refusal import Kind, Refusal
from warum.verticals import VERTICALS
from warum.web.console import records
from warum.web.console.charts import share_percent
from warum.web.console.forms import Filled
from warum.web.console.pages.offers import offer_card
from warum.web.console.periods import Period
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Undo, Visit, status_of

pages: Final = Pages()

_CREATE: Final = (
    *("advertiser", "name", "vertical", "currencies", "timezone", "window_days", "hold_days", "validation", "code"),
)
_TERMS: Final = (
    *("name", "status", "window_days", "hold_days", "validation", "timezone", "currencies", "starts_on", "ends_on"),
)
_PLAIN: Final = ("name", "status", "window_days", "hold_days", "validation", "timezone")
_ONE_DAY: Final = timedelta(days=1)
_ZONES: Final = tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))
_KEYS: Final[Mapping[str, Callable[[ProgramLine], Any]]] = {
    "name": lambda line: line.program.name.lower(),
    "partners": lambda line: line.partners,
    "clicks": lambda line: line.figures.clicks,
    "conversions": lambda line: line.figures.conversions,
    "pending": lambda line: sum(one.pending.amount_minor for one in line.figures.money[:1]),
    "approved": lambda line: sum(one.approved.amount_minor for one in line.figures.money[:1]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A program in the list, and where its numbers lead. ``percent``: the length of its bar."""

    line: ProgramLine
    price: str
    percent: float
    conversions_href: str
    pending_href: str
    approved_href: str
    links_href: str

    @property
    def path(self) -> str:
        return f"/programs/{public('program', self.line.program.id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A version of a rule. ``state``: in_force, planned or past."""

    rule: RuleOut
    price: str
    publisher_name: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partnership, and what it brought."""

    partnership: PartnershipOut
    publisher_name: str
    figures: Figures | None
    conversions_href: str


@pages.get("/programs")
def show_list(visit: Visit) -> Response:
    span = records.span_of(visit)
    address = records.address_of(visit, "/programs", span, "q", "advertiser", "status", "sort")
    asked = {"advertiser": address.query["advertiser"]} if "advertiser" in address.query else {}
    lines: Sequence[ProgramLine] = visit.perform("program.figures", **asked, **records.bounds(visit, span)).programs
    found = records.ordered(_found(lines, address), address, _KEYS, default="name", ascending=("name",))
    most = max((line.figures.clicks for line in found), default=0)
    return visit.page(
        "pages/programs.html",
        address=address,
        span=span,
        rows=[_row(visit, line, span, most) for line in found],
        totals=records.summed(line.figures for line in found),
        clicks=sum(line.figures.clicks for line in found),
        conversions=sum(line.figures.conversions for line in found),
        partners=sum(line.partners for line in found),
        sorts=records.sorts(address, _KEYS, default="name", ascending=("name",)),
        advertisers=[(public("advertiser", one.id), one.name) for one in records.listed(visit, "advertiser")],
        statuses=[(status.value, visit.say(f"program_status.{status.value}")) for status in ProgramStatus],
        nothing=not lines and not asked,
        may_change=records.may_change(visit),
    )


@pages.get("/programs/new")
def new(visit: Visit) -> Response:
    started = {
        "advertiser": visit.query.get("advertiser", ""),
        "vertical": "retail",
        "currencies": "EUR",
        "timezone": "Europe/Berlin",
        "window_days": "30",
        "hold_days": "30",
        "validation": Validation.AUTOMATIC.value,
    }
    return _new_page(visit, Filled(started))


@pages.post("/programs/new")
def create(visit: Visit) -> Response:
    fields = {**visit.form.fields(*_CREATE), "currencies": _currencies(visit.form.text("currencies"))}
    made = records.change(visit, "program.create", fields)
    if isinstance(made, Refusal):
        return _new_page(visit, records.refilled(visit, made, *_CREATE), status_of(made))
    name = visit.form.text("name")
    subject = made.act.subject if isinstance(made, Repeated) else public("program", made.id)
    return records.answered(visit, made, f"/programs/{subject}", Toast(visit.say("programs.created", name=name)))


@pages.get("/programs/{program}")
def show(visit: Visit) -> Response:
    named = public("program", visit.id("program", "program"))
    span = records.span_of(visit)
    bounds = records.bounds(visit, span)
    program: ProgramOut = visit.perform("program.show", program=named)
    line: ProgramLine = visit.perform("program.figures", program=named, **bounds).programs[0]
    rules: Sequence[RuleOut] = visit.perform("rule.list", program=named).rules
    offers: Sequence[OfferOut] = visit.perform("offer.list", program=named, limit=records.many).offers
    names = records.called(visit, "publisher")
    return visit.page(
        "pages/program.html",
        program=program,
        named=named,
        line=line,
        row=_row(visit, line, span, line.figures.clicks),
        span=span,
        address=Address(f"/programs/{named}", records.span_query(span)),
        flight=_flight(visit, program),
        rules=_rule_rows(visit, rules, names),
        offers=[offer_card(visit, offer.id, span) for offer in offers],
        partners=_partners(visit, named, names, span),
        deeds=records.deeds_of(visit, named),
        may_change=records.may_change(visit),
    )


@pages.get("/programs/{program}/terms")
def terms(visit: Visit) -> Response:
    program = _program(visit)
    return _terms_page(visit, program, Filled(_as_typed(program)))


@pages.post("/programs/{program}/terms")
def save_terms(visit: Visit) -> Response:
    program = _program(visit)
    named = public("program", program.id)
    fields = _terms_fields(visit, program)
    made = fields if isinstance(fields, Refusal) else records.change(visit, "program.change", fields)
    if isinstance(made, Refusal):
        form = records.refilled(visit, made, *_TERMS, known={"starts_at": "starts_on", "ends_at": "ends_on"})
        return _terms_page(visit, program, form, made)
    undo = None
    if not isinstance(made, Repeated):
        undo = Undo(f"/programs/{named}/terms", {**_as_typed(program), "version": str(made.row_version)})
    toast = Toast(visit.say("program.terms.saved", name=program.name), undo)
    return records.answered(visit, made, f"/programs/{named}", toast)


# The list -------------------------------------------------------------------------------------------------------------


def _found(lines: Iterable[ProgramLine], address: Address) -> list[ProgramLine]:
    search, status = address.query.get("q", "").lower(), address.query.get("status")
    return [
        line
        for line in lines
        if (not search or search in line.program.name.lower() or search in line.program.code)
        and status in (None, line.program.status.value)
    ]


def _row(visit: Visit, line: ProgramLine, span: Period, most: int) -> Row:
    own = {**records.span_query(span), "program": public("program", line.program.id)}
    rows = Address("/conversions", {**own, "credited": "yes"})
    return Row(
        line=line,
        price=records.commission_text(visit.look, line.rule),
        percent=share_percent(line.figures.clicks, most),
        conversions_href=str(rows),
        pending_href=str(rows.but(status="pending")),
        approved_href=str(rows.but(status="approved")),
        links_href=str(Address("/links", own)),
    )


# One program ----------------------------------------------------------------------------------------------------------


def _program(visit: Visit) -> ProgramOut:
    return visit.perform("program.show", program=public("program", visit.id("program", "program")))


def _flight(visit: Visit, program: ProgramOut) -> str:
    """From which day until which, as people say it."""
    days: list[str] = []
    if program.starts_at is not None:
        first = _local_day(program.starts_at, program.timezone)
        days.append(visit.say("program.flight.from", day=visit.look.formats.day(first)))
    if program.ends_at is not None:
        last = _local_day(program.ends_at, program.timezone) - _ONE_DAY
        days.append(visit.say("program.flight.until", day=visit.look.formats.day(last)))
    return " ".join(days) or visit.say("program.flight.open")


def _rule_rows(visit: Visit, rules: Iterable[RuleOut], names: Mapping[int, str]) -> list[RuleRow]:
    """Every version; those in force first, then what is planned, then the past."""
    now = from_us(visit.look.formats.now_us)
    newest: dict[tuple[int | None, str, bool], RuleOut] = {}
    for rule in sorted(rules, key=lambda rule: (rule.valid_from, rule.version)):
        if rule.valid_from <= now:
            newest[_scope(rule)] = rule
    rows = [
        RuleRow(
            rule=rule,
            price=records.commission_text(visit.look, rule),
            publisher_name=None
            if rule.publisher is None
            else names.get(rule.publisher, public("publisher", rule.publisher)),
            state="planned" if rule.valid_from > now else "in_force" if newest[_scope(rule)] is rule else "past",
        )
        for rule in rules
    ]
    order = ("in_force", "planned", "past")
    return sorted(
        rows, key=lambda row: (order.index(row.state), row.publisher_name or "", row.rule.group, -row.rule.id)
    )


def _scope(rule: RuleOut) -> tuple[int | None, str, bool]:
    return rule.publisher, rule.group, rule.kind is CommissionKind.PER_CLICK


def _partners(visit: Visit, named: str, names: Mapping[int, str], span: Period) -> list[PartnerRow]:
    """Applications first, then by clicks."""
    found: Sequence[PartnershipOut] = visit.perform("partnership.list", program=named, limit=records.many).partnerships
    brought = {
        line.publisher.id: line.figures
        for line in visit.perform("publisher.figures", program=named, **records.bounds(visit, span)).publishers
    }
    rows = Address("/conversions", {**records.span_query(span), "program": named, "credited": "yes"})
    lines = [
        PartnerRow(
            partnership=one,
            publisher_name=names.get(one.publisher, public("publisher", one.publisher)),
            figures=brought.get(one.publisher),
            conversions_href=str(rows.but(publisher=public("publisher", one.publisher))),
        )
        for one in found
    ]
    return sorted(
        lines,
        key=lambda row: (row.partnership.status.value != "applied", -(row.figures.clicks if row.figures else 0)),
    )


# Forms ----------------------------------------------------------------------------------------------------------------


def _new_page(visit: Visit, form: Filled, status: int = 200) -> Response:
    return visit.page(
        "pages/program_new.html",
        status_code=status,
        form=form,
        advertisers=[(public("advertiser", one.id), one.name) for one in records.listed(visit, "advertiser")],
        verticals=[(name, visit.say(f"vertical.{name}")) for name in VERTICALS],
        validations=_validations(visit),
        zones=_ZONES,
        once=records.once(visit),
    )


def _terms_fields(visit: Visit, program: ProgramOut) -> dict[str, object] | Refusal:
    fields = records.versioned(visit, program=public("program", program.id))
    fields |= {name: visit.form.text(name) for name in _PLAIN}
    fields["currencies"] = _currencies(visit.form.text("currencies"))
    zone = visit.form.text("timezone")
    zone = zone if zone in available_timezones() else program.timezone
    for name, field, later in (("starts_on", "starts_at", timedelta()), ("ends_on", "ends_at", _ONE_DAY)):
        if text := visit.form.text(name):
            try:
                day = date.fromisoformat(text)
            except ValueError:
                return Refusal(code="input_invalid", message=visit.say(f"needs.{name}"), field=name)
            fields[field] = from_us(local_midnight(day + later, zone))
    return fields


def _terms_page(visit: Visit, program: ProgramOut, form: Filled, refusal: Refusal | None = None) -> Response:
    """With what somebody else changed since the form was made, when that is why it was not taken."""
    stale = refusal is not None and refusal.code == "row_version_stale"
    changes = _meanwhile(visit, program) if stale else ()
    return visit.page(
        "pages/program_terms.html",
        status_code=200 if refusal is None else status_of(refusal),
        program=program,
        named=public("program", program.id),
        form=Filled(form.values) if stale else form,
        # What was there when the form was made; it shows what changed meanwhile.
        before=_as_typed(program),
        stale=stale,
        changes=changes,
        who=_last_hand(visit, public("program", program.id)) if stale else "",
        statuses=[(status.value, visit.say(f"program_status.{status.value}")) for status in ProgramStatus],
        validations=_validations(visit),
        zones=_ZONES,
        once=records.once(visit),
        conflict=refusal is not None and refusal.kind is Kind.CONFLICT,
    )


def _meanwhile(visit: Visit, program: ProgramOut) -> list[tuple[str, str, str]]:
    """(field, what it was when the form was made, what it is now) of what is another."""
    now = _as_typed(program)
    return [
        (visit.say(_label(name)), _shown(visit, name, was), _shown(visit, name, now[name]))
        for name in _TERMS
        if (was := visit.form.text(f"was_{name}")) != now[name]
    ]


def _last_hand(visit: Visit, named: str) -> str:
    (act, *_) = [*visit.perform("act.list", subject=named, limit=1).acts, None]
    if act is None:
        return ""
    who = records.names(visit, [records.who(act)]).get(records.who(act), records.who(act))
    return visit.say("records.meanwhile.by", who=who, when=visit.look.formats.ago(act.at))


def _label(name: str) -> str:
    return {"name": "records.name", "status": "program.status"}.get(name, f"program.{name}")


def _shown(visit: Visit, name: str, value: str) -> str:
    if name == "status":
        return visit.say(f"program_status.{value}") if value else "–"
    if name == "validation":
        return visit.say(f"program.validation.{value}") if value else "–"
    return value or "–"


def _as_typed(program: ProgramOut) -> dict[str, str]:
    """The terms as the form holds them."""
    starts, ends = program.starts_at, program.ends_at
    return {
        "name": program.name,
        "status": program.status.value,
        "window_days": str(program.window_days),
        "hold_days": str(program.hold_days),
        "validation": program.validation.value,
        "timezone": program.timezone,
        "currencies": ", ".join(program.currencies),
        "starts_on": "" if starts is None else _local_day(starts, program.timezone).isoformat(),
        "ends_on": "" if ends is None else (_local_day(ends, program.timezone) - _ONE_DAY).isoformat(),
    }


def _validations(visit: Visit) -> list[tuple[str, str]]:
    return [(one.value, visit.say(f"program.validation.{one.value}")) for one in Validation]


def _currencies(text: str) -> list[str]:
    return [part.upper() for part in text.replace(",", " ").replace(";", " ").split()]


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
