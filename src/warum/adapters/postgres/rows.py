"""What stores with many small statements share: run one, and read its rows by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, LiteralString, TypeAlias, TypeVar

from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

Row: TypeAlias = Mapping[str, Any]

LOCK: Final = " for update"

_T = TypeVar("_T")
_rows_at_once: Final = 100


class Statements:
    """A store over one transaction. Values stand in the statements by name."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def _run(self, query: LiteralString, **values: object) -> None:
        self._connection.execute(query, values)

    def _rows(self, make: Callable[[Row], _T], query: LiteralString, **values: object) -> list[_T]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return [make(row) for row in cursor.execute(query, values)]

    def _first(self, make: Callable[[Row], _T], query: LiteralString, **values: object) -> _T | None:
        return next(iter(self._rows(make, query, **values)), None)

    def _number(self, query: LiteralString, **values: object) -> int:
        """The one number that the statement returns, such as an id or a row version."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query, values).fetchone()
            assert row is not None
            return row[0]

    def _streamed(
        self,
        name: str,
        make: Callable[[Row], _T],
        query: LiteralString,
        values: Mapping[str, object] | None = None,
        *,
        at_once: int = _rows_at_once,
    ) -> Iterator[_T]:
        """Some rows at a time, for what may be larger than the memory."""
        with self._connection.cursor(name, row_factory=dict_row) as cursor:
            cursor.itersize = at_once
            cursor.execute(query, values)
            yield from map(make, cursor)
