"""One shape for everything that went wrong: ``{"error": {"code", "message", "field"}}``."""

from __future__ import annotations

from typing import assert_never

from starlette.responses import JSONResponse

from warum.kernel.refusal import Kind, Refusal


def status_of(kind: Kind) -> int:
    """The HTTP status of a refusal."""
    match kind:
        case Kind.INVALID:
            return 422
        case Kind.NOT_FOUND:
            return 404
        case Kind.CONFLICT:
            return 409
        case Kind.FORBIDDEN:
            return 403
        case _:
            assert_never(kind)


def refused(refusal: Refusal) -> JSONResponse:
    return error(status_of(refusal.kind), refusal.code, refusal.message, refusal.field)


def error(
    status: int, code: str, message: str, field: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "field": field}}
    return JSONResponse(body, status_code=status, headers=headers)
