"""The plain way to take clicks, to measure ours against: a web framework and one INSERT a click, committed before the
answer. It does less per click than our edge: no consent, no screening, no token."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from psycopg_pool import AsyncConnectionPool

ENV_DSN: Final = "WARUM_ANCHOR_DSN"
TABLE: Final = """
    create table if not exists public.anchor_click (
        id bigint generated always as identity primary key,
        link text not null,
        consent boolean not null,
        at timestamptz not null default clock_timestamp()
    )
"""

_connections: Final = 16


def application() -> FastAPI:
    """The server; the database comes from the environment."""
    pool = AsyncConnectionPool(os.environ[ENV_DSN], min_size=_connections, max_size=_connections, open=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with pool:
            await pool.wait()
            yield

    made = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    async def click(link: str, cons: str = "") -> RedirectResponse:
        async with pool.connection() as connection:
            row = await connection.execute(
                "insert into public.anchor_click (link, consent) values (%s, %s) returning id", [link, cons == "1"]
            )
            found = await row.fetchone()
        assert found is not None
        return RedirectResponse(f"https://www.advertiser.example/?wrm={found[0]}", status_code=302)

    made.add_api_route("/c/{link}", click, methods=["GET"])
    return made
