from __future__ import annotations

from warum.app.keys import caller_of, register_operator_key
from warum.kernel.refusal import Kind
from warum.ports.database import Role

from .house import House


def test_a_key_opens_what_it_is_for(shared: House):
    publisher = shared.do("publisher.create", name="Ana")["id"]
    made = shared.do("key.create", label="Ana's script", role="publisher", publisher=publisher)
    caller = caller_of(shared.deps, made["key"])
    assert caller is not None
    assert (caller.scope.role, caller.scope.party) == (Role.PUBLISHER, int(publisher[4:]))
    assert caller.actor == made["details"]["id"]
    assert caller_of(shared.deps, made["key"] + "x") is None


def test_a_revoked_or_expired_key_opens_nothing(shared: House):
    made = shared.do("key.create", label="a", role="auditor", expires_at="2027-05-01T13:00:00Z")
    assert caller_of(shared.deps, made["key"]) is not None
    shared.now_us += 3_600_000_000
    assert caller_of(shared.deps, made["key"]) is None
    shared.now_us -= 3_600_000_000
    shared.do("key.revoke", key=made["details"]["id"])
    assert caller_of(shared.deps, made["key"]) is None
    assert shared.refused("key.revoke", key=made["details"]["id"]).kind is Kind.CONFLICT


def test_a_key_is_nowhere_to_be_read(shared: House):
    made = shared.do("key.create", label="b", role="manager")
    assert made["key"] not in repr(shared.do("key.list", limit=500))
    assert len(made["key"]) == len("wrm_") + 43


def test_role_and_party_fit(shared: House):
    assert shared.refused("key.create", label="c", role="publisher").code == "party_unfit"
    assert shared.refused("key.create", label="c", role="auditor", publisher="pub_1").code == "party_unfit"
    assert shared.refused("key.create", label="c", role="publisher", publisher="pub_999").kind is Kind.NOT_FOUND
    assert shared.refused("key.create", label="c", role="system").code == "role_reserved"
    assert shared.refused("key.create", label="c", role="auditor", expires_at="2027-05-01T11:00:00Z").code == (
        "expires_past"
    )


def test_the_operators_key_is_registered_once(house: House):
    for _ in range(2):
        register_operator_key(house.deps, "wop_" + "k" * 43)
    assert len(house.do("key.list")["keys"]) == 1
    caller = caller_of(house.deps, "wop_" + "k" * 43)
    assert caller is not None and caller.scope.role is Role.OPERATOR
