"""The canonical form of a conversion's events: the bytes that the log commits to, and back.

The first event of a conversion also holds what it was from the beginning (order, program, credit), so that nothing
about it can be rewritten behind its history. Every number that may need 64 bits is text; the version leads."""

from __future__ import annotations

import json
from typing import Any

from warum.domain.conversion import Conversion, ConversionEvent, EventKind, Reason, Standing, Status
from warum.kernel.canonical import Plain, canonical
from warum.kernel.ids import RecordId


def canonical_event(event: ConversionEvent, conversion: Conversion) -> bytes:
    """RFC 8785 bytes of an event of this conversion."""
    after = event.after
    fields: dict[str, Plain] = {
        "v": 1,
        "conversion": str(event.conversion),
        "seq": event.seq,
        "kind": event.kind.value,
        "at": str(event.at_us),
        "seen": str(event.seen_us),
        "source": None if event.source is None else str(event.source),
        "status_raw": event.status_raw,
        "before": None if event.before is None else event.before.value,
        "after": {
            "status": after.status.value,
            "reason": None if after.reason is None else after.reason.value,
            "sale": str(after.sale_minor),
            "retained": str(after.retained_minor),
            "check_in": after.check_in,
            "check_out": after.check_out,
            "release_at": _text(after.release_at_us),
        },
        "commission": str(event.commission_minor),
        "rule": _text(event.rule),
        "note": event.note,
    }
    if event.seq == 1:
        fields["order"] = _order(conversion)
    return canonical(fields)


def read_event(content: bytes) -> ConversionEvent:
    """The event behind canonical bytes; ValueError or KeyError for other bytes."""
    fields: dict[str, Any] = json.loads(content)
    if fields["v"] != 1:
        raise ValueError("an event of another version")
    after = fields["after"]
    return ConversionEvent(
        conversion=int(fields["conversion"]),
        seq=fields["seq"],
        kind=EventKind(fields["kind"]),
        at_us=int(fields["at"]),
        seen_us=int(fields["seen"]),
        source=None if fields["source"] is None else RecordId(*map(int, fields["source"].split("/"))),
        status_raw=fields["status_raw"],
        before=None if fields["before"] is None else Status(fields["before"]),
        after=Standing(
            status=Status(after["status"]),
            reason=None if after["reason"] is None else Reason(after["reason"]),
            sale_minor=int(after["sale"]),
            retained_minor=int(after["retained"]),
            check_in=after["check_in"],
            check_out=after["check_out"],
            release_at_us=_number(after["release_at"]),
        ),
        commission_minor=int(fields["commission"]),
        rule=_number(fields["rule"]),
        note=fields["note"],
    )


def _order(conversion: Conversion) -> Plain:
    credit = conversion.attribution
    return {
        "advertiser": str(conversion.advertiser),
        "program": str(conversion.program),
        "order_id": conversion.order_id,
        "event_type": conversion.event_type,
        "group": conversion.group,
        "mode": conversion.mode.word,
        "currency": conversion.currency,
        "booked_at": str(conversion.booked_at_us),
        "credit": credit.credit.value,
        "why": credit.why,
        "publisher": _text(credit.publisher),
        "partnership": _text(credit.partnership),
        "link": _text(credit.link),
        "allocation": _text(credit.allocation),
        "arm": credit.arm,
        "click_at": _text(credit.click_at_us),
        "click": None if credit.click_record is None else str(credit.click_record),
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
