"""Which nodes of the network are out of the ordinary, and which of them is the cause.

Each thing (bookings, cancellations, clicks) is judged from the broadest node down: the network, an advertiser, a
program, a landing page, a publisher, a link. A node is the finding if it is far from what is expected and no part of it
is clearly better off than the rest; then its links are done with and are not told again. Otherwise it is looked into.
So a dead advertiser is one finding, not two hundred, and a dead link is not blamed on its publisher.

The level is a budget: so many false findings a month and link, split evenly over looks, things, nodes and windows
(Bonferroni, so the looks may be as alike as they are). What is out of the ordinary by less than a third is not told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from warum.domain.anomaly.counts import Surprise, count_interval, count_surprise, share_interval, share_surprise
from warum.domain.shrinkage import Floats
from warum.domain.watch.expected import (
    HOURS,
    Measure,
    bookings,
    clicks,
    declines,
    past_hours_min,
    wander_min,
    week_hours,
)
from warum.domain.watch.records import Code, Finding, Hint, Level, Traffic, Watched
from warum.kernel.refusal import Refusal

false_budget: Final = 0.05
"""False findings a month and link (five among a hundred), if all is quiet."""
looks_a_month: Final = 30
things: Final = 4
drop_told: Final = 0.67
rise_told: Final = 1.5
burst_told: Final = 3.0
dead_ratio: Final = 0.1
broken_ratio: Final = 0.3
_apart_alpha: Final = 0.01
_carried_max: Final = 0.9
_told_of_rest: Final = 2.0
"""With less expected, nothing can be said of what is left."""
_hour_us: Final = 3_600_000_000
_day_hours: Final = 24

Rows: TypeAlias = NDArray[np.intp]

_WHERE_BOOKED: Final = (Level.NETWORK, Level.ADVERTISER, Level.PROGRAM, Level.PAGE, Level.PUBLISHER, Level.LINK)
_WHERE_CLICKED: Final = (Level.NETWORK, Level.ADVERTISER, Level.PUBLISHER, Level.LINK)


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is judged: a measure, which side of it is bad, where it is looked for. ``told``: the ratio from which on."""

    name: str
    measure: Measure
    low: bool
    told: float
    share: bool
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A node out of the ordinary over a window."""

    level: Level
    rows: Rows
    window: int
    p: float
    ratio: float


def watch(traffic: Traffic, *, looks: int = looks_a_month, budget: float = false_budget) -> Watched | Refusal:
    """What has gone wrong by the end of the last hour.

    Args:
        traffic: at least three weeks of whole hours; more than five are not read.
        looks: how often a month one looks.
        budget: false findings a month and link that are accepted.

    Returns:
        A refusal for: no links, tables that do not fit, missing or negative numbers, parts beyond their whole, a past
        that is too short.
    """
    if refused := _refusal(traffic):
        return refused
    if looks < 1 or not 0 < budget < 1:
        return _no("budget_outside", "The budget has to lie between 0 and 1 false findings, with one look at least.")
    nodes = sum(len({link.of(level) for link in traffic.links}) for level in _WHERE_BOOKED)
    alpha = budget * len(traffic.links) / (nodes * looks * things * len(HOURS))
    clicked = clicks(traffic)
    attack = _Thing("attack", clicked, False, burst_told, False, _WHERE_CLICKED)
    attacks = list(_hits(traffic, attack, alpha))
    # Clicks of machines bring no bookings, and none are missed.
    booked = bookings(_calm(traffic, attack, attacks))
    found = [_finding(traffic, attack, hit, clicked, booked) for hit in attacks]
    for thing in (
        _Thing("idle", clicked, True, drop_told, False, _WHERE_CLICKED),
        _Thing("bookings", booked, True, drop_told, False, _WHERE_BOOKED),
        _Thing("declines", declines(traffic), False, rise_told, True, _WHERE_BOOKED),
    ):
        found += [_finding(traffic, thing, hit, clicked, booked) for hit in _hits(traffic, thing, alpha)]
    found.sort(key=lambda one: (-one.daily_minor, -one.lost_minor, one.p, one.code, one.of))
    return Watched(findings=tuple(found), false_findings_max=budget * len(traffic.links))


def _hits(traffic: Traffic, thing: _Thing, alpha: float) -> Iterator[_Hit]:
    """From the broadest level down; the links of a hit are not looked at again."""
    left = np.ones(len(traffic.links), dtype=np.bool_)
    for level in thing.levels:
        names = np.array([link.of(level) for link in traffic.links])
        for name in np.unique(names[left]):
            rows = np.flatnonzero(left & (names == name))
            hit = _judged(thing, level, rows, alpha)
            if hit is not None and _alike(traffic, thing, hit):
                left[rows] = False
                yield hit


def _judged(thing: _Thing, level: Level, rows: Rows, alpha: float) -> _Hit | None:
    """The window in which the node is least ordinary, if it is beyond the level and far enough to be told."""
    best: _Hit | None = None
    for number, window in enumerate(thing.measure.windows):
        seen, expected = float(window.seen[rows].sum()), float(window.expected[rows].sum())
        if expected <= 0:
            continue
        ratio = seen / expected
        if ratio > thing.told if thing.low else ratio < thing.told:
            continue
        surprise = _surprise(thing, number, rows, seen, expected)
        if isinstance(surprise, Refusal) or surprise.low is not thing.low:
            continue
        if surprise.p <= alpha and (best is None or surprise.p < best.p):
            best = _Hit(level, rows, number, surprise.p, ratio)
    return best


def _surprise(thing: _Thing, number: int, rows: Rows, seen: float, expected: float) -> Surprise | Refusal:
    window = thing.measure.windows[number]
    size = thing.measure.size(rows, float(window.past[rows].sum()))
    if not thing.share:
        return count_surprise(seen, expected, size)
    whole = int(window.out_of[rows].sum())
    share = min(expected / whole, 1 - 1e-9) if whole else 0.0
    # The size of a share says how many trials its own uncertainty is worth.
    return share_surprise(int(seen), whole, share, _trials(share, size))


def _trials(share: float, size: float) -> float:
    return max(size * (1 - share) / max(share, 1e-9) - 1.0, 1.0)


def _alike(traffic: Traffic, thing: _Thing, hit: _Hit) -> bool:
    """Whether no part of the node is clearly better off than the rest of it, and none carries it alone while the rest
    is well: else the cause is narrower. A part that has nearly all of the traffic carries nearly all of any loss."""
    window = thing.measure.windows[hit.window]
    seen, expected = window.seen[hit.rows], window.expected[hit.rows]
    wander = 1.0 / thing.measure.size(hit.rows, float(window.past[hit.rows].sum())) + wander_min
    bad = (expected - seen) if thing.low else (seen - expected)
    for level in thing.levels[thing.levels.index(hit.level) + 1 :]:
        names, parts = np.unique([traffic.links[int(row)].of(level) for row in hit.rows], return_inverse=True)
        if len(names) == 1:
            continue
        of_part: Floats = np.bincount(parts, weights=seen).astype(np.float64)
        due: Floats = np.bincount(parts, weights=expected).astype(np.float64)
        carried = np.bincount(parts, weights=bad)
        first = int(carried.argmax())
        if carried[first] >= _carried_max * bad.sum() and not _ails(thing, of_part, due, first):
            return False
        for one, usual in zip(of_part.tolist(), due.tolist(), strict=True):
            rest = (float(seen.sum()) - one) / max(float(expected.sum()) - usual, 1e-9)
            better = count_surprise(one, max(rest * usual, 1e-9), 1.0 / wander)
            if isinstance(better, Surprise) and better.low is not thing.low and better.p < _apart_alpha / len(names):
                return False
    return True


def _ails(thing: _Thing, seen: Floats, expected: Floats, first: int) -> bool:
    """Whether what is left without the first part is beyond what is told, too."""
    due = float(expected.sum() - expected[first])
    ratio = float(seen.sum() - seen[first]) / due if due > 0 else 1.0
    return due >= _told_of_rest and (ratio <= thing.told if thing.low else ratio >= thing.told)


def _finding(traffic: Traffic, thing: _Thing, hit: _Hit, clicked: Measure, booked: Measure) -> Finding:
    rows, until = hit.rows, traffic.clicks.shape[1]
    since = _since(thing, rows)
    measure = thing.measure
    seen = float(measure.hourly_seen[rows, since:].sum())
    expected = float(measure.hourly_expected[rows, since:].sum())
    size = measure.size(rows, float(measure.windows[hit.window].past[rows].sum()))
    out_of = {"bookings": traffic.clicks, "declines": traffic.decided}.get(thing.name)
    whole = 0 if out_of is None else int(out_of[rows, until - week_hours + since :].sum())
    if thing.share and whole:
        share = min(expected / whole, 1 - 1e-9)
        bounds = share_interval(whole, share, _trials(share, size))
    else:
        bounds = count_interval(max(expected, 1e-9), size)
    low, high = (0, 0) if isinstance(bounds, Refusal) else bounds
    hours = week_hours - since
    lost = abs(expected - seen) * _worth(traffic, thing, rows)
    return Finding(
        code=_code(thing, hit),
        level=hit.level,
        of=traffic.links[int(rows[0])].of(hit.level),
        links=len(rows),
        since_us=traffic.start_us + (until - hours) * _hour_us,
        until_us=traffic.start_us + until * _hour_us,
        seen=int(seen),
        out_of=whole,
        expected=expected,
        low=low,
        high=high,
        lost_minor=round(lost),
        daily_minor=round(lost * _day_hours / hours),
        p=hit.p,
        hints=tuple(_hints(traffic, thing, hit, since, clicked, booked)),
    )


def _since(thing: _Thing, rows: Rows) -> int:
    """The hour of the last week from which on the deviation is most likely (Poisson likelihood ratio)."""
    seen = np.cumsum(thing.measure.hourly_seen[rows].sum(axis=0)[::-1])[::-1]
    expected = np.cumsum(thing.measure.hourly_expected[rows].sum(axis=0)[::-1])[::-1]
    gain = _gain(seen, expected)
    gain[(seen < expected) != thing.low] = -np.inf
    return int(np.argmax(gain))


def _gain(seen: Floats, expected: Floats) -> Floats:
    due = np.maximum(expected, 1e-9)
    return np.asarray(special.xlogy(seen, seen / due) - (seen - due), dtype=np.float64)


def _code(thing: _Thing, hit: _Hit) -> Code:
    if thing.name == "attack":
        return Code.ATTACK
    if thing.name == "declines":
        return Code.CANCELLATION_WAVE
    if thing.name == "idle":
        return Code.PUBLISHER_IDLE if hit.level is Level.PUBLISHER else Code.TRAFFIC_DROP
    if hit.level is Level.PAGE and hit.ratio <= broken_ratio:
        return Code.LANDING_PAGE_BROKEN
    if hit.ratio <= dead_ratio:
        return Code.TRACKING_DEAD
    return Code.PRICE_EXPIRED if hit.level in (Level.PAGE, Level.LINK) else Code.CONVERSION_DROP


def _worth(traffic: Traffic, thing: _Thing, rows: Rows) -> float:
    """Minor units of one booking, or of one click where clicks are missing or too many."""
    value = float(traffic.value_minor[rows].sum())
    under = traffic.clicks if thing.name in ("attack", "idle") else traffic.conversions
    count = float(under[rows].sum())
    return value / count if count > 0 else 0.0


def _hints(traffic: Traffic, thing: _Thing, hit: _Hit, since: int, clicked: Measure, booked: Measure) -> Iterator[Hint]:
    """What else is to be seen since then, in the node and around it."""
    if thing.measure.windows[hit.window].past[hit.rows].sum() < 30:
        yield Hint.PAST_THIN
    if thing.name in ("bookings", "declines"):
        ratio = _ratio(clicked, hit.rows, since)
        if ratio >= burst_told:
            yield Hint.CLICKS_BURST
        elif ratio > drop_told:
            yield Hint.CLICKS_AS_USUAL
    around = np.setdiff1d(np.arange(len(traffic.links)), hit.rows)
    measure = booked if thing.name == "bookings" else thing.measure
    if len(around) and measure.hourly_expected[around, since:].sum() >= 5:
        beside = _ratio(measure, around, since)
        odd = beside <= drop_told if thing.low else beside >= thing.told
        yield Hint.OTHERS_TOO if odd else Hint.OTHERS_GO_ON


def _ratio(measure: Measure, rows: Rows, since: int) -> float:
    expected = float(measure.hourly_expected[rows, since:].sum())
    return float(measure.hourly_seen[rows, since:].sum()) / expected if expected > 0 else 1.0


def _calm(traffic: Traffic, attack: _Thing, attacks: Sequence[_Hit]) -> Traffic:
    """The same with no more than the usual clicks where there was an attack, since it began."""
    if not attacks:
        return traffic
    counts = traffic.clicks.copy()
    for hit in attacks:
        hours = week_hours - _since(attack, hit.rows)
        usual = attack.measure.hourly_expected[hit.rows, -hours:]
        counts[hit.rows, -hours:] = np.minimum(counts[hit.rows, -hours:], usual)
    return replace(traffic, clicks=counts)


def _refusal(traffic: Traffic) -> Refusal | None:
    tables = (traffic.clicks, traffic.conversions, traffic.decided, traffic.declined, traffic.value_minor)
    if not traffic.links:
        return _no("nothing_there", "There is no link to watch.")
    if any(table.ndim != 2 or table.shape != (len(traffic.links), traffic.clicks.shape[1]) for table in tables):
        return _no("shape_wrong", "Each table needs one row for each link and one column for each hour.")
    if not all(np.isfinite(table).all() for table in tables):
        return _no("not_a_number", "An hour has a missing or infinite number. Count anew.")
    if any((table < 0).any() for table in tables):
        return _no("negative_count", "An hour has a negative number. Count anew.")
    if (traffic.declined > traffic.decided).any():
        return _no("part_outside", "More conversions were declined than decided in an hour. Count anew.")
    if traffic.clicks.shape[1] < past_hours_min:
        days = past_hours_min // _day_hours
        return _no(
            "past_too_short", f"There are fewer than {days} days of hours to compare with. Wait until there are."
        )
    return None


def _no(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message)
