"""What bots that see a whole program read of it, in PostgreSQL."""

from __future__ import annotations

from typing import Final

from warum.adapters.postgres.rows import Statements
from warum.domain.mode import Mode
from warum.ports.network import Value

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
