"""Conversions in PostgreSQL, in bulk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from psycopg import Connection

from warum.adapters.postgres.bulk import columns
from warum.domain.conversion import Attribution, Conversion, Credit, Reason, Standing, Status
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Refusal
from warum.ports.conversions import ClickKey, ConversionChanged, OpenReport, OrderKey, RecordedEvent, SeenReport

COLUMNS: Final = """
    c.id, c.advertiser_id, c.program_id, c.order_id, c.event_type, c.commission_group, c.mode, c.currency,
    warum.us(c.booked_at), c.rule_id, c.commission_minor, c.status_raw, c.seq,
    c.credit, c.credit_why, c.publisher_id, c.partnership_id, c.link_id, c.allocation_id, c.arm,
    warum.us(c.click_at), c.click_stream, c.click_segment, c.click_number,
    c.status, c.reason, c.sale_minor, c.retained_minor, c.check_in::text, c.check_out::text, warum.us(c.release_at)
"""
"""What ``conversion_of`` reads, of a table called ``c``."""

_ALLOCATE: Final = "select nextval('warum.conversion_id_seq') from generate_series(1, %s)"

_BY_ORDER: Final = f"""
select {COLUMNS}
from unnest(%s::bigint[], %s::smallint[], %s::text[], %s::text[]) as k (advertiser_id, mode, event_type, order_id)
join warum.conversion c
    on c.advertiser_id = k.advertiser_id and c.mode = k.mode and c.event_type = k.event_type
    and c.order_id = k.order_id and c.order_id is not null
"""

_BY_CLICK: Final = f"""
select {COLUMNS}
from unnest(%s::bigint[], %s::smallint[], %s::text[], %s::smallint[], %s::integer[], %s::integer[])
    as k (advertiser_id, mode, event_type, stream, segment, number)
join warum.conversion c
    on c.advertiser_id = k.advertiser_id and c.mode = k.mode and c.event_type = k.event_type
    and c.click_stream = k.stream and c.click_segment = k.segment and c.click_number = k.number
    and c.order_id is null
"""

_DUE: Final = f"""
select {COLUMNS} from warum.conversion c
where c.status = 'pending' and c.release_at is not null and c.release_at <= warum.at(%s)
order by c.release_at, c.id limit %s
"""

_GET: Final = f"select {COLUMNS} from warum.conversion c where c.id = %s"
_GET_LOCKED: Final = f"{_GET} for no key update"

_INSERT: Final = """
insert into warum.conversion (
    id, advertiser_id, publisher_id, program_id, partnership_id, link_id, allocation_id, arm, credit, credit_why,
    click_at, click_stream, click_segment, click_number, order_id, event_type, commission_group, mode, currency,
    booked_at, rule_id, status, reason, sale_minor, retained_minor, commission_minor, check_in, check_out,
    release_at, status_raw, seq)
select
    id, advertiser_id, publisher_id, program_id, partnership_id, link_id, allocation_id, arm, credit, credit_why,
    warum.at(click_us), click_stream, click_segment, click_number, order_id, event_type, commission_group, mode,
    currency, warum.at(booked_us), rule_id, status, reason, sale_minor, retained_minor, commission_minor, check_in,
    check_out, warum.at(release_us), status_raw, seq
from unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
    %s::text[], %s::text[], %s::bigint[], %s::smallint[], %s::integer[], %s::integer[], %s::text[], %s::text[],
    %s::text[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::text[], %s::integer[])
as new (
    id, advertiser_id, publisher_id, program_id, partnership_id, link_id, allocation_id, arm, credit, credit_why,
    click_us, click_stream, click_segment, click_number, order_id, event_type, commission_group, mode, currency,
    booked_us, rule_id, status, reason, sale_minor, retained_minor, commission_minor, check_in, check_out,
    release_us, status_raw, seq)
"""

_UPDATE: Final = """
update warum.conversion c
set status = new.status, reason = new.reason, sale_minor = new.sale_minor, retained_minor = new.retained_minor,
    commission_minor = new.commission_minor, check_in = new.check_in, check_out = new.check_out,
    release_at = warum.at(new.release_us), status_raw = new.status_raw, seq = new.seq
