"""Who did what, and who may: the append-only acts, and API keys of which only the SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row, dict_row

from warum.adapters.postgres.bulk import columns
from warum.ports.catalog import Act, ActorKind, ActRepeated, ApiKey

_KEY: Final = """
    select id, label, role, party_id as party, warum.us(created_at) as created_us, warum.us(expires_at) as expires_us,
        warum.us(revoked_at) as revoked_us
    from warum.api_key """

_ACT: Final = """
    select id, warum.us(at) as at_us, actor_kind, actor, operation, subject, input_hash, reason, version_before,
        version_after, advertiser_id as advertiser, publisher_id as publisher, once
    from warum.act """


class PostgresActs:
    """Implements ``ActStore``."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def next_id(self) -> int:
        row = self._connection.execute("select nextval('warum.act_id_seq')").fetchone()
        assert row is not None
        return row[0]

    def add(self, act: Act, *, entry: int) -> int:
        try:
            return self._add(act, entry)
        except UniqueViolation:
            raise ActRepeated from None

    def once(self, token: str, input_hash: bytes) -> Act | None:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(_ACT + "where once = %s and input_hash = %s", [token, input_hash]).fetchone()
            return None if row is None else _act(row)

    def _add(self, act: Act, entry: int) -> int:
        self._connection.execute(
            """
            insert into warum.act (id, at, actor_kind, actor, operation, subject, input_hash, reason, version_before,
                version_after, advertiser_id, publisher_id, once, entry_id)
            overriding system value
            values (%s, warum.at(%s), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                act.id,
                act.at_us,
                act.actor_kind,
                act.actor,
                act.operation,
                act.subject,
                act.input_hash,
                act.reason,
                act.version_before,
                act.version_after,
                act.advertiser,
                act.publisher,
                act.once,
                entry,
            ],
        )
        return act.id

    def untaken(self, limit: int) -> list[Act]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return list(map(_act, cursor.execute(_ACT + "where entry_id is null order by id limit %s", [limit])))

    def take_in(self, taken: Sequence[tuple[int, int]]) -> None:
        self._connection.execute(
            "update warum.act a set entry_id = k.entry from unnest(%s::bigint[], %s::bigint[]) as k (act, entry) "
            "where a.id = k.act and a.entry_id is null",
            columns(taken),
        )

    def acts(self, *, subject: str | None, before: int | None, limit: int) -> list[Act]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                _ACT
                + """
                where (%(subject)s::text is null or subject = %(subject)s)
                    and (%(before)s::bigint is null or id < %(before)s)
                order by id desc limit %(limit)s
                """,
                {"subject": subject, "before": before, "limit": limit},
            )
            return [_act(row) for row in rows]


def _act(row: Mapping[str, Any]) -> Act:
    typed: dict[str, Any] = {**row, "actor_kind": ActorKind(row["actor_kind"])}
    return Act(**typed)


class PostgresKeys:
    """Implements ``KeyStore``."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def by_hash(self, digest: bytes) -> ApiKey | None:
        with self._connection.cursor(row_factory=class_row(ApiKey)) as cursor:
            return cursor.execute(_KEY + "where hash = %s", [digest]).fetchone()

    def keys(self, after: int, limit: int) -> list[ApiKey]:
        with self._connection.cursor(row_factory=class_row(ApiKey)) as cursor:
            return cursor.execute(_KEY + "where id > %s order by id limit %s", [after, limit]).fetchall()

    def key(self, key: int, *, lock: bool = False) -> ApiKey | None:
        with self._connection.cursor(row_factory=class_row(ApiKey)) as cursor:
            return cursor.execute(_KEY + "where id = %s" + (" for update" if lock else ""), [key]).fetchone()

    def add(
        self, *, label: str, digest: bytes, role: str, party: int | None, at_us: int, expires_us: int | None
    ) -> int:
        row = self._connection.execute(
            """
            insert into warum.api_key (label, hash, role, party_id, created_at, expires_at)
            values (%s, %s, %s, %s, warum.at(%s), warum.at(%s)) returning id
            """,
            [label, digest, role, party, at_us, expires_us],
        ).fetchone()
        assert row is not None
        return row[0]

    def revoke(self, key: int, at_us: int) -> None:
        self._connection.execute("update warum.api_key set revoked_at = warum.at(%s) where id = %s", [at_us, key])
