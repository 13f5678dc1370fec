"""Contexts are total, coarse and spelt in one way."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.contexts import ANY, DIMENSIONS, Seen, chosen, context, contexts, contexts_max, phrase
from warum.kernel.period import parse_iso
from warum.kernel.refusal import Refusal

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148 Safari/604.1"
PIXEL = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)
TAB = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
FIREFOX_TAB = "Mozilla/5.0 (Android 14; Tablet; rv:130.0) Gecko/130.0 Firefox/130.0"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"

NOTHING = Seen(mobile=None, agent=None, language=None, now_us=0, zone="UTC", publisher_kind="")
ALLOWED = [chosen(names) for size in (0, 1, 2) for names in combinations(DIMENSIONS, size)]
PLANS = [names for names in ALLOWED if not isinstance(names, Refusal)]

texts = st.none() | st.text(max_size=40) | st.sampled_from([IPHONE, COMPUTER, "?1", "?0", "de-AT,de;q=0.9", "*", "de"])
anything = st.builds(
    Seen,
    mobile=texts,
    agent=texts,
    language=texts,
    now_us=st.integers(-(2**70), 2**70),
    zone=st.text(max_size=20) | st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "../etc", "Europe", ""]),
    publisher_kind=st.text(max_size=20) | st.sampled_from(["blog", "cashback"]),
)


def read(dimension: str, **shown: object) -> str | None:
    return DIMENSIONS[dimension].read(replace(NOTHING, **shown))  # pyright: ignore[reportArgumentType]


@given(anything, st.sampled_from(PLANS))
def test_whatever_comes_is_one_of_the_contexts_or_none(seen: Seen, dimensions: tuple[str, ...]):
    assert context(dimensions, seen) in {ANY, *contexts(dimensions)}


@given(st.lists(st.sampled_from(list(DIMENSIONS)) | st.text(max_size=8), max_size=4))
def test_a_plan_has_one_spelling_and_few_contexts(names: list[str]):
    plan = chosen(names)
    if isinstance(plan, Refusal):
        assert plan.field == "dimensions"
        return
    assert {chosen(order) for order in permutations(names)} == {plan}
    assert set(plan) == set(names)
    assert len(set(contexts(plan))) == len(contexts(plan)) <= contexts_max
    assert all(len(one) <= 100 and phrase(one, "de") and phrase(one, "en") for one in contexts(plan))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["income"], "dimension_unknown"),
        (["device", "week", "daypart"], "dimensions_too_many"),
        (["publisher", "daypart"], "contexts_too_many"),
    ],
)
def test_what_would_tell_too_much_is_refused(names: list[str], code: str):
    refused = chosen(names)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_the_contexts_of_two_dimensions():
    assert contexts(("device", "week")) == (
        "device=phone,week=weekday",
        "device=phone,week=weekend",
        "device=desktop,week=weekday",
        "device=desktop,week=weekend",
    )
    assert contexts(()) == contexts(("device", "gone")) == ()
    assert context(("device", "gone"), replace(NOTHING, agent=COMPUTER)) == ANY
    assert phrase("device=phone,week=weekend", "de") == "auf Handys, am Wochenende"
    assert phrase("gone=yes", "en") == "gone=yes"
    assert phrase(ANY, "en") == ""


@pytest.mark.parametrize(
    ("mobile", "agent", "device"),
    [
        ("?1", COMPUTER, "phone"),
        ("?0", IPHONE, "desktop"),
        ("1", IPHONE, "phone"),
        ("?1, ?0", COMPUTER, "desktop"),
        (None, IPHONE, "phone"),
        (None, PIXEL, "phone"),
        (None, IPAD, "desktop"),
        (None, TAB, "desktop"),
        (None, FIREFOX_TAB, "desktop"),
        (None, COMPUTER, "desktop"),
        (None, "curl/8.5.0", None),
        (None, "", None),
        (None, None, None),
    ],
)
def test_the_device(mobile: str | None, agent: str | None, device: str | None):
    assert read("device", mobile=mobile, agent=agent) == device


@pytest.mark.parametrize(
    ("moment", "daypart", "week"),
    [
        ("2026-11-20T22:59:59Z", "evening", "weekday"),  # a Friday, an hour before midnight in Berlin
        ("2026-11-20T23:00:00Z", "night", "weekend"),
        ("2026-07-06T04:00:00Z", "morning", "weekday"),  # summer time
        ("2026-07-06T10:00:00Z", "afternoon", "weekday"),
        ("2026-07-05T22:00:00Z", "night", "weekday"),
    ],
)
def test_the_time_is_that_of_the_program(moment: str, daypart: str, week: str):
    at_us = parse_iso(moment)
    assert (read("daypart", now_us=at_us, zone="Europe/Berlin"), read("week", now_us=at_us, zone="Europe/Berlin")) == (
        daypart,
        week,
    )


def test_a_zone_of_quarters_begins_its_day_on_time():
    midnight_us = parse_iso("2026-11-19T18:15:00Z") or 0  # in Kathmandu, at +05:45
    assert read("daypart", now_us=midnight_us - 1, zone="Asia/Kathmandu") == "evening"
    assert read("daypart", now_us=midnight_us, zone="Asia/Kathmandu") == "night"


@pytest.mark.parametrize(
    ("language", "region"),
    [
        ("de", "de"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("DE-at", "at"),
        ("fr-CH, fr;q=0.9", "ch"),
        ("de-Latn-AT", "at"),
        ("en-US,en;q=0.5", "other"),
        ("en", "other"),
        ("es-419", "other"),
        ("*", None),
        ("", None),
        ("deutsch", None),
        ("d", None),
        (None, None),
    ],
)
def test_the_region_is_what_the_browser_asks_for_first(language: str | None, region: str | None):
    assert read("region", language=language) == region


def test_kinds_of_publishers_are_grouped():
    assert read("publisher", publisher_kind="magazine") == "content"
    assert read("publisher", publisher_kind="voucher") == "voucher"
    assert read("publisher", publisher_kind="app") is None
