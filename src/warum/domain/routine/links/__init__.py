"""A link brings nothing any more: what should stand in its place?

The same offer's page that works, or else the nearest offer of the program: of the same kind, in the same place, at
nearly the same price. Where there is none, none is named, for a visitor who came for one thing is not sent to another.
Sub ids and macros stay as they were. What was not looked at, or looks two ways, is for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warum.domain.catalog import PartnershipStatus, ProgramStatus
from warum.domain.routine import drafts
from warum.domain.routine.drafts import Letter, Line, Party
from warum.domain.routine.links import urls
from warum.domain.routine.links.pages import State, latest_look, state
from warum.domain.routine.links.records import Answer, Offer, Page, Placement, Repair, Scene, Why
from warum.domain.scout.idle import LinkSeen
from warum.kernel.period import local_date

price_apart_max_ppm: Final = 250_000
"""A quarter dearer or cheaper is still what the visitor came for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """What is wrong with what the link leads to."""

    why: Why
    state: State
    page: Page | None


def repair(placement: Placement, scene: Scene, *, now_us: int, operator: str) -> Repair:
    """The answer for one link on one page.

    Args:
        operator: who signs the letter.
    """
    if scene.program is not ProgramStatus.RUNNING:
        return _no(placement, Answer.REFUSE, Why.PROGRAM_NOT_RUNNING)
    if scene.partnership is not PartnershipStatus.APPROVED:
        return _no(placement, Answer.REFUSE, Why.PARTNERSHIP_NOT_APPROVED)
    link = urls.parts(placement.url, scene.tracking_host)
    if link is None or link.code not in scene.codes.values():
        return _no(placement, Answer.ASK, Why.NOT_OUR_LINK)
    offer = next((each for each in scene.offers if each.id == placement.offer), None)
    if offer is None or scene.codes.get(offer.id) != link.code or not _deep_agrees(placement, link):
        return _no(placement, Answer.ASK, Why.OFFER_UNKNOWN)
    if placement.seen is LinkSeen.NOT_LOOKED:
        return _no(placement, Answer.ASK, Why.NOT_LOOKED)
    broken = _broken(placement, offer, scene, now_us)
    if isinstance(broken, Why):
        return _no(placement, Answer.ASK, broken)
    if broken is None and placement.seen is LinkSeen.THERE:
        return _no(placement, Answer.NOTHING, Why.NOTHING_BROKEN)
    if broken is None and placement.seen is LinkSeen.BROKEN:
        return _no(placement, Answer.ASK, Why.LOOKS_CONTRADICT)
    if urls.personal(placement.url):
        return _no(placement, Answer.ASK, Why.SUB_ID_PERSONAL)
    if broken is None:
        body = [*_seen(placement, offer, None, scene, now_us), Line("link.restore")]
        return _yes(placement, Answer.RESTORE, Why.LINK_GONE, offer, offer, placement.url, body, operator)
    return _replaced(placement, offer, broken, scene, link, now_us, operator)


def _deep_agrees(placement: Placement, link: urls.Parts) -> bool:
    """The page that was looked at is the one that the link names."""
    return urls.deep_link(link.rest) == (None if placement.deep is None else placement.deep.url)


def _broken(placement: Placement, offer: Offer, scene: Scene, now_us: int) -> _Broken | Why | None:
    """What is broken, None for nothing, or why nobody can tell."""
    if not offer.available:
        return _Broken(why=Why.SOLD_OUT, state=State.WORKS, page=None)
    if offer.price_until_us is not None and offer.price_until_us <= now_us:
        return _Broken(why=Why.PRICE_EXPIRED, state=State.WORKS, page=None)
    pages = offer.pages if placement.deep is None else (placement.deep,)
    states = [state(page, scene.hosts, now_us) for page in pages]
    if all(each is State.WORKS for each in states) and states:
        return None
    if State.UNSURE in states or not states:
        return Why.LOOK_AGAIN
    if State.WORKS in states:
        return Why.MEND_ALLOCATION
    return _Broken(why=Why.PAGE_BROKEN, state=states[0], page=pages[0])


def _replaced(
    placement: Placement, offer: Offer, broken: _Broken, scene: Scene, link: urls.Parts, now_us: int, operator: str
) -> Repair:
    seen = _seen(placement, offer, broken, scene, now_us)
    if broken.why is Why.PAGE_BROKEN and placement.deep is not None:
        states = [state(page, scene.hosts, now_us) for page in offer.pages]
        if State.WORKS in states:
            url = urls.with_deep_link(link, offer.pages[states.index(State.WORKS)].url)
            body = [*seen, Line("link.same_offer")]
            return _yes(placement, Answer.REPLACE, broken.why, offer, offer, url, body, operator)
        if State.UNSURE in states:
            return _no(placement, Answer.ASK, Why.LOOK_AGAIN)
    nearest = _nearest(offer, scene, now_us)
    if isinstance(nearest, Why):
        return _no(placement, Answer.REFUSE if nearest is Why.NO_HONEST_REPLACEMENT else Answer.ASK, nearest)
    if nearest.price_minor is None or offer.price_minor is None:
        return _no(placement, Answer.REFUSE, Why.NO_HONEST_REPLACEMENT)
    told = (
        drafts.named("new", nearest.name),
        drafts.amount("new_price", nearest.price_minor, nearest.currency),
        drafts.amount("old_price", offer.price_minor, offer.currency),
    )
    url = urls.with_code(link, scene.codes[nearest.id])
    body = [*seen, Line("link.other_offer", told)]
    return _yes(placement, Answer.REPLACE, broken.why, offer, nearest, url, body, operator)


