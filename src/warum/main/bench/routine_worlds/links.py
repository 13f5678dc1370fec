"""Links on publishers' pages, what became of what they lead to, and what they should be replaced by.

The truth is what the world did to each page and offer. The expected link is put together from its pieces; nothing is
cut out of the old one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final
from urllib.parse import quote

from warum.domain.catalog import PartnershipStatus, ProgramStatus
from warum.domain.routine.links.records import Answer, Look, Offer, Page, Placement, Scene, Why
from warum.domain.scout.idle import LinkSeen
from warum.kernel.period import DAY_US, HOUR_US

_HOST: Final = "go.netz.example"
_HOSTS: Final = ("seeblick.example", "www.seeblick.example")
_PIECES: Final[tuple[str, ...]] = (
    "sub1={clickid}", "sub2=[[creative]]", "subid=##sub##", "s1=%%CACHEBUSTER%%", "clickref=a%20b", "sub3=${GCLID}",
    "epi=mai-27", "sub4=<placement>", "sid=%D0%BF", "utm_source=blog", "s2={{ad.id}}", "empty=",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase:
    """``whys`` are the reasons of which one has to be told."""

    placement: Placement
    scene: Scene
    now_us: int
    answer: Answer
    whys: frozenset[Why]
    url: str | None


@dataclass(slots=True)
class _Fate:
    """What happened to a page: the looks show it, ``truth`` tells it (works, broken, unsure)."""

    name: str
    truth: str


_FATES: Final = (
    _Fate("fine", "works"),
    _Fate("moved within", "works"),
    _Fate("404", "broken"),
    _Fate("410", "broken"),
    _Fate("parked", "broken"),
    _Fate("home", "broken"),
    _Fate("down for a day", "broken"),
    _Fate("down at one look", "unsure"),
    _Fate("came back", "works"),
    _Fate("robots kept out", "unsure"),
    _Fate("not looked", "unsure"),
    _Fate("looked long ago", "unsure"),
)
_WEIGHTS: Final = (6, 1, 4, 1, 2, 2, 2, 1, 1, 1, 1, 1)


def case(rng: Random) -> LinkCase:
    """One placement, with the program around it."""
    now_us = 1_810_000_000_000_000 + rng.randint(0, 300) * DAY_US + rng.randint(0, 23) * HOUR_US
    seen = rng.choices((LinkSeen.THERE, LinkSeen.GONE, LinkSeen.BROKEN, LinkSeen.NOT_LOOKED), (10, 4, 2, 1))[0]
    fate = rng.choices(_FATES, _WEIGHTS)[0]
    ended = rng.choices(("", "sold out", "price over"), (14, 2, 2))[0]
    price = rng.randint(4_000, 30_000)
    own = _offer(rng, 1, price, _page(rng, "zimmer/1", fate, now_us), now_us)
    if ended == "sold out":
        own = replace(own, available=False)
    if ended == "price over":
        own = replace(own, price_until_us=now_us - rng.choice((0, 1, 5 * DAY_US)))
    deep, deep_fate = None, None
    if rng.random() < 0.45:
        deep_fate = rng.choices(_FATES, _WEIGHTS)[0]
        deep = _page(rng, "angebot/mai?zimmer=2&lang=de", deep_fate, now_us)
    second_fate = rng.choices(_FATES, _WEIGHTS)[0] if rng.random() < 0.25 else None
    if second_fate is not None:
        own = replace(own, pages=(*own.pages, _page(rng, "zimmer/1b", second_fate, now_us)))
    others = [_other(rng, index, price, now_us) for index in range(2, rng.randint(3, 10))]
    codes = {offer.id: f"k{offer.id}{rng.randint(100, 999)}" for offer, _ in others if rng.random() < 0.92}
    codes[1] = f"k1{rng.randint(100, 999)}"
    pieces: list[str] = rng.sample(_PIECES, rng.randint(0, 4))
    personal = rng.random() < 0.04
    if personal:
        pieces.append("sub5=ana%40example.org")
    join = rng.choice(("&", "&", "&amp;"))
    place = rng.randint(0, len(pieces))
    name = rng.choice(("to", "ued", "deeplink", "url"))
    url = _url(codes[1], pieces, place, None if deep is None else f"{name}={quote(deep.url, safe='')}", join)
    running = rng.random() > 0.05
    partner = rng.random() > 0.05
    placement = Placement(
        publisher=21,
        publisher_name="Reiseblog Meerblick",
        page_url="https://blog.example/ostsee",
        url=url,
        offer=1,
        seen=seen,
        seen_us=now_us - 3 * HOUR_US,
        clicks=rng.choice((0, 0, 3)),
        usual=rng.randint(20, 400),
        days=7,
        deep=deep,
    )
    scene = Scene(
        program=ProgramStatus.RUNNING if running else ProgramStatus.PAUSED,
        partnership=PartnershipStatus.APPROVED if partner else PartnershipStatus.ENDED,
        tracking_host=_HOST,
        hosts=_HOSTS,
        offers=(*(offer for offer, _ in others), own),
        codes=codes,
        timezone="Europe/Berlin",
    )

    def told(answer: Answer, *whys: Why, url: str | None = None) -> LinkCase:
        return LinkCase(placement=placement, scene=scene, now_us=now_us, answer=answer, whys=frozenset(whys), url=url)

    if not running or not partner:
        return told(Answer.REFUSE, Why.PROGRAM_NOT_RUNNING, Why.PARTNERSHIP_NOT_APPROVED)
    if seen is LinkSeen.NOT_LOOKED:
        return told(Answer.ASK, Why.NOT_LOOKED)
    own_fates = [fate, *([second_fate] if second_fate else [])]
    target = [deep_fate] if deep_fate else own_fates
    truths = {each.truth for each in target}
    if not ended and "unsure" in truths:
        return told(Answer.ASK, Why.LOOK_AGAIN)
    if not ended and truths == {"works", "broken"}:
        return told(Answer.ASK, Why.MEND_ALLOCATION)
    if not ended and truths == {"works"}:
        if seen is LinkSeen.THERE:
            return told(Answer.NOTHING, Why.NOTHING_BROKEN)
        if seen is LinkSeen.BROKEN:
            return told(Answer.ASK, Why.LOOKS_CONTRADICT)
        if personal:
            return told(Answer.ASK, Why.SUB_ID_PERSONAL)
        return told(Answer.RESTORE, Why.LINK_GONE, url=url)
    if personal:
        return told(Answer.ASK, Why.SUB_ID_PERSONAL)
    broken = {"": Why.PAGE_BROKEN, "sold out": Why.SOLD_OUT, "price over": Why.PRICE_EXPIRED}[ended]
    if not ended and deep is not None:
        works = [index for index, each in enumerate(own_fates) if each.truth == "works"]
        if works:
            page = f"{name}={quote(own.pages[works[0]].url, safe='')}"
            return told(Answer.REPLACE, broken, url=_url(codes[1], pieces, place, page, join))
        if any(each.truth == "unsure" for each in own_fates):
            return told(Answer.ASK, Why.LOOK_AGAIN)
    honest = [(offer, each) for offer, each in others if _honest(own, offer, now_us)]
    alive = [offer for offer, each in honest if each.truth == "works"]
    if not alive:
        unsure = any(each.truth == "unsure" for _, each in honest)
        return told(Answer.ASK, Why.LOOK_AGAIN) if unsure else told(Answer.REFUSE, Why.NO_HONEST_REPLACEMENT)
    apart = {offer.id: abs((offer.price_minor or 0) - price) for offer in alive}
    nearest = [offer for offer in alive if apart[offer.id] == min(apart.values())]
    if len(nearest) > 1:
        return told(Answer.ASK, Why.EQUALLY_NEAR)
    code = codes.get(nearest[0].id)
    if code is None:
        return told(Answer.ASK, Why.LINK_TO_BE_MADE)
    return told(Answer.REPLACE, broken, url=_url(code, pieces, place, None, join))


def _url(code: str, pieces: list[str], place: int, page: str | None, join: str) -> str:
    every = [*pieces[:place], *([page] if page else []), *pieces[place:]]
    return f"https://{_HOST}/c/{code}" + (f"?{join.join(every)}" if every else "")


def _honest(own: Offer, other: Offer, now_us: int) -> bool:
    """What a visitor of the one would take for the other without feeling cheated."""
    alike = other.kind == own.kind and other.place == own.place and other.currency == own.currency
    valid = other.available and (other.price_until_us is None or other.price_until_us > now_us)
    own_price, price = own.price_minor or 0, other.price_minor or 0
    return alike and valid and price > 0 and 4 * abs(price - own_price) <= own_price


def _other(rng: Random, number: int, price: int, now_us: int) -> tuple[Offer, _Fate]:
    fate = rng.choices(_FATES, _WEIGHTS)[0]
    near = rng.choice((price + 500, price - 500, price * 110 // 100, price * 124 // 100, price * 2, price * 70 // 100))
    offer = _offer(rng, number, near, _page(rng, f"zimmer/{number}", fate, now_us), now_us)
    match rng.randint(0, 9):
        case 0:
            offer = replace(offer, kind="tisch")
        case 1:
            offer = replace(offer, place="München")
        case 2:
            offer = replace(offer, available=False)
        case 3:
            offer = replace(offer, currency="CHF")
        case 4:
            offer = replace(offer, price_until_us=now_us - DAY_US)
        case _:
            pass
    return offer, fate


def _offer(rng: Random, number: int, price: int, page: Page, now_us: int) -> Offer:
    return Offer(
        id=number,
        name=f"Doppelzimmer {number}",
        kind="zimmer",
        place="Hamburg",
        price_minor=price,
        currency="EUR",
        price_until_us=None if rng.random() < 0.5 else now_us + rng.randint(1, 30) * DAY_US,
        available=True,
        pages=(page,),
    )


def _page(rng: Random, path: str, fate: _Fate, now_us: int) -> Page:
    url = f"https://{_HOSTS[0]}/{path}"
    moved = f"https://{_HOSTS[1]}/neu/{path}"

    def look(hours: int, status: int | None, final: str = url) -> Look:
        return Look(at_us=now_us - hours * HOUR_US, status=status, final_url=final)

    before = [look(30, 200), look(20, 200)]
    looks: list[Look]
    match fate.name:
        case "fine":
            looks = [*before, look(2, 200)]
        case "moved within":
            looks = [*before, look(2, 200, moved)]
        case "404" | "410":
            looks = [*before, look(2, int(fate.name))]
        case "parked":
            looks = [*before, look(2, 200, "https://parking.example/kaufen")]
        case "home":
            looks = [*before, look(2, 200, f"https://{_HOSTS[1]}/")]
        case "down for a day":
            looks = [*before, *(look(hours, rng.choice((500, 502, 503, None))) for hours in (14, 8, 2))]
        case "down at one look":
            looks = [*before, look(2, rng.choice((500, 503, None)))]
        case "came back":
            looks = [*before, look(14, 503), look(8, 404), look(2, 200)]
        case "robots kept out":
            looks = [look(20, 403), look(2, rng.choice((401, 403, 429)))]
        case "not looked":
            looks = []
        case _:
            looks = [look(24 * 9, rng.choice((200, 404)))]
    rng.shuffle(looks)
    return Page(url=url, looks=tuple(looks))
