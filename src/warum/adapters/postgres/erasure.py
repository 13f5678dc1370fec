"""Blanking in PostgreSQL what may lead to a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from warum.adapters.postgres.bulk import columns
from warum.adapters.postgres.rows import Statements
from warum.domain.conversion import Conversion
from warum.kernel.ids import PREFIXES, RecordId
from warum.ports.tracking import Quarantined

_ERASED: Final = "erased"
_NO_HASH: Final = bytes(32)
# RFC 2606: a name that leads nowhere.
_NOWHERE: Final = "https://erased.invalid/"

# Messages that made the conversion's history or waited for it, and others of the advertiser whose id holds the order id
# as a word: a repetition of an order under another id leaves no other trace.
_NAMED: Final = """
    select s.event_id from warum.report_seen s
    where s.advertiser_id = %(advertiser)s and position(%(order)s in s.event_id) > 0
        and (s.event_id ~ %(word)s
            or exists (
                select from warum.conversion_event e
                where e.conversion_id = %(conversion)s
                    and (e.stream, e.segment, e.number) = (s.stream, s.segment, s.number))
            or exists (
                select from warum.report_open r
                where r.advertiser_id = %(advertiser)s and r.order_id = %(order)s
                    and (r.stream, r.segment, r.number) = (s.stream, s.segment, s.number)))
    order by s.event_id
    """

_REPORTS: Final = """
    select r.id from warum.report_open r
    where (r.advertiser_id = %(advertiser)s and r.mode = %(mode)s and r.order_id = %(order)s)
        or (r.stream, r.segment, r.number) in (
            select stream, segment, number from warum.conversion_event where conversion_id = %(conversion)s)
    order by r.id
    """

_BLANK_REPORTS: Final = """
    update warum.report_open
    set order_id = null, message = %(erased)s, body = '', resolved_at = coalesce(resolved_at, warum.at(%(at)s)),
        resolution = %(erased)s
    where id = any(%(reports)s)
    """

_BLANK_SUB_IDS: Final = """
    delete from warum.sub_id s using warum.conversion c
    where c.id = %(conversion)s
        and (s.stream, s.segment, s.number) = (c.click_stream, c.click_segment, c.click_number)
        and not exists (
            select from warum.conversion o
            where o.publisher_id = c.publisher_id and o.id <> c.id
                and (o.click_stream, o.click_segment, o.click_number)
                    = (c.click_stream, c.click_segment, c.click_number))
    """

_BLANK_CONVERSION: Final = """
    update warum.conversion set status_raw = '', order_id = case when order_id is not null then %(order_id)s end
    where id = %(conversion)s
    """

_BLANK_PUBLISHER: Final = (
    "update warum.party set name = %(name)s, row_version = row_version + 1 where id = %(id)s",
    """
    update warum.publisher set name = %(name)s, code = %(code)s, active = false, row_version = row_version + 1
    where id = %(id)s
    """,
    """
    update warum.partnership
    set application = '', reason = case when reason is not null then %(erased)s end, row_version = row_version + 1
    where publisher_id = %(id)s
    """,
    "update warum.link set name = '', row_version = row_version + 1 where publisher_id = %(id)s",
    "update warum.slot set name = '', row_version = row_version + 1 where publisher_id = %(id)s",
    """
    update warum.postback_target
    set url_template = %(nowhere)s, active = false, row_version = row_version + 1 where publisher_id = %(id)s
    """,
    """
    update warum.api_key set label = %(erased)s, revoked_at = coalesce(revoked_at, warum.at(%(at)s))
    where party_id = %(id)s
    """,
)


class PostgresErasure(Statements):
    """Implements ``ErasureStore``."""

    def event_ids_of(self, conversion: Conversion) -> list[str]:
        if conversion.order_id is None:
            return []
        return self._rows(
            lambda row: row["event_id"],
            _NAMED,
            advertiser=conversion.advertiser,
            conversion=conversion.id,
            order=conversion.order_id,
            word=rf"(^|[^[:alnum:]]){re.escape(conversion.order_id)}([^[:alnum:]]|$)",
        )

    def reports_of(self, conversion: Conversion) -> list[int]:
        return self._rows(
            lambda row: row["id"],
            _REPORTS,
            advertiser=conversion.advertiser,
            mode=conversion.mode.value,
            order=conversion.order_id,
            conversion=conversion.id,
        )

    def blank_order(
        self,
        conversion: Conversion,
        *,
        order_id: str,
        event_ids: Mapping[str, str],
        reports: Collection[int],
        at_us: int,
    ) -> None:
        self._run(
            """
            update warum.report_seen s set event_id = k.new
            from unnest(%(old)s::text[], %(new)s::text[]) as k (old, new)
            where s.advertiser_id = %(advertiser)s and s.event_id = k.old
            """,
            advertiser=conversion.advertiser,
            old=list(event_ids.keys()),
            new=list(event_ids.values()),
        )
        self._run(_BLANK_REPORTS, erased=_ERASED, at=at_us, reports=list(reports))
        self._run(_BLANK_SUB_IDS, conversion=conversion.id)
        self._run(_BLANK_CONVERSION, conversion=conversion.id, order_id=order_id)

    def quarantined_with(self, text: str) -> list[Quarantined]:
        return self._rows(
            lambda row: Quarantined(
                record=RecordId(row["stream"], row["segment"], row["number"]),
                type=row["type"],
                body=row["body"],
                reason=row["reason"],
                at_us=row["at_us"],
            ),
            """
            select stream, segment, number, type, body, reason, warum.us(quarantined_at) as at_us
            from warum.quarantine where position(%(text)s::bytea in body) > 0
            """,
            text=text.encode(),
        )

    def blank_quarantined(self, records: Collection[RecordId], *, at_us: int) -> None:
        if not records:
            return
        streams, segments, numbers = columns(records)
        self._run(
            """
            update warum.quarantine q
            set body = '', reason = %(erased)s, released_at = coalesce(released_at, warum.at(%(at)s)), consumed = true
            from unnest(%(stream)s::smallint[], %(segment)s::integer[], %(number)s::integer[])
                as k (stream, segment, number)
            where (q.stream, q.segment, q.number) = (k.stream, k.segment, k.number)
            """,
            erased=_ERASED,
            at=at_us,
            stream=streams,
            segment=segments,
            number=numbers,
        )

    def blank_publisher(self, publisher: int, *, name: str, code: str, at_us: int) -> None:
        for statement in _BLANK_PUBLISHER:
            self._run(statement, id=publisher, name=name, code=code, at=at_us, erased=_ERASED, nowhere=_NOWHERE)

    def acts_on(self, subjects: Collection[str]) -> list[int]:
        return self._rows(
            lambda row: row["id"],
            """
            select id from warum.act
            where subject = any(%(subjects)s) and operation not like '%%.erase' order by id
            """,
            subjects=list(subjects),
        )

    def acts_of_publisher(self, publisher: int) -> list[int]:
        return self._rows(
            lambda row: row["id"],
            """
            select id from warum.act
            where publisher_id = %(publisher)s and operation not like '%%.erase'
                and not starts_with(subject, %(conversions)s)
            order by id
            """,
            publisher=publisher,
            conversions=f"{PREFIXES['conversion']}_",
        )

    def blank_acts(self, acts: Collection[int]) -> None:
        self._run(
            "update warum.act set reason = null, once = null, input_hash = %(none)s where id = any(%(acts)s)",
            acts=list(acts),
            none=_NO_HASH,
        )