def _nearest(offer: Offer, scene: Scene, now_us: int) -> Offer | Why:
    """The nearest offer that works; or that two are equally near, that it has no link yet, or that there is none."""
    near: list[tuple[int, Offer]] = []
    unsure = False
    for other in scene.offers:
        apart = _apart(offer, other, now_us)
        if apart is None:
            continue
        states = [state(page, scene.hosts, now_us) for page in other.pages]
        if states and all(each is State.WORKS for each in states):
            near.append((apart, other))
        unsure = unsure or State.UNSURE in states
    if not near:
        return Why.LOOK_AGAIN if unsure else Why.NO_HONEST_REPLACEMENT
    near.sort(key=lambda each: (each[0], each[1].id))
    if len(near) > 1 and near[0][0] == near[1][0]:
        return Why.EQUALLY_NEAR
    return near[0][1] if near[0][1].id in scene.codes else Why.LINK_TO_BE_MADE


def _apart(offer: Offer, other: Offer, now_us: int) -> int | None:
    """How far the prices are apart, in minor units; None where the other is no honest replacement."""
    if other.id == offer.id or not other.available or (other.kind, other.place) != (offer.kind, offer.place):
        return None
    if offer.price_minor is None or other.price_minor is None or other.currency != offer.currency:
        return None
    if other.price_until_us is not None and other.price_until_us <= now_us:
        return None
    apart = abs(other.price_minor - offer.price_minor)
    return apart if apart * 1_000_000 <= offer.price_minor * price_apart_max_ppm else None


def _seen(placement: Placement, offer: Offer, broken: _Broken | None, scene: Scene, now_us: int) -> list[Line]:
    """What was seen, and what it did to the clicks."""
    named = drafts.named("offer", offer.name)
    lines: list[Line] = []
    if placement.seen is LinkSeen.GONE:
        when = drafts.day("seen", local_date(placement.seen_us, scene.timezone))
        lines.append(Line("link.seen.gone", (when, named)))
    if broken is not None and broken.why is Why.SOLD_OUT:
        lines.append(Line("link.seen.sold_out", (named,)))
    if broken is not None and broken.why is Why.PRICE_EXPIRED and offer.price_until_us is not None:
        # The price no longer holds from that moment on; the last day on which it held is told.
        until = drafts.day("until", local_date(offer.price_until_us - 1, scene.timezone))
        lines.append(Line("link.seen.price", (named, until)))
    if broken is not None and broken.page is not None:
        lines.append(_page_seen(broken.page, broken.state, scene, now_us))
    if placement.clicks * 2 < placement.usual:
        counts = (
            drafts.count("days", placement.days),
            drafts.count("clicks", placement.clicks),
            drafts.count("usual", placement.usual),
        )
        lines.append(Line("link.clicks", counts))
    return lines


def _page_seen(page: Page, found: State, scene: Scene, now_us: int) -> Line:
    look = latest_look(page, now_us)
    seen = drafts.day("seen", local_date(now_us if look is None else look.at_us, scene.timezone))
    if look is not None and look.status is not None and found in (State.GONE, State.DOWN):
        return Line("link.seen.status", (seen, drafts.count("status", look.status)))
    code = {State.DOWN: "silent", State.HOME: "home"}.get(found, "host")
    return Line(f"link.seen.{code}", (seen,))


def _no(placement: Placement, answer: Answer, why: Why) -> Repair:
    return Repair(publisher=placement.publisher, answer=answer, why=why)


def _yes(
    placement: Placement,
    answer: Answer,
    why: Why,
    former: Offer,
    offer: Offer,
    url: str,
    body: list[Line],
    operator: str,
) -> Repair:
    letter = Letter(
        to_party=Party.PUBLISHER,
        to=placement.publisher,
        subject=Line("link.subject", (drafts.named("offer", former.name),)),
        body=(
            Line("greeting", (drafts.named("name", placement.publisher_name),)),
            Line("link.page", (drafts.url("page", placement.page_url),)),
            *body,
            Line("link.url", (drafts.url("url", url),)),
            Line("link.kept"),
            *([Line("link.other_text")] if offer.id != former.id else []),
            Line("close", (drafts.named("operator", operator),)),
        ),
    )
    return Repair(publisher=placement.publisher, answer=answer, why=why, url=url, offer=offer.id, letter=letter)
