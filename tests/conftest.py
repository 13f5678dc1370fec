"""A real PostgreSQL for the tests: one embedded cluster a session, and cheap databases in it. And property tests that
prove laws, not speed.

The schema is migrated once into a template; ``fresh_database`` is a copy of it for one test, ``module_database`` for
the tests of one file. Roles belong to the cluster and are shared by all."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from warum.main.config import ENV_PREFIX, ENV_SHARED_DATA
from warum.main.database import create_database, drop_database, prepare_roles
from warum.main.embedded import EmbeddedPostgres
from warum.main.secret_store import Secrets, ensure_secrets

# How this machine is set up is nobody's business here, and least of all the address of a database in use. Names that
# begin with WARUM_TEST are for the tests.
_SET_HERE = {
    name: os.environ.pop(name) for name in sorted(os.environ) if name.startswith(ENV_PREFIX) and name != ENV_SHARED_DATA
}

# An example may take as long as it takes. Under CI, Hypothesis draws the same examples every time, of its own accord.
settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Tests lose nothing in a power cut.
UNSAFE_AND_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "log_checkpoints": "off",
}
_TEMPLATE = "warum_template"


def wished(name: str, default: str) -> str:
    """What the environment of this run of the tests asks for."""
    return _SET_HERE.get(name, default)


@dataclass(frozen=True)
class Cluster:
    """A running server; ``admin`` is the address of its superuser."""

    postgres: EmbeddedPostgres
    secrets: Secrets

    @property
    def admin(self) -> str:
        return self.postgres.url(database="postgres")

    def database(self, name: str) -> Database:
        return Database(self, name)


@dataclass(frozen=True)
class Database:
    """One database, and the address for each role. ``admin`` passes by row-level security."""

    cluster: Cluster
    name: str

    @property
    def admin(self) -> str:
        return self.cluster.postgres.url(database=self.name)

    @property
    def owner(self) -> str:
        return self.url("warum_owner")

    @property
    def app(self) -> str:
        return self.url("warum_app")

    @property
    def worker(self) -> str:
        return self.url("warum_worker")

    @property
    def reader(self) -> str:
        return self.url("warum_reader")

    def url(self, role: str) -> str:
        return self.cluster.postgres.url(role, self.name)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    data: Path = tmp_path_factory.mktemp("cluster")
    secrets = ensure_secrets(data, now_us=0)
    with EmbeddedPostgres(data, secrets, settings=UNSAFE_AND_FAST) as postgres:
        running = Cluster(postgres, secrets)
        prepare_roles(running.admin, secrets, adopt=True)
        yield running


@pytest.fixture(scope="session")
def template_database(cluster: Cluster) -> str:
    """The name of a migrated database to which nobody is connected."""
    from warum.adapters.postgres import migrate  # here, so that tests without a database do not load SQLAlchemy

    create_database(cluster.admin, _TEMPLATE)
    migrate(cluster.database(_TEMPLATE).owner)
    return _TEMPLATE


@pytest.fixture
def fresh_database(cluster: Cluster, template_database: str) -> Iterator[Database]:
    """A migrated database for one test."""
    with _copy(cluster, template_database) as database:
        yield database


@pytest.fixture(scope="module")
def module_database(cluster: Cluster, template_database: str) -> Iterator[Database]:
    """A migrated database for the tests of one file."""
    with _copy(cluster, template_database) as database:
        yield database


_numbers = count(1)


@contextmanager
def _copy(cluster: Cluster, template: str) -> Generator[Database]:
    database = cluster.database(f"test_{next(_numbers)}")
    create_database(cluster.admin, database.name, template=template)
    try:
        yield database
    finally:
        drop_database(cluster.admin, database.name)
