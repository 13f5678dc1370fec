from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import Database
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase

from .house import House


@pytest.fixture
def empty_house(fresh_database: Database) -> Iterator[House]:
    """No program yet."""
    with PostgresDatabase(fresh_database.app, VAULT) as app, PostgresDatabase(fresh_database.worker, VAULT) as worker:
        yield House(app=app, worker=worker, admin=fresh_database.admin)


@pytest.fixture
def house(empty_house: House) -> House:
    """One offer with two landing pages; the bot may propose."""
    empty_house.build()
    return empty_house
