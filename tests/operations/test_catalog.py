from __future__ import annotations

from typing import Any

import pytest

from warum.app.call import Change, Done, perform
from warum.app.operations import BY_NAME
from warum.domain.sealing import Sealer, advertiser_secret, publisher_secret
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Scope

from .house import AUDITOR, OPERATOR, House, hotel, partner, party


def test_a_link_comes_of_a_catalog(house: House):
    made = hotel(house)
    ana = partner(house, made)
    assert ana["link"]["url"] == f"https://edge.example/c/{ana['link']['code']}"
    offer = house.do("offer.show", offer=made["offer"])
    assert [arm["propensity"] for arm in offer["arms"]] == ["0.5", "0.5"]
    details = house.do("advertiser.show", advertiser=made["advertiser"])
    assert details["hosts"][0]["proof"] == "its file has the challenge"


def test_the_edge_hears_of_every_change(house: House):
    made = hotel(house)
    partner(house, made)
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        lines = [line for _, line in tx.snapshot.pending(100)]
    kinds = [line[:24].decode() for line in lines]
    for kind in ("advertiser", "program", "allocation", "link"):
        assert any(kind in line for line in kinds), kind
    assert b'"active":true' in lines[-1]


def test_every_change_leaves_an_act(house: House):
    made = hotel(house)
    ana = partner(house, made)
    acts = house.acts()
    assert [act["operation"] for act in reversed(acts)] == [
        "advertiser.create",
        "advertiser.host.add",
        "advertiser.host.prove",
        "program.create",
        "rule.add",
        "offer.create",
        "publisher.create",
        "partnership.apply",
        "partnership.approve",
        "link.create",
    ]
    assert {act["actor"] for act in acts} == {"person Olga"}
    assert acts[1]["subject"] == ana["partnership"]
    assert (acts[1]["version_before"], acts[1]["version_after"]) == (1, 2)
    assert all(len(act["input_hash"]) == 64 for act in acts)


def test_a_refused_change_writes_nothing(house: House):
    def write_then_refuse(tx: Any, call: Any, ask: Any) -> Done[Any] | Refusal:
        tx.catalog.add_advertiser(code="ghost", name="Ghost", at_us=call.now_us)
        return Refusal(code="no", message="No.")

    original = BY_NAME["advertiser.create"]
    change: Change[Any, Any] = Change(
        name=original.name,
        summary=original.summary,
        input=original.input,
        output=original.output,
        roles=original.roles,
        run=write_then_refuse,
    )
    assert isinstance(perform(change, house.deps, OPERATOR, original.input(name="Ghost")), Refusal)
    assert house.do("advertiser.list")["advertisers"] == []
    assert house.acts() == []


def test_an_old_row_version_is_a_conflict(shared: House):
    advertiser = shared.do("advertiser.create", name="Alt")["id"]
    shared.do("advertiser.rename", advertiser=advertiser, name="Neu", expected_version=1)
    refusal = shared.refused("advertiser.rename", advertiser=advertiser, name="Neuer", expected_version=1)
    assert (refusal.code, refusal.kind) == ("row_version_stale", Kind.CONFLICT)
    assert "now at version 2" in refusal.message
    assert shared.do("advertiser.rename", advertiser=advertiser, name="Neuer")["row_version"] == 3


def test_credentials_are_shown_once_and_kept_sealed(shared: House):
    advertiser = shared.do("advertiser.create", name="Geheim")["id"]
    made = shared.do("advertiser.credentials.rotate", advertiser=advertiser)
    again = shared.do("advertiser.credentials.rotate", advertiser=advertiser)
    assert made["token"] != again["token"]
    assert made["secret"].startswith("whsec_")
    with shared.database.transaction(Scope(Role.SYSTEM)) as tx:
        stored = tx.catalog.advertiser(int(advertiser[4:]))
    assert stored is not None and stored.secret_sealed is not None
    assert again["token"] not in repr(stored)
    secret = Sealer(b"m" * 32).open(advertiser_secret(stored.id), stored.secret_sealed)
    assert secret is not None and len(secret) == 32


