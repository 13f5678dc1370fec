"""The database before the migrations: is it new enough, are its login roles there, whose is it.

No role that serves requests is a superuser, an owner of tables or exempt from row-level security, so that a mistake in
a query cannot show one party the rows of another. Roles belong to the whole cluster; their passwords come from the
secrets of the data folder, and reach the server as SCRAM verifiers only."""

from __future__ import annotations

from typing import Final, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from warum.main.config import Config
from warum.main.embedded import DATABASE, embedded_url
from warum.main.logs import masked
from warum.main.secret_store import LOGIN_ROLES, SUPERUSER, Secrets

OWNER: Final = "warum_owner"
version_min: Final = 16

_connect_s_max: Final = 10
_lock_key: Final = 0x77617275  # "waru"
_POWERS: Final[dict[str, LiteralString]] = {
    "rolsuper": "NOSUPERUSER",
    "rolbypassrls": "NOBYPASSRLS",
    "rolcreatedb": "NOCREATEDB",
    "rolcreaterole": "NOCREATEROLE",
    "rolreplication": "NOREPLICATION",
}


class DatabaseError(Exception):
    """The database cannot be used as it is; the text says why, without passwords."""


def role_url(config: Config, secrets: Secrets, role: str) -> str:
    """The address of the database for a login role such as ``warum_app``.

    Nothing secret travels through the environment: each process derives its own address from the data folder.

    Raises:
        EmbeddedError: the database is the embedded one, and it was never started.
    """
    if config.database_url is None:
        return embedded_url(config.data, secrets, role)
    return _as_role(config.database_url, role, secrets.database_passwords[role])


def prepare_database(config: Config, secrets: Secrets) -> None:
    """Make the login roles and, in the embedded cluster, the database. Safe to repeat.

    Raises:
        DatabaseError: not reachable, too old, not allowed, or the roles belong to another installation.
    """
    embedded = config.database_url is None
    admin = config.database_url or embedded_url(config.data, secrets, SUPERUSER, "postgres")
    prepare_roles(admin, secrets, adopt=embedded)
    if embedded:
        with _connect(admin) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            create_database(admin, DATABASE)


def prepare_roles(admin_url: str, secrets: Secrets, *, adopt: bool) -> None:
    """Check the server and make its login roles.

    Args:
        admin_url: as a role that may create roles.
        secrets: hold the passwords.
        adopt: give existing roles our passwords. Otherwise a role that we cannot log in as is somebody else's.

    Raises:
        DatabaseError: see ``prepare_database``.
    """
    with _connect(admin_url) as connection:
        major = connection.info.server_version // 10_000
        if major < version_min:
            raise DatabaseError(f"PostgreSQL {version_min} or newer is needed; {_place(admin_url)} is {major}.")
        # Held to the end of the session, so that two starts at once do not both create.
        connection.execute("SELECT pg_advisory_lock(%s)", [_lock_key])
        try:
            for role in LOGIN_ROLES:
                _prepare_role(connection, admin_url, secrets, role, adopt=adopt)
            _grant_access(connection)
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseError(
                f"the role of WARUM_DATABASE_URL may not create the roles {', '.join(LOGIN_ROLES)}: {error}"
            ) from None


def create_database(admin_url: str, name: str, *, template: str | None = None) -> None:
    """Create a database that belongs to ``warum_owner`` and is open to the login roles only.

    Args:
        admin_url: as a superuser, to any other database of the cluster.
        name: of the new database.
        template: copied with all its rows; nobody may be connected to it.
    """
    with _connect(admin_url) as connection:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        if template is not None:
            # Copying files takes a quarter of the time of writing each page into the log.
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        connection.execute(statement)
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {0} TO {1}").format(
                sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, LOGIN_ROLES))
            )
        )


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, ending the sessions in it; fine if there is none."""
    with _connect(admin_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _prepare_role(connection: psycopg.Connection, admin_url: str, secrets: Secrets, role: str, *, adopt: bool) -> None:
    password = secrets.database_passwords[role]
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    columns = sql.SQL(", ").join(map(sql.Identifier, _POWERS))
    query = sql.SQL("SELECT {} FROM pg_roles WHERE rolname = {}").format(columns, role)
    powers = connection.execute(query).fetchone()
    name = sql.Identifier(role)
    if powers is None:
        no_powers = sql.SQL(" ").join(map(sql.SQL, _POWERS.values()))
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(name, no_powers, verifier))
        return
    taken: list[LiteralString] = [word for word, has in zip(_POWERS.values(), powers, strict=True) if has]
    if taken:
        connection.execute(sql.SQL("ALTER ROLE {} {}").format(name, sql.SQL(" ").join(map(sql.SQL, taken))))
    if adopt:
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, verifier))
    elif not _may_log_in(_as_role(admin_url, role, password)):
        raise DatabaseError(
            f"the role {role} exists on {_place(admin_url)}, but not with the password of this data folder: another "
            "installation uses this server. Use its secrets.json, or a server of your own."
        )


def _grant_access(connection: psycopg.Connection) -> None:
    """In the database we are connected to: all may connect, the owner may create."""
    database = sql.Identifier(connection.info.dbname)
    roles = sql.SQL(", ").join(map(sql.Identifier, LOGIN_ROLES))
    owner = sql.Identifier(OWNER)
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, roles))
    connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, owner))
    connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner))


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=_connect_s_max, application_name="warum prepare")
    except psycopg.OperationalError as error:
        raise DatabaseError(f"no connection to {_place(url)}: {masked(str(error))}") from None


def _may_log_in(url: str) -> bool:
    try:
        _connect(url).close()
    except DatabaseError:
        return False
    return True


def _as_role(url: str, role: str, password: str) -> str:
    """The same place, another role; hosts, port, database and options stay as written."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2]
    options = "&".join(
        option for option in parts.query.split("&") if option.partition("=")[0] not in ("user", "password")
    )
    return urlunsplit(("postgresql", f"{role}:{password}@{hosts}", parts.path, options, ""))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return (parts.netloc.rpartition("@")[2] or "the local socket") + (parts.path if parts.path != "/" else "")
