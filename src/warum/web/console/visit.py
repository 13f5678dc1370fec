"""A request as a page sees it: who came, in which language, with which form; and how to answer."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, cast
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from warum.app import codec
from warum.app.call import Deps, perform
from warum.app.operations import BY_NAME
from warum.app.overview.money import MoneyStages
from warum.app.sessions import Doorkeeper, SignedIn, session_us_max
from warum.kernel.ids import private
from warum.kernel.period import SECOND_US
from warum.kernel.refusal import Kind, Refusal
from warum.ports.overview import Span
from warum.web.console.assets import Assets
from warum.web.console.board import Asked, Board
from warum.web.console.forms import Filled, Form
from warum.web.console.hub import Hub
from warum.web.console.kept import Kept
from warum.web.console.look import COOKIE_S_MAX, LOCALE_COOKIE, THEME_COOKIE, Look
from warum.web.console.peer import Peer, Proxies
from warum.web.console.periods import Period, period_of
from warum.web.console.rendering import Renderer
from warum.web.console.sections import Section

TOAST_COOKIE: Final = "warum-toast"
_toast_s_max: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all requests share."""

    deps: Deps
    assets: Assets
    renderer: Renderer
    door: Doorkeeper
    proxies: Proxies
    sections: tuple[Section, ...]
    boards: Kept[Asked, Board]
    stages: Kept[Span, MoneyStages]
    hub: Hub[Asked, Board]


