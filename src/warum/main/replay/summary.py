"""What came of it, read from the database alone: nothing here has seen the file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg

_CONVERSIONS: Final[LiteralString] = """
    select count(*), count(publisher_id), count(distinct publisher_id),
           count(*) filter (where publisher_id is not null and status = 'approved'),
           coalesce(sum(sale_minor) filter (where publisher_id is not null and status = 'approved'), 0)::bigint,
           coalesce(sum(commission_minor) filter (where publisher_id is not null and status = 'approved'), 0)::bigint
    from warum.conversion
"""
_DECLINED: Final[LiteralString] = """
    select reason, count(*) from warum.conversion
    where publisher_id is not null and status = 'declined'
    group by reason order by reason
"""
_EVENTS: Final[LiteralString] = """
    select (select coalesce(sum(clicks_token + clicks_reference + clicks_bare), 0)::bigint from warum.rollup_hour)
           + (select count(*) from warum.report_seen)
"""
# Balanced means: account totals are the sums of the postings, and every publisher's accounts hold exactly what the
# conversions say, what is pending in the memo book and what is approved in the books proper.
_UNBALANCED: Final[LiteralString] = """
    with posted as (
        select account, sum(debit) as debits, sum(credit) as credits from (
            select debit as account, amount_minor as debit, 0 as credit from warum.posting
            union all
            select credit, 0, amount_minor from warum.posting
        ) as side group by account
    ), wrong_total as (
        select from warum.account as a left join posted as p on p.account = a.id
        where (a.debits, a.credits) is distinct from (coalesce(p.debits, 0), coalesce(p.credits, 0))
    ), owed as (
        select c.advertiser_id, c.publisher_id, c.currency,
               case c.mode when 0 then 'live' else 'test' end
                   || case c.status when 'pending' then '_memo' else '_gl' end as book,
               sum(c.commission_minor) as commission
        from warum.conversion as c
        where c.publisher_id is not null and c.status <> 'declined'
        group by 1, 2, 3, 4
    ), held as (
        select advertiser_id, publisher_id, currency, book, credits - debits as balance
        from warum.account where kind in ('pending', 'confirmed')
    ), wrong_balance as (
        select from owed full join held using (advertiser_id, publisher_id, currency, book)
        where coalesce(owed.commission, 0) <> coalesce(held.balance, 0)
    ), wrong_sides as (
        select book, currency from warum.account group by book, currency having sum(debits) <> sum(credits)
    )
    select (select count(*) from wrong_total) + (select count(*) from wrong_balance)
           + (select count(*) from wrong_sides)
"""
_PROGRESS: Final[LiteralString] = "select coalesce(max(warum.us(watermark)), 0) from warum.ingest_offset"
_OVERDUE: Final[LiteralString] = """
    select count(*) from warum.conversion where status = 'pending' and release_at <= warum.at(%s)
"""
_OPEN: Final[LiteralString] = """
    select (select count(*) from warum.report_open where resolved_at is null)
           + (select count(*) from warum.quarantine where released_at is null)
"""
_MONEY: Final[LiteralString] = """
    select md5(coalesce((select string_agg(md5(c::text), '' order by c.id) from warum.conversion as c), ''))
           || md5(coalesce((select string_agg(md5(e::text), '' order by e.conversion_id, e.seq)
                            from warum.conversion_event as e), ''))
           || md5(coalesce((select string_agg(md5(t::text), '' order by t.id) from warum.txn as t), ''))
           || md5(coalesce((select string_agg(md5(p::text), '' order by p.id) from warum.posting as p), ''))
           || md5(coalesce((select string_agg(md5(a::text), '' order by a.id) from warum.account as a), ''))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of all bookings. From ``publishers`` on over those that a publisher brought.

    Attributes:
        declined: by reason.
        events: clicks and reports that counted, each once.
        left_open: reports and records that wait for a person; none is expected.
    """

    bookings: int
    attributed: int
    unattributed: int
    publishers: int
    approved: int
    declined: dict[str, int]
    sale_minor_approved: int
    commission_minor_approved: int
    ledger_balanced: bool
    events: int
    left_open: int


class Reader:
    """Asks the database of one replay. The connection is its own."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, application_name="warum replay")

    def close(self) -> None:
        self._connection.close()

    def watermark_us(self) -> int:
        """Up to where the worker has read; 0 before the first record."""
        with self._auditor() as cursor:
            return _number(cursor.execute(_PROGRESS))

    def overdue(self, until_us: int) -> int:
        """Conversions whose hold is over by then and that are not released yet."""
        with self._auditor() as cursor:
            return _number(cursor.execute(_OVERDUE, [until_us]))

    def money(self) -> str:
        """A digest of every row of conversions, their history and the ledger."""
        with self._auditor() as cursor:
            row = cursor.execute(_MONEY).fetchone()
            assert row is not None
            return row[0]

    def figures(self) -> Figures:
        with self._auditor() as cursor:
            row = cursor.execute(_CONVERSIONS).fetchone()
            assert row is not None
            bookings, attributed, publishers, approved, sale_minor, commission_minor = row
            return Figures(
                bookings=bookings,
                attributed=attributed,
                unattributed=bookings - attributed,
                publishers=publishers,
                approved=approved,
                declined=dict(cursor.execute(_DECLINED).fetchall()),
                sale_minor_approved=sale_minor,
                commission_minor_approved=commission_minor,
                ledger_balanced=_number(cursor.execute(_UNBALANCED)) == 0,
                events=_number(cursor.execute(_EVENTS)),
                left_open=_number(cursor.execute(_OPEN)),
            )

    @contextmanager
    def _auditor(self) -> Generator[psycopg.Cursor]:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("select set_config('warum.role', 'auditor', true), set_config('warum.party', '', true)")
            yield cursor


def _number(cursor: psycopg.Cursor) -> int:
    row = cursor.fetchone()
    assert row is not None
    return row[0]
