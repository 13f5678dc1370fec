"""From an address to a page function, with everything that has to be settled before: whose session, whose form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warum.app.sessions import SignedIn, session_of
from warum.web.console.formats import Formats
from warum.web.console.forms import CSRF, Form, FormUnreadable, read_form
from warum.web.console.look import Look, locale_of, theme_of
from warum.web.console.visit import Guest, Site, Visit, session_cookie

GuestPage: TypeAlias = Callable[[Guest], Response]
VisitPage: TypeAlias = Callable[[Visit], Response]

CSRF_HEADER: Final = "x-csrf"


class SignInNeeded(Exception):
    """Nobody is signed in, or no longer."""

    def __init__(self, guest: Guest) -> None:
        super().__init__()
        self.guest = guest


class ForeignForm(Exception):
    """The form was not one of ours, or not of this session."""


@dataclass(frozen=True, slots=True)
class _Page:
    path: str
    method: str
    open: GuestPage | None = None
    closed: VisitPage | None = None


class Pages:
    """The routes of one module. ``get`` and ``post`` are for people who have signed in; ``open_get`` and ``open_post``
    are for everybody."""

    def __init__(self) -> None:
        self._pages: list[_Page] = []

    def get(self, path: str) -> Callable[[VisitPage], VisitPage]:
        return self._closed(path, "GET")

    def post(self, path: str) -> Callable[[VisitPage], VisitPage]:
        return self._closed(path, "POST")

    def open_get(self, path: str) -> Callable[[GuestPage], GuestPage]:
        return self._open(path, "GET")

    def open_post(self, path: str) -> Callable[[GuestPage], GuestPage]:
        return self._open(path, "POST")

    def routes(self, site: Site) -> list[Route]:
        return [Route(page.path, _endpoint(page, site), methods=[page.method]) for page in self._pages]

    @property
    def paths(self) -> Sequence[str]:
        return [page.path for page in self._pages]

    @property
    def shown(self) -> Sequence[str]:
        """The addresses that show something to people who have signed in."""
        return [page.path for page in self._pages if page.method == "GET" and page.closed is not None]

    def _closed(self, path: str, method: str) -> Callable[[VisitPage], VisitPage]:
        def add(page: VisitPage) -> VisitPage:
            self._pages.append(_Page(path, method, closed=page))
            return page

        return add

    def _open(self, path: str, method: str) -> Callable[[GuestPage], GuestPage]:
        def add(page: GuestPage) -> GuestPage:
            self._pages.append(_Page(path, method, open=page))
            return page

        return add


def guest_of(request: Request, site: Site, form: Form | None = None) -> Guest:
    """The request of somebody whom we do not know yet."""
    formats = Formats(locale_of(request), "Europe/Berlin", site.deps.now_us())
    look = Look(formats.locale, theme_of(request), formats)
    return Guest(request=request, site=site, look=look, form=form or Form(), peer=site.proxies.peer(request))


def visit_of(guest: Guest) -> Visit | None:
    """The same request with the person whose session the browser shows; None when there is none."""
    token = guest.request.cookies.get(session_cookie(guest.request, guest.peer))
    person = session_of(guest.deps, token) if token else None
    return None if person is None else _as_person(guest, person)


def _as_person(guest: Guest, person: SignedIn) -> Visit:
    locale = "de" if person.user.locale == "de" else "en"
    formats = Formats(locale, person.user.timezone, guest.look.formats.now_us)
    look = replace(guest.look, locale=locale, formats=formats)
    return Visit(request=guest.request, site=guest.site, look=look, form=guest.form, peer=guest.peer, person=person)


def _endpoint(page: _Page, site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form = None
        if page.method == "POST":
            if not same_origin(request):
                raise ForeignForm
            try:
                form = await read_form(request)
            except FormUnreadable:
                raise ForeignForm from None
        # One hop for session, operation and template: each of them waits for the database or takes its time.
        return await run_in_threadpool(_answered, page, request, site, form)

    return answer


def _answered(page: _Page, request: Request, site: Site, form: Form | None) -> Response:
    guest = guest_of(request, site, form)
    if page.open is not None:
        return page.open(guest)
    visit = visit_of(guest)
    if visit is None:
        raise SignInNeeded(guest)
    request.state.visit = visit
    if page.method == "POST":
        shown = visit.form.raw(CSRF) or request.headers.get(CSRF_HEADER, "")
        if not visit.person.is_csrf(shown):
            raise ForeignForm
    assert page.closed is not None
    return page.closed(visit)


def same_origin(request: Request) -> bool:
    """Whether the browser says that a page of this host sent it. Old browsers say it by the Origin alone, and what is
    no browser says nothing: then the session's own token has to do."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
