"""What channels bring, when they also turn up where people want to buy anyway: intent as a state that nobody sees.

Touches tell two things at once. A channel that follows intent turns up where somebody was about to buy; a channel
with an effect changes what comes after it. Comparing people with and without a touch mixes the two up. Here they are
told apart by time: a hidden intent *x* moves from step to step, makes touches more or less likely, is raised by them,
and makes people buy (a state-space model; compare the hidden Markov model of Abhishek, Fader and Hosanagar 2012, who
let channels move people between stages). In step *t*

    x_0 ~ N(0, 1)                                       x_{t+1} ~ N(memory * (x_t + lasting . touches), wander^2)
    logit P(touch of c) = f(x_t) a_c                    f(x) = (1, x, max(x - 1, 0))
    logit P(conversion) = base + slope * (x_t + lasting . touches) + fleeting . touches

*x* lives on a grid, so the likelihood of a journey is exact on it (forward algorithm), its gradient comes from the
backward pass, and what is lost without a channel is computed from the fitted model without drawing.

No touch puts anybody off: effects are not negative. Without that, the intent that a touch reveals and the change it
makes can stand in for each other.

The model is a belief. It tells selection from effect only as far as intent moves as it says, and an intent that
flares up and buys within one step looks like an effect of whatever touched in that step. A holdout settles it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from scipy import optimize, special

from warum.domain.attribution.journeys import Floats, Ints
from warum.domain.attribution.panel import Bools, Panel

grid: Final[Floats] = np.linspace(-4.0, 6.0, 21)
_wander_min: Final = 0.25
_features: Final[Floats] = np.stack([np.ones_like(grid), grid, np.maximum(grid - 1.0, 0.0)])
_start: Final[Floats] = np.exp(-(grid**2) / 2) / np.exp(-(grid**2) / 2).sum()


@dataclass(frozen=True, slots=True)
class Fitted:
    """The model and how sure it is. ``theta`` as ``_Parts`` reads it, ``covariance`` of it (sandwich)."""

    theta: Floats
    covariance: Floats
    channels: int
    steps: int
    effects: tuple[int, ...]
    log_likelihood: float
    converged: bool


def fit(data: Panel, credited: Sequence[int], *, iterations_max: int = 150, ridge: float = 0.02) -> Fitted:
    """Maximum likelihood with a weak normal prior on effects and slopes (``ridge`` is its precision, per parameter)."""
    model = _Model(data, tuple(credited))
    begin = model.begin()

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, gradient = model.gradient(theta)
        pull = ridge * model.penalised * theta
        total = float(data.weight.sum())
        return (-value + float(pull @ theta) / 2) / total, (-gradient + pull) / total

    minimize = cast("Callable[..., Any]", vars(optimize)["minimize"])  # scipy has no types for it
    found = minimize(
        loss,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=model.bounds(),
        options={"maxiter": iterations_max, "maxls": 30, "ftol": 1e-8, "gtol": 1e-6},
    )
    theta = np.asarray(found.x, dtype=np.float64)
    scores = model.scores(theta)
    bread = (scores * data.weight[:, None]).T @ scores + ridge * np.diag(model.penalised) + 1e-8 * np.eye(len(theta))
    meat = (scores * data.weight[:, None] ** 2).T @ scores
    inverse = np.linalg.pinv(bread, hermitian=True)
    return Fitted(
        theta=theta,
        covariance=inverse @ meat @ inverse,
        channels=data.channels,
        steps=data.touched.shape[1],
        effects=tuple(credited),
        log_likelihood=-float(found.fun) * float(data.weight.sum()),
        converged=bool(found.success),
    )


def lost(fitted: Fitted, theta: Floats | None = None) -> Floats:
    """(credited channels,) conversions lost without each, per conversion that there is with all."""
    parts = _Parts.read(fitted.theta if theta is None else theta, fitted.channels, fitted.effects)
    whole = _bought(parts, fitted.steps, None)
    return np.array([1.0 - _bought(parts, fitted.steps, channel) / whole for channel in fitted.effects])


def draws(fitted: Fitted, rng: np.random.Generator, number: int) -> Floats:
    """number x channels: ``lost`` under parameters drawn from their normal approximation."""
    values, vectors = np.linalg.eigh(fitted.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    some = fitted.theta + rng.standard_normal((number, len(fitted.theta))) @ root.T
    some[:, 0] = np.clip(some[:, 0], 0.0, 0.999)
    some[:, 1] = np.maximum(some[:, 1], _wander_min)
    at = 4 + 3 * fitted.channels
    some[:, at:] = np.maximum(some[:, at:], 0.0)
    return np.array([lost(fitted, one) for one in some])


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parameters by their meaning. In theta: memory, wander, base, slope, f of each channel, lasting, fleeting."""

    memory: float
    wander: float
    base: float
    slope: float
    touch: Floats
    lasting: Floats
    fleeting: Floats

    @staticmethod
    def read(theta: Floats, channels: int, effects: tuple[int, ...]) -> _Parts:
        touch = theta[4 : 4 + 3 * channels].reshape(channels, 3)
        lasting, fleeting, at = np.zeros(channels), np.zeros(channels), 4 + 3 * channels
        lasting[list(effects)] = theta[at : at + len(effects)]
        fleeting[list(effects)] = theta[at + len(effects) :]
        return _Parts(float(theta[0]), float(theta[1]), float(theta[2]), float(theta[3]), touch, lasting, fleeting)

    def tables(self, bits: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each combination of touches: its log-probability without shift, log-odds of buying, steps on, and their
        distance from the mean."""
        odds = self.touch @ _features
        touch = bits @ odds - np.logaddexp(0.0, odds).sum(axis=0)
        raised = grid + (bits @ self.lasting)[:, None]
        buy = self.base + self.slope * raised + (bits @ self.fleeting)[:, None]
        apart = grid - self.memory * raised[:, :, None]
        near = -(apart**2) / (2 * self.wander**2)
        move = np.exp(near - near.max(axis=2, keepdims=True))
        move /= move.sum(axis=2, keepdims=True)
        return touch, buy, move, apart


def _bits(combinations: Ints, channels: int) -> Floats:
    return (combinations[:, None] >> np.arange(channels) & 1).astype(np.float64)


def _either(buying: Bools, sale: Floats, keep: Floats) -> Floats:
    """rows x points: the chance of a sale where one came, of none where none did."""
    return np.where(buying[:, None], sale[None, :], keep[None, :]).astype(np.float64)


def _bought(parts: _Parts, steps: int, off: int | None) -> float:
    """The share of people who buy within so many steps, if the channel ``off`` touches nobody."""
    channels = len(parts.touch)
    bits = _bits(np.arange(1 << channels), channels)
    touch, buy, move, _ = parts.tables(bits)
    chance = np.exp(touch)
    if off is not None:
        # Its touches do not happen: the combinations without it carry what those with it had.
        chance = chance * (1.0 + np.exp(parts.touch[off] @ _features)) * (1.0 - bits[:, off])[:, None]
    sale = special.expit(buy)
    here, total = _start.copy(), 0.0
    gone, stay = (chance * sale).sum(axis=0), chance * (1.0 - sale)
    on = np.einsum("mi,mij->ij", stay, move)
    for _ in range(steps):
        total += float(here @ gone)
        here = here @ on
    return total


class _Model:
    """Likelihood and gradient of a panel, with rows grouped by what touched them in each step."""

    def __init__(self, data: Panel, effects: tuple[int, ...]) -> None:
        self.data, self.effects, self.channels = data, effects, data.channels
        combinations, index = np.unique(data.touched, return_inverse=True)
        self.bits = _bits(combinations, self.channels)
        index = index.reshape(data.touched.shape)
        self.groups: list[list[tuple[int, Ints]]] = []
        self.alive = data.touched.shape[1]
        for step in range(data.touched.shape[1]):
            rows = np.flatnonzero(data.last >= step)
            if not len(rows):
                self.alive = step
                break
            order = rows[np.argsort(index[rows, step], kind="stable")]
            values, begin = np.unique(index[order, step], return_index=True)
            ends = [*begin[1:], len(order)]
            self.groups.append([(int(m), order[a:b]) for m, a, b in zip(values, begin, ends, strict=True)])
        self.size = 4 + 3 * self.channels + 2 * len(effects)
        self.penalised = np.ones(self.size)
        self.penalised[:4] = 0.0
        self.penalised[4 : 4 + 3 * self.channels : 3] = 0.0

    def begin(self) -> Floats:
        data = self.data
        exposure = float(data.weight @ (data.last + 1))
        theta = np.zeros(self.size)
        theta[:4] = 0.9, 0.5, 0.0, 1.0
        theta[2] = special.logit(np.clip(float(data.weight @ data.bought) / exposure, 1e-6, 0.5)) - 0.7
        steps = np.array(range(data.touched.shape[1]), dtype=np.int64)
        inside: Floats = (steps[None, :] <= data.last[:, None]) * data.weight[:, None]
        for channel in range(self.channels):
            rate = float(((data.touched >> channel & 1) * inside).sum()) / exposure
            theta[4 + 3 * channel] = special.logit(np.clip(rate, 1e-6, 0.9))
            theta[5 + 3 * channel] = 0.3
        theta[4 + 3 * self.channels :] = 0.2
        return theta

    def bounds(self) -> list[tuple[float, float]]:
        return (
            [(0.0, 0.999), (_wander_min, 2.0), (-20.0, 5.0), (0.05, 4.0)]
            + [(-12.0, 6.0)] * (3 * self.channels)
            + [(0.0, 6.0)] * (2 * len(self.effects))
        )

    def gradient(self, theta: Floats) -> tuple[float, Floats]:
        """Log-likelihood and its gradient, summed over people."""
        parts = _Parts.read(theta, self.channels, self.effects)
        value, seen, sold, kept, pairs = self._passes(parts)
        d_touch, d_sale, d_keep, d_move = self._slopes(parts)
        gradient = np.zeros(self.size)
        gradient += np.einsum("mk,pmk->p", seen, d_touch)
        gradient += np.einsum("mk,pmk->p", sold, d_sale) + np.einsum("mk,pmk->p", kept, d_keep)
        for number, slope in d_move.items():
            gradient[number] += float((pairs * slope).sum())
        return value, gradient

    def scores(self, theta: Floats) -> Floats:
        """rows x parameters: each row's own gradient, weights left out."""
        parts = _Parts.read(theta, self.channels, self.effects)
        scores = np.zeros((len(self.data.weight), self.size))
        d_touch, d_sale, d_keep, d_move = self._slopes(parts)
        touch, buy, move, _ = parts.tables(self.bits)
        before, after, _ = self._forward_backward(touch, buy, move)
        for step, groups in enumerate(self.groups):
            for m, rows in groups:
                ahead, buying, on = self._step(step, rows)
                weighted = before[step][rows]
                post = weighted * after[step][rows]
                post /= post.sum(axis=1, keepdims=True)
                scores[rows] += post @ d_touch[:, m].T
                scores[rows[buying]] += post[buying] @ d_sale[:, m].T
                scores[rows[~buying]] += post[~buying] @ d_keep[:, m].T
                if len(ahead):
                    forward = weighted[on] * np.exp(touch[m]) * special.expit(-buy[m])
                    whole = ((forward @ move[m]) * after[step + 1][ahead]).sum(axis=1)
                    for number, slope in d_move.items():
                        if slope[m].any():
                            moved = (forward @ (move[m] * slope[m])) * after[step + 1][ahead]
                            scores[ahead, number] += moved.sum(axis=1) / whole
        return scores

    def _step(self, step: int, rows: Ints) -> tuple[Ints, Bools, Bools]:
        """Rows that go on after the step; which of ``rows`` buy in it; which go on."""
        on = self.data.last[rows] > step
        return rows[on], ~on & self.data.bought[rows], on

    def _forward_backward(self, touch: Floats, buy: Floats, move: Floats) -> tuple[list[Floats], list[Floats], Floats]:
        """Scaled: ``before[t]`` adds up to one per row; ``after[t]`` has the likelihood from step t on, scaled."""
        rows_all, points = len(self.data.weight), len(grid)
        here = np.tile(_start, (rows_all, 1))
        chance = np.exp(touch)
        sale: Floats = np.asarray(special.expit(buy), dtype=np.float64)
        keep = 1.0 - sale
        before, likelihood = [here], np.zeros(rows_all)
        for step, groups in enumerate(self.groups):
            onwards = np.zeros((rows_all, points))
            for m, rows in groups:
                ahead, buying, on = self._step(step, rows)
                weighted: Floats = before[step][rows] * chance[m] * _either(buying, sale[m], keep[m])
                if len(ahead):
                    weighted_on: Floats = weighted[on] @ move[m]
                    scale = weighted_on.sum(axis=1, keepdims=True)
                    onwards[ahead] = weighted_on / scale
                    likelihood[ahead] += np.log(scale[:, 0])
                if not on.all():
                    likelihood[rows[~on]] += np.log(weighted[~on].sum(axis=1))
            before.append(onwards)
        after = [np.zeros((0, 0))] * (len(self.groups) + 1)
        following = np.ones((rows_all, points))
        after[-1] = following
        for step in range(len(self.groups) - 1, -1, -1):
            back = np.ones((rows_all, points))
            for m, rows in self.groups[step]:
                ahead, buying, on = self._step(step, rows)
                factor: Floats = chance[m] * _either(buying, sale[m], keep[m])
                if len(ahead):
                    factor[on] *= following[ahead] @ move[m].T
                back[rows] = factor / factor.max(axis=1, keepdims=True)
            after[step] = following = back
        return before, after, likelihood

    def _passes(self, parts: _Parts) -> tuple[float, Floats, Floats, Floats, Floats]:
        """Log-likelihood, and expected counts by combination and point: touches, sales, no sales, moves."""
        touch, buy, move, _ = parts.tables(self.bits)
        before, after, likelihood = self._forward_backward(touch, buy, move)
        weight, points = self.data.weight, len(grid)
        seen = np.zeros((len(self.bits), points))
        sold, pairs = np.zeros_like(seen), np.zeros((len(self.bits), points, points))
        keep, chance = special.expit(-buy), np.exp(touch)
        for step, groups in enumerate(self.groups):
            for m, rows in groups:
                ahead, buying, on = self._step(step, rows)
                weighted = before[step][rows]
                post = weighted * after[step][rows]
                post *= (weight[rows] / post.sum(axis=1))[:, None]
                seen[m] += post.sum(axis=0)
                if buying.any():
                    sold[m] += post[buying].sum(axis=0)
                if len(ahead):
                    forward, later = weighted[on] * (chance[m] * keep[m]), after[step + 1][ahead]
                    whole = ((forward @ move[m]) * later).sum(axis=1)
                    pairs[m] += (forward * (weight[ahead] / whole)[:, None]).T @ later * move[m]
        return float(weight @ likelihood), seen, sold, seen - sold, pairs

    def _slopes(self, parts: _Parts) -> tuple[Floats, Floats, Floats, dict[int, Floats]]:
        """Derivatives of logarithms: of touches, sale, no sale (parameters x combinations x points), and of moves."""
        bits, size, points = self.bits, self.size, len(grid)
        combinations, at = len(bits), 4 + 3 * self.channels
        d_touch = np.zeros((size, combinations, points))
        chance = special.expit(parts.touch @ _features)
        for channel in range(self.channels):
            apart = bits[:, channel][:, None] - chance[channel]
            for number in range(3):
                d_touch[4 + 3 * channel + number] = apart * _features[number]
        _, buy, move, apart = parts.tables(bits)
        raised = grid + (bits @ parts.lasting)[:, None]
        d_odds = np.zeros_like(d_touch)
        d_odds[2], d_odds[3] = 1.0, raised
        pull = apart / parts.wander**2
        raw: dict[int, Floats] = {
            0: pull * raised[:, :, None],
            1: apart**2 / parts.wander**3,
        }
        for number, channel in enumerate(self.effects):
            bit = bits[:, channel][:, None]
            d_odds[at + number] = parts.slope * bit
            d_odds[at + len(self.effects) + number] = bit
            raw[at + number] = pull * parts.memory * bit[:, :, None]
        d_move = {number: slope - (move * slope).sum(axis=2, keepdims=True) for number, slope in raw.items()}
        sale = special.expit(buy)
        return d_touch, (1.0 - sale) * d_odds, -sale * d_odds, d_move
