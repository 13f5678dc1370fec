"""Messages to partners: what was written, whether it was read, writing one by hand and taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.messages import MessageOut
from warum.app.programs import ProgramOut
from warum.app.publishers import PublisherOut
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.advice import LANGUAGES
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import Refused, Toast, Undo, Visit, status_of

pages: Final = Pages()

page_rows: Final = 30
_choices_max: Final = 500
_PATH: Final = "/messages"
_FIELDS: Final = ("program", "publisher", "language", "subject", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message, to whom and of which program."""

    message: MessageOut
    to: str
    program: str
    by: str

    @property
    def named(self) -> str:
        return public("message", self.message.id)

    @property
    def can_be_withdrawn(self) -> bool:
        return self.message.read_at is None and self.message.withdrawn_at is None


@pages.get("/messages")
def show(visit: Visit) -> Response:
    before = visit.query.get("before")
    asked = {"before": before} if before else {}
    found: Sequence[MessageOut] = visit.perform("message.list", limit=page_rows + 1, **asked).messages
    shown = found[:page_rows]
    last = public("message", shown[-1].id) if len(found) > page_rows else None
    newer, older = records.turned_by_key(records.address_of(visit, _PATH, None), visit, last)
    return visit.page(
        "pages/messages.html",
        lines=_rows(visit, shown),
        newer=newer,
        older=older,
        may_change=records.may_change(visit),
    )


@pages.get("/messages/new")
def new(visit: Visit) -> Response:
    known = {name: visit.query[name] for name in ("program", "publisher") if name in visit.query}
    return _form(visit, Filled({"language": visit.look.locale, **known}))


@pages.post("/messages/new")
def write(visit: Visit) -> Response:
    fields = visit.form.fields(*_FIELDS)
    made = records.change(visit, "message.write", fields)
    if isinstance(made, Refusal):
        return _form(visit, records.refilled(visit, made, *_FIELDS), status_of(made))
    return records.answered(visit, made, _PATH, Toast(visit.say("messages.written"), _undo(made)))


@pages.post("/messages/{message}/withdraw")
def withdraw(visit: Visit) -> Response:
    named = public("message", visit.id("message", "message"))
    made = records.change(visit, "message.withdraw", records.versioned(visit, message=named))
    if isinstance(made, Refusal):
        raise Refused(made)
    return records.answered(visit, made, _PATH, Toast(visit.say("messages.withdrawn")))


def _undo(made: object) -> Undo | None:
    if not isinstance(made, MessageOut):
        return None
    return Undo(f"{_PATH}/{public('message', made.id)}/withdraw", {"version": str(made.row_version)})


def _form(visit: Visit, form: Filled, status: int = 200) -> Response:
    programs: Sequence[ProgramOut] = visit.perform("program.list", limit=_choices_max).programs
    publishers: Sequence[PublisherOut] = visit.perform("publisher.list", limit=_choices_max).publishers
    return visit.page(
        "pages/message_new.html",
        status_code=status,
        form=form,
        programs=[(public("program", one.id), one.name) for one in programs],
        publishers=[("", visit.say("messages.advertiser"))]
        + [(public("publisher", one.id), one.name) for one in publishers],
        languages=[(one, visit.say(f"language.{one}")) for one in LANGUAGES],
        once=records.once(visit),
    )


def _rows(visit: Visit, found: Sequence[MessageOut]) -> tuple[Row, ...]:
    names = records.names(visit, {subject for one in found for subject in (_to(one), public("program", one.program))})
    return tuple(
        Row(
            message=one,
            to=names.get(_to(one), _to(one)),
            program=names.get(public("program", one.program), ""),
            by=one.written_by,
        )
        for one in found
    )


def _to(message: MessageOut) -> str:
    if message.publisher is None:
        return public("advertiser", message.advertiser)
    return public("publisher", message.publisher)
