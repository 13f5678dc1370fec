"""What a person sees when something is not as it should be: what is wrong, and what to do. A page for a page; a message
in the corner for a script that wanted a part of one, so that what was typed stays where it is."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from warum.kernel.refusal import Kind
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.web.console.pages.sign_in import ask_to_sign_in
from warum.web.console.routing import ForeignForm, SignInNeeded, guest_of, visit_of
from warum.web.console.visit import Guest, NotHere, Refused, Site, Toast, Visit, status_of

_log: Final = logging.getLogger("warum.web.console")

_NOTHING: Final = "layout/nothing.html"


def handlers(site: Site) -> Mapping[Any, ExceptionHandler]:
    """By exception, as Starlette takes them."""

    async def answer(request: Request, exc: Exception) -> Response:
        return await run_in_threadpool(_answer, request, site, exc)

    kinds = (SignInNeeded, ForeignForm, Refused, NotHere, HTTPException, DatabaseUnavailable, DatabaseMisfit, Exception)
    return dict.fromkeys(kinds, answer)  # pyright: ignore[reportReturnType]


def _answer(request: Request, site: Site, exc: Exception) -> Response:
    if isinstance(exc, SignInNeeded):
        return ask_to_sign_in(exc.guest)
    if isinstance(exc, DatabaseUnavailable):
        guest = guest_of(request, site)
        return _error(guest, "503", 503, guest.say("error.503.text"), headers={"retry-after": "3", "refresh": "3"})
    try:
        guest = _who(request, site)
    except DatabaseUnavailable as away:
        return _answer(request, site, away)
    match exc:
        case ForeignForm():
            return _error(guest, "origin", 403, guest.say("error.origin.text"))
        case Refused():
            return _refused(guest, exc)
        case NotHere() | HTTPException(status_code=404):
            return _error(guest, "404", 404, guest.say("error.404.text", path=request.url.path))
        case HTTPException():
            return _error(guest, "404", exc.status_code, guest.say("error.404.text", path=request.url.path))
        case _:
            reference = site.deps.entropy(4).hex()
            _log.error("%s %s failed (%s)", request.method, request.url.path, reference, exc_info=exc)
            return _error(guest, "500", 500, guest.say("error.500.text"), reference=reference)


def _who(request: Request, site: Site) -> Guest:
    """With the person around it when there is one: navigation stays in reach."""
    known: Visit | None = getattr(request.state, "visit", None)
    if known is not None:
        return known
    guest = guest_of(request, site)
    return visit_of(guest) or guest


def _refused(guest: Guest, exc: Refused) -> Response:
    refusal = exc.refusal
    if refusal.code == "role_not_allowed" and isinstance(guest, Visit):
        role = guest.say(f"role.{guest.person.user.role}")
        return _error(guest, "403", 403, guest.say("error.403.text", role=role))
    page = {Kind.INVALID: "422", Kind.NOT_FOUND: "404", Kind.CONFLICT: "409", Kind.FORBIDDEN: "403"}[refusal.kind]
    return _error(guest, page, status_of(refusal), guest.look.refusal(refusal))


def _error(
    guest: Guest,
    page: str,
    status: int,
    text: str,
    *,
    reference: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    title = guest.say(f"error.{page}.title")
    if guest.partial:
        response = guest.block(_NOTHING, "nothing", status_code=status, toast=Toast(f"{title}. {text}", tone="bad"))
        response.headers["hx-reswap"] = "none"
    else:
        response = guest.page(
            "pages/error.html", status_code=status, title=title, text=text, code=status, reference=reference
        )
    response.headers.update(headers or {})
    return response
