"""What is known of each arm: the logarithms of the arms' rates as one normal distribution.

Arms of a campaign share its level, and those that share a part, such as a headline or an image, share what that part
does. Level, parts and what is left are normal with spreads that earlier campaigns tell (``priors``); counts are
Poisson. The posterior is taken as normal around its mode (Laplace).

Arrays are campaigns x arms, and arms that a campaign does not have are marked as absent, so that many campaigns are
judged at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Bools, Floats, diagonal, inverse, leaders, normals, solve
from warum.domain.bandit.arrays import root as cholesky

draws_default: Final = 1_024
SCALE_NODES: Final = np.array([0.0, -1.7320508075688772, 1.7320508075688772])
SCALE_WEIGHTS: Final = np.array([2 / 3, 1 / 6, 1 / 6])
"""Three points that stand for a normal distribution (Gauss and Hermite)."""
_newton_steps_max: Final = 40
_step_max: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is believed of a new campaign.

    Attributes:
        level: the logarithm of the usual rate.
        level_spread: how much campaigns differ in it; this and the next are standard deviations of logarithms.
        arm_spread: how much arms that share all parts differ.
        part_spreads: of each kind of part, in the order of the parts.
        scale_spread: how much campaigns differ in the last two: standard deviation of the logarithm of a common factor.
        campaigns: how many it was learnt from.
    """

    level: float = -4.0
    level_spread: float = 1.5
    arm_spread: float = 0.2
    part_spreads: tuple[float, ...] = ()
    scale_spread: float = 0.3
    campaigns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """Counts of campaigns x arms.

    Attributes:
        present: which arms there are.
        kin: kinds of parts x campaigns x arms x arms: whether two arms share the part. Every present arm is its own
            kin.
        hints: how much better than its campaign each arm is expected to be, in logarithms (``words``); zero without.
    """

    exposures: Floats
    events: Floats
    present: Bools
    kin: Bools
    hints: Floats | float = 0.0


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The posterior of the logarithms of rates.

    Attributes:
        mode, mean: campaigns x arms. Few events leave the posterior skewed, so its mean lies below its mode.
        covariance: campaigns x arms x arms.
        evidence: of each campaign, the logarithm of how plausible the prior makes its counts; constants left out.
    """

    mode: Floats
    mean: Floats
    covariance: Floats
    present: Bools
    evidence: Floats

    @property
    def rates(self) -> Floats:
        """The mean rate of each arm; zero for those that are absent."""
        return np.where(self.present, np.exp(self.mean + diagonal(self.covariance) / 2), 0.0)

    def draws(self, count: int = draws_default) -> Floats:
        """Campaigns x draws x arms of the logarithms of rates, the same normal points for all; absent arms are far
        below all others."""
        points = normals(count, self.mode.shape[-1])
        lower = cholesky(self.covariance)
        return np.where(self.present[:, None], self.mean[:, None] + points @ np.swapaxes(lower, -1, -2), -np.inf)

    def best(self, count: int = draws_default) -> Floats:
        """How probable it is of each arm that it has the highest rate; campaigns x arms."""
        draws = self.draws(count)
        return np.stack([leaders(each).sum(axis=0) for each in draws]) / draws.shape[1]


def campaign(
    exposures: Floats, events: Floats, parts: tuple[tuple[object, ...], ...] = (), hints: Floats | None = None
) -> Campaigns:
    """One campaign whose arms are all there.

    Args:
        parts: for each kind of part, what each arm has of it.
    """
    kin = np.array([[[one == other for other in kind] for one in kind] for kind in parts], dtype=np.bool_)
    arms = len(exposures)
    return Campaigns(
        exposures=exposures[None].astype(np.float64),
        events=events[None].astype(np.float64),
        present=np.ones((1, arms), dtype=np.bool_),
        kin=kin.reshape(len(parts), 1, arms, arms),
        hints=0.0 if hints is None else hints[None],
    )


def believe(prior: Prior, seen: Campaigns, start: Floats | None = None) -> Beliefs:
    """The posterior of each campaign: over the scales of its spreads, averaged by their evidence.

    Args:
        start: modes to begin the search at, such as those of a moment ago; the result is the same without.
    """
    fits = [_fit(each, seen, start) for each in scaled(prior)]
    evidence = np.stack([fit.evidence for fit in fits]) + np.log(SCALE_WEIGHTS[: len(fits)])[:, None]
    top = evidence.max(axis=0)
    weights = np.exp(evidence - top)
    total = weights.sum(axis=0)
    weights /= total
    mean = np.einsum("sg,sgi->gi", weights, np.stack([fit.mean for fit in fits]))
    mode = np.einsum("sg,sgi->gi", weights, np.stack([fit.mode for fit in fits]))
    spread = np.zeros_like(fits[0].covariance)
    for weight, fit in zip(weights, fits, strict=True):
        off = fit.mean - mean
        spread += weight[:, None, None] * (fit.covariance + off[:, :, None] * off[:, None, :])
    return Beliefs(mode, mean, spread, seen.present, top + np.log(total))


def scaled(prior: Prior) -> list[Prior]:
    """The prior with each of the scales that a campaign's spreads may have."""
    if not prior.scale_spread:
        return [prior]
    scales = np.exp(prior.scale_spread * SCALE_NODES)
    return [
        replace(
            prior,
            arm_spread=prior.arm_spread * float(scale),
            part_spreads=tuple(spread * float(scale) for spread in prior.part_spreads),
        )
        for scale in scales
    ]


