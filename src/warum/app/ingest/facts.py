"""What goes into the plan of a batch and what comes out of it. Records stand here as they were decoded; what the
database knew about them stands in ``Known``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from warum.app.log.entries import PaidClicks, ToldReport
from warum.domain.catalog import CommissionRule, EdgeLink, Terms
from warum.domain.conversion import Conversion, Step
from warum.domain.lifecycle import Transition
from warum.domain.mode import Mode
from warum.domain.records import Click, Impression, Postback, Tally, Tick
from warum.domain.token import TokenFault, Touch
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Refusal
from warum.ports.conversions import ClickKey, OpenReport, OrderKey
from warum.ports.journal import RawRecord
from warum.ports.tracking import Counts, DropKey, Quarantined, RollupKey, SealedSubIds

_FIRST_STEPS: Final = frozenset({Step.APPROVED, Step.STAYED})


@dataclass(frozen=True, slots=True)
class Seen:
    """A record of the edge's own making."""

    raw: RawRecord
    record: Click | Impression | Tally | Tick


@dataclass(frozen=True, slots=True)
class Reported:
    """What a partner reported, with its click ids read.

    Attributes:
        mode: test as soon as the partner or its latest click says so: a test never pays.
        keys: what the order goes by: its id, or else the clicks that may stand for it, the latest first.
    """

    raw: RawRecord
    postback: Postback
    touches: tuple[Touch | TokenFault, ...]
    mode: Mode
    keys: tuple[OrderKey | ClickKey, ...]

    @property
    def may_begin(self) -> bool:
        """Whether it can be the first that we hear of an order: a booking, or a confirmation that says the amount. The
        rest presupposes a report that is still on its way."""
        step = Step(self.postback.step)
        return step is Step.BOOKED or (step in _FIRST_STEPS and self.postback.amount_minor is not None)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not decode, and why."""

    raw: RawRecord
    fault: str


Item: TypeAlias = Seen | Reported | Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was loaded for a batch.

    Attributes:
        new_reports: postbacks whose event id was not known before.
        due: pending conversions whose hold ends within the batch.
        waiting: parked reports of orders that the batch may bring.
        conversion_ids: fresh ids, enough for every postback of the batch.
    """

    links: Mapping[int, EdgeLink]
    terms: Mapping[int, Terms]
    programs_of: Mapping[int, tuple[int, ...]]
    rules: Mapping[int, tuple[CommissionRule, ...]]
    reference_bases: Mapping[int, str]
    new_reports: frozenset[RecordId]
    conversions: Sequence[Conversion]
    due: Sequence[Conversion]
    waiting: Sequence[Reported]
    conversion_ids: Iterator[int]


@dataclass(slots=True, kw_only=True)
class Plan:
    """What to write.

    Attributes:
        open_reports: reports that were not applied, by their record.
        resolved: when parked reports of earlier batches were applied.
        judged: parked reports of earlier batches that cannot be applied now that their order is there.
        told: reports that changed no conversion.
    """

    transitions: list[Transition] = field(default_factory=list[Transition])
    paid_clicks: list[PaidClicks] = field(default_factory=list[PaidClicks])
    counts: list[tuple[RollupKey, Counts]] = field(default_factory=list[tuple[RollupKey, Counts]])
    drops: list[tuple[DropKey, int]] = field(default_factory=list[tuple[DropKey, int]])
    sub_ids: list[SealedSubIds] = field(default_factory=list[SealedSubIds])
    open_reports: dict[RecordId, OpenReport] = field(default_factory=dict[RecordId, OpenReport])
    resolved: list[tuple[RecordId, int]] = field(default_factory=list[tuple[RecordId, int]])
    judged: list[tuple[RecordId, Refusal]] = field(default_factory=list[tuple[RecordId, Refusal]])
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    told: list[ToldReport] = field(default_factory=list[ToldReport])


def seen_us(item: Item) -> int:
    """When the edge received it; 0 when that cannot be read."""
    match item:
        case Seen():
            return item.record.seen_us
        case Reported():
            return item.postback.seen_us
        case Broken():
            return 0


def reported(raw: RawRecord, postback: Postback, touches: Sequence[Touch | TokenFault]) -> Reported:
    """A postback with what follows from its click ids."""
    clicks = sorted((touch for touch in touches if isinstance(touch, Touch)), key=_moment, reverse=True)
    mode = Mode.TEST if clicks and clicks[0].mode is Mode.TEST else postback.mode
    head = postback.advertiser, mode, postback.event_type
    keys: tuple[OrderKey | ClickKey, ...]
    if postback.order_id is not None:
        keys = (OrderKey(*head, postback.order_id),)
    else:
        keys = tuple(ClickKey(*head, touch.record) for touch in clicks if touch.record is not None)
    return Reported(raw, postback, tuple(touches), mode, keys)


def _moment(touch: Touch) -> int:
    return touch.at_us
