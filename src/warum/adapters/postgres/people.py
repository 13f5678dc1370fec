"""People, sessions and one-time links in PostgreSQL. Times travel as microseconds."""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from warum.ports.people import LinkPurpose, OneTimeLink, Session, User

_USER: Final = """
    select id, email, name, role, locale, timezone, password_hash, warum.us(created_at) as created_us,
        warum.us(disabled_at) as disabled_us, row_version
    from warum.user_account """
_SESSION: Final = """
    select user_id as "user", warum.us(created_at) as created_us, warum.us(seen_at) as seen_us,
        warum.us(expires_at) as expires_us
    from warum.session """
_LINK: Final = """
    select id, purpose, user_id as "user", warum.us(expires_at) as expires_us, warum.us(used_at) as used_us
    from warum.setup_link """
_LOCK: Final = " for update"


class PostgresPeople:
    """Implements ``PeopleStore``."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def any_operator(self) -> bool:
        row = self._connection.execute(
            "select exists (select from warum.user_account where role = 'operator')"
        ).fetchone()
        assert row is not None
        return row[0]

    def users(self, after: int, limit: int) -> list[User]:
        with self._connection.cursor(row_factory=class_row(User)) as cursor:
            return cursor.execute(_USER + "where id > %s order by id limit %s", [after, limit]).fetchall()

    def user(self, user: int, *, lock: bool = False) -> User | None:
        with self._connection.cursor(row_factory=class_row(User)) as cursor:
            return cursor.execute(_USER + "where id = %s" + (_LOCK if lock else ""), [user]).fetchone()

    def user_by_email(self, email: str, *, lock: bool = False) -> User | None:
        with self._connection.cursor(row_factory=class_row(User)) as cursor:
            return cursor.execute(_USER + "where email = %s" + (_LOCK if lock else ""), [email]).fetchone()

    def operators(self) -> int:
        rows = self._connection.execute(
            "select id from warum.user_account where role = 'operator' and disabled_at is null order by id for update"
        )
        return len(rows.fetchall())

    def add_user(
        self,
        *,
        email: str,
        name: str,
        role: str,
        locale: str,
        timezone: str,
        password_hash: str | None,
        at_us: int,
    ) -> int:
        row = self._connection.execute(
            """
            insert into warum.user_account (email, name, role, locale, timezone, password_hash, created_at)
            values (%s, %s, %s, %s, %s, %s, warum.at(%s)) returning id
            """,
            [email, name, role, locale, timezone, password_hash, at_us],
        ).fetchone()
        assert row is not None
        return row[0]

    def save_user(self, user: User) -> int:
        row = self._connection.execute(
            """
            update warum.user_account
            set email = %s, name = %s, role = %s, locale = %s, timezone = %s, password_hash = %s,
                disabled_at = warum.at(%s), row_version = row_version + 1
            where id = %s returning row_version
            """,
            [
                user.email,
                user.name,
                user.role,
                user.locale,
                user.timezone,
                user.password_hash,
                user.disabled_us,
                user.id,
            ],
        ).fetchone()
        assert row is not None
        return row[0]

    def add_session(self, digest: bytes, user: int, *, at_us: int, expires_us: int) -> None:
        self._connection.execute(
            """
            insert into warum.session (hash, user_id, created_at, seen_at, expires_at)
            values (%s, %s, warum.at(%s), warum.at(%s), warum.at(%s))
            """,
            [digest, user, at_us, at_us, expires_us],
        )

    def session(self, digest: bytes) -> tuple[Session, User] | None:
        # One statement, since every page asks it.
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(
                """
                select s.user_id, warum.us(s.created_at) as began_us, warum.us(s.seen_at) as seen_us,
                    warum.us(s.expires_at) as expires_us, u.id, u.email, u.name, u.role, u.locale, u.timezone,
                    u.password_hash, warum.us(u.created_at) as created_us, warum.us(u.disabled_at) as disabled_us,
                    u.row_version
                from warum.session s join warum.user_account u on u.id = s.user_id
                where s.hash = %s
                """,
                [digest],
            ).fetchone()
        if row is None:
            return None
        session = Session(
            user=row.pop("user_id"),
            created_us=row.pop("began_us"),
            seen_us=row.pop("seen_us"),
            expires_us=row.pop("expires_us"),
        )
        return session, User(**row)

    def touch_session(self, digest: bytes, at_us: int) -> None:
        self._connection.execute("update warum.session set seen_at = warum.at(%s) where hash = %s", [at_us, digest])

    def end_session(self, digest: bytes) -> None:
        self._connection.execute("delete from warum.session where hash = %s", [digest])

    def end_sessions(self, user: int, *, but: bytes | None = None) -> int:
        return self._connection.execute(
            "delete from warum.session where user_id = %s and hash is distinct from %s", [user, but]
        ).rowcount

    def purge_sessions(self, now_us: int) -> None:
        self._connection.execute("delete from warum.session where expires_at <= warum.at(%s)", [now_us])

    def sessions(self, user: int, now_us: int) -> list[Session]:
        with self._connection.cursor(row_factory=class_row(Session)) as cursor:
            return cursor.execute(
                _SESSION + "where user_id = %s and expires_at > warum.at(%s) order by seen_at desc", [user, now_us]
            ).fetchall()

    def add_link(self, digest: bytes, *, purpose: LinkPurpose, user: int | None, at_us: int, expires_us: int) -> int:
        row = self._connection.execute(
            """
            insert into warum.setup_link (hash, purpose, user_id, created_at, expires_at)
            values (%s, %s, %s, warum.at(%s), warum.at(%s)) returning id
            """,
            [digest, purpose, user, at_us, expires_us],
        ).fetchone()
        assert row is not None
        return row[0]

    def link(self, digest: bytes, *, lock: bool = False) -> OneTimeLink | None:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(_LINK + "where hash = %s" + (_LOCK if lock else ""), [digest]).fetchone()
        if row is None:
            return None
        typed: dict[str, Any] = {**row, "purpose": LinkPurpose(row["purpose"])}
        return OneTimeLink(**typed)

    def use_link(self, link: int, at_us: int) -> None:
        self._connection.execute("update warum.setup_link set used_at = warum.at(%s) where id = %s", [at_us, link])

    def void_links(self, *, purpose: LinkPurpose, user: int | None, at_us: int) -> None:
        self._connection.execute(
            """
            update warum.setup_link set used_at = warum.at(%s)
            where purpose = %s and user_id is not distinct from %s and used_at is null
            """,
            [at_us, purpose, user],
        )
