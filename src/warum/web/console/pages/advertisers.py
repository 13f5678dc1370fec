"""Advertisers: hosts with their proofs, credentials, and the legal basis for crediting without consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.advertisers import WELL_KNOWN, AdvertiserDetails, AdvertiserOut, Credentials, HostOut
from warum.app.call import Repeated
from warum.app.figures.parties import ProgramLine
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.forms import Filled
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Undo, Visit, status_of

pages: Final = Pages()

_CREATE: Final = ("name", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An advertiser in the list."""

    advertiser: AdvertiserOut
    programs: int
    hosts: int
    hosts_open: int

    @property
    def path(self) -> str:
        return f"/advertisers/{public('advertiser', self.advertiser.id)}"


@pages.get("/advertisers")
def show_list(visit: Visit) -> Response:
    address = records.address_of(visit, "/advertisers", None, "q").but(range="")
    search = address.query.get("q", "").lower()
    found: Sequence[AdvertiserOut] = records.listed(visit, "advertiser")
    programs = Counter(program.advertiser for program in records.listed(visit, "program"))
    return visit.page(
        "pages/advertisers.html",
        address=address,
        rows=[
            _row(visit, one, programs[one.id])
            for one in sorted(found, key=lambda one: one.name.lower())
            if not search or search in one.name.lower() or search in one.code
        ],
        nothing=not found,
        may_change=records.may_change(visit),
    )


@pages.get("/advertisers/new")
def new(visit: Visit) -> Response:
    return _new_page(visit, Filled())


@pages.post("/advertisers/new")
def create(visit: Visit) -> Response:
    made = records.change(visit, "advertiser.create", visit.form.fields(*_CREATE))
    if isinstance(made, Refusal):
        return _new_page(visit, records.refilled(visit, made, *_CREATE), status_of(made))
    subject = made.act.subject if isinstance(made, Repeated) else public("advertiser", made.id)
    toast = Toast(visit.say("advertisers.created", name=visit.form.text("name")))
    return records.answered(visit, made, f"/advertisers/{subject}", toast)


@pages.get("/advertisers/{advertiser}")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/advertisers/{advertiser}/name")
def rename(visit: Visit) -> Response:
    named = _named(visit)
    before: AdvertiserOut = visit.perform("advertiser.show", advertiser=named).advertiser
    made = records.change(
        visit, "advertiser.rename", records.versioned(visit, advertiser=named, **visit.form.fields("name"))
    )
    if isinstance(made, Refusal):
        return _page(visit, "rename", records.refilled(visit, made, "name"), made)
    undo = None
    if not isinstance(made, Repeated):
        undo = Undo(visit.request.url.path, {"name": before.name, "version": str(made.row_version)})
    toast = Toast(visit.say("advertiser.renamed", name=visit.form.text("name")), undo)
    return records.answered(visit, made, f"/advertisers/{named}", toast)


@pages.post("/advertisers/{advertiser}/hosts")
def add_host(visit: Visit) -> Response:
    named = _named(visit)
    made = records.change(visit, "advertiser.host.add", {"advertiser": named, **visit.form.fields("host")})
    if isinstance(made, Refusal):
        return _page(visit, "host", records.refilled(visit, made, "host"), made)
    toast = Toast(visit.say("advertiser.host.added", host=visit.form.text("host")))
    return records.answered(visit, made, f"/advertisers/{named}#hosts", toast)


@pages.post("/advertisers/{advertiser}/hosts/prove")
def prove_host(visit: Visit) -> Response:
    named, host = _named(visit), visit.form.text("host")
    fields = records.versioned(visit, advertiser=named, host=host, **visit.form.fields("evidence"))
    made = records.change(visit, "advertiser.host.prove", fields)
    if isinstance(made, Refusal):
        return _page(visit, f"prove {host}", records.refilled(visit, made, "evidence"), made)
    return records.answered(
        visit, made, f"/advertisers/{named}#hosts", Toast(visit.say("advertiser.host.proved", host=host))
    )


