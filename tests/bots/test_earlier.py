"""What earlier campaigns teach: their shares of spreads, held near the usual ones until there are many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bots.offers import facts

from warum.domain.bots.creative import BOT
from warum.domain.bots.creative.judge import lesson_of
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Abstention, Proposal
from warum.domain.earlier import USUAL, Earlier, Lesson, learn, told
from warum.domain.shrinkage import BELIEFS, SPREADS
from warum.kernel.refusal import Refusal


def learnt(lessons: list[Lesson]) -> Earlier:
    found = learn(lessons)
    assert isinstance(found, Earlier)
    return found


def test_nothing_earlier_is_the_usual() -> None:
    assert learnt([]) == USUAL
    assert USUAL.beliefs("click") == pytest.approx(BELIEFS, abs=1e-6)


def test_one_campaign_changes_little_and_many_change_much() -> None:
    sure = Lesson(convert=told(np.where(np.array(SPREADS) == 0.35, 0.0, -50.0)))
    one, many = learnt([sure]), learnt([sure] * 190)
    place = SPREADS.index(0.35)
    # The usual shares weigh ten campaigns: (10 x .15 + 1) / 11, and (10 x .15 + 190) / 200.
    assert one.convert_ppm[place] == pytest.approx(227_273, abs=1)
    assert many.convert_ppm[place] == pytest.approx(957_500, abs=1)
    assert many.click_ppm == USUAL.click_ppm
    assert many.campaigns == 190


@given(st.lists(st.lists(st.floats(-1e6, 0), min_size=6, max_size=6), max_size=20))
def test_shares_are_shares(rows: list[list[float]]) -> None:
    found = learnt([Lesson(click=told(np.array(row)), amount=told(np.array(row))) for row in rows])
    for ppm in (found.click_ppm, found.convert_ppm, found.decline_ppm, found.amount_ppm):
        assert sum(ppm) == PROPENSITY_ONE and min(ppm) >= 0


def test_a_broken_lesson_is_refused() -> None:
    for broken in (("nan",) * 6, ("0",) * 5):
        found = learn([Lesson(click=broken)])
        assert isinstance(found, Refusal) and found.code == "lessons_broken"


def test_campaigns_of_equal_arms_make_a_bot_slow_and_bold_ones_make_it_quick() -> None:
    def taught(rates: tuple[float, float, float]) -> Earlier:
        lessons = [lesson_of(facts(rates=rates, seed=seed, exposures=6_000), conversions_min=20) for seed in range(40)]
        return learnt([one for one in lessons if one is not None])

    equal, bold = taught((0.02, 0.02, 0.02)), taught((0.015, 0.02, 0.027))
    assert equal.convert_ppm[0] > USUAL.convert_ppm[0] > bold.convert_ppm[0]

    def proposals(earlier: Earlier) -> int:
        seen = [replace(facts(rates=(0.02, 0.02, 0.024), seed=seed), earlier=earlier) for seed in range(12)]
        return sum(isinstance(BOT.propose(one, seed=1), Proposal) for one in seen)

    assert proposals(equal) < proposals(bold)


def test_thin_and_doubtful_campaigns_teach_nothing() -> None:
    assert lesson_of(facts(exposures=30, days=5), conversions_min=20) is None
    assert isinstance(BOT.propose(facts(days=1), seed=1), Abstention)
    assert lesson_of(facts(days=1), conversions_min=20) is None
