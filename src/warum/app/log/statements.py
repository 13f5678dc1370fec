"""Monthly statements: a leaf for each pair of partners with the count of its records and what they add up to.

The month is that of the leaves' own times in UTC, so that nobody can move a record into another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from warum.app.log.entries import enter
from warum.domain.leaves import LeafType, Subject
from warum.domain.statements import Delta, delta, totals
from warum.kernel.canonical import Plain
from warum.kernel.ids import public
from warum.kernel.period import from_us, to_us
from warum.ports.catalog import ActorKind
from warum.ports.database import Database, Role, Scope, Tx
from warum.ports.log import About, Span, StoredStatement

_SYSTEM: Final = Scope(Role.SYSTEM)
_leaves_at_once: Final = 1_000
_COUNTED: Final = frozenset({LeafType.CONVERSION, LeafType.CLICKS})


def close_months(database: Database, *, now_us: int) -> int:
    """Enter the statements that are missing, of all months before this one; how many there were."""
    until_us = month_start_us(now_us)
    with database.transaction(_SYSTEM) as tx:
        spans = tx.log.spans(until_us=until_us)
    for span in spans:
        with database.transaction(_SYSTEM) as tx:
            _close(tx, span, now_us)
    return len(spans)


def month_start_us(now_us: int) -> int:
    """When this month began, UTC."""
    return to_us(from_us(now_us).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def _close(tx: Tx, span: Span, now_us: int) -> None:
    past = tx.log.statements(span.series)
    series = span.series
    currencies = [one.fields() for one in totals(_deltas(tx, span), past[-1].totals if past else ())]
    fields: dict[str, Plain] = {
        "v": 1,
        "advertiser": public("advertiser", series.advertiser),
        "publisher": public("publisher", series.publisher),
        "month": span.month,
        "first": str(span.first),
        "last": str(span.last),
        "count": span.count,
        "currencies": currencies,
    }
    (entry,) = enter(
        tx,
        LeafType.STATEMENT,
        fields,
        actor=ActorKind.SYSTEM,
        series=series,
        subject=Subject("publisher", series.publisher),
        about=About("statement", series.publisher),
        at_us=now_us,
        advertiser=series.advertiser,
        publisher=series.publisher,
    )
    tx.log.add_statement(
        StoredStatement(
            series=series,
            month=span.month,
            first=span.first,
            last=span.last,
            count=span.count,
            entry=entry,
            totals=currencies,
        )
    )


def _deltas(tx: Tx, span: Span) -> Iterator[Delta]:
    """What counts in the range. What was erased counts by what the books kept of it."""
    first = span.first
    while found := tx.log.of_series(span.series, first=first, last=span.last, limit=_leaves_at_once):
        for leaf in found:
            if leaf.type in _COUNTED:
                counted = leaf.kept if leaf.content is None else delta(leaf.content.fields())
                if counted is not None:
                    yield counted
        first = found[-1].number + 1
