"""Response curves learnt from a history: what each channel brought, how surely, and what the base would have been.

The result of a period is a base (level, trend, seasons as Fourier terms, controls), a curve for each channel, and
normal noise. Given the curves, base and noise have flat priors and are integrated out exactly, so the posterior has
three dimensions per channel: retention, half and most. It is drawn in two steps: a normal distribution around the mode
(Laplace), whose draws then start Metropolis chains, differences of other chains as proposals (ter Braak 2006), since
half and most are far from normal where spend never saturated. Both forms of saturation are fitted and mixed by their
evidence (Laplace's); nobody knows the form.

Priors, in units of the data: retention around 0.4; half around the mean spend of active periods, within a factor of
about two; most half-Cauchy in its mean over the channels, so that a business which lives by its advertising is not
ruled out, with the scale ``most_scale`` times the mean result, and spread around that by a factor of about two, more
where more is spent (its square root); no channel does harm. Their numbers come from maximising the evidence of 120
simulated markets, of whose truth nothing was used (``tools/budget_priors.py``; Efron and Morris 1973)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from warum.domain.budget.curves import Form, lag_weights, lagged, lags_default, saturated
from warum.domain.budget.inputs import history_refused, no
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

Ints: TypeAlias = NDArray[np.int64]

most_scale: Final = 0.1
most_spread: Final = 0.3
"""Standard deviation of the logarithm of ``most`` among the channels of one market."""
_retention_prior: Final = (-0.34, 0.66)
_half_prior: Final = (-0.16, 0.42)
"""Mean and standard deviation of the logit of retention, and of the logarithm of half / mean active spend."""
_walkers_min: Final = 60
_rounds: Final = 500
_kept_from: Final = 160
_kept_every: Final = 8
"""Another seed moves the median of a contribution by a few hundredths of its interval."""

_minimize: Any = cast(Any, optimize).minimize  # scipy comes without types


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What an analyst knows.

    Attributes:
        channels: names, in the order of the columns.
        result: of each period, any unit.
        spend: periods x channels, not negative.
        controls: periods x controls: events, prices, holidays; none is periods x 0.
        season: periods in a year (52.18 for weeks), or None without a season.
        harmonics: pairs of Fourier terms; trend: degree of the polynomial.
    """

    channels: tuple[str, ...]
    result: Floats
    spend: Floats
    controls: Floats
    season: float | None = 365.25 / 7
    harmonics: int = 2
    trend: int = 2
    lags: int = lags_default

    def base(self, periods: Floats, controls: Floats) -> Floats:
        """Periods x terms. After the last period the trend stays where it was: a parabola is no forecast."""
        last = len(self.result) - 1
        along = 2.0 * np.minimum(periods, last) / max(last, 1) - 1.0
        columns = [along**degree for degree in range(self.trend + 1)]
        if self.season is not None:
            for harmonic in range(1, self.harmonics + 1):
                angle = 2.0 * pi * harmonic * periods / self.season
                columns += [np.sin(angle), np.cos(angle)]
        return np.column_stack([*columns, controls])


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Draws of what may be true; each row of the arrays is one, all equally likely.

    Attributes:
        most, half, retention: draws x channels, in units of result and spend.
        logistic: draws; whether this draw has the logistic form, else Hill.
        base: draws x terms of the history's base; noise: draws, its standard deviation.
        accepted: share of the chains' proposals that were accepted.
    """

    history: History
    most: Floats
    half: Floats
    retention: Floats
    logistic: NDArray[np.bool_]
    base: Floats
    noise: Floats
    accepted: float

    def steady(self, channel: int, spend: Floats) -> Floats:
        """Draws x len(spend): response per period at constant spend."""
        load = spend[None, :] / self.half[:, [channel]]
        shares = np.empty_like(load)
        for form, rows in _by_form(self.logistic):
            shares[rows] = saturated(load[rows], form)
        return self.most[:, [channel]] * shares

    def contributions(self, channel: int, spend: Floats | None = None) -> Floats:
        """Draws x periods: what the channel brought in each period (of the history, or of another course of spend)."""
        course = self.history.spend[:, channel] if spend is None else spend
        lags = self.history.lags
        lingering = (lagged(course, lags) @ lag_weights(self.retention[:, channel], lags)).T
        load = lingering / self.half[:, [channel]]
        shares = np.empty_like(load)
        for form, rows in _by_form(self.logistic):
            shares[rows] = saturated(load[rows], form)
        return self.most[:, [channel]] * shares


def fit(history: History, *, seed: int, draws: int = 1000) -> Posterior | Refusal:
    """The posterior of base and curves; the same for the same history and seed.

    A refusal for: shapes that differ, values missing, negative spend, too few periods, spend or result that never
    changed, channels that only ever move together or with the base.
    """
    plain = history.base(np.arange(len(history.result), dtype=np.float64), history.controls)
    refused = history_refused(history.result, history.spend, history.controls, history.channels, plain.shape[1])
    if refused is not None:
        return refused
    told = _told_apart(history, plain)
    if told is not None:
        return told
    rng = np.random.default_rng(seed)
    found = [_Problem(history, plain, form) for form in (Form.HILL, Form.LOGISTIC)]
    normals = [problem.mode() for problem in found]
    evidence = np.array([normal.evidence for normal in normals])
    weights: Floats = np.exp(evidence - evidence.max())
    second = round(draws * float(weights[1] / weights.sum()))
    counts = [draws - second, second]
    points, accepted = list[Floats](), list[float]()
    for problem, normal, count in zip(found, normals, counts, strict=True):
        if count:
            chained, share = _chains(problem, normal, rng)
            points.append(chained[rng.choice(len(chained), count, replace=len(chained) < count)])
            accepted.append(share)
    logistic = np.repeat([False, True], counts)
    return _posterior(found[0], np.concatenate(points), logistic, min(accepted), rng)


@dataclass(frozen=True, slots=True)
class _Normal:
    mode: Floats
    root: Floats
    evidence: float


class _Problem:
    """The logarithm of the posterior for many points at once; a point has a row (retention, half, most) x channels."""

    def __init__(self, history: History, plain: Floats, form: Form) -> None:
        self.history, self.form, self.plain = history, form, plain
        spend = history.spend
        self.channels = spend.shape[1]
        self.half_unit: Floats = np.asarray([spend[spend[:, i] > 0, i].mean() for i in range(self.channels)])
        self.most_unit = abs(float(history.result.mean())) + float(history.result.std())
        relative = np.log(self.half_unit)
        self.alike = 0.5 * (relative - relative.mean())
        self.windows = [lagged(spend[:, i] / self.half_unit[i], history.lags) for i in range(self.channels)]
        self.basis: Floats = np.linalg.qr(plain)[0]
        self.free = len(history.result) - self.basis.shape[1]
        self.result = history.result / self.most_unit

    def media(self, points: Floats) -> Floats:
        """Periods x points, in units of the result's scale."""
        n = self.channels
        total = np.zeros((len(self.result), len(points)))
        for channel, window in enumerate(self.windows):
            retention = 1.0 / (1.0 + np.exp(-points[:, channel]))
            load = (window @ lag_weights(retention, self.history.lags)) * np.exp(-points[:, n + channel])
            total += np.exp(points[:, 2 * n + channel]) * saturated(load, self.form)
        return total

    def squares(self, points: Floats) -> Floats:
        rest = self.result[:, None] - self.media(points)
        rest -= self.basis @ (self.basis.T @ rest)
        return np.einsum("ij,ij->j", rest, rest)

    def log_posterior(self, points: Floats) -> Floats:
        n = self.channels
        bounded = np.clip(points, -12.0, 12.0)
        retention, half, most = bounded[:, :n], bounded[:, n : 2 * n], bounded[:, 2 * n :]
        prior = -0.5 * (((retention - _retention_prior[0]) / _retention_prior[1]) ** 2).sum(axis=1)
        prior -= 0.5 * (((half - _half_prior[0]) / _half_prior[1]) ** 2).sum(axis=1)
        # Half-Cauchy in the mean of most, and channels alike around it, in between per channel and per unit of spend.
        level = most - self.alike
        middle = level.mean(axis=1)
        prior += middle - np.log1p((np.exp(middle) / most_scale) ** 2)
        prior -= 0.5 * (((level - middle[:, None]) / most_spread) ** 2).sum(axis=1)
        inside = (np.abs(points) <= 12.0).all(axis=1)
        value = prior - 0.5 * self.free * np.log(self.squares(bounded) + 1e-18)
        return np.where(inside, value, -np.inf)

    def mode(self) -> _Normal:
        """The best of three ascents, and the curvature there."""
        n = self.channels
        starts = [np.repeat([-0.4, half, -2.0], n) for half in (0.0, -0.7, 0.7)]
        best = min((self._ascent(start) for start in starts), key=lambda found: found[1])
        mode, size, step = best[0], 3 * n, 1e-3
        shifts = np.vstack([np.eye(size), -np.eye(size)]) * step
        slopes = self._slope(mode + shifts)
        curvature = -(slopes[:size] - slopes[size:]) / (2 * step)
        values, vectors = cast(tuple[Floats, Floats], np.linalg.eigh((curvature + curvature.T) / 2))
        values = np.maximum(values, 0.2)
        evidence = -best[1] + 0.5 * size * log(2 * pi) - 0.5 * float(np.log(values).sum())
        return _Normal(mode, vectors / np.sqrt(values), evidence)

    def _ascent(self, start: Floats) -> tuple[Floats, float]:
        def falls(point: Floats) -> tuple[float, Floats]:
            return -float(self.log_posterior(point[None])[0]), -self._slope(point[None])[0]

        found = _minimize(
            falls,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(-8.0, 8.0)] * len(start),
            options={"maxiter": 150},
        )
        return np.asarray(found.x, dtype=np.float64), float(found.fun)

    def _slope(self, points: Floats) -> Floats:
        """Central differences, all in one go: points x dimensions."""
        size, step = points.shape[1], 1e-4
        shifts = np.vstack([np.eye(size), -np.eye(size)]) * step
        around = self.log_posterior((points[:, None, :] + shifts[None]).reshape(-1, size)).reshape(len(points), -1)
        return (around[:, :size] - around[:, size:]) / (2 * step)


