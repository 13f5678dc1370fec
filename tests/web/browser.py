"""Requests to the web application without a network."""

from __future__ import annotations

import asyncio
from typing import Any

from httpx import ASGITransport, AsyncClient, Response


class Browser:
    def __init__(
        self,
        app: Any,
        *,
        base_url: str = "http://localhost:8701",
        client: tuple[str, int] = ("127.0.0.1", 50_000),
        headers: dict[str, str] | None = None,
    ) -> None:
        self._transport = ASGITransport(app, client=client, raise_app_exceptions=False)
        self._base_url = base_url
        self._headers = headers or {}

    def get(self, path: str, **given: Any) -> Response:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> Response:
        return self.request("POST", path, **given)

    def request(self, method: str, path: str, **given: Any) -> Response:
        async def once() -> Response:
            async with AsyncClient(
                transport=self._transport, base_url=self._base_url, headers=self._headers, trust_env=False
            ) as client:
                return await client.request(method, path, **given)

        return asyncio.run(once())
