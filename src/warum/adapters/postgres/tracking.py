"""Offsets, hourly counts, drops, sealed sub ids and quarantine in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from psycopg import Connection

from warum.adapters.postgres.bulk import columns
from warum.kernel.ids import RecordId
from warum.ports.journal import Cursor
from warum.ports.tracking import Counts, DropKey, Position, Quarantined, RollupKey, SealedSubIds

_POSITIONS: Final = "select stream, segment, position, number, warum.us(watermark) from warum.ingest_offset"
_POSITION: Final = f"{_POSITIONS} where stream = %s"
_POSITION_LOCKED: Final = f"{_POSITION} for update"

_ADVANCE: Final = """
insert into warum.ingest_offset (stream, segment, position, number, watermark)
values (%s, %s, %s, %s, warum.at(%s))
on conflict (stream) do update set
    segment = excluded.segment, position = excluded.position, number = excluded.number, watermark = excluded.watermark
"""

# One statement for the hours and for the coarser counts that overviews read, so that none can be forgotten.
_ADD_COUNTS: Final = """
with new as materialized (
    select
        warum.at(hour_us) as hour, advertiser_id, publisher_id, program_id, link_id, allocation_id, arm, mode,
        impressions, clicks_token, clicks_reference, clicks_bare, conversions
    from unnest(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
        %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    as new (
        hour_us, advertiser_id, publisher_id, program_id, link_id, allocation_id, arm, mode,
        impressions, clicks_token, clicks_reference, clicks_bare, conversions)
), by_program as (
    insert into warum.rollup_program as r (
        hour, advertiser_id, program_id, mode, impressions, clicks, clicks_bare, conversions)
    select
        hour, min(advertiser_id), program_id, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_bare), sum(conversions)
    from new group by hour, program_id, mode order by hour, program_id, mode
    on conflict (hour, program_id, mode) do update set
        impressions = r.impressions + excluded.impressions, clicks = r.clicks + excluded.clicks,
        clicks_bare = r.clicks_bare + excluded.clicks_bare, conversions = r.conversions + excluded.conversions
), by_link as (
    insert into warum.rollup_link_day as r (
        day, advertiser_id, publisher_id, program_id, link_id, mode, impressions, clicks, clicks_reference, clicks_bare,
        conversions)
    select
        (hour at time zone 'UTC')::date, min(advertiser_id), min(publisher_id), min(program_id), link_id, mode,
        sum(impressions), sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare),
        sum(conversions)
    from new group by 1, link_id, mode order by 1, link_id, mode
    on conflict (day, link_id, mode) do update set
        impressions = r.impressions + excluded.impressions, clicks = r.clicks + excluded.clicks,
        clicks_reference = r.clicks_reference + excluded.clicks_reference,
        clicks_bare = r.clicks_bare + excluded.clicks_bare, conversions = r.conversions + excluded.conversions
), by_arm as (
    insert into warum.rollup_arm_day as r (
        day, advertiser_id, allocation_id, arm, mode, impressions, clicks, clicks_reference, clicks_bare)
    select
        (hour at time zone 'UTC')::date, min(advertiser_id), allocation_id, arm, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare)
    from new group by 1, allocation_id, arm, mode order by allocation_id, 1, arm, mode
    on conflict (allocation_id, day, arm, mode) do update set
        impressions = r.impressions + excluded.impressions, clicks = r.clicks + excluded.clicks,
        clicks_reference = r.clicks_reference + excluded.clicks_reference,
        clicks_bare = r.clicks_bare + excluded.clicks_bare
)
insert into warum.rollup_hour as r (
    hour, advertiser_id, publisher_id, program_id, link_id, allocation_id, arm, mode,
    impressions, clicks_token, clicks_reference, clicks_bare, conversions)
select * from new
on conflict (hour, link_id, allocation_id, arm, mode) do update set
    impressions = r.impressions + excluded.impressions,
    clicks_token = r.clicks_token + excluded.clicks_token,
    clicks_reference = r.clicks_reference + excluded.clicks_reference,
    clicks_bare = r.clicks_bare + excluded.clicks_bare,
    conversions = r.conversions + excluded.conversions
"""

_ADD_DROPS: Final = """
insert into warum.rollup_drop as r (hour, advertiser_id, link_id, reason, count)
select warum.at(hour_us), advertiser_id, link_id, reason, count
from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
    as new (hour_us, advertiser_id, link_id, reason, count)
