"""What comes in through the edge shows up on pages that are open, and leads to its explanation."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import expect

from e2e.conftest import Opener, People
from e2e.people import Person
from e2e.site import PATIENCE_S, Site
from e2e.window import Window

Note = Callable[[str, object], None]


def clicks_shown(window: Window, person: Person) -> int:
    """The figure on the tile."""
    tile = window.page.locator(".stat", has_text=person.says("live.clicks")).first
    return int("".join(filter(str.isdigit, tile.locator(".stat-value").inner_text())))


def test_a_click_appears_on_live_by_itself(person: Person, site: Site, opened: Opener, record_property: Note) -> None:
    site.let_midnight_pass()
    site.drain()  # of what other tests clicked
    window = opened(person)
    window.open("/live?range=today")
    expect(window.page.locator("[data-live]")).to_have_attribute("data-state", "live")
    before = clicks_shown(window, person)
    site.click()
    clicked = time.monotonic()
    while clicks_shown(window, person) != before + 1:
        assert time.monotonic() - clicked < PATIENCE_S, f"{clicks_shown(window, person)} clicks, {before} before"
        time.sleep(0.02)
    seconds = round(time.monotonic() - clicked, 2)
    record_property("seconds", seconds)
    print(f"a click was on the page after {seconds} s")


def test_numbers_lead_to_the_rows_behind_them(people: People, site: Site, opened: Opener) -> None:
    person = people.en
    site.let_midnight_pass()
    order = site.sell(site.click(site.shelves[3]), amount="77.00")
    site.conversion(order)
    window = opened(person)
    window.open("/live?range=today")
    page = window.page
    page.locator(".stat", has_text=person.says("live.conversions")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(person.says("nav.conversions"))
    expect(page.get_by_text(order)).to_be_visible()


def test_a_conversion_is_explained(person: Person, site: Site, opened: Opener) -> None:
    named = site.conversion(site.sell(site.click(), amount="250.00"))
    window = opened(person)
    window.open(f"/conversions/{named}")
    page = window.page
    steps = page.locator("ol.timeline > li")
    expect(steps.first).to_be_visible()
    assert steps.count() >= 3, "a click, a credit and a rule at least"
    text = page.locator("main").inner_text()
    assert ("20,00" if person.locale == "de" else "20.00") in text, "8 % of 250"
    # The other language would show by the words of its steps.
    assert page.locator("html").get_attribute("lang") == person.locale
