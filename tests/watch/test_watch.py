"""The watch: quiet networks stay quiet, faults are named at their node, told once, with their euros and their words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from warum.domain.watch import Code, Hint, Level, Traffic, Watched, watch
from warum.kernel.refusal import Refusal
from warum.main.bench.watch import FAULTS, Fault, quiet, struck


def told(traffic: Traffic) -> Watched:
    answer = watch(traffic)
    assert not isinstance(answer, Refusal), answer
    return answer


def test_quiet_networks_stay_quiet() -> None:
    rng = np.random.default_rng(21)
    found = [one for _ in range(30) for one in told(quiet(rng)).findings]
    # Thirty looks at 48 links: 2.4 at most by the bound.
    assert len(found) <= 2


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.level}")
def test_a_fault_is_named_at_its_node(fault: Fault) -> None:
    rng = np.random.default_rng(22)
    named = 0
    for _ in range(6):
        findings = told(struck(rng, quiet(rng), fault)).findings
        named += any((one.code, one.level, one.of) == (fault.code, fault.level, fault.of) for one in findings)
        assert len(findings) <= 4
    # A single link or a price that halves bookings is at the edge of what can be seen.
    assert named >= (2 if fault.level is Level.LINK or fault.conversions == 0.5 else 4)


def test_a_dead_advertiser_is_one_finding_with_its_numbers() -> None:
    rng = np.random.default_rng(23)
    fault = FAULTS[0]
    (one,) = told(struck(rng, quiet(rng), fault)).findings
    assert one.code is Code.TRACKING_DEAD and one.level is Level.ADVERTISER and one.links == 12
    assert one.seen == 0 and one.low <= one.expected <= one.high and one.out_of > 100
    assert one.lost_minor == pytest.approx(one.expected * 10_000, rel=0.01)
    assert Hint.CLICKS_AS_USUAL in one.hints and Hint.OTHERS_GO_ON in one.hints
    assert abs((one.until_us - one.since_us) / 3.6e9 - 24) <= 6


def test_the_dearest_comes_first() -> None:
    rng = np.random.default_rng(24)
    traffic = struck(rng, struck(rng, quiet(rng), FAULTS[0]), FAULTS[6])
    daily = [one.daily_minor for one in told(traffic).findings]
    assert len(daily) >= 2 and daily == sorted(daily, reverse=True)


def test_an_attack_is_not_told_as_missing_bookings() -> None:
    rng = np.random.default_rng(25)
    fault = replace(FAULTS[7], clicks=10.0, hours=24)
    codes = {one.code for one in told(struck(rng, quiet(rng), fault)).findings}
    assert codes == {Code.ATTACK}


def test_the_same_numbers_give_the_same_findings() -> None:
    traffic = struck(np.random.default_rng(26), quiet(np.random.default_rng(26)), FAULTS[0])
    assert watch(traffic) == watch(traffic)


def test_a_network_without_a_click_says_nothing() -> None:
    traffic = quiet(np.random.default_rng(27))
    nothing = np.zeros_like(traffic.clicks)
    empty = replace(
        traffic, clicks=nothing, conversions=nothing, decided=nothing, declined=nothing, value_minor=nothing
    )
    assert told(empty).findings == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: {"links": ()}, "nothing_there"),
        (lambda t: {"conversions": t.conversions[:, 1:]}, "shape_wrong"),
        (lambda t: {"clicks": t.clicks * np.nan}, "not_a_number"),
        (lambda t: {"clicks": t.clicks - 1e6}, "negative_count"),
        (lambda t: {"declined": t.decided + 1}, "part_outside"),
    ],
)
def test_what_cannot_be_watched_is_refused(change, code: str) -> None:
    traffic = quiet(np.random.default_rng(28))
    answer = watch(replace(traffic, **change(traffic)))
    assert isinstance(answer, Refusal) and answer.code == code


def test_a_short_past_and_an_odd_budget_are_refused() -> None:
    traffic = quiet(np.random.default_rng(29), weeks=2)
    answer = watch(traffic)
    assert isinstance(answer, Refusal) and answer.code == "past_too_short"
    answer = watch(quiet(np.random.default_rng(29)), budget=0.0)
    assert isinstance(answer, Refusal) and answer.code == "budget_outside"
