"""The answer to the publisher: what was found, and what it can do."""

from __future__ import annotations

from warum.domain.routine import drafts
from warum.domain.routine.claims.matching import claimed_day
from warum.domain.routine.claims.proof import Finding
from warum.domain.routine.claims.records import Facts
from warum.domain.routine.drafts import Evidence, Letter, Line, Party
from warum.kernel.ids import public
from warum.kernel.money import is_currency
from warum.kernel.period import from_us, local_date


def letter(facts: Facts, found: Finding, *, commission_minor: int | None, operator: str) -> Letter:
    """The letter; each paragraph holds what its template asks for, and nothing else."""
    held = {each.name: each for each in _held(facts, found, commission_minor, operator)}
    body = ["greeting", _opening(held), f"claim.found.{found.why.value}"]
    if commission_minor is not None:
        body.append("claim.booked_part" if "sale" in held else "claim.booked")
    body += [f"claim.do.{found.why.value}", "close"]
    return Letter(
        to_party=Party.PUBLISHER,
        to=facts.claim.publisher,
        subject=_line("claim.subject", held),
        body=tuple(_line(code, held) for code in body),
    )


def _line(code: str, held: dict[str, Evidence]) -> Line:
    return Line(code, tuple(held[name] for name in drafts.holes(code)))


def _opening(held: dict[str, Evidence]) -> str:
    if "claimed_amount" in held and "claimed_day" in held:
        return "claim.opening"
    return "claim.opening_day" if "claimed_day" in held else "claim.opening_bare"


def _held(facts: Facts, found: Finding, commission_minor: int | None, operator: str) -> list[Evidence]:
    """Everything that may be said. What the order says is told only to the one whose sale it is."""
    claim, agreement, zone = facts.claim, facts.agreement, facts.agreement.terms.timezone
    held = [
        drafts.named("name", claim.publisher_name),
        drafts.named("operator", operator),
        drafts.refs("claim", [public("claim", claim.id)]),
        drafts.day("asked", local_date(claim.claimed_us, zone)),
        drafts.count("window", agreement.terms.window_days),
        drafts.named("code", claim.voucher or (found.order.voucher if found.order else "")),
    ]
    claimed = claimed_day(claim)
    if claimed is not None:
        held.append(drafts.day("claimed_day", claimed))
    if claim.amount_minor is not None and claim.amount_minor > 0 and is_currency(claim.currency):
        held.append(drafts.amount("claimed_amount", claim.amount_minor, claim.currency))
    if agreement.claim_days is not None:
        held.append(drafts.count("claim_days", agreement.claim_days))
    if found.touch_at_us is not None:
        at_us = found.touch_at_us
        told = from_us(at_us).date() if found.by_day else None
        held.append(drafts.moment("click", at_us, zone) if told is None else drafts.day("click", told))
    if found.link is not None:
        held.append(drafts.refs("link", [public("link", found.link)]))
    held += _of_conversion(found, claim.publisher)
    order = found.order
    if order is not None:
        held.append(drafts.named("group", order.group))
    if order is not None and commission_minor is not None:
        held.append(drafts.amount("retained", order.retained_minor, order.currency))
        held.append(drafts.amount("commission", commission_minor, order.currency))
        if order.retained_minor != order.amount_minor:
            held.append(drafts.amount("sale", order.amount_minor, order.currency))
    return held


def _of_conversion(found: Finding, publisher: int) -> list[Evidence]:
    """The conversion, if it is the publisher's own."""
    own = found.conversion
    if own is None or own.attribution.publisher != publisher:
        return []
    held = [
        drafts.refs("conversion", [public("conversion", own.id)]),
        drafts.amount("credited", own.commission_minor, own.currency),
        drafts.term("status", f"status.{own.standing.status.value}"),
    ]
    if own.standing.reason is not None:
        held.append(drafts.term("reason", f"reason.{own.standing.reason.value}"))
    return held
