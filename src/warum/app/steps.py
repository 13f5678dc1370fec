"""Writing steps of conversions: rows, history, ledger and announcements in one go. No conversion changes otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from warum.domain.catalog import Terms
from warum.domain.conversion import Conversion
from warum.domain.history import event_content
from warum.domain.leaves import LeafType, Subject, series_of
from warum.domain.ledger import Txn
from warum.domain.lifecycle import Transition
from warum.domain.macros import conversion_fields
from warum.ports.catalog import ActorKind
from warum.ports.conversions import RecordedEvent
from warum.ports.database import Tx
from warum.ports.deliveries import Announcement
from warum.ports.log import About, Notice


def write_steps(
    tx: Tx,
    transitions: Sequence[Transition],
    *,
    terms: Mapping[int, Terms],
    actor: ActorKind | None = None,
    other_txns: Collection[Txn] = (),
) -> None:
    """Write transitions in their order; several of the same conversion follow each other.

    Args:
        terms: of every program among the conversions.
        actor: who made the steps; None where a partner's reports and the clock did.
        other_txns: what else is booked, in the same pass over the accounts.

    Raises:
        ConversionChanged: somebody else changed one of them since it was read; nothing may be committed.
    """
    new: dict[int, Conversion] = {}
    changed: dict[int, tuple[int, Conversion]] = {}
    for step in transitions:
        after = step.after
        if step.before is None or after.id in new:
            new[after.id] = after
        else:
            changed[after.id] = (changed[after.id][0] if after.id in changed else step.before.seq, after)
    # Conversions before accounts, each in id order: whoever changes one by hand does it in this order too.
    tx.conversions.insert(list(new.values()))
    tx.conversions.update([changed[conversion] for conversion in sorted(changed)])
    entries = tx.log.enter([_notice(tx, step, actor) for step in transitions])
    tx.conversions.append([_recorded(step, entry) for step, entry in zip(transitions, entries, strict=True)])
    tx.ledger.post([*(step.txn for step in transitions if step.txn is not None), *other_txns])
    tx.deliveries.enqueue([_announcement(step, terms) for step in transitions if step.announced])


def _notice(tx: Tx, step: Transition, actor: ActorKind | None) -> Notice:
    event, after = step.event, step.after
    content = event_content(
        event,
        after,
        commission_before=0 if step.before is None else step.before.commission_minor,
        salt=tx.log.salt,
    )
    return Notice(
        type=LeafType.CONVERSION,
        actor=(actor or (ActorKind.SYSTEM if event.source is None else ActorKind.KEY)).value,
        series=series_of(after.advertiser, after.attribution.publisher),
        subject=Subject("conversion", after.id),
        about=About("conversion", after.id, event.seq),
        content=content,
        at_us=event.seen_us,
        advertiser=after.advertiser,
        publisher=after.attribution.publisher,
    )


def _recorded(step: Transition, entry: int) -> RecordedEvent:
    return RecordedEvent(
        event=step.event,
        advertiser=step.after.advertiser,
        publisher=step.after.attribution.publisher,
        entry=entry,
    )


def _announcement(step: Transition, terms: Mapping[int, Terms]) -> Announcement:
    after, event = step.after, step.event
    assert after.attribution.publisher is not None  # or it would not be announced
    return Announcement(
        publisher=after.attribution.publisher,
        conversion=after.id,
        seq=after.seq,
        fields=conversion_fields(after, event=event.kind, at_us=event.at_us, program=terms[after.program].code),
        due_us=event.seen_us,
    )
