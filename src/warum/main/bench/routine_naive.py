"""Rules of thumb for the same three judgements, as the anchors of ``bench routine``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from warum.domain.conversion import Status
from warum.domain.routine.claims.records import Answer, Facts, Why
from warum.domain.routine.links import records as links
from warum.domain.routine.reminders import Asked, Open, Program
from warum.domain.scout.idle import LinkSeen
from warum.kernel.money import share
from warum.kernel.period import DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    answer: Answer
    why: Why
    retained_minor: int | None = None
    commission_minor: int | None = None


def claimed(facts: Facts) -> Claimed:
    """Accept what the advertiser has under the same number and nobody was credited with; reject the rest."""
    number = facts.claim.order_id.strip()
    if any(each.order_id == number and each.attribution.publisher is not None for each in facts.conversions):
        return Claimed(answer=Answer.REJECT, why=Why.ALREADY_CREDITED)
    return order_equal(facts)


def order_equal(facts: Facts) -> Claimed:
    """Accept what the advertiser has under the same number, by the rule in force; reject the rest."""
    order = next((each for each in facts.orders if each.id == facts.claim.order_id.strip()), None)
    if order is None:
        return Claimed(answer=Answer.REJECT, why=Why.ORDER_UNKNOWN)
    fitting = [
        rule
        for rule in facts.agreement.rules
        if rule.publisher in (None, facts.claim.publisher) and rule.group in ("", order.group)
    ]
    newest = max(fitting, key=lambda rule: (rule.publisher is not None, rule.group != "", rule.valid_from_us))
    return Claimed(
        answer=Answer.ACCEPT,
        why=Why.PROVEN_BY_ORDER,
        retained_minor=order.retained_minor,
        commission_minor=share(order.retained_minor, newest.rate_ppm),
    )


def due(waiting: tuple[Open, ...], programs: tuple[Program, ...], asked: Asked, now_us: int) -> set[int]:
    """Whatever is pending and older than the period is due, and the advertiser is written to whenever something is."""
    days = {program.id: program.validation_days for program in programs}
    return {
        each.conversion
        for each in waiting
        if each.advertiser == asked.advertiser
        and each.status is Status.PENDING
        and each.begun_us is not None
        and now_us - each.begun_us > days[each.program] * DAY_US
    }


def replaced(placement: links.Placement, scene: links.Scene, now_us: int) -> tuple[links.Answer, str | None]:
    """A page that does not answer 200 is broken, and the first other offer that does takes its place."""
    own = next(each for each in scene.offers if each.id == placement.offer)
    page = placement.deep or own.pages[0]
    if placement.seen is LinkSeen.GONE:
        return links.Answer.RESTORE, placement.url
    if _status(page) == 200:
        return links.Answer.NOTHING, None
    other = next(
        (
            each
            for each in scene.offers
            if each.id != own.id and each.id in scene.codes and each.available and _status(each.pages[0]) == 200
        ),
        None,
    )
    if other is None:
        return links.Answer.REFUSE, None
    query = urlsplit(placement.url).query
    return links.Answer.REPLACE, f"https://{scene.tracking_host}/c/{scene.codes[other.id]}" + (query and f"?{query}")


def _status(page: links.Page) -> int | None:
    return max(page.looks, key=lambda look: look.at_us).status if page.looks else None
