"""From the console to the edge: what is told apart, and for whom."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from e2e.conftest import Opener, People
from e2e.site import PATIENCE_S, Site
from warum.domain.catalog import EdgePlan
from warum.domain.contexts import DIMENSIONS, contexts
from warum.edge.snapshot import Snapshot
from warum.edge.snapshot_files import SnapshotFollower


def plan_of(site: Site, offer: int) -> EdgePlan | None:
    snapshot, follower = Snapshot(), SnapshotFollower(site.stack.config.data / "snapshot")
    try:
        assert snapshot.apply(follower.poll().lines) == []
    finally:
        follower.close()
    return snapshot.plans.get(offer)


def test_devices_are_told_apart_on_the_page_and_the_edge_has_it(site: Site, people: People, opened: Opener) -> None:
    offer = site.shelves[-1].offer
    window = opened(people.de)
    page = window.page
    window.open(f"/offers/off_{offer}/shares")
    page.get_by_label(f"{DIMENSIONS['device'].words['de']} (2)").check()
    page.locator("#contexts form").get_by_role("button").click()
    expect(page.locator("#contexts table")).to_contain_text("auf Handys")
    begun = time.monotonic()
    while (plan := plan_of(site, offer)) is None:
        assert time.monotonic() - begun < PATIENCE_S
        time.sleep(0.02)
    assert list(plan.contexts) == list(contexts(("device",)))
    assert window.axe() == []
    page.locator("#contexts tbody a").nth(1).click()
    expect(page.locator("form.narrow strong").first).to_contain_text("auf Handys")
    assert window.axe() == []
