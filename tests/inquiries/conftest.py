from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import Database
from decisions.house import House
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase


@pytest.fixture
def house(fresh_database: Database) -> Iterator[House]:
    """One offer with two landing pages, whose log of draws a test writes."""
    with PostgresDatabase(fresh_database.app, VAULT) as app, PostgresDatabase(fresh_database.worker, VAULT) as worker:
        made = House(app=app, worker=worker, admin=fresh_database.admin)
        made.build()
        yield made