on conflict (hour, advertiser_id, link_id, reason) do update set count = r.count + excluded.count
"""

_ADD_SUB_IDS: Final = """
insert into warum.sub_id (stream, segment, number, advertiser_id, publisher_id, day, sealed)
select * from unnest(
    %s::smallint[], %s::integer[], %s::integer[], %s::bigint[], %s::bigint[], %s::integer[], %s::bytea[])
"""

_QUARANTINE: Final = """
insert into warum.quarantine (stream, segment, number, type, body, reason, quarantined_at)
values (%s, %s, %s, %s, %s, %s, warum.at(%s))
on conflict do nothing
"""

_IN_QUARANTINE: Final = """
select stream, segment, number, type, body, reason, warum.us(quarantined_at) from warum.quarantine
where released_at is null order by quarantined_at, stream, segment, number limit %s
"""

_RELEASE: Final = """
update warum.quarantine set released_at = warum.at(%s)
where (stream, segment, number) = (%s, %s, %s) and released_at is null
returning stream, segment, number, type, body, reason, warum.us(quarantined_at)
"""

_RELEASED: Final = """
select stream, segment, number, type, body, reason, warum.us(quarantined_at) from warum.quarantine
where released_at is not null and not consumed
order by released_at, stream, segment, number limit 1
"""

_LEAVE: Final = """
update warum.quarantine set consumed = true
where (stream, segment, number) = (%s, %s, %s) and released_at is not null and not consumed
"""

_RETURN: Final = """
update warum.quarantine set released_at = null, reason = %s
where (stream, segment, number) = (%s, %s, %s) and not consumed
"""


class PostgresTracking:
    """``ports.tracking.TrackingStore`` over one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def position(self, stream: int, *, lock: bool = False) -> Position:
        row = self._connection.execute(_POSITION_LOCKED if lock else _POSITION, [stream]).fetchone()
        return Position(Cursor.START, 0) if row is None else Position(Cursor(*row[1:4]), row[4])

    def positions(self) -> dict[int, Position]:
        return {row[0]: Position(Cursor(*row[1:4]), row[4]) for row in self._connection.execute(_POSITIONS)}

    def advance(self, stream: int, position: Position) -> None:
        cursor = position.cursor
        self._connection.execute(
            _ADVANCE, [stream, cursor.segment, cursor.offset, cursor.number, position.watermark_us]
        )

    def add_counts(self, counts: Sequence[tuple[RollupKey, Counts]]) -> None:
        if counts:
            self._connection.execute(_ADD_COUNTS, columns((*key, *count) for key, count in counts))

    def add_drops(self, drops: Sequence[tuple[DropKey, int]]) -> None:
        if drops:
            self._connection.execute(_ADD_DROPS, columns((*key, count) for key, count in drops))

    def add_sub_ids(self, sub_ids: Sequence[SealedSubIds]) -> None:
        if sub_ids:
            rows = columns((*one.record, one.advertiser, one.publisher, one.day, one.sealed) for one in sub_ids)
            self._connection.execute(_ADD_SUB_IDS, rows)

    def quarantine(self, records: Sequence[Quarantined]) -> None:
        for one in records:
            row = [*one.record, one.type, one.body, one.reason, one.at_us]
            self._connection.execute(_QUARANTINE, row)

    def in_quarantine(self, limit: int) -> list[Quarantined]:
        return [_quarantined(row) for row in self._connection.execute(_IN_QUARANTINE, [limit])]

    def release(self, record: RecordId, at_us: int) -> Quarantined | None:
        row = self._connection.execute(_RELEASE, [at_us, *record]).fetchone()
        return None if row is None else _quarantined(row)

    def released(self) -> Quarantined | None:
        row = self._connection.execute(_RELEASED).fetchone()
        return None if row is None else _quarantined(row)

    def leave_quarantine(self, record: RecordId) -> bool:
        return self._connection.execute(_LEAVE, list(record)).rowcount > 0

    def return_to_quarantine(self, record: RecordId, reason: str) -> None:
        self._connection.execute(_RETURN, [reason, *record])


def _quarantined(row: Sequence[Any]) -> Quarantined:
    return Quarantined(record=RecordId(*row[:3]), type=row[3], body=row[4], reason=row[5], at_us=row[6])
