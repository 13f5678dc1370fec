"""A pool of connections of one login role. Every transaction names its role and party first; rows outside of them do
not exist for it, and without them none do."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

from psycopg import (
    Connection,
    Error,
    InterfaceError,
    InternalError,
    IsolationLevel,
    OperationalError,
    ProgrammingError,
)
from psycopg.errors import ProgramLimitExceeded, UniqueViolation
from psycopg_pool import ConnectionPool

from warum.adapters.postgres.acts import PostgresActs, PostgresKeys
from warum.adapters.postgres.audit import PostgresAudit
from warum.adapters.postgres.catalog import PostgresCatalog
from warum.adapters.postgres.contests import PostgresContests
from warum.adapters.postgres.conversions import PostgresConversions
from warum.adapters.postgres.creatives import PostgresCreatives
from warum.adapters.postgres.decisions import PostgresDecisions
from warum.adapters.postgres.deliveries import PostgresDeliveries
from warum.adapters.postgres.erasure import PostgresErasure
from warum.adapters.postgres.evidence import PostgresEvidence
from warum.adapters.postgres.figures import PostgresFigures
from warum.adapters.postgres.lake import PostgresLake
from warum.adapters.postgres.ledger import PostgresLedger
from warum.adapters.postgres.log import PostgresLog
from warum.adapters.postgres.messages import PostgresMessages
from warum.adapters.postgres.network import PostgresNetwork
from warum.adapters.postgres.overview import PostgresOverview
from warum.adapters.postgres.people import PostgresPeople
from warum.adapters.postgres.snapshot import PostgresSnapshot
from warum.adapters.postgres.steering import PostgresSteering
from warum.adapters.postgres.tracking import PostgresTracking
from warum.adapters.postgres.views import PostgresViews
from warum.adapters.postgres.webhooks import PostgresWebhooks
from warum.domain.vault import Vault
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable, Overtaken, Scope

# How long a caller waits for a connection. Short, so that an outage is seen as one and said so.
wait_s_max: Final = 5.0

# The pool's own attempts to reconnect wait twice as long each time; given up early, the next caller starts afresh.
_reconnect_s_max: Final = 2.0

# Tables grow from nothing to much within the life of one session, faster than statistics follow: a plan that reads
# them whole, or compares each row with each of a batch, was right a moment ago and is ruinous now. So every row of a
# batch is looked up through an index: pages are priced as the memory they are in, and rows passed over as dear.
_BY_KEY: Final = (
    "enable_seqscan=off",
    "enable_hashjoin=off",
    "enable_mergejoin=off",
    "random_page_cost=0.05",
    "seq_page_cost=0.05",
    "cpu_tuple_cost=1",
)

_SCOPE: Final = "select set_config('warum.role', %s, true), set_config('warum.party', %s, true)"


class PostgresTx:
    """One open transaction, and every store over it."""

    def __init__(self, connection: Connection[Any], vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    @property
    def catalog(self) -> PostgresCatalog:
        return PostgresCatalog(self._connection)

    @property
    def creatives(self) -> PostgresCreatives:
        return PostgresCreatives(self._connection)

    @property
    def conversions(self) -> PostgresConversions:
        return PostgresConversions(self._connection)

    @property
    def ledger(self) -> PostgresLedger:
        return PostgresLedger(self._connection)

    @property
    def tracking(self) -> PostgresTracking:
        return PostgresTracking(self._connection)

    @property
    def deliveries(self) -> PostgresDeliveries:
        return PostgresDeliveries(self._connection)

    @property
    def snapshot(self) -> PostgresSnapshot:
        return PostgresSnapshot(self._connection)

    @property
    def lake(self) -> PostgresLake:
        return PostgresLake(self._connection)

    @property
    def views(self) -> PostgresViews:
        return PostgresViews(self._connection)

    @property
    def acts(self) -> PostgresActs:
        return PostgresActs(self._connection)

    @property
    def keys(self) -> PostgresKeys:
        return PostgresKeys(self._connection)

    @property
    def people(self) -> PostgresPeople:
        return PostgresPeople(self._connection)

    @property
    def decisions(self) -> PostgresDecisions:
        return PostgresDecisions(self._connection)

    @property
    def evidence(self) -> PostgresEvidence:
        return PostgresEvidence(self._connection)

    @property
    def steering(self) -> PostgresSteering:
        return PostgresSteering(self._connection)

    @property
    def overview(self) -> PostgresOverview:
        return PostgresOverview(self._connection)

    @property
    def audit(self) -> PostgresAudit:
        return PostgresAudit(self._connection)

    @property
    def log(self) -> PostgresLog:
        return PostgresLog(self._connection, self._vault)

    @property
    def figures(self) -> PostgresFigures:
        return PostgresFigures(self._connection)

    @property
    def contests(self) -> PostgresContests:
        return PostgresContests(self._connection)

    @property
    def erasure(self) -> PostgresErasure:
        return PostgresErasure(self._connection)

    @property
    def webhooks(self) -> PostgresWebhooks:
        return PostgresWebhooks(self._connection)

    @property
    def network(self) -> PostgresNetwork:
        return PostgresNetwork(self._connection)

    @property
    def messages(self) -> PostgresMessages:
        return PostgresMessages(self._connection)


class PostgresDatabase:
    """``ports.database.Database``. Close it, or use it as a context manager.

    Args:
        dsn: ``postgresql://`` URL of a login role that row-level security binds.
        vault: seals what the log commits to.
        by_key: for a consumer that touches rows by their keys alone; see ``_BY_KEY``.
    """

    def __init__(
        self,
        dsn: str,
        vault: Vault,
        *,
        min_size: int = 1,
        max_size: int = 4,
        name: str = "warum",
        by_key: bool = False,
    ) -> None:
        self._vault = vault
        settings = {"options": " ".join(f"-c {setting}" for setting in _BY_KEY)} if by_key else {}
        self._pool = ConnectionPool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            open=False,
            name=name,
            kwargs={"application_name": name, "connect_timeout": 5, **settings},
            check=ConnectionPool.check_connection,
            timeout=wait_s_max,
            reconnect_timeout=_reconnect_s_max,
        )
        self._pool.open()

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, scope: Scope, *, frozen: bool = False) -> Generator[PostgresTx, None, None]:
        party = "" if scope.party is None else str(scope.party)
        try:
            with self._pool.connection() as connection, _isolated(connection, frozen):
                connection.execute(_SCOPE, [scope.role.value, party])
                yield PostgresTx(connection, self._vault)
        except Error as error:
            raise _translated(error) from error


@contextmanager
def _isolated(connection: Connection[Any], frozen: bool) -> Generator[None]:
    """The pool gives the connection to others afterwards, so its level is put back once the transaction is over."""
    if not frozen:
        yield
        return
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            yield
    finally:
        connection.isolation_level = None


def _translated(error: Error) -> Exception:
    """What went wrong, in terms that do not depend on the driver; an error about the data stays what it is."""
    match error:
        case ProgramLimitExceeded():  # a value too long for an index, say: to the driver, that is operation
            return error
        case OperationalError() | InterfaceError() | InternalError():
            return DatabaseUnavailable(_first_line(error))
        case ProgrammingError():
            return DatabaseMisfit(_first_line(error))
        case UniqueViolation():
            return Overtaken(_first_line(error))
        case _:
            return error


def _first_line(error: Error) -> str:
    return str(error).partition("\n")[0]
