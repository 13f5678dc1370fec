"""A partnership: the publisher's application, and a person's decision with a reason that the publisher reads."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from warum.app.partnerships import PartnershipOut
from warum.domain.catalog import PartnershipStatus
from warum.kernel.ids import public
from warum.kernel.refusal import Kind, Refusal
from warum.web.console import records
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import NotHere, Toast, Visit, status_of

pages: Final = Pages()

_VERBS: Final = ("approve", "decline", "end")


@pages.get("/partnerships/{partnership}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/partnerships/{partnership}/{verb}")
def decide(visit: Visit) -> Response:
    verb = visit.request.path_params["verb"]
    if verb not in _VERBS:
        raise NotHere
    named = public("partnership", visit.id("partnership", "partnership"))
    fields = records.versioned(visit, partnership=named, **visit.form.fields("reason"))
    made = records.change(visit, f"partnership.{verb}", fields)
    if isinstance(made, Refusal):
        return _page(visit, made, verb)
    # Whoever works through the inbox goes on there.
    to = "/inbox?show=applications" if visit.form.text("from") == "inbox" else f"/partnerships/{named}"
    return records.answered(visit, made, to, Toast(visit.say(f"partnership.done.{verb}")))


def _page(visit: Visit, refusal: Refusal | None = None, verb: str = "") -> Response:
    number = visit.id("partnership", "partnership")
    named = public("partnership", number)
    found: PartnershipOut = visit.perform("partnership.show", partnership=named)
    publisher, program = public("publisher", found.publisher), public("program", found.program)
    owner = visit.perform("program.show", program=program).advertiser
    span = records.span_of(visit)
    names = records.names(visit, (publisher, program))
    form = Filled() if refusal is None else records.refilled(visit, refusal, "reason")
    return visit.page(
        "pages/partnership.html",
        status_code=200 if refusal is None else status_of(refusal),
        partnership=found,
        named=named,
        publisher=publisher,
        program=program,
        pair=f"/log?advertiser={public('advertiser', owner)}&publisher={publisher}",
        publisher_name=names.get(publisher, publisher),
        program_name=names.get(program, program),
        line=visit.perform("publisher.figures", publisher=publisher, **records.bounds(visit, span)).publishers[0],
        may_approve=found.status in (PartnershipStatus.APPLIED, PartnershipStatus.DECLINED),
        may_decline=found.status is PartnershipStatus.APPLIED,
        may_end=found.status is PartnershipStatus.APPROVED,
        may_change=records.may_change(visit),
        forms={one: form if one == verb else Filled() for one in _VERBS},
        verb=verb,
        conflict=visit.look.refusal(refusal) if refusal is not None and refusal.kind is Kind.CONFLICT else None,
        came_from=visit.query.get("from", visit.form.text("from")),
        deeds=records.deeds_of(visit, named),
        contests=visit.perform("contest.list", partnership=named, limit=records.many).contests,
        once=records.once(visit),
    )
