"""The tables that the edge answers from follow the lines of the snapshot."""

from __future__ import annotations

from dataclasses import replace

from edge_world import ACME, ARMS, LINK, SHOP, line, snapshot_of

from warum.domain.catalog import EdgeArm
from warum.edge.snapshot import Snapshot


def test_latest_wins_and_an_entry_may_come_twice():
    snapshot = snapshot_of(LINK, replace(LINK, active=False), replace(LINK, active=False))
    assert not snapshot.links_by_code["abc"].active
    assert len(snapshot.links) == 1


def test_a_code_that_was_given_up_leads_nowhere():
    snapshot = snapshot_of(replace(LINK, code="new"), replace(ACME, code="acme2", token_hash="00"))
    assert set(snapshot.links_by_code) == {"new"}
    assert set(snapshot.advertisers_by_code) == {"acme2", "other"}
    assert set(snapshot.advertisers_by_token) == {"00"}


def test_a_bad_line_is_counted_reported_and_harms_no_other():
    snapshot = Snapshot()
    crooked = replace(ARMS, id=21, arms=(EdgeArm(arm=0, url="https://a.example/", propensity_ppm=1),))
    script = replace(ARMS, id=22, arms=(EdgeArm(arm=0, url="javascript:alert(1)", propensity_ppm=1_000_000),))
    nowhere = replace(ARMS, id=23, arms=(EdgeArm(arm=0, url="no address", propensity_ppm=1_000_000),))
    faults = snapshot.apply(
        [
            b"{",
            b'{"kind": "spaceship", "entry": {}}',
            b'{"kind": "link", "entry": {"id": "7"}}',
            line(crooked),
            line(script),
            line(nowhere),
            line(SHOP),
        ]
    )
    assert len(faults) == snapshot.bad_lines == 6
    assert snapshot.programs[SHOP.id] == SHOP
    assert "spaceship" in faults[1]
    assert snapshot.allocations == {}


def test_landing_pages_fit_into_a_header_as_they_are():
    arm = EdgeArm(arm=0, url="https://bücher.example/a b\r\nSet-Cookie: x=1?ü", propensity_ppm=1_000_000)
    snapshot = snapshot_of(replace(ARMS, arms=(arm,)))
    assert snapshot.urls[ARMS.id, 0] == "https://xn--bcher-kva.example/a%20bSet-Cookie:%20x=1?%C3%BC"
