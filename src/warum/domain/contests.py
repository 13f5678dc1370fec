"""Contests: whom a decision cost income may object to it, and a person answers by a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from warum.domain.catalog import PartnershipStatus
from warum.domain.conversion import Conversion, ConversionEvent, Status
from warum.kernel.period import from_us

# Half of the month within which a person has to be answered (GDPR, Art. 12(3)): there is time to ask the advertiser
# back, and a publisher that lives on it does not wait for a settlement to go by. No setting, since the publisher is
# told the day, and every house would set it late.
answer_days: Final = 14

_AGAINST: Final = frozenset({PartnershipStatus.DECLINED, PartnershipStatus.ENDED})


class Verdict(StrEnum):
    """What became of the decision that was contested."""

    UPHELD = "upheld"
    CHANGED = "changed"


def due_on(opened_us: int) -> date:
    """The last day, UTC, on which the answer is in time."""
    return from_us(opened_us).date() + timedelta(days=answer_days)


def days_left(due: date, now_us: int) -> int:
    """0 on the last day, below zero when it is over."""
    return (due - from_us(now_us).date()).days


def cost_income(conversion: Conversion, past: Iterable[ConversionEvent]) -> bool:
    """Whether the publisher of a conversion has something to object to: it was declined, or earns less than it did.

    Args:
        past: its events, as far as they were not erased.
    """
    standing = conversion.standing
    return (
        standing.status is Status.DECLINED
        or standing.retained_minor < standing.sale_minor
        or any(event.commission_minor > conversion.commission_minor for event in past)
    )


def cost_partnership(status: PartnershipStatus) -> bool:
    """Whether the publisher has something to object to: it was declined, or ended."""
    return status in _AGAINST
