"""Snapshot entries from the tables, and the queue of changes on their way to the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, LiteralString, TypeAlias, get_args

import msgspec
from psycopg import Connection

from warum.domain.catalog import (
    EdgeAdvertiser,
    EdgeAllocation,
    EdgeArm,
    EdgeCreative,
    EdgeEntry,
    EdgeLink,
    EdgePlan,
    EdgeProgram,
    EdgeSlot,
    ProgramStatus,
)
from warum.domain.contexts import contexts
from warum.ports.snapshot import EntryKind

Row: TypeAlias = Any

_encode: Final = msgspec.json.Encoder().encode
_lock_key: Final = 0x736E6170  # "snap"
_rows_at_once: Final = 5_000


class PostgresSnapshot:
    """A ``SnapshotStore`` within one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def queue(self, kind: EntryKind, ids: Iterable[int], *, at_us: int) -> int:
        return self._queue(kind, "where e.id = any(%(ids)s)", {"ids": sorted(ids)}, at_us)

    def queue_links_of(
        self,
        *,
        at_us: int,
        advertiser: int | None = None,
        publisher: int | None = None,
        partnership: int | None = None,
        offer: int | None = None,
    ) -> int:
        condition = """where e.advertiser_id = %(advertiser)s or e.publisher_id = %(publisher)s
            or e.partnership_id = %(partnership)s or e.offer_id = %(offer)s"""
        values = {"advertiser": advertiser, "publisher": publisher, "partnership": partnership, "offer": offer}
        return self._queue("link", condition, values, at_us)

    def lines(self, *, now_us: int) -> Iterator[bytes]:
        self._take_turn()
        for kind in get_args(EntryKind):
            for entry in self._entries(kind, _IN_BASE.get(kind, ""), {"now": now_us}):
                yield _line(kind, _encode(entry))

    def pending(self, limit: int) -> list[tuple[int, bytes]]:
        rows = self._connection.execute(
            "select id, kind, body from warum.snapshot_change where published_at is null order by id limit %s", [limit]
        )
        return [(row[0], _line(row[1], row[2])) for row in rows]

    def mark_published(self, ids: Sequence[int], *, at_us: int) -> None:
        self._connection.execute(
            "update warum.snapshot_change set published_at = warum.at(%s) where id = any(%s)", [at_us, list(ids)]
        )

    def mark_published_up_to(self, last: int, *, at_us: int) -> None:
        self._connection.execute(
            "update warum.snapshot_change set published_at = warum.at(%s) where published_at is null and id <= %s",
            [at_us, last],
        )

    def last_change(self) -> int:
        self._take_turn()
        row = self._connection.execute("select coalesce(max(id), 0) from warum.snapshot_change").fetchone()
        assert row is not None
        return row[0]

    def _take_turn(self) -> None:
        """Until this transaction ends, no other queues changes. An entry is made of rows of several tables; two
        transactions that each change one of them could otherwise both write an entry that lacks the other's change.
        It also makes the order of ids the order of commits."""
        self._connection.execute("select pg_advisory_xact_lock(%s)", [_lock_key])

    def _queue(self, kind: EntryKind, condition: LiteralString, values: dict[str, Any], at_us: int) -> int:
        self._take_turn()
        entries = list(self._entries(kind, condition, values))
        if not entries:
            return 0
        return self._connection.execute(
            """
            insert into warum.snapshot_change (kind, entry_id, body, changed_at)
            select %s, id, body, warum.at(%s) from unnest(%s::bigint[], %s::bytea[]) as e (id, body)
            """,
            [kind, at_us, [entry.id for entry in entries], [_encode(entry) for entry in entries]],
        ).rowcount

    def _entries(self, kind: EntryKind, condition: LiteralString, values: dict[str, Any]) -> Iterator[EdgeEntry]:
        query, entry_of = _SOURCES[kind]
        rows = self._connection.execute(query + " " + condition + " order by e.id", values)
        while some := rows.fetchmany(_rows_at_once):
            yield from map(entry_of, some)


def _advertiser(row: Row) -> EdgeAdvertiser:
    return EdgeAdvertiser(
        id=row[0],
        code=row[1],
        name=row[2],
        hosts=tuple(row[3]),
        credit_without_consent=row[4],
        token_hash=row[5],
        secret_sealed=row[6],
        active=row[7],
    )


def _program(row: Row) -> EdgeProgram:
    return EdgeProgram(
        id=row[0],
        advertiser=row[1],
        code=row[2],
        vertical=row[3],
        currencies=tuple(row[4]),
        window_days=row[5],
        status=ProgramStatus(row[6]),
        starts_us=row[7],
        ends_us=row[8],
        click_param=row[9],
        timezone=row[10],
    )


