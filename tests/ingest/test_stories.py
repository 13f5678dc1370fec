"""Months in the life of a booking, told as the contract with the publisher reads."""

from __future__ import annotations

import pytest

from warum.app.log import history
from warum.domain.conversion import Credit, Reason, Status
from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.kernel.period import DAY_US

from .world import OPERATOR, Network, us


def test_a_hotel_booking_from_click_to_late_cancellation(network: Network):
    token = network.click("ana", at="2027-05-01")
    network.consume()
    assert network.balance("ana") == (0, 0)

    network.postback(
        "booked", at="2027-05-02", token=token, amount_minor=40_000, check_in="2027-06-10", check_out="2027-06-14"
    )
    network.consume()
    booked = network.conversion()
    assert (booked.standing.status, booked.attribution.credit) == (Status.PENDING, Credit.TOKEN)
    assert booked.attribution.publisher == network.publishers["ana"]
    assert network.balance("ana") == (3_200, 0)

    network.postback("amended", at="2027-05-20", amount_minor=50_000, check_out="2027-06-15")
    network.consume()
    assert network.balance("ana") == (4_000, 0)

    network.postback("stayed", at="2027-06-15")
    network.consume()
    assert network.conversion().standing.release_at_us == us("2027-06-18")
    network.tick("2027-06-17")
    network.consume()
    assert network.balance("ana") == (4_000, 0)

    network.tick("2027-06-18T12:00:01Z")
    network.consume()
    assert network.conversion().standing.status is Status.APPROVED
    assert network.balance("ana") == (0, 4_000)

    network.postback("cancelled", at="2027-07-20")
    network.consume()
    cancelled = network.conversion()
    assert (cancelled.standing.status, cancelled.standing.reason) == (Status.DECLINED, Reason.CANCELLED)
    assert network.balance("ana") == (0, 0)

    assert network.history() == ["booked", "amended", "stayed", "released", "cancelled"]
    assert cancelled.seq == 5
    assert network.proof().balanced


def test_a_shop_order_waits_for_its_return_period_and_keeps_what_is_not_sent_back(network: Network):
    token = network.click("ana", "retail", at="2027-05-01")
    network.postback("booked", at="2027-05-01T13:00:00Z", token=token, amount_minor=10_001, currency="EUR")
    network.consume()
    assert network.balance("ana") == (500, 0)
    network.postback("refunded", at="2027-05-05", retained_minor=4_010)
    network.consume()
    assert network.balance("ana") == (201, 0)
    network.tick("2027-05-16")
    network.consume()
    assert network.balance("ana") == (0, 201)
    assert network.history() == ["booked", "refunded", "released"]


def test_a_cancelled_stay_pays_nobody(network: Network):
    token = network.click("ana", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=40_000, check_out="2027-06-14")
    network.postback("cancelled", at="2027-05-20")
    network.tick("2027-08-01")
    network.consume()
    assert network.balance("ana") == (0, 0)
    assert network.conversion().standing.release_at_us is None


def test_the_hold_ends_when_it_ends_and_not_when_we_look(network: Network):
    token = network.click("ana", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=100, check_out="2027-05-04")
    network.tick("2028-01-01")
    network.consume()
    with network.database.transaction(OPERATOR) as tx:
        released = history(tx, network.conversion().id)[-1]
    assert released.at_us == us("2027-05-04T22:00:00Z") + 3 * DAY_US  # midnight in Berlin, and the hold


def test_a_cancellation_seen_after_the_hold_finds_it_released(network: Network):
    """In one batch or in many: the timer was due first."""
    token = network.click("ana", at="2027-05-01")
    network.postback("booked", at="2027-05-02", token=token, amount_minor=100, check_out="2027-05-04")
    network.postback("cancelled", at="2027-05-20")
    network.consume()
    assert network.history() == ["booked", "released", "cancelled"]


def test_without_consent_a_link_reference_credits_where_the_advertiser_has_a_basis(network: Network):
    reference = network.click("ana", at="2027-05-01", basis=Basis.REFERENCE)
    network.postback("booked", at="2027-05-02", token=reference, amount_minor=1_000, order_id="before")
    network.consume()
    assert network.conversion("before").attribution.why == "reference_without_basis"

    with network.app.transaction(OPERATOR) as tx:
        advertiser = tx.catalog.advertiser(network.advertiser)
        assert advertiser is not None
        network.rows(
            "update warum.advertiser set reference_basis = 'contract', reference_basis_at = now() where id = %s "
            "returning id",
            network.advertiser,
        )
    try:
        network.postback("booked", at="2027-05-02", token=reference, amount_minor=1_000, order_id="after")
        network.consume()
        assert network.conversion("after").attribution.credit is Credit.REFERENCE
        assert network.balance("ana") == (80, 0)
    finally:
        network.rows("update warum.advertiser set reference_basis = null, reference_basis_at = null returning id")


def test_a_test_click_never_pays(network: Network):
    token = network.click("ana", at="2027-05-01", mode=Mode.TEST)
    network.postback("booked", at="2027-05-02", token=token, amount_minor=40_000)
    network.consume()
    assert network.conversion().mode is Mode.TEST
    assert network.balance("ana") == (0, 0)
    assert network.balance("ana", test=True) == (3_200, 0)


def test_without_an_order_id_the_click_stands_for_the_order(network: Network):
    token = network.click("ana", at="2027-05-01")
    for step in ("booked", "booked", "stayed"):
        network.postback(step, at="2027-05-02", token=token, order_id=None, amount_minor=1_000, event_type="lead")
    network.tick("2027-05-06")
    network.consume()
    assert network.balance("ana") == (0, 80)
    assert network.rows("select count(*) from warum.conversion") == [(1,)]


def test_nobody_is_credited_without_a_click_and_the_booking_still_counts(network: Network):
    network.postback("booked", at="2027-05-02", amount_minor=40_000, program="hotel")
    network.consume()
    conversion = network.conversion()
    assert (conversion.attribution.credit, conversion.attribution.why) == (Credit.NONE, "no_click")
    assert network.proof().txns == 0


@pytest.mark.parametrize("batch_max", [1, 500])
def test_clicks_with_consent_are_paid_where_a_rule_says_so(network: Network, batch_max: int):
    for hour in range(10, 13):
        network.click("ben", "retail", at=f"2027-05-01T{hour}:00:00Z", sub_ids=b"sealed")
    network.click("ben", "retail", at="2027-05-01", basis=Basis.NONE)
    network.click("ben", "retail", at="2027-05-01", basis=Basis.REFERENCE)
    network.click("ana", "retail", at="2027-05-01")
    network.consume(batch_max=batch_max)
    assert network.balance("ben") == (0, 21)
    assert network.balance("ana") == (0, 0)
    assert network.rows("select count(*) from warum.sub_id") == [(3,)]
    assert network.rows(
        "select sum(clicks_token)::int, sum(clicks_reference)::int, sum(clicks_bare)::int from warum.rollup_hour"
    ) == [(4, 1, 1)]
