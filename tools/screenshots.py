"""Take a picture of every page of the console: `.venv/bin/python tools/screenshots.py`.

Starts a demo of its own, waits until a bot has something to propose, follows the links from the first page on, and
writes a WebP for each page into ``docs/screenshots``. Without ``--all`` it takes each page on a desk in English and in
a hand in German, and the first ones in every look; the repository keeps these."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from warum.main.config import Config, load_config
from warum.main.entrances import demo_entrance, first_link
from warum.main.secret_store import load_secrets
from warum.main.stack import free_port
from warum.main.tour import tour
from warum.main.wiring import open_deps
from warum.ports.database import Role, Scope
from warum.ports.decisions import State

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/screenshots"

_sizes = {"desktop": (1280, 860), "phone": (390, 844)}
_height_max = {"desktop": 2000, "phone": 2600}
_quality = 78
_wait_s_max = 420.0
_looks_s = 1.0


class Look(NamedTuple):
    size: str
    theme: str
    locale: str


EVERY = [Look(*parts) for parts in product(_sizes, ("light", "dark"), ("en", "de"))]
USUAL = {Look("desktop", "light", "en"), Look("phone", "dark", "de")}
FIRST = {"today", "live", "decision"}
"""Pages that are kept in every look."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of a demo that runs already (its ports come from WARUM_*)")
    parser.add_argument("--out", type=Path, default=PICTURES)
    parser.add_argument("--all", action="store_true", help="every page in all eight looks")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing: apt-get install chromium", file=sys.stderr)
        return 1
    with ExitStack() as held:
        config = running(options.data) if options.data else held.enter_context(demo())
        wait_for_a_proposal(config)
        playwright = held.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-gpu", "--no-proxy-server"], chromium_sandbox=os.geteuid() != 0
        )
        options.out.mkdir(parents=True, exist_ok=True)
        for old in options.out.glob("*.webp"):
            old.unlink()
        bytes_all = take(browser, config, options.out, every=options.all)
        browser.close()
    print(f"{bytes_all / 1024:,.0f} KiB in {options.out}")
    return 0


def running(data: Path) -> Config:
    return replace(load_config(os.environ, Path.cwd()), data=data.absolute())


@contextmanager
def demo() -> Iterator[Config]:
    """A demo in a folder of its own, which ends with the block."""
    with tempfile.TemporaryDirectory(prefix="warum-screenshots-") as folder:
        data = Path(folder) / "data"
        ports = {"WARUM_WEB_PORT": str(free_port()), "WARUM_EDGE_PORT": str(free_port())}
        environ = {**os.environ, **ports}
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "warum.main.cli", "demo", "--data", str(data)],
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield replace(load_config(environ, Path.cwd()), data=data)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


def wait_for_a_proposal(config: Config) -> None:
    deadline = time.monotonic() + _wait_s_max
    while time.monotonic() < deadline:
        try:
            with open_deps(config, load_secrets(config.data), connections_max=1) as deps:
                with deps.database.transaction(Scope(Role.AUDITOR)) as tx:
                    found = tx.decisions.proposals(
                        states=(State.OPEN,), program=None, offer=None, before=None, by_stake=True, limit=1
                    )
                if found:
                    return
        except Exception as error:
            # It is still starting.
            print(f"waiting: {type(error).__name__}", file=sys.stderr)
        time.sleep(_looks_s)
    raise SystemExit("no bot had anything to propose")


def take(browser: Browser, config: Config, out: Path, *, every: bool) -> int:
    """Write the pictures; their bytes."""
    manager, operator = _signed_in(browser, config), _operator(browser, config)
    addresses = _addresses(browser, config, manager)
    others = {name: address for name, address in _addresses(browser, config, operator).items() if name not in addresses}
    total = 0
    for look in EVERY:
        for state, shown in ((manager, addresses), (operator, others)):
            context = _context(browser, config, look, state)
            _choose(context, look)
            for name, address in shown.items():
                if every or look in USUAL or name in FIRST:
                    total += _picture(context.new_page(), address, look, out / f"{name}.{'.'.join(look)}.webp")
            context.close()
        if every or look in USUAL:
            stranger = _context(browser, config, look, None)
            total += _picture(stranger.new_page(), "/sign-in", look, out / f"sign-in.{'.'.join(look)}.webp")
            stranger.close()
    return total


def _signed_in(browser: Browser, config: Config) -> Any:
    context = browser.new_context(base_url=config.web_base_url)
    context.new_page().goto(demo_entrance(config))
    state = context.storage_state()
    context.close()
    return state


def _operator(browser: Browser, config: Config) -> Any:
    """An operator, who sees pages that the account manager does not."""
    link = first_link(config)
    if link is None:
        raise SystemExit("there is an operator already; take the pictures of a demo that is new")
    context = browser.new_context(base_url=config.web_base_url)
    page = context.new_page()
    page.goto(link)
    page.fill("[name=name]", "Ada Klein")
    page.fill("[name=email]", "ada@demo.example")
    page.fill("[name=password]", "a sentence for the pictures")
    page.click("form[method=post] button[type=submit]")
    page.wait_for_url(config.web_base_url + "/")
    state = context.storage_state()
    context.close()
    return state


def _addresses(browser: Browser, config: Config, state: Any) -> dict[str, str]:
    """Names of pictures, and where the pages are."""
    context = browser.new_context(base_url=config.web_base_url, storage_state=state)

    def fetch(address: str) -> str | None:
        answer = context.request.get(config.web_base_url + address)
        return answer.text() if answer.ok and answer.headers["content-type"].startswith("text/html") else None

    found = tour(fetch, examples=1)
    context.close()
    return {_name(pattern): some[0] for pattern, some in found.items()}


def _name(pattern: str) -> str:
    """``/programs/{program}`` is called program, ``/programs`` programs."""
    parts = pattern.strip("/").split("/")
    kept = [part for part, after in zip(parts, [*parts[1:], ""], strict=True) if not after.startswith("{")]
    return "-".join(part.strip("{}") for part in kept) or "today"


def _context(browser: Browser, config: Config, look: Look, state: Any) -> BrowserContext:
    width, height = _sizes[look.size]
    return browser.new_context(
        base_url=config.web_base_url,
        storage_state=state,
        locale="de-DE" if look.locale == "de" else "en-GB",
        timezone_id="Europe/Berlin",
        color_scheme=look.theme,
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    )


def _choose(context: BrowserContext, look: Look) -> None:
    """The person's own language, as the form in the menu sets it."""
    page = context.new_page()
    page.goto("/settings")
    page.evaluate(
        """(locale) => {
          const form = document.querySelector('form[action="/look"]')
          const button = form.querySelector(`button[value="${locale}"]`)
          form.requestSubmit(button)
        }""",
        look.locale,
    )
    page.wait_for_url("**/settings")
    page.wait_for_function(f"document.documentElement.lang === '{look.locale}'")
    page.close()


def _picture(page: Page, address: str, look: Look, path: Path) -> int:
    page.goto(address, wait_until="load")
    width, height = _sizes[look.size]
    # The window grows with the page, so that what sticks to its edges is at the edges of the picture.
    needs = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(needs, height), _height_max[look.size])})
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _quality})
    path.write_bytes(b64decode(shot["data"]))
    page.close()
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