@dataclass(frozen=True, slots=True)
class _Fit:
    mode: Floats
    mean: Floats
    covariance: Floats
    evidence: Floats


def _fit(prior: Prior, seen: Campaigns, start: Floats | None) -> _Fit:
    before = covariance(prior, seen.present, seen.kin)
    precision, mean = inverse(before), np.where(seen.present, prior.level + seen.hints, 0.0)
    exposures = np.where(seen.present, seen.exposures, 0.0)
    events = np.where(seen.present, seen.events, 0.0)
    # Where a gamma prior of the same spread would put each arm: close enough for Newton's method never to overshoot.
    weight = 1.0 / (prior.level_spread**2 + prior.arm_spread**2)
    near = np.log((events + weight) / (exposures + weight * np.exp(-prior.level)))
    mode = np.where(seen.present, near if start is None else start, 0.0)
    eye = np.eye(mode.shape[-1])
    for _ in range(_newton_steps_max):
        expected = exposures * np.exp(mode)
        slope = events - expected - (precision @ (mode - mean)[..., None])[..., 0]
        step = solve(precision + expected[..., None] * eye, slope)
        mode = mode + np.clip(step, -_step_max, _step_max)
        if np.abs(step).max() < 1e-7:
            break
    expected = exposures * np.exp(mode)
    whole = precision + expected[..., None] * eye
    spread = inverse(whole)
    # The third derivative of the Poisson likelihood moves the mean (Tierney and Kadane 1986, to first order). Without
    # it, arms that were rarely shown would look better than they are.
    moved = 0.5 * (spread @ (expected * diagonal(spread))[..., None])[..., 0]
    off = mode - mean
    height = (events * mode - expected).sum(axis=-1) - 0.5 * (off * (precision @ off[..., None])[..., 0]).sum(axis=-1)
    volume = np.log(diagonal(cholesky(before))).sum(axis=-1) + np.log(diagonal(cholesky(whole))).sum(axis=-1)
    return _Fit(mode, mode - moved, spread, height - volume)


def covariance(prior: Prior, present: Bools, kin: Bools) -> Floats:
    """Of the logarithms of the arms' rates before any data; absent arms stand for themselves."""
    both = present[..., :, None] & present[..., None, :]
    eye = np.eye(present.shape[-1])
    shared = prior.level_spread**2 + prior.arm_spread**2 * eye
    for spread, alike in zip(prior.part_spreads, kin, strict=True):
        shared = shared + spread**2 * alike
    return np.where(both, shared, eye)
