"""Consent, screening and the draw."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.catalog import EdgeAllocation, EdgeArm, EdgeLink, EdgeProgram, ProgramStatus
from warum.domain.consent import Consent, consent
from warum.domain.tracking import Drop, Visit, draw, screen
from warum.kernel.ids import RecordId

LINK = EdgeLink(id=1, code="abc", advertiser=1, program=1, publisher=2, partnership=1, allocation=1, active=True)
PROGRAM = EdgeProgram(
    id=1,
    advertiser=1,
    code="p",
    vertical="retail",
    currencies=("EUR",),
    window_days=30,
    status=ProgramStatus.RUNNING,
    starts_us=100,
    ends_us=200,
    click_param="wrm",
)
VISIT = Visit(now_us=150, method="GET", purpose="", crawler=lambda: False, repeat=lambda: False)


@pytest.mark.parametrize(
    ("cons", "gpc", "verdict"),
    [
        (["1"], None, Consent.GIVEN),
        (["1"], "0", Consent.GIVEN),
        (["1"], "1", Consent.OPTED_OUT),
        (["1"], "banana", Consent.OPTED_OUT),
        (["0"], None, Consent.DENIED),
        ([], None, Consent.ABSENT),
        (["1", "1"], None, Consent.MALFORMED),
        (["true"], None, Consent.MALFORMED),
        (["１"], None, Consent.MALFORMED),
        (["1 "], None, Consent.MALFORMED),
        ([""], None, Consent.MALFORMED),
    ],
)
def test_consent(cons, gpc, verdict):
    assert consent(cons, gpc) is verdict


@given(st.lists(st.text(max_size=3), max_size=3), st.none() | st.text(max_size=3))
def test_only_one_spelling_is_a_yes(cons, gpc):
    assert consent(cons, gpc).given == (cons == ["1"] and (gpc is None or gpc.strip() == "0"))


@pytest.mark.parametrize(
    ("visit", "link", "program", "reason"),
    [
        (VISIT, LINK, PROGRAM, None),
        (VISIT, None, PROGRAM, Drop.UNKNOWN_LINK),
        (VISIT, LINK, None, Drop.UNKNOWN_LINK),
        (VISIT, replace(LINK, active=False), PROGRAM, Drop.RETIRED_LINK),
        (replace(VISIT, now_us=99), LINK, PROGRAM, Drop.OUTSIDE_FLIGHT),
        (replace(VISIT, now_us=100), LINK, PROGRAM, None),
        (replace(VISIT, now_us=200), LINK, PROGRAM, Drop.OUTSIDE_FLIGHT),
        (VISIT, LINK, replace(PROGRAM, status=ProgramStatus.PAUSED), Drop.OUTSIDE_FLIGHT),
        (VISIT, LINK, replace(PROGRAM, starts_us=None, ends_us=None), None),
        (replace(VISIT, method="HEAD"), LINK, PROGRAM, Drop.HEAD),
        (replace(VISIT, purpose="prefetch;prerender"), LINK, PROGRAM, Drop.PREFETCH),
        (replace(VISIT, crawler=lambda: True), LINK, PROGRAM, Drop.CRAWLER),
        (replace(VISIT, repeat=lambda: True), LINK, PROGRAM, Drop.REPEAT),
        (replace(VISIT, repeat=None), LINK, PROGRAM, None),
        # The first reason in the list counts, whatever else is wrong.
        (replace(VISIT, method="HEAD", crawler=lambda: True), LINK, PROGRAM, Drop.HEAD),
    ],
)
def test_screening(visit, link, program, reason):
    assert screen(visit, link, program) is reason


def allocation(*propensities: int) -> EdgeAllocation:
    arms = tuple(EdgeArm(arm=n, url=f"https://h.example/{n}", propensity_ppm=p) for n, p in enumerate(propensities))
    return EdgeAllocation(id=1, offer=1, arms=arms)


@given(st.builds(RecordId, st.integers(0, 65535), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)))
def test_a_draw_can_be_replayed_and_never_takes_an_arm_of_propensity_zero(record):
    table = allocation(0, 300_000, 0, 700_000, 0)
    first = draw(table, record, b"k" * 16)
    assert first == draw(table, record, b"k" * 16)
    assert first.propensity_ppm > 0


def test_draws_follow_the_propensities():
    table = allocation(100_000, 300_000, 600_000)
    drawn = Counter(draw(table, RecordId(0, 0, number), b"k" * 16).arm for number in range(20_000))
    for arm in table.arms:
        assert abs(drawn[arm.arm] / 20_000 - arm.propensity_ppm / 1e6) < 0.015


def test_the_draw_is_frozen():
    table = allocation(250_000, 250_000, 250_000, 250_000)
    assert [draw(table, RecordId(0, 0, n), b"k" * 16).arm for n in range(12)] == [2, 1, 0, 0, 2, 3, 3, 0, 1, 2, 3, 0]
