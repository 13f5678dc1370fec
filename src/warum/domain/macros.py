"""Macros in a publisher's postback URL. Trackers write them in many brackets and under many names; all are accepted,
so that a template which worked elsewhere works here (counted over the public templates of some hundred networks).

A value is percent-encoded. A macro that nobody knows becomes empty and is reported, never passed on as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

from warum.domain.conversion import Conversion, EventKind, Status
from warum.kernel.ids import public
from warum.kernel.money import decimal
from warum.kernel.period import SECOND_US, iso
from warum.kernel.refusal import Refusal

template_chars_max: Final = 2000

# Canonical name: the other names it goes by, without regard to case, "_", "-", "." and spaces.
MACROS: Final[Mapping[str, str]] = {
    "transaction_id": (
        "conversion_id action_id lead_id sale_id call_id postback_id rebill_id payment.id trans_id "
        "txn_id tx_id tid id transaction transacao"
    ),
    "event_id": "message_id",
    "status": (
        "conv_status conversion_status payment_status action_status order_status goal_status "
        "status_alias stage action status_pagamento"
    ),
    "reason": "decline_reason status_reason comment",
    "payout": (
        "commission comission commission_amount payout_amount payout_sum payout_partner partner_share "
        "sum amount money cash revenue revenue_amount profit income payment payment_sum payment_amount "
        "pay.amount price cost cpa_amount affiliate_earnings aff_value goal_value lead_price "
        "comissao_afiliado payout.they_get_in_dollars"
    ),
    "currency": "payout_currency offer_currency currency2 currency_code",
    "sale_amount": "order_sum order_amount order_total",
    "event_type": (
        "event event_name event_type.name type goal goal_name goal_alias goal_title goal_type conversion_type"
    ),
    "step": "",
    "program": "program_id program_code offer offer_id offer_name offer_title oid campaign campaign_id",
    "advertiser": "advertiser_id",
    "publisher": "publisher_id affiliate_id aff_id affid pid partner_id user_id user.id",
    "mode": "",
    "timestamp": "time ts unixtime",
    "datetime": "date conversion_time",
    "sub1": (
        "click_id clickid aff_click_id user_click_id visit_id cid subid sub_id sub subid1 sub_id1 s1 s "
        "sid sid1 aff_sub aff_sub1 clickref epi u1 ref_id external_id ext_cid data1 custom1 param1 subacc1 "
        "t_click tracker_click p1 clicktag utm_content get.sub1 get.subid1 click.publisher.click_id "
        "url.cid xid1 ml_sub1"
    ),
    **{
        f"sub{n}": f"subid{n} sub_id{n} s{n} sid{n} aff_sub{n} data{n} custom{n} param{n} subacc{n}"
        for n in range(2, 6)
    },
}
"""What can be asked for. ``step`` is what happened (``amended``), ``status`` where that leaves the conversion."""


class Rendered(NamedTuple):
    """A URL to call, and the macros in its template that have no meaning here, each once."""

    url: str
    unknown: tuple[str, ...]


def template_refusal(template: str) -> Refusal | None:
    """Why a template cannot be used; None when it can. No macro may stand in the host: what comes in with a click must
    not decide whom we call."""
    found = _PARTS.fullmatch(template)
    if len(template) > template_chars_max:
        return _refusal("template_too_long", f"A postback URL has at most {template_chars_max} characters.")
    if found is None or not found["host"]:
        return _refusal("template_not_http", "A postback URL begins with https:// or http:// and a host name.")
    if not _HOST.fullmatch(found["host"]):
        return _refusal(
            "template_host", "The host of a postback URL is a plain name, with no macro, user name or password in it."
        )
    return None


def render(template: str, fields: Mapping[str, str]) -> Rendered:
    """The URL with its macros filled in.

    Args:
        template: one that ``template_refusal`` let pass.
        fields: values by canonical name (``MACROS``) or by the name of a sub id; what is missing becomes empty.
    """
    named = {_plain(name): value for name, value in fields.items()}
    unknown: dict[str, None] = {}

    def value_of(name: str) -> str | None:
        plain = _plain(name)
        if plain in named:
            return named[plain]
        canonical = _CANONICAL.get(plain)
        return None if canonical is None else named.get(_plain(canonical), "")

    found = _PARTS.fullmatch(template)
    if found is None:
        raise ValueError("not a postback URL")
    url: list[str] = [found["origin"]]
    rest, at = found["rest"], 0
    for macro in _MACRO.finditer(rest):
        name = next(group for group in macro.groups() if group is not None)
        value = value_of(name)
        if value is None:
            unknown[name] = None
        url += _literal(rest[at : macro.start()]), quote(value or "", safe="")
        at = macro.end()
    url.append(_literal(rest[at:]))
    whole = "".join(url)
    # A fragment is never sent; what is left of "#" is either one or a bracket that nothing closes.
    return Rendered(whole.partition("#")[0], tuple(unknown))


def conversion_fields(conversion: Conversion, *, event: EventKind, at_us: int, program: str) -> dict[str, str]:
    """What a publisher hears about one step of its conversion. The advertiser's order id is not among it: it may
    lead to a person.

    Args:
        at_us: when the step happened.
        program: the program's public code.
    """
    standing = conversion.standing
    publisher = conversion.attribution.publisher
    transaction = public("conversion", conversion.id)
    return {
        "transaction_id": transaction,
        "event_id": event_id(conversion.id, conversion.seq),
        "status": standing.status.value,
        "reason": standing.reason.value if standing.status is Status.DECLINED and standing.reason else "",
        "payout": decimal(conversion.commission_minor, conversion.currency),
        "currency": conversion.currency,
        "sale_amount": decimal(standing.sale_minor, conversion.currency),
        "event_type": conversion.event_type,
        "step": event.value,
        "program": program,
        "advertiser": public("advertiser", conversion.advertiser),
        "publisher": "" if publisher is None else public("publisher", publisher),
        "mode": conversion.mode.word,
        "timestamp": str(at_us // SECOND_US),
        "datetime": iso(at_us),
    }


def event_id(conversion: int, seq: int) -> str:
    """The stable id of the announcement of a step: ``cnv_12.3``."""
    return f"{public('conversion', conversion)}.{seq}"


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, field="url_template")


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()


def _literal(text: str) -> str:
    return quote(text, safe="%/?:@!$&'()*+,;=#[]~")


_SEPARATORS: Final = re.compile(r"[_\-. ]")
_CANONICAL: Final[Mapping[str, str]] = {
    _plain(name): canonical for canonical, others in MACROS.items() for name in (canonical, *others.split())
}
_PARTS: Final = re.compile(r"(?P<origin>(?i:https?)://(?P<host>[^/?#\\\s]*))(?P<rest>(?:[/?#].*)?)", re.DOTALL)
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")

_NAME: Final = r"([A-Za-z][\w.:()\- ]{0,63})"
# The longer bracket first, or [[[x]]] would be read as [x] between brackets. "[x]" after a name, or before "=", is
# part of the name of a parameter: items[x]=.
_MACRO: Final = re.compile(
    "|".join(
        (
            rf"\[\[\[{_NAME}\]\]\]",
            rf"\{{\{{{_NAME}\}}\}}",
            rf"\[={_NAME}=\]",
            rf"##{_NAME}##",
            rf"[$#]\{{{_NAME}\}}",
            rf"\{{{_NAME}\}}",
            rf"(?<![\w\]])\[{_NAME}\](?!=)",
            rf"<{_NAME}>",
            rf"#{_NAME}#",
            rf"%{_NAME}%(?![0-9A-Fa-f]{{2}})",  # %D0%BF is percent-encoding, and no macro
        )
    )
)
