"""Silence is told from seasons and from luck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.scout import words
from warum.domain.scout.idle import Idle, Likely, LinkSeen, idle
from warum.kernel.refusal import Refusal

WEEK = [30, 30, 30, 30, 30, 60, 60]


def looked(clicks: list[int], others: list[int], **known: object) -> Idle:
    answer = idle(clicks, others, **known)  # pyright: ignore[reportArgumentType]
    assert isinstance(answer, Idle), answer
    return answer


def test_a_publisher_whose_link_is_gone_is_woken_in_words():
    found = looked(WEEK * 5 + [10, 10, 8, 8, 8, 16, 16], [300] * 42, link=LinkSeen.GONE)
    assert found.wake
    assert found.likely is Likely.LINK_GONE
    assert found.change == pytest.approx(-0.72, abs=0.01)
    assert found.low < found.change < found.high < -0.3
    assert words.woken(found, "en").startswith("clicks −72% against the same weekdays")
    assert words.woken(found, "de").endswith(", der Link ist weg")


def test_a_season_is_nobody_s_silence():
    found = looked(WEEK * 5 + [8] * 7, [300] * 35 + [70] * 7)
    assert not found.wake
    assert found.likely is None
    assert found.others_change == pytest.approx(-0.77, abs=0.01)


def test_a_weekend_off_is_no_silence_and_a_wild_history_needs_more():
    assert not looked(WEEK * 5 + WEEK, [300] * 42).wake
    wild = [5] * 7 + [60] * 7 + [3] * 7 + [50] * 7 + [4] * 7 + [8] * 7
    assert not looked(wild, [300] * 42).wake


def test_pauses_explain_before_links_do():
    silent = looked(WEEK * 5 + [0] * 7, [300] * 42, link=LinkSeen.GONE, paused=True)
    assert silent.likely is Likely.PARTNERSHIP_PAUSED
    assert looked(WEEK * 5 + [0] * 7, [300] * 42, link=LinkSeen.BROKEN).likely is Likely.LINK_BROKEN
    assert looked(WEEK * 5 + [0] * 7, [300] * 42).likely is Likely.REASON_UNKNOWN


@pytest.mark.parametrize(
    ("clicks", "others", "code"),
    [
        ([1] * 41, [1] * 41, "weeks_broken"),
        ([1] * 42, [1] * 35, "weeks_broken"),
        ([float("nan")] * 42, [1] * 42, "not_a_number"),
        ([-1] * 42, [1] * 42, "negative_count"),
        ([30] * 21, [30] * 21, "weeks_few"),
        ([1] * 42, [30] * 42, "clicks_few"),
    ],
)
def test_what_cannot_be_told_is_refused(clicks: list[int], others: list[int], code: str):
    answer = idle(clicks, others)
    assert isinstance(answer, Refusal)
    assert answer.code == code


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_interval_holds_the_change(seed: int):
    rng = np.random.default_rng(seed)
    found = looked(rng.poisson(40, 42).tolist(), rng.poisson(400, 42).tolist())
    assert found.low <= found.change <= found.high
    assert not found.wake
