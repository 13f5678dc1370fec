"""Every page that links lead to: readable for everybody, in both languages, light and dark, on a desk and in a hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as TookTooLong

from e2e.conftest import Opener, People
from e2e.people import Person
from e2e.site import Site
from e2e.window import DESKTOP, PATIENCE_MS, PHONE, Window
from warum.main.tour import pattern_of, tour
from warum.web.console.pages import MODULES
from warum.web.console.sections import SECTIONS

EXAMPLES = 2

# The elements that make the whole page wider than its window; what scrolls by itself may be as wide as it likes.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  return [...document.querySelectorAll('body *')]
    .filter((it) => it.getBoundingClientRect().right > width + 1)
    .map((it) => `${it.tagName}.${it.className} (${Math.round(it.getBoundingClientRect().right)} px of ${width})`)
    .slice(0, 8)
}"""


@pytest.fixture(scope="module")
def addresses(site: Site, people: People, browser: object) -> dict[str, list[str]]:
    """What there is to see, by the pattern of the page; found while there is something on each."""
    for shelf in site.shelves[:2]:
        site.conversion(site.sell(site.click(shelf)))
    window = Window(browser, site.base, state=people.en.state)  # pyright: ignore[reportArgumentType]

    def fetch(address: str) -> str | None:
        answer = window.context.request.get(site.base + address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        return answer.text() if answer.headers["content-type"].startswith("text/html") else None

    found = dict(tour(fetch, examples=EXAMPLES))
    window.close()
    return found


def test_every_part_of_the_navigation_has_pages(addresses: dict[str, list[str]]) -> None:
    offered = {section.path for section in SECTIONS} & {path for module in MODULES for path in module.pages.shown}
    assert offered <= addresses.keys()


def test_the_settings_lead_to_the_keys(addresses: dict[str, list[str]]) -> None:
    assert {"/settings/keys", "/settings/keys/new", "/settings/keys/{key}"} <= addresses.keys()


# Contrast depends on the appearance, and what is cut off on the language and the width. Once every example is looked
# at, and in the other looks the first one of each page.
LOOKS = [
    ("de", "light", DESKTOP, EXAMPLES),
    ("en", "dark", DESKTOP, 1),
    ("en", "light", PHONE, 1),
    ("de", "dark", PHONE, 1),
]


@pytest.mark.parametrize(
    ("locale", "theme", "size", "count"), LOOKS, ids=[f"{look[0]}-{look[1]}-{look[2][0]}px" for look in LOOKS]
)
def test_every_page_is_for_everybody(
    locale: str,
    theme: str,
    size: tuple[int, int],
    count: int,
    addresses: dict[str, list[str]],
    people: People,
    opened: Opener,
) -> None:
    person = people.of(locale)
    window = opened(person, theme=theme, size=size)
    faults: list[str] = []
    for address in (address for examples in addresses.values() for address in examples[:count]):
        window.open(address)
        faults += [f"{address}: {fault}" for fault in (*of_page(window, person), *window.axe())]
    assert not faults, "\n".join(faults)


def of_page(window: Window, person: Person) -> Iterator[str]:
    """What axe-core does not ask."""
    page = window.page
    if page.locator("html").get_attribute("lang") != person.locale:
        yield "it is in another language"
    if (heads := page.get_by_role("heading", level=1).count()) != 1:
        yield f"it has {heads} headings of the first level"
    if not page.title().partition(" · ")[0].strip():
        yield "it has no title"
    yield from (f"it is too wide at {place}" for place in page.evaluate(_TOO_WIDE))
    text = page.locator("body").inner_text()
    # By itself: the letters may well follow each other within a key or a hash.
    for odd in re.findall(r"(?<![\w+/-])(?:None|undefined|NaN|\{\w+\})(?![\w+/=-])", text):
        yield f"it says {odd}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_without_an_account_are_for_everybody(theme: str, people: People, opened: Opener) -> None:
    window = opened(theme=theme)
    window.expect_status(401, 404)
    faults: list[str] = []
    for address, ok in (("/sign-in", 200), ("/settings", 401), (people.en.link, 404)):
        window.open(address, ok=(ok,))
        faults += [f"{address}: {fault}" for fault in window.axe()]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_on_a_page_is_for_everybody(theme: str, people: People, opened: Opener) -> None:
    """The sheet of keys, the menu of the account, and a page that is not there."""
    person = people.de
    window = opened(person, theme=theme)
    window.expect_status(404)
    window.open("/")
    window.press("?")
    faults = [f"keys: {fault}" for fault in window.axe()]
    window.press("Escape")
    window.page.get_by_role("button", name=person.says("user.menu")).click()
    faults += [f"menu: {fault}" for fault in window.axe()]
    window.open("/nothing-is-here", ok=(404,))
    faults += [f"error: {fault}" for fault in (*of_page(window, person), *window.axe())]
    assert not faults, "\n".join(faults)


def test_the_keyboard_reaches_every_part_by_its_letter(people: People, opened: Opener) -> None:
    window = opened(people.en)
    window.open("/settings")
    for section in SECTIONS:
        if pattern_of(section.path) is None:
            continue
        jump(window, section.jump, section.path)


def jump(window: Window, letter: str, path: str) -> None:
    """The two keys have to follow each other within a moment; on a machine that stands still between them, once
    more."""
    for patience_ms in (5_000, 5_000, PATIENCE_MS):
        window.press("g", letter)
        with suppress(TookTooLong):
            window.page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=patience_ms)
            return
    raise AssertionError(f"g and {letter} do not lead to {path}")


def test_tab_goes_first_to_the_content(person: Person, opened: Opener) -> None:
    window = opened(person)
    window.open("/")
    window.press("Tab")
    assert window.page.evaluate("document.activeElement.textContent") == person.says("app.skip")
    window.press("Enter")
    window.page.wait_for_function("document.activeElement.id === 'content'")