def test_landing_pages_lie_on_proved_hosts(shared: House):
    advertiser = shared.do("advertiser.create", name="Host")["id"]
    program = shared.do("program.create", advertiser=advertiser, name="P", vertical="retail")["id"]

    def offer(url: str) -> Refusal:
        pages = [{"name": "Home", "url": url}]
        return shared.refused("offer.create", program=program, name="O", landing_pages=pages)

    assert offer("https://shop.example/").code == "host_not_proved"
    shared.do("advertiser.host.add", advertiser=advertiser, host="SHOP.example.")
    assert offer("https://shop.example/").code == "host_not_proved"
    shared.do("advertiser.host.prove", advertiser=advertiser, host="shop.example", evidence="seen with my own eyes")
    for url in (
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://evil.example\\@shop.example/",
        "javascript:alert(1)//shop.example",
        "https://shop.example/\nx",
        "//shop.example/",
        "https://[::1/",
    ):
        assert offer(url).code in ("url_malformed", "host_not_proved"), url
    pages = [{"name": "Home", "url": "https://shop.example/a?b=c"}]
    shared.do("offer.create", program=program, name="O", landing_pages=pages)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        (["0.5"], "propensities_count"),
        (["0.5", "0.4"], "propensities_sum"),
        (["0.33333333", "0.66666667"], "propensities_sum"),
        (["0.999", "0.001"], "propensity_too_small"),
        (["1", "0"], "propensity_too_small"),
    ],
)
def test_shares_that_cannot_be(shared: House, shares: list[str], code: str):
    assert shared.refused("offer.allocate", offer=hotel(shared)["offer"], propensities=shares).code == code


def test_a_new_allocation_replaces_the_old_one_which_stays(house: House):
    made = hotel(house)
    before = house.do("offer.show", offer=made["offer"])
    after = house.do("offer.allocate", offer=made["offer"], propensities=["0.75", "0.25"], expected_version=2)
    assert after["allocation"] != before["allocation"]
    assert [arm["propensity"] for arm in after["arms"]] == ["0.75", "0.25"]
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        kept = tx.catalog.allocation(int(before["allocation"][4:]))
    assert [arm.propensity_ppm for arm in kept] == [500_000, 500_000]


def test_a_rule_is_followed_by_versions(house: House):
    made = hotel(house)
    rule = house.do("rule.add", program=made["program"], kind="percent", percent="8.25")
    assert (rule["version"], rule["percent"]) == (2, "8.25")
    past = "2027-04-30T00:00:00Z"
    assert (
        house.refused("rule.add", program=made["program"], kind="percent", percent="9", valid_from=past).code
        == "valid_from_past"
    )
    house.do("rule.add", program=made["program"], kind="percent", percent="9", valid_from="2027-06-01T00:00:00Z")
    assert house.refused("rule.add", program=made["program"], kind="percent", percent="7").code == (
        "valid_from_before_newest"
    )
    own = house.do("publisher.create", name="Ben")["id"]
    fixed = house.do("rule.add", program=made["program"], kind="fixed", amount="2.50", publisher=own)
    assert fixed["amount"] == {"amount_minor": 250, "amount": "2.50", "currency": "EUR"}
    assert len(house.do("rule.list", program=made["program"])["rules"]) == 4


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "percent"}, "percent_alone"),
        ({"kind": "percent", "percent": "8", "amount": "1"}, "percent_alone"),
        ({"kind": "percent", "percent": "8.00001"}, "percent_too_fine"),
        ({"kind": "percent", "percent": "101"}, "input_invalid"),
        ({"kind": "percent", "percent": "-1"}, "input_invalid"),
        ({"kind": "fixed"}, "amount_alone"),
        ({"kind": "fixed", "amount": "1.005"}, "amount_not_payable"),
        ({"kind": "per_click", "amount": "0.12", "currency": "USD"}, "currency_not_listed"),
        ({"kind": "fixed", "amount": "NaN"}, "input_invalid"),
    ],
)
def test_rules_that_cannot_be(shared: House, given: dict[str, Any], code: str):
    advertiser = shared.do("advertiser.create", name="Regel")["id"]
    program = shared.do("program.create", advertiser=advertiser, name="P", vertical="retail")["id"]
    assert shared.refused("rule.add", program=program, **given).code == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"vertical": "zoo"}, "vertical_unknown"),
        ({"timezone": "Europe/Atlantis"}, "timezone_unknown"),
        ({"currencies": []}, "input_invalid"),
        ({"currencies": ["Euro"]}, "input_invalid"),
        ({"window_days": 0}, "input_invalid"),
        ({"starts_at": "2027-05-02T00:00:00Z", "ends_at": "2027-05-01T00:00:00Z"}, "flight_backwards"),
        ({"starts_at": "2027-05-02T00:00:00"}, "input_invalid"),
        ({"code": "Has Space"}, "input_invalid"),
        ({"advertiser": "adv_999"}, "advertiser_unknown"),
        ({"advertiser": "pub_1"}, "input_invalid"),
    ],
)
def test_programs_that_cannot_be(shared: House, given: dict[str, Any], code: str):
    advertiser = shared.do("advertiser.create", name="Programm")["id"]
    whole = {"advertiser": advertiser, "name": "P", "vertical": "retail", **given}
    assert shared.refused("program.create", **whole).code == code


