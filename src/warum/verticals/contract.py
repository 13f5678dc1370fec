"""What a vertical answers: what a first report makes of an order, and what each later report makes of its standing.

A vertical is pure and knows nothing of commissions or postings: those follow from the standing. ``Refusal`` is for a
report that this vertical cannot apply; it is kept with its reason, for a person, and the standing stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from warum.domain.catalog import Terms, Validation
from warum.domain.conversion import Reason, Report, Standing, Status, Step
from warum.kernel.refusal import Refusal


class Vertical(Protocol):
    """One kind of business."""

    @property
    def name(self) -> str: ...

    def book(self, report: Report, terms: Terms) -> Standing | Refusal:
        """The standing after the first report of an order."""
        ...

    def change(self, current: Standing, report: Report, terms: Terms) -> Standing | Refusal:
        """The standing after a later report. An equal standing means that nothing changed."""
        ...


def release(current: Standing, terms: Terms) -> Standing:
    """The standing once the hold has run out. Manual validation goes on waiting, for the advertiser's own word."""
    if current.status is not Status.PENDING:
        return current
    if terms.validation is Validation.MANUAL:
        return replace(current, release_at_us=None)
    return replace(current, status=Status.APPROVED, reason=None, release_at_us=None)


def approved(current: Standing, report: Report) -> Standing | Refusal:
    """Confirmed by the partner. What it says is retained counts, and so does an amount that is not the one that was
    sold: a partner that repeats the price in every message must not undo a partial refund with it."""
    retained_minor = report.retained_minor
    corrected = report.amount_minor != current.sale_minor or current.status is Status.DECLINED
    if retained_minor is None and report.amount_minor is not None and corrected:
        retained_minor = report.amount_minor
    if retained_minor is None and current.status is Status.DECLINED:
        return NOTHING_RETAINED
    return replace(
        current,
        status=Status.PAID if current.status is Status.PAID else Status.APPROVED,
        reason=None,
        retained_minor=current.retained_minor if retained_minor is None else retained_minor,
        release_at_us=None,
    )


def declined(current: Standing, reason: Reason) -> Standing:
    """Nothing is retained and nothing is owed."""
    return Standing(
        status=Status.DECLINED,
        reason=reason,
        sale_minor=current.sale_minor,
        retained_minor=0,
        check_in=current.check_in,
        check_out=current.check_out,
        release_at_us=None,
    )


def not_for(vertical: str, step: Step) -> Refusal:
    """A step that this kind of business does not know."""
    return Refusal(
        code="step_not_applicable",
        message=f"'{step.value}' says nothing about a {vertical} order. It is kept for a person to look at.",
        field="status",
    )


UNKNOWN_WORD = Refusal(
    code="status_unknown",
    message="The status word is not one we know. It is kept as it came, for a person to read; nothing was changed.",
    field="status",
)
"""We never guess what a partner meant."""

AMOUNT_MISSING = Refusal(
    code="amount_missing",
    message="A first report of an order needs its amount. It is kept; send the amount with the same order id.",
    field="amount",
)

NOTHING_RETAINED = Refusal(
    code="nothing_retained",
    message="The order was declined and retains nothing. The report is kept; say which amount is confirmed after all.",
    field="amount",
)
