"""Retail: a purchase may be sent back, so it stays pending for the return period that starts with the order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from warum.domain.catalog import Terms
from warum.domain.conversion import Reason, Report, Standing, Status, Step
from warum.kernel.period import days_later
from warum.kernel.refusal import Refusal
from warum.verticals.contract import AMOUNT_MISSING, UNKNOWN_WORD, approved, declined, not_for


@dataclass(frozen=True, slots=True)
class Retail:
    name: str = "retail"

    def book(self, report: Report, terms: Terms) -> Standing | Refusal:
        if report.step is Step.UNKNOWN:
            return UNKNOWN_WORD
        if report.amount_minor is None:
            return AMOUNT_MISSING
        ordered = Standing(
            status=Status.PENDING,
            reason=None,
            sale_minor=report.amount_minor,
            retained_minor=report.amount_minor,
            check_in=None,
            check_out=None,
            release_at_us=days_later(report.at_us, terms.hold_days),
        )
        return ordered if report.step is Step.BOOKED else self.change(ordered, report, terms)

    def change(self, current: Standing, report: Report, terms: Terms) -> Standing | Refusal:
        match report.step:
            case Step.BOOKED:
                return current
            case Step.AMENDED:
                return self._amended(current, report)
            case Step.REFUNDED:
                return _refunded(current, report)
            case Step.CANCELLED:
                return declined(current, Reason.CANCELLED)
            case Step.DECLINED:
                return declined(current, Reason.DECLINED_BY_ADVERTISER)
            case Step.APPROVED:
                return approved(current, report)
            case Step.STAYED | Step.NO_SHOW:
                return not_for(self.name, report.step)
            case Step.UNKNOWN:
                return UNKNOWN_WORD

    def _amended(self, current: Standing, report: Report) -> Standing | Refusal:
        if report.amount_minor is None:
            return AMOUNT_MISSING
        if current.status is Status.DECLINED:
            return current
        return replace(current, sale_minor=report.amount_minor, retained_minor=report.amount_minor)


def _refunded(current: Standing, report: Report) -> Standing:
    """A refund without a retained amount is a full one."""
    if not report.retained_minor:
        return declined(current, Reason.REFUNDED)
    return replace(current, retained_minor=report.retained_minor)


VERTICAL: Final = Retail()
