"""Sample-ratio mismatch, judged as often as one likes.

The exposures of an experiment should split as planned. For one experiment the evidence against that is an e-process:
the likelihood of the counts with the shares drawn from a Dirichlet distribution around the planned ones, over their
likelihood under the planned ones (Lindon and Malek 2022, "Anytime-valid inference for multinomial count data"). Under
the plan its mean is 1 whenever one looks, so it passes 1/alpha with probability alpha at most, ever (Ville 1939). How
far shares go astray is not known, nor since when, so the evidence is averaged over concentrations from gross to minute
and over the periods in which it may have begun.

A house with many experiments asks another question: is assignment broken as such, or is it this one experiment? A few
broken ones are ordinary (about 6 % at Microsoft: Fabijan et al., KDD 2019, "Diagnosing sample ratio mismatch"). Each
experiment is a coin that says *broken*; what is tested is that the coins fall so more often than is ordinary, from some
period on that nobody knows (a sum of e-processes over starts, weighted so that it stays one; Shin, Ramdas and Rinaldo
2022, "E-detectors").

Nothing here knows a data set: every constant is a share or a level with its reason beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Final

import numpy as np
from scipy import special

from warum.domain.experiment.inputs import Row, Table, counted, exposed, level, no, shares_of
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

CONCENTRATIONS: Final = (1e1, 1e2, 1e3, 1e4, 1e5)
"""A concentration c expects shares astray by about sqrt(share x (1 - share) / c): from 16 to 0.16 points for two."""

ratio_alpha: Final = 0.001
"""Customary for sample ratios: the check is run on everything, and what it says stops everything."""

tolerated_share: Final = 0.06
"""Broken experiments in ordinary times (Fabijan et al. 2019)."""

broken_share: Final = 0.25
"""As long as a quarter of the experiments may be broken, an alarm stays."""

_shares_worse: Final = (0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
_shares_better: Final = (0.01, 0.03, 0.06, 0.12)
_periods_max: Final = 1_500  # all pairs of a first and a last period are compared; beyond, only the beginning counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Periods ``first`` to ``last``, both included, with the logarithm of the evidence against them."""

    first: int
    last: int
    log_e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """What the split of exposures says of one experiment.

    Attributes:
        broken: whether any look so far was beyond the level.
        alarm_at: the period at whose end it first was.
        p_value: valid at whatever moment one stops; the smallest so far.
        log_e: the evidence after each period, natural logarithm.
        spans: where the split was broken; the chance of a single false one is ``alpha`` at most. Empty where the
            deviation is too thin to be placed, or with more than 1,500 periods.
        impressions, expected: over all periods by arm.
    """

    broken: bool
    alarm_at: int | None
    p_value: float
    log_e: tuple[float, ...]
    spans: tuple[Span, ...]
    impressions: tuple[int, ...]
    expected: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A time in which too many experiments had a broken split.

    Attributes:
        raised_at: the period at whose end the alarm was raised.
        since: the period in which it probably began.
        cleared_at: the period at whose end it was lifted; None while it stands.
        until: the last period that probably was still broken; None while the alarm stands.
    """

    raised_at: int
    since: int
    cleared_at: int | None
    until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the experiments of a house say of its assignment.

    Attributes:
        alarms: as they were raised and lifted while the periods came in.
        spans: where it was broken, in hindsight; the chance of a single false one is ``alpha`` at most.
        log_e: the evidence of the detector that was on duty at the end of each period: for a break, or, under an alarm,
            for its end.
    """

    alarms: tuple[Alarm, ...]
    spans: tuple[Span, ...]
    log_e: tuple[float, ...]


def log_evidence(counts: Floats, shares: Floats) -> Floats:
    """The logarithm of the e-value against ``shares``.

    Args:
        counts: ... x arms of exposures.
        shares: arms; they add up to one.

    Returns:
        One number for each row of counts; infinite where an arm with share 0 was shown.
    """
    used = shares > 0
    inside, planned = counts[..., used], shares[used]
    total = inside.sum(axis=-1)
    null = inside @ np.log(planned)
    terms: list[Floats] = []
    for concentration in CONCENTRATIONS:
        prior = concentration * planned
        each = special.gammaln(prior + inside) - special.gammaln(prior)
        whole = special.gammaln(concentration) - special.gammaln(concentration + total)
        terms.append(np.asarray(each.sum(axis=-1) + whole - null, dtype=np.float64))
    mean = np.logaddexp.reduce(np.stack(terms), axis=0) - log(len(CONCENTRATIONS))
    return np.where(counts[..., ~used].sum(axis=-1) > 0, np.inf, mean)


