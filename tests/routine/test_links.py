"""What should stand in the place of a link that leads nowhere, sign by sign."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.catalog import PartnershipStatus, ProgramStatus
from warum.domain.routine.drafts import draft
from warum.domain.routine.links import repair, urls
from warum.domain.routine.links.records import Answer, Look, Offer, Page, Placement, Repair, Scene, Why
from warum.domain.scout.idle import LinkSeen
from warum.edge.clicks import DEEP_LINK_NAMES
from warum.kernel.period import HOUR_US, parse_iso

NOW = parse_iso("2027-05-10T08:00:00Z") or 0
HOST = "go.netz.example"


def page(path: str, *looks: tuple[int, int | None] | tuple[int, int | None, str]) -> Page:
    url = f"https://hotel.example/{path}"
    return Page(
        url=url,
        looks=tuple(
            Look(at_us=NOW - look[0] * HOUR_US, status=look[1], final_url=look[2] if len(look) > 2 else url)
            for look in looks or ((1, 200),)
        ),
    )


OFFER = Offer(
    id=1, name="Doppelzimmer", kind="room", place="Hamburg", price_minor=12_000, currency="EUR", price_until_us=None,
    available=True, pages=(page("zimmer"),),
)  # fmt: skip
NEAR = replace(OFFER, id=2, name="Doppelzimmer Elbe", price_minor=13_000, pages=(page("elbe"),))
FAR = replace(OFFER, id=3, name="Suite", price_minor=15_100, pages=(page("suite"),))
PLACED = Placement(
    publisher=21, publisher_name="Reiseblog", page_url="https://blog.example/hamburg",
    url=f"https://{HOST}/c/k1?sub1={{clickid}}&amp;sub2=%%X%%", offer=1, seen=LinkSeen.THERE, seen_us=NOW - HOUR_US,
    clicks=0, usual=80, days=7,
)  # fmt: skip
SCENE = Scene(
    program=ProgramStatus.RUNNING, partnership=PartnershipStatus.APPROVED, tracking_host=HOST,
    hosts=("hotel.example", "www.hotel.example"), offers=(OFFER, NEAR, FAR), codes={1: "k1", 2: "k2", 3: "k3"},
    timezone="Europe/Berlin",
)  # fmt: skip


def found(placed: Placement = PLACED, scene: Scene = SCENE, **own: object) -> Repair:
    offers = tuple(replace(each, **own) if each.id == 1 else each for each in scene.offers)  # pyright: ignore
    return repair(placed, replace(scene, offers=offers), now_us=NOW, operator="Netz GmbH")


BROKEN = (page("zimmer", (1, 404)),)


def test_what_works_is_left_alone_and_what_is_gone_is_offered_again_unchanged():
    assert found().why is Why.NOTHING_BROKEN
    gone = found(replace(PLACED, seen=LinkSeen.GONE))
    assert (gone.answer, gone.url) == (Answer.RESTORE, PLACED.url)


def test_the_nearest_offer_takes_the_place_and_sub_ids_stay():
    answer = found(pages=BROKEN)
    assert (answer.answer, answer.why, answer.offer) == (Answer.REPLACE, Why.PAGE_BROKEN, 2)
    assert answer.url == f"https://{HOST}/c/k2?sub1={{clickid}}&amp;sub2=%%X%%"
    assert answer.letter is not None
    body = draft(answer.letter, "de").body
    assert "kam der Statuscode 404" in body
    assert "„Doppelzimmer Elbe“ für 130,00\u00a0€ (vorher 120,00\u00a0€)" in body
    assert answer.url in body


@pytest.mark.parametrize(
    ("looks", "why"),
    [
        (((1, 410),), Why.PAGE_BROKEN),
        (((1, 200, "https://parking.example/x"),), Why.PAGE_BROKEN),
        (((1, 200, "https://hotel.example/"),), Why.PAGE_BROKEN),
        (((9, 503), (1, None)), Why.PAGE_BROKEN),
        (((1, 503),), Why.LOOK_AGAIN),
        (((9, 503), (5, 200), (1, 503)), Why.LOOK_AGAIN),
        (((1, 403),), Why.LOOK_AGAIN),
        (((72, 404),), Why.LOOK_AGAIN),
        (((-1, 404),), Why.LOOK_AGAIN),
        (((5, 404), (1, 200)), Why.NOTHING_BROKEN),
        (((1, 200, "https://www.hotel.example/neu"),), Why.NOTHING_BROKEN),
    ],
)
def test_one_look_tells_what_is_gone_and_two_what_is_down(looks, why: Why):
    assert found(pages=(page("zimmer", *looks),)).why is why


def test_a_page_that_the_publisher_named_is_replaced_by_the_same_offer_s():
    deep = page("mai?a=1&b=2", (1, 404))
    url = f"https://{HOST}/c/k1?sub1={{x}}&to=https%3A%2F%2Fhotel.example%2Fmai%3Fa%3D1%26b%3D2&sub2=##s##"
    answer = found(replace(PLACED, url=url, deep=deep))
    assert answer.url == f"https://{HOST}/c/k1?sub1={{x}}&to=https%3A%2F%2Fhotel.example%2Fzimmer&sub2=##s##"
    other = found(replace(PLACED, url=url, deep=deep), pages=BROKEN)
    assert other.url == f"https://{HOST}/c/k2?sub1={{x}}&sub2=##s##"


def test_no_honest_replacement_is_none():
    for others in (
        (replace(NEAR, place="München"),),
        (replace(NEAR, kind="table"),),
        (replace(NEAR, currency="CHF"),),
        (replace(NEAR, available=False),),
        (replace(NEAR, price_until_us=NOW),),
        (replace(NEAR, price_minor=None),),
        (FAR,),
        (),
    ):
        answer = found(scene=replace(SCENE, offers=(OFFER, *others)), pages=BROKEN)
        assert (answer.answer, answer.why, answer.letter) == (Answer.REFUSE, Why.NO_HONEST_REPLACEMENT, None)
    assert found(scene=replace(SCENE, program=ProgramStatus.PAUSED)).why is Why.PROGRAM_NOT_RUNNING
    assert found(scene=replace(SCENE, partnership=PartnershipStatus.ENDED)).why is Why.PARTNERSHIP_NOT_APPROVED


def test_what_cannot_be_told_goes_to_a_person():
    twice = replace(SCENE, offers=(OFFER, NEAR, replace(NEAR, id=3, price_minor=11_000)))
    assert found(scene=twice, pages=BROKEN).why is Why.EQUALLY_NEAR
    assert found(scene=replace(SCENE, codes={1: "k1"}), pages=BROKEN).why is Why.LINK_TO_BE_MADE
    assert found(replace(PLACED, url="https://other.example/c/k1")).why is Why.NOT_OUR_LINK
    assert found(replace(PLACED, seen=LinkSeen.NOT_LOOKED)).why is Why.NOT_LOOKED
    assert found(replace(PLACED, seen=LinkSeen.BROKEN)).why is Why.LOOKS_CONTRADICT
    assert found(pages=(*BROKEN, page("zimmer2"))).why is Why.MEND_ALLOCATION
    personal = replace(PLACED, url=f"https://{HOST}/c/k1?sub1=ana%40example.org")
    assert found(personal, pages=BROKEN).why is Why.SUB_ID_PERSONAL


def test_prices_and_rooms_end():
    expired = found(price_until_us=NOW)
    assert (expired.answer, expired.why) == (Answer.REPLACE, Why.PRICE_EXPIRED)
    assert found(available=False).why is Why.SOLD_OUT


def test_the_edge_and_this_agree_on_what_names_a_page():
    assert urls.DEEP_LINK_NAMES == DEEP_LINK_NAMES


_PIECE = st.from_regex(
    r"(sub[1-5]|s1|clickref)=(\{\w{1,5}\}|##\w{1,5}##|%%\w{1,5}%%|[A-Za-z0-9%._~-]{0,9})", fullmatch=True
)


@given(st.lists(_PIECE, max_size=5), st.integers(0, 5), st.sampled_from(("&", "&amp;")), st.booleans())
def test_whatever_else_stands_in_a_link_stays(pieces, place, join, named):
    deep = "to=https%3A%2F%2Fhotel.example%2Fa"
    every = [*pieces[:place], *([deep] if named else []), *pieces[place:]]
    link = urls.parts(f"https://{HOST}/c/k1" + (f"?{join.join(every)}" if every else ""), HOST)
    assert link is not None
    assert urls.with_code(link, "k2") == f"https://{HOST}/c/k2" + (f"?{join.join(pieces)}" if pieces else "")
    if named:
        assert urls.deep_link(link.rest) == "https://hotel.example/a"
        other = "".join(link).replace("hotel.example%2Fa", "hotel.example%2Fb%3F")
        assert urls.with_deep_link(link, "https://hotel.example/b?") == other
    else:
        assert urls.with_deep_link(link, "https://hotel.example/b") == "".join(link)