def _allocation(row: Row) -> EdgeAllocation:
    arms = tuple(EdgeArm(arm=arm, url=url, propensity_ppm=ppm, creative=creative) for arm, url, ppm, creative in row[2])
    return EdgeAllocation(id=row[0], offer=row[1], arms=arms)


def _plan(row: Row) -> EdgePlan:
    dimensions: tuple[str, ...] = tuple(row[1])
    newest: dict[str, int] = row[2] or {}
    told_apart = {context: newest[context] for context in contexts(dimensions) if context in newest}
    return EdgePlan(id=row[0], dimensions=dimensions, contexts=told_apart)


def _link(row: Row) -> EdgeLink:
    return EdgeLink(
        id=row[0],
        code=row[1],
        advertiser=row[2],
        program=row[3],
        publisher=row[4],
        partnership=row[5],
        allocation=row[6],
        active=row[7],
        publisher_kind=row[8],
    )


def _creative(row: Row) -> EdgeCreative:
    return EdgeCreative(
        id=row[0],
        language=row[1],
        headline=row[2],
        text=row[3],
        image_url=row[4],
        image_alt=row[5],
        price_minor=row[6],
        currency=row[7],
        price_until_us=row[8],
        available=row[9],
    )


def _slot(row: Row) -> EdgeSlot:
    return EdgeSlot(id=row[0], code=row[1], link=row[2], format=row[3], active=row[4])


def _line(kind: str, body: bytes) -> bytes:
    return b'{"kind":"%s","entry":%s}' % (kind.encode(), body)


# Kind: what its rows are, with the table itself as "e", and what becomes of a row.
_SOURCES: Final[dict[EntryKind, tuple[LiteralString, Callable[[Row], EdgeEntry]]]] = {
    "advertiser": (
        """
        select e.id, e.code, e.name,
            array(select h.host from warum.advertiser_host h
                where h.advertiser_id = e.id and h.proved_at is not null order by h.host),
            e.reference_basis, e.token_hash, e.secret_sealed, e.active
        from warum.advertiser e
        """,
        _advertiser,
    ),
    "program": (
        """
        select e.id, e.advertiser_id, e.code, e.vertical, e.currencies, e.window_days, e.status,
            warum.us(e.starts_at), warum.us(e.ends_at), e.click_param, e.timezone
        from warum.program e
        """,
        _program,
    ),
    "allocation": (
        """
        select e.id, e.offer_id,
            (select json_agg(json_build_array(a.arm, p.url, a.propensity_ppm, a.creative_id) order by a.arm)
                from warum.allocation_arm a join warum.landing_page p on p.id = a.landing_page_id
                where a.allocation_id = e.id)
        from warum.allocation e
        """,
        _allocation,
    ),
    # Of an offer that tells contexts apart no more, the edge hears that it does not.
    "plan": (
        """
        select e.id, e.dimensions,
            (select json_object_agg(n.context, n.id) from (
                select distinct on (a.context) a.context, a.id from warum.allocation a
                where a.offer_id = e.id and a.context <> '' order by a.context, a.id desc
            ) as n)
        from warum.offer e
        """,
        _plan,
    ),
    "creative": (
        """
        select e.id, e.language, e.headline, e.body, e.image_url, e.image_alt, e.price_minor, e.currency,
            warum.us(e.price_until), e.availability = 'in_stock' and e.retired_at is null
        from warum.creative e
        """,
        _creative,
    ),
    "slot": ("select e.id, e.code, e.link_id, e.format, e.retired_at is null from warum.slot e", _slot),
    # A link whose offer has no allocation yet leads nowhere; it is queued again when the offer gets one.
    "link": (
        """
        select e.id, e.code, e.advertiser_id, e.program_id, e.publisher_id, e.partnership_id, o.allocation_id,
            e.retired_at is null and s.status = 'approved' and p.active and a.active, p.kind
        from warum.link e
        join warum.offer o on o.id = e.offer_id and o.allocation_id is not null
        join warum.partnership s on s.id = e.partnership_id
        join warum.publisher p on p.id = e.publisher_id
        join warum.advertiser a on a.id = e.advertiser_id
        join warum.program g on g.id = e.program_id
        """,
        _link,
    ),
}
_IN_BASE: Final[dict[EntryKind, LiteralString]] = {
    "link": "where e.retired_at is null or e.retired_at + g.window_days * interval '1 day' > warum.at(%(now)s)",
    "plan": "where e.dimensions <> '{}'",
}
"""Which rows a whole snapshot holds, where it does not hold all."""
