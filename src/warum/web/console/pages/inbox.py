"""The inbox: what waits for a person. Contests by their deadline, reports that could not be applied, applications,
records that were set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.conversions import ConversionOut
from warum.app.log.contests import ContestOut
from warum.app.operations import BY_NAME
from warum.app.overview.news import Waiting
from warum.app.partnerships import PartnershipOut
from warum.app.status import QuarantineOut, ReportOut
from warum.domain.contests import Verdict
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
_SHOWN: Final = ("contests", "reports", "applications", "quarantine", "settled")


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
class ContestCard:
    """A contest, and the decision that it is about: a conversion or a partnership."""

    contest: ContestOut
    publisher_name: str
    conversion: ConversionOut | None
    partnership: PartnershipOut | None
    called: str

    @property
    def named(self) -> str:
        return public("contest", self.contest.id)

    @property
    def path(self) -> str:
        return path_of(self.contest)


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


@pages.post("/inbox/contests/{contest}/answer")
def answer(visit: Visit) -> Response:
    named = public("contest", visit.id("contest", "contest"))
    form = visit.form
    fields = {"contest": named, **form.fields("verdict"), "reason": form.text("answer")}
    made = records.change(visit, "contest.answer", records.versioned(visit, **fields))
    if isinstance(made, Refusal):
        filled = records.refilled(visit, made, "verdict", "answer", known={"reason": "answer"})
        gone = visit.look.refusal(made) if made.kind is not Kind.INVALID else None
        return _page(visit, named, filled, status_of(made), gone, "contests")
    # What was decided is changed where it was decided.
    changed = isinstance(made, ContestOut) and made.verdict is Verdict.CHANGED
    said = "inbox.contest.answered.changed" if changed else "inbox.contest.answered"
    return records.answered(visit, made, path_of(made) if changed else "/inbox?show=contests", Toast(visit.say(said)))


@pages.post("/inbox/quarantine/release")
def release(visit: Visit) -> Response:
    """The worker tries a record once more."""
    made = records.change(visit, "quarantine.release", visit.form.fields("record"))
    if isinstance(made, Refusal):
        raise Refused(made)
    return records.answered(visit, made, "/inbox?show=quarantine", Toast(visit.say("inbox.released")))


def path_of(contest: ContestOut) -> str:
    """Where the decision stands."""
    if contest.conversion is not None:
        return f"/conversions/{public('conversion', contest.conversion)}"
    assert contest.partnership is not None
    return f"/partnerships/{public('partnership', contest.partnership)}"


def _page(
    visit: Visit,
    at: str = "",
    form: Filled | None = None,
    status: int = 200,
    gone: str | None = None,
    part: str = "reports",
) -> Response:
    """
    Args:
        at: the report or contest whose form could not be taken, in its part.
    """
    waiting: Waiting = visit.perform("overview.waiting")
    counts = {
        "contests": waiting.contests,
        "reports": waiting.reports,
        "applications": waiting.applications,
        "quarantine": waiting.quarantined,
    }
    asked = visit.query.get("show", "")
    # Without a wish: the first part in which something waits.
    shown = asked if asked in _SHOWN else next((name for name, count in counts.items() if count), "reports")
    shown = part if at else shown
    address = records.address_of(visit, "/inbox", None, "advertiser").but(range="", show=shown)
    reports, newer, older = _reports(visit, address, shown)
    contests: list[ContestCard] = []
    if shown == "contests":
        contests, newer, older = _contests(visit, address)
    return visit.page(
        "pages/inbox.html",
        status_code=status,
        shown=shown,
        counts=counts,
        parts=[(name, f"/inbox?show={name}", name == shown) for name in _SHOWN],
        contests=contests,
        verdicts=_verdicts(visit),
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


def _contests(visit: Visit, address: Address) -> tuple[list[ContestCard], str | None, str | None]:
    """Open ones; what is due first comes first."""
    before = visit.query.get("before")
    asked = {"after": before} if before else {}
    found: Sequence[ContestOut] = visit.perform("contest.list", answered=False, limit=page_rows + 1, **asked).contests
    shown = found[:page_rows]
    names = records.names(
        visit,
        (
            public(kind, number)
            for one in shown
            for kind, number in (("publisher", one.publisher), ("partnership", one.partnership))
            if number is not None
        ),
    )
    cards = [_contest(visit, one, names) for one in shown]
    last = cards[-1].named if len(found) > page_rows else None
    return cards, *records.turned_by_key(address, visit, last)


def _contest(visit: Visit, contest: ContestOut, names: Mapping[str, str]) -> ContestCard:
    publisher = public("publisher", contest.publisher)
    if contest.conversion is not None:
        named = public("conversion", contest.conversion)
        conversion: ConversionOut = visit.perform("conversion.show", conversion=named)
        order = conversion.order_id
        return ContestCard(
            contest=contest,
            publisher_name=names.get(publisher, publisher),
            conversion=conversion,
            partnership=None,
            called=visit.say("inbox.contest.order", order=order)
            if order
            else visit.say("inbox.contest.conversion", id=named),
        )
    named = public("partnership", contest.partnership or 0)
    return ContestCard(
        contest=contest,
        publisher_name=names.get(publisher, publisher),
        conversion=None,
        partnership=visit.perform("partnership.show", partnership=named),
        called=names.get(named, named),
    )


def _verdicts(visit: Visit) -> list[tuple[str, str]]:
    choose = ("", visit.say("inbox.contest.verdict.choose"))
    return [choose, *((verdict.value, visit.say(f"inbox.contest.verdict.{verdict.value}")) for verdict in Verdict)]


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
