"""A window of the browser that notes what it should never see: an error on its console, a request to another host, a
page that broke."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
DESKTOP = (1280, 860)
PHONE = (390, 844)
PATIENCE_MS = 60_000
"""What a browser may need that shares two slow processors with everything else."""

_REFUSED = re.compile(r"the server responded with a status of (\d+)")
_RUN_AXE = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


class Window:
    """One window in a profile of its own.

    Args:
        state: cookies of somebody who has signed in; None: nobody.
        scripts: False for a browser in which scripts are off.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        *,
        state: Any = None,
        locale: str = "en-GB",
        theme: str = "light",
        size: tuple[int, int] = DESKTOP,
        scripts: bool = True,
    ) -> None:
        self.base = base
        self.complaints: list[str] = []
        self._expected: set[str] = set()
        self._away = False
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            storage_state=state,
            locale=locale,
            timezone_id="Europe/Berlin",
            color_scheme=theme,  # pyright: ignore[reportArgumentType]
            reduced_motion="reduce",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._on_request)
        self.context.on("console", self._on_console)
        self.context.on("weberror", self._on_error)
        self.page: Page = self.context.new_page()

    def expect_status(self, *statuses: int) -> None:
        """Answers of which the browser's console may complain in this test."""
        self._expected.update(str(status) for status in statuses)

    def cut(self) -> None:
        """The network is gone, and the browser may say so."""
        self._away = True
        self.context.set_offline(True)

    def lose(self) -> None:
        """The server will go away, and the browser may say so."""
        self._away = True

    def mend(self) -> None:
        self.context.set_offline(False)

    def open(self, path: str, *, ok: Collection[int] = (200,)) -> None:
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status in ok, f"{path} answered {answer.status}"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def axe(self) -> list[str]:
        """What axe-core finds on the page as it is now: rule, place, and why."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return [
            f"{found['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']} <{node['html'][:200]}>"
            for found in self.page.evaluate(_RUN_AXE)
            for node in found["nodes"]
        ]

    def close(self) -> None:
        self.context.close()

    def _on_request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in ("data", "blob") and f"{where.scheme}://{where.netloc}" != self.base:
            self.complaints.append(f"a request left the host: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        refused = _REFUSED.search(message.text)
        if refused is not None and refused[1] in self._expected:
            return
        if self._away and ("net::ERR_" in message.text or "htmx:sse:error" in message.text):
            return
        self.complaints.append(f"an error on the console: {message.text} ({message.location.get('url')})")

    def _on_error(self, error: WebError) -> None:
        self.complaints.append(f"a script broke: {error.error}")
