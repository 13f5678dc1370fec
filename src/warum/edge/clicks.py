"""A click: consent, link, screening, arm, token or link reference, redirect. And its quieter sister, the impression.

Consent is decided first: without it no token is made, times are cut to the hour, and neither address nor sub id is
looked at. Screening decides about counting, not about service: whoever comes by a known link is redirected."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from ada_url import URL

from warum.domain.catalog import ARM_DEEP_LINK, EdgeAdvertiser, EdgeAllocation, EdgeLink, EdgePlan, EdgeProgram
from warum.domain.consent import consent
from warum.domain.contexts import Seen, context
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression
from warum.domain.sealing import seal_sub_ids
from warum.domain.shown import Shown, read_shown
from warum.domain.token import TokenKeys, Touch
from warum.domain.tracking import Drop as Screened
from warum.domain.tracking import Step, Visit, draw, screen
from warum.edge.http import Answer, Drop, Outcome, Request, page, parameters, redirect
from warum.edge.snapshot import Snapshot
from warum.edge.visitors import Crawlers, Proxies, Repeats
from warum.kernel.ids import RecordId
from warum.kernel.period import hour_start, utc_day

Query: TypeAlias = Sequence[tuple[str, str]]

sub_id_chars_max: Final = 255

DEEP_LINK_NAMES: Final = ("to", "ued", "deeplink", "url")
"""How publishers name the page a link shall lead to, the first one present counting (Awin: ued)."""

SUB_ID_NAMES: Final = {
    alias: f"sub{number}"
    for number in range(1, 6)
    for alias in (
        *(f"{word}{number}" for word in ("sub", "s", "subid", "subId", "sub_id", "sub_id_", "clickref", "aff_sub")),
        *(("sub", "subid", "sub_id", "sid", "clickref", "aff_sub", "epi", "u1") if number == 1 else ()),
    )
}
"""How publishers name their sub ids elsewhere, so that their links need no change but the host."""

_GIF: Final = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
FOR_ANY_PAGE: Final = "Access-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\n"
"""Headers of what publishers' pages load: nothing in it depends on who asks, or on more than a coarse context."""

