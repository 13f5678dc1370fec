"""Markets with known response curves: weeks of spend by channel and of sales, and what each channel really brought.

The presets follow those of mmm-param-recovery (PyMC Labs) in kind: small business, basic, seasonal, digital, high
frequency, research; spend drifts, follows a season or goes on and off; a geometric adstock and a Hill curve of slope 1.
There all channels of a preset share retention and half; here each market draws its own around them, so that a fit
cannot have learnt the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Channel:
    """``way``: drift, season or on_off. ``change``: of spend over all weeks, amplitude, or share of active weeks."""

    way: str
    spend: float
    change: float
    strength: float


@dataclass(frozen=True, slots=True)
class Preset:
    weeks: int
    retention: float
    half: float
    channels: tuple[Channel, ...]


PRESETS: Final[dict[str, Preset]] = {
    "small_business": Preset(104, 0.4, 400, (Channel("drift", 500, 0.3, 0.7), Channel("on_off", 300, 0.6, 0.5))),
    "basic": Preset(
        104,
        0.5,
        1500,
        (Channel("drift", 2000, 0.2, 0.6), Channel("drift", 1500, 0.4, 0.5), Channel("drift", 800, -0.1, 0.3)),
    ),
    "seasonal": Preset(
        104,
        0.6,
        2000,
        (Channel("season", 3000, 0.6, 0.7), Channel("season", 2000, 0.4, 0.5), Channel("season", 1000, 0.3, 0.3)),
    ),
    "digital": Preset(
        104,
        0.4,
        1500,
        (
            Channel("drift", 2000, 0.5, 0.8),
            Channel("season", 1500, 0.4, 0.6),
            Channel("on_off", 1000, 0.8, 0.4),
            Channel("drift", 1200, 0.6, 0.7),
        ),
    ),
    "high_frequency": Preset(
        156,
        0.3,
        1000,
        (
            Channel("on_off", 1200, 0.9, 0.8),
            Channel("drift", 800, 0.6, 0.6),
            Channel("on_off", 600, 0.7, 0.4),
            Channel("season", 300, 0.2, 0.9),
        ),
    ),
    "research": Preset(
        200,
        0.5,
        1000,
        (Channel("drift", 1000, 0.3, 0.5), Channel("season", 1000, 0.4, 0.5), Channel("on_off", 1000, 0.7, 0.5)),
    ),
}


@dataclass(frozen=True, slots=True)
class Market:
    """Weeks x channels of spend and of true contributions; per channel the true retention, half and most."""

    preset: str
    spend: Floats
    sales: Floats
    contributions: Floats
    retention: Floats
    half: Floats
    most: Floats

    def steady(self, spend: Floats) -> float:
        """True response a week at a constant spend of each channel."""
        return float((self.most * spend / (spend + self.half)).sum())

    def best_split(self, budget: float, highest: Floats) -> Floats:
        """The true optimum at a constant spend a week, by bisection on the common marginal response."""

        def at(price: float) -> Floats:
            return np.clip(np.sqrt(self.most * self.half / price) - self.half, 0.0, highest)

        low, high = 1e-12, float((self.most / self.half).max())
        for _ in range(200):
            middle = (low * high) ** 0.5
            low, high = (middle, high) if at(middle).sum() > budget else (low, middle)
        return at(high)


def market(preset: str, seed: int) -> Market:
    """One market; the same for the same preset and seed. Spend varies by 30 % from week to week."""
    made, rng = PRESETS[preset], np.random.default_rng(seed)
    weeks, n = np.arange(made.weeks), len(made.channels)
    spend = np.column_stack([_course(channel, weeks, rng) for channel in made.channels])
    retention = np.clip(made.retention + rng.normal(0, 0.1, n), 0.02, 0.85)
    half = made.half * np.exp(rng.normal(0, 0.3, n))
    base = 5000.0 * np.exp(rng.normal(0, 0.2))
    strength = np.array([channel.strength for channel in made.channels]) * np.exp(rng.normal(0, 0.2, n))
    most = base * strength / n
    contributions = np.zeros_like(spend)
    for c in range(n):
        lingering, before = np.zeros(made.weeks), 0.0
        for week in weeks:
            before = spend[week, c] * (1 - retention[c]) + retention[c] * before
            lingering[week] = before
        contributions[:, c] = most[c] * lingering / (lingering + half[c])
    trend = rng.normal(0, 0.1) * weeks / made.weeks
    season = rng.uniform(0.02, 0.12) * np.cos(2 * np.pi * weeks / 52.18 + rng.uniform(0, 2 * np.pi))
    noise = rng.normal(0, rng.uniform(0.02, 0.05), made.weeks)
    sales = base * (1 + trend + season + noise) + contributions.sum(axis=1)
    return Market(preset, spend, sales, contributions, retention, half, most)


def _course(channel: Channel, weeks: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    shaken = channel.spend * rng.normal(0, 0.3, len(weeks))
    if channel.way == "drift":
        return np.maximum(channel.spend * (1 + channel.change * weeks / len(weeks)) + shaken, 0.0)
    if channel.way == "season":
        wave = 1 - np.cos(2 * np.pi * weeks / 52.18 + rng.uniform(0, 2 * np.pi))
        return np.maximum(channel.spend * (1 + channel.change * wave) + shaken, 0.0)
    active = np.zeros(len(weeks), dtype=np.bool_)
    week = 0
    while week < len(weeks):
        if rng.random() < channel.change:
            length = int(rng.integers(2, 7))
            active[week : week + length] = True
            week += length
        week += 1
    return np.where(active, np.maximum(channel.spend + shaken, 0.0), 0.0)
