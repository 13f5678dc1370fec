"""Figures beside records, read from PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final, LiteralString

from warum.adapters.postgres.days import BY_ARM, BY_LINK, whole_days
from warum.adapters.postgres.rows import Row, Statements
from warum.adapters.postgres.views import FILTER
from warum.domain.conversion import Status
from warum.domain.inquiries.rule import Booked
from warum.domain.mode import Mode
from warum.ports.catalog import Link
from warum.ports.figures import (
    ArmTotal,
    LinkFilter,
    LinkLine,
    LinkOrder,
    Partners,
    Priced,
    Seen,
    Subject,
    Told,
    Total,
    Within,
)
from warum.ports.views import ConversionFilter

_COUNTED: Final = """
    sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
    sum(clicks_reference)::bigint as clicks_reference, sum(clicks_bare)::bigint as clicks_bare """

_SEEN: Final[Mapping[Subject, LiteralString]] = {
    Subject.PROGRAM: """
        select program_id as id, sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
            null::bigint as clicks_reference, sum(clicks_bare)::bigint as clicks_bare
        from warum.rollup_program
        where hour >= warum.at(%(from_us)s) and hour < warum.at(%(until_us)s) and mode = 0
            and (%(program)s::bigint is null or program_id = %(program)s)
        group by program_id """,
    Subject.PUBLISHER: f"select publisher_id as id, {_COUNTED} from ({BY_LINK}) s group by publisher_id",
    Subject.LINK: f"select link_id as id, {_COUNTED} from ({BY_LINK}) s group by link_id",
}

_CREDITED: Final = """
    booked_at >= warum.at(%(from_us)s) and booked_at < warum.at(%(until_us)s) and mode = 0 and publisher_id is not null
        and (%(program)s::bigint is null or program_id = %(program)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
        and (%(link)s::bigint is null or link_id = %(link)s) """

_SUMS: Final = """
    status, currency, count(*) as count, sum(sale_minor)::bigint as sale_minor,
    sum(retained_minor)::bigint as retained_minor, sum(commission_minor)::bigint as commission_minor """

_COLUMN: Final[Mapping[Subject, LiteralString]] = {
    Subject.PROGRAM: "program_id",
    Subject.PUBLISHER: "publisher_id",
    Subject.LINK: "link_id",
}

_ORDER: Final[Mapping[LinkOrder, LiteralString]] = {
    LinkOrder.NEWEST: "l.id desc",
    LinkOrder.CLICKS: "clicks desc, l.id desc",
    LinkOrder.CONVERSIONS: "conversions desc, clicks desc, l.id desc",
    LinkOrder.NAME: "lower(l.name), l.id",
}


_booked_at_once: Final = 2_000


class PostgresFigures(Statements):
    """Implements ``FigureStore``."""

    def totals(self, which: ConversionFilter) -> list[Total]:
        return self._rows(
            _total,
            "select " + _SUMS + " from warum.conversion c where " + FILTER + " group by status, currency",
            **asdict(which),
        )

    def seen(self, by: Subject, within: Within) -> Mapping[int, Seen]:
        return dict(self._rows(lambda row: (row["id"], _seen(row)), _SEEN[by], **_counted(within)))

    def totals_by(self, by: Subject, within: Within) -> Mapping[int, Sequence[Total]]:
        column = _COLUMN[by]
        found: defaultdict[int, list[Total]] = defaultdict(list)
        for subject, total in self._rows(
            lambda row: (row["id"], _total(row)),
            "select "
            + column
            + " as id, "
            + _SUMS
            + " from warum.conversion where "
            + _CREDITED
            # What clicks of a link brought may stand under no link, where the publisher named the page itself.
            + " and "
            + column
            + " is not null group by "
            + column
            + ", status, currency",
            **asdict(within),
        ):
            found[subject].append(total)
        return found

    def partners(self, by: Subject) -> Mapping[int, Partners]:
        column = _COLUMN[by]
        return dict(
            self._rows(
                lambda row: (row["id"], Partners(row["approved"], row["applied"])),
                "select " + column + " as id, count(*) filter (where status = 'approved') as approved, "
                "count(*) filter (where status = 'applied') as applied from warum.partnership group by " + column,
            )
        )

    def links(self, which: LinkFilter) -> list[LinkLine]:
        given = {**_counted(which.within), "offer": which.offer, "retired": which.retired}
        return self._rows(
            _link,
            """
            with seen as materialized (select link_id, """
            + _COUNTED
            + " from ("
            + BY_LINK
            + """) c group by link_id),
            dropped as materialized (
                select link_id, sum(count)::bigint as drops from warum.rollup_drop
                where hour >= warum.at(%(from_us)s) and hour < warum.at(%(until_us)s) and link_id <> 0
                group by link_id
            ),
            brought as materialized (select link_id, count(*) as conversions from warum.conversion where """
            + _CREDITED
            + """
                and link_id is not null group by link_id)
            select l.id, l.code, l.advertiser_id as advertiser, l.publisher_id as publisher, l.program_id as program,
                l.partnership_id as partnership, l.offer_id as offer, l.name, warum.us(l.retired_at) as retired_us,
                l.row_version, p.name as publisher_name, g.name as program_name, o.name as offer_name,
                warum.us(l.created_at) as created_us, coalesce(s.impressions, 0) as impressions,
                coalesce(s.clicks, 0) as clicks, coalesce(s.clicks_reference, 0) as clicks_reference,
                coalesce(s.clicks_bare, 0) as clicks_bare, coalesce(b.conversions, 0) as conversions,
                coalesce(d.drops, 0) as drops
            from warum.link l
            join warum.publisher p on p.id = l.publisher_id
            join warum.program g on g.id = l.program_id
            join warum.offer o on o.id = l.offer_id
            left join seen s on s.link_id = l.id
            left join dropped d on d.link_id = l.id
            left join brought b on b.link_id = l.id
            where (%(program)s::bigint is null or l.program_id = %(program)s)
                and (%(publisher)s::bigint is null or l.publisher_id = %(publisher)s)
                and (%(link)s::bigint is null or l.id = %(link)s)
                and (%(offer)s::bigint is null or l.offer_id = %(offer)s)
                and (%(retired)s::boolean is null or (l.retired_at is not null) = %(retired)s)
                and (%(search)s::text is null or l.name ilike %(search_in)s or l.code = lower(%(search)s)
                    or p.name ilike %(search_in)s)
            order by """
            + _ORDER[which.order]
            + """ limit %(limit)s offset %(offset)s
            """,
            **given,
            search=which.search,
            search_in=None if which.search is None else f"%{_plain(which.search)}%",
            limit=which.limit,
            offset=which.offset,
        )

    def arms_seen(self, offer: int, within: Within) -> Mapping[int, Seen]:
        allocations = self._rows(
            lambda row: row["id"], "select id from warum.allocation where offer_id = %(offer)s", offer=offer
        )
        return dict(
            self._rows(
                lambda row: (row["id"], _seen(row)),
                f"select arm as id, {_COUNTED} from ({BY_ARM}) s group by arm",
                allocations=allocations,
                **_counted(within),
            )
        )

    def arm_totals(self, offer: int, within: Within) -> list[ArmTotal]:
        return self._rows(
            lambda row: ArmTotal(**row),
            """
            select arm, currency, count(*) as count, count(*) filter (where status = 'declined') as declined,
                coalesce(sum(retained_minor) filter (where status <> 'declined'), 0)::bigint as retained_minor,
                coalesce(sum(commission_minor) filter (where status <> 'declined'), 0)::bigint as commission_minor
            from warum.conversion where """
            + _CREDITED
            + """ and arm is not null
                and allocation_id in (select id from warum.allocation where offer_id = %(offer)s)
            group by arm, currency order by arm, currency
            """,
            **asdict(within),
            offer=offer,
        )

    def drops(self, link: int, within: Within) -> list[tuple[str, int]]:
        return self._rows(
            lambda row: (row["reason"], row["count"]),
            """
            select reason, sum(count)::bigint as count from warum.rollup_drop
            where hour >= warum.at(%(from_us)s) and hour < warum.at(%(until_us)s) and link_id = %(dropped)s
            group by reason order by sum(count) desc, reason
            """,
            **asdict(within),
            dropped=link,
        )

    def clicks_with_consent(self, within: Within) -> Mapping[int, int]:
        return dict(
            self._rows(
                lambda row: (row["publisher"], row["clicks"]),
                f"""
                select publisher_id as publisher, sum(clicks - clicks_reference - clicks_bare)::bigint as clicks
                from ({BY_LINK}) s group by publisher_id
                """,
                **_counted(within),
            )
        )

    def priced(self, program: int, within: Within) -> list[Priced]:
        return self._rows(
            _priced,
            """
            select id as conversion, publisher_id as publisher, commission_group as "group",
                warum.us(click_at) as click_at_us, rule_id as rule, currency, status, retained_minor, commission_minor
            from warum.conversion
            where program_id = %(priced)s and booked_at >= warum.at(%(from_us)s) and booked_at < warum.at(%(until_us)s)
                and mode = 0 and publisher_id is not null and click_at is not null and status <> 'declined'
            """,
            **asdict(within),
            priced=program,
        )

    def booked(self, program: int, within: Within, *, zone: str) -> Iterator[Booked]:
        return self._streamed(
            "booked",
            _booked,
            """
            select publisher_id as publisher, commission_group as "group", warum.us(click_at) as click_at_us,
                to_char(booked_at at time zone %(zone)s, 'YYYY-MM') as month, currency, status, retained_minor,
                commission_minor
            from warum.conversion
            where program_id = %(priced)s and booked_at >= warum.at(%(from_us)s) and booked_at < warum.at(%(until_us)s)
                and mode = 0 and publisher_id is not null
            """,
            {**asdict(within), "priced": program, "zone": zone},
            at_once=_booked_at_once,
        )

    def told(self, *, publisher: int, before: int | None, limit: int) -> list[Told]:
        return self._rows(
            lambda row: Told(**row),
            """
            select o.id, o.target_id as target, o.conversion_id as conversion, o.seq, o.event_id, o.state,
                warum.us(o.due_at) as due_us, o.attempts, warum.us(d.at) as at_us, d.answered, d.outcome, d.duration_ms
            from warum.outbox o
            left join lateral (
                select at, answered, outcome, duration_ms from warum.delivery
                where outbox_id = o.id order by attempt desc limit 1
            ) d on true
            where o.target_id in (select id from warum.postback_target where publisher_id = %(publisher)s)
                and (%(before)s::bigint is null or o.id < %(before)s)
            order by o.id desc limit %(limit)s
            """,
            publisher=publisher,
            before=before,
            limit=limit,
        )


def _counted(within: Within) -> dict[str, Any]:
    """The values of ``BY_LINK``, for live traffic."""
    return {**asdict(within), **whole_days(within.from_us, within.until_us), "mode": Mode.LIVE.value}


def _seen(row: Row) -> Seen:
    return Seen(row["impressions"], row["clicks"], row["clicks_reference"], row["clicks_bare"])


def _total(row: Row) -> Total:
    return Total(
        Status(row["status"]),
        row["currency"],
        row["count"],
        row["sale_minor"],
        row["retained_minor"],
        row["commission_minor"],
    )


def _link(row: Row) -> LinkLine:
    return LinkLine(
        link=Link(**{field.name: row[field.name] for field in fields(Link)}),
        publisher_name=row["publisher_name"],
        program_name=row["program_name"],
        offer_name=row["offer_name"],
        created_us=row["created_us"],
        seen=_seen(row),
        drops=row["drops"],
    )


def _priced(row: Row) -> Priced:
    typed: dict[str, Any] = {**row, "status": Status(row["status"])}
    return Priced(**typed)


def _booked(row: Row) -> Booked:
    typed: dict[str, Any] = {**row, "status": Status(row["status"])}
    return Booked(**typed)


def _plain(text: str) -> str:
    """What stands for itself in a pattern of ``like``."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
