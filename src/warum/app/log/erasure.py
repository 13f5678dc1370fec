"""Erasure: what may lead to a person goes, the proof that something was entered stays, and the books stay right.

Keys are destroyed, so what was sealed under them can never be read again. Before that, the log keeps what each entry
added to its pair, so that statements come out the same. An ``erasure`` leaf in each series names the numbers that can
no longer be read: a partner sees that an operator erased them, and does not take it for a loss. Copies of a database
that were made before hold the old keys; they go with the retention of backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import ConversionRef, PublisherRef, ReasonText, border, missing
from warum.app.call import Call, Done
from warum.app.log.entries import HOUSE, enter
from warum.domain.catalog import PartnershipStatus
from warum.domain.conversion import Conversion
from warum.domain.leaves import LeafType, Series, Subject
from warum.domain.records import Postback
from warum.domain.statements import Delta, delta
from warum.kernel.ids import code, public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Tx
from warum.ports.journal import Journal, RawRecord
from warum.ports.log import About
from warum.ports.tracking import Quarantined

CONVERSION_ERASURE: Final = "conversion_erasure"
"""What the leaf speaks of that tells of an erasure. It is no event of the conversion."""
_random_chars: Final = 20
_many: Final = 10_000
_COUNTED: Final = frozenset({LeafType.CONVERSION, LeafType.CLICKS})
_OVER: Final = frozenset({PartnershipStatus.DECLINED, PartnershipStatus.ENDED})

Numbers = Sequence[tuple[Series, int]]


@border
class ErasedSeries:
    series: Annotated[str, Field(description="Whose records are numbered together, such as adv_1/pub_2.")]
    numbers: Annotated[tuple[int, ...], Field(description="Those whose content cannot be read any more.")]


@border
class ConversionErased:
    conversion: ConversionRef
    erased: tuple[ErasedSeries, ...]


@border
class ConversionErase:
    """It cannot be undone. Order id, partner's words, reasons, contests and sub ids go; status, amounts, postings and
    statements stay. A report that names the order afterwards is a new order to us: tell the advertiser."""

    conversion: ConversionRef
    reason: ReasonText


def erase_conversion(tx: Tx, call: Call, ask: ConversionErase) -> Done[ConversionErased] | Refusal:
    current = tx.conversions.get(ask.conversion, lock=True)
    if current is None:
        return missing("conversion", ask.conversion)
    if tx.conversions.untaken(current.id):
        return Refusal(
            code="log_taking_in",
            message="The log is still taking in what happened before there was one. Try again in a few minutes.",
            kind=Kind.CONFLICT,
        )
    contests = tx.contests.contests(conversion=current.id, limit=_many)
    reports = tx.erasure.reports_of(current)
    acts = tx.erasure.acts_on(
        [
            public("conversion", current.id),
            *(public("contest", contest.id) for contest in contests),
            *(public("report", report) for report in reports),
        ]
    )
    _blank_order(tx, call, current, reports)
    tx.erasure.blank_acts(acts)
    tx.log.hold()
    gone = [
        *_destroy(tx, Subject("conversion", current.id), at_us=call.now_us),
        # What was said in contests and reports is kept under the partner's key, with much that has to stay.
        *tx.log.forget([About("contest", contest.id) for contest in contests]),
        *tx.log.forget([About("act", act) for act in acts]),
    ]
    erased = _enter(tx, call, gone, about=About(CONVERSION_ERASURE, current.id), reason=ask.reason)
    return Done(
        output=ConversionErased(conversion=current.id, erased=erased),
        subject=public("conversion", current.id),
        after=None,  # it is no step of the conversion
        advertiser=current.advertiser,
        publisher=current.attribution.publisher,
    )


@border
class PublisherErased:
    publisher: PublisherRef
    name: Annotated[str, Field(description="What it is called from now on.")]
    erased: tuple[ErasedSeries, ...]


@border
class PublisherErase:
    """It cannot be undone. For a publisher that is a natural person: name, code, applications, contests, reasons and
    postback addresses go; its keys are revoked and its partnerships end. Conversions, postings and statements stay.
    What was said of a single order goes with that order (conversion.erase)."""

    publisher: PublisherRef
    reason: ReasonText


def erase_publisher(tx: Tx, call: Call, ask: PublisherErase) -> Done[PublisherErased] | Refusal:
    found = tx.catalog.publisher(ask.publisher, lock=True)
    if found is None:
        return missing("publisher", ask.publisher)
    name = f"erased publisher {found.id}"
    _end_partnerships(tx, call, found.id)
    tx.erasure.blank_publisher(found.id, name=name, code=_random(call), at_us=call.now_us)
    tx.erasure.blank_acts(tx.erasure.acts_of_publisher(found.id))
    tx.messages.erase(found.id)
    tx.snapshot.queue_links_of(publisher=found.id, at_us=call.now_us)
    tx.log.hold()
    gone = _destroy(tx, Subject("publisher", found.id), at_us=call.now_us)
    erased = _enter(tx, call, gone, about=About("publisher_erasure", found.id), reason=ask.reason)
    after = tx.catalog.publisher(found.id)
    assert after is not None
    return Done(
        output=PublisherErased(publisher=found.id, name=name, erased=erased),
        subject=public("publisher", found.id),
        before=found.row_version,
        after=after.row_version,
        publisher=found.id,
    )


def _destroy(tx: Tx, subject: Subject, *, at_us: int) -> Numbers:
    """Destroy the keys of a subject, after keeping what the books need."""
    kept: dict[int, Delta] = {}
    for entry, kind, content in tx.log.readable(subject):
        counted = delta(content.fields()) if kind in _COUNTED else None
        if counted is not None:
            kept[entry] = counted
    return tx.log.erase(subject, kept=kept, at_us=at_us)


def _enter(tx: Tx, call: Call, gone: Numbers, *, about: About, reason: str) -> tuple[ErasedSeries, ...]:
    """A leaf for each series that says which numbers cannot be read any more."""
    numbers: dict[Series, list[int]] = {}
    for series, number in gone:
        numbers.setdefault(series, []).append(number)
    for series, erased in sorted(numbers.items()):
        enter(
            tx,
            LeafType.ERASURE,
            {
                "v": 1,
                "series": series.name,
                "numbers": [str(number) for number in sorted(erased)],
                "reason": reason,
                "at": str(call.now_us),
            },
            actor=call.caller.kind,
            series=series,
            subject=HOUSE,
            about=about,
            at_us=call.now_us,
            advertiser=series.advertiser or None,
            publisher=series.publisher or None,
        )
    return tuple(
        ErasedSeries(series=series.name, numbers=tuple(sorted(erased))) for series, erased in sorted(numbers.items())
    )


def _blank_order(tx: Tx, call: Call, conversion: Conversion, reports: Sequence[int]) -> None:
    order_id = conversion.order_id
    event_ids = tx.erasure.event_ids_of(conversion)
    tx.erasure.blank_order(
        conversion,
        order_id=_random(call),
        event_ids={event_id: _random(call) for event_id in event_ids},
        reports=reports,
        at_us=call.now_us,
    )
    if order_id is not None:
        held = tx.erasure.quarantined_with(order_id)
        named = [one.record for one in held if _names(call.deps.journal, one, conversion.advertiser, order_id)]
        tx.erasure.blank_quarantined(named, at_us=call.now_us)


def _names(journal: Journal | None, held: Quarantined, advertiser: int, order_id: str) -> bool:
    """Whether a record that holds these bytes names the order. One that cannot be read is taken to do so."""
    if journal is None:
        return True
    try:
        record = journal.decode(RawRecord(held.record, held.type, held.body))
    except (LookupError, ValueError):
        return True
    return isinstance(record, Postback) and (record.advertiser, record.order_id) == (advertiser, order_id)


def _end_partnerships(tx: Tx, call: Call, publisher: int) -> None:
    """Nobody is left to work with. The links go on redirecting, and count no longer."""
    for one in tx.catalog.partnerships(program=None, publisher=publisher, status=None, after=0, limit=_many):
        if one.status not in _OVER:
            tx.catalog.save_partnership(replace(one, status=PartnershipStatus.ENDED, decided_us=call.now_us))


def _random(call: Call) -> str:
    """Leads to nothing."""
    return f"erased-{code(call.deps.entropy(_random_chars))}"