_GIF_ANSWER: Final = Answer(200, f"Content-Type: image/gif\r\nCache-Control: no-store\r\n{FOR_ANY_PAGE}", _GIF)
_UNKNOWN: Final = page(
    404,
    "This link is not known",
    "Nothing stands behind this address. It may have been cut when it was copied. If you followed it from a page, that "
    "page's owner can tell you where it was meant to lead.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTools:
    """What a click needs beside the request and the snapshot.

    Attributes:
        draw_key: the key under which arms are drawn.
        sub_key: the key of a UTC day for sub ids.
        serials: numbers the draws of slots.
    """

    keys: TokenKeys
    draw_key: bytes
    sub_key: Callable[[int], bytes]
    crawlers: Crawlers
    repeats: Repeats
    proxies: Proxies
    serials: Iterator[int] = field(default_factory=count)


@dataclass(frozen=True, slots=True)
class Place:
    """A link with all that belongs to it. ``allocation`` is the one in force in the request's context."""

    link: EdgeLink
    program: EdgeProgram
    advertiser: EdgeAdvertiser
    allocation: EdgeAllocation


def click(
    request: Request, code: str, query: str, snapshot: Snapshot, tools: ClickTools, *, now_us: int, record: RecordId
) -> Outcome:
    """The redirect, and the Click record when it counts.

    Args:
        record: the identity that the record gets if there is one; arm and token follow from it.
    """
    hour_us = hour_start(now_us)
    pairs = parameters(query)
    verdict = consent(values_of(pairs, "cons"), request.header(b"sec-gpc"))
    place = place_of(snapshot, snapshot.links_by_code.get(code), request, now_us=now_us)
    if place is None:
        return Outcome(_UNKNOWN, drops=(Drop(hour_us, 0, 0, Screened.UNKNOWN_LINK.value),))
    link = place.link
    wanted = _deep_link(pairs)
    shown = shown_arm(pairs, place, snapshot, tools, now_us=now_us)
    if wanted is None:
        if shown is not None:
            place, arm = replace(place, allocation=snapshot.allocations[shown.allocation]), shown.arm
        else:
            arm = draw(place.allocation, record, tools.draw_key).arm
        destination = snapshot.urls[place.allocation.id, arm]
    else:
        arm = ARM_DEEP_LINK
        checked = allowed_destination(wanted, snapshot.hosts[link.advertiser])
        if checked is None:
            drop = Drop(hour_us, link.id, link.advertiser, "deep_link_refused")
            return Outcome(_refused_page(wanted, place.advertiser), drops=(drop,))
        destination = checked
    mode = mode_of(pairs)
    target = f"{mode.word} {wanted or shown or ''}"
    same = _same_visit(request, link, target, tools, now_us) if verdict.given else None
    first_location = tools.repeats.sent(same, now_us) if same is not None else None
    visit = Visit(
        now_us=now_us,
        method=request.method,
        purpose=_purpose(request),
        crawler=lambda: tools.crawlers(request.header(b"user-agent")),
        repeat=(lambda: first_location is not None) if same is not None else None,
    )
    if reason := screened(visit, place):
        drop = Drop(hour_us, link.id, link.advertiser, reason)
        location = first_location if reason == Screened.REPEAT else None
        return Outcome(redirect(location or destination), drops=(drop,))
    sub_ids = sub_ids_of(pairs)
    if same is not None:
        touch = _touch(now_us, place, arm, Basis.CONSENT, mode, record)
        counted = Click(
            at_us=now_us,
            seen_us=now_us,
            link=link.id,
            allocation=place.allocation.id,
            arm=arm,
            basis=Basis.CONSENT,
            mode=mode,
            sub_ids=_sealed(sub_ids, tools, now_us, record),
            sub_day=utc_day(now_us) if sub_ids else None,
        )
        location = with_parameter(destination, place.program.click_param, tools.keys.token(touch))
        tools.repeats.remember(same, location, now_us)
        return Outcome(redirect(location), records=(counted,))
    # A reference does not say that it was a test, so a test without consent carries none: it could be paid.
    credited = place.advertiser.credit_without_consent is not None and mode is Mode.LIVE
    basis = Basis.REFERENCE if credited else Basis.NONE
    counted = Click(
        at_us=hour_us,
        seen_us=hour_us,
        link=link.id,
        allocation=place.allocation.id,
        arm=arm,
        basis=basis,
        mode=mode,
    )
    if credited:
        reference = tools.keys.reference(_touch(hour_us, place, arm, basis, mode, None))
        destination = with_parameter(destination, place.program.click_param, reference)
    drops = (Drop(hour_us, link.id, link.advertiser, "sub_id_without_consent"),) if sub_ids else ()
    return Outcome(redirect(destination), records=(counted,), drops=drops)


def impression(
    request: Request, code: str, query: str, snapshot: Snapshot, tools: ClickTools, *, now_us: int
) -> Outcome:
    """The beacon: a transparent pixel, and an Impression record when it counts.

    The page that showed the creative knows which one it was: ``arm`` says so. For creatives only the arm that a slot
    was given is believed; among plain landing pages the first arm stands for what nobody named. Nobody is told apart,
    so there is nothing to consent to."""
    hour_us = hour_start(now_us)
    pairs = parameters(query)
    place = place_of(snapshot, snapshot.links_by_code.get(code), request, now_us=now_us)
    if place is None:
        return Outcome(_UNKNOWN, drops=(Drop(hour_us, 0, 0, Screened.UNKNOWN_LINK.value),))
    link = place.link
    visit = Visit(
        now_us=now_us,
        method=request.method,
        purpose=_purpose(request),
        crawler=lambda: tools.crawlers(request.header(b"user-agent")),
        repeat=None,
    )
    if reason := screened(visit, place):
        return Outcome(_GIF_ANSWER, drops=(Drop(hour_us, link.id, link.advertiser, reason),))
    shown = shown_arm(pairs, place, snapshot, tools, now_us=now_us)
    if shown is None:
        if any(arm.creative is not None for arm in place.allocation.arms):
            return Outcome(_GIF_ANSWER, drops=(Drop(hour_us, link.id, link.advertiser, "shown_arm_refused"),))
        named = values_of(pairs, "arm")
        arms = [arm.arm for arm in place.allocation.arms]
        shown = Shown(place.allocation.id, next((arm for arm in arms if named and named[0] == str(arm)), arms[0]))
    seen = Impression(
        at_us=hour_us,
        seen_us=hour_us,
        link=link.id,
        allocation=shown.allocation,
        arm=shown.arm,
        mode=mode_of(pairs),
    )
    return Outcome(_GIF_ANSWER, records=(seen,))


def allowed_destination(wanted: str, hosts: frozenset[str]) -> str | None:
    """The page as a browser reads it (WHATWG URL), if it is on one of the hosts, on the usual port, by https or http,
    and names no user (OWASP ASVS 5.0, V3.7.2); None otherwise."""
    try:
        url = URL(wanted)
    except ValueError:
        return None
    plain = not (url.username or url.password or url.port)
    return url.href if plain and url.protocol in ("https:", "http:") and url.hostname in hosts else None


def with_parameter(url: str, name: str, value: str) -> str:
    """The address with one parameter more. Fragment and other parameters stay as they are; one of the same name goes,
    so that nobody can put a click id of their own before ours.

    Args:
        name, value: need no encoding.
    """
    page_, mark, fragment = url.partition("#")
    base, _, query = page_.partition("?")
    kept = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) != name] if query else []
    return f"{base}?{'&'.join([*kept, f'{name}={value}'])}{mark}{fragment}"


