"""The log in PostgreSQL: entries, their queue, and leaves, in bulk."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, LiteralString

from psycopg import Connection

from warum.adapters.postgres.bulk import columns
from warum.domain.leaves import Content, LeafType, Series, Subject, open_content, seal_content
from warum.domain.statements import Delta
from warum.domain.vault import Vault
from warum.ports.log import About, Entered, Head, Leaf, Notice, Placed, Queued, SeriesRow, Span, StoredStatement

_SERIES: Final = "s.advertiser_id, s.publisher_id, s.program_id"
_PLACED: Final = f"""
    l.index, l.number, {_SERIES}, s.key_sealed, e.type, e.actor, e.about_kind, e.about_id, e.about_seq, e.advertiser_id,
    e.publisher_id, warum.us(l.at), l.body, e.sealed, e.kept, k.key_sealed
from warum.log_leaf l
join warum.log_entry e on e.id = l.entry_id
join warum.log_series s on s.id = l.series_id
join warum.log_key k on k.id = e.key_id
"""

_NEW: Final = """
    series_id, key_id, advertiser_id, publisher_id, type, actor, about_kind, about_id, about_seq, commitment, sealed
"""
_ENTER: Final = f"""
with entered as (
    insert into warum.log_entry ({_NEW}, at)
    select {_NEW}, warum.at(at_us)
    from unnest(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[],
        %s::integer[], %s::bytea[], %s::bytea[], %s::bigint[])
    with ordinality as new ({_NEW}, at_us, place)
    order by place
    returning id),
queued as (insert into warum.log_queue (entry_id) select id from entered)
select id from entered order by id
"""

_QUEUED: Final = """
select e.id, e.series_id, s.number_last, s.key_sealed, e.advertiser_id, e.publisher_id, e.type, e.actor, e.commitment
from (select entry_id from warum.log_queue order by entry_id limit %s) q
join warum.log_entry e on e.id = q.entry_id
join warum.log_series s on s.id = e.series_id
order by e.id
"""

_PLACE: Final = """
insert into warum.log_leaf (index, entry_id, series_id, number, advertiser_id, publisher_id, at, body, hash)
select index, entry_id, series_id, number, advertiser_id, publisher_id, warum.at(at_us), body, hash
from unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bytea[],
    %s::bytea[])
as new (index, entry_id, series_id, number, advertiser_id, publisher_id, at_us, body, hash)
"""

_SPANS: Final = f"""
select {_SERIES}, to_char(l.at at time zone 'UTC', 'YYYY-MM') as month, min(l.number), max(l.number), count(*)
from warum.log_series s
join warum.log_leaf l on l.series_id = s.id
where s.advertiser_id is not null and s.publisher_id is not null and s.program_id is null and l.at < warum.at(%s)
    and l.number > coalesce((select max(t.last) from warum.log_statement t where t.series_id = s.id), 0)
group by s.id, month order by s.id, month
"""

_KEEP: Final = """
update warum.log_entry e set sealed = null, kept = k.kept::jsonb
from unnest(%s::bigint[], %s::text[]) as k (id, kept) where e.id = k.id
"""

# Nobody else enters anything while this is asked (``hold``), so that the queue holds all that comes before: the numbers
# that the sequencer will give are known.
_NUMBER: Final = """
    coalesce(l.number, s.number_last + (
        select count(*) from warum.log_queue q join warum.log_entry o on o.id = q.entry_id
        where o.series_id = e.series_id and q.entry_id <= e.id))
"""

_ERASE: Final = f"""
with gone as (
    update warum.log_key set key_sealed = null, erased_at = warum.at(%(at)s)
    where subject_kind = %(kind)s and subject_id = %(id)s and erased_at is null
    returning id),
emptied as (
    update warum.log_entry e set sealed = null from gone where e.key_id = gone.id and e.sealed is not null)