def test_an_application_is_decided_once(house: House):
    made = hotel(house)
    publisher = house.do("publisher.create", name="Ana")["id"]
    applied = house.do("partnership.apply", publisher=publisher, program=made["program"], application="I write.")
    psh = applied["id"]
    assert house.refused("partnership.apply", publisher=publisher, program=made["program"]).kind is Kind.CONFLICT
    assert house.refused("link.create", partnership=psh, offer=made["offer"]).code == "partnership_not_approved"
    declined = house.do("partnership.decline", partnership=psh, reason="We do not know the site.")
    assert declined["reason"] == "We do not know the site."
    assert house.refused("partnership.end", partnership=psh, reason="over").code == "partnership_status"
    assert house.do("partnership.apply", publisher=publisher, program=made["program"])["status"] == "applied"
    house.do("partnership.approve", partnership=psh)
    link = house.do("link.create", partnership=psh, offer=made["offer"])
    ended = house.do("partnership.end", partnership=psh, reason="It brings nothing.")
    assert ended["status"] == "ended"
    with house.database.transaction(Scope(Role.SYSTEM)) as tx:
        found = tx.catalog.edge_links([int(link["id"][4:])])
        assert b'"active":false' in tx.snapshot.pending(100)[-1][1]
    assert not next(iter(found.values())).active


def test_a_retired_link_stays_and_no_longer_counts(house: House):
    link = partner(house, hotel(house))["link"]
    retired = house.do("link.retire", link=link["id"], reason="Campaign is over.")
    assert retired["retired_at"] == "2027-05-01T12:00:00Z"
    assert house.refused("link.retire", link=link["id"]).code == "link_retired"


def test_postback_targets_check_their_template(shared: House):
    publisher = shared.do("publisher.create", name="Ana")["id"]
    made = shared.do("postback.create", publisher=publisher, url_template="https://t.example/?c={sub1}&p={payout}")
    target = made["target"]["id"]
    assert made["secret"].startswith("whsec_")
    with shared.database.transaction(Scope(Role.SYSTEM)) as tx:
        stored = tx.catalog.target(int(target[4:]))
    assert stored is not None
    assert Sealer(b"m" * 32).open(publisher_secret(stored.publisher), stored.secret_sealed) is not None
    refusal = shared.refused("postback.create", publisher=publisher, url_template="https://{sub1}.example/")
    assert refusal.field == "url_template"
    assert not shared.do("postback.change", target=target, active=False, expected_version=1)["active"]
    assert shared.refused("postback.change", target=target, active=True, expected_version=1).kind is Kind.CONFLICT


def test_the_legal_basis_is_recorded_and_withdrawn(shared: House):
    advertiser = shared.do("advertiser.create", name="Basis")["id"]
    recorded = shared.do("advertiser.basis.record", advertiser=advertiser, basis="Art. 6 (1) f GDPR, balanced in 2027.")
    assert recorded["credit_without_consent_since"] == "2027-05-01T12:00:00Z"
    with shared.database.transaction(Scope(Role.SYSTEM)) as tx:
        assert tx.catalog.reference_bases([int(advertiser[4:])])
    withdrawn = shared.do("advertiser.basis.withdraw", advertiser=advertiser, reason="Counsel objects.")
    assert withdrawn["credit_without_consent"] is None
    assert shared.refused("advertiser.basis.withdraw", advertiser=advertiser, reason="again").kind is Kind.CONFLICT
    assert shared.acts(advertiser)[0]["reason"] == "Counsel objects."


def test_who_may_not_change_gets_told(shared: House):
    refusal = shared.refused("advertiser.create", AUDITOR, name="X")
    assert (refusal.code, refusal.kind) == ("role_not_allowed", Kind.FORBIDDEN)
    assert "auditor" in refusal.message


def test_a_party_sees_its_own_rows_alone(house: House):
    made = hotel(house)
    ana, ben = partner(house, made, "Ana"), partner(house, made, "Ben")
    own = party(Role.PUBLISHER, int(ana["publisher"][4:]))
    assert [one["name"] for one in house.do("publisher.list", own)["publishers"]] == ["Ana"]
    assert [one["id"] for one in house.do("link.list", own)["links"]] == [ana["link"]["id"]]
    assert house.refused("publisher.show", own, publisher=ben["publisher"]).kind is Kind.NOT_FOUND
    assert {act["subject"] for act in house.do("act.list", own)["acts"]} == {
        ana["publisher"],
        ana["partnership"],
        ana["link"]["id"],
    }
    other = party(Role.ADVERTISER, int(house.do("advertiser.create", name="Andere")["id"][4:]))
    assert house.do("program.list", other)["programs"] == []


def test_input_is_answered_in_words(shared: House):
    refusal = shared.refused("advertiser.create", name="", nmae="x", code="ab")
    assert refusal.code == "input_invalid"
    assert "advertiser.create has no field nmae; did you mean name?" in refusal.message
    assert shared.refused("advertiser.show").message == "advertiser is needed."
