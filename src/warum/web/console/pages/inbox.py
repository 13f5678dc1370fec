"""The inbox: what waits for a person. Reports that could not be applied, applications, records that were set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.operations import BY_NAME
from warum.app.overview.news import Waiting
from warum.app.partnerships import PartnershipOut
from warum.app.status import QuarantineOut, ReportOut
from warum.kernel.ids import public
from warum.kernel.refusal import Kind, Refusal
from warum.web.console import records
from warum.web.console.forms import Filled
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import Refused, Toast, Visit, status_of
from warum.web.console.words import WORDS

pages: Final = Pages()

page_rows: Final = 25
_SHOWN: Final = ("reports", "applications", "quarantine", "settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """A report, why it waits, and what to do.

    Attributes:
        orders_href: conversions of its order; None where it names none.
    """

    report: ReportOut
    advertiser_name: str
    why: str
    todo: str
    orders_href: str | None

    @property
    def named(self) -> str:
        return public("report", self.report.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    partnership: PartnershipOut
    publisher_name: str
    program_name: str

    @property
    def path(self) -> str:
        return f"/partnerships/{public('partnership', self.partnership.id)}"


@pages.get("/inbox")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/inbox/reports/{report}/resolve")
def resolve(visit: Visit) -> Response:
    named = public("report", visit.id("report", "report"))
    made = records.change(visit, "report.resolve", {"report": named, **visit.form.fields("resolution")})
    if isinstance(made, Refusal):
        form = records.refilled(visit, made, "resolution")
        # Somebody else was quicker, and the report is no longer there to say it.
        gone = visit.look.refusal(made) if made.kind is not Kind.INVALID else None
        return _page(visit, named, form, status_of(made), gone)
    return records.answered(visit, made, "/inbox", Toast(visit.say("inbox.resolved")))


@pages.post("/inbox/quarantine/release")
def release(visit: Visit) -> Response:
    """The worker tries a record once more."""
    made = records.change(visit, "quarantine.release", visit.form.fields("record"))
    if isinstance(made, Refusal):
        raise Refused(made)
    return records.answered(visit, made, "/inbox?show=quarantine", Toast(visit.say("inbox.released")))


def _page(
    visit: Visit, at: str = "", form: Filled | None = None, status: int = 200, gone: str | None = None
) -> Response:
    """
    Args:
        at: the report whose form could not be taken.
    """
    waiting: Waiting = visit.perform("overview.waiting")
    counts = {"reports": waiting.reports, "applications": waiting.applications, "quarantine": waiting.quarantined}
    asked = visit.query.get("show", "")
    # Without a wish: the first part in which something waits.
    shown = asked if asked in _SHOWN else next((name for name, count in counts.items() if count), _SHOWN[0])
    shown = "reports" if at else shown
    address = records.address_of(visit, "/inbox", None, "advertiser").but(range="", show=shown)
    reports, newer, older = _reports(visit, address, shown)
    return visit.page(
        "pages/inbox.html",
        status_code=status,
        shown=shown,
        counts=counts,
        parts=[(name, f"/inbox?show={name}", name == shown) for name in _SHOWN],
        reports=reports,
        newer=newer,
        older=older,
        applications=_applications(visit) if shown == "applications" else (),
        quarantine=_quarantine(visit) if shown == "quarantine" else (),
        at=at,
        gone=gone,
        form=form or Filled(),
        blank=Filled(),
        may_change=records.may_change(visit),
        may_release=visit.person.caller.scope.role in BY_NAME["quarantine.release"].roles,
        once=records.once(visit),
    )


def _reports(visit: Visit, address: Address, shown: str) -> tuple[list[ReportCard], str | None, str | None]:
    if shown not in ("reports", "settled"):
        return [], None, None
    names = records.called(visit, "advertiser")
    before = visit.query.get("before")
    asked = {"before": before} if before else {}
    found: Sequence[ReportOut] = visit.perform(
        "report.list", resolved=shown == "settled", limit=page_rows + 1, **asked
    ).reports
    cards = [_card(visit, report, names.get(report.advertiser, "")) for report in found[:page_rows]]
    last = cards[-1].named if len(found) > page_rows else None
    return cards, *records.turned_by_key(address, visit, last)


def _card(visit: Visit, report: ReportOut, advertiser_name: str) -> ReportCard:
    known = f"inbox.why.{report.reason}" in WORDS
    order = {"q": report.order_id or "", "mode": "test" if report.mode == "test" else ""}
    return ReportCard(
        report=report,
        advertiser_name=advertiser_name,
        why=visit.say(f"inbox.why.{report.reason}") if known else report.message,
        todo=visit.say(f"inbox.todo.{report.reason if known else 'other'}"),
        # Of an order that nobody reported there is nothing to look at.
        orders_href=str(Address("/conversions", order))
        if report.order_id and report.reason != "order_unknown"
        else None,
    )


def _applications(visit: Visit) -> list[Application]:
    found: Sequence[PartnershipOut] = visit.perform(
        "partnership.list", status="applied", limit=records.many
    ).partnerships
    publishers, programs = records.called(visit, "publisher"), records.called(visit, "program")
    return [
        Application(
            partnership=one,
            publisher_name=publishers.get(one.publisher, public("publisher", one.publisher)),
            program_name=programs.get(one.program, public("program", one.program)),
        )
        for one in sorted(found, key=lambda one: one.applied_at)
    ]


def _quarantine(visit: Visit) -> Sequence[QuarantineOut]:
    return visit.perform("quarantine.list", limit=records.many).records
