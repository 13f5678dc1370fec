"""Ask: four questions about what happened, each a form whose address is the answer, so that it can be passed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from warum.app.inquiries.shapes import InquiryFigure, InquiryOut, Length, SourceOut
from warum.app.offers import OfferOut
from warum.domain.catalog import CommissionKind
from warum.domain.decisions import Unit
from warum.kernel.ids import public
from warum.kernel.refusal import Kind, Refusal
from warum.web.console import records, rows
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import NotHere, Visit, status_of

pages: Final = Pages()

QUESTIONS: Final = ("creative", "experiment", "policy", "rule")
_PAGE: Final = "pages/answer.html"
_TONES: Final = {"exact": "approved", "estimate": "pending", "abstains": ""}
_ICONS: Final = {"exact": "check", "estimate": "info", "abstains": "clock"}
_FORM: Final = ("offer", "program", "since", "until", "which", "kind", "value", "currency", "publisher", "group")
_FIELDS: Final = {"percent": "value", "amount": "value", "propensities": "which", "arm": "which"}
_HUNDRED: Final = Decimal(100)
_rows_max: Final = 60
_days_default: Final = 90
_KEPT_OF: Final = ("status", "month", "publisher", "arm")

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """Figures that belong to the same kind of thing, one line for each."""

    of: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as the page shows it."""

    found: InquiryOut
    tone: str
    icon: str
    tables: tuple[FigureTable, ...]
    rows_href: str | None
    lengths: tuple[tuple[str, str, bool], ...]


@pages.get("/ask")
def questions(visit: Visit) -> Response:
    offers, programs = _offers(visit), _programs(visit)
    days = {"since": _first(visit).isoformat(), "until": visit.look.formats.today.isoformat()}
    return visit.page(
        "pages/ask.html",
        questions=QUESTIONS,
        offers=offers,
        programs=programs,
        form=Filled({**days, "kind": CommissionKind.PERCENT.value, "value": ""}),
    )


@pages.get("/ask/creative")
def creative(visit: Visit) -> Response:
    return _asked_or_not(visit, "creative")


@pages.get("/ask/experiment")
def experiment(visit: Visit) -> Response:
    return _asked_or_not(visit, "experiment")


@pages.get("/ask/policy")
def policy(visit: Visit) -> Response:
    return _asked_or_not(visit, "policy")


@pages.get("/ask/rule")
def rule(visit: Visit) -> Response:
    return _asked_or_not(visit, "rule")


@pages.get("/ask/proposal/{proposal}")
def proposal(visit: Visit) -> Response:
    """A bot's proposal in the same words, to pass on."""
    named = public("proposal", visit.id("proposal", "proposal"))
    found: InquiryOut = visit.perform("proposal.explain", proposal=named, **_how(visit))
    path = f"/ask/proposal/{named}"
    return visit.page("pages/told.html", answer=_answer(visit, found, path), path=found.path)


def _asked_or_not(visit: Visit, inquiry: str) -> Response:
    form = _filled(visit)
    # A question that is not whole yet is no mistake.
    needed = ("program", "value") if inquiry == "rule" else ("offer",)
    if not all(form.value(name) for name in needed):
        return _page(visit, inquiry, form)
    fields = _asked(visit, inquiry)
    answer = fields if isinstance(fields, Refusal) else visit.attempt(f"inquiry.{inquiry}", fields)
    if isinstance(answer, Refusal):
        return _refused(visit, inquiry, form, answer)
    return _page(visit, inquiry, form, answer=_answer(visit, answer, answer.path))


# The question --------------------------------------------------------------------------------------------------------


def _filled(visit: Visit) -> Filled:
    """The form as the address has it; days that it does not name are the last ninety."""
    given = {name: visit.query.get(name, "").strip()[:200] for name in _FORM}
    given["since"] = given["since"] or _first(visit).isoformat()
    given["until"] = given["until"] or visit.look.formats.today.isoformat()
    given["kind"] = given["kind"] or CommissionKind.PERCENT.value
    own = {name: text.strip()[:20] for name, text in visit.query.items() if name.startswith("share-")}
    arm, percent, amount = (visit.query.get(name, "") for name in ("arm", "percent", "amount"))
    # As the answer's own address has them.
    given["which"] = given["which"] or arm
    given["value"] = given["value"] or _spelled(visit, percent or amount)
    listed = visit.query.get("propensities", "")
    if listed and not own:
        numbers = [number for number, _ in _arms(visit, Filled(given))]
        own = {f"share-{number}": _percent(visit, one) for number, one in zip(numbers, listed.split(","), strict=False)}
    return Filled({**given, **own})


def _asked(visit: Visit, inquiry: str) -> dict[str, object] | Refusal:
    """The input of the operation."""
    form = _filled(visit)
    values = form.values
    fields: dict[str, object] = {"since": values["since"], "until": values["until"], **_how(visit)}
    if inquiry != "rule":
        fields["offer"] = values["offer"]
        return fields if inquiry != "policy" else _with_shares(visit, fields, values)
    fields |= {name: values[name] for name in ("program", "kind", "publisher", "group") if values[name]}
    number = _number(values["value"])
    if number is None:
        return Refusal(code="input_invalid", message=visit.say("needs.value"), field="value")
    if values["kind"] == CommissionKind.PERCENT:
        return {**fields, "percent": number}
    return {**fields, "amount": number, **({"currency": values["currency"]} if values["currency"] else {})}


