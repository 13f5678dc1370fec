"""The console as an application of its own, which takes every address that is not the API's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warum.app.call import Caller, Deps
from warum.app.sessions import doorkeeper, session_of
from warum.web.console.assets import PREFIX, Assets
from warum.web.console.board import make_boards, make_hub
from warum.web.console.errors import handlers
from warum.web.console.pages import MODULES
from warum.web.console.peer import Proxies
from warum.web.console.rendering import Renderer
from warum.web.console.sections import SECTIONS
from warum.web.console.stages import make_stages
from warum.web.console.visit import Site, session_cookie

# Scripts, styles and pictures come from this host alone, and none stand in a page. Charts set styles through the
# object model, which a policy does not touch.
CSP: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "img-src 'self' data:"
)
_HEADERS: Final = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
_small_bytes: Final = 1_000
_NO_STORE: Final = (b"cache-control", b"no-store")


class ConsoleMount(Mount):
    """Takes what nobody else does, except the addresses that begin with ``kept``: they answer programs, and an unknown
    one among them must not get a page."""

    def __init__(self, app: ASGIApp, kept: Sequence[str]) -> None:
        super().__init__("", app)
        self._kept = tuple(kept)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["path"].startswith(self._kept):
            return Match.NONE, {}
        return super().matches(scope)


def make_console(deps: Deps, *, trusted_proxies: Sequence[str] = ()) -> Starlette:
    """The application.

    Args:
        trusted_proxies: networks whose word about a visitor's address and scheme is taken.

    Raises:
        AssetsMissing: script and style were not built.
    """
    assets, boards = Assets(), make_boards(deps)
    paths = {path for module in MODULES for path in module.pages.paths}
    site = Site(
        deps=deps,
        assets=assets,
        renderer=Renderer(assets),
        door=doorkeeper(),
        proxies=Proxies(trusted_proxies),
        # A part whose pages are not there is not offered.
        sections=tuple(section for section in SECTIONS if section.path in paths),
        boards=boards,
        stages=make_stages(deps),
        hub=make_hub(deps, boards),
    )
    return Starlette(
        routes=[
            Route(PREFIX + "{file}", _asset(assets), methods=["GET"]),
            *(route for module in MODULES for route in module.pages.routes(site)),
        ],
        # Streams of events stay as they are, and what is compressed already. Sizes tell other sites nothing of what a
        # page holds: the session's cookie does not come along with what they ask for (SameSite).
        middleware=[Middleware(_Headers), Middleware(GZipMiddleware, minimum_size=_small_bytes, compresslevel=5)],
        exception_handlers=handlers(site),
    )


def reader_of(deps: Deps, *, trusted_proxies: Sequence[str] = ()) -> Callable[[Request], Caller | None]:
    """Who has signed in to the console with this browser, for what is to be read beside it; None for nobody."""
    proxies = Proxies(trusted_proxies)

    def reader(request: Request) -> Caller | None:
        token = request.cookies.get(session_cookie(request, proxies.peer(request)))
        person = session_of(deps, token) if token else None
        return None if person is None else person.caller

    return reader


def _asset(assets: Assets) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        found = assets.response(request, request.path_params["file"])
        if found is None:
            raise HTTPException(404)
        return found

    return answer


class _Headers:
    """What every answer carries; pages are nobody's business but the reader's, so no cache keeps them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_HEADERS]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
