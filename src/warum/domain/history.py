"""The payload of a conversion's event, as the log commits to it, and back.

The first event of a conversion also holds what it was from the beginning (order, credit), so that nothing about it can
be rewritten behind its history. The order id is hidden in it: it may lead to a person, and publishers do not see it.
Version 1 was kept before there was a log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from warum.domain.conversion import Conversion, ConversionEvent, EventKind, Reason, Standing, Status
from warum.domain.leaves import Content, hide
from warum.kernel.canonical import Plain, canonical
from warum.kernel.ids import RecordId, private, public

ORDER_ID: Final = "order_id"


def event_content(
    event: ConversionEvent, conversion: Conversion, *, commission_before: int, salt: Callable[[], bytes]
) -> Content:
    """The payload of an event of this conversion (as it stood after it).

    Args:
        commission_before: of the standing before; of no weight for the first event.
        salt: 32 fresh random bytes a call.
    """
    fields, hidden = event_fields(event, conversion, commission_before=commission_before, salt=salt)
    return Content(salt(), canonical(fields), hidden)


def event_fields(
    event: ConversionEvent, conversion: Conversion, *, commission_before: int, salt: Callable[[], bytes]
) -> tuple[dict[str, Plain], dict[str, tuple[bytes, Plain]]]:
    """The payload, and what it hides."""
    after, credit = event.after, conversion.attribution
    fields: dict[str, Plain] = {
        "v": 2,
        "advertiser": public("advertiser", conversion.advertiser),
        "publisher": _id("publisher", credit.publisher),
        "program": public("program", conversion.program),
        "conversion": public("conversion", event.conversion),
        "seq": event.seq,
        "kind": event.kind.value,
        "at": str(event.at_us),
        "seen": str(event.seen_us),
        "source": None if event.source is None else str(event.source),
        "status_raw": event.status_raw,
        "mode": conversion.mode.word,
        "currency": conversion.currency,
        "before": None
        if event.before is None
        else {"status": event.before.value, "commission": str(commission_before)},
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
        "rule": _id("rule_version", event.rule),
        "group": conversion.group,
        "click_at": _text(credit.click_at_us),
        "note": event.note,
    }
    hidden: dict[str, tuple[bytes, Plain]] = {}
    if event.seq == 1:
        order_id: Plain = None
        if conversion.order_id is not None:
            hidden[ORDER_ID] = salt(), conversion.order_id
            order_id = hide(*hidden[ORDER_ID])
        fields["order"] = _order(conversion, order_id)
    return fields, hidden


def read_event(content: bytes) -> ConversionEvent:
    """The event behind a payload of either version; ValueError or KeyError for other bytes."""
    fields: dict[str, Any] = json.loads(content)
    if fields["v"] not in (1, 2):
        raise ValueError("an event of another version")
    after, before = fields["after"], fields["before"]
    return ConversionEvent(
        conversion=_number("conversion", fields["conversion"]),
        seq=fields["seq"],
        kind=EventKind(fields["kind"]),
        at_us=int(fields["at"]),
        seen_us=int(fields["seen"]),
        source=None if fields["source"] is None else RecordId(*map(int, fields["source"].split("/"))),
        status_raw=fields["status_raw"],
        before=None if before is None else Status(before if fields["v"] == 1 else before["status"]),
        after=Standing(
            status=Status(after["status"]),
            reason=None if after["reason"] is None else Reason(after["reason"]),
            sale_minor=int(after["sale"]),
            retained_minor=int(after["retained"]),
            check_in=after["check_in"],
            check_out=after["check_out"],
            release_at_us=None if after["release_at"] is None else int(after["release_at"]),
        ),
        commission_minor=int(fields["commission"]),
        rule=None if fields["rule"] is None else _number("rule_version", fields["rule"]),
        note=fields["note"],
    )


def _order(conversion: Conversion, order_id: Plain) -> Plain:
    credit = conversion.attribution
    return {
        "order_id": order_id,
        "event_type": conversion.event_type,
        "booked_at": str(conversion.booked_at_us),
        "credit": credit.credit.value,
        "why": credit.why,
        "partnership": _id("partnership", credit.partnership),
        "link": _id("link", credit.link),
        "allocation": _id("allocation", credit.allocation),
        "arm": credit.arm,
        "click": None if credit.click_record is None else str(credit.click_record),
    }


def _id(kind: str, value: int | None) -> str | None:
    return None if value is None else public(kind, value)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _number(kind: str, text: str) -> int:
    """Version 1 had plain numbers."""
    found = int(text) if text.isdecimal() else private(kind, text)
    if found is None:
        raise ValueError(f"{text!r} is no {kind}")
    return found