from unnest(
    %s::bigint[], %s::integer[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[],
    %s::date[], %s::bigint[], %s::text[], %s::integer[])
as new (
    id, seq_before, status, reason, sale_minor, retained_minor, commission_minor, check_in, check_out, release_us,
    status_raw, seq)
where c.id = new.id and c.seq = new.seq_before
"""

_APPEND: Final = """
insert into warum.conversion_event (
    conversion_id, seq, advertiser_id, publisher_id, kind, at, seen, stream, segment, number, entry_id)
select
    conversion_id, seq, advertiser_id, publisher_id, kind, warum.at(at_us), warum.at(seen_us), stream, segment, number,
    entry_id
from unnest(
    %s::bigint[], %s::integer[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::smallint[],
    %s::integer[], %s::integer[], %s::bigint[])
as new (conversion_id, seq, advertiser_id, publisher_id, kind, at_us, seen_us, stream, segment, number, entry_id)
"""

_UNTAKEN: Final = """
select canonical from warum.conversion_event where conversion_id = %s and entry_id is null order by seq
"""

_SEEN: Final = """
insert into warum.report_seen (advertiser_id, event_id, stream, segment, number)
select * from unnest(%s::bigint[], %s::text[], %s::smallint[], %s::integer[], %s::integer[])
on conflict do nothing
returning stream, segment, number
"""

_OPEN: Final = """
insert into warum.report_open (
    advertiser_id, order_id, event_type, mode, reason, message, seen, stream, segment, number, body, resolved_at,
    resolution)
select
    advertiser_id, order_id, event_type, mode, reason, message, warum.at(seen_us), stream, segment, number, body,
    warum.at(resolved_us), resolution
from unnest(
    %s::bigint[], %s::text[], %s::text[], %s::smallint[], %s::text[], %s::text[], %s::bigint[], %s::smallint[],
    %s::integer[], %s::integer[], %s::bytea[], %s::bigint[], %s::text[])
as new (
    advertiser_id, order_id, event_type, mode, reason, message, seen_us, stream, segment, number, body, resolved_us,
    resolution)
on conflict (stream, segment, number) do nothing
"""

_WAITING: Final = """
select
    r.advertiser_id, r.order_id, r.event_type, r.mode, r.reason, r.message, warum.us(r.seen), r.stream, r.segment,
    r.number, r.body
from unnest(%s::bigint[], %s::smallint[], %s::text[], %s::text[]) as k (advertiser_id, mode, event_type, order_id)
join warum.report_open r
    on r.advertiser_id = k.advertiser_id and r.mode = k.mode and r.event_type = k.event_type
    and r.order_id = k.order_id and r.resolved_at is null and r.reason = 'order_unknown'
order by r.stream, r.segment, r.number
"""

_RESOLVE: Final = """
update warum.report_open r set resolved_at = warum.at(k.at_us), resolution = %s
from unnest(%s::smallint[], %s::integer[], %s::integer[], %s::bigint[]) as k (stream, segment, number, at_us)
where r.stream = k.stream and r.segment = k.segment and r.number = k.number and r.resolved_at is null
"""

_JUDGE: Final = """
update warum.report_open r set reason = k.reason, message = k.message
from unnest(%s::smallint[], %s::integer[], %s::integer[], %s::text[], %s::text[])
    as k (stream, segment, number, reason, message)
where r.stream = k.stream and r.segment = k.segment and r.number = k.number and r.resolved_at is null
"""


class PostgresConversions:
    """``ports.conversions.ConversionStore`` over one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def allocate_ids(self, count: int) -> list[int]:
        return [row[0] for row in self._connection.execute(_ALLOCATE, [count])]

    def by_order(self, keys: Collection[OrderKey]) -> list[Conversion]:
        if not keys:
            return []
        return [conversion_of(row) for row in self._connection.execute(_BY_ORDER, columns(keys))]

    def by_click(self, keys: Collection[ClickKey]) -> list[Conversion]:
        if not keys:
            return []
        rows = columns((*key[:3], *key.click) for key in keys)
        return [conversion_of(row) for row in self._connection.execute(_BY_CLICK, rows)]

    def due(self, until_us: int, limit: int) -> list[Conversion]:
        return [conversion_of(row) for row in self._connection.execute(_DUE, [until_us, limit])]

    def get(self, conversion: int, *, lock: bool = False) -> Conversion | None:
        row = self._connection.execute(_GET_LOCKED if lock else _GET, [conversion]).fetchone()
        return None if row is None else conversion_of(row)

    def insert(self, conversions: Sequence[Conversion]) -> None:
        if conversions:
            self._connection.execute(_INSERT, columns(map(_new_row, conversions)))

    def update(self, changed: Sequence[tuple[int, Conversion]]) -> None:
        if not changed:
            return
        rows = columns(_changed_row(before, conversion) for before, conversion in changed)
        if self._connection.execute(_UPDATE, rows).rowcount != len(changed):
            raise ConversionChanged

    def append(self, events: Sequence[RecordedEvent]) -> None:
        if events:
            self._connection.execute(_APPEND, columns(map(_event_row, events)))

    def untaken(self, conversion: int) -> list[bytes]:
        return [row[0] for row in self._connection.execute(_UNTAKEN, [conversion])]

    def untaken_conversions(self, limit: int) -> list[int]:
        query = "select distinct conversion_id from warum.conversion_event where entry_id is null order by 1 limit %s"
        return [row[0] for row in self._connection.execute(query, [limit])]

    def take_in(self, taken: Sequence[tuple[int, int, int]]) -> None:
        self._connection.execute(
            """
            update warum.conversion_event e set entry_id = k.entry, canonical = null, salt = null
            from unnest(%s::bigint[], %s::integer[], %s::bigint[]) as k (conversion, seq, entry)
            where e.conversion_id = k.conversion and e.seq = k.seq and e.entry_id is null
            """,
            columns(taken),
        )

    def first_seen(self, reports: Sequence[SeenReport]) -> set[RecordId]:
        if not reports:
            return set()
        rows = columns((report.advertiser, report.event_id, *report.record) for report in reports)
        return {RecordId(*row) for row in self._connection.execute(_SEEN, rows)}

    def open_reports(self, reports: Sequence[OpenReport]) -> None:
        if reports:
            self._connection.execute(_OPEN, columns(map(_open_row, reports)))

    def waiting(self, keys: Collection[OrderKey]) -> list[OpenReport]:
        if not keys:
            return []
        return [
            OpenReport(
                advertiser=advertiser,
                order_id=order_id,
                event_type=event_type,
                mode=Mode(mode),
                reason=reason,
                message=message,
                seen_us=seen_us,
                record=RecordId(stream, segment, number),
                body=body,
            )
            for (
                advertiser,
                order_id,
                event_type,
                mode,
                reason,
                message,
                seen_us,
                stream,
                segment,
                number,
                body,
            ) in self._connection.execute(_WAITING, columns(keys))
        ]

    def resolve(self, reports: Sequence[tuple[RecordId, int]], *, resolution: str) -> None:
        if reports:
            rows = columns((*record, at_us) for record, at_us in reports)
            self._connection.execute(_RESOLVE, [resolution, *rows])

    def judge(self, reports: Sequence[tuple[RecordId, Refusal]]) -> None:
        if reports:
            rows = columns((*record, refused.code, refused.message) for record, refused in reports)
            self._connection.execute(_JUDGE, rows)


def conversion_of(row: Sequence[Any]) -> Conversion:
    """The conversion behind a row of ``COLUMNS``."""
    (
        conversion_id,
        advertiser,
        program,
        order_id,
        event_type,
        group,
        mode,
        currency,
        booked_us,
        rule,
        commission_minor,
        status_raw,
        seq,
        credit,
        why,
        publisher,
        partnership,
        link,
        allocation,
        arm,
        click_us,
        click_stream,
        click_segment,
        click_number,
        status,
        reason,
        sale_minor,
        retained_minor,
        check_in,
        check_out,
        release_us,
    ) = row
    return Conversion(
        id=conversion_id,
        advertiser=advertiser,
        program=program,
        order_id=order_id,
        event_type=event_type,
        group=group,
        mode=Mode(mode),
        currency=currency,
        booked_at_us=booked_us,
        attribution=Attribution(
            credit=Credit(credit),
            why=why,
            publisher=publisher,
            partnership=partnership,
            link=link,
            allocation=allocation,
            arm=arm,
            click_at_us=click_us,
            click_record=None if click_stream is None else RecordId(click_stream, click_segment, click_number),
        ),
        rule=rule,
        standing=Standing(
            status=Status(status),
            reason=None if reason is None else Reason(reason),
            sale_minor=sale_minor,
            retained_minor=retained_minor,
            check_in=check_in,
            check_out=check_out,
            release_at_us=release_us,
        ),
        commission_minor=commission_minor,
        status_raw=status_raw,
        seq=seq,
    )


def _new_row(conversion: Conversion) -> tuple[object, ...]:
    credit, standing = conversion.attribution, conversion.standing
    return (
        conversion.id,
        conversion.advertiser,
        credit.publisher,
        conversion.program,
        credit.partnership,
        credit.link,
        credit.allocation,
        credit.arm,
        credit.credit.value,
        credit.why,
        credit.click_at_us,
        *(credit.click_record or (None, None, None)),
        conversion.order_id,
        conversion.event_type,
        conversion.group,
        conversion.mode.value,
        conversion.currency,
        conversion.booked_at_us,
        conversion.rule,
        standing.status.value,
        standing.reason and standing.reason.value,
        standing.sale_minor,
        standing.retained_minor,
        conversion.commission_minor,
        standing.check_in,
        standing.check_out,
        standing.release_at_us,
        conversion.status_raw,
        conversion.seq,
    )


def _changed_row(seq_before: int, conversion: Conversion) -> tuple[object, ...]:
    standing = conversion.standing
    return (
        conversion.id,
        seq_before,
        standing.status.value,
        standing.reason and standing.reason.value,
        standing.sale_minor,
        standing.retained_minor,
        conversion.commission_minor,
        standing.check_in,
        standing.check_out,
        standing.release_at_us,
        conversion.status_raw,
        conversion.seq,
    )


def _event_row(recorded: RecordedEvent) -> tuple[object, ...]:
    event = recorded.event
    return (
        event.conversion,
        event.seq,
        recorded.advertiser,
        recorded.publisher,
        event.kind.value,
        event.at_us,
        event.seen_us,
        *(event.source or (None, None, None)),
        recorded.entry,
    )


def _open_row(report: OpenReport) -> tuple[object, ...]:
    return (
        report.advertiser,
        report.order_id,
        report.event_type,
        report.mode.value,
        report.reason,
        report.message,
        report.seen_us,
        *report.record,
        report.body,
        report.resolved_us,
        report.resolution,
    )
