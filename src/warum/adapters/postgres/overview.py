"""The network at a glance, read from PostgreSQL. Long spans read the coarse counts, and the fine ones only where they
are needed: the hours around whole days, and the traffic of a single publisher."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, LiteralString

from warum.adapters.postgres.bulk import columns
from warum.adapters.postgres.days import BY_LINK, WHOLE_DAYS, whole_days
from warum.adapters.postgres.rows import Row, Statements
from warum.domain.conversion import Status
from warum.domain.mode import Mode
from warum.kernel.ids import PREFIXES, public
from warum.ports.decisions import StoredAbstention
from warum.ports.overview import Booked, Flow, Heartbeat, Holding, Pulse, Seen, SeenAt, SeenBy, Span, Which

_LIVE: Final = Mode.LIVE.value

_COARSE: Final = """
    select hour, program_id, impressions, clicks, clicks_bare, conversions from warum.rollup_program
    where hour >= warum.at(%(from)s) and hour < warum.at(%(until)s) and mode = %(mode)s
        and (%(program)s::bigint is null or program_id = %(program)s)
    """
_FINE: Final = """
    select hour, program_id, impressions, clicks_token + clicks_reference + clicks_bare as clicks, clicks_bare,
        conversions
    from warum.rollup_hour
    where publisher_id = %(publisher)s and hour >= warum.at(%(from)s) and hour < warum.at(%(until)s)
        and mode = %(mode)s and (%(program)s::bigint is null or program_id = %(program)s)
    """
_SUMS: Final = """
    coalesce(sum(impressions), 0)::bigint as impressions, coalesce(sum(clicks), 0)::bigint as clicks,
    coalesce(sum(clicks_bare), 0)::bigint as clicks_bare, coalesce(sum(conversions), 0)::bigint as conversions
    """

# Summed before anything else happens to them: time zones are then asked about hours, names about sums.
_ADDED: Final = """
    sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks, sum(clicks_bare)::bigint as clicks_bare,
    sum(conversions)::bigint as conversions
    """

_BY_PUBLISHER: Final = f"""
    select s.*, p.name from (
        select publisher_id as id, {_ADDED} from ({BY_LINK}) u group by publisher_id
    ) s
    join warum.publisher p on p.id = s.id
    order by clicks desc, id limit %(limit)s
    """

_BOOKED: Final = """
    select currency, count(*)::bigint as count, sum(sale_minor)::bigint as sale_minor,
        coalesce(sum(commission_minor) filter (where status <> 'declined'), 0)::bigint as commission_minor,
        status, publisher_id as publisher, program_id as program, warum.us(bucket) as at_us
    from (
        select currency, sale_minor, commission_minor, status, publisher_id, program_id,
            date_trunc(%(unit)s, booked_at, %(zone)s) as bucket
        from warum.conversion
        where booked_at >= warum.at(%(from)s) and booked_at < warum.at(%(until)s) and mode = %(mode)s
            and publisher_id is not null
            and (%(program)s::bigint is null or program_id = %(program)s)
            and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
    ) c
    group by grouping sets ((currency, status), (currency, publisher_id), (currency, program_id), (currency, bucket))
    """

_BOOKED_TOTALS: Final = """
    select currency, count(*)::bigint as count, sum(sale_minor)::bigint as sale_minor,
        coalesce(sum(commission_minor) filter (where status <> 'declined'), 0)::bigint as commission_minor,
        status, null as publisher, null as program, null as at_us
    from warum.conversion
    where booked_at >= warum.at(%(from)s) and booked_at < warum.at(%(until)s) and mode = %(mode)s
        and publisher_id is not null
        and (%(program)s::bigint is null or program_id = %(program)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
    group by currency, status
    """

_HEARTBEATS: Final = """
    select a.id as advertiser, a.name, a.active,
        (select warum.us(min(r.hour)) from warum.rollup_program r
            where r.advertiser_id = a.id and r.mode = %(mode)s) as first_hour_us,
        (select warum.us(r.hour) from warum.rollup_program r
            where r.advertiser_id = a.id and r.mode = %(mode)s and r.clicks > 0
            order by r.hour desc limit 1) as click_hour_us,
        (select warum.us(r.hour) from warum.rollup_program r
            where r.advertiser_id = a.id and r.mode = %(mode)s and r.conversions > 0
            order by r.hour desc limit 1) as conversion_hour_us,
        (select warum.us(c.booked_at) from warum.conversion c
            where c.advertiser_id = a.id and c.mode = %(mode)s and c.publisher_id is not null
            order by c.booked_at desc limit 1) as conversion_us
    from warum.advertiser a order by a.name, a.id
    """

_WITHIN: Final = f"""
    select s.* from unnest(%(advertiser)s::bigint[], %(from)s::bigint[], %(until)s::bigint[])
        with ordinality as w (advertiser, from_us, until_us, place)
    cross join lateral (
        select {_SUMS} from warum.rollup_program
        where advertiser_id = w.advertiser and hour >= warum.at(w.from_us) and hour < warum.at(w.until_us)
            and mode = %(mode)s
    ) s
    order by w.place
    """

# Whole UTC days from their own table, what is before and after them from the transactions, which are looked up by time.
_FLOWS: Final = f"""
    with edge as materialized (
        select id, kind, conversion_id from warum.txn where at >= warum.at(%(from_us)s) and at < warum.at(%(day_us)s)
        union all
        select id, kind, conversion_id from warum.txn where at >= warum.at(%(night_us)s) and at < warum.at(%(until_us)s)
    )
    select kind, currency, sum(steps)::bigint as steps, sum(pending_minor)::bigint as pending_minor,
        sum(confirmed_minor)::bigint as confirmed_minor
    from (
        select kind, currency, steps, pending_minor, confirmed_minor from warum.rollup_money_day
        where {WHOLE_DAYS}
        union all
        select e.kind, p.currency, count(distinct e.id) filter (where e.conversion_id is not null),
            sum(case when c.kind = 'pending' then p.amount_minor when d.kind = 'pending' then -p.amount_minor else 0
                end),
            sum(case when c.kind = 'confirmed' then p.amount_minor when d.kind = 'confirmed' then -p.amount_minor
                else 0 end)
        from edge e
        join warum.posting p on p.txn_id = e.id
        join warum.account c on c.id = p.credit
        join warum.account d on d.id = p.debit
        where p.book in ('live_memo', 'live_gl')
        group by 1, 2
    ) moved
    group by 1, 2 order by 1, 2
    """

_HOLDINGS: Final = """
    select currency, coalesce(sum(credits - debits) filter (where kind = 'pending'), 0)::bigint as pending_minor,
        coalesce(sum(credits - debits) filter (where kind = 'confirmed'), 0)::bigint as confirmed_minor
    from warum.account where book in ('live_memo', 'live_gl') group by currency order by currency
    """

_PULSE: Final = """
    select (select coalesce(sum(segment::bigint * 1000000000 + number), 0)::bigint from warum.ingest_offset) as read,
        coalesce((select max(id) from warum.txn), 0) as txn, coalesce((select max(id) from warum.act), 0) as act,
        coalesce((select warum.us(max(at)) from warum.conversion_event), 0) as event_us
    """

# Where the name of each kind stands.
_NAMED: Final[Mapping[str, LiteralString]] = {
    "advertiser": "select id, name from warum.advertiser where id = any(%(ids)s)",
    "publisher": "select id, name from warum.publisher where id = any(%(ids)s)",
    "program": "select id, name from warum.program where id = any(%(ids)s)",
    "offer": "select id, name from warum.offer where id = any(%(ids)s)",
    "creative": "select id, name from warum.creative where id = any(%(ids)s)",
    "user": "select id, name from warum.user_account where id = any(%(ids)s)",
    "api_key": "select id, label as name from warum.api_key where id = any(%(ids)s)",
    "link": "select id, coalesce(nullif(name, ''), code) as name from warum.link where id = any(%(ids)s)",
    "slot": "select id, coalesce(nullif(name, ''), code) as name from warum.slot where id = any(%(ids)s)",
    "proposal": """
        select p.id, coalesce(o.name, g.name) as name from warum.proposal p
        join warum.program g on g.id = p.program_id left join warum.offer o on o.id = p.offer_id
        where p.id = any(%(ids)s)
        """,
    "note": """
        select n.id, g.name from warum.note n join warum.program g on g.id = n.program_id where n.id = any(%(ids)s)
        """,
    "partnership": """
        select s.id, p.name || ' · ' || g.name as name from warum.partnership s
        join warum.publisher p on p.id = s.publisher_id join warum.program g on g.id = s.program_id
        where s.id = any(%(ids)s)
        """,
    "contest": """
        select c.id, p.name from warum.contest c join warum.publisher p on p.id = c.publisher_id
        where c.id = any(%(ids)s)
        """,
    "rule_version": """
        select r.id, g.name from warum.commission_rule r join warum.program g on g.id = r.program_id
        where r.id = any(%(ids)s)
        """,
    "postback_target": """
        select t.id, p.name from warum.postback_target t join warum.publisher p on p.id = t.publisher_id
        where t.id = any(%(ids)s)
        """,
}
_KIND_OF: Final = {prefix: kind for kind, prefix in PREFIXES.items()}

_UNKNOWNS: Final = """
    select n.id, n.bot, n.advertiser_id as advertiser, n.program_id as program, n.subject, n.offer_id as offer, n.facts,
        n.seed,
        n.body, n.digest, n.code, warum.us(n.made_at) as made_at_us
    from (
        select distinct on (subject, bot) * from warum.abstention order by subject, bot, id desc
    ) n
    where not exists (
        select from warum.proposal p where p.subject = n.subject and p.bot = n.bot and p.made_at >= n.made_at)
    order by n.made_at desc, n.id desc limit %(limit)s
    """


class PostgresOverview(Statements):
    """Implements ``OverviewStore``."""

    def seen(self, span: Span, which: Which) -> Seen:
        found = self._rows(_seen, f"select {_SUMS} from ({_source(which)}) s", **_values(span, which))
        return found[0]

    def seen_at(self, span: Span, which: Which, *, unit: str, zone: str) -> list[SeenAt]:
        return self._rows(
            lambda row: SeenAt(row["at_us"], _seen(row)),
            f"""
            select warum.us(date_trunc(%(unit)s, hour, %(zone)s)) as at_us, {_ADDED} from (
                select hour, {_ADDED} from ({_source(which)}) s group by hour
            ) h
            group by 1 order by 1
            """,
            unit=unit,
            zone=zone,
            **_values(span, which),
        )

    def seen_by_publisher(self, span: Span, which: Which, limit: int) -> list[SeenBy]:
        days = whole_days(span.from_us, span.until_us)
        return self._rows(_seen_by, _BY_PUBLISHER, limit=limit, link=None, **_values(span, which), **days)

    def seen_by_program(self, span: Span, which: Which, limit: int) -> list[SeenBy]:
        return self._rows(
            _seen_by,
            f"""
            select s.*, g.name from (
                select program_id as id, {_ADDED} from ({_source(which)}) s group by program_id
            ) s
            join warum.program g on g.id = s.id
            order by clicks desc, id limit %(limit)s
            """,
            limit=limit,
            **_values(span, which),
        )

    def booked(self, span: Span, which: Which, *, unit: str, zone: str) -> list[Booked]:
        return self._rows(_booked, _BOOKED, unit=unit, zone=zone, **_values(span, which))

    def booked_totals(self, span: Span, which: Which) -> list[Booked]:
        return self._rows(_booked, _BOOKED_TOTALS, **_values(span, which))

    def heartbeats(self) -> list[Heartbeat]:
        return self._rows(lambda row: Heartbeat(**row), _HEARTBEATS, mode=_LIVE)

    def seen_within(self, spans: Sequence[tuple[int, Span]]) -> list[Seen]:
        if not spans:
            return []
        advertisers, from_us, until_us = columns((advertiser, *span) for advertiser, span in spans)
        values = {"advertiser": advertisers, "from": from_us, "until": until_us, "mode": _LIVE}
        return self._rows(_seen, _WITHIN, **values)

    def flows(self, span: Span) -> list[Flow]:
        return self._rows(lambda row: Flow(**row), _FLOWS, **whole_days(span.from_us, span.until_us))

    def holdings(self) -> list[Holding]:
        return self._rows(lambda row: Holding(**row), _HOLDINGS)

    def applications(self) -> int:
        return self._number("select count(*) from warum.partnership where status = 'applied'")

    def pulse(self) -> Pulse:
        return self._rows(lambda row: Pulse(**row), _PULSE)[0]

    def names(self, subjects: Collection[str]) -> Mapping[str, str]:
        wanted: dict[str, list[int]] = {}
        for subject in subjects:
            prefix, _, number = subject.partition("_")
            kind = _KIND_OF.get(prefix)
            if kind in _NAMED and number.isascii() and number.isdecimal() and len(number) <= 18:
                wanted.setdefault(kind, []).append(int(number))
        return {
            public(kind, row[0]): row[1]
            for kind, ids in wanted.items()
            for row in self._rows(lambda row: (row["id"], row["name"]), _NAMED[kind], ids=ids)
        }

    def unknowns(self, limit: int) -> list[StoredAbstention]:
        return self._rows(lambda row: StoredAbstention(**row), _UNKNOWNS, limit=limit)


def _source(which: Which) -> LiteralString:
    return _COARSE if which.publisher is None else _FINE


def _values(span: Span, which: Which) -> dict[str, Any]:
    return {
        "from": span.from_us,
        "until": span.until_us,
        "mode": _LIVE,
        "program": which.program,
        "publisher": which.publisher,
    }


def _seen(row: Row) -> Seen:
    return Seen(row["impressions"], row["clicks"], row["clicks_bare"], row["conversions"])


def _seen_by(row: Row) -> SeenBy:
    return SeenBy(id=row["id"], name=row["name"], seen=_seen(row))


def _booked(row: Row) -> Booked:
    typed: dict[str, Any] = {**row, "status": None if row["status"] is None else Status(row["status"])}
    return Booked(**typed)
