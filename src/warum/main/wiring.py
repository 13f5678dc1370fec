"""The composition root of what people and programs ask for: database, clock, randomness and keys, put together for the
operations."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from threading import Lock
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.call import Caller, Deps
from warum.domain.records import Record
from warum.domain.sealing import Sealer
from warum.domain.vault import Vault
from warum.main.clock import WallClock, clock_of
from warum.main.config import Config
from warum.main.database import role_url
from warum.main.journal import FileJournal
from warum.main.log.files import reader_of_log
from warum.main.secret_store import Secrets
from warum.ports.catalog import ActorKind
from warum.ports.database import Database, Role, Scope
from warum.ports.journal import Cursor, RawRecord

APP_ROLE: Final = "warum_app"

_probe_s_max: Final = 0.3


def make_deps(config: Config, secrets: Secrets, database: Database) -> Deps:
    """What operations need, on this machine."""
    clock = clock_of(config.data)
    return Deps(
        database=database,
        now_us=clock.now_us,
        entropy=os.urandom,
        sealer=Sealer(secrets.master_key),
        edge_url=config.edge_base_url,
        version=version("warum"),
        journal=_SharedJournal(config),
        edge_up=lambda: _answers(config.edge_host, config.edge_port),
        wall_us=None if isinstance(clock, WallClock) else WallClock().now_us,
        ago_us=None if isinstance(clock, WallClock) else clock.ago_us,
        log=reader_of_log(config, secrets),
        allow_private=config.delivery_allow_private,
    )


def vault_of(secrets: Secrets) -> Vault:
    """Seals what the log commits to, under keys that it draws from the system."""
    return Vault(Sealer(secrets.master_key), os.urandom)


@contextmanager
def open_deps(config: Config, secrets: Secrets, *, connections_max: int = 4, name: str = "warum") -> Generator[Deps]:
    """The same with a pool of connections of its own, which is closed at the end.

    Raises:
        EmbeddedError: the embedded database was never started.
    """
    url = role_url(config, secrets, APP_ROLE)
    with PostgresDatabase(url, vault_of(secrets), min_size=1, max_size=connections_max, name=name) as database:
        yield make_deps(config, secrets, database)


def person() -> Caller:
    """Whoever works at this terminal; the account that may read the secrets is the operator."""
    return Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor=f"{_account()} at the terminal")


class _SharedJournal:
    """The journal for several threads, one after the other."""

    def __init__(self, config: Config) -> None:
        self._journal = FileJournal(config.data / "journal")
        self._lock = Lock()

    def streams(self) -> list[int]:
        with self._lock:
            return self._journal.streams()

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        with self._lock:
            return self._journal.read(stream, after, limit)

    def decode(self, raw: RawRecord) -> Record:
        return self._journal.decode(raw)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"uid {os.getuid()}"


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_probe_s_max).close()
    except OSError:
        return False
    return True
