"""What people see of conversions, decide about them, and are told of the reasons. The conversions come from a journal,
by the worker's own consumer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ingest.world import Network, made_network, us
from warum.domain.records import Basis
from warum.kernel.ids import public
from warum.kernel.refusal import Kind
from warum.ports.database import Role

from .house import AUDITOR, House, party

Made = tuple[House, Network]


@pytest.fixture
def made(fresh_database: Any) -> Iterator[Made]:
    with made_network(fresh_database) as network:
        yield House(network.app, now_us=us("2027-05-20")), network


def booked(network: Network, order_id: str = "1001", publisher: str = "ana") -> None:
    token = network.click(publisher, at="2027-05-01")
    network.postback(
        "booked",
        at="2027-05-02",
        order_id=order_id,
        token=token,
        program="hotel",
        amount_minor=40_000,
        currency="EUR",
        check_in="2027-06-01",
        check_out="2027-06-03",
    )
    network.consume()


def latest(house: House) -> Any:
    return house.do("conversion.list")["conversions"][0]


def words(house: House, conversion: str, lang: str = "en", *given: Any) -> dict[str, str]:
    explained = house.do("conversion.explain", *given, conversion=conversion, lang=lang)
    return {section["title"]: "\n".join(section["sentences"]) for section in explained["words"]}


def test_a_person_approves_and_declines(made: Made):
    house, network = made
    booked(network)
    conversion = latest(house)
    assert (conversion["status"], conversion["commission"]["amount"]) == ("pending", "32.00")
    approved = house.do("conversion.approve", conversion=conversion["id"], expected_version=1)
    assert (approved["status"], approved["release_at"]) == ("approved", None)
    assert network.balance() == (0, 3_200)
    declined = house.do("conversion.decline", conversion=conversion["id"], reason="The guest complained.")
    assert (declined["status"], declined["reason"]) == ("declined", "declined_by_advertiser")
    assert network.balance() == (0, 0)
    assert network.history() == ["booked", "approved", "declined"]
    assert network.proof().balanced
    assert [act["operation"] for act in house.acts(conversion["id"])] == ["conversion.decline", "conversion.approve"]
    assert house.acts(conversion["id"])[0]["reason"] == "The guest complained."


def test_what_cannot_be_decided_says_why(made: Made):
    house, network = made
    booked(network)
    conversion = latest(house)["id"]
    assert house.refused("conversion.approve", conversion=conversion, expected_version=9).kind is Kind.CONFLICT
    assert house.refused("conversion.decline", conversion=conversion).message == "reason is needed."
    house.do("conversion.decline", conversion=conversion, reason="No.. and no.")
    assert house.refused("conversion.decline", conversion=conversion, reason="again").code == "conversion_status"
    assert house.refused("conversion.approve", conversion=conversion).code == "conversion_declined"
    assert house.refused("conversion.approve", conversion="cnv_999").kind is Kind.NOT_FOUND


def test_an_advertiser_validates_its_own_conversions_alone(made: Made):
    house, network = made
    booked(network, "1001", "ana")
    booked(network, "1002", "ben")
    first, second = (one["id"] for one in house.do("conversion.list")["conversions"])
    other = party(Role.ADVERTISER, network.advertiser + 1_000)
    ana = party(Role.PUBLISHER, network.publishers["ana"])
    for name, given in (("conversion.approve", {}), ("conversion.decline", {"reason": "Not ours."})):
        assert house.refused(name, other, conversion=first, **given).kind is Kind.NOT_FOUND
        assert house.refused(name, ana, conversion=first, **given).kind is Kind.FORBIDDEN
    assert network.history("1001") == network.history("1002") == ["booked"]
    owner = party(Role.ADVERTISER, network.advertiser)
    approved = house.do("conversion.approve", owner, conversion=first)
    declined = house.do("conversion.decline", owner, conversion=second, reason="The guest never came.")
    assert (approved["status"], declined["status"]) == ("approved", "declined")
    # The answer tells what they may read, though the change was made with more rights.
    assert approved == house.do("conversion.show", owner, conversion=first)
    assert declined == house.do("conversion.show", owner, conversion=second)
    (act,) = house.acts(second)
    assert (act["actor"], act["reason"]) == ("key key_1", "The guest never came.")
    assert network.proof().balanced


def test_a_publisher_sees_its_own_conversions_alone(made: Made):
    house, network = made
    booked(network, "1001", "ana")
    booked(network, "1002", "ben")
    own = party(Role.PUBLISHER, network.publishers["ana"])
    found = house.do("conversion.list", own)["conversions"]
    assert [one["publisher_name"] for one in found] == ["Ana"]
    assert found[0]["order_id"] is None
    theirs = next(one["id"] for one in house.do("conversion.list")["conversions"] if one["publisher_name"] == "Ben")
    assert house.refused("conversion.show", own, conversion=theirs).kind is Kind.NOT_FOUND
    assert house.refused("conversion.explain", own, conversion=theirs).kind is Kind.NOT_FOUND
    assert house.refused("conversion.list", own, order_id="1002").kind is Kind.FORBIDDEN
    advertiser = public("advertiser", network.advertiser)
    assert house.refused("conversion.explain", own, order_id="1001", advertiser=advertiser).kind is Kind.NOT_FOUND
    balances = house.do("balance.list", own)["balances"]
    assert [(one["publisher"], one["pending"]["amount_minor"]) for one in balances] == [
        (public("publisher", network.publishers["ana"]), 3_200)
    ]


def test_a_publisher_is_told_the_rule_it_is_paid_by(made: Made):
    house, network = made
    booked(network)
    own = party(Role.PUBLISHER, network.publishers["ana"])
    explained = house.do("conversion.explain", own, conversion=latest(house)["id"])
    assert explained["rule"]["percent"] == "8"
    assert explained["conversion"]["program_code"] == "hotel"
    assert "1001" not in repr(explained)


def test_an_explanation_tells_the_whole_way(made: Made):
    house, network = made
    booked(network)
    conversion = latest(house)["id"]
    explained = house.do("conversion.explain", conversion=conversion)
    assert explained["click"]["record"] == "1/0/0"
    assert explained["click"]["propensity"] == "1"
    assert (explained["consent"], explained["hold"]["state"]) == ("consent", "running")
    assert [posting["amount"]["amount"] for posting in explained["postings"]] == ["32.00"]
    said = words(house, conversion)
    assert list(said) == [
        "In short",
        "Click",
        "Consent",
        "Credit",
        "Commission rule",
        "Hold",
        "History",
        "Ledger",
        "Told to the publisher",
    ]
    assert "It earns Ana 32.00 EUR" in said["In short"]
    assert "8 % of the retained amount" in said["Commission rule"]
    assert "3 days after check-out (2027-06-03)" in said["Hold"]
    german = words(house, conversion, "de")
    assert "Ana stehen 32,00 EUR zu" in german["Kurz gesagt"]
    assert "02.05.2027, 14:00 Uhr (Europe/Berlin)" in german["Zuordnung"]


def test_an_explanation_by_order_id(made: Made):
    house, network = made
    booked(network)
    advertiser = public("advertiser", network.advertiser)
    explained = house.do("conversion.explain", AUDITOR, order_id="1001", advertiser=advertiser)
    assert explained["conversion"]["order_id"] == "1001"
    assert house.refused("conversion.explain", order_id="404", advertiser=advertiser).kind is Kind.NOT_FOUND
    assert house.refused("conversion.explain", order_id="1001").code == "conversion_not_named"


def test_an_explanation_follows_the_story(made: Made):
    house, network = made
    booked(network)
    conversion = latest(house)["id"]
    network.postback("amended", at="2027-05-10", program="hotel", amount_minor=30_000, currency="EUR")
    network.consume()
    assert "32.00 EUR → 24.00 EUR" in words(house, conversion)["History"]
    network.postback("stayed", at="2027-06-03", program="hotel")
    network.tick("2027-06-10")
    network.consume()
    said = words(house, conversion)
    assert "pending → approved" in said["History"]
    assert said["Hold"] == "The hold is over."
    network.postback("cancelled", at="2027-06-20", program="hotel")
    network.consume()
    said = words(house, conversion)
    assert "the order was cancelled" in said["In short"]
    assert "24.00 EUR from confirmed for the publisher to unbilled to the advertiser" in said["Ledger"]


def test_a_conversion_of_nobody_says_why(made: Made):
    house, network = made
    network.postback("booked", at="2027-05-02", program="retail", amount_minor=1_000, currency="EUR")
    network.consume()
    said = words(house, latest(house)["id"])
    assert "the report named no click" in said["Credit"]
    assert said["Ledger"] == "Nothing was booked."


def test_a_reference_names_its_legal_basis(made: Made):
    house, network = made
    advertiser = public("advertiser", network.advertiser)
    house.do("advertiser.basis.record", advertiser=advertiser, basis="Art. 6 (1) f GDPR, balanced.")
    reference = network.click(at="2027-05-01", basis=Basis.REFERENCE)
    network.postback("booked", at="2027-05-02", token=reference, program="hotel", amount_minor=10_000, currency="EUR")
    network.consume()
    explained = house.do("conversion.explain", conversion=latest(house)["id"])
    assert (explained["consent"], explained["legal_basis"]) == ("legal_basis", "Art. 6 (1) f GDPR, balanced.")
    assert "No later than" in explained["words"][1]["sentences"][0]


def test_what_waits_is_listed_and_resolved(made: Made):
    house, network = made
    network.postback("stayed", at="2027-05-02", program="hotel", order_id="77")
    network.consume()
    (report,) = house.do("report.list")["reports"]
    assert report["reason"] == "order_unknown"
    settled = house.do("report.resolve", report=report["id"], resolution="The hotel will book it again.")
    assert settled["resolution"] == "The hotel will book it again."
    assert house.refused("report.resolve", report=report["id"], resolution="again").kind is Kind.CONFLICT
    assert house.do("report.list")["reports"] == []
    assert len(house.do("report.list", resolved=True)["reports"]) == 1


def test_the_status_counts_what_there_is(made: Made):
    house, network = made
    booked(network)
    network.tally((us("2027-05-20"), 0, 0, "unknown_link", 3), at="2027-05-20")
    network.consume()
    status = house.do("status.show")
    assert status["drops_day"] == [{"reason": "unknown_link", "count": 3}]
    assert status["streams"][0]["last_record"] == "1/0/2"
    assert status["worker_up"] is True
    assert status["edge_up"] is None
    traffic = house.do("traffic.list", since="2027-05-01T00:00:00Z")["traffic"]
    assert [(line["clicks_token"], line["conversions"]) for line in traffic] == [(1, 1)]


def test_conversions_are_filtered(made: Made):
    house, network = made
    for order_id in ("1", "2", "3"):
        booked(network, order_id)
    first, second, third = (one["id"] for one in reversed(house.do("conversion.list")["conversions"]))
    house.do("conversion.approve", conversion=second)

    def found(**given: Any) -> list[str]:
        return [one["id"] for one in house.do("conversion.list", **given)["conversions"]]

    assert found(status="approved") == [second]
    assert found(limit=1) == [third]
    assert found(before=second) == [first]
    assert found(order_id="3") == [third]
    assert found(mode="test") == []
    assert found(booked_until="2027-05-02T12:00:00Z") == []
    assert found(publisher=public("publisher", network.publishers["ana"])) == [third, second, first]