def _how(visit: Visit) -> dict[str, object]:
    """In which words."""
    length = visit.query.get("length", "")
    return {
        "lang": visit.look.locale,
        "length": length if length in [one.value for one in Length] else Length.PAGE.value,
        "base": _base(visit),
    }


def _with_shares(visit: Visit, fields: dict[str, object], values: Mapping[str, str]) -> dict[str, object] | Refusal:
    """Own shares before the choice; none of both is all alike."""
    typed = [text for name, text in values.items() if name.startswith("share-")]
    if any(typed):
        numbers = [_number(text) for text in typed]
        if None in numbers or sum(number for number in numbers if number is not None) != _HUNDRED:
            return Refusal(code="input_invalid", message=visit.say("ask.shares.number"), field="which")
        return {**fields, "propensities": [str(number / _HUNDRED) for number in numbers if number is not None]}
    return {**fields, "arm": values["which"]} if values["which"] else fields


def _refused(visit: Visit, inquiry: str, form: Filled, refusal: Refusal) -> Response:
    if refusal.kind is Kind.NOT_FOUND:
        raise NotHere
    field = _FIELDS.get(refusal.field or "", refusal.field or "")
    own = refusal.code == "input_invalid" and field in ("value", "which")
    text = refusal.message if own else visit.look.refusal(refusal)
    errors = {field if field in _FORM else "": text}
    return _page(visit, inquiry, Filled(form.values, errors), status=status_of(refusal))


def _page(visit: Visit, inquiry: str, form: Filled, *, answer: Answer | None = None, status: int = 200) -> Response:
    offers = () if inquiry == "rule" else _offers(visit)
    programs = _programs(visit)
    named = form.value("program")
    program = next((one for one in records.listed(visit, "program") if public("program", one.id) == named), None)
    return visit.page(
        _PAGE,
        status_code=status,
        inquiry=inquiry,
        form=form,
        offers=offers,
        programs=programs,
        arms=_arms(visit, form) if inquiry == "policy" else (),
        kinds=[
            (kind.value, visit.say(f"rule.kind.{kind.value}"))
            for kind in CommissionKind
            if kind is not CommissionKind.PER_CLICK
        ],
        currencies=[] if program is None else [(currency, currency) for currency in program.currencies],
        partners=_partners(visit, named),
        quick=_quick(visit, inquiry),
        also=_also(form, inquiry),
        answer=answer,
    )


