"""One step of a conversion's life: from a standing to the next, with the event that tells it and the booking that
follows. Every step, whoever caused it (a report, the clock, a person), is made here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from warum.domain import ledger
from warum.domain.catalog import CommissionRule
from warum.domain.commission import commission_minor
from warum.domain.conversion import Conversion, ConversionEvent, EventKind, Standing
from warum.kernel.ids import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What made the step.

    Attributes:
        source: the journal record; None for the clock or a person.
        note: why it changed nothing, when it did not.
    """

    kind: EventKind
    at_us: int
    seen_us: int
    source: RecordId | None = None
    status_raw: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A step: what was, what is, what is told of it, and what is booked (None when no amount moves)."""

    before: Conversion | None
    after: Conversion
    event: ConversionEvent
    txn: ledger.Txn | None

    @property
    def announced(self) -> bool:
        """Whether the publisher hears of it: its status or its commission is another than before."""
        if self.after.attribution.publisher is None:
            return False
        before, after = self.before, self.after
        return (
            before is None
            or before.standing.status is not after.standing.status
            or before.commission_minor != after.commission_minor
        )


def begin(conversion: Conversion, cause: Cause) -> Transition:
    """The first step of a conversion, which stands as its first report left it (``seq`` 1)."""
    return _transition(None, conversion, cause)


def move(current: Conversion, standing: Standing, rule: CommissionRule | None, cause: Cause) -> Transition:
    """From the current standing to the next.

    Args:
        rule: the version in force at click time, whose id stands in the conversion.
    """
    after = replace(
        current,
        standing=standing,
        commission_minor=0 if current.attribution.publisher is None else commission_minor(rule, standing),
        status_raw=current.status_raw if cause.status_raw is None else cause.status_raw,
        seq=current.seq + 1,
    )
    return _transition(current, after, cause)


def note(current: Conversion, cause: Cause) -> Transition:
    """A report that changed nothing is kept in the history all the same."""
    return _transition(current, replace(current, seq=current.seq + 1), cause)


def _transition(before: Conversion | None, after: Conversion, cause: Cause) -> Transition:
    event = ConversionEvent(
        conversion=after.id,
        seq=after.seq,
        kind=cause.kind,
        at_us=cause.at_us,
        seen_us=cause.seen_us,
        source=cause.source,
        status_raw=cause.status_raw,
        before=None if before is None else before.standing.status,
        after=after.standing,
        commission_minor=after.commission_minor,
        rule=after.rule,
        note=cause.note,
    )
    return Transition(before, after, event, ledger.plan(before, after, kind=cause.kind.value, at_us=cause.at_us))