def _chains(problem: _Problem, normal: _Normal, rng: np.random.Generator) -> tuple[Floats, float]:
    """Many short chains side by side. Halves move by turns, so that a proposal never depends on what it moves."""
    size = len(normal.mode)
    walkers = 2 * max(_walkers_min // 2, 2 * size)
    points = normal.mode + rng.standard_normal((walkers, size)) @ normal.root.T
    heights = problem.log_posterior(points)
    kept, accepted, half = list[Floats](), 0, walkers // 2
    for turn in range(_rounds):
        stretch = 1.0 if turn % 10 == 9 else 2.38 / np.sqrt(2 * size)
        for own, other in ((slice(0, half), half), (slice(half, walkers), 0)):
            first = rng.integers(0, half, half)
            second = (first + rng.integers(1, half, half)) % half
            step = points[other + first] - points[other + second]
            proposed = points[own] + stretch * step + 1e-4 * rng.standard_normal(step.shape)
            reached = problem.log_posterior(proposed)
            taken = np.log(rng.random(half)) < reached - heights[own]
            points[own] = np.where(taken[:, None], proposed, points[own])
            heights[own] = np.where(taken, reached, heights[own])
            accepted += int(taken.sum())
        if turn >= _kept_from and turn % _kept_every == 0:
            kept.append(points.copy())
    return np.concatenate(kept), accepted / (_rounds * walkers)


def _posterior(
    problem: _Problem, points: Floats, logistic: NDArray[np.bool_], accepted: float, rng: np.random.Generator
) -> Posterior:
    """From points to units of the data; base and noise drawn given the curves (their exact conditional)."""
    n, plain, unit = problem.channels, problem.plain, problem.most_unit
    media = np.empty((len(problem.result), len(points)))
    for form, rows in _by_form(logistic):
        if rows.any():
            media[:, rows] = _Problem(problem.history, plain, form).media(points[rows])
    rest = problem.result[:, None] - media
    solved: Floats = np.linalg.pinv(plain) @ rest
    left = ((rest - plain @ solved) ** 2).sum(axis=0)
    noise = np.sqrt(left / rng.chisquare(problem.free, len(points)))
    root = np.linalg.cholesky(np.linalg.pinv(plain.T @ plain) + 1e-12 * np.eye(plain.shape[1]))
    base = solved.T + noise[:, None] * (rng.standard_normal(solved.T.shape) @ root.T)
    return Posterior(
        history=problem.history,
        most=np.exp(points[:, 2 * n :]) * unit,
        half=np.exp(points[:, n : 2 * n]) * problem.half_unit,
        retention=1.0 / (1.0 + np.exp(-points[:, :n])),
        logistic=logistic,
        base=base * unit,
        noise=noise * unit,
        accepted=accepted,
    )


def _told_apart(history: History, plain: Floats) -> Refusal | None:
    """Whether each channel moves by itself: what is left of it beside the base and the other channels."""
    for index, name in enumerate(history.channels):
        others = np.column_stack([plain, np.delete(history.spend, index, axis=1)])
        others = others / np.maximum(np.abs(others).max(axis=0), 1e-300)
        basis: Floats = np.linalg.svd(others, full_matrices=False)[0]
        column = history.spend[:, index]
        left = column - basis @ (basis.T @ column)
        if left.std() < 1e-3 * column.std():
            return no(
                "spend_together",
                f"Spend of {name} only ever moved together with other channels, the trend or the season; "
                "their effects cannot be told apart. Vary it by itself for some weeks.",
                "spend",
            )
    return None


def _by_form(logistic: NDArray[np.bool_]) -> tuple[tuple[Form, NDArray[np.bool_]], ...]:
    return (Form.HILL, ~logistic), (Form.LOGISTIC, logistic)
