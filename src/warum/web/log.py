"""The log as the world reads it: checkpoint, keys and tiles, without a key of any kind (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from warum.app.call import LogReader
from warum.domain.tlog.notes import format_vkey
from warum.domain.tlog.tiles import parse_path, tile_width

LOG_PREFIX: Final = "/log/"

# Every other tile never changes again.
_FOR_GOOD: Final = {"cache-control": "public, max-age=31536000, immutable"}
_BRIEFLY: Final = {"cache-control": "public, max-age=60"}
_FRESH: Final = {"cache-control": "no-cache"}


def add_log(app: FastAPI, log: LogReader) -> None:
    """Routes below ``/log/``."""

    async def checkpoint(request: Request) -> Response:
        note = await run_in_threadpool(log.shelf.checkpoint)
        if note is None:
            raise HTTPException(404)
        return PlainTextResponse(note, headers=_FRESH)

    async def tile(request: Request) -> Response:
        found = parse_path(f"tile/{request.path_params['path']}")
        if found is None:
            raise HTTPException(404)
        try:
            content = await run_in_threadpool(log.shelf.read_file, found)
        except LookupError:
            raise HTTPException(404) from None
        headers = _FOR_GOOD if found.width == tile_width else _BRIEFLY
        return Response(content, media_type="application/octet-stream", headers=headers)

    def key(text: str) -> Callable[[Request], Response]:
        return lambda request: PlainTextResponse(f"{text}\n", headers=_FRESH)

    app.add_route(f"{LOG_PREFIX}checkpoint", checkpoint, methods=["GET"])
    app.add_route(f"{LOG_PREFIX}key", key(format_vkey(log.vkey)), methods=["GET"])
    app.add_route(f"{LOG_PREFIX}edge-key", key(format_vkey(log.edge_vkey)), methods=["GET"])
    if log.webhook_key is not None:
        app.add_route(f"{LOG_PREFIX}webhook-key", key(log.webhook_key), methods=["GET"])
    app.add_route(LOG_PREFIX + "tile/{path:path}", tile, methods=["GET"])
