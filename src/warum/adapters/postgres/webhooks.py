"""Webhooks in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, LiteralString

from psycopg import Connection
from psycopg.rows import class_row

from warum.adapters.postgres.bulk import columns
from warum.ports.webhooks import Webhook, WebhookTry

_COLUMNS: Final = """
    w.id, w.advertiser_id as advertiser, w.publisher_id as publisher, w.url, w.active, w.position, w.first, w.last,
    w.size, w.attempts, warum.us(w.due_at) as due_us, warum.us(w.tried_at) as tried_us, w.answered, w.outcome,
    w.row_version
"""

_CLAIM: Final = f"""
with due as (
    select id from warum.webhook
    where active and due_at <= warum.at(%(now)s) and position < %(before)s - 1 and id <> all(%(busy)s::bigint[])
    order by due_at, id limit %(limit)s
    for update skip locked)
update warum.webhook w set due_at = warum.at(%(now)s + %(lease)s) from due where w.id = due.id
returning {_COLUMNS}
"""

# A message whose webhook was sent elsewhere, or back, meanwhile: then the position is another one.
_SETTLE: Final = """
update warum.webhook w
set position = case when t.delivered = 1 then t.last else w.position end,
    first = case when t.delivered = 1 then null else w.first end,
    last = case when t.delivered = 1 then null else w.last end,
    size = case when t.delivered = 1 then t.size else w.size end,
    attempts = case when t.delivered = 1 then 0 else w.attempts + 1 end,
    due_at = warum.at(t.due_us), tried_at = warum.at(t.at_us), answered = t.answered, outcome = t.outcome
from unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[], %s::text[], %s::integer[],
    %s::bigint[])
    as t (id, before, last, size, at_us, answered, outcome, delivered, due_us)
where w.id = t.id and w.position = t.before and w.last = t.last
"""


class PostgresWebhooks:
    """``ports.webhooks.WebhookStore`` over one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def add(self, *, advertiser: int | None, publisher: int | None, url: str, position: int, at_us: int) -> int:
        return self._number(
            """
            insert into warum.webhook (party_id, advertiser_id, publisher_id, url, position, due_at, created_at)
            values (coalesce(%(advertiser)s::bigint, %(publisher)s), %(advertiser)s, %(publisher)s, %(url)s,
                %(position)s, warum.at(%(at)s), warum.at(%(at)s))
            returning id
            """,
            advertiser=advertiser,
            publisher=publisher,
            url=url,
            position=position,
            at=at_us,
        )

    def webhook(self, webhook: int, *, lock: bool = False) -> Webhook | None:
        query = f"select {_COLUMNS} from warum.webhook w where w.id = %(id)s and w.removed_at is null"
        found = self._listed(f"{query} for update" if lock else query, id=webhook)
        return found[0] if found else None

    def webhooks(self, *, advertiser: int | None, publisher: int | None, after: int, limit: int) -> list[Webhook]:
        return self._listed(
            f"""
            select {_COLUMNS} from warum.webhook w
            where w.id > %(after)s and w.removed_at is null
                and (%(advertiser)s::bigint is null or w.advertiser_id = %(advertiser)s)
                and (%(publisher)s::bigint is null or w.publisher_id = %(publisher)s)
            order by w.id limit %(limit)s
            """,
            advertiser=advertiser,
            publisher=publisher,
            after=after,
            limit=limit,
        )

    def save(self, webhook: Webhook) -> int:
        return self._number(
            """
            update warum.webhook set url = %(url)s, active = %(active)s, attempts = %(attempts)s,
                due_at = warum.at(%(due)s), row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=webhook.id,
            url=webhook.url,
            active=webhook.active,
            attempts=webhook.attempts,
            due=webhook.due_us,
        )

    def remove(self, webhook: int, *, at_us: int) -> int:
        return self._number(
            """
            update warum.webhook set active = false, removed_at = warum.at(%(at)s), row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=webhook,
            at=at_us,
        )

    def claim(
        self, *, before: int, now_us: int, lease_us: int, limit: int, busy: Collection[int] = ()
    ) -> list[Webhook]:
        return self._listed(_CLAIM, now=now_us, before=before, busy=list(busy), limit=limit, lease=lease_us)

    def begin(self, webhook: int, *, first: int, last: int) -> None:
        self._connection.execute("update warum.webhook set first = %s, last = %s where id = %s", [first, last, webhook])

    def skip(self, webhook: int, *, position: int, due_us: int) -> None:
        self._connection.execute(
            """update warum.webhook
            set position = %s, first = null, last = null, attempts = 0, due_at = warum.at(%s) where id = %s""",
            [position, due_us, webhook],
        )

    def settle(self, tries: Sequence[WebhookTry]) -> None:
        if tries:
            self._connection.execute(_SETTLE, columns(map(_try_row, tries)))

    def _listed(self, query: LiteralString, **values: object) -> list[Webhook]:
        with self._connection.cursor(row_factory=class_row(Webhook)) as cursor:
            return cursor.execute(query, values).fetchall()

    def _number(self, query: LiteralString, **values: object) -> int:
        row = self._connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]


def _try_row(one: WebhookTry) -> tuple[object, ...]:
    return (
        one.webhook,
        one.before,
        one.last,
        one.size,
        one.at_us,
        one.answered,
        one.outcome,
        int(one.delivered),
        one.due_us,
    )
