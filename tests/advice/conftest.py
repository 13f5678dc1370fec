from __future__ import annotations

from collections.abc import Iterator

import pytest

from advice import teller
from conftest import Database
from decisions.house import House
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.bots import advise
from warum.domain import bots
from warum.kernel.period import from_us


@pytest.fixture
def house(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house in which the teller is the only bot."""
    monkeypatch.setattr(bots, "_MODULES", {teller.NAME: "advice.teller"})
    monkeypatch.setattr(advise, "GATHER", {teller.NAME: teller.gather})
    with PostgresDatabase(fresh_database.app, VAULT) as app, PostgresDatabase(fresh_database.worker, VAULT) as worker:
        house = House(app=app, worker=worker, admin=fresh_database.admin)
        house.build(shadow=True)
        house.do("policy.set", program=house.program, bot=teller.NAME, shadow_until=from_us(house.now_us))
        house.read_up_to_now()
        yield house
