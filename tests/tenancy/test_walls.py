"""Nobody sees another party's rows: every table of every schema, every login role, walked.

Each table gets two rows, one of either pair of parties. Since a table that comes tomorrow has to be walked too, the
rows are made from the catalog of the database: checks and foreign keys are dropped in this copy, and each column gets a
value of its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import sql

LOGIN_ROLES = ("warum_app", "warum_worker", "warum_reader")
APPEND_ONLY = {
    "conversion_event",
    "txn",
    "posting",
    "act",
    "commission_rule",
    "allocation",
    "allocation_arm",
    "log_entry",
    "log_leaf",
    "log_statement",
}
# The table that is about a party itself, and what its id is the id of.
SELVES = {"party": ("advertiser", "publisher"), "advertiser": ("advertiser",), "publisher": ("publisher",)}
CHANGES = ("update {table} set advertiser_id = advertiser_id", "delete from {table}")
VALUES = {
    "text": "'x{n}'",
    "character varying": "'x{n}'",
    "bigint": "{n}",
    "integer": "{n}",
    "smallint": "{n}",
    "numeric": "{n}",
    "double precision": "{n}",
    "real": "{n}",
    "boolean": "true",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "bytea": "'\\x0{n}'",
    "jsonb": "'{{}}'",
    "json": "'{{}}'",
    "uuid": "'00000000-0000-0000-0000-00000000000{n}'",
    "ARRAY": "'{{}}'",
}


class Pair(NamedTuple):
    """The number that fills its rows, and its two parties."""

    number: int
    advertiser: int
    publisher: int


OURS, THEIRS = Pair(1, 1, 2), Pair(3, 3, 4)


@dataclass(frozen=True)
class House:
    """A database with rows of two pairs of parties in every table."""

    database: Any
    tables: dict[str, tuple[str, ...]]
    """Columns by table of the schema ``warum``."""
    connections: dict[str, psycopg.Connection[Any]] = field(default_factory=dict[str, psycopg.Connection[Any]])

    def rows(self, login: str, table: str, scope: tuple[str, str] | None) -> list[dict[str, Any]] | None:
        """What the login sees of a table in a scope (role, party); None when it may not even ask."""
        connection = self._connection(login)
        try:
            with connection.transaction(force_rollback=True):
                _enter(connection, scope)
                return connection.execute(sql.SQL("select * from {}").format(sql.Identifier("warum", table))).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            return None

    def changed(self, login: str, scope: tuple[str, str] | None, statement: str, table: str) -> int:
        """How many rows of a table a statement changes in a scope; 0 when it may not even be tried."""
        connection = self._connection(login)
        try:
            with connection.transaction(force_rollback=True):
                _enter(connection, scope)
                return connection.execute(_statement(statement, table)).rowcount
        except psycopg.errors.InsufficientPrivilege:
            return 0

    def _connection(self, login: str) -> psycopg.Connection[Any]:
        if login not in self.connections:
            self.connections[login] = psycopg.connect(
                self.database.url(login), autocommit=True, row_factory=psycopg.rows.dict_row
            )
        return self.connections[login]

    def admin(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.admin) as connection:
            return connection.execute(query).fetchall()  # pyright: ignore


@pytest.fixture(scope="module")
def house(module_database: Any) -> Iterator[House]:
    with psycopg.connect(module_database.admin) as connection:
        columns = connection.execute(
            """
            select c.table_name, c.column_name, c.data_type, c.is_generated <> 'NEVER' as generated
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'warum' and t.table_type = 'BASE TABLE' order by c.table_name, c.ordinal_position
            """
        ).fetchall()
        tables: dict[str, list[tuple[str, str]]] = {}
        for table, column, type_, generated in columns:
            if not generated:
                tables.setdefault(table, []).append((column, type_))
        for table, name in connection.execute(
            "select conrelid::regclass::text, conname from pg_constraint "
            "where contype in ('f', 'c') and connamespace = 'warum'::regnamespace order by contype desc"
        ).fetchall():
            connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(sql.SQL(table), sql.Identifier(name))
            )
        connection.execute("set session_replication_role = replica")
        connection.execute("truncate warum.log_head")  # the one row that a new database has
        for table, described in tables.items():
            for pair in (OURS, THEIRS):
                connection.execute(_insert(table, described, pair))
    made = House(module_database, {table: tuple(name for name, _ in described) for table, described in tables.items()})
    yield made
    for connection in made.connections.values():
        connection.close()


def test_row_level_security_is_forced_on_every_table(house: House):
    open_tables = house.admin(
        """
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'migrations')
            and n.nspname not like 'pg_t%' and not (c.relrowsecurity and c.relforcerowsecurity)
        """
    )
    assert open_tables == []
    assert len(house.tables) >= 30


def test_no_view_looks_past_it(house: House):
    """A view reads with the rights of its owner unless it is told not to."""
    assert house.admin("select viewname from pg_views where schemaname = 'warum'") == []
    assert house.admin("select matviewname from pg_matviews where schemaname = 'warum'") == []
    assert house.admin("select proname from pg_proc where pronamespace = 'warum'::regnamespace and prosecdef") == []


@pytest.mark.parametrize("login", (*LOGIN_ROLES, "warum_owner"))
@pytest.mark.parametrize(
    "scope",
    [None, ("", ""), ("nobody", ""), ("", "1"), ("advertiser", ""), ("publisher", ""), ("member", "1")],
    ids=str,
)
def test_unset_or_half_set_sees_nothing(house: House, login: str, scope: tuple[str, str] | None):
    for table in house.tables:
        assert not house.rows(login, table, scope), table


@pytest.mark.parametrize("login", LOGIN_ROLES)
@pytest.mark.parametrize("role", ["advertiser", "publisher"])
@pytest.mark.parametrize("pair", [OURS, THEIRS])
def test_a_party_sees_its_own_rows_and_no_others(house: House, login: str, role: str, pair: Pair):
    party: int = getattr(pair, role)
    for table, columns in house.tables.items():
        rows = house.rows(login, table, (role, str(party))) or []
        column = "id" if role in SELVES.get(table, ()) else f"{role}_id"
        if column not in columns:
            assert rows == [], table
        assert {row[column] for row in rows} <= {party}, table


def test_a_party_does_see_its_own(house: House):
    """Or the test before would prove nothing."""
    for table in ("conversion", "account", "posting", "rollup_hour", "partnership", "link"):
        for role in ("advertiser", "publisher"):
            assert len(house.rows("warum_app", table, (role, str(getattr(OURS, role)))) or []) == 1, table
    assert len(house.rows("warum_app", "party", ("advertiser", "1")) or []) == 1


def test_a_party_does_not_reach_a_row_by_the_number_of_another_role(house: House):
    """Publisher 1 is not advertiser 1."""
    for table in house.tables:
        rows = house.rows("warum_app", table, ("publisher", str(OURS.advertiser))) or []
        assert rows == [] or table in SELVES, table


@pytest.mark.parametrize("login", LOGIN_ROLES)
@pytest.mark.parametrize("scope", [("advertiser", "1"), ("publisher", "2"), ("auditor", ""), None], ids=str)
def test_nobody_but_staff_and_system_changes_a_row_of_books_or_catalog(
    house: House, login: str, scope: tuple[str, str] | None
):
    catalog = ("program", "offer", "allocation", "allocation_arm", "creative", "link")
    books = ("conversion", "account", "posting", "txn", "rollup_hour", "report_open", "commission_rule")
    for table in (*books, *catalog):
        for statement in CHANGES:
            assert house.changed(login, scope, statement, table) == 0, (table, statement)


def test_staff_and_system_see_everything_that_their_login_may_read(house: House):
    for table in house.tables:
        for role in ("operator", "manager", "system"):
            rows = house.rows("warum_app", table, (role, ""))
            assert rows is None or len(rows) == 2, table


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_written_stays_written(house: House, table: str, statement: str):
    """Not even the superuser changes it by mistake."""
    with (
        psycopg.connect(house.database.admin) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="append-only"),
    ):
        connection.execute(_statement(statement, table))


def test_the_append_only_tables_are_these(house: House):
    found = house.admin(
        "select tgrelid::regclass::text from pg_trigger where not tgisinternal and tgfoid in "
        "('warum.refuse_change'::regproc, 'warum.only_erase_entry'::regproc, 'warum.only_take_in'::regproc)"
    )
    assert {table.removeprefix("warum.") for (table,) in found} >= APPEND_ONLY


def test_no_login_role_has_powers_or_owns_anything(house: House):
    powerful = house.admin(
        "select rolname from pg_roles where rolname like 'warum%' and (rolsuper or rolbypassrls or rolcreaterole "
        "or rolcreatedb or rolreplication)"
    )
    assert powerful == []
    for query in (
        "select relname from pg_class where pg_get_userbyid(relowner) = any({roles})",
        "select nspname from pg_namespace where pg_get_userbyid(nspowner) = any({roles})",
        "select proname from pg_proc where pg_get_userbyid(proowner) = any({roles})",
        "select datname from pg_database where pg_get_userbyid(datdba) = any({roles})",
        "select 1 from pg_auth_members where pg_get_userbyid(member) = any({roles})",
    ):
        assert house.admin(query.format(roles="array['warum_app', 'warum_worker', 'warum_reader']")) == [], query


@pytest.mark.parametrize("login", LOGIN_ROLES)
def test_no_login_role_touches_the_schemas(house: House, login: str):
    with psycopg.connect(house.database.url(login), autocommit=True) as connection:
        for statement in (
            "select * from migrations.alembic_version",
            "create table warum.mine (id int)",
            "create table migrations.mine (id int)",
            "create table public.mine (id int)",
            "create schema mine",
            "alter table warum.conversion disable row level security",
            "drop table warum.conversion",
            "truncate warum.conversion",
            "set session_replication_role = replica",
            "set role warum_owner",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def _enter(connection: psycopg.Connection[Any], scope: tuple[str, str] | None) -> None:
    if scope is not None:
        connection.execute("select set_config('warum.role', %s, true), set_config('warum.party', %s, true)", scope)


def _statement(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(table=sql.Identifier("warum", table))  # pyright: ignore


def _insert(table: str, described: list[tuple[str, str]], pair: Pair) -> sql.Composed:
    values: list[sql.Composable] = []
    for column, type_ in described:
        number = pair.number
        if column == "publisher_id" or (table == "publisher" and column == "id"):
            number = pair.publisher
        elif column == "advertiser_id":
            number = pair.advertiser
        values.append(sql.SQL(VALUES[type_].format(n=number)))  # pyright: ignore
    return sql.SQL("insert into {} ({}) overriding system value values ({})").format(
        sql.Identifier("warum", table),
        sql.SQL(", ").join(sql.Identifier(column) for column, _ in described),
        sql.SQL(", ").join(values),
    )
