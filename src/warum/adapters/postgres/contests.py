"""Contests in PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from warum.adapters.postgres.rows import LOCK, Row, Statements
from warum.domain.contests import Verdict
from warum.ports.contests import Contest

_CONTEST: Final = """
    select id, advertiser_id as advertiser, publisher_id as publisher, conversion_id as conversion,
        partnership_id as partnership, warum.us(opened_at) as opened_us, due, verdict,
        warum.us(answered_at) as answered_us, row_version
    from warum.contest """


class PostgresContests(Statements):
    """Implements ``ContestStore``."""

    def contests(
        self,
        *,
        conversion: int | None = None,
        partnership: int | None = None,
        publisher: int | None = None,
        answered: bool | None = None,
        after: int = 0,
        limit: int,
    ) -> list[Contest]:
        return self._rows(
            _contest,
            _CONTEST
            + """
            where id > %(after)s and (%(conversion)s::bigint is null or conversion_id = %(conversion)s)
                and (%(partnership)s::bigint is null or partnership_id = %(partnership)s)
                and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
                and (%(answered)s::boolean is null or (answered_at is not null) = %(answered)s)
            order by id limit %(limit)s
            """,
            conversion=conversion,
            partnership=partnership,
            publisher=publisher,
            answered=answered,
            after=after,
            limit=limit,
        )

    def contest(self, contest: int, *, lock: bool = False) -> Contest | None:
        return self._first(_contest, _CONTEST + "where id = %(id)s" + (LOCK if lock else ""), id=contest)

    def add(self, contest: Contest) -> int:
        return self._number(
            """
            insert into warum.contest (advertiser_id, publisher_id, conversion_id, partnership_id, opened_at, due)
            values (%(advertiser)s, %(publisher)s, %(conversion)s, %(partnership)s, warum.at(%(opened)s), %(due)s)
            returning id
            """,
            advertiser=contest.advertiser,
            publisher=contest.publisher,
            conversion=contest.conversion,
            partnership=contest.partnership,
            opened=contest.opened_us,
            due=contest.due,
        )

    def answer(self, contest: int, *, verdict: Verdict, at_us: int) -> None:
        self._run(
            """
            update warum.contest set verdict = %(verdict)s, answered_at = warum.at(%(at)s),
                row_version = row_version + 1
            where id = %(id)s
            """,
            id=contest,
            verdict=verdict.value,
            at=at_us,
        )

    def waiting(self, today: date) -> tuple[int, int]:
        return self._rows(
            lambda row: (row["open"], row["overdue"]),
            """
            select count(*) as open, count(*) filter (where due < %(today)s) as overdue
            from warum.contest where answered_at is null
            """,
            today=today,
        )[0]


def _contest(row: Row) -> Contest:
    typed: dict[str, Any] = {**row, "verdict": None if row["verdict"] is None else Verdict(row["verdict"])}
    return Contest(**typed)
