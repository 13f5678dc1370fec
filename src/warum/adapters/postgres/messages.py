"""Messages to partners in PostgreSQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from warum.adapters.postgres.rows import LOCK, Statements
from warum.kernel.ids import public
from warum.ports.messages import Message

_MESSAGE: Final = """
    select id, advertiser_id as advertiser, program_id as program, publisher_id as publisher, language, subject, body,
        written_by, warum.us(written_at) as written_at_us, warum.us(read_at) as read_at_us,
        warum.us(withdrawn_at) as withdrawn_at_us, row_version
    from warum.message """


class PostgresMessages(Statements):
    """Implements ``MessageStore``."""

    def add(self, message: Message) -> int:
        return self._number(
            """
            insert into warum.message (advertiser_id, program_id, publisher_id, language, subject, body, written_by,
                written_at)
            values (%(advertiser)s, %(program)s, %(publisher)s, %(language)s, %(subject)s, %(body)s, %(written_by)s,
                warum.at(%(written_at_us)s))
            returning id
            """,
            **asdict(message),
        )

    def message(self, message: int, *, lock: bool = False) -> Message | None:
        query = _MESSAGE + "where id = %(id)s" + (LOCK if lock else "")
        return self._first(lambda row: Message(**row), query, id=message)

    def messages(
        self, *, program: int | None = None, publisher: int | None = None, before: int | None = None, limit: int
    ) -> list[Message]:
        return self._rows(
            lambda row: Message(**row),
            _MESSAGE
            + """
            where (%(program)s::bigint is null or program_id = %(program)s)
                and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
                and (%(before)s::bigint is null or id < %(before)s)
            order by id desc limit %(limit)s
            """,
            program=program,
            publisher=publisher,
            before=before,
            limit=limit,
        )

    def mark_read(self, message: int, *, at_us: int) -> int:
        return self._number(
            """
            update warum.message set read_at = warum.at(%(at)s), row_version = row_version + 1 where id = %(id)s
            returning row_version
            """,
            id=message,
            at=at_us,
        )

    def withdraw(self, message: int, *, at_us: int) -> int:
        return self._number(
            """
            update warum.message set withdrawn_at = warum.at(%(at)s), row_version = row_version + 1 where id = %(id)s
            returning row_version
            """,
            id=message,
            at=at_us,
        )

    def erase(self, publisher: int) -> None:
        self._run(
            "update warum.message set subject = '-', body = '-' where publisher_id = %(publisher)s", publisher=publisher
        )
        self._run(
            """
            update warum.step set input = input || '{"subject": "-", "body": "-"}'
            where operation = 'message.write' and input ->> 'publisher' = %(publisher)s
            """,
            publisher=public("publisher", publisher),
        )
