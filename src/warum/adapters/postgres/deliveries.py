"""The outbox and the delivery log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from psycopg import Connection

from warum.domain.macros import event_id
from warum.kernel.ids import RecordId
from warum.ports.deliveries import Announcement, Attempt, Due

_encode: Final = msgspec.json.Encoder().encode


class PostgresDeliveries:
    """A ``DeliveryStore`` within one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def enqueue(self, announcements: Sequence[Announcement]) -> int:
        if not announcements:
            return 0
        # Most publishers have no target; their announcements need not travel.
        found = self._connection.execute(
            "select distinct publisher_id from warum.postback_target where active and publisher_id = any(%s)",
            [list({announcement.publisher for announcement in announcements})],
        )
        listening = {row[0] for row in found}
        wanted = [announcement for announcement in announcements if announcement.publisher in listening]
        if not wanted:
            return 0
        return self._connection.execute(
            """
            insert into warum.outbox (target_id, publisher_id, conversion_id, seq, event_id, fields, due_at)
            select t.id, t.publisher_id, a.conversion_id, a.seq, a.event_id, a.fields, warum.at(a.due_us)
            from unnest(%s::bigint[], %s::bigint[], %s::integer[], %s::text[], %s::jsonb[], %s::bigint[])
                as a (publisher_id, conversion_id, seq, event_id, fields, due_us)
            join warum.postback_target t on t.publisher_id = a.publisher_id and t.active
            order by a.conversion_id, a.seq
            on conflict (target_id, conversion_id, seq) do nothing
            """,
            [
                [announcement.publisher for announcement in wanted],
                [announcement.conversion for announcement in wanted],
                [announcement.seq for announcement in wanted],
                [event_id(announcement.conversion, announcement.seq) for announcement in wanted],
                [_encode(announcement.fields).decode() for announcement in wanted],
                [announcement.due_us for announcement in wanted],
            ],
        ).rowcount

    def claim(
        self, *, now_us: int, lease_us: int, limit: int, per_target: int, busy: Mapping[int, int] | None = None
    ) -> list[Due]:
        busy = busy or {}
        # Each target has its own place in the queue, so that a thousand waiting for one do not stand before the one
        # that waits for another. A later step waits until the earlier one has arrived or was given up.
        rows = self._connection.execute(
            """
            with due as (
                select w.id
                from warum.postback_target t
                left join unnest(%(busy)s::bigint[], %(busy_counts)s::integer[]) as b (target_id, count)
                    on b.target_id = t.id
                cross join lateral (
                    select o.id, o.due_at
                    from warum.outbox o
                    where o.target_id = t.id and o.state = 'waiting' and o.due_at <= warum.at(%(now)s)
                        and not exists (
                            select from warum.outbox earlier
                            where earlier.target_id = o.target_id and earlier.conversion_id = o.conversion_id
                                and earlier.seq < o.seq and earlier.state = 'waiting'
                        )
                    order by o.due_at, o.id
                    limit greatest(0, %(per_target)s - coalesce(b.count, 0))
                    for update of o skip locked
                ) w
                order by w.due_at, w.id
                limit %(limit)s
            ), claimed as (
                update warum.outbox o
                set attempts = o.attempts + 1, due_at = warum.at(%(now)s + %(lease)s)
                from due where o.id = due.id
                returning o.id, o.target_id, o.publisher_id, o.conversion_id, o.event_id, o.attempts, o.fields, o.seq
            )
            select d.id, d.target_id, d.publisher_id, d.event_id, d.attempts, t.active, t.url_template, t.secret_sealed,
                d.fields, c.click_stream, c.click_segment, c.click_number, s.sealed, s.day
            from claimed d
            join warum.postback_target t on t.id = d.target_id
            join warum.conversion c on c.id = d.conversion_id
            left join warum.sub_id s
                on (s.stream, s.segment, s.number) = (c.click_stream, c.click_segment, c.click_number)
                and s.publisher_id = d.publisher_id
            order by d.id
            """,
            {
                "busy": list(busy),
                "busy_counts": list(busy.values()),
                "now": now_us,
                "lease": lease_us,
                "limit": limit,
                "per_target": per_target,
            },
        ).fetchall()
        return [
            Due(
                id=row[0],
                target=row[1],
                publisher=row[2],
                event_id=row[3],
                attempt=row[4],
                active=row[5],
                url_template=row[6],
                secret_sealed=row[7],
                fields=row[8],
                click=None if row[9] is None else RecordId(row[9], row[10], row[11]),
                sub_ids=row[12],
                sub_day=row[13],
            )
            for row in rows
        ]

    def settle(self, attempts: Iterable[Attempt]) -> None:
        made = list(attempts)
        if not made:
            return
        self._connection.execute(
            """
            with made as (
                select * from unnest(
                    %s::bigint[], %s::bigint[], %s::integer[], %s::bigint[], %s::smallint[], %s::text[], %s::integer[],
                    %s::boolean[], %s::bigint[]
                ) as a (outbox_id, publisher_id, attempt, at_us, answered, outcome, duration_ms, delivered, again_us)
            ), logged as (
                insert into warum.delivery (outbox_id, publisher_id, attempt, at, answered, outcome, duration_ms)
                select outbox_id, publisher_id, attempt, warum.at(at_us), answered, outcome, duration_ms from made
                on conflict (outbox_id, attempt) do nothing
            )
            update warum.outbox o
            set due_at = coalesce(warum.at(m.again_us), o.due_at),
                state = case when m.delivered then 'delivered' when m.again_us is null then 'given_up' else o.state end
            from made m
            -- A lease that ran out while this attempt was under way gave the row to somebody else, whose word counts
            -- then. That it arrived counts in any case.
            where o.id = m.outbox_id and o.state = 'waiting' and (m.delivered or o.attempts = m.attempt)
            """,
            [
                [attempt.due.id for attempt in made],
                [attempt.due.publisher for attempt in made],
                [attempt.due.attempt for attempt in made],
                [attempt.at_us for attempt in made],
                [attempt.answered for attempt in made],
                [attempt.outcome for attempt in made],
                [attempt.duration_ms for attempt in made],
                [attempt.delivered for attempt in made],
                [attempt.again_us for attempt in made],
            ],
        )

    def backlog(self) -> tuple[int, int]:
        row = self._connection.execute(
            """
            select count(*) filter (where state = 'waiting'), count(*) filter (where state = 'given_up')
            from warum.outbox where state <> 'delivered'
            """
        ).fetchone()
        assert row is not None
        return row[0], row[1]
