"""Hotel: nothing is earned before the stay. The commission waits for check-out and some days more, and is counted on
the retained revenue: what the house keeps after a cancellation, a no-show or a partial refund.

A no-show or a late cancellation may still cost the guest a fee; whoever reports ``retained`` with it keeps the
commission on the fee, as booking portals do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from warum.domain.catalog import Terms
from warum.domain.conversion import Reason, Report, Standing, Status, Step
from warum.kernel.period import days_later, local_midnight
from warum.kernel.refusal import Refusal
from warum.verticals.contract import AMOUNT_MISSING, UNKNOWN_WORD, approved, declined


@dataclass(frozen=True, slots=True)
class Hotel:
    name: str = "hotel"

    def book(self, report: Report, terms: Terms) -> Standing | Refusal:
        if report.step is Step.UNKNOWN:
            return UNKNOWN_WORD
        if report.amount_minor is None:
            return AMOUNT_MISSING
        booked = Standing(
            status=Status.PENDING,
            reason=None,
            sale_minor=report.amount_minor,
            retained_minor=report.amount_minor,
            check_in=report.check_in,
            check_out=report.check_out,
            release_at_us=_after_planned_stay(report.check_out, terms),
        )
        return booked if report.step is Step.BOOKED else self.change(booked, report, terms)

    def change(self, current: Standing, report: Report, terms: Terms) -> Standing | Refusal:
        match report.step:
            case Step.BOOKED:
                return current
            case Step.AMENDED:
                return _amended(current, report, terms)
            case Step.STAYED:
                return _stayed(current, report, terms)
            case Step.REFUNDED:
                return _kept(current, report, terms, Reason.REFUNDED)
            case Step.CANCELLED:
                return _kept(current, report, terms, Reason.CANCELLED)
            case Step.NO_SHOW:
                return _kept(current, report, terms, Reason.NO_SHOW)
            case Step.DECLINED:
                return declined(current, Reason.DECLINED_BY_ADVERTISER)
            case Step.APPROVED:
                return approved(current, report)
            case Step.UNKNOWN:
                return UNKNOWN_WORD


def _after_planned_stay(check_out: str | None, terms: Terms) -> int | None:
    """The hold starts when the day of check-out is over where the hotel stands."""
    if check_out is None:
        return None
    day_after = date.fromisoformat(check_out) + timedelta(days=1)
    return days_later(local_midnight(day_after, terms.timezone), terms.hold_days)


def _amended(current: Standing, report: Report, terms: Terms) -> Standing:
    if current.status is Status.DECLINED:
        return current
    amount_minor = current.sale_minor if report.amount_minor is None else report.amount_minor
    check_out = report.check_out or current.check_out
    moved = report.check_out is not None and current.status is Status.PENDING
    return replace(
        current,
        sale_minor=amount_minor,
        retained_minor=amount_minor if report.amount_minor is not None else current.retained_minor,
        check_in=report.check_in or current.check_in,
        check_out=check_out,
        release_at_us=_after_planned_stay(check_out, terms) if moved else current.release_at_us,
    )


def _stayed(current: Standing, report: Report, terms: Terms) -> Standing:
    """The reported check-out replaces the planned one; the amount may be corrected with it."""
    if current.status is Status.DECLINED:
        return current
    if report.retained_minor is not None:
        retained_minor = report.retained_minor
    else:
        retained_minor = current.retained_minor if report.amount_minor is None else report.amount_minor
    return replace(
        current,
        retained_minor=retained_minor,
        check_out=report.check_out or current.check_out,
        release_at_us=days_later(report.at_us, terms.hold_days) if current.status is Status.PENDING else None,
    )


def _kept(current: Standing, report: Report, terms: Terms, reason: Reason) -> Standing:
    """Declined, unless the house keeps a fee or a part of the price; a fee that is reported later brings it back."""
    if not report.retained_minor:
        return declined(current, reason)
    if current.status is not Status.DECLINED:
        return replace(current, retained_minor=report.retained_minor, reason=reason)
    return replace(
        current,
        status=Status.PENDING,
        reason=reason,
        retained_minor=report.retained_minor,
        release_at_us=_after_planned_stay(current.check_out, terms) or days_later(report.at_us, terms.hold_days),
    )


VERTICAL: Final = Hotel()