class Refused(Exception):
    """An operation said no, and the page has nothing of its own to say: an error page, or a message, tells it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class NotHere(Exception):
    """There is no such page, or none that this person may see."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A form that takes back what was just done."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message about what just happened.

    Attributes:
        tone: ``done`` or ``bad``.
    """

    text: str
    undo: Undo | None = None
    tone: str = "done"


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A request by somebody who has not signed in, or need not have."""

    request: Request
    site: Site
    look: Look
    form: Form
    peer: Peer

    @property
    def deps(self) -> Deps:
        return self.site.deps

    @property
    def path(self) -> str:
        """The address within this host, with its parameters."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def referer(self) -> str:
        """The page of this host that led here; the start page, when there is none."""
        came = urlsplit(self.request.headers.get("referer", ""))
        if came.netloc != self.request.headers.get("host"):
            return "/"
        return local_path(came.path + (f"?{came.query}" if came.query else ""))

    @property
    def partial(self) -> bool:
        """A script asks for a part of a page, and shows what it gets there."""
        return "hx-request" in self.request.headers

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    def say(self, key: str, *, n: int | None = None, **values: object) -> str:
        return self.look.say(key, n=n, **values)

    def page(self, template: str, *, status_code: int = 200, toast: Toast | None = None, **values: Any) -> Response:
        """The whole page, with a message that waited for it."""
        kept = _toast_of(self.request.cookies.get(TOAST_COOKIE))
        html = self.site.renderer.page(template, self.look, {**self._around(), "toast": toast or kept, **values})
        response = HTMLResponse(html, status_code=status_code)
        if kept is not None:
            response.delete_cookie(TOAST_COOKIE, path="/")
        return response

    def block(
        self, template: str, block: str, *, status_code: int = 200, toast: Toast | None = None, **values: Any
    ) -> Response:
        """One block of a page, for a script that replaces just this part; a message comes along with it."""
        around = self._around()
        html = self.site.renderer.block(template, block, self.look, {**around, "toast": None, **values})
        if toast is not None:
            html += self.site.renderer.page("layout/toast.html", self.look, {**around, "toast": toast})
        return HTMLResponse(html, status_code=status_code)

    def redirect(self, to: str, toast: Toast | None = None) -> Response:
        """Elsewhere on this host, after a form was taken; loading that page again repeats nothing."""
        assert local_path(to) == to, "a redirect stays on this host"
        response = Response(status_code=204, headers={"hx-redirect": to}) if self.partial else RedirectResponse(to, 303)
        if toast is not None:
            response.set_cookie(TOAST_COOKIE, _toast_text(toast), max_age=_toast_s_max, **self._cookie())
        return response

    def remember(self, response: Response, *, locale: str | None = None, theme: str | None = None) -> Response:
        """Keep language or appearance in this browser."""
        for name, value in ((LOCALE_COOKIE, locale), (THEME_COOKIE, theme)):
            if value is not None:
                response.set_cookie(name, value, max_age=COOKIE_S_MAX, **self._cookie())
        return response

    def admit(self, response: Response, person: SignedIn) -> Response:
        """Give the browser its session, and the language of the person."""
        name = session_cookie(self.request, self.peer)
        response.set_cookie(name, person.token, max_age=session_us_max // SECOND_US, **self._cookie())
        return self.remember(response, locale=person.user.locale)

    def dismiss(self, response: Response) -> Response:
        """Take the session away."""
        name = session_cookie(self.request, self.peer)
        response.delete_cookie(name, **self._cookie())
        return response

    def _around(self) -> dict[str, Any]:
        """What the layout needs on every page."""
        return {"visit": self, "person": None, "csrf": "", "sections": ()}

    def _cookie(self) -> dict[str, Any]:
        return {"path": "/", "httponly": True, "secure": self.peer.https, "samesite": "lax"}


@dataclass(frozen=True, kw_only=True)
class Visit(Guest):
    """A request by a person who has signed in."""

    person: SignedIn

    def perform(self, name: str, **fields: object) -> Any:
        """The operation's output.

        Args:
            fields: its input, as plain values (text, numbers, public ids).

        Raises:
            Refused: it said no.
        """
        output = self.attempt(name, fields)
        if isinstance(output, Refusal):
            raise Refused(output)
        return output

    def attempt(self, name: str, fields: Mapping[str, object]) -> Any:
        """The operation's output, or its refusal, for a page that shows it beside the field."""
        operation = BY_NAME[name]
        ask = codec.read(operation, fields)
        return ask if isinstance(ask, Refusal) else perform(operation, self.deps, self.person.caller, ask)

    def refilled(self, refusal: Refusal, *names: str) -> Filled:
        """The form again, with what was typed and what was wrong with it."""
        at = refusal.field if refusal.field in names else ""
        return Filled({name: self.form.raw(name) for name in names}, {at or "": self.look.refusal(refusal)})

    def id(self, name: str, kind: str) -> int:
        """The integer behind a public id in the address.

        Raises:
            NotHere: it is no such id.
        """
        found = private(kind, self.request.path_params[name])
        if found is None:
            raise NotHere
        return found

    @property
    def period(self) -> Period:
        """The days that the address names."""
        return period_of(self.query, self.look.formats.today)

    def _around(self) -> dict[str, Any]:
        return {"visit": self, "person": self.person.user, "csrf": self.person.csrf, "sections": self.site.sections}


def session_cookie(request: Request, peer: Peer) -> str:
    """The name of the session's cookie. ``__Host-`` binds it to this host and to https (RFC 6265bis). Plain http is for
    this machine alone, where several installations share a host and differ by port."""
    return "__Host-warum" if peer.https else f"warum-{request.url.port or 80}"


def local_path(text: str) -> str:
    """The text if it is an address on this host, otherwise the start page: signing in leads nobody elsewhere."""
    fine = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if fine and len(text) <= 2_000 else "/"


def status_of(refusal: Refusal) -> int:
    return {Kind.INVALID: 422, Kind.NOT_FOUND: 404, Kind.CONFLICT: 409, Kind.FORBIDDEN: 403}[refusal.kind]


def _toast_text(toast: Toast) -> str:
    return urlsafe_b64encode(json.dumps(asdict(toast)).encode()).decode()


def _toast_of(text: str | None) -> Toast | None:
    if not text:
        return None
    try:
        found = cast("dict[str, Any]", json.loads(urlsafe_b64decode(text)))
        undo = found["undo"]
        return Toast(
            str(found["text"]),
            Undo(local_path(str(undo["action"])), {str(k): str(v) for k, v in undo["fields"].items()})
            if undo
            else None,
            "bad" if found["tone"] == "bad" else "done",
        )
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        return None