def _quick(visit: Visit, inquiry: str) -> tuple[tuple[str, str, bool], ...]:
    """Spans that people ask for, as the address with other days."""
    today = visit.look.formats.today
    month = today.replace(day=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    before = (quarter - timedelta(days=1)).replace(day=1)
    spans = {
        "quarter": (before.replace(month=3 * ((before.month - 1) // 3) + 1), quarter - timedelta(days=1)),
        "month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "90": (today - timedelta(days=89), today),
        "30": (today - timedelta(days=29), today),
    }
    asked = {name: value for name, value in visit.query.items() if value}
    return tuple(
        (
            visit.say(f"ask.days.{name}"),
            f"/ask/{inquiry}?{urlencode({**asked, 'since': first.isoformat(), 'until': last.isoformat()})}",
            asked.get("since") == first.isoformat() and asked.get("until") == last.isoformat(),
        )
        for name, (first, last) in spans.items()
    )


def _also(form: Filled, inquiry: str) -> tuple[tuple[str, str], ...]:
    """The other questions about the same offer and days."""
    if inquiry == "rule" or not form.value("offer"):
        return ()
    query = urlencode({name: form.value(name) for name in ("offer", "since", "until")})
    return tuple((name, f"/ask/{name}?{query}") for name in QUESTIONS if name not in (inquiry, "rule"))


def _offers(visit: Visit) -> Choices:
    """Those with something to choose between, by program and name."""
    programs = records.called(visit, "program")
    found: Sequence[OfferOut] = visit.perform("offer.list", limit=records.many).offers
    choices = [
        (public("offer", offer.id), f"{programs.get(offer.program, '')}: {offer.name}")
        for offer in found
        if len(offer.arms) > 1
    ]
    return sorted(choices, key=lambda pair: pair[1].lower())


def _programs(visit: Visit) -> Choices:
    found = [(public("program", number), name) for number, name in records.called(visit, "program").items()]
    return sorted(found, key=lambda pair: pair[1].lower())


def _partners(visit: Visit, program: str) -> Choices:
    everybody = [("", visit.say("rule.publisher.all"))]
    if not program:
        return everybody
    found = visit.attempt("partnership.list", {"program": program, "status": "approved", "limit": records.many})
    if isinstance(found, Refusal):
        return everybody
    names = records.called(visit, "publisher")
    partners = [(public("publisher", one.publisher), names.get(one.publisher, "")) for one in found.partnerships]
    return [*everybody, *sorted(partners, key=lambda pair: pair[1].lower())]


def _arms(visit: Visit, form: Filled) -> tuple[tuple[str, str], ...]:
    """Number and name of each arm in force."""
    if not form.value("offer"):
        return ()
    offer = visit.attempt("offer.show", {"offer": form.value("offer")})
    if isinstance(offer, Refusal):
        return ()
    made = visit.perform("creative.list", offer=public("offer", offer.id), limit=records.many).creatives
    named = {one.arm: one.name for one in made}
    return tuple((str(arm.arm), named.get(arm.arm) or arm.name) for arm in offer.arms)


# The answer ----------------------------------------------------------------------------------------------------------


def _answer(visit: Visit, found: InquiryOut, here: str) -> Answer:
    """``here``: the address of this page, at its usual length."""
    more = "&" if "?" in here else "?"
    return Answer(
        found=found,
        tone=_TONES[found.label.value],
        icon=_ICONS[found.label.value],
        tables=_tables(visit, found),
        rows_href=next((href for one in found.rows if one.table == "conversion" and (href := rows_of(one))), None),
        lengths=tuple(
            (
                visit.say(f"ask.length.{length.value}"),
                f"{here}{more}length={length.value}" if length is not Length.PAGE else here,
                length is found.said.length,
            )
            for length in (Length.PAGE, Length.MAIL, Length.CARD)
        ),
    )


def rows_of(where: SourceOut) -> str | None:
    """The list behind a number. Exposures are counted and not kept, so theirs is the list of links."""
    if where.table != "conversion":
        return None if where.offer is None else "/links?" + rows.encoded(offer=public("offer", where.offer))
    common = {
        "mode": "live",
        "credited": "yes",
        "arm": None if where.arm is None else str(where.arm),
        "status": where.status or None,
    }
    if where.offer is not None:
        return rows.conversions(
            range="all",
            offer=public("offer", where.offer),
            clicked_from=where.from_at.isoformat(),
            clicked_until=where.until_at.isoformat(),
            **common,
        )
    last = where.until_at - timedelta(seconds=1)
    return rows.conversions(
        **{"range": "custom", "from": where.from_at.date().isoformat(), "until": last.date().isoformat()},
        program=None if where.program is None else public("program", where.program),
        publisher=None if where.publisher is None else public("publisher", where.publisher),
        **common,
    )


def _tables(visit: Visit, found: InquiryOut) -> tuple[FigureTable, ...]:
    """Figures of one kind of thing in one table, a line for each thing."""
    kinds: dict[str, dict[str, list[InquiryFigure]]] = {}
    for figure in found.figures:
        names = [one.name for one in figure.of]
        kind = next((name for name in _KEPT_OF if name in names), "all")
        currency = next((one.value for one in figure.of if one.name == "currency"), "")
        label = figure.label or visit.say("ask.figures.all")
        several = currency and currency != found.currency
        kinds.setdefault(kind, {}).setdefault(f"{label} ({currency})" if several else label, []).append(figure)
    return tuple(
        FigureTable(
            of=visit.say(f"ask.figures.of.{kind}"),
            columns=tuple(visit.say(f"ask.figure.{figure.name}") for figure in next(iter(lines.values()))),
            lines=tuple(
                (label, tuple(_cell(visit, figure, found.currency) for figure in figures))
                for label, figures in list(lines.items())[:_rows_max]
            ),
            more=max(len(lines) - _rows_max, 0),
        )
        for kind, lines in kinds.items()
    )


def _cell(visit: Visit, figure: InquiryFigure, currency: str) -> Cell:
    own = next((one.value for one in figure.of if one.name == "currency"), currency)
    formats = visit.look.formats
    text = formats.money(figure.value, own) if figure.unit is Unit.MINOR else formats.number(figure.value)
    counted = figure.unit is Unit.COUNT and figure.value > 0 and figure.name != "differ"
    return Cell(text=text, href=rows_of(figure.rows) if figure.rows is not None and counted else None)


def _base(visit: Visit) -> str:
    """Where this reader has the console open."""
    scheme = "https" if visit.peer.https else "http"
    host = visit.request.headers.get("host", "")
    return f"{scheme}://{host}" if host and not set(host) & set(" /") and len(host) < 180 else ""


def _first(visit: Visit) -> date:
    return visit.look.formats.today - timedelta(days=_days_default - 1)


def _number(text: str) -> Decimal | None:
    """As people type it, with a point or a comma."""
    try:
        number = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _percent(visit: Visit, share: str) -> str:
    number = _number(share)
    return "" if number is None else _spelled(visit, f"{number * _HUNDRED:f}".rstrip("0").rstrip(".") or "0")


def _spelled(visit: Visit, number: str) -> str:
    """As this reader writes it."""
    return number.replace(".", ",") if visit.look.locale == "de" else number
