"""REST: ``POST /v1/<operation>`` for changes, ``GET`` for reads. Everything about an operation comes from the table;
here is only how it travels."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from warum.app import codec
from warum.app.call import AnyOperation, Change, Deps, perform
from warum.app.operations import OPERATIONS
from warum.kernel.refusal import Refusal
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.web.auth import bearer
from warum.web.console.app import ConsoleMount
from warum.web.errors import error, refused
from warum.web.log import LOG_PREFIX, add_log
from warum.web.openapi import PREFIX, openapi
from warum.web.page import Door, Reader, add_page

body_bytes_max: Final = 1024 * 1024
_CHALLENGE: Final = {"www-authenticate": 'Bearer realm="warum"'}

_log: Final = logging.getLogger("warum.web")


def make_app(
    deps: Deps, *, door: Door | None = None, console: ASGIApp | None = None, reader: Reader | None = None
) -> FastAPI:
    """The web application.

    Args:
        door: how the status page is reached; None leaves the page out.
        console: takes every address that is left; None leaves it out.
        reader: who has signed in to the console; such a person sees the status page too.
    """
    # The pages that FastAPI would serve for its description load scripts from elsewhere.
    app = FastAPI(title="Warum", docs_url=None, redoc_url=None, openapi_url=None)
    document = openapi(OPERATIONS, version=deps.version)

    async def describe(request: Request) -> Response:
        return JSONResponse(document)

    app.add_route("/openapi.json", describe, methods=["GET"])
    for operation in OPERATIONS:
        method = "POST" if isinstance(operation, Change) else "GET"
        app.add_route(PREFIX + operation.name, _endpoint(operation, deps), methods=[method])
    if deps.log is not None:
        add_log(app, deps.log)
    if door is not None:
        add_page(app, deps, door, reader)
    if console is not None:
        app.router.routes.append(ConsoleMount(console, kept=(PREFIX, LOG_PREFIX, "/openapi.json")))
    app.add_exception_handler(HTTPException, _no_such_thing)
    app.add_exception_handler(DatabaseUnavailable, _database_away)
    app.add_exception_handler(DatabaseMisfit, _broken)
    app.add_exception_handler(Exception, _broken)
    return app


def _endpoint(operation: AnyOperation, deps: Deps) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        given = await _body(request) if isinstance(operation, Change) else _query(request)
        return await run_in_threadpool(_performed, operation, deps, request, given)

    return answer


def _performed(operation: AnyOperation, deps: Deps, request: Request, given: object) -> Response:
    caller = bearer(request, deps)
    if caller is None:
        return error(
            401,
            "key_needed",
            "Show an API key in the header Authorization: Bearer. `warum key create` makes one.",
            headers=_CHALLENGE,
        )
    if not isinstance(given, dict):
        return refused(given) if isinstance(given, Refusal) else _not_an_object()
    ask = codec.read(operation, cast("dict[str, object]", given))
    if isinstance(ask, Refusal):
        return refused(ask)
    output = perform(operation, deps, caller, ask)
    if isinstance(output, Refusal):
        return refused(output)
    # Some answers hold a secret that is shown once; none of them belongs into a cache.
    return JSONResponse(codec.plain(operation, output), headers={"cache-control": "no-store"})


async def _body(request: Request) -> object:
    """The JSON value of the body, or a refusal; an empty body is an empty object."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > body_bytes_max:
            return Refusal(code="body_too_large", message=f"A body has at most {body_bytes_max} bytes.")
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return Refusal(code="body_not_json", message="The body is not JSON.")


def _query(request: Request) -> dict[str, object]:
    """Query parameters; one that comes twice is a list, which only list fields take."""
    pairs = request.query_params
    return {name: pairs.getlist(name) if len(pairs.getlist(name)) > 1 else pairs[name] for name in pairs}


def _not_an_object() -> Response:
    return refused(
        Refusal(code="body_not_object", message='The body has to be a JSON object, such as {"name": "Ana"}.')
    )


async def _no_such_thing(request: Request, exc: Exception) -> Response:
    """Unknown addresses and wrong methods, in the shape of every other no."""
    assert isinstance(exc, HTTPException)
    if exc.status_code == 405:
        return error(405, "method_not_allowed", "Changes are sent with POST, reads with GET.")
    if exc.status_code == 404:
        return error(404, "address_unknown", f"There is nothing at {request.url.path}; /openapi.json lists what is.")
    return error(exc.status_code, "refused", str(exc.detail))


async def _database_away(request: Request, exc: Exception) -> Response:
    return error(
        503,
        "database_unavailable",
        "The database does not answer just now. Nothing was changed; try again in a moment.",
        headers={"retry-after": "2"},
    )


async def _broken(request: Request, exc: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
    return error(500, "internal", "Something broke on our side; the log says what. Nothing was changed.")


def document(version: str) -> dict[str, Any]:
    """The OpenAPI document without a running application, for the reference."""
    return openapi(OPERATIONS, version=version)
