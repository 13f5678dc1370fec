"""Takes in what happened before there was a log: rules, events of conversions and acts get their entries, oldest first.

The log vouches for them from then on, and says so (``taken_in``)."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from warum.app.log.entries import TAKEN_IN, act_notice, rule_notice
from warum.domain.conversion import Conversion
from warum.domain.history import event_fields, read_event
from warum.domain.leaves import Content, LeafType, Subject, series_of
from warum.kernel.canonical import canonical
from warum.ports.catalog import ActorKind
from warum.ports.database import Database, Role, Scope, Tx
from warum.ports.log import About, Notice

batch_max: Final = 500

_SYSTEM: Final = Scope(Role.SYSTEM)


def take_in(database: Database) -> bool:
    """One batch; False when nothing is left. What it does is one transaction: it may stop anywhere."""
    with database.transaction(_SYSTEM) as tx:
        return _rules(tx) or _conversions(tx) or _acts(tx)


def take_in_rules(database: Database) -> None:
    """All rules, before anything else is entered: a conversion is checked against those that were entered before it."""
    more = True
    while more:
        with database.transaction(_SYSTEM) as tx:
            more = _rules(tx)


def _rules(tx: Tx) -> bool:
    found = tx.catalog.untaken_rules(batch_max)
    tx.log.enter(
        [
            rule_notice(tx, rule, advertiser=advertiser, actor=ActorKind.SYSTEM, at_us=made_us, taken_in=True)
            for rule, advertiser, made_us in found
        ]
    )
    return bool(found)


def _conversions(tx: Tx) -> bool:
    notices: list[Notice] = []
    for conversion_id in tx.conversions.untaken_conversions(batch_max):
        conversion = tx.conversions.get(conversion_id)
        assert conversion is not None  # its events refer to it
        notices += _history(tx, conversion)
    if not notices:
        return False
    entries = tx.log.enter(notices)
    taken = [(one.about.id, one.about.seq, entry) for one, entry in zip(notices, entries, strict=True)]
    tx.conversions.take_in(taken)
    return True


def _history(tx: Tx, conversion: Conversion) -> list[Notice]:
    events = [read_event(content) for content in tx.conversions.untaken(conversion.id)]
    notices: list[Notice] = []
    for before, event in pairwise((None, *events)):
        assert event is not None
        fields, hidden = event_fields(
            event,
            conversion,
            commission_before=0 if before is None else before.commission_minor,
            salt=tx.log.salt,
        )
        notices.append(
            Notice(
                type=LeafType.CONVERSION,
                actor=(ActorKind.SYSTEM if event.source is None else ActorKind.KEY).value,
                series=series_of(conversion.advertiser, conversion.attribution.publisher),
                subject=Subject("conversion", conversion.id),
                about=About("conversion", conversion.id, event.seq),
                content=Content(tx.log.salt(), canonical({**fields, **TAKEN_IN}), hidden),
                at_us=event.seen_us,
                advertiser=conversion.advertiser,
                publisher=conversion.attribution.publisher,
            )
        )
    return notices


def _acts(tx: Tx) -> bool:
    acts = tx.acts.untaken(batch_max)
    if not acts:
        return False
    entries = tx.log.enter([act_notice(tx, act, taken_in=True) for act in acts])
    tx.acts.take_in([(act.id, entry) for act, entry in zip(acts, entries, strict=True)])
    return True
