from __future__ import annotations

from typing import Any

from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Kind
from warum.ports.database import Role, Scope
from warum.ports.tracking import Quarantined

from .house import AUDITOR, House


def test_a_record_is_released_from_quarantine_by_staff(house: House, fresh_database: Any):
    record = Quarantined(record=RecordId(1, 0, 5), type=4, body=b"?", reason="does not decode", at_us=house.now_us)
    with PostgresDatabase(fresh_database.worker, VAULT) as worker, worker.transaction(Scope(Role.SYSTEM)) as tx:
        tx.tracking.quarantine([record])
    (listed,) = house.do("quarantine.list")["records"]
    assert house.refused("quarantine.release", AUDITOR, record="1/0/5").kind is Kind.FORBIDDEN
    assert house.refused("quarantine.release", record="99999/0/9999999999").code == "record_not_in_quarantine"
    assert house.refused("quarantine.release", record="first").code == "input_invalid"
    assert house.do("quarantine.release", record="1/0/5", reason="the worker is updated") == listed
    assert house.do("quarantine.list")["records"] == []
    assert house.refused("quarantine.release", record="1/0/5").code == "record_not_in_quarantine"
    (act,) = house.acts("1/0/5")
    assert (act["operation"], act["reason"]) == ("quarantine.release", "the worker is updated")
