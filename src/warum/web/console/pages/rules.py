"""A new version of a commission rule, with what it would have cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from starlette.responses import Response

from warum.app.figures.rules import RulePreviewOut
from warum.app.programs import ProgramOut, RuleOut
from warum.domain.catalog import CommissionKind
from warum.kernel.ids import public
from warum.kernel.period import from_us, local_midnight
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Visit, status_of

pages: Final = Pages()

_FIELDS: Final = ("kind", "value", "currency", "publisher", "group", "valid_on", "reason")
_KNOWN: Final = {"percent": "value", "amount": "value", "valid_from": "valid_on"}


@pages.get("/programs/{program}/rules/new")
def new(visit: Visit) -> Response:
    program = _program(visit)
    started = {"kind": CommissionKind.PERCENT.value, "currency": program.currencies[0]}
    return _page(visit, program, Filled({**started, "publisher": visit.query.get("publisher", "")}))


@pages.post("/programs/{program}/rules/new")
def add(visit: Visit) -> Response:
    program = _program(visit)
    fields = _fields(visit, program)
    if isinstance(fields, Refusal):
        return _page(visit, program, records.refilled(visit, fields, *_FIELDS, known=_KNOWN), status=422)
    if visit.form.text("step") == "preview":
        asked = {name: value for name, value in fields.items() if name not in ("valid_from", "reason")}
        preview = visit.attempt("rule.preview", asked)
        if isinstance(preview, Refusal):
            form = records.refilled(visit, preview, *_FIELDS, known=_KNOWN)
            return _page(visit, program, form, status=status_of(preview))
        return _page(visit, program, Filled({name: visit.form.raw(name) for name in _FIELDS}), preview)
    made = records.change(visit, "rule.add", fields)
    if isinstance(made, Refusal):
        return _page(visit, program, records.refilled(visit, made, *_FIELDS, known=_KNOWN), status=status_of(made))
    return records.answered(visit, made, f"/programs/{public('program', program.id)}#rules", Toast(_said(visit, made)))


def _program(visit: Visit) -> ProgramOut:
    return visit.perform("program.show", program=public("program", visit.id("program", "program")))


def _fields(visit: Visit, program: ProgramOut) -> dict[str, object] | Refusal:
    """The input of rule.add."""
    form = visit.form
    fields: dict[str, object] = {
        "program": public("program", program.id),
        **form.fields("kind", "publisher", "group", "reason"),
    }
    try:
        value = Decimal(form.text("value").replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return Refusal(code="input_invalid", message=visit.say("needs.value"), field="value")
    if form.text("kind") == CommissionKind.PERCENT:
        fields["percent"] = value
    else:
        fields |= {"amount": value, "currency": form.text("currency")}
    if text := form.text("valid_on"):
        try:
            fields["valid_from"] = from_us(local_midnight(date.fromisoformat(text), program.timezone))
        except ValueError:
            return Refusal(code="input_invalid", message=visit.say("needs.valid_on"), field="valid_on")
    return fields


def _page(
    visit: Visit, program: ProgramOut, form: Filled, preview: RulePreviewOut | None = None, status: int = 200
) -> Response:
    named = public("program", program.id)
    partnerships = visit.perform("partnership.list", program=named, status="approved", limit=records.many).partnerships
    names = records.called(visit, "publisher")
    partners = sorted((public("publisher", one.publisher), names.get(one.publisher, "")) for one in partnerships)
    return visit.page(
        "pages/rule_new.html",
        status_code=status,
        program=program,
        named=named,
        form=form,
        kinds=[(kind.value, visit.say(f"rule.kind.{kind.value}")) for kind in CommissionKind],
        partners=[("", visit.say("rule.publisher.all")), *sorted(partners, key=lambda pair: pair[1].lower())],
        currencies=[(currency, currency) for currency in program.currencies],
        preview=preview,
        once=records.once(visit),
    )


def _said(visit: Visit, made: object) -> str:
    if not isinstance(made, RuleOut):
        return ""
    if made.valid_from > from_us(visit.look.formats.now_us):
        return visit.say("rule.planned", version=made.version, day=visit.look.formats.day(made.valid_from))
    return visit.say("rule.added", version=made.version)
