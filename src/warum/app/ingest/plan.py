"""What a batch of records means, decided over what was loaded for it: nothing here reads or writes anything.

Records are taken in order. Before each, and after the last, the holds that ended by then are released. What happens
follows the clock of the records and not the size of the batches: a report seen at *t* finds everything released that
was due at or before *t*."""

from __future__ import annotations

from collections.abc import Sequence

from warum.app.ingest.clicks import Clicks
from warum.app.ingest.facts import Broken, Item, Known, Plan, Reported, Seen, seen_us
from warum.app.ingest.reports import Reports
from warum.domain.records import Click, Impression, Tally, Tick
from warum.ports.tracking import Quarantined


def plan_batch(items: Sequence[Item], known: Known, *, watermark_us: int) -> Plan:
    """The plan of a batch of at least one record.

    Args:
        watermark_us: the highest ``seen_us`` before the batch.

    Raises:
        ValueError, LookupError: a record makes no sense, and no partner is to blame; it belongs into quarantine.
    """
    plan = Plan()
    clicks = Clicks(known)
    reports = Reports(known, clicks, until_us=max(watermark_us, *map(seen_us, items)))
    now_us = watermark_us
    for item in items:
        now_us = max(now_us, seen_us(item))
        reports.release(now_us)
        match item:
            case Seen():
                _take(item, clicks, reports)
            case Reported():
                reports.take(item)
            case Broken():
                plan.quarantined.append(_quarantined(item, now_us))
    reports.release(now_us)
    clicks.finish(plan, [item.raw.id for item in items])
    reports.finish(plan)
    return plan


def _take(item: Seen, clicks: Clicks, reports: Reports) -> None:
    match item.record:
        case Click() as click:
            clicks.click(click, item.raw.id)
        case Impression() as impression:
            clicks.impression(impression)
        case Tally() as tally:
            for count in tally.counts:
                reports.tally(*count)
        case Tick():
            pass


def _quarantined(item: Broken, now_us: int) -> Quarantined:
    raw = item.raw
    return Quarantined(record=raw.id, type=raw.type, body=raw.body, reason=item.fault, at_us=now_us)