@pages.post("/advertisers/{advertiser}/credentials")
def rotate(visit: Visit) -> Response:
    named = _named(visit)
    details: AdvertiserDetails = visit.perform("advertiser.show", advertiser=named)
    if details.advertiser.has_credentials and visit.form.text("sure") != "yes":
        form = Filled({}, {"sure": visit.say("needs.sure")})
        return _page(visit, "credentials", form, Refusal(code="input_invalid", message=""))
    made = records.change(visit, "advertiser.credentials.rotate", records.versioned(visit, advertiser=named))
    if isinstance(made, Refusal):
        return _page(visit, "credentials", records.refilled(visit, made, "sure"), made)
    if isinstance(made, Repeated):
        return visit.redirect(f"/advertisers/{named}", Toast(visit.say("advertiser.credentials.repeated")))
    # Shown once, so it is this answer and no other.
    return _page(visit, credentials=made)


@pages.post("/advertisers/{advertiser}/basis")
def record_basis(visit: Visit) -> Response:
    named = _named(visit)
    fields = records.versioned(visit, advertiser=named, **visit.form.fields("basis"))
    made = records.change(visit, "advertiser.basis.record", fields)
    if isinstance(made, Refusal):
        return _page(visit, "basis", records.refilled(visit, made, "basis"), made)
    return records.answered(visit, made, f"/advertisers/{named}#basis", Toast(visit.say("advertiser.basis.recorded")))


@pages.post("/advertisers/{advertiser}/basis/withdraw")
def withdraw_basis(visit: Visit) -> Response:
    named = _named(visit)
    before: AdvertiserOut = visit.perform("advertiser.show", advertiser=named).advertiser
    fields = records.versioned(visit, advertiser=named, **visit.form.fields("reason"))
    made = records.change(visit, "advertiser.basis.withdraw", fields)
    if isinstance(made, Refusal):
        return _page(visit, "withdraw", records.refilled(visit, made, "reason"), made)
    undo = None
    # What comes back by an undo is the same text; too long a one does not fit into the message that offers it.
    if not isinstance(made, Repeated) and before.credit_without_consent and len(before.credit_without_consent) < 1_000:
        fields = {"basis": before.credit_without_consent, "version": str(made.row_version)}
        undo = Undo(f"/advertisers/{named}/basis", fields)
    toast = Toast(visit.say("advertiser.basis.withdrawn"), undo)
    return records.answered(visit, made, f"/advertisers/{named}#basis", toast)


def _named(visit: Visit) -> str:
    return public("advertiser", visit.id("advertiser", "advertiser"))


def _row(visit: Visit, one: AdvertiserOut, programs: int) -> Row:
    hosts: Sequence[HostOut] = visit.perform("advertiser.show", advertiser=public("advertiser", one.id)).hosts
    proved = sum(host.proved_at is not None for host in hosts)
    return Row(advertiser=one, programs=programs, hosts=proved, hosts_open=len(hosts) - proved)


def _new_page(visit: Visit, form: Filled, status: int = 200) -> Response:
    return visit.page("pages/advertiser_new.html", status_code=status, form=form, once=records.once(visit))


def _page(
    visit: Visit,
    at: str = "",
    form: Filled | None = None,
    refusal: Refusal | None = None,
    credentials: Credentials | None = None,
) -> Response:
    """
    Args:
        at: the form that could not be taken, which is open then.
    """
    named = _named(visit)
    details: AdvertiserDetails = visit.perform("advertiser.show", advertiser=named)
    advertiser = details.advertiser
    span = records.span_of(visit)
    programs: Sequence[ProgramLine] = visit.perform(
        "program.figures", advertiser=named, **records.bounds(visit, span)
    ).programs
    return visit.page(
        "pages/advertiser.html",
        status_code=200 if refusal is None else status_of(refusal),
        advertiser=advertiser,
        named=named,
        hosts=details.hosts,
        programs=[(line, records.commission_text(visit.look, line.rule)) for line in programs],
        rows=Address("/conversions", {**records.span_query(span), "advertiser": named}),
        well_known=WELL_KNOWN,
        postback_url=f"{visit.deps.edge_url}/p/{advertiser.code}",
        credentials=credentials,
        at=at,
        form=form or Filled(),
        renaming=form if at == "rename" and form else Filled({"name": advertiser.name}),
        blank=Filled(),
        deeds=records.deeds_of(visit, named),
        may_change=records.may_change(visit),
        once=records.once(visit),
    )
