"""Our own spelling, with the names that other trackers and networks use for the same things, so that a partner changes
no more than the address. Of several names for one thing the first in the table counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.edge.dialects.contract import Dialect, Pairs, RawReport, singles
from warum.kernel.refusal import Refusal

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "order_id": (
        "order_id", "orderid", "order", "order_ref", "orderref", "order_reference", "transaction_id", "transactionid",
        "tid", "txid", "oid", "booking_id", "reservation_id",
    ),
    "amount": (
        "amount", "sale_amount", "order_sum", "order_value", "revenue", "sale", "sum", "total", "value", "price",
        "payout",
    ),
    "amount_minor": ("amount_minor", "amount_cents"),
    "retained": ("retained", "retained_amount"),
    "retained_minor": ("retained_minor",),
    "currency": ("currency", "currency_code", "cur", "ccy"),
    "status": ("status", "state", "conversion_status"),
    "event_id": ("event_id", "eventid", "message_id", "idempotency_key"),
    "event_type": ("event_type", "event", "goal", "et", "type"),
    "group": ("group", "commission_group", "product_group"),
    "program": ("program", "program_code", "programme"),
    "at": ("at", "event_time", "occurred_at", "conversion_time", "timestamp", "datetime"),
    "check_in": ("check_in", "checkin", "arrival", "arrival_date"),
    "check_out": ("check_out", "checkout", "departure", "departure_date"),
    "reason": ("reason", "decline_reason", "status_reason"),
    "mode": ("mode",),
    "test": ("test", "testmode", "is_test"),
}  # fmt: skip

CLICK_ALIASES: Final = (
    "click_id", "clickid", "click_ids", "clicks", "click", "wrm", "click_ref", "clickref", "subid", "sub_id", "cid",
    "aff_click_id",
)  # fmt: skip
"""A report may carry several click ids: the journey that the visitor's own browser kept."""

clicks_max: Final = 20


def read(pairs: Pairs, click_names: frozenset[str]) -> list[RawReport] | Refusal:
    found = singles(pairs, _ALIASES)
    if isinstance(found, Refusal):
        return found
    values: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for name, value in found.items():
        field, rank = _RANKS[name]
        if field not in values or rank < ranks[field]:
            values[field], ranks[field] = value, rank
    names = _CLICK_NAMES | click_names
    clicks = [value.strip() for name, value in pairs if name in names and value.strip()]
    get = values.get
    return [
        RawReport(
            clicks=tuple(dict.fromkeys(clicks))[-clicks_max:],
            order_id=get("order_id"),
            amount=get("amount"),
            amount_minor=get("amount_minor"),
            retained=get("retained"),
            retained_minor=get("retained_minor"),
            currency=get("currency"),
            status=get("status"),
            event_id=get("event_id"),
            event_type=get("event_type"),
            group=get("group"),
            program=get("program"),
            at=get("at"),
            check_in=get("check_in"),
            check_out=get("check_out"),
            reason=get("reason"),
            mode=get("mode"),
            test=get("test"),
        )
    ]


_CLICK_NAMES: Final = frozenset(CLICK_ALIASES)
_RANKS: Final = {alias: (field, rank) for field, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}
_ALIASES: Final = frozenset(_RANKS)

DIALECT: Final = Dialect(
    name="generic",
    marks=frozenset(),
    names=_CLICK_NAMES | _ALIASES,
    read=read,
)