def watch_ratio(
    impressions: Table, shares: Table | Row | None = None, *, alpha: float = ratio_alpha
) -> Ratio | Refusal:
    """Whether the exposures of one experiment split as planned, with a look after every period.

    Args:
        impressions: periods x arms, exposures of each period (not running totals).
        shares: arms, or periods x arms where the allocation changed; none means equal. They must be those in force
            when the exposures were drawn.
        alpha: the chance of a false alarm over all looks together.

    Returns:
        A refusal for: another shape, values that are missing, negative or not whole, one arm, no impressions, shares
        that are negative or do not add up to one.
    """
    counts = exposed(impressions)
    if isinstance(counts, Refusal):
        return counts
    if refused := level(alpha):
        return refused
    planned = shares_of(shares, counts.shape[1], len(counts))
    if isinstance(planned, Refusal):
        return planned
    starts = range(len(counts) if len(counts) <= _periods_max else 1)
    pooled = _pooled(counts, planned, starts)
    evidence = _from_any_start(pooled)
    spans = _located(pooled, log(alpha)) if len(starts) == len(counts) else []
    worst = float(evidence.max())
    beyond = np.flatnonzero(evidence >= -log(alpha))
    return Ratio(
        broken=len(beyond) > 0,
        alarm_at=int(beyond[0]) if len(beyond) else None,
        p_value=float(np.exp(-max(worst, 0.0))),
        log_e=tuple(evidence.tolist()),
        spans=tuple(spans),
        impressions=tuple(int(count) for count in counts.sum(axis=0)),
        expected=tuple((counts.sum(axis=1) @ planned).tolist()),
    )


def watch_experiments(
    tests: Sequence[int] | Floats,
    broken: Sequence[int] | Floats,
    *,
    tolerated: float = tolerated_share,
    test_alpha: float = ratio_alpha,
    alpha: float = 0.01,
) -> Watch | Refusal:
    """Whether assignment as such was broken at times, from how many experiments of each period have a broken split.

    Args:
        tests: by period, experiments that were judged (``watch_ratio`` or ``log_evidence``).
        broken: by period, how many of them were found broken at ``test_alpha``.
        tolerated: the share of broken experiments that is ordinary.
        test_alpha: the level at which each was judged.
        alpha: the chance that an alarm is ever raised while never more than the tolerated share is broken.

    Returns:
        Alarms as they would have been raised and lifted period by period, and in hindsight the spans. A refusal for:
        another shape, missing, negative or broken numbers, more broken than judged, no experiment at all, a tolerated
        share that leaves nothing to find.
    """
    read = counted(np.column_stack([tests, broken]) if len(tests) == len(broken) else [[]], "tests and broken")
    if isinstance(read, Refusal):
        return read
    for each in (alpha, test_alpha):
        if refused := level(each):
            return refused
    judged, found = read[:, 0], read[:, 1]
    ordinary = tolerated + test_alpha
    if not (tolerated >= 0.0 and ordinary < broken_share):
        return no("share_outside", f"The tolerated share has to lie between 0 and {broken_share:.0%}.", "tolerated")
    if (found > judged).any():
        return no("more_broken_than_judged", "There are periods with more broken experiments than judged ones.")
    if not judged.any():
        return no("nothing_there", "No experiment was judged in any of the periods.", "tests")
    if len(judged) > _periods_max:
        return no("too_many_periods", f"More than {_periods_max} periods; take weeks rather than hours.", "tests")

    worse, better = _coins(ordinary, _shares_worse), _coins(broken_share, _shares_better)
    alarms: list[Alarm] = []
    evidence: list[float] = []
    begun, standing = 0, False
    for now in range(len(judged)):
        heard = _since(judged[begun : now + 1], found[begun : now + 1], better if standing else worse)
        evidence.append(float(np.logaddexp.reduce(heard)))
        if evidence[-1] < -log(alpha):
            continue
        since = begun + int(heard.argmax())
        if standing:
            opened = alarms.pop()
            alarms.append(
                Alarm(raised_at=opened.raised_at, since=opened.since, cleared_at=now, until=max(since - 1, begun - 1))
            )
        else:
            alarms.append(Alarm(raised_at=now, since=since, cleared_at=None, until=None))
        begun, standing = now + 1, not standing
    running = np.vstack([np.zeros(2), read.cumsum(axis=0)])
    pooled = running[None, 1:] - running[:-1, None]
    spans = _located(worse(pooled[..., 0], pooled[..., 1]), log(alpha))
    return Watch(alarms=tuple(alarms), spans=tuple(spans), log_e=tuple(evidence))


