"""What people look at, read from PostgreSQL. Names are joined from the left: a reader whose rows do not hold a name
still sees its own conversion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from warum.domain.conversion import Credit, Reason, Status
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId
from warum.ports.views import ConversionFilter, ConversionLine, DeliveryLine, DropCount, Traffic, WaitingReport

_REPORT: Final = """
    select id, advertiser_id as advertiser, order_id, event_type, mode, reason, message, warum.us(seen) as seen_us,
        stream, segment, number, body, warum.us(resolved_at) as resolved_us, resolution
    from warum.report_open """

# Of the conversions ``c``; what a list shows and what it sums up to are the same rows.
FILTER: Final = """
    (%(conversion)s::bigint is null or c.id = %(conversion)s)
        and (%(advertiser)s::bigint is null or c.advertiser_id = %(advertiser)s)
        and (%(publisher)s::bigint is null or c.publisher_id = %(publisher)s)
        and (%(program)s::bigint is null or c.program_id = %(program)s)
        and (%(link)s::bigint is null or c.link_id = %(link)s)
        and (%(status)s::text is null or c.status = %(status)s)
        and (%(mode)s::smallint is null or c.mode = %(mode)s)
        and (%(credited)s::boolean is null or (c.publisher_id is not null) = %(credited)s)
        and (%(order_id)s::text is null or c.order_id = %(order_id)s)
        and (%(order_prefix)s::text is null or starts_with(c.order_id, %(order_prefix)s))
        and (%(booked_from_us)s::bigint is null or c.booked_at >= warum.at(%(booked_from_us)s))
        and (%(booked_until_us)s::bigint is null or c.booked_at < warum.at(%(booked_until_us)s))
        and (%(offer)s::bigint is null or c.allocation_id in (
            select l.id from warum.allocation l where l.offer_id = %(offer)s))
        and (%(arm)s::smallint is null or c.arm = %(arm)s)
        and (%(clicked_from_us)s::bigint is null or c.click_at >= warum.at(%(clicked_from_us)s))
        and (%(clicked_until_us)s::bigint is null or c.click_at < warum.at(%(clicked_until_us)s))
        and (%(had)s::text is null or c.id in (
            select e.conversion_id from warum.conversion_event e
            where e.kind = any(string_to_array(%(had)s, ','))
                and (%(had_from_us)s::bigint is null or e.at >= warum.at(%(had_from_us)s))
                and (%(had_until_us)s::bigint is null or e.at < warum.at(%(had_until_us)s)))) """


class PostgresViews:
    """Implements ``ViewStore``."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def conversions(self, which: ConversionFilter) -> list[ConversionLine]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                """
                select c.id, c.advertiser_id as advertiser, a.name as advertiser_name, c.publisher_id as publisher,
                    p.name as publisher_name, c.program_id as program, g.code as program_code, c.link_id as link,
                    c.order_id, c.event_type, c.mode, c.credit, c.credit_why, c.status, c.reason, c.currency,
                    c.sale_minor, c.retained_minor, c.commission_minor, warum.us(c.booked_at) as booked_at_us,
                    warum.us(c.release_at) as release_at_us, c.seq
                from warum.conversion c
                left join warum.advertiser a on a.id = c.advertiser_id
                left join warum.publisher p on p.id = c.publisher_id
                left join warum.program g on g.id = c.program_id
                where """
                + FILTER
                + """
                    and (%(before)s::bigint is null or (c.booked_at, c.id) <
                        (select booked_at, id from warum.conversion where id = %(before)s))
                order by c.booked_at desc, c.id desc limit %(limit)s
                """,
                asdict(which),
            )
            return [_conversion(row) for row in rows]

    def deliveries(self, conversion: int) -> list[DeliveryLine]:
        with self._connection.cursor(row_factory=class_row(DeliveryLine)) as cursor:
            return cursor.execute(
                """
                select o.target_id as target, o.seq, o.event_id, o.state, warum.us(o.due_at) as due_us, d.attempt,
                    warum.us(d.at) as at_us, d.answered, d.outcome
                from warum.outbox o
                left join warum.delivery d on d.outbox_id = o.id
                where o.conversion_id = %s
                order by o.target_id, o.seq, d.attempt
                """,
                [conversion],
            ).fetchall()

    def drops(self, *, from_us: int, until_us: int, advertiser: int | None) -> list[DropCount]:
        with self._connection.cursor(row_factory=class_row(DropCount)) as cursor:
            return cursor.execute(
                """
                select reason, sum(count)::bigint as count from warum.rollup_drop
                where hour >= warum.at(%(from)s) and hour < warum.at(%(until)s)
                    and (%(advertiser)s::bigint is null or advertiser_id = %(advertiser)s)
                group by reason order by sum(count) desc, reason
                """,
                {"from": from_us, "until": until_us, "advertiser": advertiser},
            ).fetchall()

    def traffic(self, *, from_us: int, until_us: int, program: int | None, publisher: int | None) -> list[Traffic]:
        with self._connection.cursor(row_factory=class_row(Traffic)) as cursor:
            return cursor.execute(
                """
                select link_id as link, publisher_id as publisher, program_id as program,
                    sum(impressions)::bigint as impressions, sum(clicks_token)::bigint as clicks_token,
                    sum(clicks_reference)::bigint as clicks_reference, sum(clicks_bare)::bigint as clicks_bare,
                    sum(conversions)::bigint as conversions
                from warum.rollup_hour
                where hour >= warum.at(%(from)s) and hour < warum.at(%(until)s)
                    and (%(program)s::bigint is null or program_id = %(program)s)
                    and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
                group by link_id, publisher_id, program_id order by link_id
                """,
                {"from": from_us, "until": until_us, "program": program, "publisher": publisher},
            ).fetchall()

    def reports(self, *, advertiser: int | None, resolved: bool, before: int | None, limit: int) -> list[WaitingReport]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                _REPORT
                + """
                where (%(advertiser)s::bigint is null or advertiser_id = %(advertiser)s)
                    and (resolved_at is not null) = %(resolved)s
                    and (%(before)s::bigint is null or id < %(before)s)
                order by id desc limit %(limit)s
                """,
                {"advertiser": advertiser, "resolved": resolved, "before": before, "limit": limit},
            )
            return [_report(row) for row in rows]

    def report(self, report: int, *, lock: bool = False) -> WaitingReport | None:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            query = _REPORT + "where id = %s" + (" for update" if lock else "")
            row = cursor.execute(query, [report]).fetchone()
            return None if row is None else _report(row)

    def resolve_report(self, report: int, *, resolution: str, at_us: int) -> None:
        self._connection.execute(
            "update warum.report_open set resolved_at = warum.at(%s), resolution = %s where id = %s",
            [at_us, resolution, report],
        )

    def sessions(self, login_role: str) -> int:
        row = self._connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and usename = %s", [login_role]
        ).fetchone()
        assert row is not None
        return row[0]

    def server_version(self) -> str:
        return self._connection.info.parameter_status("server_version") or "unknown"

    def waiting(self) -> tuple[int, int]:
        row = self._connection.execute(
            """
            select (select count(*) from warum.report_open where resolved_at is null),
                (select count(*) from warum.quarantine where released_at is null)
            """
        ).fetchone()
        assert row is not None
        return row[0], row[1]


def _conversion(row: Mapping[str, Any]) -> ConversionLine:
    typed: dict[str, Any] = {
        **row,
        "mode": Mode(row["mode"]),
        "credit": Credit(row["credit"]),
        "status": Status(row["status"]),
        "reason": None if row["reason"] is None else Reason(row["reason"]),
    }
    return ConversionLine(**typed)


def _report(row: Mapping[str, Any]) -> WaitingReport:
    typed: dict[str, Any] = {**row, "mode": Mode(row["mode"])}
    typed["source"] = RecordId(typed.pop("stream"), typed.pop("segment"), typed.pop("number"))
    return WaitingReport(**typed)
