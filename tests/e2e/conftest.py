"""A real browser in front of a real installation. Debian's Chromium is driven without a download of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from e2e.people import Person, make_first, make_second
from e2e.site import Site, open_site
from e2e.window import AXE, PATIENCE_MS, Window

_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # Nobody can be reached by name, so a request that slips through ends here.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where it is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = (
        "Chromium (apt-get install chromium)" if found is None else "axe-core (.venv/bin/python tools/build_web.py)"
    )
    if found is None or not AXE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing} is missing, and under CI nothing is skipped.")
        pytest.skip(f"{missing} is missing.")
    return found


# Of the package, not of the session: while it is open, no other test of this thread could run an event loop.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(
            executable_path=chromium,
            headless=True,
            args=_FLAGS,
            chromium_sandbox=os.geteuid() != 0,
            timeout=2 * PATIENCE_MS,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("e2e") / "data") as running:
        yield running


@dataclass(frozen=True)
class People:
    """Two who may work at once, each in a language of their own."""

    de: Person
    en: Person

    def of(self, locale: str) -> Person:
        return self.de if locale == "de" else self.en


@pytest.fixture(scope="package")
def people(browser: Browser, site: Site) -> People:
    """Accounts that were made in the browser, from the link of the first start on."""
    return People(de=make_first(browser, site), en=make_second(browser, site))


@pytest.fixture(params=["de", "en"])
def person(request: pytest.FixtureRequest, people: People) -> Person:
    """A test that asks for a person is run in both languages."""
    return people.of(request.param)


Opener = Callable[..., Window]


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Opener]:
    """Opens windows: ``opened(person)`` for somebody who has signed in, ``opened()`` for nobody. What they complain of
    fails the test."""
    windows: list[Window] = []

    def open_window(person: Person | None = None, **given: Any) -> Window:
        if person is not None:
            given = {"state": person.state, "locale": person.browser_locale, **given}
        windows.append(Window(browser, site.base, **given))
        return windows[-1]

    yield open_window
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.close()
    assert complaints == []