def place_of(snapshot: Snapshot, link: EdgeLink | None, request: Request, *, now_us: int) -> Place | None:
    """The link with all that belongs to it; None when some of it is missing.

    Of the request nothing is kept but the allocation that its context leads to."""
    if link is None:
        return None
    program = snapshot.programs.get(link.program)
    advertiser = snapshot.advertisers.get(link.advertiser)
    allocation = snapshot.allocations.get(link.allocation)
    if program is None or advertiser is None or allocation is None:
        return None
    plan = snapshot.plans.get(allocation.offer)
    if plan is not None:
        own = plan.contexts.get(_context(plan, request, link, program, now_us))
        allocation = allocation if own is None else snapshot.allocations.get(own, allocation)
    return Place(link, program, advertiser, allocation)


def _context(plan: EdgePlan, request: Request, link: EdgeLink, program: EdgeProgram, now_us: int) -> str:
    """Read from what browsers send by themselves. No answer ever asks for more (Accept-CH): that would be gaining
    access to what the device holds."""
    seen = Seen(
        mobile=request.header(b"sec-ch-ua-mobile"),
        agent=request.header(b"user-agent"),
        language=request.header(b"accept-language"),
        now_us=now_us,
        zone=program.timezone,
        publisher_kind=link.publisher_kind,
    )
    return context(plan.dimensions, seen)


def shown_arm(pairs: Query, place: Place, snapshot: Snapshot, tools: ClickTools, *, now_us: int) -> Shown | None:
    """The arm that a slot showed, if the request names one that is ours. Its allocation may have been replaced since:
    what was drawn under it still counts under it."""
    named = values_of(pairs, "arm")
    if len(named) != 1:
        return None
    shown = read_shown(named[0], link=place.link.id, day=utc_day(now_us), key=tools.draw_key)
    return shown if shown in snapshot.urls else None


def screened(visit: Visit, place: Place, steps: Sequence[Step] | None = None) -> str | None:
    if not place.advertiser.active:
        return Screened.OUTSIDE_FLIGHT.value
    reason = screen(visit, place.link, place.program, steps)
    return None if reason is None else reason.value


def mode_of(pairs: Query) -> Mode:
    return Mode.TEST if ("mode", "test") in pairs else Mode.LIVE


def _touch(at_us: int, place: Place, arm: int, basis: Basis, mode: Mode, record: RecordId | None) -> Touch:
    return Touch(
        at_us=at_us,
        link=place.link.id,
        allocation=place.allocation.id,
        arm=arm,
        basis=basis,
        mode=mode,
        record=record,
    )


def _same_visit(request: Request, link: EdgeLink, target: str, tools: ClickTools, now_us: int) -> bytes:
    """Only for a visitor who consented."""
    address = tools.proxies.client(request.peer, request.header(b"x-forwarded-for"))
    agent = request.header(b"user-agent") or ""
    return tools.repeats.visit(str(link.id), target, address, agent, now_us=now_us)


def _purpose(request: Request) -> str:
    """What browsers say of a request that nobody asked for yet: Sec-Purpose, and its older names."""
    headers = request.headers
    return " ".join(headers[name].decode("latin-1").lower() for name in _PURPOSE_HEADERS if name in headers)


_PURPOSE_HEADERS: Final = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")


def values_of(pairs: Query, name: str) -> list[str]:
    return [value for key, value in pairs if key == name]


def _deep_link(pairs: Query) -> str | None:
    for name in DEEP_LINK_NAMES:
        for key, value in pairs:
            if key == name and value:
                return value
    return None


def sub_ids_of(pairs: Query) -> dict[str, str]:
    """Sub ids by our own names; what is too long is cut."""
    return {SUB_ID_NAMES[name]: value[:sub_id_chars_max] for name, value in pairs if value and name in SUB_ID_NAMES}


def _sealed(sub_ids: dict[str, str], tools: ClickTools, now_us: int, record: RecordId) -> bytes | None:
    return seal_sub_ids(sub_ids, key=tools.sub_key(utc_day(now_us)), record=record) if sub_ids else None


def _refused_page(wanted: str, advertiser: EdgeAdvertiser) -> Answer:
    try:
        host = URL(wanted).host or "that address"
    except ValueError:
        host = "that address"
    return page(
        400,
        "This link leads to an address that is not allowed",
        f"The link asks to be led to {host[:200]}. {advertiser.name} has not proved that this host is its own, so "
        f"nobody is sent there. To allow it, {advertiser.name} has to add the host and prove it; whoever made the link "
        "can also leave the target page out.",
    )
