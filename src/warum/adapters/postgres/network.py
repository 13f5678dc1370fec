"""What bots that see a whole program read of it, in PostgreSQL."""

from __future__ import annotations

from typing import Final

from warum.adapters.postgres.rows import Statements
from warum.domain.mode import Mode
from warum.ports.network import LinkHour, Value

_VALUE: Final = """
    select
        (select coalesce(sum(clicks_token + clicks_reference), 0)::bigint from warum.rollup_hour
            where program_id = %(program)s and mode = %(mode)s
                and hour >= warum.at(%(from)s) and hour < warum.at(%(until)s)
                and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)) as clicks,
        count(*) filter (where status = 'pending') as pending,
        count(*) filter (where status in ('approved', 'paid')) as approved,
        count(*) filter (where status = 'declined') as declined,
        coalesce(sum(retained_minor) filter (where status = 'pending'), 0)::bigint as pending_minor,
        coalesce(sum(retained_minor) filter (where status in ('approved', 'paid')), 0)::bigint as approved_minor
    from warum.conversion
    where program_id = %(program)s and mode = %(mode)s and currency = %(currency)s and credit <> 'none'
        and click_at >= warum.at(%(from)s) and click_at < warum.at(%(until)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
    """


# Hours are those of the program's own clock. A decision counts when we heard of it.
_HOURS: Final = """
    select (extract(epoch from date_trunc('hour', at at time zone %(zone)s)) * 1000000)::bigint as hour_us, link,
        coalesce(a.landing_page_id, 0) as page, publisher, sum(clicks)::bigint as clicks,
        sum(conversions)::bigint as conversions, sum(decided)::bigint as decided, sum(declined)::bigint as declined,
        sum(value_minor)::bigint as value_minor
    from (
        select hour as at, link_id as link, publisher_id as publisher, allocation_id as allocation, arm,
            clicks_token + clicks_reference as clicks, 0 as conversions, 0 as decided, 0 as declined, 0 as value_minor
        from warum.rollup_hour
        where program_id = %(program)s and mode = %(mode)s and hour >= warum.at(%(from)s)
            and hour < warum.at(%(until)s) and clicks_token + clicks_reference > 0
        union all
        select booked_at, link_id, publisher_id, allocation_id, arm, 0, 1, 0, 0,
            case when currency = %(currency)s then retained_minor else 0 end
        from warum.conversion
        where program_id = %(program)s and mode = %(mode)s and link_id is not null and booked_at >= warum.at(%(from)s)
            and booked_at < warum.at(%(until)s)
        union all
        select e.seen, c.link_id, c.publisher_id, c.allocation_id, c.arm, 0, 0, 1, (c.status = 'declined')::int, 0
        from warum.conversion c
        join lateral (
            select seen from warum.conversion_event
            where conversion_id = c.id
                and kind in ('approved', 'released', 'declined', 'cancelled', 'no_show', 'refunded')
            order by seq desc limit 1
        ) e on true
        where c.program_id = %(program)s and c.mode = %(mode)s and c.link_id is not null and c.status <> 'pending'
            and c.booked_at >= warum.at(%(from)s) - interval '120 days' and e.seen >= warum.at(%(from)s)
            and e.seen < warum.at(%(until)s)
    ) s
    left join warum.allocation_arm a on a.allocation_id = s.allocation and a.arm = s.arm
    group by 1, 2, 3, 4
    """


class PostgresNetwork(Statements):
    """Implements ``NetworkStore``."""

    def looked_us(self, program: int, bot: str) -> int | None:
        query = "select warum.us(looked_at) as at from warum.look where program_id = %(program)s and bot = %(bot)s"
        return self._first(lambda row: row["at"], query, program=program, bot=bot)

    def keep_look(self, program: int, bot: str, *, at_us: int) -> None:
        self._run(
            """
            insert into warum.look (program_id, bot, looked_at) values (%(program)s, %(bot)s, warum.at(%(at)s))
            on conflict (program_id, bot) do update set looked_at = excluded.looked_at
            """,
            program=program,
            bot=bot,
            at=at_us,
        )

    def currency(self, program: int, *, from_us: int) -> str | None:
        return self._first(
            lambda row: row["currency"],
            """
            select currency from warum.conversion
            where program_id = %(program)s and mode = %(mode)s and booked_at >= warum.at(%(from)s)
            group by currency order by count(*) desc, currency limit 1
            """,
            program=program,
            mode=Mode.LIVE.value,
            **{"from": from_us},
        )

    def last_call_us(self, program: int) -> int | None:
        return self._first(
            lambda row: row["at"],
            """
            select warum.us(max(booked_at)) as at from warum.conversion
            where program_id = %(program)s and mode = %(mode)s
            """,
            program=program,
            mode=Mode.LIVE.value,
        )

    def hours(self, program: int, currency: str, *, zone: str, from_us: int, until_us: int) -> list[LinkHour]:
        return self._rows(
            lambda row: LinkHour(**row),
            _HOURS,
            program=program,
            currency=currency,
            zone=zone,
            mode=Mode.LIVE.value,
            until=until_us,
            **{"from": from_us},
        )

    def value(self, program: int, currency: str, *, publisher: int | None = None, from_us: int, until_us: int) -> Value:
        found = self._rows(
            lambda row: Value(**row),
            _VALUE,
            program=program,
            currency=currency,
            publisher=publisher,
            mode=Mode.LIVE.value,
            until=until_us,
            **{"from": from_us},
        )
        return found[0]