select {_SERIES}, {_NUMBER}
from gone
join warum.log_entry e on e.key_id = gone.id
join warum.log_series s on s.id = e.series_id
left join warum.log_leaf l on l.entry_id = e.id
order by e.id
"""

_FORGET: Final = f"""
with emptied as (
    update warum.log_entry e set sealed = null
    from unnest(%s::text[], %s::bigint[], %s::integer[]) as w (kind, id, seq)
    where e.about_kind = w.kind and e.about_id = w.id and w.seq in (0, e.about_seq) and e.sealed is not null
    returning e.id, e.series_id)
select {_SERIES}, {_NUMBER}
from emptied e
join warum.log_series s on s.id = e.series_id
left join warum.log_leaf l on l.entry_id = e.id
order by e.id
"""

# An advisory lock: whoever enters something shares it, whoever erases has it alone, to the end of the transaction.
_lock_key: Final = 0x656E7472  # "entr"


class PostgresLog:
    """``ports.log.LogStore`` over one transaction."""

    def __init__(self, connection: Connection[Any], vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    # Entering ---------------------------------------------------------------------------------------------------------

    def salt(self) -> bytes:
        return self._vault.salt()

    def enter(self, notices: Sequence[Notice]) -> list[int]:
        if not notices:
            return []
        self._connection.execute("select pg_advisory_xact_lock_shared(%s)", [_lock_key])
        series = self._series({notice.series for notice in notices})
        keys = self._keys({notice.subject for notice in notices})
        rows = columns(_entry_row(one, series[one.series], *keys[one.subject]) for one in notices)
        return [row[0] for row in self._connection.execute(_ENTER, rows)]

    # Sequencing -------------------------------------------------------------------------------------------------------

    def head(self, *, lock: bool = False) -> Head:
        query = "select size, root, warum.us(at) from warum.log_head"
        row = self._connection.execute(f"{query} for update" if lock else query).fetchone()
        if row is None:
            raise LookupError("the log has no head: its row was deleted")
        return Head(size=row[0], root=row[1], at_us=row[2])

    def queued(self, limit: int) -> list[Queued]:
        return [
            Queued(
                id=entry,
                series=series,
                key=self._vault.series_key(key),
                number_last=number,
                advertiser=advertiser,
                publisher=publisher,
                type=LeafType(kind),
                actor=actor,
                commitment=committed,
            )
            for entry, series, number, key, advertiser, publisher, kind, actor, committed in self._connection.execute(
                _QUEUED, [limit]
            )
        ]

    def place(self, leaves: Sequence[Leaf], head: Head) -> None:
        self._connection.execute(_PLACE, columns(map(_leaf_row, leaves)))
        self.renumber(
            {leaf.series: leaf.number for leaf in leaves if leaf.series is not None and leaf.number is not None}
        )
        placed = [leaf.entry for leaf in leaves if leaf.entry is not None]
        self._connection.execute("delete from warum.log_queue where entry_id = any(%s)", [placed])
        self._connection.execute(
            "update warum.log_head set size = %s, root = %s, at = warum.at(%s)", [head.size, head.root, head.at_us]
        )

    def all_series(self) -> list[SeriesRow]:
        query = f"select s.id, s.key_sealed, s.number_last, {_SERIES} from warum.log_series s order by s.id"
        return [
            SeriesRow(id=row[0], series=_series(row[3:]), key=self._vault.series_key(row[1]), number_last=row[2])
            for row in self._connection.execute(query)
        ]

    def renumber(self, numbers: Mapping[int, int]) -> None:
        if numbers:
            self._connection.execute(
                "update warum.log_series s set number_last = k.number "
                "from unnest(%s::bigint[], %s::bigint[]) as k (id, number) where s.id = k.id",
                columns(numbers.items()),
            )

    def hashes(self, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
        query = "select index, hash, body from warum.log_leaf where index >= %s and index < %s order by index"
        with self._connection.cursor() as cursor:
            yield from cursor.stream(query, [first, last], size=1000)

    # Reading ----------------------------------------------------------------------------------------------------------

    def leaf(self, index: int) -> Placed | None:
        found = self._placed(f"select {_PLACED} where l.index = %s", [index])
        return found[0] if found else None

    def about(self, about: Collection[About]) -> list[Placed]:
        if not about:
            return []
        return self._placed(
            f"""select {_PLACED}
            join unnest(%s::text[], %s::bigint[], %s::integer[]) as w (kind, id, seq)
                on e.about_kind = w.kind and e.about_id = w.id and w.seq in (0, e.about_seq)
            order by l.index""",
            columns(about),
        )

    def of_series(self, series: Series, *, first: int = 1, last: int | None = None, limit: int) -> list[Placed]:
        return self._placed(
            f"""select {_PLACED}
            where coalesce(s.advertiser_id, 0) = %s and coalesce(s.publisher_id, 0) = %s
                and coalesce(s.program_id, 0) = %s and l.number >= %s and (%s::bigint is null or l.number <= %s)
            order by l.number limit %s""",
            [*series, first, last, last, limit],
        )

    def after(
        self,
        index: int,
        *,
        until: int,
        limit: int,
        advertiser: int | None = None,
        publisher: int | None = None,
        numbers: tuple[int, int] | None = None,
        newest: bool = False,
    ) -> list[Placed]:
        first, last = numbers or (None, None)
        order: LiteralString = "desc" if newest else "asc"
        return self._chosen(
            """l.index > %s and l.index < %s
                and (%s::bigint is null or l.advertiser_id = %s) and (%s::bigint is null or l.publisher_id = %s)
                and (%s::bigint is null or l.number between %s and %s)""",
            [index, until, advertiser, advertiser, publisher, publisher, first, first, last],
            order=order,
            limit=limit,
        )

    def waiting(self) -> int:
        return self._count("select count(*) from warum.log_queue")

    def owed(
        self,
        index: int,
        *,
        until: int,
        limit: int,
        advertiser: int | None,
        publisher: int | None,
        programs: Collection[int],
    ) -> list[Placed]:
        return self._chosen(
            """l.index > %s and l.index < %s and (l.advertiser_id = %s or l.publisher_id = %s
                or l.series_id in (select id from warum.log_series where program_id = any(%s)))""",
            [index, until, advertiser, publisher, list(programs)],
            limit=limit,
        )

    def contents(self, about: About) -> list[tuple[int, Content | None]]:
        query = """
            select e.about_seq, e.sealed, k.key_sealed
            from warum.log_entry e join warum.log_key k on k.id = e.key_id
            where e.about_kind = %s and e.about_id = %s and %s in (0, e.about_seq) order by e.about_seq, e.id
        """
        return [(seq, self._content(sealed, key)) for seq, sealed, key in self._connection.execute(query, about)]

    # Statements and erasure -------------------------------------------------------------------------------------------

    def spans(self, *, until_us: int) -> list[Span]:
        return [
            Span(series=_series(row[:3]), month=row[3], first=row[4], last=row[5], count=row[6])
            for row in self._connection.execute(_SPANS, [until_us])
        ]

    def statements(self, series: Series) -> list[StoredStatement]:
        query = """
            select t.month, t.first, t.last, t.count, t.entry_id, t.totals
            from warum.log_statement t join warum.log_series s on s.id = t.series_id
            where s.advertiser_id = %s and s.publisher_id = %s and s.program_id is null order by t.month
        """
        return [
            StoredStatement(series=series, month=month, first=first, last=last, count=count, entry=entry, totals=totals)
            for month, first, last, count, entry, totals in self._connection.execute(query, series[:2])
        ]

    def statements_newest(self, *, advertiser: int | None, publisher: int | None, limit: int) -> list[StoredStatement]:
        query = f"""
            select {_SERIES}, t.month, t.first, t.last, t.count, t.entry_id, t.totals
            from warum.log_statement t join warum.log_series s on s.id = t.series_id
            where (%s::bigint is null or t.advertiser_id = %s) and (%s::bigint is null or t.publisher_id = %s)
            order by t.month desc, t.advertiser_id, t.publisher_id limit %s
        """
        rows = self._connection.execute(query, [advertiser, advertiser, publisher, publisher, limit])
        return [
            StoredStatement(
                series=_series(row[:3]),
                month=row[3],
                first=row[4],
                last=row[5],
                count=row[6],
                entry=row[7],
                totals=row[8],
            )
            for row in rows
        ]

    def every_waiting(self) -> Iterator[Entered]:
        query = """
            select e.type, e.actor, e.about_kind, e.about_id, e.about_seq, e.advertiser_id, e.publisher_id, e.sealed,
                e.kept, k.key_sealed
            from warum.log_queue q
            join warum.log_entry e on e.id = q.entry_id
            join warum.log_key k on k.id = e.key_id
            order by e.id
        """
        for kind, actor, about, about_id, seq, advertiser, publisher, sealed, kept, key in self._connection.execute(
            query
        ):
            yield Entered(
                type=LeafType(kind),
                actor=actor,
                about=About(about, about_id, seq),
                advertiser=advertiser,
                publisher=publisher,
                content=self._content(sealed, key),
                kept=None if kept is None else Delta(*kept),
            )

    def every_leaf(self) -> Iterator[Placed]:
        with self._connection.cursor() as cursor:
            for row in cursor.stream(f"select {_PLACED} order by l.index", size=1000):
                yield self._placed_row(row)

    def statement_count(self) -> int:
        return self._count("select count(*) from warum.log_statement")

    def add_statement(self, statement: StoredStatement) -> None:
        self._connection.execute(
            """insert into warum.log_statement (
                series_id, month, first, last, count, entry_id, advertiser_id, publisher_id, totals)
            select id, %s, %s, %s, %s, %s, advertiser_id, publisher_id, %s
            from warum.log_series where advertiser_id = %s and publisher_id = %s and program_id is null""",
            [
                statement.month,
                statement.first,
                statement.last,
                statement.count,
                statement.entry,
                json.dumps(list(statement.totals)),
                *statement.series[:2],
            ],
        )

    def readable(self, subject: Subject) -> list[tuple[int, LeafType, Content]]:
        query = """
            select e.id, e.type, e.sealed, k.key_sealed from warum.log_entry e join warum.log_key k on k.id = e.key_id
            where k.subject_kind = %s and k.subject_id = %s and k.erased_at is null order by e.id
        """
        found = [
            (entry, LeafType(kind), self._content(sealed, key))
            for entry, kind, sealed, key in self._connection.execute(query, subject)
        ]
        return [(entry, kind, content) for entry, kind, content in found if content is not None]

    def hold(self) -> None:
        self._connection.execute("select pg_advisory_xact_lock(%s)", [_lock_key])

    def erase(self, subject: Subject, *, kept: Mapping[int, Delta], at_us: int) -> list[tuple[Series, int]]:
        if kept:
            self._connection.execute(_KEEP, columns((entry, json.dumps(list(delta))) for entry, delta in kept.items()))
        rows = self._connection.execute(_ERASE, {"kind": subject.kind, "id": subject.id, "at": at_us})
        return [(_series(row[:3]), row[3]) for row in rows]

    def forget(self, about: Collection[About]) -> list[tuple[Series, int]]:
        if not about:
            return []
        return [(_series(row[:3]), row[3]) for row in self._connection.execute(_FORGET, columns(about))]

    def _count(self, query: LiteralString) -> int:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    def _series(self, wanted: Collection[Series]) -> dict[Series, int]:
        """Ids of series; those that do not exist are made. Of two who make one at once, one makes it."""
        found = self._series_found(wanted)
        if missing := sorted(wanted - found.keys()):
            self._connection.execute(
                """
                insert into warum.log_series (advertiser_id, publisher_id, program_id, key_sealed)
                select nullif(advertiser, 0), nullif(publisher, 0), nullif(program, 0), sealed
                from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
                    as k (advertiser, publisher, program, sealed)
                on conflict do nothing
                """,
                columns((*series, self._vault.new_series_key()) for series in missing),
            )
            found |= self._series_found(missing)
        return found

    def _series_found(self, wanted: Collection[Series]) -> dict[Series, int]:
        query = f"""
            select s.id, {_SERIES}
            from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as k (advertiser, publisher, program)
            cross join lateral (
                select s.id, {_SERIES} from warum.log_series s
                where coalesce(s.advertiser_id, 0) = k.advertiser and coalesce(s.publisher_id, 0) = k.publisher
                    and coalesce(s.program_id, 0) = k.program limit 1) s
        """
        return {_series(row[1:]): row[0] for row in self._connection.execute(query, columns(wanted))}

    def _keys(self, wanted: Collection[Subject]) -> dict[Subject, tuple[int, bytes]]:
        """The living keys of subjects: their ids, and the keys. Those that do not exist are made, as series are."""
        found = self._keys_found(wanted)
        if missing := sorted(wanted - found.keys()):
            made = {subject: self._vault.new_subject_key() for subject in missing}
            rows = self._connection.execute(
                """
                insert into warum.log_key (subject_kind, subject_id, key_sealed)
                select * from unnest(%s::text[], %s::bigint[], %s::text[])
                on conflict do nothing returning id, subject_kind, subject_id
                """,
                columns((*subject, sealed) for subject, (_, sealed) in made.items()),
            )
            for key_id, kind, subject_id in rows:
                subject = Subject(kind, subject_id)
                found[subject] = key_id, made[subject][0]
            if rest := wanted - found.keys():
                found |= self._keys_found(rest)
        return found

    def _keys_found(self, wanted: Collection[Subject]) -> dict[Subject, tuple[int, bytes]]:
        query = """
            select w.kind, w.id, k.id, k.key_sealed
            from unnest(%s::text[], %s::bigint[]) as w (kind, id)
            cross join lateral (
                select k.id, k.key_sealed from warum.log_key k
                where k.subject_kind = w.kind and k.subject_id = w.id and k.erased_at is null limit 1) k
        """
        rows = self._connection.execute(query, columns(wanted))
        return {Subject(kind, subject): (key, self._vault.subject_key(sealed)) for kind, subject, key, sealed in rows}

    def _content(self, sealed: bytes | None, key_sealed: str | None) -> Content | None:
        if sealed is None or key_sealed is None:
            return None
        return open_content(sealed, self._vault.subject_key(key_sealed))

    def _chosen(
        self, which: LiteralString, values: Sequence[Any], *, limit: int, order: LiteralString = "asc"
    ) -> list[Placed]:
        """Leaves are chosen before anything is read beside them: joined first, the whole log would be."""
        return self._placed(
            f"""with chosen as materialized (
                select l.index from warum.log_leaf l
                where {which} and l.entry_id is not null order by l.index {order} limit %s)
            select {_PLACED} join chosen on chosen.index = l.index order by l.index {order}""",
            [*values, limit],
        )

    def _placed(self, query: LiteralString, values: Sequence[Any]) -> list[Placed]:
        # Planned for the values at hand: a plan for any limit and any party reads the whole log.
        return [self._placed_row(row) for row in self._connection.execute(query, values, prepare=False)]

    def _placed_row(self, row: Sequence[Any]) -> Placed:
        index, number = row[:2]
        key, kind, actor, about_kind, about_id, about_seq, advertiser, publisher, at_us, body = row[5:15]
        sealed, kept, content_key = row[15:]
        return Placed(
            index=index,
            number=number,
            series=_series(row[2:5]),
            key=self._vault.series_key(key),
            type=LeafType(kind),
            actor=actor,
            about=About(about_kind, about_id, about_seq),
            advertiser=advertiser,
            publisher=publisher,
            at_us=at_us,
            body=body,
            content=self._content(sealed, content_key),
            kept=None if kept is None else Delta(*kept),
        )


def _series(row: Sequence[Any]) -> Series:
    return Series(*(value or 0 for value in row))


def _entry_row(notice: Notice, series: int, key_id: int, key: bytes) -> tuple[object, ...]:
    content = notice.content
    return (
        series,
        key_id,
        notice.advertiser,
        notice.publisher,
        notice.type.value,
        notice.actor,
        *notice.about,
        content.commitment,
        seal_content(content, key),
        notice.at_us,
    )


def _leaf_row(leaf: Leaf) -> tuple[object, ...]:
    return (
        leaf.index,
        leaf.entry,
        leaf.series,
        leaf.number,
        leaf.advertiser,
        leaf.publisher,
        leaf.at_us,
        leaf.body,
        leaf.hash,
    )
