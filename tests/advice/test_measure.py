"""A promise beside what came: open on the way, open while much is undecided, and in the end one or the other."""

from __future__ import annotations

import pytest

from warum.app.advice.measure import judged
from warum.domain.decisions import Expected, Held
from warum.ports.network import Value

PROMISE = Expected(
    gain_minor=500,
    low_minor=200,
    high_minor=800,
    measured_low_minor=100,
    measured_high_minor=900,
    value_minor=1_000,
    exposures=0,
    horizon_days=7,
    least_minor=1,
    probability_ppm=950_000,
)


def seen(approved_minor: int, *, pending: int = 0) -> Value:
    return Value(
        clicks=9, pending=pending, approved=4, declined=0, pending_minor=10 * pending, approved_minor=approved_minor
    )


@pytest.mark.parametrize(
    ("approved_minor", "held"),
    [(1_099, Held.BELOW), (1_100, Held.KEPT), (1_900, Held.KEPT), (1_901, Held.ABOVE), (0, Held.BELOW)],
)
def test_the_gain_is_what_came_less_what_would_have(approved_minor: int, held: Held) -> None:
    outcome = judged(seen(approved_minor), PROMISE, part=1.0)
    assert (outcome.held, outcome.gain_minor) == (held, approved_minor - 1_000)


def test_half_way_it_is_open_and_half_is_promised() -> None:
    outcome = judged(seen(700), PROMISE, part=0.5)
    assert (outcome.held, outcome.gain_minor, outcome.promised_minor) == (Held.OPEN, 200, 250)


def test_undecided_conversions_keep_it_open_until_nobody_waits_any_more() -> None:
    assert judged(seen(1_400, pending=2), PROMISE, part=1.0).held is Held.OPEN
    waited = judged(seen(1_400, pending=2), PROMISE, part=1.0, pending_ppm_max=1_000_000)
    assert (waited.held, waited.gain_minor) == (Held.KEPT, 420)
