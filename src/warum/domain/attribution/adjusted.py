"""What channels bring if all that drives both touches and purchases stands in the journey: a hazard model, adjusted
for what was known before each step.

The chance to buy in a step is logistic in today's touches and faded earlier ones of each channel, in how much was
going on before (touches of any kind, signals), and in time. A channel's loss is the fall in conversions when its
touches are taken out and the rest stays (a g-formula in which nothing else reacts). An intent that the journey does
not show stays in the result as bias: it is here to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from warum.domain.attribution.journeys import Floats
from warum.domain.attribution.panel import Panel

fading: Final = 0.85
"""What is left of a touch after a step."""
_newton_steps_max: Final = 40


@dataclass(frozen=True, slots=True)
class Hazard:
    """Coefficients, their covariance (sandwich, by person), and the losses they mean."""

    lost: Floats
    covariance: Floats
    theta: Floats
    _design: Floats
    _alive: Floats
    _weight: Floats

    def draws(self, rng: np.random.Generator, number: int) -> Floats:
        """number x channels: losses under coefficients drawn from their normal approximation."""
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        some = self.theta + rng.standard_normal((number, len(self.theta))) @ root.T
        return np.array([_lost(self._design, self._alive, self._weight, one, len(self.lost)) for one in some])


def hazard(data: Panel, credited: Sequence[int], *, ridge: float = 1.0) -> Hazard:
    """Fit by Newton's method with a weak ridge; conversions lost per conversion that there is."""
    design, alive = _design(data, credited)
    bought = np.zeros(alive.shape)
    bought[np.arange(len(bought)), data.last] = data.bought
    rows = alive > 0
    flat: Floats = design[rows]
    target: Floats = bought[rows]
    weight: Floats = np.broadcast_to(data.weight[:, None], alive.shape)[rows]
    theta: Floats = np.zeros(int(design.shape[2]), dtype=np.float64)
    theta[0] = _odds(min(max(float(weight @ target) / float(weight.sum()), 1e-9), 0.5))
    pull = np.full(len(theta), ridge)
    pull[0] = 0.0
    inverse: Floats = np.eye(len(theta))
    for _ in range(_newton_steps_max):
        chance = _chance(flat @ theta)
        slope: Floats = flat.T @ (weight * (target - chance)) - pull * theta
        curve = (flat * (weight * chance * (1 - chance))[:, None]).T @ flat + np.diag(pull + 1e-9)
        inverse = np.asarray(np.linalg.pinv(curve, hermitian=True), dtype=np.float64)
        step: Floats = inverse @ slope
        theta += step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    there = _chance(design @ theta) * alive
    scores: Floats = np.einsum("rt,rtp->rp", (bought - there) * alive, design)
    meat = (scores * data.weight[:, None] ** 2).T @ scores
    lost = _lost(design, alive, data.weight, theta, len(credited))
    return Hazard(lost, inverse @ meat @ inverse, theta, design, alive, data.weight)


def _design(data: Panel, credited: Sequence[int]) -> tuple[Floats, Floats]:
    """rows x steps x columns: 1, time, its square, earlier touches, signals, and two columns per credited channel."""
    rows, steps = data.touched.shape
    touch = np.stack([(data.touched >> c & 1).astype(np.float64) for c in range(data.channels)])
    faded = np.zeros_like(touch)
    for step in range(1, steps):
        faded[:, :, step] = fading * (faded[:, :, step - 1] + touch[:, :, step - 1])
    count = np.cumsum(touch.sum(axis=0), axis=1) - touch.sum(axis=0)
    time: Floats = np.tile(np.linspace(0.0, 1.0, steps, endpoint=False), (rows, 1))
    alive: Floats = (np.array(range(steps), dtype=np.int64)[None, :] <= data.last[:, None]).astype(np.float64)
    columns: list[Floats] = [np.ones((rows, steps)), time, time**2, np.log1p(count)]
    columns += [faded[c] for c in range(data.channels) if c not in credited]
    for channel in credited:
        columns += [touch[channel], faded[channel]]
    return np.stack(columns, axis=2), alive


def _lost(design: Floats, alive: Floats, weight: Floats, theta: Floats, channels: int) -> Floats:
    odds = design @ theta
    whole, losses = _bought(odds, alive, weight), np.zeros(channels)
    begin = design.shape[2] - 2 * channels
    for number in range(channels):
        places = slice(begin + 2 * number, begin + 2 * number + 2)
        without = odds - design[:, :, places] @ theta[places]
        losses[number] = 1.0 - _bought(without, alive, weight) / whole
    return losses


def _bought(odds: Floats, alive: Floats, weight: Floats) -> float:
    """Expected conversions, person by person over the steps that the person was there."""
    stays = -(np.logaddexp(0.0, odds) * alive).sum(axis=1)
    return float(weight @ -np.expm1(stays))


def _chance(odds: Floats) -> Floats:
    return np.asarray(special.expit(odds), dtype=np.float64)


def _odds(chance: float) -> float:
    return float(special.logit(chance))
