"""The manifest of the lake, and how far each stream stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from warum.kernel.ids import RecordId
from warum.ports.journal import Cursor
from warum.ports.lake import LakeFile, LakeKind


class PostgresLake:
    """A ``LakeStore`` within one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def position(self, stream: int) -> Cursor:
        row = self._connection.execute(
            "select segment, position, number from warum.lake_offset where stream = %s", [stream]
        ).fetchone()
        return Cursor.START if row is None else Cursor(*row)

    def advance(self, stream: int, before: Cursor, after: Cursor, files: Sequence[LakeFile]) -> bool:
        target = {"stream": stream, "segment": after.segment, "position": after.offset, "number": after.number}
        if before == Cursor.START:
            moved = self._connection.execute(
                """
                insert into warum.lake_offset (stream, segment, position, number)
                values (%(stream)s, %(segment)s, %(position)s, %(number)s)
                on conflict (stream) do nothing
                """,
                target,
            )
        else:
            moved = self._connection.execute(
                """
                update warum.lake_offset set segment = %(segment)s, position = %(position)s, number = %(number)s
                where stream = %(stream)s
                    and (segment, position, number) = (%(old_segment)s, %(old_position)s, %(old_number)s)
                """,
                {
                    **target,
                    "old_segment": before.segment,
                    "old_position": before.offset,
                    "old_number": before.number,
                },
            )
        if moved.rowcount == 0:
            return False
        with self._connection.cursor() as cursor:
            cursor.executemany(
                """
                insert into warum.lake_file (kind, stream, first_segment, first_number, last_segment, last_number, path,
                    records, bytes)
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                [
                    (
                        file.kind.value,
                        file.first.stream,
                        file.first.segment,
                        file.first.number,
                        file.last.segment,
                        file.last.number,
                        file.path,
                        file.records,
                        file.bytes,
                    )
                    for file in files
                ],
            )
        return True

    def files(self, kind: LakeKind) -> list[LakeFile]:
        rows = self._connection.execute(
            """
            select stream, first_segment, first_number, last_segment, last_number, path, records, bytes
            from warum.lake_file where kind = %s order by stream, first_segment, first_number
            """,
            [kind.value],
        )
        return [
            LakeFile(
                kind=kind,
                first=RecordId(row[0], row[1], row[2]),
                last=RecordId(row[0], row[3], row[4]),
                path=row[5],
                records=row[6],
                bytes=row[7],
            )
            for row in rows
        ]
