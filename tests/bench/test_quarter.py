"""The simulated quarter: faults begin and are mended as they should, and whoever looks after it meets the same ones."""

from __future__ import annotations

import numpy as np
import pytest

from warum.main.bench.creative_loop import even
from warum.main.bench.quarter import figures
from warum.main.bench.quarter.hands import Score, by_nobody
from warum.main.bench.quarter.life import before_days, begun, days_total, equal_shares, troubles_count


def test_equal_seeds_have_equal_troubles_within_the_quarter() -> None:
    one, same, other = begun(3), begun(3), begun(4)
    assert one.faults == same.faults != other.faults
    assert len(one.faults) == troubles_count
    assert all(before_days < fault.trouble.from_day < days_total for fault in one.faults)


def test_what_is_mended_ends_on_its_day_and_nothing_else_is() -> None:
    life = begun(3)
    first = life.faults[0]
    day = first.trouble.from_day
    subject = min(first.known_as)
    assert not life.mend("pub_999", from_day=day + 2, day=day)
    assert life.mend(subject, from_day=day + 2, day=day)
    assert 0 in {place for place, _ in life.going_on(day + 1)}
    assert 0 not in {place for place, _ in life.going_on(day + 2)}


def test_a_day_is_counted_by_publisher_and_arm() -> None:
    life = begun(3)
    shares = equal_shares(life)
    assert shares == [even(len(one.offer.arms)) for one in life.campaigns]
    for day in range(3):
        life.live(day, shares)
    assert life.margin_minor == 0, "the history before the quarter earns nothing"
    for campaign, clicks, conversions in zip(life.campaigns, life.clicks, life.conversions, strict=True):
        shape = (len(life.plain.publishers), len(campaign.offer.arms))
        assert [one.shape for one in clicks] == [shape] * 3
        assert all((sold <= clicked).all() for clicked, sold in zip(clicks, conversions, strict=True))
    seen = life.traffic("seeblick", 2)
    assert seen.clicks.shape == (len(seen.links), 3 * 24)
    of = next(n for n, one in enumerate(life.campaigns) if one.offer.advertiser == "seeblick")
    assert seen.clicks.sum() == np.sum(life.clicks[of])


def test_nobody_finds_things_at_the_monthly_review() -> None:
    life = begun(5)
    score = by_nobody(life)
    assert score.margin_minor > 0 and score.days_broken > 0
    old = [f for n, f in enumerate(life.faults) if f.trouble.from_day < before_days + 15 and n not in life.repaired]
    assert not old


@pytest.mark.parametrize(("bots", "passed"), [(120.0, True), (99.0, False)])
def test_figures_ask_for_both_anchors(bots: float, passed: bool) -> None:
    ours = Score(margin_minor=bots, asked=3, asked_by_day=[1, 2], promised=10, held=9, found=2, real=1)
    told = figures([(Score(margin_minor=100.0), Score(margin_minor=105.0), ours)] * 20)
    assert told["passed"] is passed and told["promises_held"] == 0.9
    assert told["seeds_better_than_both"] == (20 if passed else 0)
    assert told["proposals_per_day"] == 1.5 and told["proposals_per_day_max"] == 2