_Coins = Callable[[Floats, Floats], Floats]


def _coins(ordinary: float, others: Sequence[float]) -> _Coins:
    """The evidence of so many coins, so many of them *broken*, for one of the other shares and against ``ordinary``.

    All others lie on one side, and so the evidence also holds against every share on the other side.
    """

    def log_e(judged: Floats, found: Floats) -> Floats:
        terms = [
            found * log(other / ordinary) + (judged - found) * log((1 - other) / (1 - ordinary)) for other in others
        ]
        return np.logaddexp.reduce(np.stack(terms), axis=0) - log(len(others))

    return log_e


def _since(judged: Floats, found: Floats, coins: _Coins) -> Floats:
    """The evidence from each start until now, each weighted before anything was seen; the weights add up to one."""
    order = np.arange(1, len(judged) + 1)
    evidence = coins(judged[::-1].cumsum()[::-1], found[::-1].cumsum()[::-1])
    return evidence - np.log(order * (order + 1.0))


def _alike(planned: Floats) -> list[tuple[int, int]]:
    """Runs of periods with one allocation, as first and after."""
    changes = np.flatnonzero((np.diff(planned, axis=0) != 0).any(axis=1)) + 1
    edges = [0, *changes.tolist(), len(planned)]
    return list(pairwise(edges))


def _pooled(counts: Floats, planned: Floats, starts: range) -> Floats:
    """First x last of the evidence of all periods from first to last taken together; what was drawn under another
    allocation is evidence of its own, and they add up."""
    evidence = np.full((len(starts), len(counts)), -np.inf)
    blocks = _alike(planned)
    for first in starts:
        told = 0.0
        for begin, after in ((max(begin, first), after) for begin, after in blocks if after > first):
            block = told + log_evidence(counts[begin:after].cumsum(axis=0), planned[begin])
            evidence[first, begin:after] = block
            told = float(block[-1])
    return evidence


def _from_any_start(pooled: Floats) -> Floats:
    """The evidence after each period if the split may have broken at any time: half of the weight for the beginning,
    half for all starts, those to come included, whose evidence is 1 so far."""
    order = np.arange(1.0, len(pooled) + 1)
    whole = np.logaddexp.reduce(pooled - np.log(order * (order + 1))[:, None], axis=0)
    ahead = -np.log(np.arange(1.0, pooled.shape[1] + 1).clip(max=len(pooled)) + 1.0)
    return np.logaddexp.reduce(np.stack([pooled[0], whole, ahead]), axis=0) - log(2)


def _located(evidence: Floats, log_alpha: float) -> list[Span]:
    """The spans with the most evidence that do not overlap; every pair of first and last is a test of its own, and the
    level is shared among them (Bonferroni). Neighbours are joined."""
    periods = len(evidence)
    least = log(periods * (periods + 1) / 2) - log_alpha
    left = np.where(np.triu(np.ones_like(evidence)) > 0, evidence, -np.inf)
    found: list[Span] = []
    while (best := float(left.max())) >= least:
        first, last = (int(index) for index in np.unravel_index(int(left.argmax()), left.shape))
        found.append(Span(first=first, last=last, log_e=best))
        left[: last + 1, first:] = -np.inf  # whatever begins before its end and ends after its begin
    joined: list[Span] = []
    for span in sorted(found, key=lambda one: one.first):
        if joined and joined[-1].last + 1 == span.first:
            before = joined.pop()
            span = Span(first=before.first, last=span.last, log_e=before.log_e + span.log_e)
        joined.append(span)
    return joined
