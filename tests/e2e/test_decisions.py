"""A person's word on what bots propose: by keys, with a reason, taken back, and against somebody who was quicker."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from e2e.conftest import Opener, People
from e2e.people import Person
from e2e.site import PATIENCE_S, Shelf, Site
from e2e.window import Window

HALVES = {0: 500_000, 1: 500_000}


@pytest.fixture
def untouched(site: Site) -> Shelf:
    """An offer whose proposal still waits; each test takes its own."""
    return next(shelf for shelf in site.shelves if state(site, shelf) == "open")


def proposal(site: Site, shelf: Shelf) -> str:
    ((found,),) = site.rows("select max(id) from warum.proposal where offer_id = %s", shelf.offer)
    return f"prp_{found}"


def state(site: Site, shelf: Shelf) -> str:
    ((found,),) = site.rows(
        "select state from warum.proposal where offer_id = %s order by id desc limit 1", shelf.offer
    )
    return found


def verdicts(site: Site, shelf: Shelf) -> list[str]:
    found = site.rows(
        "select verdict from warum.decision d join warum.proposal p on p.id = d.proposal_id "
        "where p.offer_id = %s order by d.id",
        shelf.offer,
    )
    return [verdict for (verdict,) in found]


def eventually(holds: Callable[[], bool]) -> float:
    """How long it took to hold, in seconds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.02)
    return time.monotonic() - begun


def toast(window: Window) -> Locator:
    return window.page.locator(".toast").last


def test_a_approves_and_the_toast_takes_it_back(person: Person, site: Site, untouched: Shelf, opened: Opener) -> None:
    window = opened(person)
    page = window.page
    window.open("/decisions")
    card = page.locator(f"[data-row]:has(a[href='/decisions/{proposal(site, untouched)}'])").first
    expect(card).to_be_visible()
    assert site.edge_shares(untouched) == HALVES
    # With j to the card, whatever its place.
    for _ in range(20):
        if card.evaluate("(it) => it.contains(document.activeElement)"):
            break
        window.press("j")
    window.press("a")
    expect(toast(window)).to_contain_text(person.says("decisions.approved"))
    toast(window).hover()  # it stays as long as somebody reads it
    assert state(site, untouched) == "applied"
    took_s = eventually(lambda: site.edge_shares(untouched) != HALVES)
    print(f"the edge had the approval after {took_s:.2f} s")
    toast(window).get_by_role("button", name=person.says("app.undo")).click()
    expect(toast(window)).to_contain_text(person.says("decisions.undone"))
    assert state(site, untouched) == "undone"
    eventually(lambda: site.edge_shares(untouched) == HALVES)
    assert verdicts(site, untouched) == ["approved", "undone"]


def test_a_card_shows_its_reasons_and_is_declined_with_one(
    person: Person, site: Site, untouched: Shelf, opened: Opener
) -> None:
    window = opened(person)
    page = window.page
    path = f"/decisions/{proposal(site, untouched)}"
    window.open(path)
    for key in ("card.promise", "card.worth", "card.options", "card.what_if", "decisions.checks"):
        expect(page.get_by_text(person.says(key)).first).to_be_visible()
    assert not (faults := window.axe()), "\n".join(faults)
    window.press("d")
    note = page.get_by_label(person.says("decisions.note"))
    expect(note).to_be_visible()
    assert not (faults := window.axe()), "\n".join(faults)
    page.get_by_label(person.says("decisions.reason")).select_option(index=1)
    note.fill("Die Seite wird umgebaut. <i>&amp;")
    page.get_by_role("button", name=person.says("decisions.decline.send")).click()
    expect(toast(window)).to_contain_text(person.says("decisions.declined"))
    assert state(site, untouched) == "declined"
    window.open(path)
    expect(page.get_by_text("Die Seite wird umgebaut. <i>&amp;")).to_be_visible()
    assert site.edge_shares(untouched) == HALVES


def test_of_two_who_decide_at_once_the_second_is_told(
    people: People, site: Site, untouched: Shelf, opened: Opener
) -> None:
    ana, ben = opened(people.de), opened(people.en)
    ben.expect_status(409)
    path = f"/decisions/{proposal(site, untouched)}"
    ana.open(path)
    ben.open(path)
    ben.press("d")
    ben.page.get_by_label(people.en.says("decisions.reason")).select_option(index=2)
    ben.page.get_by_label(people.en.says("decisions.note")).fill("I would rather wait.")
    ana.press("a")
    expect(toast(ana)).to_contain_text(people.de.says("decisions.approved"))
    ben.page.get_by_role("button", name=people.en.says("decisions.decline.send")).click()
    told = ben.page.get_by_role("alert")
    expect(told).to_contain_text("Ana König approved this")
    expect(ben.page.get_by_text("I would rather wait.")).to_be_visible()
    assert not (faults := ben.axe()), "\n".join(faults)
    assert state(site, untouched) == "applied"
    assert verdicts(site, untouched) == ["approved"]


def test_every_tab_is_for_everybody(people: People, opened: Opener) -> None:
    window = opened(people.de)
    window.open("/decisions")
    addresses = window.page.locator("main a[href^='/decisions?tab=']").evaluate_all(
        "(all) => [...new Set(all.map((it) => it.getAttribute('href')))]"
    )
    assert len(addresses) >= 4
    faults: list[str] = []
    for address in addresses:
        window.open(address)
        faults += [f"{address}: {fault}" for fault in window.axe()]
    assert not faults, "\n".join(faults)
