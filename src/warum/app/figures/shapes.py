"""What figures look like outside, and how they are made from counts and totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import Moment, Money, border, money
from warum.app.call import Call
from warum.domain.conversion import Status
from warum.kernel.period import DAY_US, to_us
from warum.ports.figures import Seen, Total, Within

days_default: Final = 30

Since = Annotated[Moment | None, Field(description=f"Clicks count by whole hours. Left out: {days_default} days ago.")]
Until = Annotated[Moment | None, Field(description="Left out: now.")]


@border
class Sums:
    """Money of credited conversions in one currency. Declined ones bring none."""

    currency: str
    sale: Annotated[Money, Field(description="What was sold.")]
    retained: Annotated[Money, Field(description="What the advertiser keeps of it.")]
    pending: Annotated[Money, Field(description="Commission that may still be earned.")]
    approved: Annotated[Money, Field(description="Commission that was earned, paid out or not.")]
    epc: Annotated[Money | None, Field(description="Commission, pending and approved, per click; null without clicks.")]


@border
class Figures:
    impressions: int
    clicks: int
    clicks_reference: Annotated[
        int | None,
        Field(
            description="Of the clicks: without consent, on the advertiser's basis. Null where it is not counted apart."
        ),
    ]
    clicks_bare: Annotated[int, Field(description="Of the clicks: without consent and without a basis.")]
    conversions: Annotated[int, Field(description="Credited, declined ones included.")]
    pending: int
    approved: int
    declined: int
    money: tuple[Sums, ...]


@border
class TotalOut:
    status: Status
    count: int
    sale: Money
    retained: Money
    commission: Money


def figures(seen: Seen, totals: Iterable[Total]) -> Figures:
    totals = tuple(totals)
    currencies = dict.fromkeys(total.currency for total in sorted(totals, key=lambda total: -total.count))
    return Figures(
        impressions=seen.impressions,
        clicks=seen.clicks,
        clicks_reference=seen.clicks_reference,
        clicks_bare=seen.clicks_bare,
        conversions=sum(total.count for total in totals),
        pending=_count(totals, Status.PENDING),
        approved=_count(totals, Status.APPROVED, Status.PAID),
        declined=_count(totals, Status.DECLINED),
        money=tuple(
            _sums(currency, [total for total in totals if total.currency == currency], seen.clicks)
            for currency in currencies
        ),
    )


def total_out(total: Total) -> TotalOut:
    return TotalOut(
        status=total.status,
        count=total.count,
        sale=money(total.sale_minor, total.currency),
        retained=money(total.retained_minor, total.currency),
        commission=money(total.commission_minor, total.currency),
    )


def within(
    call: Call,
    since: datetime | None,
    until: datetime | None,
    *,
    program: int | None = None,
    publisher: int | None = None,
    link: int | None = None,
) -> Within:
    until_us = call.now_us + 1 if until is None else to_us(until)
    return Within(
        from_us=until_us - days_default * DAY_US if since is None else to_us(since),
        until_us=until_us,
        program=program,
        publisher=publisher,
        link=link,
    )


def per_click(minor: int, clicks: int) -> int | None:
    """Minor units a click, rounded half up; None when there was no click."""
    return (2 * minor + clicks) // (2 * clicks) if clicks else None


def _sums(currency: str, totals: list[Total], clicks: int) -> Sums:
    kept = [total for total in totals if total.status is not Status.DECLINED]
    pending_minor = sum(total.commission_minor for total in kept if total.status is Status.PENDING)
    earned_minor = sum(total.commission_minor for total in kept)
    epc_minor = per_click(earned_minor, clicks)
    return Sums(
        currency=currency,
        sale=money(sum(total.sale_minor for total in kept), currency),
        retained=money(sum(total.retained_minor for total in kept), currency),
        pending=money(pending_minor, currency),
        approved=money(earned_minor - pending_minor, currency),
        epc=None if epc_minor is None else money(epc_minor, currency),
    )


def _count(totals: Iterable[Total], *statuses: Status) -> int:
    return sum(total.count for total in totals if total.status in statuses)
